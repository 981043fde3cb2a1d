//! Flows that are verified: what is expected, what is signed, what a refusal is put down to.

use flowseal::profile::Profile;
use flowseal::testkit::{FlowBuilder, Mutation, Persona, SealedFlow};
use flowseal::{Error, ErrorCode, Expectations, Flow, Mode, Setup, UnixTime, VerifyingKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};

use super::{Table, ada_claims, base64, profile_of};

impl Table {
    /// Trust, and what is expected of a flow: both sides of every check.
    pub(super) fn expectations(&mut self) -> Result<(), Error> {
        let ada = self.sealed(&Persona::ADA, &Profile::default())?.to_json();
        let case = |expectations: Value| json!({ "operation": "verify", "response": ada, "expectations": expectations });
        let asked = |check: &str| json!({ "passed": [check] });
        for (check, good, bad) in [
            (
                "reference",
                json!({ "reference": "req_sample" }),
                json!({ "reference": "req_samplE" }),
            ),
            (
                "requester",
                json!({ "requester": "bcn_sample" }),
                json!({ "requester": "bcn_sample " }),
            ),
            (
                "requestee",
                json!({ "requestee": "22212345610" }),
                json!({ "requestee": "2221234561" }),
            ),
            (
                "mode",
                json!({ "mode": "identification" }),
                json!({ "mode": "signature" }),
            ),
            ("age", json!({ "max_age": 60 }), json!({ "max_age": 59 })),
            (
                "age",
                json!({ "max_age": 50, "leeway": 10 }),
                json!({ "max_age": 50, "leeway": 9 }),
            ),
            (
                "claims_requested",
                json!({ "claims": ["bio", "contact", "naming", "nationality.primary", "nationality.nationalities", "address"] }),
                json!({ "claims": ["bio", "contact", "naming", "nationality.primar"] }),
            ),
        ] {
            let name = format!(
                "expectation/{}",
                good.to_string().replace(['{', '}', '"'], "")
            );
            self.passed(&name, case(good), asked(check));
            let name = format!(
                "expectation/{}",
                bad.to_string().replace(['{', '}', '"'], "")
            );
            self.failed(&name, case(bad), ErrorCode::ExpectationFailed, check);
        }
        for (name, now, leeway, code) in [
            ("signed-now", 0, 0, None),
            (
                "signed-in-a-second",
                -1,
                0,
                Some(ErrorCode::ExpectationFailed),
            ),
            ("signed-in-a-second-with-leeway", -1, 1, None),
        ] {
            let mut case = case(json!({ "leeway": leeway }));
            case["now"] = (FlowBuilder::SIGNED_AT + now).into();
            match code {
                None => self.passed(&format!("expectation/{name}"), case, asked("signed_at")),
                Some(code) => self.failed(&format!("expectation/{name}"), case, code, "signed_at"),
            }
        }
        let mut unreadable = case(json!({}));
        unreadable["now"] = 1_716_820_181_000_i64.into();
        self.refused(
            "expectation/now-in-milliseconds",
            unreadable,
            ErrorCode::Time,
        );
        let early = FlowBuilder::new("req_sample").persona(&Persona::ADA);
        let early = self
            .seal(&early.times(FlowBuilder::IAT, FlowBuilder::IAT - 1))?
            .to_json();
        let within =
            json!({ "operation": "verify", "response": early, "expectations": { "leeway": 1 } });
        self.passed(
            "expectation/signed-before-iat-with-leeway",
            within,
            asked("signed_at"),
        );
        let case_early = json!({ "operation": "verify", "response": early });
        self.failed(
            "expectation/signed-before-iat",
            case_early,
            ErrorCode::ExpectationFailed,
            "signed_at",
        );

        let mut unverified = case(json!({ "reference": "req_other" }));
        unverified["operation"] = "open_unverified".into();
        self.failed(
            "expectation/of-an-unverified-flow",
            unverified,
            ErrorCode::ExpectationFailed,
            "reference",
        );
        for (name, requestee, code) in [
            ("own", "22212345610", None),
            ("another's", "00112345678", Some(ErrorCode::NoVerifyingKey)),
        ] {
            let mut case = case(json!({}));
            case["verify_keys"] = json!({ requestee: ["user-2048.pub.pem"] });
            match code {
                None => self.passed(&format!("trust/{name}"), case, asked("signature")),
                Some(code) => self.refused(&format!("trust/{name}"), case, code),
            }
        }
        for (len, code) in [
            (127, ErrorCode::SignatureMalformed),
            (128, ErrorCode::SignatureInvalid),
            (1024, ErrorCode::SignatureInvalid),
            (1025, ErrorCode::SignatureMalformed),
        ] {
            use base64::Engine as _;
            let mut response: Value = serde_json::from_str(&ada).unwrap_or_default();
            let signature = base64::engine::general_purpose::STANDARD.encode(vec![0_u8; len]);
            response["data"]["request"]["signature"] = signature.into();
            let case = json!({ "operation": "verify", "response": response.to_string() });
            self.refused(&format!("signature/{len} bytes"), case, code);
        }
        let mut stranger = case(json!({}));
        stranger["verify_keys"] = json!(["other-2048.pub.pem"]);
        self.failed(
            "trust/stranger",
            stranger,
            ErrorCode::SignatureInvalid,
            "signature",
        );
        for (name, keys) in [
            (
                "several",
                json!(["other-2048.pub.pem", "user-2048.pub.pem"]),
            ),
            ("jwks", json!(["users.jwks"])),
            ("certificate", json!(["user-2048.cert.pem"])),
        ] {
            let mut case = case(json!({}));
            case["verify_keys"] = keys;
            self.passed(&format!("trust/{name}"), case, asked("signature"));
        }
        Ok(())
    }

