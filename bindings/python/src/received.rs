//! Flows that are believed because a session received them.

use flowseal::api::ReceivedFlow as Core;
use pyo3::prelude::*;

use crate::claims::OpenedClaims;
use crate::closable::stays_here;
use crate::errors::Failure;
use crate::flow::Flow;
use crate::lists::Names;
use crate::opening::{Kind, Opening};
use crate::options::{self, Keys};
use crate::profile::Profile;
use crate::report::Report;

/// A flow that is believed because the API itself gave it to the caller's own session.
///
/// This is another level of trust than a ``VerifiedFlow``'s, and an honest one: it is the caller's
/// word that these bytes answered that request. It rests on the API's honesty, on TLS, and on
/// nobody else answering in the API's place; nothing of it can be shown to anyone later, and
/// claims that somebody on the way has exchanged are not seen.
///
/// Only ``PendingFlow.finish_received`` makes one. There is no evidence of it, and it opens whole
/// or not at all. It is neither pickled nor copied.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct ReceivedFlow(Core);

impl ReceivedFlow {
    pub(crate) fn new(flow: Core) -> Self {
        Self(flow)
    }

    pub(crate) fn core(&self) -> &Core {
        &self.0
    }
}

#[pymethods]
impl ReceivedFlow {
    /// Opens the claims, or those at or under the selected paths: all or none.
    ///
    /// Raises what ``VerifiedFlow.open`` raises.
    #[pyo3(signature = (key, *, select=None, profile=None, threads=1))]
    fn open(
        &self,
        py: Python<'_>,
        key: Keys<'_>,
        select: Option<Names>,
        profile: Option<&Bound<'_, Profile>>,
        threads: usize,
    ) -> Result<OpenedClaims, Failure> {
        let (ring, options) = (key.ring()?, options::open(py, select, profile, threads)?);
        let claims = py.detach(|| self.0.open_with(&ring, &options))?;
        Ok(OpenedClaims::new(claims))
    }

    /// Begins to open, with keys whose private halves may be elsewhere: the results of their raw
    /// operations are supplied to what this gives.
    ///
    /// Raises what ``open`` raises before anything is computed.
    #[pyo3(signature = (key, *, select=None, profile=None, threads=1))]
    fn begin_opening(
        &self,
        py: Python<'_>,
        key: Keys<'_>,
        select: Option<Names>,
        profile: Option<&Bound<'_, Profile>>,
        threads: usize,
    ) -> Result<Opening, Failure> {
        let (ring, options) = (key.ring()?, options::open(py, select, profile, threads)?);
        let opening = py.detach(|| self.0.begin_opening(&ring, &options))?;
        Ok(Opening::new(Kind::One(opening)))
    }

    /// The flow's identifier, which is the pending flow's.
    #[getter]
    fn reference(&self) -> &str {
        self.0.reference()
    }

    /// The person, as the API says: under no signature that was verified.
    #[getter]
    fn requestee_received(&self) -> &str {
        self.0.requestee_received()
    }

    /// What makes it one to believe: ``received``.
    #[getter]
    fn trust(&self) -> &'static str {
        self.0.trust().name()
    }

    /// What was looked at and what was found. The check ``received`` has passed, on the caller's
    /// word.
    #[getter]
    fn report(&self) -> Report {
        Report::of(self.0.report())
    }

    /// The flow as it was received.
    fn unauthenticated(&self) -> Flow {
        Flow::new(self.0.unauthenticated().clone())
    }

    fn __repr__(&self) -> String {
        format!("<flowseal.ReceivedFlow {:?}>", self.0.reference())
    }

    fn __reduce_ex__(&self, _protocol: usize) -> PyResult<()> {
        let instead = "nothing of it would prove anything elsewhere";
        Err(stays_here("a ReceivedFlow", instead))
    }
}
