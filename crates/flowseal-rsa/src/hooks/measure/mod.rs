//! The kernels by themselves, for benches.

mod strided;
mod vector;

use crate::job::blocks_for;
#[cfg(feature = "oracles")]
use crate::units::lanes::Portable;
#[cfg(target_arch = "x86_64")]
use crate::units::lanes::{Avx2, Ifma512};

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
    /// Multiply-adds that do not wait for each other, as many as a product and its reduction have:
    /// the bound of the multiplier.
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
}

/// The units whose kernels can be measured, where the machine has them.
pub const MEASURED: &[&str] = &[
    "ifma-512",
    "ifma-strided",
    "avx2",
    #[cfg(feature = "oracles")]
    "portable",
    #[cfg(feature = "oracles")]
    "portable-strided",
];

/// Runs a kernel of a unit so many times, on numbers of so many bits. Returns how many
/// multiply-adds each run has; nothing if this machine has no such unit, or it is none of
/// [`MEASURED`].
pub fn run_kernel(unit: &str, kernel: Kernel, bits: usize, times: usize) -> Option<usize> {
    let blocks = blocks_for(bits)?;
    match unit {
        #[cfg(target_arch = "x86_64")]
        "ifma-512" => Some(vector::run(Ifma512::detect()?, kernel, blocks, times)),
        #[cfg(target_arch = "x86_64")]
        "ifma-strided" => strided::run(Ifma512::detect()?, kernel, blocks, times),
        #[cfg(target_arch = "x86_64")]
        "avx2" => Some(vector::run(Avx2::detect()?, kernel, blocks, times)),
        #[cfg(feature = "oracles")]
        "portable" => Some(vector::run(Portable, kernel, blocks, times)),
        #[cfg(feature = "oracles")]
        "portable-strided" => strided::run(Portable, kernel, blocks, times),
        _ => None,
    }
}
