//! Events of the audit: what each says, and what none says.

use core::time::Duration;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex};

use flowseal::api::{
    Audit, AuditEvent, AuditKind, AuditOutcome, Device, FinishedFlows, HttpResponse, PendingFlow,
};
use flowseal::profile::Trust;
use flowseal::report::Check;
use flowseal::testkit::KeyPair;
use flowseal::{Error, ErrorCode, Flow, UnixTime};
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::span;

use crate::pending::{
    ADA, BAYO, GIVEN, browser, builder, identification, now, pending, pending_of, sealed, verifier,
};

const SCHEMA: &str = include_str!("../../docs/audit.schema.json");

fn audit() -> Audit {
    Audit::new().with_person_key(&[7; 32]).unwrap()
}

fn json(event: &AuditEvent) -> Value {
    serde_json::from_str(&event.to_json().to_string()).unwrap()
}

fn flow(pending: &PendingFlow, text: &str) -> Flow {
    assert_eq!(pending.reference(), "req_1");
    Flow::from_json(text.as_bytes()).unwrap()
}

/// Every event of a flow that ends well, and those of ways that do not.
fn events() -> Vec<AuditEvent> {
    let (audit, now) = (audit(), now());
    let start = identification(&Device::different(ADA).unwrap(), &["naming.given"]);
    let refused = start.read(&HttpResponse::new(
        400,
        r#"[{"code": "x", "path": ["body", "user"]}]"#,
    ));
    let answer =
        r#"{"status": "successful", "data": {"request": {"id": "req_1", "exp": 1716820412}}}"#;
    let created = start.read(&HttpResponse::new(201, answer));
    let pending = created.as_ref().unwrap().pending(Some(&browser())).unwrap();
    let complete = flow(&pending, &sealed(builder(), GIVEN));
    let cancelled = sealed(builder(), GIVEN).replace("\"cancelled\":false", "\"cancelled\":true");
    let (mine, once) = (browser(), FinishedFlows::new());
    let finish =
        |text: &str| pending.finish(flow(&pending, text), &verifier(), Some(&mine), &once, now);
    let other = finish(&sealed(builder().requestee(BAYO), GIVEN));
    let end = finish(&sealed(builder(), GIVEN));
    let again = finish(&sealed(builder(), GIVEN));
    let ring = KeyPair::sample_app()
        .unwrap()
        .decrypting_key()
        .unwrap()
        .into();
    let opened = end.as_ref().unwrap().open(&ring);
    vec![
        audit.started(&start, now),
        audit.created(&start, &refused, now),
        audit
            .created(&start, created.as_ref(), now)
            .with_took(Duration::from_millis(120)),
        audit.picked_up(&pending, now),
        audit.cancel_asked(&pending, now),
        audit.ended::<Error>(&pending, Ok(&complete), now),
        audit.ended::<Error>(&pending, Ok(&flow(&pending, &cancelled)), now),
        audit.ended(&pending, Err(&ErrorCode::FlowExpired), now),
        audit.ended(&pending, Err(&ErrorCode::ConnectionLost), now),
        audit.finished(&pending, other.as_ref(), now),
        audit.finished(&pending, &end, now),
        audit.finished(&pending, again.as_ref(), now),
        audit.opened(&pending, &opened, now),
        audit.opened(&pending, Err(&ErrorCode::ClaimUnopenable), now),
    ]
}

