//! Private keys of apps, which open claims.

use std::fmt;
use std::sync::Arc;

use der::Decode as _;
use flowseal_rsa::{OperationError, PrivateKey, PrivateKeyParts, PublicKey};
use pkcs1::RsaPrivateKeyRef;
use pkcs8::PrivateKeyInfoRef;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroize as _;

use super::container::{Container, Content, Expected, RSA_ENCRYPTION, RSASSA_PSS, exactly_one};
use super::encryption::Encrypted;
use super::remote::{Elsewhere, RemoteKeyOptions};
use super::verifying::{MIN_BITS, check_strength, fingerprint};
use super::{key_error, weak};
use crate::error::{Error, ErrorCode};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::secret::SecretBytes;
use crate::profile::{Padding, Profile};
use crate::setup::Setup;
use crate::shown::{refusal, short};

/// An app's private key, bound to one padding: it opens claims, and nothing else is done with it.
///
/// Read from PEM or DER: PKCS#8, encrypted PKCS#8 (PBES2), PKCS#1. It is wiped when it is
/// dropped; the bytes that it was read from are the caller's to wipe. Where the private half stays
/// in a token or with a service, [`remote`](Self::remote) makes one of the public half.
///
/// ```
/// # use flowseal::{testkit, DecryptingKey};
/// # let pem = testkit::Sample::APP_PRIVATE_PEM;
/// let key = DecryptingKey::load(pem.as_bytes())?;
/// assert_eq!(key.bits(), 2048);
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct DecryptingKey {
    half: PrivateHalf,
    /// What synthetic messages are derived from: SHA-256 of the private exponent, as long as the
    /// modulus, or random bytes where the exponent is elsewhere.
    derivation_key: SecretBytes,
    fingerprint: Fingerprint,
    kid: Option<String>,
    padding: PaddingChoice,
}

/// Where a key's private half is.
enum PrivateHalf {
    Here(PrivateKey),
    Elsewhere(Elsewhere),
}

/// A key's padding, and who chose it.
#[derive(Clone, Debug)]
pub(super) enum PaddingChoice {
    /// Nobody: it is what pasby documents.
    Default,
    /// The caller, for this key.
    ForThisKey(Padding),
    /// A profile, which then has to be that of the whole operation.
    ByProfile(Arc<Profile>),
}

impl DecryptingKey {
    /// Reads the one private key of a PEM or DER file, for RSAES-PKCS1-v1_5.
    ///
    /// # Errors
    /// `key_format`, `key_kind`, `key_size`, `key_weak`, `key_invalid`; `key_passphrase` for an
    /// encrypted key; `key_ambiguous` for a file with several private keys.
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        Self::options().load(file)
    }

    /// Ways to load a key other than the default one.
    pub fn options() -> DecryptingKeyOptions {
        DecryptingKeyOptions::default()
    }

    /// The key whose public half is in this PEM or DER file, and whose private half is elsewhere.
    ///
    /// It stands in a [`KeyRing`](crate::KeyRing) beside others, is for RSAES-PKCS1-v1_5, blinds
    /// what it sends, and opens in the resumable form. [`remote_options`](Self::remote_options) has
    /// the rest: who computes, so that `open` does as well, and another padding.
    ///
    /// ```
    /// # use flowseal::{testkit, DecryptingKey};
    /// # let pair = testkit::KeyPair::sample_app()?;
    /// let key = DecryptingKey::remote(pair.public_pem().as_bytes())?;
    /// assert!(key.is_remote());
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`RemoteKeyOptions::load`](crate::RemoteKeyOptions::load).
    pub fn remote(file: &[u8]) -> Result<Self, Error> {
        Self::remote_options().load(file)
    }

    /// Ways to make a key whose private half is elsewhere.
    pub fn remote_options() -> RemoteKeyOptions {
        RemoteKeyOptions::default()
    }

    /// Whether the private half is elsewhere.
    pub fn is_remote(&self) -> bool {
        matches!(self.half, PrivateHalf::Elsewhere(_))
    }

    /// SHA-256 of the public half's SubjectPublicKeyInfo.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The modulus' length in bits.
    pub fn bits(&self) -> usize {
        self.public().bits()
    }

    /// The name that the key was given.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The padding that the key is bound to.
    pub fn padding(&self) -> Padding {
        match &self.padding {
            PaddingChoice::Default => Profile::default().padding,
            PaddingChoice::ForThisKey(padding) => *padding,
            PaddingChoice::ByProfile(profile) => profile.padding,
        }
    }

    /// The profile that the key was bound by, if one was given.
    pub(crate) fn profile(&self) -> Option<&Profile> {
        match &self.padding {
            PaddingChoice::ByProfile(profile) => Some(profile),
            _ => None,
        }
    }

    /// Whether the key may take part in an operation under `profile`: a key that was bound to its
    /// own padding may, one that nobody thought of must happen to have the profile's.
    pub(crate) fn agrees_with(&self, profile: &Profile) -> bool {
        matches!(self.padding, PaddingChoice::ForThisKey(_)) || self.padding() == profile.padding
    }

    pub(crate) fn public(&self) -> &PublicKey {
        match &self.half {
            PrivateHalf::Here(private) => private.public(),
            PrivateHalf::Elsewhere(elsewhere) => &elsewhere.public,
        }
    }

    /// The private half; nothing where it is elsewhere.
    pub(crate) fn private(&self) -> Option<&PrivateKey> {
        match &self.half {
            PrivateHalf::Here(private) => Some(private),
            PrivateHalf::Elsewhere(_) => None,
        }
    }

    /// The way to the private half, where it is elsewhere.
    pub(crate) fn way(&self) -> Option<&Elsewhere> {
        match &self.half {
            PrivateHalf::Here(_) => None,
            PrivateHalf::Elsewhere(elsewhere) => Some(elsewhere),
        }
    }

    /// The key of this public half.
    pub(super) fn elsewhere(
        elsewhere: Elsewhere,
        fingerprint: Fingerprint,
        kid: Option<String>,
        padding: PaddingChoice,
    ) -> Result<Self, Error> {
        // The same for as long as the key lives, so that a ciphertext that is sent twice is
        // answered alike.
        let mut derivation_key = SecretBytes::zeroed(32);
        getrandom::fill(derivation_key.expose_secret_mut())
            .map_err(|_| Error::of_the_machine(OperationError::NoRandomness))?;
        Ok(Self {
            half: PrivateHalf::Elsewhere(elsewhere),
            derivation_key,
            fingerprint,
            kid,
            padding,
        })
    }

    pub(crate) fn derivation_key(&self) -> &[u8] {
        self.derivation_key.expose_secret()
    }
}

