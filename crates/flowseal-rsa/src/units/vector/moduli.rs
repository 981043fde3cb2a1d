//! Montgomery arithmetic modulo as many odd numbers as there are lanes.

use super::kernels::{Kernels, Scan};
use crate::units::lanes::{Constants, Task, digits};
use crate::workspace::Workspace;

/// Numbers side by side, one in each lane, in blocks of digits: or so many columns.
pub(crate) struct Rows<L: Kernels>(Workspace<L::Row>);

impl<L: Kernels> Rows<L> {
    pub(crate) fn zeroed(blocks: usize) -> Self {
        Self(Workspace::zeroed(L::DIGITS_OF_BLOCK * blocks))
    }

    /// Each lane's number from an iterator over the lanes; the last one in the lanes that are left.
    pub(crate) fn gathered<'a>(blocks: usize, digits: impl Iterator<Item = &'a [u64]>) -> Self {
        let mut rows = Self::zeroed(blocks);
        for (lane, digits) in lanes_of::<L, _>(digits) {
            digits::spread_words::<L>(&mut rows.0, lane, digits);
        }
        rows
    }

    pub(crate) fn rows(&self) -> &[L::Row] {
        &self.0
    }

    pub(crate) fn rows_mut(&mut self) -> &mut [L::Row] {
        &mut self.0
    }

    /// The lower half of the blocks, rounded down, and the others.
    fn halves(&self) -> (&[L::Row], &[L::Row]) {
        self.0
            .split_at(self.0.len() / L::DIGITS_OF_BLOCK / 2 * L::DIGITS_OF_BLOCK)
    }
}

/// What belongs to each lane: an item, or the last one again where there are fewer than lanes. An
/// idle lane computes what another does, since one that computed nothing would not be quicker.
pub(crate) fn lanes_of<L: Kernels, T: Copy>(
    items: impl Iterator<Item = T>,
) -> impl Iterator<Item = (usize, T)> {
    let mut items = items.fuse();
    let mut last = None;
    (0..L::WIDTH).map_while(move |lane| {
        last = items.next().or(last);
        last.map(|item| (lane, item))
    })
}

/// One odd modulus for each lane, all of so many digits that R is more than eight times each.
///
/// A number modulo m is less than 3m between the operations. The reduction of a product of two such
/// numbers is less than 17m/8. Where a word has one digit, only its lowest bits count: others may
/// be set above them.
pub(crate) struct Moduli<L: Kernels> {
    lanes: L,
    digits: Rows<L>,
    negated_inverse: Workspace<L::Row>,
    /// Twice as many columns as digits, for the products.
    columns: Rows<L>,
}

impl<L: Kernels> Moduli<L> {
    /// The moduli of as many lanes as there are constants, which all have the same number of
    /// blocks.
    pub(crate) fn new<'a>(
        lanes: L,
        constants: impl Iterator<Item = &'a Constants> + Clone,
    ) -> Self {
        let blocks = constants.clone().next().map_or(0, Constants::blocks);
        let mut moduli = Self::zeroed(lanes, blocks);
        for (lane, constants) in lanes_of::<L, _>(constants.clone()) {
            moduli.negated_inverse[0].as_mut()[lane] = constants.negated_inverse() & L::DIGIT_MASK;
        }
        moduli.digits = Rows::gathered(blocks, constants.map(Constants::modulus));
        moduli
    }

    pub(crate) fn zeroed(lanes: L, blocks: usize) -> Self {
        Self {
            lanes,
            digits: Rows::zeroed(blocks),
            negated_inverse: Workspace::zeroed(1),
            columns: Rows::zeroed(2 * blocks),
        }
    }

    /// x = x · y / R.
    pub(crate) fn multiply(&mut self, x: &mut Rows<L>, y: &Rows<L>) {
        self.lanes.run(Multiply(self, x, y));
    }

    /// Puts the *companion* of y, which is a product, after it: y / S for the power of the radix S
    /// with which a number's lower half ends.
    pub(crate) fn accompany(&mut self, both: &mut Rows<L>) {
        self.lanes.run(Accompany(self, both));
    }

    /// x = x · y / R, for a y that is [accompanied](Self::accompany).
    pub(crate) fn multiply_accompanied(
        &mut self,
        x: &mut Rows<L>,
        y: &Rows<L>,
        scan: &mut impl Scan<L>,
    ) {
        self.lanes.run(MultiplyAccompanied(self, x, y, scan));
    }

    /// x = x² / R.
    pub(crate) fn square(&mut self, x: &mut Rows<L>, scan: &mut impl Scan<L>) {
        self.lanes.run(Square(self, x, scan));
    }

    /// x = wide / R, for numbers of twice as many digits as the moduli, less than R · m.
    pub(crate) fn reduce(&mut self, x: &mut Rows<L>, wide: &mut Rows<L>) {
        self.lanes.run(Reduce(self, x.rows_mut(), wide.rows_mut()));
    }

    /// x = x / R, not more than m.
    pub(crate) fn leave(&mut self, x: &mut Rows<L>) {
        self.lanes.run(Leave(self, x));
    }
}

