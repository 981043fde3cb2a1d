//! Half-exponentiations: numbers raised to secret exponents, modulo secret primes, side by side.

use super::kernels::{Kernels, Scan, ScanOfBlock};
use super::moduli::{Moduli, Rows, lanes_of};
use crate::arithmetic::limbs;
use crate::job::{BLOCK_BITS, Half};
use crate::probe;
use crate::units::lanes::{
    Choice, Constants, ENTRIES, HALF, Task, WINDOW, WORD_BITS, digits, window,
};
use crate::workspace::Workspace;

/// How many words of a table are looked up beside a block: two steps for each.
const WORDS: usize = 5;

// A table is read beside WINDOW blocks for each block of a number.
const _: () = assert!(WINDOW * WORDS == 2 * BLOCK_BITS / WORD_BITS);

/// Computes as many halves as there are lanes, or fewer, whose primes have the same number of
/// blocks.
///
/// The operations and addresses depend on that number and on the length of the longest prime alone.
pub(crate) fn power<L: Kernels>(lanes: L, halves: &mut [Half<'_>]) {
    debug_assert!(halves.len() <= L::WIDTH);
    let Some(longest) = halves.iter().map(|half| half.prime.bits).max() else {
        return;
    };
    let mut moduli = Moduli::new(lanes, constants(halves));
    let mut x = enter(&mut moduli, halves);
    let mut table = Table::new(&mut moduli, halves, &x);

    let windows = longest.div_ceil(WINDOW);
    let factor = || Rows::zeroed(2 * blocks(halves));
    let (mut factor, mut next) = (factor(), factor());
    lanes.run(table.look_up(&mut factor, halves, windows - 1));
    let len = x.rows().len();
    x.rows_mut().clone_from_slice(&factor.rows()[..len]);
    for i in (0..windows - 1).rev() {
        // The factor is looked up beside the product with the one before it, and beside the
        // squares.
        let mut scan = table.look_up(&mut next, halves, i);
        if i + 2 < windows {
            moduli.multiply_accompanied(&mut x, &factor, &mut scan);
        }
        for _ in 0..WINDOW {
            moduli.square(&mut x, &mut scan);
        }
        // What had no place there.
        lanes.run(scan);
        std::mem::swap(&mut factor, &mut next);
    }
    if windows > 1 {
        moduli.multiply_accompanied(&mut x, &factor, &mut ());
    }

    moduli.leave(&mut x);
    for (lane, half) in halves.iter_mut().enumerate() {
        let above = digits::collect::<L>(half.result, x.rows(), lane);
        limbs::subtract_once(half.result, above, half.prime.modulus.limbs());
    }
}

fn constants<'a>(halves: &'a [Half<'_>]) -> impl Iterator<Item = &'a Constants> + Clone {
    halves
        .iter()
        .filter_map(|half| Constants::of_prime(half.prime))
}

fn blocks(halves: &[Half<'_>]) -> usize {
    constants(halves).next().map_or(0, Constants::blocks)
}

/// The inputs in Montgomery's representation.
///
/// An input is less than n = p·q, and so less than R·p: its reduction is input/R, and the product
/// of that with R³ is input·R.
fn enter<L: Kernels>(moduli: &mut Moduli<L>, halves: &[Half<'_>]) -> Rows<L> {
    let blocks = blocks(halves);
    let mut wide = Rows::<L>::zeroed(2 * blocks);
    for (lane, input) in lanes_of::<L, _>(halves.iter().map(|half| half.input)) {
        digits::spread::<L>(wide.rows_mut(), lane, input);
    }
    let mut x = Rows::zeroed(blocks);
    moduli.reduce(&mut x, &mut wide);
    let entry = Rows::gathered(blocks, constants(halves).map(Constants::entry));
    moduli.multiply(&mut x, &entry);
    x
}

/// The first 16 powers of each lane's base, and their companions, in words. What belongs to one
/// word stands together: the powers' lowest words first.
struct Table<L: Kernels> {
    words: Workspace<L::Row>,
    /// What tells the entry that each lane wants.
    numbers: Workspace<L::Row>,
}

impl<L: Kernels> Table<L> {
    fn new(moduli: &mut Moduli<L>, halves: &[Half<'_>], base: &Rows<L>) -> Self {
        let (blocks, len) = (blocks(halves), base.rows().len());
        let mut table = Self {
            words: Workspace::zeroed(2 * ENTRIES * len / L::DIGITS_OF_WORD),
            numbers: Workspace::zeroed(1),
        };
        let mut x = Rows::gathered(blocks, constants(halves).map(Constants::one));
        let mut both = Rows::zeroed(2 * blocks);
        for i in 0..ENTRIES {
            match i {
                0 => {}
                1 => x.rows_mut().clone_from_slice(base.rows()),
                _ => moduli.multiply(&mut x, base),
            }
            both.rows_mut()[..len].clone_from_slice(x.rows());
            moduli.accompany(&mut both);
            table.put(i, &both);
        }
        table
    }

    fn put(&mut self, index: usize, x: &Rows<L>) {
        let words = x.rows().chunks_exact(L::DIGITS_OF_WORD);
        for (entries, digits) in self.words.chunks_exact_mut(ENTRIES).zip(words) {
            for lane in 0..L::WIDTH {
                let place = L::Choice::place(index, lane);
                let word = digits::join::<L>(digits, lane);
                entries[place / L::WIDTH].as_mut()[place % L::WIDTH] = word;
            }
        }
    }

    /// Looks up each lane's power, and its companion, for the window of this index of its exponent,
    /// block by block.
    fn look_up<'a>(
        &'a mut self,
        found: &'a mut Rows<L>,
        halves: &[Half<'_>],
        index: usize,
    ) -> LookUp<'a, L> {
        for (lane, prime) in lanes_of::<L, _>(halves.iter().map(|half| half.prime)) {
            let wanted = window(&prime.exponent, index);
            self.numbers[0].as_mut()[lane] = L::Choice::number(wanted, lane);
        }
        LookUp {
            words: self.words.as_chunks().0.as_chunks().0.as_chunks().0,
            found: found.rows_mut(),
            numbers: &self.numbers[0],
            next: 0,
        }
    }
}

/// A look-up, of which so many blocks are done.
struct LookUp<'a, L: Kernels> {
    words: &'a [[[[L::Row; HALF]; 2]; WORDS]],
    found: &'a mut [L::Row],
    numbers: &'a L::Row,
    next: usize,
}

impl<L: Kernels> Scan<L> for LookUp<'_, L> {
    type Block<'b>
        = Words<'b, L>
    where
        Self: 'b;

    #[inline(always)]
    fn next_block(&mut self, lanes: L) -> Words<'_, L> {
        let digits = WORDS * L::DIGITS_OF_WORD;
        let block = self.next;
        self.next += 1;
        let numbers = lanes.load(self.numbers);
        Words {
            words: &self.words[block],
            found: &mut self.found[block * digits..][..digits],
            choice: L::Choice::new(lanes, numbers),
            lower: numbers,
        }
    }
}

/// The words that are looked up beside a block.
struct Words<'a, L: Kernels> {
    words: &'a [[[L::Row; HALF]; 2]; WORDS],
    found: &'a mut [L::Row],
    choice: L::Choice,
    /// What was found in the lower half of a word's entries.
    lower: L::Vector,
}

