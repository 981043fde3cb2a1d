//! What the API may answer: well formed, spoilt, within bounds and beyond them.

use flowseal::profile::Profile;
use flowseal::testkit::{FlowBuilder, Mutation, Persona};
use flowseal::{Error, ErrorCode, Mode};
use serde_json::{Value, json};

use super::{Table, ada_claims};

impl Table {
    /// What a ping may answer beside a flow.
    pub(super) fn responses(&mut self) -> Result<(), Error> {
        for (name, response, code) in [
            ("empty", "", ErrorCode::Json),
            ("plain-text", "Unauthorized", ErrorCode::Json),
            ("two-values", "{} {}", ErrorCode::Json),
            ("byte-order-mark", "\u{feff}{}", ErrorCode::Json),
            (
                "lone-surrogate",
                r#"{"reference": "\ud800"}"#,
                ErrorCode::Json,
            ),
            (
                "duplicate",
                r#"{"data": {"x": 1, "x": 2}}"#,
                ErrorCode::JsonDuplicate,
            ),
            (
                "duplicate-escaped",
                r#"{"a": 1, "\u0061": 2}"#,
                ErrorCode::JsonDuplicate,
            ),
            (
                "issues",
                r#"[{"code": "x", "path": [], "message": ""}]"#,
                ErrorCode::NotAFlow,
            ),
            ("scalar", "1", ErrorCode::NotAFlow),
            (
                "failed",
                r#"{"status": "failed", "message": "no"}"#,
                ErrorCode::NotAFlow,
            ),
            (
                "typed-error",
                r#"{"type": "session_expiry", "code": 401}"#,
                ErrorCode::NotAFlow,
            ),
            (
                "authorize",
                r#"{"status": "successful", "data": {"token": "a.b.c"}}"#,
                ErrorCode::NotAFlow,
            ),
            (
                "cancel",
                r#"{"status": "successful", "data": {"model": {"id": "req_"}}}"#,
                ErrorCode::NotAFlow,
            ),
            (
                "create",
                r#"{"status": "successful", "data": {"request": {"id": "req_"}}}"#,
                ErrorCode::NotAFlow,
            ),
            (
                "no-data",
                r#"{"status": "successful"}"#,
                ErrorCode::FlowExpired,
            ),
            (
                "null-data",
                r#"{"status": "successful", "data": null}"#,
                ErrorCode::FlowExpired,
            ),
            (
                "empty-data",
                r#"{"status": "successful", "data": {}}"#,
                ErrorCode::FlowExpired,
            ),
            (
                "null-request",
                r#"{"status": "successful", "data": {"request": null}}"#,
                ErrorCode::FlowExpired,
            ),
            (
                "no-data-but-a-message",
                r#"{"status": "successful", "message": "Ping successful"}"#,
                ErrorCode::FlowExpired,
            ),
        ] {
            self.refused(
                &format!("response/{name}"),
                json!({ "operation": "inspect", "response": response }),
                code,
            );
        }
        self.refused(
            "response/not-utf-8",
            json!({ "operation": "inspect", "response_hex": "7b2261223a2022ff227d" }),
            ErrorCode::Json,
        );

        let flow = |change: &str| {
            let flow = r#"{"reference": "req_", "requester": "bcn_", "requestee": "10",
                "mode": "identification", "cancelled": false, "onsession": false, "iat": 1716820052}"#;
            let (from, to) = change.split_once(" => ").unwrap_or_default();
            flow.replace(from, to)
        };
        for (name, change, code) in [
            (
                "reference-missing",
                r#""reference": "req_",  => "#,
                ErrorCode::FlowMalformed,
            ),
            (
                "reference-null",
                r#""req_" => null"#,
                ErrorCode::FlowMalformed,
            ),
            (
                "reference-number",
                r#""req_" => 1"#,
                ErrorCode::FlowMalformed,
            ),
            (
                "cancelled-text",
                r#""cancelled": false => "cancelled": "false""#,
                ErrorCode::FlowMalformed,
            ),
            (
                "iat-fraction",
                "1716820052 => 1716820052.0",
                ErrorCode::FlowMalformed,
            ),
            (
                "iat-exponent",
                "1716820052 => 1e9",
                ErrorCode::FlowMalformed,
            ),
            (
                "iat-milliseconds",
                "1716820052 => 1716820052000",
                ErrorCode::Time,
            ),
            (
                "iat-first-milliseconds",
                "1716820052 => 100000000000",
                ErrorCode::Time,
            ),
            ("iat-negative", "1716820052 => -1", ErrorCode::Time),
            (
                "claims-array",
                r#""iat" => "claims": [], "iat""#,
                ErrorCode::FlowMalformed,
            ),
            (
                "signature-number",
                r#""iat" => "signature": 1, "iat""#,
                ErrorCode::FlowMalformed,
            ),
            (
                "claim-with-a-dot",
                r#""iat" => "claims": {"a": {"b.c": "x"}}, "iat""#,
                ErrorCode::ClaimName,
            ),
        ] {
            let case = json!({ "operation": "inspect", "response": flow(change) });
            self.refused(&format!("flow/{name}"), case, code);
        }
        for (name, change, state) in [
            ("pending", "x => x", "pending"),
            (
                "on-session",
                r#""onsession": false => "onsession": true"#,
                "on_session",
            ),
            (
                "cancelled",
                r#""cancelled": false => "cancelled": true"#,
                "cancelled",
            ),
            ("last-seconds", "1716820052 => 99999999999", "pending"),
            ("unknown-mode", "identification => levitation", "pending"),
            (
                "null-members",
                r#""iat" => "signature": null, "claims": null, "data": null, "iat""#,
                "pending",
            ),
            (
                "claims",
                r#""iat" => "claims": {"a": "AAAA"}, "iat""#,
                "complete",
            ),
        ] {
            let case = json!({ "operation": "inspect", "response": flow(change) });
            self.passed(&format!("flow/{name}"), case, json!({ "state": state }));
        }
        Ok(())
    }

    /// Both sides of every bound on input.
    pub(super) fn bounds(&mut self) -> Result<(), Error> {
        let nested = |depth: usize| {
            // The root, data, request and `deep` itself stand around the brackets.
            let deep = "[".repeat(depth - 3) + &"]".repeat(depth - 3);
            format!(
                r#"{{"data": {{"request": {{"reference": "req_", "requester": "bcn_", "requestee": "10", "mode": "x", "cancelled": false, "iat": 1, "deep": {deep}}}}}}}"#
            )
        };
        let leaves = |count: usize| {
            let leaves = vec!["\"AAAA\""; count].join(",");
            format!(
                r#"{{"reference": "req_", "requester": "bcn_", "requestee": "10", "mode": "x", "cancelled": false, "iat": 1, "claims": {{"a": [{leaves}]}}}}"#
            )
        };
        let padded = |len: usize| json!({ "operation": "inspect", "response": leaves(1), "response_padded_to": len });
        let read = |response: String| json!({ "operation": "inspect", "response": response });
        let (pending, complete) = (
            json!({ "state": "pending" }),
            json!({ "state": "complete" }),
        );
        self.passed("bound/depth-32", read(nested(32)), pending.clone());
        self.refused("bound/depth-33", read(nested(33)), ErrorCode::TooDeep);
        self.passed("bound/leaves-1024", read(leaves(1024)), complete.clone());
        self.refused(
            "bound/leaves-1025",
            read(leaves(1025)),
            ErrorCode::TooManyLeaves,
        );
        self.passed("bound/bytes-1048576", padded(1 << 20), complete);
        self.refused(
            "bound/bytes-1048577",
            padded((1 << 20) + 1),
            ErrorCode::TooLarge,
        );

        let limits = |limits: Value, response: String| json!({ "operation": "inspect", "response": response, "profile": { "limits": limits } });
        self.passed(
            "bound/profile-depth",
            limits(json!({ "depth": 33 }), nested(33)),
            pending,
        );
        self.refused(
            "bound/profile-leaves",
            limits(json!({ "leaves": 3 }), leaves(4)),
            ErrorCode::TooManyLeaves,
        );
        self.refused(
            "bound/profile-bytes",
            limits(json!({ "response_bytes": 64 }), leaves(1)),
            ErrorCode::TooLarge,
        );
        Ok(())
    }

    /// The contract's table of flow states, operation by operation.
    pub(super) fn states(&mut self) -> Result<(), Error> {
        let ada = self.sealed(&Persona::ADA, &Profile::default())?;
        let dayo = self.seal(
            &FlowBuilder::new("req_sample")
                .persona(&Persona::DAYO)
                .mode(Mode::Signature),
        )?;
        let pending = r#"{"reference": "req_sample", "requester": "bcn_", "requestee": "10",
            "mode": "identification", "cancelled": false, "iat": 1716820052, "claims": {"bio": {}}}"#;
        let unsigned = ada.mutated(Mutation::DropSignature)?;
        let cancelled = ada.mutated(Mutation::Cancel)?;
        for operation in ["verify", "open", "open_unverified"] {
            let case = |response: &str| json!({ "operation": operation, "response": response });
            self.refused(
                &format!("state/{operation}/pending"),
                case(pending),
                ErrorCode::FlowPending,
            );
            self.refused(
                &format!("state/{operation}/cancelled"),
                case(&cancelled),
                ErrorCode::FlowCancelled,
            );
            let name = format!("state/{operation}/unsigned");
            match operation {
                "open_unverified" => {
                    self.passed(&name, case(&unsigned), json!({ "claims": ada_claims() }));
                }
                _ => self.refused(&name, case(&unsigned), ErrorCode::SignatureMissing),
            }
            let name = format!("state/{operation}/signature-mode");
            let expect = match operation {
                "verify" => {
                    json!({ "covers": ["reference", "requester", "requestee", "mode", "iat", "signedAt"] })
                }
                _ => json!({ "claims": {} }),
            };
            self.passed(&name, case(&dayo.to_json()), expect);
        }
        let bare = json!({ "operation": "open", "response": ada.to_bare_json() });
        self.passed("state/open/bare", bare, json!({ "claims": ada_claims() }));
        Ok(())
    }

    /// Every way in which the testkit spoils a flow.
    pub(super) fn mutations(&mut self) -> Result<(), Error> {
        let ada = self.sealed(&Persona::ADA, &Profile::default())?;
        for &mutation in Mutation::ALL {
            let response = ada.mutated(mutation)?;
            let case = json!({ "operation": "open", "response": response });
            self.refused(&format!("mutation/{mutation:?}"), case, mutation.refusal());
        }
        Ok(())
    }
}
