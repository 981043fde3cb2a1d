//! One flow from its start to its end: what to do next, decided without a clock and a socket.

use core::time::Duration;
use std::fmt;
use std::sync::Arc;

use crate::api::budget::{Budget, Seat};
use crate::api::config::{ApiConfig, ApiVersion};
use crate::api::echo;
use crate::api::endpoint::Endpoint;
use crate::api::http_response::HttpResponse;
use crate::api::request::{Request, Ticket};
use crate::api::response::{Answer, Response};
use crate::api::sse::EventStream;
use crate::error::{Error, ErrorCode};
use crate::flow::{Flow, Receipt};
use crate::ground::quoted::quoted;
use crate::profile::{Profile, Trust};
use crate::setup::Setup;
use crate::time::UnixTime;

mod machine;
mod pace;
mod stream;

use machine::{Event, State, Token, Watch};
use pace::{Clock, Pace};

/// A flow that is watched until it ends: the state machine between an app and the API.
///
/// The caller asks [`poll`](Self::poll) what to do, does it, and reports what came of it:
/// [`handle`](Self::handle) for a response, [`lost`](Self::lost) for none. Everything else is
/// decided here: authorising where v1 needs it and again before the token expires, pauses of 1
/// to 3 s, back-off after failures, an end at the flow's end, its expiry, a deadline or a
/// [`cancel`](Self::cancel). A session sends at most 100 requests a minute, the API's limit for
/// one address; many sessions behind one address share that limit, and `api_rate_limited` slows
/// each.
///
/// It is deterministic: time and chance come from outside. `now` is the moment of the call, as
/// `SystemTime::now().try_into()` gives it, and `jitter` any random number.
///
/// ```
/// use flowseal::api::{Action, ApiConfig, ApiVersion, Credentials, Environment, HttpResponse,
///     Session};
/// # use flowseal::testkit::Sample;
/// # let body = Sample::new()?.response().to_vec();
/// # let (send, sleep, random) = (|_: &_, _| Some(body.clone()), |_| (), || 7);
/// # let now = || flowseal::UnixTime::from_seconds(1716820122).unwrap();
///
/// let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
/// let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
/// let mut session = Session::new(config, "req_sample")?;
/// let flow = loop {
///     match session.poll(now(), random()) {
///         Action::Send { request, timeout } => match send(&request, timeout) {
///             Some(body) => session.handle(&HttpResponse::new(200, &body), now()),
///             None => session.lost(now()),
///         },
///         Action::Wait(pause) => sleep(pause),
///         Action::Progress(flow) => println!("{} is on a device", flow.reference()),
///         Action::Stream { .. } => session.stream_ended(now()), // Nobody has asked for one.
///         Action::Ended(end) => break end?,
///     }
/// };
/// assert_eq!(flow.reference(), "req_sample"); // Now verify it.
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct Session {
    config: Arc<ApiConfig>,
    profile: Option<Arc<Profile>>,
    clock: Clock,
    pace: Pace,
    state: State,
    watch: Watch,
    standing: Standing,
    /// The ticket and the address of the ping that is under way.
    sent: Option<(Ticket, String)>,
    /// Its place in a budget, until it has ended.
    seat: Option<Seat>,
    /// What arrives of a stream that is open.
    events: Option<EventStream>,
}

/// Whether what a session brings can be a flow that was received.
enum Standing {
    /// It can: it is on a pending flow that may be. Nobody has asked for it.
    MayReceive(Receipt),
    /// It cannot.
    Signed,
    /// It can, and was asked for.
    Receives(Receipt),
}

