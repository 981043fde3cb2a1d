//! Signatures whose leading zeros were dropped, as JSEncrypt up to 3.3.2 writes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flowseal::testkit::FlowBuilder;
use flowseal::{ErrorCode, Evidence, Expectations, Flow};

use super::{bare, now, user, user_public, verifier};

/// A signed flow whose signature begins with a zero byte, and that signature.
fn beginning_with_zero() -> (String, Vec<u8>) {
    let signed = (0..).map(|n| {
        let flow = bare(&format!(r#","data": {n}"#));
        let signed = FlowBuilder::new("req_1").sign(&flow, &user()).unwrap();
        let flow = Flow::from_json(signed.as_bytes()).unwrap();
        let signature = STANDARD.decode(flow.signature().unwrap()).unwrap();
        (signed, signature)
    });
    let mut signed = signed.filter(|(_, signature)| signature[0] == 0);
    signed.next().unwrap()
}

fn with_signature(response: &str, from: &[u8], to: &[u8]) -> Flow {
    let changed = response.replace(&STANDARD.encode(from), &STANDARD.encode(to));
    Flow::from_json(changed.as_bytes()).unwrap()
}

#[test]
fn dropped_zeros_of_a_signature_are_restored() {
    let (response, whole) = beginning_with_zero();
    let flow = with_signature(&response, &whole, &whole[1..]);
    assert_eq!(flow.signature_len(), Some(255));
    let verified = flow
        .verify(&verifier(), &Expectations::unbound(), now())
        .unwrap();
    assert_eq!(verified.signature(), whole);
    let file = verified.evidence().to_json();
    assert!(file.contains(&STANDARD.encode(&whole)));
    let evidence = Evidence::from_json(file.as_bytes()).unwrap();
    assert!(evidence.check(&[user_public()]).is_ok());

    let sent_whole = with_signature(&response, &whole, &whole);
    let other = sent_whole
        .verify(&verifier(), &Expectations::unbound(), now())
        .unwrap();
    assert_eq!(verified.replay_key(), other.replay_key());
}

#[test]
fn a_signature_is_not_filled_up_by_more_than_eight_bytes_nor_cut() {
    let (response, whole) = beginning_with_zero();
    let longer = [&[0], whole.as_slice()].concat();
    for signature in [&whole[..248], &whole[..247], &whole[2..], &longer] {
        let flow = with_signature(&response, &whole, signature);
        let refused = flow.verify(&verifier(), &Expectations::unbound(), now());
        let code = refused.unwrap_err().error().code();
        assert_eq!(code, ErrorCode::SignatureInvalid, "{}", signature.len());
    }
    // An evidence file holds the restored form, and nothing shorter.
    let flow = with_signature(&response, &whole, &whole);
    let verified = flow
        .verify(&verifier(), &Expectations::unbound(), now())
        .unwrap();
    let file = verified.evidence().to_json();
    let short = file.replace(&STANDARD.encode(&whole), &STANDARD.encode(&whole[1..]));
    let evidence = Evidence::from_json(short.as_bytes()).unwrap();
    let refused = evidence.check(&[user_public()]).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SignatureInvalid);
}
