//! Keys whose private half is elsewhere: who computes with it, and what is asked of them.

use std::fmt;
use std::sync::Arc;

use flowseal_rsa::PublicKey;

use super::container::{Container, Content, Expected, exactly_one};
use super::decrypting::{DecryptingKey, PaddingChoice};
use super::verifying::VerifyingKey;
use crate::error::{Error, ErrorCode};
use crate::ground::fingerprint::Fingerprint;
use crate::profile::Padding;
use crate::setup::Setup;
use crate::shown::{refusal, short};

/// One raw private operation that somebody else is to compute: the ciphertext to the power of the
/// private exponent, modulo the key's modulus (RSADP of RFC 8017, section 5.1.2). No padding is
/// taken off: that stays here.
///
/// Unless the key is [`unblinded`](RemoteKeyOptions::unblinded), the ciphertext is not the flow's:
/// it is multiplied by a number that is drawn for this operation alone, so that whoever computes
/// learns nothing of the claim. An operation is no secret then, and neither is its result.
#[derive(Clone, Copy)]
pub struct RawOperation<'a> {
    id: u64,
    fingerprint: Fingerprint,
    ciphertext: &'a [u8],
}

impl<'a> RawOperation<'a> {
    /// One of these parts. An opening makes its own; this is for tests of a [`KeyHolder`].
    pub fn new(id: u64, fingerprint: Fingerprint, ciphertext: &'a [u8]) -> Self {
        Self {
            id,
            fingerprint,
            ciphertext,
        }
    }

    /// The number by which its result is matched to it: no two operations of a process have the
    /// same.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The key to compute with: SHA-256 of its SubjectPublicKeyInfo.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// What to compute with: a big-endian number of k bytes, the length of the modulus, from 2 to
    /// the modulus less 2.
    pub fn ciphertext(&self) -> &'a [u8] {
        self.ciphertext
    }
}

/// Shows no ciphertext: under an unblinded key it is the flow's.
impl fmt::Debug for RawOperation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawOperation")
            .field("id", &self.id)
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}

/// Who holds a private half and computes with it, a batch in and results out: a token, or a
/// service.
///
/// Nothing that it answers is believed: each result is raised to the public exponent first, and
/// where that does not lead back to what was sent, the flow is refused with `internal_fault`.
///
/// ```
/// # use std::sync::Arc;
/// use flowseal::{Error, KeyHolder, RawOperation};
///
/// struct Service;
///
/// impl KeyHolder for Service {
///     fn raw_private(
///         &self,
///         operations: &[RawOperation<'_>],
///         results: &mut [u8],
///     ) -> Result<(), Error> {
///         for operation in operations {
///             let _ciphertext = operation.ciphertext(); // To be sent, and its result written.
///         }
/// #       let _ = results;
///         Err(Error::key_unavailable("the service does not answer: check that it runs"))
///     }
/// }
/// ```
pub trait KeyHolder: Send + Sync {
    /// Writes each operation's result, k bytes, one after the other in their order, to `results`.
    ///
    /// All operations of a call are under one key, and there is at least one; `results` has k bytes
    /// for each, which are zero, and is wiped when it was read. Calls come from whichever threads
    /// open flows, at the same time where there are several. It may block: nothing here limits how
    /// long, so the holder does.
    ///
    /// # Errors
    /// `key_unavailable` ([`Error::key_unavailable`]) where it does not compute, or `pin`; another
    /// code becomes `key_unavailable`, with the error as its source. It is the error of every flow
    /// that waits for this key; the holder is not asked again for them, nor is anything retried.
    fn raw_private(&self, operations: &[RawOperation<'_>], results: &mut [u8])
    -> Result<(), Error>;
}

/// The public half of a key whose private half is elsewhere, and the way there.
#[derive(Clone)]
pub(crate) struct Elsewhere {
    pub(crate) public: PublicKey,
    /// None where the caller gets the results by other means, in the resumable form.
    pub(crate) holder: Option<Arc<dyn KeyHolder>>,
    pub(crate) is_blinded: bool,
}

/// Ways to make a [`DecryptingKey`] whose private half is elsewhere, which can be kept and used
/// again.
///
/// ```
/// # use std::sync::Arc;
/// # use flowseal::{testkit, DecryptingKey, KeyHolder};
/// # fn key(pem: &[u8], holder: Arc<dyn KeyHolder>) -> Result<(), flowseal::Error> {
/// let key = DecryptingKey::remote_options().with_holder(holder).with_kid("hsm-1").load(pem)?;
/// assert!(key.is_remote());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct RemoteKeyOptions {
    holder: Option<Arc<dyn KeyHolder>>,
    is_unblinded: bool,
    kid: Option<String>,
    padding: Option<PaddingChoice>,
}

impl RemoteKeyOptions {
    /// Who computes, so that `open` and `open_many` do as they do with any key. Without a holder
    /// the key opens in the resumable form only.
    #[must_use]
    pub fn with_holder(mut self, holder: Arc<dyn KeyHolder>) -> Self {
        self.holder = Some(holder);
        self
    }

