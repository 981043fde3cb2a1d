//! What a session is at, and the one function that moves it.
//!
//! ```text
//!                  Sent: the moment has come, and a request was handed out
//!       ┌────────────────────────────────────────────────────────────────┐
//!       │   Authorised, a token that was refused, an answer held back    │
//!       │  ┌──────────────────────────────────────────────────────────┐  │
//!       │  ▼                                                          │  ▼
//!     ┌──────┐  Rested: the jitter says how long   ┌─────────┐       ┌──────┐
//!     │ Due  │◀────────────────────────────────────│ Pausing │◀──────│ Sent │
//!     └──────┘                                     └─────────┘       └──────┘
//!      │ │  ▲                                  Saw a flow that goes    │  │
//!      │ │  │ Heard news, StreamOver           on, trouble, no answer  │  │
//!      │ │  │                                                          │  │
//!      │ │ ┌───────────┐    Saw a flow that goes on, as a stream says  │  │
//!      │ └▶│ Listening │◀──────────────────────────────────────────────┘  │
//!      │   └───────────┘                                                  │
//!      │ Streaming: the stream was handed out                             │
//!      │                                                                  │
//!      │ TimeIsUp (Listening's, too), Impossible                          │
//!      ▼                                                                  │
//!     ┌────────┐   Saw a flow's end, Expired, Voided, refused for good    │
//!     │ Ended  │◀─────────────────────────────────────────────────────────┘
//!     └────────┘
//!
//!     CancelAsked leads from each of the upper four to Due, and nothing out of Ended. What
//!     a stream tells while a request is under way or a pause is made is remembered, and moves
//!     nothing.
//! ```

use core::time::Duration;

use crate::api::api_error::ApiError;
use crate::api::endpoint::Endpoint;
use crate::api::remedy::Remedy;
use crate::api::session::pace;
use crate::api::session_token::SessionToken;
use crate::error::{Error, ErrorCode};
use crate::flow::{Flow, FlowState};
use crate::ground::back_off::back_off;

/// What a session is at.
pub(super) enum State {
    /// A request may be sent from this moment on.
    Due(Duration),
    /// A stream is open and has told nothing that a ping has not.
    Listening,
    /// A request is under way.
    Sent { endpoint: Endpoint, until: Duration },
    /// A pause is to be made, whose length the next poll's jitter decides.
    Pausing(Pause),
    /// The end, until it is told.
    Ended(Option<Box<Result<Flow, Error>>>),
}

pub(super) enum Pause {
    BetweenPings,
    BackOff,
    /// What the API's error says of pauses.
    Advised(Box<ApiError>),
}

/// What has happened.
pub(super) enum Event {
    /// The API gave a session token.
    Authorised(Token),
    /// The caller wants the flow cancelled.
    CancelAsked,
    /// The API says that the flow has expired.
    Expired,
    /// The stream has told something.
    Heard(Tidings),
    /// The next request cannot be made.
    Impossible(Error),
    /// An answer that cannot be understood, or not as one to this request.
    Misunderstood(Error),
    /// The API answered with an error, which is `told` in words that may be repeated.
    Refused { error: Box<ApiError>, told: Error },
    /// The pause has been measured.
    Rested { jitter: u32 },
    /// The API showed the flow, which will have expired at that moment.
    Saw { flow: Flow, expires: Duration },
    /// A request was handed out.
    Sent { endpoint: Endpoint, until: Duration },
    /// The stream has ended, broken off or fallen silent, or cannot be understood.
    StreamOver,
    /// A stream was handed out.
    Streaming,
    /// The deadline has passed, or the flow's life.
    TimeIsUp,
    /// No response came.
    Unanswered,
    /// The API has cancelled the flow, as the caller wanted.
    Voided,
}

/// What an event of a stream tells. None of it is believed: it says when to ping.
#[derive(Clone, Copy)]
pub(super) enum Tidings {
    /// The flow is in this state.
    State(FlowState),
    /// The flow has expired, or there is trouble.
    Other,
}

/// The stream of a session.
pub(super) enum Stream {
    /// Nobody has asked for one.
    Unwanted,
    /// It is to be opened.
    Wanted,
    /// It is open, or being opened.
    Open {
        /// When it counts as broken, unless an event comes.
        silent_at: Duration,
        /// What it told last.
        told: Option<Tidings>,
    },
    /// There was one. There is one a flow: pings go on.
    Over,
}

