//! Natural numbers as little-endian slices of 64-bit limbs, in constant time.
//!
//! The lengths of slices are public, their contents are secret.

use super::kernels::OCTET;
use crate::ct::Mask;
use crate::probe;
use crate::workspace::Workspace;

/// The number of limbs for so many bits, rounded up to what the kernels work with.
pub(crate) fn limbs_for(bits: usize) -> usize {
    bits.div_ceil(64).next_multiple_of(OCTET)
}

/// Reads a big-endian number into `out`, and returns whether it fits.
pub(crate) fn read(out: &mut [u64], bytes: &[u8]) -> Mask {
    let mut chunks = bytes.rchunks(8);
    for limb in &mut *out {
        *limb = chunks.next().map_or(0, word);
    }
    Mask::is_zero(chunks.fold(0, |excess, chunk| excess | word(chunk)))
}

fn word(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |word, &byte| (word << 8) | u64::from(byte))
}

/// Writes a number as big-endian bytes, without the limbs that they have no room for.
pub(crate) fn write(out: &mut [u8], limbs: &[u64]) {
    for (chunk, limb) in out.rchunks_mut(8).zip(limbs) {
        let bytes = limb.to_be_bytes();
        chunk.copy_from_slice(&bytes[8 - chunk.len()..]);
    }
}

/// a += b, with the carry out of `a`, which is as long as `b` or longer.
pub(crate) fn add_assign(a: &mut [u64], b: &[u64]) -> u64 {
    let (low, high) = a.split_at_mut(b.len());
    let mut carry = false;
    for (a, b) in low.iter_mut().zip(b) {
        (*a, carry) = a.carrying_add(*b, carry);
    }
    for a in high {
        (*a, carry) = a.carrying_add(0, carry);
    }
    u64::from(carry)
}

/// a += b where the mask is true.
pub(crate) fn add_masked(a: &mut [u64], b: &[u64], mask: Mask) {
    let mut carry = false;
    for (a, b) in a.iter_mut().zip(b) {
        (*a, carry) = a.carrying_add(mask.keep(*b), carry);
    }
}

/// a -= b, with the borrow from above `a`, which is as long as `b` or longer.
pub(crate) fn sub_assign(a: &mut [u64], b: &[u64]) -> u64 {
    let (low, high) = a.split_at_mut(b.len());
    let mut borrow = false;
    for (a, b) in low.iter_mut().zip(b) {
        (*a, borrow) = a.borrowing_sub(*b, borrow);
    }
    for a in high {
        (*a, borrow) = a.borrowing_sub(0, borrow);
    }
    u64::from(borrow)
}

/// a -= b where the mask is true. Returns the borrow.
#[inline(always)]
pub(crate) fn sub_masked(a: &mut [u64], b: &[u64], mask: Mask) -> u64 {
    let mut borrow = false;
    for (a, b) in a.iter_mut().zip(b) {
        (*a, borrow) = a.borrowing_sub(mask.keep(*b), borrow);
    }
    u64::from(borrow)
}

/// Whether a < b, both of the same length.
pub(crate) fn less(a: &[u64], b: &[u64]) -> Mask {
    let mut borrow = false;
    for (a, b) in a.iter().zip(b) {
        (_, borrow) = a.borrowing_sub(*b, borrow);
    }
    Mask::from_bit(u64::from(borrow))
}

/// Whether a = b, the shorter one extended with zeros.
pub(crate) fn equal(a: &[u64], b: &[u64]) -> Mask {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let (low, high) = long.split_at(short.len());
    let difference = short.iter().zip(low).fold(0, |bits, (a, b)| bits | (a ^ b));
    Mask::is_zero(high.iter().fold(difference, |bits, limb| bits | limb))
}

/// Whether the number is this small one.
pub(crate) fn equal_small(a: &[u64], small: u64) -> Mask {
    equal(a, &[small])
}

/// a -= m if that, or the carry above `a`, shows a ≥ m. For a < 2m the result is less than m.
pub(crate) fn subtract_once(a: &mut [u64], carry: u64, m: &[u64]) {
    let reduce = less(a, m).not().or(Mask::from_bit(carry));
    probe::decided(reduce.keep(1));
    sub_masked(a, m, reduce);
}

/// a = a − m as often as it takes to be less than m, at most twice, for a number of so many limbs
/// and one more `above` them.
pub(crate) fn subtract_twice(a: &mut [u64], mut above: u64, m: &[u64]) {
    for _ in 0..2 {
        let reduce = less(a, m).not().or(Mask::is_zero(above).not());
        above -= sub_masked(a, m, reduce);
    }
}

/// a = 2a + bit, with the carry.
pub(crate) fn double(a: &mut [u64], bit: u64) -> u64 {
    a.iter_mut().fold(bit, |carry, limb| {
        let out = *limb >> 63;
        *limb = (*limb << 1) | carry;
        out
    })
}

/// out = x mod m, bit by bit: slow, simple, for the checks of a key. Any m ≥ 1, even ones too.
pub(crate) fn remainder(out: &mut [u64], x: &[u64], m: &[u64]) {
    out.fill(0);
    for limb in x.iter().rev() {
        for bit in (0..64).rev() {
            let carry = double(out, (limb >> bit) & 1);
            subtract_once(out, carry, m);
        }
    }
}