    /// Sends ciphertexts as they are: right for a module in the same process or machine, which
    /// learns what it decrypts anyway, and nowhere else. Answers are checked all the same.
    ///
    /// Whoever sees the answers then sees the claims; and whoever can also time the module may
    /// learn of its key, if it does not blind by itself.
    #[must_use]
    pub fn unblinded(mut self) -> Self {
        self.is_unblinded = true;
        self
    }

    /// A name by which a caller can pick the key from a ring.
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<String>) -> Self {
        self.kid = Some(kid.into());
        self
    }

    /// Binds the key to a padding of its own, whatever profile it is used under.
    #[must_use]
    pub fn with_padding(mut self, padding: Padding) -> Self {
        self.padding = Some(PaddingChoice::ForThisKey(padding));
        self
    }

    /// Binds the key to the padding of a setup's profile, which then has to be that of the flows
    /// too.
    #[must_use]
    pub fn with_setup(mut self, setup: &Setup) -> Self {
        if let Some(profile) = setup.named_profile() {
            self.padding = Some(PaddingChoice::ByProfile(profile));
        }
        self
    }

    /// The key whose public half is in this PEM or DER file: SubjectPublicKeyInfo, PKCS#1, or a
    /// certificate as the container of its key.
    ///
    /// # Errors
    /// `key_format`, `key_kind`, `key_size`, `key_weak`, `key_invalid`; `key_ambiguous` for a file
    /// with several keys; `no_randomness`.
    pub fn load(&self, file: &[u8]) -> Result<DecryptingKey, Error> {
        let Container::Blocks(found) = Container::open(file)? else {
            return Err(refusal(
                ErrorCode::KeyKind,
                "this is JSON, and the public half of a key that opens is read from PEM or DER: export it as SubjectPublicKeyInfo",
                [],
            ));
        };
        let usable = |content: &Content| {
            matches!(
                content,
                Content::Certificate(_) | Content::Pkcs1Public(_) | Content::Spki(_)
            )
        };
        let content = exactly_one(found, Expected::Public, usable)?;
        let key = VerifyingKey::options()
            .allow_exponent_three()
            .read(&content)?;
        self.of(&key)
    }

    /// The key with this modulus and public exponent, both big-endian; zero bytes may stand before
    /// them. They are a token's `CKA_MODULUS` and `CKA_PUBLIC_EXPONENT`, or what a service gives.
    ///
    /// # Errors
    /// `key_size`, `key_weak`, `key_invalid`; `no_randomness`.
    pub fn from_numbers(&self, modulus: &[u8], exponent: &[u8]) -> Result<DecryptingKey, Error> {
        let options = VerifyingKey::options().allow_exponent_three();
        self.of(&options.from_numbers(modulus, exponent)?)
    }

    fn of(&self, key: &VerifyingKey) -> Result<DecryptingKey, Error> {
        if key.is_restricted() {
            return Err(refusal(
                ErrorCode::KeyKind,
                "the public key is an RSA key for RSASSA-PSS alone, which signs and never opens: give the app's own key",
                [],
            ));
        }
        let elsewhere = Elsewhere {
            public: key.public().clone(),
            holder: self.holder.clone(),
            is_blinded: !self.is_unblinded,
        };
        let padding = self.padding.clone().unwrap_or(PaddingChoice::Default);
        DecryptingKey::elsewhere(elsewhere, key.fingerprint(), self.kid.clone(), padding)
    }
}

impl fmt::Debug for RemoteKeyOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKeyOptions")
            .field("has_holder", &self.holder.is_some())
            .field("is_unblinded", &self.is_unblinded)
            .field("kid", &short(self.kid.as_deref()))
            .field("padding", &self.padding)
            .finish()
    }
}
