//! What an auditor keeps of a verified flow.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::Failure;
use crate::input;
use crate::profile::Profile;
use crate::report::Report;
use crate::verifying_key::keys_of;

/// The proof that a person signed a flow, for years later. It holds no claim in the clear.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Evidence(flowseal::Evidence);

impl Evidence {
    pub(crate) fn new(evidence: flowseal::Evidence) -> Self {
        Self(evidence)
    }
}

#[pymethods]
impl Evidence {
    /// Itself, so that ``verified.evidence`` may be written as a call.
    fn __call__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    /// Reads an evidence file. Raises ``evidence``, ``profile``, ``json`` and its relatives.
    #[staticmethod]
    fn from_json(text: &Bound<'_, PyAny>) -> Result<Self, Failure> {
        let read = |text: &[u8]| Ok(flowseal::Evidence::from_json(text)?);
        input::with_text(text, read).map(Self)
    }

    /// Verifies the signature again, with the key of the fingerprint among those given.
    ///
    /// Raises ``no_verifying_key`` or ``signature_invalid``.
    fn check(&self, py: Python<'_>, keys: &Bound<'_, PyAny>) -> Result<Report, Failure> {
        let keys = keys_of(py, keys, None)?;
        let report = py.detach(|| self.0.check(&keys))?;
        Ok(Report::of(&report))
    }

    /// The same where the auditor knows the profile of the time, which leads.
    ///
    /// A template, too, is known then, and not the file's word. Raises ``profile_mismatch`` where
    /// the file's profile has another statement, algorithm or padding.
    fn check_under(
        &self,
        py: Python<'_>,
        keys: &Bound<'_, PyAny>,
        profile: &Bound<'_, Profile>,
    ) -> Result<Report, Failure> {
        let profile = profile.get().core();
        let keys = keys_of(py, keys, None)?;
        let report = py.detach(|| self.0.check_under(&keys, profile))?;
        Ok(Report::of(&report))
    }

    /// The evidence as one page of HTML for people. Evidence that was read from a file is shown as
    /// not checked: ``check_to_html`` checks it first.
    fn to_html(&self) -> String {
        self.0.to_html()
    }

    /// Checks it as ``check`` does, or ``check_under`` where there is a profile, and gives the page
    /// of what was found. Raises what they raise.
    #[pyo3(signature = (keys, profile=None))]
    fn check_to_html(
        &self,
        py: Python<'_>,
        keys: &Bound<'_, PyAny>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<String, Failure> {
        let profile = profile.map(|profile| profile.get().core());
        let keys = keys_of(py, keys, None)?;
        Ok(py.detach(|| self.0.check_to_html(&keys, profile))?)
    }

    /// The evidence as JSON text.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// The bytes that were signed.
    #[getter]
    fn statement<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.statement())
    }

    /// The names of the members that they cover.
    #[getter]
    fn covers(&self) -> Vec<String> {
        self.0.covers().to_vec()
    }

    fn __repr__(&self) -> String {
        format!("<flowseal.Evidence over {}>", self.0.covers().join(", "))
    }
}
