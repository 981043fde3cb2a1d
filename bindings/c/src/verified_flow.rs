//! Flows that were verified.

use std::ffi::c_char;

use flowseal::{Mode, VerifiedFlow};

use crate::edge::{call, get, take};
use crate::error::{ABSENT, flowseal_error};
use crate::evidence::flowseal_evidence;
use crate::failures::{Failures, flowseal_failures};
use crate::flow::{flowseal_flow, whole};
use crate::handle::{Handle, handle};
use crate::key_ring::flowseal_key_ring;
use crate::lists::flowseal_trust;
use crate::opened_claims::flowseal_opened_claims;
use crate::options::flowseal_open_options;
use crate::report::flowseal_report;
use crate::status::flowseal_status;

/// A flow whose e-signature is valid and that met every expectation.
///
/// What it tells is under the signature; the rest is in flowseal_verified_flow_unauthenticated().
///
/// Thread-safe. Freed with flowseal_verified_flow_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_verified_flow {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_verified_flow, VerifiedFlow, 4);

/// Opens every claim, on the calling thread.
///
/// @param verified The verified flow.
/// @param ring The keys that it may be sealed to.
/// @param[out] claims The claims, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PROFILE_MISMATCH, FLOWSEAL_STATUS_KEY_CONFLICT,
///     and FLOWSEAL_STATUS_CLAIM_NOT_SEALED to FLOWSEAL_STATUS_CLAIM_UNOPENABLE.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_open(
    verified: flowseal_verified_flow,
    ring: flowseal_key_ring,
    claims: *mut flowseal_opened_claims,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(verified), handle(ring), out(claims)),
        |(verified, ring, claims)| claims.put(verified.open(ring.value().core())?),
    )
}

/// Opens what the options select.
///
/// @param verified The verified flow.
/// @param ring The keys that it may be sealed to.
/// @param options What to open, and how.
/// @param[out] claims The claims, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PROFILE_MISMATCH, FLOWSEAL_STATUS_KEY_CONFLICT,
///     and FLOWSEAL_STATUS_CLAIM_NOT_SEALED to FLOWSEAL_STATUS_CLAIM_UNOPENABLE.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_open_with(
    verified: flowseal_verified_flow,
    ring: flowseal_key_ring,
    options: flowseal_open_options,
    claims: *mut flowseal_opened_claims,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(verified), handle(ring), handle(options), out(claims)),
        |(verified, ring, options, claims)| {
            claims.put(verified.open_with(ring.value().core(), &options.value())?)
        },
    )
}

/// Opens what opens, and says of every other claim why it does not.
///
/// @param verified The verified flow.
/// @param ring The keys that it may be sealed to.
/// @param options What to open, and how.
/// @param[out] claims What opened, to be freed.
/// @param[out] failures What did not, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PROFILE_MISMATCH, FLOWSEAL_STATUS_KEY_CONFLICT.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_open_partial(
    verified: flowseal_verified_flow,
    ring: flowseal_key_ring,
    options: flowseal_open_options,
    claims: *mut flowseal_opened_claims,
    failures: *mut flowseal_failures,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(verified), handle(ring), handle(options), out(claims), out(failures)),
        |(verified, ring, options, claims, failures)| {
            let partial = verified.open_partial(ring.value().core(), &options.value())?;
            let opened = flowseal_opened_claims::insert(partial.opened)?;
            failures
                .put(Failures::of(partial.errors))
                .inspect_err(|_| {
                    // The caller will not know of it.
                    let _ = opened.free();
                })?;
            claims.set(opened)
        },
    )
}

/// The `reference`, signed. Absent where the statement does not cover it.
///
/// @param verified The verified flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_reference(
    verified: flowseal_verified_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(verified to buffer(buffer, capacity, len): copy_if_present(verified.reference()))
}

/// The `requester`, signed. Absent where the statement does not cover it.
///
/// @param verified The verified flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_requester(
    verified: flowseal_verified_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(verified to buffer(buffer, capacity, len): copy_if_present(verified.requester()))
}

/// The `requestee`, signed. Absent where the statement does not cover it.
///
/// @param verified The verified flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_requestee(
    verified: flowseal_verified_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(verified to buffer(buffer, capacity, len): copy_if_present(verified.requestee()))
}

