//! The units that compute as many numbers at once as the processor has lanes, each with a modulus
//! and an exponent of its own.

mod frame;
pub(crate) mod kernels;
pub(crate) mod moduli;
mod power;
#[cfg(target_arch = "x86_64")]
mod radix26;
mod radix52;
mod raise;
mod with_ifma;
mod without_ifma;

use self::kernels::Kernels;
#[cfg(feature = "oracles")]
use super::lanes::Portable;
use super::unit::{Compute, Description, Found, boxed, every_class, on_x86};
use crate::job::{Half, Raise};

/// Eight numbers at once, in the lanes of AVX-512 IFMA.
pub(crate) static IFMA_512: Description = Description {
    name: "ifma-512",
    halves: 8,
    powers: 8,
    computes: every_class,
    is_twin: false,
    with_ifma: Some(with_ifma::IFMA_512),
    without_ifma: None,
    detect: on_x86!(Ifma512 => SideBySide),
    found: Found::nothing_yet(),
};

/// Four numbers at once, in the lanes of AVX2.
pub(crate) static AVX2: Description = Description {
    name: "avx2",
    halves: 4,
    powers: 4,
    computes: every_class,
    is_twin: false,
    with_ifma: Some(with_ifma::AVX2),
    without_ifma: Some(without_ifma::AVX2),
    detect: on_x86!(Avx2 => SideBySide),
    found: Found::nothing_yet(),
};

/// What the first computes, without its instructions: slowly, to compare with.
#[cfg(feature = "oracles")]
pub(crate) static PORTABLE: Description = Description {
    name: "portable",
    halves: 8,
    powers: 8,
    computes: every_class,
    is_twin: true,
    with_ifma: Some(with_ifma::PORTABLE),
    without_ifma: Some(without_ifma::PORTABLE),
    detect: || Some(boxed(SideBySide(Portable))),
    found: Found::nothing_yet(),
};

/// A number in each lane.
struct SideBySide<L: Kernels>(L);

impl<L: Kernels> Compute for SideBySide<L> {
    fn power(&self, halves: &mut [Half<'_>]) {
        for halves in halves.chunks_mut(L::WIDTH) {
            power::power(self.0, halves);
        }
    }

    fn raise(&self, numbers: &mut [Raise<'_>]) {
        for numbers in numbers.chunks_mut(L::WIDTH) {
            raise::raise(self.0, numbers);
        }
    }
}
