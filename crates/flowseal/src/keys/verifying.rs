//! Public keys of users, which verify e-signatures.

use std::fmt;

use flowseal_rsa::PublicKey;
use rsa::pkcs1::{RsaPublicKey, UintRef};
use rsa::pkcs8::der::asn1::{AnyRef, BitStringRef};
use rsa::pkcs8::der::{Decode as _, Encode as _};
use rsa::pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate;

use super::container::{Container, Content, Expected, exactly_one};
use super::{jwk, refused, weak};
use crate::error::{Error, ErrorCode};
use crate::profile::Algorithm;

/// A user's public key: it verifies e-signatures, and nothing else is done with it.
///
/// Read from PEM or DER (SubjectPublicKeyInfo, PKCS#1, X.509) or a JWK. A certificate is taken as
/// a container of its key: neither its dates nor its chain are checked, and every report says so.
///
/// ```
/// use flowseal::{ErrorCode, VerifyingKey};
///
/// let error = VerifyingKey::load(b"-----BEGIN PRIVATE KEY-----").unwrap_err();
/// assert_eq!(error.code(), ErrorCode::KeyFormat);
/// ```
#[derive(Clone)]
pub struct VerifyingKey {
    public: PublicKey,
    fingerprint: Fingerprint,
    kid: Option<String>,
    subject: Option<String>,
    algorithm: Option<Algorithm>,
}

impl VerifyingKey {
    /// Reads the one key of a file: PEM, DER or JSON, told by its content.
    ///
    /// # Errors
    /// `key_format`, `key_kind`, `key_size`, `key_weak`, `key_invalid`; `key_ambiguous` for a file
    /// with several keys; `json` and its relatives for a JWK that is no JSON.
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        Self::options().load(file)
    }

    /// Reads every key of a file: a JWK set has any number, other files have one.
    ///
    /// # Errors
    /// Those of [`load`](Self::load), but for `key_ambiguous` on a JWK set.
    pub fn load_all(file: &[u8]) -> Result<Vec<Self>, Error> {
        Self::options().load_all(file)
    }

    /// Ways to load a key other than the default one.
    pub fn options<'a>() -> VerifyingKeyOptions<'a> {
        VerifyingKeyOptions::default()
    }

    /// SHA-256 of the key's SubjectPublicKeyInfo.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The modulus' length in bits.
    pub fn bits(&self) -> usize {
        self.public.bits()
    }

    /// The `kid` of the JWK that the key came from, or the one it was given.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The subject of the certificate that the key came from.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Whether the key may verify signatures of this algorithm: a JWK may name the one it is for.
    pub(crate) fn is_for(&self, algorithm: Algorithm) -> bool {
        self.algorithm.is_none_or(|own| own == algorithm)
    }

    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "VerifyingKey({} bits, {})",
            self.bits(),
            self.fingerprint
        )
    }
}

/// Ways to load a [`VerifyingKey`].
///
/// ```
/// # use flowseal::{testkit, VerifyingKey};
/// # let pem = testkit::Sample::USER_PUBLIC_PEM;
/// let key = VerifyingKey::options().kid("ada-2026").load(pem.as_bytes())?;
/// assert_eq!(key.kid(), Some("ada-2026"));
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct VerifyingKeyOptions<'a> {
    kid: Option<&'a str>,
    algorithm: Option<Algorithm>,
    allow_exponent_three: bool,
}

impl<'a> VerifyingKeyOptions<'a> {
    /// The name by which reports call the key; it takes the place of a JWK's own.
    #[must_use]
    pub fn kid(mut self, kid: &'a str) -> Self {
        self.kid = Some(kid);
        self
    }