/// What to do next.
///
/// The list is closed: a caller that does each of these is complete, and needs no arm for
/// others, behind which an end could be polled past.
#[expect(
    clippy::exhaustive_enums,
    reason = "a caller that does not know an action would poll for ever"
)]
#[derive(Debug)]
pub enum Action {
    /// Send this, and tell the session what comes back. Give up after `timeout`.
    Send {
        /// What to send.
        request: Request,
        /// How long to wait for the whole response.
        timeout: Duration,
    },
    /// Ask again after this time, or earlier.
    Wait(Duration),
    /// The flow has not ended but changed: a device has picked it up. Then ask again at once.
    Progress(Flow),
    /// Open this stream, give what arrives to [`heard`](Session::heard), and ask on meanwhile. Said
    /// once, and only of a session [`with_stream`](Session::with_stream). Whoever cannot open it
    /// says [`stream_ended`](Session::stream_ended).
    Stream {
        /// What to send.
        request: Request,
        /// How long to wait for its head.
        timeout: Duration,
    },
    /// The session has ended, with the flow where that has come to its own end: it is complete,
    /// to be verified, or cancelled. Else the error says why: `flow_expired` where the person
    /// has not responded in time, `flow_cancelled` after a [`cancel`](Session::cancel), or what
    /// was in the way.
    Ended(Result<Flow, Error>),
}

impl Session {
    /// Watches the flow of this identifier, `req_…`, which the app has started.
    ///
    /// ```
    /// # use flowseal::api::{ApiConfig, ApiVersion, Credentials, Environment, Session};
    /// # let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
    /// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
    /// let config = std::sync::Arc::new(config); // One for all sessions.
    /// let session = Session::new(config.clone(), "req_1")?;
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// `usage` for an identifier that is empty or too long; `api_config` for v1 without the
    /// identifiers that authorising needs.
    pub fn new(config: impl Into<Arc<ApiConfig>>, flow: impl Into<String>) -> Result<Self, Error> {
        let (config, flow) = (config.into(), flow.into());
        crate::api::request::checked(&flow)?;
        if config.version() == ApiVersion::V1 {
            config.authorize()?;
        }
        Ok(Self {
            config,
            profile: None,
            clock: Clock::default(),
            pace: Pace::default(),
            state: State::Due(Duration::ZERO),
            watch: Watch::new(flow, Self::LIFETIME),
            standing: Standing::Signed,
            sent: None,
            seat: None,
            events: None,
        })
    }

    /// What is unusual and may still be right: an identifier that does not begin with `req_`. A
    /// sentence for a log; without it the API alone would tell.
    ///
    /// ```
    /// # use flowseal::api::{ApiConfig, ApiVersion, Credentials, Environment, Session};
    /// # let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
    /// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
    /// assert_eq!(Session::new(config, "1234")?.warnings().len(), 1);
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    pub fn warnings(&self) -> Vec<String> {
        let flow = &self.watch.flow;
        let is_usual = flow.starts_with("req_");
        let warning = || {
            format!(
                "the flow {} does not begin with req_: check that it is one",
                quoted(flow)
            )
        };
        (!is_usual).then(warning).into_iter().collect()
    }

    /// The same on a pending flow; with a receipt where that may be received.
    pub(super) fn on_a_pending_flow(mut self, receipt: Option<Receipt>) -> Self {
        self.standing = receipt.map_or(Standing::Signed, Standing::MayReceive);
        self
    }

    /// The same, reading answers under a profile.
    pub(super) fn under(mut self, profile: Option<Arc<Profile>>) -> Self {
        self.profile = profile;
        self
    }

    pub(super) fn may_receive(&self) -> bool {
        matches!(self.standing, Standing::MayReceive(_)) && self.watch.endpoint != Endpoint::Polling
    }

    /// What the flow at the end needs to be believed. [`Signed`](Trust::Signed) is where a session
    /// begins: a flow that was [received](crate::api::ReceivedFlow) has to be asked for by name.
    ///
    /// # Errors
    /// `usage` for `Received` of a session that is on no [`PendingFlow`](crate::api::PendingFlow),
    /// or on one that is not an identification; that speaks without TLS, but to loopback in the
    /// sandbox; or that polls in place of pinging.
    pub fn with_trust(mut self, trust: Trust) -> Result<Self, Error> {
        self.standing = match (trust, self.standing) {
            (Trust::Received, Standing::MayReceive(receipt) | Standing::Receives(receipt))
                if self.watch.endpoint != Endpoint::Polling =>
            {
                Standing::Receives(receipt)
            }
            (Trust::Received, _) => {
                return Err(Error::new(
                    ErrorCode::Usage,
                    "a flow can be received by a session of a PendingFlow alone, which identifies a person, pings, and speaks TLS (or to loopback in the sandbox): make the session so, or demand a signature",
                ));
            }
            (Trust::Signed, Standing::Receives(receipt)) => Standing::MayReceive(receipt),
            (Trust::Signed, other) => other,
        };
        Ok(self)
    }

