//! The instructions that make one number at a time quicker on x86-64: `mulx`, which leaves the
//! flags alone, and `adcx` and `adox`, which carry in a flag each, so that two chains of carries
//! run through the products at once. No compiler of Rust writes those two, so they stand here as
//! they are.

#![allow(unsafe_code, reason = "instructions that not every processor has")]

use std::arch::asm;

use super::kernels::OCTET;
use super::processor::ForProcessor;
use crate::probe;

/// BMI2, ADX and AVX2. A value is the proof that this processor has the instructions and that the
/// system keeps their registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Adx(());

/// `row!(first)`: window = (window + a · x) / 2⁶⁴. `first` puts x into rdx, the high half of the
/// product with the lowest limb of a into w0, and what is carried out of the sum of the lowest
/// limbs into CF.
macro_rules! row {
    ($first:expr) => {
        concat!(
            $first,
            product!(1, "w0", "w1"),
            product!(2, "w1", "w2"),
            product!(3, "w2", "w3"),
            product!(4, "w3", "w4"),
            product!(5, "w4", "w5"),
            product!(6, "w5", "w6"),
            product!(7, "w6", "w7"),
            "mov {low:e}, 0\n", // Keeps the flags, unlike `xor`.
            "adcx {w7}, {low}\n",
            "adox {w7}, {low}\n",
        )
    };
}

/// `product!(K, below, here)`: the limb `here` of the window, which becomes the one below, joins
/// the high half of the product before it, and the low half of this one. Its own high half takes
/// the place.
macro_rules! product {
    ($k:literal, $below:literal, $here:literal) => {
        concat!(
            "adox {",
            $below,
            "}, {",
            $here,
            "}\n",
            "mulx {",
            $here,
            "}, {low}, qword ptr [{a} + 8 * ",
            $k,
            "]\n",
            "adcx {",
            $below,
            "}, {low}\n",
        )
    };
}

/// The first product of a row by the limb K of x, whose sum goes to the limb K of t.
macro_rules! first_of_row {
    ($k:literal) => {
        concat!(
            "mov rdx, qword ptr [{x} + 8 * ",
            $k,
            "]\n",
            "xor {low:e}, {low:e}\n", // Clears CF and OF, too.
            "mulx {low}, rdx, qword ptr [{a}]\n",
            "adcx rdx, {w0}\n",
            "mov qword ptr [{t} + 8 * ",
            $k,
            "], rdx\n",
            "mov {w0}, {low}\n",
            "mov rdx, qword ptr [{x} + 8 * ",
            $k,
            "]\n",
        )
    };
}

/// The first product of a row by the limb of the quotient that makes its sum zero, which becomes
/// t\[K\]. What is carried out of that sum is known without it: 1, unless the limb was zero before.
macro_rules! first_of_row_of_quotient {
    ($k:literal) => {
        concat!(
            "mov rdx, {w0}\n",
            "imul rdx, {negated_inverse}\n",
            "mov qword ptr [{t} + 8 * ",
            $k,
            "], rdx\n",
            "xor {low:e}, {low:e}\n", // Clears CF and OF, too.
            "mov {low}, -1\n",
            "adcx {low}, {w0}\n",
            "mulx {w0}, {low}, qword ptr [{a}]\n",
        )
    };
}

/// The products of the limb J of a with those above it. The column J + K of the sum is in the
/// register of that number modulo 8; the last one, which is new, takes the place of the column J.
macro_rules! row_within {
    ($j:literal; $($k:literal $low:literal $high:literal),*; $last_low:literal $last_high:literal) => {
        concat!(
            "mov rdx, qword ptr [{a} + 8 * ", $j, "]\n",
            "xor {low:e}, {low:e}\n", // Clears CF and OF, too.
            $(
                "mulx {high}, {low}, qword ptr [{a} + 8 * ", $k, "]\n",
                "adcx {", $low, "}, {low}\n",
                "adox {", $high, "}, {high}\n",
            )*
            "mulx {", $last_high, "}, {low}, qword ptr [{a} + 8 * 7]\n",
            "adcx {", $last_low, "}, {low}\n",
            "mov {low:e}, 0\n", // Keeps the flags, unlike `xor`.
            "adcx {", $last_high, "}, {low}\n",
            "adox {", $last_high, "}, {low}\n",
        )
    };
}

