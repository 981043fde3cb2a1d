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
mod learn;
mod names;
mod readme;
mod scene;
mod secrets;
mod streams;
mod usage;
mod writes;
mod zip;
