//! Starts: what is sent, what is refused before, and what comes back.

use std::ptr::null;

use flowseal_ffi::api_error::{
    flowseal_api_error, flowseal_api_error_retry_after_seconds, flowseal_error_api_error,
};
use flowseal_ffi::device::{
    flowseal_device, flowseal_device_different, flowseal_device_same, flowseal_device_user,
    flowseal_device_wildcard, flowseal_signer, flowseal_signer_different_device,
    flowseal_signer_nin, flowseal_signer_same_device, flowseal_signer_wildcard,
    flowseal_webhook_target, flowseal_webhook_target_host, flowseal_webhook_target_new,
    flowseal_webhook_target_reference,
};
use flowseal_ffi::error::flowseal_error;
use flowseal_ffi::http_response::{
    flowseal_http_response_check_health, flowseal_http_response_set_headers,
};
use flowseal_ffi::pending::flowseal_pending_flow;
use flowseal_ffi::request::{
    flowseal_endpoint, flowseal_request, flowseal_request_authorize, flowseal_request_body,
    flowseal_request_cancel, flowseal_request_endpoint, flowseal_request_free,
    flowseal_request_header_count, flowseal_request_health_check, flowseal_request_ping,
    flowseal_request_polling, flowseal_request_sse, flowseal_request_url,
};
use flowseal_ffi::session_token::{
    flowseal_session_token, flowseal_session_token_expose, flowseal_session_token_from_header,
};
use flowseal_ffi::start::{
    flowseal_api_config_confirm, flowseal_api_config_identify, flowseal_api_config_sign,
    flowseal_created_cost, flowseal_created_expires_unix_seconds, flowseal_created_flow,
    flowseal_created_free, flowseal_created_link, flowseal_created_pending,
    flowseal_created_request, flowseal_created_seed, flowseal_created_seed_at,
    flowseal_created_seed_count, flowseal_created_token, flowseal_start, flowseal_start_free,
    flowseal_start_request, flowseal_start_warning, flowseal_start_warning_count,
};
use flowseal_ffi::status::flowseal_status;

use super::{ADA, ANSWER, OK, based_at, bytes, config, http, identify, of_ada, read, status_of};
use crate::call::{call, made, message, slice, text, tried};

fn request_of(start: flowseal_start) -> flowseal_request {
    made!(flowseal_request { id: 0 }; flowseal_start_request(start)).unwrap()
}

fn endpoint_of(request: flowseal_request) -> flowseal_endpoint {
    made!(flowseal_endpoint::Sse; flowseal_request_endpoint(request)).unwrap()
}

fn target(host: &str, reference: &str) -> Result<flowseal_webhook_target, flowseal_error> {
    tried!(flowseal_webhook_target { id: 0 }; flowseal_webhook_target_new(
        bytes(host).cast(), host.len(), bytes(reference).cast(), reference.len()))
}

fn signer_here(nin: &str) -> flowseal_signer {
    tried!(flowseal_signer { id: 0 };
        flowseal_signer_same_device(bytes(nin).cast(), nin.len()))
    .map_err(message)
    .unwrap()
}

#[test]
fn every_request_says_which_endpoint_it_is_for() {
    let (v1, v2) = (config(1), config(2));
    let (flow, none) = (bytes("req_1").cast(), null());
    let place = flowseal_request { id: 0 };
    let bearer = tried!(flowseal_session_token { id: 0 };
        flowseal_session_token_from_header(bytes("bare"), 4))
    .map_err(message)
    .unwrap();
    let signing = tried!(flowseal_start { id: 0 }; flowseal_api_config_sign(
        v2, signer_here(ADA), bytes("Sign").cast(), 4,
        target("https://bank.example/hook", "order-1").map_err(message).unwrap()))
    .map_err(message)
    .unwrap();
    let identification = identify(v2, &["naming.given"], of_ada())
        .map_err(message)
        .unwrap();
    for (request, endpoint) in [
        (
            tried!(place; flowseal_request_authorize(v1))
                .map_err(message)
                .unwrap(),
            flowseal_endpoint::Authorize,
        ),
        (
            tried!(place; flowseal_request_cancel(v2, flow, 5, none))
                .map_err(message)
                .unwrap(),
            flowseal_endpoint::Cancel,
        ),
        (
            made!(place; flowseal_request_health_check(v2)).unwrap(),
            flowseal_endpoint::Health,
        ),
        (
            request_of(identification),
            flowseal_endpoint::Identification,
        ),
        (
            tried!(place; flowseal_request_ping(v1, flow, 5, &raw const bearer))
                .map_err(message)
                .unwrap(),
            flowseal_endpoint::Ping,
        ),
        (
            tried!(place; flowseal_request_polling(v1, flow, 5, none))
                .map_err(message)
                .unwrap(),
            flowseal_endpoint::Polling,
        ),
        (request_of(signing), flowseal_endpoint::Signing),
        (
            tried!(place; flowseal_request_sse(v2, flow, 5))
                .map_err(message)
                .unwrap(),
            flowseal_endpoint::Sse,
        ),
    ] {
        assert_eq!(endpoint_of(request), endpoint);
    }
}

