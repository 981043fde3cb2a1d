//! What these units take on a processor without AVX-512 IFMA, in nanoseconds: written by
//! `cargo xtask costs`.
//
// 2026-11-23, cargo 1.95.0 (f2d3ce0bd 2026-03-21) · AMD EPYC

#[cfg(feature = "oracles")]
use crate::units::unit::Times;

// Not measured by that command: rough figures, of a unit that is only ever there by itself, so that
// no plan chooses by them.
#[cfg(feature = "oracles")]
pub(super) const PORTABLE_STRIDED: Times = Times {
    power: [u32::MAX, 5_000_000, 16_000_000, 37_000_000],
    raise: [
        u32::MAX,
        u32::MAX,
        90_000,
        150_000,
        180_000,
        250_000,
        330_000,
    ],
};
