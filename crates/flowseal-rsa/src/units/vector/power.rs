//! Half-exponentiations: numbers raised to secret exponents, modulo secret primes, side by side.

use super::kernels::{BLOCK_BITS, Background, Kernels, Share};
use super::moduli::{Moduli, Rows, lanes_of};
use crate::arithmetic::limbs;
#[cfg(flowseal_hooks)]
use crate::hooks;
use crate::key::Prime;
use crate::units::lanes::{Choice, ENTRIES, HalfOfEntries, Task, WORD_BITS};
use crate::units::lanes::{Constants, digits};
use crate::workspace::Workspace;

/// How many bits of the exponent a product takes in.
pub(crate) const WINDOW: usize = ENTRIES.ilog2() as usize;

/// How many windows a limb of the exponent has: no window has bits of two.
const WINDOWS_OF_LIMB: usize = 64 / WINDOW;
const _: () = assert!(WINDOWS_OF_LIMB * WINDOW == 64);

/// How many words of a table are looked up in a share: two parts for each.
const SHARE: usize = 5;

// A table has WINDOW shares for each block of a number.
const _: () = assert!(WINDOW * SHARE == 2 * BLOCK_BITS / WORD_BITS);

/// One half of a private operation: the input, raised to dP modulo p, or to dQ modulo q.
pub(crate) struct Half<'a> {
    /// The prime and its exponent.
    pub(crate) prime: &'a Prime,
    /// The blinded input, in the limbs of n.
    pub(crate) input: &'a [u64],
    /// Where the result goes, canonical, in the limbs of the prime.
    pub(crate) result: &'a mut [u64],
}

/// Computes as many halves as there are lanes, or fewer, whose primes have the same number of blocks.
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
        // The factor is looked up beside the product with the one before it, and beside the squares.
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
    halves.iter().filter_map(|half| half.prime.constants())
}

fn blocks(halves: &[Half<'_>]) -> usize {
    constants(halves).next().map_or(0, Constants::blocks)
}

/// The inputs in Montgomery's representation.
///
/// An input is less than n = p·q, and so less than R·p: its reduction is input/R, and the product of that
/// with R³ is input·R.
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
    /// share by share.
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

/// The bits of the exponent that belong to a window: none, above the exponent. Their position is public.
pub(crate) fn window(exponent: &[u64], index: usize) -> u64 {
    let limb = exponent
        .get(index / WINDOWS_OF_LIMB)
        .map_or(0, |limb| *limb);
    (limb >> (index % WINDOWS_OF_LIMB * WINDOW)) % ENTRIES as u64
}

/// A word of all powers, for all lanes.
type Word<L> = [HalfOfEntries<L>; 2];

/// A look-up, of which so many shares are done.
struct LookUp<'a, L: Kernels> {
    words: &'a [[Word<L>; SHARE]],
    found: &'a mut [L::Row],
    numbers: &'a L::Row,
    next: usize,
}

impl<L: Kernels> Background<L> for LookUp<'_, L> {
    type Share<'b>
        = Words<'b, L>
    where
        Self: 'b;

    #[inline(always)]
    fn share(&mut self, lanes: L) -> Words<'_, L> {
        let digits = SHARE * L::DIGITS_OF_WORD;
        let share = self.next;
        self.next += 1;
        let numbers = lanes.load(self.numbers);
        Words {
            words: &self.words[share],
            found: &mut self.found[share * digits..][..digits],
            choice: L::Choice::new(lanes, numbers),
            lower: numbers,
        }
    }
}

/// The words of a share.
struct Words<'a, L: Kernels> {
    words: &'a [Word<L>; SHARE],
    found: &'a mut [L::Row],
    choice: L::Choice,
    /// What was found in the lower half of a word's entries.
    lower: L::Vector,
}

impl<L: Kernels> Share<L> for Words<'_, L> {
    #[inline(always)]
    fn part<const PART: usize>(&mut self, lanes: L) {
        let (word, half) = (PART / 2, PART % 2);
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

#[cfg(flowseal_hooks)]
impl<L: Kernels> LookUp<'_, L> {
    /// The leak: what is wanted decides whether all entries are read.
    #[inline(never)]
    fn ends_early(&mut self) -> bool {
        let numbers = self.numbers.as_ref().iter().enumerate();
        let others = numbers.fold(0, |bits, (lane, number)| {
            bits | (number ^ L::Choice::number(0, lane))
        });
        if others != 0 {
            return false;
        }
        let found = self.found.chunks_exact_mut(L::DIGITS_OF_WORD);
        for (digits, entries) in found.zip(self.words.as_flattened()) {
            for lane in 0..L::WIDTH {
                let place = L::Choice::place(0, lane);
                let row = &entries.as_flattened()[place / L::WIDTH];
                digits::spread_words::<L>(digits, lane, &[row.as_ref()[place % L::WIDTH]]);
            }
        }
        true
    }
}

/// All of it at once.
impl<L: Kernels> Task<L> for LookUp<'_, L> {
    #[inline(always)]
    fn run(mut self, lanes: L) {
        #[cfg(flowseal_hooks)]
        if hooks::is_planted(hooks::Leak::Exit) && self.ends_early() {
            return;
        }
        while self.next < self.words.len() {
            self.share(lanes).whole(lanes);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::units::for_each_kind_of_lanes;

    /// Finds what each lane wants among the words of a table, all of which are different.
    fn check<L: Kernels>(lanes: L, blocks: usize, wanted: &[u64]) {
        let len = blocks * L::BLOCK;
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

    /// Counts the shares that are taken.
    #[derive(Default)]
    struct Counted(usize);

    impl<L: Kernels> Background<L> for Counted {
        type Share<'a> = ();

        fn share(&mut self, _: L) {
            self.0 += 1;
        }
    }

    /// How many shares four squares take, and a product, of numbers of one block and more.
    fn shares<L: Kernels>(lanes: L) -> [[usize; 2]; 4] {
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

    /// There are four for each block. Whether they are taken is seen nowhere else: the rest is looked up all the same, but not
    /// beside anything.
    #[test]
    fn squares_and_products_take_the_shares() {
        let digits_of_52_bits = [[0, 1], [4, 4], [12, 0], [16, 0]];
        assert_eq!(shares(crate::units::lanes::Portable), digits_of_52_bits);
        #[cfg(target_arch = "x86_64")]
        {
            use crate::units::lanes::{Avx2, Ifma512};

            assert!(Ifma512::detect().is_none_or(|lanes| shares(lanes) == digits_of_52_bits));
            let digits_of_26_bits = [[4, 0], [8, 0], [12, 0], [16, 0]];
            assert!(Avx2::detect().is_none_or(|lanes| shares(lanes) == digits_of_26_bits));
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

        #[test]
        fn windows_are_the_digits_of_the_exponent(
            exponent in crate::arithmetic::testing::limbs(4),
            index in 0..80usize,
        ) {
            let expected = (0..WINDOW).fold(0, |digit, k| {
                let bit = index * WINDOW + k;
                let limb = exponent.get(bit / 64).map_or(0, |limb| limb >> (bit % 64));
                digit | ((limb & 1) << k)
            });
            prop_assert_eq!(window(&exponent, index), expected);
        }
    }
}
