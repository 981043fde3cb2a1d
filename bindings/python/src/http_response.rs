//! What an HTTP client received.

use flowseal::HttpResponse as Core;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;

use crate::errors::Failure;
use crate::input;

/// An answer as an HTTP client received it, for clients whose own names are others.
#[pyclass(frozen, get_all, module = "flowseal")]
pub(crate) struct HttpResponse {
    /// The status, such as 200.
    status_code: u16,
    /// Name to value of each header, or pairs of them.
    headers: Py<PyAny>,
    /// The body, when the client has undone chunks and compression.
    content: Py<PyAny>,
}

#[pymethods]
impl HttpResponse {
    #[new]
    fn new(status_code: u16, headers: Py<PyAny>, content: Py<PyAny>) -> Self {
        Self {
            status_code,
            headers,
            content,
        }
    }

    /// The status alone: a session token stands in the headers, a person in the body.
    fn __repr__(&self) -> String {
        format!("<flowseal.HttpResponse {}>", self.status_code)
    }
}

/// Reads the response of any client that says ``status_code``, ``headers`` and ``content``.
pub(crate) fn with_response<T>(
    response: &Bound<'_, PyAny>,
    read: impl FnOnce(&Core<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let status = response.getattr("status_code")?.extract()?;
    let headers = response.getattr("headers")?;
    let pairs = match headers.getattr_opt("items")? {
        Some(items) => items.call0()?,
        None => headers,
    };
    let pairs = pairs
        .try_iter()?
        .map(|pair| pair?.extract::<(PyBackedStr, PyBackedStr)>())
        .collect::<PyResult<Vec<_>>>()?;
    input::with_text(&response.getattr("content")?, |body| {
        read(&Core::new(status, pairs, body))
    })
}
