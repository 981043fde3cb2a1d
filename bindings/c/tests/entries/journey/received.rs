//! A flow that a session received: the one way to it, and every other that is none.

use std::ptr::null_mut;

use flowseal_ffi::api_config::flowseal_api_config;
use flowseal_ffi::error::flowseal_error;
use flowseal_ffi::event_stream::{
    flowseal_event_stream, flowseal_event_stream_new, flowseal_event_stream_next,
    flowseal_event_stream_push, flowseal_server_event, flowseal_server_event_response,
};
use flowseal_ffi::evidence::flowseal_evidence;
use flowseal_ffi::failures::flowseal_failures;
use flowseal_ffi::flow::{flowseal_flow, flowseal_flow_signature};
use flowseal_ffi::http_response::{
    flowseal_http_response_set_answering, flowseal_http_response_set_url,
};
use flowseal_ffi::lists::{flowseal_check, flowseal_trust};
use flowseal_ffi::opened_claims::{
    flowseal_opened_claims, flowseal_opened_claims_text, flowseal_opened_claims_trust,
    flowseal_opened_claims_verified,
};
use flowseal_ffi::opening::{
    flowseal_opening, flowseal_opening_finish, flowseal_received_flow_begin_opening,
};
use flowseal_ffi::options::{flowseal_open_options, flowseal_open_options_new};
use flowseal_ffi::pending::{
    flowseal_pending_flow, flowseal_pending_flow_allow_more_claims, flowseal_pending_flow_session,
};
use flowseal_ffi::profile::{flowseal_profile, flowseal_profile_from_json};
use flowseal_ffi::received_flow::{
    flowseal_received_flow, flowseal_received_flow_open, flowseal_received_flow_reference,
    flowseal_received_flow_requestee_received, flowseal_received_flow_trust,
    flowseal_received_flow_unauthenticated,
};
use flowseal_ffi::report::flowseal_outcome;
use flowseal_ffi::request::{flowseal_request, flowseal_request_ping, flowseal_request_url};
use flowseal_ffi::response::{flowseal_response, flowseal_response_flow};
use flowseal_ffi::session::{
    flowseal_action, flowseal_action_kind, flowseal_session, flowseal_session_cancel,
    flowseal_session_handle_answering, flowseal_session_handle_response, flowseal_session_new,
    flowseal_session_poll,
};
use flowseal_ffi::session_setup::{
    flowseal_session_set_deadline_ms, flowseal_session_set_long_polling,
    flowseal_session_set_profile, flowseal_session_set_trust,
};
use flowseal_ffi::status::flowseal_status;
use flowseal_ffi::verified_flow::{
    flowseal_verified_flow, flowseal_verified_flow_evidence, flowseal_verified_flow_open_partial,
};

use super::{
    ADA, GIVEN, NOW_MS, OK, builder, bytes, config, finish, finish_received, http, identify,
    in_memory, of_ada, pending, pending_of, ring, sealed, status_of, verifier, without_signature,
};
use crate::call::{call, flow, made, message, text, tried};
use crate::remote::{supplied, waiting};

const RECEIVED: u32 = flowseal_trust::Received as u32;

pub(super) fn signed() -> String {
    sealed(builder(), GIVEN)
}

pub(super) fn unsigned() -> String {
    without_signature(&signed())
}

fn session_on(pending: flowseal_pending_flow) -> flowseal_session {
    let session = tried!(flowseal_session { id: 0 };
        flowseal_pending_flow_session(pending, config(2)));
    session.map_err(message).unwrap()
}

fn trusting(session: flowseal_session, trust: u32) -> flowseal_status {
    call!(flowseal_session_set_trust(session, trust, null_mut()))
}

pub(super) fn receiving(pending: flowseal_pending_flow) -> flowseal_session {
    let session = session_on(pending);
    assert_eq!(trusting(session, RECEIVED), OK);
    session
}

fn polled(session: flowseal_session) -> flowseal_action {
    let nothing = flowseal_action {
        kind: flowseal_action_kind::Wait,
        wait_ms: 0,
        request: flowseal_request { id: 0 },
        flow: flowseal_flow { id: 0 },
    };
    let action = tried!(nothing; flowseal_session_poll(session, NOW_MS, 4));
    action.map_err(message).unwrap()
}

/// What is told of the response to a ping.
pub(super) struct Told {
    answering: Option<flowseal_request>,
    url: Option<String>,
}

fn url_of(request: flowseal_request) -> String {
    text!(flowseal_request_url(request)).unwrap()
}

/// As the documentation says.
pub(super) fn properly(request: flowseal_request) -> Told {
    Told {
        answering: Some(request),
        url: Some(url_of(request)),
    }
}

