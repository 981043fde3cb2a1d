//! The report of a verification.

use std::ffi::c_char;

use flowseal::report::{Outcome, Report, ReportedKey};

use crate::edge::{at, call, get, take};
use crate::handle::{Handle, handle};
use crate::lists::flowseal_check;
use crate::status::flowseal_status;

/// What a verification looked at and what it found.
///
/// Thread-safe. Freed with flowseal_report_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_report {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_report, Report, 7);

/// The report as a JSON array of `{"check", "outcome", "why"}`.
///
/// @param report The report.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_report_to_json(
    report: flowseal_report,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(report to buffer(buffer, capacity, len): copy(report.to_json().to_string().as_bytes()))
}

/// How many checks it has.
///
/// @param report The report.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_report_count(
    report: flowseal_report,
    count: *mut usize,
) -> flowseal_status {
    get!(report to out(count): set(report.lines().len()))
}

/// What a line of the report is about.
///
/// @param report The report.
/// @param index Which, from 0.
/// @param[out] check The check.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_report_check(
    report: flowseal_report,
    index: usize,
    check: *mut flowseal_check,
) -> flowseal_status {
    call(
        take!(; handle(report), value(index), out(check)),
        |(report, index, check)| {
            let line = at(report.lines().iter(), index)?;
            check.set(flowseal_check::of(line.check())?)
        },
    )
}

/// What a check found.
///
/// @param report The report.
/// @param index Which, from 0.
/// @param[out] outcome The outcome.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_report_outcome(
    report: flowseal_report,
    index: usize,
    outcome: *mut flowseal_outcome,
) -> flowseal_status {
    get!(report[index] to out(outcome):
        set(flowseal_outcome::of(at(report.lines().iter(), index)?.outcome())))
}

/// Why a check was not passed, as a word.
///
/// @param report The report.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_report_why(
    report: flowseal_report,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(report[index] to buffer(buffer, capacity, len):
        copy_if_present(at(report.lines().iter(), index)?.why()))
}

/// What a check found.
///
/// @param report The report.
/// @param check A number of `flowseal_check`.
/// @param[out] outcome The outcome.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_report_outcome_of(
    report: flowseal_report,
    check: u32,
    outcome: *mut flowseal_outcome,
) -> flowseal_status {
    get!(report[check] to out(outcome):
        set(flowseal_outcome::of(report.outcome(flowseal_check::core(check)?))))
}

/// How many members are under the signature.
///
/// @param report The report.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_report_covers_count(
    report: flowseal_report,
    count: *mut usize,
) -> flowseal_status {
    get!(report to out(count): set(report.covers().len()))
}

/// The name of a member that is under the signature.
///
/// @param report The report.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_report_covers(
    report: flowseal_report,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(report[index] to buffer(buffer, capacity, len):
        copy(at(report.covers().iter(), index)?.as_bytes()))
}

/// The fingerprint of the key under which the signature is valid: SHA-256 of its
/// SubjectPublicKeyInfo, in lower-case hexadecimal.
///
/// @param report The report.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_report_key_fingerprint(
    report: flowseal_report,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(report to buffer(buffer, capacity, len):
        copy_if_present(report.key().map(|key| key.fingerprint().to_string())))
}

/// That key's name.
///
/// @param report The report.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_report_key_kid(
    report: flowseal_report,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(report to buffer(buffer, capacity, len):
        copy_if_present(report.key().and_then(ReportedKey::kid)))
}

/// The subject of the certificate that it came in, whose dates and chain nobody checked.
///
/// @param report The report.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_report_key_subject(
    report: flowseal_report,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(report to buffer(buffer, capacity, len):
        copy_if_present(report.key().and_then(ReportedKey::subject)))
}

/// That key as JSON: `fingerprint`, `kid`, `subject`, `certificate`.
///
/// @param report The report.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_report_key_to_json(
    report: flowseal_report,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(report to buffer(buffer, capacity, len):
        copy_if_present(report.key().map(|key| key.to_json().to_string())))
}

/// What a check found. "Not checked" is not "passed".
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_outcome {
    /// It is not so: the flow is refused.
    Failed = 0,
    /// The caller did not ask.
    NotAsked = 1,
    /// It could not be looked at.
    NotChecked = 2,
    /// It is so.
    Passed = 3,
}

impl flowseal_outcome {
    fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Passed => Self::Passed,
            Outcome::Failed => Self::Failed,
            Outcome::NotAsked => Self::NotAsked,
            // One that this library does not know was not looked at by it.
            _ => Self::NotChecked,
        }
    }
}

/// Frees a report.
///
/// @param report The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_report_free(report: flowseal_report) -> flowseal_status {
    call(|| (None, Ok(())), |()| report.free())
}
