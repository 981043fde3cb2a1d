//! A flow's result is given once.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::time::UnixTime;

/// Which pending flows have come to their end: asked after a flow was judged, before its result is
/// given.
///
/// Usually it is the app's database, which all its processes share: an `INSERT` under a unique key.
pub trait FinishOnce {
    /// Marks the flow of this reference as finished, to be remembered until then. `false` if it is
    /// marked already, and if that cannot be known; of two calls at the same time with one
    /// reference, from whichever process, only one may get `true`.
    fn finish(&self, reference: &str, until: UnixTime) -> bool;
}

impl<T: FinishOnce + ?Sized> FinishOnce for &T {
    fn finish(&self, reference: &str, until: UnixTime) -> bool {
        (**self).finish(reference, until)
    }
}

/// The flows that one process has finished: right where there is only one, and for tests.
///
/// ```
/// use flowseal::api::{FinishOnce, FinishedFlows};
/// use flowseal::UnixTime;
///
/// let (finished, until) = (FinishedFlows::new(), UnixTime::from_seconds(1716820412)?);
/// assert!(finished.finish("req_1", until));
/// assert!(!finished.finish("req_1", until));
/// // Now and then, so that it does not grow for ever:
/// finished.forget_before(UnixTime::from_seconds(1716900000)?);
/// assert_eq!(finished.len(), 0);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Default)]
pub struct FinishedFlows(Mutex<HashMap<String, UnixTime>>);

impl FinishedFlows {
    /// No flow yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets what had to be remembered until a moment before `now`.
    pub fn forget_before(&self, now: UnixTime) {
        self.locked(|finished| finished.retain(|_, until| *until >= now));
    }

    /// How many are remembered.
    pub fn len(&self) -> usize {
        self.locked(|finished| finished.len())
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The map is whole after a panic too: each use of it is one operation.
    fn locked<T>(&self, then: impl FnOnce(&mut HashMap<String, UnixTime>) -> T) -> T {
        then(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl FinishOnce for FinishedFlows {
    fn finish(&self, reference: &str, until: UnixTime) -> bool {
        self.locked(|finished| {
            if finished.contains_key(reference) {
                return false;
            }
            finished.insert(reference.to_owned(), until);
            true
        })
    }
}

impl fmt::Debug for FinishedFlows {
    /// How many there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FinishedFlows({})", self.len())
    }
}