/// The flow with which a session ends that gets this answer to its first ping.
pub(super) fn ended(
    session: flowseal_session,
    body: &str,
    tell: &dyn Fn(flowseal_request) -> Told,
) -> flowseal_flow {
    loop {
        let action = polled(session);
        match action.kind {
            flowseal_action_kind::Send => {
                let (told, response) = (tell(action.request), http(200, body));
                if let Some(request) = told.answering {
                    let set = call!(flowseal_http_response_set_answering(response, request));
                    assert_eq!(set, OK);
                }
                if let Some(url) = told.url {
                    let set = call!(flowseal_http_response_set_url(
                        response,
                        bytes(&url).cast(),
                        url.len()
                    ));
                    assert_eq!(set, OK);
                }
                let handled = call!(flowseal_session_handle_response(session, response, NOW_MS));
                assert_eq!(handled, OK);
            }
            flowseal_action_kind::Ended => return action.flow,
            flowseal_action_kind::Wait
            | flowseal_action_kind::Progress
            | flowseal_action_kind::Stream => {}
        }
    }
}

#[test]
fn a_flow_without_a_signature_is_believed_as_received_and_no_more() {
    let pending = pending();
    let flow = ended(receiving(pending), &unsigned(), &properly);
    let end = finish_received(pending, flow, Some(verifier()), in_memory());
    assert_eq!(
        end.check(flowseal_check::Signature),
        flowseal_outcome::NotChecked
    );
    assert_eq!(
        end.check(flowseal_check::Received),
        flowseal_outcome::Passed
    );
    let received = end.outcome.map_err(message).unwrap();
    let trust = flowseal_trust::Signed;
    assert_eq!(
        made!(trust; flowseal_received_flow_trust(received)),
        Ok(flowseal_trust::Received)
    );
    let reference = text!(flowseal_received_flow_reference(received));
    assert_eq!(reference.as_deref(), Ok("req_1"));
    let person = text!(flowseal_received_flow_requestee_received(received));
    assert_eq!(person.as_deref(), Ok(ADA));
    let flow = made!(flowseal_flow { id: 0 }; flowseal_received_flow_unauthenticated(received));
    let signature = text!(flowseal_flow_signature(flow.unwrap()));
    assert_eq!(signature, Err(flowseal_status::Absent));

    let claims = tried!(flowseal_opened_claims { id: 0 };
        flowseal_received_flow_open(received, ring()));
    let claims = claims.map_err(message).unwrap();
    assert_eq!(
        made!(true; flowseal_opened_claims_verified(claims)),
        Ok(false)
    );
    assert_eq!(
        made!(trust; flowseal_opened_claims_trust(claims)),
        Ok(flowseal_trust::Received)
    );
    let given = text!(flowseal_opened_claims_text(
        claims,
        bytes("naming.given").cast(),
        12
    ));
    assert_eq!(given.as_deref(), Ok("Ada"));

    // It is no verified flow, and its number stands for none.
    let forged = flowseal_verified_flow { id: received.id };
    let mut evidence = flowseal_evidence { id: 0 };
    let kept = call!(flowseal_verified_flow_evidence(forged, &raw mut evidence));
    assert_eq!(kept, flowseal_status::HandleType);
    let mut failures = flowseal_failures { id: 0 };
    let mut opened = flowseal_opened_claims { id: 0 };
    let options = made!(flowseal_open_options { id: 0 }; flowseal_open_options_new());
    let partial = call!(flowseal_verified_flow_open_partial(
        forged,
        ring(),
        options.unwrap(),
        &raw mut opened,
        &raw mut failures,
        null_mut()
    ));
    assert_eq!(partial, flowseal_status::HandleType);
}

#[test]
fn a_received_flow_opens_when_the_results_come() {
    let pending = pending();
    let flow = ended(receiving(pending), &unsigned(), &properly);
    let received = finish_received(pending, flow, None, in_memory()).outcome;
    let received = received.map_err(message).unwrap();
    let options = made!(flowseal_open_options { id: 0 }; flowseal_open_options_new());
    let opening = tried!(flowseal_opening { id: 0 };
        flowseal_received_flow_begin_opening(received, waiting(), options.unwrap()));
    let opening = opening.map_err(message).unwrap();
    let finish = || tried!(flowseal_opened_claims { id: 0 }; flowseal_opening_finish(opening));
    assert_eq!(status_of(finish()), flowseal_status::Usage);
    assert_eq!(supplied(opening), 1);
    let claims = finish().map_err(message).unwrap();
    let given = text!(flowseal_opened_claims_text(
        claims,
        bytes("naming.given").cast(),
        12
    ));
    assert_eq!(given.as_deref(), Ok("Ada"));
    let trust = made!(flowseal_trust::Signed; flowseal_opened_claims_trust(claims));
    assert_eq!(trust, Ok(flowseal_trust::Received));
}

