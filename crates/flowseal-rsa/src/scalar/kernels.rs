//! The products and the Montgomery reduction: where all of the time goes.
//!
//! Each kernel works through the schoolbook scheme in passes of [`ROW`] limbs of one factor, and through
//! a pass limb by limb of the other. What was measured against this arrangement is told in the
//! description of the engine.

use crate::ct::Mask;

/// How many limbs of a factor a pass takes. The lengths of all numbers are multiples of it.
pub(crate) const ROW: usize = 4;

/// Calls a kernel: for the lengths of the usual keys and of their primes a copy of it that takes arrays,
/// which the compiler unrolls and schedules for that length.
macro_rules! for_each_length {
    ($fixed:ident, $any:ident, $wide:ident, ($($factor:ident),*) $(, $scalar:ident)*) => {{
        for_each_length!(16 32, $fixed, $wide, ($($factor),*) $(, $scalar)*);
        for_each_length!(24 48, $fixed, $wide, ($($factor),*) $(, $scalar)*);
        for_each_length!(32 64, $fixed, $wide, ($($factor),*) $(, $scalar)*);
        for_each_length!(48 96, $fixed, $wide, ($($factor),*) $(, $scalar)*);
        for_each_length!(64 128, $fixed, $wide, ($($factor),*) $(, $scalar)*);
        $any($wide, $($factor,)* $($scalar),*)
    }};
    ($len:literal $double:literal, $fixed:ident, $wide:ident, ($($factor:ident),*) $(, $scalar:ident)*) => {
        if let (Ok(wide), $(Ok($factor)),*) =
            (<&mut [u64; $double]>::try_from(&mut *$wide), $(<&[u64; $len]>::try_from($factor)),*)
        {
            return $fixed(wide, $($factor,)* $($scalar),*);
        }
    };
}

/// wide = a · b, for factors of one length; the product is twice as long.
pub(super) fn multiply(wide: &mut [u64], a: &[u64], b: &[u64]) {
    #[inline(never)]
    fn fixed<const L: usize, const W: usize>(wide: &mut [u64; W], a: &[u64; L], b: &[u64; L]) {
        multiply_any(wide, a, b);
    }
    for_each_length!(fixed, multiply_any, wide, (a, b));
}

/// wide = a², which is twice as long.
pub(super) fn square(wide: &mut [u64], a: &[u64]) {
    #[inline(never)]
    fn fixed<const L: usize, const W: usize>(wide: &mut [u64; W], a: &[u64; L]) {
        square_any(wide, a);
    }
    for_each_length!(fixed, square_any, wide, (a));
}

/// The last L of the W limbs of `wide` become wide / 2^(64·(W − L)) modulo m, almost reduced, and the others
/// are used up. `negated_inverse` is −m⁻¹ modulo 2⁶⁴.
pub(super) fn reduce(wide: &mut [u64], m: &[u64], negated_inverse: u64) {
    #[inline(never)]
    fn fixed<const L: usize, const W: usize>(
        wide: &mut [u64; W],
        m: &[u64; L],
        negated_inverse: u64,
    ) {
        reduce_any(wide, m, negated_inverse);
    }
    for_each_length!(fixed, reduce_any, wide, (m), negated_inverse);
}

#[inline(always)]
fn multiply_any(wide: &mut [u64], a: &[u64], b: &[u64]) {
    wide[..a.len()].fill(0);
    for (i, row) in b.as_chunks().0.iter().enumerate() {
        let (t, above) = wide[i * ROW..].split_at_mut(a.len());
        let window = pass(t, row, a, [0; ROW]);
        above[..ROW].copy_from_slice(&window);
    }
}

