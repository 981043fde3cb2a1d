//! Disclosures: what may be shown, what a reader believes, and what it refuses.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

mod algebra;
mod bytes;
mod checking;
mod rules;
mod table;

use flowseal::profile::Profile;
use flowseal::testkit::{FlowBuilder, KeyPair, SigningKey};
use flowseal::{
    AppKey, DecryptingKey, Disclosed, Disclosure, Error, Expectations, Flow, KeyRing, Setup,
    UnixTime, VerifiedFlow, Verifier, VerifyingKey,
};
use serde_json::Value;

const CLAIMS: &[u8] = br#"{"naming": {"given": "Ada", "surname": "Obi"},
    "nationality": {"nationalities": ["NG", "SE"]}, "other": ["one", "two"]}"#;

fn app() -> KeyPair {
    KeyPair::sample_app().unwrap()
}

fn app_key() -> AppKey {
    AppKey::load(app().public_pem().as_bytes()).unwrap()
}

fn user() -> SigningKey {
    KeyPair::sample_user().unwrap().signing_key().unwrap()
}

fn user_public() -> [VerifyingKey; 1] {
    [KeyPair::sample_user().unwrap().verifying_key().unwrap()]
}

fn profile(text: &str) -> Profile {
    Profile::from_json(text.as_bytes()).unwrap()
}

fn ring(profile: &Profile) -> KeyRing {
    let options = DecryptingKey::options().with_setup(&Setup::new(profile.clone()));
    options.load(app().private_pem().as_bytes()).unwrap().into()
}

/// A bare flow of these claims, sealed and signed.
fn flow(profile: &Profile) -> Value {
    let builder = FlowBuilder::new("req_1").profile(profile);
    let builder = builder.claims(CLAIMS).unwrap();
    let sealed = builder.seal(&app().sealing_key().unwrap(), &user());
    serde_json::from_str(&sealed.unwrap().to_bare_json()).unwrap()
}

/// A flow that its own user has signed again, as it is now, and that is verified.
fn verified(profile: &Profile, flow: &Value) -> VerifiedFlow {
    let builder = FlowBuilder::new("req_1").profile(profile);
    let signed = builder.sign(&flow.to_string(), &user()).unwrap();
    let setup = Setup::new(profile.clone());
    let flow: Flow = setup.read_flow(signed.as_bytes()).unwrap();
    let verifier = Verifier::trusting(user_public()).with_setup(&setup);
    let now = UnixTime::from_seconds(FlowBuilder::SIGNED_AT + 2).unwrap();
    flow.verify(&verifier, &Expectations::unbound(), now)
        .unwrap()
}

/// The file that shows these claims of a flow.
fn disclosure(profile: &Profile, paths: &[&str]) -> Value {
    let verified = verified(profile, &flow(profile));
    let disclosure = verified.disclose(&ring(profile), paths.to_vec()).unwrap();
    serde_json::from_str(disclosure.to_json().expose_secret()).unwrap()
}

fn read(file: &Value) -> Result<Disclosure, Error> {
    Disclosure::from_json(file.to_string().as_bytes())
}

fn checked(file: &Value) -> Result<Disclosed, Error> {
    read(file)?.check(&app_key(), &user_public())
}

/// The code of a refusal, and its `why`.
fn refusal(file: &Value) -> (&'static str, Option<&'static str>) {
    let error = checked(file).unwrap_err();
    (error.code().as_str(), error.details().why())
}

fn shown(disclosed: &Disclosed) -> Value {
    serde_json::from_str(disclosed.claims().to_json().expose_secret()).unwrap()
}