    /// Every choice that a profile has.
    pub(super) fn profiles(&mut self) -> Result<(), Error> {
        for name in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] {
            self.opens(&format!("profile/{name}"), &json!({ "algorithm": name }))?;
        }
        for name in [
            "rsaes-pkcs1-v1_5",
            "rsaes-oaep-sha256",
            "rsaes-oaep-sha1",
            "rsaes-oaep-sha256-mgf1-sha1",
        ] {
            self.opens(&format!("profile/{name}"), &json!({ "padding": name }))?;
        }
        for name in ["auto", "json"] {
            self.opens(&format!("profile/leaf-{name}"), &json!({ "leaf": name }))?;
        }
        self.opens("profile/leaf-text", &json!({ "leaf": "text" }))?;
        self.opens(
            "profile/template",
            &json!({ "statement": { "template": "{reference}\n{claims}" } }),
        )?;

        for (name, profile) in [
            ("unknown-member", json!({ "algorithms": "RS256" })),
            ("no-signature", json!({ "algorithm": "none" })),
            (
                "adjacent-members",
                json!({ "statement": { "template": "{reference}{iat}" } }),
            ),
            ("too-deep", json!({ "limits": { "depth": 121 } })),
            ("unknown-trust", json!({ "trust": "none" })),
            ("unknown-padding", json!({ "padding": "rsaes-oaep-sha384" })),
        ] {
            let case = json!({ "operation": "inspect", "response": "{}", "profile": profile });
            self.refused(&format!("profile/{name}"), case, ErrorCode::Profile);
        }

        let template = json!({ "statement": { "template": "{reference}.{iat}" } });
        let unsigned_claims = self
            .sealed(&Persona::ADA, &profile_of(&template)?)?
            .to_json();
        let mut case =
            json!({ "operation": "open", "response": unsigned_claims, "profile": template });
        self.failed(
            "profile/claims-not-covered",
            case.clone(),
            ErrorCode::ClaimsNotSigned,
            "claims_signed",
        );
        case["profile"]["allow_unsigned_claims"] = true.into();
        self.passed(
            "profile/claims-not-covered-but-allowed",
            case.clone(),
            json!({ "claims": ada_claims() }),
        );
        case["operation"] = "verify".into();
        case["expectations"] = json!({ "requestee": "22212345610" });
        self.failed(
            "profile/asked-but-not-covered",
            case.clone(),
            ErrorCode::ExpectationFailed,
            "requestee",
        );
        case["profile"]["statement"]["template"] = "{reference}.{data}".into();
        self.refused("profile/member-missing", case.clone(), ErrorCode::Statement);
        case["profile"]["statement"]["template"] = "{reference}_{iat}".into();
        self.refused(
            "profile/value-holds-the-literal",
            case,
            ErrorCode::Statement,
        );

