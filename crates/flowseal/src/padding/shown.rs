//! Encoded messages that are no secret any more: those that a disclosure shows.

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::Unpadded;
use crate::ground::mgf1::mgf1_xor;
use crate::ground::secret::SecretBytes;
use crate::profile::Padding;

/// The message of an encoded message that is valid under this padding and cannot have been made
/// under another; `None` for any other.
///
/// A block of OAEP looks like one of v1.5 once in some hundred times, with whatever follows as its
/// message. The other way round, and between the forms of OAEP, it takes a collision with a hash.
pub(crate) fn shown_message(padding: Padding, em: &SecretBytes) -> Option<SecretBytes> {
    if padding == Padding::Pkcs1v15 {
        let em = em.expose_secret();
        let message = of_v15(em).filter(|_| !is_of_oaep(em))?;
        return Some(SecretBytes::copied_from(message));
    }
    let copy = SecretBytes::copied_from(em.expose_secret());
    // The synthetic message hides a failure from those who do not have EM, and here all do.
    let unpadded = Unpadded::decode(padding, copy, &[], &[]);
    bool::from(unpadded.padding_is_right()).then(|| SecretBytes::copied_from(unpadded.message()))
}

/// EME-PKCS1-v1_5 of a block that hides nothing any more, so that it may stop where it sees enough.
fn of_v15(em: &[u8]) -> Option<&[u8]> {
    let padded = em.strip_prefix(&[0, 2])?;
    let ps_len = padded.iter().position(|byte| *byte == 0)?;
    padded.get(ps_len + 1..).filter(|_| ps_len >= 8)
}

fn is_of_oaep(em: &[u8]) -> bool {
    has_label::<Sha256, Sha256>(em) || has_label::<Sha256, Sha1>(em) || has_label::<Sha1, Sha1>(em)
}

/// Whether the data block of EME-OAEP begins with the hash of the empty label.
fn has_label<D: Digest, M: Digest>(em: &[u8]) -> bool {
    let hash_len = <D as Digest>::output_size();
    let parts = em
        .get(1..)
        .and_then(|masked| masked.split_at_checked(hash_len));
    let Some((masked_seed, masked_db)) = parts else {
        return false;
    };
    let mut seed = masked_seed.to_vec();
    mgf1_xor::<M>(masked_db, &mut seed);
    let mut start = masked_db.get(..hash_len).unwrap_or_default().to_vec();
    mgf1_xor::<M>(&seed, &mut start);
    start == D::digest([]).as_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EME-OAEP of an empty message whose masked seed begins as a block of v1.5 does.
    fn oaep_that_looks_like_v15<D: Digest, M: Digest>(size: usize) -> Vec<u8> {
        let hash_len = <D as Digest>::output_size();
        let mut db = D::digest([]).to_vec();
        db.resize(size - hash_len - 2, 0);
        db.push(1);
        let ems = (0_u32..).map(|counter| {
            let mut seed = vec![0; hash_len];
            seed[..4].copy_from_slice(&counter.to_be_bytes());
            let mut masked = db.clone();
            mgf1_xor::<M>(&seed, &mut masked);
            mgf1_xor::<M>(&masked, &mut seed);
            [&[0], seed.as_slice(), &masked].concat()
        });
        let looks_like_v15 = |em: &Vec<u8>| {
            let em = SecretBytes::copied_from(em);
            let as_v15 = Unpadded::decode(Padding::Pkcs1v15, em, &[], &[]);
            bool::from(as_v15.padding_is_right())
        };
        ems.into_iter().find(looks_like_v15).unwrap()
    }

    #[test]
    fn a_shown_block_of_v15_is_what_opening_makes_of_it() {
        for (start, ps, end) in [
            ([0, 2], 8, &[0, 65, 0, 66][..]),
            ([0, 2], 7, &[0, 65, 66]),
            ([0, 2], 100, &[0]),
            ([0, 2], 100, &[]),
            ([0, 1], 100, &[0, 65]),
            ([1, 2], 100, &[0, 65]),
            ([0, 2], 0, &[0, 65]),
        ] {
            let em = [&start, vec![7; ps].as_slice(), end].concat();
            let copy = SecretBytes::copied_from(&em);
            let opened = Unpadded::decode(Padding::Pkcs1v15, copy, &[], &[]);
            let right = bool::from(opened.padding_is_right());
            let shown = of_v15(&em);
            assert_eq!(shown, right.then(|| opened.message()), "{em:?}");
        }
        assert!(of_v15(&[]).is_none());
    }

    #[test]
    fn a_block_of_oaep_is_never_read_as_one_of_v15() {
        for (padding, em) in [
            (
                Padding::OaepSha256,
                oaep_that_looks_like_v15::<Sha256, Sha256>(256),
            ),
            (
                Padding::OaepSha256Mgf1Sha1,
                oaep_that_looks_like_v15::<Sha256, Sha1>(256),
            ),
            (
                Padding::OaepSha1,
                oaep_that_looks_like_v15::<Sha1, Sha1>(256),
            ),
        ] {
            let em = SecretBytes::copied_from(&em);
            assert!(shown_message(Padding::Pkcs1v15, &em).is_none());
            for named in [
                Padding::OaepSha1,
                Padding::OaepSha256,
                Padding::OaepSha256Mgf1Sha1,
            ] {
                let message = shown_message(named, &em);
                assert_eq!(message.is_some(), named == padding, "{named:?}");
            }
        }
    }
}
