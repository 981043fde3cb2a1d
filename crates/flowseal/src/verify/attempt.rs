//! One key tried on one signature: what the raw operation is given, and what it gives.

use flowseal_rsa::{Engine, OperationError, PublicOperation};

use super::signature;
use crate::error::Error;
use crate::keys::VerifyingKey;
use crate::profile::Algorithm;

/// One key tried on one signature.
pub(super) struct Attempt<'keys> {
    pub(super) key: &'keys VerifyingKey,
    /// As long as the modulus.
    pub(super) signature: Vec<u8>,
    em: Vec<u8>,
    outcome: Result<(), OperationError>,
}

impl<'keys> Attempt<'keys> {
    /// A signature that is as long as the key's modulus; `None` for any other.
    pub(super) fn new(key: &'keys VerifyingKey, signature: &[u8]) -> Option<Self> {
        (signature.len() == key.public().size()).then(|| Self {
            key,
            signature: signature.to_vec(),
            em: vec![0; signature.len()],
            outcome: Err(OperationError::Fault),
        })
    }

    /// The same for a signature whose leading zeros were dropped, as JSEncrypt up to 3.3.2 does: it
    /// is filled up again, by at most eight bytes.
    pub(super) fn restoring(key: &'keys VerifyingKey, signature: &[u8]) -> Option<Self> {
        let dropped = key.public().size().checked_sub(signature.len())?;
        if dropped > MAX_DROPPED_ZEROS {
            return None;
        }
        let mut restored = vec![0; dropped];
        restored.extend_from_slice(signature);
        Self::new(key, &restored)
    }

    /// Runs the raw operation of this attempt alone.
    pub(super) fn compute(&mut self, engine: &Engine) {
        let mut outcomes = engine.public_vartime(&mut [self.operation()]);
        self.set_outcome(outcomes.pop().unwrap_or(Err(OperationError::Fault)));
    }

    pub(super) fn operation(&mut self) -> PublicOperation<'_> {
        PublicOperation {
            key: self.key.public(),
            input: &self.signature,
            output: &mut self.em,
        }
    }

    pub(super) fn set_outcome(&mut self, outcome: Result<(), OperationError>) {
        self.outcome = outcome;
    }

    /// What the machine, and not the signature, is to blame for.
    pub(super) fn fault(&self) -> Option<Error> {
        match self.outcome {
            Ok(()) | Err(OperationError::Range) => None,
            Err(error) => Some(Error::of_the_machine(error)),
        }
    }

    pub(super) fn verifies(&self, algorithm: Algorithm, message: &[u8]) -> bool {
        self.encoded()
            .is_some_and(|em| signature::matches(algorithm, message, em, self.key.bits()))
    }

    /// The encoded message that the power gave; `None` where the signature is no number below the
    /// modulus.
    pub(super) fn encoded(&self) -> Option<&[u8]> {
        self.outcome.is_ok().then_some(&self.em)
    }
}

/// How many bytes shorter than the modulus a signature may be.
const MAX_DROPPED_ZEROS: usize = 8;
