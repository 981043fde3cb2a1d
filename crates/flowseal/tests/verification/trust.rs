//! Whose keys sign what.

use flowseal::profile::Trust;
use flowseal::report::{Check, Outcome};
use flowseal::testkit::KeyPair;
use flowseal::{ErrorCode, Expectations, Flow, Setup, Verifier};

use super::{bare, now, profile, response, user_public};

#[test]
fn two_entries_of_one_person_are_joined() {
    let other = KeyPair::sample_app().unwrap().verifying_key().unwrap();
    for keys in [
        [user_public(), other.clone()],
        [other.clone(), user_public()],
    ] {
        let [first, second] = keys;
        let entries = [("22212345610", vec![first]), ("22212345610", vec![second])];
        let verifier = Verifier::by_requestee(entries);
        let flow = Flow::from_json(response().as_bytes()).unwrap();
        let verified = flow.verify(&verifier, &Expectations::unbound(), now());
        assert!(verified.is_ok());
    }
}

#[test]
fn a_profile_that_trusts_what_was_received_verifies_no_flow_without_a_signature() {
    let profile = profile(r#"{"trust": "received"}"#);
    assert_eq!(profile.trust, Trust::Received);
    let setup = Setup::new(profile);
    let verifier = setup.verifier_trusting([user_public()]);
    let verify = |flow: &str| {
        let flow = setup.read_flow(flow.as_bytes()).unwrap();
        flow.verify(&verifier, &Expectations::unbound(), now())
    };
    let unsigned = bare(r#", "claims": {"bio": {"gender": "AAAA"}}"#);
    let refused = verify(&unsigned).unwrap_err();
    assert_eq!(refused.error().code(), ErrorCode::SignatureMissing);
    let report = refused.report();
    assert_eq!(report.outcome(Check::Received), Outcome::NotAsked);

    let verified = verify(&response()).unwrap();
    assert_eq!(verified.report().outcome(Check::Signature), Outcome::Passed);
    assert_eq!(
        verified.report().outcome(Check::Received),
        Outcome::NotAsked
    );
}
