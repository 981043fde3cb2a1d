//! The products modulo m of a number that stands across the lanes, or of two by turns.
//!
//! Digit i stands in vector i mod V, and there in lane i / V: to move a number by one digit is to
//! take the vectors in another order, and to move the words of *one* of them by a lane. A *row* is
//! what belongs to one digit of a factor. *Columns* are the sums of what belongs to the same
//! digits, a vector of them for each; none overflows, as the description of the engine shows, which
//! also has the bounds.

use core::sync::atomic::{Ordering, compiler_fence};

use super::vectors::Vectors;
use crate::units::lanes::Across;

/// How many rows the products of the factors are ahead of those of the quotient, whose digits wait
/// for each other. No column is asked for sooner.
const AHEAD: usize = 3;

/// What the numbers are reduced by.
pub(super) struct Modulus<'a, L: Across, const V: usize> {
    /// m.
    pub(super) digits: &'a Vectors<L, V>,
    /// 1 / 2⁵² modulo m.
    pub(super) radix_inverse: &'a Vectors<L, V>,
    /// −1 / m modulo 2⁵², in the lanes of the number's digits.
    pub(super) negated_inverse: &'a L::Row,
}

/// A factor and another one of which the digits are taken from this one on.
pub(super) struct Product<'a, L: Across, const V: usize> {
    pub(super) factor: &'a Vectors<L, V>,
    pub(super) digits: &'a Vectors<L, V>,
    pub(super) from: usize,
}

/// Repeats a statement for each row of a turn, or for each vector, of which there are ten at most:
/// for a constant, so that arrays that are indexed by it become registers. Lanes that have no
/// registers get a loop, which is a tenth of the code.
macro_rules! for_each {
    ($j:ident of $count:expr => $statement:expr) => {
        if L::HAS_REGISTERS {
            for_each!($j of $count => $statement; 0 1 2 3 4 5 6 7 8 9)
        } else {
            #[allow(non_snake_case, reason = "a constant in the other case")]
            for $j in 0..$count {
                $statement;
            }
        }
    };
    ($j:ident of $count:expr => $statement:expr; $($value:literal)*) => {
        {
            $({
                const $j: usize = $value;
                if $j < $count {
                    $statement;
                }
            })*
        }
    };
}

/// The sum of the products / 2^(52 · rows) modulo m, by so many digits of each second factor.
///
/// The numbers stand in N lanes by turns. With one product, it is less than 2m and
/// factor · (the highest digit) / 2⁵² more; with two, by that much more again.
#[inline(always)]
pub(super) fn multiply<L: Across, const V: usize, const N: usize, const PRODUCTS: usize>(
    lanes: L,
    rows: usize,
    products: &[Product<'_, L, V>; PRODUCTS],
    m: &Modulus<'_, L, V>,
) -> [L::Vector; V] {
    let mut sums = Sums::<L, V, N>::zero(lanes);
    for_each!(J of AHEAD => sums.add_products(J, products, 0, J));
    sums.take(0);
    sums.take(1);
    'rows: for turn in 0.. {
        for_each!(J of V => {
            let row = turn * V + J;
            if row + 1 == rows {
                break 'rows;
            }
            sums.add_quotient(J, m);
            separate_rows::<V>();
            if row + AHEAD < rows {
                sums.add_products((J + AHEAD) % V, products, turn, J + AHEAD);
            } else if row + AHEAD == rows {
                sums.complete((J + AHEAD) % V);
            }
            separate_rows::<V>();
        });
    }
    sums.add_last_quotient((rows - 1) % V, m);
    sums.carried(rows % V)
}

/// a² / 2^(52 · rows) modulo m, less than 2m + a² / 2^(52 · rows).
///
/// Row j of a turn multiplies the vectors from j on. So each product of digits of two different
/// vectors is there once, and is doubled; those of digits of the same vector are all there.
#[inline(always)]
pub(super) fn square<L: Across, const V: usize, const N: usize>(
    lanes: L,
    rows: usize,
    a: &Vectors<L, V>,
    m: &Modulus<'_, L, V>,
) -> [L::Vector; V] {
    let mut sums = Sums::<L, V, N>::zero(lanes);
    for_each!(J of AHEAD => sums.add_higher_products(J, a, 0, J));
    sums.add_low_of_own(0, a, 0, 0);
    sums.take(0);
    sums.take(1);
    'rows: for turn in 0.. {
        for_each!(J of V => {
            let row = turn * V + J;
            if row + 1 == rows {
                break 'rows;
            }
            sums.add_quotient(J, m);
            separate_rows::<V>();
            sums.add_high_of_own(J, a, turn, J);
            sums.add_low_of_own((J + 1) % V, a, turn, J + 1);
            if row + AHEAD < rows {
                sums.add_higher_products((J + AHEAD) % V, a, turn, J + AHEAD);
            } else if row + AHEAD == rows {
                sums.complete_doubled((J + AHEAD) % V);
            }
            separate_rows::<V>();
        });
    }
    sums.add_last_quotient((rows - 1) % V, m);
    sums.add_high_of_own((rows - 1) % V, a, (rows - 1) / V, (rows - 1) % V);
    sums.double_products();
    sums.carried(rows % V)
}

