//! What a page tells the person.

use flowseal::ErrorCode;
use flowseal::api::{Situation as Core, Words as CoreWords};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};

use crate::errors::Failure;
use crate::input;
use crate::input::Text;
use crate::response::ApiError;

/// Where a person is with their flow, as far as it is theirs to know.
///
/// It comes from a flow's state (``PendingFlow.situation``) or an error, and says less than either:
/// not which check failed, and nothing of the service's own mistakes. ``Words`` have a sentence for
/// each, and ``next`` says what to offer. It is made of its ``key``, too, and is pickled as that.
///
/// Raises ``usage`` for a key that no situation has.
#[pyclass(frozen, eq, hash, module = "flowseal")]
#[derive(Hash, PartialEq)]
pub(crate) struct Situation(Core);

impl Situation {
    pub(crate) fn new(situation: Core) -> Self {
        Self(situation)
    }
}

#[pymethods]
impl Situation {
    #[new]
    fn of_key(key: Text) -> Result<Self, Failure> {
        let mut known = Core::ALL.iter();
        let found = known.find(|known| known.key() == &*key);
        found.copied().map(Self).ok_or_else(|| {
            let sentence = "there is no such situation: give the key of one of Situation.ALL";
            Failure::new(ErrorCode::Usage, sentence)
        })
    }

    /// What an error means for the person.
    #[staticmethod]
    fn of_error(error: &Bound<'_, PyAny>) -> Result<Self, Failure> {
        let Some(code) = error.getattr_opt("code")? else {
            let kind = error.get_type().name()?;
            let sentence = format!("a FlowsealError is wanted, and this is {kind}");
            return Err(PyTypeError::new_err(sentence).into());
        };
        let code = code_of(&code.extract::<Text>()?)?;
        // Which member is wrong, where it is the person's own.
        if code == ErrorCode::ApiRequest {
            let answered = error.getattr_opt("api_error")?;
            if let Some(answered) = answered.as_ref().and_then(|answered| answered.cast().ok()) {
                let answered: &Bound<'_, ApiError> = answered;
                let error = flowseal::Error::from(answered.get().core().clone());
                return Ok(Self(Core::of_error(&error)));
            }
        }
        Ok(Self(Core::of_code(code)))
    }

    /// What an error of this code means for the person.
    #[staticmethod]
    fn of_code(code: Text) -> Result<Self, Failure> {
        Ok(Self(Core::of_code(code_of(&code)?)))
    }

    /// Every situation, in the order of their keys.
    #[classattr]
    #[pyo3(name = "ALL")]
    fn all(py: Python<'_>) -> PyResult<Py<PyTuple>> {
        let all = Core::ALL.iter().map(|known| Py::new(py, Self(*known)));
        Ok(PyTuple::new(py, all.collect::<PyResult<Vec<_>>>()?)?.unbind())
    }

    /// The stable key, such as ``picked_up``.
    #[getter]
    fn key(&self) -> &'static str {
        self.0.key()
    }

    /// What to offer the person: ``wait``, ``retry``, ``restart`` or ``contact``.
    #[getter]
    fn next(&self) -> &'static str {
        self.0.next().as_str()
    }

    /// A situation is its key, wherever it is taken to.
    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyType>, (&'static str,)) {
        (py.get_type::<Self>(), (self.0.key(),))
    }

    fn __repr__(&self) -> String {
        format!("<flowseal.Situation {}>", self.0.key())
    }
}

/// A sentence for each ``Situation``: in English, in French, or the app's own.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Words(CoreWords);

#[pymethods]
impl Words {
    /// English.
    #[staticmethod]
    fn english() -> Self {
        Self(CoreWords::english())
    }

    /// French.
    #[staticmethod]
    fn french() -> Self {
        Self(CoreWords::french())
    }

    /// The app's own: an object with a text for each key, and nothing else, so that no sentence is
    /// left in another voice.
    ///
    /// Raises ``usage`` for a key that is missing, unknown or without a text, and for anything that
    /// is not such an object.
    #[staticmethod]
    fn from_json(text: &Bound<'_, PyAny>) -> Result<Self, Failure> {
        input::with_text(text, |text| Ok(Self(CoreWords::from_json(text)?)))
    }

    /// The sentence for this situation.
    fn text(&self, situation: &Bound<'_, Situation>) -> &str {
        self.0.text(situation.get().0)
    }

    fn __repr__(&self) -> &'static str {
        "<flowseal.Words>"
    }
}

pub(crate) fn code_of(code: &str) -> Result<ErrorCode, Failure> {
    let mut known = ErrorCode::ALL.iter();
    let found = known.find(|known| known.as_str() == code).copied();
    found.ok_or_else(|| {
        let sentence = "there is no such error code: give one of flowseal.ERROR_CODES";
        Failure::new(ErrorCode::Usage, sentence)
    })
}
