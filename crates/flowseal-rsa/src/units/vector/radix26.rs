//! The kernels for digits of 26 bits.
//!
//! A number is a slice of *tiles* of five digits. A product of two digits is one addend of one
//! column: two instructions, where those for digits of 52 bits take two for an addend of two
//! columns. That no column overflows, and what the names below mean, is shown in the description of
//! the engine.

use super::frame::{self, Radix, load, repeat, slide, store, zeros};
use super::kernels::{Kernels, Scan, ScanOfBlock, neighbours_mut};
use crate::units::lanes::{Avx2, Lanes, Multiply};

/// How many digits a tile has: with the columns that they are added to, a digit that they are
/// multiplied by, and products that wait to be added, they fit the 16 registers.
const TILE: usize = 5;

/// How many tiles a block has.
const TILES: usize = Avx2::DIGITS_OF_BLOCK / TILE;

impl Kernels for Avx2 {
    #[inline(always)]
    fn multiply_halves(
        self,
        columns: &mut [Self::Row],
        (a0, a1): (&[Self::Row], &[Self::Row]),
        (b0, b1): (&[Self::Row], &[Self::Row]),
        _: &mut impl Scan<Self>,
    ) {
        let (a, b) = ([tiles(a0), tiles(a1)], [tiles(b0), tiles(b1)]);
        frame::multiply_halves(self, tiles_mut(columns), a, b, &mut ());
    }

    #[inline(always)]
    fn square(self, columns: &mut [Self::Row], a: &[Self::Row], scan: &mut impl Scan<Self>) {
        let (columns, a) = (tiles_mut(columns), tiles(a));
        for (i, digits) in a.iter().enumerate() {
            let digits = load(self, digits);
            // The product of two different digits counts twice. 27 bits are not too many.
            let doubled = digits.map(|digit| self.add(digit, digit));
            let higher = &a[i + 1..];
            // Each pass reaches one tile further than the one before it.
            let held = if i == 0 { 0 } else { higher.len() };
            let (low, high) = neighbours_mut(columns, 2 * i);
            if i == 0 {
                low.fill_with(Default::default);
            }
            if held == 0 {
                high.fill_with(Default::default);
            }
            let mut window = add_square(self, &digits, &doubled, low, high);
            // The square has put the lowest columns into the window; the frame would load them.
            let columns = &mut columns[2 * i + 1..];
            for (j, digits) in higher.iter().enumerate() {
                let (leaving, entering) = neighbours_mut(columns, j);
                if j + 1 < held {
                    let entering = Some(&*entering);
                    slide(self, &mut window, &doubled, digits, entering, leaving, ());
                } else {
                    slide(self, &mut window, &doubled, digits, None, leaving, ());
                }
            }
            store(self, &mut columns[higher.len()], &window);
            if (i + 1).is_multiple_of(TILES) {
                scan.next_block(self).all_steps(self);
            }
        }
    }

    #[inline(always)]
    fn reduce(
        self,
        number: &mut [Self::Row],
        columns: &mut [Self::Row],
        m: &[Self::Row],
        negated_inverse: &Self::Row,
    ) {
        let (columns, m) = (tiles_mut(columns), tiles(m));
        let Some((lowest, higher)) = m.split_first() else {
            return;
        };
        let negated_inverse = self.load(negated_inverse);
        let quotients = columns.len() - m.len();
        let mut carry = self.splat(0);
        let digits_of = |i| if i < quotients { 0..TILE } else { 0..0 };
        for digit in digits_of(0) {
            let columns = &mut columns.as_flattened_mut()[digit..];
            divide(self, columns, &mut carry, lowest, negated_inverse);
        }
        for i in 0..quotients {
            let columns = &mut columns[i..];
            let factors = load(self, &columns[0]);
            let mut window = load(self, &columns[1]);
            // The digits of the next quotient wait for each other. So each has a tile of products
            // beside it, which come after the columns that it needs.
            let mut next = digits_of(i + 1);
            for (j, digits) in higher.iter().enumerate() {
                let (leaving, entering) = neighbours_mut(columns, j + 1);
                let entering = Some(&*entering);
                slide(self, &mut window, &factors, digits, entering, leaving, ());
                if let Some(digit) = next.next() {
                    let columns = &mut columns.as_flattened_mut()[TILE + digit..];
                    divide(self, columns, &mut carry, lowest, negated_inverse);
                }
            }
            store(self, &mut columns[m.len()], &window);
            for digit in next {
                let columns = &mut columns.as_flattened_mut()[TILE + digit..];
                divide(self, columns, &mut carry, lowest, negated_inverse);
            }
        }
        let rest = &columns[columns.len() - m.len()..];
        for (digit, column) in number.iter_mut().zip(rest.as_flattened()) {
            let sum = self.add(self.load(column), carry);
            self.store(digit, self.digit(sum));
            carry = self.carry(sum);
        }
    }
}

