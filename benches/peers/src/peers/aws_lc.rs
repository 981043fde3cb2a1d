//! aws-lc-rs, as its users call it.

use aws_lc_rs::rsa::{Pkcs1PrivateDecryptingKey, PrivateDecryptingKey};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};

use super::{decryptions, signatures};
use crate::cases::Case;
use crate::material::{Material, Signed};
use crate::measure::{Job, timed};
use crate::run::Fallible;

pub(super) fn job<'a>(case: &Case, material: &'a Material) -> Fallible<Job<'a>> {
    let (threads, leaves) = (case.threads, decryptions(case));
    let key = PrivateDecryptingKey::from_pkcs8(&material.pkcs8)?;
    let key = Pkcs1PrivateDecryptingKey::new(key)?;
    let signed = signatures(case, material);
    let mut keys = Vec::new();
    for signed in signed {
        keys.push(ParsedPublicKey::new(
            &RSA_PKCS1_2048_8192_SHA256,
            &signed.public_key,
        )?);
    }

    let verifies = move |i: usize| {
        let Some(at) = i.checked_rem(signed.len()) else {
            return true;
        };
        let Signed {
            message, signature, ..
        } = &signed[at];
        keys[at].verify_sig(message, signature).is_ok()
    };
    let decrypts = move |leaf: usize| {
        let at = leaf % material.sealed.len();
        let mut text = [0; 512];
        key.decrypt(&material.sealed[at], &mut text)
            .is_ok_and(|text| text == material.texts[at])
    };
    Ok(Job {
        peer: "aws-lc-rs".to_owned(),
        run: Box::new(move |count| {
            timed(threads, count, |_, i| {
                verifies(i) && (0..leaves).all(|leaf| decrypts(i * leaves + leaf))
            })
        }),
        together: false,
    })
}
