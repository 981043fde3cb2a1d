//! What an error is about, as data: the same as in Rust, by fields.

use std::ptr::null_mut;

use flowseal::profile::Profile;
use flowseal::testkit::{FlowBuilder, KeyPair, Mutation, Sample};
use flowseal::{Error, Expectations, Flow, UnixTime, Verifier, VerifyingKey};
use flowseal_ffi::decrypting_key::{flowseal_decrypting_key, flowseal_decrypting_key_load};
use flowseal_ffi::details::{
    flowseal_detail, flowseal_diagnosed, flowseal_error_detail_number, flowseal_error_detail_sizes,
    flowseal_error_detail_sizes_count, flowseal_error_detail_text, flowseal_error_details_to_json,
    flowseal_error_diagnosis_count, flowseal_error_diagnosis_digest,
    flowseal_error_diagnosis_finding, flowseal_error_diagnosis_number,
    flowseal_error_diagnosis_text, flowseal_error_diagnosis_to_json, flowseal_finding,
};
use flowseal_ffi::error::{flowseal_error, flowseal_error_free};
use flowseal_ffi::expectations::{flowseal_expectations, flowseal_expectations_unbound};
use flowseal_ffi::expectations::{
    flowseal_expectations_for_reference, flowseal_expectations_set_max_age_seconds,
};
use flowseal_ffi::lists::flowseal_check;
use flowseal_ffi::options::{flowseal_open_options, flowseal_open_options_new};
use flowseal_ffi::status::flowseal_status;
use flowseal_ffi::verified_flow::flowseal_verified_flow;
use flowseal_ffi::verifier::{flowseal_verifier, flowseal_verifier_trusting};
use flowseal_ffi::verify::{flowseal_flow_open_unverified, flowseal_flow_verify};
use flowseal_ffi::verifying_keys::{
    flowseal_verifying_keys, flowseal_verifying_keys_load, flowseal_verifying_keys_new,
};

use crate::call::{call, flow, made, text, written};
use crate::sample::ring;

const OK: flowseal_status = flowseal_status::Ok;
const SIGNED_AT: i64 = FlowBuilder::SIGNED_AT;

#[test]
fn an_expectation_that_failed_says_which_and_what_was_expected_and_found() {
    let error = refused(
        &sample(),
        Sample::USER_PUBLIC_PEM,
        expecting("req_other"),
        SIGNED_AT,
    );
    let text = |detail| text!(flowseal_error_detail_text(error, detail as u32));
    let number = |detail| made!(0; flowseal_error_detail_number(error, detail as u32));
    let reference = flowseal_check::Reference as u64;
    assert_eq!(number(flowseal_detail::Check), Ok(reference));
    assert_eq!(text(flowseal_detail::Check), Err(flowseal_status::Usage));
    assert_eq!(text(flowseal_detail::Expected).as_deref(), Ok("req_other"));
    assert_eq!(
        text(flowseal_detail::Found).as_deref(),
        Ok(Sample::REFERENCE)
    );
    assert_eq!(text(flowseal_detail::Claim), Err(flowseal_status::Absent));
    assert_eq!(text(flowseal_detail::Seconds), Err(flowseal_status::Usage));
    let beyond = text!(flowseal_error_detail_text(error, 99));
    assert_eq!(beyond, Err(flowseal_status::Usage));
    let seconds = made!(0; flowseal_error_detail_number(error, flowseal_detail::Seconds as u32));
    assert_eq!(seconds, Err(flowseal_status::Absent));
    assert_eq!(flowseal_error_free(error), OK);
}

#[test]
fn a_flow_that_is_too_old_says_by_how_many_seconds() {
    let expected = expecting(Sample::REFERENCE);
    assert_eq!(
        call!(flowseal_expectations_set_max_age_seconds(expected, 60)),
        OK
    );
    let error = refused(
        &sample(),
        Sample::USER_PUBLIC_PEM,
        expected,
        SIGNED_AT + 100,
    );
    let number = |detail| made!(0; flowseal_error_detail_number(error, detail as u32));
    assert_eq!(number(flowseal_detail::Seconds), Ok(40));
    assert_eq!(number(flowseal_detail::Found), Err(flowseal_status::Usage));
    let age = flowseal_check::Age as u64;
    assert_eq!(number(flowseal_detail::Check), Ok(age));
}