#[inline(always)]
fn square_any(wide: &mut [u64], a: &[u64]) {
    // Each product of two different limbs once: those within a row, then those with all above it.
    wide[..a.len()].fill(0);
    for (i, row) in a.as_chunks::<ROW>().0.iter().enumerate() {
        let rest = &a[(i + 1) * ROW..];
        let (below, t) = wide[2 * i * ROW..].split_at_mut(ROW);
        let mut column = Column::new();
        for k in 1..ROW {
            column.add(below[k]);
            for r in 0..ROW {
                if 2 * r < k {
                    column.add_product(row[r], row[k - r]);
                }
            }
            below[k] = column.next();
        }
        let mut window = [0; ROW];
        for k in ROW..2 * ROW {
            for r in 0..ROW {
                if 2 * r < k && k - r < ROW {
                    column.add_product(row[r], row[k - r]);
                }
            }
            window[k - ROW] = column.next();
        }
        let (t, above) = t.split_at_mut(rest.len());
        let window = pass(t, row, rest, window);
        above[..ROW].copy_from_slice(&window);
    }
    // Twice that, and the squares of the limbs.
    let mut shifted_out = 0;
    let mut carry = false;
    for ([low, high], a) in wide.as_chunks_mut().0.iter_mut().zip(a) {
        let (square_low, square_high) = a.carrying_mul(*a, 0);
        let doubled_low = (*low << 1) | shifted_out;
        let doubled_high = (*high << 1) | (*low >> 63);
        shifted_out = *high >> 63;
        (*low, carry) = doubled_low.carrying_add(square_low, carry);
        (*high, carry) = doubled_high.carrying_add(square_high, carry);
    }
}

#[inline(always)]
fn reduce_any(wide: &mut [u64], m: &[u64], negated_inverse: u64) {
    // Add the multiple of m that makes the lower limbs zero. Those are not written.
    let (first, rest) = m.split_at(ROW);
    let mut carry = false;
    for i in (0..wide.len() - m.len()).step_by(ROW) {
        let (below, t) = wide[i..].split_at_mut(ROW);
        let (t, above) = t.split_at_mut(rest.len());
        let (row, window) = quotient(below, first, negated_inverse);
        let window = pass(t, &row, rest, window);
        for (above, limb) in above.iter_mut().zip(window) {
            (*above, carry) = above.carrying_add(limb, carry);
        }
    }
    // The sum is less than R + m: where there was a carry, subtracting m once leaves less than R.
    let carried = Mask::from_bit(u64::from(carry));
    let mut borrow = false;
    let lower = wide.len() - m.len();
    for (t, m) in wide[lower..].iter_mut().zip(m) {
        (*t, borrow) = t.borrowing_sub(carried.keep(*m), borrow);
    }
}

/// The multiple of m that makes the limbs of `below` zero when added to them, and what that sum and the
/// product with the `first` limbs of m leave above them.
#[inline(always)]
fn quotient(below: &[u64], first: &[u64], negated_inverse: u64) -> ([u64; ROW], [u64; ROW]) {
    let (mut row, mut window) = ([0; ROW], [0; ROW]);
    window.copy_from_slice(below);
    for limb in &mut row {
        *limb = window[0].wrapping_mul(negated_inverse);
        step(&mut window, first, *limb, 0);
    }
    (row, window)
}

/// t += row · a + window, for as many limbs as `t` and `a` have; returns the limbs above them.
#[inline(always)]
fn pass(t: &mut [u64], row: &[u64; ROW], a: &[u64], mut window: [u64; ROW]) -> [u64; ROW] {
    for (t, x) in t.iter_mut().zip(a) {
        *t = step(&mut window, row, *x, *t);
    }
    window
}

/// window += row · x + t, less its lowest limb, which is returned.
///
/// That fits: with w = 2^(64·ROW), the sum is at most
/// (w − 1) + (w − 1)·(2⁶⁴ − 1) + (2⁶⁴ − 1) = 2⁶⁴·w − 1.
#[inline(always)]
fn step(window: &mut [u64; ROW], row: &[u64], x: u64, t: u64) -> u64 {
    let (mut low, mut high) = ([0; ROW], [0; ROW]);
    for k in 0..ROW {
        (low[k], high[k]) = x.carrying_mul(row[k], 0);
    }
    // One chain of carries joins the halves of the products, another adds them to the window.
    let mut carry;
    (low[0], carry) = low[0].overflowing_add(t);
    for k in 1..ROW {
        (low[k], carry) = low[k].carrying_add(high[k - 1], carry);
    }
    let top = high[ROW - 1] + u64::from(carry);
    let lowest;
    (lowest, carry) = window[0].overflowing_add(low[0]);
    for k in 1..ROW {
        (window[k - 1], carry) = window[k].carrying_add(low[k], carry);
    }
    window[ROW - 1] = top + u64::from(carry);
    lowest
}

