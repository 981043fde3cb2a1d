//! What an HTTP client received.

use flowseal::api::HttpResponse as Core;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;

use crate::errors::Failure;
use crate::input;
use crate::input::Text;
use crate::request::Request;

/// An answer as an HTTP client received it, for clients whose own names are others.
///
/// Responses of ``httpx`` and ``requests`` have these names already, and are taken as they are.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct HttpResponse {
    /// The status, such as 200.
    #[pyo3(get)]
    status_code: u16,
    /// Name to value of each header, or pairs of them.
    #[pyo3(get)]
    headers: Py<PyAny>,
    /// The body, when the client has undone chunks and compression.
    #[pyo3(get)]
    content: Py<PyAny>,
    answers: Option<Py<Request>>,
    url: Option<String>,
}

#[pymethods]
impl HttpResponse {
    #[new]
    fn new(status_code: u16, headers: Py<PyAny>, content: Py<PyAny>) -> Self {
        Self {
            status_code,
            headers,
            content,
            answers: None,
            url: None,
        }
    }

    /// The same of a response of ``httpx``, ``requests`` or another client with these names.
    #[staticmethod]
    fn of(response: &Bound<'_, PyAny>) -> PyResult<Self> {
        let member = |name| Ok::<_, PyErr>(response.getattr(name)?.unbind());
        let status_code = response.getattr("status_code")?.extract()?;
        Ok(Self::new(
            status_code,
            member("headers")?,
            member("content")?,
        ))
    }

    /// The same as the answer to this request, for a caller that may have several under way.
    ///
    /// A ``Session`` drops the answer to a request of another kind than the one it waits for, such
    /// as the ping that was under way when it was cancelled. The answer to an earlier ping it
    /// takes, and receives no flow by it.
    fn answering(&self, py: Python<'_>, request: Py<Request>) -> Self {
        Self {
            status_code: self.status_code,
            headers: self.headers.clone_ref(py),
            content: self.content.clone_ref(py),
            answers: Some(request),
            url: self.url.clone(),
        }
    }

    /// The same from this address, as the client reports it when all is done: it follows no
    /// redirect, so that this is the request's own. Without it no flow is received.
    fn with_url(&self, py: Python<'_>, url: Text) -> Self {
        Self {
            status_code: self.status_code,
            headers: self.headers.clone_ref(py),
            content: self.content.clone_ref(py),
            answers: self.answers.as_ref().map(|request| request.clone_ref(py)),
            url: Some(url.into()),
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
    let own = response.cast::<HttpResponse>().ok();
    let request = own.and_then(|own| own.get().answers.as_ref());
    let url = own.and_then(|own| own.get().url.as_ref());
    input::with_text(&response.getattr("content")?, |body| {
        let response = Core::new(status, body).with_headers(pairs);
        let response = match url {
            Some(url) => response.with_url(url),
            None => response,
        };
        read(&match request {
            Some(request) => response.answering(request.get().core()),
            None => response,
        })
    })
}
