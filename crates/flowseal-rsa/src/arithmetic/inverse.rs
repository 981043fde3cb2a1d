//! Inversion, in a time that depends on the number.

use core::cmp::Ordering;
use core::mem::swap;

use super::limbs;
use super::modulus::Modulus;
use crate::workspace::Workspace;

impl Modulus {
    /// x = x⁻¹ and canonical, for a canonical x that has an inverse; tells whether it has one.
    ///
    /// This is Euclid's algorithm, some thirty bits at a time (Lehmer; Knuth, The Art of Computer
    /// Programming 2, 4.5.2, algorithm L): quotients are found by the leading bits of both numbers,
    /// for as long as all that these may stand for have the same, and are then applied to the whole
    /// at once. It takes a from m and b from x to their greatest common divisor and 0, and keeps
    /// a = ±r·x and b = ∓s·x modulo m. The signs alternate, so that r and s only grow; they are
    /// never greater than m. Where a ends as 1, x⁻¹ is ±r.
    pub(crate) fn invert_vartime(&self, x: &mut [u64]) -> bool {
        let len = self.len();
        // A factor that is not the last may have a limb more than m for the time of a step.
        let mut a = Side {
            value: limbs::copied(self.limbs(), len),
            factor: Workspace::zeroed(len + 1),
        };
        let mut b = Side {
            value: limbs::copied(x, len),
            factor: limbs::copied(&[1], len + 1),
        };
        // Whether b is s·x, and a −r·x.
        let mut b_is_positive = true;
        let mut values = len;
        loop {
            while values > 1 && a.value[values - 1] == 0 {
                values -= 1;
            }
            if b.value[..values].iter().all(|limb| *limb == 0) {
                break;
            }
            let used = bit_length(&a.factor).max(bit_length(&b.factor)) / 64;
            let lengths = Lengths {
                values,
                // Coefficients have less than a limb.
                factors: (used + 2).min(len + 1),
            };
            let steps = Steps::of(&a.value[..values], &b.value[..values]);
            if steps.count > 0 {
                steps.apply(&mut a, &mut b, &lengths);
                b_is_positive ^= steps.count % 2 == 1;
            } else {
                a.subtract(&b, &lengths);
                if compare(&a.value[..values], &b.value[..values]) == Ordering::Less {
                    swap(&mut a, &mut b);
                    b_is_positive = !b_is_positive;
                }
            }
        }
        if !limbs::equal_small(&a.value, 1).declassify() {
            return false;
        }
        x.copy_from_slice(&a.factor[..len]);
        if b_is_positive {
            let factor = limbs::copied(x, len);
            x.copy_from_slice(self.limbs());
            limbs::sub_assign(x, &factor);
        }
        true
    }
}

/// a and r, or b and s.
struct Side {
    value: Workspace,
    factor: Workspace,
}

/// How many limbs are looked at: fewer and fewer of a and b, more and more of r and s.
struct Lengths {
    values: usize,
    factors: usize,
}

impl Side {
    /// Subtracts the other value as often as a power of two says that is not too often.
    fn subtract(&mut self, other: &Self, lengths: &Lengths) {
        let value = &mut self.value[..lengths.values];
        let other_value = &other.value[..lengths.values];
        let more_bits = bit_length(value) - bit_length(other_value);
        let shift = more_bits.saturating_sub(1);
        let mut carry = 0_i128;
        for (limb, i) in value.iter_mut().zip(0..) {
            carry += i128::from(*limb) - i128::from(shifted(other_value, shift, i));
            *limb = low(carry);
            carry >>= 64;
        }
        let mut carry = 0_i128;
        for (limb, i) in self.factor.iter_mut().zip(0..) {
            carry += i128::from(*limb) + i128::from(shifted(&other.factor, shift, i));
            *limb = low(carry);
            carry >>= 64;
        }
    }
}

