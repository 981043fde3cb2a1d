//! Which halves of key pairs a file holds, told by content: a service account's files are sorted by
//! it.

use der::{Decode as _, Result};
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::PrivateKeyInfoRef;
use spki::SubjectPublicKeyInfoRef;
use x509_cert::Certificate;

use super::container::{Container, Content, Found};
use crate::shown::Shown;
use crate::text_file::Looks;

/// What a file holds of RSA key pairs. A modulus is big-endian without zero bytes before it.
#[derive(Default)]
pub(crate) struct Halves {
    /// The modulus of each private key; `None` where a passphrase stands before it.
    pub(crate) private: Vec<Option<Vec<u8>>>,
    /// The modulus of each public key or certificate.
    pub(crate) public: Vec<Vec<u8>>,
    /// Everything that was found, in words.
    pub(crate) names: Vec<Shown>,
}

impl Halves {
    /// Takes a file apart. What is no key is named, and nothing more.
    pub(crate) fn of(file: &[u8]) -> Self {
        let mut halves = Self::default();
        match Container::open(file) {
            Ok(Container::Blocks(found)) => found.iter().for_each(|found| halves.take(found)),
            Ok(Container::Json) => halves.names.push("JSON".into()),
            Err(_) => halves.names.push(match Looks::of(file) {
                Looks::Unknown | Looks::Der => "a file that is not a key".into(),
                other => other.name().into(),
            }),
        }
        halves
    }

    fn take(&mut self, found: &Found) {
        self.names.push(found.name());
        match &found.content {
            Content::EncryptedPkcs8(_) => self.private.push(None),
            Content::Pkcs1Private(der) => {
                self.private
                    .extend(private(der.expose_secret()).ok().map(Some));
            }
            Content::Pkcs8(der) => {
                let key = PrivateKeyInfoRef::from_der(der.expose_secret());
                let modulus = key.ok().map(|info| private(info.private_key.as_bytes()));
                self.private.extend(modulus.and_then(Result::ok).map(Some));
            }
            Content::Certificate(der) => {
                if let Ok(certificate) = Certificate::from_der(der.expose_secret()) {
                    let spki = certificate.tbs_certificate().subject_public_key_info();
                    let pkcs1 = spki.subject_public_key.as_bytes();
                    self.public.extend(pkcs1.and_then(|der| public(der).ok()));
                }
            }
            Content::Pkcs1Public(der) => self.public.extend(public(der.expose_secret()).ok()),
            Content::Spki(der) => {
                if let Ok(spki) = SubjectPublicKeyInfoRef::from_der(der.expose_secret()) {
                    let pkcs1 = spki.subject_public_key.as_bytes();
                    self.public.extend(pkcs1.and_then(|der| public(der).ok()));
                }
            }
            _ => {}
        }
    }
}

fn private(der: &[u8]) -> Result<Vec<u8>> {
    RsaPrivateKeyRef::from_der(der).map(|key| key.modulus.as_bytes().to_vec())
}

fn public(der: &[u8]) -> Result<Vec<u8>> {
    RsaPublicKeyRef::from_der(der).map(|key| key.modulus.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_half_is_known_in_each_of_its_forms() {
        for (file, private, public) in [
            (
                include_bytes!("../../tests/vectors/keys/app-2048.pem").as_slice(),
                1,
                0,
            ),
            (
                include_bytes!("../../tests/vectors/keys/app-2048.pkcs1.pem"),
                1,
                0,
            ),
            (
                include_bytes!("../../tests/vectors/keys/app-2048.encrypted.pem"),
                1,
                0,
            ),
            (
                include_bytes!("../../tests/vectors/keys/app-2048.der"),
                1,
                0,
            ),
            (
                include_bytes!("../../tests/vectors/keys/app-2048.pub.pem"),
                0,
                1,
            ),
            (
                include_bytes!("../../tests/vectors/keys/user-2048.pkcs1.pub.pem"),
                0,
                1,
            ),
            (
                include_bytes!("../../tests/vectors/keys/user-2048.cert.pem"),
                0,
                1,
            ),
            (
                include_bytes!("../../tests/vectors/keys/key-and-cert.pem"),
                1,
                1,
            ),
            (
                include_bytes!("../../tests/vectors/keys/two-keys.pem"),
                2,
                0,
            ),
            (include_bytes!("../../tests/vectors/keys/ec.pem"), 0, 0),
            (
                include_bytes!("../../tests/vectors/keys/user-2048.jwk"),
                0,
                0,
            ),
            (include_bytes!("../../tests/vectors/keys/garbage.txt"), 0, 0),
        ] {
            let halves = Halves::of(file);
            let found = (halves.private.len(), halves.public.len());
            assert_eq!(found, (private, public), "{:?}", halves.names);
            assert!(!halves.names.is_empty());
        }
    }

    #[test]
    fn the_halves_of_one_pair_have_one_modulus() {
        let private = Halves::of(include_bytes!(
            "../../tests/vectors/keys/app-2048.pkcs1.pem"
        ));
        let public = Halves::of(include_bytes!("../../tests/vectors/keys/app-2048.pub.pem"));
        let modulus = private.private.into_iter().next().flatten();
        assert_eq!(modulus, public.public.into_iter().next());
        assert!(modulus.is_some_and(|modulus| modulus.len() == 256));
    }
}
