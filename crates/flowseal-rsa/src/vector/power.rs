//! Half-exponentiations: numbers raised to secret exponents, modulo secret primes, side by side.

use super::constants::Constants;
use super::digits;
use super::kernels::{Background, Kernels};
use super::moduli::{Moduli, Rows, lanes_of};
#[cfg(flowseal_hooks)]
use crate::hooks;
use crate::key::Prime;
use crate::scalar::{WINDOW, limbs, window};
use crate::workspace::Workspace;

/// How many powers of the base are kept.
const ENTRIES: usize = 1 << WINDOW;

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
struct Table<L: Kernels>(Workspace<L::Row>);

impl<L: Kernels> Table<L> {
    fn new(moduli: &mut Moduli<L>, halves: &[Half<'_>], base: &Rows<L>) -> Self {
        let blocks = blocks(halves);
        let mut table = Self(Workspace::zeroed(
            2 * ENTRIES * base.rows().len() / L::DIGITS_OF_WORD,
        ));
        let mut x = Rows::gathered(blocks, constants(halves).map(Constants::one));
        table.put(0, &moduli.accompanied(&x));
        for i in 1..ENTRIES {
            if i == 1 {
                x.rows_mut().clone_from_slice(base.rows());
            } else {
                moduli.multiply(&mut x, base);
            }
            table.put(i, &moduli.accompanied(&x));
        }
        table
    }

    fn put(&mut self, index: usize, x: &Rows<L>) {
        let words = x.rows().chunks_exact(L::DIGITS_OF_WORD);
        for (entries, digits) in self.0.chunks_exact_mut(ENTRIES).zip(words) {
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
        let mut wanted = Workspace::zeroed(1);
        for (lane, prime) in lanes_of::<L, _>(halves.iter().map(|half| half.prime)) {
            let row: &mut L::Row = &mut wanted[0];
            row.as_mut()[lane] = window(&prime.exponent, index);
        }
        #[cfg(flowseal_hooks)]
        if hooks::is_planted(hooks::Leak::Exit)
            && wanted[0].as_ref().iter().fold(0, |bits, word| bits | word) == 0
        {
            let entries = self.0.chunks_exact(ENTRIES);
            let words = found.rows_mut().chunks_exact_mut(L::DIGITS_OF_WORD);
            for (digits, entries) in words.zip(entries) {
                for lane in 0..L::WIDTH {
                    digits::spread_words::<L>(digits, lane, &[entries[0].as_ref()[lane]]);
                }
            }
            return LookUp {
                entries: [].iter(),
                found: [].chunks_exact_mut(1),
                wanted,
            };
        }
        LookUp {
            entries: self.0.as_chunks().0.iter(),
            found: found.rows_mut().chunks_exact_mut(L::DIGITS_OF_WORD),
            wanted,
        }
    }
}

/// A look-up, word by word. For each it reads all 32 powers.
struct LookUp<'a, L: Kernels> {
    entries: std::slice::Iter<'a, [L::Row; ENTRIES]>,
    found: std::slice::ChunksExactMut<'a, L::Row>,
    wanted: Workspace<L::Row>,
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
        let wanted = lanes.load(&self.wanted[0]);
        let (mut index, one) = (lanes.splat(0), lanes.splat(1));
        let mut word = index;
        for entry in entries {
            word = lanes.where_equal(wanted, index, entry, word);
            index = lanes.add(index, one);
        }
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

/// All of it at once.
impl<L: Kernels> crate::lanes::Task<L> for LookUp<'_, L> {
    #[inline(always)]
    fn run(mut self, lanes: L) {
        while !self.is_complete() {
            self.step(lanes);
        }
    }
}