/// What a session knows beside its state: what it watches, by which rules, and what came of it
/// so far.
pub(super) struct Watch {
    /// The flow's identifier.
    pub(super) flow: String,
    /// Ping or polling.
    pub(super) endpoint: Endpoint,
    pub(super) stream: Stream,
    /// How many more pings that confirm what a stream has told need not wait for their turn.
    pub(super) prompt_pings: u32,
    pub(super) deadline: Option<Duration>,
    pub(super) lifetime: Duration,

    pub(super) token: Option<Token>,
    /// The flow's state as it was last reported.
    pub(super) reported: FlowState,
    /// A flow that is to be reported.
    pub(super) news: Option<Flow>,
    /// When the flow will have expired.
    pub(super) expires: Duration,
    pub(super) is_cancelling: bool,
    /// Pings since anything changed.
    idle: u32,
    /// Requests in a row that brought nothing, and what the last one brought instead.
    failures: u32,
    last_error: Option<Error>,
    /// Answers in a row that were none of the API's.
    garbled: u32,
}

/// A session token, and what is known of it.
pub(super) struct Token {
    pub(super) token: SessionToken,
    /// When it has to be renewed; `None` where that cannot be known.
    renew_at: Option<Duration>,
    /// A request has carried it.
    is_used: bool,
    /// The API has answered to it.
    is_proven: bool,
}

/// The state after `event`, which happened at `now`: it depends on nothing but what is given
/// here.
pub(super) fn transition(state: State, event: Event, watch: &mut Watch, now: Duration) -> State {
    match (state, event) {
        (State::Ended(end), _) => State::Ended(end),
        (_, Event::CancelAsked) => watch.begin_to_cancel(),

        (state, Event::Heard(tidings)) => watch.heard(state, tidings, now),
        (state, Event::StreamOver) => watch.lose_stream(state, now),

        (State::Due(_), Event::Sent { endpoint, until }) => watch.sent(endpoint, until),
        (State::Due(_), Event::Streaming) => watch.listen_from(now),
        (State::Due(_), Event::Impossible(error)) => watch.end(Err(error)),
        (State::Due(_) | State::Listening, Event::TimeIsUp) => watch.run_out(now),

        (State::Pausing(pause), Event::Rested { jitter }) => {
            State::Due(now.saturating_add(watch.length_of(&pause, jitter)))
        }

        (State::Sent { endpoint, until }, Event::Unanswered) => {
            watch.went_unanswered(endpoint, until, now)
        }
        (State::Sent { .. }, Event::Authorised(token)) => {
            watch.token = Some(token);
            State::Due(now)
        }
        (State::Sent { .. }, Event::Saw { flow, expires }) => watch.saw(flow, expires, now),
        (State::Sent { .. }, Event::Expired) => watch.end(Err(expired())),
        (State::Sent { .. }, Event::Voided) => watch.end(Err(voided())),
        (State::Sent { endpoint, .. }, Event::Refused { error, told }) => {
            watch.refused_by_api(endpoint, error, told, now)
        }
        (State::Sent { .. }, Event::Misunderstood(error)) => watch.misunderstood(error),

        // An answer that nobody waits for any more.
        (state, _) => state,
    }
}

/// What has happened by time alone.
pub(super) fn by_time(state: &State, watch: &Watch, now: Duration, jitter: u32) -> Option<Event> {
    match state {
        State::Sent { until, .. } if now >= *until => Some(Event::Unanswered),
        State::Pausing(_) => Some(Event::Rested { jitter }),
        State::Due(_) | State::Listening if now >= watch.horizon() => Some(Event::TimeIsUp),
        State::Listening if now >= watch.silent_at() => Some(Event::StreamOver),
        _ => None,
    }
}

impl Watch {
    pub(super) fn new(flow: String, lifetime: Duration) -> Self {
        Self {
            flow,
            endpoint: Endpoint::Ping,
            stream: Stream::Unwanted,
            prompt_pings: PROMPT_PINGS,
            deadline: None,
            lifetime,
            token: None,
            reported: FlowState::Pending,
            news: None,
            expires: lifetime,
            is_cancelling: false,
            idle: 0,
            failures: 0,
            last_error: None,
            garbled: 0,
        }
    }

