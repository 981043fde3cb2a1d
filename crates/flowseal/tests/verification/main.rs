//! What is verified, what is said of it, and what is kept: where others' users were caught out.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

mod diagnosis;
mod evidence;
mod expectations;
mod leaves;
mod rustcrypto;
mod sentences;
mod signature;
mod statement;
mod times;
mod trust;

use flowseal::profile::Profile;
use flowseal::testkit::{FlowBuilder, KeyPair, Persona, SigningKey};
use flowseal::{UnixTime, Verifier, VerifyingKey};

/// Ada's key, which signs.
fn user() -> SigningKey {
    KeyPair::sample_user().unwrap().signing_key().unwrap()
}

/// Ada's key, which verifies.
fn user_public() -> VerifyingKey {
    KeyPair::sample_user().unwrap().verifying_key().unwrap()
}

fn verifier() -> Verifier {
    Verifier::trusting([user_public()])
}

fn profile(text: &str) -> Profile {
    Profile::from_json(text.as_bytes()).unwrap()
}

/// A moment shortly after the samples are signed.
fn now() -> UnixTime {
    at(FlowBuilder::SIGNED_AT + 2)
}

fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(seconds).unwrap()
}

/// A bare flow with these members beside the least that one has.
fn bare(members: &str) -> String {
    format!(
        r#"{{"reference": "req_1", "requester": "bcn_1", "requestee": "22212345610", "mode":
            "identification", "cancelled": false, "iat": 1716820052, "signedAt": 1716820121{members}}}"#
    )
}

/// The answer to a ping with Ada's claims.
fn response() -> String {
    let app = KeyPair::sample_app().unwrap().sealing_key().unwrap();
    let flow = FlowBuilder::new("req_1").persona(&Persona::ADA);
    flow.seal(&app, &user()).unwrap().to_json()
}
