//! What was asked, and whom: from the start of a flow to its end.

use std::ffi::{c_char, c_void};
use std::sync::Arc;
use std::time::Duration;

use flowseal::DetachedStatement;
use flowseal::api::PendingFlow;

use crate::api_config::flowseal_api_config;
use crate::edge::{call, flowseal_slice, get, take};
use crate::error::{Failure, flowseal_error};
use crate::expectations::flowseal_expectations;
use crate::flow::whole;
use crate::handle::{Handle, handle};
use crate::lists::{flowseal_situation, flowseal_state};
use crate::session::flowseal_session;
use crate::session_setup::session_on;
use crate::setting::Setting;
use crate::status::flowseal_status;
use crate::webhook::flowseal_webhook;

/// A flow between its start and its end: what was asked, of whom, and for which browser.
///
/// It is the way to an end. It gives the session that watches the flow, knows which webhook is
/// meant for it, and finishes the flow: what has to be compared then is compared without anyone
/// remembering to. The person expected is the one that was sent, never the one that the API's
/// answer names; the mode follows from what was started; the reference is the identifier that the
/// API gave; claims are those asked for, and others fail; a result is given once.
///
/// Between start and end it is kept as JSON, which holds no credential and no token. That JSON is
/// no proof of itself: keep it on the server, and give the browser a random id of it. Where it has
/// to travel, seal it.
///
/// A call takes it as it stands when the call begins.
///
/// Thread-safe. Freed with flowseal_pending_flow_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_pending_flow {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_pending_flow, Setting<PendingFlow>, 35);

/// The flow of a text that flowseal_pending_flow_to_json() wrote, for a configuration of the
/// environment, the base and the app that started it.
///
/// @param json The text.
/// @param json_len Its length in bytes.
/// @param config The configuration.
/// @param[out] pending The pending flow, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PENDING_FLOW for anything else: members that
///     are unknown, missing, of another type or that could not have been sent; another version;
///     another configuration.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_from_json(
    json: *const c_char,
    json_len: usize,
    config: flowseal_api_config,
    pending: *mut flowseal_pending_flow,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(json, json_len), handle(config), out(pending)),
        |(json, config, pending)| {
            pending.put(Setting::new(PendingFlow::from_json(json, &config.value())?))
        },
    )
}

/// The flow as JSON, to be kept on the server: without any credential and token, with the number
/// of the person where one was sent. The same flow is always the same text.
///
/// @param pending The pending flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_to_json(
    pending: flowseal_pending_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(pending to buffer(buffer, capacity, len): copy(pending.value().to_json().as_bytes()))
}

/// The flow as text that its holder can read and not change: its JSON with an HMAC-SHA-256.
///
/// It is not encrypted: where a person was named, their number is in it. And it can be brought
/// back as often as its holder likes; what is given once is the result.
///
/// @param pending The pending flow.
/// @param key The key: any bytes, which are random and the server's alone. The memory stays the
///     caller's to wipe.
/// @param key_len Its length in bytes, 32.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_USAGE for a key
///     of another length.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_seal(
    pending: flowseal_pending_flow,
    key: *const c_void,
    key_len: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(pending), bytes(key, key_len), buffer(buffer, capacity, len)),
        |(pending, key, buffer)| buffer.copy(pending.value().seal(sealing(key)?).as_bytes()),
    )
}

/// The flow of a text that was sealed with this key.
///
/// @param sealed The text.
/// @param sealed_len Its length in bytes.
/// @param key The key: any bytes, which are random and the server's alone. The memory stays the
///     caller's to wipe.
/// @param key_len Its length in bytes, 32.
/// @param config The configuration.
/// @param[out] pending The pending flow, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PENDING_FLOW for a text that was changed or
///     sealed with another key, and for what flowseal_pending_flow_from_json() refuses,
///     FLOWSEAL_STATUS_USAGE for a key of another length, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_unseal(
    sealed: *const c_char,
    sealed_len: usize,
    key: *const c_void,
    key_len: usize,
    config: flowseal_api_config,
    pending: *mut flowseal_pending_flow,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; text(sealed, sealed_len), bytes(key, key_len), handle(config), out(pending)),
        |(sealed, key, config, pending)| {
            pending.put(Setting::new(PendingFlow::unseal(
                sealed,
                sealing(key)?,
                &config.value(),
            )?))
        },
    )
}

/// Accepts claims that were not asked for, too.
///
/// @param pending The pending flow.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_allow_more_claims(
    pending: flowseal_pending_flow,
) -> flowseal_status {
    call(take!(; handle(pending)), |(pending,)| {
        pending.change(|old| Ok(old.clone().allow_more_claims()))
    })
}

/// The seconds by which the signer's clock may differ from the caller's; 0 unless given.
///
/// @param pending The pending flow.
/// @param seconds The seconds.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_set_leeway_seconds(
    pending: flowseal_pending_flow,
    seconds: u64,
) -> flowseal_status {
    call(
        take!(; handle(pending), value(seconds)),
        |(pending, seconds)| {
            pending.change(|old| Ok(old.clone().with_leeway(Duration::from_secs(seconds))))
        },
    )
}

/// The most seconds that the signature may be old at the end.
///
/// @param pending The pending flow.
/// @param seconds The seconds.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_set_max_age_seconds(
    pending: flowseal_pending_flow,
    seconds: u64,
) -> flowseal_status {
    call(
        take!(; handle(pending), value(seconds)),
        |(pending, seconds)| {
            pending.change(|old| Ok(old.clone().with_max_age(Duration::from_secs(seconds))))
        },
    )
}

