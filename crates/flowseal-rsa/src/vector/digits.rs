//! From 64-bit limbs to digits of 52 bits in a lane, and back. Positions are public, contents secret.

use crate::lanes::{DIGIT_BITS, DIGIT_MASK};

/// The digits of a number, the lowest first, without end: above the number they are zero.
pub(super) fn digits(limbs: &[u64]) -> impl Iterator<Item = u64> {
    let limb = |i: usize| limbs.get(i).copied().unwrap_or(0);
    (0..).step_by(DIGIT_BITS).map(move |bit| {
        let (i, shift) = (bit / 64, bit % 64);
        let low = limb(i) >> shift;
        // The limb above comes in where a digit crosses a limb's end.
        let high = if shift + DIGIT_BITS > 64 {
            limb(i + 1) << (64 - shift)
        } else {
            0
        };
        (low | high) & DIGIT_MASK
    })
}

/// Writes a number into a lane of all rows.
pub(super) fn spread<R: AsMut<[u64]>>(rows: &mut [R], lane: usize, limbs: &[u64]) {
    for (row, digit) in rows.iter_mut().zip(digits(limbs)) {
        row.as_mut()[lane] = digit;
    }
}

/// Reads a number, which fits the limbs, from a lane of all rows.
pub(super) fn collect<R: AsRef<[u64]>>(limbs: &mut [u64], rows: &[R], lane: usize) {
    limbs.fill(0);
    for (row, bit) in rows.iter().zip((0..).step_by(DIGIT_BITS)) {
        let digit = row.as_ref()[lane];
        let (i, shift) = (bit / 64, bit % 64);
        if let Some(limb) = limbs.get_mut(i) {
            *limb |= digit << shift;
        }
        if shift + DIGIT_BITS > 64
            && let Some(limb) = limbs.get_mut(i + 1)
        {
            *limb |= digit >> (64 - shift);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scalar::testing::limbs;

    proptest! {
        #[test]
        fn there_and_back(number in (1..70usize).prop_flat_map(limbs), lane in 0..8usize) {
            let mut rows = vec![[7; 8]; (64 * number.len()).div_ceil(DIGIT_BITS) + 1];
            spread(&mut rows, lane, &number);
            prop_assert!(rows.iter().all(|row| row[lane] <= DIGIT_MASK));
            prop_assert!(rows.iter().all(|row| row[(lane + 1) % 8] == 7));
            let mut back = vec![7; number.len()];
            collect(&mut back, &rows, lane);
            prop_assert_eq!(back, number);
        }
    }
}
