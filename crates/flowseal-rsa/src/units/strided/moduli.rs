//! Montgomery arithmetic modulo one odd number, or two by turns, across the lanes.

use zeroize::Zeroize;

use super::kernels::{self, Modulus, Product};
use super::vectors::Vectors;
use crate::units::lanes::{Across, Constants, Task};
use crate::workspace::{Secret, Workspace};

/// N odd moduli, for numbers of V vectors and D digits: R, 2^(52·D), is more than 64 times each.
///
/// A number modulo m is less than 5m between the operations: the description of the engine shows
/// why.
pub(crate) struct Moduli<L: Across, const V: usize, const N: usize, const D: usize> {
    lanes: L,
    /// The one entry has the numbers of all moduli.
    of_all: Workspace<Moduluses<L, V>>,
}

/// What belongs to the moduli, by turns.
#[derive(Clone)]
struct Moduluses<L: Across, const V: usize> {
    /// m.
    digits: Vectors<L, V>,
    /// 1 / 2⁵² modulo m.
    radix_inverse: Vectors<L, V>,
    /// 1: not in Montgomery's representation.
    one: Vectors<L, V>,
    /// −1 / m modulo 2⁵².
    negated_inverse: L::Row,
}

impl<L: Across, const V: usize, const N: usize, const D: usize> Moduli<L, V, N, D> {
    /// The moduli with these constants, which have D digits.
    pub(crate) fn new(lanes: L, constants: [&Constants; N]) -> Self {
        debug_assert!(D <= V * L::WIDTH / N);
        let mut of_all = Workspace::<Moduluses<L, V>>::zeroed(1);
        let all = &mut of_all[0];
        all.digits.put_words(constants.map(Constants::modulus));
        all.radix_inverse
            .put_words(constants.map(Constants::radix_inverse));
        all.one.put_words([&[1][..]; N]);
        let words = all.negated_inverse.as_mut().iter_mut();
        for (word, constants) in words.zip(constants.iter().cycle()) {
            *word = constants.negated_inverse();
        }
        Self { lanes, of_all }
    }

    /// x = x · y / R: less than 3m if the highest digit of either is.
    pub(crate) fn multiply(&self, x: &mut Vectors<L, V>, y: &Vectors<L, V>) {
        self.lanes.run(Multiply(self, x, y));
    }

    /// x = x² / R.
    pub(crate) fn square(&self, x: &mut Vectors<L, V>) {
        self.lanes.run(Square(self, x));
    }

    /// x = (low · factors₀ + high · factors₁) / R.
    pub(crate) fn multiply_both(
        &self,
        x: &mut Vectors<L, V>,
        numbers: [&Vectors<L, V>; 2],
        factors: [&Vectors<L, V>; 2],
    ) {
        self.lanes.run(MultiplyBoth(self, x, numbers, factors));
    }

    /// companion = y / S, where S is half as many digits as R: the *companion* of y.
    pub(crate) fn accompany(&self, companion: &mut Vectors<L, V>, y: &Vectors<L, V>) {
        self.lanes.run(Accompany(self, companion, y));
    }

    /// x = x · y / R, for a y and its [companion](Self::accompany): half of a reduction.
    pub(crate) fn multiply_accompanied(
        &self,
        x: &mut Vectors<L, V>,
        y: &Vectors<L, V>,
        companion: &Vectors<L, V>,
    ) {
        self.lanes.run(MultiplyAccompanied(self, x, y, companion));
    }

    /// x = x / R, less than 3m.
    pub(crate) fn leave(&self, x: &mut Vectors<L, V>) {
        let mut half = Workspace::zeroed(1);
        self.accompany(&mut half[0], x);
        self.accompany(x, &half[0]);
    }

    #[inline(always)]
    fn modulus(&self) -> Modulus<'_, L, V> {
        let all = &self.of_all[0];
        Modulus {
            digits: &all.digits,
            radix_inverse: &all.radix_inverse,
            negated_inverse: &all.negated_inverse,
        }
    }
}

impl<L: Across, const V: usize> Default for Moduluses<L, V> {
    fn default() -> Self {
        Self {
            digits: Vectors::default(),
            radix_inverse: Vectors::default(),
            one: Vectors::default(),
            negated_inverse: L::Row::default(),
        }
    }
}

impl<L: Across, const V: usize> Zeroize for Moduluses<L, V> {
    fn zeroize(&mut self) {
        self.digits.zeroize();
        self.radix_inverse.zeroize();
        self.one.zeroize();
        self.negated_inverse.zeroize();
    }
}

