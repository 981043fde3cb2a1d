//! What these units take on a processor without AVX-512 IFMA, in nanoseconds: written by
//! `cargo xtask costs`.
//
// 2026-11-23, cargo 1.95.0 (f2d3ce0bd 2026-03-21) · AMD EPYC

use crate::units::unit::Times;

pub(super) const AVX2: Times = Times {
    power: [190_000, 904_000, 2_690_000, 5_920_000],
    raise: [13_800, 26_300, 43_500, 65_200, 91_400, 122_000, 157_000],
};

#[cfg(feature = "oracles")]
pub(super) const PORTABLE: Times = Times {
    power: [1_910_000, 13_200_000, 42_800_000, 97_800_000],
    raise: [
        169_000, 378_000, 673_000, 1_050_000, 1_510_000, 2_050_000, 2_680_000,
    ],
};
