//! What is secret and what no longer is, told to memcheck.

use std::sync::atomic::{AtomicBool, Ordering};

use flowseal_rsa::hooks::{self, Watch};

use crate::valgrind;

static WATCHED: AtomicBool = AtomicBool::new(true);

/// From now on it is no failure that nobody watches.
pub(crate) fn need_no_watch() {
    WATCHED.store(false, Ordering::Relaxed);
}

/// Has the engine say what it draws and what it declassifies.
pub(crate) fn watch_engine() {
    hooks::watch(Watch {
        secret: make_secret,
        public: valgrind::make_defined,
    });
}

/// These bytes are a secret.
pub(crate) fn make_secret(bytes: &mut [u8]) {
    valgrind::make_undefined(bytes);
    assert_secret(bytes, "what was marked");
}

/// Takes bytes that were computed from secrets: each must be one, or the watch has lost them on the
/// way.
pub(crate) fn revealed(mut bytes: Vec<u8>) -> Vec<u8> {
    assert_secret(&mut bytes, "a result");
    valgrind::make_defined(&mut bytes);
    bytes
}

fn assert_secret(bytes: &mut [u8], what: &str) {
    if WATCHED.load(Ordering::Relaxed) {
        let bits = valgrind::undefined_bits(bytes).expect("memcheck does not answer");
        assert!(bits.iter().all(|byte| *byte != 0), "{what} is no secret");
    }
}