/// The `mode`, signed. Absent where the statement does not cover it.
///
/// @param verified The verified flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_mode(
    verified: flowseal_verified_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(verified to buffer(buffer, capacity, len):
        copy_if_present(verified.mode().map(Mode::name)))
}

/// When the flow was started, in Unix seconds; signed. Absent where the statement does not cover
/// it.
///
/// @param verified The verified flow.
/// @param[out] unix_seconds The moment.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_iat_unix_seconds(
    verified: flowseal_verified_flow,
    unix_seconds: *mut i64,
) -> flowseal_status {
    get!(verified to out(unix_seconds): set(whole(verified.iat().ok_or(ABSENT)?)))
}

/// When it was signed, in Unix seconds; signed. Absent where the statement does not cover it.
///
/// @param verified The verified flow.
/// @param[out] unix_seconds The moment.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_signed_at_unix_seconds(
    verified: flowseal_verified_flow,
    unix_seconds: *mut i64,
) -> flowseal_status {
    get!(verified to out(unix_seconds): set(whole(verified.signed_at().ok_or(ABSENT)?)))
}

/// A member that the signature covers, as JSON.
///
/// @param verified The verified flow.
/// @param name The member's name.
/// @param name_len Its length in bytes.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_member(
    verified: flowseal_verified_flow,
    name: *const c_char,
    name_len: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(verified), text(name, name_len), buffer(buffer, capacity, len)),
        |(verified, name, buffer)| {
            buffer.copy_if_present(verified.covered(name).map(ToString::to_string))
        },
    )
}

/// The bytes that were signed.
///
/// @param verified The verified flow.
/// @param[out] buffer The caller's memory for the bytes; NULL with a capacity of 0 asks for the
///     length.
/// @param capacity How many bytes it holds.
/// @param[out] len Their number; also where the buffer is too short for them.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_statement(
    verified: flowseal_verified_flow,
    buffer: *mut u8,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(verified to buffer(buffer, capacity, len): copy(verified.statement()))
}

/// The e-signature.
///
/// @param verified The verified flow.
/// @param[out] buffer The caller's memory for the bytes; NULL with a capacity of 0 asks for the
///     length.
/// @param capacity How many bytes it holds.
/// @param[out] len Their number; also where the buffer is too short for them.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_signature(
    verified: flowseal_verified_flow,
    buffer: *mut u8,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(verified to buffer(buffer, capacity, len): copy(verified.signature()))
}

/// What to remember, so that the same flow is not accepted twice.
///
/// @param verified The verified flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_replay_key(
    verified: flowseal_verified_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(verified to buffer(buffer, capacity, len): copy(verified.replay_key().as_bytes()))
}

/// What was looked at and found.
///
/// @param verified The verified flow.
/// @param[out] report The report, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_report(
    verified: flowseal_verified_flow,
    report: *mut flowseal_report,
) -> flowseal_status {
    get!(verified to out(report): put(verified.report().clone()))
}

/// What makes it one to believe: FLOWSEAL_TRUST_SIGNED.
///
/// @param verified The verified flow.
/// @param[out] trust The trust.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_trust(
    verified: flowseal_verified_flow,
    trust: *mut flowseal_trust,
) -> flowseal_status {
    get!(verified to out(trust): set(flowseal_trust::of(verified.trust())?))
}

/// What an auditor must keep of it.
///
/// @param verified The verified flow.
/// @param[out] evidence The evidence, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_evidence(
    verified: flowseal_verified_flow,
    evidence: *mut flowseal_evidence,
) -> flowseal_status {
    get!(verified to out(evidence): put(verified.evidence()))
}

/// The flow as it was received, whatever the signature covers.
///
/// @param verified The verified flow.
/// @param[out] flow The flow, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_unauthenticated(
    verified: flowseal_verified_flow,
    flow: *mut flowseal_flow,
) -> flowseal_status {
    get!(verified to out(flow): put(verified.unauthenticated().clone()))
}

/// Frees a verified flow.
///
/// @param verified The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_verified_flow_free(verified: flowseal_verified_flow) -> flowseal_status {
    call(|| (None, Ok(())), |()| verified.free())
}
