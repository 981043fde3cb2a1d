//! A flow's result is given once.

use std::ffi::{c_char, c_void};

use flowseal::UnixTime;
use flowseal::api::{FinishOnce, FinishedFlows};

use crate::callback::{self, Finisher, flowseal_finish_once_callback};
use crate::edge::{call, get, take};
use crate::error::{Failure, flowseal_error};
use crate::handle::{Handle, handle};
use crate::status::flowseal_status;

/// Remembers which pending flows have come to their end. It is asked after a flow was judged,
/// before its result is given.
///
/// Thread-safe. Freed with flowseal_finish_once_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_finish_once {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_finish_once, Once, 36);

/// Where it is remembered.
pub enum Once {
    /// In this process.
    Here(FinishedFlows),
    /// Where the caller's function knows.
    There(Finisher),
}

impl Once {
    fn here(&self) -> Result<&FinishedFlows, Failure> {
        let sentence = "the caller's own function remembers these flows: ask that";
        match self {
            Self::Here(finished) => Ok(finished),
            Self::There(_) => Err(Failure::Said(flowseal_status::Usage, sentence)),
        }
    }
}

impl FinishOnce for Once {
    fn finish(&self, reference: &str, until: UnixTime) -> bool {
        match self {
            Self::Here(finished) => finished.finish(reference, until),
            Self::There(finisher) => finisher.finish(reference, until),
        }
    }
}

/// Remembers the flows that this process has finished: right where there is only one, and for
/// tests.
///
/// @param[out] once What remembers, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_finish_once_in_memory(
    once: *mut flowseal_finish_once,
) -> flowseal_status {
    call(take!(; out(once)), |(once,)| {
        once.put(Once::Here(FinishedFlows::new()))
    })
}

/// Asks a function of the caller's, which usually is a database that all processes share: an
/// `INSERT` under a unique key.
///
/// @param finish Marks a flow as finished, once.
/// @param context Given to the function as it is; may be NULL. It has to be there until the handle
///     is freed and the last call that uses it has returned, for every thread.
/// @param[out] once What remembers, to be freed.
/// @return FLOWSEAL_STATUS_OK.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_finish_once_calling(
    finish: flowseal_finish_once_callback,
    context: *mut c_void,
    once: *mut flowseal_finish_once,
) -> flowseal_status {
    call(
        take!(; value(finish), value(context), out(once)),
        |(finish, context, once)| once.put(Once::There(Finisher::of(finish, context)?)),
    )
}

/// Marks the flow of this reference as finished, as flowseal_pending_flow_finish() does: for flows
/// that are finished elsewhere.
///
/// @param once What remembers.
/// @param reference The flow's reference.
/// @param reference_len Its length in bytes.
/// @param until_unix_seconds Until when it has to be remembered.
/// @param[out] first Whether it was not marked before.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_CALLBACK where the caller's function has
///     failed, FLOWSEAL_STATUS_TIME, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_finish_once_finish(
    once: flowseal_finish_once,
    reference: *const c_char,
    reference_len: usize,
    until_unix_seconds: i64,
    first: *mut bool,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(once), text(reference, reference_len), value(until_unix_seconds), out(first)),
        |(once, reference, until, first)| {
            let until = UnixTime::from_seconds(until)?;
            match callback::watched(|| once.finish(reference, until)) {
                (_, true) => Err(callback::FAILED),
                (is_first, false) => first.set(is_first),
            }
        },
    )
}

/// Forgets what had to be remembered until a moment before this one: now and then, so that it does
/// not grow for ever. In memory alone.
///
/// @param once What remembers.
/// @param unix_seconds The moment.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_TIME, FLOWSEAL_STATUS_USAGE where a function of
///     the caller's remembers.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_finish_once_forget_before_unix_seconds(
    once: flowseal_finish_once,
    unix_seconds: i64,
) -> flowseal_status {
    call(take!(; handle(once), value(unix_seconds)), |(once, now)| {
        once.here()?.forget_before(UnixTime::from_seconds(now)?);
        Ok(())
    })
}

/// How many are remembered. In memory alone.
///
/// @param once What remembers.
/// @param[out] count Their number.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE where a function of the caller's
///     remembers.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_finish_once_count(
    once: flowseal_finish_once,
    count: *mut usize,
) -> flowseal_status {
    get!(once to out(count): set(once.here()?.len()))
}

/// Frees what remembers.
///
/// @param finish_once The handle, unusable from here on. A call that uses it in another thread
///     ends as if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_finish_once_free(finish_once: flowseal_finish_once) -> flowseal_status {
    call(|| (None, Ok(())), |()| finish_once.free())
}
