//! One flow from its start to its end: what to do next.

mod action;

use std::sync::{Mutex, MutexGuard, PoisonError};

use flowseal::Session as Core;
use pyo3::prelude::*;

pub(crate) use self::action::{Done, Ended, Expired, Failed, Progress, Send, Wait};
use crate::api_config::ApiConfig;
use crate::clock;
use crate::closable::stays_here;
use crate::errors::Failure;
use crate::http_response::with_response;
use crate::input::Text;
use crate::profile::Profile;
use crate::warnings;

/// A flow that is watched until it ends: the state machine between an app and the API.
///
/// Ask ``poll`` what to do, do it, and tell what came of it: ``handle`` for a response, ``lost``
/// for none. Everything else is decided here: authorising, pauses, back-off, renewal, the end, and
/// that no more than 100 requests are sent in a minute. It has no socket and waits for nothing, so
/// it is as good for ``asyncio`` as for threads.
///
/// ``now`` is the system's clock and ``jitter``, any number of 32 bits, Python's own chance, unless
/// given.
///
/// It watches the flow of this identifier, ``req_…``, which the app has started.
///
/// ``long_polling`` (v1) has the API hold its answers back. After ``deadline``, in
/// seconds or a ``timedelta``, the session gives up; after ``lifetime``, 360 seconds unless
/// given, a flow has expired. Both are a day at most: they are lengths and no moments.
///
/// Raises ``usage`` for an unusable identifier, ``api_config`` for v1 without the identifiers
/// that authorising needs, ``api_version`` for long polling in v2.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Session(Mutex<Core>);

impl Session {
    fn core(&self) -> MutexGuard<'_, Core> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Session {
    #[new]
    #[pyo3(signature = (
        config, flow, *, long_polling=false, deadline=None, lifetime=None, profile=None
    ))]
    pub(crate) fn new(
        config: &Bound<'_, ApiConfig>,
        flow: Text,
        long_polling: bool,
        deadline: Option<&Bound<'_, PyAny>>,
        lifetime: Option<&Bound<'_, PyAny>>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<Self, Failure> {
        let setup = profile.map(|profile| flowseal::Setup::new(profile.get().core().clone()));
        let setup = setup.unwrap_or_default();
        let mut session = setup.session(config.get().open()?, flow)?;
        warnings::issue(config.py(), session.warnings())?;
        if long_polling {
            session = session.with_long_polling()?;
        }
        if let Some(after) = deadline {
            session = session.with_deadline(clock::length_within_a_day(after)?);
        }
        if let Some(lifetime) = lifetime {
            session = session.with_lifetime(clock::length_within_a_day(lifetime)?);
        }
        Ok(Self(Mutex::new(session)))
    }

    /// What to do next.
    ///
    /// An ``Ended`` is the last answer: leave the loop. Whoever polls after it is told
    /// ``session_over``.
    #[pyo3(signature = (now=None, jitter=None))]
    fn poll<'py>(
        &self,
        py: Python<'py>,
        now: Option<&Bound<'_, PyAny>>,
        jitter: Option<u32>,
    ) -> Result<Bound<'py, PyAny>, Failure> {
        let (now, jitter) = (clock::since_1970(now)?, clock::jitter(py, jitter)?);
        let action = self.core().poll(now.into(), jitter);
        action::object(py, action)
    }

    /// Takes the response to the request that was last to be sent.
    ///
    /// Whatever it is: a failure of the API's is the session's to deal with. One to another request
    /// is dropped, where ``HttpResponse.answering`` says so: drop one that comes after a
    /// ``cancel``.
    #[pyo3(signature = (response, now=None))]
    fn handle(
        &self,
        response: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> Result<(), Failure> {
        let now = clock::since_1970(now)?;
        with_response(response, |response| {
            self.core().handle(response, now.into());
            Ok(())
        })
    }

    /// Takes the news that a request got no response: no connection, a timeout, half a body.
    #[pyo3(signature = (now=None))]
    fn lost(&self, now: Option<&Bound<'_, PyAny>>) -> Result<(), Failure> {
        let now = clock::since_1970(now)?;
        self.core().lost(now.into());
        Ok(())
    }

    /// Cancels the flow: the next request is the one that voids it.
    ///
    /// Nothing happens where the flow has ended already.
    fn cancel(&self) {
        self.core().cancel();
    }

    fn __repr__(&self) -> &'static str {
        "<flowseal.Session>"
    }

    fn __reduce_ex__(&self, _protocol: usize) -> PyResult<()> {
        Err(stays_here("a Session", "watch the flow where it is"))
    }
}