impl<L: Across, const V: usize> Secret for Moduluses<L, V> {
    fn is_zero(&self) -> bool {
        let numbers = [&self.digits, &self.radix_inverse, &self.one];
        numbers.into_iter().all(Secret::is_zero) && self.negated_inverse.is_zero()
    }
}

struct Multiply<'a, L: Across, const V: usize, const N: usize, const D: usize>(
    &'a Moduli<L, V, N, D>,
    &'a mut Vectors<L, V>,
    &'a Vectors<L, V>,
);

impl<L: Across, const V: usize, const N: usize, const D: usize> Task<L>
    for Multiply<'_, L, V, N, D>
{
    #[inline(always)]
    fn run(self, lanes: L) {
        let Self(m, x, factor) = self;
        let products = [Product {
            factor,
            digits: x,
            from: 0,
        }];
        let product = kernels::multiply::<L, V, N, 1>(lanes, D, &products, &m.modulus());
        x.store(lanes, &product);
    }
}

struct Square<'a, L: Across, const V: usize, const N: usize, const D: usize>(
    &'a Moduli<L, V, N, D>,
    &'a mut Vectors<L, V>,
);

impl<L: Across, const V: usize, const N: usize, const D: usize> Task<L> for Square<'_, L, V, N, D> {
    #[inline(always)]
    fn run(self, lanes: L) {
        let Self(m, x) = self;
        let square = kernels::square::<L, V, N>(lanes, D, x, &m.modulus());
        x.store(lanes, &square);
    }
}

struct MultiplyBoth<'a, L: Across, const V: usize, const N: usize, const D: usize>(
    &'a Moduli<L, V, N, D>,
    &'a mut Vectors<L, V>,
    [&'a Vectors<L, V>; 2],
    [&'a Vectors<L, V>; 2],
);

impl<L: Across, const V: usize, const N: usize, const D: usize> Task<L>
    for MultiplyBoth<'_, L, V, N, D>
{
    #[inline(always)]
    fn run(self, lanes: L) {
        let Self(m, x, [low, high], [of_low, of_high]) = self;
        let product = |factor, digits| Product {
            factor,
            digits,
            from: 0,
        };
        let products = [product(of_low, low), product(of_high, high)];
        let sum = kernels::multiply::<L, V, N, 2>(lanes, D, &products, &m.modulus());
        x.store(lanes, &sum);
    }
}

struct Accompany<'a, L: Across, const V: usize, const N: usize, const D: usize>(
    &'a Moduli<L, V, N, D>,
    &'a mut Vectors<L, V>,
    &'a Vectors<L, V>,
);

impl<L: Across, const V: usize, const N: usize, const D: usize> Task<L>
    for Accompany<'_, L, V, N, D>
{
    #[inline(always)]
    fn run(self, lanes: L) {
        let Self(m, companion, factor) = self;
        let products = [Product {
            factor,
            digits: &m.of_all[0].one,
            from: 0,
        }];
        let reduced = kernels::multiply::<L, V, N, 1>(lanes, D / 2, &products, &m.modulus());
        companion.store(lanes, &reduced);
    }
}

struct MultiplyAccompanied<'a, L: Across, const V: usize, const N: usize, const D: usize>(
    &'a Moduli<L, V, N, D>,
    &'a mut Vectors<L, V>,
    &'a Vectors<L, V>,
    &'a Vectors<L, V>,
);

