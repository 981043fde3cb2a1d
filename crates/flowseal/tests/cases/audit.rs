//! What no event of the audit says, whatever happens to a flow: over the whole table.

use std::collections::BTreeSet;

use flowseal::api::{
    Action, ApiConfig, ApiVersion, Audit, AuditKind, Binding, Created, Credentials, Device,
    Environment, FinishedFlows, HttpResponse, PendingFlow, Purpose, Start,
};
use flowseal::profile::Trust;
use flowseal::{Error, ErrorCode, Flow};
use serde_json::Value;

use super::{cases, flow, now, options, profile, ring, verifier};

/// What the start sends and its answer brings: none of it is for a log.
const HUSHED: [&str; 7] = [
    "bk-test_hush",
    "snb_hush",
    "hush payload",
    "https://hush.example/link",
    "hush-seed",
    "eyJhush.e30.AAAA",
    NUMBER,
];
const NUMBER: &str = "98765432101";
const BROWSER: &[u8] = b"hush cookie of the browser";

#[test]
fn no_event_of_any_case_says_what_it_must_not() {
    let kinds: BTreeSet<_> = cases()
        .iter()
        .filter(|case| case["response"].is_string() || case["response_hex"].is_string())
        .flat_map(says_nothing)
        .collect();
    let every = AuditKind::ALL.iter().map(|kind| kind.as_str());
    assert_eq!(kinds, every.collect());
}

/// The kinds of events that a case has caused.
fn says_nothing(case: &Value) -> Vec<&'static str> {
    let (told, reference, kinds) = told(case);
    let harmless = format!("{reference} {}", vocabulary());
    let mut secrets: Vec<String> = HUSHED.map(str::to_owned).to_vec();
    if let Ok(tree) = serde_json::from_str(case["response"].as_str().unwrap_or_default()) {
        texts_of(&tree, &mut secrets);
    }
    for member in ["claims", "value", "diagnosis", "details"] {
        texts_of(&case["expect"][member], &mut secrets);
    }
    secrets.retain(|secret| secret.len() > 3 && !harmless.contains(secret.as_str()));
    for secret in secrets {
        assert!(
            !told.contains(&secret),
            "{}: {secret} in {told}",
            case["name"]
        );
    }
    // The one digest is the person's, under the key.
    let digits = |c: char| !c.is_ascii_hexdigit();
    let digests: BTreeSet<_> = told.split(digits).filter(|run| run.len() >= 40).collect();
    assert!(digests.len() <= 2, "{}: {digests:?}", case["name"]);
    kinds
}

/// All that a log has of a case, the flow's reference, and what has happened.
fn told(case: &Value) -> (String, String, Vec<&'static str>) {
    let audit = Audit::new().with_person_key(&[7; 32]).unwrap();
    let now = now(case).unwrap_or_default();
    let given = profile(&case["profile"]).ok().flatten();
    let parsed = flow(case, given.as_ref());
    let reference = match &parsed {
        Ok(flow) if (1..=1024).contains(&flow.reference().len()) => flow.reference().to_owned(),
        _ => "req_1".to_owned(),
    };
    let number = match &parsed {
        Ok(flow) if flow.requestee().chars().count() >= NUMBER.len() => flow.requestee(),
        _ => NUMBER,
    };
    let (start, created) = started(&reference, number);
    let pending = created.as_ref().unwrap().pending(Some(&binding())).unwrap();
    let pending = pending.allow_more_claims();
    let mut events = vec![
        audit.started(&start, now),
        audit.created(&start, created.as_ref(), now),
        audit.picked_up(&pending, now),
        audit.cancel_asked(&pending, now),
    ];
    let refused = start.read(&HttpResponse::new(400, "no such user: 98765432101"));
    events.push(audit.created(&start, refused.as_ref(), now));

    let ended = watched(&pending, case);
    events.push(audit.ended(&pending, ended.as_ref(), now));
    let flows = [parsed.ok(), ended.ok()].into_iter().flatten();
    for flow in flows {
        let verifier = verifier(case, given.as_ref()).ok();
        let (mine, once) = (binding(), FinishedFlows::new());
        let ring = ring(case, given.as_ref());
        let mut opened = Vec::new();
        if let Some(verifier) = &verifier {
            let end = pending.finish(flow.clone(), verifier, Some(&mine), &once, now);
            events.push(audit.finished(&pending, end.as_ref(), now));
            if let (Ok(flow), Ok(ring)) = (end, &ring) {
                opened.push(flow.open_with(ring, &options(case)));
            }
        }
        let end = pending.finish_received(flow, None, Some(&mine), &once, now);
        events.push(audit.finished(&pending, end.as_ref(), now));
        if let (Ok(flow), Ok(ring)) = (end, &ring) {
            opened.push(flow.open_with(ring, &options(case)));
        }
        for opened in opened {
            events.push(audit.opened(&pending, opened.as_ref(), now));
        }
    }
    let kinds = events.iter().map(|event| event.kind().as_str()).collect();
    let told = events
        .iter()
        .map(|event| format!("{} {event:?}\n", event.to_json()));
    (
        told.collect::<String>() + &format!("{audit:?}"),
        reference,
        kinds,
    )
}