#[test]
fn a_claim_of_another_length_says_which_and_what_lengths_would_be_right() {
    let bare = br#"{"reference":"r","requester":"q","requestee":"p","mode":"identification",
        "cancelled":false,"iat":1,"claims":{"naming":{"given":"AAAA"}}}"#;
    let options = made!(flowseal_open_options { id: 0 }; flowseal_open_options_new()).unwrap();
    let unbound = made!(flowseal_expectations { id: 0 }; flowseal_expectations_unbound()).unwrap();
    let mut error = flowseal_error { id: 0 };
    let mut claims = flowseal_ffi::opened_claims::flowseal_opened_claims { id: 0 };
    let status = call!(flowseal_flow_open_unverified(
        flow(str::from_utf8(bare).unwrap()),
        ring(),
        unbound,
        SIGNED_AT,
        options,
        &raw mut claims,
        null_mut(),
        &raw mut error,
    ));
    assert_eq!(status, flowseal_status::ClaimLength);
    let claim = text!(flowseal_error_detail_text(
        error,
        flowseal_detail::Claim as u32
    ));
    assert_eq!(claim.as_deref(), Ok("naming.given"));
    let size = made!(0; flowseal_error_detail_number(error, flowseal_detail::Size as u32));
    assert_eq!(size, Ok(3));
    assert_eq!(made!(0; flowseal_error_detail_sizes_count(error)), Ok(1));
    assert_eq!(made!(0; flowseal_error_detail_sizes(error, 0)), Ok(256));
    let beyond = made!(0; flowseal_error_detail_sizes(error, 1));
    assert_eq!(beyond, Err(flowseal_status::Index));
}

