//! Service accounts: an app's identifiers, credentials and key, as pasby's console gives them.

use std::sync::Arc;

use flowseal::SecretBytes;
use flowseal::api::{AccountKind, ServiceAccount as Core};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::closable::{Closable, stays_here};
use crate::decrypting_key::{self, DecryptingKey};
use crate::errors::Failure;
use crate::input::Text;
use crate::profile::Profile;
use crate::{file_name, input, lists};

/// A service account: ``config.json`` and the PEM files beside it, as a zip or apart.
///
/// The files are told apart by content and paired by modulus; their names mean nothing. An
/// ``ApiConfig`` and a ``DecryptingKey`` are made of it. ``close()``, or the end of a ``with``
/// block, wipes it; it is neither pickled nor copied.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct ServiceAccount(Closable<Core>);

impl ServiceAccount {
    pub(crate) fn open(&self) -> Result<Arc<Core>, Failure> {
        self.0.open()
    }
}

#[pymethods]
impl ServiceAccount {
    /// Reads the zip that pasby's console gives, or the directory that it unpacks to.
    ///
    /// Raises ``InputError``: ``io``, ``too_large`` or ``service_account``.
    #[staticmethod]
    fn load(py: Python<'_>, path: &Bound<'_, PyAny>) -> Result<Self, Failure> {
        let instead = match file_name::is_bytes(path) {
            true => "from_zip",
            false => "from_parts",
        };
        let path = file_name::path(path, "the account's text", instead)?;
        let account = if path.is_dir() {
            let (config, pems) = input::secret_directory(&path)?;
            let account = py.detach(|| parts(&config, &pems));
            account.map_err(|error| input::about(&path, &error))?
        } else {
            input::from_file(py, &path, Core::from_zip)?
        };
        Ok(Self(Closable::new(account)))
    }

    /// Reads the bytes of the zip, which stay the caller's to wipe.
    #[staticmethod]
    fn from_zip(py: Python<'_>, zip: &Bound<'_, PyAny>) -> Result<Self, Failure> {
        let zip = input::secret_bytes(zip)?;
        let account = py.detach(|| Core::from_zip(zip.expose_secret()))?;
        Ok(Self(Closable::new(account)))
    }

    /// Reads the text of ``config.json`` and every PEM file, which stay the caller's to wipe.
    #[staticmethod]
    fn from_parts(
        py: Python<'_>,
        config: &Bound<'_, PyAny>,
        pems: &Bound<'_, PyAny>,
    ) -> Result<Self, Failure> {
        let config = input::secret_text(config)?;
        let pems = lists::each::<PyAny>(pems, "the texts of PEM files")?;
        let pems = pems.iter().map(input::secret_text);
        let pems = pems.collect::<Result<Vec<_>, _>>()?;
        let account = py.detach(|| parts(&config, &pems))?;
        Ok(Self(Closable::new(account)))
    }

    /// The app's private key.
    ///
    /// Raises ``service_account`` for an account without one, or that is not an app's, and what
    /// ``DecryptingKey.load`` raises.
    #[pyo3(signature = (passphrase=None, *, kid=None, profile=None, allow_1024_bits=false))]
    fn decrypting_key(
        &self,
        py: Python<'_>,
        passphrase: Option<&Bound<'_, PyAny>>,
        kid: Option<Text>,
        profile: Option<&Bound<'_, Profile>>,
        allow_1024_bits: bool,
    ) -> Result<DecryptingKey, Failure> {
        let options = decrypting_key::options(passphrase, kid, profile, allow_1024_bits)?;
        let account = self.open()?;
        let key = py.detach(|| account.decrypting_key_with(&options))?;
        Ok(DecryptingKey::new(key))
    }

    /// Whose account it is: ``app``, or another word for the organisation's.
    #[getter]
    fn kind(&self) -> Result<String, Failure> {
        Ok(match self.open()?.kind() {
            AccountKind::Other(kind) => kind.clone(),
            _ => "app".to_owned(),
        })
    }

    /// The app, ``app_…``.
    #[getter]
    fn app_id(&self) -> Result<Option<String>, Failure> {
        Ok(self.open()?.app_id().map(str::to_owned))
    }

    /// The organisation, ``bcn_…``.
    #[getter]
    fn organisation_id(&self) -> Result<Option<String>, Failure> {
        Ok(self.open()?.organisation_id().map(str::to_owned))
    }

    /// Wipes it. Using it from then on is an ``InputError`` with ``usage``.
    fn close(&self) {
        self.0.close();
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyTuple>) {
        self.close();
    }

    /// The identifiers alone.
    fn __repr__(&self) -> String {
        let Some(account) = self.0.peek() else {
            return "<flowseal.ServiceAccount closed>".to_owned();
        };
        let ids = [account.app_id(), account.organisation_id()];
        let ids: Vec<_> = ids.iter().flatten().map(|id| format!("{id:?}")).collect();
        format!("<flowseal.ServiceAccount {}>", ids.join(", "))
    }

    fn __reduce_ex__(&self, _protocol: usize) -> PyResult<()> {
        Err(stays_here("a ServiceAccount", "load it where it is used"))
    }
}

fn parts(config: &SecretBytes, pems: &[SecretBytes]) -> Result<Core, flowseal::Error> {
    let pems = pems.iter().map(SecretBytes::expose_secret);
    Core::from_parts(config.expose_secret(), pems)
}
