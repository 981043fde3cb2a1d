//! An encoded message, read for what it shows of how it was made: for diagnoses, and nothing else.

use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use super::signature::{digest_info, pss_salt};
use crate::ground::diagnosis::{Encoding, Hash, SHA1, SHA224, SHA256, SHA384, SHA512};
use crate::profile::Algorithm;

impl Encoding {
    pub(super) fn read(em: &[u8], modulus_bits: usize) -> Option<Self> {
        Self::pkcs1_v15(em).or_else(|| Self::pss(em, modulus_bits))
    }

    /// 0x00, 0x01, at least eight times 0xff, 0x00, a DigestInfo and nothing behind it.
    fn pkcs1_v15(em: &[u8]) -> Option<Self> {
        let padded = em.strip_prefix(&[0x00, 0x01])?;
        let ps_len = padded.iter().take_while(|byte| **byte == 0xff).count();
        let info = padded.get(ps_len..)?.strip_prefix(&[0x00])?;
        if ps_len < 8 {
            return None;
        }
        let hashes = [SHA1, SHA224, SHA256, SHA384, SHA512];
        hashes.into_iter().find_map(|hash| {
            let digest = info.strip_prefix(digest_info(hash.name)?)?;
            (digest.len() == hash.len).then(|| Self {
                hash,
                salt_length: None,
                mask: None,
                digest: Some(digest.to_vec()),
            })
        })
    }

    /// EMSA-PSS with any of the hashes, MGF1 over the same hash or SHA-1, and a salt of any length.
    ///
    /// One of another kind looks like one of these with a chance of 1 in 256 for each zero byte
    /// before the salt and one more, so the one that has most of them is taken.
    fn pss(em: &[u8], modulus_bits: usize) -> Option<Self> {
        let candidates = [
            (
                SHA256,
                None,
                pss_salt::<Sha256>(em, modulus_bits, SHA256.len),
            ),
            (
                SHA512,
                None,
                pss_salt::<Sha512>(em, modulus_bits, SHA512.len),
            ),
            (
                SHA384,
                None,
                pss_salt::<Sha384>(em, modulus_bits, SHA384.len),
            ),
            (SHA1, None, pss_salt::<Sha1>(em, modulus_bits, SHA1.len)),
            (
                SHA224,
                None,
                pss_salt::<Sha224>(em, modulus_bits, SHA224.len),
            ),
            (
                SHA256,
                Some("sha1"),
                pss_salt::<Sha1>(em, modulus_bits, SHA256.len),
            ),
            (
                SHA384,
                Some("sha1"),
                pss_salt::<Sha1>(em, modulus_bits, SHA384.len),
            ),
            (
                SHA512,
                Some("sha1"),
                pss_salt::<Sha1>(em, modulus_bits, SHA512.len),
            ),
        ];
        let looks_like_one = |(hash, mask, salt): (Hash, _, Option<usize>)| {
            let salt = salt?;
            Some((hash, mask, salt, hash.len + salt))
        };
        let candidates = candidates.into_iter().filter_map(looks_like_one);
        let (hash, mask, salt_length, _) = candidates.min_by_key(|(_, _, _, filled)| *filled)?;
        Some(Self {
            hash,
            salt_length: Some(salt_length),
            mask,
            digest: None,
        })
    }

    /// The algorithm of a profile that encodes so.
    pub(super) fn algorithm(&self) -> Option<Algorithm> {
        let named = [
            Algorithm::Rs256,
            Algorithm::Rs384,
            Algorithm::Rs512,
            Algorithm::Ps256,
            Algorithm::Ps384,
            Algorithm::Ps512,
        ];
        named.into_iter().find(|algorithm| self.is_of(*algorithm))
    }

    pub(super) fn is_of(&self, algorithm: Algorithm) -> bool {
        let (number, is_pss) = match algorithm {
            Algorithm::Rs256 => (256, false),
            Algorithm::Rs384 => (384, false),
            Algorithm::Rs512 => (512, false),
            Algorithm::Ps256 => (256, true),
            Algorithm::Ps384 => (384, true),
            Algorithm::Ps512 => (512, true),
        };
        let salt_length = is_pss.then_some(self.hash.len);
        self.hash.number == Some(number) && self.salt_length == salt_length && self.mask.is_none()
    }
}

#[cfg(test)]
mod tests {
    use sha2::Digest;

    use super::*;
    use crate::ground::mgf1::mgf1_xor;

    /// EMSA-PSS-ENCODE (RFC 8017, section 9.1.1) with a salt of any length and any MGF1.
    fn pss<H: Digest, M: Digest>(modulus_bits: usize, salt_length: usize) -> Vec<u8> {
        let em_bits = modulus_bits - 1;
        let em_len = em_bits.div_ceil(8);
        let salt = vec![7; salt_length];
        let h = H::new()
            .chain_update([0; 8])
            .chain_update(H::digest(b"message"))
            .chain_update(&salt)
            .finalize();
        let mut db = vec![0; em_len - h.len() - salt_length - 2];
        db.push(1);
        db.extend(&salt);
        mgf1_xor::<M>(&h, &mut db);
        db[0] &= 0xff >> (8 * em_len - em_bits);
        let mut em = vec![0; modulus_bits.div_ceil(8) - em_len];
        em.extend(db);
        em.extend(h);
        em.push(0xbc);
        em
    }

    #[test]
    fn an_encoding_shows_hash_mask_and_salt() {
        for bits in [2048, 2049, 2055, 3072] {
            let longest = (bits - 1_usize).div_ceil(8) - 32 - 2;
            for salt in [0, 1, 20, 31, 32, 33, longest] {
                let encoding = Encoding::read(&pss::<Sha256, Sha256>(bits, salt), bits).unwrap();
                let shown = (encoding.hash.name, encoding.salt_length, encoding.mask);
                assert_eq!(shown, ("sha256", Some(salt), None), "{bits} {salt}");
                assert_eq!(encoding.is_of(Algorithm::Ps256), salt == 32);
                let encoding = Encoding::read(&pss::<Sha256, Sha1>(bits, salt), bits).unwrap();
                let shown = (encoding.hash.name, encoding.salt_length, encoding.mask);
                assert_eq!(shown, ("sha256", Some(salt), Some("sha1")), "{bits} {salt}");
                assert!(!encoding.is_of(Algorithm::Ps256));
            }
            let encoding = Encoding::read(&pss::<Sha512, Sha512>(bits, 64), bits).unwrap();
            assert!(encoding.is_of(Algorithm::Ps512) && encoding.hash.name == "sha512");
        }
    }

    #[test]
    fn what_is_no_encoding_shows_nothing() {
        let padded = |ps: usize, info: &[u8]| [&[0, 1], &vec![0xff; ps][..], &[0], info].concat();
        let info = [digest_info("sha256").unwrap(), &[9; 32]].concat();
        let whole = padded(256 - 3 - info.len(), &info);
        let encoding = Encoding::read(&whole, 2048).unwrap();
        assert!(encoding.is_of(Algorithm::Rs256) && encoding.digest == Some(vec![9; 32]));
        let behind = [info.as_slice(), &[0]].concat();
        for em in [
            vec![0x55; 256],
            vec![0; 256],
            padded(7, &info),
            padded(100, &behind),
            padded(100, &info[1..]),
            padded(100, &info[..info.len() - 1]),
            Vec::new(),
        ] {
            assert!(Encoding::read(&em, 2048).is_none(), "{em:02x?}");
        }
    }
}
