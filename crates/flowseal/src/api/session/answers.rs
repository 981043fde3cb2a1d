//! What an answer, or its absence, changes in a session.

use core::time::Duration;

use super::echo::Echo;
use super::{Action, Pause, Session, State, Token};
use crate::api::api_error::ApiError;
use crate::api::endpoint::Endpoint;
use crate::api::http_response::HttpResponse;
use crate::api::remedy::Remedy;
use crate::api::response::{Answer, Response};
use crate::api::session_token::SessionToken;
use crate::error::{Error, ErrorCode};
use crate::flow::{Flow, FlowState};

impl Session {
    /// Takes the response to the request that was last to be sent.
    ///
    /// One that is [said](HttpResponse::answering) to be the answer to another request is dropped: a
    /// ping's may arrive after a [`cancel`](Self::cancel).
    pub fn handle(&mut self, response: &HttpResponse<'_>, now: Duration) {
        let now = self.clock.advance(now);
        let State::Sent { endpoint, .. } = self.state else {
            return;
        };
        if response.is_answer_to_other_than(endpoint) {
            return;
        }
        let read = Response::of_http(endpoint, response, self.profile.clone());
        match (endpoint, read.map(Response::into_answer)) {
            (_, Err(error)) => {
                let error = self.without_credentials(error, response.body());
                self.misunderstood(error);
            }
            (_, Ok(Answer::Error(error))) => {
                let told = self.without_credentials(error.clone().into(), response.body());
                self.refused(endpoint, &error, told, now);
            }
            // A ping's, whose caller does not say so.
            (Endpoint::Cancel, Ok(Answer::Flow(_))) => {}
            (Endpoint::Authorize, Ok(Answer::Authorized(token))) => self.authorised(token, now),
            // What a cancel answers beside its success is not needed.
            (Endpoint::Cancel, Ok(Answer::Cancelled(_) | Answer::Expired)) => {
                self.end(Action::Failed(Error::new(
                    ErrorCode::FlowCancelled,
                    "the flow was cancelled at the caller's wish: its result is void",
                )));
            }
            (Endpoint::Ping | Endpoint::Polling, Ok(Answer::Flow(flow))) => self.saw(flow, now),
            (Endpoint::Ping | Endpoint::Polling, Ok(Answer::Expired)) => self.end(Action::Expired),
            (_, Ok(other)) => self.misunderstood(other.instead_of(match endpoint {
                Endpoint::Authorize => "a session token",
                Endpoint::Cancel => "a cancelled request",
                _ => "a flow",
            })),
        }
    }

    /// Takes the news that a request got no response: no connection, a timeout, half a body.
    pub fn lost(&mut self, now: Duration) {
        let now = self.clock.advance(now);
        if matches!(self.state, State::Sent { .. }) {
            self.went_unanswered(now);
        }
    }

    fn authorised(&mut self, token: SessionToken, now: Duration) {
        let lasts = token.expires_at().and_then(|expires_at| {
            let lasts = expires_at
                .seconds()
                .checked_sub(self.clock.unix_seconds())?;
            Duration::from_secs(lasts).checked_sub(RENEWAL)
        });
        self.token = Some(Token {
            token,
            // A token that comes expired shows that the clocks disagree: the API will say when.
            renew_at: lasts.map(|lasts| now.saturating_add(lasts)),
            is_used: false,
            is_proven: false,
        });
        self.state = State::Due(now);
    }

    fn saw(&mut self, flow: Flow, now: Duration) {
        if flow.reference() != self.flow {
            self.misunderstood(Error::new(
                ErrorCode::ApiAnswer,
                "the answer is about another flow than was asked for: look at what stands between this service and the API",
            ));
            return;
        }
        (self.failures, self.garbled) = (0, 0);
        self.last_error = None;
        if let Some(token) = &mut self.token {
            token.is_proven = true;
        }
        // Where the clocks disagree so much that a living flow looks dead, it is as old as its watch.
        let age = self
            .clock
            .unix_seconds()
            .saturating_sub(flow.iat().seconds());
        let left = self.lifetime.checked_sub(Duration::from_secs(age));
        let left = left.filter(|left| !left.is_zero()).unwrap_or(self.lifetime);
        self.expires = self.expires.min(now.saturating_add(left));

        let state = flow.state();
        match state {
            FlowState::Cancelled | FlowState::Complete => return self.end(Action::Done(flow)),
            FlowState::OnSession | FlowState::Pending => {}
        }
        self.idle = if state == self.reported {
            self.idle.saturating_add(1)
        } else {
            0
        };
        if state != self.reported {
            self.reported = state;
            self.progress = Some(flow);
        }
        self.state = match self.endpoint {
            Endpoint::Polling => State::Due(now),
            _ => State::Pausing(Pause::BetweenPings),
        };
    }

