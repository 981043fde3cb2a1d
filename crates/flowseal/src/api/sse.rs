//! Server-sent events, as they arrive.

use std::fmt;
use std::sync::Arc;

use crate::api::response::Response;
use crate::error::{Error, ErrorCode};
use crate::limits::Limits;
use crate::profile::Profile;
use crate::setup::Setup;

/// A reader of the stream that v2's `sse` answers with, fed with whatever chunks arrive.
///
/// It follows the parsing rules of the HTML standard ("Server-sent events", section 9.2.6): lines
/// end with CR, LF or both, a byte order mark and comments are skipped, `data` may have several
/// lines, and an event that the end of the stream cuts off is dropped. However the stream is cut
/// into chunks, the events are the same. Two things are stricter: an event has at most as many
/// bytes as a response, and text that is not UTF-8 is refused where it is read, not replaced.
///
/// ```
/// use flowseal::api::EventStream;
/// use flowseal::{Error, FlowState};
///
/// let mut stream = EventStream::new();
/// let mut states = Vec::new();
/// for chunk in [&b": hello\ndata: {\"reference\": \"req_1\", \"requester\": \"bcn_\", \"requ"[..],
///     b"estee\": \"\", \"mode\": \"identification\", \"cancelled\": false, \"iat\": 1}\r",
///     b"\n\r\n"] {
///     for event in stream.push(chunk) {
///         states.push(event?.response()?.into_flow()?.state());
///     }
/// }
/// assert_eq!(states, [FlowState::Pending]);
/// # Ok::<(), Error>(())
/// ```
pub struct EventStream {
    limit: usize,
    profile: Option<Arc<Profile>>,
    /// The line that is arriving.
    line: Vec<u8>,
    /// Whether the last byte was a CR, whose LF is still to be skipped.
    after_cr: bool,
    /// Whether a line has ended: only the first can begin with a byte order mark.
    begun: bool,
    /// The type of the event that is arriving.
    name: Vec<u8>,
    /// Its data, an LF behind each line.
    data: Vec<u8>,
    /// Shared by the events that follow it: it may be as long as an event.
    last_id: Arc<[u8]>,
    /// An event was too large: nothing behind it can be understood.
    failed: bool,
}

impl EventStream {
    /// A stream whose events have at most as many bytes as a response by default.
    pub fn new() -> Self {
        Self::bounded(Limits::default().response_bytes(), None)
    }

    fn bounded(limit: usize, profile: Option<Arc<Profile>>) -> Self {
        Self {
            limit,
            profile,
            line: Vec::new(),
            after_cr: false,
            begun: false,
            name: Vec::new(),
            data: Vec::new(),
            last_id: Arc::default(),
            failed: false,
        }
    }

    /// Takes what has arrived, and gives the events that it completes.
    ///
    /// The last of them is `too_large` where an event exceeds its bound. The stream is of no use
    /// then, and gives nothing more: close the connection.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<Result<ServerEvent, Error>> {
        let mut events = Vec::new();
        for &byte in chunk {
            if self.failed {
                break;
            }
            let skipped = byte == b'\n' && self.after_cr;
            self.after_cr = byte == b'\r';
            match byte {
                _ if skipped => {}
                b'\r' | b'\n' => events.extend(self.end_line().map(Ok)),
                byte => match self.room() {
                    0 => events.push(Err(self.fail())),
                    _ => self.line.push(byte),
                },
            }
        }
        events
    }

    /// How many bytes the event that is arriving may still have.
    fn room(&self) -> usize {
        let taken = self.line.len() + self.name.len() + self.data.len() + self.last_id.len();
        self.limit.saturating_sub(taken)
    }

    fn fail(&mut self) -> Error {
        self.failed = true;
        for buffer in [&mut self.line, &mut self.name, &mut self.data] {
            *buffer = Vec::new();
        }
        Error::new(
            ErrorCode::TooLarge,
            format!(
                "an event of the stream has more than {} bytes: close the connection, or raise limits.response_bytes in the profile",
                self.limit
            ),
        )
    }

    /// Acts upon a whole line; an empty one completes an event.
    fn end_line(&mut self) -> Option<ServerEvent> {
        let whole = std::mem::take(&mut self.line);
        let mut line = whole.as_slice();
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        }
        if line.is_empty() {
            return self.complete();
        }
        let (field, value) = match line.iter().position(|&byte| byte == b':') {
            None => (line, &b""[..]),
            Some(colon) => {
                let (field, value) = line.split_at(colon);
                let value = value.strip_prefix(b":").unwrap_or(value);
                (field, value.strip_prefix(b" ").unwrap_or(value))
            }
        };
        match field {
            b"event" => self.name = value.to_vec(),
            b"data" => {
                self.data.extend_from_slice(value);
                self.data.push(b'\n');
            }
            b"id" if !value.contains(&0) => self.last_id = value.into(),
            // A comment's field is empty. `retry` is about reconnecting, which is the caller's.
            _ => {}
        }
        None
    }

    fn complete(&mut self) -> Option<ServerEvent> {
        let name = std::mem::take(&mut self.name);
        let mut data = std::mem::take(&mut self.data);
        data.pop()?;
        Some(ServerEvent {
            name,
            data,
            id: Arc::clone(&self.last_id),
            profile: self.profile.clone(),
        })
    }
}

impl Setup {
    /// A stream whose events the profile bounds, and whose flows are read under it.
    pub fn event_stream(&self) -> EventStream {
        let profile = self.named_profile();
        let limits = profile.as_ref().map(|profile| profile.limits);
        EventStream::bounded(limits.unwrap_or_default().response_bytes(), profile)
    }
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

impl Default for EventStream {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for EventStream {
    /// How much of an event has arrived.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let taken = self.line.len() + self.data.len();
        write!(f, "EventStream({taken} bytes of {})", self.limit)
    }
}

/// An event of a stream.
#[derive(Clone)]
pub struct ServerEvent {
    name: Vec<u8>,
    data: Vec<u8>,
    id: Arc<[u8]>,
    profile: Option<Arc<Profile>>,
}

impl ServerEvent {
    /// What the event is about: the answer to a ping, each time.
    ///
    /// # Errors
    /// Those of [`Response::from_json`].
    pub fn response(&self) -> Result<Response, Error> {
        Response::parse(&self.data, self.profile.clone())
    }

    /// `event`: its type; empty for the default one, `message`.
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// `data`, its lines joined by LF.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The last `id` of the stream so far, for `last-event-id` of a new connection.
    pub fn id(&self) -> &[u8] {
        &self.id
    }
}

impl fmt::Debug for ServerEvent {
    /// The data's length: a flow names a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerEvent({} bytes)", self.data.len())
    }
}
