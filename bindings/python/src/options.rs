//! Arguments that several calls share.

use std::num::NonZeroUsize;
use std::sync::Arc;

use flowseal::{Engine, ErrorCode, KeyRing as Ring, OpenOptions};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::decrypting_key::DecryptingKey;
use crate::errors::Failure;
use crate::lists::Names;
use crate::profile::Profile;
use crate::ring::KeyRing;
use crate::verifying_key::VerifyingKey;
use crate::warnings;

/// What stands where keys are taken: a key or a ring of keys.
pub(crate) enum Keys<'py> {
    Key(Bound<'py, DecryptingKey>),
    Ring(Bound<'py, KeyRing>),
}

impl<'py> FromPyObject<'_, 'py> for Keys<'py> {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(key) = given.cast::<DecryptingKey>() {
            return Ok(Self::Key(key.to_owned()));
        }
        if let Ok(ring) = given.cast::<KeyRing>() {
            return Ok(Self::Ring(ring.to_owned()));
        }
        let kind = given.get_type().name()?;
        let advice = if given.is_instance_of::<VerifyingKey>() {
            "it verifies e-signatures and opens nothing"
        } else if given.is_instance_of::<PyList>() {
            "make a KeyRing of several keys"
        } else {
            "load it first, with DecryptingKey.load"
        };
        Err(PyTypeError::new_err(format!(
            "a DecryptingKey or a KeyRing is wanted, and this is {kind}: {advice}"
        )))
    }
}

impl Keys<'_> {
    pub(crate) fn ring(&self) -> Result<Arc<Ring>, Failure> {
        match self {
            Self::Key(key) => Ok(Arc::new(Ring::new([key.get().open()?])?)),
            Self::Ring(ring) => ring.get().open(),
        }
    }
}

/// How to open: what to select, under which profile, on how many threads.
pub(crate) fn open(
    py: Python<'_>,
    select: Option<Names>,
    profile: Option<&Bound<'_, Profile>>,
    threads: usize,
) -> Result<OpenOptions, Failure> {
    let mut options = OpenOptions::new().with_engine(engine(threads)?);
    if let Some(Names(paths)) = select {
        options = options.select(paths);
        warnings::issue(py, options.warnings())?;
    }
    if let Some(profile) = profile {
        let setup = options.setup().clone();
        let setup = setup.with_profile(profile.get().core().clone());
        options = options.with_setup(&setup);
    }
    Ok(options)
}

pub(crate) fn engine(threads: usize) -> Result<Engine, Failure> {
    let threads = NonZeroUsize::new(threads).ok_or_else(|| {
        Failure::new(
            ErrorCode::Usage,
            "without a thread nothing is computed: give 1 or more",
        )
    })?;
    Ok(Engine::new().with_threads(threads))
}
