//! The requests that an address has left, shared by the sessions of a process.

use std::cell::RefCell;
use std::time::Duration;

use flowseal::UnixTime;
use flowseal::api::{Budget as Core, SharedCount};
use pyo3::prelude::*;

use crate::api_config::ApiConfig;
use crate::clock;
use crate::errors::Failure;
use crate::finish_once::method_or_call;

/// What an address may ask of the API in a minute, shared by the sessions of a process.
///
/// The API counts 100 requests a minute by address, and a session asks every one to three seconds:
/// five people who log in at the same time use it up. Sessions with a budget take turns instead,
/// and are slower and not refused. At most 97 requests of any kind are sent in any 60 s, by base
/// URL.
///
/// ``most_sessions`` may share it, ``MOST_SESSIONS`` unless given. ``shared_count`` is a count that
/// several processes share: an object with ``take(base, now)``, or a function, which gives ``None``
/// where a request may be sent, or else how long to wait. What it raises is raised by ``poll`` and
/// ``urgent``, and nothing is sent. The session that asks it waits for it, and must not be
/// used by it.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Budget(Core);

impl Budget {
    pub(crate) fn core(&self) -> &Core {
        &self.0
    }
}

#[pymethods]
impl Budget {
    /// How many sessions may share it, unless said otherwise.
    #[classattr]
    const MOST_SESSIONS: usize = Core::MOST_SESSIONS;

    #[new]
    #[pyo3(signature = (*, most_sessions=None, shared_count=None))]
    fn new(
        most_sessions: Option<usize>,
        shared_count: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self, Failure> {
        let mut budget = Core::new();
        if let Some(most) = most_sessions {
            budget = budget.with_most_sessions(most);
        }
        if let Some(count) = shared_count {
            budget = budget.with_shared_count(Count(method_or_call(count, "take")?.unbind()));
        }
        Ok(Self(budget))
    }

    /// Takes a request that does not wait for a turn: the start of a flow, a cancel, a ping that
    /// confirms a webhook. Ask just before it is sent.
    ///
    /// ``None``: send it. Else the seconds to wait before asking again, where even the reserved
    /// share is used up.
    #[pyo3(signature = (config, now=None))]
    fn urgent(
        &self,
        config: &Bound<'_, ApiConfig>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> Result<Option<f64>, Failure> {
        let (py, now) = (config.py(), clock::since_1970(now)?);
        let config = config.get().open()?;
        let leave = raising(|| py.detach(|| self.0.urgent(&config, now.into())))?;
        Ok(leave.err().map(|pause| pause.as_secs_f64()))
    }

    fn __repr__(&self) -> &'static str {
        "<flowseal.Budget>"
    }
}

thread_local! {
    /// What a count has raised on this thread, until the call that asked it returns.
    static RAISED: RefCell<Option<PyErr>> = const { RefCell::new(None) };
}

/// Raises what a count raises on the way.
pub(crate) fn raising<T>(then: impl FnOnce() -> T) -> Result<T, Failure> {
    RAISED.take();
    let value = then();
    RAISED.take().map_or(Ok(value), |error| Err(error.into()))
}

/// The caller's count.
struct Count(Py<PyAny>);

impl SharedCount for Count {
    fn take(&self, base: &str, now: UnixTime) -> Result<(), Duration> {
        let pause = Python::attach(|py| {
            let pause = self
                .0
                .bind(py)
                .call1((base, now.since_1970().as_secs_f64()));
            let pause = pause.map_err(Failure::from)?;
            match pause.is_none() {
                true => Ok(None),
                false => clock::length(&pause).map(Some),
            }
        });
        match pause {
            Ok(None) => Ok(()),
            Ok(Some(pause)) => Err(pause),
            Err(failure) => {
                RAISED.set(Some(failure.into()));
                Err(AFTER_A_FAILURE)
            }
        }
    }
}

/// A database that is away is not asked at once again.
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);
