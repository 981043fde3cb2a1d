//! The start of a flow, and what the API says of it.

use std::ffi::c_char;
use std::time::Duration;

use flowseal::Json;
use flowseal::api::{Created, Start};

use crate::api_config::flowseal_api_config;
use crate::binding::flowseal_binding;
use crate::device::{flowseal_device, flowseal_signer, flowseal_webhook_target};
use crate::edge::{at, call, flowseal_slice, get, take};
use crate::error::{ABSENT, flowseal_error};
use crate::flow::whole;
use crate::handle::{Handle, handle};
use crate::http_response::flowseal_http_response;
use crate::lists::flowseal_purpose;
use crate::pending::flowseal_pending_flow;
use crate::request::{Sendable, flowseal_request};
use crate::response::copied;
use crate::session_token::flowseal_session_token;
use crate::setting::Setting;
use crate::status::flowseal_status;

/// A flow that is to be started: the request to be sent, and what it asks.
///
/// A configuration makes it, by flowseal_api_config_identify(), flowseal_api_config_sign() and
/// flowseal_api_config_confirm(). What comes back is read by flowseal_start_read(), and both
/// together are the pending flow, which leads to the end.
///
/// Thread-safe. Freed with flowseal_start_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_start {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_start, Start, 32);

/// Asks a person who they are.
///
/// @param config The configuration.
/// @param purpose A number of `flowseal_purpose`.
/// @param claims Keys of the catalogue, such as `naming.given`, as UTF-8.
/// @param claims_count How many claims.
/// @param payload What the person reads before they approve: what it is about, and where, so that
///     they can tell it from what somebody else has started.
/// @param payload_len Its length in bytes.
/// @param device Where the person is asked, and who.
/// @param[out] start The start, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a payload that is empty, for a claim
///     that is empty or named twice, and for another number, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_config_identify(
    config: flowseal_api_config,
    purpose: u32,
    claims: *const flowseal_slice,
    claims_count: usize,
    payload: *const c_char,
    payload_len: usize,
    device: flowseal_device,
    start: *mut flowseal_start,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(config), value(purpose), texts(claims, claims_count), text(payload, payload_len), handle(device), out(start)),
        |(config, purpose, claims, payload, device, start)| {
            let purpose = flowseal_purpose::core(purpose)?;
            start.put(config.value().identify(purpose, claims, payload, &device)?)
        },
    )
}

/// Asks a person to sign. When they have, the API says so to the webhook.
///
/// @param config The configuration.
/// @param signer Who signs, and where.
/// @param payload What the person reads before they approve: what it is about, and where, so that
///     they can tell it from what somebody else has started.
/// @param payload_len Its length in bytes.
/// @param webhook Where the API posts when the flow has changed.
/// @param[out] start The start, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a payload that is empty, and for a
///     webhook on this machine where the API is on another, FLOWSEAL_STATUS_API_VERSION for a
///     wildcard in v1, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_config_sign(
    config: flowseal_api_config,
    signer: flowseal_signer,
    payload: *const c_char,
    payload_len: usize,
    webhook: flowseal_webhook_target,
    start: *mut flowseal_start,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(config), handle(signer), text(payload, payload_len), handle(webhook), out(start)),
        |(config, signer, payload, webhook, start)| {
            start.put(config.value().sign(&signer, payload, &webhook)?)
        },
    )
}

/// Asks a person to confirm something.
///
/// @param config The configuration.
/// @param signer Who confirms, and where.
/// @param payload What the person reads before they approve: what it is about, and where, so that
///     they can tell it from what somebody else has started.
/// @param payload_len Its length in bytes.
/// @param webhook Where the API posts when the flow has changed; may be NULL.
/// @param[out] start The start, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: those of flowseal_api_config_sign(), and FLOWSEAL_STATUS_USAGE
///     without a webhook in v1, which wants one always.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_config_confirm(
    config: flowseal_api_config,
    signer: flowseal_signer,
    payload: *const c_char,
    payload_len: usize,
    webhook: *const flowseal_webhook_target,
    start: *mut flowseal_start,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(config), handle(signer), text(payload, payload_len), optional_handle(webhook), out(start)),
        |(config, signer, payload, webhook, start)| {
            start.put(
                config
                    .value()
                    .confirm(&signer, payload, webhook.as_deref())?,
            )
        },
    )
}

/// What to send. An answer may take as long as that to a ping: give up after 10 s.
///
/// @param start The start.
/// @param[out] request The request, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_start_request(
    start: flowseal_start,
    request: *mut flowseal_request,
) -> flowseal_status {
    get!(start to out(request): put(Sendable::OfStart(start)))
}

/// How many things about what is asked are unusual and may still be right: a claim that the
/// catalogue does not have.
///
/// @param start The start.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_start_warning_count(
    start: flowseal_start,
    count: *mut usize,
) -> flowseal_status {
    get!(start to out(count): set(start.warnings().len()))
}

/// One of them, as a sentence for a log.
///
/// @param start The start.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_start_warning(
    start: flowseal_start,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(start[index] to buffer(buffer, capacity, len): copy(at(start.warnings().iter(), index)?.as_bytes()))
}