    /// How long a flow lives, unless said otherwise: the difference between `exp` and `iat` in
    /// the specification's example.
    pub const LIFETIME: Duration = Duration::from_secs(360);

    /// Uses long polling (v1): the API holds its answer back until the flow has changed, so
    /// there is no pause between two requests, and a timeout is not a failure.
    ///
    /// # Errors
    /// `api_version` in v2, whose polling is a legacy that needs v1's token; `usage` for a session
    /// that [receives](Self::with_trust).
    pub fn with_long_polling(mut self) -> Result<Self, Error> {
        if self.config.version() != ApiVersion::V1 {
            return Err(Error::new(
                ErrorCode::ApiVersion,
                "v2's polling is a legacy that needs a token of v1: ping, or use the stream of events",
            ));
        }
        if matches!(self.standing, Standing::Receives(_)) {
            return Err(Error::new(
                ErrorCode::Usage,
                "a flow is received by pings and not by polling: ping, or demand a signature",
            ));
        }
        self.watch.endpoint = Endpoint::Polling;
        Ok(self)
    }

    /// Takes turns with the other sessions of an address, by its [`Budget`].
    ///
    /// # Errors
    /// `api_rate_limited` where so many share it that another would not end in time.
    pub fn with_budget(mut self, budget: &Budget) -> Result<Self, Error> {
        self.seat = Some(budget.seat(&self.config)?);
        Ok(self)
    }

    /// Gives up after this time, counted from the first [`poll`](Self::poll).
    #[must_use]
    pub fn with_deadline(mut self, after: Duration) -> Self {
        self.watch.deadline = Some(after);
        self
    }

