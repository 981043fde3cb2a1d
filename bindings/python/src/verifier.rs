//! Trust: whose keys may sign which flows.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::Failure;
use crate::profile::Profile;
use crate::verifying_key::keys_of;

/// A rule that says whose keys may sign which flows.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Verifier(flowseal::Verifier);

impl Verifier {
    pub(crate) fn core(&self) -> &flowseal::Verifier {
        &self.0
    }
}

#[pymethods]
impl Verifier {
    #[staticmethod]
    #[pyo3(signature = (keys, *, profile=None))]
    fn by_requestee(
        py: Python<'_>,
        keys: &Bound<'_, PyDict>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<Self, Failure> {
        let core = profile.map(|profile| profile.get().core());
        let users = keys.iter().map(|(requestee, keys)| {
            Ok((requestee.extract::<String>()?, keys_of(py, &keys, core)?))
        });
        let users = users.collect::<Result<Vec<_>, Failure>>()?;
        Ok(Self(under(flowseal::Verifier::by_requestee(users), core)))
    }

    #[staticmethod]
    #[pyo3(signature = (keys, *, profile=None))]
    fn trusting(
        py: Python<'_>,
        keys: &Bound<'_, PyAny>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<Self, Failure> {
        let core = profile.map(|profile| profile.get().core());
        let keys = keys_of(py, keys, core)?;
        Ok(Self(under(flowseal::Verifier::trusting(keys), core)))
    }

    #[expect(clippy::unused_self, reason = "Python calls it on the object")]
    fn __repr__(&self) -> &'static str {
        "<flowseal.Verifier>"
    }
}

fn under(verifier: flowseal::Verifier, profile: Option<&flowseal::Profile>) -> flowseal::Verifier {
    match profile {
        Some(profile) => verifier.profile(profile),
        None => verifier,
    }
}
