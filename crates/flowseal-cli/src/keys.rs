//! Keys: of files, recognised by their content, and of tokens.

use std::path::{Path, PathBuf};

use flowseal::api::ServiceAccount;
use flowseal::profile::{Algorithm, Profile};
use flowseal::testkit::{SealingKey, SigningKey};
use flowseal::{
    DecryptingKey, DecryptingKeyOptions, Error, ErrorCode, KeyRing, Setup, Verifier, VerifyingKey,
    passphrase_line,
};

use crate::args::Token;
use crate::failure::Failure;
use crate::input::{self, SecretFile};
use crate::names::Name;
use crate::output;
use crate::token;

/// The keys that open, bound to the padding of the profile where one was given.
pub(crate) fn ring(
    sources: &[PathBuf],
    passphrase_file: Option<&Path>,
    token: &Token,
    profile: Option<&Profile>,
) -> Result<KeyRing, Failure> {
    let passphrase = passphrase_file.map(passphrase).transpose()?;
    let mut options = DecryptingKey::options();
    if let Some(passphrase) = &passphrase {
        options = options.with_passphrase(passphrase_line(passphrase.bytes())?);
    }
    if let Some(profile) = profile {
        options = options.with_setup(&Setup::new(profile.clone()));
    }

    let keys: Vec<_> = sources
        .iter()
        .map(|source| match token::uri(source)? {
            Some(uri) => token::decrypting(&uri, token, profile),
            None => decrypting(source, &options),
        })
        .collect::<Result<_, _>>()?;
    Ok(KeyRing::new(keys)?)
}

/// Reads the passphrase's file.
pub(crate) fn passphrase(path: &Path) -> Result<SecretFile, Failure> {
    secret_line(path, "--passphrase-file", "passphrase")
}

/// Reads a file whose first line is a secret. A name that no file has may be the secret itself, and
/// is not shown.
pub(crate) fn secret_line(path: &Path, option: &str, what: &str) -> Result<SecretFile, Failure> {
    SecretFile::read(path).map_err(|failure| match path.symlink_metadata() {
        Ok(_) => failure,
        Err(_) => Failure::new(
            ErrorCode::Io,
            format!(
                "{option}: no file has this name of {} characters: give the name of a file whose \
                 first line is the {what}",
                path.to_string_lossy().chars().count()
            ),
        ),
    })
}

/// A private key, alone or in a service account, which is a zip or the directory that it unpacks
/// to.
pub(crate) fn decrypting(
    path: &Path,
    options: &DecryptingKeyOptions,
) -> Result<DecryptingKey, Failure> {
    if path.is_dir() {
        let (config, pems) = input::service_account(path)?;
        let account =
            ServiceAccount::from_parts(config.bytes(), pems.iter().map(SecretFile::bytes));
        return account
            .and_then(|account| account.decrypting_key_with(options))
            .map_err(|error| Failure::from(error).about(path));
    }
    from_file(path, |file| match file.starts_with(ZIP) {
        true => ServiceAccount::from_zip(file)?.decrypting_key_with(options),
        false => options.load(file),
    })
}

/// Whether this is a service account, which is no key file.
pub(crate) fn is_account(path: &Path) -> Result<bool, Failure> {
    if path.is_dir() {
        return Ok(true);
    }
    Ok(SecretFile::read(path)?.bytes().starts_with(ZIP))
}

/// The signature of a zip's first entry (APPNOTE.TXT, section 4.3.7).
const ZIP: &[u8] = b"PK\x03\x04";

/// Refuses a key that is to open claims and to verify signatures, before any flow is looked at.
pub(crate) fn check_roles(ring: &KeyRing, verifying: &[VerifyingKey]) -> Result<(), Failure> {
    let mut both = ring
        .keys()
        .map(DecryptingKey::fingerprint)
        .filter(|opens| verifying.iter().any(|key| key.fingerprint() == *opens));
    match both.next() {
        None => Ok(()),
        Some(key) => Err(Failure::new(
            ErrorCode::KeyConflict,
            format!(
                "the key {key} is given with --key and with --verify-key: the app's key opens \
                 claims and signs nobody's flows, so check which is which"
            ),
        )),
    }
}

/// A verifier that trusts these keys for every flow, beside the keys that open it.
pub(crate) fn verifier_beside(
    ring: &KeyRing,
    sources: &[PathBuf],
    token: &Token,
    profile: Option<&Profile>,
) -> Result<Verifier, Failure> {
    let keys = of_profile(sources, token, profile)?;
    check_roles(ring, &keys)?;
    Ok(trusting(keys, profile))
}

/// A verifier that trusts these keys for every flow.
pub(crate) fn verifier(
    sources: &[PathBuf],
    token: &Token,
    profile: Option<&Profile>,
) -> Result<Verifier, Failure> {
    Ok(trusting(of_profile(sources, token, profile)?, profile))
}

fn of_profile(
    sources: &[PathBuf],
    token: &Token,
    profile: Option<&Profile>,
) -> Result<Vec<VerifyingKey>, Failure> {
    let algorithm = profile.cloned().unwrap_or_default().algorithm;
    verifying(sources, token, Some(algorithm))
}

fn trusting(keys: Vec<VerifyingKey>, profile: Option<&Profile>) -> Verifier {
    let verifier = Verifier::trusting(keys);
    match profile {
        Some(profile) => verifier.with_setup(&Setup::new(profile.clone())),
        None => verifier,
    }
}

/// The keys of these files and tokens, of a JWK set those that are for this algorithm.
pub(crate) fn verifying(
    sources: &[PathBuf],
    token: &Token,
    algorithm: Option<Algorithm>,
) -> Result<Vec<VerifyingKey>, Failure> {
    let load = |file: &[u8]| {
        let options = VerifyingKey::options();
        match algorithm {
            Some(algorithm) => options.with_algorithm(algorithm).load_all(file),
            None => options.load_all(file),
        }
    };
    let mut keys = Vec::new();
    for path in sources {
        if let Some(uri) = token::uri(path)? {
            keys.push(token::verifying(&uri, token)?);
            continue;
        }
        let found = from_file(path, load)?;
        let about = |warning| format!("{}: {warning}", Name(path));
        output::warn(found.warnings().iter().map(about));
        keys.extend(found);
    }
    Ok(keys)
}

/// The app's key, to which claims are sealed.
pub(crate) fn sealing(file: &Path) -> Result<SealingKey, Failure> {
    from_file(file, SealingKey::load)
}

/// The user's key, which signs flows.
pub(crate) fn signing(file: &Path) -> Result<SigningKey, Failure> {
    from_file(file, SigningKey::load)
}

/// What a file holds, which is read as one that may hold a secret.
pub(crate) fn from_file<T>(
    path: &Path,
    load: impl Fn(&[u8]) -> Result<T, Error>,
) -> Result<T, Failure> {
    let file = SecretFile::read(path)?;
    load(file.bytes()).map_err(|error| Failure::from(error).about(path))
}
