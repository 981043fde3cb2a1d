//! The products and the Montgomery reduction, which `modulus` is made of: where all of the time
//! goes. On a processor with ADX they are those of `tiles`, on any other those of `passes`.

use super::passes;
#[cfg(target_arch = "x86_64")]
use super::tiles;
use crate::arithmetic::Processor;
use crate::ct::Mask;

/// The lengths of all numbers are multiples of so many limbs.
pub(crate) const OCTET: usize = 8;

/// wide = a · b, for factors of one length; the product is twice as long.
pub(super) fn multiply(processor: Processor, wide: &mut [u64], a: &[u64], b: &[u64]) {
    match processor {
        #[cfg(target_arch = "x86_64")]
        Processor::Adx(adx) => tiles::multiply(adx, wide, a, b),
        Processor::Any => passes::multiply(wide, a, b),
    }
}

/// wide = a², which is twice as long.
pub(super) fn square(processor: Processor, wide: &mut [u64], a: &[u64]) {
    match processor {
        #[cfg(target_arch = "x86_64")]
        Processor::Adx(adx) => tiles::square(adx, wide, a),
        Processor::Any => passes::square(wide, a),
    }
}

/// out = wide / 2^(64·(W − L)) modulo m, almost reduced, for W limbs of `wide`, which are used up,
/// and L of `out` and m. `negated_inverse` is −m⁻¹ modulo 2⁶⁴.
pub(super) fn reduce(
    processor: Processor,
    out: &mut [u64],
    wide: &mut [u64],
    m: &[u64],
    negated_inverse: u64,
) {
    match processor {
        #[cfg(target_arch = "x86_64")]
        Processor::Adx(adx) => tiles::reduce(adx, out, wide, m, negated_inverse),
        Processor::Any => passes::reduce(out, wide, m, negated_inverse),
    }
}

/// out = t − m where there was a carry out of t, t where there was none.
#[inline(always)]
pub(super) fn subtract_carried(out: &mut [u64], t: &[u64], m: &[u64], carry: bool) {
    let carried = Mask::from_bit(u64::from(carry));
    let mut borrow = false;
    for ((out, t), m) in out.iter_mut().zip(t).zip(m) {
        (*out, borrow) = t.borrowing_sub(carried.keep(*m), borrow);
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::super::testing::{length, limb, limbs, number};
    use crate::arithmetic::Processor;

    proptest! {
        #[test]
        fn products(
            (a, b) in length().prop_flat_map(|len| (limbs(len), limbs(len))),
            garbage in limb(),
        ) {
            for processor in Processor::kinds() {
                let mut wide = vec![garbage; 2 * a.len()];
                super::multiply(processor, &mut wide, &a, &b);
                prop_assert_eq!(number(&wide), number(&a) * number(&b));
            }
        }

        #[test]
        fn squares(a in length().prop_flat_map(limbs), garbage in limb()) {
            for processor in Processor::kinds() {
                let mut wide = vec![garbage; 2 * a.len()];
                super::square(processor, &mut wide, &a);
                prop_assert_eq!(number(&wide), number(&a) * number(&a));
            }
        }

        #[test]
        fn reductions(
            (mut m, wide) in (length(), 0..17usize)
                .prop_flat_map(|(len, more)| (limbs(len), limbs(len + 8 * more))),
            garbage in limb(),
        ) {
            m[0] |= 1;
            let lower = wide.len() - m.len();
            let inverse = (0..5).fold(m[0], |x, _| {
                x.wrapping_mul(2u64.wrapping_sub(m[0].wrapping_mul(x)))
            });
            for processor in Processor::kinds() {
                let mut reduced = vec![garbage; m.len()];
                super::reduce(processor, &mut reduced, &mut wide.clone(), &m, inverse.wrapping_neg());
                let back = number(&reduced) << (64 * lower);
                prop_assert_eq!(back % number(&m), number(&wide) % number(&m));
            }
        }
    }

    /// The largest numbers there are: every carry that can occur does.
    #[test]
    fn all_ones() {
        let lengths = (8..=128).step_by(8);
        let cases = Processor::kinds().into_iter();
        for (processor, len) in
            cases.flat_map(|processor| lengths.clone().map(move |len| (processor, len)))
        {
            let ones = vec![u64::MAX; len];
            let expected = number(&ones) * number(&ones);
            let mut wide = vec![0; 2 * len];
            super::multiply(processor, &mut wide, &ones, &ones);
            assert_eq!(number(&wide), expected);
            super::square(processor, &mut wide, &ones);
            assert_eq!(number(&wide), expected);

            // m = R − 1, of which −m⁻¹ is 1: R² − 1 = (R − 1)(R + 1) is a multiple of it, reduced
            // to it.
            let (mut wide, mut reduced) = (vec![u64::MAX; 2 * len], vec![0; len]);
            super::reduce(processor, &mut reduced, &mut wide, &ones, 1);
            assert_eq!(number(&reduced) % number(&ones), BigUint::from(0u8));
        }
    }
}
