//! The bytes under a signature say one thing.

use flowseal::testkit::FlowBuilder;
use flowseal::{ErrorCode, Expectations, Flow, Setup};
use serde_json::json;

use super::{bare, now, profile, response, user, verifier};

#[test]
fn a_text_that_reads_as_an_array_is_refused_whatever_the_limits() {
    let profile = profile(
        r#"{"statement": {"template": "{reference}|{data}"}, "limits": {"depth": 100, "leaves": 9999}}"#,
    );
    let builder = FlowBuilder::new("req_1").profile(&profile);
    // Deeper than the default limits, within the profile's.
    let array = "[".repeat(40) + &"]".repeat(40);
    let signed = builder.sign(&bare(&format!(r#","data": {array}"#)), &user());
    let with_text = signed.unwrap().replace(
        &format!("\"data\":{array}"),
        &format!("\"data\":\"{array}\""),
    );
    let flow = Setup::new(profile.clone())
        .read_flow(with_text.as_bytes())
        .unwrap();
    assert!(flow.member("data").unwrap().as_str().is_some());
    let refused = flow.verify(&verifier(), &Expectations::unbound(), now());
    assert_eq!(refused.unwrap_err().error().code(), ErrorCode::Statement);
}

#[test]
fn a_covered_member_gives_what_the_statement_says() {
    let flow = bare(r#","data": {"amount": 5, "list": [{"x": null}, null]}, "claims": {"a": {}}"#);
    let signed = FlowBuilder::new("req_1").sign(&flow, &user()).unwrap();
    let mut changed: serde_json::Value = serde_json::from_str(&signed).unwrap();
    let request = &mut changed["data"]["request"];
    request["data"]["approved by the bank"] = json!(null);
    request["data"]["list"][0]["y"] = json!(null);
    request["claims"]["naming"] = json!(null);

    let flow = Flow::from_json(changed.to_string().as_bytes()).unwrap();
    let verified = flow
        .verify(&verifier(), &Expectations::unbound(), now())
        .unwrap();
    let statement = std::str::from_utf8(verified.statement()).unwrap();
    let shown = |name: &str| verified.covered(name).unwrap().to_string();
    assert_eq!(shown("data"), r#"{"amount":5,"list":[{},null]}"#);
    assert_eq!(shown("claims"), r#"{"a":{}}"#);
    assert!(statement.contains(&shown("data")), "{statement}");
    // As received, it is still there to be looked at.
    let received = verified.unauthenticated().member("data").unwrap();
    assert!(received.to_string().contains("approved by the bank"));
}

#[test]
fn every_covered_member_is_in_the_statement_as_it_is_given() {
    let flow = Flow::from_json(response().as_bytes()).unwrap();
    let verified = flow
        .verify(&verifier(), &Expectations::unbound(), now())
        .unwrap();
    let statement: serde_json::Value = serde_json::from_slice(verified.statement()).unwrap();
    for name in verified.report().covers() {
        let given = verified.covered(name).unwrap().to_string();
        let given: serde_json::Value = serde_json::from_str(&given).unwrap();
        assert_eq!(given, statement[name], "{name}");
    }
}
