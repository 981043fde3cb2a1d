//! The kernels for processors with two flags to carry in: row by row, a limb of one factor by all of the other.

use super::kernels::{ROW, subtract_carried};
use crate::lanes::Adx;

/// How many limbs of a row are computed at once, where there are as many.
const LONG: usize = 2 * ROW;

pub(super) fn multiply(adx: Adx, wide: &mut [u64], a: &[u64], b: &[u64]) {
    wide[..a.len()].fill(0);
    for (i, x) in b.iter().enumerate() {
        let (t, above) = wide[i..].split_at_mut(a.len());
        above[0] = add_row(adx, t, a, *x, 0);
    }
}

pub(super) fn square(adx: Adx, wide: &mut [u64], a: &[u64]) {
    // Each product of two different limbs once: those of four limbs, then those with all above them. No
    // row but these has reached the limb above its last.
    wide[..a.len()].fill(0);
    for (i, block) in a.as_chunks::<ROW>().0.iter().enumerate() {
        let (t, higher) = (&mut wide[2 * i * ROW..], &a[(i + 1) * ROW..]);
        add_different::<0>(adx, t, block, higher);
        add_different::<1>(adx, t, block, higher);
        add_different::<2>(adx, t, block, higher);
        add_different::<3>(adx, t, block, higher);
    }
    // Twice that, and the squares of the limbs.
    let (t, a) = (wide.as_chunks_mut().0, a.as_chunks().0);
    t.iter_mut().zip(a).fold([0, 0], |carries, (t, a)| {
        adx.double_and_add_squares(t, a, carries)
    });
}

pub(super) fn reduce(adx: Adx, out: &mut [u64], wide: &mut [u64], m: &[u64], negated_inverse: u64) {
    // Add the multiple of m that makes the lower limbs zero.
    let lower = wide.len() - m.len();
    let (first, rest) = m.split_at(if m.len().is_multiple_of(LONG) {
        LONG
    } else {
        ROW
    });
    let mut carry = false;
    let mut quotient = wide[0].wrapping_mul(negated_inverse);
    for i in 0..lower {
        let (t, above) = wide[i..].split_at_mut(m.len());
        let (lowest, t) = t.split_at_mut(first.len());
        let carried = add_row(adx, lowest, first, quotient, 0);
        // The next limb of the quotient is known when this row has begun: it need not wait for the rest.
        let next = lowest[1].wrapping_mul(negated_inverse);
        let carried = add_row(adx, t, rest, quotient, carried);
        quotient = next;
        (above[0], carry) = above[0].carrying_add(carried, carry);
    }
    // The sum is less than R + m: where there was a carry, subtracting m once leaves less than R.
    subtract_carried(out, &wide[lower..], m, carry);
}

/// t += a · x + carry, for a multiple of four limbs; returns what is carried out of them.
#[inline(always)]
fn add_row(adx: Adx, t: &mut [u64], a: &[u64], x: u64, mut carry: u64) -> u64 {
    let ((long_t, t), (long_a, a)) = (t.as_chunks_mut::<LONG>(), a.as_chunks::<LONG>());
    for (t, a) in long_t.iter_mut().zip(long_a) {
        carry = adx.add_products_8(t, a, x, carry);
    }
    for (t, a) in t.as_chunks_mut::<ROW>().0.iter_mut().zip(a.as_chunks().0) {
        carry = adx.add_products_4(t, a, x, carry);
    }
    carry
}

/// Adds to the columns of a block the products of its limb K with those above it, in the block and higher.
#[inline(always)]
fn add_different<const K: usize>(adx: Adx, t: &mut [u64], block: &[u64; ROW], higher: &[u64]) {
    let x = block[K];
    let (within, t) = t[2 * K + 1..].split_at_mut(ROW - 1 - K);
    let mut carry = 0;
    for (t, a) in within.iter_mut().zip(&block[K + 1..]) {
        (*t, carry) = x.carrying_mul_add(*a, carry, *t);
    }
    let (t, above) = t.split_at_mut(higher.len());
    above[0] = add_row(adx, t, higher, x, carry);
}
