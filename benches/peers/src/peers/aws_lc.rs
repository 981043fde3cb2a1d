//! aws-lc-rs, as its users call it.

use aws_lc_rs::rsa::{Pkcs1PrivateDecryptingKey, PrivateDecryptingKey};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};

use super::{decrypts, signatures};
use crate::cases::Case;
use crate::material::Material;
use crate::measure::{Job, timed};
use crate::run::Fallible;

pub(super) fn job<'a>(case: &Case, material: &'a Material) -> Fallible<Job<'a>> {
    let (threads, leaves) = (case.threads, case.operation.leaves());
    let run: Box<dyn FnMut(usize) -> _> = if decrypts(case) {
        let key = PrivateDecryptingKey::from_pkcs8(&material.pkcs8)?;
        let key = Pkcs1PrivateDecryptingKey::new(key)?;
        Box::new(move |count| {
            timed(threads, count, |_, i| {
                (0..leaves).all(|leaf| {
                    let at = (i * leaves + leaf) % material.sealed.len();
                    let mut text = [0; 512];
                    key.decrypt(&material.sealed[at], &mut text)
                        .is_ok_and(|text| text == material.texts[at])
                })
            })
        })
    } else {
        let signed = signatures(case, material);
        let mut keys = Vec::new();
        for signed in signed {
            keys.push(ParsedPublicKey::new(
                &RSA_PKCS1_2048_8192_SHA256,
                &signed.public_key,
            )?);
        }
        Box::new(move |count| {
            timed(threads, count, |_, i| {
                let i = i % signed.len();
                keys[i]
                    .verify_sig(&signed[i].message, &signed[i].signature)
                    .is_ok()
            })
        })
    };
    Ok(Job {
        peer: "aws-lc-rs".to_owned(),
        run,
        together: false,
    })
}
