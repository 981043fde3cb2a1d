//! Encrypted private keys (PBES2, RFC 8018): taken apart, judged, and only then decrypted.

use aes::{Aes128, Aes192, Aes256};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use der::asn1::{AnyRef, OctetStringRef};
use der::{Reader, SliceReader};
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_256};
use spki::{AlgorithmIdentifierRef, ObjectIdentifier};

use crate::error::{Error, ErrorCode};
use crate::ground::secret::SecretBytes;
use crate::shown::refusal;

/// A private key under a passphrase, whose parameters have all been judged.
pub(super) struct Encrypted<'a> {
    kdf: Kdf<'a>,
    cipher: Cipher,
    iv: &'a [u8],
    data: &'a [u8],
}

impl<'a> Encrypted<'a> {
    /// Takes the structure apart, and refuses what is not read: no passphrase would help there.
    pub(super) fn read(der: &'a [u8]) -> Result<Self, Error> {
        let (scheme, data) = taken_apart(der).map_err(|_| malformed())?;
        if scheme.oid != PBES2 {
            return Err(not_read(named(scheme.oid, SCHEMES)));
        }
        let parameters = scheme.parameters.ok_or_else(malformed)?;
        let (kdf, cipher) = parameters
            .sequence::<_, _, der::Error>(|reader| Ok((reader.decode()?, reader.decode()?)))
            .map_err(|_| malformed())?;
        let (cipher, iv) = Cipher::read(cipher)?;
        let kdf = Kdf::read(kdf, cipher)?;
        if data.is_empty() || data.len() % BLOCK != 0 {
            return Err(malformed());
        }
        Ok(Self {
            kdf,
            cipher,
            iv,
            data,
        })
    }

    /// The bytes under the passphrase; `None` where it is another one, or the file is damaged.
    pub(super) fn decrypt(&self, passphrase: &[u8]) -> Option<SecretBytes> {
        let mut key = SecretBytes::zeroed(self.cipher.key_len());
        self.kdf.derive(passphrase, key.expose_secret_mut())?;
        let mut data = SecretBytes::copied_from(self.data);
        let len = match self.cipher {
            Cipher::Aes128 => decrypt::<Decryptor<Aes128>>(&key, self.iv, &mut data),
            Cipher::Aes192 => decrypt::<Decryptor<Aes192>>(&key, self.iv, &mut data),
            Cipher::Aes256 => decrypt::<Decryptor<Aes256>>(&key, self.iv, &mut data),
        }?;
        Some(SecretBytes::copied_from(data.expose_secret().get(..len)?))
    }
}

/// Whether this is an encrypted PKCS#8 structure, under whatever scheme.
pub(super) fn is_encrypted(der: &[u8]) -> bool {
    taken_apart(der).is_ok_and(|(scheme, _)| {
        [PKCS5, PKCS12]
            .iter()
            .any(|arc| scheme.oid.parent().as_ref() == Some(arc))
    })
}

/// EncryptedPrivateKeyInfo (RFC 5958, section 3): the scheme and the encrypted bytes.
fn taken_apart(der: &[u8]) -> der::Result<(AlgorithmIdentifierRef<'_>, &[u8])> {
    let mut reader = SliceReader::new(der)?;
    let parts = reader.sequence::<_, _, der::Error>(|reader| {
        let scheme = reader.decode()?;
        let data: &OctetStringRef = reader.decode()?;
        Ok((scheme, data.as_bytes()))
    })?;
    reader.finish()?;
    Ok(parts)
}

/// Decrypts in place, and says how long the result is.
fn decrypt<C: BlockModeDecrypt + KeyIvInit>(
    key: &SecretBytes,
    iv: &[u8],
    data: &mut SecretBytes,
) -> Option<usize> {
    let cipher = C::new_from_slices(key.expose_secret(), iv).ok()?;
    let plain = cipher.decrypt_padded::<Pkcs7>(data.expose_secret_mut());
    plain.ok().map(<[u8]>::len)
}

#[derive(Clone, Copy, Debug)]
enum Cipher {
    Aes128,
    Aes192,
    Aes256,
}

