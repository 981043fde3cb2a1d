//! Words side by side: the same operation on each, as the arithmetic of the vector and the strided
//! units is written, and numbers as digits in them.
//!
//! How many lanes there are is a constant of their type; what computes them is seen here alone, but
//! that the kernels of digits of 26 bits are for AVX2 and no other. A value of a type that
//! implements [`Lanes`] is the proof that this processor can: it is made by detection alone.

mod choice;
mod constants;
pub(crate) mod digits;
#[cfg(any(feature = "oracles", test))]
mod portable;
#[cfg(test)]
pub(crate) mod testing;
mod window;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use choice::{Choice, ENTRIES, HALF};
pub(crate) use constants::Constants;
#[cfg(any(feature = "oracles", test))]
pub(crate) use portable::Portable;
pub(crate) use window::{WINDOW, window};
#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{Avx2, Ifma512};

use crate::workspace::Secret;

/// How many bits of a word are used where numbers are kept for all lanes: as many as the longest
/// digit has, so that such a word is one digit or several.
pub(crate) const WORD_BITS: usize = 52;

/// Those bits.
pub(crate) const WORD_MASK: u64 = (1 << WORD_BITS) - 1;

/// A processor that computes [`WIDTH`](Self::WIDTH) words at once.
///
/// No operation takes a time, or touches an address, that depends on the words.
pub(crate) trait Lanes: Copy + Send + Sync {
    /// How many words there are side by side.
    const WIDTH: usize;

    /// The number of bits of a digit, which the instructions multiply.
    const DIGIT_BITS: usize;

    /// How many digits a word has.
    const DIGITS_OF_WORD: usize = WORD_BITS / Self::DIGIT_BITS;

    /// The bits of a digit.
    const DIGIT_MASK: u64 = (1 << Self::DIGIT_BITS) - 1;

    /// The words in memory: [`WIDTH`](Self::WIDTH) of them, lane by lane.
    type Row: Secret + AsRef<[u64]> + AsMut<[u64]> + Send + Sync;

    /// The words in a register.
    type Vector: Copy;

    /// Some of the lanes.
    type Mask: Copy;

    /// How an entry of a table is chosen for each lane.
    type Choice: Choice<Self>;

    /// Runs a task where the instructions of these lanes may be used.
    ///
    /// What the task does must be marked `#[inline(always)]` down to the operations below, so that
    /// it is compiled with those instructions.
    fn run<T: Task<Self>>(self, task: T);

    fn load(self, row: &Self::Row) -> Self::Vector;

    fn store(self, row: &mut Self::Row, words: Self::Vector);

    /// The same word in each lane.
    fn splat(self, word: u64) -> Self::Vector;

    /// a + b modulo 2⁶⁴.
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// The lowest digit.
    fn digit(self, a: Self::Vector) -> Self::Vector;

    /// What is above the lowest digit.
    fn carry(self, a: Self::Vector) -> Self::Vector;

    /// The lanes in which this bit of a word is clear, counted from the lowest.
    fn clear(self, a: Self::Vector, index: u32) -> Self::Mask;

    /// `inside` in the lanes of the mask, `outside` in the others.
    fn choose(self, mask: Self::Mask, inside: Self::Vector, outside: Self::Vector) -> Self::Vector;
}

/// Lanes that multiply digits of 52 bits and add a half of the product, in one instruction.
pub(crate) trait MultiplyAdd: Lanes {
    /// sum + the low 52 bits of a · b, of whose factors the low 52 bits count.
    fn add_low(self, sum: Self::Vector, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// sum + the high 52 bits of a · b, of whose factors the low 52 bits count.
    fn add_high(self, sum: Self::Vector, a: Self::Vector, b: Self::Vector) -> Self::Vector;
}

/// Lanes across which a number stands, or several by turns: their words move from lane to lane.
///
/// How far they move, and how many numbers there are, are constants where these are called.
pub(crate) trait Across: MultiplyAdd {
    /// Whether the words are in registers: worth the code that keeps them there.
    const HAS_REGISTERS: bool;

    /// Each word moves up by so many lanes, 1, 2 or 4: the lowest ones become zero.
    fn up(self, a: Self::Vector, lanes: usize) -> Self::Vector;

    /// Each word moves down by so many lanes, 1 or 2: the highest ones become zero.
    fn down(self, a: Self::Vector, lanes: usize) -> Self::Vector;

    /// The words of the lowest 1 or 2 lanes, zeros in the others.
    fn lowest(self, a: Self::Vector, lanes: usize) -> Self::Vector;

    /// The words of the lowest 1 or 2 lanes, in all lanes by turns.
    fn repeat(self, a: Self::Vector, lanes: usize) -> Self::Vector;

    /// The same of the words of a row that begin after `at` times 1 or 2 others.
    fn repeat_from(self, row: &Self::Row, at: usize, lanes: usize) -> Self::Vector;

