//! One flow from its start to its end: what to do next.

mod action;

use std::sync::{Mutex, MutexGuard, PoisonError};

use flowseal::ErrorCode;
use flowseal::api::Session as Core;
use flowseal::profile::Trust;
use pyo3::prelude::*;

pub(crate) use self::action::{Done, Ended, Expired, Failed, Progress, Send, Stream, Wait};
use crate::api_config::ApiConfig;
use crate::budget::{self, Budget};
use crate::clock;
use crate::closable::stays_here;
use crate::errors::Failure;
use crate::http_response::with_response;
use crate::input;
use crate::input::Text;
use crate::profile::Profile;
use crate::warnings;

/// A flow that is watched until it ends: the state machine between an app and the API.
///
/// Ask ``poll`` what to do, do it, and report what came of it: ``handle`` for a response, ``lost``
/// for none. Everything else is decided here: authorising, pauses, back-off, renewal, the end, and
/// that no more than 100 requests are sent in a minute. It has no socket and waits for nothing, so
/// it is as good for ``asyncio`` as for threads.
///
/// It ends with an ``Ended``, whose ``result()`` is the flow, or raises why there is none: an
/// ``InputError`` of ``flow_expired`` where nobody has responded in time, or of another code where
/// what answers cannot be read; a ``RefusedError`` of ``flow_cancelled`` after ``cancel``; a
/// ``RequestError`` for the rest: the API's refusals, a connection that was lost, a ``deadline``
/// that has passed.
///
/// ``now`` is the system's clock and ``jitter``, any number of 32 bits, Python's own chance, unless
/// given.
///
/// It watches the flow of this identifier, ``req_…``, which the app has started.
///
/// ``long_polling`` (v1) has the API hold its answers back. With ``stream`` (v2) the session
/// listens to one stream of events in place of pinging: ``poll`` then says ``Stream`` once. After
/// ``deadline``, in seconds or a ``timedelta``, the session gives up; after ``lifetime``, 360
/// seconds unless given, a flow has expired. Both are a day at most: they are lengths of time,
/// not moments.
///
/// ``budget`` has it take turns with the other sessions of this address. ``trust`` is ``signed``
/// here: ``received`` takes the session of a ``PendingFlow``.
///
/// Raises ``usage`` for an unusable identifier, ``api_config`` for v1 without the identifiers
/// that authorising needs, ``api_version`` for long polling in v2 and for a stream in v1.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Session(Mutex<Core>);

impl Session {
    /// Whoever waits for it must not hold the interpreter meanwhile: a count that a budget shares
    /// is Python's, and is asked while it is locked.
    fn core(&self) -> MutexGuard<'_, Core> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new session with all that the caller wants of it.
    pub(crate) fn with(
        py: Python<'_>,
        mut session: Core,
        settings: Settings<'_, '_>,
    ) -> Result<Self, Failure> {
        warnings::issue(py, session.warnings())?;
        if let Some(trust) = settings.trust {
            session = session.with_trust(trust_of(&trust)?)?;
        }
        if settings.long_polling {
            session = session.with_long_polling()?;
        }
        if settings.stream {
            session = session.with_stream()?;
        }
        if let Some(after) = settings.deadline {
            session = session.with_deadline(clock::length_within_a_day(after)?);
        }
        if let Some(lifetime) = settings.lifetime {
            session = session.with_lifetime(clock::length_within_a_day(lifetime)?);
        }
        if let Some(budget) = settings.budget {
            session = session.with_budget(budget.get().core())?;
        }
        Ok(Self(Mutex::new(session)))
    }
}

/// What the caller wants of a session, wherever it comes from.
pub(crate) struct Settings<'a, 'py> {
    pub(crate) trust: Option<Text>,
    pub(crate) budget: Option<&'a Bound<'py, Budget>>,
    pub(crate) long_polling: bool,
    pub(crate) stream: bool,
    pub(crate) deadline: Option<&'a Bound<'py, PyAny>>,
    pub(crate) lifetime: Option<&'a Bound<'py, PyAny>>,
}

fn trust_of(name: &str) -> Result<Trust, Failure> {
    let mut known = [Trust::Signed, Trust::Received].into_iter();
    known.find(|trust| trust.name() == name).ok_or_else(|| {
        let sentence = "there is no such trust: give signed or received";
        Failure::new(ErrorCode::Usage, sentence)
    })
}