impl Cipher {
    fn read(algorithm: AlgorithmIdentifierRef<'_>) -> Result<(Self, &[u8]), Error> {
        let cipher = match algorithm.oid {
            AES_128_CBC => Self::Aes128,
            AES_192_CBC => Self::Aes192,
            AES_256_CBC => Self::Aes256,
            other => return Err(not_read(named(other, CIPHERS))),
        };
        let iv = algorithm.parameters.ok_or_else(malformed)?;
        let iv: &OctetStringRef = iv.decode_as().map_err(|_| malformed())?;
        if iv.as_bytes().len() != BLOCK {
            return Err(malformed());
        }
        Ok((cipher, iv.as_bytes()))
    }

    fn key_len(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }
}

/// A key derivation within the bounds of its RFC, and within what a key file may cost.
#[derive(Debug)]
enum Kdf<'a> {
    Pbkdf2 {
        salt: &'a [u8],
        iterations: u32,
        prf: Prf,
    },
    Scrypt {
        salt: &'a [u8],
        log_n: u8,
        r: u32,
        p: u32,
    },
}

#[derive(Clone, Copy, Debug)]
enum Prf {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512Of256,
}

impl<'a> Kdf<'a> {
    fn read(algorithm: AlgorithmIdentifierRef<'a>, cipher: Cipher) -> Result<Self, Error> {
        let parameters = algorithm.parameters.ok_or_else(malformed);
        match algorithm.oid {
            PBKDF2 => Self::pbkdf2(parameters?, cipher),
            SCRYPT => Self::scrypt(parameters?, cipher),
            _ => Err(not_read("PBES2 with another KDF than PBKDF2 and scrypt")),
        }
    }

    /// PBKDF2-params (RFC 8018, appendix A.2).
    fn pbkdf2(parameters: AnyRef<'a>, cipher: Cipher) -> Result<Self, Error> {
        let (salt, iterations, len, prf) = parameters
            .sequence::<_, _, der::Error>(|reader| {
                let salt: &OctetStringRef = reader.decode()?;
                let iterations: u64 = reader.decode()?;
                let len: Option<u64> = reader.decode()?;
                let prf: Option<AlgorithmIdentifierRef<'_>> = reader.decode()?;
                Ok((salt.as_bytes(), iterations, len, prf))
            })
            .map_err(|_| malformed())?;
        let prf = match prf {
            // The default of the RFC.
            None => Prf::Sha1,
            Some(prf) => Prf::read(prf)?,
        };
        if iterations == 0 {
            return Err(outside("PBKDF2 of no iterations", "RFC 8018"));
        }
        check_len(len, cipher, "RFC 8018")?;
        match u32::try_from(iterations) {
            Ok(iterations) if iterations <= MAX_PBKDF2_ITERATIONS => Ok(Self::Pbkdf2 {
                salt,
                iterations,
                prf,
            }),
            _ => Err(too_costly()),
        }
    }

    /// scrypt-params (RFC 7914, section 7), within section 2.
    fn scrypt(parameters: AnyRef<'a>, cipher: Cipher) -> Result<Self, Error> {
        let (salt, n, r, p, len) = parameters
            .sequence::<_, _, der::Error>(|reader| {
                let salt: &OctetStringRef = reader.decode()?;
                let n: u64 = reader.decode()?;
                let r: u64 = reader.decode()?;
                let p: u64 = reader.decode()?;
                let len: Option<u64> = reader.decode()?;
                Ok((salt.as_bytes(), n, r, p, len))
            })
            .map_err(|_| malformed())?;
        check_len(len, cipher, "RFC 7914")?;
        if r == 0 || p == 0 {
            return Err(outside("scrypt with an r or a p of 0", "RFC 7914"));
        }
        if !n.is_power_of_two() || n < 2 {
            return Err(outside(
                "scrypt whose N is not a power of two, or less than 2",
                "RFC 7914",
            ));
        }
        if r.saturating_mul(16) <= u64::from(n.ilog2()) {
            return Err(outside("scrypt whose N is too large for its r", "RFC 7914"));
        }
        let touched = n.saturating_mul(128).saturating_mul(r).saturating_mul(p);
        let fits = (u8::try_from(n.ilog2()), u32::try_from(r), u32::try_from(p));
        match fits {
            // The RFC's bound on p is far beyond this one.
            (Ok(log_n), Ok(r), Ok(p)) if touched <= MAX_SCRYPT_BYTES => {
                Ok(Self::Scrypt { salt, log_n, r, p })
            }
            _ => Err(too_costly()),
        }
    }

