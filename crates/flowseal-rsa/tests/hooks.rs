//! Faults are caught and memory is wiped. Built under `RUSTFLAGS="--cfg flowseal_hooks"` only.
#![cfg(flowseal_hooks)]

mod common;

use common::Random;
use flowseal_rsa::hooks::{self, Stage};
use flowseal_rsa::{KeyError, OperationError};

/// A flipped bit, wherever it strikes, gives no result: not a wrong one, and not the right one.
#[test]
fn a_flipped_bit_anywhere_is_a_fault() {
    let mut random = Random::new();
    let mut faults = 0;
    for name in ["1024", "2048-a", "2048-p-1000-q-1048", "2049", "2048-ones"] {
        let key = common::key(name);
        let loaded = key.load().unwrap();
        for stage in Stage::ALL {
            for _ in 0..20 {
                let message = random.below(&key.n);
                let sealed = key.bytes(&message.modpow(&key.e, &key.n));
                let bit = usize::try_from(random.word() % 4096).unwrap();
                hooks::flip_bit(stage, bit);
                let result = common::private(&loaded, &sealed);
                assert!(!hooks::is_pending(), "the fault did not happen");
                assert_eq!(
                    result,
                    Err(OperationError::Fault),
                    "{name}, {stage:?}, bit {bit}"
                );
                // The key is as good as before.
                assert_eq!(common::private(&loaded, &sealed), Ok(key.bytes(&message)));
                faults += 1;
            }
        }
    }
    println!("{faults} faults");
}

#[test]
fn every_workspace_is_wiped() {
    let key = common::key("2048-b");
    let sealed = key.bytes(&(&key.n >> 1));
    let count = |step: &mut dyn FnMut()| {
        let before = hooks::workspaces().0;
        step();
        hooks::workspaces().0 - before
    };
    let loaded = key.load().unwrap();
    // After success, after a fault, after a refusal, with the key, and with a key that was refused.
    assert!(count(&mut || assert!(common::private(&loaded, &sealed).is_ok())) > 5);
    hooks::flip_bit(Stage::HalfQ, 1);
    let fault = || assert!(common::private(&loaded, &sealed) == Err(OperationError::Fault));
    assert!(count(&mut { fault }) > 5);
    assert!(count(&mut || drop(common::private(&loaded, &vec![0; 256]))) > 0);
    let mut loaded = Some(loaded);
    assert!(count(&mut || drop(loaded.take())) > 5);
    let mut bad = key.clone();
    bad.qinv += 1u8;
    assert!(count(&mut || assert_eq!(bad.load().err(), Some(KeyError::Inconsistent))) > 5);
    // While a panic unwinds.
    let unwind = || {
        let _key = key.load();
        let _ = common::private(&key.load().unwrap(), &sealed);
        panic!("on purpose");
    };
    assert!(count(&mut || assert!(std::panic::catch_unwind(unwind).is_err())) > 5);

    assert_eq!(
        hooks::workspaces().1,
        0,
        "a workspace was dropped and not wiped"
    );
}
