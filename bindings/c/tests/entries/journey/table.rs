//! The core's table of the journey through C.

use std::ptr::{from_ref, null, null_mut};

use flowseal_ffi::api_config::{
    flowseal_api_config, flowseal_api_config_set_base_url, flowseal_api_config_set_ids,
};
use flowseal_ffi::details::flowseal_error_report;
use flowseal_ffi::device::{
    flowseal_device, flowseal_device_different, flowseal_device_same, flowseal_device_wildcard,
    flowseal_signer, flowseal_signer_different_device, flowseal_signer_same_device,
    flowseal_signer_wildcard, flowseal_webhook_target, flowseal_webhook_target_new,
};
use flowseal_ffi::error::{flowseal_error, flowseal_error_status};
use flowseal_ffi::finish::flowseal_pending_flow_finish;
use flowseal_ffi::lists::{
    flowseal_check, flowseal_check_name, flowseal_next_step, flowseal_next_step_name,
    flowseal_purpose_name, flowseal_situation, flowseal_situation_key,
};
use flowseal_ffi::pending::{
    flowseal_pending_flow, flowseal_pending_flow_from_json, flowseal_pending_flow_to_json,
};
use flowseal_ffi::report::{
    flowseal_outcome, flowseal_report, flowseal_report_check, flowseal_report_count,
    flowseal_report_outcome,
};
use flowseal_ffi::request::{flowseal_request, flowseal_request_body, flowseal_request_url};
use flowseal_ffi::session_token::{flowseal_session_token, flowseal_session_token_expose};
use flowseal_ffi::start::{
    flowseal_api_config_confirm, flowseal_api_config_identify, flowseal_api_config_sign,
    flowseal_created, flowseal_created_cost, flowseal_created_expires_unix_seconds,
    flowseal_created_flow, flowseal_created_link, flowseal_created_pending, flowseal_created_seed,
    flowseal_created_seed_count, flowseal_created_token, flowseal_start, flowseal_start_read,
    flowseal_start_request, flowseal_start_warning_count,
};
use flowseal_ffi::status::{flowseal_status, flowseal_status_name};
use flowseal_ffi::verified_flow::flowseal_verified_flow;
use flowseal_ffi::verifier::{flowseal_verifier, flowseal_verifier_trusting};
use flowseal_ffi::verifying_keys::{
    flowseal_verifying_keys, flowseal_verifying_keys_load, flowseal_verifying_keys_new,
};
use flowseal_ffi::words::{
    flowseal_situation_next, flowseal_situation_of_error, flowseal_words, flowseal_words_english,
    flowseal_words_french, flowseal_words_text,
};
use serde_json::{Value, json};

use super::{OK, browser, bytes, http, in_memory};
use crate::call::{call, flow, made, message, named, slice, text, tried};

type Tried<T> = Result<T, flowseal_error>;

#[test]
fn every_case_of_the_journey_ends_in_c_as_the_table_says() {
    let table = include_str!("../../../../../crates/flowseal/tests/vectors/journey.json");
    let cases: Vec<Value> = serde_json::from_str(table).unwrap();
    assert!(cases.len() > 100);
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let found = found(case);
            let (name, expected) = (&case["name"], &case["expect"]);
            (found != *expected)
                .then(|| format!("{name}\n  expected {expected}\n  found    {found}"))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn found(case: &Value) -> Value {
    let found = match str_of(case, "operation") {
        "start" => start(case).map(sent),
        "answer" => answered(case),
        "pending" => finished(case),
        "words" => Ok(told(str_of(case, "situation"))),
        unknown => panic!("the table has the unknown operation {unknown}"),
    };
    found.unwrap_or_else(|error| refused(error, &case["expect"]))
}

fn str_of<'a>(case: &'a Value, member: &str) -> &'a str {
    case[member].as_str().unwrap()
}

/// A refusal, with the check that failed, and the situation where the table names one.
fn refused(error: flowseal_error, expect: &Value) -> Value {
    let status = made!(OK; flowseal_error_status(error)).unwrap();
    let mut found = json!({"code": named(flowseal_status_name(status as u32))});
    if let Ok(report) = made!(flowseal_report { id: 0 }; flowseal_error_report(error)) {
        let count = made!(0; flowseal_report_count(report)).unwrap();
        let failed = (0..count).find(|index| {
            let outcome = made!(flowseal_outcome::Passed; flowseal_report_outcome(report, *index));
            outcome == Ok(flowseal_outcome::Failed)
        });
        if let Some(index) = failed {
            let check = made!(flowseal_check::Age; flowseal_report_check(report, index));
            found["failed"] = json!(named(flowseal_check_name(check.unwrap() as u32)));
        }
    }
    if !expect["situation"].is_null() {
        let situation = made!(flowseal_situation::Approved; flowseal_situation_of_error(error));
        let key = named(flowseal_situation_key(situation.unwrap() as u32));
        found["situation"] = json!(key);
    }
    found
}