impl<L: Across, const V: usize, const N: usize, const D: usize> Task<L>
    for MultiplyAccompanied<'_, L, V, N, D>
{
    #[inline(always)]
    fn run(self, lanes: L) {
        let Self(m, x, y, companion) = self;
        // With x = x₀ + x₁·S, x·y / S is x₀ · companion + x₁·y, and what is left of R is S again.
        let product = |factor, from| Product {
            factor,
            digits: &*x,
            from,
        };
        let products = [product(companion, 0), product(y, D / 2)];
        let sum = kernels::multiply::<L, V, N, 2>(lanes, D / 2, &products, &m.modulus());
        x.store(lanes, &sum);
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;
    use crate::arithmetic::Modulus as OfLimbs;
    use crate::arithmetic::limbs::limbs_for;
    use crate::arithmetic::testing::{bits, number};
    use crate::units::lanes::testing::{
        KINDS, limbs, modulus_of, number_below, number_of, shorter,
    };
    use crate::units::lanes::{Portable, WORD_BITS};

    /// How many bits of the digits the longest modulus leaves, less what [`shorter`] is counted
    /// from.
    const SPARE: usize = 6;

    /// A modulus m, two numbers less than 5m, and one of up to 2·D digits.
    fn cases(digits: usize) -> impl Strategy<Value = Vec<[BigUint; 4]>> {
        let blocks = digits / 10;
        let case = (
            [0..KINDS, 0..KINDS, 0..KINDS],
            shorter(),
            [number_of(digits), number_of(digits), number_of(digits)],
            number_of(2 * digits),
        );
        let case = case.prop_map(move |(kinds, shorter, [m, x, y], wide)| {
            let bits = WORD_BITS * digits - SPARE - shorter;
            let m = modulus_of(kinds[0], bits, m);
            let x = number_below(kinds[1], &m, 5, blocks, x);
            let y = number_below(kinds[2], &m, 5, blocks, y);
            let wide = wide % (&m << (WORD_BITS * digits));
            [m, x, y, wide]
        });
        proptest::collection::vec(case, 2)
    }

    /// The numbers of N cases, by turns.
    fn put<L: Across, const V: usize, const N: usize>(numbers: &[BigUint]) -> Vectors<L, V> {
        let limbs: Vec<_> = numbers.iter().map(|number| limbs(number, 140)).collect();
        let mut put = Vectors::default();
        let first: [&[u64]; N] = std::array::from_fn(|n| &limbs[n][..]);
        put.put_limbs(first, 0, V * L::WIDTH / N);
        put
    }

    fn get<L: Across, const V: usize, const N: usize>(
        numbers: &Vectors<L, V>,
        n: usize,
    ) -> BigUint {
        let mut limbs = vec![0; 140];
        assert_eq!(numbers.write::<N>(n, &mut limbs), 0);
        number(&limbs)
    }

    /// The constants of each case's modulus.
    fn constants(cases: &[[BigUint; 4]], digits: usize) -> Vec<Constants> {
        let constants = |[m, ..]: &[BigUint; 4]| {
            let modulus = OfLimbs::new(&limbs(m, limbs_for(bits(m))), bits(m));
            Constants::new(&modulus, digits / 10, 3)
        };
        cases.iter().map(constants).collect()
    }

    fn all(cases: &[[BigUint; 4]], which: usize) -> Vec<BigUint> {
        cases.iter().map(|case| case[which].clone()).collect()
    }

    /// Products and squares, which are what all moduli are for, against the oracle.
    fn check<L: Across, const V: usize, const N: usize, const D: usize>(
        lanes: L,
        cases: &[[BigUint; 4]],
    ) {
        let constants = constants(cases, D);
        let moduli = Moduli::<L, V, N, D>::new(lanes, std::array::from_fn(|n| &constants[n]));
        let x = || put::<L, V, N>(&all(cases, 1));
        let (mut product, mut square) = (x(), x());
        moduli.multiply(&mut product, &put::<L, V, N>(&all(cases, 2)));
        moduli.square(&mut square);
        // What comes out can have more than digits in its words: as an input of both.
        let (mut fourth, mut squared) = (square.clone(), square.clone());
        moduli.multiply(&mut fourth, &square);
        moduli.square(&mut squared);
        let r = BigUint::from(1u8) << (WORD_BITS * D);
        for (n, [m, x, y, _]) in cases.iter().enumerate().take(N) {
            let get = |number: &Vectors<L, V>| get::<L, V, N>(number, n);
            for (result, expected) in [(&product, x * y), (&square, x * x)] {
                // The bound that the description gives.
                assert!(get(result) * 2u8 < m * 5u8);
                assert_eq!(get(result) * &r % m, expected % m);
            }
            let square = get(&square);
            for result in [&fourth, &squared] {
                assert_eq!(get(result) * &r % m, &square * &square % m);
            }
        }
    }

    /// The rest, which is there for halves of private operations.
    fn check_halves<L: Across, const V: usize, const D: usize>(lanes: L, cases: &[[BigUint; 4]]) {
        let constants = constants(cases, D);
        let constants: [&Constants; 2] = std::array::from_fn(|n| &constants[n]);
        let moduli = Moduli::<L, V, 2, D>::new(lanes, constants);
        let (x, y) = (
            || put::<L, V, 2>(&all(cases, 1)),
            put::<L, V, 2>(&all(cases, 2)),
        );
        let (mut companion, mut accompanied, mut left) = (Vectors::default(), x(), x());
        moduli.leave(&mut left);
        moduli.accompany(&mut companion, &y);
        moduli.multiply_accompanied(&mut accompanied, &y, &companion);
        // What has more than digits in its words.
        let mut square = x();
        moduli.square(&mut square);
        let (mut by_companion, mut back) = (square.clone(), square.clone());
        moduli.accompany(&mut companion, &square);
        moduli.multiply_accompanied(&mut by_companion, &square, &companion);
        moduli.leave(&mut back);

        let wide: Vec<_> = all(cases, 3).iter().map(|wide| limbs(wide, 140)).collect();
        let wide: [&[u64]; 2] = std::array::from_fn(|n| &wide[n][..]);
        let mut numbers = [(); 5].map(|()| Vectors::default());
        let [low, high, squared, cubed, entered] = &mut numbers;
        low.put_limbs(wide, 0, D);
        high.put_limbs(wide, D, D);
        cubed.put_words(constants.map(Constants::entry));
        squared.clone_from(cubed);
        moduli.leave(squared);
        moduli.multiply_both(entered, [low, high], [squared, cubed]);

        let r = BigUint::from(1u8) << (WORD_BITS * D);
        for (n, [m, x, y, wide]) in cases.iter().enumerate() {
            let get = |number: &Vectors<L, V>| get::<L, V, 2>(number, n);
            // The bounds that the description gives.
            assert!(get(&accompanied) < m * 5u8 && get(entered) < m * 5u8);
            assert!(get(&left) < m * 3u8 && get(&back) < m * 3u8);
            assert_eq!(get(&accompanied) * &r % m, x * y % m);
            assert_eq!(get(&left) * &r % m, x % m);
            assert_eq!(get(entered) % m, wide * &r % m);
            let square = get(&square);
            assert_eq!(get(&by_companion) * &r % m, &square * &square % m);
            assert_eq!(get(&back) * &r % m, square % m);
        }
    }

    fn all_moduli<const V: usize, const D: usize>(cases: &[[BigUint; 4]]) {
        check::<_, V, 1, D>(Portable, cases);
        #[cfg(target_arch = "x86_64")]
        if let Some(lanes) = crate::units::lanes::Ifma512::detect() {
            check::<_, V, 1, D>(lanes, cases);
        }
    }

    fn all_halves<const V: usize, const D: usize>(cases: &[[BigUint; 4]]) {
        check::<_, V, 2, D>(Portable, cases);
        check_halves::<_, V, D>(Portable, cases);
        #[cfg(target_arch = "x86_64")]
        if let Some(lanes) = crate::units::lanes::Ifma512::detect() {
            check::<_, V, 2, D>(lanes, cases);
            check_halves::<_, V, D>(lanes, cases);
        }
    }

    proptest! {
        #[test]
        fn halves_of_2048_bits(cases in cases(20)) { all_halves::<5, 20>(&cases); }
        #[test]
        fn halves_of_3072_bits(cases in cases(30)) { all_halves::<8, 30>(&cases); }
        #[test]
        fn halves_of_4096_bits(cases in cases(40)) { all_halves::<10, 40>(&cases); }
        #[test]
        fn moduli_of_2048_bits(cases in cases(40)) { all_moduli::<5, 40>(&cases); }
        #[test]
        fn moduli_of_2560_bits(cases in cases(50)) { all_moduli::<7, 50>(&cases); }
        #[test]
        fn moduli_of_3072_bits(cases in cases(60)) { all_moduli::<8, 60>(&cases); }
        #[test]
        fn moduli_of_3584_bits(cases in cases(70)) { all_moduli::<9, 70>(&cases); }
        #[test]
        fn moduli_of_4096_bits(cases in cases(80)) { all_moduli::<10, 80>(&cases); }

        /// What stands in the other lanes of the same registers makes no difference.
        #[test]
        fn a_half_does_not_see_the_other(mut cases in cases(20), other in cases(20)) {
            let result = |cases: &[[BigUint; 4]]| {
                let constants = constants(cases, 20);
                let constants = [&constants[0], &constants[1]];
                let moduli = Moduli::<Portable, 5, 2, 20>::new(Portable, constants);
                let mut x = put::<Portable, 5, 2>(&all(cases, 1));
                moduli.multiply(&mut x, &put::<Portable, 5, 2>(&all(cases, 2)));
                moduli.square(&mut x);
                get::<Portable, 5, 2>(&x, 0)
            };
            let before = result(&cases);
            cases[1] = other[1].clone();
            prop_assert_eq!(result(&cases), before);
        }
    }
}
