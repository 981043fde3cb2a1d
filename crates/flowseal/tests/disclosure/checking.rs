//! What a reader with public keys alone believes, and what it refuses.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flowseal::profile::Profile;
use flowseal::report::{Check, Outcome};
use flowseal::testkit::{FlowBuilder, KeyPair};
use flowseal::{AppKey, ErrorCode, Evidence, VerifyingKey};
use serde_json::{Value, json};

use super::{
    app, app_key, checked, disclosure, flow, profile, read, refusal, shown, user_public, verified,
};

fn sample() -> Value {
    disclosure(&Profile::default(), &["naming.given", "other"])
}

/// A change of a file.
type Edit = fn(&mut Value);

fn edited(edit: impl FnOnce(&mut Value)) -> Value {
    let mut file = sample();
    edit(&mut file);
    file
}

/// The file with another statement, which the person has signed.
fn over(statement: &Profile, edit: impl FnOnce(&mut Value)) -> Value {
    let mut other = flow(statement);
    edit(&mut other);
    let evidence = verified(statement, &other).evidence().to_json();
    edited(|file| file["evidence"] = serde_json::from_str(&evidence).unwrap())
}

#[test]
fn what_passed_is_reported() {
    let disclosed = checked(&sample()).unwrap();
    let report = disclosed.report();
    assert_eq!(report.outcome(Check::Signature), Outcome::Passed);
    assert_eq!(report.outcome(Check::ClaimsSigned), Outcome::Passed);
    assert_eq!(report.outcome(Check::Reference), Outcome::NotAsked);
    assert_eq!(report.why(Check::SignedAt), Some("from_evidence"));
    assert!(disclosed.claims().is_verified());
    assert_eq!(
        shown(&disclosed),
        json!({"naming": {"given": "Ada"}, "other": ["one", "two"]})
    );
}

