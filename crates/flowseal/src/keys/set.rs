//! The keys of a file, with what was odd about it.

use std::ops::Deref;

use super::verifying::VerifyingKey;

/// The keys of one file: of a JWK set all that are usable, and what there is to say of the others.
///
/// It is a slice of keys, and is taken apart by `into_iter`.
///
/// ```
/// use flowseal::VerifyingKey;
///
/// # use flowseal::testkit;
/// # let pem = testkit::Sample::USER_PUBLIC_PEM;
/// let keys = VerifyingKey::load_all(pem.as_bytes())?;
/// assert_eq!(keys.len(), 1);
/// assert!(keys.warnings().is_empty());
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct VerifyingKeys {
    pub(super) keys: Vec<VerifyingKey>,
    pub(super) warnings: Vec<String>,
}

impl VerifyingKeys {
    /// Which JWKs were skipped, and why: a sentence each, for a log. It names a key by its `kid`,
    /// shortened, and holds nothing else of the file.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The keys alone.
    pub fn into_keys(self) -> Vec<VerifyingKey> {
        self.keys
    }
}

impl Deref for VerifyingKeys {
    type Target = [VerifyingKey];

    fn deref(&self) -> &[VerifyingKey] {
        &self.keys
    }
}

impl IntoIterator for VerifyingKeys {
    type Item = VerifyingKey;
    type IntoIter = std::vec::IntoIter<VerifyingKey>;

    fn into_iter(self) -> Self::IntoIter {
        self.keys.into_iter()
    }
}
