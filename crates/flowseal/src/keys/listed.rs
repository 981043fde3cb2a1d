//! What a key file holds, each of it, for someone who looks for a key.

use std::sync::Arc;

use super::container::{Container, Content, Found};
use super::decrypting::DecryptingKeyOptions;
use super::jwk;
use super::verifying::VerifyingKeyOptions;
use crate::error::Error;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::secret::SecretBytes;
use crate::shown::{Sentence, Shown};

/// One thing that a key file holds: a key, a certificate, or what is neither.
///
/// ```
/// use flowseal::{KeyFileEntry, KeyFileKind};
///
/// # let pem = flowseal::testkit::Sample::APP_PRIVATE_PEM;
/// let entries = KeyFileEntry::list(pem.as_bytes(), None)?;
/// assert_eq!(entries[0].kind(), KeyFileKind::RsaPrivate);
/// assert!(entries[0].opens());
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct KeyFileEntry {
    kind: KeyFileKind,
    key: Option<(Fingerprint, usize)>,
    kid: Option<String>,
    subject: Option<String>,
    opens: bool,
    verifies: bool,
    note: Option<String>,
}

/// What an entry of a key file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFileKind {
    /// An RSA private key.
    RsaPrivate,
    /// An RSA public key.
    RsaPublic,
    /// An X.509 certificate, as the container of its key.
    Certificate,
    /// Neither: a key that is not RSA, or a block that holds no key.
    Other,
}

impl KeyFileKind {
    /// The stable name: `rsa_private`, `rsa_public`, `certificate`, `other`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RsaPrivate => "rsa_private",
            Self::RsaPublic => "rsa_public",
            Self::Certificate => "certificate",
            Self::Other => "other",
        }
    }
}

impl KeyFileEntry {
    /// All that a file in PEM, DER or JSON holds, in its order. Encrypted private keys are opened
    /// with the passphrase, where one is given.
    ///
    /// What cannot be used is in the list as well, and says why.
    ///
    /// # Errors
    /// `key_format` and `key_kind` for a file that holds no keys at all.
    pub fn list(file: &[u8], passphrase: Option<&[u8]>) -> Result<Vec<Self>, Error> {
        let passphrase = passphrase.map(|line| Arc::new(SecretBytes::copied_from(line)));
        match Container::open(file)? {
            Container::Json => Self::of_jwks(file),
            Container::Blocks(found) => {
                let options = DecryptingKeyOptions::with_shared_passphrase(passphrase);
                Ok(found
                    .iter()
                    .map(|found| Self::of_block(found, &options))
                    .collect())
            }
        }
    }

    /// What it is.
    pub fn kind(&self) -> KeyFileKind {
        self.kind
    }

    /// The fingerprint; `None` for what is no key that is read.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.key.map(|(fingerprint, _)| fingerprint)
    }

    /// The modulus' length in bits.
    pub fn bits(&self) -> Option<usize> {
        self.key.map(|(_, bits)| bits)
    }

    /// The `kid` of a JWK.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The subject of a certificate, of which neither dates nor chain are checked.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Whether claims can be opened with it.
    pub fn opens(&self) -> bool {
        self.opens
    }

    /// Whether e-signatures can be verified with it.
    pub fn verifies(&self) -> bool {
        self.verifies
    }

    /// Why it cannot be used, for people.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    fn of_jwks(file: &[u8]) -> Result<Vec<Self>, Error> {
        let options = VerifyingKeyOptions::default();
        let build = |jwk: jwk::Jwk| {
            let key = options.from_numbers(&jwk.modulus, &jwk.exponent)?;
            Ok(Self {
                kid: jwk.kid,
                ..Self::public(KeyFileKind::RsaPublic, key.fingerprint(), key.bits())
            })
        };
        let (mut entries, skipped) = jwk::verifying(file, None, build)?;
        entries.extend(
            skipped
                .iter()
                .map(|skipped| Self::note_alone(skipped.warning())),
        );
        Ok(entries)
    }

    fn of_block(found: &Found, options: &DecryptingKeyOptions) -> Self {
        let kind = match &found.content {
            Content::Certificate(_) => KeyFileKind::Certificate,
            Content::Pkcs1Public(_) | Content::Spki(_) => KeyFileKind::RsaPublic,
            Content::EncryptedPkcs8(_) | Content::Pkcs1Private(_) | Content::Pkcs8(_) => {
                KeyFileKind::RsaPrivate
            }
            _ => return Self::note_alone(sentence(found.name())),
        };
        let entry = found.check_label().and_then(|()| match kind {
            KeyFileKind::RsaPrivate => {
                let key = options.read(&found.content)?;
                Ok(Self {
                    opens: true,
                    verifies: false,
                    ..Self::public(kind, key.fingerprint(), key.bits())
                })
            }
            _ => {
                let key = VerifyingKeyOptions::default().read(&found.content)?;
                Ok(Self {
                    subject: key.subject().map(str::to_owned),
                    ..Self::public(kind, key.fingerprint(), key.bits())
                })
            }
        });
        entry.unwrap_or_else(|error| Self {
            kind,
            ..Self::note_alone(error.sentence().to_owned())
        })
    }

    fn public(kind: KeyFileKind, fingerprint: Fingerprint, bits: usize) -> Self {
        Self {
            kind,
            key: Some((fingerprint, bits)),
            kid: None,
            subject: None,
            opens: false,
            verifies: true,
            note: None,
        }
    }

    fn note_alone(note: String) -> Self {
        Self {
            kind: KeyFileKind::Other,
            key: None,
            kid: None,
            subject: None,
            opens: false,
            verifies: false,
            note: Some(note),
        }
    }
}

fn sentence(shown: Shown) -> String {
    Sentence::new("{}", [shown]).warning()
}
