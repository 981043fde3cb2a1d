//! A flow can be looked at in full, whatever it was read from.
#![no_main]

use std::sync::LazyLock;

use flowseal::testkit::{KeyPair, Sample};
use flowseal::{Expectations, Flow, KeyRing, OpenOptions, UnixTime, Verifier};
use libfuzzer_sys::fuzz_target;

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    let user = KeyPair::sample_user().unwrap();
    Verifier::trusting([user.verifying_key().unwrap()])
});
static RING: LazyLock<KeyRing> = LazyLock::new(|| Sample::new().unwrap().ring().unwrap());

fuzz_target!(|text: &[u8]| {
    let Ok(flow) = Flow::from_json(text) else {
        return;
    };
    let leaves = flow.claims().leaves().count();
    assert_eq!(flow.claims().is_empty(), leaves == 0);
    assert!(leaves <= 1024);
    for leaf in flow.claims().leaves() {
        let _ = leaf.ciphertext_len();
    }
    let _ = format!(
        "{flow:?} {:?} {:?}",
        flow.state(),
        flow.username_unverified()
    );
    let (anything, now) = (Expectations::unbound(), UnixTime::from_seconds(0).unwrap());
    let _ = flow.open_unverified(&RING, &anything, now, &OpenOptions::new());
    let refused = flow.verify(&VERIFIER, &anything, now).unwrap_err();
    assert!(!refused.report().lines().is_empty());
});
