//! Keys that are for RSASSA-PSS alone (RFC 4055): what their parameters allow.

use der::asn1::AnyRef;
use der::{Reader, TagNumber};
use spki::{AlgorithmIdentifierRef, ObjectIdentifier};

use crate::profile::Algorithm;
use crate::shown::{Sentence, Shown};

/// What a key with the identifier id-RSASSA-PSS may verify.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Restriction {
    /// Every PSS signature: the key carries no parameters.
    AnyPss,
    /// Signatures with this hash, for MGF1 as well, and with a salt of at least so many bytes.
    Of(Hash, u32),
    /// Parameters that no algorithm of a profile has.
    Other,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Restriction {
    /// Reads the parameters of an algorithm identifier; `None` where they are not parameters.
    pub(super) fn read(parameters: Option<AnyRef<'_>>) -> Option<Self> {
        let Some(parameters) = parameters else {
            return Some(Self::AnyPss);
        };
        let read = parameters.sequence::<_, _, der::Error>(|reader| {
            let hash: Option<AlgorithmIdentifierRef<'_>> = explicit(reader, 0)?;
            let mgf: Option<AlgorithmIdentifierRef<'_>> = explicit(reader, 1)?;
            let salt: Option<u32> = explicit(reader, 2)?;
            let trailer: Option<u32> = explicit(reader, 3)?;
            Ok((hash, mgf, salt, trailer))
        });
        let (hash, mgf, salt, trailer) = read.ok()?;
        let hash = hash.and_then(Hash::read);
        let of_mgf = mgf
            .filter(|mgf| mgf.oid == MGF1)
            .and_then(|mgf| mgf.parameters?.decode_as().ok())
            .and_then(Hash::read);
        // What is absent is SHA-1, a salt of 20 bytes, and the trailer 1.
        Some(match (hash, of_mgf) {
            (Some(hash), Some(of_mgf)) if hash == of_mgf && trailer.unwrap_or(1) == 1 => {
                Self::Of(hash, salt.unwrap_or(20))
            }
            _ => Self::Other,
        })
    }

    /// Whether the key may verify signatures of this algorithm.
    pub(crate) fn allows(self, algorithm: Algorithm) -> bool {
        let (hash, salt) = match algorithm {
            Algorithm::Ps256 => (Hash::Sha256, 32),
            Algorithm::Ps384 => (Hash::Sha384, 48),
            Algorithm::Ps512 => (Hash::Sha512, 64),
            Algorithm::Rs256 | Algorithm::Rs384 | Algorithm::Rs512 => return false,
        };
        match self {
            Self::AnyPss => true,
            Self::Of(own, least) => own == hash && least <= salt,
            Self::Other => false,
        }
    }

    /// The restriction in words: "a key that …".
    pub(crate) fn sentence(self) -> Sentence {
        match self {
            Self::AnyPss => Sentence::new("a key for RSASSA-PSS alone", []),
            Self::Of(hash, salt) => Sentence::new(
                "a key for RSASSA-PSS with {} and a salt of at least {} bytes alone",
                [hash.name().into(), salt.into()],
            ),
            Self::Other => Sentence::new(
                "a key for RSASSA-PSS alone, with parameters that no algorithm of a profile has",
                [],
            ),
        }
    }
}

impl Hash {
    fn read(algorithm: AlgorithmIdentifierRef<'_>) -> Option<Self> {
        match algorithm.oid {
            SHA_256 => Some(Self::Sha256),
            SHA_384 => Some(Self::Sha384),
            SHA_512 => Some(Self::Sha512),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }
}

impl From<Restriction> for Shown {
    fn from(restriction: Restriction) -> Self {
        restriction.sentence().into()
    }
}

fn explicit<'a, T>(reader: &mut impl Reader<'a>, number: u32) -> der::Result<Option<T>>
where
    T: der::Decode<'a, Error = der::Error> + der::DecodeValue<'a, Error = der::Error> + der::Tagged,
{
    let number = TagNumber(number);
    let field = der::asn1::ContextSpecific::<T>::decode_explicit(reader, number)?;
    Ok(field.map(|field| field.value))
}

const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