    /// The moment from which nothing is sent any more.
    pub(super) fn horizon(&self) -> Duration {
        let expires = self.expires;
        self.deadline
            .map_or(expires, |deadline| deadline.min(expires))
    }

    /// When a stream that is open counts as broken.
    pub(super) fn silent_at(&self) -> Duration {
        match self.stream {
            Stream::Open { silent_at, .. } => silent_at,
            Stream::Over | Stream::Unwanted | Stream::Wanted => Duration::ZERO,
        }
    }

    /// Whether a stream is open that has told what no ping has.
    pub(super) fn has_news_to_confirm(&self) -> bool {
        match &self.stream {
            Stream::Open { told, .. } => match told {
                Some(Tidings::State(state)) => *state != self.reported,
                Some(Tidings::Other) => true,
                None => false,
            },
            Stream::Over | Stream::Unwanted | Stream::Wanted => false,
        }
    }

    /// Listens for some time from now on.
    fn listen_from(&mut self, now: Duration) -> State {
        let told = match self.stream {
            Stream::Open { told, .. } => told,
            Stream::Over | Stream::Unwanted | Stream::Wanted => None,
        };
        let silent_at = now.saturating_add(SILENCE);
        self.stream = Stream::Open { silent_at, told };
        State::Listening
    }

    fn heard(&mut self, state: State, tidings: Tidings, now: Duration) -> State {
        let Stream::Open { silent_at, told } = &mut self.stream else {
            return state;
        };
        *silent_at = now.saturating_add(SILENCE);
        *told = Some(tidings);
        match state {
            State::Listening if self.has_news_to_confirm() => State::Due(now),
            state => state,
        }
    }

    fn lose_stream(&mut self, state: State, now: Duration) -> State {
        if !matches!(self.stream, Stream::Open { .. }) {
            return state;
        }
        self.stream = Stream::Over;
        match state {
            State::Listening => State::Due(now),
            state => state,
        }
    }

    fn begin_to_cancel(&mut self) -> State {
        self.is_cancelling = true;
        self.stream = Stream::Over;
        self.news = None;
        (self.failures, self.garbled) = (0, 0);
        State::Due(Duration::ZERO)
    }

    fn sent(&mut self, endpoint: Endpoint, until: Duration) -> State {
        if let Some(token) = &mut self.token {
            token.is_used |= endpoint != Endpoint::Authorize;
        }
        State::Sent { endpoint, until }
    }

    fn length_of(&self, pause: &Pause, jitter: u32) -> Duration {
        match pause {
            Pause::BetweenPings => pace::between_pings(self.idle, jitter),
            Pause::BackOff => back_off(self.failures, jitter),
            Pause::Advised(error) => error.back_off(self.failures, jitter),
        }
    }

    fn saw(&mut self, flow: Flow, expires: Duration, now: Duration) -> State {
        if flow.reference() != self.flow {
            return self.misunderstood(Error::new(
                ErrorCode::ApiAnswer,
                "the answer is about another flow than was asked for: look at what stands between this service and the API",
            ));
        }
        (self.failures, self.garbled) = (0, 0);
        self.last_error = None;
        if let Some(token) = &mut self.token {
            token.is_proven = true;
        }
        self.expires = self.expires.min(expires);

        let state = flow.state();
        match state {
            FlowState::Cancelled | FlowState::Complete => return self.end(Ok(flow)),
            FlowState::OnSession | FlowState::Pending => {}
        }
        if state == self.reported {
            self.idle = self.idle.saturating_add(1);
        } else {
            self.idle = 0;
            self.reported = state;
            self.news = Some(flow);
        }
        match (self.endpoint, &self.stream) {
            (Endpoint::Polling, _) => State::Due(now),
            // Nobody may have read it while the ping was under way.
            (_, Stream::Open { .. }) if !self.has_news_to_confirm() => self.listen_from(now),
            _ => State::Pausing(Pause::BetweenPings),
        }
    }