        let detached = json!({ "statement": "detached", "allow_unsigned_claims": true });
        let response = self
            .sealed(&Persona::ADA, &profile_of(&detached)?)?
            .to_json();
        let mut case = json!({ "operation": "verify", "response": response, "profile": detached });
        self.refused(
            "profile/detached-without-bytes",
            case.clone(),
            ErrorCode::Statement,
        );
        case["statement"] = "req_sample".into();
        case["covers"] = json!(["reference"]);
        self.passed(
            "profile/detached",
            case.clone(),
            json!({ "covers": ["reference"] }),
        );
        case["covers"] = json!(["data"]);
        self.refused(
            "profile/detached-covers-too-much",
            case.clone(),
            ErrorCode::Statement,
        );
        case["covers"] = json!(["reference"]);
        case["profile"] = json!({ "statement": "canonical-flow-v1" });
        self.refused(
            "profile/detached-unannounced",
            case,
            ErrorCode::ProfileMismatch,
        );

        let ada = self.sealed(&Persona::ADA, &Profile::default())?.to_json();
        let two = json!({ "operation": "open", "response": ada, "profile": {}, "key_profile": { "padding": "rsaes-oaep-sha1" } });
        self.refused("profile/two", two, ErrorCode::ProfileMismatch);
        let numbers = self
            .sealed(&Persona::ADA, &Profile::default())?
            .to_bare_json();
        for (number, code) in [
            ("9007199254740991", ErrorCode::SignatureInvalid),
            ("9007199254740992", ErrorCode::Statement),
            ("-9007199254740991", ErrorCode::SignatureInvalid),
            ("-9007199254740992", ErrorCode::Statement),
            ("1e3", ErrorCode::Statement),
            ("1000.0", ErrorCode::Statement),
            ("-0", ErrorCode::Statement),
        ] {
            let response = numbers.replacen('{', &format!("{{\"data\":{number},"), 1);
            let case = json!({ "operation": "verify", "response": response });
            self.refused(&format!("profile/signed-number {number}"), case, code);
        }
        Ok(())
    }

    /// What a flow needs to be believed. Verifying is the same under both.
    pub(super) fn trust(&mut self) -> Result<(), Error> {
        let ada = self.sealed(&Persona::ADA, &Profile::default())?;
        let unsigned = ada.mutated(Mutation::DropSignature)?;
        for word in ["signed", "received"] {
            let case = |response: &str| json!({ "operation": "verify", "response": response, "profile": { "trust": word } });
            let expect =
                json!({ "trust": "signed", "passed": ["signature"], "not_asked": ["received"] });
            self.passed(
                &format!("profile/trust-{word}/signed"),
                case(&ada.to_json()),
                expect,
            );
            let name = format!("profile/trust-{word}/unsigned");
            self.refused(&name, case(&unsigned), ErrorCode::SignatureMissing);
            self.expect("trust", json!("none"));
            self.expect("not_asked", json!(["received"]));
        }
        let case = json!({ "operation": "open_unverified", "response": unsigned, "profile": { "trust": "received" } });
        let expect = json!({ "claims": ada_claims(), "trust": "none", "not_asked": ["received"] });
        self.passed("profile/trust-received/unverified", case, expect);
        Ok(())
    }

    /// Why a signature does not verify, for each key.
    pub(super) fn diagnosis(&mut self) -> Result<(), Error> {
        let of = |profile: &Value| self.sealed(&Persona::ADA, &profile_of(profile)?);
        let user = self.user.verifying_key()?;
        let own = user.fingerprint().to_string();
        let other = include_bytes!("../../vectors/keys/other-2048.pub.pem");
        let other = VerifyingKey::load(other)?.fingerprint().to_string();
        let digest = |sealed: &SealedFlow, members: &Value, hash: fn(&[u8]) -> Vec<u8>| {
            let flow = Flow::from_json(sealed.to_json().as_bytes())?;
            let verifier = Setup::new(profile_of(members)?).verifier_trusting([user.clone()]);
            let now = UnixTime::from_seconds(FlowBuilder::SIGNED_AT)?;
            let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
            let digits = hash(verified.statement()).into_iter();
            Ok::<String, Error>(digits.map(|byte| format!("{byte:02x}")).collect())
        };
        let entry = |fingerprint: &str, finding: &str| {
            json!({ "fingerprint": fingerprint, "kid": null, "finding": finding, "padding": null,
                "hash": null, "salt_length": null, "digest": null })
        };
        let with = |mut entry: Value, members: Value| {
            for (name, value) in members.as_object().into_iter().flatten() {
                entry[name] = value.clone();
            }
            entry
        };

        let default = json!({});
        let ada = of(&default)?;
        let stranger = json!([entry(&other, "other_key")]);
        let changed = digest(&ada, &default, |bytes| Sha256::digest(bytes).to_vec())?;
        let changed = json!([with(
            entry(&own, "other_bytes"),
            json!({ "padding": "v1_5", "hash": "sha256", "digest": changed })
        )]);
        let members = json!({ "algorithm": "RS512" });
        let rs512 = of(&members)?;
        let sha512 = digest(&rs512, &members, |bytes| Sha512::digest(bytes).to_vec())?;
        let sha512 = json!([with(
            entry(&own, "other_algorithm"),
            json!({ "padding": "v1_5", "hash": "sha512", "digest": sha512 })
        )]);
        let pss = of(&json!({ "algorithm": "PS256" }))?;
        let of_pss = json!({ "padding": "pss", "hash": "sha256", "salt_length": 32 });
        let both = json!([
            entry(&other, "other_key"),
            with(entry(&own, "other_algorithm"), of_pss.clone())
        ]);
        let of_pss = json!([with(entry(&own, "other_algorithm"), of_pss)]);
        let swapped = ada.mutated(Mutation::SwapClaims)?;
        let (own, strange) = ("user-2048.pub.pem", "other-2048.pub.pem");
        for (name, response, keys, diagnosis) in [
            ("stranger", ada.to_json(), vec![strange], stranger),
            ("other-bytes", swapped, vec![own], changed),
            ("other-hash", rs512.to_json(), vec![own], sha512),
            ("other-padding", pss.to_json(), vec![own], of_pss),
            ("two-keys", pss.to_json(), vec![strange, own], both),
        ] {
            let case = json!({ "operation": "verify", "response": response, "verify_keys": keys });
            self.refused(
                &format!("diagnosis/{name}"),
                case,
                ErrorCode::SignatureInvalid,
            );
            self.expect("diagnosis", diagnosis);
            self.expect("trust", json!("none"));
        }
        Ok(())
    }

    /// Signatures that lost leading zeros on the way, as some libraries drop them.
    pub(super) fn dropped_zeros(&mut self) -> Result<(), Error> {
        use base64::Engine as _;

        let case = |mut response: Value, signature: &[u8]| {
            response["data"]["request"]["signature"] = base64(signature).into();
            json!({ "operation": "verify", "response": response.to_string() })
        };
        for attempt in 0_u32.. {
            let flow = FlowBuilder::new(format!("req_{attempt}")).persona(&Persona::DAYO);
            let sealed = self.seal(&flow.mode(Mode::Signature))?.to_json();
            let response: Value = serde_json::from_str(&sealed).unwrap_or_default();
            let text = &response["data"]["request"]["signature"];
            let signature = base64::engine::general_purpose::STANDARD
                .decode(text.as_str().unwrap_or_default())
                .unwrap_or_default();
            let Some(short) = signature.strip_prefix(&[0]) else {
                continue;
            };
            let passed = json!({ "passed": ["signature"] });
            let restored = case(response.clone(), short);
            self.passed("signature/without-its-zero", restored, passed.clone());
            self.passed(
                "signature/with-its-zero",
                case(response.clone(), &signature),
                passed,
            );
            let long = [&[0], signature.as_slice()].concat();
            let shorter = short.split_at(8).1;
            for (name, bytes) in [
                ("one-zero-more", long.as_slice()),
                ("nine-bytes-short", shorter),
            ] {
                self.refused(
                    &format!("signature/{name}"),
                    case(response.clone(), bytes),
                    ErrorCode::SignatureInvalid,
                );
            }
            return Ok(());
        }
        Ok(())
    }
}
