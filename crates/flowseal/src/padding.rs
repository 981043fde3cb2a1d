//! The decodings of RFC 8017, section 7, without a branch, an index or a length that depends on
//! what is decoded.
//!
//! A padding oracle needs to tell one failure from another, or failure from success. So both
//! decodings give the same three things whatever happened: a mask, a length and bytes. Where the
//! padding was wrong, the bytes are a synthetic message (draft-irtf-cfrg-rsa-guidance): the same
//! for the same ciphertext, unknown without the key. Constant time ends where the caller takes
//! [`Unpadded::message`].

#[cfg(flowseal_hooks)]
use flowseal_rsa::hooks;
use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::{
    Choice, ConditionallySelectable as _, ConstantTimeEq as _, ConstantTimeGreater as _,
    ConstantTimeLess as _,
};
use zeroize::Zeroizing;

use crate::mgf1::mgf1_xor;
use crate::profile::Padding;
use crate::secret::SecretBytes;

/// A decoded message, or a synthetic one that nothing outside can tell from it.
pub(crate) struct Unpadded {
    padding_is_right: Choice,
    /// As long as the modulus; the message stands at the front.
    bytes: SecretBytes,
    len: u32,
}

impl Unpadded {
    /// Decodes the encoded message `em`, which is as long as the modulus.
    ///
    /// `derivation_key` is secret and belongs to the private key; with `ciphertext` it determines
    /// the synthetic message.
    pub(crate) fn decode(
        padding: Padding,
        em: SecretBytes,
        derivation_key: &[u8],
        ciphertext: &[u8],
    ) -> Self {
        let synthetic = Synthetic::derive(derivation_key, ciphertext);
        match padding {
            Padding::Pkcs1v15 => pkcs1_v15(em, &synthetic),
            Padding::OaepSha1 => oaep::<Sha1>(em, &synthetic),
            Padding::OaepSha256 => oaep::<Sha256>(em, &synthetic),
        }
    }

    /// Whether the padding was right. Not to be looked at one leaf at a time.
    pub(crate) fn padding_is_right(&self) -> Choice {
        self.padding_is_right
    }

    /// The message. Here constant time ends: its length shows from now on.
    pub(crate) fn message(&self) -> &[u8] {
        self.bytes
            .expose_secret()
            .get(..self.len as usize)
            .unwrap_or_default()
    }

    /// Whether the padding was right, the message's length, and the bytes that it stands at the front
    /// of: all of it still secret.
    #[cfg(flowseal_hooks)]
    pub(crate) fn into_parts(self) -> (u8, u32, SecretBytes) {
        (self.padding_is_right.unwrap_u8(), self.len, self.bytes)
    }

    /// Takes the message that ends `em` and begins at `start`, or the synthetic one.
    fn take(
        em: SecretBytes,
        right: Choice,
        start: u32,
        synthetic: &Synthetic,
        max_len: u32,
    ) -> Self {
        let mut bytes = em;
        let size = length_of(bytes.expose_secret());
        let (other, other_len) = synthetic.message(size, max_len);
        let pairs = bytes
            .expose_secret_mut()
            .iter_mut()
            .zip(other.expose_secret());
        for (byte, other) in pairs {
            *byte = u8::conditional_select(other, byte, right);
        }
        let len = u32::conditional_select(&other_len, &(size.wrapping_sub(start)), right);
        move_to_front(bytes.expose_secret_mut(), size.wrapping_sub(len));
        Self {
            padding_is_right: right,
            bytes,
            len,
        }
    }
}

/// EME-PKCS1-v1_5 (section 7.2.2, step 3): 0x00, 0x02, at least eight bytes that are not zero,
/// 0x00, the message.
fn pkcs1_v15(em: SecretBytes, synthetic: &Synthetic) -> Unpadded {
    const PS_END_MIN: u32 = 10;

    let size = length_of(em.expose_secret());
    let mut right = Choice::from(1);
    let mut separator = 0_u32;
    let mut separated = Choice::from(0);
    for (index, byte) in (0_u32..).zip(em.expose_secret()) {
        #[cfg(flowseal_hooks)]
        if hooks::is_planted(hooks::Leak::Exit) && separated.unwrap_u8() == 1 {
            break;
        }
        match index {
            0 => right &= byte.ct_eq(&0x00),
            1 => right &= byte.ct_eq(&0x02),
            _ => {
                let is_first_zero = byte.ct_eq(&0x00) & !separated;
                separator.conditional_assign(&index, is_first_zero);
                separated |= is_first_zero;
            }
        }
    }
    right &= separated & !separator.ct_lt(&PS_END_MIN);
    let max_len = size.saturating_sub(PS_END_MIN + 1);
    Unpadded::take(em, right, separator.wrapping_add(1), synthetic, max_len)
}

