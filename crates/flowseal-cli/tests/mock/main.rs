//! `flowseal mock` from outside: what it answers, what it withstands, and clients that use it.
#![cfg(feature = "mock")]
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

mod answers;
mod budget;
mod clients;
mod guards;
mod keys;
mod load;
mod server;
mod starts;
mod webhooks;
