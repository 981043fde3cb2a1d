//! Keys for tests: those that open and verify, and those that seal and sign.

use std::fmt;

use flowseal_rsa::{Engine, PrivateOperation, PublicKey, PublicOperation};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use rsa::PrivateKey;
use rsa::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _, LineEnding};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::Sample;
use crate::error::{Error, ErrorCode};
use crate::ground::mgf1::mgf1_xor;
use crate::keys::{DecryptingKey, VerifyingKey};
use crate::profile::{Algorithm, Padding};
use crate::verify::signature::encode;

/// An RSA key pair in every role that a test may need it in.
///
/// ```
/// use flowseal::testkit::KeyPair;
///
/// let app = KeyPair::sample_app()?;
/// assert_eq!(app.decrypting_key()?.fingerprint(), app.verifying_key()?.fingerprint());
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct KeyPair {
    private_pem: String,
    public_pem: String,
}

impl KeyPair {
    /// Makes a new pair. At 4096 bits this takes seconds.
    ///
    /// # Errors
    /// `key_size` for a length that has no key, `no_randomness` on a machine that gives none.
    pub fn generate(bits: usize) -> Result<Self, Error> {
        if !(1024..=8192).contains(&bits) {
            return Err(Error::new(
                ErrorCode::KeySize,
                format!("a key of {bits} bits was asked for: ask for 1024 to 8192"),
            ));
        }
        let failed = |_| Error::new(ErrorCode::InternalFault, "no key was made: try again");
        random(&mut [0])?;
        let private = PrivateKey::new(&mut UnwrapErr(SysRng), bits).map_err(failed)?;
        let public = private.to_public_key();
        let unwritable = || Error::new(ErrorCode::InternalFault, "the key could not be written");
        Ok(Self {
            private_pem: private
                .to_pkcs8_pem(LineEnding::LF)
                .map_err(|_| unwritable())?
                .to_string(),
            public_pem: public
                .to_public_key_pem(LineEnding::LF)
                .map_err(|_| unwritable())?,
        })
    }

    /// The pair of the sample app: 2048 bits, known to everyone.
    ///
    /// # Errors
    /// None in practice: the key is sound.
    pub fn sample_app() -> Result<Self, Error> {
        Ok(Self {
            private_pem: Sample::APP_PRIVATE_PEM.to_owned(),
            public_pem: include_str!("app.pub.pem").to_owned(),
        })
    }

    /// The pair of the sample user: 2048 bits, known to everyone.
    ///
    /// # Errors
    /// None in practice: the key is sound.
    pub fn sample_user() -> Result<Self, Error> {
        Ok(Self {
            private_pem: include_str!("user.pem").to_owned(),
            public_pem: Sample::USER_PUBLIC_PEM.to_owned(),
        })
    }

    /// The private key: PKCS#8 PEM.
    pub fn private_pem(&self) -> &str {
        &self.private_pem
    }

    /// The public key: SubjectPublicKeyInfo PEM.
    pub fn public_pem(&self) -> &str {
        &self.public_pem
    }

    /// The private key as one that opens claims.
    ///
    /// # Errors
    /// Those of [`DecryptingKey::load`].
    pub fn decrypting_key(&self) -> Result<DecryptingKey, Error> {
        let options = DecryptingKey::options().allow_1024_bits();
        options.load(self.private_pem.as_bytes())
    }

    /// The public key as one that verifies e-signatures.
    ///
    /// # Errors
    /// Those of [`VerifyingKey::load`].
    pub fn verifying_key(&self) -> Result<VerifyingKey, Error> {
        VerifyingKey::load(self.public_pem.as_bytes())
    }

    /// The public key as one that claims are sealed to.
    ///
    /// # Errors
    /// Those of [`SealingKey::load`].
    pub fn sealing_key(&self) -> Result<SealingKey, Error> {
        SealingKey::load(self.public_pem.as_bytes())
    }

    /// The private key as one that signs flows.
    ///
    /// # Errors
    /// Those of [`SigningKey::load`].
    pub fn signing_key(&self) -> Result<SigningKey, Error> {
        SigningKey::load(self.private_pem.as_bytes())
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyPair")
    }
}

/// An app's public key as the one that claims are sealed to.
///
/// ```
/// use flowseal::testkit::{KeyPair, SealingKey};
///
/// let app = KeyPair::sample_app()?;
/// assert!(SealingKey::load(app.public_pem().as_bytes()).is_ok());
/// assert!(SealingKey::load(app.private_pem().as_bytes()).is_err());
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SealingKey(PublicKey);