/// EME-OAEP (section 7.1.2, step 3) with an empty label and MGF1 over the same hash.
fn oaep<D: Digest>(em: SecretBytes, synthetic: &Synthetic) -> Unpadded {
    let hash_len = <D as Digest>::output_size();
    let mut em = em;
    let size = length_of(em.expose_secret());
    let max_len = em.len().saturating_sub(2 * hash_len + 2);
    // Public: the modulus is too short for this padding, whatever the ciphertext.
    let Some((first, masked)) = em.expose_secret_mut().split_first_mut() else {
        return Unpadded::take(em, Choice::from(0), 0, synthetic, 0);
    };
    let mut right = first.ct_eq(&0x00);
    match masked.split_at_mut_checked(hash_len) {
        Some((seed, db)) if db.len() > hash_len => {
            mgf1_xor::<D>(db, seed);
            mgf1_xor::<D>(seed, db);
        }
        _ => return Unpadded::take(em, Choice::from(0), 0, synthetic, 0),
    }

    let label_hash = D::digest([]);
    let db = em.expose_secret().get(1 + hash_len..).unwrap_or_default();
    let (hash, rest) = db.split_at_checked(hash_len).unwrap_or_default();
    right &= hash.ct_eq(&label_hash);
    let mut separator = 0_u32;
    let mut separated = Choice::from(0);
    for (index, byte) in (0_u32..).zip(rest) {
        let is_one = byte.ct_eq(&0x01);
        right &= separated | byte.ct_eq(&0x00) | is_one;
        let is_first_one = is_one & !separated;
        separator.conditional_assign(&index, is_first_one);
        separated |= is_one;
    }
    right &= separated;
    let before = size.wrapping_sub(length_of(rest));
    let start = before.wrapping_add(separator).wrapping_add(1);
    Unpadded::take(em, right, start, synthetic, length(max_len))
}

/// Moves everything `by` bytes towards the front, by one conditional move for each bit of `by`.
fn move_to_front(bytes: &mut [u8], by: u32) {
    let mut step = 1;
    let mut bit = 0;
    while step < bytes.len() {
        let moved = Choice::from(((by >> bit) & 1) as u8);
        let mut window = &mut *bytes;
        while let Some((byte, rest)) = window.split_first_mut() {
            match rest.get(step - 1) {
                Some(from) => byte.conditional_assign(from, moved),
                None => break,
            }
            window = rest;
        }
        step <<= 1;
        bit += 1;
    }
}

/// The source of synthetic messages: draft-irtf-cfrg-rsa-guidance, section 7.
struct Synthetic(Hmac<Sha256>);

impl Synthetic {
    fn derive(derivation_key: &[u8], ciphertext: &[u8]) -> Self {
        let key = keyed(derivation_key).chain_update(ciphertext).finalize();
        let key = Zeroizing::new(<[u8; 32]>::from(key.into_bytes()));
        Self(keyed(key.as_slice()))
    }

    /// A message of at most `max_len` bytes that ends a block of `size`, and its length.
    fn message(&self, size: u32, max_len: u32) -> (SecretBytes, u32) {
        let mut lengths = Zeroizing::new([0_u8; 2 * LENGTH_CANDIDATES]);
        self.fill(b"length", lengths.as_mut_slice());
        let mask = u32::MAX.checked_shr(max_len.leading_zeros()).unwrap_or(0);
        let mut len = 0_u32;
        for candidate in lengths.chunks_exact(2) {
            let candidate = candidate
                .iter()
                .fold(0, |value, &byte| (value << 8) | u32::from(byte));
            let candidate = candidate & mask;
            len.conditional_assign(&candidate, !candidate.ct_gt(&max_len));
        }
        let mut bytes = SecretBytes::zeroed(size as usize);
        self.fill(b"message", bytes.expose_secret_mut());
        (bytes, len)
    }

