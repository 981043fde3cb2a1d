//! What these units take on a processor with AVX-512 IFMA, in nanoseconds: written by
//! `cargo xtask costs`.
//
// 2026-11-29, cargo 1.95.0 (f2d3ce0bd 2026-03-21) · Intel(R) Xeon(R) Processor

use crate::units::unit::Times;

pub(super) const AWS_LC: Times = Times {
    power: [41_200, 131_000, 395_000, 804_000],
    raise: [5_250, 9_230, 16_800, 25_400, 33_400, 48_200, 57_200],
};