    fn derive(&self, passphrase: &[u8], key: &mut [u8]) -> Option<()> {
        match *self {
            Self::Pbkdf2 {
                salt,
                iterations,
                prf,
            } => match prf {
                Prf::Sha1 => pbkdf2_hmac::<Sha1>(passphrase, salt, iterations, key),
                Prf::Sha224 => pbkdf2_hmac::<Sha224>(passphrase, salt, iterations, key),
                Prf::Sha256 => pbkdf2_hmac::<Sha256>(passphrase, salt, iterations, key),
                Prf::Sha384 => pbkdf2_hmac::<Sha384>(passphrase, salt, iterations, key),
                Prf::Sha512 => pbkdf2_hmac::<Sha512>(passphrase, salt, iterations, key),
                Prf::Sha512Of256 => pbkdf2_hmac::<Sha512_256>(passphrase, salt, iterations, key),
            },
            Self::Scrypt { salt, log_n, r, p } => {
                let parameters = scrypt::Params::new(log_n, r, p).ok()?;
                scrypt::scrypt(passphrase, salt, &parameters, key).ok()?;
            }
        }
        Some(())
    }
}

impl Prf {
    /// The parameters are NULL; GnuTLS leaves them out.
    fn read(algorithm: AlgorithmIdentifierRef<'_>) -> Result<Self, Error> {
        if algorithm
            .parameters
            .is_some_and(|parameters| !parameters.is_null())
        {
            return Err(malformed());
        }
        PRFS.iter()
            .find_map(|(oid, prf)| (*oid == algorithm.oid).then_some(*prf))
            .ok_or_else(|| not_read("PBES2 with a pseudorandom function that is not HMAC-SHA"))
    }
}

/// The length of the derived key may be written down, and must then be the cipher's.
fn check_len(len: Option<u64>, cipher: Cipher, rfc: &'static str) -> Result<(), Error> {
    match len {
        Some(len) if len != cipher.key_len() as u64 => {
            Err(outside("a key length that is not its cipher's", rfc))
        }
        _ => Ok(()),
    }
}

