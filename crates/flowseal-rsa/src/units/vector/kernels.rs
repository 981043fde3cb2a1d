//! The products and the Montgomery reduction, of as many numbers at once as there are lanes.
//!
//! A number is a slice of rows, each a digit of every lane, the lowest first. Sums of products are
//! kept in *columns* of 64 bits: nothing is carried between them until a number is reduced. The
//! kernels of each length of digits have a file of their own.

use crate::job::BLOCK_BITS;
use crate::units::lanes::Lanes;

/// What is read from a table between multiply-adds, block by block of what they multiply.
pub(crate) trait Scan<L: Lanes> {
    type Block<'a>: ScanOfBlock<L>
    where
        Self: 'a;

    /// What is read beside the next block, of which there must be one.
    fn next_block(&mut self, lanes: L) -> Self::Block<'_>;
}

/// What is read beside a block: in ten steps, as many as the block has digits.
pub(crate) trait ScanOfBlock<L: Lanes> {
    fn step<const STEP: usize>(&mut self, lanes: L);

    /// All steps at once.
    #[inline(always)]
    fn all_steps(&mut self, lanes: L) {
        self.step::<0>(lanes);
        self.step::<1>(lanes);
        self.step::<2>(lanes);
        self.step::<3>(lanes);
        self.step::<4>(lanes);
        self.step::<5>(lanes);
        self.step::<6>(lanes);
        self.step::<7>(lanes);
        self.step::<8>(lanes);
        self.step::<9>(lanes);
    }
}

/// Nothing.
impl<L: Lanes> Scan<L> for () {
    type Block<'a> = ();

    #[inline(always)]
    fn next_block(&mut self, _: L) {}
}

impl<L: Lanes> ScanOfBlock<L> for () {
    #[inline(always)]
    fn step<const STEP: usize>(&mut self, _: L) {}
}

/// Lanes that multiply and reduce numbers.
pub(crate) trait Kernels: Lanes {
    /// How many digits a block has.
    const DIGITS_OF_BLOCK: usize = BLOCK_BITS / Self::DIGIT_BITS;

    /// columns = a · b, for factors of one length; there are twice as many columns.
    #[inline(always)]
    fn multiply(self, columns: &mut [Self::Row], a: &[Self::Row], b: &[Self::Row]) {
        self.multiply_halves(columns, (&[], a), (&[], b), &mut ());
    }

    /// columns = a₀ · b₀ + a₁ · b₁; there are as many columns as digits of a₁ and b₁.
    ///
    /// Together with four squares of numbers as long as b₁ it reads beside at most four blocks for
    /// each block of that.
    fn multiply_halves(
        self,
        columns: &mut [Self::Row],
        a: (&[Self::Row], &[Self::Row]),
        b: (&[Self::Row], &[Self::Row]),
        scan: &mut impl Scan<Self>,
    );

    /// columns = a²; there are twice as many columns as digits. It reads beside at most as many
    /// blocks as a has.
    fn square(self, columns: &mut [Self::Row], a: &[Self::Row], scan: &mut impl Scan<Self>);

    /// number = columns / S modulo m, where S is the radix to the power of the number of columns
    /// that there are more than digits of m; the columns are used up.
    ///
    /// `negated_inverse` is −m⁻¹ modulo the radix. If the columns are less than m · S, the result
    /// is less than 2m.
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
