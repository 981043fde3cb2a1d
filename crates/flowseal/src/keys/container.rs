//! What a key file holds, recognised by its content.

use der::Decode as _;
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::PrivateKeyInfoRef;
use spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};
use x509_cert::Certificate;

use super::encryption;
use super::pem::{self, Body, Damage};
use crate::error::{Error, ErrorCode};
use crate::ground::secret::SecretBytes;
use crate::shown::{Sentence, Shown, refusal};
use crate::text_file::{Looks, without_mark};

/// A key file, taken apart.
pub(super) enum Container {
    /// JSON: a JWK or a set of them.
    Json,
    /// One or more blocks of DER; a bare DER file is one block.
    Blocks(Vec<Found>),
}

impl Container {
    /// Tells what `file` is and decodes its blocks.
    pub(super) fn open(file: &[u8]) -> Result<Self, Error> {
        if file.len() > MAX_FILE_BYTES {
            return Err(unreadable("longer than 1 MiB: give the key alone"));
        }
        let looks = Looks::of(file);
        match looks {
            Looks::Json => Ok(Self::Json),
            Looks::Der => Ok(Self::Blocks(vec![Found {
                label: None,
                content: Content::of(SecretBytes::copied_from(file.trim_ascii_start())),
            }])),
            _ if looks != Looks::Utf16 && pem::is_pem(file) => {
                let blocks = pem::blocks(without_mark(file)).map(Found::in_pem);
                let blocks: Vec<_> = blocks.take(MAX_BLOCKS + 1).collect();
                if blocks.len() > MAX_BLOCKS {
                    return Err(unreadable(
                        "PEM with more than 64 blocks: give the key alone",
                    ));
                }
                Ok(Self::Blocks(blocks))
            }
            other => Err(no_key(other)),
        }
    }
}

/// What a file is that is no key, and what to do about it.
fn no_key(looks: Looks) -> Error {
    let (code, advice) = match looks {
        Looks::Zip => (
            ErrorCode::KeyKind,
            "load a service account with ServiceAccount::from_zip, or unpack it and give the app's private PEM",
        ),
        Looks::SshPublic => (
            ErrorCode::KeyKind,
            "convert it with ssh-keygen -e -m PKCS8 -f FILE",
        ),
        Looks::JavaKeyStore => (
            ErrorCode::KeyKind,
            "convert it with keytool -importkeystore -srckeystore FILE -destkeystore NEW.p12 -deststoretype pkcs12, and that with openssl pkcs12 -nocerts -in NEW.p12 -out NEW.pem",
        ),
        Looks::OpenPgp => (
            ErrorCode::KeyKind,
            "OpenPGP keys are not read, so give the key as PEM",
        ),
        Looks::EncodedPem => (ErrorCode::KeyFormat, "decode it: base64 -d FILE"),
        Looks::Utf16 => (ErrorCode::KeyFormat, "save it as UTF-8"),
        Looks::Gzip => (ErrorCode::KeyFormat, "unpack it"),
        Looks::Base64 => (
            ErrorCode::KeyFormat,
            "write -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY----- around it, or PUBLIC KEY where it is one",
        ),
        _ => (
            ErrorCode::KeyFormat,
            "a PEM file has a line that starts with -----BEGIN",
        ),
    };
    refusal(
        code,
        "expected a key in PEM, DER or JSON and found {}: {}",
        [looks.name().into(), advice.into()],
    )
}

/// One block of a key file.
pub(super) struct Found {
    label: Option<&'static str>,
    pub(super) content: Content,
}

impl Found {
    fn in_pem(block: pem::Block) -> Self {
        let content = match (block.label, block.body) {
            // Its format is not DER, but its label says all there is to know.
            (Some("OPENSSH PRIVATE KEY"), _) => Content::OpenSsh,
            (_, Body::Damaged(damage)) => Content::Damaged(damage),
            (_, Body::LegacyEncrypted) => Content::LegacyEncrypted,
            (Some(label), Body::Der(der)) if LABELS.contains(&label) => Content::of(der),
            // Whatever it looks like: the parameters of Diffie-Hellman are two integers, too.
            (_, Body::Der(_)) => Content::Unknown,
        };
        Self {
            content,
            label: block.label,
        }
    }

