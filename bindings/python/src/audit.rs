//! What happens to a flow, as values for a log that is kept.

use flowseal::ErrorCode;
use flowseal::api::{Audit as Core, AuditEvent as CoreEvent};
use flowseal::profile::Trust;
use flowseal::report::Check;
use pyo3::PyClass;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::claims::OpenedClaims;
use crate::clock;
use crate::errors::Failure;
use crate::flow::Flow;
use crate::input;
use crate::json;
use crate::pending::PendingFlow;
use crate::received::ReceivedFlow;
use crate::start::{Created, Start};
use crate::verified::VerifiedFlow;
use crate::words::code_of;

/// A maker of events for an audit log: one for each thing that happens to a flow, from its start to
/// the opening of its claims.
///
/// An event says what happened, when, to which flow, how it went, what was believed and how long it
/// took. It never holds a claim, a credential, a token, the payload, data, a digest of any of
/// these, a link or a seed. The person is in it as HMAC-SHA-256 of their number under
/// ``person_key``, 32 random bytes or more that are used for nothing else, or not at all.
///
/// Each method takes what came of the thing, or the exception in its place. ``now`` is the system's
/// clock unless given; ``took`` is how long the thing took by the caller's, in seconds or a
/// ``timedelta``. ``log`` gives an event to Python's ``logging``.
///
/// Raises ``usage`` for a key of fewer than 32 bytes.
#[pyclass(frozen, module = "flowseal.audit")]
pub(crate) struct Audit(Core);

#[pymethods]
impl Audit {
    #[new]
    #[pyo3(signature = (*, person_key=None))]
    fn new(person_key: Option<&Bound<'_, PyAny>>) -> Result<Self, Failure> {
        let audit = Core::new();
        let Some(key) = person_key else {
            return Ok(Self(audit));
        };
        let key = input::secret_bytes(key)?;
        Ok(Self(audit.with_person_key(key.expose_secret())?))
    }

    /// A start is about to be sent. Its flow has no identifier yet.
    #[pyo3(signature = (start, *, now=None))]
    fn started(
        &self,
        start: &Bound<'_, Start>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> Result<AuditEvent, Failure> {
        let event = self.0.started(start.get().core(), clock::now(now)?);
        Ok(AuditEvent(event))
    }

    /// The API has answered a start: there is a flow, or the exception that says why there is none.
    #[pyo3(signature = (start, created, *, now=None, took=None))]
    fn created(
        &self,
        start: &Bound<'_, Start>,
        created: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        took: Option<&Bound<'_, PyAny>>,
    ) -> Result<AuditEvent, Failure> {
        let (start, now) = (start.get().core(), clock::now(now)?);
        let created = outcome::<Created>(created)?;
        let created = created.as_ref().map(|created| created.get().core());
        AuditEvent::taking(self.0.created(start, created, now), took)
    }

    /// A device has picked the flow up: the session's ``Progress``.
    #[pyo3(signature = (pending, *, now=None))]
    fn picked_up(
        &self,
        pending: &Bound<'_, PendingFlow>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> Result<AuditEvent, Failure> {
        let event = self.0.picked_up(pending.get().core(), clock::now(now)?);
        Ok(AuditEvent(event))
    }

    /// The app wants the flow cancelled.
    #[pyo3(signature = (pending, *, now=None))]
    fn cancel_asked(
        &self,
        pending: &Bound<'_, PendingFlow>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> Result<AuditEvent, Failure> {
        let event = self.0.cancel_asked(pending.get().core(), clock::now(now)?);
        Ok(AuditEvent(event))
    }

    /// The session has ended, with this flow or this exception. That a flow is complete says
    /// nothing of whether it is genuine.
    #[pyo3(signature = (pending, end, *, now=None, took=None))]
    fn ended(
        &self,
        pending: &Bound<'_, PendingFlow>,
        end: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        took: Option<&Bound<'_, PyAny>>,
    ) -> Result<AuditEvent, Failure> {
        let (pending, now) = (pending.get().core(), clock::now(now)?);
        let end = outcome::<Flow>(end)?;
        let end = end.as_ref().map(|flow| flow.get().core());
        AuditEvent::taking(self.0.ended(pending, end, now), took)
    }

    /// The flow was judged, by ``finish`` or ``finish_received``: what they gave, or the exception.
    #[pyo3(signature = (pending, end, *, now=None, took=None))]
    fn finished(
        &self,
        pending: &Bound<'_, PendingFlow>,
        end: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        took: Option<&Bound<'_, PyAny>>,
    ) -> Result<AuditEvent, Failure> {
        let (pending, now) = (pending.get().core(), clock::now(now)?);
        let event = if let Ok(flow) = end.cast::<VerifiedFlow>() {
            let flow: Result<_, &Why> = Ok(flow.get().core());
            self.0.finished(pending, flow, now)
        } else {
            let end = outcome_of::<ReceivedFlow>(end, "VerifiedFlow or a ReceivedFlow")?;
            let end = end.as_ref().map(|flow| flow.get().core());
            self.0.finished(pending, end, now)
        };
        AuditEvent::taking(event, took)
    }

