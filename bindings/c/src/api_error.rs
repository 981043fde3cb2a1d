//! Errors that the API answered with.

use std::ffi::{c_char, c_void};

use flowseal::Json;
use flowseal::api::{ApiError, Remedy};

use crate::edge::{at, call, get, take};
use crate::error::{ABSENT, Failure, flowseal_error};
use crate::handle::{Handle, handle};
use crate::status::flowseal_status;

/// An error that the API answered with. All of it is untrusted text; flowseal_api_error_message()
/// alone escapes and cuts what it quotes.
///
/// Thread-safe. Freed with flowseal_api_error_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_api_error {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_api_error, ApiError, 23);

/// What can be done about an error of the API.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_remedy {
    /// The answer does not say enough.
    Investigate = 0,
    /// The credentials are missing, wrong or no longer valid.
    Authorise = 1,
    /// The request is wrong, and will be the next time.
    FixRequest = 2,
    /// It is the API's trouble, or there were too many requests.
    RetryLater = 3,
    /// The flow or the session has expired.
    StartAgain = 4,
    /// The person has decided otherwise.
    TellUser = 5,
}

/// Understands the body of an answer that failed, in any of its shapes; any body is an error of
/// some kind.
///
/// @param status The HTTP status; 0 where it is not known.
/// @param body The body: any bytes.
/// @param body_len Its length in bytes.
/// @param[out] api_error The error of the API, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_from_body(
    status: u16,
    body: *const c_void,
    body_len: usize,
    api_error: *mut flowseal_api_error,
) -> flowseal_status {
    call(
        take!(; value(status), bytes(body, body_len), out(api_error)),
        |(status, body, api_error)| {
            let status = (status != 0).then_some(status);
            api_error.put(ApiError::from_body(status, body))
        },
    )
}

/// The error of the API that is behind the details of a refusal.
///
/// @param error The error.
/// @param[out] api_error The error of the API, to be freed.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_api_error(
    error: flowseal_error,
    api_error: *mut flowseal_api_error,
) -> flowseal_status {
    call(
        take!(; handle(error), out(api_error)),
        |(error, api_error)| match &*error {
            Failure::Core(error) => api_error.put(error.api_error().ok_or(ABSENT)?.clone()),
            Failure::Own(_) | Failure::Said(..) => Err(ABSENT),
        },
    )
}

/// What can be done about it.
///
/// @param api_error The error of the API.
/// @param[out] remedy The remedy.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_remedy(
    api_error: flowseal_api_error,
    remedy: *mut flowseal_remedy,
) -> flowseal_status {
    call(
        take!(; handle(api_error), out(remedy)),
        |(api_error, remedy)| {
            remedy.set(match api_error.remedy() {
                Remedy::Authorise => flowseal_remedy::Authorise,
                Remedy::FixRequest => flowseal_remedy::FixRequest,
                Remedy::RetryLater => flowseal_remedy::RetryLater,
                Remedy::StartAgain => flowseal_remedy::StartAgain,
                Remedy::TellUser => flowseal_remedy::TellUser,
                _ => flowseal_remedy::Investigate,
            })
        },
    )
}

/// The remedy as a sentence.
///
/// @param api_error The error of the API.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_advice(
    api_error: flowseal_api_error,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(api_error to buffer(buffer, capacity, len): copy(api_error.advice().as_bytes()))
}

/// All of it as a sentence for a log.
///
/// @param api_error The error of the API.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_message(
    api_error: flowseal_api_error,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(api_error to buffer(buffer, capacity, len): copy(api_error.to_string().as_bytes()))
}

/// What the API says to people.
///
/// @param api_error The error of the API.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_reason(
    api_error: flowseal_api_error,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(api_error to buffer(buffer, capacity, len): copy_if_present(api_error.message()))
}

/// The `type`, such as `session_cancel`.
///
/// @param api_error The error of the API.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_type(
    api_error: flowseal_api_error,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(api_error to buffer(buffer, capacity, len):
        copy_if_present(api_error.error_type().map(|kind| kind.to_string())))
}