/// The bytes that were signed, for its end under a profile whose statement is "detached". They are
/// not kept with the rest: whoever finishes the flow has them.
///
/// @param pending The pending flow.
/// @param statement The bytes that were signed.
/// @param statement_len How many.
/// @param covers The names of the members that these bytes cover, as UTF-8.
/// @param covers_count How many names.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8. Whether the profile asks for them is
///     judged at the end.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_set_detached(
    pending: flowseal_pending_flow,
    statement: *const c_void,
    statement_len: usize,
    covers: *const flowseal_slice,
    covers_count: usize,
) -> flowseal_status {
    call(
        take!(; handle(pending), bytes(statement, statement_len), texts(covers, covers_count)),
        |(pending, statement, covers)| {
            let detached = DetachedStatement::new(statement, covers);
            pending.change(|old| Ok(old.clone().with_detached(detached)))
        },
    )
}

/// The flow's identifier, `req_…`.
///
/// @param pending The pending flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_reference(
    pending: flowseal_pending_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(pending to buffer(buffer, capacity, len): copy(pending.value().reference().as_bytes()))
}

/// The person who was asked, as it was sent; absent where whoever comes will do.
///
/// @param pending The pending flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_person(
    pending: flowseal_pending_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(pending to buffer(buffer, capacity, len): copy_if_present(pending.value().person()))
}

/// When the flow expires, by the API's clock.
///
/// @param pending The pending flow.
/// @param[out] unix_seconds The moment.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_expires_unix_seconds(
    pending: flowseal_pending_flow,
    unix_seconds: *mut i64,
) -> flowseal_status {
    get!(pending to out(unix_seconds): set(whole(pending.value().expires())))
}

/// The last moment at which it can be finished, and until which that has to be remembered.
///
/// @param pending The pending flow.
/// @param[out] unix_seconds The moment.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_finish_by_unix_seconds(
    pending: flowseal_pending_flow,
    unix_seconds: *mut i64,
) -> flowseal_status {
    get!(pending to out(unix_seconds): set(whole(pending.value().finish_by())))
}

/// The reference by which webhooks name it, where one was asked for.
///
/// @param pending The pending flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_webhook_reference(
    pending: flowseal_pending_flow,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(pending to buffer(buffer, capacity, len): copy_if_present(pending.value().webhook_reference()))
}

/// The flow's identifier, where a webhook's reference means this flow: what a
/// `flowseal_flow_of_callback` gives.
///
/// @param pending The pending flow.
/// @param reference The webhook's reference.
/// @param reference_len Its length in bytes.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where it
///     means another, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_flow_of(
    pending: flowseal_pending_flow,
    reference: *const c_char,
    reference_len: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(pending), text(reference, reference_len), buffer(buffer, capacity, len)),
        |(pending, reference, buffer)| buffer.copy_if_present(pending.value().flow_of(reference)),
    )
}

/// Whether a webhook names this flow. It is a hint to ping, and never proof.
///
/// @param pending The pending flow.
/// @param webhook The webhook.
/// @param[out] meant The answer.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_is_meant_by(
    pending: flowseal_pending_flow,
    webhook: flowseal_webhook,
    meant: *mut bool,
) -> flowseal_status {
    call(
        take!(; handle(pending), handle(webhook), out(meant)),
        |(pending, webhook, meant)| meant.set(pending.value().is_meant_by(&webhook)),
    )
}

/// What the flow has to be at its end. flowseal_pending_flow_finish() compares it with these
/// itself.
///
/// @param pending The pending flow.
/// @param[out] expectations The expectations, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_expectations(
    pending: flowseal_pending_flow,
    expectations: *mut flowseal_expectations,
) -> flowseal_status {
    get!(pending to out(expectations): put(Setting::new(pending.value().expectations())))
}

/// Where the person is while the flow is in this state: what they are to do depends on the device
/// that they are asked on.
///
/// @param pending The pending flow.
/// @param state A number of `flowseal_state`.
/// @param[out] situation The situation.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_situation(
    pending: flowseal_pending_flow,
    state: u32,
    situation: *mut flowseal_situation,
) -> flowseal_status {
    call(
        take!(; handle(pending), value(state), out(situation)),
        |(pending, state, situation)| {
            let now = pending.value().situation(flowseal_state::core(state)?);
            situation.set(flowseal_situation::of(now)?)
        },
    )
}

/// Watches the flow until it ends.
///
/// @param pending The pending flow.
/// @param config The configuration, as it stands: that which started it.
/// @param[out] session The session, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PENDING_FLOW for a configuration of another
///     environment, base or app than the flow was started with, and those of
///     flowseal_session_new().
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_session(
    pending: flowseal_pending_flow,
    config: flowseal_api_config,
    session: *mut flowseal_session,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(pending), handle(config), out(session)),
        |(pending, config, session)| {
            session.put(session_on(pending.value(), Arc::clone(&config.value()))?)
        },
    )
}

/// Frees a pending flow.
///
/// @param pending_flow The handle, unusable from here on. A call that uses it in another thread
///     ends as if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_pending_flow_free(
    pending_flow: flowseal_pending_flow,
) -> flowseal_status {
    call(|| (None, Ok(())), |()| pending_flow.free())
}

fn sealing(key: &[u8]) -> Result<&[u8; 32], Failure> {
    let sentence = "a pending flow is sealed with a key of 32 bytes: give 32 random ones";
    key.try_into()
        .map_err(|_| Failure::Said(flowseal_status::Usage, sentence))
}
