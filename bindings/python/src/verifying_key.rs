//! Public keys of users, which verify e-signatures.

use std::path::{Path, PathBuf};

use flowseal::profile::{Algorithm, Profile as CoreProfile};
use flowseal::{Error, ErrorCode, VerifyingKey as Key, VerifyingKeyOptions};
use pyo3::prelude::*;
use pyo3::types::PyInt;

use crate::decrypting_key::DecryptingKey;
use crate::errors::Failure;
use crate::file_name::type_error;
use crate::input::Text;
use crate::pkcs11::Way;
use crate::profile::Profile;
use crate::remote::big_endian;
use crate::{file_name, input, pkcs11, warnings};

/// A user's public key: it verifies e-signatures, and nothing else is done with it.
///
/// It is read from PEM or DER (SubjectPublicKeyInfo, PKCS#1, X.509) or a JWK. A certificate is a
/// container of its key: neither its dates nor its chain are checked, and every report says so.
#[pyclass(frozen, module = "flowseal")]
#[derive(Clone)]
pub(crate) struct VerifyingKey(Key);

impl VerifyingKey {
    pub(crate) fn new(key: Key) -> Self {
        Self(key)
    }
}

#[pymethods]
impl VerifyingKey {
    /// Reads the one key of a file. ``kid`` is what reports call it.
    #[staticmethod]
    #[pyo3(signature = (path, *, kid=None, profile=None, allow_exponent_three=false))]
    fn load(
        py: Python<'_>,
        path: &Bound<'_, PyAny>,
        kid: Option<Text>,
        profile: Option<&Bound<'_, Profile>>,
        allow_exponent_three: bool,
    ) -> Result<Self, Failure> {
        let options = options(kid, profile, allow_exponent_three);
        let path = file_name::path(path, "the key's text", "from_pem")?;
        let (key, skipped) = input::from_file(py, &path, |file| load_one(&options, file))?;
        warnings::issue(py, about(&path, &skipped))?;
        Ok(Self(key))
    }

    /// Reads every key of a file: of a JWK set, those that are for the profile's algorithm.
    #[staticmethod]
    #[pyo3(signature = (path, *, kid=None, profile=None, allow_exponent_three=false))]
    pub(crate) fn load_all(
        py: Python<'_>,
        path: &Bound<'_, PyAny>,
        kid: Option<Text>,
        profile: Option<&Bound<'_, Profile>>,
        allow_exponent_three: bool,
    ) -> Result<Vec<Self>, Failure> {
        let options = options(kid, profile, allow_exponent_three);
        let path = file_name::path(path, "the key's text", "from_pem")?;
        let keys = input::from_file(py, &path, |file| options.load_all(file))?;
        warnings::issue(py, about(&path, keys.warnings()))?;
        Ok(keys.into_iter().map(Self).collect())
    }

    /// Reads a key from text or bytes. Its form is recognised by its content.
    #[staticmethod]
    #[pyo3(signature = (pem, *, kid=None, profile=None, allow_exponent_three=false))]
    fn from_pem(
        py: Python<'_>,
        pem: &Bound<'_, PyAny>,
        kid: Option<Text>,
        profile: Option<&Bound<'_, Profile>>,
        allow_exponent_three: bool,
    ) -> Result<Self, Failure> {
        let options = options(kid, profile, allow_exponent_three);
        let (key, skipped) = input::with_text(pem, |file| Ok(load_one(&options, file)?))?;
        warnings::issue(py, skipped)?;
        Ok(Self(key))
    }

    /// The same under the name of another form.
    #[staticmethod]
    #[pyo3(signature = (der, *, kid=None, profile=None, allow_exponent_three=false))]
    fn from_der(
        py: Python<'_>,
        der: &Bound<'_, PyAny>,
        kid: Option<Text>,
        profile: Option<&Bound<'_, Profile>>,
        allow_exponent_three: bool,
    ) -> Result<Self, Failure> {
        Self::from_pem(py, der, kid, profile, allow_exponent_three)
    }

    /// The same under the name of another form.
    #[staticmethod]
    #[pyo3(signature = (jwk, *, kid=None, profile=None, allow_exponent_three=false))]
    fn from_jwk(
        py: Python<'_>,
        jwk: &Bound<'_, PyAny>,
        kid: Option<Text>,
        profile: Option<&Bound<'_, Profile>>,
        allow_exponent_three: bool,
    ) -> Result<Self, Failure> {
        Self::from_pem(py, jwk, kid, profile, allow_exponent_three)
    }

    /// The key of this modulus and public exponent, as a token gives them.
    #[staticmethod]
    #[pyo3(signature = (modulus, exponent, *, kid=None, allow_exponent_three=false))]
    fn from_numbers(
        modulus: &Bound<'_, PyInt>,
        exponent: &Bound<'_, PyInt>,
        kid: Option<Text>,
        allow_exponent_three: bool,
    ) -> Result<Self, Failure> {
        let options = options(kid, None, allow_exponent_three);
        let numbers = (big_endian(modulus)?, big_endian(exponent)?);
        Ok(Self(options.from_numbers(&numbers.0, &numbers.1)?))
    }

