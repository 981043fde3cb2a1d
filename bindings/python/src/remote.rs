//! Keys whose private half is elsewhere, and the Python callable that computes with it.

use std::sync::Arc;

use flowseal::{DecryptingKey as Key, Error, KeyHolder, RawOperation as Core, RemoteKeyOptions};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt, PyList};

use crate::errors::Failure;
use crate::input::{self, Text};
use crate::profile::Profile;

/// One raw private operation that somebody else is to compute: ``pow(ciphertext, d, n)`` of the
/// big-endian number, without taking any padding off.
///
/// Unless the key is ``unblinded``, the ciphertext is not the flow's: it is multiplied by a number
/// that is drawn for this operation alone, and whoever computes learns nothing of the claim.
#[pyclass(frozen, get_all, module = "flowseal")]
pub(crate) struct RawOperation {
    /// The number by which its result is matched to it.
    id: u64,
    /// The key to compute with: SHA-256 of its SubjectPublicKeyInfo, in hexadecimal.
    fingerprint: String,
    /// What to compute with: as many bytes as the modulus has.
    ciphertext: Py<PyBytes>,
}

impl RawOperation {
    pub(crate) fn of(py: Python<'_>, operation: &Core<'_>) -> Self {
        Self {
            id: operation.id(),
            fingerprint: operation.fingerprint().to_string(),
            ciphertext: PyBytes::new(py, operation.ciphertext()).unbind(),
        }
    }
}

#[pymethods]
impl RawOperation {
    fn __repr__(&self) -> String {
        format!(
            "<flowseal.RawOperation {} of {}>",
            self.id, self.fingerprint
        )
    }
}

/// The core's options, of what Python gives.
pub(crate) fn options(
    holder: Option<&Bound<'_, PyAny>>,
    is_unblinded: bool,
    kid: Option<Text>,
    profile: Option<&Bound<'_, Profile>>,
) -> Result<RemoteKeyOptions, Failure> {
    let mut options = Key::remote_options();
    if let Some(holder) = holder {
        if !holder.is_callable() {
            let kind = holder.get_type().name()?;
            return Err(Failure::Python(pyo3::exceptions::PyTypeError::new_err(
                format!(
                    "a holder is called with a list of operations and gives their results, and this is {kind}: give a function"
                ),
            )));
        }
        options = options.with_holder(Arc::new(Called(holder.clone().unbind())));
    }
    if is_unblinded {
        options = options.unblinded();
    }
    if let Some(kid) = kid {
        options = options.with_kid(&*kid);
    }
    if let Some(profile) = profile {
        options = options.with_setup(&flowseal::Setup::new(profile.get().core().clone()));
    }
    Ok(options)
}

/// The bytes of an `int`.
pub(crate) fn big_endian(number: &Bound<'_, PyInt>) -> Result<Vec<u8>, Failure> {
    let bits: usize = number.call_method0("bit_length")?.extract()?;
    let bytes = number.call_method1("to_bytes", (bits.div_ceil(8), "big"))?;
    Ok(bytes
        .cast::<PyBytes>()
        .map_err(PyErr::from)?
        .as_bytes()
        .to_vec())
}

/// A Python callable as a holder.
struct Called(Py<PyAny>);

impl KeyHolder for Called {
    /// Whoever opens has let the interpreter go, in this thread, and holds no lock.
    fn raw_private(&self, operations: &[Core<'_>], results: &mut [u8]) -> Result<(), Error> {
        Python::attach(|py| self.call(py, operations, results)).map_err(|error| {
            Error::key_unavailable(
                "the function that computes with the key has raised an exception: look at its cause",
            )
            .with_source(error)
        })
    }
}

impl Called {
    fn call(&self, py: Python<'_>, operations: &[Core<'_>], results: &mut [u8]) -> PyResult<()> {
        let size = results.len() / operations.len().max(1);
        let asked = operations
            .iter()
            .map(|operation| Py::new(py, RawOperation::of(py, operation)));
        let asked = PyList::new(py, asked.collect::<PyResult<Vec<_>>>()?)?;
        let answered = self.0.bind(py).call1((asked,))?;
        let mut places = results.chunks_exact_mut(size);
        let mut count = 0;
        for answer in answered.try_iter()? {
            count += 1;
            // An iterator may have no end.
            if count > operations.len() {
                return Err(PyValueError::new_err(format!(
                    "more than {} results came: give one for each operation, in their order",
                    operations.len()
                )));
            }
            let answer = input::secret_bytes(&answer?)?;
            if answer.len() != size {
                return Err(PyValueError::new_err(format!(
                    "result {count} has {} bytes and its key's have {size}: give the raw number, with its leading zeros and its padding",
                    answer.len()
                )));
            }
            if let Some(place) = places.next() {
                place.copy_from_slice(answer.expose_secret());
            }
        }
        if count != operations.len() {
            return Err(PyValueError::new_err(format!(
                "{count} results came for {} operations: give one for each, in their order",
                operations.len()
            )));
        }
        Ok(())
    }
}
