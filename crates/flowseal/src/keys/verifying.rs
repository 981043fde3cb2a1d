//! Public keys of users, which verify e-signatures.

use std::fmt;

use der::asn1::{AnyRef, BitStringRef, UintRef};
use der::{Decode as _, Encode as _};
use flowseal_rsa::PublicKey;
use pkcs1::RsaPublicKeyRef;
use sha2::{Digest as _, Sha256};
use spki::{AlgorithmIdentifierRef, ObjectIdentifier, SubjectPublicKeyInfoRef};
use x509_cert::Certificate;

use super::container::{Container, Content, Expected, RSA_ENCRYPTION, RSASSA_PSS, exactly_one};
use super::pss::Restriction;
use super::set::VerifyingKeys;
use super::{jwk, key_error, weak};
use crate::error::{Error, ErrorCode};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::report::ReportedKey;
use crate::profile::Algorithm;
use crate::setup::Setup;
use crate::shown::{refusal, short};

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
    restriction: Option<Restriction>,
}

impl VerifyingKey {
    /// Reads the one key of a file: PEM, DER or JSON, recognised by its content.
    ///
    /// Of a JWK set it is the one that is usable; what there is to say of the others is told by
    /// [`load_all`](Self::load_all).
    ///
    /// # Errors
    /// `key_format`, `key_kind`, `key_size`, `key_weak`, `key_invalid`; `key_ambiguous` for a file
    /// with several keys; `json` and its relatives for a JWK that is no JSON.
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        Self::options().load(file)
    }

    /// Reads every key of a file: a JWK set has any number, other files have one.
    ///
    /// A key of a set that is not usable is skipped, and named by
    /// [`warnings`](VerifyingKeys::warnings).
    ///
    /// # Errors
    /// Those of [`load`](Self::load), except for `key_ambiguous` on a JWK set.
    pub fn load_all(file: &[u8]) -> Result<VerifyingKeys, Error> {
        Self::options().load_all(file)
    }

    /// The key with this modulus and public exponent, both big-endian; zero bytes may stand before
    /// them. A token's are its `CKA_MODULUS` and `CKA_PUBLIC_EXPONENT`: verifying stays in
    /// software.
    ///
    /// ```
    /// use flowseal::{ErrorCode, VerifyingKey};
    ///
    /// let error = VerifyingKey::from_numbers(&[0xff; 256], &[1, 0, 1]).unwrap_err();
    /// assert_eq!(error.code(), ErrorCode::KeyWeak); // 2^2048 - 1 is a multiple of 3.
    /// ```
    ///
    /// # Errors
    /// `key_size`, `key_weak`, `key_invalid`.
    pub fn from_numbers(modulus: &[u8], exponent: &[u8]) -> Result<Self, Error> {
        Self::options().from_numbers(modulus, exponent)
    }

    /// Ways to load a key other than the default one.
    pub fn options() -> VerifyingKeyOptions {
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

    /// The modulus, big-endian, without zeros before it.
    pub fn modulus(&self) -> &[u8] {
        self.public.modulus()
    }

    /// The public exponent.
    pub fn exponent(&self) -> u64 {
        self.public.exponent()
    }

    /// The `kid` of the JWK that the key came from, or the one it was given.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The subject of the certificate that the key came from.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Whether the key may verify signatures of this algorithm: a JWK may name the one it is for,
    /// and a key for RSASSA-PSS alone carries its bounds.
    pub(crate) fn is_for(&self, algorithm: Algorithm) -> bool {
        self.algorithm.is_none_or(|own| own == algorithm)
            && self.restriction.is_none_or(|own| own.allows(algorithm))
    }

    /// Whether the key is for RSASSA-PSS alone.
    pub(super) fn is_restricted(&self) -> bool {
        self.restriction.is_some()
    }

    /// The refusal of a key whose own restriction the algorithm does not meet.
    pub(crate) fn restriction_refuses(&self, algorithm: Algorithm) -> Option<Error> {
        let restriction = self.restriction.filter(|own| !own.allows(algorithm))?;
        Some(refusal(
            ErrorCode::KeyKind,
            "the key {} is {}, and the profile's algorithm is {}: correct the profile, or give another key",
            [
                self.fingerprint.into(),
                restriction.into(),
                algorithm.name().into(),
            ],
        ))
    }

    /// The key as a report names it.
    pub(crate) fn reported(&self) -> ReportedKey {
        ReportedKey::new(self.fingerprint, self.kid(), self.subject())
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

/// Ways to load a [`VerifyingKey`], which can be kept and used again.
///
/// ```
/// # use flowseal::{testkit, VerifyingKey};
/// # let pem = testkit::Sample::USER_PUBLIC_PEM;
/// let key = VerifyingKey::options().with_kid("ada-2026").load(pem.as_bytes())?;
/// assert_eq!(key.kid(), Some("ada-2026"));
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct VerifyingKeyOptions {
    kid: Option<String>,
    algorithm: Option<Algorithm>,
    allow_exponent_three: bool,
}

impl fmt::Debug for VerifyingKeyOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKeyOptions")
            .field("kid", &short(self.kid.as_deref()))
            .field("algorithm", &self.algorithm)
            .field("allow_exponent_three", &self.allow_exponent_three)
            .finish()
    }
}

