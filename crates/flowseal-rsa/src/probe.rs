//! Where tests and memcheck look into the engine, and reach into it: here they do neither.
//!
//! The engine calls these functions at the places that a test wants to see or to break, and they
//! are empty. A build under `--cfg flowseal_hooks` has `hooks/probe.rs` instead of this file, with
//! functions of the same names: faults and leaks are there, and none stands in the code that they
//! strike.

/// A place between two steps of a private operation.
#[derive(Clone, Copy)]
pub(crate) enum Stage {
    Blinded,
    HalfP,
    HalfQ,
    Difference,
    Recombined,
    Unblinded,
}

/// What a private operation leaves out.
#[derive(Clone, Copy)]
pub(crate) enum LeftOut {
    Nothing,
}

impl LeftOut {
    pub(crate) const fn blinding(self) -> bool {
        match self {
            Self::Nothing => false,
        }
    }

    pub(crate) const fn check(self) -> bool {
        match self {
            Self::Nothing => false,
        }
    }
}

/// A private operation has come this far, with a number less than this modulus.
#[inline(always)]
pub(crate) fn reached(_: Stage, _number: &mut [u64], _modulus: &[u64]) {}

/// These bytes were drawn at random, and are a secret from now on.
#[inline(always)]
pub(crate) fn drawn(_: &mut [u8]) {}

/// These words are no secret any more: the engine is about to decide by them.
#[inline(always)]
pub(crate) fn declassified(_: &mut [u64]) {}

/// An entry of a table is chosen by this secret index.
#[inline(always)]
pub(crate) fn indexed(_: u64) {}

/// A number is changed where this secret bit is set.
#[inline(always)]
pub(crate) fn decided(_: u64) {}

/// Entries of a table are chosen by these secret words.
#[inline(always)]
pub(crate) fn looked_up(_: &[u64]) {}

/// The unit of this name computes so many halves of private operations, and so many public powers.
#[inline(always)]
pub(crate) fn computes(_unit: &'static str, _halves: usize, _powers: usize) {}

/// Memory was wiped, if it is zero.
#[inline(always)]
pub(crate) fn wiped(_is_zero: impl FnOnce() -> bool) {}

/// Whether the operating system gives random bytes, as far as is known before it is asked.
#[inline(always)]
pub(crate) fn has_randomness() -> bool {
    true
}

/// Whether the self-test may pass.
#[inline(always)]
pub(crate) fn self_test_may_pass() -> bool {
    true
}

/// Whether the processor has BMI2, ADX and AVX2 whatever it says.
#[inline(always)]
pub(crate) fn is_adx_believed_in() -> bool {
    false
}
