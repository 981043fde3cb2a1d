//! Why a signature does not verify, read from the encoded message that its power gave.
//!
//! It is made after the refusal and changes nothing of it: a signature is accepted by encoding and
//! comparing, and never because something could be parsed out of it. The power of a public key is
//! public, and so is what it shows.

use std::fmt;

use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use super::attempt::Attempt;
use super::signature::{digest_info, pss_salt};
use crate::ground::tree::Json;
use crate::keys::{Fingerprint, VerifyingKey};
use crate::profile::Algorithm;

/// Why an e-signature is `signature_invalid`: what each key that was tried shows of it.
///
/// ```
/// # use flowseal::testkit::{FlowBuilder, KeyPair};
/// use flowseal::{Expectations, Finding, Flow, Profile, UnixTime, Verifier};
///
/// # let user = KeyPair::sample_user()?;
/// # let rs512 = Profile::from_json(br#"{"algorithm": "RS512"}"#)?;
/// # let builder = FlowBuilder::new("req_1").profile(&rs512);
/// # let app = KeyPair::sample_app()?.sealing_key()?;
/// # let response = builder.seal(&app, &user.signing_key()?)?.to_json();
/// # let verifier = Verifier::trusting([user.verifying_key()?]);
/// # let now = UnixTime::from_seconds(FlowBuilder::SIGNED_AT)?;
/// let flow = Flow::from_json(response.as_bytes())?;
/// let refused = flow.verify(&verifier, &Expectations::unbound(), now).unwrap_err();
/// let diagnosis = refused.error().diagnosis().unwrap();
/// assert_eq!(diagnosis.keys()[0].finding(), Finding::OtherAlgorithm);
/// assert_eq!(diagnosis.keys()[0].hash(), Some("sha512"));
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Diagnosis(Vec<DiagnosedKey>);

impl Diagnosis {
    /// What these attempts show, and these keys, which are of another length than the signature.
    pub(super) fn of(
        attempts: &[Attempt<'_>],
        of_other_lengths: &[&VerifyingKey],
        algorithm: Algorithm,
    ) -> Self {
        let tried = attempts.iter().map(|attempt| {
            let block = attempt
                .encoded()
                .and_then(|em| Block::read(em, attempt.key.bits()));
            DiagnosedKey::new(attempt.key, block, algorithm)
        });
        let others = of_other_lengths.iter();
        let others = others.map(|key| DiagnosedKey::new(key, None, algorithm));
        Self(tried.chain(others).collect())
    }

    /// One entry for each key that was tried.
    pub fn keys(&self) -> &[DiagnosedKey] {
        &self.0
    }

    /// The diagnosis as JSON: an array of `{"fingerprint", "kid", "finding", "padding", "hash",
    /// "salt_length", "digest"}`. The digest is personal data: keep it out of logs.
    pub fn to_json(&self) -> Json {
        Json::Array(self.0.iter().map(DiagnosedKey::to_json).collect())
    }

    /// What is found, in words that hold no digest.
    pub(super) fn sentence(&self) -> String {
        let made_it = |key: &&DiagnosedKey| key.finding != Finding::OtherKey;
        let Some(key) = self.0.iter().find(made_it) else {
            return "none of these keys made it, or it was damaged on the way".to_owned();
        };
        let name = key.name();
        match key.finding {
            Finding::OtherBytes => format!(
                "the key {name} made it with this algorithm, over other bytes than these: something was changed, or the statement is another"
            ),
            _ => format!(
                "the key {name} made it, with {}: correct the profile's algorithm",
                key.scheme()
            ),
        }
    }
}

/// What one key shows of a signature that is not valid.
#[derive(Clone)]
pub struct DiagnosedKey {
    fingerprint: Fingerprint,
    kid: Option<String>,
    finding: Finding,
    block: Option<Block>,
}

impl DiagnosedKey {
    fn new(key: &VerifyingKey, block: Option<Block>, algorithm: Algorithm) -> Self {
        let finding = match &block {
            None => Finding::OtherKey,
            Some(block) if block.is_of(algorithm) => Finding::OtherBytes,
            Some(_) => Finding::OtherAlgorithm,
        };
        Self {
            fingerprint: key.fingerprint(),
            kid: key.kid().map(str::to_owned),
            finding,
            block,
        }
    }

    /// SHA-256 of the key's SubjectPublicKeyInfo.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The key's `kid`.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Which cause it is.
    pub fn finding(&self) -> Finding {
        self.finding
    }

    /// `v1_5` or `pss`; `None` where this key did not make the signature.
    pub fn padding(&self) -> Option<&'static str> {
        self.block.as_ref().map(|block| match block.salt_length {
            None => "v1_5",
            Some(_) => "pss",
        })
    }

