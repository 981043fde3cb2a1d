//! RSASSA signatures (RFC 8017, section 8) once the raw operation is done.
//!
//! Everything here is public, so nothing here takes care of its time.

use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::ground::mgf1::mgf1_xor;
use crate::profile::Algorithm;

/// Whether an encoded message EM belongs to `message`.
///
/// `em` is the result of RSAVP1, as long as the modulus, whose length in bits is `modulus_bits`.
pub(crate) fn matches(
    algorithm: Algorithm,
    message: &[u8],
    em: &[u8],
    modulus_bits: usize,
) -> bool {
    match algorithm {
        Algorithm::Rs256 => {
            pkcs1_v15::<Sha256>(message, em.len(), SHA256_PREFIX).as_deref() == Some(em)
        }
        Algorithm::Rs384 => {
            pkcs1_v15::<Sha384>(message, em.len(), SHA384_PREFIX).as_deref() == Some(em)
        }
        Algorithm::Rs512 => {
            pkcs1_v15::<Sha512>(message, em.len(), SHA512_PREFIX).as_deref() == Some(em)
        }
        Algorithm::Ps256 => pss::<Sha256>(message, em, modulus_bits).is_some(),
        Algorithm::Ps384 => pss::<Sha384>(message, em, modulus_bits).is_some(),
        Algorithm::Ps512 => pss::<Sha512>(message, em, modulus_bits).is_some(),
    }
}

/// EMSA-PKCS1-v1_5 (section 9.2): the one encoding of a message, to be compared as a whole.
///
/// Nothing is ever parsed out of a signature, which is where the forgeries with small exponents
/// came in.
fn pkcs1_v15<D: Digest>(message: &[u8], len: usize, prefix: &[u8]) -> Option<Vec<u8>> {
    let digest = D::digest(message);
    let ps_len = len.checked_sub(3 + prefix.len() + digest.len())?;
    if ps_len < 8 {
        return None;
    }
    let mut em = vec![0x00, 0x01];
    em.resize(2 + ps_len, 0xff);
    em.push(0x00);
    em.extend_from_slice(prefix);
    em.extend_from_slice(&digest);
    Some(em)
}

/// EMSA-PSS-VERIFY (section 9.1.2) with MGF1 over the same hash and a salt as long as the hash.
fn pss<D: Digest>(message: &[u8], em: &[u8], modulus_bits: usize) -> Option<()> {
    let hash_len = <D as Digest>::output_size();
    let (db, h) = pss_parts::<D>(em, modulus_bits, hash_len)?;
    let em_len = db.len() + hash_len + 1;
    if em_len < 2 * hash_len + 2 {
        return None;
    }
    let (ps, separated) = db.split_at_checked(em_len - 2 * hash_len - 2)?;
    let (separator, salt) = separated.split_at_checked(1)?;
    if ps.iter().any(|&byte| byte != 0) || separator != [0x01] {
        return None;
    }
    let expected = D::new()
        .chain_update([0; 8])
        .chain_update(D::digest(message))
        .chain_update(salt)
        .finalize();
    (expected.as_slice() == h).then_some(())
}

/// The data block, unmasked with MGF1 over `D`, and the hash behind it, which has `hash_len` bytes.
fn pss_parts<D: Digest>(
    em: &[u8],
    modulus_bits: usize,
    hash_len: usize,
) -> Option<(Vec<u8>, &[u8])> {
    let em_bits = modulus_bits.checked_sub(1)?;
    let em_len = em_bits.div_ceil(8);
    // A modulus of 8k + 1 bits gives an EM one byte shorter than itself.
    let (above, em) = em.split_at_checked(em.len().checked_sub(em_len)?)?;
    let (body, trailer) = em.split_at_checked(em_len.checked_sub(1)?)?;
    let (masked_db, h) = body.split_at_checked(body.len().checked_sub(hash_len)?)?;
    let used = 0xff_u8 >> (8 * em_len - em_bits);
    let is_beyond = above.iter().any(|&byte| byte != 0) || masked_db.first()? & !used != 0;
    if is_beyond || trailer != [0xbc] {
        return None;
    }
    let mut db = masked_db.to_vec();
    mgf1_xor::<D>(h, &mut db);
    *db.first_mut()? &= used;
    Some((db, h))
}

