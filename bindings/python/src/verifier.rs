//! Trust: whose keys may sign which flows.

use pyo3::prelude::*;
use pyo3::types::PyMapping;

use crate::errors::Failure;
use crate::input::Text;
use crate::profile::Profile;
use crate::verifying_key::{algorithm_of, keys_of};

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
    /// Each person's keys verify that person's flows and no other's.
    ///
    /// Keys are a key, the path of a file of keys, or a list of either.
    #[staticmethod]
    #[pyo3(signature = (keys, *, profile=None))]
    pub(crate) fn by_requestee(
        py: Python<'_>,
        keys: &Bound<'_, PyMapping>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<Self, Failure> {
        let core = profile.map(|profile| profile.get().core());
        let users = keys.items()?;
        let users = users.iter().map(|user| {
            let (requestee, keys) = user.extract::<(Text, Bound<'_, PyAny>)>()?;
            Ok((
                String::from(requestee),
                keys_of(py, &keys, Some(algorithm_of(core)))?,
            ))
        });
        let users = users.collect::<Result<Vec<_>, Failure>>()?;
        Ok(Self(under(flowseal::Verifier::by_requestee(users), core)))
    }

    /// These keys verify every flow: right where one authority signs for all.
    #[staticmethod]
    #[pyo3(signature = (keys, *, profile=None))]
    pub(crate) fn trusting(
        py: Python<'_>,
        keys: &Bound<'_, PyAny>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<Self, Failure> {
        let core = profile.map(|profile| profile.get().core());
        let keys = keys_of(py, keys, Some(algorithm_of(core)))?;
        Ok(Self(under(flowseal::Verifier::trusting(keys), core)))
    }

    fn __repr__(&self) -> &'static str {
        "<flowseal.Verifier>"
    }
}

fn under(
    verifier: flowseal::Verifier,
    profile: Option<&flowseal::profile::Profile>,
) -> flowseal::Verifier {
    match profile {
        Some(profile) => verifier.with_setup(&flowseal::Setup::new(profile.clone())),
        None => verifier,
    }
}
