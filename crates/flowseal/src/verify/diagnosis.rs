//! Why a signature does not verify, read from the encoded messages that its powers gave.
//!
//! It is made after the refusal and changes nothing of it: a signature is accepted by encoding and
//! comparing, and never because something could be parsed out of it. The power of a public key is
//! public, and so is what it shows.

use super::attempt::Attempt;
use crate::ground::diagnosis::{Block, DiagnosedKey, Diagnosis, Finding};
use crate::keys::VerifyingKey;
use crate::profile::Algorithm;

/// What these attempts show, and these keys, which are of another length than the signature.
pub(super) fn diagnosis(
    attempts: &[Attempt<'_>],
    of_other_lengths: &[&VerifyingKey],
    algorithm: Algorithm,
) -> Diagnosis {
    let tried = attempts.iter().map(|attempt| {
        let block = attempt
            .encoded()
            .and_then(|em| Block::read(em, attempt.key.bits()));
        diagnosed(attempt.key, block, algorithm)
    });
    let others = of_other_lengths.iter();
    let others = others.map(|key| diagnosed(key, None, algorithm));
    Diagnosis::new(tried.chain(others).collect())
}

/// What a key shows of a signature where no algorithm is expected: any that a profile can name is
/// the right one.
pub(super) fn shown_by(key: &VerifyingKey, block: Option<Block>) -> DiagnosedKey {
    let named = block.as_ref().and_then(Block::algorithm);
    diagnosed(key, block, named.unwrap_or(Algorithm::Rs256))
}

fn diagnosed(key: &VerifyingKey, block: Option<Block>, algorithm: Algorithm) -> DiagnosedKey {
    let finding = match &block {
        None => Finding::OtherKey,
        Some(block) if block.is_of(algorithm) => Finding::OtherBytes,
        Some(_) => Finding::OtherAlgorithm,
    };
    DiagnosedKey::new(key.fingerprint(), key.kid(), finding, block)
}
