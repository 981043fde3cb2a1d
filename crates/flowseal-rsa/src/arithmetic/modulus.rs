//! Arithmetic modulo an odd number, in Montgomery's representation.

use super::kernels::{self, OCTET};
use super::limbs;
use crate::arithmetic::Processor;
use crate::workspace::Workspace;

/// An odd modulus m of L limbs and its constants, with R = 2^(64·L).
///
/// Numbers modulo m are either *canonical*, less than m, or *almost reduced*, any number of L
/// limbs. The products take almost reduced factors and give almost reduced results.
pub(crate) struct Modulus {
    /// m, R mod m, R² mod m, and −m⁻¹ mod 2⁶⁴: in one piece, since all of it is secret if m is.
    limbs: Workspace,
    len: usize,
    processor: Processor,
}

impl Modulus {
    /// The modulus with these limbs: odd, greater than 1, and a multiple of [`OCTET`] of them.
    pub(crate) fn new(modulus: &[u64], bits: usize) -> Self {
        Self::on(Processor::detect(), modulus, bits)
    }

    /// The same, with arithmetic for this processor.
    fn on(processor: Processor, modulus: &[u64], bits: usize) -> Self {
        let len = modulus.len();
        debug_assert!(len.is_multiple_of(OCTET) && modulus[0] & 1 == 1);
        let mut limbs = Workspace::zeroed(3 * len + 1);
        limbs[..len].copy_from_slice(modulus);
        limbs[3 * len] = negated_inverse(modulus[0]);
        let mut new = Self {
            limbs,
            len,
            processor,
        };

        // 2^(bits − 1) is less than m, or m is not of that many bits. From there by doubling to R.
        let mut power = Workspace::zeroed(len);
        power[(bits - 1) / 64] = 1 << ((bits - 1) % 64);
        double(&mut power, modulus, 64 * len - (bits - 1));
        new.limbs[len..2 * len].copy_from_slice(&power);

        // R represents 1, and R² represents R = 2^(64·L): a power of 2 again, by squaring and
        // doubling.
        let exponent = 64 * len;
        let mut wide = Workspace::zeroed(2 * len);
        for bit in (0..=exponent.ilog2()).rev() {
            new.square(&mut power, &mut wide);
            limbs::subtract_once(&mut power, 0, modulus);
            double(&mut power, modulus, (exponent >> bit) & 1);
        }
        new.limbs[2 * len..3 * len].copy_from_slice(&power);
        new
    }

    /// m.
    pub(crate) fn limbs(&self) -> &[u64] {
        &self.limbs[..self.len]
    }

    /// R mod m: the representation of 1.
    pub(crate) fn one(&self) -> &[u64] {
        &self.limbs[self.len..2 * self.len]
    }

    /// R² mod m: multiplying by it gives a number's representation.
    pub(crate) fn r_squared(&self) -> &[u64] {
        &self.limbs[2 * self.len..3 * self.len]
    }

    /// 2^(64·(W + L)) modulo m and canonical: multiplying by it gives the representation of a
    /// number of W limbs that [`reduce`](Self::reduce) has shortened to L.
    pub(crate) fn entry(&self, wide_len: usize) -> Workspace {
        let mut entry = limbs::copied(self.r_squared(), self.len);
        double(&mut entry, self.limbs(), 64 * (wide_len - self.len));
        entry
    }

    /// 2^exponent modulo m and canonical.
    pub(crate) fn power_of_two(&self, exponent: usize) -> Workspace {
        let mut wide = Workspace::zeroed(2 * self.len);
        let mut power = limbs::copied(self.one(), self.len);
        for bit in (0..=exponent.ilog2()).rev() {
            self.square(&mut power, &mut wide);
            limbs::subtract_once(&mut power, 0, self.limbs());
            double(&mut power, self.limbs(), (exponent >> bit) & 1);
        }
        self.leave(&mut power, &mut wide);
        power
    }

