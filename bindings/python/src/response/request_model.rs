//! A request as the API keeps it.

use flowseal::UnixTime;
use flowseal::api::{CreatedRequest as CoreCreated, RequestModel as Core};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::Failure;
use crate::json;
use crate::token::SessionToken;

/// A request for a person's approval, as the API keeps it. Nobody signs it.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct RequestModel(Core);

impl RequestModel {
    pub(crate) fn new(model: Core) -> Self {
        Self(model)
    }
}

#[pymethods]
impl RequestModel {
    /// The flow's reference, ``req_…``.
    #[getter]
    fn id(&self) -> Option<&str> {
        self.0.id()
    }

    /// The organisation, ``bcn_…``.
    #[getter]
    fn consumer(&self) -> Option<&str> {
        self.0.consumer()
    }

    /// The app, ``app_…``.
    #[getter]
    fn app(&self) -> Option<&str> {
        self.0.app()
    }

    /// What the person is asked for.
    #[getter]
    fn mode(&self) -> Option<String> {
        self.0.mode().map(|mode| mode.name().to_owned())
    }

    /// What the app wants it for, such as ``login``.
    #[getter]
    fn action(&self) -> Option<&str> {
        self.0.action()
    }

    /// The text that the person is shown.
    #[getter]
    fn payload(&self) -> Option<&str> {
        self.0.payload()
    }

    /// When the request was made, in Unix seconds.
    #[getter]
    fn iat(&self) -> Option<u64> {
        self.0.iat().map(UnixTime::seconds)
    }

    /// When the request expires, in Unix seconds.
    #[getter]
    fn exp(&self) -> Option<u64> {
        self.0.exp().map(UnixTime::seconds)
    }

    /// The person asked, ``bid_…`` or a national number.
    #[getter]
    fn user(&self) -> Option<&str> {
        self.0.user()
    }

    /// The address that the request came from.
    #[getter]
    fn ip(&self) -> Option<&str> {
        self.0.ip()
    }

    /// The app's name, as the person sees it.
    #[getter]
    fn name(&self) -> Option<&str> {
        self.0.name()
    }

    /// The paths of the claims asked for, such as ``naming.given``.
    #[getter]
    fn acquire_claims(&self) -> Vec<&str> {
        self.0.acquire_claims().collect()
    }

    /// Any member by its name on the wire; ``None`` if it is absent or ``null``.
    fn member<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let member = self.0.member(name);
        member.map(|member| json::value(py, member)).transpose()
    }

    /// Every member, as received.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        json::object(py, self.0.members())
    }

    /// The identifier alone: the person and what they were asked stay out of logs.
    fn __repr__(&self) -> String {
        format!(
            "<flowseal.RequestModel {:?}>",
            self.0.id().unwrap_or_default()
        )
    }
}

/// A request that has just been made, by the start of an identification or a signing.
#[pyclass(frozen, get_all, module = "flowseal")]
pub(crate) struct CreatedRequest {
    /// The request.
    request: Py<RequestModel>,
    /// The token that some answers have beside it. Its purpose is documented nowhere.
    token: Option<Py<SessionToken>>,
    /// A JWT by which the server stamps its answer. It proves nothing.
    server_stamp_unverified: Option<String>,
}

impl CreatedRequest {
    pub(crate) fn of(py: Python<'_>, created: &CoreCreated) -> Result<Self, Failure> {
        let token = created.token().map(SessionToken::copied_from).transpose()?;
        Ok(Self {
            request: Py::new(py, RequestModel::new(created.request().clone()))?,
            token: token.map(|token| Py::new(py, token)).transpose()?,
            server_stamp_unverified: created.server_stamp_unverified().map(str::to_owned),
        })
    }
}

#[pymethods]
impl CreatedRequest {
    fn __repr__(&self) -> String {
        let id = self.request.get().0.id().unwrap_or_default();
        format!("<flowseal.CreatedRequest {id:?}>")
    }
}
