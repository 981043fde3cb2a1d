//! The session token of v1.

use std::ffi::{c_char, c_void};

use flowseal::api::SessionToken;

use crate::edge::{call, get, take};
use crate::error::{ABSENT, flowseal_error};
use crate::flow::whole;
use crate::handle::{Handle, handle};
use crate::status::flowseal_status;

/// The session token that v1's authorize gives, for `x-access-token`. It carries the app's secret
/// and is one itself: it is wiped when it is freed.
///
/// Thread-safe. Freed with flowseal_session_token_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_session_token {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_session_token, SessionToken, 20);

/// Takes the value of an answer's `x-access-token` header.
///
/// @param value The value; it stays the caller's to wipe.
/// @param value_len Its length in bytes.
/// @param[out] token The token, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a value that cannot be sent back in
///     a header, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_token_from_header(
    value: *const c_void,
    value_len: usize,
    token: *mut flowseal_session_token,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; text(value, value_len), out(token)),
        |(value, token)| token.put(SessionToken::from_header(value)?),
    )
}

/// The token, to be sent in `x-access-token`, bare. The copy is the caller's to wipe.
///
/// @param token The session token.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_token_expose(
    token: flowseal_session_token,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(token to buffer(buffer, capacity, len): copy(token.expose_secret().as_bytes()))
}

/// When it expires, in Unix seconds, as the API says in it.
///
/// @param token The session token.
/// @param[out] unix_seconds The moment.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where it does not say so.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_token_expires_at_unix_seconds(
    token: flowseal_session_token,
    unix_seconds: *mut i64,
) -> flowseal_status {
    get!(token to out(unix_seconds): set(whole(token.expires_at().ok_or(ABSENT)?)))
}

/// Frees a session token.
///
/// @param token The handle, unusable from here on. A call that uses it in another thread ends as if
///     nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_session_token_free(token: flowseal_session_token) -> flowseal_status {
    call(|| (None, Ok(())), |()| token.free())
}