impl fmt::Debug for DecryptingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "DecryptingKey({} bits, {})",
            self.bits(),
            self.fingerprint
        )
    }
}

/// Ways to load a [`DecryptingKey`], which can be kept and used again.
///
/// ```
/// # use flowseal::profile::Padding;
/// # use flowseal::{testkit, DecryptingKey};
/// # let pem = testkit::Sample::APP_PRIVATE_PEM;
/// let key = DecryptingKey::options().with_padding(Padding::OaepSha256).load(pem.as_bytes())?;
/// assert_eq!(key.padding(), Padding::OaepSha256);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct DecryptingKeyOptions {
    passphrase: Option<Arc<SecretBytes>>,
    kid: Option<String>,
    padding: Option<PaddingChoice>,
    allow_1024_bits: bool,
}

impl DecryptingKeyOptions {
    /// The passphrase of an encrypted key. A key that is not encrypted does not need it.
    ///
    /// It is copied into memory that is wiped; what was passed in is the caller's to wipe.
    #[must_use]
    pub fn with_passphrase(mut self, passphrase: impl AsRef<[u8]>) -> Self {
        self.passphrase = Some(Arc::new(SecretBytes::copied_from(passphrase.as_ref())));
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

    /// Accepts moduli from 1024 bits on, which can be factored by those who can pay for it.
    #[must_use]
    pub fn allow_1024_bits(mut self) -> Self {
        self.allow_1024_bits = true;
        self
    }

    /// Reads the one private key of a PEM or DER file.
    ///
    /// # Errors
    /// Those of [`DecryptingKey::load`].
    pub fn load(&self, file: &[u8]) -> Result<DecryptingKey, Error> {
        let Container::Blocks(found) = Container::open(file)? else {
            return Err(refusal(
                ErrorCode::KeyKind,
                "this is JSON, and a key that opens is read from PEM or DER: export it as PKCS#8",
                [],
            ));
        };
        let usable = |content: &Content| {
            matches!(
                content,
                Content::EncryptedPkcs8(_) | Content::Pkcs1Private(_) | Content::Pkcs8(_)
            )
        };
        self.read(&exactly_one(found, Expected::Private, usable)?)
    }

    /// The default options, with a passphrase that others have as well.
    pub(super) fn with_shared_passphrase(passphrase: Option<Arc<SecretBytes>>) -> Self {
        Self {
            passphrase,
            ..Self::default()
        }
    }

    /// Reads one block of a key file.
    pub(super) fn read(&self, content: &Content) -> Result<DecryptingKey, Error> {
        match content {
            Content::Pkcs1Private(der) => self.pkcs1(der.expose_secret()),
            Content::Pkcs8(der) => self.pkcs8(der.expose_secret()),
            Content::EncryptedPkcs8(der) => self.encrypted_pkcs8(der.expose_secret()),
            _ => Err(malformed()),
        }
    }

    fn encrypted_pkcs8(&self, der: &[u8]) -> Result<DecryptingKey, Error> {
        // Judged first: of a file that no passphrase opens, none is asked for.
        let encrypted = Encrypted::read(der)?;
        let passphrase = self.passphrase.as_ref().ok_or_else(|| {
            refusal(
                ErrorCode::KeyPassphrase,
                "the private key is encrypted: give its passphrase",
                [],
            )
        })?;
        let wrong = || {
            refusal(
                ErrorCode::KeyPassphrase,
                "the passphrase does not open the private key: check it, and that no line end is part of it",
                [],
            )
        };
        let decrypted = encrypted
            .decrypt(passphrase.expose_secret())
            .ok_or_else(wrong)?;
        // Under a wrong passphrase one decryption in 256 ends in padding that looks right.
        PrivateKeyInfoRef::from_der(decrypted.expose_secret()).map_err(|_| wrong())?;
        self.pkcs8(decrypted.expose_secret())
    }

    fn pkcs8(&self, der: &[u8]) -> Result<DecryptingKey, Error> {
        let info = PrivateKeyInfoRef::from_der(der).map_err(|_| malformed())?;
        let found = match info.algorithm.oid {
            RSA_ENCRYPTION => return self.pkcs1(info.private_key.as_bytes()),
            RSASSA_PSS => "an RSA key for RSASSA-PSS alone, which signs and never opens",
            _ => "no RSA key",
        };
        Err(refusal(
            ErrorCode::KeyKind,
            "the private key is {}: give the app's own key",
            [found.into()],
        ))
    }

    fn pkcs1(&self, der: &[u8]) -> Result<DecryptingKey, Error> {
        let key = RsaPrivateKeyRef::from_der(der).map_err(|_| malformed())?;
        if key.other_prime_infos.is_some() {
            return Err(refusal(
                ErrorCode::KeyKind,
                "the private key has more than two primes: make a new key with two",
                [],
            ));
        }
        let private = PrivateKey::new(&PrivateKeyParts {
            modulus: key.modulus.as_bytes(),
            public_exponent: key.public_exponent.as_bytes(),
            private_exponent: key.private_exponent.as_bytes(),
            prime_p: key.prime1.as_bytes(),
            prime_q: key.prime2.as_bytes(),
            exponent_p: key.exponent1.as_bytes(),
            exponent_q: key.exponent2.as_bytes(),
            coefficient: key.coefficient.as_bytes(),
        })
        .map_err(key_error)?;
        let min_bits = if self.allow_1024_bits { 1024 } else { MIN_BITS };
        check_strength(private.public(), min_bits)?;
        weak::check_factors(
            private.public().bits(),
            [key.prime1.as_bytes(), key.prime2.as_bytes()],
        )?;

        // As long as the modulus, as the draft has it: whole blocks, none of which the hash
        // keeps.
        let exponent = key.private_exponent.as_bytes();
        let size = private.public().size();
        let mut padded = SecretBytes::zeroed(size.max(exponent.len()));
        let places = padded.expose_secret_mut().iter_mut().rev();
        for (place, byte) in places.zip(exponent.iter().rev()) {
            *place = *byte;
        }
        let mut derivation_key = SecretBytes::zeroed(32);
        let mut digest = Sha256::digest(padded.expose_secret());
        derivation_key.expose_secret_mut().copy_from_slice(&digest);
        digest.as_mut_slice().zeroize();
        Ok(DecryptingKey {
            derivation_key,
            fingerprint: fingerprint(private.public())?,
            half: PrivateHalf::Here(private),
            kid: self.kid.clone(),
            padding: self.padding.clone().unwrap_or(PaddingChoice::Default),
        })
    }
}

impl Setup {
    /// Reads the one private key of a PEM or DER file, for the profile's padding.
    ///
    /// # Errors
    /// Those of [`DecryptingKey::load`].
    pub fn load_decrypting_key(&self, file: &[u8]) -> Result<DecryptingKey, Error> {
        DecryptingKey::options().with_setup(self).load(file)
    }
}

impl fmt::Debug for DecryptingKeyOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptingKeyOptions")
            .field("kid", &short(self.kid.as_deref()))
            .field("padding", &self.padding)
            .field("allow_1024_bits", &self.allow_1024_bits)
            .finish_non_exhaustive()
    }
}

fn malformed() -> Error {
    refusal(
        ErrorCode::KeyFormat,
        "the private key is not a whole PKCS#8 or PKCS#1 structure: export it again",
        [],
    )
}
