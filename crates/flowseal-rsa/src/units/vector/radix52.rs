//! The kernels for digits of 52 bits.
//!
//! A number is a slice of *blocks* of ten digits. That no column overflows, and what the names
//! below mean, is shown in the description of the engine.

use super::frame::{self, Radix, load, repeat, slide, slide_along, store, zeros};
use super::kernels::{Kernels, Scan, neighbours_mut};
use crate::units::lanes::MultiplyAdd;

/// How many digits a block has: with the ten columns that they are added to, and one more that
/// enters, they fit the 32 registers.
const BLOCK: usize = 10;

const TWO_BLOCKS: usize = 2 * BLOCK;

/// With up to so many blocks a square has fewer products of two blocks than a table is read beside.
/// The products with other numbers take some, too.
const FEW_BLOCKS: usize = 2;

impl<L: MultiplyAdd> Kernels for L {
    #[inline(always)]
    fn multiply_halves(
        self,
        columns: &mut [Self::Row],
        (a0, a1): (&[Self::Row], &[Self::Row]),
        (b0, b1): (&[Self::Row], &[Self::Row]),
        scan: &mut impl Scan<Self>,
    ) {
        let (a, b) = ([blocks(a0), blocks(a1)], [blocks(b0), blocks(b1)]);
        let columns = blocks_mut(columns);
        if b[1].len() <= FEW_BLOCKS {
            frame::multiply_halves(self, columns, a, b, scan);
        } else {
            frame::multiply_halves(self, columns, a, b, &mut ());
        }
    }

    #[inline(always)]
    fn square(self, columns: &mut [Self::Row], a: &[Self::Row], scan: &mut impl Scan<Self>) {
        square(self, blocks_mut(columns), blocks(a), scan);
    }

    #[inline(always)]
    fn reduce(
        self,
        number: &mut [Self::Row],
        columns: &mut [Self::Row],
        m: &[Self::Row],
        negated_inverse: &Self::Row,
    ) {
        let (number, columns) = (blocks_mut(number), blocks_mut(columns));
        reduce(self, number, columns, blocks(m), negated_inverse);
    }
}

#[inline(always)]
fn blocks<R>(rows: &[R]) -> &[[R; BLOCK]] {
    rows.as_chunks().0
}

#[inline(always)]
fn blocks_mut<R>(rows: &mut [R]) -> &mut [[R; BLOCK]] {
    rows.as_chunks_mut().0
}

/// columns = a²; there are twice as many columns as digits.
#[inline(always)]
fn square<L: MultiplyAdd>(
    lanes: L,
    columns: &mut [[L::Row; BLOCK]],
    a: &[[L::Row; BLOCK]],
    scan: &mut impl Scan<L>,
) {
    for (i, block) in a.iter().enumerate() {
        let factors = load(lanes, block);
        // The products with the digits of higher blocks, once.
        let higher = &a[i + 1..];
        if !higher.is_empty() {
            // Each pass reaches one block further than the one before it: so nothing enters the
            // window with the last block, nor ever in the first pass. A table is read beside those:
            // one in each pass, two in the first since the last block has none.
            let (held, read) = if i == 0 { (0, 2) } else { (higher.len(), 1) };
            let (others, last) = higher.split_at(higher.len().saturating_sub(read));
            let columns = &mut columns[2 * i + 1..];
            let mut window = slide_along(lanes, columns, &factors, others, held, &mut ());
            for (j, digits) in (others.len()..).zip(last) {
                let (leaving, _) = neighbours(columns, j);
                let beside = scan.next_block(lanes);
                slide(lanes, &mut window, &factors, digits, None, leaving, beside);
            }
            store(lanes, &mut columns[higher.len()], &window);
        }
        // Nothing else will be added to these columns: the products within the block, once; all of
        // it twice; and the squares of the digits.
        let (low, high) = neighbours_mut(columns, 2 * i);
        if i == 0 {
            low.fill_with(L::Row::default);
        }
        if higher.is_empty() {
            high.fill_with(L::Row::default);
        }
        finish_squares(lanes, &factors, low, high);
    }
}