#[test]
fn each_event_says_what_happened_how_it_went_and_why() {
    use AuditKind::{CancelAsked, Created, Ended, Finished, Opened, PickedUp, Started};
    use AuditOutcome::{Done, Failed, Refused};
    let expected = [
        (Started, Done, None, None),
        (Created, Failed, Some(ErrorCode::ApiRequest), None),
        (Created, Done, None, None),
        (PickedUp, Done, None, None),
        (CancelAsked, Done, None, None),
        (Ended, Done, None, None),
        (
            Ended,
            AuditOutcome::Ended,
            Some(ErrorCode::FlowCancelled),
            None,
        ),
        (
            Ended,
            AuditOutcome::Ended,
            Some(ErrorCode::FlowExpired),
            None,
        ),
        (Ended, Failed, Some(ErrorCode::ConnectionLost), None),
        (Finished, Refused, Some(ErrorCode::ExpectationFailed), None),
        (Finished, Done, None, Some(Trust::Signed)),
        (Finished, Refused, Some(ErrorCode::PendingFinished), None),
        (Opened, Done, None, Some(Trust::Signed)),
        (Opened, Refused, Some(ErrorCode::ClaimUnopenable), None),
    ];
    let events = events();
    let found: Vec<_> = events
        .iter()
        .map(|event| (event.kind(), event.outcome(), event.code(), event.trust()))
        .collect();
    assert_eq!(found, expected);
    let checks: Vec<_> = events.iter().filter_map(AuditEvent::check).collect();
    assert_eq!(checks, [Check::Requestee]);
    for event in &events {
        assert_eq!(event.at(), now());
        let has_flow = !(event.kind() == Started || event.code() == Some(ErrorCode::ApiRequest));
        assert_eq!(event.flow(), has_flow.then_some("req_1"));
        assert_eq!(
            (event.method(), event.action(), event.device()),
            ("identification", "login", "different-device")
        );
        // The one who was asked, whoever it is that has answered.
        assert_eq!(event.person(), events[0].person());
    }
    let created = &events[2];
    assert_eq!(created.took(), Some(Duration::from_millis(120)));
    let finished = &events[10];
    assert_eq!(finished.age(), Some(Duration::from_secs(71)));
    assert_eq!(finished.response(), Some(Duration::from_secs(69)));
}

#[test]
fn the_json_of_an_event_is_as_it_was() {
    let events = events();
    let person = events[0].person().unwrap();
    let common = r#""method":"identification","action":"login","device":"different-device""#;
    assert_eq!(
        events[10].to_json().to_string(),
        format!(
            r#"{{"flowseal_audit":1,"event":"finished","at":1716820123,"outcome":"done","flow":"req_1",{common},"trust":"signed","person":"{person}","age_s":71,"response_s":69}}"#
        )
    );
    assert_eq!(
        events[9].to_json().to_string(),
        format!(
            r#"{{"flowseal_audit":1,"event":"finished","at":1716820123,"outcome":"refused","code":"expectation_failed","check":"requestee","flow":"req_1",{common},"person":"{person}"}}"#
        )
    );
}

/// What the schema says is closed is what the types have; a reader of schemas that was not written
/// here looks at whole events in the tests of the Python package.
#[test]
fn the_schema_has_the_names_of_the_types_and_no_others() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let names = |member: &str| -> BTreeSet<String> {
        let names = schema["properties"][member]["enum"].as_array().unwrap();
        names
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect()
    };
    let set = |names: &mut dyn Iterator<Item = &'static str>| -> BTreeSet<String> {
        names.map(str::to_owned).collect()
    };
    let kinds = &mut AuditKind::ALL.iter().map(|kind| kind.as_str());
    assert_eq!(names("event"), set(kinds));
    let outcomes = &mut AuditOutcome::ALL.iter().map(|outcome| outcome.as_str());
    assert_eq!(names("outcome"), set(outcomes));
    let checks = &mut Check::ALL.iter().map(|check| check.as_str());
    assert_eq!(names("check"), set(checks));
    let known = schema["properties"].as_object().unwrap();
    let required = schema["required"].as_array().unwrap();
    for event in events() {
        let event = json(&event);
        let members = event.as_object().unwrap();
        assert!(
            members.keys().all(|name| known.contains_key(name)),
            "{event}"
        );
        assert!(
            required
                .iter()
                .all(|name| members.contains_key(name.as_str().unwrap()))
        );
    }
}

