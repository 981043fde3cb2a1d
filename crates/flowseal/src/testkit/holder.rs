//! Whoever holds a private key elsewhere, played in this process.

use flowseal_rsa::{Engine, PrivateOperation};

use crate::error::{Error, ErrorCode};
use crate::keys::{DecryptingKey, KeyHolder, RawOperation};

/// A [`KeyHolder`] for tests: it has the private key after all, and computes what it is asked.
///
/// ```
/// use std::sync::Arc;
/// use flowseal::testkit::{Holder, KeyPair};
/// use flowseal::{DecryptingKey, KeyRing};
///
/// let pair = KeyPair::sample_app()?;
/// let holder = Holder::load(pair.private_pem().as_bytes())?;
/// let key = DecryptingKey::remote_options().with_holder(Arc::new(holder));
/// let ring = KeyRing::from(key.load(pair.public_pem().as_bytes())?);
/// # assert_eq!(ring.len(), 1);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Debug)]
pub struct Holder(DecryptingKey);

impl Holder {
    /// Reads a private key as [`DecryptingKey::load`] does.
    ///
    /// # Errors
    /// Those of [`DecryptingKey::load`].
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        DecryptingKey::load(file).map(Self)
    }

    /// The result of one raw operation: the ciphertext to the power of the private exponent.
    ///
    /// # Errors
    /// `key_unavailable` for a number that does not fit the key.
    pub fn compute(&self, ciphertext: &[u8]) -> Result<Vec<u8>, Error> {
        let mut result = vec![0; ciphertext.len()];
        let operation = RawOperation::new(0, self.0.fingerprint(), ciphertext);
        self.raw_private(&[operation], &mut result)?;
        Ok(result)
    }
}

impl KeyHolder for Holder {
    fn raw_private(
        &self,
        operations: &[RawOperation<'_>],
        results: &mut [u8],
    ) -> Result<(), Error> {
        let key = self.0.private().ok_or_else(|| {
            Error::new(
                ErrorCode::KeyKind,
                "the private half of the key is elsewhere: load one that is here",
            )
        })?;
        let places = results.chunks_exact_mut(key.public().size());
        let mut batch: Vec<_> = operations
            .iter()
            .zip(places)
            .map(|(operation, output)| PrivateOperation {
                key,
                input: operation.ciphertext(),
                output,
            })
            .collect();
        let outcomes = Engine::new().private(&mut batch);
        let outcome = outcomes.into_iter().collect::<Result<(), _>>();
        outcome.map_err(|error| {
            Error::key_unavailable("the played holder of the key could not compute: see its source")
                .with_source(error)
        })
    }
}
