//! What did not open of a flow, and why.

use std::ffi::c_char;

use flowseal::Error;

use crate::edge::{at, call, get};
use crate::handle::{Handle, handle};
use crate::status::flowseal_status;

/// The claims of a flow that did not open, and why, in the flow's order.
///
/// Thread-safe. Freed with flowseal_failures_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_failures {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_failures, Failures, 6);

/// Path and reason of each claim that did not open.
pub(crate) struct Failures(Vec<(String, Error)>);

impl Failures {
    pub(crate) fn of(errors: Vec<(String, Error)>) -> Self {
        Self(errors)
    }
}

/// How many claims did not open.
///
/// @param failures The failures.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_failures_count(
    failures: flowseal_failures,
    count: *mut usize,
) -> flowseal_status {
    get!(failures to out(count): set(failures.0.len()))
}

/// The path of a claim that did not open.
///
/// @param failures The failures.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_failures_path(
    failures: flowseal_failures,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(failures[index] to buffer(buffer, capacity, len):
        copy(at(failures.0.iter(), index)?.0.as_bytes()))
}

/// Why a claim did not open.
///
/// @param failures The failures.
/// @param index Which, from 0.
/// @param[out] status The reason.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_failures_status(
    failures: flowseal_failures,
    index: usize,
    status: *mut flowseal_status,
) -> flowseal_status {
    get!(failures[index] to out(status):
        set(flowseal_status::of(at(failures.0.iter(), index)?.1.code())))
}

/// Why a claim did not open, as a sentence.
///
/// @param failures The failures.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_failures_message(
    failures: flowseal_failures,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(failures[index] to buffer(buffer, capacity, len):
        copy(at(failures.0.iter(), index)?.1.sentence().as_bytes()))
}

/// Frees the list of failures.
///
/// @param failures The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_failures_free(failures: flowseal_failures) -> flowseal_status {
    call(|| (None, Ok(())), |()| failures.free())
}
