//! What happens to a flow, as lines for a log that is kept.

use std::ffi::{c_char, c_void};
use std::time::Duration;

use flowseal::api::{Audit, AuditEvent};
use flowseal::report::Check;
use flowseal::{Error, ErrorCode, UnixTime, VerifiedFlow};

use crate::edge::{Buffer, call, take};
use crate::error::{Failure, flowseal_error};
use crate::flow::flowseal_flow;
use crate::handle::{Handle, handle};
use crate::lists::flowseal_check;
use crate::opened_claims::flowseal_opened_claims;
use crate::pending::flowseal_pending_flow;
use crate::received_flow::flowseal_received_flow;
use crate::start::{flowseal_created, flowseal_start};
use crate::status::flowseal_status;
use crate::verified_flow::flowseal_verified_flow;

/// A maker of events for an audit log: one for each thing that happens to a flow, from its start to
/// the opening of its claims. Each is one line of JSON, which `audit.schema.json` in flowseal's
/// documentation describes.
///
/// An event says what happened, when, to which flow, how it went, what was believed and how long it
/// took. It never holds a claim, a credential, a token, the payload, data, a digest of any of
/// these, a link or a seed. The person is in it as an HMAC under the caller's key, which keeps
/// the events of one person together, or not at all.
///
/// It keeps nothing but that key and writes nothing: what is made of an event is the caller's.
///
/// Thread-safe. Freed with flowseal_audit_free(), which wipes the key.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_audit {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_audit, Audit, 42);

/// The body of an entry that tells of something: what it is about, when it was, how long it took if
/// that is known of it, where to, and the event, in which the moment is one.
macro_rules! tell {
    ($audit:ident of $($take:ident($about:ident)),+ at $now:ident $(, $took:ident)?
        to $place:ident($($part:ident),*): $event:expr) => {
        call(
            take!(; handle($audit), $($take($about),)+ value($now), $(optional_number($took),)?
                $place($($part),*)),
            |($audit, $($about,)+ $now, $($took,)? place)| {
                let $now = UnixTime::from_seconds($now)?;
                told(&$event, None$(.or($took))?, place)
            },
        )
    };
}

/// An audit whose events name no person.
///
/// @param[out] audit The audit, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_audit_new(audit: *mut flowseal_audit) -> flowseal_status {
    call(take!(; out(audit)), |(audit,)| audit.put(Audit::new()))
}

/// One whose events have people as 64 hexadecimal digits: HMAC-SHA-256 of their number under this
/// key.
///
/// Numbers of people are few: whoever has the key and the events can find out who each is. Keep it
/// apart from both, and use it for nothing else.
///
/// @param person_key 32 random bytes or more: any bytes.
/// @param person_key_len How many.
/// @param[out] audit The audit, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a key of fewer than 32 bytes.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_audit_new_with(
    person_key: *const c_void,
    person_key_len: usize,
    audit: *mut flowseal_audit,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(person_key, person_key_len), out(audit)),
        |(key, audit)| audit.put(Audit::new().with_person_key(key)?),
    )
}

/// A start is about to be sent. Its flow has no identifier yet.
///
/// @param audit The audit.
/// @param start The start.
/// @param now_unix_seconds When.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_audit_started(
    audit: flowseal_audit,
    start: flowseal_start,
    now_unix_seconds: i64,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    tell!(audit of handle(start) at now_unix_seconds to buffer(buffer, capacity, len):
        audit.started(&start, now_unix_seconds))
}

/// The API has answered a start: there is a flow.
///
/// @param audit The audit.
/// @param start The start.
/// @param created What the answer has created.
/// @param now_unix_seconds When.
/// @param took_ms How long it took, by the caller's clock; may be NULL.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_audit_created(
    audit: flowseal_audit,
    start: flowseal_start,
    created: flowseal_created,
    now_unix_seconds: i64,
    took_ms: *const u64,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    tell!(audit of handle(start), handle(created) at now_unix_seconds, took_ms to buffer(buffer, capacity, len):
        audit.created::<Error>(&start, Ok(&*created), now_unix_seconds))
}

