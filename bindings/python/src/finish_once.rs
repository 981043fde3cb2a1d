//! A flow's result is given once, by the caller's word.

use std::sync::{Mutex, PoisonError};

use flowseal::UnixTime;
use flowseal::api::{FinishOnce, FinishedFlows as Core};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::clock;
use crate::errors::Failure;
use crate::input::Text;

/// The flows that one process has finished: right where there is only one, and for tests.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct FinishedFlows(Core);

#[pymethods]
impl FinishedFlows {
    #[new]
    fn new() -> Self {
        Self(Core::new())
    }

    /// Marks the flow of this reference as finished, to be remembered until then. ``False`` if it
    /// is marked already.
    fn finish(&self, reference: Text, until: &Bound<'_, PyAny>) -> Result<bool, Failure> {
        let until = clock::now(Some(until))?;
        Ok(self.0.finish(&reference, until))
    }

    /// Forgets what had to be remembered until a moment before ``now``.
    #[pyo3(signature = (now=None))]
    fn forget_before(&self, now: Option<&Bound<'_, PyAny>>) -> Result<(), Failure> {
        self.0.forget_before(clock::now(now)?);
        Ok(())
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __repr__(&self) -> String {
        format!("<flowseal.FinishedFlows {}>", self.0.len())
    }
}

/// The caller's: an object with a method ``finish``, or something that is called.
///
/// What it raises is kept, and is a ``false`` to the core: nothing is given.
pub(crate) struct Once {
    asked: Py<PyAny>,
    raised: Mutex<Option<PyErr>>,
}

impl Once {
    pub(crate) fn of(once: &Bound<'_, PyAny>) -> Result<Self, Failure> {
        Ok(Self {
            asked: method_or_call(once, "finish")?.unbind(),
            raised: Mutex::default(),
        })
    }

    /// What came of the end; or what was raised, which comes first.
    pub(crate) fn told<T>(self, end: Result<T, flowseal::Error>) -> Result<T, Failure> {
        let raised = self.raised.into_inner();
        match raised.unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error.into()),
            None => Ok(end?),
        }
    }
}

impl FinishOnce for Once {
    fn finish(&self, reference: &str, until: UnixTime) -> bool {
        // Whatever is no bool, such as the `None` of a function that returns nothing, is no leave.
        let is_first = Python::attach(|py| {
            let asked = self.asked.bind(py);
            asked.call1((reference, until.seconds()))?.extract::<bool>()
        });
        is_first.unwrap_or_else(|error| {
            let mut raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner);
            *raised = Some(error);
            false
        })
    }
}

/// The method of this name of an object, or else the object itself, where it can be called.
pub(crate) fn method_or_call<'py>(
    object: &Bound<'py, PyAny>,
    name: &str,
) -> Result<Bound<'py, PyAny>, Failure> {
    if let Some(method) = object.getattr_opt(name)? {
        return Ok(method);
    }
    if object.is_callable() {
        return Ok(object.clone());
    }
    let kind = object.get_type().name()?;
    let sentence =
        format!("an object with a method {name} is wanted, or a function, and this is {kind}");
    Err(PyTypeError::new_err(sentence).into())
}
