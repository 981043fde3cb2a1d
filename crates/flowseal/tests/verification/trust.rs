//! Whose keys sign what.

use flowseal::testkit::KeyPair;
use flowseal::{Expectations, Flow, Verifier};

use super::{now, response, user_public};

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
