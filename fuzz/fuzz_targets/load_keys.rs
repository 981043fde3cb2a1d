//! No file makes the loading of a key panic, or take longer than a key takes.
#![no_main]

use flowseal::{DecryptingKey, VerifyingKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    if let Ok(key) = DecryptingKey::load(file) {
        assert!((2048..=8192).contains(&key.bits()));
    }
    for key in VerifyingKey::load_all(file).into_iter().flatten() {
        assert!((2048..=8192).contains(&key.bits()));
    }
});