#[test]
fn what_is_sent_is_what_was_asked() {
    let body = |start| -> serde_json::Value {
        let body = text!(flowseal_request_body(request_of(start))).unwrap();
        serde_json::from_str(&body).unwrap()
    };
    let url = |start| text!(flowseal_request_url(request_of(start))).unwrap();
    let here = made!(flowseal_device { id: 0 }; flowseal_device_same()).unwrap();
    let anywhere = tried!(flowseal_device { id: 0 }; flowseal_device_wildcard(3))
        .map_err(message)
        .unwrap();
    for (device, step, more) in [
        (here, "same-device", serde_json::json!({})),
        (
            of_ada(),
            "different-device",
            serde_json::json!({"user": ADA}),
        ),
        (anywhere, "wildcard", serde_json::json!({"seeds": 3})),
    ] {
        let start = identify(config(2), &["naming.given"], device)
            .map_err(message)
            .unwrap();
        assert!(url(start).ends_with(&format!("/api/v2/identification/{step}")));
        let mut expected = serde_json::json!({"action": "login", "claims": ["naming.given"],
            "payload": "Log in to Example"});
        for (name, value) in more.as_object().unwrap() {
            expected[name] = value.clone();
        }
        assert_eq!(body(start), expected);
    }
    assert_eq!(text!(flowseal_device_user(of_ada())), Ok(ADA.to_owned()));
    assert_eq!(
        text!(flowseal_device_user(here)),
        Err(flowseal_status::Absent)
    );

    let hook = target("https://bank.example/hook", "order-1")
        .map_err(message)
        .unwrap();
    let signer = signer_here(ADA);
    assert_eq!(text!(flowseal_signer_nin(signer)), Ok(ADA.to_owned()));
    assert_eq!(
        text!(flowseal_webhook_target_host(hook)).unwrap(),
        "https://bank.example/hook"
    );
    assert_eq!(
        text!(flowseal_webhook_target_reference(hook)).unwrap(),
        "order-1"
    );
    let start = tried!(flowseal_start { id: 0 }; flowseal_api_config_confirm(
        config(1), signer, bytes("Confirm").cast(), 7, &raw const hook))
    .map_err(message)
    .unwrap();
    assert!(url(start).ends_with("/api/v1/signing/same-device"));
    assert_eq!(
        body(start),
        serde_json::json!({"action": "confirm", "payload": "Confirm", "nin": ADA,
            "webhook": {"host": "https://bank.example/hook", "reference": "order-1"}})
    );
}

