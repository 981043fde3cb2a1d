//! Moduli that are known to be breakable from the public key alone.

/// Whether a modulus has the fingerprint of ROCA (CVE-2017-15361).
///
/// The faulty generator made primes of the form k·M + (65537ᵃ mod M), M a product of the first
/// primes. So n is a power of 65537 modulo each of them, which a sound modulus is for all of them
/// together with a probability below 2⁻²⁷.
pub(super) fn has_roca_fingerprint(modulus: &[u8]) -> bool {
    ODD_PRIMES.iter().all(|&prime| {
        let residue = modulus.iter().fold(0, |residue, &byte| {
            (residue * 256 + u32::from(byte)) % prime
        });
        is_power_of_65537(residue, prime)
    })
}

fn is_power_of_65537(residue: u32, prime: u32) -> bool {
    let generator = 65537 % prime;
    std::iter::successors(Some(1), |power| Some(power * generator % prime))
        .take(prime as usize)
        .any(|power| power == residue)
}

/// The odd primes below 168, whose product divides M for every size of key that was affected.
const ODD_PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_of_powers_of_65537_is_found_and_one_more_is_not() {
        // 65537ᵃ mod M for any a has the fingerprint; small powers need no reduction.
        let power = 65537_u128.pow(7).to_be_bytes();
        assert!(has_roca_fingerprint(&power));
        let next = (65537_u128.pow(7) + 2).to_be_bytes();
        assert!(!has_roca_fingerprint(&next));
    }
}
