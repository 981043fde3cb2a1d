//! Objects that change. Of those that are set up step by step, what a call has begun with stays as
//! it is for that call; at those that go on with each call, callers take turns.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::error::Failure;

/// A value that setters replace and calls take as it stands.
pub(crate) struct Setting<T>(RwLock<Arc<T>>);

impl<T> Setting<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(RwLock::new(Arc::new(value)))
    }

    /// The value as it stands.
    pub(crate) fn value(&self) -> Arc<T> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Replaces the value; one that cannot be made leaves the old one.
    pub(crate) fn change(
        &self,
        change: impl FnOnce(&T) -> Result<T, Failure>,
    ) -> Result<(), Failure> {
        let mut value = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *value = Arc::new(change(&value)?);
        Ok(())
    }
}

/// An object that goes on with each call. A call that panicked has left it as it was at that point,
/// which the next one finds.
pub(crate) fn locked<T>(object: &Mutex<T>) -> MutexGuard<'_, T> {
    object.lock().unwrap_or_else(PoisonError::into_inner)
}
