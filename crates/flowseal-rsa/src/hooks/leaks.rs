//! Ways to give a secret away, for tests of those who watch: each takes what a kernel tells the
//! [probe](super) and does with it what a kernel must not do.
//!
//! They are functions by themselves, so that the compiler does not ask for the secret before it
//! asks whether the leak is planted.

use std::hint::black_box;
use std::sync::atomic::{AtomicU8, Ordering};

/// A leak that can be planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Leak {
    /// A secret index chooses an address: in the look-up of the scalar unit.
    Address = 1,
    /// A secret comparison is branched on: in the subtraction that makes a number canonical.
    Branch = 2,
    /// Work ends early where a secret allows it: in the look-ups of both kinds of lanes, and in
    /// paddings.
    Exit = 3,
}

static PLANTED: AtomicU8 = AtomicU8::new(0);

/// Plants a leak, which stays.
pub fn plant(leak: Leak) {
    PLANTED.store(leak as u8, Ordering::Relaxed);
}

/// Whether this leak is planted.
#[must_use]
pub fn is_planted(leak: Leak) -> bool {
    PLANTED.load(Ordering::Relaxed) == leak as u8
}

/// Reads memory at the secret index.
#[inline(never)]
pub(super) fn reads_at(index: u64) {
    let table = black_box([0_u8; 64]);
    black_box(table[(index % 64) as usize]);
}

/// Branches on the secret bit.
#[inline(never)]
pub(super) fn branches_on(bit: u64) {
    static TAKEN: AtomicU8 = AtomicU8::new(0);
    if bit == 0 {
        TAKEN.fetch_add(1, Ordering::Relaxed);
    }
}

/// Reads the secret words until one is not the first.
#[inline(never)]
pub(super) fn ends_early(words: &[u64]) {
    let mut read = 0;
    for word in words {
        if *word != words[0] {
            break;
        }
        read = black_box(read + 1);
    }
}