fn config(case: &Value) -> flowseal_api_config {
    let config = super::config(if case["version"] == "v1" { 1 } else { 2 });
    let organisation = case["organisation"].as_str().unwrap_or("bcn_sample");
    let set = call!(flowseal_api_config_set_ids(
        config,
        bytes(organisation).cast(),
        organisation.len(),
        bytes("app_sample").cast(),
        10
    ));
    assert_eq!(set, OK);
    if let Some(base) = case["base"].as_str() {
        let set = call!(flowseal_api_config_set_base_url(
            config,
            bytes(base).cast(),
            base.len(),
            null_mut()
        ));
        assert_eq!(set, OK);
    }
    config
}

fn seeds(count: &Value) -> u32 {
    u32::try_from(count.as_u64().unwrap()).unwrap()
}

fn device(asked: &Value) -> Tried<flowseal_device> {
    let place = flowseal_device { id: 0 };
    match (asked["different"].as_str(), &asked["wildcard"]) {
        (Some(user), _) => {
            tried!(place; flowseal_device_different(bytes(user).cast(), user.len()))
        }
        (None, Value::Null) => Ok(made!(place; flowseal_device_same()).unwrap()),
        (None, count) => tried!(place; flowseal_device_wildcard(seeds(count))),
    }
}

fn signer(asked: &Value) -> Tried<flowseal_signer> {
    let place = flowseal_signer { id: 0 };
    match (asked["same"].as_str(), asked["different"].as_str()) {
        (Some(nin), _) => {
            tried!(place; flowseal_signer_same_device(bytes(nin).cast(), nin.len()))
        }
        (None, Some(nin)) => {
            tried!(place; flowseal_signer_different_device(bytes(nin).cast(), nin.len()))
        }
        (None, None) => tried!(place; flowseal_signer_wildcard(seeds(&asked["wildcard"]))),
    }
}

fn webhook(hook: &Value) -> Tried<Option<flowseal_webhook_target>> {
    if hook.is_null() {
        return Ok(None);
    }
    let (host, reference) = (str_of(hook, "host"), str_of(hook, "reference"));
    let target = tried!(flowseal_webhook_target { id: 0 }; flowseal_webhook_target_new(
        bytes(host).cast(), host.len(), bytes(reference).cast(), reference.len()));
    target.map(Some)
}

fn start(case: &Value) -> Tried<flowseal_start> {
    let (config, place) = (config(case), flowseal_start { id: 0 });
    let payload = str_of(case, "payload");
    if str_of(case, "method") == "identify" {
        let device = device(&case["device"])?;
        let claims = case["claims"].as_array().unwrap().iter();
        let claims: Vec<_> = claims.map(|claim| slice(claim.as_str().unwrap())).collect();
        let action = str_of(case, "action");
        let purpose = (1..4).find(|number| named(flowseal_purpose_name(*number)) == action);
        return tried!(place; flowseal_api_config_identify(
            config, purpose.unwrap_or(0), claims.as_ptr(), claims.len(), bytes(payload).cast(),
            payload.len(), device));
    }
    let (signer, webhook) = (signer(&case["device"])?, webhook(&case["webhook"])?);
    if str_of(case, "method") == "sign" {
        return tried!(place; flowseal_api_config_sign(
            config, signer, bytes(payload).cast(), payload.len(), webhook.unwrap()));
    }
    let webhook = webhook.as_ref().map_or(null(), from_ref);
    tried!(place; flowseal_api_config_confirm(
        config, signer, bytes(payload).cast(), payload.len(), webhook))
}

fn sent(start: flowseal_start) -> Value {
    let request = made!(flowseal_request { id: 0 }; flowseal_start_request(start)).unwrap();
    let body = text!(flowseal_request_body(request)).unwrap();
    json!({
        "url": text!(flowseal_request_url(request)).unwrap(),
        "body": serde_json::from_str::<Value>(&body).unwrap(),
        "warnings": made!(0; flowseal_start_warning_count(start)).unwrap(),
    })
}

