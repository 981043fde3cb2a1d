//! Numbers across the lanes, and their digits.

use core::array;

use zeroize::Zeroize;

use crate::units::lanes::digits::{digits, gather};
use crate::units::lanes::{Across, WORD_BITS};
use crate::workspace::Secret;

/// V vectors in memory, of which one number has all lanes, or two have every other lane.
///
/// Digit i stands in vector i mod V: of number n of N in lane N · (i / V) + n.
pub(crate) struct Vectors<L: Across, const V: usize>([L::Row; V]);

impl<L: Across, const V: usize> Vectors<L, V> {
    /// Puts so many digits of each of N numbers in limbs here, from this one on.
    pub(crate) fn put_limbs<const N: usize>(
        &mut self,
        numbers: [&[u64]; N],
        first: usize,
        count: usize,
    ) {
        self.put(numbers.map(|limbs| digits(limbs, WORD_BITS).skip(first).take(count)));
    }

    /// The same of numbers in words.
    pub(crate) fn put_words<const N: usize>(&mut self, numbers: [&[u64]; N]) {
        self.put(numbers.map(|words| words.iter().copied()));
    }

    /// The same of digits, above which there are zeros.
    fn put<const N: usize>(&mut self, mut numbers: [impl Iterator<Item = u64>; N]) {
        for lane in 0..L::WIDTH / N {
            for row in &mut self.0 {
                for (n, digits) in numbers.iter_mut().enumerate() {
                    row.as_mut()[N * lane + n] = digits.next().unwrap_or(0);
                }
            }
        }
    }

    /// Writes number n of N into limbs, and returns the one above those that there are.
    pub(crate) fn write<const N: usize>(&self, n: usize, limbs: &mut [u64]) -> u64 {
        let digit = |(lane, row): (usize, &L::Row)| row.as_ref()[N * lane + n];
        let places = (0..L::WIDTH / N).flat_map(|lane| self.0.iter().map(move |row| (lane, row)));
        gather(limbs, places.map(digit), WORD_BITS)
    }

    pub(crate) fn vectors(&self) -> &[L::Row; V] {
        &self.0
    }

    pub(crate) fn vectors_mut(&mut self) -> &mut [L::Row; V] {
        &mut self.0
    }

    #[inline(always)]
    pub(crate) fn store(&mut self, lanes: L, vectors: &[L::Vector; V]) {
        for (row, vector) in self.0.iter_mut().zip(vectors) {
            lanes.store(row, *vector);
        }
    }
}

impl<L: Across, const V: usize> Default for Vectors<L, V> {
    fn default() -> Self {
        Self(array::from_fn(|_| L::Row::default()))
    }
}

impl<L: Across, const V: usize> Clone for Vectors<L, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<L: Across, const V: usize> Zeroize for Vectors<L, V> {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl<L: Across, const V: usize> Secret for Vectors<L, V> {
    fn is_zero(&self) -> bool {
        self.0.iter().all(Secret::is_zero)
    }
}