/// The sum of a column: its limb, and what is carried into the columns that follow. At most 2·[`ROW`]
/// products and a limb are added to one.
struct Column {
    limb: u64,
    carried: u128,
}

impl Column {
    #[inline(always)]
    fn new() -> Self {
        Self {
            limb: 0,
            carried: 0,
        }
    }

    #[inline(always)]
    fn add(&mut self, limb: u64) {
        let carry;
        (self.limb, carry) = self.limb.overflowing_add(limb);
        self.carried += u128::from(carry);
    }

    /// Written so that it compiles to `mul`, `add`, `adc`, `adc`. The high limb of a product is at most
    /// 2⁶⁴ − 2: adding the carry to it cannot overflow.
    #[inline(always)]
    fn add_product(&mut self, a: u64, b: u64) {
        let (low, high) = a.carrying_mul(b, 0);
        let carry;
        (self.limb, carry) = self.limb.overflowing_add(low);
        self.carried += u128::from(high + u64::from(carry));
    }

    /// The limb, and on to the next column.
    #[inline(always)]
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the low limb of what is carried"
    )]
    fn next(&mut self) -> u64 {
        let limb = self.limb;
        *self = Self {
            limb: self.carried as u64,
            carried: self.carried >> 64,
        };
        limb
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rsa::BigUint;

    use super::super::testing::{length, limb, limbs, number};

    proptest! {
        #[test]
        fn products(
            (a, b) in length().prop_flat_map(|len| (limbs(len), limbs(len))),
            garbage in limb(),
        ) {
            let mut wide = vec![garbage; 2 * a.len()];
            super::multiply(&mut wide, &a, &b);
            prop_assert_eq!(number(&wide), number(&a) * number(&b));
        }

        #[test]
        fn squares(a in length().prop_flat_map(limbs), garbage in limb()) {
            let mut wide = vec![garbage; 2 * a.len()];
            super::square(&mut wide, &a);
            prop_assert_eq!(number(&wide), number(&a) * number(&a));
        }

        #[test]
        fn reductions(
            (mut m, wide) in (length(), 0..34usize)
                .prop_flat_map(|(len, more)| (limbs(len), limbs(len + 4 * more))),
        ) {
            m[0] |= 1;
            let (mut reduced, len) = (wide.clone(), m.len());
            let inverse = (0..5).fold(m[0], |x, _| {
                x.wrapping_mul(2u64.wrapping_sub(m[0].wrapping_mul(x)))
            });
            super::reduce(&mut reduced, &m, inverse.wrapping_neg());
            let lower = wide.len() - len;
            let back = number(&reduced[lower..]) << (64 * lower);
            prop_assert_eq!(back % number(&m), number(&wide) % number(&m));
        }
    }

    /// The largest numbers there are: every carry that can occur does.
    #[test]
    fn all_ones() {
        for len in (4..=128).step_by(4) {
            let ones = vec![u64::MAX; len];
            let expected = number(&ones) * number(&ones);
            let mut wide = vec![0; 2 * len];
            super::multiply(&mut wide, &ones, &ones);
            assert_eq!(number(&wide), expected);
            super::square(&mut wide, &ones);
            assert_eq!(number(&wide), expected);

            // m = R − 1, of which −m⁻¹ is 1: R² − 1 = (R − 1)(R + 1) is a multiple of it, reduced to it.
            let mut wide = vec![u64::MAX; 2 * len];
            super::reduce(&mut wide, &ones, 1);
            assert_eq!(number(&wide[len..]) % number(&ones), BigUint::from(0u8));
        }
    }
}
