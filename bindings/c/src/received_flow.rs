//! Flows that are believed because a session received them.

use std::ffi::c_char;

use flowseal::api::ReceivedFlow;

use crate::edge::{call, get, take};
use crate::error::flowseal_error;
use crate::flow::flowseal_flow;
use crate::handle::{Handle, handle};
use crate::key_ring::flowseal_key_ring;
use crate::lists::flowseal_trust;
use crate::opened_claims::flowseal_opened_claims;
use crate::options::flowseal_open_options;
use crate::report::flowseal_report;
use crate::status::flowseal_status;

/// A flow that is believed because the API itself gave it to the caller's own session.
///
/// This is another level of trust than a verified flow's, and an honest one: it is the caller's
/// word that these bytes answered that request. It rests on the API's honesty, on TLS, and on
/// nobody else answering in the API's place; nothing of it can be shown to anyone later, and
/// claims that somebody on the way has exchanged are not seen.
///
/// flowseal_pending_flow_finish_received() alone makes one. There is no evidence of it, and it
/// opens whole or not at all.
///
/// Thread-safe. Freed with flowseal_received_flow_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_received_flow {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_received_flow, ReceivedFlow, 37);

/// Opens every claim, all or none, on the calling thread.
///
/// @param received The received flow.
/// @param ring The keys that it may be sealed to.
/// @param[out] claims The claims, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: those of flowseal_verified_flow_open().
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_received_flow_open(
    received: flowseal_received_flow,
    ring: flowseal_key_ring,
    claims: *mut flowseal_opened_claims,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(received), handle(ring), out(claims)),
        |(received, ring, claims)| claims.put(received.open(ring.value().core())?),
    )
}

/// Opens what the options select, all or none.
///
/// @param received The received flow.
/// @param ring The keys that it may be sealed to.
/// @param options What to open, and how.
/// @param[out] claims The claims, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: those of flowseal_verified_flow_open().
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_received_flow_open_with(
    received: flowseal_received_flow,
    ring: flowseal_key_ring,
    options: flowseal_open_options,
    claims: *mut flowseal_opened_claims,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(received), handle(ring), handle(options), out(claims)),
        |(received, ring, options, claims)| {
            claims.put(received.open_with(ring.value().core(), &options.value())?)
        },
    )
}

/// The flow's reference, which is the pending flow's.
///
/// @param received The received flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_received_flow_reference(
    received: flowseal_received_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(received to buffer(buffer, capacity, len): copy(received.reference().as_bytes()))
}

/// The person, as the API says: under no signature that was verified.
///
/// @param received The received flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_received_flow_requestee_received(
    received: flowseal_received_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(received to buffer(buffer, capacity, len): copy(received.requestee_received().as_bytes()))
}

/// What makes it one to believe: FLOWSEAL_TRUST_RECEIVED.
///
/// @param received The received flow.
/// @param[out] trust The trust.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_received_flow_trust(
    received: flowseal_received_flow,
    trust: *mut flowseal_trust,
) -> flowseal_status {
    get!(received to out(trust): set(flowseal_trust::of(received.trust())?))
}

/// What was looked at and found. The check `received` has passed, on the caller's word.
///
/// @param received The received flow.
/// @param[out] report The report, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_received_flow_report(
    received: flowseal_received_flow,
    report: *mut flowseal_report,
) -> flowseal_status {
    get!(received to out(report): put(received.report().clone()))
}

/// The flow as it was received.
///
/// @param received The received flow.
/// @param[out] flow The flow, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_received_flow_unauthenticated(
    received: flowseal_received_flow,
    flow: *mut flowseal_flow,
) -> flowseal_status {
    get!(received to out(flow): put(received.unauthenticated().clone()))
}

/// Frees a received flow.
///
/// @param received The handle, unusable from here on. A call that uses it in another thread ends
///     as if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_received_flow_free(received: flowseal_received_flow) -> flowseal_status {
    call(|| (None, Ok(())), |()| received.free())
}
