//! Numbers at the edges of the arithmetic in digits, for the tests of both kinds of lanes.

use num_bigint::BigUint;
use proptest::prelude::*;

use crate::job::BLOCK_BITS;
use crate::units::lanes::{WORD_BITS, WORD_MASK};

/// Digits that make carries run far, or not start at all, more often than chance does.
pub(crate) fn digit() -> impl Strategy<Value = u64> {
    prop_oneof![
        Just(0),
        Just(1),
        Just(WORD_MASK),
        Just(WORD_MASK - 1),
        Just(1 << 51),
        0..=WORD_MASK
    ]
}

pub(crate) fn number_of(digits: usize) -> impl Strategy<Value = BigUint> {
    proptest::collection::vec(digit(), digits).prop_map(|digits| {
        let shifted = |sum: BigUint, digit: &u64| (sum << WORD_BITS) + *digit;
        digits.iter().rev().fold(BigUint::from(0u8), shifted)
    })
}

/// How much shorter than the longest a modulus is: so that the bits of its top digit are 0, 51 or
/// 50, or as many as there can be, or any.
pub(crate) fn shorter() -> impl Strategy<Value = usize> {
    let most = WORD_BITS + 3;
    prop_oneof![
        prop_oneof![Just(0), Just(most - 6), Just(most - 5), Just(most - 4)],
        0..most
    ]
}

/// Of so many kinds one, by number: the first ones are special.
pub(crate) const KINDS: usize = 8;

/// The lowest odd number of so many bits, the highest one, what has ones across the border of two
/// blocks, or any.
pub(crate) fn modulus_of(kind: usize, bits: usize, any: BigUint) -> BigUint {
    let one = || BigUint::from(1u8);
    let highest = (one() << bits) - 1u8;
    let lowest = (one() << (bits - 1)) | one();
    match kind {
        0 => highest,
        1 => lowest,
        2 => {
            // From four digits below the border of a block in the middle to as many above it.
            let border = bits / 2 / BLOCK_BITS * BLOCK_BITS + BLOCK_BITS;
            let ones = ((one() << (8 * WORD_BITS)) - 1u8) << (border - 4 * WORD_BITS);
            (ones % (one() << bits)) | lowest
        }
        _ => (any % (one() << bits)) | lowest,
    }
}

/// 0, 1, the numbers around m and the last one below the limit, what is all ones, what leads
/// products to themselves, or any.
pub(crate) fn number_below(
    kind: usize,
    m: &BigUint,
    times: u8,
    blocks: usize,
    any: BigUint,
) -> BigUint {
    let one = || BigUint::from(1u8);
    let limit = m * times;
    match kind {
        0 => BigUint::from(0u8),
        1 => one(),
        2 => m - 1u8,
        3 => limit - 1u8,
        4 => (one() << (m.bits() - 1)) - 1u8,
        // R modulo m: the product with it is the other factor.
        5 => (one() << (BLOCK_BITS * blocks)) % m,
        _ => any % limit,
    }
}

pub(crate) fn limbs(number: &BigUint, len: usize) -> Vec<u64> {
    let bytes = number.to_bytes_le();
    let word = |chunk: &[u8]| {
        chunk
            .iter()
            .rev()
            .fold(0, |word, byte| (word << 8) | u64::from(*byte))
    };
    let mut limbs: Vec<_> = bytes.chunks(8).map(word).collect();
    limbs.resize(len, 0);
    limbs
}
