//! The decodings of RFC 8017, section 7, without a branch, an index or a length that depends on
//! what is decoded.
//!
//! A padding oracle needs to tell one failure from another, or failure from success. So both
//! decodings give the same three things whatever happened: a mask, a length and bytes. Where the
//! padding was wrong, the bytes are a synthetic message (draft-irtf-cfrg-rsa-guidance): the same
//! for the same ciphertext, unknown without the key. Constant time ends where the caller takes
//! [`Unpadded::message`].

use std::hint::black_box;

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

use crate::ground::mgf1::mgf1_xor;
use crate::ground::secret::SecretBytes;
use crate::profile::Padding;

mod shown;

pub(crate) use shown::shown_message;

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
            Padding::OaepSha1 => oaep::<Sha1, Sha1>(em, &synthetic),
            Padding::OaepSha256 => oaep::<Sha256, Sha256>(em, &synthetic),
            Padding::OaepSha256Mgf1Sha1 => oaep::<Sha256, Sha1>(em, &synthetic),
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

    /// Whether the padding was right, the message's length, and the bytes that it stands at the
    /// front of: all of it still secret.
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
        let (mut other, other_len) = synthetic.message(size, max_len);
        assign(bytes.expose_secret_mut(), other.expose_secret(), !right);
        let len = u32::conditional_select(&other_len, &(size.wrapping_sub(start)), right);
        let by = size.wrapping_sub(len);
        move_to_front(bytes.expose_secret_mut(), by, other.expose_secret_mut());
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
    const PS_MIN: u32 = 8;

    let size = length_of(em.expose_secret());
    // Public: moduli are longer.
    let [first, second, rest @ ..] = em.expose_secret() else {
        return Unpadded::take(em, Choice::from(0), 0, synthetic, 0);
    };
    let (separated, ps_len) = first_place(rest, zero);
    let mut right = first.ct_eq(&0x00) & second.ct_eq(&0x02);
    right &= separated & !ps_len.ct_lt(&PS_MIN);
    let max_len = size.saturating_sub(PS_MIN + 3);
    Unpadded::take(em, right, ps_len.wrapping_add(3), synthetic, max_len)
}

/// EME-OAEP (section 7.1.2, step 3) with an empty label, a hash and MGF1 over another or the same.
fn oaep<D: Digest, M: Digest>(em: SecretBytes, synthetic: &Synthetic) -> Unpadded {
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
            mgf1_xor::<M>(db, seed);
            mgf1_xor::<M>(seed, db);
        }
        _ => return Unpadded::take(em, Choice::from(0), 0, synthetic, 0),
    }

    let label_hash = D::digest([]);
    let db = em.expose_secret().get(1 + hash_len..).unwrap_or_default();
    let (hash, rest) = db.split_at_checked(hash_len).unwrap_or_default();
    right &= hash.ct_eq(&label_hash);
    // The first byte that is not 0x00 is 0x01.
    let (separated, separator) = first_place(rest, |byte| zero(byte ^ 0x01));
    let (_, ps_len) = first_place(rest, |byte| -i16::from(byte));
    right &= separated & separator.ct_eq(&ps_len);
    let before = size.wrapping_sub(length_of(rest));
    let start = before.wrapping_add(separator).wrapping_add(1);
    Unpadded::take(em, right, start, synthetic, length(max_len))
}

/// Whether there is a byte for which `is_it` gives a negative number, and the place of the first
/// one.
///
/// Every byte is looked at, and there is arithmetic only: the smallest of numbers that are places
/// or, elsewhere, greater than all of them.
fn first_place(bytes: &[u8], is_it: impl Fn(u8) -> i16) -> (Choice, u32) {
    /// Moduli have at most 1024 bytes.
    const NOWHERE: i16 = i16::MAX;
    const BLOCK: usize = 16;

    let mut first = NOWHERE;
    for (start, block) in (0..).step_by(BLOCK).zip(bytes.chunks(BLOCK)) {
        #[cfg(flowseal_hooks)]
        if hooks::is_planted(hooks::Leak::Exit) && ends_early(first, NOWHERE) {
            break;
        }
        let mut here = [0; BLOCK];
        for (here, byte) in here.iter_mut().zip(block) {
            *here = is_it(*byte);
        }
        // A compiler that knew the numbers, or their signs to be truth values, has made branches of
        // them.
        let signs = black_box(here).map(|number| number >> 15);
        for (place, here) in (start..).zip(black_box(signs)) {
            first = first.min((place & here) | (NOWHERE & !here));
        }
    }
    let first = u32::from(first.unsigned_abs());
    (!first.ct_eq(&u32::from(NOWHERE.unsigned_abs())), first)
}

/// The leak: whether something was found already. A function by itself, so that the compiler does
/// not ask this before it asks whether the leak is planted.
#[cfg(flowseal_hooks)]
#[inline(never)]
fn ends_early(first: i16, nowhere: i16) -> bool {
    black_box(first) != nowhere
}

/// Negative where the byte is zero.
fn zero(byte: u8) -> i16 {
    i16::from(byte) - 1
}

/// Assigns `from` to `bytes` where that is chosen: with one mask for all of them, so that the
/// compiler takes many at a time.
fn assign(bytes: &mut [u8], from: &[u8], chosen: Choice) {
    let mask = black_box(0_u8.wrapping_sub(chosen.unwrap_u8()));
    for (byte, from) in bytes.iter_mut().zip(from) {
        *byte ^= (*byte ^ from) & mask;
    }
}

/// Moves everything `by` bytes towards the front, by one conditional move for each bit of `by`.
///
/// `spare`, which is as long, is written over: each step reads from the one and writes to the
/// other.
fn move_to_front(bytes: &mut [u8], by: u32, spare: &mut [u8]) {
    let mut step = 1;
    let mut bit = 0;
    while step < bytes.len() {
        let moved = Choice::from(((by >> bit) & 1) as u8);
        for (copy, byte) in spare.iter_mut().zip(&*bytes) {
            *copy = *byte;
        }
        let from = spare.get(step..).unwrap_or_default();
        assign(bytes, from, moved);
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

/// So many that one of them fits except with a chance of 2⁻¹²⁸.
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
            move_to_front(&mut moved, by, &mut [0; 300]);
            let by = by as usize;
            assert_eq!(moved[..bytes.len() - by], bytes[by..], "{by}");
        }
    }
}
