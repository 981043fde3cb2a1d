//! The table of the journey that every language runs: what is sent, what is read of an answer,
//! which change of a pending flow is refused by what, and what the person is told.
//! `tests/vectors/README.md` describes it.

use std::path::Path;

use flowseal::api::{
    ApiConfig, ApiVersion, Binding, Credentials, Device, Environment, FinishedFlows, HttpResponse,
    PendingFlow, Purpose, Signer, Situation, Start, WebhookTarget, Words,
};
use flowseal::report::{Check, Outcome};
use flowseal::{Error, ErrorCode, Flow, UnixTime, Verifier, VerifyingKey};
use serde_json::{Value, json};

#[test]
fn every_case_of_the_journey_ends_as_the_table_says() {
    let cases = cases();
    let failures: Vec<_> = cases.iter().filter_map(failure).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let names: std::collections::BTreeSet<_> =
        cases.iter().map(|case| text(case, "name")).collect();
    assert_eq!(names.len(), cases.len());
}

fn cases() -> Vec<Value> {
    serde_json::from_str(include_str!("../vectors/journey.json")).unwrap()
}

fn failure(case: &Value) -> Option<String> {
    let found = match text(case, "operation") {
        "start" => start(case).map(|start| sent(&start)),
        "answer" => answered(case),
        "pending" => return finished(case),
        "words" => Ok(told(text(case, "situation"))),
        unknown => panic!("the table has the unknown operation {unknown}"),
    };
    let found = found.unwrap_or_else(|error| refused(&error, &case["expect"]));
    (found != case["expect"]).then(|| {
        let (name, expected) = (text(case, "name"), &case["expect"]);
        format!("{name}\n  expected {expected}\n  found    {found}")
    })
}

/// A refusal, with the situation where the table names one.
fn refused(error: &Error, expect: &Value) -> Value {
    let mut found = json!({"code": error.code().as_str()});
    if !expect["situation"].is_null() {
        found["situation"] = json!(Situation::of_error(error).key());
    }
    found
}

fn text<'a>(case: &'a Value, member: &str) -> &'a str {
    case[member].as_str().unwrap()
}

fn config(case: &Value) -> ApiConfig {
    let version = match case["version"].as_str() {
        Some("v1") => ApiVersion::V1,
        _ => ApiVersion::V2,
    };
    let credentials = Credentials {
        api_key: "bk-test_1".into(),
        app_secret: "snb_1".into(),
    };
    let organisation = case["organisation"].as_str().unwrap_or("bcn_sample");
    let config = ApiConfig::new(version, Environment::Sandbox, credentials).unwrap();
    let config = config.with_ids(organisation, "app_sample");
    match case["base"].as_str() {
        Some(base) => config.with_base_url(base).unwrap(),
        None => config,
    }
}

/// A count that no byte holds is one that no type takes.
fn seeds(count: &Value) -> u8 {
    u8::try_from(count.as_u64().unwrap()).unwrap_or(u8::MAX)
}

fn start(case: &Value) -> Result<Start, Error> {
    let (config, device, payload) = (config(case), &case["device"], text(case, "payload"));
    if text(case, "method") == "identify" {
        let device = match (device["different"].as_str(), &device["wildcard"]) {
            (Some(user), _) => Device::different(user)?,
            (None, Value::Null) => Device::same(),
            (None, count) => Device::wildcard(seeds(count))?,
        };
        let claims = case["claims"].as_array().unwrap().iter();
        let claims = claims.map(|claim| claim.as_str().unwrap());
        let purpose = Purpose::from_name(text(case, "action"))?;
        return config.identify(purpose, claims, payload, &device);
    }
    let signer = match (device["same"].as_str(), device["different"].as_str()) {
        (Some(nin), _) => Signer::same_device(nin)?,
        (None, Some(nin)) => Signer::different_device(nin)?,
        (None, None) => Signer::wildcard(seeds(&device["wildcard"]))?,
    };
    let webhook = match &case["webhook"] {
        Value::Null => None,
        hook => Some(WebhookTarget::new(
            text(hook, "host"),
            text(hook, "reference"),
        )?),
    };
    match text(case, "method") {
        "sign" => config.sign(&signer, payload, webhook.as_ref().unwrap()),
        _ => config.confirm(&signer, payload, webhook.as_ref()),
    }
}

fn sent(start: &Start) -> Value {
    let body = start.request().body().unwrap();
    json!({
        "url": start.request().url(),
        "body": serde_json::from_str::<Value>(body).unwrap(),
        "warnings": start.warnings().len(),
    })
}