    /// Refuses a block whose label says one thing and whose bytes another: a reader that goes by
    /// the label would fail, or worse, read something else.
    pub(super) fn check_label(&self) -> Result<(), Error> {
        match (self.label, self.content.label()) {
            (Some(label), Some(expected)) if expected != label => Err(refusal(
                ErrorCode::KeyFormat,
                "the block is labelled {} but holds {}, whose label is {}: correct the label, or export the key again",
                [label.into(), self.content.name().into(), expected.into()],
            )),
            _ => Ok(()),
        }
    }

    /// What this is, for a list of what was found.
    pub(super) fn name(&self) -> Shown {
        match (self.label, &self.content) {
            (_, Content::Damaged(damage)) => damage.sentence().into(),
            (Some(label), Content::Unknown) if LABELS.contains(&label) => Sentence::new(
                "a block labelled {} that holds no known structure",
                [label.into()],
            )
            .into(),
            (Some(label), Content::Unknown) => {
                Sentence::new("a block labelled {}, which is not a key", [label.into()]).into()
            }
            (_, content) => content.name().into(),
        }
    }
}

/// A DER structure that a key file may hold.
pub(super) enum Content {
    Certificate(SecretBytes),
    Damaged(Damage),
    EcPrivate,
    EncryptedPkcs8(SecretBytes),
    LegacyEncrypted,
    OpenSsh,
    OtherPrivate,
    OtherPublic,
    Pkcs12,
    Pkcs1Private(SecretBytes),
    Pkcs1Public(SecretBytes),
    Pkcs8(SecretBytes),
    PssPrivate,
    Spki(SecretBytes),
    Unknown,
}

impl Content {
    /// Recognises a structure. Each reader takes all the bytes or none, so trailing bytes make it
    /// unknown.
    fn of(der: SecretBytes) -> Self {
        let bytes = der.expose_secret();
        if RsaPrivateKeyRef::from_der(bytes).is_ok() {
            return Self::Pkcs1Private(der);
        }
        if let Ok(key) = PrivateKeyInfoRef::from_der(bytes) {
            return match key.algorithm.oid {
                RSA_ENCRYPTION => Self::Pkcs8(der),
                RSASSA_PSS => Self::PssPrivate,
                _ => Self::OtherPrivate,
            };
        }
        if let Ok(key) = SubjectPublicKeyInfoRef::from_der(bytes) {
            return match key.algorithm.oid {
                RSA_ENCRYPTION | RSASSA_PSS => Self::Spki(der),
                _ => Self::OtherPublic,
            };
        }
        if encryption::is_encrypted(bytes) {
            Self::EncryptedPkcs8(der)
        } else if RsaPublicKeyRef::from_der(bytes).is_ok() {
            Self::Pkcs1Public(der)
        } else if Certificate::from_der(bytes).is_ok() {
            Self::Certificate(der)
        } else {
            match leading_integer(bytes) {
                Some(1) => Self::EcPrivate,
                Some(3) => Self::Pkcs12,
                _ => Self::Unknown,
            }
        }
    }

    /// The label that PEM gives this structure; `None` where it is not known or not DER.
    fn label(&self) -> Option<&'static str> {
        Some(match self {
            Self::Certificate(_) => "CERTIFICATE",
            Self::EcPrivate => "EC PRIVATE KEY",
            Self::EncryptedPkcs8(_) => "ENCRYPTED PRIVATE KEY",
            Self::OtherPrivate | Self::Pkcs8(_) | Self::PssPrivate => "PRIVATE KEY",
            Self::OtherPublic | Self::Spki(_) => "PUBLIC KEY",
            Self::Pkcs1Private(_) => "RSA PRIVATE KEY",
            Self::Pkcs1Public(_) => "RSA PUBLIC KEY",
            Self::Damaged(_)
            | Self::LegacyEncrypted
            | Self::OpenSsh
            | Self::Pkcs12
            | Self::Unknown => return None,
        })
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Certificate(_) => "a certificate",
            Self::Damaged(_) => "a damaged block",
            Self::EcPrivate => "an elliptic-curve private key",
            Self::EncryptedPkcs8(_) => "an encrypted private key (PKCS#8)",
            Self::LegacyEncrypted => "a private key under the old PEM encryption",
            Self::OpenSsh => "an OpenSSH private key",
            Self::OtherPrivate => "a private key that is not RSA",
            Self::OtherPublic => "a public key that is not RSA",
            Self::Pkcs12 => "a PKCS#12 file",
            Self::Pkcs1Private(_) => "an RSA private key (PKCS#1)",
            Self::Pkcs1Public(_) => "an RSA public key (PKCS#1)",
            Self::Pkcs8(_) => "an RSA private key (PKCS#8)",
            Self::PssPrivate => {
                "an RSA private key for RSASSA-PSS alone, which signs and never opens"
            }
            Self::Spki(_) => "an RSA public key",
            Self::Unknown => "a block that is not a key",
        }
    }

    /// How to make an RSA private key of this; `None` where there is no way.
    fn to_private(&self) -> Option<&'static str> {
        match self {
            Self::Damaged(_) => Some("mend it, or export the key again"),
            Self::LegacyEncrypted => Some("convert it with openssl pkcs8 -topk8 -in FILE -out NEW"),
            Self::OpenSsh => Some("convert it with ssh-keygen -p -m PEM -f FILE, on a copy"),
            Self::Pkcs12 => Some("convert it with openssl pkcs12 -nocerts -in FILE -out NEW"),
            _ => None,
        }
    }

    /// How to make an RSA public key of this; `None` where there is no way.
    fn to_public(&self) -> Option<&'static str> {
        match self {
            Self::Damaged(_) => Some("mend it, or export the key again"),
            Self::EncryptedPkcs8(_)
            | Self::LegacyEncrypted
            | Self::Pkcs1Private(_)
            | Self::Pkcs8(_) => Some("take its public half with openssl pkey -in FILE -pubout"),
            Self::OpenSsh => Some("take its public half with ssh-keygen -e -m PKCS8 -f FILE"),
            Self::Pkcs12 => Some("convert it with openssl pkcs12 -nokeys -in FILE -out NEW"),
            _ => None,
        }
    }
}

