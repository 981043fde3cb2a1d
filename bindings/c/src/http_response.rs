//! What an HTTP client received, before it is read.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use flowseal::SecretBytes;
use flowseal::api::{HttpResponse, Response};

use crate::edge::{call, flowseal_slice, take};
use crate::error::flowseal_error;
use crate::handle::{Handle, handle};
use crate::request::{Sendable, flowseal_request};
use crate::setting::Setting;
use crate::status::flowseal_status;

/// The answer to a request as an HTTP client received it: status, headers and body, and what it
/// answers. It is copied, and the copy is wiped when it is freed.
///
/// A call takes it as it stands when the call begins.
///
/// Thread-safe. Freed with flowseal_http_response_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_http_response {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_http_response, Setting<Received>, 31);

/// What was received, as far as it was told.
#[derive(Clone)]
pub struct Received {
    status: u16,
    body: Arc<SecretBytes>,
    /// Names and values. One of them may be a session token.
    headers: Arc<Vec<(String, SecretBytes)>>,
    request: Option<Arc<Sendable>>,
    url: Option<String>,
}

impl Received {
    /// Hands it to the core, which looks at it where it is.
    pub(crate) fn with<T>(&self, then: impl FnOnce(&HttpResponse<'_>) -> T) -> T {
        let headers = self.headers.iter();
        let headers = headers.map(|(name, value)| (name, value.expose_secret()));
        let mut response =
            HttpResponse::new(self.status, self.body.expose_secret()).with_headers(headers);
        if let Some(request) = &self.request {
            response = response.answering(request);
        }
        if let Some(url) = &self.url {
            response = response.with_url(url);
        }
        then(&response)
    }
}

/// Takes what was received without its headers.
///
/// @param status The status, such as 200.
/// @param body The body, without chunks and compression: any bytes.
/// @param body_len Its length in bytes.
/// @param[out] response The response, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_http_response_new(
    status: u16,
    body: *const c_void,
    body_len: usize,
    response: *mut flowseal_http_response,
) -> flowseal_status {
    call(
        take!(; value(status), bytes(body, body_len), out(response)),
        |(status, body, response)| {
            response.put(Setting::new(Received {
                status,
                body: Arc::new(SecretBytes::copied_from(body)),
                headers: Arc::default(),
                request: None,
                url: None,
            }))
        },
    )
}

/// The headers, in place of those that were set before.
///
/// @param response The response.
/// @param names The names of the headers, in any case.
/// @param values Their values, in the same order: any bytes.
/// @param headers_count How many headers.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8 for the name of a header.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_http_response_set_headers(
    response: flowseal_http_response,
    names: *const flowseal_slice,
    values: *const flowseal_slice,
    headers_count: usize,
) -> flowseal_status {
    call(
        take!(; handle(response), texts(names, headers_count), byte_lists(values, headers_count)),
        |(response, names, values)| {
            let headers = names.into_iter().zip(values);
            let headers =
                headers.map(|(name, value)| (name.to_owned(), SecretBytes::copied_from(value)));
            let headers = Arc::new(headers.collect());
            response.change(|old| {
                Ok(Received {
                    headers,
                    ..old.clone()
                })
            })
        },
    )
}

/// Says which request it answers. A session drops the answer to a request of another kind than the
/// one that it waits for, and receives a flow by the answer to its latest ping alone.
///
/// @param response The response.
/// @param request What was sent.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_http_response_set_answering(
    response: flowseal_http_response,
    request: flowseal_request,
) -> flowseal_status {
    call(
        take!(; handle(response), handle(request)),
        |(response, request)| {
            response.change(|old| {
                Ok(Received {
                    request: Some(request),
                    ..old.clone()
                })
            })
        },
    )
}

/// Says which address has answered, as the client reports it when all is done: it follows no
/// redirect, so that this is the request's own. Without it no flow is received.
///
/// @param response The response.
/// @param url The URL.
/// @param url_len Its length in bytes.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_http_response_set_url(
    response: flowseal_http_response,
    url: *const c_char,
    url_len: usize,
) -> flowseal_status {
    call(
        take!(; handle(response), text(url, url_len)),
        |(response, url)| {
            response.change(|old| {
                Ok(Received {
                    url: Some(url.to_owned()),
                    ..old.clone()
                })
            })
        },
    )
}

/// Whether the API says that it is there, in answer to flowseal_request_health_check(): by the
/// status alone, since the body of that answer is documented nowhere.
///
/// @param response The response.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: the status of what can be done about it,
///     FLOWSEAL_STATUS_API_UNAVAILABLE as a rule.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_http_response_check_health(
    response: flowseal_http_response,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(take!(error; handle(response)), |(response,)| {
        Ok(response.value().with(Response::check_health)?)
    })
}

/// Frees a response.
///
/// @param response The handle, unusable from here on. A call that uses it in another thread ends
///     as if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_http_response_free(response: flowseal_http_response) -> flowseal_status {
    call(|| (None, Ok(())), |()| response.free())
}
