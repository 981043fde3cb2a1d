//! Answers of the API that are tied to the request that they answer.

use std::ptr::null;

use flowseal_ffi::api_config::{flowseal_api_config, flowseal_api_config_new};
use flowseal_ffi::flow::flowseal_flow;
use flowseal_ffi::request::{flowseal_endpoint, flowseal_request, flowseal_request_endpoint};
use flowseal_ffi::session::{
    flowseal_action, flowseal_action_kind, flowseal_session, flowseal_session_cancel,
    flowseal_session_handle, flowseal_session_handle_answering, flowseal_session_new,
    flowseal_session_poll,
};
use flowseal_ffi::status::flowseal_status;

use crate::call::{call, made, message, tried};

const OK: flowseal_status = flowseal_status::Ok;
const NOW: u64 = 1_716_820_122_000;
/// What a ping answers of a flow that has expired, and a cancel of one that is void.
const DONE: &str = r#"{"status": "successful", "data": {}}"#;

#[test]
fn the_answer_to_a_ping_that_comes_after_a_cancel_changes_nothing() {
    let (session, ping) = cancelled_while_pinging();
    let (body, len) = (DONE.as_ptr().cast(), DONE.len());
    let late = call!(flowseal_session_handle_answering(
        session,
        ping,
        200,
        null(),
        null(),
        0,
        body,
        len,
        NOW
    ));
    assert_eq!(late, OK);
    let next = polled(session).map_err(message).unwrap();
    assert_eq!(next.kind, flowseal_action_kind::Wait);
}

/// Without the tie it passes for the answer to the cancel.
#[test]
fn an_answer_that_is_tied_to_nothing_answers_the_last_request() {
    let (session, _) = cancelled_while_pinging();
    let (body, len) = (DONE.as_ptr().cast(), DONE.len());
    let handled = call!(flowseal_session_handle(
        session,
        200,
        null(),
        null(),
        0,
        body,
        len,
        NOW
    ));
    assert_eq!(handled, OK);
    assert!(polled(session).is_err(), "the flow is cancelled");
}

fn cancelled_while_pinging() -> (flowseal_session, flowseal_request) {
    let (key, secret, flow) = ("bk-test_1", "snb_1", "req_1");
    let config = tried!(flowseal_api_config { id: 0 }; flowseal_api_config_new(
        2, 2, key.as_ptr().cast(), key.len(), secret.as_ptr().cast(), secret.len()));
    let session = tried!(flowseal_session { id: 0 }; flowseal_session_new(
        config.map_err(message).unwrap(), flow.as_ptr().cast(), flow.len()));
    let session = session.map_err(message).unwrap();
    let ping = polled(session).map_err(message).unwrap().request;
    assert_eq!(call!(flowseal_session_cancel(session)), OK);
    let cancel = polled(session).map_err(message).unwrap().request;
    let endpoint = made!(flowseal_endpoint::Ping; flowseal_request_endpoint(cancel));
    assert_eq!(endpoint, Ok(flowseal_endpoint::Cancel));
    (session, ping)
}

fn polled(
    session: flowseal_session,
) -> Result<flowseal_action, flowseal_ffi::error::flowseal_error> {
    let nothing = flowseal_action {
        kind: flowseal_action_kind::Wait,
        wait_ms: 0,
        request: flowseal_request { id: 0 },
        flow: flowseal_flow { id: 0 },
    };
    tried!(nothing; flowseal_session_poll(session, NOW, 4))
}
