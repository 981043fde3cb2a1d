//! Flows that were verified.

use flowseal::VerifiedFlow as Core;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::claims::{OpenedClaims, PartialClaims};
use crate::errors::Failure;
use crate::evidence::Evidence;
use crate::flow::Flow;
use crate::json;
use crate::options::{self, Keys};
use crate::profile::Profile;
use crate::report::Report;

/// A flow whose e-signature is valid and of which nothing that was expected failed.
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
    #[pyo3(signature = (key, *, select=None, profile=None, threads=1))]
    fn open(
        &self,
        py: Python<'_>,
        key: Keys<'_>,
        select: Option<Vec<String>>,
        profile: Option<&Bound<'_, Profile>>,
        threads: usize,
    ) -> Result<OpenedClaims, Failure> {
        let (ring, options) = (key.ring()?, options::open(select, profile, threads)?);
        let claims = py.detach(|| self.0.open_with(&ring, &options))?;
        Ok(OpenedClaims::new(claims))
    }

    #[pyo3(signature = (key, *, select=None, profile=None, threads=1))]
    fn open_partial(
        &self,
        py: Python<'_>,
        key: Keys<'_>,
        select: Option<Vec<String>>,
        profile: Option<&Bound<'_, Profile>>,
        threads: usize,
    ) -> Result<PartialClaims, Failure> {
        let (ring, options) = (key.ring()?, options::open(select, profile, threads)?);
        let partial = py.detach(|| self.0.open_partial(&ring, &options))?;
        Ok(PartialClaims::of(py, partial)?)
    }

    #[getter]
    fn reference(&self) -> Option<&str> {
        self.0.reference()
    }

    #[getter]
    fn requester(&self) -> Option<&str> {
        self.0.requester()
    }

    #[getter]
    fn requestee(&self) -> Option<&str> {
        self.0.requestee()
    }

    #[getter]
    fn mode(&self) -> Option<&str> {
        self.0.mode().map(flowseal::Mode::name)
    }

    #[getter]
    fn iat(&self) -> Option<u64> {
        self.0.iat().map(flowseal::UnixTime::seconds)
    }

    #[getter]
    fn signed_at(&self) -> Option<u64> {
        self.0.signed_at().map(flowseal::UnixTime::seconds)
    }

    #[getter]
    fn report(&self) -> Report {
        Report::of(self.0.report())
    }

    #[getter]
    fn statement<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.statement())
    }

    #[getter]
    fn signature<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.signature())
    }

    #[getter]
    fn replay_key(&self) -> String {
        self.0.replay_key()
    }

    fn covered<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let member = self.0.covered(name);
        member.map(|member| json::value(py, member)).transpose()
    }

    fn unauthenticated(&self) -> Flow {
        Flow::new(self.0.unauthenticated().clone())
    }

    fn evidence(&self) -> Evidence {
        Evidence::new(self.0.evidence())
    }

    fn __repr__(&self) -> String {
        let reference = self.0.reference().unwrap_or_default();
        format!("<flowseal.VerifiedFlow {reference:?}>")
    }
}
