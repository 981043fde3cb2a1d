//! What is read, shown and read again is the same, under the signature too; and a canonical
//! statement, read as a flow, has itself as its statement.
#![no_main]

use std::sync::LazyLock;

use flowseal::testkit::{FlowBuilder, KeyPair, SigningKey};
use flowseal::{Expectations, Flow, UnixTime, Verifier};
use libfuzzer_sys::fuzz_target;

static USER: LazyLock<(SigningKey, Verifier)> = LazyLock::new(|| {
    let user = KeyPair::sample_user().unwrap();
    let verifier = Verifier::trusting([user.verifying_key().unwrap()]);
    (user.signing_key().unwrap(), verifier)
});

fuzz_target!(|text: &[u8]| {
    let Ok(flow) = Flow::from_json(text) else {
        return;
    };
    let shown = flow.members().to_string();
    let again = Flow::from_json(shown.as_bytes()).unwrap();
    assert_eq!(again.members(), flow.members());
    assert_eq!(again.members().to_string(), shown);

    let Some(statement) = statement(&shown) else {
        return;
    };
    let read_as_a_flow = statement.replacen('{', r#"{"cancelled":false,"#, 1);
    assert_eq!(self::statement(&read_as_a_flow).unwrap(), statement);
});

/// The statement of a flow that can be signed and is not refused for another reason.
fn statement(flow: &str) -> Option<String> {
    let (signing, verifier) = &*USER;
    let signed = FlowBuilder::new("").sign(flow, signing).ok()?;
    let flow = Flow::from_json(signed.as_bytes()).unwrap();
    let now = UnixTime::from_seconds(99_999_999_999).unwrap();
    let verified = flow.verify(verifier, &Expectations::unbound(), now).ok()?;
    Some(String::from_utf8(verified.statement().to_vec()).unwrap())
}