    /// The hash that was signed, such as `sha256`.
    pub fn hash(&self) -> Option<&'static str> {
        self.block.as_ref().map(|block| block.hash.name)
    }

    /// The length of PSS's salt, in bytes.
    pub fn salt_length(&self) -> Option<usize> {
        self.block.as_ref()?.salt_length
    }

    /// The digest that was signed; PSS shows none.
    ///
    /// Personal data: whoever has it guesses a national number that was signed in minutes.
    pub fn digest(&self) -> Option<&[u8]> {
        self.block.as_ref()?.digest.as_deref()
    }

    fn name(&self) -> String {
        match &self.kid {
            Some(kid) => crate::error::quoted(kid),
            None => self.fingerprint.to_string(),
        }
    }

    /// The signature's scheme, in words.
    fn scheme(&self) -> String {
        let Some(block) = &self.block else {
            return "an unknown scheme".to_owned();
        };
        let hash = block.hash;
        match (block.salt_length, hash.number) {
            (None, Some(number)) => format!("RS{number}"),
            (None, None) => format!("RSASSA-PKCS1-v1_5 and {}", hash.name),
            (Some(salt), Some(number)) if salt == hash.len && block.mask.is_none() => {
                format!("PS{number}")
            }
            (Some(salt), _) => format!(
                "RSASSA-PSS, {}, MGF1 with {} and a salt of {salt} bytes, where JWA wants one of {} and one hash",
                hash.name,
                block.mask.unwrap_or(hash.name),
                hash.len
            ),
        }
    }

    fn to_json(&self) -> Json {
        let text = |text: Option<&str>| text.map_or(Json::Null, |text| Json::String(text.into()));
        let number = |number: Option<usize>| {
            let number = number.and_then(|number| i64::try_from(number).ok());
            number.map_or(Json::Null, |number| Json::Number(number.into()))
        };
        let digest = self.digest().map(|digest| {
            let digits = digest.iter().map(|byte| format!("{byte:02x}"));
            digits.collect::<String>()
        });
        Json::object([
            ("fingerprint", text(Some(&self.fingerprint.to_string()))),
            ("kid", text(self.kid())),
            ("finding", text(Some(self.finding.as_str()))),
            ("padding", text(self.padding())),
            ("hash", text(self.hash())),
            ("salt_length", number(self.salt_length())),
            ("digest", text(digest.as_deref())),
        ])
    }
}

impl fmt::Debug for DiagnosedKey {
    /// Without the digest, which is as good as the national number in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DiagnosedKey")
            .field("fingerprint", &self.fingerprint)
            .field("finding", &self.finding)
            .field("padding", &self.padding())
            .field("hash", &self.hash())
            .field("salt_length", &self.salt_length())
            .finish_non_exhaustive()
    }
}

/// Which cause it is that a signature is not valid under a key.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Finding {
    /// The key made it, with another algorithm than the profile's.
    OtherAlgorithm,
    /// The key made it with the profile's algorithm, over other bytes.
    OtherBytes,
    /// The key did not make it.
    OtherKey,
}

impl Finding {
    /// The stable name, such as `other_bytes`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OtherAlgorithm => "other_algorithm",
            Self::OtherBytes => "other_bytes",
            Self::OtherKey => "other_key",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A hash that may stand in a signature.
#[derive(Clone, Copy, PartialEq)]
struct Hash {
    name: &'static str,
    len: usize,
    /// The digits of JWA's names, where there is such an algorithm.
    number: Option<u16>,
}

const SHA1: Hash = Hash {
    name: "sha1",
    len: 20,
    number: None,
};
const SHA224: Hash = Hash {
    name: "sha224",
    len: 28,
    number: None,
};
const SHA256: Hash = Hash {
    name: "sha256",
    len: 32,
    number: Some(256),
};
const SHA384: Hash = Hash {
    name: "sha384",
    len: 48,
    number: Some(384),
};
const SHA512: Hash = Hash {
    name: "sha512",
    len: 64,
    number: Some(512),
};

/// What an encoded message shows of how it was made.
#[derive(Clone)]
struct Block {
    hash: Hash,
    /// `None` is RSASSA-PKCS1-v1_5.
    salt_length: Option<usize>,
    /// The hash of PSS's MGF1, where it is another than the message's.
    mask: Option<&'static str>,
    digest: Option<Vec<u8>>,
}

impl Block {
    fn read(em: &[u8], modulus_bits: usize) -> Option<Self> {
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
    /// A block of another kind looks like one of these with a chance of 1 in 256 for each zero byte
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

    fn is_of(&self, algorithm: Algorithm) -> bool {
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
    fn a_block_shows_hash_mask_and_salt() {
        for bits in [2048, 2049, 2055, 3072] {
            let longest = (bits - 1_usize).div_ceil(8) - 32 - 2;
            for salt in [0, 1, 20, 31, 32, 33, longest] {
                let block = Block::read(&pss::<Sha256, Sha256>(bits, salt), bits).unwrap();
                let shown = (block.hash.name, block.salt_length, block.mask);
                assert_eq!(shown, ("sha256", Some(salt), None), "{bits} {salt}");
                assert_eq!(block.is_of(Algorithm::Ps256), salt == 32);
                let block = Block::read(&pss::<Sha256, Sha1>(bits, salt), bits).unwrap();
                let shown = (block.hash.name, block.salt_length, block.mask);
                assert_eq!(shown, ("sha256", Some(salt), Some("sha1")), "{bits} {salt}");
                assert!(!block.is_of(Algorithm::Ps256));
            }
            let block = Block::read(&pss::<Sha512, Sha512>(bits, 64), bits).unwrap();
            assert!(block.is_of(Algorithm::Ps512) && block.hash.name == "sha512");
        }
    }

    #[test]
    fn what_is_no_block_is_nobody_s() {
        let padded = |ps: usize, info: &[u8]| [&[0, 1], &vec![0xff; ps][..], &[0], info].concat();
        let info = [digest_info("sha256").unwrap(), &[9; 32]].concat();
        let whole = padded(256 - 3 - info.len(), &info);
        let block = Block::read(&whole, 2048).unwrap();
        assert!(block.is_of(Algorithm::Rs256) && block.digest == Some(vec![9; 32]));
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
            assert!(Block::read(&em, 2048).is_none(), "{em:02x?}");
        }
    }
}