/// `store!(K, limb)`: t\[K\] = limb.
macro_rules! store {
    ($k:literal, $limb:literal) => {
        concat!("mov qword ptr [{t} + 8 * ", $k, "], {", $limb, "}\n")
    };
}

/// `double!(K)`: with the columns 2·K and 2·K + 1 of t, t = 2 · t + a\[K\]². What is carried out of
/// the doubling is in CF, of the sum in OF. Leaves rdx changed.
macro_rules! double {
    ($k:literal) => {
        concat!(
            "mov rdx, qword ptr [{a} + 8 * ",
            $k,
            "]\n",
            "mulx {high}, {low}, rdx\n",
            "mov rdx, qword ptr [{t} + 16 * ",
            $k,
            "]\n",
            "adcx rdx, rdx\n",
            "adox rdx, {low}\n",
            "mov qword ptr [{t} + 16 * ",
            $k,
            "], rdx\n",
            "mov rdx, qword ptr [{t} + 16 * ",
            $k,
            " + 8]\n",
            "adcx rdx, rdx\n",
            "adox rdx, {high}\n",
            "mov qword ptr [{t} + 16 * ",
            $k,
            " + 8], rdx\n",
        )
    };
}

impl Adx {
    /// The only way to a value.
    pub(crate) fn detect() -> Option<Self> {
        // Valgrind executes them and denies it.
        let has = probe::is_adx_believed_in()
            || (is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("adx")
                && is_x86_feature_detected!("avx2"));
        has.then_some(Self(()))
    }

    /// window + a · x: t is its lower eight limbs, and what is returned its upper ones.
    ///
    /// Row by row, for each limb of x, there are nine limbs: with w = 2⁵¹², (w − 1) + (w − 1)·(2⁶⁴
    /// − 1) is less than 2⁶⁴·w. The lowest of them is done, eight stay.
    #[inline(always)]
    pub(crate) fn multiply_add(
        self,
        t: &mut [u64; OCTET],
        a: &[u64; OCTET],
        x: &[u64; OCTET],
        window: [u64; OCTET],
    ) -> [u64; OCTET] {
        let [
            mut w0,
            mut w1,
            mut w2,
            mut w3,
            mut w4,
            mut w5,
            mut w6,
            mut w7,
        ] = window;
        // SAFETY: `self` is the proof of BMI2 and ADX. The addresses are those of eight limbs each:
        // written in `t`, which nothing else refers to, and read in `a` and `x`. The stack is not
        // touched.
        unsafe {
            asm!(
                row!(first_of_row!(0)),
                row!(first_of_row!(1)),
                row!(first_of_row!(2)),
                row!(first_of_row!(3)),
                row!(first_of_row!(4)),
                row!(first_of_row!(5)),
                row!(first_of_row!(6)),
                row!(first_of_row!(7)),
                t = in(reg) t.as_mut_ptr(),
                a = in(reg) a.as_ptr(),
                x = in(reg) x.as_ptr(),
                low = out(reg) _,
                out("rdx") _,
                w0 = inout(reg) w0,
                w1 = inout(reg) w1,
                w2 = inout(reg) w2,
                w3 = inout(reg) w3,
                w4 = inout(reg) w4,
                w5 = inout(reg) w5,
                w6 = inout(reg) w6,
                w7 = inout(reg) w7,
                options(nostack),
            );
        }
        [w0, w1, w2, w3, w4, w5, w6, w7]
    }

    /// The upper eight limbs of t + m · q, for the quotient q that makes the lower ones zero. It
    /// takes the place of t.
    #[inline(always)]
    pub(crate) fn cancel(
        self,
        t: &mut [u64; OCTET],
        m: &[u64; OCTET],
        negated_inverse: u64,
    ) -> [u64; OCTET] {
        let [
            mut w0,
            mut w1,
            mut w2,
            mut w3,
            mut w4,
            mut w5,
            mut w6,
            mut w7,
        ] = *t;
        // SAFETY: `self` is the proof of BMI2 and ADX. The addresses are those of eight limbs each:
        // written in `t`, which nothing else refers to, and read in `m`. The stack is not touched.
        unsafe {
            asm!(
                row!(first_of_row_of_quotient!(0)),
                row!(first_of_row_of_quotient!(1)),
                row!(first_of_row_of_quotient!(2)),
                row!(first_of_row_of_quotient!(3)),
                row!(first_of_row_of_quotient!(4)),
                row!(first_of_row_of_quotient!(5)),
                row!(first_of_row_of_quotient!(6)),
                row!(first_of_row_of_quotient!(7)),
                t = in(reg) t.as_mut_ptr(),
                a = in(reg) m.as_ptr(),
                negated_inverse = in(reg) negated_inverse,
                low = out(reg) _,
                out("rdx") _,
                w0 = inout(reg) w0,
                w1 = inout(reg) w1,
                w2 = inout(reg) w2,
                w3 = inout(reg) w3,
                w4 = inout(reg) w4,
                w5 = inout(reg) w5,
                w6 = inout(reg) w6,
                w7 = inout(reg) w7,
                options(nostack),
            );
        }
        [w0, w1, w2, w3, w4, w5, w6, w7]
    }