/// number = columns / 2^(52·B) modulo m, for B more columns than m has digits; the columns are used
/// up.
///
/// `negated_inverse` is −m⁻¹ modulo 2⁵². If the columns are less than m · 2^(52·B), the result is
/// less than 2m.
#[inline(always)]
fn reduce<L: MultiplyAdd>(
    lanes: L,
    number: &mut [[L::Row; BLOCK]],
    columns: &mut [[L::Row; BLOCK]],
    m: &[[L::Row; BLOCK]],
    negated_inverse: &L::Row,
) {
    let rest = columns.len() - m.len();
    for i in 0..rest {
        let columns = &mut columns[i..];
        match m {
            [] => {}
            [_] => reduce_block::<L, BLOCK>(lanes, columns, m, negated_inverse),
            _ => reduce_block::<L, TWO_BLOCKS>(lanes, columns, m, negated_inverse),
        }
    }
    let mut carry = lanes.splat(0);
    for (digits, columns) in number.iter_mut().zip(&columns[rest..]) {
        for (digit, column) in digits.iter_mut().zip(columns) {
            let sum = lanes.add(lanes.load(column), carry);
            // What it has above a digit stays: the multiplications do not see it.
            lanes.store(digit, sum);
            carry = lanes.carry(sum);
        }
    }
}

/// Makes the lowest block of columns zero, by adding a multiple of m. The quotient is found in a
/// window of one block or of two.
#[inline(always)]
#[allow(
    clippy::needless_range_loop,
    reason = "indices that become constants make registers of arrays; iterators do not"
)]
fn reduce_block<L: MultiplyAdd, const COLUMNS: usize>(
    lanes: L,
    columns: &mut [[L::Row; BLOCK]],
    m: &[[L::Row; BLOCK]],
    negated_inverse: &L::Row,
) {
    let blocks = COLUMNS / BLOCK;
    let (lowest, higher) = m.split_at(blocks);
    let mut window = [lanes.splat(0); COLUMNS];
    for k in 0..COLUMNS {
        window[k] = lanes.load(&columns[k / BLOCK][k % BLOCK]);
    }
    let (passed, entering) = columns.split_at_mut(blocks);
    quotient(
        lanes,
        &mut window,
        lowest.as_flattened(),
        negated_inverse,
        &entering[0],
        &mut passed[0],
    );
    let quotient = load(lanes, &passed[0]);
    // The highest block of the window is what the other products reach.
    for k in 0..COLUMNS - BLOCK {
        lanes.store(&mut passed[1 + k / BLOCK][k % BLOCK], window[k]);
    }
    let mut highest = zeros(lanes);
    for k in 0..BLOCK {
        highest[k] = window[COLUMNS - BLOCK + k];
    }
    for (j, digits) in higher.iter().enumerate() {
        let (leaving, entering) = neighbours(columns, blocks + j);
        let entering = Some(entering);
        slide(
            lanes,
            &mut highest,
            &quotient,
            digits,
            entering,
            leaving,
            (),
        );
    }
    store(lanes, &mut columns[m.len()], &highest);
}

impl<L: MultiplyAdd> Radix<BLOCK> for L {
    #[inline(always)]
    fn step(
        self,
        window: &mut [Self::Vector; BLOCK],
        factors: &[Self::Vector; BLOCK],
        digit: Self::Vector,
        entering: Self::Vector,
    ) -> Self::Vector {
        let leaving = self.add_low(window[0], factors[0], digit);
        for k in 1..BLOCK {
            window[k - 1] = self.add_low(window[k], factors[k], digit);
        }
        window[BLOCK - 1] = entering;
        for k in 0..BLOCK {
            window[k] = self.add_high(window[k], factors[k], digit);
        }
        leaving
    }
}