/// The `helper_url`, where the API says more: to be shown, not to be fetched.
///
/// @param api_error The error of the API.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_helper_url(
    api_error: flowseal_api_error,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(api_error to buffer(buffer, capacity, len): copy_if_present(api_error.helper_url()))
}

/// Any member by its name on the wire, as JSON.
///
/// @param api_error The error of the API.
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
pub unsafe extern "C" fn flowseal_api_error_member(
    api_error: flowseal_api_error,
    name: *const c_char,
    name_len: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(api_error), text(name, name_len), buffer(buffer, capacity, len)),
        |(api_error, name, buffer)| {
            buffer.copy_if_present(api_error.member(name).map(Json::to_string))
        },
    )
}

/// The HTTP status that the answer came with.
///
/// @param api_error The error of the API.
/// @param[out] number The number.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_http_status(
    api_error: flowseal_api_error,
    number: *mut u16,
) -> flowseal_status {
    get!(api_error to out(number): set(api_error.http_status().ok_or(ABSENT)?))
}

/// The seconds that the API asks to wait, by the header `retry-after`.
///
/// @param api_error The error of the API.
/// @param[out] number The number.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_retry_after_seconds(
    api_error: flowseal_api_error,
    number: *mut u64,
) -> flowseal_status {
    get!(api_error to out(number): set(api_error.retry_after().ok_or(ABSENT)?))
}

/// The `code`, a number like an HTTP status.
///
/// @param api_error The error of the API.
/// @param[out] number The number.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_code(
    api_error: flowseal_api_error,
    number: *mut u16,
) -> flowseal_status {
    get!(api_error to out(number): set(api_error.code().ok_or(ABSENT)?))
}

/// How long to wait before trying again. It says nothing of whether that makes sense: the remedy
/// does.
///
/// @param api_error The error of the API.
/// @param failures How many tries in a row have failed.
/// @param jitter Any random number; half of the pause is by chance.
/// @param[out] ms The pause.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_back_off_ms(
    api_error: flowseal_api_error,
    failures: u32,
    jitter: u32,
    ms: *mut u64,
) -> flowseal_status {
    call(
        take!(; handle(api_error), value(failures), value(jitter), out(ms)),
        |(api_error, failures, jitter, ms)| {
            let pause = api_error.back_off(failures, jitter).as_millis();
            ms.set(u64::try_from(pause).unwrap_or(u64::MAX))
        },
    )
}

/// How many issues of validation the answer lists.
///
/// @param api_error The error of the API.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_issue_count(
    api_error: flowseal_api_error,
    count: *mut usize,
) -> flowseal_status {
    get!(api_error to out(count): set(api_error.issues().len()))
}

/// Where an issue is, its steps joined by dots, such as `body.user`.
///
/// @param api_error The error of the API.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_issue_path(
    api_error: flowseal_api_error,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(api_error[index] to buffer(buffer, capacity, len):
        copy_if_present(at(api_error.issues().iter(), index)?.path()))
}

/// What an issue is, such as `too_small`.
///
/// @param api_error The error of the API.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_issue_code(
    api_error: flowseal_api_error,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(api_error[index] to buffer(buffer, capacity, len):
        copy_if_present(at(api_error.issues().iter(), index)?.code()))
}

/// An issue as a sentence for people.
///
/// @param api_error The error of the API.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_error_issue_message(
    api_error: flowseal_api_error,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(api_error[index] to buffer(buffer, capacity, len):
        copy_if_present(at(api_error.issues().iter(), index)?.message()))
}

/// Frees an error of the API.
///
/// @param api_error The handle, unusable from here on. A call that uses it in another thread ends
///     as if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_api_error_free(api_error: flowseal_api_error) -> flowseal_status {
    call(|| (None, Ok(())), |()| api_error.free())
}
