//! One flow from its start to its end: what to do next, decided without a clock and a socket.

use core::time::Duration;
use std::fmt;
use std::sync::Arc;

use crate::api::api_error::ApiError;
use crate::api::config::{ApiConfig, ApiVersion};
use crate::api::endpoint::Endpoint;
use crate::api::request::Request;
use crate::api::session_token::SessionToken;
use crate::error::{Error, ErrorCode};
use crate::flow::{Flow, FlowState};
use crate::ground::back_off::back_off;
use crate::profile::Profile;

mod answers;
mod echo;
mod pace;

use pace::{Clock, Pace};

/// A flow that is watched until it ends: the state machine between an app and the API.
///
/// The caller asks [`poll`](Self::poll) what to do, does it, and tells what came of it:
/// [`handle`](Self::handle) for a response, [`lost`](Self::lost) for none. Everything else is decided
/// here: authorising where v1 needs it and again before the token expires, pauses of 1 to 3 s,
/// back-off after failures, an end at the flow's end, its expiry, a deadline or a
/// [`cancel`](Self::cancel). A session sends at most 100 requests a minute, the API's limit for one
/// address; many sessions behind one address share that limit, and `api_rate_limited` slows each.
///
/// It is deterministic: time and chance come from outside. `now` is the time since 1970, as
/// `SystemTime::now().duration_since(UNIX_EPOCH)` gives it, and `jitter` any random number.
///
/// ```
/// use core::time::Duration;
/// use flowseal::{Action, ApiConfig, ApiVersion, Environment, HttpResponse, SecretText, Session};
/// # use flowseal::testkit::Sample;
/// # let body = Sample::new()?.response().to_vec();
/// # let (send, sleep, random) = (|_: &_, _| Some(body.clone()), |_| (), || 7);
/// # let time = || Duration::from_secs(1716820122);
///
/// let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox,
///     SecretText::copied_from("bk-test_1"), SecretText::copied_from("snb_1"))?;
/// let mut session = Session::new(config, "req_sample")?;
/// let flow = loop {
///     match session.poll(time(), random()) {
///         Action::Send { request, timeout } => match send(&request, timeout) {
///             Some(body) => session.handle(&HttpResponse::new(200, [("", ""); 0], &body), time()),
///             None => session.lost(time()),
///         },
///         Action::Wait(pause) => sleep(pause),
///         Action::Progress(flow) => println!("{} is on a device", flow.reference()),
///         Action::Done(flow) => break flow,
///         Action::Expired => panic!("too late"),
///         Action::Failed(error) => return Err(error),
///         _ => {}
///     }
/// };
/// assert_eq!(flow.reference(), "req_sample"); // Now verify it.
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct Session {
    config: Arc<ApiConfig>,
    flow: String,
    profile: Option<Arc<Profile>>,
    endpoint: Endpoint,
    deadline: Option<Duration>,
    lifetime: Duration,

    clock: Clock,
    pace: Pace,
    state: State,
    token: Option<Token>,
    /// The flow's state as it was last reported.
    reported: FlowState,
    /// A flow that is to be reported.
    progress: Option<Flow>,
    /// When the flow will have expired.
    expires: Duration,
    is_cancelling: bool,
    /// Pings since anything changed.
    idle: u32,
    /// Requests in a row that brought nothing, and what the last one brought instead.
    failures: u32,
    /// Answers in a row that were none of the API's.
    garbled: u32,
    last_error: Option<Error>,
}

/// What to do next.
#[non_exhaustive]
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
    /// The flow has ended: it is complete, to be verified, or cancelled.
    Done(Flow),
    /// The flow has expired before the person has treated it.
    Expired,
    /// The session has ended without the flow's end. `flow_cancelled` after a
    /// [`cancel`](Session::cancel), else the code says what can be done.
    Failed(Error),
}

/// What a session is at.
enum State {
    /// A request may be sent from this moment on.
    Due(Duration),
    /// A pause is to be made, whose length the next poll's jitter decides.
    Pausing(Pause),
    /// A request is under way.
    Sent { endpoint: Endpoint, until: Duration },
    /// The end, which is still to be told.
    Ending(Box<Action>),
    /// The end, which has been told.
    Over,
}

enum Pause {
    BetweenPings,
    BackOff,
    /// What the API's error says of pauses.
    Advised(Box<ApiError>),
}

/// A session token, and what is known of it.
struct Token {
    token: SessionToken,
    /// When it has to be renewed; `None` where that cannot be known.
    renew_at: Option<Duration>,
    /// A request has carried it.
    is_used: bool,
    /// The API has answered to it.
    is_proven: bool,
}

