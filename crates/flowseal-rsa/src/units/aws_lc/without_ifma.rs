//! What these units take on a processor without AVX-512 IFMA, in nanoseconds: written by
//! `cargo xtask costs`.
//
// 2026-11-23, cargo 1.95.0 (f2d3ce0bd 2026-03-21) · AMD EPYC

use crate::units::unit::Times;

pub(super) const AWS_LC: Times = Times {
    power: [48_100, 311_000, 967_000, 2_210_000],
    raise: [5_830, 10_900, 17_700, 26_600, 37_100, 49_600, 64_000],
};
