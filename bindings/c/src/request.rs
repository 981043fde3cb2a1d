//! What to send to the API, for the caller's HTTP client.

use std::ffi::c_char;
use std::ops::Deref;
use std::sync::Arc;

use flowseal::api::{Endpoint, Request, Start};

use crate::api_config::flowseal_api_config;
use crate::edge::{at, call, get, take};
use crate::error::{Failure, flowseal_error};
use crate::handle::{Handle, handle};
use crate::session_token::flowseal_session_token;
use crate::status::flowseal_status;

/// A request to the API: all that an HTTP client has to be told, and nothing sent yet. Its
/// credentials are wiped when it is freed.
///
/// Follow no redirects: the API has none, and one would take the credentials elsewhere.
///
/// Thread-safe. Freed with flowseal_request_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_request {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_request, Sendable, 21);

/// A request, and where it stands: requests are not cloned.
pub enum Sendable {
    /// It was made for itself.
    Made(Request),
    /// It is that of a start.
    OfStart(Arc<Start>),
}

impl Deref for Sendable {
    type Target = Request;

    fn deref(&self) -> &Request {
        match self {
            Self::Made(request) => request,
            Self::OfStart(start) => start.request(),
        }
    }
}

impl From<Request> for Sendable {
    fn from(request: Request) -> Self {
        Self::Made(request)
    }
}

/// An endpoint of the API, in either version.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_endpoint {
    /// `authorize`, v1 only: gives a session token.
    Authorize = 1,
    /// `cancel`: voids a flow.
    Cancel = 2,
    /// `ping`: gives a flow as it is.
    Ping = 3,
    /// `polling`: gives a flow when it has changed.
    Polling = 4,
    /// `sse`, v2 only: gives a flow again and again, as server-sent events.
    Sse = 5,
    /// `health/check`: says whether the API is there.
    Health = 6,
    /// `identification`: starts a flow in which a person says who they are.
    Identification = 7,
    /// `signing`: starts a flow in which a person signs or confirms.
    Signing = 8,
}

/// Asks for a session token (v1).
///
/// @param config The configuration.
/// @param[out] request The request, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_VERSION in v2, which has none,
///     FLOWSEAL_STATUS_API_CONFIG where the identifiers are missing.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_request_authorize(
    config: flowseal_api_config,
    request: *mut flowseal_request,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(config), out(request)),
        |(config, request)| request.put(config.value().authorize()?.into()),
    )
}

/// Asks how a flow is.
///
/// @param config The configuration.
/// @param flow The flow's identifier, `req_…`.
/// @param flow_len Its length in bytes.
/// @param token The session token, which v1 needs; may be NULL.
/// @param[out] request The request, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_UNAUTHORIZED where a session token is
///     needed, FLOWSEAL_STATUS_USAGE for an empty identifier, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_request_ping(
    config: flowseal_api_config,
    flow: *const c_char,
    flow_len: usize,
    token: *const flowseal_session_token,
    request: *mut flowseal_request,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(config), text(flow, flow_len), optional_handle(token), out(request)),
        |(config, flow, token, request)| {
            request.put(config.value().ping(flow, token.as_deref())?.into())
        },
    )
}

/// Asks how a flow is, to be answered when it has changed (v1).
///
/// @param config The configuration.
/// @param flow The flow's identifier, `req_…`.
/// @param flow_len Its length in bytes.
/// @param token The session token, which v1 needs where it is what polling carries; may be NULL.
/// @param[out] request The request, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_UNAUTHORIZED where a session token is
///     needed, FLOWSEAL_STATUS_USAGE for an empty identifier, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_request_polling(
    config: flowseal_api_config,
    flow: *const c_char,
    flow_len: usize,
    token: *const flowseal_session_token,
    request: *mut flowseal_request,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(config), text(flow, flow_len), optional_handle(token), out(request)),
        |(config, flow, token, request)| {
            request.put(config.value().polling(flow, token.as_deref())?.into())
        },
    )
}

/// Asks for a stream of events, one for each change of the flow (v2).
///
/// @param config The configuration.
/// @param flow The flow's identifier, `req_…`.
/// @param flow_len Its length in bytes.
/// @param[out] request The request, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_VERSION in v1, which has none,
///     FLOWSEAL_STATUS_USAGE for an empty identifier, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_request_sse(
    config: flowseal_api_config,
    flow: *const c_char,
    flow_len: usize,
    request: *mut flowseal_request,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(config), text(flow, flow_len), out(request)),
        |(config, flow, request)| request.put(config.value().sse(flow)?.into()),
    )
}

