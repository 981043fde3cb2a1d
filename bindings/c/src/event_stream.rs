//! Server-sent events, as they arrive.

use std::collections::VecDeque;
use std::ffi::{c_char, c_void};
use std::sync::Mutex;

use flowseal::Error;
use flowseal::api::{EventStream, ServerEvent};

use crate::edge::{call, get, take};
use crate::error::{ABSENT, Failure, flowseal_error};
use crate::handle::{Handle, handle};
use crate::profile::flowseal_profile;
use crate::response::flowseal_response;
use crate::setting::locked;
use crate::status::flowseal_status;

/// A reader of the stream that v2's `sse` answers with, fed with whatever chunks arrive. Threads
/// that feed one stream decide the order of its bytes among themselves.
///
/// Thread-safe. Freed with flowseal_event_stream_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_event_stream {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_event_stream, Mutex<Stream>, 25);

/// A stream, and the events that it has completed and nobody has taken.
pub struct Stream {
    stream: EventStream,
    events: VecDeque<Result<ServerEvent, Error>>,
    /// What the waiting events take, about.
    waiting: usize,
}

impl Stream {
    fn of(stream: EventStream) -> Mutex<Self> {
        Mutex::new(Self {
            stream,
            events: VecDeque::new(),
            waiting: 0,
        })
    }

    fn push(&mut self, chunk: &[u8]) -> Result<(), Failure> {
        if self.waiting > MOST_WAITING {
            return Err(Failure::own(flowseal_status::TooLarge));
        }
        let events = self.stream.push(chunk);
        self.waiting += events.iter().map(size_of_event).sum::<usize>();
        self.events.extend(events);
        Ok(())
    }

    fn next(&mut self) -> Option<Result<ServerEvent, Error>> {
        let event = self.events.pop_front()?;
        self.waiting = self.waiting.saturating_sub(size_of_event(&event));
        Some(event)
    }
}

/// How much may wait before more is refused: some events of the greatest length by default.
const MOST_WAITING: usize = 4 << 20;

/// Its data and what is around it. The id is shared with the other events of the stream.
fn size_of_event(event: &Result<ServerEvent, Error>) -> usize {
    let own = event
        .as_ref()
        .map_or(0, |event| event.data().len() + event.name().len());
    own + size_of::<Result<ServerEvent, Error>>()
}

/// An event of a stream.
///
/// Thread-safe. Freed with flowseal_server_event_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_server_event {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_server_event, ServerEvent, 26);

/// A stream whose events have at most as many bytes as a response by default.
///
/// @param[out] stream The stream, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_event_stream_new(
    stream: *mut flowseal_event_stream,
) -> flowseal_status {
    call(take!(; out(stream)), |(stream,)| {
        stream.put(Stream::of(EventStream::new()))
    })
}

/// The same under a profile, which bounds the events and travels with their flows.
///
/// @param profile The profile.
/// @param[out] stream The stream, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_event_stream_new_with(
    profile: flowseal_profile,
    stream: *mut flowseal_event_stream,
) -> flowseal_status {
    get!(profile to out(stream):
        put(Stream::of(flowseal::Setup::new(profile.clone()).event_stream())))
}

/// Takes what has arrived. The events that it completes are taken by
/// flowseal_event_stream_next().
///
/// @param stream The stream.
/// @param chunk What has arrived: any bytes.
/// @param chunk_len How many.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_TOO_LARGE where more than 4 MiB of events wait
///     to be taken: nothing of the chunk was taken.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_event_stream_push(
    stream: flowseal_event_stream,
    chunk: *const c_void,
    chunk_len: usize,
) -> flowseal_status {
    call(
        take!(; handle(stream), bytes(chunk, chunk_len)),
        |(stream, chunk)| locked(&stream).push(chunk),
    )
}

/// The next event that is complete.
///
/// @param stream The stream.
/// @param[out] event The event, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where none is,
///     FLOWSEAL_STATUS_TOO_LARGE for one that exceeds its bound: the stream is of no use then,
///     and the connection should be closed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_event_stream_next(
    stream: flowseal_event_stream,
    event: *mut flowseal_server_event,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(stream), out(event)),
        |(stream, event)| {
            let next = locked(&stream).next();
            event.put(next.ok_or(ABSENT)??)
        },
    )
}

/// Frees a stream.
///
/// @param stream The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_event_stream_free(stream: flowseal_event_stream) -> flowseal_status {
    call(|| (None, Ok(())), |()| stream.free())
}

/// What the event is about: the answer to a ping, each time.
///
/// @param event The event.
/// @param[out] response The answer, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: those of flowseal_response_from_json().
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_server_event_response(
    event: flowseal_server_event,
    response: *mut flowseal_response,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(event), out(response)),
        |(event, response)| response.put(event.response()?),
    )
}

/// The `event`: its type; empty for the default one, `message`.
///
/// @param event The event.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_server_event_name(
    event: flowseal_server_event,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(event to buffer(buffer, capacity, len): copy(event.name()))
}

/// The `data`, its lines joined by LF.
///
/// @param event The event.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_server_event_data(
    event: flowseal_server_event,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(event to buffer(buffer, capacity, len): copy(event.data()))
}

/// The last `id` of the stream so far, for `last-event-id` of a new connection.
///
/// @param event The event.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_server_event_id(
    event: flowseal_server_event,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(event to buffer(buffer, capacity, len): copy(event.id()))
}

/// Frees an event.
///
/// @param event The handle, unusable from here on. A call that uses it in another thread ends as if
///     nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_server_event_free(event: flowseal_server_event) -> flowseal_status {
    call(|| (None, Ok(())), |()| event.free())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_that_nobody_empties_is_bounded() {
        let stream = Stream::of(EventStream::new());
        let mut stream = locked(&stream);
        let chunk = b"data\n\n".repeat(1000);
        let mut pushed = 0;
        while stream.push(&chunk).is_ok() {
            pushed += 1;
        }
        assert!((10..100).contains(&pushed), "{pushed}");
        assert_eq!(stream.events.len(), pushed * 1000);
        while stream.next().is_some() {}
        assert_eq!(stream.waiting, 0);
        assert!(stream.push(&chunk).is_ok());
    }
}
