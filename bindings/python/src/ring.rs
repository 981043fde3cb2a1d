//! Several keys of an app, for the time of a rotation.

use std::sync::Arc;

use flowseal::KeyRing as Ring;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::closable::{Closable, stays_here};
use crate::decrypting_key::DecryptingKey;
use crate::errors::Failure;
use crate::input::Text;
use crate::lists;

/// The keys that a flow may be sealed to: during a rotation the new one and the old one.
///
/// Every key of the leaves' size is tried on every leaf, and exactly one must open them all. A ring
/// holds its keys until it is closed, also when they are closed themselves.
///
/// One modulus under two paddings is ``key_conflict``.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct KeyRing(Closable<Ring>);

impl KeyRing {
    pub(crate) fn open(&self) -> Result<Arc<Ring>, Failure> {
        self.0.open()
    }
}

#[pymethods]
impl KeyRing {
    #[new]
    fn new(keys: &Bound<'_, PyAny>) -> Result<Self, Failure> {
        let keys = lists::each::<DecryptingKey>(keys, "DecryptingKey")?;
        let keys = keys.iter().map(|key| key.get().open());
        let ring = Ring::new(keys.collect::<Result<Vec<_>, _>>()?)?;
        Ok(Self(Closable::new(ring)))
    }

    /// The ring of the one key of this kid or fingerprint.
    ///
    /// Raises ``no_decrypting_key`` if there is none of that name, ``key_ambiguous`` if two.
    fn only(&self, name: Text) -> Result<Self, Failure> {
        Ok(Self(Closable::new(self.open()?.only(&name)?)))
    }

    /// The keys' fingerprints, in the order in which the keys were given.
    #[getter]
    fn fingerprints(&self) -> Result<Vec<String>, Failure> {
        let ring = self.open()?;
        Ok(ring
            .keys()
            .map(|key| key.fingerprint().to_string())
            .collect())
    }

    /// Lets the keys go.
    fn close(&self) {
        self.0.close();
    }

    fn __len__(&self) -> Result<usize, Failure> {
        Ok(self.open()?.len())
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyTuple>) {
        self.close();
    }

    fn __repr__(&self) -> String {
        match self.0.peek() {
            Some(ring) => format!("<flowseal.KeyRing of {}>", ring.len()),
            None => "<flowseal.KeyRing closed>".to_owned(),
        }
    }

    fn __reduce_ex__(&self, _protocol: usize) -> PyResult<()> {
        Err(stays_here("a KeyRing", "load its keys where it is used"))
    }
}