struct Multiply<'a, L: Kernels>(&'a mut Moduli<L>, &'a mut Rows<L>, &'a Rows<L>);

impl<L: Kernels> Task<L> for Multiply<'_, L> {
    #[inline(always)]
    fn run(self, lanes: L) {
        let Self(m, x, y) = self;
        let columns = m.columns.rows_mut();
        lanes.multiply(columns, x.rows(), y.rows());
        let (m, inverse) = (m.digits.rows(), &m.negated_inverse[0]);
        lanes.reduce(x.rows_mut(), columns, m, inverse);
    }
}

struct Accompany<'a, L: Kernels>(&'a mut Moduli<L>, &'a mut Rows<L>);

impl<L: Kernels> Task<L> for Accompany<'_, L> {
    #[inline(always)]
    fn run(self, lanes: L) {
        let Self(m, both) = self;
        let len = both.rows().len() / 2;
        let (y, companion) = both.rows_mut().split_at_mut(len);
        let columns =
            &mut m.columns.rows_mut()[..len + len / L::DIGITS_OF_BLOCK / 2 * L::DIGITS_OF_BLOCK];
        widen(lanes, columns, y);
        let (m, inverse) = (m.digits.rows(), &m.negated_inverse[0]);
        lanes.reduce(companion, columns, m, inverse);
    }
}

struct Leave<'a, L: Kernels>(&'a mut Moduli<L>, &'a mut Rows<L>);

impl<L: Kernels> Task<L> for Leave<'_, L> {
    #[inline(always)]
    fn run(self, lanes: L) {
        let Self(m, x) = self;
        let columns = m.columns.rows_mut();
        widen(lanes, columns, x.rows());
        let (m, inverse) = (m.digits.rows(), &m.negated_inverse[0]);
        lanes.reduce(x.rows_mut(), columns, m, inverse);
    }
}

/// columns = number, of which only the digits count.
#[inline(always)]
fn widen<L: Kernels>(lanes: L, columns: &mut [L::Row], number: &[L::Row]) {
    let (low, high) = columns.split_at_mut(number.len());
    for (column, digit) in low.iter_mut().zip(number) {
        lanes.store(column, lanes.digit(lanes.load(digit)));
    }
    high.fill_with(L::Row::default);
}

struct MultiplyAccompanied<'a, L: Kernels, B>(
    &'a mut Moduli<L>,
    &'a mut Rows<L>,
    &'a Rows<L>,
    &'a mut B,
);

