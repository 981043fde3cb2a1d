//! The `rsa` crate, with its blinding.

use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::rand_core::OsRng;
use rsa::sha2::{Digest, Sha256};
use rsa::{Pkcs1v15Encrypt, Pkcs1v15Sign, RsaPublicKey};

use super::{decryptions, signatures};
use crate::cases::Case;
use crate::material::Material;
use crate::measure::{Job, timed};
use crate::run::Fallible;

pub(super) fn job<'a>(case: &Case, material: &'a Material) -> Fallible<Job<'a>> {
    let (threads, leaves) = (case.threads, decryptions(case));
    let signed = signatures(case, material);
    let mut keys = Vec::new();
    for signed in signed {
        keys.push(RsaPublicKey::from_pkcs1_der(&signed.public_key)?);
    }

    let verifies = move |i: usize| {
        let Some(at) = i.checked_rem(signed.len()) else {
            return true;
        };
        let hash = Sha256::digest(&signed[at].message);
        let scheme = Pkcs1v15Sign::new::<Sha256>();
        keys[at]
            .verify(scheme, &hash, &signed[at].signature)
            .is_ok()
    };
    let decrypts = move |leaf: usize| {
        let at = leaf % material.sealed.len();
        let key = &material.private;
        key.decrypt_blinded(&mut OsRng, Pkcs1v15Encrypt, &material.sealed[at])
            .is_ok_and(|text| text == material.texts[at])
    };
    Ok(Job {
        peer: "rsa".to_owned(),
        run: Box::new(move |count| {
            timed(threads, count, |_, i| {
                verifies(i) && (0..leaves).all(|leaf| decrypts(i * leaves + leaf))
            })
        }),
        together: false,
    })
}
