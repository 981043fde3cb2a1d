//! The kernels for any processor, in the instructions that the compiler chooses.
//!
//! Each works through the schoolbook scheme in passes of [`PASS`] limbs of one factor, and through
//! a pass limb by limb of the other. What was measured against this arrangement is told in the
//! description of the engine.

use super::kernels::subtract_carried;
use super::processor::{ForProcessor, on_any};

/// How many limbs of a factor a pass takes: what is left of the registers for their sums. Blocks
/// are multiples of it.
const PASS: usize = 4;

/// Runs a kernel: for the lengths of the usual keys and of their primes a copy of it that takes
/// arrays, which the compiler unrolls and schedules for that length.
macro_rules! for_each_length {
    ($kernel:ident { $wide:ident, mut [$($out:ident)?], [$($factor:ident),*] $(, $scalar:ident)? }) => {{
        for_each_length!(16 32, $kernel { $wide, mut [$($out)?], [$($factor),*] $(, $scalar)? });
        for_each_length!(24 48, $kernel { $wide, mut [$($out)?], [$($factor),*] $(, $scalar)? });
        for_each_length!(32 64, $kernel { $wide, mut [$($out)?], [$($factor),*] $(, $scalar)? });
        for_each_length!(48 96, $kernel { $wide, mut [$($out)?], [$($factor),*] $(, $scalar)? });
        for_each_length!(64 128, $kernel { $wide, mut [$($out)?], [$($factor),*] $(, $scalar)? });
        on_any($kernel { $wide, $($out,)? $($factor,)* $($scalar)? });
    }};
    (
        $len:literal $double:literal,
        $kernel:ident { $wide:ident, mut [$($out:ident)?], [$($factor:ident),*] $(, $scalar:ident)? }
    ) => {
        if let (Ok($wide), $(Ok($out),)? $(Ok($factor)),*) = (
            <&mut [u64; $double]>::try_from(&mut *$wide),
            $(<&mut [u64; $len]>::try_from(&mut *$out),)?
            $(<&[u64; $len]>::try_from($factor)),*
        ) {
            return on_any($kernel { $wide, $($out,)? $($factor,)* $($scalar)? });
        }
    };
}

pub(super) fn multiply(wide: &mut [u64], a: &[u64], b: &[u64]) {
    for_each_length!(Multiply { wide, mut [], [a, b] });
}

pub(super) fn square(wide: &mut [u64], a: &[u64]) {
    for_each_length!(Square { wide, mut [], [a] });
}

pub(super) fn reduce(out: &mut [u64], wide: &mut [u64], m: &[u64], negated_inverse: u64) {
    for_each_length!(Reduce { wide, mut [out], [m], negated_inverse });
}

/// Numbers are slices or arrays.
struct Multiply<'a, W: ?Sized, N: ?Sized> {
    wide: &'a mut W,
    a: &'a N,
    b: &'a N,
}

struct Square<'a, W: ?Sized, N: ?Sized> {
    wide: &'a mut W,
    a: &'a N,
}

struct Reduce<'a, W: ?Sized, N: ?Sized> {
    wide: &'a mut W,
    out: &'a mut N,
    m: &'a N,
    negated_inverse: u64,
}

impl<W: AsMut<[u64]> + ?Sized, N: AsRef<[u64]> + ?Sized> ForProcessor for Multiply<'_, W, N> {
    #[inline(always)]
    fn run(self) {
        multiply_any(self.wide.as_mut(), self.a.as_ref(), self.b.as_ref());
    }
}

impl<W: AsMut<[u64]> + ?Sized, N: AsRef<[u64]> + ?Sized> ForProcessor for Square<'_, W, N> {
    #[inline(always)]
    fn run(self) {
        square_any(self.wide.as_mut(), self.a.as_ref());
    }
}

impl<W: AsMut<[u64]> + ?Sized, N: AsRef<[u64]> + AsMut<[u64]> + ?Sized> ForProcessor
    for Reduce<'_, W, N>
{
    #[inline(always)]
    fn run(self) {
        let (out, wide) = (self.out.as_mut(), self.wide.as_mut());
        reduce_any(out, wide, self.m.as_ref(), self.negated_inverse);
    }
}

#[inline(always)]
fn multiply_any(wide: &mut [u64], a: &[u64], b: &[u64]) {
    wide[..a.len()].fill(0);
    for (i, row) in b.as_chunks().0.iter().enumerate() {
        let (t, above) = wide[i * PASS..].split_at_mut(a.len());
        let window = pass(t, row, a, [0; PASS]);
        above[..PASS].copy_from_slice(&window);
    }
}

