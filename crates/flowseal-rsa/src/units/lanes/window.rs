//! The windows of a secret exponent: as many bits as tell the entries of a table apart.

use super::ENTRIES;

/// How many bits of the exponent a product takes in.
pub(crate) const WINDOW: usize = ENTRIES.ilog2() as usize;

/// How many windows a limb of the exponent has: no window has bits of two.
const WINDOWS_OF_LIMB: usize = 64 / WINDOW;
const _: () = assert!(WINDOWS_OF_LIMB * WINDOW == 64);

/// The bits of the exponent that belong to a window: none, above the exponent. Their position is
/// public.
pub(crate) fn window(exponent: &[u64], index: usize) -> u64 {
    let limb = exponent
        .get(index / WINDOWS_OF_LIMB)
        .map_or(0, |limb| *limb);
    (limb >> (index % WINDOWS_OF_LIMB * WINDOW)) % ENTRIES as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::arithmetic::testing::limbs;

    proptest! {
        #[test]
        fn windows_are_the_digits_of_the_exponent(exponent in limbs(4), index in 0..80usize) {
            let expected = (0..WINDOW).fold(0, |digit, k| {
                let bit = index * WINDOW + k;
                let limb = exponent.get(bit / 64).map_or(0, |limb| limb >> (bit % 64));
                digit | ((limb & 1) << k)
            });
            prop_assert_eq!(window(&exponent, index), expected);
        }
    }
}
