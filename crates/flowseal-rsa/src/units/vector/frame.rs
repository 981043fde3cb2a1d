//! The frame of the kernels for each length of digits: a window of columns that slides along a
//! number.
//!
//! N digits of one factor are in registers, and N columns. What differs is N, as the registers are
//! many or few, and what a [step](Radix::step) of the window takes. The names are those of the
//! description of the engine.

use super::kernels::{Scan, ScanOfBlock, neighbours_mut};
use crate::units::lanes::Lanes;

/// Lanes that multiply N digits at a time.
pub(super) trait Radix<const N: usize>: Lanes {
    /// Adds factors · digit to the window, which moves one column up. Returns the column that
    /// leaves it.
    fn step(
        self,
        window: &mut [Self::Vector; N],
        factors: &[Self::Vector; N],
        digit: Self::Vector,
        entering: Self::Vector,
    ) -> Self::Vector;
}

/// Repeats a statement for each constant below a number of ten at most, so that arrays indexed by
/// it become registers.
macro_rules! repeat {
    ($i:ident of $count:expr => $statement:expr) => {
        repeat!($i of $count => $statement; 0 1 2 3 4 5 6 7 8 9)
    };
    ($i:ident of $count:expr => $statement:expr; $($value:literal)*) => {
        $({
            const $i: usize = $value;
            if $i < $count {
                $statement;
            }
        })*
    };
}
pub(super) use repeat;

/// columns = a₀ · b₀ + a₁ · b₁; there are as many columns as digits of a₁ and b₁.
#[inline(always)]
pub(super) fn multiply_halves<L: Radix<N>, const N: usize>(
    lanes: L,
    columns: &mut [[L::Row; N]],
    [a0, a1]: [&[[L::Row; N]]; 2],
    [b0, b1]: [&[[L::Row; N]]; 2],
    scan: &mut impl Scan<L>,
) {
    let mut held = 0_usize;
    // One loop, so that there is one copy of the code.
    for pass in 0..a0.len() + a1.len() {
        let (i, factors, digits) = match a0.get(pass) {
            Some(factors) => (pass, factors, b0),
            None => (pass - a0.len(), &a1[pass - a0.len()], b1),
        };
        let columns = &mut columns[i..];
        let factors = load(lanes, factors);
        let held_here = held.saturating_sub(i);
        let window = slide_along(lanes, columns, &factors, digits, held_here, scan);
        store(lanes, &mut columns[digits.len()], &window);
        held = held.max(i + digits.len() + 1);
    }
}

/// columns += factors · digits, but for the highest N columns, which are returned. The first `held`
/// of them, N by N, held something before; what is in the others does not count.
#[inline(always)]
pub(super) fn slide_along<L: Radix<N>, const N: usize>(
    lanes: L,
    columns: &mut [[L::Row; N]],
    factors: &[L::Vector; N],
    digits: &[[L::Row; N]],
    held: usize,
    scan: &mut impl Scan<L>,
) -> [L::Vector; N] {
    let mut window = if held == 0 {
        zeros(lanes)
    } else {
        load(lanes, &columns[0])
    };
    for (j, digits) in digits.iter().enumerate() {
        let (leaving, entering) = neighbours_mut(columns, j);
        let beside = scan.next_block(lanes);
        let window = &mut window;
        if j + 1 < held {
            let entering = Some(&*entering);
            slide(lanes, window, factors, digits, entering, leaving, beside);
        } else {
            slide(lanes, window, factors, digits, None, leaving, beside);
        }
    }
    window
}

/// Adds factors · digits to the window, which moves N columns up: those that leave it are stored,
/// others enter, or zeros. A step of the scan comes with each digit.
#[inline(always)]
pub(super) fn slide<L: Radix<N>, const N: usize>(
    lanes: L,
    window: &mut [L::Vector; N],
    factors: &[L::Vector; N],
    digits: &[L::Row; N],
    entering: Option<&[L::Row; N]>,
    leaving: &mut [L::Row; N],
    mut beside: impl ScanOfBlock<L>,
) {
    repeat!(J of N => {
        let entering = entering.map_or_else(|| lanes.splat(0), |columns| lanes.load(&columns[J]));
        let left = lanes.step(window, factors, lanes.load(&digits[J]), entering);
        lanes.store(&mut leaving[J], left);
        beside.step::<J>(lanes);
    });
}

#[inline(always)]
pub(super) fn zeros<L: Lanes, const N: usize>(lanes: L) -> [L::Vector; N] {
    [lanes.splat(0); N]
}

#[inline(always)]
pub(super) fn load<L: Lanes, const N: usize>(lanes: L, rows: &[L::Row; N]) -> [L::Vector; N] {
    let mut registers = zeros(lanes);
    repeat!(I of N => registers[I] = lanes.load(&rows[I]));
    registers
}

#[inline(always)]
pub(super) fn store<L: Lanes, const N: usize>(
    lanes: L,
    rows: &mut [L::Row; N],
    registers: &[L::Vector; N],
) {
    repeat!(I of N => lanes.store(&mut rows[I], registers[I]));
}
