//! Both halves of a private operation at once: numbers raised to secret exponents, modulo secret
//! primes, in every other lane of the same registers.

use super::moduli::Moduli;
use super::vectors::Vectors;
use crate::arithmetic::limbs;
use crate::job::Half;
use crate::probe;
use crate::units::lanes::{Across, Choice, Constants, ENTRIES, HALF, Task, WINDOW, window};
use crate::workspace::Workspace;

/// How many powers a table begins with: of 1, and of the base.
const FIRST: usize = 2;

/// Computes halves, two by two, whose primes all have the same number of blocks. Nothing happens
/// where there are no kernels for that number.
///
/// The operations and addresses depend on that number and on the length of the longer prime alone.
pub(crate) fn power<L: Across>(lanes: L, halves: &mut [Half<'_>]) {
    for halves in halves.chunks_mut(2) {
        power_of_two(lanes, halves);
    }
}

fn power_of_two<L: Across>(lanes: L, halves: &mut [Half<'_>]) {
    let constants = halves
        .first()
        .and_then(|half| Constants::of_prime(half.prime));
    match constants.map(Constants::blocks) {
        Some(2) => power_in::<L, 5, 20>(lanes, halves),
        Some(3) => power_in::<L, 8, 30>(lanes, halves),
        Some(4) => power_in::<L, 10, 40>(lanes, halves),
        _ => {}
    }
}

/// The same for D digits in V vectors.
fn power_in<L: Across, const V: usize, const D: usize>(lanes: L, halves: &mut [Half<'_>]) {
    // A half that has no other is computed twice.
    let both = [halves.first(), halves.last()];
    let [Some(p), Some(q)] = both else { return };
    let [Some(of_p), Some(of_q)] =
        both.map(|half| half.and_then(|half| Constants::of_prime(half.prime)))
    else {
        return;
    };
    let moduli = Moduli::<L, V, 2, D>::new(lanes, [of_p, of_q]);
    let mut numbers = Workspace::<Vectors<L, V>>::zeroed(3);
    // The last two are the power that is multiplied by, and its companion.
    let [x, factors @ ..] = &mut *numbers else {
        return;
    };
    enter(&moduli, x, [p, q], [of_p, of_q]);
    let mut table = Table::new(&moduli, x, [of_p, of_q]);

    let windows = p.prime.bits.max(q.prime.bits).div_ceil(WINDOW);
    let wanted = |i: usize| [p, q].map(|half| window(&half.prime.exponent, i));
    table.want(wanted(windows - 1));
    (0..WINDOW).for_each(|share| table.look_up(lanes, factors, share));
    x.clone_from(&factors[0]);
    for i in (0..windows - 1).rev() {
        table.want(wanted(i));
        for share in 0..WINDOW {
            moduli.square(x);
            // A square ends with carries that wait for each other: the share is read meanwhile.
            table.look_up(lanes, factors, share);
        }
        moduli.multiply_accompanied(x, &factors[0], &factors[1]);
    }

    moduli.leave(x);
    for (n, half) in halves.iter_mut().enumerate() {
        let above = x.write::<2>(n, half.result);
        limbs::subtract_twice(half.result, above, half.prime.modulus.limbs());
    }
}

/// x = inputs · R modulo the primes.
///
/// An input has up to 2·D digits: c₀ + c₁·R, whose representation is (c₀ · R² + c₁ · R³) / R.
fn enter<L: Across, const V: usize, const D: usize>(
    moduli: &Moduli<L, V, 2, D>,
    x: &mut Vectors<L, V>,
    halves: [&Half<'_>; 2],
    constants: [&Constants; 2],
) {
    let mut numbers = Workspace::<Vectors<L, V>>::zeroed(4);
    let [low, high, squared, cubed] = &mut *numbers else {
        return;
    };
    let inputs = halves.map(|half| half.input);
    low.put_limbs(inputs, 0, D);
    high.put_limbs(inputs, D, D);
    cubed.put_words(constants.map(Constants::entry));
    squared.clone_from(cubed);
    moduli.leave(squared);
    moduli.multiply_both(x, [low, high], [squared, cubed]);
}

/// The first 16 powers of each base and their companions. What belongs to one vector stands
/// together.
struct Table<L: Across, const V: usize> {
    words: Workspace<[L::Row; ENTRIES]>,
    /// What tells the entry that each lane wants.
    numbers: Workspace<L::Row>,
}

impl<L: Across, const V: usize> Table<L, V> {
    /// How many vectors are looked up at once: a power and its companion by as many shares as there
    /// are squares for each, half of a number in each share.
    const SHARE: usize = V.div_ceil(2);

    fn new<const D: usize>(
        moduli: &Moduli<L, V, 2, D>,
        base: &Vectors<L, V>,
        constants: [&Constants; 2],
    ) -> Self {
        let mut table = Self {
            words: Workspace::zeroed(2 * V),
            numbers: Workspace::zeroed(1),
        };
        let mut numbers = Workspace::<Vectors<L, V>>::zeroed(3);
        let [x, companion, of_base] = &mut *numbers else {
            return table;
        };
        x.put_words(constants.map(Constants::one));
        moduli.accompany(companion, x);
        table.put(0, x, companion);
        moduli.accompany(of_base, base);
        table.put(1, base, of_base);
        x.clone_from(base);
        for i in FIRST..ENTRIES {
            moduli.multiply_accompanied(x, base, of_base);
            moduli.accompany(companion, x);
            table.put(i, x, companion);
        }
        table
    }

    fn put(&mut self, entry: usize, power: &Vectors<L, V>, companion: &Vectors<L, V>) {
        let rows = power.vectors().iter().chain(companion.vectors());
        for (words, row) in self.words.iter_mut().zip(rows) {
            for (lane, word) in row.as_ref().iter().enumerate() {
                let place = L::Choice::place(entry, lane);
                words[place / L::WIDTH].as_mut()[place % L::WIDTH] = *word;
            }
        }
    }

    /// What is looked up from now on: a power for each half.
    fn want(&mut self, powers: [u64; 2]) {
        let words = self.numbers[0].as_mut().iter_mut().enumerate();
        for ((lane, word), power) in words.zip(powers.iter().cycle()) {
            *word = L::Choice::number(*power, lane);
        }
    }

    /// Looks up a share of a power and its companion.
    fn look_up(&self, lanes: L, found: &mut [Vectors<L, V>], share: usize) {
        let (number, half) = (share / 2, share % 2);
        let (power, companion) = self.words.split_at(V);
        let words = if number == 0 { power } else { companion };
        let (first, rest) = words.split_at(Self::SHARE);
        let (found_first, found_rest) = found[number].vectors_mut().split_at_mut(Self::SHARE);
        let (words, found) = if half == 0 {
            (first, found_first)
        } else {
            (rest, found_rest)
        };
        lanes.run(LookUp::<L> {
            words,
            numbers: &self.numbers[0],
            found,
        });
    }
}

// There are two shares for each of two numbers.
const _: () = assert!(WINDOW == 4);

/// A look-up, which reads every entry.
struct LookUp<'a, L: Across> {
    words: &'a [[L::Row; ENTRIES]],
    numbers: &'a L::Row,
    found: &'a mut [L::Row],
}

impl<L: Across> Task<L> for LookUp<'_, L> {
    #[inline(always)]
    fn run(self, lanes: L) {
        probe::looked_up(self.numbers.as_ref());
        let choice = L::Choice::new(lanes, lanes.load(self.numbers));
        for (found, entries) in self.found.iter_mut().zip(self.words) {
            let halves: &[[L::Row; HALF]] = entries.as_chunks().0;
            let [lower, higher] = halves else { return };
            let lower = choice.within(lanes, lower);
            let higher = choice.within(lanes, higher);
            lanes.store(found, choice.between(lanes, lower, higher));
        }
    }
}