#[test]
fn a_file_of_another_shape_is_none() {
    let edits: [(&str, Edit); 27] = [
        ("version", |file| file["flowseal_disclosure"] = json!(2)),
        ("version as text", |file| {
            file["flowseal_disclosure"] = json!("1");
        }),
        ("no version", |file| {
            drop(file.as_object_mut().unwrap().remove("flowseal_disclosure"));
        }),
        ("no key", |file| {
            drop(file.as_object_mut().unwrap().remove("app_key"));
        }),
        ("no evidence", |file| {
            drop(file.as_object_mut().unwrap().remove("evidence"));
        }),
        ("null", |file| file["claims"] = json!(null)),
        ("no claims", |file| file["claims"] = json!([])),
        ("one claim", |file| {
            file["claims"] = file["claims"][0].clone();
        }),
        ("unknown", |file| file["note"] = json!("")),
        ("unknown of the key", |file| {
            file["app_key"]["kid"] = json!("");
        }),
        ("unknown of a claim", |file| {
            file["claims"][0]["text"] = json!("Ada");
        }),
        ("unknown of the evidence", |file| {
            file["evidence"]["text"] = json!("");
        }),
        ("unknown of the person's key", |file| {
            file["evidence"]["key"]["text"] = json!("");
        }),
        ("unknown of a check", |file| {
            file["evidence"]["report"][0]["text"] = json!("");
        }),
        ("a report of another type", |file| {
            file["evidence"]["report"] = json!({});
        }),
        ("fingerprint", |file| {
            file["app_key"]["fingerprint"] = json!("00");
        }),
        ("capitals", |file| {
            let upper = file["app_key"]["fingerprint"]
                .as_str()
                .unwrap()
                .to_uppercase();
            file["app_key"]["fingerprint"] = json!(upper);
        }),
        ("padding", |file| file["app_key"]["padding"] = json!("none")),
        ("another padding", |file| {
            file["app_key"]["padding"] = json!("rsaes-oaep-sha1");
        }),
        ("twice", |file| {
            file["claims"][1] = file["claims"][0].clone();
        }),
        ("no path", |file| {
            drop(file["claims"][0].as_object_mut().unwrap().remove("path"));
        }),
        ("no em", |file| {
            drop(file["claims"][0].as_object_mut().unwrap().remove("em"));
        }),
        ("a number", |file| file["claims"][0]["em"] = json!(1)),
        ("not base64", |file| file["claims"][0]["em"] = json!("====")),
        ("a space", |file| {
            let em = format!(" {}", file["claims"][0]["em"].as_str().unwrap());
            file["claims"][0]["em"] = json!(em);
        }),
        ("the evidence", |file| {
            file["evidence"]["covers"] = json!([]);
        }),
        ("its profile", |file| {
            file["evidence"]["profile"]["algorithm"] = json!("none");
        }),
    ];
    for (what, edit) in edits {
        let found = read(&edited(edit)).unwrap_err();
        assert_eq!(found.code(), ErrorCode::Disclosure, "{what}: {found}");
    }
    let text = sample().to_string();
    let twice = text.replacen('{', r#"{"flowseal_disclosure":1,"#, 1);
    let found = flowseal::Disclosure::from_json(twice.as_bytes()).unwrap_err();
    assert_eq!(found.code(), ErrorCode::Disclosure, "{found}");
    let found = flowseal::Disclosure::from_json(b"{").unwrap_err();
    assert_eq!(found.code(), ErrorCode::Json);
    // An evidence file is none, and neither is a disclosure one.
    assert_eq!(
        read(&sample()["evidence"]).unwrap_err().code(),
        ErrorCode::Disclosure
    );
    let found = Evidence::from_json(text.as_bytes()).unwrap_err();
    assert_eq!(found.code(), ErrorCode::Evidence);
}

#[test]
fn a_path_that_is_not_signed_is_refused() {
    for path in ["naming.nickname", "naming", "other.2", "", "naming.given."] {
        let found = refusal(&edited(|file| file["claims"][0]["path"] = json!(path)));
        assert_eq!(found, ("disclosure", None), "{path}");
    }
}

#[test]
fn an_em_is_one_number_below_the_modulus() {
    let modulus = modulus();
    for em in [
        modulus.clone(),
        vec![0xff; 256],
        vec![0; 255],
        vec![0; 257],
        Vec::new(),
    ] {
        let found = refusal(&edited(|file| {
            file["claims"][0]["em"] = json!(STANDARD.encode(&em));
        }));
        assert_eq!(found, ("disclosure", None), "{}", em.len());
    }
    for em in [0, 1, 2] {
        let em = [vec![0; 255], vec![em]].concat();
        let found = refusal(&edited(|file| {
            file["claims"][0]["em"] = json!(STANDARD.encode(&em));
        }));
        assert_eq!(found, ("disclosure_invalid", Some("ciphertext_differs")));
    }
}

#[test]
fn another_claim_s_proof_proves_nothing() {
    let found = refusal(&edited(|file| {
        let other = file["claims"][1]["em"].clone();
        file["claims"][0]["em"] = other;
    }));
    assert_eq!(found, ("disclosure_invalid", Some("ciphertext_differs")));
}

#[test]
fn another_app_s_key_is_told_as_that() {
    let (other, file) = (KeyPair::generate(2048).unwrap(), sample());
    let other = AppKey::load(other.public_pem().as_bytes()).unwrap();
    let refused = read(&file)
        .unwrap()
        .check(&other, &user_public())
        .unwrap_err();
    assert_eq!(refused.code(), ErrorCode::DisclosureInvalid);
    assert_eq!(refused.details().why(), Some("other_key"));
    // The note that the file has of its key proves nothing.
    let named =
        edited(|file| file["app_key"]["fingerprint"] = json!(other.fingerprint().to_string()));
    let refused = read(&named)
        .unwrap()
        .check(&other, &user_public())
        .unwrap_err();
    assert!(matches!(
        (refused.code(), refused.details().why()),
        (ErrorCode::DisclosureInvalid, Some("ciphertext_differs")) | (ErrorCode::Disclosure, None)
    ));
    assert_eq!(refusal(&named), ("disclosure_invalid", Some("other_key")));
}

#[test]
fn the_app_s_key_and_the_person_s_are_not_one() {
    let both = [KeyPair::sample_app().unwrap().verifying_key().unwrap()];
    let refused = read(&sample())
        .unwrap()
        .check(&app_key(), &both)
        .unwrap_err();
    assert_eq!(refused.code(), ErrorCode::KeyConflict);
}

#[test]
fn a_statement_that_does_not_hold_the_claims_proves_none() {
    let template = profile(r#"{"statement": {"template": "{reference}.{claims}"}}"#);
    for file in [
        over(&template, |_| {}),
        over(&Profile::default(), |flow| {
            drop(flow.as_object_mut().unwrap().remove("claims"));
        }),
    ] {
        let refused = checked(&file).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::DisclosureInvalid);
        assert_eq!(refused.details().why(), Some("not_covered"));
        let report = refused.report().unwrap();
        assert_eq!(report.outcome(Check::Signature), Outcome::Passed);
        assert_eq!(report.outcome(Check::ClaimsSigned), Outcome::Failed);
    }
}

#[test]
fn a_number_that_is_signed_twice_is_refused() {
    let mut twice = flow(&Profile::default());
    let given = twice["claims"]["naming"]["given"].clone();
    // What no maker of this library's shows: the file of the flow as it was, over this one.
    let original = verified(&Profile::default(), &twice);
    let ring = super::ring(&Profile::default());
    let original = original.disclose(&ring, ["naming.given"]).unwrap();
    let mut file: Value = serde_json::from_str(original.to_json().expose_secret()).unwrap();
    twice["claims"]["contact"] = json!({ "email": given });
    let evidence = verified(&Profile::default(), &twice).evidence().to_json();
    file["evidence"] = serde_json::from_str(&evidence).unwrap();
    assert_eq!(
        refusal(&file),
        ("disclosure_invalid", Some("ciphertext_twice"))
    );
}

#[test]
fn a_signed_name_with_a_dot_is_no_path() {
    let mut file = sample();
    let statement = STANDARD.decode(file["evidence"]["statement"].as_str().unwrap());
    let mut members: Value = serde_json::from_slice(&statement.unwrap()).unwrap();
    let given = members["claims"]["naming"]["given"].take();
    members["claims"] = json!({"naming.given": given, "other": members["claims"]["other"]});
    let statement = serde_jcs::to_string(&members).unwrap();
    // No flow is read that has such a name, so that the signature is made by hand.
    file["evidence"]["statement"] = json!(STANDARD.encode(&statement));
    file["evidence"]["signature"] = json!(STANDARD.encode(signed(statement.as_bytes())));
    assert_eq!(refusal(&file), ("claim_name", None));
}

#[test]
fn what_is_no_block_and_what_is_no_text_is_refused() {
    // Any number is some ciphertext's encoded message: of one that was signed without a block.
    let number = [vec![0, 1], vec![7; 254]].concat();
    let sealed = raised(&number);
    let mut flow = flow(&Profile::default());
    flow["claims"]["naming"]["given"] = json!(STANDARD.encode(&sealed));
    let evidence = verified(&Profile::default(), &flow).evidence().to_json();
    let file = |em: &[u8], evidence: &str| {
        edited(|file| {
            file["evidence"] = serde_json::from_str(evidence).unwrap();
            file["claims"] = json!([{"path": "naming.given", "em": STANDARD.encode(em)}]);
        })
    };
    let found = refusal(&file(&number, &evidence));
    assert_eq!(found, ("disclosure_invalid", Some("no_block")));

    let mut no_text = [vec![0, 2], vec![7; 251], vec![0, 0xff]].concat();
    no_text.resize(256, 0xfe);
    flow["claims"]["naming"]["given"] = json!(STANDARD.encode(raised(&no_text)));
    let evidence = verified(&Profile::default(), &flow).evidence().to_json();
    let found = refusal(&file(&no_text, &evidence));
    assert_eq!(found, ("disclosure_invalid", Some("no_text")));
}

#[test]
fn a_signature_of_someone_else_s_is_refused() {
    let other = KeyPair::generate(2048).unwrap().verifying_key().unwrap();
    let refused = read(&sample())
        .unwrap()
        .check(&app_key(), &[other])
        .unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NoVerifyingKey);
    let file = edited(|file| {
        let signature = STANDARD.encode(vec![1; 256]);
        file["evidence"]["signature"] = json!(signature);
    });
    let refused = checked(&file).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SignatureInvalid);
    assert!(refused.diagnosis().is_some() && refused.report().is_some());
}

