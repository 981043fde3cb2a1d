//! Every answer of the API.

use std::ffi::{c_char, c_void};

use flowseal::Json;
use flowseal::api::{Answer, HttpResponse, RequestModel, Response, SessionToken};

use crate::api_error::flowseal_api_error;
use crate::edge::{call, flowseal_slice, get, take};
use crate::error::{ABSENT, Failure, flowseal_error};
use crate::flow::flowseal_flow;
use crate::handle::{Handle, handle};
use crate::profile::flowseal_profile;
use crate::request::flowseal_request;
use crate::session_token::flowseal_session_token;
use crate::status::flowseal_status;

/// An answer of the API, whichever it is. Nothing of it is proved: a flow is yet to be verified,
/// and the rest is signed by nobody.
///
/// Thread-safe. Freed with flowseal_response_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_response {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_response, Response, 22);

/// What an answer of the API is about.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_answer {
    /// Something that this version of the library does not know. Its members are at hand.
    Unknown = 0,
    /// To authorize (v1): the session token.
    Authorized = 1,
    /// To cancel: the request, which is now void.
    Cancelled = 2,
    /// To the start of an identification or a signing: the request that was made.
    Created = 3,
    /// An error of the API.
    Error = 4,
    /// To a ping or a poll: a success without a flow, because the flow has expired.
    Expired = 5,
    /// To a ping or a poll: a flow.
    Flow = 6,
}

/// Reads an answer as an HTTP client received it. A status that is not of success makes any body
/// an error of the API, which is an answer, too.
///
/// @param request What was sent.
/// @param status The status, such as 200.
/// @param names The names of the headers, in any case.
/// @param values Their values, in the same order: any bytes.
/// @param headers_count How many headers.
/// @param body The body, without chunks and compression: any bytes.
/// @param body_len Its length in bytes.
/// @param[out] response The answer, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_JSON and its relatives,
///     FLOWSEAL_STATUS_NOT_A_FLOW for JSON that is not an answer, FLOWSEAL_STATUS_FLOW_MALFORMED,
///     FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_response_from_http(
    request: flowseal_request,
    status: u16,
    names: *const flowseal_slice,
    values: *const flowseal_slice,
    headers_count: usize,
    body: *const c_void,
    body_len: usize,
    response: *mut flowseal_response,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(request), value(status), texts(names, headers_count), byte_lists(values, headers_count), bytes(body, body_len), out(response)),
        |(request, status, names, values, body, response)| {
            let received =
                HttpResponse::new(status, body).with_headers(names.into_iter().zip(values));
            response.put(Response::from_http(request.endpoint(), &received)?)
        },
    )
}

/// The same under a profile, which then has to be that of the verifier and the keys too.
///
/// @param request What was sent.
/// @param status The status, such as 200.
/// @param names The names of the headers, in any case.
/// @param values Their values, in the same order: any bytes.
/// @param headers_count How many headers.
/// @param body The body, without chunks and compression: any bytes.
/// @param body_len Its length in bytes.
/// @param profile The profile.
/// @param[out] response The answer, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: those of flowseal_response_from_http().
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_response_from_http_with(
    request: flowseal_request,
    status: u16,
    names: *const flowseal_slice,
    values: *const flowseal_slice,
    headers_count: usize,
    body: *const c_void,
    body_len: usize,
    profile: flowseal_profile,
    response: *mut flowseal_response,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(request), value(status), texts(names, headers_count), byte_lists(values, headers_count), bytes(body, body_len), handle(profile), out(response)),
        |(request, status, names, values, body, profile, response)| {
            let received =
                HttpResponse::new(status, body).with_headers(names.into_iter().zip(values));
            let endpoint = request.endpoint();
            response.put(flowseal::Setup::new(profile.clone()).read_http(endpoint, &received)?)
        },
    )
}

/// Reads an answer's body, of which it is known that it came with a status of success.
///
/// @param json The body.
/// @param json_len Its length in bytes.
/// @param[out] response The answer, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_JSON and its relatives,
///     FLOWSEAL_STATUS_NOT_A_FLOW for JSON that is not an answer, FLOWSEAL_STATUS_FLOW_MALFORMED.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_response_from_json(
    json: *const c_char,
    json_len: usize,
    response: *mut flowseal_response,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(json, json_len), out(response)),
        |(json, response)| response.put(Response::from_json(json)?),
    )
}

