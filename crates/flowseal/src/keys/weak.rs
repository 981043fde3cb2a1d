//! Keys that are known to be breakable, from the public half alone or from the private one.

use std::sync::LazyLock;

use flowseal_rsa::PublicKey;

use crate::error::{Error, ErrorCode};
use crate::shown::refusal;

/// Refuses a modulus that can be factored by those who look: for a small factor, a square, a mark
/// of its maker. Who has such a key can say later that anybody could have signed.
pub(super) fn check_modulus(modulus: &[u8]) -> Result<(), Error> {
    if has_roca_fingerprint(modulus) {
        return Err(weak(
            "has the fingerprint of ROCA (CVE-2017-15361) and can be factored",
        ));
    }
    let residues = Residues::of(modulus);
    if residues.has_zero() {
        return Err(weak("has a small factor and can be factored"));
    }
    if residues.are_squares() {
        return Err(weak(
            "is a square, the product of a prime and itself, and can be factored",
        ));
    }
    Ok(())
}

/// Refuses a modulus that is a prime: everybody can compute the private exponent of such a key.
///
/// Fermat's test, which every prime passes, takes as long as some private operations do: about
/// 1.5 ms at 2048 bits.
pub(super) fn check_composite(key: &PublicKey) -> Result<(), Error> {
    match key.modulus_may_be_prime_vartime() {
        true => Err(weak("is a prime, so that everybody can sign")),
        false => Ok(()),
    }
}

/// Refuses a private key with a prime of less than a quarter of the modulus' bits, which elliptic
/// curves find sooner than sieves find one of half of them. Lengths of primes are public here.
pub(super) fn check_factors(bits: usize, primes: [&[u8]; 2]) -> Result<(), Error> {
    let len = |prime: &[u8]| match prime.iter().position(|byte| *byte != 0) {
        Some(start) => {
            let head = prime
                .get(start)
                .map_or(0, |byte| byte.leading_zeros() as usize);
            8 * (prime.len() - start) - head
        }
        None => 0,
    };
    match primes.iter().all(|prime| len(prime) >= bits / 4) {
        true => Ok(()),
        false => Err(weak("has a prime of far too few bits and can be factored")),
    }
}

fn weak(what: &'static str) -> Error {
    refusal(
        ErrorCode::KeyWeak,
        "the key's modulus {}: make a new key elsewhere",
        [what.into()],
    )
}

/// What is left of a modulus, divided by each of the odd primes below [`BOUND`].
struct Residues(Vec<(u64, u64)>);

impl Residues {
    /// Several primes take one pass over the modulus, which is divided by their product.
    fn of(modulus: &[u8]) -> Self {
        let primes = &*PRIMES;
        let mut residues = Vec::with_capacity(primes.len());
        let mut rest = primes.as_slice();
        while !rest.is_empty() {
            let mut product = 1_u64;
            let fits = |prime: &&u64| {
                product *= **prime;
                product < 1 << 32
            };
            let (group, others) = rest.split_at(rest.iter().take_while(fits).count());
            let product: u64 = group.iter().product();
            let left = modulus.rchunks(4).rev().fold(0, |left, word| {
                let word = word
                    .iter()
                    .fold(0, |word, byte| (word << 8) | u64::from(*byte));
                ((left << 32) | word) % product
            });
            residues.extend(group.iter().map(|prime| (*prime, left % prime)));
            rest = others;
        }
        Self(residues)
    }

    fn has_zero(&self) -> bool {
        self.0.iter().any(|(_, residue)| *residue == 0)
    }

    /// Whether the modulus is a square modulo each of the first primes: all squares are, and of
    /// other numbers one in 2⁶⁴.
    fn are_squares(&self) -> bool {
        self.0
            .iter()
            .take(64)
            .all(|(prime, residue)| (1..=prime / 2).any(|root| root * root % prime == *residue))
    }
}

/// How far small factors are looked for.
const BOUND: u64 = 1 << 12;

static PRIMES: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let odd = || (3..BOUND).step_by(2);
    let is_prime = |n: &u64| {
        odd()
            .take_while(|d| d * d <= *n)
            .all(|d| !n.is_multiple_of(d))
    };
    odd().filter(is_prime).collect()
});

/// Whether a modulus has the fingerprint of ROCA (CVE-2017-15361).
///
/// The faulty generator made primes of the form k·M + (65537ᵃ mod M), M a product of the first
/// primes. So n is a power of 65537 modulo each of them, which a sound modulus is for all of them
/// together with a probability below 2⁻²⁷.
fn has_roca_fingerprint(modulus: &[u8]) -> bool {
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