/// The one block that `usable` accepts, among others that are ignored.
pub(super) fn exactly_one(
    found: Vec<Found>,
    expected: Expected,
    usable: impl Fn(&Content) -> bool,
) -> Result<Content, Error> {
    let names = Shown::joined(found.iter().map(Found::name), " and ");
    let advice = found.iter().find_map(|found| match expected {
        Expected::Private => found.content.to_private(),
        Expected::AppPublic | Expected::Public => found.content.to_public(),
    });
    let nothing_known = found
        .iter()
        .all(|found| matches!(found.content, Content::Damaged(_) | Content::Unknown));
    let mut usable = found.into_iter().filter(|found| usable(&found.content));
    match (usable.next(), usable.next()) {
        (Some(one), None) => one.check_label().map(|()| one.content),
        (Some(_), Some(_)) => Err(refusal(
            ErrorCode::KeyAmbiguous,
            "the file holds {}: keep the one that is meant",
            [names],
        )),
        (None, _) => {
            let code = if nothing_known {
                ErrorCode::KeyFormat
            } else {
                ErrorCode::KeyKind
            };
            let advice = advice.unwrap_or(match expected {
                Expected::AppPublic => "give the app's public key",
                Expected::Private => "give the app's own private key",
                Expected::Public => "give the user's public key",
            });
            Err(refusal(
                code,
                "expected {} and found {}: {}",
                [expected.name().into(), names, advice.into()],
            ))
        }
    }
}

/// Which half of a key is wanted.
#[derive(Clone, Copy)]
pub(super) enum Expected {
    AppPublic,
    Private,
    Public,
}

impl Expected {
    fn name(self) -> &'static str {
        match self {
            Self::Private => "an RSA private key",
            Self::AppPublic | Self::Public => "an RSA public key or a certificate",
        }
    }
}

/// The first element of a sequence, where it is a one-byte integer: the version by which SEC 1 and
/// PKCS#12 structures begin.
fn leading_integer(der: &[u8]) -> Option<u8> {
    let header = match der.get(1)? {
        length @ 0x80.. => 2 + usize::from(length & 0x7f),
        _ => 2,
    };
    match der.get(header..header + 3)? {
        [0x02, 0x01, version] => Some(*version),
        _ => None,
    }
}

fn unreadable(what: &'static str) -> Error {
    refusal(ErrorCode::KeyFormat, "the key file is {}", [what.into()])
}

/// The labels of keys and certificates. Blocks of other labels are ignored.
const LABELS: [&str; 7] = [
    "CERTIFICATE",
    "EC PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "PRIVATE KEY",
    "PUBLIC KEY",
    "RSA PRIVATE KEY",
    "RSA PUBLIC KEY",
];

/// The longest key file, and the most blocks in one: no key comes near.
const MAX_FILE_BYTES: usize = 1 << 20;
const MAX_BLOCKS: usize = 64;

pub(super) const RSA_ENCRYPTION: ObjectIdentifier = pkcs1::ALGORITHM_OID;
pub(super) const RSASSA_PSS: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