impl Radix<TILE> for Avx2 {
    #[inline(always)]
    fn step(
        self,
        window: &mut [Self::Vector; TILE],
        factors: &[Self::Vector; TILE],
        digit: Self::Vector,
        entering: Self::Vector,
    ) -> Self::Vector {
        let leaving = add_product(self, window[0], factors[0], digit);
        for k in 1..TILE {
            window[k - 1] = add_product(self, window[k], factors[k], digit);
        }
        window[TILE - 1] = entering;
        leaving
    }
}

/// Adds the square of five digits to ten columns: the lower five are stored, the higher five
/// returned.
#[inline(always)]
fn add_square<L: Multiply>(
    lanes: L,
    digits: &[L::Vector; TILE],
    doubled: &[L::Vector; TILE],
    low: &mut [L::Row; TILE],
    high: &[L::Row; TILE],
) -> [L::Vector; TILE] {
    let mut window = zeros(lanes);
    repeat!(C of TILE => {
        let sum = lanes.load(&low[C]);
        lanes.store(&mut low[C], add_to_column::<L, C>(lanes, sum, digits, doubled));
    }; 0 1 2 3 4);
    repeat!(C of TILE => {
        const COLUMN: usize = C + TILE;
        window[C] = add_to_column::<L, COLUMN>(lanes, lanes.load(&high[C]), digits, doubled);
    }; 0 1 2 3 4);
    window
}

/// Adds what the square of five digits has in a column.
#[inline(always)]
fn add_to_column<L: Multiply, const COLUMN: usize>(
    lanes: L,
    mut sum: L::Vector,
    digits: &[L::Vector; TILE],
    doubled: &[L::Vector; TILE],
) -> L::Vector {
    for i in COLUMN.saturating_sub(TILE - 1)..COLUMN.div_ceil(2) {
        sum = add_product(lanes, sum, digits[i], doubled[COLUMN - i]);
    }
    if COLUMN.is_multiple_of(2) {
        sum = add_product(lanes, sum, digits[COLUMN / 2], digits[COLUMN / 2]);
    }
    sum
}

/// Replaces the lowest column by the digit of the quotient that makes it zero, and adds the
/// products of that digit with the lowest digits of m.
#[inline(always)]
fn divide<L: Multiply>(
    lanes: L,
    columns: &mut [L::Row],
    carry: &mut L::Vector,
    m: &[L::Row; TILE],
    negated_inverse: L::Vector,
) {
    let [column, above @ ..] = columns else {
        return;
    };
    let sum = lanes.add(lanes.load(column), *carry);
    let digit = lanes.digit(lanes.multiply(sum, negated_inverse));
    lanes.store(column, digit);
    *carry = lanes.carry(add_product(lanes, sum, digit, lanes.load(&m[0])));
    for (column, m) in above.iter_mut().zip(&m[1..]) {
        let sum = add_product(lanes, lanes.load(column), digit, lanes.load(m));
        lanes.store(column, sum);
    }
}

/// sum + a · b.
#[inline(always)]
fn add_product<L: Multiply>(lanes: L, sum: L::Vector, a: L::Vector, b: L::Vector) -> L::Vector {
    lanes.add(sum, lanes.multiply(a, b))
}

#[inline(always)]
fn tiles<R>(rows: &[R]) -> &[[R; TILE]] {
    rows.as_chunks().0
}

#[inline(always)]
fn tiles_mut<R>(rows: &mut [R]) -> &mut [[R; TILE]] {
    rows.as_chunks_mut().0
}