    /// t + the products of any two different limbs of a, each once, at its column: t is its lower
    /// eight limbs, and what is returned its upper ones.
    ///
    /// The last of those is zero: the products are among those of the lower seven limbs with all
    /// eight, and (2⁴⁴⁸ − 1)(2⁵¹² − 1) + 2⁵¹² − 1 is less than 2⁹⁶⁰.
    #[inline(always)]
    pub(crate) fn add_products_within(
        self,
        t: &mut [u64; OCTET],
        a: &[u64; OCTET],
    ) -> [u64; OCTET] {
        // The lowest column has no product.
        let [_, mut w1, mut w2, mut w3, mut w4, mut w5, mut w6, mut w7] = *t;
        let w0: u64;
        // SAFETY: `self` is the proof of BMI2 and ADX. The addresses are those of eight limbs each:
        // written in `t`, which nothing else refers to, and read in `a`. The stack is not touched.
        unsafe {
            asm!(
                row_within!(0; 1 "w1" "w2", 2 "w2" "w3", 3 "w3" "w4", 4 "w4" "w5", 5 "w5" "w6", 6 "w6" "w7"; "w7" "w0"),
                store!(1, "w1"),
                store!(2, "w2"),
                row_within!(1; 2 "w3" "w4", 3 "w4" "w5", 4 "w5" "w6", 5 "w6" "w7", 6 "w7" "w0"; "w0" "w1"),
                store!(3, "w3"),
                store!(4, "w4"),
                row_within!(2; 3 "w5" "w6", 4 "w6" "w7", 5 "w7" "w0", 6 "w0" "w1"; "w1" "w2"),
                store!(5, "w5"),
                store!(6, "w6"),
                row_within!(3; 4 "w7" "w0", 5 "w0" "w1", 6 "w1" "w2"; "w2" "w3"),
                store!(7, "w7"),
                row_within!(4; 5 "w1" "w2", 6 "w2" "w3"; "w3" "w4"),
                row_within!(5; 6 "w3" "w4"; "w4" "w5"),
                row_within!(6; ; "w5" "w6"),
                "mov {w7:e}, 0",
                t = in(reg) t.as_mut_ptr(),
                a = in(reg) a.as_ptr(),
                low = out(reg) _,
                high = out(reg) _,
                out("rdx") _,
                w0 = out(reg) w0,
                w1 = inout(reg) w1,
                w2 = inout(reg) w2,
                w3 = inout(reg) w3,
                w4 = inout(reg) w4,
                w5 = inout(reg) w5,
                w6 = inout(reg) w6,
                w7 = inout(reg) w7,
                options(nostack),
            );
        }
        [w0, w1, w2, w3, w4, w5, w6, w7]
    }

    /// t = 2·t + the squares of the limbs of a, each at its two columns, with the carries of the
    /// two sums, which are 0 or 1, going in and out.
    #[inline(always)]
    pub(crate) fn double_and_add_squares(
        self,
        t: &mut [u64; 8],
        a: &[u64; 4],
        [mut doubled, mut added]: [u64; 2],
    ) -> [u64; 2] {
        // SAFETY: `self` is the proof of BMI2 and ADX. The addresses are those of eight limbs of
        // `t`, read and written, which nothing else refers to, and of four of `a`, read. The stack
        // is not touched.
        unsafe {
            asm!(
                // A carry is out of 0 or 1 and 2⁶⁴ − 1.
                "mov {low}, -1",
                "xor {high:e}, {high:e}", // Clears CF and OF, too.
                "adcx {doubled}, {low}",
                "adox {added}, {low}",
                double!(0),
                double!(1),
                double!(2),
                double!(3),
                "mov {doubled:e}, 0", // Does not, unlike `xor`.
                "mov {added:e}, 0",
                "mov {low:e}, 0",
                "adcx {doubled}, {low}",
                "adox {added}, {low}",
                t = in(reg) t.as_mut_ptr(),
                a = in(reg) a.as_ptr(),
                out("rdx") _,
                doubled = inout(reg) doubled,
                added = inout(reg) added,
                low = out(reg) _,
                high = out(reg) _,
                options(nostack),
            );
        }
        [doubled, added]
    }