impl SealingKey {
    /// Reads a public key as [`VerifyingKey::load`] does.
    ///
    /// # Errors
    /// Those of [`VerifyingKey::load`].
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        let key = VerifyingKey::options().allow_exponent_three().load(file)?;
        Ok(Self(key.public().clone()))
    }

    /// The same key as one that claims are sealed to: a token shows its public half as a
    /// [`VerifyingKey`].
    pub fn of(key: &VerifyingKey) -> Self {
        Self(key.public().clone())
    }

    /// The ciphertext of one leaf.
    pub(super) fn encrypt(&self, padding: Padding, message: &[u8]) -> Result<Vec<u8>, Error> {
        let size = self.0.size();
        let em = match padding {
            Padding::Pkcs1v15 => pkcs1_v15(message, size)?,
            Padding::OaepSha1 => oaep::<Sha1, Sha1>(message, size)?,
            Padding::OaepSha256 => oaep::<Sha256, Sha256>(message, size)?,
            Padding::OaepSha256Mgf1Sha1 => oaep::<Sha256, Sha1>(message, size)?,
        };
        let mut ciphertext = vec![0; size];
        let outcome = Engine::new().public(&mut [PublicOperation {
            key: &self.0,
            input: &em,
            output: &mut ciphertext,
        }]);
        computed(outcome).map(|()| ciphertext)
    }
}

/// A user's private key as the one that signs flows.
///
/// ```
/// use flowseal::testkit::{KeyPair, SigningKey};
///
/// let user = KeyPair::sample_user()?;
/// assert!(SigningKey::load(user.private_pem().as_bytes()).is_ok());
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Debug)]
pub struct SigningKey(DecryptingKey);

impl SigningKey {
    /// Reads a private key as [`DecryptingKey::load`] does.
    ///
    /// # Errors
    /// Those of [`DecryptingKey::load`].
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        DecryptingKey::load(file).map(Self)
    }

    /// The e-signature over a statement.
    pub(super) fn sign(&self, algorithm: Algorithm, statement: &[u8]) -> Result<Vec<u8>, Error> {
        let key = self.0.private().ok_or_else(|| {
            Error::new(
                ErrorCode::KeyKind,
                "the private half of the key is elsewhere: sign with one that is here",
            )
        })?;
        let mut salt = [0; 64];
        random(&mut salt)?;
        let salted = |len: usize| salt.iter().copied().take(len).collect();
        let em = encode::encode(algorithm, statement, key.public().bits(), salted)
            .ok_or_else(|| too_long("the key is too short for the algorithm"))?;
        let mut signature = vec![0; key.public().size()];
        let outcome = Engine::new().private(&mut [PrivateOperation {
            key,
            input: &em,
            output: &mut signature,
        }]);
        computed(outcome).map(|()| signature)
    }
}

fn pkcs1_v15(message: &[u8], size: usize) -> Result<Vec<u8>, Error> {
    let ps_len = size.checked_sub(message.len() + 3).filter(|&len| len >= 8);
    let ps_len = ps_len.ok_or_else(|| too_long("the claim is too long for the key"))?;
    let mut ps = vec![0; ps_len];
    while let Some(zero) = ps.iter_mut().find(|byte| **byte == 0) {
        random(std::slice::from_mut(zero))?;
    }
    Ok([&[0x00, 0x02], ps.as_slice(), &[0x00], message].concat())
}

fn oaep<D: Digest, M: Digest>(message: &[u8], size: usize) -> Result<Vec<u8>, Error> {
    let hash_len = <D as Digest>::output_size();
    let ps_len = size
        .checked_sub(message.len() + 2 * hash_len + 2)
        .ok_or_else(|| too_long("the claim is too long for the key"))?;
    let mut db = D::digest([]).to_vec();
    db.resize(hash_len + ps_len, 0);
    db.push(0x01);
    db.extend_from_slice(message);
    let mut seed = vec![0; hash_len];
    random(&mut seed)?;
    mgf1_xor::<M>(&seed, &mut db);
    mgf1_xor::<M>(&db, &mut seed);
    Ok([&[0x00], seed.as_slice(), &db].concat())
}

pub(super) fn random(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(|_| {
        Error::new(
            ErrorCode::NoRandomness,
            "the operating system gave no randomness: try again on a sound machine",
        )
    })
}

fn computed(outcomes: Vec<Result<(), flowseal_rsa::OperationError>>) -> Result<(), Error> {
    let outcome = outcomes.into_iter().collect::<Result<(), _>>();
    outcome.map_err(Error::of_the_machine)
}

fn too_long(what: &str) -> Error {
    Error::new(ErrorCode::KeySize, format!("{what}: use a longer key"))
}
