//! Why a signature does not verify, read from the encoded messages that its powers gave.
//!
//! It is made after the refusal and changes nothing of it: a signature is accepted by encoding and
//! comparing, and never because something could be parsed out of it. The power of a public key is
//! public, and so is what it shows.

use super::attempt::Attempt;
use crate::ground::diagnosis::{DiagnosedKey, Diagnosis, Encoding, Finding};
use crate::keys::VerifyingKey;
use crate::profile::Algorithm;

/// What these attempts show, and these keys, which are of another length than the signature.
pub(super) fn diagnosis(
    attempts: &[Attempt<'_>],
    of_other_lengths: &[&VerifyingKey],
    algorithm: Algorithm,
) -> Diagnosis {
    let tried = attempts.iter().map(|attempt| {
        let encoding = attempt
            .encoded()
            .and_then(|em| Encoding::read(em, attempt.key.bits()));
        diagnosed(attempt.key, encoding, algorithm)
    });
    let others = of_other_lengths.iter();
    let others = others.map(|key| diagnosed(key, None, algorithm));
    Diagnosis::new(tried.chain(others).collect())
}

/// What a key shows of a signature where no algorithm is expected: any that a profile can name is
/// the right one.
pub(super) fn shown_by(key: &VerifyingKey, encoding: Option<Encoding>) -> DiagnosedKey {
    let named = encoding.as_ref().and_then(Encoding::algorithm);
    diagnosed(key, encoding, named.unwrap_or(Algorithm::Rs256))
}

fn diagnosed(key: &VerifyingKey, encoding: Option<Encoding>, algorithm: Algorithm) -> DiagnosedKey {
    let finding = match &encoding {
        None => Finding::OtherKey,
        Some(encoding) if encoding.is_of(algorithm) => Finding::OtherBytes,
        Some(_) => Finding::OtherAlgorithm,
    };
    DiagnosedKey::new(key.fingerprint(), key.kid(), finding, encoding)
}