#[test]
fn a_signature_that_is_there_is_looked_at_where_it_can_be() {
    let pending = pending();
    let received = || ended(receiving(pending), &signed(), &properly);
    let end = finish_received(pending, received(), Some(verifier()), in_memory());
    assert_eq!(
        end.check(flowseal_check::Signature),
        flowseal_outcome::Passed
    );
    assert_eq!(end.status(), OK);
    let end = finish_received(pending, received(), None, in_memory());
    assert_eq!(
        end.check(flowseal_check::Signature),
        flowseal_outcome::NotChecked
    );
    assert_eq!(end.status(), OK);
    let forged = signed().replacen(ADA, "22212345611", 1);
    let flow = ended(receiving(pending), &forged, &properly);
    let end = finish_received(pending, flow, Some(verifier()), in_memory());
    assert_eq!(end.status(), flowseal_status::SignatureInvalid);
}

#[test]
fn under_the_default_a_deleted_signature_is_missed() {
    let pending = pending();
    let missing = flowseal_status::SignatureMissing;
    let flow = ended(session_on(pending), &unsigned(), &properly);
    let end = finish_received(pending, flow, Some(verifier()), in_memory());
    assert_eq!(
        end.check(flowseal_check::Received),
        flowseal_outcome::Failed
    );
    assert_eq!(end.status(), missing);
    // Received or not, where a signature is demanded.
    let flow = ended(receiving(pending), &unsigned(), &properly);
    assert_eq!(finish(pending, flow, in_memory()).status(), missing);
}

/// A way to a flow that is none to a received one.
type Way<'a> = (&'a str, &'a dyn Fn(&str) -> flowseal_flow);

#[test]
fn no_other_way_leads_to_a_received_flow() {
    let pending = pending();
    let by =
        |tell: &dyn Fn(flowseal_request) -> Told, body: &str| ended(receiving(pending), body, tell);
    let ways: [Way<'_>; 12] = [
        ("a file", &|body| flow(body)),
        ("a session on no pending flow", &|body| {
            let session = tried!(flowseal_session { id: 0 };
                flowseal_session_new(config(2), bytes("req_1").cast(), 5));
            ended(session.map_err(message).unwrap(), body, &properly)
        }),
        ("a session that was not asked to", &|body| {
            ended(session_on(pending), body, &properly)
        }),
        ("a session that was asked and then not", &|body| {
            let session = receiving(pending);
            assert_eq!(trusting(session, flowseal_trust::Signed as u32), OK);
            ended(session, body, &properly)
        }),
        ("a session of another pending flow", &|body| {
            let other = super::pending();
            assert_eq!(call!(flowseal_pending_flow_allow_more_claims(other)), OK);
            ended(receiving(other), body, &properly)
        }),
        ("no ticket", &|body| {
            by(
                &|request| Told {
                    answering: None,
                    ..properly(request)
                },
                body,
            )
        }),
        ("no address", &|body| {
            by(
                &|request| Told {
                    url: None,
                    ..properly(request)
                },
                body,
            )
        }),
        ("a redirect", &|body| {
            by(
                &|request| Told {
                    url: Some("https://evil.example/api/v2/flow/ping".to_owned()),
                    ..properly(request)
                },
                body,
            )
        }),
        ("another session's ticket", &|body| {
            by(
                &|request| Told {
                    answering: Some(polled(receiving(pending)).request),
                    ..properly(request)
                },
                body,
            )
        }),
        ("a ticket of no session's", &|body| {
            let place = flowseal_request { id: 0 };
            let ping = tried!(place; flowseal_request_ping(
                config(2), bytes("req_1").cast(), 5, std::ptr::null()));
            let ping = ping.map_err(message).unwrap();
            by(
                &|request| Told {
                    answering: Some(ping),
                    ..properly(request)
                },
                body,
            )
        }),
        ("the older function, which tells no address", &|body| {
            let session = receiving(pending);
            let ping = polled(session).request;
            let handled = call!(flowseal_session_handle_answering(
                session,
                ping,
                200,
                std::ptr::null(),
                std::ptr::null(),
                0,
                bytes(body),
                body.len(),
                NOW_MS
            ));
            assert_eq!(handled, OK);
            polled(session).flow
        }),
        ("a stream", &of_stream),
    ];
    for (what, flow) in ways {
        let end = finish_received(pending, flow(&unsigned()), Some(verifier()), in_memory());
        assert_eq!(end.status(), flowseal_status::SignatureMissing, "{what}");
        let end = finish_received(pending, flow(&signed()), None, in_memory());
        assert_eq!(
            end.check(flowseal_check::Received),
            flowseal_outcome::Failed,
            "{what}"
        );
        assert_eq!(end.status(), flowseal_status::ExpectationFailed, "{what}");
    }
    // Nor is a handle of another kind, or of none, one.
    for id in [0, flow(&signed()).id, pending.id, u64::MAX] {
        let opened = tried!(flowseal_opened_claims { id: 0 };
            flowseal_received_flow_open(flowseal_received_flow { id }, ring()));
        let none = flowseal_status::HandleNone;
        let expected = if id == 0 {
            none
        } else {
            flowseal_status::HandleType
        };
        assert_eq!(status_of(opened), expected);
    }
}

