//! One event of an audit: what it says, and its JSON.

use core::time::Duration;

use super::AuditedError;
use crate::api::asked::Asked;
use crate::error::{CodeClass, ErrorCode};
use crate::flow::Flow;
use crate::ground::report::Check;
use crate::ground::tree::{Json, Number, Object};
use crate::profile::Trust;
use crate::time::UnixTime;

/// Something that happened to a flow. [`Audit`](crate::api::Audit) makes it; nothing in it is
/// secret but what the flow's identifier is to whoever can ask the API about it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditEvent {
    kind: AuditKind,
    at: UnixTime,
    outcome: AuditOutcome,
    code: Option<ErrorCode>,
    check: Option<Check>,
    flow: Option<String>,
    method: &'static str,
    action: &'static str,
    device: &'static str,
    pub(super) trust: Option<Trust>,
    pub(super) person: Option<String>,
    age: Option<Duration>,
    response: Option<Duration>,
    took: Option<Duration>,
}

impl AuditEvent {
    pub(super) fn of(kind: AuditKind, at: UnixTime) -> Self {
        Self {
            kind,
            at,
            outcome: AuditOutcome::Done,
            code: None,
            check: None,
            flow: None,
            method: "",
            action: "",
            device: "",
            trust: None,
            person: None,
            age: None,
            response: None,
            took: None,
        }
    }

    pub(super) fn about(mut self, asked: &Asked, person: Option<String>) -> Self {
        self.method = asked.method.endpoint().as_str();
        self.action = asked.method.action();
        self.device = asked.route.as_str();
        self.person = person;
        self
    }

    pub(super) fn in_flow(mut self, flow: &str) -> Self {
        self.flow = Some(flow.to_owned());
        self
    }

    pub(super) fn failed(mut self, error: &impl AuditedError) -> Self {
        let (code, check) = error.code_and_check();
        self.outcome = AuditOutcome::of(code);
        (self.code, self.check) = (Some(code), check);
        self
    }

    /// What the flow says of times, in whole seconds as the API does.
    pub(super) fn with_times(mut self, flow: &Flow, now: UnixTime) -> Self {
        let since_start = |moment: UnixTime| {
            let seconds = moment.seconds().saturating_sub(flow.iat().seconds());
            Duration::from_secs(seconds)
        };
        self.age = Some(since_start(now));
        self.response = flow.signed_at().map(since_start);
        self
    }

    /// The same for something that took so long by the caller's clock: the request, the watch, the
    /// opening.
    #[must_use]
    pub fn with_took(mut self, took: Duration) -> Self {
        self.took = Some(took);
        self
    }

    /// What happened.
    pub fn kind(&self) -> AuditKind {
        self.kind
    }

    /// When, by the caller's clock.
    pub fn at(&self) -> UnixTime {
        self.at
    }

    /// How it went.
    pub fn outcome(&self) -> AuditOutcome {
        self.outcome
    }

    /// Why it did not go well; `None` where it did.
    pub fn code(&self) -> Option<ErrorCode> {
        self.code
    }

    /// The check that failed, where one did.
    pub fn check(&self) -> Option<Check> {
        self.check
    }

    /// The flow's identifier, `req_…`; `None` where the API has given none.
    pub fn flow(&self) -> Option<&str> {
        self.flow.as_deref()
    }