    /// Whether 2^m is 2 modulo m, as it is for every prime (Fermat) and for few other numbers. The
    /// time depends on m, which is public.
    pub(crate) fn passes_fermat_vartime(&self) -> bool {
        let mut wide = Workspace::zeroed(2 * self.len);
        let mut power = limbs::copied(self.one(), self.len);
        for limb in self.limbs().iter().rev() {
            for bit in (0..u64::BITS).rev() {
                self.square(&mut power, &mut wide);
                limbs::subtract_once(&mut power, 0, self.limbs());
                if (limb >> bit) & 1 == 1 {
                    double(&mut power, self.limbs(), 1);
                }
            }
        }
        self.leave(&mut power, &mut wide);
        matches!(&power[..], [2, rest @ ..] if rest.iter().all(|limb| *limb == 0))
    }

    /// −m⁻¹ modulo 2⁶⁴.
    pub(crate) fn negated_inverse(&self) -> u64 {
        self.limbs[3 * self.len]
    }

    /// What the arithmetic runs on.
    pub(crate) fn processor(&self) -> Processor {
        self.processor
    }

    /// L.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// a = a · b / R. If either factor was canonical, the result is less than 2m.
    pub(crate) fn multiply(&self, a: &mut [u64], b: &[u64], wide: &mut [u64]) {
        let wide = &mut wide[..2 * self.len];
        kernels::multiply(self.processor, wide, a, b);
        self.reduce(a, wide);
    }

    /// a = a · b / R and canonical, for a canonical b.
    pub(crate) fn multiply_canonical(&self, a: &mut [u64], b: &[u64], wide: &mut [u64]) {
        self.multiply(a, b, wide);
        limbs::subtract_once(a, 0, self.limbs());
    }

    /// a = a² / R.
    pub(crate) fn square(&self, a: &mut [u64], wide: &mut [u64]) {
        let wide = &mut wide[..2 * self.len];
        kernels::square(self.processor, wide, a);
        self.reduce(a, wide);
    }

    /// a = a / R and canonical: the number that `a` represents.
    pub(crate) fn leave(&self, a: &mut [u64], wide: &mut [u64]) {
        let wide = &mut wide[..2 * self.len];
        let (low, high) = wide.split_at_mut(self.len);
        low.copy_from_slice(a);
        high.fill(0);
        self.reduce(a, wide);
        limbs::subtract_once(a, 0, self.limbs());
    }

    /// out = wide / 2^(64·(W − L)) modulo m, almost reduced, for W ≥ L limbs of `wide`, which is
    /// used up.
    pub(crate) fn reduce(&self, out: &mut [u64], wide: &mut [u64]) {
        let (m, negated_inverse) = (self.limbs(), self.negated_inverse());
        kernels::reduce(self.processor, out, wide, m, negated_inverse);
    }

    /// x = x^e for a public exponent e ≥ 1, both sides in Montgomery's representation.
    pub(crate) fn power_public(&self, x: &mut [u64], e: u64, wide: &mut [u64]) {
        let base = limbs::copied(x, self.len);
        for bit in (0..e.ilog2()).rev() {
            self.square(x, wide);
            if (e >> bit) & 1 == 1 {
                self.multiply(x, &base, wide);
            }
        }
    }
}

/// a = a · 2^times mod m, for a < m.
fn double(a: &mut [u64], m: &[u64], times: usize) {
    for _ in 0..times {
        let carry = limbs::double(a, 0);
        limbs::subtract_once(a, carry, m);
    }
}