impl<L: Kernels> ScanOfBlock<L> for Words<'_, L> {
    #[inline(always)]
    fn step<const STEP: usize>(&mut self, lanes: L) {
        let (word, half) = (STEP / 2, STEP % 2);
        let found = self.choice.within(lanes, &self.words[word][half]);
        if half == 0 {
            self.lower = found;
            return;
        }
        let found = self.choice.between(lanes, self.lower, found);
        match &mut self.found[word * L::DIGITS_OF_WORD..][..L::DIGITS_OF_WORD] {
            [digit] => lanes.store(digit, found),
            [low, high] => {
                lanes.store(low, lanes.digit(found));
                lanes.store(high, lanes.carry(found));
            }
            _ => {}
        }
    }
}

/// All of it at once.
impl<L: Kernels> Task<L> for LookUp<'_, L> {
    #[inline(always)]
    fn run(mut self, lanes: L) {
        probe::looked_up(self.numbers.as_ref());
        while self.next < self.words.len() {
            self.next_block(lanes).all_steps(lanes);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::units::lanes::for_each_kind_of_lanes;

    /// Finds what each lane wants among the words of a table, all of which are different.
    fn check<L: Kernels>(lanes: L, blocks: usize, wanted: &[u64]) {
        let len = blocks * L::DIGITS_OF_BLOCK;
        let mut table = Table::<L> {
            words: Workspace::zeroed(2 * ENTRIES * len / L::DIGITS_OF_WORD),
            numbers: Workspace::zeroed(1),
        };
        let digit = |entry: usize, i: usize, lane: usize| {
            ((entry * 2 * len + i) * L::WIDTH + lane + 1) as u64 & L::DIGIT_MASK
        };
        for entry in 0..ENTRIES {
            let mut power = Rows::<L>::zeroed(2 * blocks);
            for (i, row) in power.rows_mut().iter_mut().enumerate() {
                for (lane, word) in row.as_mut().iter_mut().enumerate() {
                    *word = digit(entry, i, lane);
                }
            }
            table.put(entry, &power);
        }
        for (lane, wanted) in wanted.iter().enumerate().take(L::WIDTH) {
            table.numbers[0].as_mut()[lane] = L::Choice::number(*wanted, lane);
        }
        let mut found = Rows::<L>::zeroed(2 * blocks);
        lanes.run(LookUp {
            words: table.words.as_chunks().0.as_chunks().0.as_chunks().0,
            found: found.rows_mut(),
            numbers: &table.numbers[0],
            next: 0,
        });
        for (i, row) in found.rows().iter().enumerate() {
            for (lane, word) in row.as_ref().iter().enumerate() {
                let wanted = usize::try_from(wanted[lane]).unwrap();
                assert_eq!(*word, digit(wanted, i, lane), "lane {lane}, digit {i}");
            }
        }
    }

    /// Counts the blocks that take a part of the look-up.
    #[derive(Default)]
    struct Counted(usize);

    impl<L: Kernels> Scan<L> for Counted {
        type Block<'a> = ();

        fn next_block(&mut self, _: L) {
            self.0 += 1;
        }
    }

    /// Beside how many blocks four squares read, and a product, of numbers of one block and more.
    fn blocks_read<L: Kernels>(lanes: L) -> [[usize; 2]; 4] {
        [1, 2, 3, 4].map(|blocks| {
            let mut moduli = Moduli::zeroed(lanes, blocks);
            let (mut squares, mut product) = (Counted::default(), Counted::default());
            let mut x = Rows::zeroed(blocks);
            for _ in 0..WINDOW {
                moduli.square(&mut x, &mut squares);
            }
            moduli.multiply_accompanied(&mut x, &Rows::zeroed(2 * blocks), &mut product);
            [squares.0, product.0]
        })
    }

    /// There are four for each block. Whether they are is seen nowhere else: the rest is looked up
    /// all the same, but not beside anything.
    #[test]
    fn a_table_is_read_beside_squares_and_products() {
        let digits_of_52_bits = [[0, 1], [4, 4], [12, 0], [16, 0]];
        assert_eq!(
            blocks_read(crate::units::lanes::Portable),
            digits_of_52_bits
        );
        #[cfg(target_arch = "x86_64")]
        {
            use crate::units::lanes::{Avx2, Ifma512};

            assert!(Ifma512::detect().is_none_or(|lanes| blocks_read(lanes) == digits_of_52_bits));
            let digits_of_26_bits = [[4, 0], [8, 0], [12, 0], [16, 0]];
            assert!(Avx2::detect().is_none_or(|lanes| blocks_read(lanes) == digits_of_26_bits));
        }
    }

    proptest! {
        #[test]
        fn every_lane_finds_the_entry_that_it_wants(
            blocks in 1..5usize,
            wanted in proptest::collection::vec(0..ENTRIES as u64, 8),
        ) {
            for_each_kind_of_lanes!(lanes => check(lanes, blocks, &wanted));
        }
    }
}
