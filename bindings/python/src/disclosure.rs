//! Some claims of a verified flow for someone else, with the proof.

use flowseal::{AppKey as Key, AppKeyOptions, Disclosure as Core, Object};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::claims::OpenedClaims;
use crate::errors::Failure;
use crate::profile::Profile;
use crate::report::Report;
use crate::verifying_key::keys_of;
use crate::{file_name, input, json};

/// An app's public key, under which disclosures of flows that were sealed to it are checked.
///
/// It is read from PEM or DER, and has to come from somewhere other than the disclosure: whoever
/// chooses the key afterwards may choose one that fits.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct AppKey(Key);

#[pymethods]
impl AppKey {
    /// Reads the one public key of a file. ``exponent`` is the public exponent that it must have.
    ///
    /// Raises ``InputError``: ``io``, ``key_format``, ``key_kind``, ``key_size``, ``key_weak``,
    /// ``key_invalid`` or ``key_ambiguous``.
    #[staticmethod]
    #[pyo3(signature = (path, *, exponent=65537))]
    fn load(py: Python<'_>, path: &Bound<'_, PyAny>, exponent: u64) -> Result<Self, Failure> {
        let path = file_name::path(path, "the key's text", "from_pem")?;
        let options = options(exponent);
        input::from_file(py, &path, |file| options.load(file)).map(Self)
    }

    /// Reads a key from text or bytes. PEM and DER are recognised by their content.
    #[staticmethod]
    #[pyo3(signature = (pem, *, exponent=65537))]
    fn from_pem(pem: &Bound<'_, PyAny>, exponent: u64) -> Result<Self, Failure> {
        let options = options(exponent);
        input::with_text(pem, |file| Ok(options.load(file)?)).map(Self)
    }

    /// The same under the name of the other form.
    #[staticmethod]
    #[pyo3(signature = (der, *, exponent=65537))]
    fn from_der(der: &Bound<'_, PyAny>, exponent: u64) -> Result<Self, Failure> {
        Self::from_pem(der, exponent)
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

    fn __repr__(&self) -> String {
        let (bits, fingerprint) = (self.0.bits(), self.0.fingerprint());
        format!("<flowseal.AppKey {bits} bits, {fingerprint}>")
    }
}

fn options(exponent: u64) -> AppKeyOptions {
    Key::options().with_exponent(exponent)
}

/// Some claims of a flow that a person signed, with the proof, and without the others.
///
/// It keeps values, and not that they were shared: whoever has the file also sees the national
/// number, the reference, the times, and the names of all claims beside their ciphertexts.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Disclosure(Core);

impl Disclosure {
    pub(crate) fn new(disclosure: Core) -> Self {
        Self(disclosure)
    }
}

#[pymethods]
impl Disclosure {
    /// Reads a disclosure file. Nothing of it is proved yet. Raises ``disclosure``, ``json`` and
    /// its relatives.
    #[staticmethod]
    fn from_json(text: &Bound<'_, PyAny>) -> Result<Self, Failure> {
        let read = |text: &[u8]| Ok(Core::from_json(text)?);
        input::with_text(text, read).map(Self)
    }

    /// Verifies the signature, and for each claim that what is shown is what was sealed and signed.
    ///
    /// Both keys have to come from somewhere other than the file. Raises ``key_conflict``,
    /// ``no_verifying_key``, ``signature_invalid``, ``disclosure``, and ``disclosure_invalid``,
    /// whose ``details["why"]`` says which part proves nothing.
    fn check(
        &self,
        py: Python<'_>,
        app_key: &Bound<'_, AppKey>,
        keys: &Bound<'_, PyAny>,
    ) -> Result<Disclosed, Failure> {
        let (keys, app_key) = (keys_of(py, keys, None)?, &app_key.get().0);
        let disclosed = py.detach(|| self.0.check(app_key, &keys))?;
        Ok(Disclosed::of(py, disclosed)?)
    }

    /// The same where whoever checks knows the profile of the time, which leads.
    ///
    /// Raises ``profile_mismatch`` where the file's has another statement, algorithm or padding.
    fn check_under(
        &self,
        py: Python<'_>,
        app_key: &Bound<'_, AppKey>,
        keys: &Bound<'_, PyAny>,
        profile: &Bound<'_, Profile>,
    ) -> Result<Disclosed, Failure> {
        let (keys, app_key) = (keys_of(py, keys, None)?, &app_key.get().0);
        let profile = profile.get().core();
        let disclosed = py.detach(|| self.0.check_under(app_key, &keys, profile))?;
        Ok(Disclosed::of(py, disclosed)?)
    }