#[test]
fn the_reader_s_profile_leads() {
    let file = read(&sample()).unwrap();
    let under = |text: &str| file.check_under(&app_key(), &user_public(), &profile(text));
    for text in [
        r#"{"algorithm": "RS512"}"#,
        r#"{"padding": "rsaes-oaep-sha1"}"#,
        r#"{"statement": "detached"}"#,
    ] {
        let refused = under(text).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::ProfileMismatch, "{text}");
    }
    let as_sent = under(r#"{"leaf": "text"}"#).unwrap();
    assert_eq!(
        as_sent.claims().text("naming.given").unwrap(),
        Some("\"Ada\"")
    );
}

#[test]
fn an_app_s_key_is_public_rsa_with_the_exponent_that_was_named() {
    let vectors = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/keys/");
    let load = |name: &str| {
        let file = std::fs::read(format!("{vectors}{name}")).unwrap();
        AppKey::load(&file)
            .map(|key| key.bits())
            .map_err(|error| error.code())
    };
    for (name, outcome) in [
        ("app-2048.pub.pem", Ok(2048)),
        ("user-2048.pkcs1.pub.pem", Ok(2048)),
        ("user-2048.cert.pem", Ok(2048)),
        ("app-2048.pem", Err(ErrorCode::KeyKind)),
        ("user-2048.jwk", Err(ErrorCode::KeyKind)),
        ("ec.pem", Err(ErrorCode::KeyKind)),
        ("roca.pub.pem", Err(ErrorCode::KeyWeak)),
        ("garbage.txt", Err(ErrorCode::KeyFormat)),
    ] {
        assert_eq!(load(name), outcome, "{name}");
    }
    let three = std::fs::read(format!("{vectors}exponent-3.pub.pem")).unwrap();
    assert_eq!(AppKey::load(&three).unwrap_err().code(), ErrorCode::KeySize);
    assert!(AppKey::options().with_exponent(3).load(&three).is_ok());
    let file = app();
    let file = file.public_pem().as_bytes();
    let named = AppKey::options().with_exponent(65537);
    assert!(named.load(file).is_ok());
    let three = AppKey::options().with_exponent(3).load(file).unwrap_err();
    assert_eq!(three.code(), ErrorCode::KeySize);
    assert_eq!(
        VerifyingKey::load(file).unwrap().fingerprint(),
        app_key().fingerprint()
    );
}