    /// Acts upon an error of the API, `told` in words that may be repeated.
    fn refused(&mut self, endpoint: Endpoint, error: &ApiError, told: Error, now: Duration) {
        let carried_token = self.token.is_some() && endpoint != Endpoint::Authorize;
        let may_renew = carried_token && self.token.as_ref().is_some_and(|token| token.is_proven);
        match error.remedy() {
            // What has expired may be the token: a new one shows it.
            Remedy::Authorise | Remedy::StartAgain if may_renew => {
                self.token = None;
                self.state = State::Due(now);
            }
            Remedy::StartAgain if endpoint != Endpoint::Authorize => self.end(Action::Expired),
            Remedy::RetryLater => {
                let pause = Pause::Advised(Box::new(error.clone()));
                self.failed(told, pause);
            }
            Remedy::Investigate => self.misunderstood(told),
            _ => self.end(Action::Failed(told)),
        }
    }

    fn misunderstood(&mut self, error: Error) {
        self.garbled += 1;
        if self.garbled >= MOST_GARBLED {
            self.end(Action::Failed(error));
        } else {
            self.failed(error, Pause::BackOff);
        }
    }

    pub(super) fn went_unanswered(&mut self, now: Duration) {
        match self.state {
            State::Sent {
                endpoint: Endpoint::Polling,
                until,
            } if now >= until => self.state = State::Due(now),
            _ => self.failed(
                Error::new(
                    ErrorCode::ConnectionLost,
                    "no response came: look at the network between this service and the API",
                ),
                Pause::BackOff,
            ),
        }
    }

    fn failed(&mut self, error: Error, pause: Pause) {
        self.failures += 1;
        if self.is_cancelling && self.failures >= MOST_CANCELS {
            self.end(Action::Failed(error));
        } else {
            self.last_error = Some(error);
            self.state = State::Pausing(pause);
        }
    }

    /// Ends because time is up. What the last answer was matters: behind a failure the flow may
    /// have come to its end unseen.
    pub(super) fn run_out(&mut self, now: Duration) {
        let has_passed = self.deadline.is_some_and(|deadline| now >= deadline);
        let action = match self.last_error.take() {
            Some(error) => Action::Failed(error),
            None if has_passed => Action::Failed(Error::new(
                ErrorCode::DeadlinePassed,
                "the deadline has passed and the flow has not ended: cancel it, or watch it longer",
            )),
            None => Action::Expired,
        };
        self.end(action);
    }

    pub(super) fn end(&mut self, action: Action) {
        self.progress = None;
        self.token = None;
        self.state = State::Ending(Box::new(action));
    }

    /// An error that does not repeat a credential, should the answer have done so: in any part of it,
    /// since a quote may be cut anywhere, and in any usual spelling.
    fn without_credentials(&self, error: Error, body: &[u8]) -> Error {
        let token = self.token.as_ref().map(|token| token.token.expose_secret());
        let credentials = [
            Some(self.config.api_key()),
            Some(self.config.app_secret()),
            token,
        ];
        let is_repeated = credentials.into_iter().flatten().any(|credential| {
            let echo = Echo::of(credential);
            let in_answer =
                |answer: &ApiError| answer.mentions(&|text| echo.is_in(text.as_bytes()));
            error.api_error().is_some_and(in_answer)
                || echo.is_in(body)
                || echo.is_in(error.sentence().as_bytes())
        });
        if !is_repeated {
            return error;
        }
        Error::new(
            error.code(),
            "the answer repeats a credential, so it is not quoted: ask pasby what it means, or what stands between",
        )
    }
}

/// How long before its expiry a token is renewed.
const RENEWAL: Duration = Duration::from_secs(30);

/// How many answers in a row may be none of the API's: a proxy's page during a restart passes.
const MOST_GARBLED: u32 = 5;

/// How often a cancel is tried.
const MOST_CANCELS: u32 = 5;