/// What the answer is about.
///
/// @param response The answer.
/// @param[out] answer What it is.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_response_answer(
    response: flowseal_response,
    answer: *mut flowseal_answer,
) -> flowseal_status {
    call(
        take!(; handle(response), out(answer)),
        |(response, answer)| {
            answer.set(match response.answer() {
                Answer::Authorized(_) => flowseal_answer::Authorized,
                Answer::Cancelled(_) => flowseal_answer::Cancelled,
                Answer::Created(_) => flowseal_answer::Created,
                Answer::Error(_) => flowseal_answer::Error,
                Answer::Expired => flowseal_answer::Expired,
                Answer::Flow(_) => flowseal_answer::Flow,
                _ => flowseal_answer::Unknown,
            })
        },
    )
}

/// The flow of the answer to a ping or a poll, or an event of a stream.
///
/// @param response The answer.
/// @param[out] flow The flow, to be freed; yet to be verified.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_FLOW_EXPIRED for an answer without data,
///     FLOWSEAL_STATUS_API_UNAUTHORIZED to FLOWSEAL_STATUS_API_ERROR for an error of the API,
///     FLOWSEAL_STATUS_API_ANSWER for the answer to another request.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_response_flow(
    response: flowseal_response,
    flow: *mut flowseal_flow,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(response), out(flow)),
        |(response, flow)| flow.put(response.flow()?.clone()),
    )
}

/// The session token of the answer to authorize.
///
/// @param response The answer.
/// @param[out] token The session token, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: those of flowseal_response_flow().
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_response_token(
    response: flowseal_response,
    token: *mut flowseal_session_token,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(response), out(token)),
        |(response, token)| token.put(copied(response.token()?)?),
    )
}

/// The session token that the answer to the start of an identification or a signing may have beside
/// the request. What it is for is documented nowhere.
///
/// @param response The answer.
/// @param[out] token The session token, to be freed.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_response_created_token(
    response: flowseal_response,
    token: *mut flowseal_session_token,
) -> flowseal_status {
    call(
        take!(; handle(response), out(token)),
        |(response, token)| match response.answer() {
            Answer::Created(created) => token.put(copied(created.token().ok_or(ABSENT)?)?),
            _ => Err(ABSENT),
        },
    )
}

/// The error of the API that the answer is.
///
/// @param response The answer.
/// @param[out] api_error The error of the API, to be freed.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where it is something else.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_response_api_error(
    response: flowseal_response,
    api_error: *mut flowseal_api_error,
) -> flowseal_status {
    call(
        take!(; handle(response), out(api_error)),
        |(response, api_error)| match response.answer() {
            Answer::Error(error) => api_error.put(error.clone()),
            _ => Err(ABSENT),
        },
    )
}

/// The request of an answer that voids or makes one, as JSON.
///
/// @param response The answer.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT for
///     another answer.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_response_request(
    response: flowseal_response,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(response to buffer(buffer, capacity, len):
        copy(Json::Object(request_of(&response)?.members().clone()).to_string().as_bytes()))
}

/// A member of that request, as JSON, such as `"req_…"` of `id`.
///
/// @param response The answer.
/// @param name The member's name.
/// @param name_len Its length in bytes.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_response_request_member(
    response: flowseal_response,
    name: *const c_char,
    name_len: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(response), text(name, name_len), buffer(buffer, capacity, len)),
        |(response, name, buffer)| {
            buffer.copy_if_present(request_of(&response)?.member(name).map(Json::to_string))
        },
    )
}

/// The `reason`: a sentence for people.
///
/// @param response The answer.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_response_reason(
    response: flowseal_response,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(response to buffer(buffer, capacity, len): copy_if_present(response.reason()))
}

/// A member beside `data`, as JSON, such as `"successful"` of `status`.
///
/// @param response The answer.
/// @param name The member's name.
/// @param name_len Its length in bytes.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_response_member(
    response: flowseal_response,
    name: *const c_char,
    name_len: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(response), text(name, name_len), buffer(buffer, capacity, len)),
        |(response, name, buffer)| {
            buffer.copy_if_present(response.member(name).map(Json::to_string))
        },
    )
}

/// What `data` holds beside the flow, request or token that the answer is about, as JSON.
///
/// @param response The answer.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_response_data(
    response: flowseal_response,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(response to buffer(buffer, capacity, len):
        copy_if_present(response.data().map(Json::to_string)))
}

/// Frees an answer.
///
/// @param response The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_response_free(response: flowseal_response) -> flowseal_status {
    call(|| (None, Ok(())), |()| response.free())
}

/// Tokens are not cloned by accident.
pub(crate) fn copied(token: &SessionToken) -> Result<SessionToken, flowseal::Error> {
    SessionToken::from_header(token.expose_secret())
}

fn request_of(response: &Response) -> Result<&RequestModel, Failure> {
    match response.answer() {
        Answer::Cancelled(model) => Ok(model),
        Answer::Created(created) => Ok(created.request()),
        _ => Err(ABSENT),
    }
}