/// The salt of an encoded message, which has to be as long as the hash, and the hash over it; what
/// EMSA-PSS-VERIFY looks at once a digest is there.
pub(super) fn pss_shown<D: Digest>(em: &[u8], modulus_bits: usize) -> Option<(Vec<u8>, Vec<u8>)> {
    let hash_len = <D as Digest>::output_size();
    let (db, h) = pss_parts::<D>(em, modulus_bits, hash_len)?;
    let ps_len = db.len().checked_sub(hash_len + 1)?;
    let (ps, separated) = db.split_at_checked(ps_len)?;
    let salt = separated.strip_prefix(&[0x01])?;
    let is_padded = ps.iter().all(|&byte| byte == 0);
    is_padded.then(|| (salt.to_vec(), h.to_vec()))
}

/// The length of the salt of a block that has the form of EMSA-PSS under MGF1 over `D`, whatever
/// was signed. For diagnoses only: nothing is accepted for its form.
pub(super) fn pss_salt<D: Digest>(
    em: &[u8],
    modulus_bits: usize,
    hash_len: usize,
) -> Option<usize> {
    let (db, _) = pss_parts::<D>(em, modulus_bits, hash_len)?;
    let ps_len = db.iter().take_while(|byte| **byte == 0).count();
    let salt = db.get(ps_len..)?.strip_prefix(&[0x01])?;
    Some(salt.len())
}

/// The encoded message of a signature to be made, where the testkit plays the user.
#[cfg(feature = "testkit")]
pub(crate) mod encode {
    use super::*;

    /// EMSA of `message` for a modulus of `modulus_bits`; `salt` gives PSS its random bytes.
    pub(crate) fn encode(
        algorithm: Algorithm,
        message: &[u8],
        modulus_bits: usize,
        salt: impl FnOnce(usize) -> Vec<u8>,
    ) -> Option<Vec<u8>> {
        let len = modulus_bits.div_ceil(8);
        match algorithm {
            Algorithm::Rs256 => pkcs1_v15::<Sha256>(message, len, SHA256_PREFIX),
            Algorithm::Rs384 => pkcs1_v15::<Sha384>(message, len, SHA384_PREFIX),
            Algorithm::Rs512 => pkcs1_v15::<Sha512>(message, len, SHA512_PREFIX),
            Algorithm::Ps256 => pss::<Sha256>(message, modulus_bits, &salt(32)),
            Algorithm::Ps384 => pss::<Sha384>(message, modulus_bits, &salt(48)),
            Algorithm::Ps512 => pss::<Sha512>(message, modulus_bits, &salt(64)),
        }
    }

    /// EMSA-PSS-ENCODE (section 9.1.1), padded to the length of the modulus.
    fn pss<D: Digest>(message: &[u8], modulus_bits: usize, salt: &[u8]) -> Option<Vec<u8>> {
        let hash_len = <D as Digest>::output_size();
        let em_bits = modulus_bits.checked_sub(1)?;
        let em_len = em_bits.div_ceil(8);
        let h = D::new()
            .chain_update([0; 8])
            .chain_update(D::digest(message))
            .chain_update(salt)
            .finalize();
        let mut db = vec![0; em_len.checked_sub(2 * hash_len + 2)?];
        db.push(0x01);
        db.extend_from_slice(salt);
        mgf1_xor::<D>(&h, &mut db);
        *db.first_mut()? &= 0xff_u8 >> (8 * em_len - em_bits);

        let mut em = vec![0; modulus_bits.div_ceil(8) - em_len];
        em.extend_from_slice(&db);
        em.extend_from_slice(&h);
        em.push(0xbc);
        Some(em)
    }
}

/// DigestInfo without the digest, by the hash's name in a diagnosis.
pub(super) fn digest_info(hash: &str) -> Option<&'static [u8]> {
    match hash {
        "sha1" => Some(SHA1_PREFIX),
        "sha224" => Some(SHA224_PREFIX),
        "sha256" => Some(SHA256_PREFIX),
        "sha384" => Some(SHA384_PREFIX),
        "sha512" => Some(SHA512_PREFIX),
        _ => None,
    }
}

/// DigestInfo without the digest (section 9.2, note 1).
const SHA1_PREFIX: &[u8] = &[
    0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14,
];
const SHA224_PREFIX: &[u8] = &[
    0x30, 0x2d, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04, 0x05,
    0x00, 0x04, 0x1c,
];
const SHA256_PREFIX: &[u8] = &[
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];
const SHA384_PREFIX: &[u8] = &[
    0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05,
    0x00, 0x04, 0x30,
];
const SHA512_PREFIX: &[u8] = &[
    0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05,
    0x00, 0x04, 0x40,
];
