//! Writes the table of cases that every language runs: `cargo run -p flowseal --features testkit
//! --example write_cases > crates/flowseal/tests/vectors/cases.json`.
//!
//! The flows are sealed with fresh randomness, so a new table differs everywhere and means the
//! same. `tests/vectors/README.md` describes its members.

use std::io::Write as _;

use flowseal::profile::Profile;
use flowseal::testkit::{FlowBuilder, KeyPair, Mutation, Persona, Sample, SealedFlow};
use flowseal::{Error, ErrorCode, Expectations, Flow, Mode, Setup, UnixTime, VerifyingKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};

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

    /// What a ping may answer beside a flow.
    fn responses(&mut self) -> Result<(), Error> {
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
    fn bounds(&mut self) -> Result<(), Error> {
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
    fn states(&mut self) -> Result<(), Error> {
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
    fn mutations(&mut self) -> Result<(), Error> {
        let ada = self.sealed(&Persona::ADA, &Profile::default())?;
        for &mutation in Mutation::ALL {
            let response = ada.mutated(mutation)?;
            let case = json!({ "operation": "open", "response": response });
            self.refused(&format!("mutation/{mutation:?}"), case, mutation.refusal());
        }
        Ok(())
    }

    /// Trust, and what is expected of a flow: both sides of every check.
    fn expectations(&mut self) -> Result<(), Error> {
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
    fn profiles(&mut self) -> Result<(), Error> {
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

    /// What can be wrong with a leaf, of a flow that its user has signed so.
    fn leaves(&mut self) -> Result<(), Error> {
        let ada = self
            .sealed(&Persona::ADA, &Profile::default())?
            .to_bare_json();
        let tree: Value = serde_json::from_str(&ada).unwrap_or_default();
        let leaf = tree["claims"]["bio"]["gender"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let zeros = |len: usize, first: u8| {
            use base64::Engine as _;
            let mut bytes = vec![0_u8; len];
            if let Some(last) = bytes.last_mut() {
                *last = first;
            }
            base64::engine::general_purpose::STANDARD.encode(bytes)
        };
        let largest = {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.encode([0xff; 256])
        };
        for (name, value, code) in [
            ("number", json!(1), Some(ErrorCode::ClaimNotSealed)),
            ("boolean", json!(true), Some(ErrorCode::ClaimNotSealed)),
            ("empty", json!(""), Some(ErrorCode::ClaimLength)),
            (
                "unpadded-base64",
                json!(leaf.trim_end_matches('=')),
                Some(ErrorCode::ClaimBase64),
            ),
            (
                "base64url",
                json!(leaf.replace(['+', '/'], "_")),
                Some(ErrorCode::ClaimBase64),
            ),
            (
                "inner-space",
                json!(format!("{} {}", &leaf[..4], &leaf[4..])),
                Some(ErrorCode::ClaimBase64),
            ),
            ("outer-space", json!(format!(" {leaf}\n")), None),
            ("outer-quotes", json!(format!("\"{leaf}\"")), None),
            (
                "short-by-nine",
                json!(zeros(247, 2)),
                Some(ErrorCode::ClaimLength),
            ),
            (
                "short-by-eight",
                json!(zeros(248, 2)),
                Some(ErrorCode::ClaimUnopenable),
            ),
            (
                "long-by-one",
                json!(zeros(257, 2)),
                Some(ErrorCode::ClaimLength),
            ),
            (
                "twice-as-long",
                json!(zeros(512, 2)),
                Some(ErrorCode::NoDecryptingKey),
            ),
            (
                "four-times-as-long",
                json!(zeros(1024, 2)),
                Some(ErrorCode::ClaimLength),
            ),
            ("zero", json!(zeros(256, 0)), Some(ErrorCode::ClaimRange)),
            ("one", json!(zeros(256, 1)), Some(ErrorCode::ClaimRange)),
            (
                "two",
                json!(zeros(256, 2)),
                Some(ErrorCode::ClaimUnopenable),
            ),
            (
                "beyond-the-modulus",
                json!(largest),
                Some(ErrorCode::ClaimRange),
            ),
        ] {
            let mut spoilt = tree.clone();
            spoilt["claims"]["bio"]["gender"] = value;
            // Unverified: the leaf's own faults, not those of a signature that no longer fits.
            let case = json!({ "operation": "open_unverified", "response": spoilt.to_string() });
            match code {
                Some(code) => self.refused(&format!("leaf/{name}"), case, code),
                None => self.passed(
                    &format!("leaf/{name}"),
                    case,
                    json!({ "claims": ada_claims() }),
                ),
            }
        }

        let response = self.sealed(&Persona::ADA, &Profile::default())?.to_json();
        let case = |keys: Value| json!({ "operation": "open", "response": response, "keys": keys });
        let opened = json!({ "claims": ada_claims() });
        self.passed(
            "ring/rotation",
            case(json!(["other-2048.pem", "app-2048.pem"])),
            opened.clone(),
        );
        self.passed(
            "ring/other-sizes",
            case(json!(["app-4096.pem", "app-2048.pem"])),
            opened.clone(),
        );
        self.passed(
            "ring/the-same-twice",
            case(json!(["app-2048.pem", "app-2048.der"])),
            opened,
        );
        self.refused(
            "ring/another-app",
            case(json!(["other-2048.pem"])),
            ErrorCode::ClaimUnopenable,
        );
        self.refused(
            "ring/no-key-of-the-size",
            case(json!(["app-4096.pem"])),
            ErrorCode::NoDecryptingKey,
        );
        self.refused(
            "ring/the-user's-key",
            case(json!(["app-2048.pem", "user-2048.pem"])),
            ErrorCode::KeyConflict,
        );

        let spoilt = self.half_sealed_to_another()?;
        let case = json!({ "operation": "open_partial", "response": spoilt });
        let expect = json!({ "claims": { "naming": { "family": "Ọláwálé" } }, "errors": { "naming.given": "claim_unopenable" } });
        self.passed("partial/one-leaf-for-another-app", case.clone(), expect);
        let mut whole = case;
        whole["operation"] = "open".into();
        self.refused("partial/whole", whole, ErrorCode::ClaimUnopenable);
        Ok(())
    }

    /// Values, selections and typed access.
    fn values(&mut self) -> Result<(), Error> {
        let chidi = self.sealed(&Persona::CHIDI, &Profile::default())?.to_json();
        let select =
            |paths: Value| json!({ "operation": "open", "response": chidi, "select": paths });
        for (name, paths, claims) in [
            (
                "leaf",
                json!(["naming.given"]),
                json!({ "naming": { "given": "Chidi" } }),
            ),
            (
                "quotes-inside",
                json!(["naming.nickname"]),
                json!({ "naming": { "nickname": "\"Chi\"" } }),
            ),
            (
                "group",
                json!(["idcards", "bio.age"]),
                json!({ "bio": { "age": "36" }, "idcards": { "passport": "A01234567" } }),
            ),
            (
                "element",
                json!(["hobbies.sports.1"]),
                json!({ "hobbies": { "sports": ["chess"] } }),
            ),
            (
                "deep",
                json!(["hobbies.deep"]),
                json!({ "hobbies": { "deep": { "er": { "still": "here" } } } }),
            ),
            (
                "absent",
                json!(["naming.givenName", "bio.dateOfDeath"]),
                json!({}),
            ),
            (
                "typed",
                json!(["contact.emailVerified", "nationality"]),
                json!({
                    "contact": { "emailVerified": false },
                    "nationality": { "nationalities": ["NG"], "pep": false, "primary": "NG", "residence": "NG", "watchListed": "false" }
                }),
            ),
        ] {
            self.passed(
                &format!("select/{name}"),
                select(paths),
                json!({ "claims": claims }),
            );
        }
        let read = |path: &str, kind: &str| json!({ "operation": "read", "response": chidi, "path": path, "as": kind });
        for (path, kind, value) in [
            ("contact.phoneVerified", "boolean", json!(true)),
            ("nationality.watchListed", "boolean", json!(false)),
            ("nationality.nationalities", "list", json!(["NG"])),
            ("bio.birthnumber", "digits", json!("00042")),
            ("bio.birthdate", "date", json!([1990, 2, 28])),
            (
                "address.formatted",
                "text",
                json!("12 Marina\n100001 Lagos"),
            ),
        ] {
            self.passed(
                &format!("read/{path}"),
                read(path, kind),
                json!({ "value": value }),
            );
        }
        for (path, kind) in [
            ("naming.given", "boolean"),
            ("naming.given", "list"),
            ("contact.phone", "digits"),
            ("bio.age", "date"),
        ] {
            self.refused(
                &format!("read/{path}-as-{kind}"),
                read(path, kind),
                ErrorCode::ClaimType,
            );
        }
        let bayo = self.sealed(&Persona::BAYO, &Profile::default())?.to_json();
        let case = json!({ "operation": "open", "response": bayo });
        self.passed(
            "value/declined",
            case,
            json!({ "claims": { "naming": { "given": "Báyọ̀" }, "bio": {} } }),
        );
        Ok(())
    }

    /// Evidence that is checked again, whole and spoilt.
    fn evidence(&mut self) -> Result<(), Error> {
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

    /// What a flow needs to be believed. Verifying is the same under both.
    fn trust(&mut self) -> Result<(), Error> {
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
    fn diagnosis(&mut self) -> Result<(), Error> {
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
    fn dropped_zeros(&mut self) -> Result<(), Error> {
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

    /// A user's key under id-RSASSA-PSS: the same key, for PS* alone.
    fn restricted_keys(&mut self) -> Result<(), Error> {
        for algorithm in ["RS256", "PS256", "PS512"] {
            let profile = json!({ "algorithm": algorithm });
            let response = self
                .sealed(&Persona::ADA, &profile_of(&profile)?)?
                .to_json();
            let case = json!({ "operation": "verify", "response": response, "profile": profile,
                "verify_keys": ["user-2048.pss.pub.pem"] });
            let name = format!("restricted-key/{algorithm}");
            match algorithm.starts_with("PS") {
                true => self.passed(&name, case, json!({ "passed": ["signature"] })),
                false => self.refused(&name, case, ErrorCode::KeyKind),
            }
        }
        Ok(())
    }

    /// What is odd but not refused: a word of each warning.
    fn warnings(&mut self) -> Result<(), Error> {
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
    fn details(&mut self) -> Result<(), Error> {
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

    /// Key files in both roles.
    fn keys(&mut self) {
        for (file, code) in [
            ("app-2048.pem", None),
            ("app-2048.der", None),
            ("app-2048.pkcs1.pem", None),
            ("app-2048.pkcs1.der", None),
            ("app-3072.pem", None),
            ("app-4096.pem", None),
            ("exponent-3.pem", None),
            ("key-and-cert.pem", None),
            ("key-and-dh.pem", None),
            ("literal-line-ends.pem", None),
            ("byte-order-mark.pem", None),
            ("not-utf8-around.pem", None),
            ("prime-512.pem", None),
            ("prime-511.pem", Some(ErrorCode::KeyWeak)),
            ("utf16.pem", Some(ErrorCode::KeyFormat)),
            ("begin-typo.pem", Some(ErrorCode::KeyFormat)),
            ("cut.pem", Some(ErrorCode::KeyFormat)),
            ("bare-base64.txt", Some(ErrorCode::KeyFormat)),
            ("pss-sha256.pub.pem", Some(ErrorCode::KeyKind)),
            ("app-2048.encrypted.pem", Some(ErrorCode::KeyPassphrase)),
            ("costly-kdf.pem", Some(ErrorCode::KeyPassphrase)),
            ("app-2048.legacy.pem", Some(ErrorCode::KeyKind)),
            ("app-2048.openssh.pem", Some(ErrorCode::KeyKind)),
            ("app.p12", Some(ErrorCode::KeyKind)),
            ("ec.pem", Some(ErrorCode::KeyKind)),
            ("ec.sec1.pem", Some(ErrorCode::KeyKind)),
            ("pss.pem", Some(ErrorCode::KeyKind)),
            ("multi-prime.pem", Some(ErrorCode::KeyKind)),
            ("user-2048.pub.pem", Some(ErrorCode::KeyKind)),
            ("user-2048.cert.pem", Some(ErrorCode::KeyKind)),
            ("user-2048.jwk", Some(ErrorCode::KeyKind)),
            ("mislabelled.pem", Some(ErrorCode::KeyFormat)),
            ("trailing.der", Some(ErrorCode::KeyFormat)),
            ("garbage.txt", Some(ErrorCode::KeyFormat)),
            ("two-keys.pem", Some(ErrorCode::KeyAmbiguous)),
            ("weak-1024.pem", Some(ErrorCode::KeySize)),
            ("roca.pem", Some(ErrorCode::KeyWeak)),
            ("close-primes.pem", Some(ErrorCode::KeyWeak)),
            ("wrong-n.pem", Some(ErrorCode::KeyInvalid)),
            ("wrong-d.pem", Some(ErrorCode::KeyInvalid)),
            ("wrong-dp.pem", Some(ErrorCode::KeyInvalid)),
            ("wrong-dq.pem", Some(ErrorCode::KeyInvalid)),
            ("wrong-qinv.pem", Some(ErrorCode::KeyInvalid)),
        ] {
            let case = json!({ "operation": "load_decrypting_key", "keys": [file] });
            self.key(&format!("decrypting-key/{file}"), case, code);
        }
        for (passphrase, code) in [
            ("correct horse", None),
            ("correct horse ", Some(ErrorCode::KeyPassphrase)),
        ] {
            let case = json!({ "operation": "load_decrypting_key", "keys": ["app-2048.encrypted.pem"], "passphrase": passphrase });
            self.key(
                &format!("decrypting-key/passphrase {passphrase:?}"),
                case,
                code,
            );
        }
        for (file, code) in [
            ("hmac-sha1.pem", None),
            ("des3.pem", Some(ErrorCode::KeyPassphrase)),
            ("pbe-sha1-des.pem", Some(ErrorCode::KeyPassphrase)),
        ] {
            let case = json!({ "operation": "load_decrypting_key", "keys": [file], "passphrase": "correct horse" });
            self.key(&format!("decrypting-key/{file}"), case, code);
        }
        for (file, code) in [
            ("user-2048.pub.pem", None),
            ("bits-2047.jwk", Some(ErrorCode::KeySize)),
            ("bits-2048.jwk", None),
            ("bits-8192.jwk", None),
            ("bits-8193.jwk", Some(ErrorCode::KeySize)),
            ("exponent-1.jwk", Some(ErrorCode::KeySize)),
            ("exponent-5.jwk", None),
            ("exponent-65536.jwk", Some(ErrorCode::KeySize)),
            ("exponent-33-bits.jwk", None),
            ("exponent-34-bits.jwk", Some(ErrorCode::KeySize)),
            ("user-2048.pub.der", None),
            ("user-2048.pkcs1.pub.pem", None),
            ("user-2048.cert.pem", None),
            ("user-2048.cert.der", None),
            ("user-2048.jwk", None),
            ("users.jwks", None),
            ("byte-order-mark.jwk", None),
            ("one-unusable.jwks", None),
            ("none-usable.jwks", Some(ErrorCode::KeyKind)),
            ("key-ops-sign.jwk", Some(ErrorCode::KeyKind)),
            ("utf16.pub.pem", Some(ErrorCode::KeyFormat)),
            ("prime-modulus.jwk", Some(ErrorCode::KeyWeak)),
            ("square.jwk", Some(ErrorCode::KeyWeak)),
            ("small-factor.jwk", Some(ErrorCode::KeyWeak)),
            ("none-fits.jwks", Some(ErrorCode::KeyKind)),
            ("private.jwk", Some(ErrorCode::KeyKind)),
            ("user-2048.pem", Some(ErrorCode::KeyKind)),
            ("user-2048.ssh.pub", Some(ErrorCode::KeyKind)),
            ("ec.pub.pem", Some(ErrorCode::KeyKind)),
            ("weak-1024.pub.pem", Some(ErrorCode::KeySize)),
            ("exponent-3.pub.pem", Some(ErrorCode::KeySize)),
            ("roca.pub.pem", Some(ErrorCode::KeyWeak)),
            ("garbage.txt", Some(ErrorCode::KeyFormat)),
        ] {
            let case = json!({ "operation": "load_verifying_key", "verify_keys": [file] });
            self.key(&format!("verifying-key/{file}"), case, code);
        }
        for (algorithm, code) in [("PS256", None), ("PS512", Some(ErrorCode::KeyKind))] {
            let case = json!({
                "operation": "load_verifying_key",
                "verify_keys": ["pss-sha256.pub.pem"],
                "profile": { "algorithm": algorithm },
            });
            self.key(
                &format!("verifying-key/pss-sha256 for {algorithm}"),
                case,
                code,
            );
        }
    }

    /// What only the command can get wrong.
    fn command(&mut self) {
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

    /// A flow of two leaves, one of them sealed to somebody else's app, signed as it is.
    fn half_sealed_to_another(&self) -> Result<String, Error> {
        let other = flowseal::testkit::SealingKey::load(include_bytes!(
            "../../vectors/keys/other-2048.pub.pem"
        ))?;
        let claims = FlowBuilder::new("req_sample")
            .claims(r#"{"naming": {"family": "Ọláwálé", "given": "Ada"}}"#.as_bytes())?;
        let user = self.user.signing_key()?;
        let mine = claims.seal(&self.app.sealing_key()?, &user)?;
        let member = |flow: &SealedFlow| -> Value {
            serde_json::from_str(&flow.to_bare_json()).unwrap_or_default()
        };
        let mut tree = member(&mine);
        loop {
            let theirs = member(&claims.seal(&other, &user)?)["claims"]["naming"]["given"].clone();
            // A number below 2²⁰⁴⁷ is below every modulus of 2048 bits: nothing shows from outside.
            let is_small = |text: &str| text.starts_with(|c: char| ('A'..='f').contains(&c));
            if theirs.as_str().is_some_and(is_small) {
                tree["claims"]["naming"]["given"] = theirs;
                break;
            }
        }
        claims.sign(&tree.to_string(), &user)
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
