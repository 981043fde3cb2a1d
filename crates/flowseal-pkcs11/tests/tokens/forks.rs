//! A child of a process that has a key open touches nothing of its parent's.

#![allow(unsafe_code)]

use flowseal::ErrorCode;

use crate::softhsm::apps;
use crate::{GIVEN_NAME, flow_for, given_name, load, public, ring, softhsm_options};

#[test]
#[ignore = "cargo xtask tokens"]
fn a_forked_process_is_told_and_its_parent_goes_on() {
    apps();
    let (uri, options) = ("pkcs11:token=apps;object=app", softhsm_options());
    let flow = flow_for(&public(&options, uri));
    let ring = ring(&options, uri);
    assert_eq!(given_name(&flow, &ring).unwrap(), GIVEN_NAME);

    let status = in_child(|| {
        let held = given_name(&flow, &ring).is_err_and(|error| {
            error.code() == ErrorCode::KeyUnavailable && error.sentence().contains("fork")
        });
        // SoftHSM does not notice the fork: it says that it is initialised already.
        let anew = load(&options, uri).is_err_and(|error| {
            error.code() == ErrorCode::KeyUnavailable && error.sentence().contains("fork")
        });
        drop(ring.clone());
        held && anew
    });
    assert_eq!(status, 0);
    assert_eq!(given_name(&flow, &ring).unwrap(), GIVEN_NAME);
}

/// What programs of C do, and those of Rust do not, unless they say otherwise.
pub(crate) fn end_by_signals_of_pipes() {
    // SAFETY: what is set is the system's own way, and no handler.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
}

/// Runs this in a child, and says how it ended.
pub(crate) fn in_child(work: impl FnOnce() -> bool) -> i32 {
    // SAFETY: the child runs on, as programs that fork without exec do, and ends without running
    // what its parent has registered for an exit. The C library makes memory usable in it.
    unsafe {
        match libc::fork() {
            0 => {
                let good = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
                libc::_exit(i32::from(!good.unwrap_or_default()));
            }
            -1 => panic!("no child"),
            child => {
                let mut status = 0;
                assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
                status
            }
        }
    }
}
