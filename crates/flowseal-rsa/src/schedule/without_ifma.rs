//! What the units take on a processor without AVX-512 IFMA, in nanoseconds: written by `cargo xtask costs`.
//
// 2026-11-23, cargo 1.95.0 (f2d3ce0bd 2026-03-21) · AMD EPYC

use super::costs::Row;

pub(super) const ROWS: &[Row] = &[
    Row {
        unit: "avx2",
        power: [190_000, 904_000, 2_690_000, 5_920_000],
        raise: [13_800, 26_300, 43_500, 65_200, 91_400, 122_000, 157_000],
    },
    Row {
        unit: "aws-lc",
        power: [48_100, 311_000, 967_000, 2_210_000],
        raise: [5_830, 10_900, 17_700, 26_600, 37_100, 49_600, 64_000],
    },
    Row {
        unit: "scalar",
        power: [72_200, 374_000, 1_110_000, 2_380_000],
        raise: [5_690, 10_800, 17_300, 25_900, 36_100, 47_200, 60_500],
    },
    Row {
        unit: "portable",
        power: [1_910_000, 13_200_000, 42_800_000, 97_800_000],
        raise: [
            169_000, 378_000, 673_000, 1_050_000, 1_510_000, 2_050_000, 2_680_000,
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
