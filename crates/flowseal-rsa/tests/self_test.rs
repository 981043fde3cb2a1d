//! An engine that fails its self-test computes nothing. Built under `RUSTFLAGS="--cfg
//! flowseal_hooks"` only, and alone in its process: the self-test runs once.
#![cfg(flowseal_hooks)]

mod common;

use flowseal_rsa::{OperationError, hooks};

#[test]
fn a_failed_self_test_is_a_fault_of_every_operation() {
    common::print_engines();
    hooks::break_self_test();
    let key = common::key("2048-a");
    let loaded = key.load().unwrap();
    let input = key.bytes(&(&key.n >> 1));
    for _ in 0..2 {
        assert_eq!(common::private(&loaded, &input), Err(OperationError::Fault));
        assert_eq!(
            common::public(loaded.public(), &input),
            Err(OperationError::Fault)
        );
    }
}
