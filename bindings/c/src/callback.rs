//! Functions of the caller's that are kept: what they are given, and what becomes of it where they
//! fail.

use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::time::Duration;

use flowseal::UnixTime;
use flowseal::api::SharedCount;

use crate::error::Failure;
use crate::flow::whole;
use crate::session::milliseconds;
use crate::status::flowseal_status;

/// Marks the flow of this reference as finished, to be remembered until then, and writes to `first`
/// whether it was not marked before: of two calls at the same time with one reference, from
/// whichever process, only one may get true. It returns 0; anything else says that it has
/// failed, and then nothing is given to anyone. It may be called from several threads at once. It
/// must return: no exception of C++ and no longjmp may leave it.
pub type flowseal_finish_once_callback = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        reference: *const c_char,
        reference_len: usize,
        until_unix_seconds: i64,
        first: *mut bool,
    ) -> i32,
>;

/// Counts a request that is about to be sent to this base URL, and writes 0 to `wait_ms`; or writes
/// how long to wait before asking again. It returns 0; anything else says that it has failed, and
/// then nothing is sent. It may be called from several threads at once, by a session that waits for
/// it: it must not use that session. It must return: no exception of C++ and no longjmp may leave
/// it.
pub type flowseal_shared_count_callback = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        base: *const c_char,
        base_len: usize,
        now_unix_ms: u64,
        wait_ms: *mut u64,
    ) -> i32,
>;

/// What a call says of a function that has failed.
pub(crate) const FAILED: Failure = Failure::Own(flowseal_status::Callback);

/// A database that is away is not asked at once again.
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);

thread_local! {
    /// Whether a function has failed on this thread since the call began that asked it.
    static HAS_FAILED: Cell<bool> = const { Cell::new(false) };
}

/// Runs what may ask functions, and says whether one of them has failed.
pub(crate) fn watched<T>(then: impl FnOnce() -> T) -> (T, bool) {
    // A function may call this library, too, and that call another function.
    let before = HAS_FAILED.replace(false);
    let value = then();
    (value, HAS_FAILED.replace(before))
}

/// What the caller wants to be given back.
struct Context(*mut c_void);

// SAFETY: nothing is done with it but to give it to a function of which the caller promises, as the
// header says, that every thread may call it with this.
unsafe impl Send for Context {}

// SAFETY: likewise, also at the same time.
unsafe impl Sync for Context {}

/// A function that marks flows as finished.
pub struct Finisher {
    function: unsafe extern "C" fn(*mut c_void, *const c_char, usize, i64, *mut bool) -> i32,
    context: Context,
}

impl Finisher {
    pub(crate) fn of(
        function: flowseal_finish_once_callback,
        context: *mut c_void,
    ) -> Result<Self, Failure> {
        let function = function.ok_or(Failure::own(flowseal_status::Pointer))?;
        let context = Context(context);
        Ok(Self { function, context })
    }

    /// Whether it was not marked before. A failure is a no.
    pub(crate) fn finish(&self, reference: &str, until: UnixTime) -> bool {
        // A byte, since whatever is written there is one; only 1 is a yes.
        let mut first = 0_u8;
        // SAFETY: the function is the caller's, which promises that it keeps to its description: it
        // reads the text and writes one `bool`, which has the size of a byte.
        let failed = unsafe {
            (self.function)(
                self.context.0,
                reference.as_ptr().cast(),
                reference.len(),
                whole(until),
                (&raw mut first).cast(),
            )
        };
        if failed != 0 {
            HAS_FAILED.set(true);
        }
        failed == 0 && first == 1
    }
}

/// A function that counts requests.
pub(crate) struct Counter {
    function: unsafe extern "C" fn(*mut c_void, *const c_char, usize, u64, *mut u64) -> i32,
    context: Context,
}

impl Counter {
    pub(crate) fn of(
        function: flowseal_shared_count_callback,
        context: *mut c_void,
    ) -> Result<Self, Failure> {
        let function = function.ok_or(Failure::own(flowseal_status::Pointer))?;
        let context = Context(context);
        Ok(Self { function, context })
    }
}

impl SharedCount for Counter {
    fn take(&self, base: &str, now: UnixTime) -> Result<(), Duration> {
        // Not 0: a function that writes nothing has not said that it may be sent.
        let mut wait = milliseconds(AFTER_A_FAILURE);
        // SAFETY: the function is the caller's, which promises that it keeps to its description: it
        // reads the text and writes one number.
        let failed = unsafe {
            (self.function)(
                self.context.0,
                base.as_ptr().cast(),
                base.len(),
                milliseconds(now.since_1970()),
                &raw mut wait,
            )
        };
        if failed != 0 {
            HAS_FAILED.set(true);
            return Err(AFTER_A_FAILURE);
        }
        match wait {
            0 => Ok(()),
            pause => Err(Duration::from_millis(pause)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_within_a_call_is_told_by_that_call_alone() {
        let (inner, outer) = watched(|| {
            let (_, inner) = watched(|| HAS_FAILED.set(true));
            inner
        });
        assert!(inner && !outer);
        let ((), outer) = watched(|| {
            HAS_FAILED.set(true);
            assert!(!watched(|| ()).1);
        });
        assert!(outer);
    }
}
