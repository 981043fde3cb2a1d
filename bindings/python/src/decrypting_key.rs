//! Private keys of apps, which open claims.

use std::sync::Arc;

use flowseal::{DecryptingKey as Key, DecryptingKeyOptions};
use pyo3::prelude::*;
use pyo3::types::PyInt;

use crate::closable::{Closable, stays_here};
use crate::errors::Failure;
use crate::input::Text;
use crate::pkcs11::Way;
use crate::profile::Profile;
use crate::{file_name, input, pkcs11, remote};

/// An app's private key, bound to one padding: it opens claims, and nothing else is done with it.
///
/// It is read from PEM or DER: PKCS#8, encrypted PKCS#8 (PBES2), PKCS#1. ``close()``, or the end of
/// a ``with`` block, wipes it, unless a ``KeyRing`` or an operation that is under way still holds
/// it; then it is wiped with the last of them. It is neither pickled nor copied.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct DecryptingKey(Closable<Key>);

impl DecryptingKey {
    pub(crate) fn new(key: Key) -> Self {
        Self(Closable::new(key))
    }

    pub(crate) fn open(&self) -> Result<Arc<Key>, Failure> {
        self.0.open()
    }
}

#[pymethods]
impl DecryptingKey {
    /// Reads the one private key of a file, which is wiped from flowseal's own memory.
    ///
    /// ``kid`` names it in a ring; ``profile`` binds it to that profile's padding.
    ///
    /// Raises ``InputError``: ``usage`` for a key's text, ``io``, ``key_format``, ``key_kind``,
    /// ``key_size``, ``key_weak``, ``key_invalid``, ``key_passphrase`` or ``key_ambiguous``.
    #[staticmethod]
    #[pyo3(signature = (path, passphrase=None, *, kid=None, profile=None, allow_1024_bits=false))]
    pub(crate) fn load(
        py: Python<'_>,
        path: &Bound<'_, PyAny>,
        passphrase: Option<&Bound<'_, PyAny>>,
        kid: Option<Text>,
        profile: Option<&Bound<'_, Profile>>,
        allow_1024_bits: bool,
    ) -> Result<Self, Failure> {
        let options = options(passphrase, kid, profile, allow_1024_bits)?;
        let path = file_name::path(path, "the key's text", "from_pem")?;
        input::from_file(py, &path, |file| options.load(file)).map(Self::new)
    }

    /// Reads a key from bytes, which stay the caller's to wipe: give a ``bytearray``. A ``str``
    /// will do, and cannot be wiped.
    ///
    /// PEM and DER are recognised by their content.
    #[staticmethod]
    #[pyo3(signature = (pem, passphrase=None, *, kid=None, profile=None, allow_1024_bits=false))]
    fn from_pem(
        py: Python<'_>,
        pem: &Bound<'_, PyAny>,
        passphrase: Option<&Bound<'_, PyAny>>,
        kid: Option<Text>,
        profile: Option<&Bound<'_, Profile>>,
        allow_1024_bits: bool,
    ) -> Result<Self, Failure> {
        let options = options(passphrase, kid, profile, allow_1024_bits)?;
        let file = input::secret_text(pem)?;
        Ok(Self::new(py.detach(|| options.load(file.expose_secret()))?))
    }

    /// The same under the name of the other form.
    #[staticmethod]
    #[pyo3(signature = (der, passphrase=None, *, kid=None, profile=None, allow_1024_bits=false))]
    fn from_der(
        py: Python<'_>,
        der: &Bound<'_, PyAny>,
        passphrase: Option<&Bound<'_, PyAny>>,
        kid: Option<Text>,
        profile: Option<&Bound<'_, Profile>>,
        allow_1024_bits: bool,
    ) -> Result<Self, Failure> {
        Self::from_pem(py, der, passphrase, kid, profile, allow_1024_bits)
    }

