//! Refusals: a status with a sentence, behind a handle of its own.

use std::ffi::c_char;

use flowseal::Error;
use flowseal::report::Report;

use crate::edge::{call, get};
use crate::handle::{Handle, handle};
use crate::status::flowseal_status;

/// Why a call refused, with a sentence for people.
///
/// Thread-safe. Freed with flowseal_error_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_error {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_error, Failure, 1);

/// Why an entry refused: the core's reason or this library's own.
#[derive(Debug)]
pub(crate) enum Failure {
    Core(Error),
    Own(flowseal_status),
    /// The same with a sentence that says more than the status' own.
    Said(flowseal_status, &'static str),
}

/// What was asked for is not there.
pub(crate) const ABSENT: Failure = Failure::Own(flowseal_status::Absent);

impl Failure {
    pub(crate) fn own(status: flowseal_status) -> Self {
        Self::Own(status)
    }

    pub(crate) fn status(&self) -> flowseal_status {
        match self {
            Self::Core(error) => flowseal_status::of(error.code()),
            Self::Own(status) | Self::Said(status, _) => *status,
        }
    }

    pub(crate) fn report(&self) -> Option<&Report> {
        match self {
            Self::Core(error) => error.report(),
            Self::Own(_) | Self::Said(..) => None,
        }
    }

    pub(crate) fn core(&self) -> Option<&Error> {
        match self {
            Self::Core(error) => Some(error),
            _ => None,
        }
    }

    fn sentence(&self) -> &str {
        match self {
            Self::Core(error) => error.sentence(),
            Self::Own(status) => status.sentence(),
            Self::Said(_, sentence) => sentence,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

/// The status that the call returned.
///
/// @param error The error.
/// @param[out] status Its status.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_status(
    error: flowseal_error,
    status: *mut flowseal_status,
) -> flowseal_status {
    get!(error to out(status): set(error.status()))
}

/// What went wrong and what to do, as a sentence. It never holds a secret.
///
/// @param error The error.
/// @param[out] buffer The caller's memory for the text, which gets no NUL.
/// @param capacity Its length.
/// @param[out] len The length of the text.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_message(
    error: flowseal_error,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(error to buffer(buffer, capacity, len): copy(error.sentence().as_bytes()))
}

/// Frees an error.
///
/// @param error The error; its handle is unusable from here on.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_error_free(error: flowseal_error) -> flowseal_status {
    call(|| (None, Ok(())), |()| error.free())
}
