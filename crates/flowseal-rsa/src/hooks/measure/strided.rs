//! The kernels of numbers across the lanes.

use super::Kernel;
use super::vector::bound;
use crate::arithmetic::Modulus;
use crate::units::lanes::{Across, Constants};
use crate::units::strided::moduli::Moduli;
use crate::units::strided::vectors::Vectors;

/// Runs a kernel so many times, on both halves of a private operation, whose primes have so many
/// blocks. Returns how many multiply-adds each run has.
pub(super) fn run<L: Across>(
    lanes: L,
    kernel: Kernel,
    blocks: usize,
    times: usize,
) -> Option<usize> {
    match blocks {
        2 => Some(run_in::<L, 5, 20>(lanes, kernel, times)),
        3 => Some(run_in::<L, 8, 30>(lanes, kernel, times)),
        4 => Some(run_in::<L, 10, 40>(lanes, kernel, times)),
        _ => None,
    }
}

fn run_in<L: Across, const V: usize, const D: usize>(
    lanes: L,
    kernel: Kernel,
    times: usize,
) -> usize {
    // Two halves of each product: of each digit with V vectors, or, in a square, with those from
    // its own on; and as many for each digit of the quotient.
    let product = 2 * D * V;
    let square = (0..D).map(|row| 2 * (V - row % V)).sum::<usize>();
    let multiply_adds = match kernel {
        Kernel::Multiply | Kernel::Bound => 2 * product,
        // Two halves of it, of the factor 1 each, whose products are computed like others.
        Kernel::Reduce => 2 * product,
        Kernel::Window => product + product / 2,
        Kernel::Square => square + product,
    };
    // The contents do not matter: no time depends on them.
    let blocks = D / 10;
    let bits = 512 * blocks;
    let modulus = Modulus::new(&vec![u64::MAX; bits / 64], bits);
    let constants = Constants::new(&modulus, blocks, 3);
    let moduli = Moduli::<L, V, 2, D>::new(lanes, [&constants; 2]);
    let (mut x, y) = (Vectors::default(), Vectors::default());
    for _ in 0..times {
        match kernel {
            Kernel::Multiply => moduli.multiply(&mut x, &y),
            Kernel::Window => moduli.multiply_accompanied(&mut x, &y, &y),
            Kernel::Square => moduli.square(&mut x),
            Kernel::Reduce => moduli.leave(&mut x),
            Kernel::Bound => bound(lanes, multiply_adds),
        }
    }
    std::hint::black_box(x.vectors());
    multiply_adds
}