/// The name of an algorithm that is known and not read.
fn named(oid: ObjectIdentifier, known: &[(ObjectIdentifier, &'static str)]) -> &'static str {
    known
        .iter()
        .find_map(|(known, name)| (*known == oid).then_some(*name))
        .unwrap_or("a scheme that is not known here")
}

fn not_read(scheme: &'static str) -> Error {
    refusal(
        ErrorCode::KeyPassphrase,
        "the private key is encrypted with {}, which is not read, whatever the passphrase: convert it with openssl pkcs8 -topk8 -provider legacy -provider default -in FILE -out NEW",
        [scheme.into()],
    )
}

fn outside(what: &'static str, rfc: &'static str) -> Error {
    refusal(
        ErrorCode::KeyFormat,
        "the private key is encrypted with {}, which {} does not allow: encrypt it again",
        [what.into(), rfc.into()],
    )
}

fn too_costly() -> Error {
    refusal(
        ErrorCode::KeyPassphrase,
        "the key's KDF costs more than {} PBKDF2 iterations or {} MiB of scrypt: encrypt it again with less",
        [MAX_PBKDF2_ITERATIONS.into(), MAX_SCRYPT_MIB.into()],
    )
}

fn malformed() -> Error {
    refusal(
        ErrorCode::KeyFormat,
        "the encrypted private key is not a whole PKCS#8 structure: export it again",
        [],
    )
}

/// Some seconds of PBKDF2: more than ten times what OWASP recommends for passwords.
const MAX_PBKDF2_ITERATIONS: u32 = 10_000_000;

/// What scrypt touches, N · r · 128 · p: twice what OWASP recommends for passwords.
const MAX_SCRYPT_MIB: u32 = 256;
const MAX_SCRYPT_BYTES: u64 = (MAX_SCRYPT_MIB as u64) << 20;

/// The block of AES.
const BLOCK: usize = 16;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const PKCS5: ObjectIdentifier = oid("1.2.840.113549.1.5");
const PKCS12: ObjectIdentifier = oid("1.2.840.113549.1.12.1");
const PBES2: ObjectIdentifier = oid("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = oid("1.2.840.113549.1.5.12");
const SCRYPT: ObjectIdentifier = oid("1.3.6.1.4.1.11591.4.11");
const AES_128_CBC: ObjectIdentifier = oid("2.16.840.1.101.3.4.1.2");
const AES_192_CBC: ObjectIdentifier = oid("2.16.840.1.101.3.4.1.22");
const AES_256_CBC: ObjectIdentifier = oid("2.16.840.1.101.3.4.1.42");

const PRFS: &[(ObjectIdentifier, Prf)] = &[
    (oid("1.2.840.113549.2.7"), Prf::Sha1),
    (oid("1.2.840.113549.2.8"), Prf::Sha224),
    (oid("1.2.840.113549.2.9"), Prf::Sha256),
    (oid("1.2.840.113549.2.10"), Prf::Sha384),
    (oid("1.2.840.113549.2.11"), Prf::Sha512),
    (oid("1.2.840.113549.2.13"), Prf::Sha512Of256),
];

/// Schemes from before PBES2: RFC 8018, appendix A.3, and RFC 7292, appendix C.
const SCHEMES: &[(ObjectIdentifier, &str)] = &[
    (oid("1.2.840.113549.1.5.1"), "PBE-MD2-DES (PBES1)"),
    (oid("1.2.840.113549.1.5.3"), "PBE-MD5-DES (PBES1)"),
    (oid("1.2.840.113549.1.5.4"), "PBE-MD2-RC2-64 (PBES1)"),
    (oid("1.2.840.113549.1.5.6"), "PBE-MD5-RC2-64 (PBES1)"),
    (oid("1.2.840.113549.1.5.10"), "PBE-SHA1-DES (PBES1)"),
    (oid("1.2.840.113549.1.5.11"), "PBE-SHA1-RC2-64 (PBES1)"),
    (
        oid("1.2.840.113549.1.12.1.1"),
        "PBE-SHA1-RC4-128 (of PKCS#12)",
    ),
    (
        oid("1.2.840.113549.1.12.1.2"),
        "PBE-SHA1-RC4-40 (of PKCS#12)",
    ),
    (oid("1.2.840.113549.1.12.1.3"), "PBE-SHA1-3DES (of PKCS#12)"),
    (oid("1.2.840.113549.1.12.1.4"), "PBE-SHA1-2DES (of PKCS#12)"),
    (
        oid("1.2.840.113549.1.12.1.5"),
        "PBE-SHA1-RC2-128 (of PKCS#12)",
    ),
    (
        oid("1.2.840.113549.1.12.1.6"),
        "PBE-SHA1-RC2-40 (of PKCS#12)",
    ),
];

/// Ciphers of PBES2 other than AES in CBC.
const CIPHERS: &[(ObjectIdentifier, &str)] = &[
    (oid("1.3.14.3.2.7"), "DES (PBES2)"),
    (oid("1.2.840.113549.3.2"), "RC2 (PBES2)"),
    (oid("1.2.840.113549.3.7"), "triple DES (PBES2)"),
    (oid("1.2.840.113549.3.9"), "RC5 (PBES2)"),
    (oid("1.2.392.200011.61.1.1.1.2"), "Camellia-128 (PBES2)"),
    (oid("1.2.392.200011.61.1.1.1.3"), "Camellia-192 (PBES2)"),
    (oid("1.2.392.200011.61.1.1.1.4"), "Camellia-256 (PBES2)"),
    (oid("1.2.410.200004.1.4"), "SEED (PBES2)"),
    (oid("1.2.156.10197.1.104.2"), "SM4 (PBES2)"),
    (oid("2.16.840.1.101.3.4.1.6"), "AES-128-GCM (PBES2)"),
    (oid("2.16.840.1.101.3.4.1.26"), "AES-192-GCM (PBES2)"),
    (oid("2.16.840.1.101.3.4.1.46"), "AES-256-GCM (PBES2)"),
];

#[cfg(test)]
mod tests {
    use der::Decode as _;

    use super::*;

    fn der(tag: u8, value: &[u8]) -> Vec<u8> {
        assert!(value.len() < 128);
        [&[tag, u8::try_from(value.len()).unwrap()], value].concat()
    }

    fn integer(value: u64) -> Vec<u8> {
        let bytes = value.to_be_bytes();
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(7);
        let mut value = bytes[start..].to_vec();
        if value[0] > 127 {
            value.insert(0, 0);
        }
        der(2, &value)
    }

    fn judged(kdf: fn(AnyRef<'_>, Cipher) -> Result<Kdf<'_>, Error>, parts: &[Vec<u8>]) -> String {
        let parameters = der(0x30, &parts.concat());
        match kdf(AnyRef::from_der(&parameters).unwrap(), Cipher::Aes256) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => format!("{}: {error}", error.code()),
        }
    }

    /// Both sides of each bound, judged without paying for them.
    #[test]
    fn every_parameter_of_pbkdf2_is_held_to_its_rfc_before_it_is_run() {
        let salt = || der(4, b"salt");
        let most = u64::from(MAX_PBKDF2_ITERATIONS);
        for (parts, words) in [
            (vec![salt(), integer(1)], "accepted"),
            (vec![salt(), integer(most)], "accepted"),
            (
                vec![salt(), integer(most + 1)],
                "key_passphrase: the key's KDF costs more",
            ),
            (
                vec![salt(), integer(u64::MAX)],
                "key_passphrase: the key's KDF costs more",
            ),
            (
                vec![salt(), integer(0)],
                "key_format: the private key is encrypted with PBKDF2 of no iterations",
            ),
            (
                vec![salt(), der(2, &[0xff])],
                "key_format: the encrypted private key is not a whole",
            ),
            (vec![salt(), integer(1), integer(32)], "accepted"),
            (
                vec![salt(), integer(1), integer(16)],
                "key_format: the private key is encrypted with a key length",
            ),
            (
                vec![salt(), integer(1), integer(0)],
                "key_format: the private key is encrypted with a key length",
            ),
            (
                vec![salt()],
                "key_format: the encrypted private key is not a whole",
            ),
            (
                vec![salt(), integer(1), integer(32), integer(1)],
                "key_format: the encrypted private key is not a whole",
            ),
        ] {
            let found = judged(|kdf, cipher| Kdf::pbkdf2(kdf, cipher), &parts);
            assert!(found.starts_with(words), "{found}, not {words}");
        }
    }

    /// GnuTLS leaves the NULL out that RFC 8018 has there.
    #[test]
    fn the_parameters_of_the_pseudorandom_function_are_null_or_absent() {
        let oid = der(6, b"\x2a\x86\x48\x86\xf7\x0d\x02\x09");
        let other = der(6, b"\x2a\x86\x48\x86\xf7\x0d\x02\x05");
        for (prf, words) in [
            (vec![oid.clone()], "accepted"),
            (vec![oid.clone(), der(5, b"")], "accepted"),
            (vec![oid, der(2, b"\x01")], "key_format: "),
            (
                vec![other],
                "key_passphrase: the private key is encrypted with PBES2 with",
            ),
        ] {
            let parts = [der(4, b"salt"), integer(1), der(0x30, &prf.concat())];
            let found = judged(|kdf, cipher| Kdf::pbkdf2(kdf, cipher), &parts);
            assert!(found.starts_with(words), "{found}");
        }
    }

    #[test]
    fn every_parameter_of_scrypt_is_held_to_its_rfc_before_it_is_run() {
        let outside = "key_format: the private key is encrypted with scrypt";
        let costly = "key_passphrase: the key's KDF costs more";
        for (n, r, p, words) in [
            (2, 1, 1, "accepted"),
            (1 << 15, 1, 1, "accepted"),
            (1 << 16, 1, 1, outside),
            (1 << 18, 8, 1, "accepted"),
            (1 << 19, 8, 1, costly),
            (1 << 18, 8, 2, costly),
            (1 << 17, 16, 1, "accepted"),
            (1, 8, 1, outside),
            (0, 8, 1, outside),
            (3, 8, 1, outside),
            ((1 << 18) + 1, 8, 1, outside),
            (1 << 14, 0, 1, outside),
            (1 << 14, 8, 0, outside),
            (2, 1 << 20, 1, "accepted"),
            (2, 1, 1 << 20, "accepted"),
            // A product that is 0 in 32 bits, and others that are beyond all of them.
            (2, 1 << 16, 1 << 16, costly),
            (2, u64::MAX, 1, costly),
            (2, 1, u64::MAX, costly),
            (1 << 63, 8, 1, costly),
            (1 << 63, u64::MAX, u64::MAX, costly),
        ] {
            let parts = [der(4, b"salt"), integer(n), integer(r), integer(p)];
            let found = judged(|kdf, cipher| Kdf::scrypt(kdf, cipher), &parts);
            assert!(found.starts_with(words), "{n} {r} {p}: {found}");
        }
    }
}
