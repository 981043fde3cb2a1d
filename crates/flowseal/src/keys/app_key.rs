//! Public keys of apps, under which disclosures are checked.

use std::fmt;

use flowseal_rsa::PublicKey;

use super::container::{Container, Content, Expected, exactly_one};
use super::verifying::VerifyingKey;
use crate::error::{Error, ErrorCode};
use crate::ground::fingerprint::Fingerprint;
use crate::shown::{Shown, refusal};

/// An app's public key: disclosures of flows that were sealed to it are checked with it, and
/// nothing else is done with it.
///
/// Read from PEM or DER: SubjectPublicKeyInfo, PKCS#1, X.509, which is taken as a container. It has
/// to come from somewhere other than the disclosure: whoever chooses the key afterwards may choose
/// one that fits.
///
/// ```
/// # use flowseal::testkit;
/// use flowseal::AppKey;
///
/// let key = AppKey::load(testkit::KeyPair::sample_app()?.public_pem().as_bytes())?;
/// assert_eq!(key.bits(), 2048);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone)]
pub struct AppKey {
    public: PublicKey,
    fingerprint: Fingerprint,
}

impl AppKey {
    /// Reads the one public key of a PEM or DER file, whose public exponent is 65537.
    ///
    /// # Errors
    /// `key_format`, `key_kind`, `key_size`, `key_weak`, `key_invalid`; `key_ambiguous` for a file
    /// with several keys.
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        Self::options().load(file)
    }

    /// Ways to load a key other than the default one.
    pub fn options() -> AppKeyOptions {
        AppKeyOptions::default()
    }

    /// SHA-256 of the key's SubjectPublicKeyInfo.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The modulus' length in bits.
    pub fn bits(&self) -> usize {
        self.public.bits()
    }

    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }
}

impl fmt::Debug for AppKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AppKey({} bits, {})", self.bits(), self.fingerprint)
    }
}

/// Ways to load an [`AppKey`], which can be kept and used again.
///
/// ```
/// # use flowseal::testkit;
/// use flowseal::{AppKey, ErrorCode};
///
/// # let app = testkit::KeyPair::sample_app()?;
/// let options = AppKey::options().with_exponent(3);
/// let refused = options.load(app.public_pem().as_bytes()).unwrap_err();
/// assert_eq!(refused.code(), ErrorCode::KeySize);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct AppKeyOptions {
    exponent: u64,
}

impl AppKeyOptions {
    /// Wants this public exponent in place of 65537: the one that the app's key is known to have.
    ///
    /// One that whoever shows the claims may choose is a way to make a key fit.
    #[must_use]
    pub fn with_exponent(mut self, exponent: u64) -> Self {
        self.exponent = exponent;
        self
    }

    /// Reads the one public key of a PEM or DER file.
    ///
    /// # Errors
    /// Those of [`AppKey::load`]; `key_size` for another exponent than the one wanted.
    pub fn load(&self, file: &[u8]) -> Result<AppKey, Error> {
        let Container::Blocks(found) = Container::open(file)? else {
            return Err(refusal(
                ErrorCode::KeyKind,
                "this is JSON, and an app's key is read from PEM or DER: export it as a public key",
                [],
            ));
        };
        let usable = |content: &Content| {
            matches!(
                content,
                Content::Certificate(_) | Content::Pkcs1Public(_) | Content::Spki(_)
            )
        };
        let content = exactly_one(found, Expected::AppPublic, usable)?;
        let options = VerifyingKey::options().allow_exponent_three();
        let key = options.read(&content)?;
        if key.is_restricted() {
            return Err(refusal(
                ErrorCode::KeyKind,
                "the key is for RSASSA-PSS alone, to which nothing is sealed: give the app's public key",
                [],
            ));
        }
        let public = key.public();
        if public.exponent() != self.exponent {
            return Err(refusal(
                ErrorCode::KeySize,
                "the app's key has the public exponent {} where {} is wanted: give the app's own key, or name the exponent that it is known to have",
                [shown(public.exponent()), shown(self.exponent)],
            ));
        }
        Ok(AppKey {
            fingerprint: key.fingerprint(),
            public: public.clone(),
        })
    }
}

impl Default for AppKeyOptions {
    /// The exponent that nearly all keys have.
    fn default() -> Self {
        Self { exponent: 65537 }
    }
}

/// Exponents have at most 33 bits.
fn shown(exponent: u64) -> Shown {
    usize::try_from(exponent).unwrap_or(usize::MAX).into()
}
