//! Webhooks: hints that a flow has changed, which a ping has to confirm.

use std::ffi::{c_char, c_void};

use flowseal::UnixTime;
use flowseal::api::{ApiConfig, SessionToken, Webhook, WebhookStore};

use crate::api_config::flowseal_api_config;
use crate::edge::{call, take};
use crate::error::{Failure, flowseal_error};
use crate::handle::{Handle, handle};
use crate::request::flowseal_request;
use crate::session_token::flowseal_session_token;
use crate::status::flowseal_status;

/// A webhook as it was received: a hint that something has happened to a flow, and no more.
/// Anyone who knows the address can send one, so there is no way from its body to a flow: all
/// that it can cause is the ping that confirms it.
///
/// Thread-safe. Freed with flowseal_webhook_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_webhook {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_webhook, Webhook, 27);

/// Writes the identifier of the flow that waits for a webhook of this reference to `flow`, and its
/// length to `flow_len`. It returns false where none waits, or where the identifier is longer than
/// the capacity, which is at least 256. It must return: no exception of C++ and no longjmp may
/// leave it.
pub type flowseal_flow_of_callback = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        reference: *const c_char,
        reference_len: usize,
        flow: *mut c_char,
        capacity: usize,
        flow_len: *mut usize,
    ) -> bool,
>;

/// Remembers a key until a moment in Unix seconds. It returns false if the key is remembered
/// already; of two calls at the same time with one key, only one may get true. It must return,
/// likewise.
pub type flowseal_remember_callback = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        key: *const c_char,
        key_len: usize,
        until_unix_seconds: i64,
    ) -> bool,
>;

/// What the caller knows, asked through its functions.
struct Store {
    flow_of: unsafe extern "C" fn(
        *mut c_void,
        *const c_char,
        usize,
        *mut c_char,
        usize,
        *mut usize,
    ) -> bool,
    remember: unsafe extern "C" fn(*mut c_void, *const c_char, usize, i64) -> bool,
    context: *mut c_void,
}

/// What there is room for, as the header tells: many times what an identifier has, and less than
/// the core would take. A longer one cannot be told here, and counts as no flow.
const FLOW_CAPACITY: usize = 256;

impl WebhookStore for Store {
    fn flow_of(&self, reference: &str) -> Option<String> {
        let mut flow = vec![0; FLOW_CAPACITY];
        let mut len = 0;
        // SAFETY: the function is the caller's, which promises that it keeps to its description: it
        // writes no more than the capacity to `flow`, and one length.
        let found = unsafe {
            (self.flow_of)(
                self.context,
                reference.as_ptr().cast(),
                reference.len(),
                flow.as_mut_ptr().cast(),
                flow.len(),
                &raw mut len,
            )
        };
        flow.truncate(len);
        let flow = String::from_utf8(flow).ok();
        flow.filter(|_| found && len <= FLOW_CAPACITY)
    }

    fn remember(&mut self, key: &str, until: UnixTime) -> bool {
        let until = crate::flow::whole(until);
        // SAFETY: the function is the caller's, which promises that it keeps to its description.
        unsafe { (self.remember)(self.context, key.as_ptr().cast(), key.len(), until) }
    }
}

/// Reads the body of a webhook.
///
/// @param json The body.
/// @param json_len Its length in bytes.
/// @param[out] webhook The webhook, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_WEBHOOK for a body that is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_webhook_from_json(
    json: *const c_char,
    json_len: usize,
    webhook: *mut flowseal_webhook,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(json, json_len), out(webhook)),
        |(json, webhook)| webhook.put(Webhook::from_json(json)?),
    )
}

/// The ping that confirms it, for the one flow that it is about and that the caller waits for. Send
/// it, and believe its answer alone.
///
/// The functions are called before this one returns, in the same thread. Where it refuses nothing
/// is remembered, so that the sender's next try is heard.
///
/// @param webhook The webhook.
/// @param config The configuration.
/// @param token The session token, which v1 needs; may be NULL.
/// @param flow_of Tells which of the caller's flows waits for a reference.
/// @param remember Remembers a webhook, so that it is taken once.
/// @param context Given to both functions as it is; may be NULL.
/// @param now_unix_seconds The time.
/// @param[out] request The ping, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_WEBHOOK_UNMATCHED for references that the
///     caller waits for none of, FLOWSEAL_STATUS_WEBHOOK for those of several flows,
///     FLOWSEAL_STATUS_WEBHOOK_REPLAYED for one that has come before, FLOWSEAL_STATUS_TIME,
///     FLOWSEAL_STATUS_API_UNAUTHORIZED in v1 without a token.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_webhook_confirm(
    webhook: flowseal_webhook,
    config: flowseal_api_config,
    token: *const flowseal_session_token,
    flow_of: flowseal_flow_of_callback,
    remember: flowseal_remember_callback,
    context: *mut c_void,
    now_unix_seconds: i64,
    request: *mut flowseal_request,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(webhook), handle(config), optional_handle(token), value(flow_of), value(remember), value(context), value(now_unix_seconds), out(request)),
        |(webhook, config, token, flow_of, remember, context, now, request)| {
            let store = store(flow_of, remember, context)?;
            let config = config.value();
            let ping = confirmed(&webhook, &config, token.as_deref(), store, now)?;
            request.put(ping.into())
        },
    )
}

/// Frees a webhook.
///
/// @param webhook The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_webhook_free(webhook: flowseal_webhook) -> flowseal_status {
    call(|| (None, Ok(())), |()| webhook.free())
}

fn store(
    flow_of: flowseal_flow_of_callback,
    remember: flowseal_remember_callback,
    context: *mut c_void,
) -> Result<Store, Failure> {
    match (flow_of, remember) {
        (Some(flow_of), Some(remember)) => Ok(Store {
            flow_of,
            remember,
            context,
        }),
        _ => Err(Failure::own(flowseal_status::Pointer)),
    }
}

fn confirmed(
    webhook: &Webhook,
    config: &ApiConfig,
    token: Option<&SessionToken>,
    mut store: Store,
    now_unix_seconds: i64,
) -> Result<flowseal::api::Request, Failure> {
    let now = UnixTime::from_seconds(now_unix_seconds)?;
    Ok(webhook.confirm(config, token, &mut store, now)?)
}