/// Voids a flow.
///
/// @param config The configuration.
/// @param flow The flow's identifier, `req_…`.
/// @param flow_len Its length in bytes.
/// @param token The session token, which v1 needs; may be NULL.
/// @param[out] request The request, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_UNAUTHORIZED where a session token is
///     needed, FLOWSEAL_STATUS_USAGE for an empty identifier, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_request_cancel(
    config: flowseal_api_config,
    flow: *const c_char,
    flow_len: usize,
    token: *const flowseal_session_token,
    request: *mut flowseal_request,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(config), text(flow, flow_len), optional_handle(token), out(request)),
        |(config, flow, token, request)| {
            request.put(config.value().cancel(flow, token.as_deref())?.into())
        },
    )
}

/// Asks whether the API is there: without any credential.
///
/// @param config The configuration.
/// @param[out] request The request, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_request_health_check(
    config: flowseal_api_config,
    request: *mut flowseal_request,
) -> flowseal_status {
    get!(config to out(request): put(config.value().health_check().into()))
}

/// Which endpoint it is for.
///
/// @param request The request.
/// @param[out] endpoint The endpoint.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_request_endpoint(
    request: flowseal_request,
    endpoint: *mut flowseal_endpoint,
) -> flowseal_status {
    call(
        take!(; handle(request), out(endpoint)),
        |(request, endpoint)| {
            endpoint.set(match request.endpoint() {
                Endpoint::Authorize => flowseal_endpoint::Authorize,
                Endpoint::Cancel => flowseal_endpoint::Cancel,
                Endpoint::Health => flowseal_endpoint::Health,
                Endpoint::Identification => flowseal_endpoint::Identification,
                Endpoint::Ping => flowseal_endpoint::Ping,
                Endpoint::Polling => flowseal_endpoint::Polling,
                Endpoint::Signing => flowseal_endpoint::Signing,
                Endpoint::Sse => flowseal_endpoint::Sse,
                // One that is not listed, which a test rules out, would be a defect.
                _ => return Err(Failure::own(flowseal_status::Panic)),
            })
        },
    )
}

/// The method, `GET` or `POST`.
///
/// @param request The request.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_request_method(
    request: flowseal_request,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(request to buffer(buffer, capacity, len): copy(request.method().as_str().as_bytes()))
}

/// The URL, whole. It holds no secret.
///
/// @param request The request.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_request_url(
    request: flowseal_request,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(request to buffer(buffer, capacity, len): copy(request.url().as_bytes()))
}

/// The body, JSON. Absent for a GET.
///
/// @param request The request.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_request_body(
    request: flowseal_request,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(request to buffer(buffer, capacity, len): copy_if_present(request.body()))
}

/// How many headers it has.
///
/// @param request The request.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_request_header_count(
    request: flowseal_request,
    count: *mut usize,
) -> flowseal_status {
    get!(request to out(count): set(request.headers().len()))
}

/// The name of a header, in lower case. A client adds `host` and `content-length`.
///
/// @param request The request.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_request_header_name(
    request: flowseal_request,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(request[index] to buffer(buffer, capacity, len):
        copy(at(request.headers().iter(), index)?.name().as_bytes()))
}

/// The value of a header. Where it is sensitive the copy is the caller's to wipe.
///
/// @param request The request.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_request_header_value(
    request: flowseal_request,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(request[index] to buffer(buffer, capacity, len):
        copy(at(request.headers().iter(), index)?.expose_value().as_bytes()))
}

/// Whether a header's value is a credential, which belongs in no log and in no table of HTTP/2.
///
/// @param request The request.
/// @param index Which, from 0.
/// @param[out] sensitive The answer.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_request_header_is_sensitive(
    request: flowseal_request,
    index: usize,
    sensitive: *mut bool,
) -> flowseal_status {
    get!(request[index] to out(sensitive): set(at(request.headers().iter(), index)?.is_sensitive()))
}

/// Frees a request.
///
/// @param request The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_request_free(request: flowseal_request) -> flowseal_status {
    call(|| (None, Ok(())), |()| request.free())
}
