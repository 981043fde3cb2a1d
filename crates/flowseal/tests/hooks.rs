//! What a machine at fault does to an opening: nothing is released, and the code says that it was
//! the machine. Built under `RUSTFLAGS="--cfg flowseal_hooks"` only.
#![cfg(flowseal_hooks)]
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

use flowseal::testkit::{KeyPair, Sample};
use flowseal::{
    CodeClass, DecryptingKey, ErrorCode, Expectations, KeyRing, OpenOptions, VerifiedFlow,
    open_many,
};
use flowseal_rsa::hooks::{self, Stage};

#[test]
fn a_flipped_bit_at_any_stage_of_a_leaf_releases_no_claim() {
    let sample = Sample::new().unwrap();
    let (flow, ring) = (verified(&sample), sample.ring().unwrap());
    for stage in Stage::ALL {
        for path in ["naming.given", "contact.email", "nationality.nationalities"] {
            let only = OpenOptions::new().select([path]);
            hooks::flip_bit(stage, 7);
            let error = flow.open_with(&ring, &only).unwrap_err();
            assert!(!hooks::is_pending());
            assert_eq!(error.code(), ErrorCode::InternalFault, "{stage:?} {path}");
            assert_eq!(error.code().class(), CodeClass::Fault);
            assert!(!format!("{error} {error:?}").contains("Adébáyọ̀"));
        }
    }
    assert_eq!(flow.open(&ring).unwrap().len(), 9);
}

#[test]
fn a_fault_of_one_leaf_is_the_fault_of_its_flow_in_every_way_to_open() {
    let sample = Sample::new().unwrap();
    let (flow, ring, options) = (
        verified(&sample),
        sample.ring().unwrap(),
        OpenOptions::new(),
    );
    hooks::flip_bit(Stage::HalfQ, 1);
    let whole = flow.open(&ring).unwrap_err();
    hooks::flip_bit(Stage::HalfQ, 1);
    let partial = flow.open_partial(&ring, &options).unwrap_err();
    hooks::flip_bit(Stage::HalfQ, 1);
    let unverified = sample
        .flow()
        .unwrap()
        .open_unverified(
            &ring,
            &Expectations::unbound(),
            sample.now().unwrap(),
            &options,
        )
        .unwrap_err();
    for error in [whole, partial, unverified] {
        assert_eq!(error.code(), ErrorCode::InternalFault);
    }
}

#[test]
fn a_fault_in_one_flow_of_many_is_no_other_flows() {
    let sample = Sample::new().unwrap();
    let (flow, ring) = (verified(&sample), sample.ring().unwrap());
    hooks::flip_bit(Stage::Unblinded, 1);
    let results = open_many(&[&flow, &flow], &ring, &OpenOptions::new());
    let codes = results.iter().map(|result| match result {
        Ok(_) => None,
        Err(error) => Some(error.code()),
    });
    assert_eq!(
        codes.collect::<Vec<_>>(),
        [Some(ErrorCode::InternalFault), None]
    );
}

/// Otherwise the fault would say which key of the ring it was.
#[test]
fn a_fault_of_a_key_that_does_not_open_is_a_fault_all_the_same() {
    let sample = Sample::new().unwrap();
    let flow = verified(&sample);
    let other = KeyPair::generate(2048).unwrap().decrypting_key().unwrap();
    let ring = KeyRing::new([other, app_key()]).unwrap();
    hooks::flip_bit(Stage::Recombined, 1);
    assert_eq!(
        flow.open(&ring).unwrap_err().code(),
        ErrorCode::InternalFault
    );
    assert!(flow.open(&ring).is_ok());
}

#[test]
fn without_randomness_nothing_is_opened() {
    let sample = Sample::new().unwrap();
    let flow = verified(&sample);
    let (unused, used) = (KeyRing::from(app_key()), KeyRing::from(app_key()));
    assert!(flow.open(&used).is_ok());

    hooks::set_randomness(false);
    let error = flow.open(&unused).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NoRandomness);
    assert_eq!(error.code().class(), CodeClass::Fault);
    let partial = flow.open_partial(&unused, &OpenOptions::new());
    assert_eq!(partial.unwrap_err().code(), ErrorCode::NoRandomness);
    // A pair that was drawn before serves for 32 operations, and is not stretched.
    let codes = (0..32).map(|_| flow.open(&used).err().map(|error| error.code()));
    assert!(
        codes
            .collect::<Vec<_>>()
            .contains(&Some(ErrorCode::NoRandomness))
    );

    hooks::set_randomness(true);
    assert!(flow.open(&unused).is_ok());
}

fn verified(sample: &Sample) -> VerifiedFlow {
    let (flow, verifier) = (sample.flow().unwrap(), sample.verifier().unwrap());
    flow.verify(&verifier, &Expectations::unbound(), sample.now().unwrap())
        .unwrap()
}

fn app_key() -> DecryptingKey {
    KeyPair::sample_app().unwrap().decrypting_key().unwrap()
}