/// A start has led to no flow: the API has refused it, or no answer came.
///
/// @param audit The audit.
/// @param start The start.
/// @param status Why, as the call's status.
/// @param check The check that failed, a number of `flowseal_check`; 0 where none did.
/// @param now_unix_seconds When.
/// @param took_ms How long it took, by the caller's clock; may be NULL.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME,
///     FLOWSEAL_STATUS_USAGE for another number, and for a status that is no reason.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_audit_created_error(
    audit: flowseal_audit,
    start: flowseal_start,
    status: u32,
    check: u32,
    now_unix_seconds: i64,
    took_ms: *const u64,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    tell!(audit of handle(start), value(status), value(check) at now_unix_seconds, took_ms to buffer(buffer, capacity, len):
        audit.created(&start, Err(&why(status, check)?), now_unix_seconds))
}

/// A device has picked the flow up: the session's FLOWSEAL_ACTION_KIND_PROGRESS.
///
/// @param audit The audit.
/// @param pending The pending flow.
/// @param now_unix_seconds When.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_audit_picked_up(
    audit: flowseal_audit,
    pending: flowseal_pending_flow,
    now_unix_seconds: i64,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    tell!(audit of handle(pending) at now_unix_seconds to buffer(buffer, capacity, len):
        audit.picked_up(&pending.value(), now_unix_seconds))
}

/// The app wants the flow cancelled.
///
/// @param audit The audit.
/// @param pending The pending flow.
/// @param now_unix_seconds When.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_audit_cancel_asked(
    audit: flowseal_audit,
    pending: flowseal_pending_flow,
    now_unix_seconds: i64,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    tell!(audit of handle(pending) at now_unix_seconds to buffer(buffer, capacity, len):
        audit.cancel_asked(&pending.value(), now_unix_seconds))
}

/// The session has ended with its flow. That it is complete says nothing of whether it is genuine.
///
/// @param audit The audit.
/// @param pending The pending flow.
/// @param flow The flow at its end.
/// @param now_unix_seconds When.
/// @param took_ms How long it took, by the caller's clock; may be NULL.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_audit_ended(
    audit: flowseal_audit,
    pending: flowseal_pending_flow,
    flow: flowseal_flow,
    now_unix_seconds: i64,
    took_ms: *const u64,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    tell!(audit of handle(pending), handle(flow) at now_unix_seconds, took_ms to buffer(buffer, capacity, len):
        audit.ended::<Error>(&pending.value(), Ok(&*flow), now_unix_seconds))
}

/// The session has ended without the flow's end.
///
/// @param audit The audit.
/// @param pending The pending flow.
/// @param status Why, as the call's status.
/// @param check The check that failed, a number of `flowseal_check`; 0 where none did.
/// @param now_unix_seconds When.
/// @param took_ms How long it took, by the caller's clock; may be NULL.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME,
///     FLOWSEAL_STATUS_USAGE for another number, and for a status that is no reason.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_audit_ended_error(
    audit: flowseal_audit,
    pending: flowseal_pending_flow,
    status: u32,
    check: u32,
    now_unix_seconds: i64,
    took_ms: *const u64,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    tell!(audit of handle(pending), value(status), value(check) at now_unix_seconds, took_ms to buffer(buffer, capacity, len):
        audit.ended(&pending.value(), Err(&why(status, check)?), now_unix_seconds))
}

/// The flow was judged, and flowseal_pending_flow_finish() has given its result.
///
/// @param audit The audit.
/// @param pending The pending flow.
/// @param verified The verified flow.
/// @param now_unix_seconds When.
/// @param took_ms How long it took, by the caller's clock; may be NULL.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_audit_finished(
    audit: flowseal_audit,
    pending: flowseal_pending_flow,
    verified: flowseal_verified_flow,
    now_unix_seconds: i64,
    took_ms: *const u64,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    tell!(audit of handle(pending), handle(verified) at now_unix_seconds, took_ms to buffer(buffer, capacity, len):
        audit.finished::<_, Error>(&pending.value(), Ok(&*verified), now_unix_seconds))
}

