//! Flows as they were received.

use std::ffi::c_char;

use flowseal::{Flow, UnixTime};

use crate::edge::{at, call, get, take};
use crate::error::{ABSENT, flowseal_error};
use crate::handle::{Handle, handle};
use crate::lists::flowseal_state;
use crate::profile::flowseal_profile;
use crate::status::flowseal_status;

/// A flow as it was received. Nothing of it is proved yet.
///
/// Thread-safe. Freed with flowseal_flow_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_flow {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_flow, Flow, 3);

/// Reads the flow of a response of the API, or a bare flow.
///
/// @param json The response.
/// @param json_len Its length in bytes.
/// @param[out] flow The flow, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_JSON to FLOWSEAL_STATUS_CLAIM_NAME,
///     FLOWSEAL_STATUS_TIME.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_from_json(
    json: *const c_char,
    json_len: usize,
    flow: *mut flowseal_flow,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(json, json_len), out(flow)),
        |(json, flow)| flow.put(Flow::from_json(json)?),
    )
}

/// Reads a flow under a profile, which then has to be that of the verifier and the keys too.
///
/// @param json The response.
/// @param json_len Its length in bytes.
/// @param profile The profile.
/// @param[out] flow The flow, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: those of flowseal_flow_from_json().
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_from_json_with(
    json: *const c_char,
    json_len: usize,
    profile: flowseal_profile,
    flow: *mut flowseal_flow,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(json, json_len), handle(profile), out(flow)),
        |(json, profile, flow)| flow.put(flowseal::Setup::new(profile.clone()).read_flow(json)?),
    )
}

/// The flow's `reference`, proved by nobody.
///
/// @param flow The flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_reference(
    flow: flowseal_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(flow to buffer(buffer, capacity, len): copy(flow.reference().as_bytes()))
}

/// The flow's `requester`, proved by nobody.
///
/// @param flow The flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_requester(
    flow: flowseal_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(flow to buffer(buffer, capacity, len): copy(flow.requester().as_bytes()))
}

/// The flow's `requestee`, proved by nobody.
///
/// @param flow The flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_requestee(
    flow: flowseal_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(flow to buffer(buffer, capacity, len): copy(flow.requestee().as_bytes()))
}

/// The flow's `mode`, proved by nobody.
///
/// @param flow The flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_mode(
    flow: flowseal_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(flow to buffer(buffer, capacity, len): copy(flow.mode().name().as_bytes()))
}

/// The state as it shows from outside.
///
/// @param flow The flow.
/// @param[out] state How far it has come.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_state(
    flow: flowseal_flow,
    state: *mut flowseal_state,
) -> flowseal_status {
    get!(flow to out(state): set(flowseal_state::of(flow.state())?))
}

/// The e-signature as it was sent, not looked at.
///
/// @param flow The flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_signature(
    flow: flowseal_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(flow to buffer(buffer, capacity, len): copy_if_present(flow.signature()))
}

/// The `username` beside the flow, which nobody signs.
///
/// @param flow The flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_username_unverified(
    flow: flowseal_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(flow to buffer(buffer, capacity, len): copy_if_present(flow.username_unverified()))
}

/// When the flow was started, in Unix seconds; proved by nobody.
///
/// @param flow The flow.
/// @param[out] unix_seconds The moment.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_iat_unix_seconds(
    flow: flowseal_flow,
    unix_seconds: *mut i64,
) -> flowseal_status {
    get!(flow to out(unix_seconds): set(whole(flow.iat())))
}

/// When the flow was signed, in Unix seconds; proved by nobody.
///
/// @param flow The flow.
/// @param[out] unix_seconds The moment.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_signed_at_unix_seconds(
    flow: flowseal_flow,
    unix_seconds: *mut i64,
) -> flowseal_status {
    get!(flow to out(unix_seconds): set(whole(flow.signed_at().ok_or(ABSENT)?)))
}

/// Whether the flow is marked as cancelled.
///
/// @param flow The flow.
/// @param[out] cancelled The mark.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_cancelled(
    flow: flowseal_flow,
    cancelled: *mut bool,
) -> flowseal_status {
    get!(flow to out(cancelled): set(flow.cancelled()))
}

/// The flow's `onsession`.
///
/// @param flow The flow.
/// @param[out] onsession Its value.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_onsession(
    flow: flowseal_flow,
    onsession: *mut bool,
) -> flowseal_status {
    get!(flow to out(onsession): set(flow.onsession().ok_or(ABSENT)?))
}

/// A member of the flow as JSON, proved by nobody.
///
/// @param flow The flow.
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
pub unsafe extern "C" fn flowseal_flow_member(
    flow: flowseal_flow,
    name: *const c_char,
    name_len: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(flow), text(name, name_len), buffer(buffer, capacity, len)),
        |(flow, name, buffer)| buffer.copy_if_present(flow.member(name).map(ToString::to_string)),
    )
}

/// The whole flow as JSON, its claims still sealed.
///
/// @param flow The flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_to_json(
    flow: flowseal_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(flow to buffer(buffer, capacity, len): copy(flow.members().to_string().as_bytes()))
}

/// The flow from outside as JSON, without claims and people: what may go into a ticket.
///
/// Members: `reference`, `mode`, `state`, `iat`, `signedAt`, `leaves` (`path`, `bytes`),
/// `signature_bytes`.
///
/// @param flow The flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_inspect(
    flow: flowseal_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(flow to buffer(buffer, capacity, len): copy(flow.outline().to_string().as_bytes()))
}

/// How many sealed claims the flow has.
///
/// @param flow The flow.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_leaf_count(
    flow: flowseal_flow,
    count: *mut usize,
) -> flowseal_status {
    get!(flow to out(count): set(flow.claims().leaves().count()))
}

/// The path of a sealed claim, such as `naming.given`.
///
/// @param flow The flow.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_leaf_path(
    flow: flowseal_flow,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(flow[index] to buffer(buffer, capacity, len):
        copy(at(flow.claims().leaves(), index)?.path.as_bytes()))
}

/// A moment as C counts it.
pub(crate) fn whole(moment: UnixTime) -> i64 {
    // A moment of the core is below 10^11 seconds.
    i64::try_from(moment.seconds()).unwrap_or(i64::MAX)
}

/// Frees a flow.
///
/// @param flow The handle, unusable from here on. A call that uses it in another thread ends as if
///     nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_flow_free(flow: flowseal_flow) -> flowseal_status {
    call(|| (None, Ok(())), |()| flow.free())
}
