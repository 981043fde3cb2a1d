//! Flows that were verified.

use flowseal::VerifiedFlow as Core;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::claims::{OpenedClaims, PartialClaims};
use crate::disclosure::Disclosure;
use crate::errors::Failure;
use crate::evidence::Evidence;
use crate::flow::Flow;
use crate::json;
use crate::lists::Names;
use crate::opening::{Kind, Opening};
use crate::options::{self, Keys};
use crate::profile::Profile;
use crate::report::Report;

/// A flow whose e-signature is valid and that met every expectation.
///
/// Its members are those under the signature, and ``None`` where the statement does not cover them;
/// the rest is behind ``unauthenticated()``. Only a verification makes one.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct VerifiedFlow(Core);

impl VerifiedFlow {
    pub(crate) fn new(flow: Core) -> Self {
        Self(flow)
    }

    pub(crate) fn core(&self) -> &Core {
        &self.0
    }
}

#[pymethods]
impl VerifiedFlow {
    /// Opens the claims, or those at or under the selected paths.
    ///
    /// Raises ``RefusedError``: one verdict for the flow, ``claim_unopenable``, unless what is
    /// wrong shows from outside; ``InputError`` for ``profile_mismatch`` and ``key_conflict``.
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

    /// Opens what opens, and says of every other claim why it does not.
    #[pyo3(signature = (key, *, select=None, profile=None, threads=1))]
    fn open_partial(
        &self,
        py: Python<'_>,
        key: Keys<'_>,
        select: Option<Names>,
        profile: Option<&Bound<'_, Profile>>,
        threads: usize,
    ) -> Result<PartialClaims, Failure> {
        let (ring, options) = (key.ring()?, options::open(py, select, profile, threads)?);
        let partial = py.detach(|| self.0.open_partial(&ring, &options))?;
        Ok(PartialClaims::of(py, partial)?)
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

    /// Begins what ``open_partial`` does at once.
    #[pyo3(signature = (key, *, select=None, profile=None, threads=1))]
    fn begin_opening_partial(
        &self,
        py: Python<'_>,
        key: Keys<'_>,
        select: Option<Names>,
        profile: Option<&Bound<'_, Profile>>,
        threads: usize,
    ) -> Result<Opening, Failure> {
        let (ring, options) = (key.ring()?, options::open(py, select, profile, threads)?);
        let opening = py.detach(|| self.0.begin_opening_partial(&ring, &options))?;
        Ok(Opening::new(Kind::Part(opening)))
    }

    /// Shows the claims at or under these paths to whoever gets the result, with the proof, and
    /// withholds the others.
    ///
    /// Raises ``disclosure`` for a path at which no claim is signed; ``disclosure_invalid`` where
    /// the claims are not signed as they have to be; what ``open`` raises, which all claims have to
    /// pass.
    fn disclose(&self, py: Python<'_>, key: Keys<'_>, paths: Names) -> Result<Disclosure, Failure> {
        let (ring, Names(paths)) = (key.ring()?, paths);
        let disclosure = py.detach(|| self.0.disclose(&ring, paths))?;
        Ok(Disclosure::new(disclosure))
    }

    /// The flow's identifier.
    #[getter]
    fn reference(&self) -> Option<&str> {
        self.0.reference()
    }

    /// The organisation that started the flow.
    #[getter]
    fn requester(&self) -> Option<&str> {
        self.0.requester()
    }

    /// The national identity number of the person who signed.
    #[getter]
    fn requestee(&self) -> Option<&str> {
        self.0.requestee()
    }

    /// ``identification``, ``signature`` or another.
    #[getter]
    fn mode(&self) -> Option<&str> {
        self.0.mode().map(flowseal::Mode::name)
    }

    /// When the flow was started, in Unix seconds.
    #[getter]
    fn iat(&self) -> Option<u64> {
        self.0.iat().map(flowseal::UnixTime::seconds)
    }

    /// When the person signed, in Unix seconds.
    #[getter]
    fn signed_at(&self) -> Option<u64> {
        self.0.signed_at().map(flowseal::UnixTime::seconds)
    }

    /// What makes it one to believe: ``signed``.
    #[getter]
    fn trust(&self) -> &'static str {
        self.0.trust().name()
    }

    /// What was looked at and what was found.
    #[getter]
    fn report(&self) -> Report {
        Report::of(self.0.report())
    }

    /// The bytes that the e-signature is over.
    #[getter]
    fn statement<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.statement())
    }

    /// The e-signature, decoded.
    #[getter]
    fn signature<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.signature())
    }

    /// What to remember, for as long as ``max_age`` lets the flow pass, so that the same approval
    /// is not accepted twice.
    #[getter]
    fn replay_key(&self) -> String {
        self.0.replay_key()
    }

    /// Any member by its name on the wire, if the statement covers it.
    fn covered<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let member = self.0.covered(name);
        member.map(|member| json::value(py, member)).transpose()
    }

    /// The flow as it was received, with members that nobody signed.
    fn unauthenticated(&self) -> Flow {
        Flow::new(self.0.unauthenticated().clone())
    }

    /// What an auditor keeps. ``evidence()`` is the same: what it gives may be called.
    #[getter]
    fn evidence(&self) -> Evidence {
        Evidence::new(self.0.evidence())
    }

    fn __repr__(&self) -> String {
        let reference = self.0.reference().unwrap_or_default();
        format!("<flowseal.VerifiedFlow {reference:?}>")
    }
}
