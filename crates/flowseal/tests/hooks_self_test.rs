//! An engine that fails its self-test, in a process of its own, since the self-test is run once in
//! each.
#![cfg(flowseal_hooks)]
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use flowseal::report::{Check, Outcome};
use flowseal::{CodeClass, ErrorCode, Expectations, Flow, UnixTime, Verifier, VerifyingKey};
use flowseal_rsa::hooks;

#[test]
fn a_machine_at_fault_is_no_forgery() {
    hooks::break_self_test();
    let cases: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("vectors/cases.json")).unwrap();
    let case = cases
        .iter()
        .find(|case| case["name"] == "trust/own")
        .unwrap();
    let user = VerifyingKey::load(include_bytes!("vectors/keys/user-2048.pub.pem")).unwrap();

    let flow = Flow::from_json(case["response"].as_str().unwrap().as_bytes()).unwrap();
    let now = UnixTime::from_seconds(1_716_820_181).unwrap();
    let refused = flow
        .verify(&Verifier::trusting([user]), &Expectations::unbound(), now)
        .unwrap_err();
    assert_eq!(refused.error().code(), ErrorCode::InternalFault);
    assert_eq!(refused.code().class(), CodeClass::Fault);
    let signature = refused.report().outcome(Check::Signature);
    assert_eq!(signature, Outcome::NotChecked);
}
