//! Three questions that implementations answer differently: what the crate `rsa` 0.10 says, and
//! what is said here.
//!
//! It answers each the other way round than 0.9 did. A comparison of "both or neither" would have
//! gone on passing for another reason, so each side is written down.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flowseal::testkit::KeyPair;
use flowseal::{Error, ErrorCode};
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::{Pkcs1v15Encrypt, PrivateKey};

use super::leaves::{open, ring, sealed};

fn theirs(pair: &KeyPair, ciphertext: &[u8]) -> rsa::Result<Vec<u8>> {
    let key = PrivateKey::from_pkcs8_pem(pair.private_pem()).unwrap();
    key.decrypt(Pkcs1v15Encrypt, ciphertext)
}

fn ours(pair: &KeyPair, ciphertext: &[u8]) -> Result<String, Error> {
    let claims = open(&STANDARD.encode(ciphertext), &ring(&[pair]))?;
    Ok(claims.get("a").unwrap().text().to_owned())
}

/// A ciphertext whose first byte is zero.
fn begins_with_zero(app: &KeyPair) -> Vec<u8> {
    std::iter::repeat_with(|| sealed(app, "Ada"))
        .find(|ciphertext| ciphertext[0] == 0)
        .unwrap()
}

#[test]
fn a_whole_ciphertext_is_opened_by_both() {
    let app = KeyPair::sample_app().unwrap();
    let ciphertext = sealed(&app, "Ada");
    assert_eq!(theirs(&app, &ciphertext).unwrap(), b"\"Ada\"");
    assert_eq!(ours(&app, &ciphertext).unwrap(), "Ada");
}

#[test]
fn a_ciphertext_without_its_leading_zero_is_opened_here_and_refused_there() {
    let app = KeyPair::sample_app().unwrap();
    let short = &begins_with_zero(&app)[1..];
    assert!(matches!(theirs(&app, short), Err(rsa::Error::Decryption)));
    assert_eq!(ours(&app, short).unwrap(), "Ada");
}

#[test]
fn a_ciphertext_with_a_zero_too_many_is_refused_by_both() {
    let app = KeyPair::sample_app().unwrap();
    let long = [&[0], &*sealed(&app, "Ada")].concat();
    assert!(matches!(theirs(&app, &long), Err(rsa::Error::Decryption)));
    assert_eq!(
        ours(&app, &long).unwrap_err().code(),
        ErrorCode::ClaimLength
    );
}

/// Both invent a message, so that time tells nothing. There it is the answer; here the flow is
/// refused.
#[test]
fn another_keys_ciphertext_is_an_invented_text_there_and_a_refusal_here() {
    let (app, other) = (
        KeyPair::sample_app().unwrap(),
        KeyPair::generate(2048).unwrap(),
    );
    // The number must be below the other modulus, or both refuse it for that.
    let below = std::iter::repeat_with(|| sealed(&app, "Ada"))
        .find(|ciphertext| ciphertext[0] < 0x80)
        .unwrap();
    assert_ne!(theirs(&other, &below).unwrap(), b"\"Ada\"");
    let refused = ours(&other, &below).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ClaimUnopenable);
}
