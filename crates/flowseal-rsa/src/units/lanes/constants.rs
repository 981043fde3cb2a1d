//! What arithmetic in lanes must know of a modulus: computed once, and kept with the key.

use super::digits::digits;
use crate::arithmetic::Modulus;
use crate::job::{BLOCK_BITS, blocks_for};
use crate::key::{Prime, PublicKey};
use crate::units::lanes::{WORD_BITS, WORD_MASK};
use crate::workspace::Workspace;

/// How many words a block has.
const WORDS_OF_BLOCK: usize = BLOCK_BITS / WORD_BITS;

/// An odd modulus m, with R = 2^(520·B) for its B blocks.
pub(crate) struct Constants {
    /// m, R mod m, the power of R by which numbers enter Montgomery's representation, and 1 / 2⁵²
    /// mod m; then −m⁻¹ mod 2⁵²: in one piece, since all of it is secret if m is.
    words: Workspace,
    blocks: usize,
}

impl Constants {
    /// Those of a prime, unless it is too long. Numbers modulo primes come reduced.
    pub(crate) fn of_prime(prime: &Prime) -> Option<&Self> {
        let compute = || Some(Self::new(&prime.modulus, blocks_for(prime.bits)?, 3));
        prime.prepared.get(compute).as_ref()
    }

    /// Those of a public key's modulus, unless it is too long.
    pub(crate) fn of_key(key: &PublicKey) -> Option<&Self> {
        let compute = || Some(Self::new(key.montgomery(), blocks_for(key.bits())?, 2));
        key.prepared().get(compute).as_ref()
    }

    /// The constants of a modulus that takes so many blocks. `entry` is 2 or 3: numbers enter the
    /// representation by a product with R² or, after a reduction, with R³.
    pub(crate) fn new(modulus: &Modulus, blocks: usize, entry: usize) -> Self {
        let len = blocks * WORDS_OF_BLOCK;
        let mut words = Workspace::zeroed(4 * len + 1);
        let one = modulus.power_of_two(BLOCK_BITS * blocks);
        let entry = modulus.power_of_two(entry * BLOCK_BITS * blocks);
        let numbers = [modulus.limbs(), &*one, &*entry];
        for (part, number) in words.chunks_exact_mut(len).zip(numbers) {
            for (word, digit) in part.iter_mut().zip(digits(number, WORD_BITS)) {
                *word = digit;
            }
        }
        let negated_inverse = modulus.negated_inverse() & WORD_MASK;
        let (numbers, last) = words.split_at_mut(4 * len);
        last[0] = negated_inverse;
        let (m, radix_inverse) = numbers.split_at_mut(3 * len);
        put_radix_inverse(radix_inverse, &m[..len], negated_inverse);
        Self { words, blocks }
    }

    /// How many blocks of digits each number has.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks
    }

    /// The words of m.
    pub(crate) fn modulus(&self) -> &[u64] {
        self.part(0)
    }

    /// The words of R mod m: the representation of 1.
    pub(crate) fn one(&self) -> &[u64] {
        self.part(1)
    }

    /// The words of R² or R³ mod m.
    pub(crate) fn entry(&self) -> &[u64] {
        self.part(2)
    }

    /// The words of 1 / 2⁵² mod m.
    pub(crate) fn radix_inverse(&self) -> &[u64] {
        self.part(3)
    }

    /// −m⁻¹ mod 2⁵².
    pub(crate) fn negated_inverse(&self) -> u64 {
        self.words[4 * WORDS_OF_BLOCK * self.blocks]
    }

    fn part(&self, index: usize) -> &[u64] {
        let len = WORDS_OF_BLOCK * self.blocks;
        &self.words[index * len..(index + 1) * len]
    }
}

/// (m · (−m⁻¹ mod 2⁵²) + 1) / 2⁵²: less than m, and 2⁵² times it is one more than a multiple of m.
#[allow(
    clippy::cast_possible_truncation,
    reason = "what is carried is less than 2⁵²"
)]
fn put_radix_inverse(words: &mut [u64], m: &[u64], negated_inverse: u64) {
    let mut carry = 1;
    for (i, digit) in m.iter().enumerate() {
        let sum = u128::from(*digit) * u128::from(negated_inverse) + u128::from(carry);
        if let Some(below) = i.checked_sub(1) {
            words[below] = sum as u64 & WORD_MASK;
        }
        carry = (sum >> WORD_BITS) as u64;
    }
    if let Some(highest) = words.last_mut() {
        *highest = carry;
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;
    use crate::arithmetic::testing::{modulus, number, power_of_two};

    fn value(digits: &[u64]) -> BigUint {
        let shifted = |sum: BigUint, digit: &u64| (sum << WORD_BITS) + *digit;
        digits.iter().rev().fold(BigUint::from(0u8), shifted)
    }

    proptest! {
        #[test]
        fn constants((limbs, bits) in modulus(), entry in 2..4usize) {
            let Some(blocks) = blocks_for(bits) else { return Ok(()) };
            let m = number(&limbs);
            let constants = Constants::new(&Modulus::new(&limbs, bits), blocks, entry);
            let r = power_of_two(BLOCK_BITS * blocks);
            prop_assert!(r > &m * 64u8);
            prop_assert_eq!(value(constants.modulus()), m.clone());
            prop_assert_eq!(value(constants.one()), &r % &m);
            prop_assert_eq!(value(constants.entry()), r.modpow(&BigUint::from(entry), &m));
            let inverse = value(constants.radix_inverse());
            prop_assert!(inverse < m);
            prop_assert_eq!((inverse << WORD_BITS) % &m, BigUint::from(1u8) % &m);
            let product = constants.negated_inverse().wrapping_mul(limbs[0]);
            prop_assert_eq!(product & WORD_MASK, WORD_MASK);
        }
    }
}