impl Session {
    /// Watches the flow of this identifier, `req_…`, which the app has started.
    ///
    /// ```
    /// # use flowseal::{ApiConfig, ApiVersion, Environment, SecretText, Session};
    /// # let secret = SecretText::copied_from;
    /// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox,
    /// #     secret("bk-test_1"), secret("snb_1"))?;
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
            flow,
            profile: None,
            endpoint: Endpoint::Ping,
            deadline: None,
            lifetime: Self::LIFETIME,
            clock: Clock::default(),
            pace: Pace::default(),
            state: State::Due(Duration::ZERO),
            token: None,
            reported: FlowState::Pending,
            progress: None,
            expires: Self::LIFETIME,
            is_cancelling: false,
            idle: 0,
            failures: 0,
            garbled: 0,
            last_error: None,
        })
    }

    /// How long a flow lives, unless said otherwise: the difference between `exp` and `iat` in the
    /// specification's example.
    pub const LIFETIME: Duration = Duration::from_secs(360);

    /// Uses long polling (v1): the API holds its answer back until the flow has changed, so there is
    /// no pause between two requests, and a timeout is no failure.
    ///
    /// # Errors
    /// `api_version` in v2, whose polling is a legacy that needs v1's token.
    pub fn long_polling(mut self) -> Result<Self, Error> {
        if self.config.version() != ApiVersion::V1 {
            return Err(Error::new(
                ErrorCode::ApiVersion,
                "v2's polling is a legacy that needs a token of v1: ping, or use the stream of events",
            ));
        }
        self.endpoint = Endpoint::Polling;
        Ok(self)
    }

    /// Gives up after this time, counted from the first [`poll`](Self::poll).
    #[must_use]
    pub fn deadline(mut self, after: Duration) -> Self {
        self.deadline = Some(after);
        self
    }

    /// Takes a flow as expired when it is this old; [`LIFETIME`](Self::LIFETIME) unless given.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        (self.lifetime, self.expires) = (lifetime, lifetime);
        self
    }

    /// Reads answers under a profile, which then has to be that of the verifier and the keys too.
    #[must_use]
    pub fn profile(mut self, profile: &Profile) -> Self {
        self.profile = Some(Arc::new(profile.clone()));
        self
    }

    /// What to do next. `jitter` is any random number; it spreads the pauses.
    ///
    /// While a request is under way, the answer is to wait, at most for its timeout; then it counts
    /// as lost. After an end, every answer is `Failed` with `session_over`.
    pub fn poll(&mut self, now: Duration, jitter: u32) -> Action {
        let now = self.clock.advance(now);
        if let Some(flow) = self.progress.take() {
            return Action::Progress(flow);
        }
        if let State::Sent { until, .. } = self.state {
            if now < until {
                return Action::Wait(until - now);
            }
            self.went_unanswered(now);
        }
        if let State::Pausing(pause) = &self.state {
            let length = match pause {
                Pause::BetweenPings => pace::between_pings(self.idle, jitter),
                Pause::BackOff => back_off(self.failures, jitter),
                Pause::Advised(error) => error.back_off(self.failures, jitter),
            };
            self.state = State::Due(now.saturating_add(length));
        }
        if let State::Due(due) = self.state {
            let horizon = self
                .deadline
                .map_or(self.expires, |deadline| deadline.min(self.expires));
            if now >= horizon {
                self.run_out(now);
            } else {
                let due = due.max(self.pace.next());
                if now < due {
                    return Action::Wait(due.min(horizon) - now);
                }
                match self.next_request(now) {
                    Ok(request) => return self.send(request, now, horizon),
                    Err(error) => self.end(Action::Failed(error)),
                }
            }
        }
        match std::mem::replace(&mut self.state, State::Over) {
            State::Ending(action) => *action,
            _ => Action::Failed(Error::new(
                ErrorCode::SessionOver,
                "the session has ended, and what came of it was told then: make a new one for another flow",
            )),
        }
    }

    /// Cancels the flow: the next request is the one that voids it. A request that is under way is
    /// given up. Nothing happens where the flow has ended already.
    pub fn cancel(&mut self) {
        if matches!(self.state, State::Ending(_) | State::Over) {
            return;
        }
        self.is_cancelling = true;
        self.progress = None;
        self.failures = 0;
        self.garbled = 0;
        self.state = State::Due(Duration::ZERO);
    }

    fn send(&mut self, request: Request, now: Duration, horizon: Duration) -> Action {
        let timeout = match request.endpoint() {
            Endpoint::Polling => LONG_TIMEOUT,
            _ => TIMEOUT,
        };
        let timeout = timeout.min(horizon - now).max(SHORTEST_TIMEOUT);
        self.pace.count(now);
        self.state = State::Sent {
            endpoint: request.endpoint(),
            until: now.saturating_add(timeout),
        };
        Action::Send { request, timeout }
    }

    fn next_request(&mut self, now: Duration) -> Result<Request, Error> {
        let endpoint = if self.is_cancelling {
            Endpoint::Cancel
        } else {
            self.endpoint
        };
        let needs_token = match endpoint {
            Endpoint::Polling => self.config.polls_with_token(),
            _ => self.config.version() == ApiVersion::V1,
        };
        // One that comes as good as expired is tried all the same: another would be no younger, and
        // asking for nothing else would never end.
        let is_due =
            |token: &Token| token.is_used && token.renew_at.is_some_and(|renew_at| now >= renew_at);
        if needs_token && self.token.as_ref().is_none_or(is_due) {
            return self.config.authorize();
        }
        if let Some(token) = &mut self.token {
            token.is_used = true;
        }
        let token = self.token.as_ref().map(|token| &token.token);
        match endpoint {
            Endpoint::Cancel => self.config.cancel(&self.flow, token),
            Endpoint::Polling => self.config.polling(&self.flow, token),
            _ => self.config.ping(&self.flow, token),
        }
    }
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
            .field("flow", &self.flow)
            .field("reported", &self.reported)
            .finish_non_exhaustive()
    }
}