    /// Skips JWKs that are for another algorithm than this one, the profile's.
    #[must_use]
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = Some(algorithm);
        self
    }

    /// Accepts the public exponent 3, which has a history of forgeries against careless verifiers.
    /// This one encodes and compares, which is not careless.
    #[must_use]
    pub fn allow_exponent_three(mut self) -> Self {
        self.allow_exponent_three = true;
        self
    }

    /// Reads the one key of a file.
    ///
    /// # Errors
    /// Those of [`VerifyingKey::load`].
    pub fn load(self, file: &[u8]) -> Result<VerifyingKey, Error> {
        let mut keys = self.load_all(file)?;
        match (keys.pop(), keys.len()) {
            (Some(key), 0) => Ok(key),
            (_, others) => Err(Error::new(
                ErrorCode::KeyAmbiguous,
                format!(
                    "the set holds {} usable keys where one is wanted: load them all, or give the one",
                    others + 1
                ),
            )),
        }
    }

    /// Reads every key of a file.
    ///
    /// # Errors
    /// Those of [`VerifyingKey::load_all`].
    pub fn load_all(self, file: &[u8]) -> Result<Vec<VerifyingKey>, Error> {
        match Container::open(file)? {
            Container::Json => jwk::verifying(file, self.algorithm)?
                .into_iter()
                .map(|jwk| {
                    let key = self.build(&jwk.modulus, &jwk.exponent)?;
                    Ok(VerifyingKey {
                        kid: key.kid.or(jwk.kid),
                        algorithm: jwk.algorithm,
                        ..key
                    })
                })
                .collect(),
            Container::Blocks(found) => {
                let usable = |content: &Content| {
                    matches!(
                        content,
                        Content::Certificate(_) | Content::Pkcs1Public(_) | Content::Spki(_)
                    )
                };
                self.read(&exactly_one(found, Expected::Public, usable)?)
                    .map(|key| vec![key])
            }
        }
    }

    fn read(&self, content: &Content) -> Result<VerifyingKey, Error> {
        match content {
            Content::Pkcs1Public(der) => self.pkcs1(der.expose_secret()),
            Content::Spki(der) => {
                let spki = SubjectPublicKeyInfoRef::from_der(der.expose_secret())
                    .map_err(|_| not_rsa())?;
                self.pkcs1(spki.subject_public_key.as_bytes().ok_or_else(not_rsa)?)
            }
            Content::Certificate(der) => {
                let certificate =
                    Certificate::from_der(der.expose_secret()).map_err(|_| not_rsa())?;
                let certified = certificate.tbs_certificate;
                let spki = certified.subject_public_key_info;
                if spki.algorithm.oid != rsa::pkcs1::ALGORITHM_OID {
                    return Err(not_rsa());
                }
                let key = self.pkcs1(spki.subject_public_key.as_bytes().ok_or_else(not_rsa)?)?;
                Ok(VerifyingKey {
                    subject: Some(certified.subject.to_string()),
                    ..key
                })
            }
            _ => Err(not_rsa()),
        }
    }

    fn pkcs1(&self, der: &[u8]) -> Result<VerifyingKey, Error> {
        let key = RsaPublicKey::from_der(der).map_err(|_| not_rsa())?;
        self.build(key.modulus.as_bytes(), key.public_exponent.as_bytes())
    }

    fn build(&self, modulus: &[u8], exponent: &[u8]) -> Result<VerifyingKey, Error> {
        let public = PublicKey::new(modulus, exponent).map_err(refused)?;
        check_strength(&public, MIN_BITS)?;
        if public.exponent() == 3 && !self.allow_exponent_three {
            return Err(Error::new(
                ErrorCode::KeySize,
                "the public exponent is 3: make a key with 65537, or allow exponent 3 where the key is loaded",
            ));
        }
        Ok(VerifyingKey {
            fingerprint: Fingerprint::of(&public)?,
            public,
            kid: self.kid.map(str::to_owned),
            subject: None,
            algorithm: None,
        })
    }
}

/// SHA-256 of a key's SubjectPublicKeyInfo in DER; its `Display` is lower-case hexadecimal.
///
/// The same value as `openssl pkey -pubin -outform DER | sha256sum` gives.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(super) fn of(key: &PublicKey) -> Result<Self, Error> {
        let exponent = key.exponent().to_be_bytes();
        let encode = || {
            let pkcs1 = RsaPublicKey {
                modulus: UintRef::new(key.modulus())?,
                public_exponent: UintRef::new(&exponent)?,
            }
            .to_der()?;
            SubjectPublicKeyInfoRef {
                algorithm: AlgorithmIdentifierRef {
                    oid: rsa::pkcs1::ALGORITHM_OID,
                    parameters: Some(AnyRef::NULL),
                },
                subject_public_key: BitStringRef::from_bytes(&pkcs1)?,
            }
            .to_der()
        };
        let spki = encode().map_err(|_| {
            Error::new(
                ErrorCode::KeyInvalid,
                "the key has no SubjectPublicKeyInfo: export it again",
            )
        })?;
        Ok(Self(Sha256::digest(spki).into()))
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// Refuses a modulus that is too short or known to be breakable.
pub(super) fn check_strength(key: &PublicKey, min_bits: usize) -> Result<(), Error> {
    if key.bits() < min_bits {
        return Err(Error::new(
            ErrorCode::KeySize,
            format!(
                "the key has {} bits and at least {min_bits} are needed: make a new key",
                key.bits()
            ),
        ));
    }
    if weak::has_roca_fingerprint(key.modulus()) {
        return Err(Error::new(
            ErrorCode::KeyWeak,
            "the key has the fingerprint of ROCA (CVE-2017-15361) and can be factored: make a new key elsewhere",
        ));
    }
    Ok(())
}

/// The shortest modulus that is accepted without asking.
pub(super) const MIN_BITS: usize = 2048;

fn not_rsa() -> Error {
    Error::new(
        ErrorCode::KeyKind,
        "the public key is not RSA: e-signatures of pasby are RSA",
    )
}