impl VerifyingKeyOptions {
    /// The name by which reports call the key; it takes the place of a JWK's own.
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<String>) -> Self {
        self.kid = Some(kid.into());
        self
    }

    /// Skips JWKs that are for another algorithm than this one, the profile's.
    #[must_use]
    pub fn with_algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = Some(algorithm);
        self
    }

    /// Skips JWKs that are for another algorithm than that of a setup's profile.
    #[must_use]
    pub fn with_setup(self, setup: &Setup) -> Self {
        self.with_algorithm(setup.profile().algorithm)
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
    pub fn load(&self, file: &[u8]) -> Result<VerifyingKey, Error> {
        let mut keys = self.load_all(file)?.into_keys();
        match (keys.pop(), keys.len()) {
            (Some(key), 0) => Ok(key),
            (_, others) => Err(refusal(
                ErrorCode::KeyAmbiguous,
                "the set holds {} usable keys where one is wanted: load them all, or give the one",
                [(others + 1).into()],
            )),
        }
    }

    /// Reads every key of a file.
    ///
    /// # Errors
    /// Those of [`VerifyingKey::load_all`].
    pub fn load_all(&self, file: &[u8]) -> Result<VerifyingKeys, Error> {
        match Container::open(file)? {
            Container::Json => {
                let build = |jwk: jwk::Jwk| {
                    let key = self.build(&jwk.modulus, &jwk.exponent)?;
                    Ok(VerifyingKey {
                        kid: key.kid.or(jwk.kid),
                        algorithm: jwk.algorithm,
                        ..key
                    })
                };
                let (keys, skipped) = jwk::verifying(file, self.algorithm, build)?;
                Ok(VerifyingKeys {
                    keys,
                    warnings: skipped.iter().map(jwk::Skipped::warning).collect(),
                })
            }
            Container::Blocks(found) => {
                let usable = |content: &Content| {
                    matches!(
                        content,
                        Content::Certificate(_) | Content::Pkcs1Public(_) | Content::Spki(_)
                    )
                };
                let key = self.read(&exactly_one(found, Expected::Public, usable)?)?;
                let refusal = self
                    .algorithm
                    .and_then(|algorithm| key.restriction_refuses(algorithm));
                match refusal {
                    Some(refusal) => Err(refusal),
                    None => Ok(VerifyingKeys {
                        keys: vec![key],
                        warnings: Vec::new(),
                    }),
                }
            }
        }
    }

    /// The key with this modulus and public exponent, both big-endian.
    ///
    /// # Errors
    /// Those of [`VerifyingKey::from_numbers`].
    pub fn from_numbers(&self, modulus: &[u8], exponent: &[u8]) -> Result<VerifyingKey, Error> {
        self.build(modulus, exponent)
    }

    /// Reads what a block of a file holds.
    pub(super) fn read(&self, content: &Content) -> Result<VerifyingKey, Error> {
        match content {
            Content::Pkcs1Public(der) => self.pkcs1(der.expose_secret()),
            Content::Spki(der) => {
                let spki = SubjectPublicKeyInfoRef::from_der(der.expose_secret())
                    .map_err(|_| not_rsa())?;
                let parameters = spki.algorithm.parameters;
                let key = spki.subject_public_key.as_bytes().ok_or_else(not_rsa)?;
                self.spki(spki.algorithm.oid, parameters, key)
            }
            Content::Certificate(der) => {
                let certificate =
                    Certificate::from_der(der.expose_secret()).map_err(|_| not_rsa())?;
                let certified = certificate.tbs_certificate();
                let spki = certified.subject_public_key_info();
                let parameters = spki.algorithm.parameters.as_ref().map(AnyRef::from);
                let key = spki.subject_public_key.as_bytes().ok_or_else(not_rsa)?;
                Ok(VerifyingKey {
                    subject: Some(certified.subject().to_string()),
                    ..self.spki(spki.algorithm.oid, parameters, key)?
                })
            }
            _ => Err(not_rsa()),
        }
    }

    fn spki(
        &self,
        oid: ObjectIdentifier,
        parameters: Option<AnyRef<'_>>,
        key: &[u8],
    ) -> Result<VerifyingKey, Error> {
        let restriction = match oid {
            RSA_ENCRYPTION => None,
            RSASSA_PSS => Some(Restriction::read(parameters).ok_or_else(|| {
                refusal(
                    ErrorCode::KeyFormat,
                    "the key is for RSASSA-PSS alone, and its parameters are not those of RFC 4055: export it again",
                    [],
                )
            })?),
            _ => return Err(not_rsa()),
        };
        Ok(VerifyingKey {
            restriction,
            ..self.pkcs1(key)?
        })
    }

    fn pkcs1(&self, der: &[u8]) -> Result<VerifyingKey, Error> {
        let key = RsaPublicKeyRef::from_der(der).map_err(|_| not_rsa())?;
        self.build(key.modulus.as_bytes(), key.public_exponent.as_bytes())
    }

    fn build(&self, modulus: &[u8], exponent: &[u8]) -> Result<VerifyingKey, Error> {
        let public = PublicKey::new(modulus, exponent).map_err(key_error)?;
        check_strength(&public, MIN_BITS)?;
        weak::check_composite(&public)?;
        if public.exponent() == 3 && !self.allow_exponent_three {
            return Err(refusal(
                ErrorCode::KeySize,
                "the public exponent is 3: make a key with 65537, or allow exponent 3 where the key is loaded",
                [],
            ));
        }
        Ok(VerifyingKey {
            fingerprint: fingerprint(&public)?,
            public,
            kid: self.kid.clone(),
            subject: None,
            algorithm: None,
            restriction: None,
        })
    }
}

