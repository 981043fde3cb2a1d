//! A session that listens: from the event of its stream to the ping that confirms it, and the end.

use std::ptr::{null, null_mut};

use flowseal_ffi::error::flowseal_error;
use flowseal_ffi::flow::{flowseal_flow, flowseal_flow_reference, flowseal_flow_state};
use flowseal_ffi::lists::flowseal_state;
use flowseal_ffi::request::{flowseal_request, flowseal_request_url};
use flowseal_ffi::session::{
    flowseal_action, flowseal_action_kind, flowseal_session, flowseal_session_handle_answering,
    flowseal_session_new, flowseal_session_poll,
};
use flowseal_ffi::session_setup::flowseal_session_set_lifetime_ms;
use flowseal_ffi::session_stream::{
    flowseal_session_heard, flowseal_session_listens, flowseal_session_set_stream,
    flowseal_session_stream_ended,
};
use flowseal_ffi::status::flowseal_status;

use super::received::signed;
use super::{NOW_MS, OK, bytes, config};
use crate::call::{call, made, message, text, tried};

const ON_SESSION: &str = r#"{"status": "successful", "reason": "Ping successful", "data": {"request":
    {"reference": "req_1", "requester": "bcn_1", "requestee": "222", "iat": 1716820052,
    "mode": "identification", "cancelled": false, "onsession": true}}}"#;

fn watching(version: u32) -> flowseal_session {
    let session = tried!(flowseal_session { id: 0 };
        flowseal_session_new(config(version), bytes("req_1").cast(), 5));
    session.map_err(message).unwrap()
}

fn set_stream(session: flowseal_session) -> flowseal_status {
    call!(flowseal_session_set_stream(session, null_mut()))
}

fn polled(session: flowseal_session) -> Result<flowseal_action, flowseal_error> {
    let nothing = flowseal_action {
        kind: flowseal_action_kind::Wait,
        wait_ms: 0,
        request: flowseal_request { id: 0 },
        flow: flowseal_flow { id: 0 },
    };
    tried!(nothing; flowseal_session_poll(session, NOW_MS, 4))
}

fn next(session: flowseal_session, kind: flowseal_action_kind) -> flowseal_action {
    let action = polled(session).map_err(message).unwrap();
    assert_eq!(action.kind, kind);
    action
}

fn heard(session: flowseal_session, chunk: &[u8]) {
    let heard = call!(flowseal_session_heard(
        session,
        bytes(chunk),
        chunk.len(),
        NOW_MS
    ));
    assert_eq!(heard, OK);
}

fn listens(session: flowseal_session) -> bool {
    made!(false; flowseal_session_listens(session)).unwrap()
}

fn event(answer: &str) -> Vec<u8> {
    format!("data: {}\n\n", answer.replace('\n', "")).into_bytes()
}

fn url(request: flowseal_request) -> String {
    text!(flowseal_request_url(request)).unwrap()
}

/// Takes the ping that is to be sent, and answers it.
fn confirmed(session: flowseal_session, answer: &str) {
    let ping = next(session, flowseal_action_kind::Send).request;
    assert!(url(ping).contains("/api/v2/flow/ping"));
    let told = call!(flowseal_session_handle_answering(
        session,
        ping,
        200,
        null(),
        null(),
        0,
        bytes(answer),
        answer.len(),
        NOW_MS
    ));
    assert_eq!(told, OK);
}

/// A session whose stream is open.
fn listening() -> flowseal_session {
    let session = watching(2);
    assert_eq!(set_stream(session), OK);
    // What another setting has made anew still listens.
    let set = call!(flowseal_session_set_lifetime_ms(
        session,
        300_000,
        null_mut()
    ));
    assert_eq!(set, OK);
    assert!(!listens(session));
    let stream = next(session, flowseal_action_kind::Stream);
    assert!(url(stream.request).ends_with("/api/v2/flow/sse?request=req_1"));
    assert_eq!((stream.wait_ms, stream.flow.id), (10_000, 0));
    assert!(listens(session));
    session
}

#[test]
fn an_event_causes_the_ping_whose_answer_is_believed() {
    let session = listening();
    let wait = next(session, flowseal_action_kind::Wait);
    assert_eq!((wait.wait_ms, wait.request.id), (10_000, 0));

    let event_of = event(ON_SESSION);
    let (first, second) = event_of.split_at(40);
    heard(session, first);
    next(session, flowseal_action_kind::Wait);
    heard(session, second);
    confirmed(session, ON_SESSION);
    next(session, flowseal_action_kind::Progress);
    next(session, flowseal_action_kind::Wait);
    assert!(listens(session));

    // What the event says at the end is not what the session ends with.
    let told = signed().replace("222", "111");
    heard(session, &event(&told));
    assert!(listens(session));
    confirmed(session, &signed());
    assert!(!listens(session));
    let flow = next(session, flowseal_action_kind::Ended).flow;
    let state = made!(flowseal_state::Pending; flowseal_flow_state(flow));
    assert_eq!(state, Ok(flowseal_state::Complete));
    assert_eq!(text!(flowseal_flow_reference(flow)).as_deref(), Ok("req_1"));
    let over = polled(session).map(|_| ());
    assert_eq!(super::status_of(over), flowseal_status::SessionOver);
}

#[test]
fn a_stream_that_ends_or_is_no_stream_is_given_up_and_pings_go_on() {
    let ways: [&dyn Fn(flowseal_session); 2] = [
        &|session| {
            let told = call!(flowseal_session_stream_ended(session, NOW_MS));
            assert_eq!(told, OK);
        },
        &|session| heard(session, b"data: <html>\n\n"),
    ];
    for way in ways {
        let session = listening();
        way(session);
        assert!(!listens(session));
        // It says nothing any more.
        heard(session, &event(&signed()));
        confirmed(session, &signed());
        next(session, flowseal_action_kind::Ended);
    }
}

#[test]
fn a_stream_is_asked_for_in_v2_and_before_the_first_poll() {
    assert_eq!(set_stream(watching(1)), flowseal_status::ApiVersion);
    let session = watching(2);
    next(session, flowseal_action_kind::Send);
    assert_eq!(set_stream(session), flowseal_status::Usage);
    // Nobody has asked this one to, and it hears nothing.
    heard(session, &event(ON_SESSION));
    next(session, flowseal_action_kind::Wait);
    assert!(!listens(session));
}
