//! What these units take on a processor with AVX-512 IFMA, in nanoseconds: written by
//! `cargo xtask costs`.
//
// 2026-11-29, cargo 1.95.0 (f2d3ce0bd 2026-03-21) · Intel(R) Xeon(R) Processor

use crate::units::unit::Times;

pub(super) const SCALAR: Times = Times {
    power: [54_300, 298_000, 948_000, 2_050_000],
    raise: [4_850, 8_490, 14_000, 21_000, 29_300, 39_300, 50_600],
};
