//! Many flows at once. The interpreter is let go once for all of them.

use flowseal::Verification;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::claims::OpenedClaims;
use crate::clock;
use crate::errors::Failure;
use crate::expectations::Expectations;
use crate::flow::Flow;
use crate::options::{self, Keys};
use crate::profile::Profile;
use crate::verified::VerifiedFlow;
use crate::verifier::Verifier;

/// Opens many verified flows together: claims or an exception for each, in order.
#[pyfunction]
#[pyo3(signature = (flows, key, *, select=None, profile=None, threads=1))]
pub(crate) fn open_many<'py>(
    py: Python<'py>,
    flows: Vec<Bound<'py, VerifiedFlow>>,
    key: Keys<'_>,
    select: Option<Vec<String>>,
    profile: Option<&Bound<'_, Profile>>,
    threads: usize,
) -> Result<Vec<Bound<'py, PyAny>>, Failure> {
    let (ring, options) = (key.ring()?, options::open(select, profile, threads)?);
    let flows: Vec<_> = flows.iter().map(|flow| flow.get().core()).collect();
    let results = py.detach(|| flowseal::open_many(&flows, &ring, &options));
    let object = |claims| Ok(Bound::new(py, OpenedClaims::new(claims))?.into_any());
    in_order(py, results, object)
}

/// Verifies many flows together: a verified flow or an exception for each, in order.
#[pyfunction]
#[pyo3(signature = (flows, verifier, expectations, *, now=None, threads=1))]
pub(crate) fn verify_many<'py>(
    py: Python<'py>,
    flows: Vec<Bound<'py, Flow>>,
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
        .engine(options::engine(threads)?);
    let expected = expectations.for_each_of(flows.len())?;
    let flows: Vec<_> = flows.iter().map(|flow| flow.get().core()).collect();
    let results = py.detach(|| {
        let each = flows.into_iter().zip(expected);
        let batch = each.map(|(flow, expected)| Verification::of(flow.clone(), expected));
        verifier.verify_many(batch.collect(), now)
    });
    let object = |flow| Ok(Bound::new(py, VerifiedFlow::new(flow))?.into_any());
    in_order(py, results, object)
}

/// The same expectations for every flow, or some for each.
#[derive(FromPyObject)]
pub(crate) enum OneOrEach<'py> {
    #[pyo3(transparent, annotation = "Expectations")]
    One(Bound<'py, Expectations>),
    #[pyo3(transparent, annotation = "Sequence[Expectations]")]
    Each(Vec<Bound<'py, Expectations>>),
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