    /// The bits that are set in both.
    fn and(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// The bits that are set in `a`, or in both of the others.
    fn or_and(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
}

/// Lanes that multiply digits of 26 bits, or what has up to 32.
#[cfg(target_arch = "x86_64")]
pub(crate) trait Multiply: Lanes {
    /// a · b, of whose factors the low 32 bits count.
    fn multiply(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
}

/// What [`Lanes::run`] runs.
pub(crate) trait Task<L: Lanes> {
    fn run(self, lanes: L);
}

/// Runs a test on every kind of lanes that this machine has.
#[cfg(test)]
macro_rules! for_each_kind_of_lanes {
    ($lanes:ident => $test:expr) => {{
        let $lanes = crate::units::lanes::Portable;
        $test;
        #[cfg(target_arch = "x86_64")]
        {
            if let Some($lanes) = crate::units::lanes::Avx2::detect() {
                $test;
            }
            if let Some($lanes) = crate::units::lanes::Ifma512::detect() {
                $test;
            }
        }
    }};
}
#[cfg(test)]
pub(crate) use for_each_kind_of_lanes;

/// Whether this processor has AVX-512 IFMA: what units take there is told apart.
pub(crate) fn processor_has_ifma() -> bool {
    #[cfg(target_arch = "x86_64")]
    let has = Ifma512::detect().is_some();
    #[cfg(not(target_arch = "x86_64"))]
    let has = false;
    has
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::choice::Permute;
    use super::*;

    /// Three rows, and the row of one operation on them.
    struct Operation<'a, L: Lanes, F> {
        rows: &'a [L::Row; 3],
        result: &'a mut L::Row,
        operation: F,
    }

    /// An operation of these lanes, which is told the rows and the registers that hold them.
    type On<L> = fn(L, &[<L as Lanes>::Row; 3], [<L as Lanes>::Vector; 3]) -> <L as Lanes>::Vector;

    impl<L: Lanes> Task<L> for Operation<'_, L, On<L>> {
        #[inline(always)]
        fn run(self, lanes: L) {
            let registers = self.rows.each_ref().map(|row| lanes.load(row));
            let result = (self.operation)(lanes, self.rows, registers);
            lanes.store(self.result, result);
        }
    }

    /// What an operation makes of the words of each lane.
    fn apply<L: Lanes>(lanes: L, words: &[[u64; 3]], operation: On<L>) -> Vec<u64> {
        let rows = [0, 1, 2].map(|which| {
            let mut row = L::Row::default();
            for (lane, words) in row.as_mut().iter_mut().zip(words) {
                *lane = words[which];
            }
            row
        });
        let mut result = L::Row::default();
        lanes.run(Operation {
            rows: &rows,
            result: &mut result,
            operation,
        });
        result.as_ref().to_vec()
    }

    /// Each operation on every lane, against arithmetic on single words.
    fn check<L: Lanes>(
        lanes: L,
        words: &[[u64; 3]],
        operation: On<L>,
        expected: fn([u64; 3]) -> u64,
    ) {
        let expected: Vec<_> = words.iter().take(L::WIDTH).copied().map(expected).collect();
        assert_eq!(apply(lanes, words, operation), expected);
    }

    fn operations<L: Lanes>(lanes: L, words: &[[u64; 3]]) {
        check(
            lanes,
            words,
            |lanes, _, _| lanes.splat(0x0123_4567_89ab_cdef),
            |_| 0x0123_4567_89ab_cdef,
        );
        check(
            lanes,
            words,
            |lanes, _, [a, b, _]| lanes.add(a, b),
            |[a, b, _]| a.wrapping_add(b),
        );
        check(
            lanes,
            words,
            |lanes, _, [a, ..]| lanes.digit(a),
            |[a, ..]| a & L::DIGIT_MASK,
        );
        check(
            lanes,
            words,
            |lanes, _, [a, ..]| lanes.carry(a),
            |[a, ..]| a >> L::DIGIT_BITS,
        );
        check(
            lanes,
            words,
            |lanes, _, [a, b, c]| lanes.choose(lanes.clear(a, 0), b, c),
            |[a, b, c]| if a & 1 == 0 { b } else { c },
        );
        check(
            lanes,
            words,
            |lanes, _, [a, b, c]| lanes.choose(lanes.clear(c, 4), a, b),
            |[a, b, c]| if c & 16 == 0 { a } else { b },
        );
    }

    fn multiply_adds<L: MultiplyAdd>(lanes: L, words: &[[u64; 3]]) {
        fn half([a, b, c]: [u64; 3], shift: u32) -> u64 {
            let product = u128::from(a & WORD_MASK) * u128::from(b & WORD_MASK);
            let half = u64::try_from((product >> shift) & u128::from(WORD_MASK)).unwrap();
            c.wrapping_add(half)
        }
        check(
            lanes,
            words,
            |lanes, _, [a, b, c]| lanes.add_low(c, a, b),
            |words| half(words, 0),
        );
        check(
            lanes,
            words,
            |lanes, _, [a, b, c]| lanes.add_high(c, a, b),
            |words| half(words, 52),
        );
    }

    /// The one operation in which lanes see each other's words.
    fn permutations<L: Permute>(lanes: L, words: &[[u64; 3]]) {
        let permute: On<L> =
            |lanes, _, [a, b, numbers]| lanes.permute(numbers, lanes.clear(numbers, 7), [a, b]);
        let row = |which: usize| words.iter().take(L::WIDTH).map(move |words| words[which]);
        let both: Vec<_> = row(0).chain(row(1)).collect();
        let expected = |number: u64| match (number >> 7) & 1 {
            0 => both[usize::try_from(number).unwrap_or(usize::MAX) % both.len()],
            _ => number,
        };
        let expected: Vec<_> = row(2).map(expected).collect();
        assert_eq!(apply(lanes, words, permute), expected);
    }

    /// The others in which they do.
    fn across<L: Across>(lanes: L, words: &[[u64; 3]]) {
        let row: Vec<_> = words.iter().take(L::WIDTH).map(|words| words[0]).collect();
        let moved = |operation: On<L>, from: &dyn Fn(usize) -> Option<usize>| {
            let word = |lane| from(lane).map_or(0, |lane| row[lane]);
            let expected: Vec<_> = (0..L::WIDTH).map(word).collect();
            assert_eq!(apply(lanes, words, operation), expected);
        };
        let above = |lanes| move |lane: usize| Some(lane + lanes).filter(|lane| *lane < L::WIDTH);
        let below = |lanes| move |lane: usize| lane.checked_sub(lanes);
        moved(|lanes, _, [a, ..]| lanes.up(a, 1), &below(1));
        moved(|lanes, _, [a, ..]| lanes.up(a, 2), &below(2));
        moved(|lanes, _, [a, ..]| lanes.up(a, 4), &below(4));
        moved(|lanes, _, [a, ..]| lanes.down(a, 1), &above(1));
        moved(|lanes, _, [a, ..]| lanes.down(a, 2), &above(2));
        moved(|lanes, _, [a, ..]| lanes.lowest(a, 1), &|lane| {
            Some(lane).filter(|lane| *lane < 1)
        });
        moved(|lanes, _, [a, ..]| lanes.lowest(a, 2), &|lane| {
            Some(lane).filter(|lane| *lane < 2)
        });
        moved(|lanes, _, [a, ..]| lanes.repeat(a, 1), &|_| Some(0));
        moved(|lanes, _, [a, ..]| lanes.repeat(a, 2), &|lane| {
            Some(lane % 2)
        });
        moved(|lanes, rows, _| lanes.repeat_from(&rows[0], 7, 1), &|_| {
            Some(7)
        });
        moved(
            |lanes, rows, _| lanes.repeat_from(&rows[0], 0, 2),
            &|lane| Some(lane % 2),
        );
        moved(
            |lanes, rows, _| lanes.repeat_from(&rows[0], 3, 2),
            &|lane| Some(6 + lane % 2),
        );
        check(
            lanes,
            words,
            |lanes, _, [a, b, _]| lanes.and(a, b),
            |[a, b, _]| a & b,
        );
        let or_and: On<L> = |lanes, _, [a, b, c]| lanes.or_and(a, b, c);
        check(lanes, words, or_and, |[a, b, c]| a | (b & c));
    }

    #[cfg(target_arch = "x86_64")]
    fn multiplications<L: Multiply>(lanes: L, words: &[[u64; 3]]) {
        check(
            lanes,
            words,
            |lanes, _, [a, b, _]| lanes.multiply(a, b),
            |[a, b, _]| (a & u64::from(u32::MAX)) * (b & u64::from(u32::MAX)),
        );
    }

    fn word() -> impl Strategy<Value = u64> {
        prop_oneof![
            Just(0),
            Just(3),
            Just((1 << 26) - 1),
            Just(WORD_MASK),
            Just(u64::MAX),
            any::<u64>()
        ]
    }

    proptest! {
        #[test]
        fn on_each_word(words in proptest::collection::vec([word(), word(), word()], 8)) {
            for_each_kind_of_lanes!(lanes => operations(lanes, &words));
            multiply_adds(Portable, &words);
            permutations(Portable, &words);
            across(Portable, &words);
            #[cfg(target_arch = "x86_64")]
            {
                Ifma512::detect().into_iter().for_each(|lanes| multiply_adds(lanes, &words));
                Ifma512::detect().into_iter().for_each(|lanes| permutations(lanes, &words));
                Ifma512::detect().into_iter().for_each(|lanes| across(lanes, &words));
                Avx2::detect().into_iter().for_each(|lanes| multiplications(lanes, &words));
            }
        }
    }
}
