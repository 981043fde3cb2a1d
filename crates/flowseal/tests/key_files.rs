//! Key files as people have them: damaged, in the wrong encoding, for another purpose, too weak.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flowseal::api::ServiceAccount;
use flowseal::profile::{Algorithm, Profile};
use flowseal::report::{Check, Outcome};
use flowseal::testkit::{FlowBuilder, KeyPair, Sample};
use flowseal::{
    DecryptingKey, Error, ErrorCode, Evidence, Expectations, Setup, UnixTime, VerifyingKey,
};
use num_bigint::BigUint;
use rsa::PublicKey;
use rsa::pkcs1::EncodeRsaPublicKey as _;
use rsa::pkcs8::DecodePublicKey as _;
use rsa::traits::PublicKeyParts as _;

const APP: &str = Sample::APP_PRIVATE_PEM;
const USER: &str = Sample::USER_PUBLIC_PEM;

#[test]
fn only_what_stands_between_begin_and_end_matters() {
    let around = [
        b"friendlyName: M\xfcller \xff\0\n".as_slice(),
        APP.as_bytes(),
        b"\n\xfc",
    ];
    assert!(DecryptingKey::load(&around.concat()).is_ok());
    let around = [b"subject=\xe9\n".as_slice(), USER.as_bytes()];
    assert!(VerifyingKey::load(&around.concat()).is_ok());
}

#[test]
fn line_ends_that_were_written_as_two_characters_are_line_ends() {
    let literal = APP.replace('\n', "\\n");
    assert!(DecryptingKey::load(literal.as_bytes()).is_ok());
    let quoted = format!("\"{literal}\"");
    assert!(DecryptingKey::load(quoted.as_bytes()).is_ok());
    let windows = USER.replace('\n', "\\r\\n");
    assert!(VerifyingKey::load(windows.as_bytes()).is_ok());
}

#[test]
fn a_damaged_file_is_told_with_its_line() {
    let lines: Vec<_> = APP.lines().collect();
    let of = |lines: &[&str]| lines.join("\n");
    let without_end = of(&lines[..lines.len() - 1]);
    let other_end = APP.replace("END PRIVATE", "END RSA PRIVATE");
    let short = APP.replacen(lines[5], &lines[5][1..], 1);
    let url_safe = APP.replace('/', "_");
    let line = 1 + lines.iter().position(|line| line.contains('/')).unwrap();
    for (file, words) in [
        (without_end, "without its END line".to_owned()),
        (
            other_end,
            format!("another label than its BEGIN line (line {})", lines.len()),
        ),
        (short, "which is not a multiple of four".to_owned()),
        (
            url_safe,
            format!("write + and / in their places (line {line})"),
        ),
    ] {
        let error = DecryptingKey::load(file.as_bytes()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::KeyFormat);
        assert!(error.sentence().contains(&words), "{error}");
    }
}

#[test]
fn what_is_no_key_is_told_by_its_first_bytes() {
    let body: String = APP.lines().filter(|line| !line.starts_with('-')).collect();
    let utf16 = |text: &str| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    for (file, words) in [
        (Vec::new(), "found an empty file"),
        (utf16(APP), "found text in UTF-16: save it as UTF-8"),
        (utf16(USER), "found text in UTF-16: save it as UTF-8"),
        (
            body.into_bytes(),
            "found base64 alone, without the lines around it",
        ),
        (
            STANDARD.encode(APP).into_bytes(),
            "found PEM that was encoded in base64 once more: decode it",
        ),
        (b"\x1f\x8b\x08\0".to_vec(), "found a gzip file: unpack it"),
        (
            b"\xfe\xed\xfe\xed\0\0\0\x02".to_vec(),
            "found a Java key store (JKS): convert it with keytool",
        ),
        (b"<?xml version=\"1.0\"?>".to_vec(), "found HTML or XML"),
    ] {
        for error in [
            DecryptingKey::load(&file).unwrap_err(),
            VerifyingKey::load(&file).unwrap_err(),
        ] {
            assert!(error.sentence().contains(words), "{error}");
        }
    }
}