#[test]
fn the_sample_is_signed_when_it_says() {
    let disclosed = checked(&sample()).unwrap();
    let member = disclosed.covered("signedAt").unwrap().as_integer();
    assert_eq!(member, Some(FlowBuilder::SIGNED_AT.into()));
    assert!(disclosed.covered("cancelled").is_none());
}

fn modulus() -> Vec<u8> {
    numbers().0.to_bytes_be()
}

pub(super) fn numbers() -> (num_bigint::BigUint, num_bigint::BigUint) {
    use rsa::pkcs8::DecodePublicKey as _;
    use rsa::traits::PublicKeyParts as _;
    let key = rsa::PublicKey::from_public_key_pem(app().public_pem()).unwrap();
    let number = |bytes: &[u8]| num_bigint::BigUint::from_bytes_be(bytes);
    (number(&key.n_bytes()), number(&key.e_bytes()))
}

/// A number to the power of e, by arithmetic of other people's.
fn raised(em: &[u8]) -> Vec<u8> {
    let (n, e) = numbers();
    let power = num_bigint::BigUint::from_bytes_be(em)
        .modpow(&e, &n)
        .to_bytes_be();
    [vec![0; 256 - power.len()], power].concat()
}

/// The person's RS256 signature, by arithmetic of other people's.
fn signed(statement: &[u8]) -> Vec<u8> {
    use rsa::pkcs8::DecodePrivateKey as _;
    use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
    use sha2::Digest as _;

    let pair = KeyPair::sample_user().unwrap();
    let key = rsa::PrivateKey::from_pkcs8_pem(pair.private_pem()).unwrap();
    let number = |bytes: &[u8]| num_bigint::BigUint::from_bytes_be(bytes);
    let info = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ];
    let digest = sha2::Sha256::digest(statement);
    let em = [&[0, 1], [0xff; 202].as_slice(), &[0], &info, &digest].concat();
    let (n, d) = (number(&key.n_bytes()), number(&key.d().to_be_bytes()));
    let power = number(&em).modpow(&d, &n).to_bytes_be();
    [vec![0; 256 - power.len()], power].concat()
}
