//! Flows as they were received.

use flowseal::{DetachedStatement, ErrorCode, Flow as Core, Verification};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::claims::OpenedClaims;
use crate::errors::Failure;
use crate::expectations::Expectations;
use crate::lists::Names;
use crate::opening::{Kind, Opening};
use crate::options::{self, Keys};
use crate::profile::Profile;
use crate::verified::VerifiedFlow;
use crate::verifier::Verifier;
use crate::{clock, input, json};

/// A flow as it was received. Nothing of it is proved: use it to find the flow's own record.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Flow(Core);

impl Flow {
    pub(crate) fn new(flow: Core) -> Self {
        Self(flow)
    }

    pub(crate) fn core(&self) -> &Core {
        &self.0
    }
}

#[pymethods]
impl Flow {
    /// Reads the answer to a ping or a poll, or a bare flow object.
    ///
    /// Raises ``InputError``: ``json`` and its relatives, ``too_large``, ``too_deep``,
    /// ``too_many_leaves``, ``not_a_flow``, ``flow_expired``, ``flow_malformed``, ``time``,
    /// ``claim_name``.
    #[staticmethod]
    #[pyo3(signature = (text, *, profile=None))]
    pub(crate) fn from_json(
        text: &Bound<'_, PyAny>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<Self, Failure> {
        let flow = input::with_text(text, |text| {
            Ok(match profile {
                Some(profile) => {
                    flowseal::Setup::new(profile.get().core().clone()).read_flow(text)?
                }
                None => Core::from_json(text)?,
            })
        });
        flow.map(Self)
    }

    /// Verifies the e-signature, and that the flow is the expected one.
    ///
    /// ``now`` is in Unix seconds, or an aware ``datetime``; the system's clock unless given. A
    /// detached ``statement`` comes with the members that it ``covers``.
    ///
    /// Raises ``RefusedError`` with a ``report``; ``InputError`` for ``statement``, ``time`` and
    /// ``profile_mismatch``. The flow stays as it is.
    #[pyo3(signature = (verifier, expectations, *, now=None, statement=None, covers=None))]
    fn verify(
        &self,
        py: Python<'_>,
        verifier: &Bound<'_, Verifier>,
        expectations: &Bound<'_, Expectations>,
        now: Option<&Bound<'_, PyAny>>,
        statement: Option<&Bound<'_, PyAny>>,
        covers: Option<Names>,
    ) -> Result<VerifiedFlow, Failure> {
        let now = clock::now(now)?;
        let detached = detached(statement, covers)?;
        let (verifier, expectations) = (verifier.get().core(), expectations.get().core());
        let verified = py.detach(|| {
            let mut verification = Verification::of(self.0.clone(), expectations);
            if let Some(statement) = detached {
                verification = verification.with_detached(statement);
            }
            verification
                .verify(verifier, now)
                .map_err(flowseal::Error::from)
        })?;
        Ok(VerifiedFlow::new(verified))
    }

    /// Opens the claims of a flow whose e-signature nobody has looked at.
    ///
    /// Anyone can encrypt to an app's public key: such claims may be anyone's, and whoever can send
    /// flows here and watch the answers has part of a padding oracle.
    #[pyo3(signature = (key, expectations, *, now=None, select=None, profile=None, threads=1))]
    fn open_unverified(
        &self,
        py: Python<'_>,
        key: Keys<'_>,
        expectations: &Bound<'_, Expectations>,
        now: Option<&Bound<'_, PyAny>>,
        select: Option<Names>,
        profile: Option<&Bound<'_, Profile>>,
        threads: usize,
    ) -> Result<OpenedClaims, Failure> {
        let now = clock::now(now)?;
        let options = options::open(py, select, profile, threads)?;
        let (ring, expectations) = (key.ring()?, expectations.get().core());
        let claims = py.detach(|| self.0.open_unverified(&ring, expectations, now, &options))?;
        Ok(OpenedClaims::new(claims))
    }

    /// Begins what ``open_unverified`` does at once, with keys whose private halves may be
    /// elsewhere: the results of their raw operations are supplied to what this gives.
    #[pyo3(signature = (key, expectations, *, now=None, select=None, profile=None, threads=1))]
    fn begin_opening_unverified(
        &self,
        py: Python<'_>,
        key: Keys<'_>,
        expectations: &Bound<'_, Expectations>,
        now: Option<&Bound<'_, PyAny>>,
        select: Option<Names>,
        profile: Option<&Bound<'_, Profile>>,
        threads: usize,
    ) -> Result<Opening, Failure> {
        let now = clock::now(now)?;
        let options = options::open(py, select, profile, threads)?;
        let (ring, expectations) = (key.ring()?, expectations.get().core());
        let begin = || {
            self.0
                .begin_opening_unverified(&ring, expectations, now, &options)
        };
        Ok(Opening::new(Kind::One(py.detach(begin)?)))
    }

    /// The flow's identifier, ``req_…``.
    #[getter]
    fn reference(&self) -> &str {
        self.0.reference()
    }

    /// The organisation that started the flow, ``bcn_…``.
    #[getter]
    fn requester(&self) -> &str {
        self.0.requester()
    }

    /// The national identity number of the person asked.
    #[getter]
    fn requestee(&self) -> &str {
        self.0.requestee()
    }

    /// ``identification``, ``signature`` or another.
    #[getter]
    fn mode(&self) -> &str {
        self.0.mode().name()
    }

    /// Whether the flow was cancelled. Nobody signs this.
    #[getter]
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }

    /// Whether a device has picked the flow up.
    #[getter]
    fn onsession(&self) -> Option<bool> {
        self.0.onsession()
    }

    /// When the flow was started, in Unix seconds.
    #[getter]
    fn iat(&self) -> u64 {
        self.0.iat().seconds()
    }

    /// When the person signed, in Unix seconds.
    #[getter]
    fn signed_at(&self) -> Option<u64> {
        self.0.signed_at().map(flowseal::UnixTime::seconds)
    }

    /// The e-signature as it was sent, base64.
    #[getter]
    fn signature(&self) -> Option<&str> {
        self.0.signature()
    }

    /// The name that stood beside the flow. Nobody signs it.
    #[getter]
    fn username_unverified(&self) -> Option<&str> {
        self.0.username_unverified()
    }

    /// How far the flow has come, by its members.
    #[getter]
    fn state(&self) -> &'static str {
        self.0.state().as_str()
    }

    /// The paths of the sealed claims, in the flow's order.
    #[getter]
    fn claim_paths(&self) -> Vec<String> {
        self.0.claims().leaves().map(|leaf| leaf.path).collect()
    }

    /// Any member by its name on the wire; ``None`` if it is absent or ``null``.
    fn member<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let member = self.0.member(name);
        member.map(|member| json::value(py, member)).transpose()
    }

    /// Every member, as received, claims still sealed.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        json::object(py, self.0.members())
    }

    /// Without the requestee, whose national number stays out of logs.
    fn __repr__(&self) -> String {
        format!("<flowseal.Flow {:?} {}>", self.0.reference(), self.state())
    }
}

pub(crate) fn detached(
    statement: Option<&Bound<'_, PyAny>>,
    covers: Option<Names>,
) -> Result<Option<DetachedStatement>, Failure> {
    match (statement, covers) {
        (None, None) => Ok(None),
        (Some(statement), Some(Names(covers))) => {
            let detached = |bytes: &[u8]| Ok(DetachedStatement::new(bytes, covers));
            input::with_text(statement, detached).map(Some)
        }
        _ => Err(Failure::new(
            ErrorCode::Usage,
            "statement and covers belong together: give the signed bytes and the members that they cover",
        )),
    }
}