#[test]
fn what_the_api_would_refuse_is_not_sent() {
    let usage = flowseal_status::Usage;
    let short = "1234567890";
    let device = |user: &str| {
        status_of(tried!(flowseal_device { id: 0 };
            flowseal_device_different(bytes(user).cast(), user.len())))
    };
    let elsewhere = |nin: &str| {
        status_of(tried!(flowseal_signer { id: 0 };
            flowseal_signer_different_device(bytes(nin).cast(), nin.len())))
    };
    assert_eq!((device(short), device(ADA)), (usage, OK));
    assert_eq!((elsewhere(short), elsewhere(ADA)), (usage, OK));
    for (seeds, status) in [(0, usage), (1, OK), (10, OK), (11, usage), (256 + 1, usage)] {
        let device = tried!(flowseal_device { id: 0 }; flowseal_device_wildcard(seeds));
        let signer = tried!(flowseal_signer { id: 0 }; flowseal_signer_wildcard(seeds));
        assert_eq!(status_of(device), status, "{seeds}");
        assert_eq!(status_of(signer), status, "{seeds}");
    }
    assert_eq!(status_of(target("http://bank.example", "x")), usage);
    assert_eq!(status_of(target("https://bank.example", "")), usage);

    let asked = |purpose: u32, claims: &[&str], payload: &str| {
        let claims: Vec<_> = claims.iter().map(|claim| slice(claim)).collect();
        status_of(
            tried!(flowseal_start { id: 0 }; flowseal_api_config_identify(
            config(2), purpose, claims.as_ptr(), claims.len(), bytes(payload).cast(),
            payload.len(), of_ada())),
        )
    };
    assert_eq!(asked(2, &["naming.given"], "Log in"), OK);
    assert_eq!(asked(0, &["naming.given"], "Log in"), usage);
    assert_eq!(asked(4, &["naming.given"], "Log in"), usage);
    assert_eq!(asked(2, &[""], "Log in"), usage);
    assert_eq!(asked(2, &["a.b", "a.b"], "Log in"), usage);
    assert_eq!(asked(2, &["naming.given"], " "), usage);

    let confirm = |config, signer, hook: *const flowseal_webhook_target| {
        status_of(
            tried!(flowseal_start { id: 0 }; flowseal_api_config_confirm(
            config, signer, bytes("Confirm").cast(), 7, hook)),
        )
    };
    assert_eq!(confirm(config(1), signer_here(ADA), null()), usage);
    assert_eq!(confirm(config(2), signer_here(ADA), null()), OK);
    let anyone = tried!(flowseal_signer { id: 0 }; flowseal_signer_wildcard(1))
        .map_err(message)
        .unwrap();
    let hook = target("https://bank.example", "x")
        .map_err(message)
        .unwrap();
    let in_v1 = confirm(config(1), anyone, &raw const hook);
    assert_eq!(in_v1, flowseal_status::ApiVersion);
    let here = target("http://127.0.0.1:1/", "x").map_err(message).unwrap();
    let mock = based_at("http://127.0.0.1:8080");
    assert_eq!(confirm(config(2), anyone, &raw const here), usage);
    assert_eq!(confirm(mock, anyone, &raw const here), OK);
}

#[test]
fn a_claim_that_the_catalogue_lacks_is_a_warning() {
    let start = identify(config(2), &["naming.givn", "naming.given"], of_ada())
        .map_err(message)
        .unwrap();
    assert_eq!(made!(0; flowseal_start_warning_count(start)), Ok(1));
    let warning = text!(flowseal_start_warning(start, 0)).unwrap();
    assert!(warning.contains("naming.given"), "{warning}");
    let beyond = text!(flowseal_start_warning(start, 1));
    assert_eq!(beyond, Err(flowseal_status::Index));
}

#[test]
fn what_was_created_is_told_member_by_member() {
    let start = identify(config(2), &["naming.given"], of_ada())
        .map_err(message)
        .unwrap();
    let created = read(start, ANSWER).map_err(message).unwrap();
    assert_eq!(text!(flowseal_created_flow(created)).unwrap(), "req_1");
    assert_eq!(
        text!(flowseal_created_link(created)).unwrap(),
        "https://open.pasby.africa/hush"
    );
    assert_eq!(made!(0; flowseal_created_seed_count(created)), Ok(2));
    assert_eq!(text!(flowseal_created_seed(created, 1)).unwrap(), "two");
    let index = text!(flowseal_created_seed(created, 2));
    assert_eq!(index, Err(flowseal_status::Index));
    let shown = |ms: u64| text!(flowseal_created_seed_at(created, ms, 7)).unwrap();
    assert_ne!(shown(0), shown(1200));
    assert_eq!(shown(0), shown(2400));
    let token = made!(flowseal_session_token { id: 0 }; flowseal_created_token(created)).unwrap();
    assert_eq!(
        text!(flowseal_session_token_expose(token)).unwrap(),
        "eyJhush"
    );
    let expires = made!(0; flowseal_created_expires_unix_seconds(created));
    assert_eq!(expires, Ok(1_716_820_412));
    assert_eq!(text!(flowseal_created_cost(created)).unwrap(), "0.5");
    let request = text!(flowseal_created_request(created)).unwrap();
    assert!(request.contains("somebody else"), "{request}");

    let least = r#"{"status": "successful", "data": {"request": {"id": "req_1",
        "exp": 1716820412}}}"#;
    let created = read(start, least).map_err(message).unwrap();
    let absent = flowseal_status::Absent;
    assert_eq!(text!(flowseal_created_link(created)), Err(absent));
    assert_eq!(text!(flowseal_created_seed_at(created, 0, 0)), Err(absent));
    assert_eq!(text!(flowseal_created_cost(created)), Err(absent));
    let none = made!(flowseal_session_token { id: 0 }; flowseal_created_token(created));
    assert_eq!(none.err(), Some(absent));
}

