//! Webhooks: what a body of anybody's can cause, and what it cannot.

use std::collections::HashMap;

use flowseal::api::{ApiVersion, Request, Webhook, WebhookStore};
use flowseal::{Error, ErrorCode, UnixTime};

use crate::{config, token};

/// A store in memory: flows by reference, and keys with the end of their window.
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) flows: HashMap<&'static str, &'static str>,
    keys: HashMap<String, UnixTime>,
    now: i64,
}

impl Store {
    pub(crate) fn waiting() -> Self {
        Self {
            flows: HashMap::from([
                ("order-1", "req_1"),
                ("req_1", "req_1"),
                ("order-2", "req_2"),
            ]),
            keys: HashMap::new(),
            now: 1_716_820_122,
        }
    }

    pub(crate) fn confirm(&mut self, body: &str) -> Result<Request, Error> {
        let now = UnixTime::from_seconds(self.now)?;
        Webhook::from_json(body.as_bytes())?.confirm(&config(ApiVersion::V2), None, self, now)
    }
}

impl WebhookStore for Store {
    fn flow_of(&self, reference: &str) -> Option<String> {
        self.flows.get(reference).map(|flow| (*flow).to_owned())
    }

    fn remember(&mut self, key: &str, until: UnixTime) -> bool {
        let now = UnixTime::from_seconds(self.now).unwrap();
        self.keys.retain(|_, end| *end > now);
        self.keys.insert(key.to_owned(), until).is_none()
    }
}

#[test]
fn wherever_the_reference_stands_the_ping_is_about_the_callers_own_flow() {
    for body in [
        r#"{"reference": "order-1"}"#,
        r#"{"event": "signed", "webhook": {"reference": "order-1", "host": "https://x"}}"#,
        r#"{"status": "successful", "data": {"request": {"reference": "req_1"}}}"#,
        r#"[1]"#,
        r#"{"reference": "order-1", "data": [{"reference": "req_1"}, {"reference": "unknown"}]}"#,
    ] {
        match Store::waiting().confirm(body) {
            Ok(ping) => assert_eq!(ping.body(), Some(r#"{"request":"req_1"}"#), "{body}"),
            Err(error) => assert!(
                body == "[1]" && error.code() == ErrorCode::Webhook,
                "{body}"
            ),
        }
    }
}

#[test]
fn what_nobody_waits_for_and_what_is_none_causes_nothing() {
    let mut many = String::from("{\"all\": [");
    many.extend((0..17).map(|n| format!("{{\"reference\": \"r{n}\"}},")));
    many.push_str("{}]}");
    for (body, code) in [
        (r#"{"reference": "order-3"}"#, ErrorCode::WebhookUnmatched),
        (
            r#"{"reference": "order-1", "flow": {"reference": "order-2"}}"#,
            ErrorCode::Webhook,
        ),
        (r#"{"reference": 1}"#, ErrorCode::Webhook),
        (r#"{"reference": ""}"#, ErrorCode::Webhook),
        (r#"{"a": 1, "a": 2}"#, ErrorCode::Webhook),
        ("reference=order-1", ErrorCode::Webhook),
        ("", ErrorCode::Webhook),
        (&many, ErrorCode::Webhook),
    ] {
        let mut store = Store::waiting();
        assert_eq!(store.confirm(body).unwrap_err().code(), code, "{body}");
        assert!(store.keys.is_empty(), "{body}");
    }
}

#[test]
fn a_replay_is_refused_within_its_window_and_another_body_is_not() {
    let mut store = Store::waiting();
    let picked_up = r#"{"reference": "order-1", "onsession": true}"#;
    assert!(store.confirm(picked_up).is_ok());
    assert!(
        store
            .confirm(r#"{"reference": "order-1", "onsession": false}"#)
            .is_ok()
    );
    store.now += 599;
    let replayed = store.confirm(picked_up).unwrap_err();
    assert_eq!(replayed.code(), ErrorCode::WebhookReplayed);
    store.now += 600;
    assert!(store.confirm(picked_up).is_ok());
}

#[test]
fn what_could_not_be_confirmed_is_heard_again() {
    let mut store = Store::waiting();
    let now = UnixTime::from_seconds(store.now).unwrap();
    let webhook = Webhook::from_json(br#"{"reference": "order-1"}"#).unwrap();
    let v1 = config(ApiVersion::V1);
    let error = webhook.confirm(&v1, None, &mut store, now).unwrap_err();
    assert_eq!(error.code(), ErrorCode::ApiUnauthorized);
    assert!(
        webhook
            .confirm(&v1, Some(&token()), &mut store, now)
            .is_ok()
    );
}

#[test]
fn spellings_of_one_webhook_cause_one_ping() {
    let mut store = Store::waiting();
    let mut pings = 0;
    for n in 0..50 {
        let space = " ".repeat(n);
        let body = match n % 3 {
            0 => format!(r#"{{{space}"reference": "order-1", "onsession": true}}"#),
            1 => format!(r#"{{"onsession": true,{space}"reference": "order-1"}}"#),
            _ => format!(r#"{{"reference": "\u006frder-1",{space}"onsession": true}}"#),
        };
        pings += usize::from(store.confirm(&body).is_ok());
        store.now += 5;
    }
    assert_eq!(pings, 1);
}

#[test]
fn a_flow_is_pinged_twice_in_a_pause_whatever_is_sent() {
    let mut store = Store::waiting();
    let count = |store: &mut Store, numbers: std::ops::Range<usize>| {
        let body = |n| format!(r#"{{"reference": "order-1", "n": {n}}}"#);
        numbers.filter(|n| store.confirm(&body(*n)).is_ok()).count()
    };
    assert_eq!(count(&mut store, 0..50), 2);
    assert!(store.confirm(r#"{"reference": "order-2"}"#).is_ok());
    // What was not heard for that reason is heard when it is sent again.
    store.now += 3;
    assert_eq!(count(&mut store, 48..50), 2);
}