/// Keeps the compiler from reading what belongs to other rows meanwhile: with so many columns it
/// would have to keep some of them on the stack instead.
#[inline(always)]
fn separate_rows<const V: usize>() {
    /// With so many vectors a row has no register to spare.
    const MANY: usize = 9;
    if V >= MANY {
        compiler_fence(Ordering::SeqCst);
    }
}

/// The columns, in registers. A vector of them is told by its number modulo V.
///
/// Row i makes the column that is lowest then zero, in all of V columns that begin with number i,
/// and moves its vector to the upper end, as the column of number i + V.
struct Sums<L: Across, const V: usize, const N: usize> {
    lanes: L,
    /// The sums of all that the quotient's rows need, and of the products of the quotient.
    columns: [L::Vector; V],
    /// The sums of the products of the factors, while rows add to them.
    products: [L::Vector; V],
    /// Those to which no row adds any more, and which are not in `columns` yet.
    complete: [L::Vector; V],
    /// The digit of the quotient before: the high halves of its products belong to the next row.
    before: L::Vector,
}

impl<L: Across, const V: usize, const N: usize> Sums<L, V, N> {
    #[inline(always)]
    fn zero(lanes: L) -> Self {
        let zero = lanes.splat(0);
        Self {
            lanes,
            columns: [zero; V],
            products: [zero; V],
            complete: [zero; V],
            before: zero,
        }
    }

