//! The products and the Montgomery reduction, of as many numbers at once as there are lanes.
//!
//! A number is a slice of rows, each a digit of every lane, the lowest first. Sums of products are kept
//! in *columns* of 64 bits: nothing is carried between them until a number is reduced. The kernels of
//! each length of digits have a file of their own.

use crate::units::lanes::Lanes;

/// The lengths of numbers are multiples of so many bits.
pub(crate) const BLOCK_BITS: usize = 520;

/// What is done beside multiplications, in shares.
pub(crate) trait Background<L: Lanes> {
    type Share<'a>: Share<L>
    where
        Self: 'a;

    /// The next share, of which there must be one.
    fn share(&mut self, lanes: L) -> Self::Share<'_>;
}

/// A share of it, in ten parts.
pub(crate) trait Share<L: Lanes> {
    fn part<const PART: usize>(&mut self, lanes: L);

    /// All parts at once.
    #[inline(always)]
    fn whole(&mut self, lanes: L) {
        self.part::<0>(lanes);
        self.part::<1>(lanes);
        self.part::<2>(lanes);
        self.part::<3>(lanes);
        self.part::<4>(lanes);
        self.part::<5>(lanes);
        self.part::<6>(lanes);
        self.part::<7>(lanes);
        self.part::<8>(lanes);
        self.part::<9>(lanes);
    }
}

/// Nothing.
impl<L: Lanes> Background<L> for () {
    type Share<'a> = ();

    #[inline(always)]
    fn share(&mut self, _: L) {}
}

impl<L: Lanes> Share<L> for () {
    #[inline(always)]
    fn part<const PART: usize>(&mut self, _: L) {}
}

/// Lanes that multiply and reduce numbers.
pub(crate) trait Kernels: Lanes {
    /// How many digits a block has.
    const BLOCK: usize = BLOCK_BITS / Self::DIGIT_BITS;

    /// How many addends of columns a product of two digits has.
    #[cfg(flowseal_hooks)]
    const ADDENDS: usize;

    /// sum + an addend of a · b.
    #[cfg(flowseal_hooks)]
    fn add_addend(self, sum: Self::Vector, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// columns = a · b, for factors of one length; there are twice as many columns.
    #[inline(always)]
    fn multiply(self, columns: &mut [Self::Row], a: &[Self::Row], b: &[Self::Row]) {
        self.multiply_halves(columns, (&[], a), (&[], b), &mut ());
    }

    /// columns = a₀ · b₀ + a₁ · b₁; there are as many columns as digits of a₁ and b₁.
    ///
    /// Together with four squares of numbers as long as b₁ it takes at most four shares for each block of that.
    fn multiply_halves(
        self,
        columns: &mut [Self::Row],
        a: (&[Self::Row], &[Self::Row]),
        b: (&[Self::Row], &[Self::Row]),
        background: &mut impl Background<Self>,
    );

    /// columns = a²; there are twice as many columns as digits. It takes at most a share for each block.
    fn square(
        self,
        columns: &mut [Self::Row],
        a: &[Self::Row],
        background: &mut impl Background<Self>,
    );

    /// number = columns / S modulo m, where S is the radix to the power of the number of columns that
    /// there are more than digits of m; the columns are used up.
    ///
    /// `negated_inverse` is −m⁻¹ modulo the radix. If the columns are less than m · S, the result is less
    /// than 2m.
    fn reduce(
        self,
        number: &mut [Self::Row],
        columns: &mut [Self::Row],
        m: &[Self::Row],
        negated_inverse: &Self::Row,
    );
}

/// Columns that a window leaves, and the next ones, which enter it: as many as it holds.
#[inline(always)]
pub(super) fn neighbours_mut<R>(columns: &mut [R], i: usize) -> (&mut R, &mut R) {
    let (low, high) = columns.split_at_mut(i + 1);
    (&mut low[i], &mut high[0])
}
