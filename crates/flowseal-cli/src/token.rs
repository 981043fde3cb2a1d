//! Keys of tokens, by their `pkcs11:` URIs. Without the feature of that name they are refused.

use std::path::{Path, PathBuf};

use flowseal::ErrorCode;

use crate::args::Token;
use crate::failure::Failure;

pub(crate) use found::{decrypting, list, uri, verifying};

/// Whether a source is a token's, and not a file.
pub(crate) fn is_meant(source: &Path) -> bool {
    source
        .as_os_str()
        .as_encoded_bytes()
        .starts_with(b"pkcs11:")
}

/// Refuses a PIN and a module that no source has a use for: whoever gives them believes that a
/// token's key is used.
pub(crate) fn check_meant<'a>(
    token: &Token,
    sources: impl IntoIterator<Item = &'a PathBuf>,
) -> Result<(), Failure> {
    let option = match token {
        _ if sources.into_iter().any(|source| is_meant(source)) => return Ok(()),
        Token {
            pin_file: Some(_), ..
        } => "--pin-file",
        Token {
            module: Some(_), ..
        } => "--module",
        _ => return Ok(()),
    };
    let what = format!(
        "{option} is about the keys of a token, and no key that is given here is one: name it by \
         its pkcs11: URI, or leave {option} out"
    );
    Err(Failure::new(ErrorCode::Usage, what))
}

/// What a token or a file holds, for `flowseal keys`.
pub(crate) struct Listed {
    pub(crate) kind: &'static str,
    pub(crate) bits: Option<usize>,
    pub(crate) fingerprint: Option<String>,
    /// The name that a JWK has.
    pub(crate) kid: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) opens: bool,
    pub(crate) verifies: bool,
    pub(crate) note: Option<String>,
}

#[cfg(feature = "pkcs11")]
mod found {
    //! With the feature: what `flowseal-pkcs11` finds.

    use std::path::{Path, PathBuf};

    use flowseal::profile::Profile;
    use flowseal::{DecryptingKey, SecretText, Setup, VerifyingKey, passphrase_line};
    use flowseal_pkcs11::{TokenObject, TokenObjectKind, TokenOptions, Uri};

    use super::{ErrorCode, Failure, Listed, is_meant};
    use crate::args::Token;
    use crate::{keys, output};

    const MODULE: &str = "FLOWSEAL_PKCS11_MODULE";

    /// What a module takes with its initialisation, such as NSS's softokn.
    const INITIALISATION: &str = "FLOWSEAL_PKCS11_INIT";

    /// The URI that a source is; nothing where it is a file.
    pub(crate) fn uri(source: &Path) -> Result<Option<Uri>, Failure> {
        if !is_meant(source) {
            return Ok(None);
        }
        let text = source.to_str().ok_or_else(|| {
            let sentence = "the URI of a token's key is not UTF-8: encode it with percent signs";
            Failure::new(ErrorCode::Usage, sentence)
        })?;
        Ok(Some(Uri::parse(text)?))
    }

    /// The private key that a URI means.
    pub(crate) fn decrypting(
        uri: &Uri,
        token: &Token,
        profile: Option<&Profile>,
    ) -> Result<DecryptingKey, Failure> {
        let options = options(token)?;
        let options = match profile {
            Some(profile) => options.with_setup(&Setup::new(profile.clone())),
            None => options,
        };
        Ok(options.load_decrypting_key(uri)?)
    }

    /// The public key that a URI means.
    pub(crate) fn verifying(uri: &Uri, token: &Token) -> Result<VerifyingKey, Failure> {
        Ok(options(token)?.load_verifying_key(uri)?)
    }

    /// What the tokens hold that a URI means.
    pub(crate) fn list(uri: &Uri, token: &Token) -> Result<Vec<Listed>, Failure> {
        let objects = options(token)?.list(uri)?;
        if token.pin_file.is_none() {
            output::warn(["without --pin-file most tokens show no private keys"]);
        }
        Ok(objects.iter().map(listed).collect())
    }

    fn options(token: &Token) -> Result<TokenOptions, Failure> {
        let mut options = TokenOptions::new();
        let variable = || std::env::var_os(MODULE).filter(|name| !name.is_empty());
        if let Some(module) = token
            .module
            .clone()
            .or_else(|| variable().map(PathBuf::from))
        {
            options = options.with_module(module);
        }
        if let Some(text) = std::env::var_os(INITIALISATION).filter(|text| !text.is_empty()) {
            options = options.with_initialisation(text.to_string_lossy());
        }
        if let Some(file) = &token.pin_file {
            let file = keys::secret_line(file, "--pin-file", "PIN")?;
            let no_text = || {
                let sentence = "--pin-file: the first line is not UTF-8, which every PIN is: save \
                    it as that";
                Failure::new(ErrorCode::Pin, sentence)
            };
            let line = passphrase_line(file.bytes()).map_err(|_| no_text())?;
            let pin = std::str::from_utf8(line).map_err(|_| no_text())?;
            options = options.with_pin(SecretText::copied_from(pin));
        }
        Ok(options)
    }

    fn listed(object: &TokenObject) -> Listed {
        let public = object.public();
        let hex = |id: &[u8]| {
            id.iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
        };
        Listed {
            kind: match object.kind() {
                TokenObjectKind::PrivateKey => "rsa_private",
                TokenObjectKind::PublicKey => "rsa_public",
                TokenObjectKind::Certificate => "certificate",
                _ => "other",
            },
            bits: object.bits(),
            fingerprint: object.fingerprint().map(|it| it.to_string()),
            kid: None,
            label: object.label().map(str::to_owned),
            id: Some(object.id()).filter(|id| !id.is_empty()).map(hex),
            opens: object.opens(),
            verifies: public.is_some(),
            note: object.note().map(str::to_owned),
        }
    }
}

#[cfg(not(feature = "pkcs11"))]
mod found {
    //! Without the feature: one answer.

    use std::convert::Infallible;
    use std::path::Path;

    use flowseal::profile::Profile;
    use flowseal::{DecryptingKey, VerifyingKey};

    use super::{ErrorCode, Failure, Listed, is_meant};
    use crate::args::Token;

    pub(crate) fn uri(source: &Path) -> Result<Option<Infallible>, Failure> {
        match is_meant(source) {
            false => Ok(None),
            true => Err(Failure::new(
                ErrorCode::Usage,
                "this is the URI of a token's key, and this flowseal was built without the feature \
                 pkcs11: give a file, or build it with that feature",
            )),
        }
    }

    pub(crate) fn decrypting(
        uri: &Infallible,
        _token: &Token,
        _profile: Option<&Profile>,
    ) -> Result<DecryptingKey, Failure> {
        match *uri {}
    }

    pub(crate) fn verifying(uri: &Infallible, _token: &Token) -> Result<VerifyingKey, Failure> {
        match *uri {}
    }

    pub(crate) fn list(uri: &Infallible, _token: &Token) -> Result<Vec<Listed>, Failure> {
        match *uri {}
    }
}
