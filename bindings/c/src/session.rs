//! One flow from its start to its end: what to do next.

use std::ffi::{c_char, c_void};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flowseal::api::{Action, HttpResponse};

use crate::api_config::flowseal_api_config;
use crate::callback;
use crate::edge::{at, call, flowseal_slice, get, take};
use crate::error::{Failure, flowseal_error};
use crate::flow::flowseal_flow;
use crate::handle::{Handle, handle};
use crate::http_response::flowseal_http_response;
use crate::request::flowseal_request;
use crate::session_setup::{Setup, Subject, Watched};
use crate::setting::locked;
use crate::status::flowseal_status;

/// A flow that is watched until it ends: the state machine between an app and the API. Ask
/// flowseal_session_poll() what to do, do it, and tell what came of it by
/// flowseal_session_handle() or flowseal_session_lost().
///
/// It is deterministic: time and chance are the caller's.
///
/// Thread-safe. Freed with flowseal_session_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_session {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_session, Mutex<Watched>, 24);

/// What to do next.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_action_kind {
    /// Send the request, wait for the whole response for as long as it says, and tell the session.
    Send = 1,
    /// Ask again after the pause, or earlier.
    Wait = 2,
    /// The flow has not ended but changed: a device has picked it up. Then ask again at once.
    Progress = 3,
    /// The flow has ended: it is complete, to be verified, or cancelled.
    Ended = 4,
    /// Open the request as a stream of events, and go on polling meanwhile. Said once, and only by
    /// a session that flowseal_session_set_stream() has asked to.
    Stream = 5,
}

/// What to do next, and what for.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_action {
    /// What to do.
    pub kind: flowseal_action_kind,
    /// To send: how long to wait for the response. To wait: the pause. To stream: how long to wait
    /// for the head of the response. Else 0.
    pub wait_ms: u64,
    /// To send or to stream: the request, to be freed. Else zero.
    pub request: flowseal_request,
    /// Progress or ended: the flow, to be freed. Else zero.
    pub flow: flowseal_flow,
}

/// Watches the flow of this identifier, which the app has started.
///
/// @param config The configuration, as it stands.
/// @param flow The identifier, `req_…`.
/// @param flow_len Its length in bytes.
/// @param[out] session The session, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for an identifier that is empty or too
///     long, FLOWSEAL_STATUS_API_CONFIG for v1 without the identifiers that authorising needs,
///     FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_new(
    config: flowseal_api_config,
    flow: *const c_char,
    flow_len: usize,
    session: *mut flowseal_session,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(config), text(flow, flow_len), out(session)),
        |(config, flow, session)| {
            let subject = Subject::Flow(flow.to_owned());
            let setup = Setup::of(Arc::clone(&config.value()), subject);
            session.put(Mutex::new(Watched::of(setup)?))
        },
    )
}

/// How many things about the session are unusual and may still be right: an identifier that does
/// not begin with `req_`.
///
/// @param session The session.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_warning_count(
    session: flowseal_session,
    count: *mut usize,
) -> flowseal_status {
    get!(session to out(count): set(locked(&session).session.warnings().len()))
}

/// One of them, as a sentence for a log.
///
/// @param session The session.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_warning(
    session: flowseal_session,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(session[index] to buffer(buffer, capacity, len):
        copy(at(locked(&session).session.warnings().into_iter(), index)?.as_bytes()))
}

/// What to do next. While a request is under way that is to wait, at most for its timeout; then
/// it counts as lost.
///
/// A session that has ended without the flow's end refuses, and says why:
/// FLOWSEAL_STATUS_FLOW_EXPIRED where the person has not responded in time,
/// FLOWSEAL_STATUS_FLOW_CANCELLED after a flowseal_session_cancel(), else the status says what
/// can be done. From then on it is FLOWSEAL_STATUS_SESSION_OVER.
///
/// Where the shared count of its budget has failed it says so, and goes on: ask again later.
///
/// @param session The session.
/// @param now_unix_ms The time.
/// @param jitter Any random number; it spreads the pauses.
/// @param[out] action What to do.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_FLOW_EXPIRED, FLOWSEAL_STATUS_FLOW_CANCELLED,
///     FLOWSEAL_STATUS_API_UNAUTHORIZED to FLOWSEAL_STATUS_SESSION_OVER, FLOWSEAL_STATUS_CALLBACK,
///     and the errors of flowseal_response_from_http().
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_poll(
    session: flowseal_session,
    now_unix_ms: u64,
    jitter: u32,
    action: *mut flowseal_action,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(session), value(now_unix_ms), value(jitter), out(action)),
        |(session, now, jitter, action)| {
            let next = {
                let mut watched = locked(&session);
                watched.begun = true;
                let now = Duration::from_millis(now).into();
                callback::watched(|| watched.session.poll(now, jitter))
            };
            match next {
                (Action::Wait(_), true) => Err(callback::FAILED),
                (next, _) => action.set(given(next)?),
            }
        },
    )
}

