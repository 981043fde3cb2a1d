//! What an auditor keeps of a verified flow.

use std::ffi::c_char;

use flowseal::report::Report;
use flowseal::{Error, Evidence};

use crate::edge::{Out, at, call, get, take};
use crate::error::{Failure, flowseal_error};
use crate::handle::{Handle, handle};
use crate::profile::flowseal_profile;
use crate::report::flowseal_report;
use crate::status::flowseal_status;
use crate::verify::tell;
use crate::verifying_keys::flowseal_verifying_keys;

/// The proof that a person signed a flow: the signed bytes, the signature, which key, which
/// profile.
///
/// Thread-safe. Freed with flowseal_evidence_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_evidence {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_evidence, Evidence, 8);

/// Reads an evidence file.
///
/// @param json The text of the file.
/// @param json_len Its length in bytes.
/// @param[out] evidence The evidence, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_EVIDENCE, FLOWSEAL_STATUS_PROFILE,
///     FLOWSEAL_STATUS_JSON and its relatives.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_evidence_from_json(
    json: *const c_char,
    json_len: usize,
    evidence: *mut flowseal_evidence,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(json, json_len), out(evidence)),
        |(json, evidence)| evidence.put(Evidence::from_json(json)?),
    )
}

/// Checks the signature again, and believes nothing else of the file.
///
/// @param evidence The evidence.
/// @param keys The keys that it may have been made with.
/// @param[out] report What was found, to be freed; on success, and on a refusal that has one. May
///     be NULL.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NO_VERIFYING_KEY,
///     FLOWSEAL_STATUS_SIGNATURE_INVALID.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_evidence_check(
    evidence: flowseal_evidence,
    keys: flowseal_verifying_keys,
    report: *mut flowseal_report,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(evidence), handle(keys), optional(report)),
        |(evidence, keys, report)| checked(evidence.check(&keys.value()), report),
    )
}

/// The same under the profile of the time, which leads: a template too is known then, and not the
/// file's word.
///
/// @param evidence The evidence.
/// @param keys The keys that it may have been made with.
/// @param profile The profile.
/// @param[out] report What was found, to be freed; on success, and on a refusal that has one. May
///     be NULL.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: those of flowseal_evidence_check(),
///     FLOWSEAL_STATUS_PROFILE_MISMATCH where the file has another statement, algorithm or padding.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_evidence_check_under(
    evidence: flowseal_evidence,
    keys: flowseal_verifying_keys,
    profile: flowseal_profile,
    report: *mut flowseal_report,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(evidence), handle(keys), handle(profile), optional(report)),
        |(evidence, keys, profile, report)| {
            checked(evidence.check_under(&keys.value(), &profile), report)
        },
    )
}

fn checked(
    outcome: Result<Report, Error>,
    report: Option<Out<flowseal_report>>,
) -> Result<(), Failure> {
    let outcome = outcome.map_err(Failure::from);
    tell(report, outcome.as_ref().map_or_else(Failure::report, Some))?;
    outcome.map(|_| ())
}

/// The evidence as a file.
///
/// @param evidence The evidence.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_evidence_to_json(
    evidence: flowseal_evidence,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(evidence to buffer(buffer, capacity, len): copy(evidence.to_json().as_bytes()))
}

/// The bytes that were signed.
///
/// @param evidence The evidence.
/// @param[out] buffer The caller's memory for the bytes; NULL with a capacity of 0 asks for the
///     length.
/// @param capacity How many bytes it holds.
/// @param[out] len Their number; also where the buffer is too short for them.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_evidence_statement(
    evidence: flowseal_evidence,
    buffer: *mut u8,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(evidence to buffer(buffer, capacity, len): copy(evidence.statement()))
}

/// How many members are under the signature.
///
/// @param evidence The evidence.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_evidence_covers_count(
    evidence: flowseal_evidence,
    count: *mut usize,
) -> flowseal_status {
    get!(evidence to out(count): set(evidence.covers().len()))
}

/// The name of a member that is under the signature.
///
/// @param evidence The evidence.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_evidence_covers(
    evidence: flowseal_evidence,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(evidence[index] to buffer(buffer, capacity, len):
        copy(at(evidence.covers().iter(), index)?.as_bytes()))
}

/// Frees evidence.
///
/// @param evidence The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_evidence_free(evidence: flowseal_evidence) -> flowseal_status {
    call(|| (None, Ok(())), |()| evidence.free())
}