/// −m⁻¹ mod 2⁶⁴ for an odd m, by Newton's iteration: m is its own inverse modulo 8, and each step
/// doubles the number of bits that are right.
fn negated_inverse(m: u64) -> u64 {
    let inverse = (0..5).fold(m, |x, _| {
        x.wrapping_mul(2u64.wrapping_sub(m.wrapping_mul(x)))
    });
    inverse.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::super::limbs::{limbs_for, read};
    use super::super::testing::{bits, limbs, modulus, number, power_of_two};
    use super::Modulus;
    use crate::arithmetic::Processor;

    /// Mersenne's primes and his mistakes, and a composite number that Fermat's test takes for a
    /// prime.
    #[test]
    fn primes_pass_fermat() {
        let mersenne = |exponent| power_of_two(exponent) - 1u8;
        for (m, passes) in [
            (mersenne(521), true),
            (mersenne(1279), true),
            (mersenne(2203), true),
            (mersenne(61) * mersenne(89), false),
            (mersenne(521) * mersenne(607), false),
            (mersenne(1279) * mersenne(1279), false),
            (BigUint::from(341u16), true),
            (BigUint::from(343u16), false),
        ] {
            let mut limbs = vec![0; limbs_for(bits(&m))];
            let fits = read(&mut limbs, &m.to_bytes_be());
            assert!(fits.declassify());
            let modulus = Modulus::new(&limbs, bits(&m));
            assert_eq!(modulus.passes_fermat_vartime(), passes, "{m}");
        }
    }

    proptest! {
        #[test]
        fn constants((limbs, bits) in modulus()) {
            for processor in Processor::kinds() {
            let m = Modulus::on(processor, &limbs, bits);
            let r = power_of_two(64 * limbs.len());
            prop_assert_eq!(number(m.limbs()), number(&limbs));
            prop_assert_eq!(number(m.one()), &r % number(&limbs));
            prop_assert_eq!(number(m.r_squared()), &r * &r % number(&limbs));
            prop_assert_eq!(m.negated_inverse().wrapping_mul(limbs[0]), u64::MAX);
            for exponent in [1, 2, 63, 64, 1040, 6240] {
                let expected = power_of_two(exponent) % number(&limbs);
                prop_assert_eq!(number(&m.power_of_two(exponent)), expected);
            }
            let longer = limbs.len() + 8;
            prop_assert_eq!(number(&m.entry(longer)), (r << (64 * longer)) % number(&limbs));
            }
        }

        #[test]
        fn arithmetic(
            ((m, bits), a, b) in modulus().prop_flat_map(|(m, bits)| {
                let len = m.len();
                (Just((m, bits)), limbs(len), limbs(len))
            }),
        ) {
            for processor in Processor::kinds() {
            let modulus = Modulus::on(processor, &m, bits);
            let (m, r) = (number(&m), power_of_two(64 * m.len()));
            let (x, y) = (number(&a), number(&b));
            let wide = &mut vec![7; 2 * a.len()];

            let mut product = a.clone();
            modulus.multiply(&mut product, &b, wide);
            prop_assert_eq!(number(&product) * &r % &m, &x * &y % &m);

            let mut square = a.clone();
            modulus.square(&mut square, wide);
            prop_assert_eq!(number(&square) * &r % &m, &x * &x % &m);

            // One canonical factor is enough for a canonical result.
            let mut canonical = a.clone();
            modulus.multiply_canonical(&mut canonical, modulus.r_squared(), wide);
            prop_assert_eq!(number(&canonical), &x * &r % &m);
            let mut left = canonical.clone();
            modulus.leave(&mut left, wide);
            prop_assert_eq!(number(&left), &x % &m);
            // What is almost reduced leaves canonical, too.
            let mut left = a.clone();
            modulus.leave(&mut left, wide);
            prop_assert!(number(&left) < m);
            prop_assert_eq!(number(&left) * &r % &m, &x % &m);

            for e in [1, 2, 3, 17, 65537, (1 << 33) - 1] {
                let mut power = canonical.clone();
                modulus.power_public(&mut power, e, wide);
                modulus.leave(&mut power, wide);
                prop_assert_eq!(number(&power), x.modpow(&BigUint::from(e), &m));
            }
            }
        }
    }
}
