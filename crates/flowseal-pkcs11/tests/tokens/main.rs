//! Real tokens: SoftHSM2, NSS's softokn, p11-kit's server, a TPM that is emulated, and a module
//! that spoils what it forwards. `cargo xtask tokens` runs them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

mod forks;
mod memory;
mod nss;
mod scene;
mod server;
mod shim;
mod softhsm;
mod tpm;

use flowseal::testkit::{FlowBuilder, KeyPair, Persona, SealingKey};
use flowseal::{
    DecryptingKey, Error, Expectations, KeyRing, SecretText, UnixTime, VerifiedFlow, Verifier,
    VerifyingKey,
};
use flowseal_pkcs11::{TokenOptions, Uri};

/// A flow of Ada's that is sealed to this key: the API's answer.
fn sealed(app: &VerifyingKey) -> String {
    let user = KeyPair::sample_user().unwrap().signing_key().unwrap();
    let ada = Persona::ALL
        .iter()
        .find(|persona| persona.name == "ada")
        .unwrap();
    let flow = FlowBuilder::new("req_sample").persona(ada);
    flow.seal(&SealingKey::of(app), &user).unwrap().to_json()
}

fn verify(response: &str) -> VerifiedFlow {
    let user = KeyPair::sample_user().unwrap().verifying_key().unwrap();
    let now = UnixTime::from_seconds(FlowBuilder::SIGNED_AT + 60).unwrap();
    let flow = flowseal::Flow::from_json(response.as_bytes()).unwrap();
    let verifier = Verifier::trusting([user]);
    flow.verify(&verifier, &Expectations::for_reference("req_sample"), now)
        .unwrap()
}

/// A flow that is sealed to this key, verified.
fn flow_for(app: &VerifyingKey) -> VerifiedFlow {
    verify(&sealed(app))
}

/// What Ada is called, opened with this key.
fn given_name(flow: &VerifiedFlow, ring: &KeyRing) -> Result<String, Error> {
    let claims = flow.open(ring)?;
    Ok(claims.get("naming.given").unwrap().text().to_owned())
}

const GIVEN_NAME: &str = "Adébáyọ̀";

fn pin(text: &str) -> SecretText {
    SecretText::copied_from(text)
}

fn softhsm_options() -> TokenOptions {
    TokenOptions::new()
        .with_module(scene::SOFTHSM)
        .with_pin(pin(scene::PIN))
}

fn load(options: &TokenOptions, uri: &str) -> Result<DecryptingKey, Error> {
    options.load_decrypting_key(&Uri::parse(uri).unwrap())
}

/// A key that opens, in a ring of its own.
fn ring(options: &TokenOptions, uri: &str) -> KeyRing {
    KeyRing::from(load(options, uri).unwrap())
}

fn public(options: &TokenOptions, uri: &str) -> VerifyingKey {
    options
        .load_verifying_key(&Uri::parse(uri).unwrap())
        .unwrap()
}
