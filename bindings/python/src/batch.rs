//! Many flows at once. The interpreter is let go once for all of them.

use flowseal::Verification;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::claims::OpenedClaims;
use crate::errors::Failure;
use crate::expectations::Expectations;
use crate::flow::Flow;
use crate::lists::Names;
use crate::options::{self, Keys};
use crate::profile::Profile;
use crate::verified::VerifiedFlow;
use crate::verifier::Verifier;
use crate::{clock, lists};

/// Opens many verified flows together: claims or an exception for each, in order.
///
/// Nothing is raised for a flow; look at each result. All leaves are computed as one batch, outside
/// the interpreter's lock.
#[pyfunction]
#[pyo3(signature = (flows, key, *, select=None, profile=None, threads=1))]
pub(crate) fn open_many<'py>(
    py: Python<'py>,
    flows: &Bound<'py, PyAny>,
    key: Keys<'_>,
    select: Option<Names>,
    profile: Option<&Bound<'_, Profile>>,
    threads: usize,
) -> Result<Vec<Bound<'py, PyAny>>, Failure> {
    let (ring, options) = (key.ring()?, options::open(py, select, profile, threads)?);
    let flows = lists::each::<VerifiedFlow>(flows, "VerifiedFlow")?;
    let flows: Vec<_> = flows.iter().map(|flow| flow.get().core()).collect();
    let results = py.detach(|| flowseal::open_many(&flows, &ring, &options));
    claims_in_order(py, results)
}

/// Opens many flows together whose e-signatures nobody has looked at: claims or an exception for
/// each, in order.
///
/// What ``Flow.open_unverified`` says of one flow is true of each: right for an archive, and not
/// for what strangers send.
#[pyfunction]
#[pyo3(signature = (flows, key, expectations, *, now=None, select=None, profile=None, threads=1))]
pub(crate) fn open_many_unverified<'py>(
    py: Python<'py>,
    flows: &Bound<'py, PyAny>,
    key: Keys<'_>,
    expectations: &Bound<'_, Expectations>,
    now: Option<&Bound<'_, PyAny>>,
    select: Option<Names>,
    profile: Option<&Bound<'_, Profile>>,
    threads: usize,
) -> Result<Vec<Bound<'py, PyAny>>, Failure> {
    let now = clock::now(now)?;
    let (ring, options) = (key.ring()?, options::open(py, select, profile, threads)?);
    let expectations = expectations.get().core();
    let flows = lists::each::<Flow>(flows, "Flow")?;
    let flows: Vec<_> = flows.iter().map(|flow| flow.get().core()).collect();
    let results =
        py.detach(|| flowseal::open_many_unverified(&flows, &ring, expectations, now, &options));
    claims_in_order(py, results)
}

/// The claims of each flow, or why there are none.
pub(crate) fn claims_in_order(
    py: Python<'_>,
    results: Vec<Result<flowseal::OpenedClaims, flowseal::Error>>,
) -> Result<Vec<Bound<'_, PyAny>>, Failure> {
    let object = |claims| Ok(Bound::new(py, OpenedClaims::new(claims))?.into_any());
    in_order(py, results, object)
}

/// Verifies many flows together: a verified flow or an exception for each, in order.
///
/// ``expectations`` are one for all flows or one for each.
#[pyfunction]
#[pyo3(signature = (flows, verifier, expectations, *, now=None, threads=1))]
pub(crate) fn verify_many<'py>(
    py: Python<'py>,
    flows: &Bound<'py, PyAny>,
    verifier: &Bound<'_, Verifier>,
    expectations: OneOrEach<'_>,
    now: Option<&Bound<'_, PyAny>>,
    threads: usize,
) -> Result<Vec<Bound<'py, PyAny>>, Failure> {
    let now = clock::now(now)?;
    let verifier = verifier
        .get()
        .core()
        .clone()
        .with_engine(options::engine(threads)?);
    let flows = lists::each::<Flow>(flows, "Flow")?;
    let expected = expectations.for_each_of(flows.len())?;
    let flows: Vec<_> = flows.iter().map(|flow| flow.get().core()).collect();
    let results = py.detach(|| {
        let each = flows.into_iter().zip(expected);
        let batch = each.map(|(flow, expected)| Verification::of(flow.clone(), expected));
        verifier.verify_many(batch, now)
    });
    let object = |flow| Ok(Bound::new(py, VerifiedFlow::new(flow))?.into_any());
    in_order(py, results, object)
}

/// The same expectations for every flow, or some for each.
pub(crate) enum OneOrEach<'py> {
    One(Bound<'py, Expectations>),
    Each(Vec<Bound<'py, Expectations>>),
}

impl<'py> FromPyObject<'_, 'py> for OneOrEach<'py> {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match given.cast::<Expectations>() {
            Ok(one) => Ok(Self::One(one.to_owned())),
            Err(_) => Ok(Self::Each(lists::each(
                &given,
                "Expectations (or one for all)",
            )?)),
        }
    }
}

impl OneOrEach<'_> {
    fn for_each_of(&self, count: usize) -> PyResult<Vec<&flowseal::Expectations>> {
        match self {
            Self::One(one) => Ok(vec![one.get().core(); count]),
            Self::Each(each) if each.len() == count => {
                Ok(each.iter().map(|one| one.get().core()).collect())
            }
            Self::Each(each) => Err(PyValueError::new_err(format!(
                "{} expectations for {count} flows: give one for each, or one for all",
                each.len()
            ))),
        }
    }
}

fn in_order<'py, T, E: Into<flowseal::Error>>(
    py: Python<'py>,
    results: Vec<Result<T, E>>,
    object: impl Fn(T) -> PyResult<Bound<'py, PyAny>>,
) -> Result<Vec<Bound<'py, PyAny>>, Failure> {
    let results = results.into_iter().map(|result| match result {
        Ok(value) => object(value),
        Err(error) => Failure::Core(error.into()).into_exception(py),
    });
    Ok(results.collect::<PyResult<_>>()?)
}
