//! Inversion, in a time that depends on the number.

use std::cmp::Ordering;

use super::limbs;
use super::modulus::Modulus;
use crate::workspace::Workspace;

impl Modulus {
    /// x = x⁻¹ and canonical, for a canonical x that has an inverse; tells whether it has one.
    ///
    /// This is Kaliski's almost inverse (IEEE Transactions on Computers 44(8), 1995), several
    /// shifts at a time. It takes a from m and b from x to their greatest common divisor, as the
    /// binary Euclidean algorithm does, and keeps a·s + b·r = m and b·2^k = x·s modulo m. So r and
    /// s are never greater than m, and where a = b = 1, x⁻¹ is s / 2^k.
    pub(crate) fn invert_vartime(&self, x: &mut [u64], wide: &mut [u64]) -> bool {
        let len = self.len();
        let mut a = Side {
            value: limbs::copied(self.limbs(), len),
            factor: Workspace::zeroed(len),
        };
        let mut b = Side {
            value: limbs::copied(x, len),
            factor: limbs::copied(&[1], len),
        };
        if limbs::equal_small(x, 0).declassify() {
            return false;
        }
        let mut lengths = Lengths {
            values: len,
            factors: 1,
        };
        let mut k = b.make_odd(&mut a, &mut lengths);
        loop {
            k += match lengths.compare(&a, &b) {
                Ordering::Greater => a.step(&mut b, &mut lengths),
                Ordering::Less => b.step(&mut a, &mut lengths),
                Ordering::Equal => break,
            };
        }
        if !limbs::equal_small(&a.value, 1).declassify() {
            return false;
        }
        // Two divisions by R = 2^(64·L) are too many by as much as k is less than 128·L: one or two
        // multiplications by a power of two make up for it.
        x.copy_from_slice(&b.factor);
        let mut excess = 128 * len - k;
        if excess >= 64 * len {
            excess -= 64 * len;
        } else {
            self.leave(x, wide);
        }
        let mut power = Workspace::zeroed(len);
        power[excess / 64] = 1 << (excess % 64);
        self.multiply(x, &power, wide);
        limbs::subtract_once(x, 0, self.limbs());
        true
    }
}

/// a and r, or b and s.
struct Side {
    value: Workspace,
    factor: Workspace,
}

/// How many limbs can be other than zero: fewer and fewer of a and b, more and more of r and s.
struct Lengths {
    values: usize,
    factors: usize,
}

impl Side {
    /// Subtracts the other value, which is less, and makes the difference odd. Returns by how much
    /// k grows.
    fn step(&mut self, other: &mut Self, lengths: &mut Lengths) -> usize {
        limbs::sub_assign(
            &mut self.value[..lengths.values],
            &other.value[..lengths.values],
        );
        let factors = ..lengths.factors;
        let carry = limbs::add_assign(&mut self.factor[factors], &other.factor[factors]);
        lengths.extend(&mut self.factor, carry);
        self.make_odd(other, lengths)
    }

    fn make_odd(&mut self, other: &mut Self, lengths: &mut Lengths) -> usize {
        let mut shifts = 0;
        while self.value[0] & 1 == 0 {
            let shift = self.value[0].trailing_zeros().min(63);
            shift_right(&mut self.value[..lengths.values], shift);
            let carry = shift_left(&mut other.factor[..lengths.factors], shift);
            lengths.extend(&mut other.factor, carry);
            shifts += shift as usize;
        }
        shifts
    }
}

impl Lengths {
    fn compare(&mut self, a: &Side, b: &Side) -> Ordering {
        let is_zero = |i: usize| a.value[i] == 0 && b.value[i] == 0;
        while self.values > 1 && is_zero(self.values - 1) {
            self.values -= 1;
        }
        a.value[..self.values]
            .iter()
            .rev()
            .cmp(b.value[..self.values].iter().rev())
    }

    fn extend(&mut self, factor: &mut [u64], carry: u64) {
        if carry != 0 {
            factor[self.factors] = carry;
            self.factors += 1;
        }
    }
}

/// a = a / 2^shift, for 0 < shift < 64.
fn shift_right(a: &mut [u64], shift: u32) {
    a.iter_mut().rev().fold(0, |carry, limb| {
        let out = *limb << (64 - shift);
        *limb = (*limb >> shift) | carry;
        out
    });
}

/// a = a · 2^shift, for 0 < shift < 64, with the carry.
fn shift_left(a: &mut [u64], shift: u32) -> u64 {
    a.iter_mut().fold(0, |carry, limb| {
        let out = *limb >> (64 - shift);
        *limb = (*limb << shift) | carry;
        out
    })
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::super::testing::{limbs, modulus, number};
    use super::*;

    proptest! {
        #[test]
        fn inverses(((m, bits), x) in modulus().prop_flat_map(|m| {
            let len = m.0.len();
            (Just(m), limbs(len))
        })) {
            let modulus = Modulus::new(&m, bits);
            let mut reduced = vec![0; m.len()];
            limbs::remainder(&mut reduced, &x, &m);
            let (value, m) = (number(&reduced), number(&m));
            let mut inverse = reduced.clone();
            let found = modulus.invert_vartime(&mut inverse, &mut vec![7; 2 * reduced.len()]);
            prop_assert_eq!(found, greatest_common_divisor(&value, &m) == BigUint::from(1u8));
            if found {
                prop_assert!(number(&inverse) < m);
                prop_assert_eq!(number(&inverse) * value % m, BigUint::from(1u8));
            }
        }

        #[test]
        fn inverses_of_powers_of_two((m, bits) in modulus(), exponent in any::<usize>()) {
            let modulus = Modulus::new(&m, bits);
            let exponent = exponent % (bits - 1);
            let mut x = vec![0; m.len()];
            x[exponent / 64] = 1 << (exponent % 64);
            let value = number(&x);
            prop_assert!(modulus.invert_vartime(&mut x, &mut vec![7; 2 * m.len()]));
            prop_assert_eq!(number(&x) * value % number(&m), BigUint::from(1u8));
        }
    }

    fn greatest_common_divisor(a: &BigUint, b: &BigUint) -> BigUint {
        let (mut a, mut b) = (a.clone(), b.clone());
        while b > BigUint::from(0u8) {
            (a, b) = (b.clone(), a % b);
        }
        a
    }
}
