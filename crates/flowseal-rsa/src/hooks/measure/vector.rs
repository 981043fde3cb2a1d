//! The kernels of numbers side by side.

use super::Kernel;
#[cfg(target_arch = "x86_64")]
use crate::units::lanes::{Avx2, Lanes, Multiply};
use crate::units::lanes::{MultiplyAdd, Task};
use crate::units::vector::kernels::Kernels;
use crate::units::vector::moduli::{Moduli, Rows};

/// Lanes whose multiply-adds are counted.
pub(super) trait Measured: Kernels {
    /// How many addends of columns a product of two digits has.
    const ADDENDS: usize;

    /// sum + an addend of a · b.
    fn add_addend(self, sum: Self::Vector, a: Self::Vector, b: Self::Vector) -> Self::Vector;
}

impl<L: MultiplyAdd> Measured for L {
    const ADDENDS: usize = 2;

    #[inline(always)]
    fn add_addend(self, sum: Self::Vector, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        self.add_low(sum, a, b)
    }
}

#[cfg(target_arch = "x86_64")]
impl Measured for Avx2 {
    const ADDENDS: usize = 1;

    #[inline(always)]
    fn add_addend(self, sum: Self::Vector, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        self.add(sum, Multiply::multiply(self, a, b))
    }
}

/// How many multiply-adds a run has, for numbers of so many blocks. `addends` is how many of them a
/// product of two digits has.
fn multiply_adds(kernel: Kernel, blocks: usize, digits_of_block: usize, addends: usize) -> usize {
    let digits = blocks * digits_of_block;
    let product = addends * digits * digits;
    // Each digit of the quotient takes one more, of which there are no halves.
    let reduction_by = |by: usize| addends * by * digits + by;
    let reduction = reduction_by(digits);
    match kernel {
        Kernel::Multiply | Kernel::Bound => product + reduction,
        Kernel::Window => product + reduction_by(digits_of_block * blocks.div_ceil(2)),
        Kernel::Square => addends * digits * (digits + 1) / 2 + reduction,
        Kernel::Reduce => reduction,
    }
}

/// Runs a kernel so many times, on numbers of so many blocks. Returns how many multiply-adds each
/// run has.
pub(super) fn run<L: Measured>(lanes: L, kernel: Kernel, blocks: usize, times: usize) -> usize {
    let multiply_adds = multiply_adds(kernel, blocks, L::DIGITS_OF_BLOCK, L::ADDENDS);
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
pub(super) fn bound<L: Measured>(lanes: L, multiply_adds: usize) {
    lanes.run(Bound(multiply_adds));
}

struct Bound(usize);

impl<L: Measured> Task<L> for Bound {
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