/// The same of flowseal_pending_flow_finish_received().
///
/// @param audit The audit.
/// @param pending The pending flow.
/// @param received The received flow.
/// @param now_unix_seconds When.
/// @param took_ms How long it took, by the caller's clock; may be NULL.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_audit_finished_received(
    audit: flowseal_audit,
    pending: flowseal_pending_flow,
    received: flowseal_received_flow,
    now_unix_seconds: i64,
    took_ms: *const u64,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    tell!(audit of handle(pending), handle(received) at now_unix_seconds, took_ms to buffer(buffer, capacity, len):
        audit.finished::<_, Error>(&pending.value(), Ok(&*received), now_unix_seconds))
}

/// The flow was judged, and either of them has refused it.
///
/// FLOWSEAL_DETAIL_CHECK of the error's details is the check that failed, where one did.
///
/// @param audit The audit.
/// @param pending The pending flow.
/// @param status Why, as the call's status.
/// @param check The check that failed, a number of `flowseal_check`; 0 where none did.
/// @param now_unix_seconds When.
/// @param took_ms How long it took, by the caller's clock; may be NULL.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME,
///     FLOWSEAL_STATUS_USAGE for another number, and for a status that is no reason.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_audit_finished_error(
    audit: flowseal_audit,
    pending: flowseal_pending_flow,
    status: u32,
    check: u32,
    now_unix_seconds: i64,
    took_ms: *const u64,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    tell!(audit of handle(pending), value(status), value(check) at now_unix_seconds, took_ms to buffer(buffer, capacity, len):
        audit.finished::<VerifiedFlow, _>(&pending.value(), Err(&why(status, check)?), now_unix_seconds))
}

/// The flow's claims were opened.
///
/// @param audit The audit.
/// @param pending The pending flow.
/// @param claims The claims, of which nothing but their trust is in the event.
/// @param now_unix_seconds When.
/// @param took_ms How long it took, by the caller's clock; may be NULL.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_audit_opened(
    audit: flowseal_audit,
    pending: flowseal_pending_flow,
    claims: flowseal_opened_claims,
    now_unix_seconds: i64,
    took_ms: *const u64,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    tell!(audit of handle(pending), handle(claims) at now_unix_seconds, took_ms to buffer(buffer, capacity, len):
        audit.opened::<Error>(&pending.value(), Ok(&*claims), now_unix_seconds))
}

/// The flow's claims were not opened.
///
/// @param audit The audit.
/// @param pending The pending flow.
/// @param status Why, as the call's status.
/// @param check The check that failed, a number of `flowseal_check`; 0 where none did.
/// @param now_unix_seconds When.
/// @param took_ms How long it took, by the caller's clock; may be NULL.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME,
///     FLOWSEAL_STATUS_USAGE for another number, and for a status that is no reason.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_audit_opened_error(
    audit: flowseal_audit,
    pending: flowseal_pending_flow,
    status: u32,
    check: u32,
    now_unix_seconds: i64,
    took_ms: *const u64,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    tell!(audit of handle(pending), value(status), value(check) at now_unix_seconds, took_ms to buffer(buffer, capacity, len):
        audit.opened(&pending.value(), Err(&why(status, check)?), now_unix_seconds))
}

/// Frees an audit.
///
/// @param audit The handle, unusable from here on. A call that uses it in another thread ends as if
///     nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_audit_free(audit: flowseal_audit) -> flowseal_status {
    call(|| (None, Ok(())), |()| audit.free())
}

/// A reason, as the core's events have it. What is this library's own, such as a callback that has
/// failed, happened to a call and not to a flow, and no code of the core says it.
fn why(status: u32, check: u32) -> Result<(ErrorCode, Option<Check>), Failure> {
    let code = ErrorCode::from_number(status).ok_or(Failure::Said(
        flowseal_status::Usage,
        "this status says nothing of a flow: give that of a refusal, below 80 or above 99",
    ))?;
    let check = match check {
        0 => None,
        check => Some(flowseal_check::core(check)?),
    };
    Ok((code, check))
}

fn told(event: &AuditEvent, took: Option<u64>, buffer: Buffer) -> Result<(), Failure> {
    let json = match took {
        Some(took) => event
            .clone()
            .with_took(Duration::from_millis(took))
            .to_json(),
        None => event.to_json(),
    };
    buffer.copy(json.to_string().as_bytes())
}
