//! Writes the table of cases that every language runs: `cargo run -p flowseal --features testkit
//! --example write_cases > crates/flowseal/tests/vectors/cases.json`.
//!
//! The flows are sealed with fresh randomness, so a new table differs everywhere and means the
//! same. `tests/vectors/README.md` describes its members.

mod answers;
mod evidence;
mod keys;
mod leaves;
mod telling;
mod verifying;

use std::io::Write as _;

use flowseal::profile::Profile;
use flowseal::testkit::{FlowBuilder, KeyPair, Persona, SealedFlow};
use flowseal::{Error, ErrorCode};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut table = Table::new()?;
    table.responses()?;
    table.bounds()?;
    table.states()?;
    table.mutations()?;
    table.expectations()?;
    table.profiles()?;
    table.leaves()?;
    table.values()?;
    table.evidence()?;
    table.trust()?;
    table.diagnosis()?;
    table.dropped_zeros()?;
    table.restricted_keys()?;
    table.warnings()?;
    table.details()?;
    table.keys();
    table.command();
    let text = serde_json::to_string_pretty(&table.cases)?;
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}

struct Table {
    app: KeyPair,
    user: KeyPair,
    cases: Vec<Value>,
}

impl Table {
    fn new() -> Result<Self, Error> {
        Ok(Self {
            app: KeyPair::sample_app()?,
            user: KeyPair::sample_user()?,
            cases: Vec::new(),
        })
    }

    fn opens(&mut self, name: &str, members: &Value) -> Result<(), Error> {
        let response = self.sealed(&Persona::ADA, &profile_of(members)?)?.to_json();
        let case = json!({ "operation": "open", "response": response, "profile": members });
        self.passed(name, case, json!({ "claims": ada_claims() }));
        Ok(())
    }

    fn sealed(&self, persona: &Persona, profile: &Profile) -> Result<SealedFlow, Error> {
        self.seal(
            &FlowBuilder::new("req_sample")
                .persona(persona)
                .profile(profile),
        )
    }

    fn seal(&self, flow: &FlowBuilder) -> Result<SealedFlow, Error> {
        flow.seal(&self.app.sealing_key()?, &self.user.signing_key()?)
    }

    fn key(&mut self, name: &str, case: Value, code: Option<ErrorCode>) {
        match code {
            Some(code) => self.refused(name, case, code),
            None => self.passed(name, case, json!({ "loaded": true })),
        }
    }

    /// Says more of what is expected of the case that was added last.
    fn expect(&mut self, member: &str, value: Value) {
        if let Some(last) = self.cases.last_mut() {
            last["expect"][member] = value;
        }
    }

    fn refused(&mut self, name: &str, case: Value, code: ErrorCode) {
        self.add(
            name,
            case,
            json!({ "code": code.as_str(), "number": code.number(), "exit": exit_of(code) }),
        );
    }

    fn failed(&mut self, name: &str, case: Value, code: ErrorCode, check: &str) {
        self.refused(name, case, code);
        if let Some(last) = self.cases.last_mut() {
            last["expect"]["failed"] = check.into();
        }
    }

    fn passed(&mut self, name: &str, case: Value, mut expect: Value) {
        let partly = expect["errors"].is_object();
        expect["exit"] = u8::from(partly).into();
        self.add(name, case, expect);
    }

    fn add(&mut self, name: &str, mut case: Value, expect: Value) {
        case["name"] = name.into();
        case["expect"] = expect;
        self.cases.push(case);
    }
}

/// The command's exit status, by the ranges of numbers.
fn exit_of(code: ErrorCode) -> u8 {
    match code.number() {
        40..70 => 1,
        70..80 => 3,
        _ => 2,
    }
}

fn profile_of(members: &Value) -> Result<Profile, Error> {
    Profile::from_json(members.to_string().as_bytes())
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn ada_claims() -> Value {
    serde_json::from_str(Persona::ADA.claims).unwrap_or_default()
}
