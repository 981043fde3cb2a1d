//! The command as a user meets it: arguments in, two streams and a status out.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

mod answers;
mod bulk;
mod cases;
mod demo;
mod disclosure;
mod files;
mod journey;
mod keys;
mod learn;
mod names;
mod page;
mod readme;
mod scene;
mod secrets;
mod signer;
mod streams;
#[allow(dead_code, reason = "other tests use the rest")]
#[cfg(feature = "pkcs11")]
#[path = "../../../flowseal-pkcs11/tests/tokens/scene.rs"]
mod token_scene;
#[cfg(feature = "pkcs11")]
mod tokens;
mod usage;
mod writes;
mod zip;