#[pymethods]
impl Session {
    #[new]
    #[pyo3(signature = (
        config, flow, *, trust=None, budget=None, long_polling=false, stream=false, deadline=None,
        lifetime=None, profile=None
    ))]
    pub(crate) fn new(
        config: &Bound<'_, ApiConfig>,
        flow: Text,
        trust: Option<Text>,
        budget: Option<&Bound<'_, Budget>>,
        long_polling: bool,
        stream: bool,
        deadline: Option<&Bound<'_, PyAny>>,
        lifetime: Option<&Bound<'_, PyAny>>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<Self, Failure> {
        let setup = profile.map(|profile| flowseal::Setup::new(profile.get().core().clone()));
        let setup = setup.unwrap_or_default();
        let session = setup.session(config.get().open()?, flow)?;
        let settings = Settings {
            trust,
            budget,
            long_polling,
            stream,
            deadline,
            lifetime,
        };
        Self::with(config.py(), session, settings)
    }

    /// What to do next.
    ///
    /// An ``Ended`` is the last answer: leave the loop, and ask it for its ``result()``. Polling
    /// after it gives ``session_over``.
    #[pyo3(signature = (now=None, jitter=None))]
    fn poll<'py>(
        &self,
        py: Python<'py>,
        now: Option<&Bound<'_, PyAny>>,
        jitter: Option<u32>,
    ) -> Result<Bound<'py, PyAny>, Failure> {
        let (now, jitter) = (clock::since_1970(now)?, clock::jitter(py, jitter)?);
        let action = budget::raising(|| py.detach(|| self.core().poll(now.into(), jitter)))?;
        action::object(py, action)
    }

    /// Takes the response to the request that was last to be sent.
    ///
    /// Whatever it is: the session deals with a failure of the API. One to a request of another
    /// kind is dropped, where ``HttpResponse.answering`` says so: drop one that comes after a
    /// ``cancel``.
    #[pyo3(signature = (response, now=None))]
    fn handle(
        &self,
        py: Python<'_>,
        response: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> Result<(), Failure> {
        let now = clock::since_1970(now)?;
        with_response(response, |response| {
            py.detach(|| self.core().handle(response, now.into()));
            Ok(())
        })
    }

    /// Takes the news that a request got no response: no connection, a timeout, half a body.
    #[pyo3(signature = (now=None))]
    fn lost(&self, py: Python<'_>, now: Option<&Bound<'_, PyAny>>) -> Result<(), Failure> {
        let now = clock::since_1970(now)?;
        py.detach(|| self.core().lost(now.into()));
        Ok(())
    }

    /// Takes what has arrived of the stream, however it is cut into chunks. Then poll.
    ///
    /// An event never ends a session: it causes the ping whose answer is believed.
    #[pyo3(signature = (chunk, now=None))]
    fn heard(
        &self,
        py: Python<'_>,
        chunk: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> Result<(), Failure> {
        let now = clock::since_1970(now)?;
        input::with_text(chunk, |chunk| {
            py.detach(|| self.core().heard(chunk, now.into()));
            Ok(())
        })
    }

    /// Takes the news that the stream has ended, or that it could not be opened: pings go on.
    #[pyo3(signature = (now=None))]
    fn stream_ended(&self, py: Python<'_>, now: Option<&Bound<'_, PyAny>>) -> Result<(), Failure> {
        let now = clock::since_1970(now)?;
        py.detach(|| self.core().stream_ended(now.into()));
        Ok(())
    }

    /// Whether the session listens to a stream. Close the one that it was given as soon as it does
    /// not.
    #[getter]
    fn listens(&self, py: Python<'_>) -> bool {
        py.detach(|| self.core().listens())
    }

    /// Cancels the flow: the next request is the one that voids it.
    ///
    /// Nothing happens where the flow has ended already.
    fn cancel(&self, py: Python<'_>) {
        py.detach(|| self.core().cancel());
    }

    fn __repr__(&self) -> &'static str {
        "<flowseal.Session>"
    }

    fn __reduce_ex__(&self, _protocol: usize) -> PyResult<()> {
        Err(stays_here("a Session", "watch the flow where it is"))
    }
}