    /// Adds a digit's products with its factor, for each pair.
    ///
    /// The row is number `row` after the beginning of a turn, and number j modulo V.
    #[inline(always)]
    fn add_products<const PRODUCTS: usize>(
        &mut self,
        j: usize,
        products: &[Product<'_, L, V>; PRODUCTS],
        turn: usize,
        row: usize,
    ) {
        let lanes = self.lanes;
        let digits = products.each_ref().map(|product| {
            let row = row + product.from;
            lanes.repeat_from(&product.digits.vectors()[row % V], turn + row / V, N)
        });
        for_each!(K of V => {
            let factors = products
                .each_ref()
                .map(|product| lanes.load(&product.factor.vectors()[K]));
            for (factor, digit) in factors.into_iter().zip(digits) {
                let column = &mut self.products[(j + K) % V];
                *column = lanes.add_low(*column, factor, digit);
            }
            if K == 0 {
                self.complete(j);
            }
            for (factor, digit) in factors.into_iter().zip(digits) {
                let column = &mut self.products[(j + 1 + K) % V];
                *column = lanes.add_high(*column, factor, digit);
            }
        });
    }

    /// Adds a digit's products with the digits of higher vectors.
    #[inline(always)]
    fn add_higher_products(&mut self, j: usize, a: &Vectors<L, V>, turn: usize, row: usize) {
        let lanes = self.lanes;
        self.complete_doubled(j);
        let digit = lanes.repeat_from(&a.vectors()[row % V], turn + row / V, N);
        for k in j + 1..V {
            let factor = lanes.load(&a.vectors()[k]);
            let column = &mut self.products[(j + k) % V];
            *column = lanes.add_low(*column, factor, digit);
            let column = &mut self.products[(j + 1 + k) % V];
            *column = lanes.add_high(*column, factor, digit);
        }
    }

    /// Adds the low halves of a digit's products with the digits of its own vector.
    #[inline(always)]
    fn add_low_of_own(&mut self, j: usize, a: &Vectors<L, V>, turn: usize, row: usize) {
        let digit = (self.lanes).repeat_from(&a.vectors()[row % V], turn + row / V, N);
        let column = &mut self.columns[(j + j) % V];
        *column = (self.lanes).add_low(*column, self.lanes.load(&a.vectors()[j]), digit);
    }

    /// Adds their high halves: one row later, when there is a column for them.
    #[inline(always)]
    fn add_high_of_own(&mut self, j: usize, a: &Vectors<L, V>, turn: usize, row: usize) {
        let digit = (self.lanes).repeat_from(&a.vectors()[row % V], turn + row / V, N);
        let column = &mut self.columns[(j + j + 1) % V];
        *column = (self.lanes).add_high(*column, self.lanes.load(&a.vectors()[j]), digit);
    }

    /// No row adds to this column of products any more.
    #[inline(always)]
    fn complete(&mut self, j: usize) {
        self.complete[j] = self.products[j];
        self.products[j] = self.lanes.splat(0);
    }

    /// The same for a square, whose products are doubled.
    #[inline(always)]
    fn complete_doubled(&mut self, j: usize) {
        self.complete[j] = (self.lanes).add(self.products[j], self.products[j]);
        self.products[j] = self.lanes.splat(0);
    }

    /// Doubles the products that no row has completed.
    #[inline(always)]
    fn double_products(&mut self) {
        for column in &mut self.products {
            *column = self.lanes.add(*column, *column);
        }
    }

    /// Takes a complete column in.
    #[inline(always)]
    fn take(&mut self, j: usize) {
        self.columns[j] = self.lanes.add(self.columns[j], self.complete[j]);
    }

    /// columns = columns / 2⁵² modulo m: the lowest digit is the quotient's, and its product with
    /// 1 / 2⁵² is added to what is above it.
    ///
    /// The next digit waits for this one: for its repetition, and for one product. All else is
    /// computed meanwhile. A column that the quotient reaches two rows later is taken in here.
    #[inline(always)]
    fn add_quotient(&mut self, j: usize, m: &Modulus<'_, L, V>) {
        let (lanes, before) = (self.lanes, self.before);
        let inverse = |k: usize| lanes.load(&m.radix_inverse.vectors()[k]);
        let digit = lanes.repeat(self.columns[j], N);
        self.move_up(j);
        let columns = &mut self.columns;
        let (next, second) = ((j + 1) % V, (j + 2) % V);
        columns[next] = lanes.add_low(columns[next], inverse(0), digit);
        // The second column is the lowest after that: what belongs to it goes by two ways.
        let taken = lanes.add_high(self.complete[second], inverse(0), digit);
        columns[second] = lanes.add_high(columns[second], inverse(1), before);
        columns[second] = lanes.add_low(columns[second], inverse(1), digit);
        columns[second] = lanes.add(columns[second], taken);
        for k in 2..V {
            let column = &mut columns[(j + 1 + k) % V];
            let inverse = inverse(k);
            *column = lanes.add_high(*column, inverse, before);
            *column = lanes.add_low(*column, inverse, digit);
        }
        self.before = digit;
    }

    /// The same by the digit that makes the lowest one zero when m is added so often. It keeps the
    /// result as small as m: the others add up to 2⁵² times as much.
    #[inline(always)]
    fn add_last_quotient(&mut self, j: usize, m: &Modulus<'_, L, V>) {
        let (lanes, before) = (self.lanes, self.before);
        let negated_inverse = lanes.load(m.negated_inverse);
        let digit = lanes.add_low(lanes.splat(0), self.columns[j], negated_inverse);
        let digit = lanes.repeat(digit, N);
        for k in 0..V {
            let column = &mut self.columns[(j + k) % V];
            *column = lanes.add_low(*column, lanes.load(&m.digits.vectors()[k]), digit);
        }
        self.move_up(j);
        for k in 0..V {
            let column = &mut self.columns[(j + 1 + k) % V];
            // The row before has added that of the lowest digit.
            if k > 0 {
                *column =
                    lanes.add_high(*column, lanes.load(&m.radix_inverse.vectors()[k]), before);
            }
            *column = lanes.add_high(*column, lanes.load(&m.digits.vectors()[k]), digit);
        }
    }

    /// The lowest digit leaves its column, what it carries goes to the next one, and the column to
    /// the upper end.
    #[inline(always)]
    fn move_up(&mut self, j: usize) {
        let lanes = self.lanes;
        let carry = lanes.lowest(lanes.carry(self.columns[j]), N);
        self.columns[j] = lanes.down(self.columns[j], N);
        let next = (j + 1) % V;
        self.columns[next] = lanes.add(self.columns[next], carry);
    }

    /// The number that the columns from this one on are, with its carries: the lowest 52 bits of
    /// each word are its digits. What is above them counts no more.
    ///
    /// A lane has V digits. Carries run through those of all lanes at once, and what a lane carries
    /// goes to the lowest digit of the next, which may let it run on: through a lane whose other
    /// digits are all ones, and through those above it that are the same. Which these are is found
    /// by looking 1, 2 and 4 digits' lanes down, whatever the digits, and the carries run once
    /// more.
    #[inline(always)]
    fn carried(self, lowest: usize) -> [L::Vector; V] {
        let lanes = self.lanes;
        let mut number = [lanes.splat(0); V];
        let mut carry = lanes.splat(0);
        for (k, digit) in number.iter_mut().enumerate() {
            let column = (lowest + k) % V;
            // What the last rows have left: of the lowest column nothing, it was taken in already.
            let sum = lanes.add(self.columns[column], self.products[column]);
            let sum = lanes.add(sum, carry);
            *digit = lanes.digit(sum);
            carry = lanes.carry(sum);
        }
        number[0] = lanes.add(number[0], lanes.up(carry, N));

        let one = lanes.splat(1);
        let mut ones = number[1];
        for digit in &number[2..] {
            ones = lanes.and(ones, *digit);
        }
        let are_ones = lanes.carry(lanes.add(ones, one));
        // Whether a lane carries by itself, and whether it does if the one below it does.
        let mut carries = lanes.and(are_ones, lanes.carry(number[0]));
        let mut hands_on = lanes.and(are_ones, lanes.carry(lanes.add(number[0], one)));
        for distance in [N, 2 * N, 4 * N] {
            if distance < L::WIDTH {
                carries = lanes.or_and(carries, hands_on, lanes.up(carries, distance));
                hands_on = lanes.and(hands_on, lanes.up(hands_on, distance));
            }
        }
        let mut carry = lanes.up(carries, N);
        for digit in &mut number {
            // The multiplications do not see what becomes of a digit of ones.
            *digit = lanes.add(*digit, carry);
            carry = lanes.carry(*digit);
        }
        number
    }
}
