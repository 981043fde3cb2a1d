//! Evidence, disclosures and refusals as a page for people.

use std::ffi::c_char;

use crate::disclosure::{flowseal_app_key, flowseal_disclosure};
use crate::edge::{call, get, take};
use crate::error::{Failure, flowseal_error};
use crate::evidence::flowseal_evidence;
use crate::profile::flowseal_profile;
use crate::status::flowseal_status;
use crate::verifying_keys::flowseal_verifying_keys;

/// The evidence as one page of HTML: what was signed, by which key, every check in words, and how
/// to repeat it, with openssl too. Nothing in it runs or is fetched.
///
/// Evidence that was read from a file is shown as not checked, whatever the file says of itself:
/// flowseal_evidence_check_to_html() checks it first.
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
pub unsafe extern "C" fn flowseal_evidence_to_html(
    evidence: flowseal_evidence,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(evidence to buffer(buffer, capacity, len): copy(evidence.to_html().as_bytes()))
}

/// Checks the evidence as flowseal_evidence_check() does, or flowseal_evidence_check_under() where
/// there is a profile, and gives the page of what was found. Each call checks anew: a buffer of
/// 64 KiB is long enough for most pages at once.
///
/// @param evidence The evidence.
/// @param keys The keys that the person may have signed with.
/// @param profile The profile of the time, which leads; may be NULL.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
///     flowseal_error_to_html() gives the page of a refusal.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, and those of the check.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_evidence_check_to_html(
    evidence: flowseal_evidence,
    keys: flowseal_verifying_keys,
    profile: *const flowseal_profile,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(evidence), handle(keys), optional_handle(profile),
            buffer(buffer, capacity, len)),
        |(evidence, keys, profile, buffer)| {
            let page = evidence.check_to_html(&keys.value(), profile.as_deref())?;
            buffer.copy(page.as_bytes())
        },
    )
}

/// Checks the disclosure as flowseal_disclosure_check() does, or flowseal_disclosure_check_under()
/// where there is a profile, and gives the page of what was found: that of
/// flowseal_evidence_to_html(), with the claims that are shown. Each call checks anew: a buffer of
/// 64 KiB is long enough for most pages at once.
///
/// The page has the claims, the person and all that the disclosure shows. The library's copy is
/// wiped; the caller's is theirs to wipe.
///
/// @param disclosure The disclosure.
/// @param app_key The key of the app that the claims were sealed to.
/// @param keys The keys that the person may have signed with.
/// @param profile The profile of the time, which leads; may be NULL.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
///     flowseal_error_to_html() gives the page of a refusal.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, and those of the check.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosure_check_to_html(
    disclosure: flowseal_disclosure,
    app_key: flowseal_app_key,
    keys: flowseal_verifying_keys,
    profile: *const flowseal_profile,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(disclosure), handle(app_key), handle(keys), optional_handle(profile),
            buffer(buffer, capacity, len)),
        |(disclosure, app_key, keys, profile, buffer)| {
            let page = disclosure.check_to_html(&app_key, &keys.value(), profile.as_deref())?;
            buffer.copy(page.expose_secret().as_bytes())
        },
    )
}

/// The page of a refusal, in the form of flowseal_evidence_to_html().
///
/// @param error The error.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     nothing was looked at, since there is no report.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_to_html(
    error: flowseal_error,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(error to buffer(buffer, capacity, len):
        copy_if_present(Failure::core(&error).and_then(flowseal::Error::to_html)))
}