impl<L: Kernels, B: Scan<L>> Task<L> for MultiplyAccompanied<'_, L, B> {
    #[inline(always)]
    fn run(self, lanes: L) {
        let Self(m, x, y, scan) = self;
        // With x = x₀ + x₁·S, x·y / S is x₀ · companion + x₁·y. What is left of R to divide by is
        // as long as x₁.
        let (y, companion) = y.halves();
        let (low, high) = x.halves();
        let columns = &mut m.columns.rows_mut()[..y.len() + high.len()];
        lanes.multiply_halves(columns, (low, high), (companion, y), scan);
        let (m, inverse) = (m.digits.rows(), &m.negated_inverse[0]);
        lanes.reduce(x.rows_mut(), columns, m, inverse);
    }
}

struct Square<'a, L: Kernels, B>(&'a mut Moduli<L>, &'a mut Rows<L>, &'a mut B);

impl<L: Kernels, B: Scan<L>> Task<L> for Square<'_, L, B> {
    #[inline(always)]
    fn run(self, lanes: L) {
        let Self(m, x, scan) = self;
        let columns = m.columns.rows_mut();
        lanes.square(columns, x.rows(), scan);
        let (m, inverse) = (m.digits.rows(), &m.negated_inverse[0]);
        lanes.reduce(x.rows_mut(), columns, m, inverse);
    }
}

struct Reduce<'a, L: Kernels>(&'a mut Moduli<L>, &'a mut [L::Row], &'a mut [L::Row]);

