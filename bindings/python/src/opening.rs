//! Openings that go on when raw results come.

use std::sync::{Mutex, PoisonError};

use flowseal::{Error, ErrorCode, Opening as Core, RawOperation as CoreOperation};
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};

use crate::claims::{OpenedClaims, PartialClaims};
use crate::closable::stays_here;
use crate::errors::Failure;
use crate::expectations::Expectations;
use crate::flow::Flow;
use crate::lists::Names;
use crate::options::{self, Keys};
use crate::profile::Profile;
use crate::remote::RawOperation;
use crate::verified::VerifiedFlow;
use crate::{batch, clock, input, lists};

/// An opening, of one flow or of many, that goes on when the results of raw operations come: those
/// of keys whose private half is elsewhere (``DecryptingKey.remote``).
///
/// ``operations()`` says what is to be computed, ``supply`` takes results in any order and from any
/// thread, ``finish`` gives what ``open`` gives. Nothing here waits, so that it serves asyncio as
/// it does threads. ``close()``, or the end of a ``with`` block, wipes it. It is neither pickled
/// nor copied.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Opening(Mutex<Option<Kind>>);

/// What it ends in.
pub(crate) enum Kind {
    One(Core),
    Part(Core<flowseal::PartialClaims>),
    Many(Core<Many>),
}

pub(crate) type Many = Vec<Result<flowseal::OpenedClaims, Error>>;

/// What an opening has ended in, whichever it is.
enum End {
    One(flowseal::OpenedClaims),
    Part(flowseal::PartialClaims),
    Many(Many),
}

impl Opening {
    pub(crate) fn new(kind: Kind) -> Self {
        Self(Mutex::new(Some(kind)))
    }

    /// What it is, without the interpreter: another thread may be finishing it.
    fn with<T: Send>(
        &self,
        py: Python<'_>,
        act: impl FnOnce(&mut Kind) -> T + Send,
    ) -> Result<T, Failure> {
        py.detach(|| {
            let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            held.as_mut().map(act)
        })
        .ok_or_else(|| {
            Failure::new(
                ErrorCode::Usage,
                "this opening was closed, and what it held is wiped: begin another one",
            )
        })
    }
}

/// An operation, owned.
struct Asked(u64, flowseal::Fingerprint, Vec<u8>);

impl Asked {
    fn of(operation: &CoreOperation<'_>) -> Self {
        let ciphertext = operation.ciphertext().to_vec();
        Self(operation.id(), operation.fingerprint(), ciphertext)
    }

    fn shown(&self, py: Python<'_>) -> RawOperation {
        RawOperation::of(py, &CoreOperation::new(self.0, self.1, &self.2))
    }
}

macro_rules! each_kind {
    ($kind:expr, $opening:ident => $act:expr) => {
        match $kind {
            Kind::One($opening) => $act,
            Kind::Part($opening) => $act,
            Kind::Many($opening) => $act,
        }
    };
}

#[pymethods]
impl Opening {
    /// All operations, whether they are answered or not: always the same ones, in the same order.
    /// None where every key is here.
    fn operations(&self, py: Python<'_>) -> Result<Vec<RawOperation>, Failure> {
        let asked: Vec<_> = self.with(py, |kind| {
            each_kind!(kind, opening => opening.operations().map(|one| Asked::of(&one)).collect())
        })?;
        Ok(asked.iter().map(|asked| asked.shown(py)).collect())
    }

    /// The operations that have no result yet.
    fn missing(&self, py: Python<'_>) -> Result<Vec<RawOperation>, Failure> {
        let asked: Vec<_> = self.with(py, |kind| {
            each_kind!(kind, opening => opening.missing().map(|one| Asked::of(&one)).collect())
        })?;
        Ok(asked.iter().map(|asked| asked.shown(py)).collect())
    }

    /// Takes the result of the operation of this id: bytes, as many as the modulus has.
    ///
    /// Raises ``InputError`` with ``usage`` for an id that belongs to no operation, for a second
    /// result, and for another length; the opening is as it was.
    fn supply(&self, py: Python<'_>, id: u64, result: &Bound<'_, PyAny>) -> Result<(), Failure> {
        let result = input::secret_bytes(result)?;
        let result = result.expose_secret();
        self.with(
            py,
            |kind| each_kind!(kind, opening => opening.supply(id, result)),
        )??;
        Ok(())
    }