    /// Runs a look-up where the registers of AVX2 may be used.
    pub(super) fn look_up<T: ForProcessor>(self, task: T) {
        // SAFETY: `self` is the proof of the feature.
        unsafe { with_avx2(task) }
    }
}

/// Compiles a task, and all that is inlined into it, with the instructions.
///
/// # Safety
///
/// The processor has AVX2, and the system keeps its registers.
#[inline(never)]
#[target_feature(enable = "avx2")]
unsafe fn with_avx2<T: ForProcessor>(task: T) {
    task.run();
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::Adx;
    use crate::arithmetic::testing::{limb, number};

    fn limbs<const N: usize>() -> impl Strategy<Value = [u64; N]> {
        proptest::array::uniform(limb())
    }

    /// What is tested, or a line that says why it is not.
    fn detected() -> Option<Adx> {
        let adx = Adx::detect();
        if adx.is_none() {
            println!("not run: this processor does not have BMI2, ADX and AVX2");
        }
        adx
    }

    /// A product and what is added to it, and all of its largest values.
    fn blocks() -> impl Strategy<Value = [[u64; 8]; 3]> {
        prop_oneof![
            proptest::array::uniform(limbs::<8>()),
            Just([[u64::MAX; 8]; 3])
        ]
    }

    fn number_of(lower: &[u64], upper: &[u64]) -> BigUint {
        number(&[lower, upper].concat())
    }

    #[test]
    fn products_of_blocks() {
        let Some(adx) = detected() else { return };
        proptest!(|([a, x, window] in blocks(), garbage in limbs::<8>())| {
            let mut lower = garbage;
            let upper = adx.multiply_add(&mut lower, &a, &x, window);
            prop_assert_eq!(number_of(&lower, &upper), number(&a) * number(&x) + number(&window));
        });
    }

    #[test]
    fn quotients_of_blocks() {
        let Some(adx) = detected() else { return };
        proptest!(|([mut m, t, _] in blocks())| {
            m[0] |= 1;
            let inverse = (0..5).fold(m[0], |x, _| {
                x.wrapping_mul(2u64.wrapping_sub(m[0].wrapping_mul(x)))
            });
            let mut quotient = t;
            let upper = adx.cancel(&mut quotient, &m, inverse.wrapping_neg());
            let sum = number(&t) + number(&m) * number(&quotient);
            prop_assert_eq!(number_of(&[0; 8], &upper), sum);
        });
    }

    #[test]
    fn products_within_a_block() {
        let Some(adx) = detected() else { return };
        proptest!(|([a, t, _] in blocks())| {
            let mut lower = t;
            let upper = adx.add_products_within(&mut lower, &a);
            let pairs = (0..8).flat_map(|j| (0..j).map(move |i| (i, j)));
            let products = pairs.map(|(i, j)| (number(&a[i..=i]) * a[j]) << (64 * (i + j)));
            prop_assert_eq!(number_of(&lower, &upper), number(&t) + products.sum::<BigUint>());
        });
    }

    #[test]
    fn sums_of_squares() {
        let Some(adx) = detected() else { return };
        let carries = proptest::array::uniform(0..2u64);
        proptest!(|(a in limbs::<4>(), t in limbs::<8>(), carries in carries)| {
            let mut sum = t;
            let carried = adx.double_and_add_squares(&mut sum, &a, carries);
            let squares: Vec<u64> = a
                .iter()
                .flat_map(|a| <[u64; 2]>::from(a.carrying_mul(*a, 0)))
                .collect();
            let expected = number(&t) * 2u8 + number(&squares) + carries[0] + carries[1];
            let carried: u64 = carried.iter().sum();
            prop_assert_eq!(number(&sum) + (BigUint::from(carried) << 512), expected);
        });
    }
}
