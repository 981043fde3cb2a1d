//! The profile.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::Failure;
use crate::{file_name, input, json};

/// How flows are signed, sealed and bounded: what pasby publishes nowhere, as configuration.
///
/// The default is RS256 over this project's own canonical statement, and RSAES-PKCS1-v1_5. Give one
/// profile to everything that takes part in an operation; two that differ are ``profile_mismatch``.
///
/// It is made of the members of a profile file, by name; an unknown one is an error.
#[pyclass(frozen, eq, module = "flowseal")]
#[derive(Default, PartialEq)]
pub(crate) struct Profile(flowseal::profile::Profile);

impl Profile {
    pub(crate) fn of(profile: flowseal::profile::Profile) -> Self {
        Self(profile)
    }

    pub(crate) fn core(&self) -> &flowseal::profile::Profile {
        &self.0
    }
}

#[pymethods]
impl Profile {
    /// The members are those of a profile file, and the core reads them as such.
    #[new]
    #[pyo3(signature = (**members))]
    fn new(py: Python<'_>, members: Option<&Bound<'_, PyDict>>) -> Result<Self, Failure> {
        let Some(members) = members else {
            return Ok(Self(flowseal::profile::Profile::default()));
        };
        let text = py.import("json")?.call_method1("dumps", (members,))?;
        Self::from_json(&text)
    }

    /// Reads the text of a profile file.
    #[staticmethod]
    fn from_json(text: &Bound<'_, PyAny>) -> Result<Self, Failure> {
        let read = |text: &[u8]| Ok(flowseal::profile::Profile::from_json(text)?);
        input::with_text(text, read).map(Self)
    }

    /// Reads a profile file.
    ///
    /// Raises ``InputError`` with ``io``, ``json`` and its relatives, or ``profile``.
    #[staticmethod]
    fn load(py: Python<'_>, path: &Bound<'_, PyAny>) -> Result<Self, Failure> {
        let path = file_name::path(path, "the profile's text", "from_json")?;
        input::from_file(py, &path, flowseal::profile::Profile::from_json).map(Self)
    }

    /// Every member, written out.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::value(py, &self.0.to_json())
    }

    fn __repr__(&self) -> String {
        format!("<flowseal.Profile {}>", self.0.to_json())
    }
}