    /// What was started: `identification` or `signing`.
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// What for: `login`, `signup` or `link`, `sign` or `confirm`.
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// Where the person is asked: `same-device`, `different-device` or `wildcard`.
    pub fn device(&self) -> &'static str {
        self.device
    }

    /// What the flow is believed for, where it is.
    pub fn trust(&self) -> Option<Trust> {
        self.trust
    }

    /// The person under the [key](crate::api::Audit::with_person_key): whoever was asked, or, of a
    /// flow that was finished, whoever has responded. `None` without a key, and where nobody was
    /// named.
    pub fn person(&self) -> Option<&str> {
        self.person.as_deref()
    }

    /// How old the flow was by its `iat`, where it was there to be asked; whole seconds.
    pub fn age(&self) -> Option<Duration> {
        self.age
    }

    /// How long the person took to sign, from `iat` to `signedAt`; whole seconds.
    pub fn response(&self) -> Option<Duration> {
        self.response
    }

    /// How long it took, where the caller [has said so](Self::with_took).
    pub fn took(&self) -> Option<Duration> {
        self.took
    }

    /// The event as JSON, which `docs/audit.schema.json` describes: an object without the members
    /// that do not apply. It begins `{"flowseal_audit":1,`.
    pub fn to_json(&self) -> Json {
        let text = |text: &str| Some(Json::String(text.to_owned()));
        let number = |number: u64| Some(Json::Number(Number::of_integer(number)));
        let seconds = |span: Option<Duration>| number(span?.as_secs());
        let milliseconds = |span: Option<Duration>| {
            let milliseconds = span?.as_millis().min(MOST_MILLISECONDS);
            number(u64::try_from(milliseconds).unwrap_or_default())
        };
        let members = [
            ("flowseal_audit", number(VERSION)),
            ("event", text(self.kind.as_str())),
            ("at", number(self.at.seconds())),
            ("outcome", text(self.outcome.as_str())),
            ("code", self.code.and_then(|code| text(code.as_str()))),
            ("check", self.check.and_then(|check| text(check.as_str()))),
            ("flow", self.flow().and_then(text)),
            ("method", text(self.method)),
            ("action", text(self.action)),
            ("device", text(self.device)),
            ("trust", self.trust.and_then(|trust| text(trust.name()))),
            ("person", self.person().and_then(text)),
            ("age_s", seconds(self.age)),
            ("response_s", seconds(self.response)),
            ("took_ms", milliseconds(self.took)),
        ];
        let members = members.into_iter();
        let members = members.filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Json::Object(members.collect::<Object>())
    }
}

/// What happened to a flow.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum AuditKind {
    /// The app wants it cancelled.
    CancelAsked,
    /// The API has answered its start.
    Created,
    /// Its session has ended.
    Ended,
    /// It was judged.
    Finished,
    /// Its claims were opened.
    Opened,
    /// A device has picked it up.
    PickedUp,
    /// Its start is about to be sent.
    Started,
}

impl AuditKind {
    /// Every kind, in the order in which they happen.
    pub const ALL: &[Self] = &[
        Self::Started,
        Self::Created,
        Self::PickedUp,
        Self::CancelAsked,
        Self::Ended,
        Self::Finished,
        Self::Opened,
    ];

    /// The stable name, such as `picked_up`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CancelAsked => "cancel_asked",
            Self::Created => "created",
            Self::Ended => "ended",
            Self::Finished => "finished",
            Self::Opened => "opened",
            Self::PickedUp => "picked_up",
            Self::Started => "started",
        }
    }
}

/// How something went that happened to a flow.
///
/// The list is closed, so that whoever counts by it has counted all.
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever counts each of them has counted all"
)]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum AuditOutcome {
    /// As it should.
    Done,
    /// It is over and nobody's fault: cancelled, expired, finished before.
    Ended,
    /// Something is broken or misused, here, there or between.
    Failed,
    /// It is understood, and must not be accepted.
    Refused,
}

impl AuditOutcome {
    /// Every outcome.
    pub const ALL: &[Self] = &[Self::Done, Self::Ended, Self::Failed, Self::Refused];

    /// What an error of this code makes of an event.
    pub fn of(code: ErrorCode) -> Self {
        match code.class() {
            CodeClass::Ended => Self::Ended,
            CodeClass::Refused => Self::Refused,
            CodeClass::Caller | CodeClass::Fault | CodeClass::Response | CodeClass::Retry => {
                Self::Failed
            }
        }
    }

    /// The stable name, such as `refused`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Ended => "ended",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }
}

const VERSION: u64 = 1;

/// Within what every reader of JSON takes for an integer.
const MOST_MILLISECONDS: u128 = 1 << 53;