    /// The flow's claims were opened, or were not: the exception.
    #[pyo3(signature = (pending, opened, *, now=None, took=None))]
    fn opened(
        &self,
        pending: &Bound<'_, PendingFlow>,
        opened: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        took: Option<&Bound<'_, PyAny>>,
    ) -> Result<AuditEvent, Failure> {
        let (pending, now) = (pending.get().core(), clock::now(now)?);
        let opened = match outcome::<OpenedClaims>(opened)? {
            Ok(claims) => Ok(claims.get().core()?),
            Err(why) => Err(why),
        };
        let opened = opened.as_ref().map(|claims| &**claims);
        AuditEvent::taking(self.0.opened(pending, opened, now), took)
    }

    fn __repr__(&self) -> &'static str {
        "<flowseal.audit.Audit>"
    }
}

/// Something that happened to a flow. Nothing in it is secret but what the flow's identifier is to
/// whoever can ask the API about it.
#[pyclass(frozen, eq, module = "flowseal.audit")]
#[derive(PartialEq)]
pub(crate) struct AuditEvent(CoreEvent);

impl AuditEvent {
    fn taking(event: CoreEvent, took: Option<&Bound<'_, PyAny>>) -> Result<Self, Failure> {
        Ok(Self(match took {
            Some(took) => event.with_took(clock::length(took)?),
            None => event,
        }))
    }
}

#[pymethods]
impl AuditEvent {
    /// What happened: ``started``, ``created``, ``picked_up``, ``cancel_asked``, ``ended``,
    /// ``finished`` or ``opened``.
    #[getter]
    fn event(&self) -> &'static str {
        self.0.kind().as_str()
    }

    /// When, in Unix seconds by the caller's clock.
    #[getter]
    fn at(&self) -> u64 {
        self.0.at().seconds()
    }

    /// How it went: ``done``, ``ended`` (over, and nobody's fault), ``failed`` or ``refused``.
    #[getter]
    fn outcome(&self) -> &'static str {
        self.0.outcome().as_str()
    }

    /// Why it did not go well; ``None`` where it did.
    #[getter]
    fn code(&self) -> Option<&'static str> {
        self.0.code().map(ErrorCode::as_str)
    }

    /// The check that failed, where one did.
    #[getter]
    fn check(&self) -> Option<&'static str> {
        self.0.check().map(Check::as_str)
    }

    /// The flow's identifier, ``req_…``; ``None`` where the API has given none.
    #[getter]
    fn flow(&self) -> Option<&str> {
        self.0.flow()
    }

    /// What the flow is believed for, ``signed`` or ``received``, where it is.
    #[getter]
    fn trust(&self) -> Option<&'static str> {
        self.0.trust().map(Trust::name)
    }

    /// The person under the key; ``None`` without one, and where nobody is named.
    #[getter]
    fn person(&self) -> Option<&str> {
        self.0.person()
    }

    /// The event as JSON, without the members that do not apply; ``audit.schema.json`` in the
    /// documentation of flowseal describes it.
    fn to_json(&self) -> String {
        self.0.to_json().to_string()
    }

    /// The same as a ``dict``.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        match self.0.to_json().as_object() {
            Some(members) => json::object(py, members),
            None => Ok(PyDict::new(py)),
        }
    }

    fn __repr__(&self) -> String {
        format!("<flowseal.audit.AuditEvent {}>", self.0.to_json())
    }
}

/// Why something did not go well, as an exception says it.
type Why = (ErrorCode, Option<Check>);

/// What came of a thing: an object of this class, or an exception.
fn outcome<'a, 'py, T: PyClass>(
    given: &'a Bound<'py, PyAny>,
) -> Result<Result<&'a Bound<'py, T>, Why>, Failure> {
    outcome_of(given, T::NAME)
}

/// The same, where classes of these names will do.
fn outcome_of<'a, 'py, T: PyClass>(
    given: &'a Bound<'py, PyAny>,
    wanted: &str,
) -> Result<Result<&'a Bound<'py, T>, Why>, Failure> {
    if let Ok(given) = given.cast::<T>() {
        return Ok(Ok(given));
    }
    let py = given.py();
    let root = py.import("flowseal._errors")?.getattr("FlowsealError")?;
    if !given.is_instance(&root)? {
        let kind = given.get_type().name()?;
        let sentence = format!("a {wanted} is wanted, or a FlowsealError, and this is {kind}");
        return Err(PyTypeError::new_err(sentence).into());
    }
    let code = code_of(&given.getattr("code")?.extract::<input::Text>()?)?;
    let check: Option<input::Text> = given.getattr("check")?.extract()?;
    let check = check.and_then(|name| {
        let mut known = Check::ALL.iter();
        known.find(|known| known.as_str() == &*name).copied()
    });
    Ok(Err((code, check)))
}
