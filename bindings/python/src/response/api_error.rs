//! Errors of the API.

use flowseal::api::{ApiError as Core, ValidationIssue as CoreIssue};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple, PyType};

use crate::errors::Failure;
use crate::{clock, input, json};

/// An error that the API answered with. All of it is untrusted text.
///
/// ``str()`` of it escapes and cuts what it quotes. Where it was the reason of an exception, that
/// has it as ``api_error``.
///
/// It is made of the body of an answer that failed, in any of the API's four shapes.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct ApiError(Core);

impl ApiError {
    pub(crate) fn of(error: Core) -> Self {
        Self(error)
    }

    pub(crate) fn core(&self) -> &Core {
        &self.0
    }
}

#[pymethods]
impl ApiError {
    /// It is made of the body of an answer that failed, in any of the API's four shapes.
    #[new]
    #[pyo3(signature = (http_status, body, retry_after=None))]
    fn new(
        http_status: Option<u16>,
        body: &Bound<'_, PyAny>,
        retry_after: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self, Failure> {
        let error = input::with_text(body, |body| Ok(Core::from_body(http_status, body)))?;
        Ok(Self(match retry_after {
            Some(pause) => error.with_retry_after(clock::length(pause)?.as_secs()),
            None => error,
        }))
    }

    /// The HTTP status that the answer came with, where it is known.
    #[getter]
    fn http_status(&self) -> Option<u16> {
        self.0.http_status()
    }

    /// The seconds that the API asks to wait.
    #[getter]
    fn retry_after(&self) -> Option<u64> {
        self.0.retry_after()
    }

    /// The outcome, a word or a number.
    #[getter]
    fn status(&self) -> Option<String> {
        self.0.status().map(|status| status.to_string())
    }

    /// What kind of error it is, such as ``session_expiry``; one that is not known is quoted.
    #[getter]
    fn error_type(&self) -> Option<String> {
        self.0.error_type().map(|error_type| error_type.to_string())
    }

    /// A number like an HTTP status.
    #[getter]
    fn code(&self) -> Option<u16> {
        self.0.code()
    }

    /// Where the API says more. Do not fetch it, show it.
    #[getter]
    fn helper_url(&self) -> Option<&str> {
        self.0.helper_url()
    }

    /// What the error is about.
    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let body = self.0.body();
        body.map(|body| json::value(py, body)).transpose()
    }

    /// What the API says to people.
    #[getter]
    fn message(&self) -> Option<&str> {
        self.0.message()
    }

    /// The validation issues, where the answer is a list of them.
    #[getter]
    fn issues(&self) -> Vec<ValidationIssue> {
        self.0
            .issues()
            .iter()
            .cloned()
            .map(ValidationIssue)
            .collect()
    }

    /// Any member by its name on the wire; ``None`` if it is absent or ``null``.
    fn member<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let member = self.0.member(name);
        member.map(|member| json::value(py, member)).transpose()
    }

    /// What can be done about it, in a word.
    #[getter]
    fn remedy(&self) -> &'static str {
        self.0.remedy().as_str()
    }

    /// The remedy as a sentence.
    #[getter]
    fn advice(&self) -> &'static str {
        self.0.advice()
    }

    /// The seconds to wait before trying again, after so many failures in a row.
    ///
    /// At least what the API asks for. ``jitter`` is any number of 32 bits, drawn by Python
    /// unless given.
    #[pyo3(signature = (failures, jitter=None))]
    fn back_off(&self, py: Python<'_>, failures: u32, jitter: Option<u32>) -> Result<f64, Failure> {
        let jitter = clock::jitter(py, jitter)?;
        Ok(self.0.back_off(failures, jitter).as_secs_f64())
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    /// What it was, without what was asked of a person.
    fn __repr__(&self) -> String {
        format!("<flowseal.ApiError {}>", self.remedy())
    }

    /// An exception that holds it travels to other processes.
    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        let (py, error) = (slf.py(), &slf.get().0);
        let body = error.to_json().to_string();
        let body = PyBytes::new(py, body.as_bytes());
        let parts = (error.http_status(), body, error.retry_after());
        Ok((slf.get_type(), parts.into_pyobject(py)?))
    }
}

/// Which member of a request is wrong, and how.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct ValidationIssue(CoreIssue);

#[pymethods]
impl ValidationIssue {
    /// What is wrong, such as ``too_small``.
    #[getter]
    fn code(&self) -> Option<&str> {
        self.0.code()
    }

    /// Where it is wrong, its steps joined by dots, such as ``body.user``.
    #[getter]
    fn path(&self) -> Option<String> {
        self.0.path()
    }

    /// A sentence for people.
    #[getter]
    fn message(&self) -> Option<&str> {
        self.0.message()
    }

    /// Any member by its name on the wire; ``None`` if it is absent or ``null``.
    fn member<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let member = self.0.member(name);
        member.map(|member| json::value(py, member)).transpose()
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<flowseal.ValidationIssue {}>", self.0)
    }
}