/// Steps of Euclid's algorithm together: a and b become ±(p·a − q·b) and ±(t·b − s·a), with the
/// upper signs after an even number of them.
struct Steps {
    p: i64,
    q: i64,
    s: i64,
    t: i64,
    count: u32,
}

/// So many leading bits are looked at: sums of them and of the coefficients fit an `i64`.
const LEADING_BITS: usize = 62;

impl Steps {
    /// The steps that the leading bits of a and b, a ≥ b, are enough for: perhaps none.
    fn of(a: &[u64], b: &[u64]) -> Self {
        let shift = bit_length(a).saturating_sub(LEADING_BITS);
        // What is cut off is between 0 and 1 of them: with the coefficients below, each number is
        // between two others, and a quotient counts where both have it.
        let (mut x, mut y) = (leading(a, shift), leading(b, shift));
        let (mut p, mut q, mut s, mut t) = (1_i64, 0_i64, 0_i64, 1_i64);
        let mut count = 0;
        while y + s != 0 && y + t != 0 {
            let quotient = (x + p) / (y + s);
            if quotient != (x + q) / (y + t) {
                break;
            }
            (p, s) = (s, p - quotient * s);
            (q, t) = (t, q - quotient * t);
            (x, y) = (y, x - quotient * y);
            count += 1;
        }
        Self { p, q, s, t, count }
    }

    /// Takes the steps.
    fn apply(&self, a: &mut Side, b: &mut Side, lengths: &Lengths) {
        let [p, q, s, t] = [self.p, self.q, self.s, self.t].map(i128::from);
        let combine = |a: &mut [u64], b: &mut [u64], [p, q, s, t]: [i128; 4]| {
            let (mut carry_a, mut carry_b) = (0_i128, 0_i128);
            for (a, b) in a.iter_mut().zip(b) {
                let (x, y) = (i128::from(*a), i128::from(*b));
                carry_a += p * x + q * y;
                carry_b += s * x + t * y;
                (*a, *b) = (low(carry_a), low(carry_b));
                carry_a >>= 64;
                carry_b >>= 64;
            }
        };
        let values = ..lengths.values;
        combine(&mut a.value[values], &mut b.value[values], [p, q, s, t]);
        let factors = ..lengths.factors;
        let signless = [p, q, s, t].map(i128::abs);
        combine(&mut a.factor[factors], &mut b.factor[factors], signless);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is wanted")]
#[expect(clippy::cast_sign_loss, reason = "in two's complement")]
fn low(wide: i128) -> u64 {
    wide as u64
}

fn compare(a: &[u64], b: &[u64]) -> Ordering {
    a.iter().rev().cmp(b.iter().rev())
}

fn bit_length(number: &[u64]) -> usize {
    let used = number.iter().rposition(|limb| *limb != 0);
    used.map_or(0, |top| {
        64 * (top + 1) - number[top].leading_zeros() as usize
    })
}

/// The limb at an index of the number · 2^shift.
fn shifted(number: &[u64], shift: usize, index: usize) -> u64 {
    let limb = |back: usize| {
        let place = index.checked_sub(back)?;
        number.get(place).copied()
    };
    let (limbs, bits) = (shift / 64, shift % 64);
    let upper = limb(limbs).unwrap_or(0) << bits;
    match bits {
        0 => upper,
        bits => upper | limb(limbs + 1).unwrap_or(0) >> (64 - bits),
    }
}

/// The number / 2^shift, of which less than 63 bits are left.
fn leading(number: &[u64], shift: usize) -> i64 {
    let limb = |place: usize| number.get(place).copied().unwrap_or(0);
    let (limbs, bits) = (shift / 64, shift % 64);
    let lower = limb(limbs) >> bits;
    let all = match bits {
        0 => lower,
        bits => lower | limb(limbs + 1) << (64 - bits),
    };
    all.cast_signed()
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
            let found = modulus.invert_vartime(&mut inverse);
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
            prop_assert!(modulus.invert_vartime(&mut x));
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
