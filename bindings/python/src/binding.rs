//! The browser that a flow was started for.

use pyo3::prelude::*;

use crate::errors::Failure;
use crate::input;

/// What ties a flow to the browser that it was started for: the SHA-256 of a secret which that
/// browser alone brings along, such as the random id of its session's cookie.
///
/// Two are equal by a comparison in constant time. It does not stop a person from approving what
/// somebody else has started in their own browser: against that there is the text that the person
/// reads.
///
/// Raises ``usage`` for less than ``SHORTEST`` bytes, which could be guessed.
#[pyclass(frozen, eq, module = "flowseal")]
#[derive(PartialEq)]
pub(crate) struct Binding(flowseal::api::Binding);

impl Binding {
    pub(crate) fn core(&self) -> &flowseal::api::Binding {
        &self.0
    }

    pub(crate) fn given<'a>(
        binding: Option<&'a Bound<'_, Self>>,
    ) -> Option<&'a flowseal::api::Binding> {
        binding.map(|binding| binding.get().core())
    }
}

#[pymethods]
impl Binding {
    /// The fewest bytes of a secret.
    #[classattr]
    const SHORTEST: usize = flowseal::api::Binding::SHORTEST;

    #[new]
    fn new(secret: &Bound<'_, PyAny>) -> Result<Self, Failure> {
        let secret = input::secret_text(secret)?;
        Ok(Self(flowseal::api::Binding::new(secret.expose_secret())?))
    }

    fn __repr__(&self) -> &'static str {
        "<flowseal.Binding>"
    }
}
