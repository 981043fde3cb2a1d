//! Evidence is read the same once it is written, and only the signer's holds.
#![no_main]

use std::sync::LazyLock;

use flowseal::testkit::KeyPair;
use flowseal::{Evidence, VerifyingKey};
use libfuzzer_sys::fuzz_target;

static USER: LazyLock<VerifyingKey> =
    LazyLock::new(|| KeyPair::sample_user().unwrap().verifying_key().unwrap());

fuzz_target!(|text: &[u8]| {
    if let Ok(evidence) = Evidence::from_json(text) {
        let written = evidence.to_json();
        let again = Evidence::from_json(written.as_bytes()).unwrap();
        assert_eq!(again.to_json(), written);
        assert!(evidence.to_html().contains("was not checked"));
        let _ = evidence.check(std::slice::from_ref(&USER));
    }
});