fn answered(case: &Value) -> Result<Value, Error> {
    let status = u16::try_from(case["status"].as_u64().unwrap()).unwrap();
    let created = start(case)?.read(&HttpResponse::new(status, text(case, "answer")))?;
    Ok(json!({
        "flow": created.flow(),
        "link": created.link(),
        "seeds": created.seeds(),
        "token": created.token().map(flowseal::api::SessionToken::expose_secret),
        "expires": created.expires().seconds(),
        "cost": created.cost().map(|cost| flowseal::Json::Number(cost).to_string()),
    }))
}

/// What was asked of the person in the sample, changed as the case says, and its end.
fn finished(case: &Value) -> Option<String> {
    let (config, expect) = (config(case), &case["expect"]);
    let browser = Binding::new(b"the cookie of this browser").unwrap();
    let flow = include_str!("../../../../bindings/c/examples/flow.json");
    let mut members = kept(&browser);
    for (name, value) in case["change"].as_object().unwrap() {
        match value {
            Value::Null => drop(members.as_object_mut().unwrap().remove(name)),
            value => members[name] = value.clone(),
        }
    }
    let end = PendingFlow::from_json(members.to_string().as_bytes(), &config).and_then(|pending| {
        let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keys");
        let user = std::fs::read(keys.join("user-2048.pub.pem")).unwrap();
        let verifier = Verifier::trusting([VerifyingKey::load(&user).unwrap()]);
        let now = UnixTime::from_seconds(1_716_820_181).unwrap();
        let (flow, once) = (Flow::from_json(flow.as_bytes())?, FinishedFlows::new());
        let end = pending.finish(flow, &verifier, Some(&browser), &once, now);
        end.map_err(Error::from)
    });
    let found = match &end {
        Ok(_) => json!({"finished": true}),
        Err(error) => {
            let lines = error
                .report()
                .into_iter()
                .flat_map(flowseal::report::Report::lines);
            let mut failed = lines.filter(|line| line.outcome() == Outcome::Failed);
            match failed.next().map(|line| line.check().as_str()) {
                Some(check) => json!({"code": error.code().as_str(), "failed": check}),
                None => json!({"code": error.code().as_str()}),
            }
        }
    };
    (found != *expect).then(|| {
        let name = text(case, "name");
        format!("{name}\n  expected {expect}\n  found    {found}")
    })
}

fn kept(browser: &Binding) -> Value {
    let device = Device::different("22212345610").unwrap();
    let claims = CLAIMS.iter().copied();
    let start = config(&Value::Null)
        .identify(Purpose::Login, claims, "Log in to Example", &device)
        .unwrap();
    let answer = r#"{"status": "successful", "data": {"request": {"id": "req_sample",
        "exp": 1716820412}}}"#;
    let created = start.read(&HttpResponse::new(201, answer)).unwrap();
    let kept = created.pending(Some(browser)).unwrap().to_json();
    serde_json::from_str(&kept).unwrap()
}

/// All that is in the sample.
const CLAIMS: &[&str] = &[
    "bio.birthnumber",
    "bio.birthdate",
    "bio.gender",
    "contact.email",
    "contact.emailVerified",
    "naming.family",
    "naming.given",
    "nationality.primary",
    "nationality.nationalities",
];

fn told(key: &str) -> Value {
    let mut all = Situation::ALL.iter().copied();
    let situation = all.find(|situation| situation.key() == key).unwrap();
    json!({
        "english": Words::english().text(situation),
        "french": Words::french().text(situation),
        "next": situation.next().as_str(),
    })
}

#[test]
fn the_table_has_every_situation_and_every_compared_member() {
    let cases = cases();
    let has = |name: String| cases.iter().any(|case| case["name"] == name.as_str());
    for situation in Situation::ALL {
        assert!(has(format!("words/{}", situation.key())), "{situation:?}");
    }
    for check in [
        Check::Reference,
        Check::Requester,
        Check::Requestee,
        Check::Mode,
        Check::Age,
        Check::ClaimsRequested,
    ] {
        let is_of_it = |case: &Value| case["expect"]["failed"] == check.as_str();
        assert!(cases.iter().any(is_of_it), "{check}");
    }
    for code in [ErrorCode::PendingFlow, ErrorCode::FlowExpired] {
        let is_of_it = |case: &Value| case["expect"]["code"] == code.as_str();
        assert!(cases.iter().any(is_of_it), "{code}");
    }
}
