//! Private keys of apps, which open claims.

use std::fmt;
use std::sync::Arc;

use flowseal_rsa::{PrivateKey, PrivateKeyParts};
use rsa::pkcs1::RsaPrivateKey;
use rsa::pkcs8::der::Decode as _;
use rsa::pkcs8::pkcs5::{self, EncryptionScheme, pbes2::Kdf};
use rsa::pkcs8::{EncryptedPrivateKeyInfo, PrivateKeyInfo};
use sha2::{Digest as _, Sha256};

use super::container::{Container, Content, Expected, exactly_one};
use super::refused;
use super::verifying::{Fingerprint, MIN_BITS, check_strength};
use crate::error::{Error, ErrorCode};
use crate::profile::{Padding, Profile};
use crate::secret::SecretBytes;

/// An app's private key, bound to one padding: it opens claims, and nothing else is done with it.
///
/// Read from PEM or DER: PKCS#8, encrypted PKCS#8 (PBES2), PKCS#1. It is wiped when it is dropped;
/// the bytes that it was read from are the caller's to wipe.
///
/// ```
/// # use flowseal::{testkit, DecryptingKey};
/// # let pem = testkit::Sample::APP_PRIVATE_PEM;
/// let key = DecryptingKey::load(pem.as_bytes())?;
/// assert_eq!(key.bits(), 2048);
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct DecryptingKey {
    private: PrivateKey,
    /// SHA-256 of the private exponent, as long as the modulus: what synthetic messages are derived
    /// from.
    derivation_key: SecretBytes,
    fingerprint: Fingerprint,
    kid: Option<String>,
    padding: PaddingChoice,
}

/// A key's padding, and who chose it.
#[derive(Clone, Debug)]
enum PaddingChoice {
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
    pub fn options<'a>() -> DecryptingKeyOptions<'a> {
        DecryptingKeyOptions::default()
    }