/// Tells the session what came back.
///
/// @param session The session.
/// @param status The status, such as 200.
/// @param names The names of the headers, in any case.
/// @param values Their values, in the same order: any bytes.
/// @param headers_count How many headers.
/// @param body The body, without chunks and compression: any bytes.
/// @param body_len Its length in bytes.
/// @param now_unix_ms The time.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8 for the name of a header.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_handle(
    session: flowseal_session,
    status: u16,
    names: *const flowseal_slice,
    values: *const flowseal_slice,
    headers_count: usize,
    body: *const c_void,
    body_len: usize,
    now_unix_ms: u64,
) -> flowseal_status {
    call(
        take!(; handle(session), value(status), texts(names, headers_count), byte_lists(values, headers_count), bytes(body, body_len), value(now_unix_ms)),
        |(session, status, names, values, body, now)| {
            let received =
                HttpResponse::new(status, body).with_headers(names.into_iter().zip(values));
            let now = Duration::from_millis(now).into();
            locked(&session).session.handle(&received, now);
            Ok(())
        },
    )
}

/// The same, tied to the request that was sent: what answers another than the session waits for is
/// dropped, such as the answer to a ping that arrives after flowseal_session_cancel().
///
/// @param session The session.
/// @param request What was sent.
/// @param status The status, such as 200.
/// @param names The names of the headers, in any case.
/// @param values Their values, in the same order: any bytes.
/// @param headers_count How many headers.
/// @param body The body, without chunks and compression: any bytes.
/// @param body_len Its length in bytes.
/// @param now_unix_ms The time.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8 for the name of a header.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_handle_answering(
    session: flowseal_session,
    request: flowseal_request,
    status: u16,
    names: *const flowseal_slice,
    values: *const flowseal_slice,
    headers_count: usize,
    body: *const c_void,
    body_len: usize,
    now_unix_ms: u64,
) -> flowseal_status {
    call(
        take!(; handle(session), handle(request), value(status), texts(names, headers_count), byte_lists(values, headers_count), bytes(body, body_len), value(now_unix_ms)),
        |(session, request, status, names, values, body, now)| {
            let received =
                HttpResponse::new(status, body).with_headers(names.into_iter().zip(values));
            let now = Duration::from_millis(now).into();
            locked(&session)
                .session
                .handle(&received.answering(&request), now);
            Ok(())
        },
    )
}

/// Tells the session what came back, and what it answers, where that was said.
///
/// @param session The session.
/// @param response What came back.
/// @param now_unix_ms The time.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_handle_response(
    session: flowseal_session,
    response: flowseal_http_response,
    now_unix_ms: u64,
) -> flowseal_status {
    call(
        take!(; handle(session), handle(response), value(now_unix_ms)),
        |(session, response, now)| {
            let now = Duration::from_millis(now).into();
            let response = response.value();
            response.with(|response| locked(&session).session.handle(response, now));
            Ok(())
        },
    )
}

/// Tells the session that no response came: the connection failed, or the time was up.
///
/// @param session The session.
/// @param now_unix_ms The time.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_lost(
    session: flowseal_session,
    now_unix_ms: u64,
) -> flowseal_status {
    call(
        take!(; handle(session), value(now_unix_ms)),
        |(session, now)| {
            locked(&session)
                .session
                .lost(Duration::from_millis(now).into());
            Ok(())
        },
    )
}

/// Cancels the flow: the next request is the one that voids it. Nothing happens where the flow
/// has ended already.
///
/// @param session The session.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_cancel(session: flowseal_session) -> flowseal_status {
    call(take!(; handle(session)), |(session,)| {
        let mut watched = locked(&session);
        // What is set up anew would not know of it.
        watched.begun = true;
        watched.session.cancel();
        Ok(())
    })
}

/// Frees a session.
///
/// @param session The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_session_free(session: flowseal_session) -> flowseal_status {
    call(|| (None, Ok(())), |()| session.free())
}

fn given(action: Action) -> Result<flowseal_action, Failure> {
    let mut given = flowseal_action {
        kind: flowseal_action_kind::Wait,
        wait_ms: 0,
        request: flowseal_request::of(0),
        flow: flowseal_flow::of(0),
    };
    match action {
        Action::Send { request, timeout } => {
            given.kind = flowseal_action_kind::Send;
            given.wait_ms = milliseconds(timeout);
            given.request = flowseal_request::insert(request.into())?;
        }
        Action::Stream { request, timeout } => {
            given.kind = flowseal_action_kind::Stream;
            given.wait_ms = milliseconds(timeout);
            given.request = flowseal_request::insert(request.into())?;
        }
        Action::Wait(pause) => {
            given.kind = flowseal_action_kind::Wait;
            given.wait_ms = milliseconds(pause);
        }
        Action::Progress(flow) => {
            given.kind = flowseal_action_kind::Progress;
            given.flow = flowseal_flow::insert(flow)?;
        }
        Action::Ended(Ok(flow)) => {
            given.kind = flowseal_action_kind::Ended;
            given.flow = flowseal_flow::insert(flow)?;
        }
        Action::Ended(Err(error)) => return Err(error.into()),
    }
    Ok(given)
}

/// Not less than the time, so that who waits as long is not early.
pub(crate) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}