    fn fill(&self, label: &[u8], bytes: &mut [u8]) {
        // Moduli have at most 8192 bits.
        let bits = u16::try_from(8 * bytes.len()).unwrap_or(u16::MAX);
        for (counter, chunk) in (0_u16..).zip(bytes.chunks_mut(32)) {
            let mut block = self
                .0
                .clone()
                .chain_update(counter.to_be_bytes())
                .chain_update(label)
                .chain_update(bits.to_be_bytes())
                .finalize()
                .into_bytes();
            for (byte, random) in chunk.iter_mut().zip(&block) {
                *byte = *random;
            }
            zeroize::Zeroize::zeroize(block.as_mut_slice());
        }
    }
}

/// HMAC-SHA-256 under a key of at most one block.
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    let mut block = Zeroizing::new([0_u8; 64]);
    for (byte, from) in block.iter_mut().zip(key) {
        *byte = *from;
    }
    <Hmac<Sha256> as hmac::digest::KeyInit>::new((&*block).into())
}

/// So many that one of them fits but for a chance of 2⁻¹²⁸.
const LENGTH_CANDIDATES: usize = 128;

fn length_of(bytes: &[u8]) -> u32 {
    length(bytes.len())
}

/// Moduli have at most 1024 bytes.
fn length(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(padding: Padding, em: &[u8]) -> Option<Vec<u8>> {
        let unpadded = Unpadded::decode(padding, SecretBytes::copied_from(em), &[7; 32], b"c");
        bool::from(unpadded.padding_is_right()).then(|| unpadded.message().to_vec())
    }

    fn em(start: &[u8], ps: usize, message: &[u8]) -> Vec<u8> {
        [start, &vec![0xff; ps], &[0], message].concat()
    }

    #[test]
    fn pkcs1_v15_takes_eight_bytes_of_padding_and_not_seven() {
        for ps in [8, 9, 61, 100] {
            let decoded = decode(Padding::Pkcs1v15, &em(&[0, 2], ps, b"Ada"));
            assert_eq!(decoded.as_deref(), Some(&b"Ada"[..]), "{ps}");
        }
        for ps in [0, 1, 7] {
            assert_eq!(
                decode(Padding::Pkcs1v15, &em(&[0, 2], ps, &[9; 90])),
                None,
                "{ps}"
            );
        }
        assert_eq!(
            decode(Padding::Pkcs1v15, &em(&[0, 2], 50, b"")),
            Some(vec![])
        );
        let zeros = em(&[0, 2], 8, &[0; 40]);
        assert_eq!(decode(Padding::Pkcs1v15, &zeros), Some(vec![0; 40]));
    }

    #[test]
    fn pkcs1_v15_refuses_every_other_beginning() {
        for first in 0..=255 {
            for second in [0, 1, 2, 3, 0x82, 0xff] {
                let decoded = decode(Padding::Pkcs1v15, &em(&[first, second], 50, b"Ada"));
                assert_eq!(
                    decoded.is_some(),
                    (first, second) == (0, 2),
                    "{first} {second}"
                );
            }
        }
        let unseparated = [&[0, 2], [0xff; 62].as_slice()].concat();
        assert_eq!(decode(Padding::Pkcs1v15, &unseparated), None);
    }

    #[test]
    fn a_synthetic_message_is_stable_and_within_bounds() {
        let wrong = em(&[1, 2], 100, &[b'x'; 153]);
        let synthetic = |key: u8, ciphertext: &[u8]| {
            let em = SecretBytes::copied_from(&wrong);
            let unpadded = Unpadded::decode(Padding::Pkcs1v15, em, &[key; 32], ciphertext);
            assert!(!bool::from(unpadded.padding_is_right()));
            unpadded.message().to_vec()
        };
        assert_eq!(synthetic(1, b"c"), synthetic(1, b"c"));
        assert_ne!(synthetic(1, b"c"), synthetic(2, b"c"));
        let mut lengths: Vec<_> = (0..200).map(|n: u8| synthetic(1, &[n]).len()).collect();
        assert!(lengths.iter().all(|&len| len <= wrong.len() - 11));
        lengths.sort_unstable();
        lengths.dedup();
        assert!(lengths.len() > 60, "lengths should spread: {lengths:?}");
    }

    #[test]
    fn everything_moves_to_the_front() {
        let bytes: Vec<u8> = (0..=255).chain(0..=43).collect();
        for by in [0, 1, 2, 3, 127, 128, 255, 256, 299] {
            let mut moved = bytes.clone();
            move_to_front(&mut moved, by);
            let by = by as usize;
            assert_eq!(moved[..bytes.len() - by], bytes[by..], "{by}");
        }
    }
}
