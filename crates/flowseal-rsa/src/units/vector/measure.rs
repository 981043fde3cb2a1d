//! The kernels by themselves, for benches: built under `--cfg flowseal_hooks` only.

use super::kernels::Kernels;
use super::moduli::{Moduli, Rows};
use crate::units::lanes::Task;

/// A kernel, or what bounds them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kernel {
    /// The product of two numbers, and its reduction.
    Multiply,
    /// The product with a power that has a companion, and its reduction by half as many digits.
    Window,
    /// A square, and its reduction.
    Square,
    /// A reduction alone.
    Reduce,
    /// Multiply-adds that do not wait for each other, as many as a product and its reduction have: the
    /// bound of the multiplier.
    Bound,
}

impl Kernel {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Multiply,
        Self::Window,
        Self::Square,
        Self::Reduce,
        Self::Bound,
    ];

    /// How many multiply-adds a run has, for numbers of so many blocks. `addends` is how many of them a
    /// product of two digits has.
    fn multiply_adds(self, blocks: usize, digits_of_block: usize, addends: usize) -> usize {
        let digits = blocks * digits_of_block;
        let product = addends * digits * digits;
        // Each digit of the quotient takes one more, of which there are no halves.
        let reduction_by = |by: usize| addends * by * digits + by;
        let reduction = reduction_by(digits);
        match self {
            Self::Multiply | Self::Bound => product + reduction,
            Self::Window => product + reduction_by(digits_of_block * blocks.div_ceil(2)),
            Self::Square => addends * digits * (digits + 1) / 2 + reduction,
            Self::Reduce => reduction,
        }
    }
}

/// Runs a kernel so many times, on numbers of so many blocks. Returns how many multiply-adds each run has.
pub(crate) fn run<L: Kernels>(lanes: L, kernel: Kernel, blocks: usize, times: usize) -> usize {
    let multiply_adds = kernel.multiply_adds(blocks, L::BLOCK, L::ADDENDS);
    // The contents do not matter: no time depends on them.
    let mut moduli = Moduli::zeroed(lanes, blocks);
    let (mut x, y) = (Rows::zeroed(blocks), Rows::zeroed(blocks));
    let power = Rows::zeroed(2 * blocks);
    let mut wide = Rows::zeroed(2 * blocks);
    for _ in 0..times {
        match kernel {
            Kernel::Multiply => moduli.multiply(&mut x, &y),
            Kernel::Window => moduli.multiply_accompanied(&mut x, &power, &mut ()),
            Kernel::Square => moduli.square(&mut x, &mut ()),
            Kernel::Reduce => moduli.reduce(&mut x, &mut wide),
            Kernel::Bound => bound(lanes, multiply_adds),
        }
    }
    std::hint::black_box(x.rows());
    multiply_adds
}

/// Runs so many multiply-adds that do not wait for each other.
pub(crate) fn bound<L: Kernels>(lanes: L, multiply_adds: usize) {
    lanes.run(Bound(multiply_adds));
}

struct Bound(usize);

impl<L: Kernels> Task<L> for Bound {
    #[inline(always)]
    fn run(self, lanes: L) {
        const SUMS: usize = 20;
        let mut sums = [lanes.splat(0); SUMS];
        let factor = lanes.splat(std::hint::black_box(3));
        for _ in 0..self.0.div_ceil(SUMS) {
            for sum in &mut sums {
                *sum = lanes.add_addend(*sum, factor, factor);
            }
        }
        let mut row = L::Row::default();
        for sum in sums {
            lanes.store(&mut row, sum);
            std::hint::black_box(&row);
        }
    }
}
