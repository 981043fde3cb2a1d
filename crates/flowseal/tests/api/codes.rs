//! Every code of requests, where a user meets it.

use core::time::Duration;

use flowseal::api::{
    Action, ApiConfig, ApiVersion, Endpoint, Environment, HttpResponse, Response, Session,
};
use flowseal::{Error, ErrorCode, SecretText, UnixTime};

use crate::caller::START;
use crate::webhook::Store;
use crate::{config, token};

#[test]
fn each_code_is_met() {
    let mut met = Vec::new();
    for (code, outcome) in cases() {
        let error = outcome.expect_err(code.as_str());
        assert_eq!(error.code(), code, "{error}");
        met.push(code);
    }
    let of_requests = |code: &&ErrorCode| (100..140).contains(&code.number());
    for code in ErrorCode::ALL.iter().filter(of_requests) {
        assert!(met.contains(code), "no case meets {code}");
    }
}

fn cases() -> Vec<(ErrorCode, Result<(), Error>)> {
    let (v1, v2) = (config(ApiVersion::V1), config(ApiVersion::V2));
    let secret = SecretText::copied_from;
    let mixed = ApiConfig::new(
        ApiVersion::V1,
        Environment::Sandbox,
        flowseal::api::Credentials {
            api_key: secret("bk-live_"),
            app_secret: secret("snb_"),
        },
    );
    let nameless = ApiConfig::new(
        ApiVersion::V1,
        Environment::Sandbox,
        flowseal::api::Credentials {
            api_key: secret("bk-test_"),
            app_secret: secret("snb_"),
        },
    );
    vec![
        (ErrorCode::ApiConfig, mixed.map(drop)),
        (
            ErrorCode::ApiConfig,
            nameless.unwrap().authorize().map(drop),
        ),
        (ErrorCode::ApiVersion, v2.authorize().map(drop)),
        (ErrorCode::ApiVersion, v1.sse("req_1").map(drop)),
        (ErrorCode::ApiUnauthorized, v1.ping("req_1", None).map(drop)),
        (
            ErrorCode::ApiUnauthorized,
            v1.cancel("req_1", None).map(drop),
        ),
        (
            ErrorCode::ApiUnauthorized,
            v2.polling("req_1", None).map(drop),
        ),
        (
            ErrorCode::ApiUnauthorized,
            answered(401, "An api key is needed"),
        ),
        (
            ErrorCode::ApiUnauthorized,
            answered(400, r#"{"type": "session_required"}"#),
        ),
        (
            ErrorCode::ApiRateLimited,
            answered(429, "Too many requests"),
        ),
        (ErrorCode::ApiUnavailable, answered(500, "<html>")),
        (
            ErrorCode::ApiUnavailable,
            answered(200, r#"{"type": "db_error"}"#),
        ),
        (
            ErrorCode::ApiRequest,
            answered(400, r#"[{"code": "invalid_type", "path": ["request"]}]"#),
        ),
        (
            ErrorCode::ApiExpired,
            answered(400, r#"{"type": "session_expiry"}"#),
        ),
        (
            ErrorCode::ApiCancelled,
            answered(400, r#"{"type": "session_cancel"}"#),
        ),
        (
            ErrorCode::ApiError,
            answered(200, r#"{"status": "failed", "message": "?"}"#),
        ),
        (ErrorCode::ConnectionLost, watched(Session::lost, 400)),
        (ErrorCode::DeadlinePassed, watched(Session::lost, 0)),
        (ErrorCode::SessionOver, over()),
        (ErrorCode::Webhook, Store::waiting().confirm("").map(drop)),
        (
            ErrorCode::WebhookUnmatched,
            Store::waiting()
                .confirm(r#"{"reference": "other"}"#)
                .map(drop),
        ),
        (ErrorCode::WebhookReplayed, replayed()),
        (
            ErrorCode::ApiAnswer,
            answered(200, r#"{"status": "successful", "data": {"token": "eyJ"}}"#),
        ),
    ]
}

/// What comes of a session whose requests all end so.
fn watched(request_ends: fn(&mut Session, UnixTime), deadline: u64) -> Result<(), Error> {
    let session = Session::new(config(ApiVersion::V2), "req_1")?;
    let mut session = session.with_deadline(Duration::from_secs(deadline));
    let mut now = START;
    loop {
        match session.poll(now.into(), 0) {
            Action::Send { .. } => request_ends(&mut session, now.into()),
            Action::Wait(pause) => now += pause,
            Action::Ended(Err(error)) => return Err(error),
            other => panic!("{other:?}"),
        }
    }
}

fn replayed() -> Result<(), Error> {
    let mut store = Store::waiting();
    store.confirm(r#"{"reference": "order-1"}"#)?;
    store.confirm(r#"{"reference": "order-1"}"#).map(drop)
}

fn over() -> Result<(), Error> {
    let mut session = Session::new(config(ApiVersion::V2), "req_1")?.with_deadline(Duration::ZERO);
    session.poll(START.into(), 0);
    match session.poll(START.into(), 0) {
        Action::Ended(Err(error)) => Err(error),
        other => panic!("{other:?}"),
    }
}

fn answered(status: u16, body: &str) -> Result<(), Error> {
    let received = HttpResponse::new(status, body.as_bytes());
    Response::from_http(Endpoint::Ping, &received)?
        .into_flow()
        .map(drop)
}

#[test]
fn identifiers_are_bounded_on_both_sides() {
    let v2 = config(ApiVersion::V2);
    for (flow, accepted) in [
        (String::new(), false),
        ("r".to_owned(), true),
        ("r".repeat(1024), true),
        ("r".repeat(1025), false),
    ] {
        for outcome in [
            v2.ping(&flow, Some(&token())),
            v2.sse(&flow),
            v2.cancel(&flow, None),
        ] {
            let code = outcome.map(drop).map_err(|error| error.code());
            assert_eq!(
                code,
                if accepted {
                    Ok(())
                } else {
                    Err(ErrorCode::Usage)
                }
            );
        }
    }
    let quoted = v2.ping("a\"b\\\n", None).unwrap();
    assert_eq!(quoted.body(), Some(r#"{"request":"a\"b\\\n"}"#));
    assert!(
        v2.sse("a&b=c")
            .unwrap()
            .url()
            .ends_with("?request=a%26b%3Dc")
    );
}