#[test]
fn a_signature_that_is_not_valid_says_what_each_key_shows_of_it() {
    let of = |algorithm: &str| {
        let profile = format!(r#"{{"algorithm": "{algorithm}"}}"#);
        sealed(&Profile::from_json(profile.as_bytes()).unwrap())
    };
    let other = sample_of(Mutation::ChangeIat);
    let stranger = KeyPair::generate(2048).unwrap();
    for (json, key, finding, padding, hash, salt, digest) in [
        (
            &of("RS512"),
            None,
            flowseal_finding::OtherAlgorithm,
            "v1_5",
            "sha512",
            None,
            64,
        ),
        (
            &of("PS384"),
            None,
            flowseal_finding::OtherAlgorithm,
            "pss",
            "sha384",
            Some(48),
            0,
        ),
        (
            &other,
            None,
            flowseal_finding::OtherBytes,
            "v1_5",
            "sha256",
            None,
            32,
        ),
        (
            &sample(),
            Some(stranger.public_pem()),
            flowseal_finding::OtherKey,
            "",
            "",
            None,
            0,
        ),
    ] {
        let pem = key.unwrap_or(Sample::USER_PUBLIC_PEM);
        let error = refused(json, pem, unbound(), SIGNED_AT);
        let text = |field| text!(flowseal_error_diagnosis_text(error, 0, field as u32));
        let or_absent = |text: &str| match text {
            "" => Err(flowseal_status::Absent),
            text => Ok(text.to_owned()),
        };
        assert_eq!(made!(0; flowseal_error_diagnosis_count(error)), Ok(1));
        let found = made!(flowseal_finding::OtherKey; flowseal_error_diagnosis_finding(error, 0));
        assert_eq!(found, Ok(finding));
        let fingerprint = VerifyingKey::load(pem.as_bytes()).unwrap().fingerprint();
        assert_eq!(
            text(flowseal_diagnosed::Fingerprint),
            Ok(fingerprint.to_string())
        );
        assert_eq!(text(flowseal_diagnosed::Kid), Err(flowseal_status::Absent));
        assert_eq!(text(flowseal_diagnosed::Padding), or_absent(padding));
        assert_eq!(text(flowseal_diagnosed::Hash), or_absent(hash));
        let field = flowseal_diagnosed::SaltLength as u32;
        let length = made!(0; flowseal_error_diagnosis_number(error, 0, field));
        assert_eq!(length, salt.ok_or(flowseal_status::Absent));
        let signed = written!(flowseal_error_diagnosis_digest(error, 0));
        match digest {
            0 => assert_eq!(signed, Err(flowseal_status::Absent)),
            length => assert_eq!(signed.map(|signed| signed.len()), Ok(length)),
        }
        assert_eq!(
            written!(flowseal_error_diagnosis_digest(error, 1)),
            Err(flowseal_status::Index)
        );
    }
}

/// The fields and the text are of one thing.
#[test]
fn details_and_diagnosis_are_those_of_the_core() {
    let json = sample_of(Mutation::ChangeIat);
    let error = refused(&json, Sample::USER_PUBLIC_PEM, unbound(), SIGNED_AT);
    let core = refused_in_rust(&json).unwrap();
    let details = text!(flowseal_error_details_to_json(error));
    assert_eq!(details, Ok(core.details().to_json().to_string()));
    let diagnosis = text!(flowseal_error_diagnosis_to_json(error));
    assert_eq!(
        diagnosis,
        Ok(core.diagnosis().unwrap().to_json().to_string())
    );
}

#[test]
fn an_error_of_the_edge_has_neither() {
    let mut error = flowseal_error { id: 0 };
    let mut key = flowseal_decrypting_key { id: 0 };
    let status = call!(flowseal_decrypting_key_load(
        std::ptr::null(),
        1,
        &raw mut key,
        &raw mut error
    ));
    assert_eq!(status, flowseal_status::Pointer);
    for detail in [flowseal_detail::Found, flowseal_detail::Kid] {
        let text = text!(flowseal_error_detail_text(error, detail as u32));
        assert_eq!(text, Err(flowseal_status::Absent));
    }
    assert_eq!(made!(0; flowseal_error_detail_sizes_count(error)), Ok(0));
    assert_eq!(made!(0; flowseal_error_diagnosis_count(error)), Ok(0));
}

fn sample() -> String {
    sealed(&Profile::default())
}

fn sealed(profile: &Profile) -> String {
    built(profile).to_json()
}

fn sample_of(mutation: Mutation) -> String {
    built(&Profile::default()).mutated(mutation).unwrap()
}

fn built(profile: &Profile) -> flowseal::testkit::SealedFlow {
    let (app, user) = (
        KeyPair::sample_app().unwrap(),
        KeyPair::sample_user().unwrap(),
    );
    let builder = FlowBuilder::new(Sample::REFERENCE).profile(profile);
    builder
        .seal(&app.sealing_key().unwrap(), &user.signing_key().unwrap())
        .unwrap()
}

fn unbound() -> flowseal_expectations {
    made!(flowseal_expectations { id: 0 }; flowseal_expectations_unbound()).unwrap()
}

fn expecting(reference: &str) -> flowseal_expectations {
    let made = made!(flowseal_expectations { id: 0 };
        flowseal_expectations_for_reference(reference.as_ptr().cast(), reference.len()));
    made.unwrap()
}

/// Why a flow is refused that is judged with this key.
fn refused(json: &str, pem: &str, expected: flowseal_expectations, now: i64) -> flowseal_error {
    let keys = made!(flowseal_verifying_keys { id: 0 }; flowseal_verifying_keys_new()).unwrap();
    let (start, len) = (pem.as_ptr().cast(), pem.len());
    assert_eq!(
        call!(flowseal_verifying_keys_load(keys, start, len, null_mut())),
        OK
    );
    let verifier = made!(flowseal_verifier { id: 0 }; flowseal_verifier_trusting(keys)).unwrap();
    let mut verified = flowseal_verified_flow { id: 0 };
    let mut error = flowseal_error { id: 0 };
    let status = call!(flowseal_flow_verify(
        flow(json),
        verifier,
        expected,
        now,
        &raw mut verified,
        null_mut(),
        &raw mut error,
    ));
    assert_ne!(status, OK);
    error
}

fn refused_in_rust(json: &str) -> Option<Error> {
    let flow = Flow::from_json(json.as_bytes()).unwrap();
    let key = VerifyingKey::load(Sample::USER_PUBLIC_PEM.as_bytes()).unwrap();
    let now = UnixTime::from_seconds(SIGNED_AT).unwrap();
    let refused = flow.verify(&Verifier::trusting([key]), &Expectations::unbound(), now);
    refused.err().map(Error::from)
}