fn of_stream(body: &str) -> flowseal_flow {
    let line = format!("data: {}\n\n", body.replace('\n', ""));
    let stream = made!(flowseal_event_stream { id: 0 }; flowseal_event_stream_new()).unwrap();
    let pushed = call!(flowseal_event_stream_push(stream, bytes(&line), line.len()));
    assert_eq!(pushed, OK);
    let event = tried!(flowseal_server_event { id: 0 }; flowseal_event_stream_next(stream));
    let event = event.map_err(message).unwrap();
    let response = tried!(flowseal_response { id: 0 }; flowseal_server_event_response(event));
    let flow = tried!(flowseal_flow { id: 0 };
        flowseal_response_flow(response.map_err(message).unwrap()));
    flow.map_err(message).unwrap()
}

#[test]
fn it_is_given_once() {
    let (pending, once) = (pending(), in_memory());
    let end = || {
        let flow = ended(receiving(pending), &unsigned(), &properly);
        finish_received(pending, flow, None, once).status()
    };
    assert_eq!((end(), end()), (OK, flowseal_status::PendingFinished));
}

#[test]
fn received_is_asked_for_by_name_where_it_may_be() {
    let usage = flowseal_status::Usage;
    assert_eq!(trusting(session_on(pending()), RECEIVED), OK);
    for number in [0, 3, u32::MAX] {
        assert_eq!(trusting(session_on(pending()), number), usage);
    }
    let on_none = tried!(flowseal_session { id: 0 };
        flowseal_session_new(config(2), bytes("req_1").cast(), 5));
    assert_eq!(trusting(on_none.map_err(message).unwrap(), RECEIVED), usage);

    let v1 = || {
        let started = pending_of(
            identify(config(1), &["naming.given"], of_ada())
                .map_err(message)
                .unwrap(),
        );
        let session = tried!(flowseal_session { id: 0 };
            flowseal_pending_flow_session(started, config(1)));
        session.map_err(message).unwrap()
    };
    let polling = |session| call!(flowseal_session_set_long_polling(session, null_mut()));
    let session = v1();
    assert_eq!((polling(session), trusting(session, RECEIVED)), (OK, usage));
    let session = v1();
    assert_eq!((trusting(session, RECEIVED), polling(session)), (OK, usage));
    // What another setting has made anew still receives.
    let session = receiving(pending());
    let set = call!(flowseal_session_set_deadline_ms(session, 1000, null_mut()));
    assert_eq!(set, OK);
    let flow = ended(session, &unsigned(), &properly);
    let end = finish_received(pending(), flow, None, in_memory());
    assert_eq!(end.status(), OK);
}

#[test]
fn the_profile_may_ask_for_it() {
    for (profile, status) in [
        (r#"{"trust": "received"}"#, OK),
        (r#"{"trust": "signed"}"#, flowseal_status::SignatureMissing),
    ] {
        let made = tried!(flowseal_profile { id: 0 };
            flowseal_profile_from_json(bytes(profile).cast(), profile.len()));
        let under = |session| {
            let profile = made.as_ref().map_err(|error| message(*error)).unwrap();
            call!(flowseal_session_set_profile(session, *profile, null_mut()))
        };
        let pending = pending();
        let session = session_on(pending);
        assert_eq!(under(session), OK);
        let flow = ended(session, &unsigned(), &properly);
        let end = finish_received(pending, flow, None, in_memory());
        assert_eq!(end.status(), status, "{profile}");
    }
}

#[test]
fn a_session_that_was_cancelled_before_it_began_stays_so() {
    let session = session_on(pending());
    let cancelled = call!(flowseal_session_cancel(session));
    assert_eq!(cancelled, OK);
    let set =
        |error: *mut flowseal_error| call!(flowseal_session_set_deadline_ms(session, 1000, error));
    assert_eq!(set(null_mut()), flowseal_status::Usage);
}

/// The configuration is that of the start, as everywhere.
#[test]
fn another_configuration_watches_nothing() {
    let other: flowseal_api_config = super::based_at("https://gateway.example");
    let session = tried!(flowseal_session { id: 0 };
        flowseal_pending_flow_session(pending(), other));
    assert_eq!(status_of(session), flowseal_status::PendingFlow);
}
