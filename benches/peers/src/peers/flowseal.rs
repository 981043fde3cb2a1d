//! flowseal itself, through what its users call; the engine alone where there is no such call.
//!
//! It is built with the hooks of its tests, since `private_raw` and the kernels are reached through
//! them: what they cost is flowseal's loss.

use core::time::Duration;

use std::num::NonZeroUsize;
use std::time::Instant;

use flowseal::{Engine, Expectations, OpenOptions};
use flowseal_rsa::{
    PrivateKey, PrivateKeyParts, PrivateOperation, PublicKey, PublicOperation, hooks,
};
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use sha2::{Digest, Sha256};

use crate::cases::{Case, Operation};
use crate::material::{Material, Signed};
use crate::measure::Job;
use crate::run::Fallible;

/// The engine as it is without the feature `aws-lc`.
fn pure_rust(threads: usize) -> Engine {
    let threads = NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN);
    Engine::new().without("aws-lc").with_threads(threads)
}

/// The first one is what the ratios are of. Where a single operation is measured, each of the units
/// that this machine has is measured after it, by itself.
pub(super) fn jobs<'a>(case: &Case, material: &'a Material) -> Fallible<Vec<Job<'a>>> {
    let job = |peer: String, engine| job(peer, engine, case, material);
    let engine = match case.operation {
        Operation::PrivateScalar => Engine::named("scalar")?,
        Operation::Flow9AwsLc => Engine::new(),
        _ => pure_rust(case.threads),
    };
    let mut jobs = vec![job("flowseal".to_owned(), engine)?];
    if matches!(case.operation, Operation::Private | Operation::Verify) && case.batch == 1 {
        for name in Engine::names().filter(|name| !name.starts_with("portable")) {
            jobs.push(job(format!("flowseal-{name}"), Engine::named(name)?)?);
        }
    }
    Ok(jobs)
}

fn job<'a>(peer: String, engine: Engine, case: &Case, material: &'a Material) -> Fallible<Job<'a>> {
    match case.operation {
        Operation::PrivateRaw => raw(peer, engine, material),
        Operation::Verify => verify(peer, engine, &material.signed),
        Operation::VerifyFlow => verify_flow(peer, material),
        Operation::Flow1 => flow1(peer, engine, material),
        operation => open(peer, engine, case.batch * operation.leaves(), material),
    }
}

/// Opens the claims of a verified flow.
fn open(peer: String, engine: Engine, leaves: usize, material: &Material) -> Fallible<Job<'_>> {
    let (fixture, verified) = material.flow(leaves)?;
    let options = OpenOptions::new().with_engine(engine);
    let run = move |_| {
        let start = Instant::now();
        let opened = verified.open_with(&fixture.ring, &options)?;
        let took = start.elapsed();
        if opened.len() == leaves {
            Ok(took)
        } else {
            Err("flowseal lost a claim".into())
        }
    };
    Ok(Job {
        peer,
        run: Box::new(run),
        together: true,
    })
}

fn raw(peer: String, engine: Engine, material: &Material) -> Fallible<Job<'_>> {
    let key = private_key(&material.private)?;
    let mut outputs = vec![vec![0; material.bits / 8]; material.sealed.len()];
    let run = move |count| {
        let inputs = material.sealed.iter().cycle();
        let mut batch: Vec<_> = inputs
            .zip(&mut outputs)
            .take(count)
            .map(|(input, output)| PrivateOperation {
                key: &key,
                input,
                output,
            })
            .collect();
        let start = Instant::now();
        let results = hooks::private_raw(&engine, &mut batch);
        let took = start.elapsed();
        let ends = |(output, text): (&Vec<u8>, &Vec<u8>)| output.ends_with(text);
        if results.iter().all(Result::is_ok)
            && outputs.iter().zip(&material.texts).take(count).all(ends)
        {
            Ok(took)
        } else {
            Err("flowseal gave a wrong answer".into())
        }
    };
    Ok(Job {
        peer,
        run: Box::new(run),
        together: true,
    })
}

