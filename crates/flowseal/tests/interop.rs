//! Flows that other people's code has sealed and signed: jsencrypt, node-jsencrypt, Node, openssl.
//!
//! `tests/interop/` makes them; its README describes the manifest that is read here.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

use core::time::Duration;
use std::path::{Path, PathBuf};

use flowseal::profile::Profile;
use flowseal::{
    DecryptingKey, Error, Expectations, KeyRing, OpenOptions, Setup, UnixTime, VerifyingKey,
};
use serde_json::Value;

#[test]
#[ignore = "needs the peers' flows: cargo xtask test"]
fn every_case_of_the_manifest() {
    let directory = PathBuf::from(std::env::var_os("FLOWSEAL_INTEROP_DIR").unwrap());
    let manifest = std::fs::read(directory.join("manifest.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_slice(&manifest).unwrap();
    assert!(!cases.is_empty());

    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let outcome = match open(&directory, case) {
                Ok(claims) => serde_json::json!({ "claims": claims }),
                Err(error) => serde_json::json!({ "code": error.code().as_str() }),
            };
            let differs = outcome != case["expect"];
            differs.then(|| {
                format!(
                    "{}\n  expected {}\n  found    {outcome}",
                    case["name"], case["expect"]
                )
            })
        })
        .collect();
    println!(
        "{} cases, {} of them refused as they must be",
        cases.len(),
        cases
            .iter()
            .filter(|case| case["expect"]["code"].is_string())
            .count()
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn open(directory: &Path, case: &Value) -> Result<Value, Error> {
    let file =
        |member: &str| std::fs::read(directory.join(case[member].as_str().unwrap())).unwrap();
    let profile = Profile::from_json(case["profile"].to_string().as_bytes())?;
    let requestee = case["requestee"].as_str().unwrap();
    let now = UnixTime::from_seconds(case["now"].as_i64().unwrap())?;

    let setup = Setup::new(profile.clone());
    let mut options = DecryptingKey::options().with_setup(&setup);
    if let Some(passphrase) = case["passphrase"].as_str() {
        options = options.with_passphrase(passphrase.as_bytes());
    }
    let ring = KeyRing::from(options.load(&file("app_key"))?);
    let users = VerifyingKey::options()
        .with_setup(&setup)
        .load_all(&file("user_key"))?
        .into_keys();
    let verifier = setup.verifier_by_requestee([(requestee, users)]);
    let expectations = Expectations::unbound()
        .with_requestee(requestee)
        .with_max_age(Duration::from_secs(60));

    let flow = setup.read_flow(&file("flow"))?;
    let expectations = match case["profile"]["statement"]["template"].is_string() {
        // What a template leaves out cannot be expected of a flow.
        true => Expectations::unbound(),
        false => expectations,
    };
    let claims = flow
        .verify(&verifier, &expectations, now)?
        .open_with(&ring, &OpenOptions::new())?;
    Ok(serde_json::from_str(claims.to_json().expose_secret()).unwrap())
}
