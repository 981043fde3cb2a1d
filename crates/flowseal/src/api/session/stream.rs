//! A session that listens to v2's stream of events instead of pinging.

use core::time::Duration;

use super::machine::{Event, Stream, Tidings};
use super::{Action, Session};
use crate::api::config::ApiVersion;
use crate::api::endpoint::Endpoint;
use crate::api::request::Request;
use crate::api::response::Answer;
use crate::api::sse::{EventStream, ServerEvent};
use crate::error::{Error, ErrorCode};
use crate::setup::Setup;
use crate::time::UnixTime;

/// Streams. A session listens where it was asked to, and to one stream a flow.
impl Session {
    /// Listens to v2's stream of events, one a flow, and pings only to confirm what it tells.
    ///
    /// The session then says [`Action::Stream`] once. Open that request, give what arrives to
    /// [`heard`](Self::heard) and its end, or that it could not be opened, to
    /// [`stream_ended`](Self::stream_ended); meanwhile go on asking [`poll`](Self::poll) what to
    /// do, after each chunk and whenever a pause has passed. An event never ends a session: it
    /// causes the ping whose answer is believed. A stream that breaks off, says nothing for 10 s or
    /// cannot be understood is given up, and pings take its place.
    ///
    /// ```
    /// # use flowseal::testkit::Sample;
    /// use flowseal::api::{Action, ApiConfig, ApiVersion, Environment, HttpResponse, Session};
    /// # use flowseal::api::Credentials;
    /// # use flowseal::UnixTime;
    /// # let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
    /// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
    /// # let body = Sample::new()?.response().to_vec();
    /// # let event = [b"data: ", &body.replace_newlines()[..], b"\n\n"].concat();
    /// # trait Lines { fn replace_newlines(&self) -> Vec<u8>; }
    /// # impl Lines for Vec<u8> { fn replace_newlines(&self) -> Vec<u8> {
    /// #     self.iter().copied().filter(|byte| *byte != b'\n').collect() } }
    /// # let now = UnixTime::from_seconds(1716820122)?;
    /// # let mut chunks = event.chunks(1000);
    /// # let mut next_chunk = |_pause| chunks.next();
    ///
    /// let mut session = Session::new(config, "req_sample")?.with_stream()?;
    /// let flow = loop {
    ///     match session.poll(now, 4) {
    ///         Action::Stream { request, .. } => assert!(request.url().contains("/flow/sse?")),
    ///         Action::Wait(pause) if session.listens() => match next_chunk(pause) {
    ///             Some(chunk) => session.heard(chunk, now),
    ///             None => session.stream_ended(now),
    ///         },
    ///         Action::Send { .. } => session.handle(&HttpResponse::new(200, &body), now),
    ///         Action::Wait(_) | Action::Progress(_) => {}
    ///         Action::Ended(end) => break end?,
    ///     }
    /// };
    /// assert_eq!(flow.reference(), "req_sample"); // A ping's.
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// `api_version` in v1, which has no stream.
    pub fn with_stream(mut self) -> Result<Self, Error> {
        if self.config.version() != ApiVersion::V2 {
            return Err(Error::new(
                ErrorCode::ApiVersion,
                "v1 has no stream of events: ping or poll, or use v2",
            ));
        }
        self.watch.stream = Stream::Wanted;
        Ok(self)
    }

    /// Whether the session listens to a stream. Close the one that it was given as soon as it does
    /// not.
    pub fn listens(&self) -> bool {
        matches!(self.watch.stream, Stream::Open { .. })
    }

    /// Takes what has arrived of the stream, however it is cut into chunks. Then poll.
    pub fn heard(&mut self, chunk: &[u8], now: UnixTime) {
        let now = self.clock.advance(now.since_1970());
        let events = self.events.as_mut().map(|stream| stream.push(chunk));
        for event in events.into_iter().flatten() {
            let told = event.and_then(|event| self.tidings(&event));
            self.step(told.map_or(Event::StreamOver, Event::Heard), now);
        }
    }

    /// Takes the news that the stream has ended, or that it could not be opened: the API said
    /// something else, no connection, a time-out. Pings go on from here.
    pub fn stream_ended(&mut self, now: UnixTime) {
        let now = self.clock.advance(now.since_1970());
        self.step(Event::StreamOver, now);
    }

    /// What an event tells of this flow; anything else is a stream that cannot be understood.
    fn tidings(&self, event: &ServerEvent) -> Result<Tidings, Error> {
        match event.response()?.into_answer() {
            Answer::Flow(flow) if flow.reference() == self.watch.flow => {
                Ok(Tidings::State(flow.state()))
            }
            // What is so is for the ping to say.
            Answer::Error(_) | Answer::Expired => Ok(Tidings::Other),
            other => Err(other.instead_of("an event about this flow")),
        }
    }

    /// Whether the next thing to do is to open a stream.
    pub(super) fn is_to_stream(&self) -> bool {
        matches!(self.watch.stream, Stream::Wanted)
    }

    /// Hands out the stream.
    pub(super) fn stream(&mut self, request: Request, now: Duration) -> Action {
        let setup = self.profile.as_deref().cloned().map(Setup::new);
        self.events = Some(setup.map_or_else(EventStream::new, |setup| setup.event_stream()));
        self.pace.count(now);
        self.step(Event::Streaming, now);
        let timeout = self.watch.silent_at().saturating_sub(now);
        Action::Stream { request, timeout }
    }

    /// Whether a request confirms what a stream has told, and need not wait for its turn: few do.
    pub(super) fn is_prompt(&self, request: &Request) -> bool {
        request.endpoint() == Endpoint::Ping
            && self.watch.has_news_to_confirm()
            && self.watch.prompt_pings > 0
    }
}
