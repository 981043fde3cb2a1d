//! Server-sent events, as they arrive.

use std::sync::{Mutex, PoisonError};
use std::vec::IntoIter;

use flowseal::Error;
use flowseal::api::{EventStream as Core, ServerEvent as CoreEvent};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::Failure;
use crate::input;
use crate::profile::Profile;
use crate::response::Response;

/// A reader of the stream that v2's ``sse`` answers with, fed with whatever chunks arrive.
///
/// However the stream is cut into chunks, the events are the same. One that is larger than a
/// response may be is ``too_large``, and nothing comes after it: close the connection.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct EventStream(Mutex<Core>);

#[pymethods]
impl EventStream {
    #[new]
    #[pyo3(signature = (*, profile=None))]
    pub(crate) fn new(profile: Option<&Bound<'_, Profile>>) -> Self {
        Self(Mutex::new(match profile {
            Some(profile) => flowseal::Setup::new(profile.get().core().clone()).event_stream(),
            None => Core::new(),
        }))
    }

    /// Takes what has arrived, and gives the events that it completes.
    fn push(&self, chunk: &Bound<'_, PyAny>) -> Result<ServerEvents, Failure> {
        input::with_text(chunk, |chunk| {
            let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(ServerEvents(Mutex::new(stream.push(chunk).into_iter())))
        })
    }

    fn __repr__(&self) -> &'static str {
        "<flowseal.EventStream>"
    }
}

/// The events that a chunk has completed. An event that is too large is raised in its place.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct ServerEvents(Mutex<IntoIter<Result<CoreEvent, Error>>>);

#[pymethods]
impl ServerEvents {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__(&self) -> Result<Option<ServerEvent>, Failure> {
        let mut events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(events.next().transpose()?.map(ServerEvent))
    }
}

/// An event of a stream.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct ServerEvent(CoreEvent);

#[pymethods]
impl ServerEvent {
    /// What the event is about: the answer to a ping, each time.
    fn response(&self) -> Result<Response, Failure> {
        Ok(Response::new(self.0.response()?))
    }

    /// Its type; empty for the default one, ``message``.
    #[getter]
    fn name<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.name())
    }

    /// Its data, lines joined by LF.
    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.data())
    }

    /// The last ``id`` of the stream so far, for ``last-event-id`` of a new connection.
    #[getter]
    fn id<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.id())
    }

    /// The data's length: a flow names a person.
    fn __repr__(&self) -> String {
        format!("<flowseal.ServerEvent of {} bytes>", self.0.data().len())
    }
}
