//! The API's other half: what is sent, and what is made of the answers.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

mod audit;
mod budget;
mod caller;
mod changes;
mod codes;
mod examples;
mod machine;
mod pending;
mod processes;
mod received;
mod session;
mod sse;
mod start;
mod stream;
mod table;
mod webhook;

use flowseal::SecretText;
use flowseal::api::{ApiConfig, ApiVersion, Environment, SessionToken};

/// A configuration of the sandbox with the credentials of the specification's examples.
fn config(version: ApiVersion) -> ApiConfig {
    let text = SecretText::copied_from;
    let config = ApiConfig::new(
        version,
        Environment::Sandbox,
        flowseal::api::Credentials {
            api_key: text("bk-test_"),
            app_secret: text("snb_"),
        },
    );
    config.unwrap().with_ids("bcn_1", "app_1")
}

/// A session token without an expiry.
fn token() -> SessionToken {
    SessionToken::from_header("eyJ.e30.AAAA").unwrap()
}
