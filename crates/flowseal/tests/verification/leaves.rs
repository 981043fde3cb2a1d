//! Leaves as people meet them: cut, wrapped, written in another way, or under another key.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use flowseal::testkit::{FlowBuilder, KeyPair};
use flowseal::{
    ClaimValue, Error, ErrorCode, Expectations, Flow, KeyRing, OpenOptions, OpenedClaims, Setup,
};

use super::{bare, now, profile, user, verifier};

/// A leaf of a key, `text` in quotation marks.
pub(crate) fn sealed(app: &KeyPair, text: &str) -> Vec<u8> {
    let builder = FlowBuilder::new("r").claims(format!(r#"{{"a": "{text}"}}"#).as_bytes());
    let sealed = builder
        .unwrap()
        .seal(&app.sealing_key().unwrap(), &user())
        .unwrap();
    let flow = Flow::from_json(sealed.to_json().as_bytes()).unwrap();
    let leaf = flow.claims().leaves().next().unwrap();
    STANDARD.decode(leaf.value.as_str().unwrap()).unwrap()
}

/// Opens a flow whose one claim is sent so, signed.
pub(crate) fn open(leaf: &str, ring: &KeyRing) -> Result<OpenedClaims, Error> {
    let flow = bare(&format!(
        r#","claims": {{"a": {}}}"#,
        serde_json::json!(leaf)
    ));
    let signed = FlowBuilder::new("req_1").sign(&flow, &user()).unwrap();
    let flow = Flow::from_json(signed.as_bytes()).unwrap();
    let verified = flow.verify(&verifier(), &Expectations::unbound(), now());
    verified.unwrap().open(ring)
}

pub(crate) fn ring(pairs: &[&KeyPair]) -> KeyRing {
    let keys = pairs.iter().map(|pair| pair.decrypting_key().unwrap());
    KeyRing::new(keys).unwrap()
}

#[test]
fn every_size_within_the_bound_is_tried() {
    let (app, longer) = (
        KeyPair::sample_app().unwrap(),
        KeyPair::generate(2056).unwrap(),
    );
    let cut = std::iter::repeat_with(|| sealed(&longer, "Ada"))
        .find(|leaf| leaf[0] == 0)
        .unwrap();
    let claims = open(&STANDARD.encode(&cut[1..]), &ring(&[&app, &longer])).unwrap();
    assert_eq!(claims.get("a").unwrap().text(), "Ada");
    // And one of the shorter key is still that one's.
    let leaf = STANDARD.encode(sealed(&app, "Bayo"));
    let claims = open(&leaf, &ring(&[&app, &longer])).unwrap();
    assert_eq!(claims.get("a").unwrap().text(), "Bayo");
}

#[test]
fn what_is_no_base64_is_told_by_its_first_wrong_character() {
    let app = KeyPair::sample_app().unwrap();
    let ring = ring(&[&app]);
    let leaf = std::iter::repeat_with(|| sealed(&app, "Ada"))
        .find(|leaf| URL_SAFE.encode(leaf).contains('-'))
        .unwrap();
    let (text, url_safe) = (STANDARD.encode(&leaf), URL_SAFE.encode(&leaf));
    let first = |wanted: &[char]| url_safe.find(wanted).unwrap() + 1;
    let plus = text.find('+').unwrap() + 1;
    for (sent, place, suggests) in [
        (format!("{}\n{}", &text[..64], &text[64..]), 65, "line end"),
        (
            format!("{}\r\n{}", &text[..76], &text[76..]),
            77,
            "line end",
        ),
        (url_safe.clone(), first(&['-', '_']), "URL-safe"),
        (text.replacen('+', " ", 1), plus, "plus"),
        (text.replacen('+', "%2B", 1), plus, "URL"),
        ("Ọláwálé".to_owned(), 1, "clear"),
        ("Ada, of Lagos".to_owned(), 4, "clear"),
        ("1987-04-12".to_owned(), 5, "may be in the clear"),
        (text[..341].to_owned(), 341, "cut"),
        (text.trim_end_matches('=').to_owned(), 342, "padding"),
    ] {
        let error = open(&sent, &ring).unwrap_err();
        assert_eq!(error.code(), ErrorCode::ClaimBase64, "{error}");
        let told = error.sentence().contains(&format!("character {place} "))
            || error.sentence().contains(&format!("{place} characters"));
        assert!(
            told && error.sentence().contains(suggests),
            "{place} {suggests}: {error}"
        );
        assert!(!error.sentence().contains("Lagos"), "{error}");
    }
}

#[test]
fn split_text_hexadecimal_and_another_s_key_are_told_apart_in_one_unit() {
    let app = KeyPair::sample_app().unwrap();
    let ring = ring(&[&app]);
    let (one, two) = (sealed(&app, "Ada"), sealed(&app, "Lovelace"));
    let hex: String = one.iter().map(|byte| format!("{byte:02x}")).collect();
    let other = KeyPair::generate(3072).unwrap();
    for (sent, code, said) in [
        (
            STANDARD.encode([one.clone(), two.clone()].concat()),
            ErrorCode::NoDecryptingKey,
            "2 blocks",
        ),
        (
            STANDARD.encode([one.clone(), two, one].concat()),
            ErrorCode::ClaimLength,
            "3 blocks",
        ),
        (hex.clone(), ErrorCode::ClaimLength, "hexadecimal"),
        (hex.to_uppercase(), ErrorCode::ClaimLength, "hexadecimal"),
        (
            STANDARD.encode(sealed(&other, "Ada")),
            ErrorCode::NoDecryptingKey,
            "3072 bits",
        ),
        (
            STANDARD.encode([1; 300]),
            ErrorCode::ClaimLength,
            "300 bytes",
        ),
    ] {
        let error = open(&sent, &ring).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.sentence().contains(said), "{said}: {error}");
        let mixed = error.sentence().contains("bits") && error.sentence().contains("bytes");
        assert!(!mixed, "two units: {error}");
    }
    let empty = open(&hex, &KeyRing::default()).unwrap_err();
    assert!(empty.sentence().contains("the ring is empty"), "{empty}");
}

#[test]
fn a_boolean_that_is_none_is_no_text_that_counts_as_true() {
    let app = KeyPair::sample_app().unwrap();
    for (text, value) in [
        ("true", Some(true)),
        ("false", Some(false)),
        ("False", None),
        (" false", None),
        ("0", None),
        ("no", None),
        ("", None),
    ] {
        let claims = format!(r#"{{"contact": {{"emailVerified": "{text}"}}}}"#);
        let sealed = FlowBuilder::new("req_1")
            .claims(claims.as_bytes())
            .unwrap()
            .seal(&app.sealing_key().unwrap(), &user())
            .unwrap();
        let flow = Flow::from_json(sealed.to_json().as_bytes()).unwrap();
        let verified = flow
            .verify(&verifier(), &Expectations::unbound(), now())
            .unwrap();
        let opened = verified.open(&ring(&[&app])).unwrap();
        let claim = opened.get("contact.emailVerified").unwrap();
        assert_eq!(claim.text(), text);
        assert_eq!(claim.boolean().ok(), value);
        match (claim.value(), value) {
            (ClaimValue::Boolean(found), Some(value)) => assert_eq!(found, value),
            (ClaimValue::Mistyped, None) => {}
            (other, _) => panic!("{text:?} is {other:?}"),
        }
    }
}

#[test]
fn java_s_oaep_opens_under_a_padding_of_its_own() {
    let java = profile(r#"{"padding": "rsaes-oaep-sha256-mgf1-sha1"}"#);
    assert_eq!(java.padding.name(), "rsaes-oaep-sha256-mgf1-sha1");
    let app = KeyPair::sample_app().unwrap();
    let sealed = FlowBuilder::new("req_1")
        .profile(&java)
        .claims(br#"{"a": "Ada"}"#)
        .unwrap()
        .seal(&app.sealing_key().unwrap(), &user())
        .unwrap();
    for (text, opens) in [
        (r#"{"padding": "rsaes-oaep-sha256-mgf1-sha1"}"#, true),
        (r#"{"padding": "rsaes-oaep-sha256"}"#, false),
        (r#"{"padding": "rsaes-oaep-sha1"}"#, false),
    ] {
        let profile = profile(text);
        let setup = Setup::new(profile);
        let flow = setup.read_flow(sealed.to_json().as_bytes()).unwrap();
        let verified = flow
            .verify(&verifier(), &Expectations::unbound(), now())
            .unwrap();
        let pem = app.private_pem();
        let key = setup.load_decrypting_key(pem.as_bytes()).unwrap();
        let opened = verified.open_with(&KeyRing::from(key), &OpenOptions::new());
        assert_eq!(opened.is_ok(), opens, "{text}");
    }
}