    /// Checks it as ``check`` does, or ``check_under`` where there is a profile, and gives the page
    /// of what was found, with the claims that are shown. Raises what they raise.
    #[pyo3(signature = (app_key, keys, profile=None))]
    fn check_to_html(
        &self,
        py: Python<'_>,
        app_key: &Bound<'_, AppKey>,
        keys: &Bound<'_, PyAny>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<String, Failure> {
        let (keys, app_key) = (keys_of(py, keys, None)?, &app_key.get().0);
        let profile = profile.map(|profile| profile.get().core());
        let page = py.detach(|| self.0.check_to_html(app_key, &keys, profile))?;
        Ok(page.expose_secret().to_owned())
    }

    /// The disclosure as JSON text: to hand it to someone is to show the claims in it. A ``str``
    /// cannot be wiped.
    fn to_json(&self) -> String {
        self.0.to_json().expose_secret().to_owned()
    }

    /// The paths of the claims that it shows.
    #[getter]
    fn paths(&self) -> Vec<String> {
        self.0.paths().map(str::to_owned).collect()
    }

    /// The encoded message that proves the claim at this path; ``None`` where it is not shown.
    fn encoded_message<'py>(&self, py: Python<'py>, path: &str) -> Option<Bound<'py, PyBytes>> {
        let em = self.0.encoded_message(path)?;
        Some(PyBytes::new(py, em.expose_secret()))
    }

    /// The fingerprint that the file gives the app's key: a note.
    #[getter]
    fn app_key_fingerprint(&self) -> &str {
        self.0.app_key_fingerprint()
    }

    /// The padding under which the claims are sealed.
    #[getter]
    fn padding(&self) -> &'static str {
        self.0.padding().name()
    }

    /// The proof that the person signed the ciphertexts.
    #[getter]
    fn evidence(&self) -> crate::evidence::Evidence {
        crate::evidence::Evidence::new(self.0.evidence().clone())
    }

    fn __repr__(&self) -> String {
        format!("<flowseal.Disclosure of {}>", self.paths().join(", "))
    }
}

/// What a disclosure has proved: claims, and the signed members around them.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Disclosed {
    claims: Py<OpenedClaims>,
    withheld: Vec<String>,
    report: Report,
    members: Object,
    signed_at: Option<u64>,
}

impl Disclosed {
    fn of(py: Python<'_>, disclosed: flowseal::Disclosed) -> PyResult<Self> {
        Ok(Self {
            withheld: disclosed.withheld().to_vec(),
            report: Report::of(disclosed.report()),
            members: disclosed.members().clone(),
            signed_at: disclosed.signed_at().map(flowseal::UnixTime::seconds),
            claims: Py::new(py, OpenedClaims::new(disclosed.into_claims()))?,
        })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.members.present(name)?.as_str()
    }
}

#[pymethods]
impl Disclosed {
    /// The claims that are shown. Closing them wipes them.
    #[getter]
    fn claims(&self, py: Python<'_>) -> Py<OpenedClaims> {
        self.claims.clone_ref(py)
    }

    /// The paths of the claims that were signed and are not shown.
    #[getter]
    fn withheld(&self) -> Vec<String> {
        self.withheld.clone()
    }

    /// What was looked at. What was expected of the flow at the time was not asked again.
    #[getter]
    fn report(&self) -> Report {
        self.report.clone()
    }

    /// The flow's identifier, signed.
    #[getter]
    fn reference(&self) -> Option<&str> {
        self.text("reference")
    }

    /// The organisation that started the flow, signed.
    #[getter]
    fn requester(&self) -> Option<&str> {
        self.text("requester")
    }

    /// The national identity number of the person who signed.
    #[getter]
    fn requestee(&self) -> Option<&str> {
        self.text("requestee")
    }

    /// When the person signed, in Unix seconds.
    #[getter]
    fn signed_at(&self) -> Option<u64> {
        self.signed_at
    }

    /// Any signed member by its name on the wire. ``claims`` is the tree of ciphertexts.
    fn covered<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let member = self.members.present(name);
        member.map(|member| json::value(py, member)).transpose()
    }

    fn __repr__(&self) -> String {
        let reference = self.text("reference").unwrap_or_default();
        format!("<flowseal.Disclosed of {reference:?}>")
    }
}
