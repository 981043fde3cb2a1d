//! What users are told beside a verdict, and what only the command can get wrong.

use flowseal::profile::Profile;
use flowseal::testkit::{Persona, Sample};
use flowseal::{Error, ErrorCode, Expectations};
use serde_json::{Value, json};

use super::{Table, base64};

impl Table {
    /// What is odd but not refused: a word of each warning.
    pub(super) fn warnings(&mut self) -> Result<(), Error> {
        let ada = self.sealed(&Persona::ADA, &Profile::default())?.to_json();
        for (name, asked, words) in [
            (
                "nothing-odd",
                json!({ "reference": "req_sample", "claims": ["naming", "bio", "contact", "nationality", "address"] }),
                json!([]),
            ),
            (
                "mode",
                json!({ "mode": "identificaton" }),
                json!(["identificaton"]),
            ),
            (
                "reference",
                json!({ "reference": "flow_1" }),
                json!(["req_"]),
            ),
            (
                "requester",
                json!({ "requester": "req_1" }),
                json!(["bcn_"]),
            ),
            (
                "requestee",
                json!({ "requestee": "2221234561" }),
                json!(["10 characters"]),
            ),
            (
                "claim",
                json!({ "claims": ["naming.givn"] }),
                json!(["naming.given"]),
            ),
        ] {
            let case = json!({ "operation": "verify", "response": ada, "expectations": asked });
            let name = format!("warning/{name}");
            match words.as_array().is_some_and(Vec::is_empty) {
                true => self.passed(&name, case, json!({})),
                false => self.refused(&name, case, ErrorCode::ExpectationFailed),
            }
            self.expect("warnings", words);
        }
        let case = json!({ "operation": "open", "response": ada, "select": ["naming.givn"] });
        self.passed("warning/selection", case, json!({ "claims": {} }));
        self.expect("warnings", json!(["naming.given"]));
        let case = json!({ "operation": "load_verifying_key", "verify_keys": ["users.jwks"] });
        self.key("warning/skipped-keys", case, None);
        self.expect(
            "warnings",
            json!(["skipped", "\"enc\" is skipped", "skipped"]),
        );
        Ok(())
    }

    /// What an error is about, as data.
    pub(super) fn details(&mut self) -> Result<(), Error> {
        let ada = self.sealed(&Persona::ADA, &Profile::default())?;
        let about = |members: Value| {
            let mut details = json!({ "claim": null, "check": null, "expected": null, "found": null,
                "seconds": null, "size": null, "sizes": [], "key": null, "kid": null });
            for (name, value) in members.as_object().into_iter().flatten() {
                details[name] = value.clone();
            }
            details
        };
        let verify = |asked: Value| json!({ "operation": "verify", "response": ada.to_json(), "expectations": asked });
        for (name, case, code, members) in [
            (
                "reference",
                verify(json!({ "reference": "req_2" })),
                ErrorCode::ExpectationFailed,
                json!({ "check": "reference", "expected": "req_2", "found": "req_sample" }),
            ),
            (
                "age",
                verify(json!({ "max_age": 50, "leeway": 4 })),
                ErrorCode::ExpectationFailed,
                json!({ "check": "age", "seconds": 6 }),
            ),
            (
                "claim",
                verify(json!({ "claims": ["bio", "contact", "naming.family", "nationality"] })),
                ErrorCode::ExpectationFailed,
                json!({ "check": "claims_requested", "claim": "naming.given" }),
            ),
        ] {
            self.refused(&format!("details/{name}"), case, code);
            self.expect("details", about(members));
        }
        let mut tree: Value = serde_json::from_str(&ada.to_bare_json()).unwrap_or_default();
        tree["claims"]["bio"]["gender"] = base64(&[2; 257]).into();
        let case = json!({ "operation": "open_unverified", "response": tree.to_string(),
            "keys": ["app-2048.pem", "app-4096.pem"] });
        self.refused("details/length", case, ErrorCode::ClaimLength);
        self.expect(
            "details",
            about(json!({ "claim": "bio.gender", "size": 257, "sizes": [256, 512] })),
        );
        let sample = Sample::new()?;
        let verified =
            sample
                .flow()?
                .verify(&sample.verifier()?, &Expectations::unbound(), sample.now()?)?;
        let case = json!({ "operation": "check_evidence", "evidence": verified.evidence().to_json(),
            "verify_keys": ["other-2048.pub.pem"] });
        self.refused("details/key", case, ErrorCode::NoVerifyingKey);
        let own = self.user.verifying_key()?.fingerprint().to_string();
        self.expect("details", about(json!({ "key": own })));
        Ok(())
    }

    /// What only the command can get wrong.
    pub(super) fn command(&mut self) {
        for (name, arguments, code) in [
            ("no-command", json!([]), ErrorCode::Usage),
            (
                "unknown-option",
                json!(["inspect", "--verbose"]),
                ErrorCode::Usage,
            ),
            (
                "no-trust",
                json!(["open", "--key", "app-2048.pem"]),
                ErrorCode::Usage,
            ),
            (
                "no-file",
                json!(["inspect", "no-such-file.json"]),
                ErrorCode::Io,
            ),
            (
                "no-key-file",
                json!(["verify", "--verify-key", "no-such-file.pem"]),
                ErrorCode::Io,
            ),
            (
                "partial-unverified",
                json!(["open", "--partial", "--unverified", "--key", "app-2048.pem"]),
                ErrorCode::Usage,
            ),
        ] {
            let case = json!({ "operation": "command", "arguments": arguments });
            self.refused(&format!("command/{name}"), case, code);
        }
    }
}
