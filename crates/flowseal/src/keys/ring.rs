//! Several private keys of an app, for the time of a rotation.

use std::sync::Arc;

use super::decrypting::DecryptingKey;
use super::signers::Signers;
use crate::error::{Error, ErrorCode};
use crate::profile::{Profile, mismatch};
use crate::shown::{Shown, refusal};

/// The keys that a flow may be sealed to: during a rotation the new one and the old one.
///
/// The choice is made per flow. Every key of the leaves' size is tried on every leaf, whichever of
/// them fits, so that the time taken does not tell which; exactly one must open them all.
///
/// ```
/// # use flowseal::{testkit, DecryptingKey, KeyRing};
/// # let pem = testkit::Sample::APP_PRIVATE_PEM;
/// let current = DecryptingKey::options().with_kid("2026").load(pem.as_bytes())?;
/// let ring = KeyRing::new([current])?;
/// assert_eq!(ring.only("2026")?.len(), 1);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct KeyRing(Vec<Arc<DecryptingKey>>);

impl KeyRing {
    /// A ring of these keys. The same key twice is one key: the first.
    ///
    /// # Errors
    /// `key_conflict` for one modulus under two paddings: what one would refuse the other might
    /// open, which is an oracle.
    pub fn new(
        keys: impl IntoIterator<Item = impl Into<Arc<DecryptingKey>>>,
    ) -> Result<Self, Error> {
        let mut ring: Vec<Arc<DecryptingKey>> = Vec::new();
        for key in keys.into_iter().map(Into::into) {
            let twin = ring.iter().find(|other| modulus(other) == modulus(&key));
            match twin {
                None => ring.push(key),
                Some(twin) if twin.padding() == key.padding() => {}
                Some(_) => {
                    return Err(refusal(
                        ErrorCode::KeyConflict,
                        "the key {} stands in the ring with two paddings: a key has one padding, so make a new key for the other",
                        [key.fingerprint().into()],
                    ));
                }
            }
        }
        Ok(Self(ring))
    }

    /// The ring of the one key that a caller names by its `kid` or its fingerprint in hexadecimal.
    ///
    /// # Errors
    /// `no_decrypting_key` if there is none of that name, `key_ambiguous` if there are two.
    pub fn only(&self, name: &str) -> Result<Self, Error> {
        let named: Vec<_> = self
            .0
            .iter()
            .filter(|key| key.kid() == Some(name) || key.fingerprint().to_string() == name)
            .cloned()
            .collect();
        match named.len() {
            1 => Ok(Self(named)),
            0 => Err(refusal(
                ErrorCode::NoDecryptingKey,
                "the ring has no key {}: give its kid or fingerprint",
                [Shown::id(name)],
            )),
            _ => Err(refusal(
                ErrorCode::KeyAmbiguous,
                "the ring has several keys {}: give the fingerprint",
                [Shown::id(name)],
            )),
        }
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no keys at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys, in the order in which they were given.
    pub fn keys(&self) -> impl Iterator<Item = &DecryptingKey> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// The same, to be kept.
    pub(crate) fn shared(&self) -> impl Iterator<Item = &Arc<DecryptingKey>> {
        self.0.iter()
    }

    /// The one profile of an operation in which this ring takes part.
    pub(crate) fn agreed<'a>(
        &'a self,
        others: impl IntoIterator<Item = Option<&'a Profile>>,
    ) -> Result<Option<&'a Profile>, Error> {
        let own = self.keys().map(DecryptingKey::profile);
        let agreed = Profile::agreed(others.into_iter().chain(own))?;
        match agreed {
            Some(profile) if !self.keys().all(|key| key.agrees_with(profile)) => Err(mismatch(
                "the profile names one padding and a key is bound to another",
            )),
            agreed => Ok(agreed),
        }
    }

    /// Refuses a modulus that opens claims here and verifies e-signatures there: what one role
    /// computes on request would serve as the other's answer.
    pub(crate) fn check_roles(&self, signers: &Signers) -> Result<(), Error> {
        let shared = self.keys().find(|key| signers.include(key.public()));
        shared.map_or(Ok(()), |key| {
            Err(refusal(
                ErrorCode::KeyConflict,
                "the key {} opens claims and verifies e-signatures: an app's key is not a user's, so check which is which",
                [key.fingerprint().into()],
            ))
        })
    }
}

impl From<DecryptingKey> for KeyRing {
    fn from(key: DecryptingKey) -> Self {
        Self(vec![key.into()])
    }
}

fn modulus(key: &DecryptingKey) -> &[u8] {
    key.public().modulus()
}