/// out = a · b, which fits: `out` is as long as both together, or longer.
pub(crate) fn multiply(out: &mut [u64], a: &[u64], b: &[u64]) {
    out.fill(0);
    for (i, a) in a.iter().enumerate() {
        let mut carry = 0;
        for (out, b) in out[i..].iter_mut().zip(b) {
            (*out, carry) = a.carrying_mul_add(*b, carry, *out);
        }
        out[i + b.len()] = carry;
    }
}

/// The number of bits, which only this function's caller may make public.
pub(crate) fn bit_length(a: &[u64]) -> u64 {
    let mut length = 0;
    let mut below = 0;
    for limb in a {
        // Never of zero, where processors differ and compilers branch.
        let bits = u64::from(u64::BITS - (limb | 1).leading_zeros());
        length = Mask::is_zero(*limb).select(length, below + bits);
        below += 64;
    }
    length
}

/// A copy in a workspace of its own, with zeros up to `len` limbs.
pub(crate) fn copied(a: &[u64], len: usize) -> Workspace {
    let mut copy = Workspace::zeroed(len);
    copy[..a.len()].copy_from_slice(a);
    copy
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::testing::{limb, limbs, number, power_of_two};
    use super::*;

    proptest! {
        #[test]
        fn bytes(bytes in vec(any::<u8>(), 0..70), len in 0..9usize) {
            let mut out = vec![7; len];
            let value = BigUint::from_bytes_be(&bytes);
            let fits = read(&mut out, &bytes).declassify();
            prop_assert_eq!(fits, value < power_of_two(64 * len));
            prop_assert_eq!(number(&out), &value % power_of_two(64 * len));
            let mut written = vec![7; 8 * len];
            write(&mut written, &out);
            prop_assert_eq!(BigUint::from_bytes_be(&written), number(&out));
        }

        #[test]
        fn sums_and_differences(
            (a, b) in (1..9usize, 0..9usize)
                .prop_flat_map(|(len, less)| (limbs(len), limbs(len.saturating_sub(less)))),
        ) {
            let (x, y, r) = (number(&a), number(&b), power_of_two(64 * a.len()));
            let mut sum = a.clone();
            let carry = add_assign(&mut sum, &b);
            prop_assert_eq!(number(&sum) + &r * carry, &x + &y);
            let mut difference = a.clone();
            let borrow = sub_assign(&mut difference, &b);
            prop_assert_eq!(number(&difference) + &y, &x + &r * borrow);
            prop_assert_eq!(borrow == 1, x < y);
            prop_assert_eq!(equal(&a, &b).declassify(), x == y);
            prop_assert_eq!(equal(&b, &a).declassify(), x == y);
            prop_assert!(equal(&a, &copied(&a, a.len() + 2)).declassify());
        }

        #[test]
        fn comparisons((a, b) in (1..9usize).prop_flat_map(|len| (limbs(len), limbs(len)))) {
            prop_assert_eq!(less(&a, &b).declassify(), number(&a) < number(&b));
            prop_assert!(!less(&a, &a).declassify());
            for truth in [false, true] {
                let mask = Mask::from_bit(u64::from(truth));
                let mut sum = a.clone();
                add_masked(&mut sum, &b, mask);
                let mut expected = a.clone();
                if truth {
                    add_assign(&mut expected, &b);
                }
                prop_assert_eq!(sum, expected);
            }
        }

        #[test]
        fn small_numbers(low in limb(), high in limb(), small in limb()) {
            let same = high == 0 && low == small;
            prop_assert_eq!(equal_small(&[low, high], small).declassify(), same);
        }

        #[test]
        fn doubles(a in (1..9usize).prop_flat_map(limbs), bit in 0..2u64) {
            let r = power_of_two(64 * a.len());
            let mut double_a = a.clone();
            let carry = double(&mut double_a, bit);
            prop_assert_eq!(number(&double_a) + &r * carry, number(&a) * 2u8 + bit);
        }

        #[test]
        fn products(
            (a, b, more) in (0..9usize, 0..9usize, 0..3usize)
                .prop_flat_map(|(a, b, more)| (limbs(a), limbs(b), Just(more))),
        ) {
            let mut product = vec![7; a.len() + b.len() + more];
            multiply(&mut product, &a, &b);
            prop_assert_eq!(number(&product), number(&a) * number(&b));
        }

        #[test]
        fn remainders(
            (x, m) in (0..9usize, 1..9usize).prop_flat_map(|(x, m)| (limbs(x), limbs(m))),
        ) {
            prop_assume!(number(&m) > BigUint::from(0u8));
            let mut out = vec![7; m.len()];
            remainder(&mut out, &x, &m);
            prop_assert_eq!(number(&out), number(&x) % number(&m));
        }

        #[test]
        fn bit_lengths(a in (0..9usize).prop_flat_map(limbs), shift in 0..64) {
            let shifted: Vec<_> = a.iter().map(|limb| limb >> shift).collect();
            for a in [a, shifted] {
                prop_assert_eq!(bit_length(&a), number(&a).bits());
            }
        }
    }
}
