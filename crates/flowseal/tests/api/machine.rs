//! The session against an API that does anything, and a caller whose clock does.

use core::time::Duration;

use flowseal::api::{
    Action, ApiConfig, ApiVersion, Endpoint, Environment, HttpResponse, PollingCredentials, Session,
};
use flowseal::{ErrorCode, SecretText};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::caller::{START, flow, pending, token};

const API_KEY: &str = "bk-test_hush-key";
const APP_SECRET: &str = "snb_hush-secret";
/// Every token has it, so that none can be told without it.
const TOKEN: &str = "hush-token";

/// What the API does with one request.
#[derive(Clone, Debug)]
enum Does {
    /// Answers so, after this many milliseconds.
    Answers(u16, Option<u32>, String, u64),
    /// Closes the connection.
    Drops,
    /// Says nothing, and the caller does not either.
    Hangs,
}

/// What the caller does before it asks again.
#[derive(Clone, Debug)]
enum Meanwhile {
    /// Waits as it was told.
    Waits,
    /// Asks again after a part of the pause, in 256ths.
    IsHasty(u32),
}

fn body() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => Just(pending()),
        4 => Just(flow(r#", "onsession": true"#)),
        1 => Just(flow(r#", "signature": "AAAA""#)),
        1 => Just(pending().replace("req_1", "req_2")),
        1 => Just(pending().replace("false", "true")),
        1 => Just(r#"{"status": "successful"}"#.to_owned()),
        1 => Just(r#"{"status": "successful", "data": {"model": {"id": "req_1"}}}"#.to_owned()),
        6 => prop_oneof![-1000_i64..1000, 25_i64..35].prop_map(|lasts| token(TOKEN, lasts)),
        1 => Just(format!(r#"{{"data": {{"token": "{TOKEN}"}}}}"#)),
        2 => prop::sample::select(vec![
            "api_error", "authorization_error", "session_expiry", "session_cancel", "param_error",
            "unknown_error", API_KEY, TOKEN,
        ])
        .prop_map(|name| format!(r#"{{"type": "{name}", "reason": "{APP_SECRET}"}}"#)),
        1 => Just(format!("what is {API_KEY} and {APP_SECRET}, or {TOKEN}?")),
        1 => Just(format!(r#"{{"{API_KEY}": 1, "{API_KEY}": 2}}"#)),
        1 => Just(format!(r#"[{{"code": "x", "message": "{APP_SECRET}"}}]"#)),
        1 => "\\PC{0,12}",
    ]
}

fn does() -> impl Strategy<Value = Does> {
    let status = prop_oneof![12 => Just(200), 1 => Just(401), 1 => Just(429), 1 => Just(503), 1 => any::<u16>()];
    let retry_after = prop_oneof![4 => Just(None), 1 => (0_u32..1000).prop_map(Some), 1 => any::<u32>().prop_map(Some)];
    prop_oneof![
        10 => (status, retry_after, body(), 0_u64..20_000)
            .prop_map(|(status, retry, body, after)| Does::Answers(status, retry, body, after)),
        1 => Just(Does::Drops),
        1 => Just(Does::Hangs),
    ]
}

fn meanwhile() -> impl Strategy<Value = Meanwhile> {
    prop_oneof![
        12 => Just(Meanwhile::Waits),
        2 => (128_u32..256).prop_map(Meanwhile::IsHasty),
    ]
}

fn session(version: u8, deadline: Option<u16>) -> Session {
    let secret = SecretText::copied_from;
    let api = if version == 2 {
        ApiVersion::V2
    } else {
        ApiVersion::V1
    };
    let config = ApiConfig::new(
        api,
        Environment::Sandbox,
        flowseal::api::Credentials {
            api_key: secret(API_KEY),
            app_secret: secret(APP_SECRET),
        },
    );
    let credentials = match version {
        3 => PollingCredentials::AppSecret,
        _ => PollingCredentials::SessionToken,
    };
    let config = config
        .unwrap()
        .with_ids("bcn_1", "app_1")
        .with_polling_credentials(credentials);
    let mut session = Session::new(config, "req_1").unwrap();
    if version > 2 {
        session = session.with_long_polling().unwrap();
    }
    match deadline {
        Some(deadline) => session.with_deadline(Duration::from_millis(deadline.into())),
        None => session,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn it_ends_in_time_within_the_rate_and_in_silence(
        version in 1_u8..=4,
        deadline in prop_oneof![3 => Just(None), 1 => any::<u16>().prop_map(Some)],
        api in vec(does(), 1..12),
        caller in vec(meanwhile(), 1..12),
        cancel_at in prop_oneof![2 => Just(None), 1 => (0_usize..40).prop_map(Some)],
        set_back_at in prop_oneof![2 => Just(None), 1 => (0_usize..40).prop_map(Some)],
        jitters in vec(any::<u32>(), 1..8),
    ) {
        let mut session = session(version, deadline);
        let (mut api, mut caller, mut jitters) =
            (api.iter().cycle(), caller.iter().cycle(), jitters.iter().cycle());
        // The caller's clock, which may be set; and true time, which may not.
        let (mut clock, mut elapsed) = (START, Duration::ZERO);
        let mut sent = Vec::new();
        let mut end = None;
        // Whether the last answer was a token, and whether one has told of the flow's end.
        let (mut has_token, mut has_ended) = (false, false);
        for step in 0..20_000 {
            if cancel_at == Some(step) {
                session.cancel();
            }
            if set_back_at == Some(step) {
                clock -= Duration::from_secs(5000);
            }
            let action = session.poll(clock.into(), *jitters.next().unwrap());
            let shown = format!("{session:?} {action:?}");
            prop_assert!(!shown.contains("hush"), "{}", shown);
            match action {
                Action::Send { request, timeout } => {
                    prop_assert!(!request.url().contains("hush"), "{}", request.url());
                    prop_assert!(!request.body().unwrap_or_default().contains("hush"));
                    sent.push(elapsed);
                    let authorises = request.endpoint() == Endpoint::Authorize;
                    prop_assert!(!(has_token && authorises), "a token was not used");
                    has_token = false;
                    match api.next().unwrap() {
                        Does::Answers(status, retry_after, body, after) => {
                            let after = Duration::from_millis(*after).min(timeout);
                            (clock, elapsed) = (clock + after, elapsed + after);
                            let retry_after = retry_after.map(|s| ("Retry-After", s.to_string()));
                            let response = HttpResponse::new(*status, body).with_headers(retry_after);
                            let arrives = *status == 200 && after < timeout;
                            has_token = arrives && authorises && body.contains(TOKEN) && !body.contains("hush-secret");
                            let is_ping = matches!(request.endpoint(), Endpoint::Ping | Endpoint::Polling);
                            has_ended |= arrives && is_ping && body.contains("req_1")
                                && body.contains(r#""signature": "AAAA""#);
                            session.handle(&response, clock.into());
                        }
                        Does::Drops => session.lost(clock.into()),
                        Does::Hangs => {}
                    }
                }
                Action::Wait(pause) => {
                    let pause = match caller.next().unwrap() {
                        Meanwhile::Waits => pause,
                        Meanwhile::IsHasty(part) => (pause * *part / 256).max(Duration::from_nanos(1)),
                    };
                    (clock, elapsed) = (clock + pause, elapsed + pause);
                }
                Action::Progress(flow) => prop_assert_eq!(flow.reference(), "req_1"),
                Action::Stream { .. } => prop_assert!(false, "nobody has asked for a stream"),
                Action::Ended(Err(error)) => {
                    prop_assert!(!error.sentence().contains("hush"), "{}", error);
                    let expired = error.code() == ErrorCode::FlowExpired;
                    prop_assert!(!(expired && has_ended), "expired after its end");
                    end = Some(error.code());
                    break;
                }
                Action::Ended(Ok(_)) => {
                    end = Some(ErrorCode::FlowExpired);
                    break;
                }
            }
        }

        prop_assert!(end.is_some(), "no end after {:?} and {} requests", elapsed, sent.len());
        prop_assert_ne!(end, Some(ErrorCode::SessionOver));
        // The flow's life and a request that was under way at its end; a clock that is set back
        // hides one pause.
        let most = (Session::LIFETIME + Duration::from_secs(75)) * if set_back_at.is_some() { 2 } else { 1 };
        prop_assert!(elapsed <= most, "{:?}", elapsed);
        for (index, start) in sent.iter().enumerate() {
            let minute = *start..*start + Duration::from_secs(60);
            let count = sent[index..].iter().filter(|at| minute.contains(at)).count();
            prop_assert!(count <= 100, "{count} requests in a minute");
        }

        for _ in 0..3 {
            session.handle(&HttpResponse::new(200, pending().as_bytes()), clock.into());
            session.lost(clock.into());
            session.cancel();
            clock += Duration::from_secs(100);
            match session.poll(clock.into(), 0) {
                Action::Ended(Err(error)) => prop_assert_eq!(error.code(), ErrorCode::SessionOver),
                other => prop_assert!(false, "{:?} after the end", other),
            }
        }
    }
}
