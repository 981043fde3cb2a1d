//! Which statement real flows were signed over.

use flowseal::profile::StatementForm;
use flowseal::{KeyRing as Ring, Learned as Core, Learner, SecretBytes};
use pyo3::prelude::*;

use crate::errors::Failure;
use crate::options::Keys;
use crate::profile::Profile;
use crate::verifying_key::keys_of;
use crate::{input, json};

/// Finds out which statement these flows were signed over, by trying a closed list.
///
/// Each flow is the answer to a ping as it was received, as ``str`` or ``bytes``. With the app's
/// ``key``, statements over opened claims are tried as well. ``progress`` is called with how many
/// statements were tried, and of how many.
///
/// What is found explains every flow given; it is a guess that fits, and one flow is weak ground.
/// Raises ``statement_unknown``, with a ``diagnosis``, where nothing of the list explains them all;
/// the error's ``flows`` say of each whether the best statement explains it.
#[pyfunction]
#[pyo3(signature = (flows, keys, *, key=None, progress=None))]
pub(crate) fn learn(
    py: Python<'_>,
    flows: &Bound<'_, PyAny>,
    keys: &Bound<'_, PyAny>,
    key: Option<Keys<'_>>,
    progress: Option<Py<PyAny>>,
) -> Result<Learned, Failure> {
    let mut learner = Learner::new(keys_of(py, keys, None)?);
    if let Some(key) = key {
        learner = learner.with_opening(Ring::clone(&*key.ring()?));
    }
    let mut answers = Vec::new();
    for flow in crate::lists::each::<PyAny>(flows, "str or bytes")? {
        answers.push(input::with_text(&flow, |text| {
            Ok(SecretBytes::copied_from(text))
        })?);
    }
    let mut raised = None;
    let learned = py.detach(|| {
        let answers: Vec<_> = answers.iter().map(SecretBytes::expose_secret).collect();
        learner.learn_watched(&answers, &mut |tried, of| {
            let (Some(progress), None) = (&progress, &raised) else {
                return;
            };
            raised = Python::attach(|py| progress.call1(py, (tried, of)).err());
        })
    });
    match raised {
        Some(error) => Err(error.into()),
        None => Ok(Learned(learned?)),
    }
}

/// The statement that explains every flow that was given.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Learned(Core);

#[pymethods]
impl Learned {
    /// The algorithm that all flows were signed with, such as ``RS256``.
    #[getter]
    fn algorithm(&self) -> &'static str {
        self.0.algorithm().name()
    }

    /// ``canonical-flow-v1``, ``template``, or another of the list, which no profile can express.
    #[getter]
    fn finding(&self) -> &str {
        self.0.finding()
    }

    /// The template, where it is one.
    #[getter]
    fn template(&self) -> Option<String> {
        match self.0.statement() {
            StatementForm::Template(template) => Some(template.to_string()),
            _ => None,
        }
    }

    /// The members that the statement covers, of the flows that have them.
    #[getter]
    fn covers(&self) -> Vec<String> {
        self.0.covers().to_vec()
    }

    /// How many flows it explains: all that were given.
    #[getter]
    fn flows(&self) -> usize {
        self.0.flows()
    }

    /// Whether it rests on one flow alone, or leaves out ``reference``, ``requestee`` or a time.
    #[getter]
    fn weak(&self) -> bool {
        self.0.is_weak()
    }

    /// How many statements were tried.
    #[getter]
    fn candidates(&self) -> u64 {
        self.0.candidates()
    }

    /// The profile to verify by, which has verified every flow that was given.
    ///
    /// Raises ``usage`` if the statement leaves out ``reference``, ``requestee`` or a time, unless
    /// that is allowed; and the refusal of a flow that does not verify under it, such as
    /// ``claims_not_signed``.
    #[pyo3(signature = (*, allow_weak=false))]
    fn profile(&self, allow_weak: bool) -> Result<Profile, Failure> {
        let profile = match allow_weak {
            true => self.0.weak_profile(),
            false => self.0.profile(),
        };
        Ok(Profile::of(profile?))
    }

    /// What was found, as the command prints it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::value(py, &self.0.to_json())
    }

    fn __repr__(&self) -> String {
        format!("<flowseal.Learned {:?}>", self.0.finding())
    }
}