#[inline(always)]
fn square_any(wide: &mut [u64], a: &[u64]) {
    // Each product of two different limbs once: those within a row, then those with all above it.
    wide[..a.len()].fill(0);
    for (i, row) in a.as_chunks::<PASS>().0.iter().enumerate() {
        let rest = &a[(i + 1) * PASS..];
        let (below, t) = wide[2 * i * PASS..].split_at_mut(PASS);
        let mut column = Column::new();
        for k in 1..PASS {
            column.add(below[k]);
            for r in 0..PASS {
                if 2 * r < k {
                    column.add_product(row[r], row[k - r]);
                }
            }
            below[k] = column.next();
        }
        let mut window = [0; PASS];
        for k in PASS..2 * PASS {
            for r in 0..PASS {
                if 2 * r < k && k - r < PASS {
                    column.add_product(row[r], row[k - r]);
                }
            }
            window[k - PASS] = column.next();
        }
        let (t, above) = t.split_at_mut(rest.len());
        let window = pass(t, row, rest, window);
        above[..PASS].copy_from_slice(&window);
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
fn reduce_any(out: &mut [u64], wide: &mut [u64], m: &[u64], negated_inverse: u64) {
    // Add the multiple of m that makes the lower limbs zero. Those are not written.
    let (first, rest) = m.split_at(PASS);
    let mut carry = false;
    for i in (0..wide.len() - m.len()).step_by(PASS) {
        let (below, t) = wide[i..].split_at_mut(PASS);
        let (t, above) = t.split_at_mut(rest.len());
        let (row, window) = quotient(below, first, negated_inverse);
        let window = pass(t, &row, rest, window);
        for (above, limb) in above.iter_mut().zip(window) {
            (*above, carry) = above.carrying_add(limb, carry);
        }
    }
    // The sum is less than R + m: where there was a carry, subtracting m once leaves less than R.
    subtract_carried(out, &wide[wide.len() - m.len()..], m, carry);
}

/// The multiple of m that makes the limbs of `below` zero when added to them, and what that sum and
/// the product with the `first` limbs of m leave above them.
#[inline(always)]
fn quotient(below: &[u64], first: &[u64], negated_inverse: u64) -> ([u64; PASS], [u64; PASS]) {
    let (mut row, mut window) = ([0; PASS], [0; PASS]);
    window.copy_from_slice(below);
    for limb in &mut row {
        *limb = window[0].wrapping_mul(negated_inverse);
        step(&mut window, first, *limb, 0);
    }
    (row, window)
}

/// t += row · a + window, for as many limbs as `t` and `a` have; returns the limbs above them.
#[inline(always)]
fn pass(t: &mut [u64], row: &[u64; PASS], a: &[u64], mut window: [u64; PASS]) -> [u64; PASS] {
    for (t, x) in t.iter_mut().zip(a) {
        *t = step(&mut window, row, *x, *t);
    }
    window
}

/// window += row · x + t, less its lowest limb, which is returned.
///
/// That fits: with w = 2^(64·PASS), the sum is at most
/// (w − 1) + (w − 1)·(2⁶⁴ − 1) + (2⁶⁴ − 1) = 2⁶⁴·w − 1.
#[inline(always)]
fn step(window: &mut [u64; PASS], row: &[u64], x: u64, t: u64) -> u64 {
    let (mut low, mut high) = ([0; PASS], [0; PASS]);
    for k in 0..PASS {
        (low[k], high[k]) = x.carrying_mul(row[k], 0);
    }
    // One chain of carries joins the halves of the products, another adds them to the window.
    let mut carry;
    (low[0], carry) = low[0].overflowing_add(t);
    for k in 1..PASS {
        (low[k], carry) = low[k].carrying_add(high[k - 1], carry);
    }
    let top = high[PASS - 1] + u64::from(carry);
    let lowest;
    (lowest, carry) = window[0].overflowing_add(low[0]);
    for k in 1..PASS {
        (window[k - 1], carry) = window[k].carrying_add(low[k], carry);
    }
    window[PASS - 1] = top + u64::from(carry);
    lowest
}

/// The sum of a column: its limb, and what is carried into the columns that follow. At most
/// 2·[`PASS`] products and a limb are added to one.
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

    /// Written so that it compiles to `mul`, `add`, `adc`, `adc`. The high limb of a product is at
    /// most 2⁶⁴ − 2: adding the carry to it cannot overflow.
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