fn binding() -> Binding {
    Binding::new(BROWSER).unwrap()
}

/// The words that every log has.
fn vocabulary() -> String {
    let codes = ErrorCode::ALL.iter().map(|code| code.as_str());
    let codes: Vec<_> = codes.collect();
    let (start, created) = started("req_1", NUMBER);
    let audit = Audit::new();
    let (created, now) = (created.unwrap(), flowseal::UnixTime::default());
    let pending = created.pending(Some(&binding())).unwrap();
    let words = [
        audit.created::<Error>(&start, Ok(&created), now),
        audit.ended(&pending, Err(&ErrorCode::FlowExpired), now),
    ];
    let words = words.map(|event| format!("{} {event:?}", event.to_json()));
    format!(
        "{} {} signed received signature",
        words.join(" "),
        codes.join(" ")
    )
}

fn config() -> ApiConfig {
    let credentials = Credentials {
        api_key: HUSHED[0].into(),
        app_secret: HUSHED[1].into(),
    };
    ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials).unwrap()
}

fn started(reference: &str, number: &str) -> (Start, Result<Created, Error>) {
    let device = Device::different(number).unwrap();
    let claims = ["naming.given"];
    let start = config()
        .identify(Purpose::Login, claims, HUSHED[2], &device)
        .unwrap();
    let answer = serde_json::json!({"status": "successful", "data": {
        "request": {"id": reference, "exp": 1_716_820_412, "user": number, "payload": HUSHED[2]},
        "link": HUSHED[3], "seeds": [HUSHED[4]], "token": HUSHED[5],
    }});
    let created = start.read(&HttpResponse::new(201, &answer.to_string()));
    (start, created)
}

/// The end of a session whose pings the case's response answers.
fn watched(pending: &PendingFlow, case: &Value) -> Result<Flow, Error> {
    let mut session = pending.session(config())?.with_trust(Trust::Received)?;
    let mut moment = now(case).unwrap_or_default();
    let body = case["response"].as_str().unwrap_or_default();
    loop {
        match session.poll(moment, 0) {
            Action::Send { request, .. } => {
                let response = HttpResponse::new(200, body).answering(&request);
                session.handle(&response.with_url(request.url()), moment);
            }
            Action::Wait(pause) => moment += pause,
            Action::Progress(_) => {}
            Action::Stream { .. } => session.stream_ended(moment),
            Action::Ended(end) => return end,
        }
    }
}

/// Every text in a tree.
fn texts_of(tree: &Value, texts: &mut Vec<String>) {
    match tree {
        Value::Array(elements) => elements.iter().for_each(|element| texts_of(element, texts)),
        Value::Object(members) => members.values().for_each(|value| texts_of(value, texts)),
        Value::String(text) => texts.push(text.clone()),
        Value::Bool(_) | Value::Null | Value::Number(_) => {}
    }
}
