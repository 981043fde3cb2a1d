//! Decisions on secret values, without branches.

use core::hint::black_box;

use crate::probe;

/// All ones or all zeros: a truth that may depend on secrets.
///
/// Every mask passes through [`black_box`], so that the compiler sees an arbitrary word where it
/// might otherwise see two cases and branch between them.
#[derive(Clone, Copy)]
pub(crate) struct Mask(u64);

impl Mask {
    /// The mask of a bit: 0 or 1.
    #[inline(always)]
    pub(crate) fn from_bit(bit: u64) -> Self {
        debug_assert!(bit <= 1);
        Self(black_box(bit.wrapping_neg()))
    }

    /// Whether the word is zero.
    #[inline(always)]
    pub(crate) fn is_zero(word: u64) -> Self {
        Self::from_bit(((word | word.wrapping_neg()) >> 63) ^ 1)
    }

    /// Whether the words are the same.
    #[inline(always)]
    pub(crate) fn equal(a: u64, b: u64) -> Self {
        Self::is_zero(a ^ b)
    }

    #[inline(always)]
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[inline(always)]
    pub(crate) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline(always)]
    pub(crate) fn not(self) -> Self {
        Self(!self.0)
    }

    /// `word` where the mask is true, 0 elsewhere.
    #[inline(always)]
    pub(crate) fn keep(self, word: u64) -> u64 {
        self.0 & word
    }

    /// `yes` where the mask is true, `no` elsewhere.
    #[inline(always)]
    pub(crate) fn select(self, yes: u64, no: u64) -> u64 {
        no ^ (self.0 & (yes ^ no))
    }

    /// The truth as a `bool` to branch on. Each caller says why it is no secret.
    #[inline(always)]
    pub(crate) fn declassify(self) -> bool {
        declassified(self.0) != 0
    }
}

/// The word, which is no secret any more. Each caller says why.
#[inline(always)]
pub(crate) fn declassified(word: u64) -> u64 {
    let mut words = [word];
    declassify(&mut words);
    words[0]
}

/// Has these words, too, taken for public. Nothing happens to them: it is told to those who watch.
#[inline(always)]
pub(crate) fn declassify(words: &mut [u64]) {
    probe::declassified(words);
}
