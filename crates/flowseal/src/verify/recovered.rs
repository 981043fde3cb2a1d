//! What a signature shows to whoever has the key: enough to judge any number of statements without
//! another power.

use flowseal_rsa::Engine;
use sha2::{Sha256, Sha384, Sha512};

use super::attempt::Attempt;
use super::diagnosis::shown_by;
use super::sentences::{check_state, signature_malformed};
use super::signature::{matches, pss_shown};
use super::verification::SIGNATURE_BYTES;
use crate::error::Error;
use crate::flow::Flow;
use crate::ground::diagnosis::{DiagnosedKey, Encoding};
use crate::ground::strict_base64;
use crate::keys::VerifyingKey;
use crate::profile::Algorithm;

/// What one key recovers of a signature that it has made.
pub(crate) struct Recovered {
    pub(crate) algorithm: Algorithm,
    pub(crate) seen: Seen,
    em: Vec<u8>,
    modulus_bits: usize,
}

/// What an encoded message holds of the statement's digest.
pub(crate) enum Seen {
    /// RSASSA-PKCS1-v1_5 has it as it is.
    Digest(Vec<u8>),
    /// RSASSA-PSS has a hash over eight zero bytes, it, and a salt.
    Salted { salt: Vec<u8>, hash: Vec<u8> },
}

impl Recovered {
    /// Whether these are the signed bytes, by the rule that verifies a flow.
    pub(crate) fn is_over(&self, statement: &[u8]) -> bool {
        matches(self.algorithm, statement, &self.em, self.modulus_bits)
    }
}

impl Flow {
    /// What these keys show of the flow's signature, and a diagnosis of each.
    ///
    /// # Errors
    /// Those of [`verify`](Self::verify) for a flow that is not complete, or whose signature is
    /// malformed; those of the machine.
    pub(crate) fn recovered(
        &self,
        keys: &[VerifyingKey],
        engine: &Engine,
    ) -> Result<(Vec<Recovered>, Vec<DiagnosedKey>), Error> {
        check_state(self)?;
        let text = self.signature().unwrap_or_default();
        let signature = strict_base64::decode(text)
            .filter(|signature| SIGNATURE_BYTES.contains(&signature.len()))
            .ok_or_else(|| signature_malformed(text))?;
        let (mut recovered, mut diagnosed) = (Vec::new(), Vec::new());
        for key in keys {
            let Some(mut attempt) = Attempt::restoring(key, &signature) else {
                diagnosed.push(shown_by(key, None));
                continue;
            };
            attempt.compute(engine);
            if let Some(fault) = attempt.fault() {
                return Err(fault);
            }
            let em = attempt.encoded().unwrap_or_default();
            diagnosed.push(shown_by(key, Encoding::read(em, key.bits())));
            recovered.extend(readings(em, key));
        }
        Ok((recovered, diagnosed))
    }
}

/// How an encoded message can be read under the algorithms that a profile may name. Of one that is
/// none of theirs there is no reading; two would be a chance of 1 in 2²⁵⁶.
fn readings(em: &[u8], key: &VerifyingKey) -> Vec<Recovered> {
    let bits = key.bits();
    let salted = |(salt, hash)| Seen::Salted { salt, hash };
    let digest_of = |algorithm| {
        let encoding = Encoding::read(em, bits).filter(|encoding| encoding.is_of(algorithm))?;
        encoding.digest.map(Seen::Digest)
    };
    let readings = [
        (Algorithm::Rs256, digest_of(Algorithm::Rs256)),
        (Algorithm::Rs384, digest_of(Algorithm::Rs384)),
        (Algorithm::Rs512, digest_of(Algorithm::Rs512)),
        (Algorithm::Ps256, pss_shown::<Sha256>(em, bits).map(salted)),
        (Algorithm::Ps384, pss_shown::<Sha384>(em, bits).map(salted)),
        (Algorithm::Ps512, pss_shown::<Sha512>(em, bits).map(salted)),
    ];
    let of_this_key = |(algorithm, seen): (Algorithm, Option<Seen>)| {
        Some(Recovered {
            algorithm,
            seen: seen.filter(|_| key.is_for(algorithm))?,
            em: em.to_vec(),
            modulus_bits: bits,
        })
    };
    readings.into_iter().filter_map(of_this_key).collect()
}