    /// Checks the results, applies the keys that are here, and gives what ``open``,
    /// ``open_partial`` or ``open_many`` gives.
    ///
    /// Raises ``InputError`` with ``usage`` while results are missing, by which nothing is lost,
    /// and after it was finished once; else what they raise, and ``internal_fault`` for a wrong
    /// result. It computes outside the interpreter's lock.
    fn finish<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Failure> {
        let end = self.with(py, |kind| {
            Ok::<_, Error>(match kind {
                Kind::One(opening) => End::One(opening.finish()?),
                Kind::Part(opening) => End::Part(opening.finish()?),
                Kind::Many(opening) => End::Many(opening.finish()?),
            })
        })??;
        Ok(match end {
            End::One(claims) => OpenedClaims::new(claims).into_bound_py_any(py)?,
            End::Part(partial) => PartialClaims::of(py, partial)?.into_bound_py_any(py)?,
            End::Many(results) => batch::claims_in_order(py, results)?.into_bound_py_any(py)?,
        })
    }

    /// Wipes it, and what was supplied. Using it from then on is an ``InputError`` with ``usage``.
    fn close(&self, py: Python<'_>) {
        py.detach(|| drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take()));
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyTuple>) {
        self.close(py);
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let counts = self.with(py, |kind| {
            each_kind!(kind, opening => (opening.operations().len(), opening.missing().count()))
        });
        match counts {
            Ok((all, missing)) => format!("<flowseal.Opening, {missing} of {all} missing>"),
            Err(_) => "<flowseal.Opening closed>".to_owned(),
        }
    }

    /// ``Opening[OpenedClaims]``, in annotations.
    #[classmethod]
    fn __class_getitem__<'py>(
        class: &Bound<'py, PyType>,
        item: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let alias = class.py().import("types")?.getattr("GenericAlias")?;
        alias.call1((class, item))
    }

    fn __reduce_ex__(&self, _protocol: usize) -> PyResult<()> {
        let instead = "it lives in one process, so finish it here";
        Err(stays_here("an Opening", instead))
    }
}

/// Begins to open many verified flows, with keys whose private halves may be elsewhere.
///
/// All their operations are one list, and ``finish`` gives claims or an exception for each flow, in
/// order, and raises for none.
#[pyfunction]
#[pyo3(signature = (flows, key, *, select=None, profile=None, threads=1))]
pub(crate) fn begin_opening_many(
    py: Python<'_>,
    flows: &Bound<'_, PyAny>,
    key: Keys<'_>,
    select: Option<Names>,
    profile: Option<&Bound<'_, Profile>>,
    threads: usize,
) -> Result<Opening, Failure> {
    let (ring, options) = (key.ring()?, options::open(py, select, profile, threads)?);
    let flows = lists::each::<VerifiedFlow>(flows, "VerifiedFlow")?;
    let flows: Vec<_> = flows.iter().map(|flow| flow.get().core()).collect();
    let opening = py.detach(|| flowseal::begin_opening_many(&flows, &ring, &options));
    Ok(Opening::new(Kind::Many(opening)))
}

/// Begins to open many flows whose e-signatures nobody has looked at.
///
/// What ``Flow.open_unverified`` says of one flow is true of each.
#[pyfunction]
#[pyo3(signature = (flows, key, expectations, *, now=None, select=None, profile=None, threads=1))]
pub(crate) fn begin_opening_many_unverified(
    py: Python<'_>,
    flows: &Bound<'_, PyAny>,
    key: Keys<'_>,
    expectations: &Bound<'_, Expectations>,
    now: Option<&Bound<'_, PyAny>>,
    select: Option<Names>,
    profile: Option<&Bound<'_, Profile>>,
    threads: usize,
) -> Result<Opening, Failure> {
    let now = clock::now(now)?;
    let (ring, options) = (key.ring()?, options::open(py, select, profile, threads)?);
    let expectations = expectations.get().core();
    let flows = lists::each::<Flow>(flows, "Flow")?;
    let flows: Vec<_> = flows.iter().map(|flow| flow.get().core()).collect();
    let opening = py.detach(|| {
        flowseal::begin_opening_many_unverified(&flows, &ring, expectations, now, &options)
    });
    Ok(Opening::new(Kind::Many(opening)))
}