    /// Takes a flow as expired when it is this old; [`LIFETIME`](Self::LIFETIME) unless given.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: Duration) -> Self {
        (self.watch.lifetime, self.watch.expires) = (lifetime, lifetime);
        self
    }

    /// What to do next. `jitter` is any random number; it spreads the pauses.
    ///
    /// While a request is under way, the answer is to wait, at most for its timeout; then it
    /// counts as lost. After an end, every answer is an end with `session_over`.
    pub fn poll(&mut self, now: UnixTime, jitter: u32) -> Action {
        let moment = now;
        let now = self.clock.advance(now.since_1970());
        if let Some(flow) = self.watch.news.take() {
            return Action::Progress(flow);
        }
        while let Some(event) = machine::by_time(&self.state, &self.watch, now, jitter) {
            self.step(event, now);
        }
        match self.state {
            State::Sent { until, .. } => return Action::Wait(until.saturating_sub(now)),
            State::Due(due) => {
                let due = due.max(self.pace.next());
                if now < due {
                    return Action::Wait(due.min(self.watch.horizon()).saturating_sub(now));
                }
                match self.next_request(now) {
                    Ok(request) => {
                        if let Err(pause) = self.take_turn(&request, moment) {
                            let horizon = self.watch.horizon().saturating_sub(now);
                            return Action::Wait(pause.min(horizon));
                        }
                        return match request.endpoint() {
                            Endpoint::Sse => self.stream(request, now),
                            _ => self.send(request, now),
                        };
                    }
                    Err(error) => self.step(Event::Impossible(error), now),
                }
            }
            State::Listening => {
                let until = self.watch.horizon().min(self.watch.silent_at());
                return Action::Wait(until.saturating_sub(now));
            }
            State::Pausing(_) | State::Ended(_) => {}
        }
        match &mut self.state {
            State::Ended(end) => Action::Ended(told(end.take())),
            // Time has made something else of every pause.
            _ => Action::Wait(Duration::ZERO),
        }
    }

    /// Takes the response to the request that was last to be sent.
    ///
    /// One that is [said](HttpResponse::answering) to be the answer to a request of another kind is
    /// dropped: a ping's may arrive after a [`cancel`](Self::cancel). The answer to an earlier ping
    /// is taken, and no flow is [received](crate::api::ReceivedFlow) by it.
    pub fn handle(&mut self, response: &HttpResponse<'_>, now: UnixTime) {
        let now = self.clock.advance(now.since_1970());
        let State::Sent { endpoint, .. } = self.state else {
            return;
        };
        if response.is_answer_to_other_than(endpoint) {
            return;
        }
        // Taken whatever comes of it: a ticket is good for one answer.
        let sent = self.sent.take();
        let is_receipt = endpoint == Endpoint::Ping
            && sent.is_some_and(|(ticket, url)| response.is_receipt_of(&ticket, &url));
        let Some(mut event) = self.read(endpoint, response, now) else {
            return;
        };
        if let (Event::Saw { flow, .. }, Standing::Receives(receipt), true) =
            (&mut event, &self.standing, is_receipt)
        {
            flow.set_receipt(receipt.clone());
        }
        self.step(event, now);
    }

    /// Takes the news that a request got no response: no connection, a timeout, half a body.
    pub fn lost(&mut self, now: UnixTime) {
        let now = self.clock.advance(now.since_1970());
        self.step(Event::Unanswered, now);
    }

    /// Cancels the flow: the next request is the one that voids it. A request that is under way
    /// is given up. Nothing happens where the flow has ended already.
    pub fn cancel(&mut self) {
        self.step(Event::CancelAsked, Duration::ZERO);
    }

    fn step(&mut self, event: Event, now: Duration) {
        let state = std::mem::replace(&mut self.state, State::Ended(None));
        self.state = machine::transition(state, event, &mut self.watch, now);
        if matches!(self.state, State::Ended(_)) {
            self.seat = None;
        }
        if !self.listens() {
            self.events = None;
        }
    }

    fn take_turn(&mut self, request: &Request, now: UnixTime) -> Result<(), Duration> {
        let is_prompt = self.is_prompt(request);
        let is_urgent = request.endpoint() == Endpoint::Cancel || is_prompt;
        let seat = self.seat.as_ref();
        seat.map_or(Ok(()), |seat| seat.take(is_urgent, now))?;
        if is_prompt {
            self.watch.prompt_pings -= 1;
        }
        Ok(())
    }

    fn send(&mut self, request: Request, now: Duration) -> Action {
        let endpoint = request.endpoint();
        let timeout = match endpoint {
            Endpoint::Polling => LONG_TIMEOUT,
            _ => TIMEOUT,
        };
        let left = self.watch.horizon().saturating_sub(now);
        let timeout = timeout.min(left).max(SHORTEST_TIMEOUT);
        self.pace.count(now);
        let until = now.saturating_add(timeout);
        let ticket = Ticket::new();
        self.sent = Some((ticket.clone(), request.url().to_owned()));
        let request = request.with_ticket(ticket);
        self.step(Event::Sent { endpoint, until }, now);
        Action::Send { request, timeout }
    }

    fn next_request(&self, now: Duration) -> Result<Request, Error> {
        let watch = &self.watch;
        let endpoint = if watch.is_cancelling {
            Endpoint::Cancel
        } else if self.is_to_stream() {
            return self.config.sse(&watch.flow);
        } else {
            watch.endpoint
        };
        let needs_token = match endpoint {
            Endpoint::Polling => self.config.polls_with_token(),
            _ => self.config.version() == ApiVersion::V1,
        };
        let token = watch.token.as_ref();
        if needs_token && token.is_none_or(|token| token.is_due(now)) {
            return self.config.authorize();
        }
        let token = token.map(|token| &token.token);
        match endpoint {
            Endpoint::Cancel => self.config.cancel(&watch.flow, token),
            Endpoint::Polling => self.config.polling(&watch.flow, token),
            _ => self.config.ping(&watch.flow, token),
        }
    }

    /// What a response to a request to this endpoint says; `None` where it does not matter.
    fn read(
        &self,
        endpoint: Endpoint,
        response: &HttpResponse<'_>,
        now: Duration,
    ) -> Option<Event> {
        let read = Response::of_http(endpoint, response, self.profile.clone());
        Some(match (endpoint, read.map(Response::into_answer)) {
            (_, Err(error)) => {
                Event::Misunderstood(self.without_credentials(error, response.body()))
            }
            (_, Ok(Answer::Error(error))) => Event::Refused {
                told: self.without_credentials(error.clone().into(), response.body()),
                error: Box::new(error),
            },
            // A ping's, whose caller does not say so.
            (Endpoint::Cancel, Ok(Answer::Flow(_))) => return None,
            (Endpoint::Authorize, Ok(Answer::Authorized(token))) => {
                let lasts = token.expires_at().and_then(|expires_at| {
                    expires_at.seconds().checked_sub(self.clock.unix_seconds())
                });
                Event::Authorised(Token::new(token, lasts.map(Duration::from_secs), now))
            }
            // What a cancel answers beside its success is not needed.
            (Endpoint::Cancel, Ok(Answer::Cancelled(_) | Answer::Expired)) => Event::Voided,
            (Endpoint::Ping | Endpoint::Polling, Ok(Answer::Flow(flow))) => Event::Saw {
                expires: now.saturating_add(self.left_of(&flow)),
                flow,
            },
            (Endpoint::Ping | Endpoint::Polling, Ok(Answer::Expired)) => Event::Expired,
            (_, Ok(other)) => Event::Misunderstood(other.instead_of(match endpoint {
                Endpoint::Authorize => "a session token",
                Endpoint::Cancel => "a cancelled request",
                _ => "a flow",
            })),
        })
    }

    /// How long a flow has still to live. Where the clocks disagree so much that a living flow
    /// looks dead, it is as old as its watch.
    fn left_of(&self, flow: &Flow) -> Duration {
        let (now, lifetime) = (self.clock.unix_seconds(), self.watch.lifetime);
        let age = now.saturating_sub(flow.iat().seconds());
        let left = lifetime.checked_sub(Duration::from_secs(age));
        left.filter(|left| !left.is_zero()).unwrap_or(lifetime)
    }

    /// An error that does not repeat a credential, should the answer have done so.
    fn without_credentials(&self, error: Error, body: &[u8]) -> Error {
        let token = self.watch.token.as_ref();
        let token = token.map(|token| token.token.expose_secret());
        let credentials = [
            Some(self.config.api_key()),
            Some(self.config.app_secret()),
            token,
        ];
        echo::without_credentials(error, body, credentials.into_iter().flatten())
    }
}

impl Setup {
    /// Watches the flow of this identifier, and reads answers under the profile.
    ///
    /// # Errors
    /// Those of [`Session::new`].
    pub fn session(
        &self,
        config: impl Into<Arc<ApiConfig>>,
        flow: impl Into<String>,
    ) -> Result<Session, Error> {
        Ok(Session::new(config, flow)?.under(self.named_profile()))
    }
}

/// An end is given once, and from then on the error that it was given.
fn told(end: Option<Box<Result<Flow, Error>>>) -> Result<Flow, Error> {
    let over = || {
        Err(Error::new(
            ErrorCode::SessionOver,
            "the session ended earlier, and gave its outcome then: make a new one for another flow",
        ))
    };
    end.map_or_else(over, |end| *end)
}

/// How long a response may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How long one that is held back may take: longer than servers and proxies use to hold.
const LONG_TIMEOUT: Duration = Duration::from_secs(65);

/// What a request gets that is sent just before the end.
const SHORTEST_TIMEOUT: Duration = Duration::from_secs(1);

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("flow", &self.watch.flow)
            .field("reported", &self.watch.reported)
            .finish_non_exhaustive()
    }
}
