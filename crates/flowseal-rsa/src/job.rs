//! What `operations` ask of a unit, whichever it is: halves of private operations, and public
//! powers. Their sizes are counted in blocks, by which `schedule` chooses the unit.

use crate::key::{Prime, PublicKey};

/// One half of a private operation: the input, raised to dP modulo p, or to dQ modulo q.
pub(crate) struct Half<'a> {
    /// The prime and its exponent.
    pub(crate) prime: &'a Prime,
    /// The blinded input, in the limbs of n.
    pub(crate) input: &'a [u64],
    /// Where the result goes, canonical, in the limbs of the prime.
    pub(crate) result: &'a mut [u64],
}

/// One application of a public key.
pub(crate) struct Raise<'a> {
    /// The key; all that are raised together have the same exponent and the same number of blocks.
    pub(crate) key: &'a PublicKey,
    /// A canonical number, in the limbs of n, and then the result, canonical too.
    pub(crate) number: &'a mut [u64],
    /// What the power is multiplied by, canonical, in the limbs of n: of all that are raised
    /// together, or of none. In the unit a product costs a fraction of what two cost outside of it,
    /// one for the product and one to leave Montgomery's representation.
    pub(crate) times: Option<&'a [u64]>,
}

/// Sizes are counted in blocks of so many bits.
pub(crate) const BLOCK_BITS: usize = 520;

/// The longest modulus that is counted, in blocks: 8 · 520 bits, of which some are spare.
const MOST_BLOCKS: usize = 8;

/// How many bits of its blocks a modulus leaves. Lanes that have a number each need three, those
/// that share one six: their numbers are less than 5m, and so are the products.
const SPARE_BITS: usize = 6;

/// How many blocks an odd modulus of so many bits takes: R, the power of two that they count up to,
/// must be more than 64 times the modulus. Nothing for a longer one than there is use for.
pub(crate) fn blocks_for(bits: usize) -> Option<usize> {
    let blocks = (bits + SPARE_BITS).div_ceil(BLOCK_BITS);
    (blocks <= MOST_BLOCKS).then_some(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_sizes_take_what_is_documented() {
        let blocks = [512, 1024, 1034, 1035, 1536, 2048, 3072, 4096].map(blocks_for);
        assert_eq!(blocks, [1, 2, 2, 3, 3, 4, 6, 8].map(Some));
        assert_eq!([4154, 4155].map(blocks_for), [Some(8), None]);
    }
}
