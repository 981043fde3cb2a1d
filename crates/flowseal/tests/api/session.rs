//! The session, one behaviour of the API at a time.

use core::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flowseal::api::{Action, ApiVersion, Endpoint, HttpResponse, PollingCredentials, Session};
use flowseal::{ErrorCode, FlowState};

use crate::caller::{Caller, START, complete, flow, has_expired, pending, token};
use crate::config;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_flow_of_v2_is_pinged_until_it_is_complete() {
    let mut caller = Caller::of(ApiVersion::V2);
    assert_eq!(caller.sends(Endpoint::Ping), Duration::ZERO);
    caller.answers(200, &pending());
    assert!((seconds(1)..seconds(3)).contains(&caller.sends(Endpoint::Ping)));
    caller.answers(200, &complete());
    assert_eq!(caller.is_done(), FlowState::Complete);
    assert_eq!(caller.fails().code(), ErrorCode::SessionOver);
}

#[test]
fn a_flow_that_was_cancelled_elsewhere_is_done() {
    let mut caller = Caller::of(ApiVersion::V2);
    caller.sends(Endpoint::Ping);
    caller.answers(
        200,
        &pending().replace(r#""cancelled": false"#, r#""cancelled": true"#),
    );
    assert_eq!(caller.is_done(), FlowState::Cancelled);
}

#[test]
fn a_device_that_picks_the_flow_up_is_reported_once() {
    let mut caller = Caller::of(ApiVersion::V2);
    for _ in 0..3 {
        caller.sends(Endpoint::Ping);
        caller.answers(200, &flow(r#", "onsession": true"#));
        if let Action::Progress(flow) = caller.poll() {
            assert_eq!(flow.state(), FlowState::OnSession);
            assert!(caller.now == START, "the first answer is reported");
        }
    }
    assert!(caller.now > START);
}

#[test]
fn v1_authorises_first_and_again_before_the_token_expires() {
    let mut caller = Caller::of(ApiVersion::V1);
    caller.sends(Endpoint::Authorize);
    caller.answers(200, &token("a", 60));
    let renewed = loop {
        match caller.poll() {
            Action::Send { request, .. } if request.endpoint() == Endpoint::Authorize => {
                break caller.now - START;
            }
            Action::Send { .. } => caller.answers(200, &pending()),
            Action::Wait(pause) => caller.now += pause,
            other => panic!("{other:?}"),
        }
    };
    assert!((seconds(30)..seconds(34)).contains(&renewed), "{renewed:?}");
}

#[test]
fn a_token_that_comes_expired_is_used_until_it_is_refused() {
    let mut caller = Caller::of(ApiVersion::V1);
    caller.sends(Endpoint::Authorize);
    caller.answers(200, &token("a", -3600));
    caller.sends(Endpoint::Ping);
    caller.answers(200, &pending());
    caller.sends(Endpoint::Ping);
}

#[test]
fn a_token_that_is_refused_is_renewed_once() {
    for refusal in [
        r#"{"type": "authorization_error"}"#,
        r#"{"type": "session_expiry"}"#,
    ] {
        let mut caller = Caller::of(ApiVersion::V1);
        caller.sends(Endpoint::Authorize);
        caller.answers(200, &token("a", 600));
        caller.sends(Endpoint::Ping);
        caller.answers(200, &pending());
        caller.sends(Endpoint::Ping);
        caller.answers(401, refusal);
        caller.sends(Endpoint::Authorize);
        caller.answers(200, &token("b", 600));
        caller.sends(Endpoint::Ping);
        caller.answers(401, refusal);
        match caller.poll() {
            Action::Ended(Err(error)) => {
                let expected = match refusal.contains("session_expiry") {
                    true => ErrorCode::FlowExpired,
                    false => ErrorCode::ApiUnauthorized,
                };
                assert_eq!(error.code(), expected);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn credentials_that_are_refused_end_it() {
    let mut caller = Caller::of(ApiVersion::V2);
    caller.sends(Endpoint::Ping);
    caller.answers(401, "An api key is needed");
    assert_eq!(caller.fails().code(), ErrorCode::ApiUnauthorized);

    let mut caller = Caller::of(ApiVersion::V1);
    caller.sends(Endpoint::Authorize);
    caller.answers(401, "An api key is needed");
    assert_eq!(caller.fails().code(), ErrorCode::ApiUnauthorized);
}

#[test]
fn long_polling_has_a_timeout_and_no_pause() {
    let session = Session::new(config(ApiVersion::V1), "req_1").unwrap();
    let mut caller = Caller::new(session.with_long_polling().unwrap());
    assert_eq!(caller.sends(Endpoint::Polling), Duration::ZERO);
    caller.now += seconds(20);
    caller.answers(200, &pending());
    assert_eq!(caller.sends(Endpoint::Polling), Duration::ZERO);
    // That nothing comes within its time is none: long polling is like that.
    match caller.poll() {
        Action::Wait(held) => caller.now += held,
        other => panic!("{other:?}"),
    }
    caller.session.lost(caller.now.into());
    assert_eq!(caller.sends(Endpoint::Polling), Duration::ZERO);
    // To lose a connection early is a failure.
    caller.session.lost(caller.now.into());
    assert!(caller.sends(Endpoint::Polling) >= seconds(1));

    let with_token =
        config(ApiVersion::V1).with_polling_credentials(PollingCredentials::SessionToken);
    let session = Session::new(with_token, "req_1").unwrap();
    let mut caller = Caller::new(session.with_long_polling().unwrap());
    caller.sends(Endpoint::Authorize);
    caller.answers(200, &token("a", 600));
    caller.sends(Endpoint::Polling);

    let v2 = Session::new(config(ApiVersion::V2), "req_1").unwrap();
    assert_eq!(
        v2.with_long_polling().unwrap_err().code(),
        ErrorCode::ApiVersion
    );
}

#[test]
fn answers_that_are_not_held_back_do_not_exceed_the_rate() {
    let session = Session::new(config(ApiVersion::V1), "req_1").unwrap();
    let mut caller = Caller::new(session.with_long_polling().unwrap());
    let mut sent = 0;
    while caller.now < START + seconds(60) && sent < 1000 {
        caller.sends(Endpoint::Polling);
        caller.answers(200, &pending());
        sent += 1;
    }
    assert!((90..=100).contains(&sent), "{sent}");
}

#[test]
fn trouble_of_the_api_is_waited_out_as_it_asks() {
    let mut caller = Caller::of(ApiVersion::V2);
    caller.sends(Endpoint::Ping);
    caller.answers_with(429, &[("retry-after", "7")], "Too many requests");
    assert_eq!(caller.sends(Endpoint::Ping), seconds(7));
    caller.answers(429, "Too many requests");
    assert_eq!(caller.sends(Endpoint::Ping), seconds(15));
    caller.answers(500, "<html>");
    let third = caller.sends(Endpoint::Ping);
    caller.session.lost(caller.now.into());
    let fourth = caller.sends(Endpoint::Ping);
    assert!(
        third >= seconds(4) && fourth >= third * 2,
        "{third:?} {fourth:?}"
    );
    caller.answers(200, &complete());
    assert_eq!(caller.is_done(), FlowState::Complete);
}

#[test]
fn what_is_no_answer_is_tried_five_times() {
    for garbage in [
        "<html>",
        "{",
        r#"{"status": "successful", "data": {"token": "eyJ"}}"#,
    ] {
        let mut caller = Caller::of(ApiVersion::V2);
        for _ in 0..5 {
            caller.sends(Endpoint::Ping);
            caller.answers(200, garbage);
        }
        let code = caller.fails().code();
        assert!(
            [ErrorCode::Json, ErrorCode::ApiAnswer].contains(&code),
            "{code}"
        );
    }
}

#[test]
fn the_answer_about_another_flow_is_not_taken() {
    let mut caller = Caller::of(ApiVersion::V2);
    for _ in 0..5 {
        caller.sends(Endpoint::Ping);
        caller.answers(200, &complete().replace("req_1", "req_2"));
    }
    assert_eq!(caller.fails().code(), ErrorCode::ApiAnswer);
}

#[test]
fn what_the_api_will_refuse_again_ends_it() {
    for (body, code) in [
        (
            r#"[{"code": "invalid_type", "path": ["request"]}]"#,
            ErrorCode::ApiRequest,
        ),
        (r#"{"type": "param_error"}"#, ErrorCode::ApiRequest),
        (r#"{"type": "session_cancel"}"#, ErrorCode::ApiCancelled),
    ] {
        let mut caller = Caller::of(ApiVersion::V2);
        caller.sends(Endpoint::Ping);
        caller.answers(400, body);
        assert_eq!(caller.fails().code(), code);
    }
}

#[test]
fn a_flow_ends_with_its_life() {
    let mut caller = Caller::of(ApiVersion::V2);
    caller.sends(Endpoint::Ping);
    caller.answers(200, &pending());
    let end = loop {
        match caller.poll() {
            Action::Send { .. } => caller.answers(200, &pending()),
            Action::Wait(pause) => caller.now += pause,
            end => break end,
        }
    };
    assert!(has_expired(&end), "{end:?}");
    // Its `iat` is 8 s before the start.
    assert_eq!(caller.now, START + seconds(352));

    let mut caller = Caller::of(ApiVersion::V2);
    caller.sends(Endpoint::Ping);
    caller.answers(
        200,
        r#"{"status": "successful", "reason": "Ping successful"}"#,
    );
    assert!(has_expired(&caller.poll()));
}

#[test]
fn a_clock_that_disagrees_does_not_end_a_living_flow() {
    let mut caller = Caller::of(ApiVersion::V2);
    caller.now += seconds(3600);
    caller.sends(Endpoint::Ping);
    caller.answers(200, &pending());
    caller.sends(Endpoint::Ping);
    caller.answers(200, &complete());
    assert_eq!(caller.is_done(), FlowState::Complete);
}

#[test]
fn a_deadline_ends_it_and_a_failure_before_is_told() {
    let session = || Session::new(config(ApiVersion::V2), "req_1").unwrap();
    let mut caller = Caller::new(session().with_deadline(seconds(5)));
    let mut pings = 0;
    let error = loop {
        match caller.poll() {
            Action::Send { timeout, .. } => {
                assert!(caller.now + timeout <= START + seconds(6));
                pings += 1;
                caller.answers(200, &pending());
            }
            Action::Wait(pause) => caller.now += pause,
            Action::Ended(Err(error)) => break error,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(error.code(), ErrorCode::DeadlinePassed);
    assert!(pings > 2 && caller.now == START + seconds(5));

    let mut caller = Caller::new(session().with_deadline(seconds(5)));
    caller.sends(Endpoint::Ping);
    caller.session.lost(caller.now.into());
    loop {
        match caller.outlasts() {
            Action::Send { .. } => caller.session.lost(caller.now.into()),
            Action::Ended(Err(error)) => break assert_eq!(error.code(), ErrorCode::ConnectionLost),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_cancel_is_sent_confirmed_and_tried_again() {
    let mut caller = Caller::of(ApiVersion::V2);
    caller.sends(Endpoint::Ping);
    caller.session.cancel();
    caller.sends(Endpoint::Cancel);
    caller.session.lost(caller.now.into());
    caller.sends(Endpoint::Cancel);
    caller.answers(200, include_str!("../vectors/seed/cancel.json"));
    assert_eq!(caller.fails().code(), ErrorCode::FlowCancelled);
    caller.session.cancel();
    assert_eq!(caller.fails().code(), ErrorCode::SessionOver);

    let mut caller = Caller::of(ApiVersion::V1);
    caller.session.cancel();
    caller.sends(Endpoint::Authorize);
    caller.answers(200, &token("a", 600));
    for _ in 0..5 {
        caller.sends(Endpoint::Cancel);
        caller.answers(503, "<html>");
    }
    assert_eq!(caller.fails().code(), ErrorCode::ApiUnavailable);
}

#[test]
fn a_request_that_nobody_tells_of_counts_as_lost() {
    let mut caller = Caller::of(ApiVersion::V2);
    caller.sends(Endpoint::Ping);
    let waited = caller.sends(Endpoint::Ping);
    assert!(waited > seconds(10), "{waited:?}");
    caller.answers(200, &complete());
    caller.answers(200, &pending());
    caller.session.lost(caller.now.into());
    assert_eq!(caller.is_done(), FlowState::Complete);
}

#[test]
fn an_answer_that_repeats_a_credential_is_not_quoted() {
    for body in [
        "no such key: bk-test_",
        r#"{"type": "param_error", "body": {"secret": ["\u0073nb_"]}}"#,
        r#"[{"code": "x", "message": "bk-test_ is wrong"}]"#,
    ] {
        let mut caller = Caller::of(ApiVersion::V2);
        caller.sends(Endpoint::Ping);
        caller.answers(400, body);
        let error = caller.fails();
        assert_eq!(error.code(), ErrorCode::ApiRequest);
        assert!(error.api_error().is_none() && error.sentence().contains("credential"));
    }
}

#[test]
fn what_a_session_cannot_do_is_refused_when_it_is_made() {
    let refused = |flow: &str| {
        Session::new(config(ApiVersion::V2), flow)
            .unwrap_err()
            .code()
    };
    assert_eq!(refused(""), ErrorCode::Usage);
    let nameless = flowseal::api::ApiConfig::new(
        ApiVersion::V1,
        flowseal::api::Environment::Sandbox,
        flowseal::api::Credentials {
            api_key: flowseal::SecretText::copied_from("bk-test_"),
            app_secret: flowseal::SecretText::copied_from("snb_"),
        },
    );
    let error = Session::new(nameless.unwrap(), "req_1").unwrap_err();
    assert_eq!(error.code(), ErrorCode::ApiConfig);
}

#[test]
fn a_token_is_used_before_it_is_renewed_however_short_it_lives() {
    for lasts in -40..=70 {
        let mut caller = Caller::of(ApiVersion::V1);
        let (mut pings, mut before) = (0, None);
        while pings < 4 {
            let endpoint = match caller.outlasts() {
                Action::Send { request, .. } => request.endpoint(),
                other => panic!("{other:?}"),
            };
            if endpoint == Endpoint::Ping {
                pings += 1;
                caller.answers(200, &if pings < 4 { pending() } else { complete() });
            } else {
                assert_ne!(before, Some(Endpoint::Authorize), "{lasts}");
                caller.answers(200, &token("t", lasts));
            }
            before = Some(endpoint);
        }
        assert_eq!(caller.is_done(), FlowState::Complete, "{lasts}");
    }
}

#[test]
fn an_answer_to_the_ping_is_not_the_cancel_s() {
    let expired = r#"{"status": "successful", "reason": "Ping successful"}"#;
    for body in [complete(), pending(), expired.to_owned()] {
        let mut caller = Caller::of(ApiVersion::V2);
        let Action::Send { request: ping, .. } = caller.poll() else {
            panic!("no ping");
        };
        caller.session.cancel();
        caller.sends(Endpoint::Cancel);
        // The caller says what it is an answer to.
        let late = HttpResponse::new(200, body.as_bytes()).answering(&ping);
        caller.session.handle(&late, caller.now.into());
        assert!(matches!(caller.poll(), Action::Wait(_)), "{body}");
        caller.answers(
            200,
            r#"{"status": "successful", "data": {"model": {"id": "req_1"}}}"#,
        );
        assert_eq!(caller.fails().code(), ErrorCode::FlowCancelled);
    }
    // Where it does not, a flow is still no answer to a cancel.
    let mut caller = Caller::of(ApiVersion::V2);
    caller.sends(Endpoint::Ping);
    caller.session.cancel();
    caller.sends(Endpoint::Cancel);
    caller.answers(200, &pending());
    assert!(matches!(caller.poll(), Action::Wait(_)));
    caller.answers(
        200,
        r#"{"status": "successful", "data": {"model": {"id": "req_1"}}}"#,
    );
    assert_eq!(caller.fails().code(), ErrorCode::FlowCancelled);
}

#[test]
fn a_credential_in_an_answer_is_not_repeated_in_any_spelling_or_part() {
    use base64::engine::general_purpose::STANDARD;

    // The app secret of `config`, long enough not to stand in an innocent text.
    let secret = "snb_0123456789abcdef0123456789abcdef";
    let key = "bk-test_0123456789abcdef0123456789";
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for body in [
        format!("{}{secret}", "x".repeat(4090)),
        format!("<html>{key}</html>"),
        format!(
            r#"{{"{}{key}": 1, "{}{key}": 2}}"#,
            "x".repeat(50),
            "x".repeat(50)
        ),
        format!("no {}", STANDARD.encode(secret)),
        format!("no {}", STANDARD.encode(format!("a:{secret}"))),
        format!("no {}", URL_SAFE_NO_PAD.encode(format!("ab{secret}"))),
        format!("no {hex}"),
        format!("no {percent}"),
        format!("no {}", secret.to_uppercase()),
        format!(
            r#"{{"status": "failed", "message": "{}{hex}"}}"#,
            "y".repeat(40)
        ),
        format!(r#"{{"type": "api_error", "reason": "{percent}"}}"#),
    ] {
        let text = flowseal::SecretText::copied_from;
        let config = flowseal::api::ApiConfig::new(
            ApiVersion::V2,
            flowseal::api::Environment::Sandbox,
            flowseal::api::Credentials {
                api_key: text(key),
                app_secret: text(secret),
            },
        );
        let mut caller = Caller::new(Session::new(config.unwrap(), "req_1").unwrap());
        let error = loop {
            match caller.outlasts() {
                Action::Send { .. } => caller.answers(400, &body),
                Action::Ended(Err(error)) => break error,
                other => panic!("{other:?}"),
            }
        };
        let shown = format!("{error} {error:?} {:?}", error.api_error());
        let parts = [&secret[4..10], &key[8..14], &hex[8..14], &percent[8..14]];
        let encoded = STANDARD.encode(&secret[3..]);
        assert!(!parts.iter().any(|part| shown.contains(part)), "{shown}");
        assert!(!shown.contains(&encoded[4..12]), "{shown}");
    }
}

#[test]
fn a_page_that_is_not_the_api_s_shows_no_text_of_its_own() {
    for body in [
        "<html><b>gateway</b></html>",
        "a\nb",
        &"gateway ".repeat(40),
    ] {
        let error = flowseal::api::ApiError::from_body(Some(502), body.as_bytes());
        assert_eq!(error.message(), None, "{body}");
        assert!(!error.to_string().contains("gateway"), "{error}");
        assert!(error.to_string().contains("502"), "{error}");
    }
    let error = flowseal::api::ApiError::from_body(Some(401), b"An api key is needed\n");
    assert_eq!(error.message(), Some("An api key is needed"));
}
