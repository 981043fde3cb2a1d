//! Refusals as Python's exceptions.

use arrow_schema::ArrowError;
use flowseal::report::Diagnosis;
use flowseal::{Error, ErrorCode};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyMappingProxy, PyType};
use pyo3_arrow::error::PyArrowError;

use crate::json;
use crate::report::Report;
use crate::response::ApiError;

/// Why a call refused: the core's reason, this package's own, or Python's.
pub(crate) enum Failure {
    Core(Error),
    Own {
        code: ErrorCode,
        sentence: String,
        cause: Option<PyErr>,
    },
    Python(PyErr),
}

impl Failure {
    pub(crate) fn new(code: ErrorCode, sentence: impl Into<String>) -> Self {
        Self::Own {
            code,
            sentence: sentence.into(),
            cause: None,
        }
    }

    /// The exception itself, to be raised or handed over as a result. What is raised in its place
    /// is nobody's error, such as an interrupt from the keyboard: it goes on.
    pub(crate) fn into_exception(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let members = PyDict::new(py);
        let (code, sentence, cause) = match self {
            Self::Core(error) => {
                if let Some(other) = interrupt(&error) {
                    return Err(other);
                }
                let cause = raised_by_a_holder(&error).map(|cause| cause.clone_ref(py));
                members.set_item("report", error.report().map(Report::of))?;
                let diagnosis = error.diagnosis().map(Diagnosis::to_json);
                let diagnosis = diagnosis.map(|found| json::value(py, &found)).transpose()?;
                members.set_item("diagnosis", diagnosis)?;
                let details = json::value(py, &error.details().to_json())?;
                let flows = error.diagnosis().map_or(&[][..], Diagnosis::flows).iter();
                let flows = flows.map(|flow| json::value(py, &flow.to_json()));
                let flows = flows.collect::<PyResult<Vec<_>>>()?;
                if !flows.is_empty() {
                    details.set_item("flows", flows)?;
                }
                members.set_item("details", details)?;
                let api_error = error.api_error().cloned();
                members.set_item("api_error", api_error.map(ApiError::of))?;
                (error.code(), error.sentence().to_owned(), cause)
            }
            Self::Own {
                code,
                sentence,
                cause,
            } => (code, sentence, cause),
            Self::Python(error) => return Ok(error.into_value(py).into_bound(py).into_any()),
        };
        members.set_item("code", code.as_str())?;
        let exception = class_of(py, code)?.call((sentence,), Some(&members))?;
        if let Some(cause) = cause {
            exception.setattr("__cause__", cause.into_value(py))?;
        }
        Ok(exception)
    }
}

/// What a holder of a key has raised, where that is what the error is about.
fn raised_by_a_holder(error: &Error) -> Option<&PyErr> {
    std::error::Error::source(error)?.downcast_ref()
}

/// What a holder of a key has raised, where that is no error: neither a flow's nor its own.
pub(crate) fn interrupt(error: &Error) -> Option<PyErr> {
    let raised = raised_by_a_holder(error)?;
    Python::attach(|py| {
        let is_error = raised.is_instance_of::<PyException>(py);
        (!is_error).then(|| raised.clone_ref(py))
    })
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl From<ArrowError> for Failure {
    fn from(error: ArrowError) -> Self {
        Self::Python(PyArrowError::from(error).into())
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        Python::attach(|py| match failure.into_exception(py) {
            Ok(exception) => Self::from_value(exception),
            Err(error) => error,
        })
    }
}

/// Every code and its number.
pub(crate) fn codes(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
    let codes = PyDict::new(py);
    for code in ErrorCode::ALL {
        codes.set_item(code.as_str(), code.number())?;
    }
    Ok(PyMappingProxy::new(py, codes.as_mapping()))
}

/// What the table of codes says of one: its class and the HTTP status.
#[pyfunction]
pub(crate) fn about_code(code: &str) -> Option<(&'static str, u16)> {
    let mut known = ErrorCode::ALL.iter();
    let known = known.find(|known| known.as_str() == code)?;
    Some((known.class().as_str(), known.http_status()))
}

/// What comes of speaking to the API is not an argument's fault, so that it is not a `ValueError`:
/// the API's refusals, a connection that is lost, a deadline that has passed, a session that is
/// over.
const OF_A_REQUEST: std::ops::RangeInclusive<u32> = 102..=112;

/// The exceptions are Python's own classes: the stable ABI lets a compiled class inherit from an
/// exception from 3.12 on only.
fn class_of(py: Python<'_>, code: ErrorCode) -> PyResult<&Bound<'_, PyType>> {
    static INPUT: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static REFUSED: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static REQUEST: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static INTERNAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let (place, name) = match code.number() {
        40..70 => (&REFUSED, "RefusedError"),
        70..80 => (&INTERNAL, "InternalError"),
        number if OF_A_REQUEST.contains(&number) => (&REQUEST, "RequestError"),
        _ => (&INPUT, "InputError"),
    };
    place.import(py, "flowseal._errors", name)
}
