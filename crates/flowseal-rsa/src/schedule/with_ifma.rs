//! What the units take on a processor with AVX-512 IFMA, in nanoseconds: written by `cargo xtask costs`.
//
// 2026-11-29, cargo 1.95.0 (f2d3ce0bd 2026-03-21) · Intel(R) Xeon(R) Processor

use super::costs::Row;

pub(super) const ROWS: &[Row] = &[
    Row {
        unit: "ifma-512",
        power: [74_200, 359_000, 1_140_000, 2_500_000],
        raise: [8_990, 14_900, 23_000, 33_100, 44_800, 58_500, 74_300],
    },
    // Not measured there yet: what a trial of the same layout took, and a tenth more. Primes of one block
    // and moduli of two or three it does not compute.
    Row {
        unit: "ifma-strided",
        power: [u32::MAX, 105_000, 307_000, 659_000],
        raise: [u32::MAX, u32::MAX, 2_860, 5_000, 5_600, 8_000, 9_020],
    },
    Row {
        unit: "avx2",
        power: [154_000, 950_000, 2_990_000, 6_720_000],
        raise: [15_500, 30_000, 50_500, 65_000, 95_000, 127_000, 165_000],
    },
    Row {
        unit: "aws-lc",
        power: [41_200, 131_000, 395_000, 804_000],
        raise: [5_250, 9_230, 16_800, 25_400, 33_400, 48_200, 57_200],
    },
    Row {
        unit: "scalar",
        power: [54_300, 298_000, 948_000, 2_050_000],
        raise: [4_850, 8_490, 14_000, 21_000, 29_300, 39_300, 50_600],
    },
    Row {
        unit: "portable",
        power: [3_040_000, 15_400_000, 46_000_000, 99_200_000],
        raise: [
            110_000, 256_000, 496_000, 725_000, 1_110_000, 1_500_000, 1_970_000,
        ],
    },
    // Not measured by that command: rough figures, of a unit that is only ever there by itself, so that no
    // plan chooses by them.
    Row {
        unit: "portable-strided",
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
    },
];
