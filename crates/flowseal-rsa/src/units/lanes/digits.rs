//! From 64-bit limbs to digits in a lane, and back. Positions are public, contents secret.

use super::Lanes;

/// The digits of a number, of so many bits each, the lowest first, without end: above the number
/// they are zero.
pub(crate) fn digits(limbs: &[u64], digit_bits: usize) -> impl Iterator<Item = u64> + '_ {
    let limb = |i: usize| limbs.get(i).copied().unwrap_or(0);
    (0..).step_by(digit_bits).map(move |bit| {
        let (i, shift) = (bit / 64, bit % 64);
        let low = limb(i) >> shift;
        // The limb above comes in where a digit crosses a limb's end.
        let high = if shift + digit_bits > 64 {
            limb(i + 1) << (64 - shift)
        } else {
            0
        };
        (low | high) & ((1 << digit_bits) - 1)
    })
}

/// Writes a number into a lane of all rows.
pub(crate) fn spread<L: Lanes>(rows: &mut [L::Row], lane: usize, limbs: &[u64]) {
    for (row, digit) in rows.iter_mut().zip(digits(limbs, L::DIGIT_BITS)) {
        row.as_mut()[lane] = digit;
    }
}

/// Writes a number in words into a lane of all rows.
pub(crate) fn spread_words<L: Lanes>(rows: &mut [L::Row], lane: usize, words: &[u64]) {
    for (digits, word) in rows.chunks_exact_mut(L::DIGITS_OF_WORD).zip(words) {
        for (digit, shift) in digits.iter_mut().zip((0..).step_by(L::DIGIT_BITS)) {
            digit.as_mut()[lane] = (word >> shift) & L::DIGIT_MASK;
        }
    }
}

/// Joins the digits of a word of a lane. Where there are several, their words have nothing else.
pub(crate) fn join<L: Lanes>(digits: &[L::Row], lane: usize) -> u64 {
    let shifted = |word: u64, digit: &L::Row| (word << L::DIGIT_BITS) | digit.as_ref()[lane];
    digits.iter().rev().fold(0, shifted)
}

/// Reads a number from a lane of all rows, of whose words the digits count, and returns the limb
/// above those that there are. What would lie above that must be zero.
pub(crate) fn collect<L: Lanes>(limbs: &mut [u64], rows: &[L::Row], lane: usize) -> u64 {
    gather(
        limbs,
        rows.iter().map(|row| row.as_ref()[lane]),
        L::DIGIT_BITS,
    )
}

/// The same for words one after another, of which the lowest bits are a digit.
pub(crate) fn gather(
    limbs: &mut [u64],
    words: impl Iterator<Item = u64>,
    digit_bits: usize,
) -> u64 {
    limbs.fill(0);
    let (len, mut above) = (limbs.len(), 0);
    let mut add = |i: usize, bits: u64| match limbs.get_mut(i) {
        Some(limb) => *limb |= bits,
        None if i == len => above |= bits,
        None => debug_assert_eq!(bits, 0, "the number is too long"),
    };
    for (word, bit) in words.zip((0..).step_by(digit_bits)) {
        let digit = word & ((1 << digit_bits) - 1);
        let (i, shift) = (bit / 64, bit % 64);
        add(i, digit << shift);
        if shift + digit_bits > 64 {
            add(i + 1, digit >> (64 - shift));
        }
    }
    above
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::arithmetic::testing::limbs;
    use crate::units::lanes::WORD_BITS;
    use crate::units::lanes::for_each_kind_of_lanes;

    fn check<L: Lanes>(_: L, number: &[u64], lane: usize) {
        let (lane, next) = (lane % L::WIDTH, (lane + 1) % L::WIDTH);
        let words: Vec<_> = digits(number, WORD_BITS)
            .take((64 * number.len()).div_ceil(WORD_BITS) + 1)
            .collect();
        let mut rows = vec![L::Row::default(); words.len() * L::DIGITS_OF_WORD];
        rows.iter_mut().for_each(|row| row.as_mut().fill(7));
        let mut of_words = rows.clone();
        spread::<L>(&mut rows, lane, number);
        spread_words::<L>(&mut of_words, lane, &words);
        for (row, of_words) in rows.iter().zip(&of_words) {
            assert!(row.as_ref()[lane] <= L::DIGIT_MASK);
            assert_eq!(row.as_ref()[next], 7);
            assert_eq!(row.as_ref(), of_words.as_ref());
        }
        for (digits, word) in rows.chunks_exact(L::DIGITS_OF_WORD).zip(&words) {
            assert_eq!(join::<L>(digits, lane), *word);
        }
        for len in [number.len(), number.len() - 1] {
            let mut back = vec![7; len];
            let above = collect::<L>(&mut back, &rows, lane);
            assert_eq!(back, number[..len]);
            assert_eq!(above, number.get(len).map_or(0, |limb| *limb));
        }
    }

    proptest! {
        #[test]
        fn there_and_back(number in (1..70usize).prop_flat_map(limbs), lane in 0..8usize) {
            for_each_kind_of_lanes!(lanes => check(lanes, &number, lane));
        }
    }
}