    /// Acts upon an error of the API.
    fn refused_by_api(
        &mut self,
        endpoint: Endpoint,
        error: Box<ApiError>,
        told: Error,
        now: Duration,
    ) -> State {
        let carried_token = self.token.is_some() && endpoint != Endpoint::Authorize;
        let may_renew = carried_token && self.token.as_ref().is_some_and(|token| token.is_proven);
        match error.remedy() {
            // What has expired may be the token: a new one shows it.
            Remedy::Authorise | Remedy::StartAgain if may_renew => {
                self.token = None;
                State::Due(now)
            }
            Remedy::StartAgain if endpoint != Endpoint::Authorize => self.end(Err(expired())),
            Remedy::RetryLater => self.failed(told, Pause::Advised(error)),
            Remedy::Investigate => self.misunderstood(told),
            _ => self.end(Err(told)),
        }
    }

    fn misunderstood(&mut self, error: Error) -> State {
        self.garbled += 1;
        if self.garbled >= MOST_GARBLED {
            return self.end(Err(error));
        }
        self.failed(error, Pause::BackOff)
    }

    /// An answer that is held back for longer than its time-out is no failure.
    fn went_unanswered(&mut self, endpoint: Endpoint, until: Duration, now: Duration) -> State {
        if endpoint == Endpoint::Polling && now >= until {
            return State::Due(now);
        }
        let lost = Error::new(
            ErrorCode::ConnectionLost,
            "no response came: look at the network between this service and the API",
        );
        self.failed(lost, Pause::BackOff)
    }

    fn failed(&mut self, error: Error, pause: Pause) -> State {
        self.failures += 1;
        if self.is_cancelling && self.failures >= MOST_CANCELS {
            return self.end(Err(error));
        }
        self.last_error = Some(error);
        State::Pausing(pause)
    }

    /// Ends because time is up. What the last answer was matters: behind a failure the flow may
    /// have come to its end unseen.
    fn run_out(&mut self, now: Duration) -> State {
        let has_passed = self.deadline.is_some_and(|deadline| now >= deadline);
        let end = match self.last_error.take() {
            Some(error) => Err(error),
            None if has_passed => Err(Error::new(
                ErrorCode::DeadlinePassed,
                "the deadline has passed and the flow has not ended: cancel it, or watch it longer",
            )),
            None => Err(expired()),
        };
        self.end(end)
    }

    fn end(&mut self, end: Result<Flow, Error>) -> State {
        self.news = None;
        self.token = None;
        self.stream = Stream::Over;
        State::Ended(Some(Box::new(end)))
    }
}

impl Token {
    /// A token that no request has carried yet, and that lasts so long, where that is known.
    pub(super) fn new(token: SessionToken, lasts: Option<Duration>, now: Duration) -> Self {
        let lasts = lasts.and_then(|lasts| lasts.checked_sub(RENEWAL));
        Self {
            token,
            // A token that comes expired shows that the clocks disagree: the API will say when.
            renew_at: lasts.map(|lasts| now.saturating_add(lasts)),
            is_used: false,
            is_proven: false,
        }
    }

    /// Whether it has to be renewed first. One that comes as good as expired is tried all the
    /// same: another would be no younger, and asking for nothing else would never end.
    pub(super) fn is_due(&self, now: Duration) -> bool {
        self.is_used && self.renew_at.is_some_and(|renew_at| now >= renew_at)
    }
}

fn expired() -> Error {
    Error::new(
        ErrorCode::FlowExpired,
        "the flow expired before the person responded: start a new one",
    )
}

fn voided() -> Error {
    Error::new(
        ErrorCode::FlowCancelled,
        "the flow was cancelled at the caller's request: its result is void",
    )
}

/// How long before its expiry a token is renewed.
const RENEWAL: Duration = Duration::from_secs(30);

/// How many answers in a row may come from something other than the API: a proxy's page during a
/// restart passes.
const MOST_GARBLED: u32 = 5;

/// How long a stream may say nothing: the API's has an event every 2 s.
const SILENCE: Duration = Duration::from_secs(10);

/// A flow's end and a device that picks it up, each with a ping that came too early. A stream that
/// tells more than that has to wait as pings do.
const PROMPT_PINGS: u32 = 4;

/// How often a cancel is tried.
const MOST_CANCELS: u32 = 5;
