//! What the vector engine must know of a modulus: computed once, and kept with the key.

use super::digits::digits;
use super::kernels::BLOCK_BITS;
use crate::lanes::{WORD_BITS, WORD_MASK};
use crate::scalar::Modulus;
use crate::workspace::Workspace;

/// How many words a block has.
const BLOCK: usize = BLOCK_BITS / WORD_BITS;

/// The longest modulus, in blocks: 8 · 520 bits, of which three are spare.
const MOST_BLOCKS: usize = 8;

/// How many blocks of digits an odd modulus of so many bits takes: R, the power of two of which they
/// are the digits, must be more than eight times the modulus. Nothing for a longer one than there is
/// use for.
pub(crate) fn blocks_for(bits: usize) -> Option<usize> {
    let blocks = (bits + 3).div_ceil(BLOCK_BITS);
    (blocks <= MOST_BLOCKS).then_some(blocks)
}

/// An odd modulus m, with R = 2^(520·B) for its B blocks.
pub(crate) struct Constants {
    /// m, R mod m, and the power of R by which numbers enter Montgomery's representation; then
    /// −m⁻¹ mod 2⁵²: in one piece, since all of it is secret if m is.
    words: Workspace,
    blocks: usize,
}

impl Constants {
    /// The constants of a modulus that takes so many blocks. `entry` is 2 or 3: numbers enter the
    /// representation by a product with R² or, after a reduction, with R³.
    pub(crate) fn new(modulus: &Modulus, blocks: usize, entry: usize) -> Self {
        let len = blocks * BLOCK;
        let mut words = Workspace::zeroed(3 * len + 1);
        let one = modulus.power_of_two(BLOCK_BITS * blocks);
        let entry = modulus.power_of_two(entry * BLOCK_BITS * blocks);
        let numbers = [modulus.limbs(), &*one, &*entry];
        for (part, number) in words.chunks_exact_mut(len).zip(numbers) {
            for (word, digit) in part.iter_mut().zip(digits(number, WORD_BITS)) {
                *word = digit;
            }
        }
        words[3 * len] = modulus.negated_inverse() & WORD_MASK;
        Self { words, blocks }
    }

    /// How many blocks of digits each number has.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks
    }

    /// The words of m.
    pub(super) fn modulus(&self) -> &[u64] {
        self.part(0)
    }

    /// The words of R mod m: the representation of 1.
    pub(super) fn one(&self) -> &[u64] {
        self.part(1)
    }

    /// The words of R² or R³ mod m.
    pub(super) fn entry(&self) -> &[u64] {
        self.part(2)
    }

    /// −m⁻¹ mod 2⁵².
    pub(super) fn negated_inverse(&self) -> u64 {
        self.words[3 * BLOCK * self.blocks]
    }

    fn part(&self, index: usize) -> &[u64] {
        let len = BLOCK * self.blocks;
        &self.words[index * len..(index + 1) * len]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rsa::BigUint;

    use super::*;
    use crate::scalar::testing::{modulus, number, power_of_two};

    fn value(digits: &[u64]) -> BigUint {
        let shifted = |sum: BigUint, digit: &u64| (sum << WORD_BITS) + *digit;
        digits.iter().rev().fold(BigUint::from(0u8), shifted)
    }

    #[test]
    fn the_usual_sizes_take_what_is_documented() {
        let blocks = [512, 1024, 1037, 1038, 1536, 2048, 3072, 4096].map(blocks_for);
        assert_eq!(blocks, [1, 2, 2, 3, 3, 4, 6, 8].map(Some));
        assert_eq!([4157, 4158].map(blocks_for), [Some(8), None]);
    }

    proptest! {
        #[test]
        fn constants((limbs, bits) in modulus(), entry in 2..4usize) {
            let Some(blocks) = blocks_for(bits) else { return Ok(()) };
            let m = number(&limbs);
            let constants = Constants::new(&Modulus::new(&limbs, bits), blocks, entry);
            let r = power_of_two(BLOCK_BITS * blocks);
            prop_assert!(r > &m * 8u8);
            prop_assert_eq!(value(constants.modulus()), m.clone());
            prop_assert_eq!(value(constants.one()), &r % &m);
            prop_assert_eq!(value(constants.entry()), r.modpow(&BigUint::from(entry), &m));
            let product = constants.negated_inverse().wrapping_mul(limbs[0]);
            prop_assert_eq!(product & WORD_MASK, WORD_MASK);
        }
    }
}
