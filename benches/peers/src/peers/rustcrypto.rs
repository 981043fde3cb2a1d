//! The `rsa` crate, with its blinding.

use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::rand_core::OsRng;
use rsa::sha2::{Digest, Sha256};
use rsa::{Pkcs1v15Encrypt, Pkcs1v15Sign, RsaPublicKey};

use super::{decrypts, signatures};
use crate::cases::Case;
use crate::material::Material;
use crate::measure::{Job, timed};
use crate::run::Fallible;

pub(super) fn job<'a>(case: &Case, material: &'a Material) -> Fallible<Job<'a>> {
    let (threads, leaves) = (case.threads, case.operation.leaves());
    let run: Box<dyn FnMut(usize) -> _> = if decrypts(case) {
        let key = &material.private;
        Box::new(move |count| {
            timed(threads, count, |_, i| {
                (0..leaves).all(|leaf| {
                    let at = (i * leaves + leaf) % material.sealed.len();
                    key.decrypt_blinded(&mut OsRng, Pkcs1v15Encrypt, &material.sealed[at])
                        .is_ok_and(|text| text == material.texts[at])
                })
            })
        })
    } else {
        let signed = signatures(case, material);
        let mut keys = Vec::new();
        for signed in signed {
            keys.push(RsaPublicKey::from_pkcs1_der(&signed.public_key)?);
        }
        Box::new(move |count| {
            timed(threads, count, |_, i| {
                let i = i % signed.len();
                let hash = Sha256::digest(&signed[i].message);
                let scheme = Pkcs1v15Sign::new::<Sha256>();
                keys[i].verify(scheme, &hash, &signed[i].signature).is_ok()
            })
        })
    };
    Ok(Job {
        peer: "rsa".to_owned(),
        run,
        together: false,
    })
}
