//! What these units take on a processor with AVX-512 IFMA, in nanoseconds: written by
//! `cargo xtask costs`.
//
// 2026-11-29, cargo 1.95.0 (f2d3ce0bd 2026-03-21) · Intel(R) Xeon(R) Processor

use crate::units::unit::Times;

pub(super) const IFMA_512: Times = Times {
    power: [74_200, 359_000, 1_140_000, 2_500_000],
    raise: [8_990, 14_900, 23_000, 33_100, 44_800, 58_500, 74_300],
};

pub(super) const AVX2: Times = Times {
    power: [154_000, 950_000, 2_990_000, 6_720_000],
    raise: [15_500, 30_000, 50_500, 65_000, 95_000, 127_000, 165_000],
};

#[cfg(feature = "oracles")]
pub(super) const PORTABLE: Times = Times {
    power: [3_040_000, 15_400_000, 46_000_000, 99_200_000],
    raise: [
        110_000, 256_000, 496_000, 725_000, 1_110_000, 1_500_000, 1_970_000,
    ],
};