fn answered(case: &Value) -> Tried<Value> {
    let status = u16::try_from(case["status"].as_u64().unwrap()).unwrap();
    let response = http(status, str_of(case, "answer"));
    let created = tried!(flowseal_created { id: 0 };
        flowseal_start_read(start(case)?, response))?;
    let count = made!(0; flowseal_created_seed_count(created)).unwrap();
    let seeds = (0..count).map(|index| text!(flowseal_created_seed(created, index)).unwrap());
    let token = made!(flowseal_session_token { id: 0 }; flowseal_created_token(created));
    let token = token.map(|token| text!(flowseal_session_token_expose(token)).unwrap());
    let expires = made!(0; flowseal_created_expires_unix_seconds(created)).unwrap();
    Ok(json!({
        "flow": text!(flowseal_created_flow(created)).unwrap(),
        "link": text!(flowseal_created_link(created)).ok(),
        "seeds": seeds.collect::<Vec<_>>(),
        "token": token.ok(),
        "expires": expires,
        "cost": text!(flowseal_created_cost(created)).ok(),
    }))
}

/// What was asked of the person in the sample, changed as the case says, and its end.
fn finished(case: &Value) -> Tried<Value> {
    let browser = browser(b"the cookie of this browser");
    let mut members = kept(&raw const browser);
    for (name, value) in case["change"].as_object().unwrap() {
        match value {
            Value::Null => drop(members.as_object_mut().unwrap().remove(name)),
            value => members[name] = value.clone(),
        }
    }
    let json = members.to_string();
    let pending = tried!(flowseal_pending_flow { id: 0 };
        flowseal_pending_flow_from_json(bytes(&json).cast(), json.len(), config(case)))?;
    let sample = include_str!("../../../examples/flow.json");
    let mut error = flowseal_error { id: 0 };
    let mut verified = flowseal_verified_flow { id: 0 };
    let end = call!(flowseal_pending_flow_finish(
        pending,
        flow(sample),
        verifier(),
        in_memory(),
        &raw const browser,
        1_716_820_181,
        &raw mut verified,
        null_mut(),
        &raw mut error
    ));
    match end {
        OK => Ok(json!({"finished": true})),
        _ => Err(error),
    }
}

fn kept(browser: *const flowseal_ffi::binding::flowseal_binding) -> Value {
    let claims = [
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
    let case = json!({"method": "identify", "action": "login", "claims": claims,
        "payload": "Log in to Example", "device": {"different": super::ADA}});
    let answer = r#"{"status": "successful", "data": {"request": {"id": "req_sample",
        "exp": 1716820412}}}"#;
    let start = start(&case).map_err(message).unwrap();
    let created = tried!(flowseal_created { id: 0 };
        flowseal_start_read(start, http(201, answer)));
    let created = created.map_err(message).unwrap();
    let pending = tried!(flowseal_pending_flow { id: 0 };
        flowseal_created_pending(created, browser));
    let kept = text!(flowseal_pending_flow_to_json(
        pending.map_err(message).unwrap()
    ));
    serde_json::from_str(&kept.unwrap()).unwrap()
}

/// That of the sample.
fn verifier() -> flowseal_verifier {
    let pem = include_str!("../../../../../crates/flowseal/tests/vectors/keys/user-2048.pub.pem");
    let keys = made!(flowseal_verifying_keys { id: 0 }; flowseal_verifying_keys_new()).unwrap();
    let loaded = call!(flowseal_verifying_keys_load(
        keys,
        bytes(pem),
        pem.len(),
        null_mut()
    ));
    assert_eq!(loaded, OK);
    made!(flowseal_verifier { id: 0 }; flowseal_verifier_trusting(keys)).unwrap()
}

fn told(key: &str) -> Value {
    let place = flowseal_words { id: 0 };
    let number = (1..100).find(|number| named(flowseal_situation_key(*number)) == key);
    let number = number.unwrap();
    let text_of = |words: Result<flowseal_words, flowseal_status>| {
        text!(flowseal_words_text(words.unwrap(), number)).unwrap()
    };
    let next = made!(flowseal_next_step::Wait; flowseal_situation_next(number)).unwrap();
    json!({
        "english": text_of(made!(place; flowseal_words_english())),
        "french": text_of(made!(place; flowseal_words_french())),
        "next": named(flowseal_next_step_name(next as u32)),
    })
}