    /// The key whose public half is this PEM or DER, and whose private half is elsewhere: in a
    /// token, or with a service.
    ///
    /// ``holder`` computes: it is called with a list of ``RawOperation``s and gives a list of their
    /// results, ``bytes`` as long as the modulus, in the same order; from whichever thread opens.
    /// What it raises is the cause of a ``key_unavailable``. Without a holder the key opens in the
    /// resumable form only: ``begin_opening``.
    ///
    /// What is sent is blinded unless the key is ``unblinded``, which is right for a module in the
    /// same process or machine and nowhere else. Every answer is checked, and a wrong one is
    /// ``internal_fault``.
    ///
    /// Raises ``InputError``: ``key_format``, ``key_kind``, ``key_size``, ``key_weak``,
    /// ``key_invalid`` or ``key_ambiguous``.
    #[staticmethod]
    #[pyo3(signature = (public, holder=None, *, unblinded=false, kid=None, profile=None))]
    fn remote(
        public: &Bound<'_, PyAny>,
        holder: Option<&Bound<'_, PyAny>>,
        unblinded: bool,
        kid: Option<Text>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<Self, Failure> {
        let options = remote::options(holder, unblinded, kid, profile)?;
        input::with_text(public, |file| Ok(options.load(file)?)).map(Self::new)
    }

    /// The same key by the numbers of its public half, as tokens and services give them.
    #[staticmethod]
    #[pyo3(signature = (modulus, exponent, holder=None, *, unblinded=false, kid=None, profile=None))]
    fn remote_from_numbers(
        modulus: &Bound<'_, PyInt>,
        exponent: &Bound<'_, PyInt>,
        holder: Option<&Bound<'_, PyAny>>,
        unblinded: bool,
        kid: Option<Text>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<Self, Failure> {
        let options = remote::options(holder, unblinded, kid, profile)?;
        let (modulus, exponent) = (remote::big_endian(modulus)?, remote::big_endian(exponent)?);
        Ok(Self::new(options.from_numbers(&modulus, &exponent)?))
    }

    /// The private RSA key of a token that a ``pkcs11:`` URI (RFC 7512) means. It stays in its
    /// token, which computes in threads of its own while the interpreter is free for others.
    ///
    /// ``pin`` is the user's, as bytes or a ``str``, or a function that is asked for it by the
    /// token's label whenever one is needed, from another thread; ``None`` from it is no PIN, and
    /// what it raises is the cause of a ``pin``. The copy that is kept is wiped with the key. A PIN
    /// that a token has refused is not tried on it again: ``forget_refused_pins``.
    ///
    /// ``module`` is the PKCS#11 library, which is loaded into this process and runs there; a URI's
    /// ``module-path`` comes before it, and without either it is p11-kit's. ``initialisation`` is
    /// the text that some modules take. At most ``sessions`` compute at the same time: as many as
    /// processors, and eight at most, unless it says otherwise. ``patience`` is how long an
    /// operation, a login or the way to the key may take: ten seconds.
    ///
    /// What is sent is blinded unless the key is ``unblinded``, which is right for a module in the
    /// same process or machine. After a fork the child's uses are ``key_unavailable``: load the key
    /// there. ``close()`` ends the sessions.
    ///
    /// Raises ``InputError``: ``usage`` for the URI or without a module, ``io`` where the module is
    /// not a library, ``pin``, ``key_kind`` where no key matches, ``key_ambiguous`` where several
    /// do, ``key_size``, ``key_weak``, ``key_invalid``; or ``InternalError``: ``key_unavailable``.
    #[staticmethod]
    #[pyo3(signature = (uri, *, pin=None, module=None, initialisation=None, sessions=None, patience=None, unblinded=false, kid=None, profile=None))]
    fn from_token(
        py: Python<'_>,
        uri: Text,
        pin: Option<&Bound<'_, PyAny>>,
        module: Option<&Bound<'_, PyAny>>,
        initialisation: Option<Text>,
        sessions: Option<usize>,
        patience: Option<&Bound<'_, PyAny>>,
        unblinded: bool,
        kid: Option<Text>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<Self, Failure> {
        let way = Way::new(&uri, pin, pkcs11::module(module)?, initialisation, patience)?;
        let options = remote::options(None, unblinded, kid, profile)?;
        let key = py.detach(|| way.decrypting_key(sessions, options))?;
        Ok(Self::new(key))
    }

    /// Whether the private half is elsewhere.
    #[getter]
    fn is_remote(&self) -> Result<bool, Failure> {
        Ok(self.open()?.is_remote())
    }

    /// SHA-256 of the public half's SubjectPublicKeyInfo, in hexadecimal.
    #[getter]
    fn fingerprint(&self) -> Result<String, Failure> {
        Ok(self.open()?.fingerprint().to_string())
    }

    /// The modulus' length.
    #[getter]
    fn bits(&self) -> Result<usize, Failure> {
        Ok(self.open()?.bits())
    }

    /// The name that the key was given.
    #[getter]
    fn kid(&self) -> Result<Option<String>, Failure> {
        Ok(self.open()?.kid().map(str::to_owned))
    }

    /// The padding that the key is bound to.
    #[getter]
    fn padding(&self) -> Result<&'static str, Failure> {
        Ok(self.open()?.padding().name())
    }

    /// Lets the key go. Using it from then on is an ``InputError`` with ``usage``.
    fn close(&self) {
        self.0.close();
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, pyo3::types::PyTuple>) {
        self.close();
    }

    fn __repr__(&self) -> String {
        match self.0.peek() {
            Some(key) => format!(
                "<flowseal.DecryptingKey {} bits, {}>",
                key.bits(),
                key.fingerprint()
            ),
            None => "<flowseal.DecryptingKey closed>".to_owned(),
        }
    }

    fn __reduce_ex__(&self, _protocol: usize) -> PyResult<()> {
        Err(stays_here("a DecryptingKey", "load it where it is used"))
    }
}

/// The core's options, of what Python gives. They own everything, so that the interpreter need not
/// be held while a key is loaded.
pub(crate) fn options(
    passphrase: Option<&Bound<'_, PyAny>>,
    kid: Option<Text>,
    profile: Option<&Bound<'_, Profile>>,
    allow_1024_bits: bool,
) -> Result<DecryptingKeyOptions, Failure> {
    let mut options = Key::options();
    if let Some(passphrase) = passphrase {
        options = options.with_passphrase(input::secret_text(passphrase)?.expose_secret());
    }
    if let Some(kid) = kid {
        options = options.with_kid(&*kid);
    }
    if let Some(profile) = profile {
        options = options.with_setup(&flowseal::Setup::new(profile.get().core().clone()));
    }
    Ok(match allow_1024_bits {
        true => options.allow_1024_bits(),
        false => options,
    })
}
