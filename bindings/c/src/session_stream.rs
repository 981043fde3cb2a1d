//! A session that listens to v2's stream of events instead of pinging.

use std::ffi::c_void;
use std::time::Duration;

use crate::edge::{call, get, take};
use crate::error::flowseal_error;
use crate::session::flowseal_session;
use crate::session_setup::set;
use crate::setting::locked;
use crate::status::flowseal_status;

/// Listens to v2's stream of events, one a flow, and pings only to confirm what it tells. Before
/// the first poll only.
///
/// flowseal_session_poll() then says FLOWSEAL_ACTION_KIND_STREAM once. Open that request, give what
/// arrives to flowseal_session_heard() and its end, or that it could not be opened, to
/// flowseal_session_stream_ended(); meanwhile go on polling, after each chunk and whenever a pause
/// has passed. An event never ends a session: it causes the ping whose answer is believed. A stream
/// that breaks off, says nothing for 10 s or cannot be understood is given up, and pings take its
/// place.
///
/// @param session The session.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_VERSION in v1, which has no stream,
///     FLOWSEAL_STATUS_USAGE after the first poll.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_set_stream(
    session: flowseal_session,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(take!(error; handle(session)), |(session,)| {
        set(&session, |setup| setup.stream = true)
    })
}

/// Whether the session listens to a stream. Close the one that it was given as soon as it does not.
///
/// @param session The session.
/// @param[out] listens The answer.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_listens(
    session: flowseal_session,
    listens: *mut bool,
) -> flowseal_status {
    get!(session to out(listens): set(locked(&session).session.listens()))
}

/// Tells the session what has arrived of the stream, however it is cut into chunks. Then poll.
/// Nothing happens where it does not listen.
///
/// @param session The session.
/// @param chunk What has arrived: any bytes.
/// @param chunk_len How many.
/// @param now_unix_ms The time.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_heard(
    session: flowseal_session,
    chunk: *const c_void,
    chunk_len: usize,
    now_unix_ms: u64,
) -> flowseal_status {
    call(
        take!(; handle(session), bytes(chunk, chunk_len), value(now_unix_ms)),
        |(session, chunk, now)| {
            let now = Duration::from_millis(now).into();
            locked(&session).session.heard(chunk, now);
            Ok(())
        },
    )
}

/// Tells the session that the stream has ended, or that it could not be opened: the API said
/// something else, no connection, a time-out. Pings go on from here.
///
/// @param session The session.
/// @param now_unix_ms The time.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_stream_ended(
    session: flowseal_session,
    now_unix_ms: u64,
) -> flowseal_status {
    call(
        take!(; handle(session), value(now_unix_ms)),
        |(session, now)| {
            let now = Duration::from_millis(now).into();
            locked(&session).session.stream_ended(now);
            Ok(())
        },
    )
}
