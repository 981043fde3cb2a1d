//! The keys that verify, as those that open have to know them.

use std::collections::HashSet;
use std::sync::Arc;

use flowseal_rsa::PublicKey;

use super::verifying::VerifyingKey;

/// A handle of the keys that a verifier has: whoever may sign must not open claims as well.
///
/// There is one set of moduli a verifier. Every flow that it verifies has a handle of it, and no
/// list of other people's keys.
#[derive(Clone)]
pub(crate) struct Signers(Arc<HashSet<Vec<u8>>>);

impl Signers {
    pub(crate) fn of<'a>(keys: impl IntoIterator<Item = &'a VerifyingKey>) -> Self {
        let moduli = keys.into_iter().map(|key| key.public().modulus().to_vec());
        Self(Arc::new(moduli.collect()))
    }

    /// Whether the key of one of them has this modulus.
    pub(super) fn include(&self, key: &PublicKey) -> bool {
        self.0.contains(key.modulus())
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}
