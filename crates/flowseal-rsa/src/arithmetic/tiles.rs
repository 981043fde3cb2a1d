//! The kernels for processors with two flags to carry in: in tiles, a block of one factor by a
//! block of the other, with the sums that still change in registers.

use super::kernels::{OCTET, subtract_carried};
use crate::arithmetic::Adx;

pub(super) fn multiply(adx: Adx, wide: &mut [u64], a: &[u64], b: &[u64]) {
    let (t, a, b) = (wide.as_chunks_mut().0, a.as_chunks().0, b.as_chunks().0);
    t[..a.len()].fill([0; OCTET]);
    for (i, x) in b.iter().enumerate() {
        t[i + a.len()] = add_products(adx, &mut t[i..], a, x, [0; OCTET]);
    }
}

pub(super) fn square(adx: Adx, wide: &mut [u64], a: &[u64]) {
    // Each product of two different limbs once: those within a block, then those with all above it.
    // The block above the last of these sums has not been reached before.
    let (t, blocks) = (wide.as_chunks_mut().0, a.as_chunks().0);
    t[..blocks.len()].fill([0; OCTET]);
    for (i, x) in blocks.iter().enumerate() {
        let window = adx.add_products_within(&mut t[2 * i], x);
        let higher = &blocks[i + 1..];
        t[i + blocks.len()] = add_products(adx, &mut t[2 * i + 1..], higher, x, window);
    }
    // Twice that, and the squares of the limbs.
    let (t, a) = (wide.as_chunks_mut().0, a.as_chunks().0);
    t.iter_mut().zip(a).fold([0, 0], |carries, (t, a)| {
        adx.double_and_add_squares(t, a, carries)
    });
}

pub(super) fn reduce(adx: Adx, out: &mut [u64], wide: &mut [u64], m: &[u64], negated_inverse: u64) {
    // Add the multiple of m that makes the lower limbs zero. Those of the quotient take their
    // places.
    let (t, blocks) = (wide.as_chunks_mut().0, m.as_chunks().0);
    let lower = t.len() - blocks.len();
    let mut carry = false;
    for i in 0..lower {
        let (below, t) = t.split_at_mut(i + 1);
        let quotient = &mut below[i];
        let window = adx.cancel(quotient, &blocks[0], negated_inverse);
        let mut window = add_products(adx, t, &blocks[1..], quotient, window);
        let above = &mut t[blocks.len() - 1];
        carry = add(&mut window, above, carry);
        *above = window;
    }
    // The sum is less than R + m: where there was a carry, subtracting m once leaves less than R.
    subtract_carried(out, t[lower..].as_flattened(), m, carry);
}

/// Adds to t the window, at t's lowest block, and a · x; returns the block above those of a.
///
/// With w = 2⁵¹², a tile has at most w − 1 in t, as much in the window with what was carried into
/// it, and (w − 1)² in the product: w² − 1 together. So a carry out of the sum of the first two,
/// kept for the next tile's window, fits it.
#[inline(always)]
fn add_products(
    adx: Adx,
    t: &mut [[u64; OCTET]],
    a: &[[u64; OCTET]],
    x: &[u64; OCTET],
    mut window: [u64; OCTET],
) -> [u64; OCTET] {
    let mut carry = false;
    for (t, a) in t.iter_mut().zip(a) {
        carry = add(&mut window, t, carry);
        window = adx.multiply_add(t, a, x, window);
    }
    add(&mut window, &[0; OCTET], carry);
    window
}

/// window += t + carry; returns what is carried out.
#[inline(always)]
fn add(window: &mut [u64; OCTET], t: &[u64; OCTET], mut carry: bool) -> bool {
    for (limb, t) in window.iter_mut().zip(t) {
        (*limb, carry) = limb.carrying_add(*t, carry);
    }
    carry
}
