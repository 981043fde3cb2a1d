//! Evidence that is checked again.

use flowseal::profile::Profile;
use flowseal::testkit::{Persona, Sample};
use flowseal::{Error, ErrorCode, Expectations, Setup};
use serde_json::json;

use super::{Table, base64};

impl Table {
    /// Evidence that is checked again, whole and spoilt.
    pub(super) fn evidence(&mut self) -> Result<(), Error> {
        let sample = Sample::new()?;
        let flow = sample.flow()?;
        let verified = flow.verify(&sample.verifier()?, &Expectations::unbound(), sample.now()?)?;
        let evidence = verified.evidence().to_json();
        let check = |evidence: &str| json!({ "operation": "check_evidence", "evidence": evidence });
        self.passed(
            "evidence/whole",
            check(&evidence),
            json!({ "passed": ["signature"] }),
        );
        let mut stranger = check(&evidence);
        stranger["verify_keys"] = json!(["other-2048.pub.pem"]);
        self.refused(
            "evidence/of-another-key",
            stranger,
            ErrorCode::NoVerifyingKey,
        );
        for (name, from, to, code) in [
            (
                "another-algorithm",
                "\"RS256\"",
                "\"RS384\"",
                ErrorCode::SignatureInvalid,
            ),
            (
                "another-version",
                "evidence\":1",
                "evidence\":2",
                ErrorCode::Evidence,
            ),
            (
                "no-version",
                "flowseal_evidence",
                "evidence",
                ErrorCode::Evidence,
            ),
            (
                "more-covered",
                "[\"reference\",",
                "[\"reference\",\"data\",",
                ErrorCode::Evidence,
            ),
            (
                "unreadable-signature",
                "\"signature\":\"",
                "\"signature\":\"!",
                ErrorCode::Evidence,
            ),
            (
                "no-profile",
                "\"profile\":{",
                "\"profile\":{\"x\":1,",
                ErrorCode::Profile,
            ),
        ] {
            let spoilt = evidence.replacen(from, to, 1);
            self.refused(&format!("evidence/{name}"), check(&spoilt), code);
        }

        let ps256 = Profile::from_json(br#"{"algorithm": "PS256"}"#)?;
        let signed = self.sealed(&Persona::ADA, &ps256)?.to_json();
        let setup = Setup::new(ps256);
        let verifier = setup.verifier_trusting([self.user.verifying_key()?]);
        let flow = setup.read_flow(signed.as_bytes())?;
        let of_ps256 = flow.verify(&verifier, &Expectations::unbound(), sample.now()?)?;
        let mut for_another = check(&of_ps256.evidence().to_json());
        for_another["verify_keys"] = json!(["user-2048.jwk"]);
        self.refused(
            "evidence/with-a-key-for-another-algorithm",
            for_another,
            ErrorCode::NoVerifyingKey,
        );

        for (name, profile, code) in [
            ("the-same", json!({}), None),
            ("other-limits", json!({ "limits": { "depth": 9 } }), None),
            ("other-leaves", json!({ "leaf": "text" }), None),
            (
                "another-algorithm",
                json!({ "algorithm": "PS256" }),
                Some(ErrorCode::ProfileMismatch),
            ),
            (
                "another-statement",
                json!({ "statement": "detached" }),
                Some(ErrorCode::ProfileMismatch),
            ),
            (
                "another-padding",
                json!({ "padding": "rsaes-oaep-sha1" }),
                Some(ErrorCode::ProfileMismatch),
            ),
        ] {
            let mut case = check(&evidence);
            case["profile"] = profile;
            let name = format!("evidence/under-a-profile/{name}");
            match code {
                Some(code) => self.refused(&name, case, code),
                None => self.passed(&name, case, json!({ "passed": ["signature"] })),
            }
        }
        // A flow's signature may have lost its zeros; evidence holds it whole.
        let signature = verified.signature();
        let rest = signature.get(1..).unwrap_or_default();
        let short = check(&evidence.replacen(&base64(signature), &base64(rest), 1));
        self.refused("evidence/a-byte-short", short, ErrorCode::SignatureInvalid);
        Ok(())
    }
}