impl<L: Kernels> Task<L> for Reduce<'_, L> {
    #[inline(always)]
    fn run(self, lanes: L) {
        let Self(m, x, wide) = self;
        let (m, inverse) = (m.digits.rows(), &m.negated_inverse[0]);
        lanes.reduce(x, wide, m, inverse);
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;
    use crate::arithmetic::Modulus;
    use crate::arithmetic::limbs::limbs_for;
    use crate::arithmetic::testing::bits;
    use crate::job::BLOCK_BITS;
    use crate::units::lanes::WORD_BITS;
    use crate::units::lanes::digits::{collect, spread};
    use crate::units::lanes::for_each_kind_of_lanes;
    use crate::units::lanes::testing::{
        KINDS, limbs, modulus_of, number_below, number_of, shorter,
    };

    /// A modulus m for each of eight lanes, and two numbers: less than 3m, and less than 2m as
    /// products are.
    fn cases() -> impl Strategy<Value = (usize, Vec<[BigUint; 3]>)> {
        (1..=8usize).prop_flat_map(|blocks| {
            let digits = 10 * blocks;
            let case = (
                [0..KINDS, 0..KINDS, 0..KINDS],
                shorter(),
                [number_of(digits), number_of(digits), number_of(digits)],
            );
            let case = case.prop_map(move |(kinds, shorter, [m, x, y])| {
                let bits = WORD_BITS * digits - 3 - shorter;
                let m = modulus_of(kinds[0], bits, m);
                let x = number_below(kinds[1], &m, 3, blocks, x);
                let y = number_below(kinds[2], &m, 2, blocks, y);
                [m, x, y]
            });
            (Just(blocks), proptest::collection::vec(case, 8))
        })
    }

    fn rows<L: Kernels>(blocks: usize, numbers: impl Iterator<Item = BigUint>) -> Rows<L> {
        let mut rows = Rows::zeroed(blocks);
        for (lane, number) in numbers.enumerate().take(L::WIDTH) {
            spread::<L>(rows.rows_mut(), lane, &limbs(&number, 140));
        }
        rows
    }

    fn number<L: Kernels>(rows: &Rows<L>, lane: usize) -> BigUint {
        let mut limbs = vec![0; 140];
        // The last carry is none; and where a word has several digits, each word of a row is one.
        let clean = if L::DIGITS_OF_WORD > 1 {
            rows.rows().len()
        } else {
            1
        };
        assert!(
            rows.rows()
                .iter()
                .rev()
                .take(clean)
                .all(|row| row.as_ref()[lane] <= L::DIGIT_MASK)
        );
        assert_eq!(collect::<L>(&mut limbs, rows.rows(), lane), 0);
        crate::arithmetic::testing::number(&limbs)
    }

    /// As many at once as there are lanes.
    fn check_all<L: Kernels>(lanes: L, blocks: usize, cases: &[[BigUint; 3]]) {
        for cases in cases.chunks(L::WIDTH) {
            check(lanes, blocks, cases);
        }
    }

    fn check<L: Kernels>(lanes: L, blocks: usize, cases: &[[BigUint; 3]]) {
        let constants: Vec<_> = cases
            .iter()
            .take(L::WIDTH)
            .map(|[m, ..]| {
                let len = limbs_for(bits(m));
                Constants::new(&Modulus::new(&limbs(m, len), bits(m)), blocks, 2)
            })
            .collect();
        let mut moduli = Moduli::new(lanes, constants.iter());
        let r = BigUint::from(1u8) << (BLOCK_BITS * blocks);
        let x = || rows::<L>(blocks, cases.iter().map(|[_, x, _]| x.clone()));
        let y = rows(blocks, cases.iter().map(|[_, _, y]| y.clone()));
        let (mut product, mut square, mut left, mut reduced) = (x(), x(), x(), x());
        let mut accompanied = x();
        moduli.multiply(&mut product, &y);
        let mut power = Rows::zeroed(2 * blocks);
        power.rows_mut()[..L::DIGITS_OF_BLOCK * blocks].clone_from_slice(y.rows());
        moduli.accompany(&mut power);
        if blocks == 1 {
            // The lower half is empty: y is its own companion.
            let (number, companion) = power.rows().split_at(y.rows().len());
            assert!(
                number
                    .iter()
                    .map(AsRef::as_ref)
                    .eq(companion.iter().map(AsRef::as_ref))
            );
        }
        moduli.multiply_accompanied(&mut accompanied, &power, &mut ());
        moduli.square(&mut square, &mut ());
        moduli.leave(&mut left);
        // What comes out of a reduction can have more than digits in its words: as an input of
        // everything.
        let again = |number: &Rows<L>| {
            let mut copy = Rows::zeroed(blocks);
            copy.rows_mut().clone_from_slice(number.rows());
            copy
        };
        let (mut fourth, mut squared, mut back) = (again(&square), again(&square), again(&square));
        moduli.multiply(&mut fourth, &square);
        moduli.square(&mut squared, &mut ());
        moduli.leave(&mut back);
        power.rows_mut()[..L::DIGITS_OF_BLOCK * blocks].clone_from_slice(square.rows());
        moduli.accompany(&mut power);
        let mut by_companion = again(&square);
        moduli.multiply_accompanied(&mut by_companion, &power, &mut ());
        let wide = |[m, x, y]: &[BigUint; 3]| (x << (BLOCK_BITS * blocks)) / 4u8 % (m * &r) + y;
        let mut columns = rows(2 * blocks, cases.iter().map(wide));
        moduli.reduce(&mut reduced, &mut columns);
        for (lane, case) in cases.iter().enumerate().take(L::WIDTH) {
            let [m, x, y] = case;
            for (result, expected) in [
                (&product, x * y),
                (&square, x * x),
                (&left, x.clone()),
                (&reduced, wide(case)),
            ] {
                let result = number(result, lane);
                assert!(&result * 8u8 < m * 17u8);
                assert_eq!(result * &r % m, expected % m);
            }
            let square = number(&square, lane);
            for fourth in [&fourth, &squared, &by_companion] {
                assert_eq!(number(fourth, lane) * &r % m, &square * &square % m);
            }
            assert_eq!(number(&back, lane) * &r % m, square % m);
            let result = number(&accompanied, lane);
            assert!(result < m * 3u8);
            assert_eq!(result * &r % m, x * y % m);
            assert!(number(&left, lane) <= *m);
        }
    }

    proptest! {
        #[test]
        fn arithmetic((blocks, cases) in cases()) {
            for_each_kind_of_lanes!(lanes => check_all(lanes, blocks, &cases));
        }
    }
}
