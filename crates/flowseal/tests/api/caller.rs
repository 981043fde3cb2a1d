//! A caller with a clock of its own, and the answers that it gets.

use core::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flowseal::api::{Action, ApiVersion, Endpoint, HttpResponse, Session};
use flowseal::{Error, ErrorCode, FlowState};

use crate::config;

/// When every session here begins.
pub(crate) const START: Duration = Duration::from_secs(1_716_820_060);

/// A caller with a clock of its own, which does what a session says.
pub(crate) struct Caller {
    pub(crate) session: Session,
    pub(crate) now: Duration,
}

impl Caller {
    pub(crate) fn new(session: Session) -> Self {
        Self {
            session,
            now: START,
        }
    }

    pub(crate) fn of(version: ApiVersion) -> Self {
        Self::new(Session::new(config(version), "req_1").unwrap())
    }

    pub(crate) fn poll(&mut self) -> Action {
        self.session.poll(self.now.into(), 0)
    }

    /// Waits until something is to be sent, which has to be this. Gives how long it waited.
    #[track_caller]
    pub(crate) fn sends(&mut self, endpoint: Endpoint) -> Duration {
        let mut waited = Duration::ZERO;
        loop {
            match self.poll() {
                Action::Send { request, .. } => {
                    assert_eq!(request.endpoint(), endpoint);
                    return waited;
                }
                Action::Wait(pause) => {
                    waited += pause;
                    self.now += pause;
                }
                other => panic!("{other:?}"),
            }
        }
    }

    pub(crate) fn answers(&mut self, status: u16, body: &str) {
        self.answers_with(status, &[], body);
    }

    pub(crate) fn answers_with(&mut self, status: u16, headers: &[(&str, &str)], body: &str) {
        let response = HttpResponse::new(status, body).with_headers(headers.iter().copied());
        self.session.handle(&response, self.now.into());
    }

    #[track_caller]
    pub(crate) fn is_done(&mut self) -> FlowState {
        match self.poll() {
            Action::Ended(Ok(flow)) => flow.state(),
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn fails(&mut self) -> Error {
        match self.poll() {
            Action::Ended(Err(error)) => error,
            other => panic!("{other:?}"),
        }
    }

    /// Polls with a clock that moves as it is told to, until something else than a wait comes.
    pub(crate) fn outlasts(&mut self) -> Action {
        loop {
            match self.poll() {
                Action::Wait(pause) => self.now += pause,
                other => return other,
            }
        }
    }
}

pub(crate) fn has_expired(action: &Action) -> bool {
    matches!(action, Action::Ended(Err(error)) if error.code() == ErrorCode::FlowExpired)
}

/// A flow of `req_1`, `iat` 8 s before the start.
pub(crate) fn flow(members: &str) -> String {
    format!(
        r#"{{"status": "successful", "reason": "Ping successful", "data": {{"request": {{
            "reference": "req_1", "requester": "bcn_1", "requestee": "222", "iat": 1716820052,
            "mode": "identification", "cancelled": false {members}}}}}}}"#
    )
}

pub(crate) fn pending() -> String {
    flow(r#", "onsession": false"#)
}

pub(crate) fn complete() -> String {
    flow(
        r#", "signedAt": 1716820062, "signature": "AAAA", "claims": {"naming": {"given": "AAAA"}}"#,
    )
}

/// An authorize answer whose token expires this many seconds after the start.
pub(crate) fn token(name: &str, lasts: i64) -> String {
    let exp = i64::try_from(START.as_secs()).unwrap() + lasts;
    let payload = URL_SAFE_NO_PAD.encode(format!(r#"{{"secret": "snb_", "exp": {exp}}}"#));
    format!(
        r#"{{"status": "successful", "reason": "", "data": {{"token": "{name}.{payload}.AAAA"}}}}"#
    )
}
