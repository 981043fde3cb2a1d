//! A secret that is let go before its object is.

use std::sync::{Arc, Mutex, PoisonError};

use flowseal::ErrorCode;
use pyo3::PyErr;
use pyo3::exceptions::PyTypeError;

use crate::errors::Failure;

/// Holds a secret until it is closed.
///
/// Whoever is using it keeps it alive meanwhile, so that no lock is held while anything runs; it is
/// wiped when the last of them is done.
pub(crate) struct Closable<T>(Mutex<Option<Arc<T>>>);

impl<T> Closable<T> {
    pub(crate) fn new(secret: T) -> Self {
        Self(Mutex::new(Some(Arc::new(secret))))
    }

    pub(crate) fn open(&self) -> Result<Arc<T>, Failure> {
        self.peek().ok_or_else(|| {
            Failure::new(
                ErrorCode::Usage,
                "this was closed, and what it held is wiped: use it before it is closed",
            )
        })
    }

    /// What it holds, where it is not closed.
    pub(crate) fn peek(&self) -> Option<Arc<T>> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.clone()
    }

    pub(crate) fn close(&self) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let secret = held.take();
        drop(held);
        drop(secret);
    }
}

/// The refusal to be pickled or copied.
pub(crate) fn stays_here(what: &str, instead: &str) -> PyErr {
    PyTypeError::new_err(format!("{what} is neither pickled nor copied: {instead}"))
}
