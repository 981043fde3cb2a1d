//! What to send to the API, for the caller's HTTP client.

use std::sync::Arc;

use flowseal::ErrorCode;
use flowseal::api::{Endpoint, Header, Request as Core, Start};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::closable::stays_here;
use crate::errors::Failure;

/// A request to the API: everything that an HTTP client needs to know, and nothing sent yet.
///
///     client.request(
///         request.method, request.url, headers=request.expose_headers(), content=request.body
///     )
///
/// Follow no redirects: the API has none, and a redirect would take the credentials elsewhere.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Request(Held);

/// Credentials are not copied: the request of a start stays the start's.
enum Held {
    Own(Core),
    OfStart(Arc<Start>),
}

impl Request {
    pub(crate) fn new(request: Core) -> Self {
        Self(Held::Own(request))
    }

    pub(crate) fn of_start(start: Arc<Start>) -> Self {
        Self(Held::OfStart(start))
    }

    pub(crate) fn core(&self) -> &Core {
        match &self.0 {
            Held::Own(request) => request,
            Held::OfStart(start) => start.request(),
        }
    }
}

#[pymethods]
impl Request {
    /// Which endpoint it is for; reading the response asks for it.
    #[getter]
    fn endpoint(&self) -> &'static str {
        self.core().endpoint().as_str()
    }

    /// ``GET`` or ``POST``.
    #[getter]
    fn method(&self) -> &'static str {
        self.core().method().as_str()
    }

    /// The URL, whole. It holds no secret.
    #[getter]
    fn url(&self) -> &str {
        self.core().url()
    }

    /// The body, JSON; ``None`` for a GET.
    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        let body = self.core().body()?;
        Some(PyBytes::new(py, body.as_bytes()))
    }

    /// The names of the headers that carry credentials.
    #[getter]
    fn sensitive_headers(&self) -> Vec<&'static str> {
        let sensitive = self
            .core()
            .headers()
            .iter()
            .filter(|header| header.is_sensitive());
        sensitive.map(Header::name).collect()
    }

    /// Name to value of each header, credentials among them: for the HTTP client alone.
    ///
    /// Python cannot wipe them.
    fn expose_headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let headers = PyDict::new(py);
        for header in self.core().headers() {
            headers.set_item(header.name(), header.expose_value())?;
        }
        Ok(headers)
    }

    fn __repr__(&self) -> String {
        format!("<flowseal.Request {} {}>", self.method(), self.core().url())
    }

    fn __reduce_ex__(&self, _protocol: usize) -> PyResult<()> {
        Err(stays_here("a Request", "send it where it is made"))
    }
}

/// The endpoint of this name.
pub(crate) fn endpoint_of(name: &str) -> Result<Endpoint, Failure> {
    let known = [
        Endpoint::Authorize,
        Endpoint::Cancel,
        Endpoint::Health,
        Endpoint::Identification,
        Endpoint::Ping,
        Endpoint::Polling,
        Endpoint::Signing,
        Endpoint::Sse,
    ];
    let found = known.into_iter().find(|endpoint| endpoint.as_str() == name);
    found.ok_or_else(|| {
        let names = known.map(Endpoint::as_str).join(", ");
        Failure::new(
            ErrorCode::Usage,
            format!("there is no endpoint {name:?}: give one of {names}, or a request's own"),
        )
    })
}
