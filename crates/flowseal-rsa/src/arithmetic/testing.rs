//! Numbers for the tests of the arithmetic, and the same numbers for their oracle.

use num_bigint::BigUint;
use proptest::collection::vec;
use proptest::prelude::*;

/// Little-endian limbs as a number of the oracle.
pub(crate) fn number(limbs: &[u64]) -> BigUint {
    limbs
        .iter()
        .rev()
        .fold(BigUint::from(0u8), |number, limb| (number << 64) + *limb)
}

/// How many bits a number has.
pub(crate) fn bits(number: &BigUint) -> usize {
    usize::try_from(number.bits()).unwrap()
}

/// 2^exponent.
pub(crate) fn power_of_two(exponent: usize) -> BigUint {
    BigUint::from(1u8) << exponent
}

/// Limbs that make carries run far, or not start at all, more often than chance does.
pub(crate) fn limb() -> impl Strategy<Value = u64> {
    prop_oneof![
        Just(0),
        Just(u64::MAX),
        Just(1),
        Just(1 << 63),
        any::<u64>()
    ]
}

/// A number of `len` limbs.
pub(crate) fn limbs(len: usize) -> impl Strategy<Value = Vec<u64>> {
    vec(limb(), len)
}

/// The lengths that the kernels are made for, and others that they must do.
pub(crate) fn length() -> impl Strategy<Value = usize> {
    prop_oneof![
        Just(16),
        Just(24),
        Just(32),
        Just(48),
        Just(64),
        (1..17usize).prop_map(|n| 8 * n)
    ]
}

/// An odd modulus of a usable length that is greater than 1, and its length in bits.
pub(crate) fn modulus() -> impl Strategy<Value = (Vec<u64>, usize)> {
    length()
        .prop_flat_map(|len| (limbs(len), 0..64 * len))
        .prop_map(|(mut limbs, cut)| {
            // Few limbs at the top are zero, as a rule, but they may be, up to all but the lowest
            // bits.
            let bits = 64 * limbs.len() - if cut.is_multiple_of(3) { cut } else { cut % 65 };
            let bits = bits.max(2);
            for (i, limb) in limbs.iter_mut().enumerate() {
                let kept = bits.saturating_sub(64 * i);
                *limb &= if kept >= 64 {
                    u64::MAX
                } else {
                    (1 << kept) - 1
                };
            }
            limbs[(bits - 1) / 64] |= 1 << ((bits - 1) % 64);
            limbs[0] |= 1;
            (limbs, bits)
        })
}