#[test]
fn an_answer_that_is_none_to_the_start_is_refused() {
    let start = identify(config(2), &["naming.given"], of_ada())
        .map_err(message)
        .unwrap();
    for (body, status) in [
        ("", flowseal_status::Json),
        ("{}", flowseal_status::ApiAnswer),
        (
            r#"{"status": "successful", "data": {}}"#,
            flowseal_status::ApiAnswer,
        ),
        (
            r#"{"status": "successful", "data": {"request": {"id": "req_1", "exp": 1}, "link":
                "http://open.pasby.africa/"}}"#,
            flowseal_status::ApiAnswer,
        ),
    ] {
        assert_eq!(status_of(read(start, body)), status, "{body}");
    }
    let unbound = made!(flowseal_device { id: 0 }; flowseal_device_same()).unwrap();
    let here = identify(config(2), &["naming.given"], unbound)
        .map_err(message)
        .unwrap();
    let created = read(here, ANSWER).map_err(message).unwrap();
    let pending = tried!(flowseal_pending_flow { id: 0 };
        flowseal_created_pending(created, null()));
    assert_eq!(status_of(pending), flowseal_status::Usage);
}

/// A request stays as long as it is held, whatever it was taken from.
#[test]
fn the_request_of_a_start_outlives_its_handle() {
    let start = identify(config(2), &["naming.given"], of_ada())
        .map_err(message)
        .unwrap();
    let (request, again) = (request_of(start), request_of(start));
    assert_eq!(flowseal_start_free(start), OK);
    assert_eq!(flowseal_request_free(request), OK);
    assert!(text!(flowseal_request_url(again)).is_ok());
    assert_eq!(flowseal_request_free(again), OK);
    assert_eq!(
        text!(flowseal_request_url(request)),
        Err(flowseal_status::HandleStale)
    );
    assert_eq!(flowseal_start_free(start), flowseal_status::HandleStale);
    let created = flowseal_ffi::start::flowseal_created { id: start.id };
    assert_eq!(flowseal_created_free(created), flowseal_status::HandleType);
}

#[test]
fn the_health_check_has_no_credential_and_its_status_alone_counts() {
    let request = made!(flowseal_request { id: 0 }; flowseal_request_health_check(config(2)));
    let request = request.unwrap();
    assert_eq!(made!(9; flowseal_request_header_count(request)), Ok(0));
    let health = |status: u16, body: &str| {
        let mut error = flowseal_error { id: 0 };
        call!(flowseal_http_response_check_health(
            http(status, body),
            &raw mut error
        ))
    };
    assert_eq!(health(200, "whatever"), OK);
    assert_eq!(health(503, "{}"), flowseal_status::ApiUnavailable);
    assert_eq!(health(301, ""), health(302, ""));
    assert_ne!(health(301, ""), OK);
    let busy = http(429, "Too many requests");
    let (name, value) = (slice("Retry-After"), slice("7"));
    let set = call!(flowseal_http_response_set_headers(
        busy,
        &raw const name,
        &raw const value,
        1
    ));
    assert_eq!(set, OK);
    let mut error = flowseal_error { id: 0 };
    let told = call!(flowseal_http_response_check_health(busy, &raw mut error));
    assert_eq!(told, flowseal_status::ApiRateLimited);
    let answer = made!(flowseal_api_error { id: 0 }; flowseal_error_api_error(error)).unwrap();
    let asked = made!(0; flowseal_api_error_retry_after_seconds(answer));
    assert_eq!(asked, Ok(7));
}