/// Finds the ten digits of the quotient that make the lowest columns of the window zero, and moves
/// the window ten columns up, with the products of the quotient and the lowest digits of m added,
/// of which there are as many as columns.
///
/// Each digit waits for the one before it: for the product with the inverse, and for the two
/// products with m that reach the next column. The others of the digit before it are computed
/// meanwhile.
#[inline(always)]
#[allow(
    clippy::needless_range_loop,
    reason = "indices that become constants make registers of arrays; iterators do not"
)]
fn quotient<L: MultiplyAdd, const COLUMNS: usize>(
    lanes: L,
    window: &mut [L::Vector; COLUMNS],
    m: &[L::Row],
    negated_inverse: &L::Row,
    entering: &[L::Row; BLOCK],
    quotient: &mut [L::Row; BLOCK],
) {
    // Beside a window of two blocks the registers have no room for m: each digit reads it.
    let m = |k: usize| lanes.load(&m[k]);
    let negated_inverse = lanes.load(negated_inverse);
    let (zero, ones) = (lanes.splat(0), lanes.splat(L::DIGIT_MASK));
    let mut before = zero;
    let mut carry = zero;
    repeat!(I of BLOCK => {
        let column = lanes.add(window[0], carry);
        let digit = lanes.add_low(zero, column, negated_inverse);
        // With digit · m the low bits of the column become zero: it carries one more unless they
        // were. The second product for the next column is added to the carry, so that it need not
        // wait for the first.
        carry = lanes.carry(lanes.add(column, ones));
        // The window moves up, and takes in what is left of the digit before.
        let m1 = m(1);
        let mut upper = m(2);
        window[0] = lanes.add_high(window[1], before, m1);
        window[0] = lanes.add_low(window[0], before, upper);
        window[0] = lanes.add_high(window[0], digit, m(0));
        carry = lanes.add_low(carry, digit, m1);
        for k in 1..COLUMNS - 2 {
            let lower = upper;
            upper = m(k + 2);
            window[k] = lanes.add_high(window[k + 1], before, lower);
            window[k] = lanes.add_low(window[k], before, upper);
        }
        window[COLUMNS - 2] = lanes.add_high(window[COLUMNS - 1], before, upper);
        window[COLUMNS - 1] = lanes.load(&entering[I]);
        before = digit;
        lanes.store(&mut quotient[I], digit);
    });
    // The last digit has no other to wait for.
    window[0] = lanes.add(window[0], carry);
    for k in 1..COLUMNS {
        window[k] = lanes.add_high(window[k], before, m(k));
    }
    for k in 2..COLUMNS {
        window[k - 1] = lanes.add_low(window[k - 1], before, m(k));
    }
}

/// Adds to twenty columns, of which the products of different digits are still to be doubled, what
/// is missing of the square: the products within a block.
#[inline(always)]
fn finish_squares<L: MultiplyAdd>(
    lanes: L,
    digits: &[L::Vector; BLOCK],
    low: &mut [L::Row; BLOCK],
    high: &mut [L::Row; BLOCK],
) {
    let mut sums = [lanes.splat(0); TWO_BLOCKS];
    repeat!(C of BLOCK => {
        sums[C] = lanes.load(&low[C]);
        sums[BLOCK + C] = lanes.load(&high[C]);
    });
    repeat!(I of BLOCK => finish_row::<L, I>(lanes, digits, &mut sums));
    repeat!(C of BLOCK => {
        lanes.store(&mut low[C], sums[C]);
        lanes.store(&mut high[C], sums[BLOCK + C]);
    });
}

/// Adds the products of a digit with the higher ones of its block, which completes two columns:
/// they are doubled, and the square of the digit is added.
#[inline(always)]
fn finish_row<L: MultiplyAdd, const I: usize>(
    lanes: L,
    digits: &[L::Vector; BLOCK],
    sums: &mut [L::Vector; TWO_BLOCKS],
) {
    for k in I + 1..BLOCK {
        sums[I + k] = lanes.add_low(sums[I + k], digits[I], digits[k]);
    }
    for k in I + 1..BLOCK {
        sums[I + k + 1] = lanes.add_high(sums[I + k + 1], digits[I], digits[k]);
    }
    let (even, odd) = (2 * I, 2 * I + 1);
    sums[even] = lanes.add(sums[even], sums[even]);
    sums[even] = lanes.add_low(sums[even], digits[I], digits[I]);
    sums[odd] = lanes.add(sums[odd], sums[odd]);
    sums[odd] = lanes.add_high(sums[odd], digits[I], digits[I]);
}

/// A block of columns that the window leaves, and the next, which enters it.
#[inline(always)]
fn neighbours<R>(columns: &mut [R], i: usize) -> (&mut R, &R) {
    let (leaving, entering) = neighbours_mut(columns, i);
    (leaving, entering)
}
