//! Half-exponentiations: numbers raised to secret exponents, modulo secret primes, side by side.

use super::constants::Constants;
use super::digits;
use super::kernels::{Background, Kernels};
use super::moduli::{Moduli, Rows, lanes_of};
#[cfg(flowseal_hooks)]
use crate::hooks;
use crate::key::Prime;
use crate::lanes::Lanes;
use crate::scalar::{WINDOW, limbs, window};
use crate::workspace::Workspace;

/// How many powers of the base are kept.
const ENTRIES: usize = 1 << WINDOW;

// `one_of_32` is written for so many.
const _: () = assert!(ENTRIES == 32);

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
    let mut factor = Rows::zeroed(2 * blocks(halves));
    lanes.run(table.look_up(&mut factor, halves, windows - 1));
    let len = x.rows().len();
    x.rows_mut().clone_from_slice(&factor.rows()[..len]);
    for i in (0..windows - 1).rev() {
        // The next factor is looked up beside the squares.
        let mut scan = table.look_up(&mut factor, halves, i);
        for _ in 0..WINDOW {
            moduli.square(&mut x, &mut scan);
        }
        // Numbers of one block have fewer steps than digits.
        lanes.run(scan);
        moduli.multiply_accompanied(&mut x, &factor);
    }

    moduli.leave(&mut x);
    for (lane, half) in halves.iter_mut().enumerate() {
        digits::collect::<L>(half.result, x.rows(), lane);
        limbs::subtract_once(half.result, 0, half.prime.modulus.limbs());
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

/// The first 32 powers of each lane's base, and their companions, in words of 52 bits. What belongs to one
/// word stands together: the powers' lowest words first.
struct Table<L: Kernels> {
    words: Workspace<L::Row>,
    /// The number of the entry that each lane looks up.
    wanted: Workspace<L::Row>,
}

impl<L: Kernels> Table<L> {
    fn new(moduli: &mut Moduli<L>, halves: &[Half<'_>], base: &Rows<L>) -> Self {
        let (blocks, len) = (blocks(halves), base.rows().len());
        let mut table = Self {
            words: Workspace::zeroed(2 * ENTRIES * len / L::DIGITS_OF_WORD),
            wanted: Workspace::zeroed(1),
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
            digits::join::<L>(&mut entries[index], digits);
        }
    }

    /// Looks up each lane's power, and its companion, for the window of this index of its exponent,
    /// once it is run.
    fn look_up<'a>(
        &'a mut self,
        found: &'a mut Rows<L>,
        halves: &[Half<'_>],
        index: usize,
    ) -> LookUp<'a, L> {
        for (lane, prime) in lanes_of::<L, _>(halves.iter().map(|half| half.prime)) {
            self.wanted[0].as_mut()[lane] = window(&prime.exponent, index);
        }
        #[cfg(flowseal_hooks)]
        if hooks::is_planted(hooks::Leak::Exit)
            && self.wanted[0]
                .as_ref()
                .iter()
                .fold(0, |bits, word| bits | word)
                == 0
        {
            let entries = self.words.chunks_exact(ENTRIES);
            let words = found.rows_mut().chunks_exact_mut(L::DIGITS_OF_WORD);
            for (digits, entries) in words.zip(entries) {
                for lane in 0..L::WIDTH {
                    digits::spread_words::<L>(digits, lane, &[entries[0].as_ref()[lane]]);
                }
            }
            return LookUp {
                entries: [].iter(),
                found: [].chunks_exact_mut(1),
                wanted: &self.wanted[0],
            };
        }
        LookUp {
            entries: self.words.as_chunks().0.iter(),
            found: found.rows_mut().chunks_exact_mut(L::DIGITS_OF_WORD),
            wanted: &self.wanted[0],
        }
    }
}

/// A look-up, word by word. For each it reads all 32 powers.
struct LookUp<'a, L: Kernels> {
    entries: std::slice::Iter<'a, [L::Row; ENTRIES]>,
    found: std::slice::ChunksExactMut<'a, L::Row>,
    wanted: &'a L::Row,
}

impl<L: Kernels> LookUp<'_, L> {
    fn is_complete(&self) -> bool {
        self.found.len() == 0
    }
}

impl<L: Kernels> Background<L> for LookUp<'_, L> {
    #[inline(always)]
    fn step(&mut self, lanes: L) {
        let (Some(entries), Some(found)) = (self.entries.next(), self.found.next()) else {
            return;
        };
        let wanted = lanes.load(self.wanted);
        let bits = [0, 1, 2, 3, 4].map(|index| lanes.bit(wanted, index));
        let word = one_of_32(lanes, &bits, entries);
        match found {
            [digit] => lanes.store(digit, word),
            [low, high] => {
                lanes.store(low, lanes.digit(word));
                lanes.store(high, lanes.carry(word));
            }
            _ => {}
        }
    }
}

/// A function that keeps one of so many entries for each lane, by so many bits of its number: the highest bit tells the half
/// that it is in.
macro_rules! one_of {
    ($name:ident, $entries:literal, $highest:literal, $one_of_half:ident) => {
        #[inline(always)]
        fn $name<L: Lanes>(lanes: L, bits: &[L::Mask], entries: &[L::Row]) -> L::Vector {
            let (low, high) = entries.split_at($entries / 2);
            let high = $one_of_half(lanes, bits, high);
            let low = $one_of_half(lanes, bits, low);
            lanes.choose(bits[$highest], high, low)
        }
    };
}

one_of!(one_of_32, 32, 4, one_of_16);
one_of!(one_of_16, 16, 3, one_of_8);
one_of!(one_of_8, 8, 2, one_of_4);
one_of!(one_of_4, 4, 1, one_of_2);
one_of!(one_of_2, 2, 0, one_of_1);

#[inline(always)]
fn one_of_1<L: Lanes>(lanes: L, _: &[L::Mask], entries: &[L::Row]) -> L::Vector {
    lanes.load(&entries[0])
}

/// All of it at once.
impl<L: Kernels> crate::lanes::Task<L> for LookUp<'_, L> {
    #[inline(always)]
    fn run(mut self, lanes: L) {
        while !self.is_complete() {
            self.step(lanes);
        }
    }
}