#[test]
fn a_person_is_the_same_under_one_key_another_under_another_and_nobody_without() {
    let person = |audit: &Audit, pending: &PendingFlow| {
        let event = audit.picked_up(pending, now());
        event.person().map(str::to_owned)
    };
    let ada = || pending();
    let bayo = || {
        pending_of(&identification(
            &Device::different(BAYO).unwrap(),
            &["naming.given"],
        ))
    };
    let other = Audit::new().with_person_key(&[8; 32]).unwrap();
    assert_eq!(person(&audit(), &ada()), person(&audit(), &ada()));
    assert_ne!(person(&audit(), &ada()), person(&audit(), &bayo()));
    assert_ne!(person(&audit(), &ada()), person(&other, &ada()));
    assert_eq!(person(&Audit::new(), &ada()), None);
    assert_eq!(
        json(&Audit::new().picked_up(&ada(), now())).get("person"),
        None
    );
    // By another implementation of HMAC: Python's hmac, over the label, a zero byte and the number.
    let known =
        "hmac.new(bytes([7]) * 32, b'flowseal-audit-person-v1\\0' + b'22212345610', 'sha256')";
    assert_eq!(person(&audit(), &ada()).as_deref(), Some(KNOWN), "{known}");
    // A key that is longer than HMAC's block is hashed first.
    let long = Audit::new().with_person_key(&[9; 65]).unwrap();
    assert_eq!(person(&long, &ada()).as_deref(), Some(KNOWN_LONG));

    let error = Audit::new()
        .with_person_key(&[7; 31])
        .map(|_| ())
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::Usage);
    assert!(!format!("{:?} {error}", audit()).contains("7, 7"));
}

const KNOWN: &str = "decc498bfae77a7f19f4988198f7a871314e79a029939a2ba8211b01a6a67ef3";
const KNOWN_LONG: &str = "59c1daed226ad224b913c7836a771e44f5ffa69e2c65634b4df73dd685445c2a";

#[test]
fn of_a_wildcard_whoever_has_responded_is_the_person() {
    let start = identification(&Device::wildcard(1).unwrap(), &["naming.given"]);
    let pending = pending_of(&start);
    assert_eq!(audit().picked_up(&pending, now()).person(), None);
    let (mine, once) = (browser(), FinishedFlows::new());
    let flow = flow(&pending, &sealed(builder(), GIVEN));
    let end = pending.finish(flow, &verifier(), Some(&mine), &once, now());
    let event = audit().finished(&pending, end.as_ref(), now());
    assert_eq!(event.person(), Some(KNOWN));
}

/// Listens as whatever an app uses does: what it is told, member by member.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Vec<(String, String)>>>);

impl tracing::Subscriber for Listener {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "flowseal::audit"
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut told = self.0.lock().unwrap();
        told.push(("level".to_owned(), event.metadata().level().to_string()));
        event.record(&mut Members(&mut told));
    }
}

struct Members<'a>(&'a mut Vec<(String, String)>);

impl Visit for Members<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push((field.name().to_owned(), format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name().to_owned(), value.to_owned()));
    }
}

#[test]
fn what_tracing_is_told_is_the_json_member_by_member() {
    for event in events() {
        let listener = Listener::default();
        tracing::subscriber::with_default(listener.clone(), || event.trace());
        let mut told = listener.0.lock().unwrap().clone();
        let level = match event.outcome() {
            AuditOutcome::Done | AuditOutcome::Ended => "INFO",
            AuditOutcome::Failed | AuditOutcome::Refused => "WARN",
        };
        assert_eq!(told.remove(0), ("level".to_owned(), level.to_owned()));
        told.retain(|(name, _)| name != "message");
        let told: Value = told
            .into_iter()
            .map(|(name, value)| {
                let number = value.parse::<u64>().map(Value::from);
                (name, number.unwrap_or_else(|_| Value::from(value)))
            })
            .collect::<serde_json::Map<_, _>>()
            .into();
        let mut expected = json(&event);
        expected.as_object_mut().unwrap().remove("flowseal_audit");
        assert_eq!(told, expected);
    }
}

#[test]
fn a_clock_that_disagrees_makes_no_span_that_is_none() {
    let pending = pending();
    let complete = flow(&pending, &sealed(builder(), GIVEN));
    for moment in [Duration::ZERO, Duration::MAX] {
        let moment = UnixTime::from(moment);
        let event = audit().ended::<Error>(&pending, Ok(&complete), moment);
        let event = json(&event.with_took(Duration::MAX));
        assert!(event["age_s"].is_u64() && event["at"].is_u64(), "{event}");
        assert!(event["took_ms"].as_u64().unwrap() <= 1 << 53, "{event}");
    }
}
