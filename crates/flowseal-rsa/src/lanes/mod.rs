//! Words side by side: the same operation on each, as the vector engine's arithmetic is written.
//!
//! Nothing above this module knows how many lanes there are or what computes them. A value of a
//! type that implements [`Lanes`] is the proof that this processor can: it is made by detection alone.

#[cfg(target_arch = "x86_64")]
mod ifma;
#[cfg(target_arch = "x86_64")]
mod mulx;
mod portable;
mod processor;

#[cfg(target_arch = "x86_64")]
pub(crate) use ifma::{Ifma256, Ifma512};
pub(crate) use portable::Portable;
pub(crate) use processor::{Processor, Scalar};

use crate::workspace::Word;

/// The number of bits of a digit: what the multiply-add instructions take.
pub(crate) const DIGIT_BITS: usize = 52;

/// The bits of a digit.
pub(crate) const DIGIT_MASK: u64 = (1 << DIGIT_BITS) - 1;

/// A processor that computes [`WIDTH`](Self::WIDTH) words at once.
///
/// No operation takes a time, or touches an address, that depends on the words.
pub(crate) trait Lanes: Copy + Send + Sync {
    /// How many words there are side by side.
    const WIDTH: usize;

    /// The words in memory: [`WIDTH`](Self::WIDTH) of them, lane by lane.
    type Row: Word + AsRef<[u64]> + AsMut<[u64]> + Send + Sync;

    /// The words in a register.
    type Vector: Copy;

    /// Runs a task where the instructions of these lanes may be used.
    ///
    /// What the task does must be marked `#[inline(always)]` down to the operations below, so that it is
    /// compiled with those instructions.
    fn run<T: Task<Self>>(self, task: T);

    fn load(self, row: &Self::Row) -> Self::Vector;

    fn store(self, row: &mut Self::Row, words: Self::Vector);

    /// The same word in each lane.
    fn splat(self, word: u64) -> Self::Vector;

    /// a + b modulo 2⁶⁴.
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// The low 52 bits.
    fn digit(self, a: Self::Vector) -> Self::Vector;

    /// a / 2⁵², rounded down.
    fn carry(self, a: Self::Vector) -> Self::Vector;

    /// sum + the low 52 bits of a · b, of whose factors the low 52 bits count.
    fn add_low(self, sum: Self::Vector, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// sum + the high 52 bits of a · b, of whose factors the low 52 bits count.
    fn add_high(self, sum: Self::Vector, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// `row` in the lanes in which a = b, `other` elsewhere.
    fn where_equal(
        self,
        a: Self::Vector,
        b: Self::Vector,
        row: &Self::Row,
        other: Self::Vector,
    ) -> Self::Vector;
}

/// What [`Lanes::run`] runs.
pub(crate) trait Task<L: Lanes> {
    fn run(self, lanes: L);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::unit::for_each_kind_of_lanes;

    /// Every operation, on every kind of lanes that this machine has, against arithmetic on `u128`.
    struct Operations<'a, L: Lanes> {
        a: &'a L::Row,
        b: &'a L::Row,
        c: &'a L::Row,
        results: &'a mut [L::Row; 8],
    }

    impl<L: Lanes> Task<L> for Operations<'_, L> {
        #[inline(always)]
        fn run(self, lanes: L) {
            let [a, b, c] = [self.a, self.b, self.c].map(|row| lanes.load(row));
            let small = lanes.splat(0b11);
            let results = [
                lanes.splat(0x0123_4567_89ab_cdef),
                lanes.add(a, b),
                lanes.digit(a),
                lanes.carry(a),
                lanes.add_low(c, a, b),
                lanes.add_high(c, a, b),
                lanes.where_equal(a, b, self.c, a),
                lanes.where_equal(c, small, self.b, a),
            ];
            for (row, result) in self.results.iter_mut().zip(results) {
                lanes.store(row, result);
            }
        }
    }

    fn check<L: Lanes>(lanes: L, words: &[[u64; 3]]) {
        let row = |which: usize| {
            let mut row = L::Row::default();
            for (lane, words) in row.as_mut().iter_mut().zip(words) {
                *lane = words[which];
            }
            row
        };
        let (a, b, c) = (row(0), row(1), row(2));
        let mut results: [L::Row; 8] = std::array::from_fn(|_| L::Row::default());
        lanes.run(Operations::<L> {
            a: &a,
            b: &b,
            c: &c,
            results: &mut results,
        });
        for (lane, &[a, b, c]) in words.iter().enumerate().take(L::WIDTH) {
            let product = u128::from(a & DIGIT_MASK) * u128::from(b & DIGIT_MASK);
            let [low, high] = [product, product >> 52]
                .map(|part| u64::try_from(part & u128::from(DIGIT_MASK)).unwrap());
            let expected = [
                0x0123_4567_89ab_cdef,
                a.wrapping_add(b),
                a & DIGIT_MASK,
                a >> 52,
                c.wrapping_add(low),
                c.wrapping_add(high),
                if a == b { c } else { a },
                if c == 3 { b } else { a },
            ];
            assert_eq!(results.each_ref().map(|row| row.as_ref()[lane]), expected);
        }
    }

    fn word() -> impl Strategy<Value = u64> {
        prop_oneof![
            Just(0),
            Just(3),
            Just(DIGIT_MASK),
            Just(u64::MAX),
            any::<u64>()
        ]
    }

    proptest! {
        #[test]
        fn operations(words in proptest::collection::vec([word(), word(), word()], 8)) {
            for_each_kind_of_lanes!(lanes => check(lanes, &words));
        }
    }
}