#[test]
fn a_byte_order_mark_is_skipped_in_every_file_that_people_edit() {
    let marked = |text: &str| format!("\u{feff}{text}").into_bytes();
    assert!(DecryptingKey::load(&marked(APP)).is_ok());
    assert!(VerifyingKey::load(&marked(USER)).is_ok());
    assert!(VerifyingKey::load(&marked(&jwk(&user(), ""))).is_ok());
    assert!(Profile::from_json(&marked(r#"{"algorithm": "PS256"}"#)).is_ok());
    let config = marked(r#"{"type": "app", "appid": "app_1"}"#);
    assert!(ServiceAccount::from_parts(&config, [APP]).is_ok());
    let line = marked("correct horse\r\n");
    assert_eq!(flowseal::passphrase_line(&line).unwrap(), b"correct horse");
}

/// The files of the other readers, where the advice was about a response of the API.
#[test]
fn json_that_is_none_is_told_by_the_file_that_it_is() {
    let profile = Profile::from_json(b"{\"algorithm\": \"RS256\",}").unwrap_err();
    assert!(
        profile
            .sentence()
            .starts_with("the profile is not JSON: a comma"),
        "{profile}"
    );
    let jwk = VerifyingKey::load(b"{\"kty\": \"RSA\",}").unwrap_err();
    assert!(
        jwk.sentence()
            .starts_with("the key file is not JSON: a comma"),
        "{jwk}"
    );
    let account = ServiceAccount::from_parts(b"data: {}\n\n", [APP]).unwrap_err();
    let words = "config.json must be JSON, and this is a stream of events";
    assert!(account.sentence().starts_with(words), "{account}");
    let evidence = Evidence::from_json(b"").err().unwrap();
    let words = "the evidence must be JSON, and this is an empty file";
    assert!(evidence.sentence().starts_with(words), "{evidence}");
    let claims = FlowBuilder::new("r").claims(APP.as_bytes()).err().unwrap();
    let words = "the file of claims must be JSON, and this is PEM";
    assert!(claims.sentence().starts_with(words), "{claims}");
    for error in [profile, jwk, account, evidence, claims] {
        assert!(!error.sentence().contains("response"), "{error}");
    }
}

#[test]
fn an_encryption_that_is_not_read_is_named_before_a_passphrase_is_asked_for() {
    for (oid, words) in [
        // 1.2.840.113549.1.5.3, .10, and 1.2.840.113549.1.12.1.3, .6.
        (
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x03".as_slice(),
            "PBE-MD5-DES (PBES1)",
        ),
        (
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0a",
            "PBE-SHA1-DES (PBES1)",
        ),
        (
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03",
            "PBE-SHA1-3DES (of PKCS#12)",
        ),
        (
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x06",
            "PBE-SHA1-RC2-40 (of PKCS#12)",
        ),
    ] {
        let parameters = der(0x30, &[der(4, &[&[7; 8]]), der(2, &[&[8, 0]])]);
        let scheme = der(0x30, &[der(6, &[oid]), parameters]);
        told_before_asking(&encrypted(scheme), words);
    }
    let pbes2 = |cipher: &[u8], iv: usize| {
        let kdf = der(0x30, &[der(4, &[&[7; 8]]), der(2, &[&[8, 0]])]);
        let kdf = der(
            0x30,
            &[der(6, &[b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c"]), kdf],
        );
        let cipher = der(0x30, &[der(6, &[cipher]), der(4, &[&vec![1; iv]])]);
        let oid = der(6, &[b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d"]);
        encrypted(der(0x30, &[oid, der(0x30, &[kdf, cipher])]))
    };
    told_before_asking(
        &pbes2(b"\x2a\x86\x48\x86\xf7\x0d\x03\x07", 8),
        "triple DES (PBES2)",
    );
    told_before_asking(&pbes2(b"\x2a\x03", 8), "a scheme that is not known here");

    // And what is read asks for the passphrase: HMAC-SHA1, which is meant where none is named.
    let aes = pbes2(b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a", 16);
    let error = DecryptingKey::load(&aes).unwrap_err();
    assert!(error.sentence().contains("give its passphrase"), "{error}");
}

fn encrypted(scheme: Vec<u8>) -> Vec<u8> {
    der(0x30, &[scheme, der(4, &[&[9; 64]])])
}

fn told_before_asking(file: &[u8], words: &str) {
    let asked = DecryptingKey::load(file).unwrap_err();
    let given = DecryptingKey::options()
        .with_passphrase(b"x")
        .load(file)
        .unwrap_err();
    for error in [asked, given] {
        assert_eq!(error.code(), ErrorCode::KeyPassphrase);
        assert!(error.sentence().contains(words), "{error}");
        assert!(
            error
                .sentence()
                .contains("openssl pkcs8 -topk8 -provider legacy"),
            "{error}"
        );
    }
}

#[test]
fn one_unusable_key_does_not_spoil_a_set_and_is_told() {
    let good = jwk(&user(), r#""kid": "good", "#);
    let small = STANDARD.encode([0xff; 64]);
    for (other, words) in [
        (
            jwk(&user(), r#""kid": "enc-1", "use": "enc", "#),
            r#"its use is "enc" and must be "sig""#,
        ),
        (
            jwk(&user(), r#""kid": "k", "alg": "PS512", "#),
            r#"its alg is "PS512" and must be RS256"#,
        ),
        (
            jwk(&user(), r#""kid": "k", "key_ops": ["sign"], "#),
            r#"its key_ops has "sign", which is the private key's"#,
        ),
        (
            r#"{"kty": "EC", "kid": "k"}"#.to_owned(),
            r#"its kty is "EC" and must be "RSA""#,
        ),
        (r#"{"kty": "RSA", "e": "AQAB"}"#.to_owned(), "it has no n"),
        (
            r#"{"kty": "RSA", "n": "", "e": "AQAB"}"#.to_owned(),
            "the modulus does not have 1024 to 8192 bits",
        ),
        (
            r#"{"kty": "RSA", "n": "AQAB=", "e": "AQAB"}"#.to_owned(),
            "its n has a =, and base64url of a JWK is not padded",
        ),
        (
            format!(r#"{{"kty": "RSA", "n": "{small}", "e": "AQAB"}}"#),
            "its n is base64 with + and /",
        ),
        (
            r#"{"kty": "RSA", "n": "AQABA", "e": "AQAB"}"#.to_owned(),
            "its n is base64url of 5 characters",
        ),
        ("7".to_owned(), "it is not an object"),
    ] {
        let set = format!(r#"{{"keys": [{good}, {other}]}}"#);
        let options = || VerifyingKey::options().with_algorithm(Algorithm::Rs256);
        let keys = options().load_all(set.as_bytes()).unwrap();
        assert_eq!(keys.len(), 1);
        assert_eq!(keys[0].kid(), Some("good"));
        let [warning] = keys.warnings() else {
            panic!("{:?}", keys.warnings());
        };
        assert!(warning.contains(words), "{warning}");
        assert!(
            warning.starts_with("the JWK ") && warning.contains(" is skipped: "),
            "{warning}"
        );

        // Where it is all there is, the error says the same.
        let alone = format!(r#"{{"keys": [{other}, {other}]}}"#);
        let error = options().load_all(alone.as_bytes()).unwrap_err();
        assert!(
            error
                .sentence()
                .starts_with("none of the 2 JWKs is a key for RS256: "),
            "{error}"
        );
        assert_eq!(error.sentence().matches(words).count(), 2, "{error}");
    }
}

#[test]
fn a_key_for_pss_alone_verifies_pss_within_its_parameters() {
    let user = KeyPair::sample_user().unwrap();
    for (restriction, allowed) in [
        (Some((1, 32)), &[Algorithm::Ps256][..]),
        (Some((1, 20)), &[Algorithm::Ps256]),
        (Some((1, 33)), &[]),
        (Some((2, 48)), &[]),
        (Some((3, 64)), &[Algorithm::Ps512]),
        (None, &[Algorithm::Ps256, Algorithm::Ps512]),
    ] {
        let spki = pss_spki(USER, restriction);
        let key = VerifyingKey::load(&spki).unwrap();
        // Equal moduli are one key everywhere.
        assert_eq!(
            key.fingerprint(),
            user.verifying_key().unwrap().fingerprint()
        );
        for algorithm in [Algorithm::Rs256, Algorithm::Ps256, Algorithm::Ps512] {
            let mut profile = Profile::default();
            profile.algorithm = algorithm;
            let outcome = verify(&key, &profile);
            if allowed.contains(&algorithm) {
                assert!(outcome.is_ok(), "{outcome:?}");
                continue;
            }
            let loading = VerifyingKey::options()
                .with_algorithm(algorithm)
                .load(&spki);
            for (code, sentence) in [outcome.unwrap_err(), parts(&loading.unwrap_err())] {
                assert_eq!(code, ErrorCode::KeyKind, "{sentence}");
                assert!(sentence.contains("for RSASSA-PSS"), "{sentence}");
                assert!(sentence.contains(algorithm.name()), "{sentence}");
            }
        }
    }
    let other = VerifyingKey::load(&pss_spki_of(USER, der(0x30, &[der(0x30, &[b""])])));
    assert_eq!(other.unwrap_err().code(), ErrorCode::KeyFormat);
}

fn verify(key: &VerifyingKey, profile: &Profile) -> Result<(), (ErrorCode, String)> {
    let user = KeyPair::sample_user().unwrap().signing_key().unwrap();
    let app = KeyPair::sample_app().unwrap().sealing_key().unwrap();
    let sealed = FlowBuilder::new("req_1").profile(profile).seal(&app, &user);
    let setup = Setup::new(profile.clone());
    let flow = setup
        .read_flow(sealed.unwrap().to_json().as_bytes())
        .unwrap();
    let verifier = setup.verifier_trusting([key.clone()]);
    let now = UnixTime::from_seconds(FlowBuilder::SIGNED_AT).unwrap();
    let verified = flow.verify(&verifier, &Expectations::unbound(), now);
    verified
        .map(|_| ())
        .map_err(|refused| parts(refused.error()))
}

fn parts(error: &Error) -> (ErrorCode, String) {
    (error.code(), error.to_string())
}

/// An auditor's keys are held to what they say of themselves, as a verifier's are.
#[test]
fn evidence_is_not_checked_with_a_jwk_of_another_algorithm() {
    let sample = Sample::new().unwrap();
    let verifier = sample.verifier().unwrap();
    let flow = sample.flow().unwrap();
    let now = sample.now().unwrap();
    let verified = flow
        .verify(&verifier, &Expectations::unbound(), now)
        .unwrap();
    let evidence = Evidence::from_json(verified.evidence().to_json().as_bytes()).unwrap();

    let of = |alg: &str| VerifyingKey::load(jwk(&user(), alg).as_bytes()).unwrap();
    let (same, other) = (of(r#""alg": "RS256", "#), of(r#""alg": "PS256", "#));
    let report = evidence.check(&[other.clone(), same]).unwrap();
    assert_eq!(report.outcome(Check::Signature), Outcome::Passed);
    let error = evidence.check(&[other]).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NoVerifyingKey);
    let restricted = VerifyingKey::load(&pss_spki(USER, None)).unwrap();
    let error = evidence.check(&[restricted]).unwrap_err();
    assert_eq!(error.code(), ErrorCode::KeyKind);
}

#[test]
fn a_modulus_that_anybody_can_factor_is_refused() {
    let number = |hex: &str| BigUint::parse_bytes(hex.as_bytes(), 16).unwrap();
    let (prime, half) = (number(PRIME_2048), number(PRIME_1024));
    let multiple = |factor: u32| &prime * factor;
    for (modulus, words) in [
        (prime.clone(), "is a prime"),
        (&half * &half, "is a square"),
        (multiple(3), "has a small factor"),
        (multiple(4093), "has a small factor"),
    ] {
        let error = VerifyingKey::load(jwk_of(&modulus).as_bytes()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::KeyWeak, "{error}");
        assert!(error.sentence().contains(words), "{error}");
    }
    // What division and one power do not find, they do not claim to find.
    assert!(VerifyingKey::load(jwk_of(&multiple(4099)).as_bytes()).is_ok());
}

/// A private key is sound by its numbers with a prime of any length.
#[test]
fn a_private_key_with_a_prime_that_is_far_too_short_is_refused() {
    for (name, pem, weak) in [
        (
            "a quarter",
            include_str!("vectors/keys/prime-512.pem"),
            false,
        ),
        ("less", include_str!("vectors/keys/prime-511.pem"), true),
    ] {
        let code = DecryptingKey::load(pem.as_bytes()).map_err(|error| error.code());
        let expected = if weak {
            Err(ErrorCode::KeyWeak)
        } else {
            Ok(())
        };
        assert_eq!(code.map(|_| ()), expected, "{name}");
    }
}

fn user() -> PublicKey {
    PublicKey::from_public_key_pem(USER).unwrap()
}

fn jwk(key: &PublicKey, members: &str) -> String {
    format!(
        r#"{{{members}"kty": "RSA", "n": "{}", "e": "AQAB"}}"#,
        URL_SAFE_NO_PAD.encode(key.n_bytes())
    )
}

fn jwk_of(modulus: &BigUint) -> String {
    format!(
        r#"{{"kty": "RSA", "n": "{}", "e": "AQAB"}}"#,
        URL_SAFE_NO_PAD.encode(modulus.to_bytes_be())
    )
}

/// The key's SPKI with id-RSASSA-PSS, and with the hash 2.16.840.1.101.3.4.2.x and a salt length.
fn pss_spki(pem: &str, restriction: Option<(u8, u8)>) -> Vec<u8> {
    let parameters = restriction.map(|(hash, salt)| {
        let oid = der(
            6,
            &[b"\x60\x86\x48\x01\x65\x03\x04\x02".as_slice(), &[hash]],
        );
        // 1 to 3 are SHA-256, SHA-384 and SHA-512.
        let hash = der(0x30, &[oid, der(5, &[b""])]);
        let mgf = der(6, &[b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"]);
        let mgf = der(0x30, &[mgf, hash.clone()]);
        der(
            0x30,
            &[
                der(0xa0, &[&hash]),
                der(0xa1, &[&mgf]),
                der(0xa2, &[der(2, &[&[salt]])]),
            ],
        )
    });
    pss_spki_of(pem, parameters.unwrap_or_default())
}

fn pss_spki_of(pem: &str, parameters: Vec<u8>) -> Vec<u8> {
    let pkcs1 = PublicKey::from_public_key_pem(pem).unwrap();
    let pkcs1 = pkcs1.to_pkcs1_der().unwrap();
    let oid = der(6, &[b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"]);
    let algorithm = der(0x30, &[oid, parameters]);
    der(
        0x30,
        &[algorithm, der(3, &[[0].as_slice(), pkcs1.as_bytes()])],
    )
}

/// A DER value of these parts.
fn der(tag: u8, parts: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let value: Vec<u8> = parts.iter().flat_map(AsRef::as_ref).copied().collect();
    let len = u16::try_from(value.len()).unwrap().to_be_bytes();
    let mut header = vec![tag];
    match len {
        [0, short @ 0..=127] => header.push(short),
        [0, long] => header.extend([0x81, long]),
        [high, low] => header.extend([0x82, high, low]),
    }
    [header, value].concat()
}

/// Primes, by `openssl prime -generate`.
const PRIME_2048: &str = concat!(
    "F55AD81460287E650D386306BF79036E1A9E6F681A837A41AC3A661276B91D044472F5557CA2B893",
    "727097900051EBCEA2C71DBFA02121F6FBEF4F68A838F646BCF5240F72BD6775A253CAF043353B1B",
    "E5705A43A9CED5190B8A1D206B22BEBF16C4C361330163D0354768D69E22F84BC4075A5087E56AA4",
    "668DB616DFCD7409CD4915F58DB5660F8084F01AC0E934DC7A7E448CE3535127FAD7003B0F55C47B",
    "A1E4ECD15DDF42B2CC1405F4CA62A58539074BC1B39328975372334FD28CA877854CC542769CE9B0",
    "379CBC53E617D6BF7108A7410325B9806C0F07CCFA89150CEF9812164E2EFBD6D8DE8A7FE157B3F3",
    "A6436B2A5319C1242E72453ED84D7CE1",
);

/// Half as long.
const PRIME_1024: &str = concat!(
    "F82C850032B4660B0E6B26159CE25489222F9AD6766D71A7EC77EEE6BADF9B3C3DC4E4196E4446D6",
    "3ADDF06244853F8D6264531AC42E603F0E1D4FFAC204DD243A5A4924205064B38921ECD7BB3B3C36",
    "E68A3EA82994C44E0F2453CD139DF34BE663CDAAFD7E55B7DFD59806E622AF0507AD23A48124B3AD",
    "EAF202A9AF7ADA79",
);
