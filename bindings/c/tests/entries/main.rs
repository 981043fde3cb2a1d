//! The entries of the C library, called as C calls them: what they tell of a mistake or a refusal,
//! and no secret in any of it; keys elsewhere, disclosures and many flows at once; and in `journey`
//! the way from the start of a flow to its claims.

#![allow(
    unsafe_code,
    reason = "the entries are called as C does: call.rs has the calls and their proof"
)]
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

mod call;
#[path = "../../../../crates/flowseal/tests/secrets/ground.rs"]
#[allow(dead_code, reason = "the core's own test uses the rest")]
mod ground;

mod answers;
mod claims;
mod disclosures;
mod errors;
mod evidence;
mod journey;
mod remote;
mod sample;
mod secrets;
#[cfg(feature = "pkcs11")]
mod token;
#[allow(dead_code, reason = "other tests use the rest")]
#[cfg(feature = "pkcs11")]
#[path = "../../../../crates/flowseal-pkcs11/tests/tokens/scene.rs"]
mod token_scene;
mod unverified;
mod warnings;
