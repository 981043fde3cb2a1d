//! What the units take on a processor with AVX-512 IFMA, in nanoseconds: written by `cargo xtask costs`.
//
// Not measured yet: estimated from the numbers of multiplications, and `avx2` copied from the other table.

use super::costs::Row;

pub(super) const ROWS: &[Row] = &[
    Row {
        unit: "ifma-512",
        power: [80_000, 500_000, 1_700_000, 4_050_000],
        raise: [8_000, 15_000, 25_000, 38_000, 54_000, 73_000, 94_000],
    },
    Row {
        unit: "ifma-256",
        power: [42_000, 255_000, 860_000, 2_050_000],
        raise: [4_500, 8_000, 13_000, 20_000, 28_000, 38_000, 48_000],
    },
    Row {
        unit: "avx2",
        power: [190_000, 904_000, 2_690_000, 5_920_000],
        raise: [13_800, 26_300, 43_500, 65_200, 91_400, 122_000, 157_000],
    },
    Row {
        unit: "aws-lc",
        power: [20_000, 107_000, 300_000, 690_000],
        raise: [5_000, 10_000, 16_500, 25_000, 35_000, 47_000, 60_000],
    },
    Row {
        unit: "scalar",
        power: [69_000, 375_000, 1_130_000, 2_500_000],
        raise: [5_700, 11_000, 17_500, 27_000, 37_000, 50_000, 64_000],
    },
    Row {
        unit: "portable",
        power: [1_620_000, 12_700_000, 41_700_000, 97_100_000],
        raise: [
            167_000, 372_000, 658_000, 1_020_000, 1_470_000, 2_000_000, 2_610_000,
        ],
    },
];
