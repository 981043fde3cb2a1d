//! For each lane one of the entries of a table, whichever it wants: all are read.
//!
//! A table's word is kept for all entries and all lanes together. Which row an entry's word stands
//! in is a matter of what chooses it.

use super::Lanes;

/// How many entries a table has.
pub(crate) const ENTRIES: usize = 16;

/// Half of them.
pub(crate) const HALF: usize = ENTRIES / 2;

// What follows tells entries by four bits, and halves by the highest.
const _: () = assert!(ENTRIES == 16);

/// Which entries the lanes want, in registers, and how their words are chosen.
///
/// The operations and the addresses are the same whatever is wanted.
pub(crate) trait Choice<L: Lanes>: Copy {
    /// Where a lane's word of an entry stands among the words of all entries and lanes.
    fn place(entry: usize, lane: usize) -> usize;

    /// How a lane says that it wants this entry.
    fn number(entry: u64, lane: usize) -> u64;

    /// The choice that the lanes' numbers ask for.
    fn new(lanes: L, numbers: L::Vector) -> Self;

    /// The words that are wanted, in the lanes that want an entry of this half; no matter what, in
    /// the others.
    fn within(self, lanes: L, half: &[L::Row; HALF]) -> L::Vector;

    /// The words that are wanted, of those from both halves.
    fn between(self, lanes: L, lower: L::Vector, higher: L::Vector) -> L::Vector;
}

/// Entry by entry in a row of its own: by the lowest bit of its number a lane keeps one of each
/// two, by the next one of each two that are left, and so on.
#[derive(Clone, Copy)]
pub(crate) struct ByBits<L: Lanes>([L::Mask; 4]);

impl<L: Lanes> Choice<L> for ByBits<L> {
    fn place(entry: usize, lane: usize) -> usize {
        entry * L::WIDTH + lane
    }

    fn number(entry: u64, _: usize) -> u64 {
        entry
    }

    #[inline(always)]
    fn new(lanes: L, numbers: L::Vector) -> Self {
        let clear = |index| lanes.clear(numbers, index);
        Self([clear(0), clear(1), clear(2), clear(3)])
    }

    #[inline(always)]
    fn within(self, lanes: L, half: &[L::Row; HALF]) -> L::Vector {
        let Self([first, second, third, _]) = self;
        let one_of_2 =
            |i: usize| lanes.choose(first, lanes.load(&half[i]), lanes.load(&half[i + 1]));
        let one_of_4 = |i: usize| lanes.choose(second, one_of_2(i), one_of_2(i + 2));
        lanes.choose(third, one_of_4(0), one_of_4(4))
    }

    #[inline(always)]
    fn between(self, lanes: L, lower: L::Vector, higher: L::Vector) -> L::Vector {
        lanes.choose(self.0[3], lower, higher)
    }
}

/// Lanes whose words can be drawn from anywhere in two rows.
pub(crate) trait Permute: Lanes {
    /// In a lane of the mask: the word of the two rows whose place, counted through both, the
    /// lowest bits of the lane's number tell. In another lane: its number.
    fn permute(
        self,
        numbers: Self::Vector,
        mask: Self::Mask,
        rows: [Self::Vector; 2],
    ) -> Self::Vector;
}

/// Two rows have the eight words of a quarter of the lanes, so that one instruction chooses among
/// eight entries: with four for all lanes, where keeping one of each two takes seven.
#[derive(Clone, Copy)]
pub(crate) struct ByPermutation<L: Permute> {
    numbers: L::Vector,
    quarters: [L::Mask; 4],
    lower: L::Mask,
}

impl<L: Permute> ByPermutation<L> {
    /// How many lanes are a quarter.
    const QUARTER: usize = L::WIDTH / 4;

    /// The bit of a number that tells the half: the first above those that tell a place in two
    /// rows.
    const HIGHER: u32 = (2 * L::WIDTH).ilog2();
}

impl<L: Permute> Choice<L> for ByPermutation<L> {
    fn place(entry: usize, lane: usize) -> usize {
        let (quarter, lane) = (lane / Self::QUARTER, lane % Self::QUARTER);
        let (half, entry) = (entry / HALF, entry % HALF);
        (half * HALF + 2 * quarter) * L::WIDTH + lane * HALF + entry
    }

    fn number(entry: u64, lane: usize) -> u64 {
        let (quarter, lane) = (lane / Self::QUARTER, lane % Self::QUARTER);
        let half = HALF as u64;
        // The mask of a quarter, which is no secret, comes from the numbers, so that the compiler
        // keeps it in a register. A clear bit marks it: for set bits the compiler emits the
        // opposite test, and one more instruction for each permutation.
        let quarter = 0b11110 ^ (2 << quarter);
        (lane as u64 * half + entry % half) | ((quarter | (entry / half)) << Self::HIGHER)
    }

    #[inline(always)]
    fn new(lanes: L, numbers: L::Vector) -> Self {
        let clear = |index| lanes.clear(numbers, Self::HIGHER + index);
        Self {
            numbers,
            quarters: [clear(1), clear(2), clear(3), clear(4)],
            lower: clear(0),
        }
    }

    #[inline(always)]
    fn within(self, lanes: L, half: &[L::Row; HALF]) -> L::Vector {
        let row = |i: usize| lanes.load(&half[i]);
        let [first, second, third, fourth] = self.quarters;
        let words = lanes.permute(self.numbers, first, [row(0), row(1)]);
        let words = lanes.permute(words, second, [row(2), row(3)]);
        let words = lanes.permute(words, third, [row(4), row(5)]);
        lanes.permute(words, fourth, [row(6), row(7)])
    }

    #[inline(always)]
    fn between(self, lanes: L, lower: L::Vector, higher: L::Vector) -> L::Vector {
        lanes.choose(self.lower, lower, higher)
    }
}