impl Setup {
    /// Reads every key of a file; of a JWK set those that may be for the profile's algorithm.
    ///
    /// # Errors
    /// Those of [`VerifyingKey::load_all`].
    pub fn load_verifying_keys(&self, file: &[u8]) -> Result<VerifyingKeys, Error> {
        VerifyingKey::options().with_setup(self).load_all(file)
    }
}

/// SHA-256 of the SubjectPublicKeyInfo that a key has under rsaEncryption.
pub(super) fn fingerprint(key: &PublicKey) -> Result<Fingerprint, Error> {
    let exponent = key.exponent().to_be_bytes();
    let encode = || {
        let pkcs1 = RsaPublicKeyRef {
            modulus: UintRef::new(key.modulus())?,
            public_exponent: UintRef::new(&exponent)?,
        }
        .to_der()?;
        SubjectPublicKeyInfoRef {
            algorithm: AlgorithmIdentifierRef {
                oid: RSA_ENCRYPTION,
                parameters: Some(AnyRef::NULL),
            },
            subject_public_key: BitStringRef::from_bytes(&pkcs1)?,
        }
        .to_der()
    };
    let spki = encode().map_err(|_| {
        refusal(
            ErrorCode::KeyInvalid,
            "the key has no SubjectPublicKeyInfo: export it again",
            [],
        )
    })?;
    Ok(Fingerprint::new(Sha256::digest(spki).into()))
}

/// Refuses a modulus that is too short or known to be breakable.
pub(super) fn check_strength(key: &PublicKey, min_bits: usize) -> Result<(), Error> {
    if key.bits() < min_bits {
        return Err(refusal(
            ErrorCode::KeySize,
            "the key has {} bits and at least {} are needed: make a new key",
            [key.bits().into(), min_bits.into()],
        ));
    }
    weak::check_modulus(key.modulus())
}

/// The shortest modulus that is accepted without asking.
pub(super) const MIN_BITS: usize = 2048;

fn not_rsa() -> Error {
    refusal(
        ErrorCode::KeyKind,
        "the public key is not RSA: pasby's e-signatures are RSA",
        [],
    )
}
