//! Every answer of the API.

mod api_error;
mod request_model;

use flowseal::Json;
use flowseal::api::{Answer, Response as Core};
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::types::PyDict;

pub(crate) use self::api_error::{ApiError, ValidationIssue};
pub(crate) use self::request_model::{CreatedRequest, RequestModel};
use crate::errors::Failure;
use crate::flow::Flow;
use crate::http_response::with_response;
use crate::input::Text;
use crate::profile::Profile;
use crate::request::endpoint_of;
use crate::token::SessionToken;
use crate::{input, json};

/// An answer of the API, whichever it is, with what stands around it. Nothing of it is proved.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Response(Core);

impl Response {
    pub(crate) fn new(response: Core) -> Self {
        Self(response)
    }
}

fn setup(profile: &Bound<'_, Profile>) -> flowseal::Setup {
    flowseal::Setup::new(profile.get().core().clone())
}

#[pymethods]
impl Response {
    /// Reads an answer as an HTTP client received it, to a request to this endpoint.
    ///
    /// A status that is not of success makes any body an error. Raises what ``Flow.from_json``
    /// raises, where the status is of success.
    #[staticmethod]
    #[pyo3(signature = (endpoint, response, *, profile=None))]
    pub(crate) fn from_http(
        endpoint: Text,
        response: &Bound<'_, PyAny>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<Self, Failure> {
        let endpoint = endpoint_of(&endpoint)?;
        with_response(response, |response| {
            Ok(Self(match profile {
                Some(profile) => setup(profile).read_http(endpoint, response)?,
                None => Core::from_http(endpoint, response)?,
            }))
        })
    }

    /// Reads an answer's body.
    #[staticmethod]
    #[pyo3(signature = (text, *, profile=None))]
    pub(crate) fn from_json(
        text: &Bound<'_, PyAny>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<Self, Failure> {
        input::with_text(text, |text| {
            Ok(Self(match profile {
                Some(profile) => setup(profile).read_response(text)?,
                None => Core::from_json(text)?,
            }))
        })
    }

    /// Whether the API says that it is there, in answer to ``ApiConfig.health_check``: by the
    /// status alone.
    ///
    /// Raises the code of what can be done about it, ``api_unavailable`` as a rule.
    #[staticmethod]
    fn check_health(response: &Bound<'_, PyAny>) -> Result<(), Failure> {
        with_response(response, |response| Ok(Core::check_health(response)?))
    }

    /// What the answer is about, in a word.
    #[getter]
    fn kind(&self) -> &'static str {
        match self.0.answer() {
            Answer::Authorized(_) => "authorized",
            Answer::Cancelled(_) => "cancelled",
            Answer::Created(_) => "created",
            Answer::Error(_) => "error",
            Answer::Expired => "expired",
            Answer::Flow(_) => "flow",
            _ => "unknown",
        }
    }

    /// What the answer is about; ``None`` where it is ``expired`` or ``unknown``.
    #[getter]
    fn answer<'py>(&self, py: Python<'py>) -> Result<Option<Bound<'py, PyAny>>, Failure> {
        Ok(match self.0.answer() {
            Answer::Authorized(token) => {
                Some(SessionToken::copied_from(token)?.into_bound_py_any(py)?)
            }
            Answer::Cancelled(model) => {
                Some(RequestModel::new(model.clone()).into_bound_py_any(py)?)
            }
            Answer::Created(created) => {
                Some(CreatedRequest::of(py, created)?.into_bound_py_any(py)?)
            }
            Answer::Error(error) => Some(ApiError::of(error.clone()).into_bound_py_any(py)?),
            Answer::Flow(flow) => Some(Flow::new(flow.clone()).into_bound_py_any(py)?),
            _ => None,
        })
    }

    /// The flow of the answer to a ping or a poll, or an event of a stream.
    ///
    /// Raises ``flow_expired`` for an answer without data; for an error of the API the code of what
    /// can be done about it, with ``api_error`` at hand; ``api_answer`` for the answer to another
    /// request.
    fn flow(&self) -> Result<Flow, Failure> {
        Ok(Flow::new(self.0.flow()?.clone()))
    }

    /// The session token of the answer to authorize.
    fn token(&self) -> Result<SessionToken, Failure> {
        SessionToken::copied_from(self.0.token()?)
    }

    /// The request that an answer to cancel shows as void.
    fn cancelled(&self) -> Result<RequestModel, Failure> {
        Ok(RequestModel::new(self.0.cancelled()?.clone()))
    }

    /// The outcome, a word or a number.
    #[getter]
    fn status(&self) -> Option<String> {
        self.0.status().map(|status| status.to_string())
    }

    /// A sentence for people.
    #[getter]
    fn reason(&self) -> Option<&str> {
        self.0.reason()
    }

    /// What the operation costs.
    #[getter]
    fn cost<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let cost = self.0.cost().map(Json::Number);
        cost.map(|cost| json::value(py, &cost)).transpose()
    }

    /// Which version of the API answered, such as ``v2``.
    #[getter]
    fn version(&self) -> Option<&str> {
        self.0.version()
    }

    /// What ``data`` holds beside what ``answer`` has.
    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let data = self.0.data();
        data.map(|data| json::value(py, data)).transpose()
    }

    /// Any member beside ``data`` by its name on the wire; ``None`` if it is absent or ``null``.
    fn member<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let member = self.0.member(name);
        member.map(|member| json::value(py, member)).transpose()
    }

    /// Every member beside ``data``, as received.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        json::object(py, self.0.members())
    }

    fn __repr__(&self) -> String {
        format!("<flowseal.Response {}>", self.kind())
    }
}
