//! Eight lanes on any processor, word by word: the oracle of the others, and what memcheck can
//! execute.

use zeroize::Zeroize;

use super::choice::{ByPermutation, Permute};
use super::{Across, Lanes, MultiplyAdd, Task};
use crate::ct::Mask;
use crate::workspace::Secret;

/// Eight lanes that no instruction computes at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Portable;

/// Eight words.
#[derive(Clone, Default)]
pub(crate) struct Row([u64; 8]);

impl Lanes for Portable {
    const WIDTH: usize = 8;
    const DIGIT_BITS: usize = 52;
    type Row = Row;
    type Vector = [u64; 8];
    type Mask = [Mask; 8];
    type Choice = ByPermutation<Self>;

    fn run<T: Task<Self>>(self, task: T) {
        task.run(self);
    }

    #[inline(always)]
    fn load(self, row: &Row) -> [u64; 8] {
        row.0
    }

    #[inline(always)]
    fn store(self, row: &mut Row, words: [u64; 8]) {
        row.0 = words;
    }

    #[inline(always)]
    fn splat(self, word: u64) -> [u64; 8] {
        [word; 8]
    }

    #[inline(always)]
    fn add(self, a: [u64; 8], b: [u64; 8]) -> [u64; 8] {
        each(a, b, u64::wrapping_add)
    }

    #[inline(always)]
    fn digit(self, a: [u64; 8]) -> [u64; 8] {
        a.map(|word| word & Self::DIGIT_MASK)
    }

    #[inline(always)]
    fn carry(self, a: [u64; 8]) -> [u64; 8] {
        a.map(|word| word >> Self::DIGIT_BITS)
    }

    #[inline(always)]
    fn clear(self, a: [u64; 8], index: u32) -> [Mask; 8] {
        a.map(|word| Mask::equal((word >> index) & 1, 0))
    }

    #[inline(always)]
    fn choose(self, mask: [Mask; 8], inside: [u64; 8], outside: [u64; 8]) -> [u64; 8] {
        let mut chosen = outside;
        for (lane, chosen) in chosen.iter_mut().enumerate() {
            *chosen = mask[lane].select(inside[lane], *chosen);
        }
        chosen
    }
}

impl MultiplyAdd for Portable {
    #[inline(never)]
    fn add_low(self, sum: [u64; 8], a: [u64; 8], b: [u64; 8]) -> [u64; 8] {
        // What the digits of 52 bits have above their lowest 52 product bits does not reach them.
        let low = each(a, b, |a, b| a.wrapping_mul(b) & Self::DIGIT_MASK);
        each(sum, low, u64::wrapping_add)
    }

    #[inline(never)]
    #[allow(clippy::cast_possible_truncation, reason = "the product has 104 bits")]
    fn add_high(self, sum: [u64; 8], a: [u64; 8], b: [u64; 8]) -> [u64; 8] {
        let high = each(a, b, |a, b| {
            ((u128::from(a & Self::DIGIT_MASK) * u128::from(b & Self::DIGIT_MASK))
                >> Self::DIGIT_BITS) as u64
        });
        each(sum, high, u64::wrapping_add)
    }
}

impl Across for Portable {
    const HAS_REGISTERS: bool = false;

    #[inline(always)]
    fn up(self, a: [u64; 8], lanes: usize) -> [u64; 8] {
        std::array::from_fn(|lane| if lane < lanes { 0 } else { a[lane - lanes] })
    }

    #[inline(always)]
    fn down(self, a: [u64; 8], lanes: usize) -> [u64; 8] {
        std::array::from_fn(|lane| if lane + lanes < 8 { a[lane + lanes] } else { 0 })
    }

    #[inline(always)]
    fn lowest(self, a: [u64; 8], lanes: usize) -> [u64; 8] {
        std::array::from_fn(|lane| if lane < lanes { a[lane] } else { 0 })
    }

    #[inline(always)]
    fn repeat(self, a: [u64; 8], lanes: usize) -> [u64; 8] {
        std::array::from_fn(|lane| a[lane % lanes])
    }

    #[inline(always)]
    fn repeat_from(self, row: &Row, at: usize, lanes: usize) -> [u64; 8] {
        std::array::from_fn(|lane| row.0[(lanes * at + lane % lanes) % 8])
    }

    #[inline(always)]
    fn and(self, a: [u64; 8], b: [u64; 8]) -> [u64; 8] {
        each(a, b, |a, b| a & b)
    }

    #[inline(always)]
    fn or_and(self, a: [u64; 8], b: [u64; 8], c: [u64; 8]) -> [u64; 8] {
        each(a, each(b, c, |b, c| b & c), |a, b| a | b)
    }
}

impl Permute for Portable {
    #[inline(always)]
    fn permute(self, numbers: [u64; 8], mask: [Mask; 8], rows: [[u64; 8]; 2]) -> [u64; 8] {
        let mut words = numbers;
        for (word, mask) in words.iter_mut().zip(mask) {
            let number = *word;
            let set = |index: u32| Mask::from_bit((number >> index) & 1);
            let [first, second, third, fourth] = [set(0), set(1), set(2), set(3)];
            let one_of_2 = |row: usize, i: usize| first.select(rows[row][i + 1], rows[row][i]);
            let one_of_4 = |row, i| second.select(one_of_2(row, i + 2), one_of_2(row, i));
            let one_of_8 = |row| third.select(one_of_4(row, 4), one_of_4(row, 0));
            *word = mask.select(fourth.select(one_of_8(1), one_of_8(0)), number);
        }
        words
    }
}

#[inline(always)]
fn each(a: [u64; 8], b: [u64; 8], operation: impl Fn(u64, u64) -> u64) -> [u64; 8] {
    let mut result = a;
    for (a, b) in result.iter_mut().zip(b) {
        *a = operation(*a, b);
    }
    result
}

impl AsRef<[u64]> for Row {
    fn as_ref(&self) -> &[u64] {
        &self.0
    }
}

impl AsMut<[u64]> for Row {
    fn as_mut(&mut self) -> &mut [u64] {
        &mut self.0
    }
}

impl Zeroize for Row {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl Secret for Row {
    fn is_zero(&self) -> bool {
        self.0 == [0; 8]
    }
}
