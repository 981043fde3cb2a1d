//! The C library `flowseal`: a thin layer over the core.
//!
//! What stands here is what C needs and the core has not: handles instead of objects, pointers with
//! lengths, a status instead of a `Result`, a wall against panics. Nothing is decided here.
//! `include/flowseal.h` is made from this crate and is its documentation.
#![allow(
    rustdoc::broken_intra_doc_links,
    reason = "the documentation is the header's: `@param[out]` is Doxygen's and no link"
)]
#![allow(
    unsafe_code,
    reason = "an entry is exported and takes pointers; what follows them stands in edge.rs, and what calls back in callback.rs, remote.rs and webhook.rs"
)]
#![allow(
    non_camel_case_types,
    reason = "the names are C's, and one name serves both languages"
)]
#![allow(
    clippy::missing_safety_doc,
    reason = "what a caller owes is the same everywhere, and the header says it once, at its top"
)]
#![allow(
    clippy::exhaustive_enums,
    reason = "an enum of C has no other kind; it grows at its end"
)]

mod edge;

pub use edge::flowseal_slice;

pub mod api_config;
pub mod api_error;
pub mod audit;
pub mod batch;
pub mod binding;
pub mod budget;
pub mod callback;
mod codes;
pub mod decrypting_key;
pub mod details;
pub mod device;
pub mod disclosure;
pub mod error;
pub mod event_stream;
pub mod evidence;
pub mod evidence_page;
pub mod expectations;
pub mod failures;
pub mod finish;
pub mod finish_once;
pub mod flow;
pub mod handle;
pub mod http_response;
pub mod key_ring;
pub mod lists;
pub mod opened_claims;
pub mod opening;
pub mod options;
pub mod pending;
pub mod profile;
pub mod received_flow;
pub mod remote;
pub mod report;
pub mod request;
pub mod response;
pub mod service_account;
pub mod session;
pub mod session_setup;
pub mod session_stream;
pub mod session_token;
pub mod start;
pub mod status;
#[cfg(feature = "pkcs11")]
pub mod token;
pub mod verified_flow;
pub mod verifier;
pub mod verify;
pub mod verifying_keys;
pub mod webhook;
pub mod words;

mod setting;
mod table;
