//! Leaves that are opened, and what claims are read as.

use flowseal::profile::Profile;
use flowseal::testkit::{FlowBuilder, Persona, SealedFlow};
use flowseal::{Error, ErrorCode};
use serde_json::{Value, json};

use super::{Table, ada_claims};

impl Table {
    /// What can be wrong with a leaf, of a flow that its user has signed so.
    pub(super) fn leaves(&mut self) -> Result<(), Error> {
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
    pub(super) fn values(&mut self) -> Result<(), Error> {
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
}