    /// SHA-256 of the public half's SubjectPublicKeyInfo.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The modulus' length in bits.
    pub fn bits(&self) -> usize {
        self.private.public().bits()
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

    pub(crate) fn private(&self) -> &PrivateKey {
        &self.private
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

/// Ways to load a [`DecryptingKey`].
///
/// ```
/// # use flowseal::{testkit, DecryptingKey, Padding};
/// # let pem = testkit::Sample::APP_PRIVATE_PEM;
/// let key = DecryptingKey::options().padding(Padding::OaepSha256).load(pem.as_bytes())?;
/// assert_eq!(key.padding(), Padding::OaepSha256);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct DecryptingKeyOptions<'a> {
    passphrase: Option<&'a [u8]>,
    kid: Option<&'a str>,
    padding: Option<PaddingChoice>,
    allow_1024_bits: bool,
}

impl<'a> DecryptingKeyOptions<'a> {
    /// The passphrase of an encrypted key. A key that is not encrypted does not need it.
    #[must_use]
    pub fn passphrase(mut self, passphrase: &'a [u8]) -> Self {
        self.passphrase = Some(passphrase);
        self
    }

    /// A name by which a caller can pick the key from a ring.
    #[must_use]
    pub fn kid(mut self, kid: &'a str) -> Self {
        self.kid = Some(kid);
        self
    }

    /// Binds the key to a padding of its own, whatever profile it is used under.
    #[must_use]
    pub fn padding(mut self, padding: Padding) -> Self {
        self.padding = Some(PaddingChoice::ForThisKey(padding));
        self
    }

    /// Binds the key to the padding of a profile, which then has to be that of the flows too.
    #[must_use]
    pub fn profile(mut self, profile: &Profile) -> Self {
        self.padding = Some(PaddingChoice::ByProfile(Arc::new(profile.clone())));
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
    pub fn load(self, file: &[u8]) -> Result<DecryptingKey, Error> {
        let Container::Blocks(found) = Container::open(file)? else {
            return Err(Error::new(
                ErrorCode::KeyKind,
                "this is JSON, and a key that opens is read from PEM or DER: export it as PKCS#8",
            ));
        };
        let usable = |content: &Content| {
            matches!(
                content,
                Content::EncryptedPkcs8(_) | Content::Pkcs1Private(_) | Content::Pkcs8(_)
            )
        };
        match exactly_one(found, Expected::Private, usable)? {
            Content::Pkcs1Private(der) => self.pkcs1(der.expose_secret()),
            Content::Pkcs8(der) => self.pkcs8(der.expose_secret()),
            Content::EncryptedPkcs8(der) => self.encrypted_pkcs8(der.expose_secret()),
            _ => Err(malformed()),
        }
    }

    fn encrypted_pkcs8(&self, der: &[u8]) -> Result<DecryptingKey, Error> {
        let unreadable = || {
            Error::new(
                ErrorCode::KeyPassphrase,
                "the private key is encrypted in a way that is not read: convert it with openssl pkcs8 -topk8 -in FILE -out NEW",
            )
        };
        let encrypted = EncryptedPrivateKeyInfo::from_der(der).map_err(|_| unreadable())?;
        check_kdf_cost(&encrypted.encryption_algorithm)?;
        let passphrase = self.passphrase.ok_or_else(|| {
            Error::new(
                ErrorCode::KeyPassphrase,
                "the private key is encrypted: give its passphrase",
            )
        })?;
        let wrong = || {
            Error::new(
                ErrorCode::KeyPassphrase,
                "the passphrase does not open the private key: check it, and that no line end is part of it",
            )
        };
        let decrypted = encrypted.decrypt(passphrase).map_err(|error| match error {
            rsa::pkcs8::Error::EncryptedPrivateKey(pkcs5::Error::UnsupportedAlgorithm {
                ..
            }) => unreadable(),
            _ => wrong(),
        })?;
        // Under a wrong passphrase one decryption in 256 ends in padding that looks right.
        PrivateKeyInfo::from_der(decrypted.as_bytes()).map_err(|_| wrong())?;
        self.pkcs8(decrypted.as_bytes())
    }

    fn pkcs8(&self, der: &[u8]) -> Result<DecryptingKey, Error> {
        let info = PrivateKeyInfo::from_der(der).map_err(|_| malformed())?;
        if info.algorithm.oid != rsa::pkcs1::ALGORITHM_OID {
            return Err(Error::new(
                ErrorCode::KeyKind,
                "the private key is not an RSA key for encryption: give the app's own key",
            ));
        }
        self.pkcs1(info.private_key)
    }

    fn pkcs1(&self, der: &[u8]) -> Result<DecryptingKey, Error> {
        let key = RsaPrivateKey::from_der(der).map_err(|_| malformed())?;
        if key.other_prime_infos.is_some() {
            return Err(Error::new(
                ErrorCode::KeyKind,
                "the private key has more than two primes: make a new key with two",
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
        .map_err(refused)?;
        let min_bits = if self.allow_1024_bits { 1024 } else { MIN_BITS };
        check_strength(private.public(), min_bits)?;

        // As long as the modulus, as the draft has it: whole blocks, none of which the hash keeps.
        let exponent = key.private_exponent.as_bytes();
        let size = private.public().size();
        let mut padded = SecretBytes::zeroed(size.max(exponent.len()));
        let places = padded.expose_secret_mut().iter_mut().rev();
        for (place, byte) in places.zip(exponent.iter().rev()) {
            *place = *byte;
        }
        let mut derivation_key = SecretBytes::zeroed(32);
        Sha256::new()
            .chain_update(padded.expose_secret())
            .finalize_into(derivation_key.expose_secret_mut().into());
        Ok(DecryptingKey {
            derivation_key,
            fingerprint: Fingerprint::of(private.public())?,
            private,
            kid: self.kid.map(str::to_owned),
            padding: self.padding.clone().unwrap_or(PaddingChoice::Default),
        })
    }
}

impl fmt::Debug for DecryptingKeyOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptingKeyOptions")
            .field("kid", &self.kid)
            .field("padding", &self.padding)
            .field("allow_1024_bits", &self.allow_1024_bits)
            .finish_non_exhaustive()
    }
}

/// Refuses a key file whose KDF would take minutes or gigabytes: such a file is an attack.
fn check_kdf_cost(scheme: &EncryptionScheme<'_>) -> Result<(), Error> {
    let within = match scheme {
        EncryptionScheme::Pbes2(parameters) => match &parameters.kdf {
            Kdf::Pbkdf2(kdf) => kdf.iteration_count <= MAX_PBKDF2_ITERATIONS,
            Kdf::Scrypt(kdf) => {
                let block = u64::from(kdf.block_size) * 128;
                let memory = kdf.cost_parameter.saturating_mul(block);
                memory.saturating_mul(kdf.parallelization.into()) <= MAX_SCRYPT_BYTES
            }
            _ => true,
        },
        _ => true,
    };
    within.then_some(()).ok_or_else(|| {
        Error::new(
            ErrorCode::KeyPassphrase,
            format!(
                "the key's KDF costs more than {MAX_PBKDF2_ITERATIONS} PBKDF2 iterations or {} MiB of scrypt: encrypt it again with less",
                MAX_SCRYPT_BYTES >> 20
            ),
        )
    })
}

/// Some seconds of PBKDF2: more than ten times what OWASP recommends for passwords.
const MAX_PBKDF2_ITERATIONS: u32 = 10_000_000;

/// What scrypt touches, N · r · 128 · p: twice what OWASP recommends for passwords.
const MAX_SCRYPT_BYTES: u64 = 1 << 28;

fn malformed() -> Error {
    Error::new(
        ErrorCode::KeyFormat,
        "the private key is not a whole PKCS#8 or PKCS#1 structure: export it again",
    )
}

#[cfg(test)]
mod tests {
    use rsa::pkcs8::pkcs5::{pbes2, scrypt};

    use super::*;

    /// Both sides of each bound, judged without paying for them.
    #[test]
    fn a_kdf_is_judged_before_it_is_run() {
        let pbkdf2 = |iterations| {
            pbes2::Parameters::pbkdf2_sha256_aes256cbc(iterations, b"salt", &[0; 16]).unwrap()
        };
        let scrypt = |log_n, r, p| {
            let cost = scrypt::Params::new(log_n, r, p, 32).unwrap();
            pbes2::Parameters::scrypt_aes256cbc(cost, b"salt", &[0; 16]).unwrap()
        };
        for (parameters, accepted) in [
            (pbkdf2(MAX_PBKDF2_ITERATIONS), true),
            (pbkdf2(MAX_PBKDF2_ITERATIONS + 1), false),
            (scrypt(18, 8, 1), true),
            (scrypt(19, 8, 1), false),
            (scrypt(18, 8, 2), false),
            (scrypt(17, 16, 1), true),
        ] {
            let outcome = check_kdf_cost(&parameters.into());
            let code = outcome.map_err(|error| error.code());
            let expected = if accepted {
                Ok(())
            } else {
                Err(ErrorCode::KeyPassphrase)
            };
            assert_eq!(code, expected);
        }
    }
}