/// Reads the answer.
///
/// @param start The start.
/// @param response What came back.
/// @param[out] created What was created, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_UNAUTHORIZED to FLOWSEAL_STATUS_API_ERROR
///     for an error of the API, whose issues name the members that are wrong;
///     FLOWSEAL_STATUS_API_ANSWER for the answer to another request, and for one without an
///     identifier or what the device needs, or with a link that is not an https URL;
///     FLOWSEAL_STATUS_JSON and its relatives.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_start_read(
    start: flowseal_start,
    response: flowseal_http_response,
    created: *mut flowseal_created,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(start), handle(response), out(created)),
        |(start, response, created)| {
            created.put(response.value().with(|response| start.read(response))?)
        },
    )
}

/// Frees a start.
///
/// @param start The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_start_free(start: flowseal_start) -> flowseal_status {
    call(|| (None, Ok(())), |()| start.free())
}

/// A flow that the API has started: its identifier, and what brings a person to it. Nothing of it
/// is signed by anybody whose key is known; who is asked and for what is in the pending flow, as
/// it was sent.
///
/// Thread-safe. Freed with flowseal_created_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_created {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_created, Created, 33);

/// How long one QR code is shown: the vendor's sample takes as long.
pub const FLOWSEAL_SEED_SHOWN_MS: u64 = 1200;

/// The flow's identifier, `req_…`: its reference from here on.
///
/// @param created What was created.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_created_flow(
    created: flowseal_created,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(created to buffer(buffer, capacity, len): copy(created.flow().as_bytes()))
}

/// The https URL to be opened on the device, where the person is asked on the same one. Whoever
/// opens it first is asked: give it to the browser that the flow is bound to, and to nothing else.
///
/// @param created What was created.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_created_link(
    created: flowseal_created,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(created to buffer(buffer, capacity, len): copy_if_present(created.link()))
}

/// How many QR codes there are, where any device may scan one.
///
/// @param created What was created.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_created_seed_count(
    created: flowseal_created,
    count: *mut usize,
) -> flowseal_status {
    get!(created to out(count): set(created.seeds().len()))
}

/// The text of one of them.
///
/// @param created What was created.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_created_seed(
    created: flowseal_created,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(created[index] to buffer(buffer, capacity, len): copy(at(created.seeds().iter(), index)?.as_bytes()))
}

/// The QR code to be shown so long after the first one: another every FLOWSEAL_SEED_SHOWN_MS.
///
/// @param created What was created.
/// @param since_shown_ms The time since the first one was shown.
/// @param chance Any random number that stays the same for the flow.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there are no seeds.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_created_seed_at(
    created: flowseal_created,
    since_shown_ms: u64,
    chance: u32,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(created), value(since_shown_ms), value(chance), buffer(buffer, capacity, len)),
        |(created, since_shown, chance, buffer)| {
            buffer.copy_if_present(created.seed_at(Duration::from_millis(since_shown), chance))
        },
    )
}

/// The token that some of these answers have. Its purpose is documented nowhere, so it is kept as
/// the secret that it is elsewhere, and stands in no pending flow.
///
/// @param created What was created.
/// @param[out] token The token, to be freed.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_created_token(
    created: flowseal_created,
    token: *mut flowseal_session_token,
) -> flowseal_status {
    get!(created to out(token): put(copied(created.token().ok_or(ABSENT)?)?))
}

/// When the flow expires, by the API's clock.
///
/// @param created What was created.
/// @param[out] unix_seconds The moment.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_created_expires_unix_seconds(
    created: flowseal_created,
    unix_seconds: *mut i64,
) -> flowseal_status {
    get!(created to out(unix_seconds): set(whole(created.expires())))
}

/// What the flow costs, as a number of JSON, where the answer says so.
///
/// @param created What was created.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_created_cost(
    created: flowseal_created,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(created to buffer(buffer, capacity, len): copy_if_present(created.cost().map(|cost| Json::Number(cost).to_string())))
}

/// The request as the API keeps it, as JSON, to be shown and not to be believed: what was asked is
/// what was sent.
///
/// @param created What was created.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_created_request(
    created: flowseal_created,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(created to buffer(buffer, capacity, len): copy(Json::Object(created.request().members().clone()).to_string().as_bytes()))
}

/// The flow as it is pending from now on: what this answer and its request say, and the browser
/// that it was started for.
///
/// @param created What was created.
/// @param binding The browser; may be NULL.
/// @param[out] pending The pending flow, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE without a binding where the person is
///     asked on the same device: any other browser could fetch the result.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_created_pending(
    created: flowseal_created,
    binding: *const flowseal_binding,
    pending: *mut flowseal_pending_flow,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(created), optional_handle(binding), out(pending)),
        |(created, binding, pending)| {
            pending.put(Setting::new(created.pending(binding.as_deref())?))
        },
    )
}

/// Frees what was created.
///
/// @param created The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_created_free(created: flowseal_created) -> flowseal_status {
    call(|| (None, Ok(())), |()| created.free())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_shown_as_long_as_the_core_says() {
        let shown = Duration::from_millis(FLOWSEAL_SEED_SHOWN_MS);
        assert_eq!(shown, Created::SEED_SHOWN);
    }
}
