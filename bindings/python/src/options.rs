//! Arguments that several calls share.

use std::num::NonZeroUsize;
use std::sync::Arc;

use flowseal::{Engine, ErrorCode, KeyRing as Ring, OpenOptions};
use pyo3::prelude::*;

use crate::decrypting_key::DecryptingKey;
use crate::errors::Failure;
use crate::profile::Profile;
use crate::ring::KeyRing;

/// What stands where keys are taken: a key or a ring of keys.
#[derive(FromPyObject)]
pub(crate) enum Keys<'py> {
    #[pyo3(transparent, annotation = "DecryptingKey")]
    Key(Bound<'py, DecryptingKey>),
    #[pyo3(transparent, annotation = "KeyRing")]
    Ring(Bound<'py, KeyRing>),
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
    select: Option<Vec<String>>,
    profile: Option<&Bound<'_, Profile>>,
    threads: usize,
) -> Result<OpenOptions, Failure> {
    let mut options = OpenOptions::new().engine(engine(threads)?);
    if let Some(paths) = select {
        options = options.select(paths);
    }
    if let Some(profile) = profile {
        options = options.profile(profile.get().core());
    }
    Ok(options)
}

pub(crate) fn engine(threads: usize) -> Result<Engine, Failure> {
    let threads = NonZeroUsize::new(threads).ok_or_else(|| {
        Failure::new(
            ErrorCode::Usage,
            "no thread at all computes nothing: give 1 or more",
        )
    })?;
    Ok(Engine::new().with_threads(threads))
}