    /// The public key of a token that a ``pkcs11:`` URI means: of a public key, a certificate or a
    /// private key that comes with its public half. Verifying stays in software.
    ///
    /// Without a ``pin`` it is one that the token shows to everyone. The arguments are those of
    /// ``DecryptingKey.from_token``, and so are the errors.
    #[staticmethod]
    #[pyo3(signature = (uri, *, pin=None, module=None, initialisation=None, patience=None))]
    fn from_token(
        py: Python<'_>,
        uri: Text,
        pin: Option<&Bound<'_, PyAny>>,
        module: Option<&Bound<'_, PyAny>>,
        initialisation: Option<Text>,
        patience: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self, Failure> {
        let way = Way::new(&uri, pin, pkcs11::module(module)?, initialisation, patience)?;
        Ok(Self(py.detach(|| way.verifying_key())?))
    }

    /// SHA-256 of the key's SubjectPublicKeyInfo, in hexadecimal.
    #[getter]
    fn fingerprint(&self) -> String {
        self.0.fingerprint().to_string()
    }

    /// The modulus' length.
    #[getter]
    fn bits(&self) -> usize {
        self.0.bits()
    }

    /// The name that it was given, or the JWK's own.
    #[getter]
    fn kid(&self) -> Option<&str> {
        self.0.kid()
    }

    /// The subject of the certificate that it came from.
    #[getter]
    fn subject(&self) -> Option<&str> {
        self.0.subject()
    }

    fn __repr__(&self) -> String {
        format!(
            "<flowseal.VerifyingKey {} bits, {}>",
            self.0.bits(),
            self.0.fingerprint()
        )
    }
}

/// Keys as an argument: one of them, the path of a file of them, or a list of either. Of a JWK set
/// those that are for the algorithm.
pub(crate) fn keys_of(
    py: Python<'_>,
    given: &Bound<'_, PyAny>,
    algorithm: Option<Algorithm>,
) -> Result<Vec<Key>, Failure> {
    if let Some(keys) = keys_at(py, given, algorithm)? {
        return Ok(keys);
    }
    let mut keys = Vec::new();
    for given in given.try_iter().map_err(|_| no_key(given))? {
        let given = given?;
        let found = keys_at(py, &given, algorithm)?;
        keys.extend(found.ok_or_else(|| no_key(&given))?);
    }
    Ok(keys)
}

fn no_key(given: &Bound<'_, PyAny>) -> Failure {
    if given.is_instance_of::<DecryptingKey>() {
        let sentence = "a DecryptingKey opens claims and verifies nothing: give the VerifyingKey of \
            whoever signs";
        return type_error(sentence.to_owned());
    }
    match given.get_type().name() {
        Ok(kind) if file_name::is_bytes(given) => type_error(format!(
            "this is {kind}, where keys or paths of keys are wanted: use `VerifyingKey.from_pem`"
        )),
        Ok(kind) => type_error(format!("{kind} is neither a VerifyingKey nor a path")),
        Err(error) => error.into(),
    }
}

/// The key that this is, or the keys of the file that it names; `None` where it is neither.
fn keys_at(
    py: Python<'_>,
    given: &Bound<'_, PyAny>,
    algorithm: Option<Algorithm>,
) -> Result<Option<Vec<Key>>, Failure> {
    if let Ok(key) = given.cast::<VerifyingKey>() {
        return Ok(Some(vec![key.get().0.clone()]));
    }
    let Ok(path) = given.extract::<PathBuf>() else {
        // To Python it is a list of numbers.
        return match file_name::is_bytes(given) {
            true => Err(no_key(given)),
            false => Ok(None),
        };
    };
    if file_name::is_text(&path) {
        let sentence = "this is the key's text, where a key or a path is wanted: use \
            `VerifyingKey.from_pem`";
        return Err(Failure::new(ErrorCode::Usage, sentence));
    }
    let options = match algorithm {
        Some(algorithm) => Key::options().with_algorithm(algorithm),
        None => Key::options(),
    };
    let keys = input::from_file(py, &path, |file| options.load_all(file))?;
    warnings::issue(py, about(&path, keys.warnings()))?;
    Ok(Some(keys.into_keys()))
}

/// Warnings with the file that they are about.
fn about<'a>(path: &'a Path, warnings: &'a [String]) -> impl Iterator<Item = String> + 'a {
    let about = move |warning| format!("{}: {warning}", file_name::Name(path));
    warnings.iter().map(about)
}

/// Without a profile it is the default one's algorithm that a JWK must be for.
pub(crate) fn algorithm_of(profile: Option<&CoreProfile>) -> Algorithm {
    profile.map_or(CoreProfile::default().algorithm, |given| given.algorithm)
}

/// The core's options, of what Python gives.
fn options(
    kid: Option<Text>,
    profile: Option<&Bound<'_, Profile>>,
    allow_exponent_three: bool,
) -> VerifyingKeyOptions {
    let profile = profile.map(|profile| profile.get().core());
    let mut options = Key::options().with_algorithm(algorithm_of(profile));
    if let Some(kid) = kid {
        options = options.with_kid(&*kid);
    }
    match allow_exponent_three {
        true => options.allow_exponent_three(),
        false => options,
    }
}

/// The one key of a file, and what is said of those of a set that are skipped.
fn load_one(options: &VerifyingKeyOptions, file: &[u8]) -> Result<(Key, Vec<String>), Error> {
    let keys = options.load_all(file)?;
    match &*keys {
        [key] => Ok((key.clone(), keys.warnings().to_vec())),
        // Which is an error, in the core's words.
        _ => Ok((options.load(file)?, Vec::new())),
    }
}
