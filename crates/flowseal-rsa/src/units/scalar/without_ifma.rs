//! What these units take on a processor without AVX-512 IFMA, in nanoseconds: written by
//! `cargo xtask costs`.
//
// 2026-11-23, cargo 1.95.0 (f2d3ce0bd 2026-03-21) · AMD EPYC

use crate::units::unit::Times;

pub(super) const SCALAR: Times = Times {
    power: [72_200, 374_000, 1_110_000, 2_380_000],
    raise: [5_690, 10_800, 17_300, 25_900, 36_100, 47_200, 60_500],
};
