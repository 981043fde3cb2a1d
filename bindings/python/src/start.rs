//! The start of a flow, and what the API says of it.

use std::sync::Arc;

use flowseal::Json;
use flowseal::api::{Created as CoreCreated, Start as Core};
use pyo3::prelude::*;

use crate::binding::Binding;
use crate::closable::stays_here;
use crate::errors::Failure;
use crate::http_response::with_response;
use crate::pending::PendingFlow;
use crate::request::Request;
use crate::response::RequestModel;
use crate::token::SessionToken;
use crate::{clock, json};

/// A flow that is to be started: the request to be sent, and what it asks.
///
/// ``ApiConfig`` makes it, by ``identify``, ``sign`` and ``confirm``. What comes back is read here,
/// and both together are the ``PendingFlow``, which leads to the end.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Start(Arc<Core>);

impl Start {
    pub(crate) fn new(start: Core) -> Self {
        Self(Arc::new(start))
    }

    pub(crate) fn core(&self) -> &Core {
        &self.0
    }
}

#[pymethods]
impl Start {
    /// What to send. An answer may take as long as that to a ping: give up after 10 s.
    #[getter]
    fn request(&self) -> Request {
        Request::of_start(Arc::clone(&self.0))
    }

    /// What is unusual and may still be right, a sentence each: a claim that the catalogue does not
    /// have. It was issued as warnings.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        self.0.warnings().to_vec()
    }

    /// Reads the answer.
    ///
    /// Raises for an error of the API the code of what can be done about it, with ``api_error`` at
    /// hand, whose issues name the members that are wrong; ``api_answer`` for the answer to another
    /// request, and for one without an identifier or what the device needs, or with a link that is
    /// not an https URL; ``json`` and its like for what is not JSON.
    fn read(&self, response: &Bound<'_, PyAny>) -> Result<Created, Failure> {
        with_response(response, |response| Ok(Created(self.0.read(response)?)))
    }

    /// Without credentials, the person and what they are asked.
    fn __repr__(&self) -> String {
        format!("<flowseal.Start {}>", self.0.request().url())
    }

    fn __reduce_ex__(&self, _protocol: usize) -> PyResult<()> {
        Err(stays_here("a Start", "send it where it is made"))
    }
}

/// A flow that the API has started: its identifier, and what brings a person to it.
///
/// ``Start.read`` makes one. Nothing of it is signed by anybody whose key is known; who is asked
/// and for what is in the ``PendingFlow``, as it was sent.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Created(CoreCreated);

impl Created {
    pub(crate) fn core(&self) -> &CoreCreated {
        &self.0
    }
}

#[pymethods]
impl Created {
    /// How long one QR code is shown, in seconds: the vendor's sample takes as long.
    #[classattr]
    const SEED_SHOWN: f64 = CoreCreated::SEED_SHOWN.as_secs_f64();

    /// How long a flow lives whose ``exp`` is not said, in seconds.
    #[classattr]
    const LIFETIME: u64 = CoreCreated::LIFETIME.as_secs();

    /// The flow's identifier, ``req_…``: its reference from here on.
    #[getter]
    fn flow(&self) -> &str {
        self.0.flow()
    }

    /// The https URL to be opened on the device, where the person is asked on the same one.
    ///
    /// Whoever opens it first is asked: give it to the browser that the flow is bound to, and to
    /// nothing else.
    #[getter]
    fn link(&self) -> Option<&str> {
        self.0.link()
    }

    /// The texts of the QR codes, where any device may scan one.
    #[getter]
    fn seeds(&self) -> Vec<&str> {
        self.0.seeds().iter().map(String::as_str).collect()
    }

    /// The QR code to be shown so long after the first one, for ``chance`` that stays the same for
    /// the flow: another every ``SEED_SHOWN`` seconds. ``None`` where there are no seeds.
    #[pyo3(signature = (since_shown, chance=0))]
    fn seed_at(
        &self,
        since_shown: &Bound<'_, PyAny>,
        chance: u32,
    ) -> Result<Option<&str>, Failure> {
        Ok(self.0.seed_at(clock::length(since_shown)?, chance))
    }

    /// The token that some of these answers have. Its purpose is documented nowhere, so it is kept
    /// as the secret that it is elsewhere, and stands in no ``PendingFlow``.
    #[getter]
    fn token(&self) -> Result<Option<SessionToken>, Failure> {
        self.0.token().map(SessionToken::copied_from).transpose()
    }

    /// When the flow expires, in Unix seconds by the API's clock.
    #[getter]
    fn expires(&self) -> u64 {
        self.0.expires().seconds()
    }

    /// What the flow costs, where the answer says so.
    #[getter]
    fn cost<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let cost = self.0.cost().map(Json::Number);
        cost.map(|cost| json::value(py, &cost)).transpose()
    }

    /// The request as the API keeps it, to be shown and not to be believed: what was asked is what
    /// was sent.
    #[getter]
    fn request(&self) -> RequestModel {
        RequestModel::new(self.0.request().clone())
    }

    /// The flow as it is pending from now on: what this answer and its request say, and the browser
    /// that it was started for.
    ///
    /// ``allow_more_claims`` accepts claims that were not asked for, too; ``leeway`` and
    /// ``max_age`` are those of ``Expectations``.
    ///
    /// Raises ``usage`` without a binding where the person is asked on the same device: any other
    /// browser could fetch the result.
    #[pyo3(signature = (binding=None, *, allow_more_claims=false, leeway=None, max_age=None))]
    fn pending(
        &self,
        binding: Option<&Bound<'_, Binding>>,
        allow_more_claims: bool,
        leeway: Option<&Bound<'_, PyAny>>,
        max_age: Option<&Bound<'_, PyAny>>,
    ) -> Result<PendingFlow, Failure> {
        let mut pending = self.0.pending(Binding::given(binding))?;
        if allow_more_claims {
            pending = pending.allow_more_claims();
        }
        if let Some(leeway) = leeway {
            pending = pending.with_leeway(clock::length(leeway)?);
        }
        if let Some(age) = max_age {
            pending = pending.with_max_age(clock::length(age)?);
        }
        Ok(PendingFlow::new(pending))
    }

    /// The identifier: a link or a seed is the flow for whoever has it.
    fn __repr__(&self) -> String {
        format!("<flowseal.Created {:?}>", self.0.flow())
    }

    fn __reduce_ex__(&self, _protocol: usize) -> PyResult<()> {
        Err(stays_here("a Created", "keep what is pending()"))
    }
}