/// Verifies signatures of many keys at once: signatures of messages, not of flows, so that this is
/// the engine with the hash and the comparison of RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2.2)
/// around it.
fn verify(peer: String, engine: Engine, signed: &[Signed]) -> Fallible<Job<'_>> {
    let mut keys = Vec::new();
    for signed in signed {
        let key = rsa::RsaPublicKey::from_pkcs1_der(&signed.public_key)?;
        keys.push(PublicKey::new(
            &key.n().to_bytes_be(),
            &key.e().to_bytes_be(),
        )?);
    }
    // One key, one set of constants, as in a caller's own table of keys.
    for i in 8..keys.len() {
        keys[i] = keys[i % 8].clone();
    }
    let size = keys.first().map_or(0, PublicKey::size);
    let run = move |count| {
        let start = Instant::now();
        let mut outputs = vec![0; size * count];
        let mut batch = Vec::with_capacity(count);
        let signed_by = signed.iter().zip(&keys);
        for ((signed, key), output) in signed_by.zip(outputs.chunks_mut(size)) {
            batch.push(PublicOperation {
                key,
                input: &signed.signature,
                output,
            });
        }
        let results = engine.public_vartime(&mut batch);
        let valid = |(output, signed): (&[u8], &Signed)| output == encoded(&signed.message, size);
        let right = results.len() == count
            && results.iter().all(Result::is_ok)
            && outputs.chunks(size).zip(signed).all(valid);
        let took = start.elapsed();
        if right {
            Ok(took)
        } else {
            Err("flowseal refused a signature".into())
        }
    };
    Ok(Job {
        peer,
        run: Box::new(run),
        together: true,
    })
}

/// EMSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 9.2).
pub(super) fn encoded(message: &[u8], size: usize) -> Vec<u8> {
    const DIGEST_INFO: &[u8] =
        b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

    let hash = Sha256::digest(message);
    let mut encoded = vec![0xff; size - DIGEST_INFO.len() - hash.len()];
    encoded[..2].copy_from_slice(&[0, 1]);
    if let Some(last) = encoded.last_mut() {
        *last = 0;
    }
    encoded.extend(DIGEST_INFO);
    encoded.extend(hash);
    encoded
}

fn verify_flow(peer: String, material: &Material) -> Fallible<Job<'_>> {
    let (fixture, _) = material.flow(9)?;
    let flow = fixture.flow()?;
    let expectations =
        Expectations::for_reference("req_bench").with_max_age(Duration::from_secs(300));
    let run = move |_| {
        let flow = flow.clone();
        let start = Instant::now();
        let verified = flow.verify(&fixture.verifier, &expectations, fixture.now);
        let took = start.elapsed();
        verified.map_err(|_| "flowseal refused a flow")?;
        Ok(took)
    };
    Ok(Job {
        peer,
        run: Box::new(run),
        together: true,
    })
}

/// From an answer's bytes to its one claim.
fn flow1(peer: String, engine: Engine, material: &Material) -> Fallible<Job<'_>> {
    let (fixture, _) = material.flow(1)?;
    let verifier = fixture.verifier.clone().with_engine(engine.clone());
    let options = OpenOptions::new().with_engine(engine);
    let expectations =
        Expectations::for_reference("req_bench").with_max_age(Duration::from_secs(300));
    let run = move |_| {
        let start = Instant::now();
        let verified = fixture
            .flow()?
            .verify(&verifier, &expectations, fixture.now)
            .map_err(|_| "flowseal refused a flow")?;
        let opened = verified.open_with(&fixture.ring, &options)?;
        let took = start.elapsed();
        if opened.len() == 1 {
            Ok(took)
        } else {
            Err("flowseal lost a claim".into())
        }
    };
    Ok(Job {
        peer,
        run: Box::new(run),
        together: true,
    })
}

fn private_key(key: &rsa::RsaPrivateKey) -> Fallible<PrivateKey> {
    let [p, q] = key.primes() else {
        return Err("a key with more than two primes".into());
    };
    let one = || rsa::BigUint::from(1_u8);
    let (d, q_inverse) = (key.d(), key.crt_coefficient().ok_or("no inverse of q")?);
    Ok(PrivateKey::new(&PrivateKeyParts {
        modulus: &key.n().to_bytes_be(),
        public_exponent: &key.e().to_bytes_be(),
        private_exponent: &d.to_bytes_be(),
        prime_p: &p.to_bytes_be(),
        prime_q: &q.to_bytes_be(),
        exponent_p: &(d % (p - one())).to_bytes_be(),
        exponent_q: &(d % (q - one())).to_bytes_be(),
        coefficient: &q_inverse.to_bytes_be(),
    })?)
}
