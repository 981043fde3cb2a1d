//! The units that compute one operation at a time, its numbers across the lanes of the registers.

mod kernels;
pub(crate) mod moduli;
mod power;
mod raise;
pub(crate) mod vectors;
mod with_ifma;
mod without_ifma;

use super::lanes::Across;
#[cfg(feature = "oracles")]
use super::lanes::Portable;
use super::unit::{Compute, Description, Found, boxed, on_x86};
use crate::job::{Half, Raise};

/// One operation at a time, across the lanes of AVX-512 IFMA.
pub(crate) static IFMA_STRIDED: Description = Description {
    name: "ifma-strided",
    halves: 2,
    powers: 1,
    computes,
    is_twin: false,
    with_ifma: Some(with_ifma::IFMA_STRIDED),
    without_ifma: None,
    detect: on_x86!(Ifma512 => Strided),
    found: Found::nothing_yet(),
};

/// The same without its instructions: slowly, to compare with.
#[cfg(feature = "oracles")]
pub(crate) static PORTABLE_STRIDED: Description = Description {
    name: "portable-strided",
    halves: 2,
    powers: 1,
    computes,
    is_twin: true,
    with_ifma: Some(with_ifma::PORTABLE_STRIDED),
    without_ifma: Some(without_ifma::PORTABLE_STRIDED),
    detect: || Some(boxed(Strided(Portable))),
    found: Found::nothing_yet(),
};

/// Whether there are kernels for a modulus of so many blocks and, for a private operation, for
/// primes of so many.
fn computes(primes: usize, modulus: usize) -> bool {
    matches!(primes, 0 | 2..=4) && matches!(modulus, 4..=8)
}

/// A number across all lanes, or two by turns.
struct Strided<L: Across>(L);

impl<L: Across> Compute for Strided<L> {
    fn power(&self, halves: &mut [Half<'_>]) {
        power::power(self.0, halves);
    }

    fn raise(&self, numbers: &mut [Raise<'_>]) {
        raise::raise(self.0, numbers);
    }
}
