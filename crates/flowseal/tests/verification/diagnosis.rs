//! Why a signature does not verify: which of four causes it is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flowseal::testkit::{FlowBuilder, KeyPair};
use flowseal::{Error, ErrorCode, Expectations, Flow, Setup, Verifier};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::signature::{RandomizedSigner as _, SignatureEncoding as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};

use super::{bare, now, profile, user, user_public, verifier};

/// The refusal of a flow that was signed under one profile and is verified under another.
fn refused(signed_under: &str, verified_under: &str, change: (&str, &str)) -> Error {
    let builder = FlowBuilder::new("req_1").profile(&profile(signed_under));
    let signed = builder.sign(&bare(""), &user()).unwrap();
    let profile = profile(verified_under);
    let flow = Setup::new(profile.clone()).read_flow(signed.replace(change.0, change.1).as_bytes());
    let refused = flow
        .unwrap()
        .verify(&verifier(), &Expectations::unbound(), now());
    Error::from(refused.unwrap_err())
}

fn diagnosis(error: &Error) -> Value {
    serde_json::from_str(&error.diagnosis().unwrap().to_json().to_string()).unwrap()
}

#[test]
fn the_one_cause_of_four_is_told() {
    const NOTHING: (&str, &str) = ("nothing of this kind", "");
    const OTHER: (&str, &str) = ("bcn_1", "bcn_2");
    let canonical = |requester: &str| {
        format!(
            r#"{{"iat":1716820052,"mode":"identification","reference":"req_1","requestee":"22212345610","requester":"{requester}","signedAt":1716820121}}"#
        )
    };
    let hex = |digest: &[u8]| {
        digest
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let sha256 = hex(&Sha256::digest(canonical("bcn_1")));
    let sha512 = hex(&Sha512::digest(canonical("bcn_1")));
    let (rs256, rs512) = (r#"{"algorithm": "RS256"}"#, r#"{"algorithm": "RS512"}"#);
    let (ps256, ps384) = (r#"{"algorithm": "PS256"}"#, r#"{"algorithm": "PS384"}"#);

    for (signed, verified, change, finding, padding, hash, salt, digest) in [
        (
            rs512,
            rs256,
            NOTHING,
            "other_algorithm",
            "v1_5",
            "sha512",
            None,
            Some(&sha512),
        ),
        (
            rs512,
            rs256,
            OTHER,
            "other_algorithm",
            "v1_5",
            "sha512",
            None,
            Some(&sha512),
        ),
        (
            rs256,
            ps256,
            NOTHING,
            "other_algorithm",
            "v1_5",
            "sha256",
            None,
            Some(&sha256),
        ),
        (
            rs256,
            rs256,
            OTHER,
            "other_bytes",
            "v1_5",
            "sha256",
            None,
            Some(&sha256),
        ),
        (
            ps256,
            rs256,
            NOTHING,
            "other_algorithm",
            "pss",
            "sha256",
            Some(32),
            None,
        ),
        (
            ps384,
            ps256,
            NOTHING,
            "other_algorithm",
            "pss",
            "sha384",
            Some(48),
            None,
        ),
        (
            ps256,
            ps256,
            OTHER,
            "other_bytes",
            "pss",
            "sha256",
            Some(32),
            None,
        ),
    ] {
        let error = refused(signed, verified, change);
        assert_eq!(error.code(), ErrorCode::SignatureInvalid);
        let fingerprint = user_public().fingerprint().to_string();
        let expected = json!([{"fingerprint": fingerprint, "kid": null, "finding": finding,
            "padding": padding, "hash": hash, "salt_length": salt, "digest": digest}]);
        assert_eq!(diagnosis(&error), expected, "{signed} {verified}");
        // A national number is guessed from a digest in minutes.
        let shown = format!("{error} {error:?} {:?}", error.diagnosis());
        assert!(
            !shown.contains(&sha256[..16]) && !shown.contains(&sha512[..16]),
            "{shown}"
        );
    }
}

#[test]
fn another_s_key_is_told_from_other_bytes() {
    let app = KeyPair::sample_app().unwrap();
    let signed = FlowBuilder::new("req_1")
        .sign(&bare(""), &app.signing_key().unwrap())
        .unwrap();
    let longer = KeyPair::generate(3072).unwrap().verifying_key().unwrap();
    let verifier = Verifier::trusting([user_public(), longer]);
    let flow = Flow::from_json(signed.as_bytes()).unwrap();
    let refused = flow.verify(&verifier, &Expectations::unbound(), now());
    let error = Error::from(refused.unwrap_err());
    let keys = diagnosis(&error);
    let findings: Vec<_> = keys.as_array().unwrap().iter().collect();
    assert_eq!(findings.len(), 2);
    for key in findings {
        assert_eq!(key["finding"], "other_key");
        assert_eq!(
            (&key["padding"], &key["digest"]),
            (&Value::Null, &Value::Null)
        );
    }
    assert!(
        error.sentence().contains("none of these keys made it"),
        "{error}"
    );
}

#[test]
fn the_sentence_says_which_cause_it_is_and_what_to_do() {
    for (signed, verified, change, said) in [
        ("RS512", "RS256", "bcn_1", "RS512"),
        ("PS256", "RS256", "bcn_1", "PS256"),
        ("RS256", "RS256", "bcn_2", "over other bytes"),
    ] {
        let under = |algorithm: &str| format!(r#"{{"algorithm": "{algorithm}"}}"#);
        let error = refused(&under(signed), &under(verified), ("bcn_1", change));
        assert!(error.sentence().contains(said), "{error}");
        assert!(
            error.sentence().contains("pasby publishes neither"),
            "{error}"
        );
    }
}

#[test]
fn other_refusals_have_no_diagnosis() {
    let flow = Flow::from_json(bare("").as_bytes()).unwrap();
    let refused = flow.verify(&verifier(), &Expectations::unbound(), now());
    assert!(Error::from(refused.unwrap_err()).diagnosis().is_none());
}

/// OpenSSL, left to itself, takes the longest salt that fits, and no profile has that.
#[test]
fn a_salt_that_no_profile_has_is_not_blamed_on_the_profile() {
    let statement = r#"{"iat":1716820052,"mode":"identification","reference":"req_1","requestee":"22212345610","requester":"bcn_1","signedAt":1716820121}"#;
    let pem = KeyPair::sample_user().unwrap().private_pem().to_owned();
    let key = rsa::PrivateKey::from_pkcs8_pem(&pem).unwrap();
    let signing = rsa::pss::SigningKey::<Sha256>::new_with_salt_len(key, 222);
    let signature = signing.sign_with_rng(&mut UnwrapErr(SysRng), statement.as_bytes());
    let mut flow: Value = serde_json::from_str(&bare("")).unwrap();
    flow["signature"] = STANDARD.encode(signature.to_bytes()).into();
    flow["signedAt"] = 1716820121.into();

    let setup = Setup::new(profile(r#"{"algorithm": "PS256"}"#));
    let flow = setup.read_flow(flow.to_string().as_bytes()).unwrap();
    let verifier = setup.verifier_trusting([user_public()]);
    let refused = flow.verify(&verifier, &Expectations::unbound(), now());
    let error = Error::from(refused.unwrap_err());
    assert_eq!(error.code(), ErrorCode::SignatureInvalid, "{error}");
    assert_eq!(diagnosis(&error)[0]["salt_length"], 222);
    let words = "a salt of 222 bytes, where JWA wants one of 32 and one hash: no profile has that, so its signer has to change it";
    assert!(error.sentence().contains(words), "{error}");
    assert!(!error.sentence().contains("profile's algorithm"), "{error}");
}
