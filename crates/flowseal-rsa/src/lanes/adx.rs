//! The instructions that make one number at a time quicker on x86-64: `mulx`, which leaves the flags alone, and
//! `adcx` and `adox`, which carry in a flag each, so that two chains of carries run through the products at
//! once. No compiler of Rust writes those two, so they stand here as they are.

#![allow(unsafe_code, reason = "instructions that not every processor has")]

use std::arch::asm;

use super::Scalar;

/// BMI2, ADX and AVX2. A value is the proof that this processor has the instructions and that the system
/// keeps their registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Adx(());

/// `product!(K, before, after)`: with x in rdx, t\[K\] += low half of a\[K\] · x + the register `before`, and
/// the high half to the register `after`. What is carried out of the first sum is in CF, of the second in OF.
macro_rules! product {
    ($k:literal, $before:literal, $after:literal) => {
        concat!(
            "mulx {",
            $after,
            "}, {low}, qword ptr [{a} + 8 * ",
            $k,
            "]\n",
            "adcx {low}, {",
            $before,
            "}\n",
            "adox {low}, qword ptr [{t} + 8 * ",
            $k,
            "]\n",
            "mov qword ptr [{t} + 8 * ",
            $k,
            "], {low}\n",
        )
    };
}

/// `double!(K)`: with the columns 2·K and 2·K + 1 of t, t = 2 · t + a\[K\]². What is carried out of the
/// doubling is in CF, of the sum in OF. Leaves rdx changed.
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

/// Adds products to as many limbs as are named, in pairs from the lowest on.
macro_rules! add_products {
    ($t:ident, $a:ident, $x:ident, $carry:ident; $($even:literal $odd:literal),*) => {
        asm!(
            "xor {zero:e}, {zero:e}", // Clears CF and OF, too.
            $(product!($even, "carry", "high"), product!($odd, "high", "carry"),)*
            "adcx {carry}, {zero}",
            "adox {carry}, {zero}",
            t = in(reg) $t.as_mut_ptr(),
            a = in(reg) $a.as_ptr(),
            in("rdx") $x,
            carry = inout(reg) $carry,
            low = out(reg) _,
            high = out(reg) _,
            zero = out(reg) _,
            options(nostack),
        )
    };
}

impl Adx {
    /// The only way to a value.
    pub(crate) fn detect() -> Option<Self> {
        // Valgrind executes them and denies it.
        #[cfg(flowseal_hooks)]
        if crate::hooks::is_adx_believed_in() {
            return Some(Self(()));
        }
        (is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("adx")
            && is_x86_feature_detected!("avx2"))
        .then_some(Self(()))
    }

    /// t += a · x + carry, for four limbs; returns what is carried out of them.
    ///
    /// With w = 2²⁵⁶ that is at most (w − 1) + (w − 1)·(2⁶⁴ − 1) + (2⁶⁴ − 1) = 2⁶⁴·w − 1: it fits a limb.
    #[inline(always)]
    pub(crate) fn add_products_4(
        self,
        t: &mut [u64; 4],
        a: &[u64; 4],
        x: u64,
        mut carry: u64,
    ) -> u64 {
        // SAFETY: `self` is the proof of BMI2 and ADX. The addresses are those of four limbs each: read and
        // written in `t`, which nothing else refers to, and read in `a`. The stack is not touched.
        unsafe {
            add_products!(t, a, x, carry; 0 1, 2 3);
        }
        carry
    }

    /// The same for eight.
    #[inline(always)]
    pub(crate) fn add_products_8(
        self,
        t: &mut [u64; 8],
        a: &[u64; 8],
        x: u64,
        mut carry: u64,
    ) -> u64 {
        // SAFETY: as above, with eight limbs each.
        unsafe {
            add_products!(t, a, x, carry; 0 1, 2 3, 4 5, 6 7);
        }
        carry
    }

    /// t = 2·t + the squares of the limbs of a, each at its two columns, with the carries of the two sums, which are
    /// 0 or 1, going in and out.
    #[inline(always)]
    pub(crate) fn double_and_add_squares(
        self,
        t: &mut [u64; 8],
        a: &[u64; 4],
        [mut doubled, mut added]: [u64; 2],
    ) -> [u64; 2] {
        // SAFETY: `self` is the proof of BMI2 and ADX. The addresses are those of eight limbs of `t`, read and
        // written, which nothing else refers to, and of four of `a`, read. The stack is not touched.
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
    pub(super) fn look_up<T: Scalar>(self, task: T) {
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
unsafe fn with_avx2<T: Scalar>(task: T) {
    task.run();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rsa::BigUint;

    use super::Adx;
    use crate::scalar::testing::{limb, number};

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

    #[test]
    fn sums_of_products() {
        let Some(adx) = detected() else { return };
        proptest!(|(a in limbs::<8>(), t in limbs::<8>(), x in limb(), carry in limb())| {
            let mut eight = t;
            let carried = adx.add_products_8(&mut eight, &a, x, carry);
            let expected = number(&t) + number(&a) * x + carry;
            prop_assert_eq!(number(&eight) + (BigUint::from(carried) << 512), expected);

            let (mut four, a) = (*t.first_chunk().unwrap(), a.first_chunk().unwrap());
            let expected = number(&four) + number(a) * x + carry;
            let carried = adx.add_products_4(&mut four, a, x, carry);
            prop_assert_eq!(number(&four) + (BigUint::from(carried) << 256), expected);
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
