//! Every answer of the API, as types.

use std::fmt;
use std::sync::Arc;

use crate::api::api_error::ApiError;
use crate::api::endpoint::Endpoint;
use crate::api::http_response::HttpResponse;
use crate::api::names::ApiStatus;
use crate::api::session_token::SessionToken;
use crate::envelope::{Content, Envelope, expired};
use crate::error::{Error, ErrorCode};
use crate::flow::Flow;
use crate::ground::tree::{Json, Number, Object};
use crate::json;
use crate::profile::Profile;
use crate::setup::Setup;

mod request_model;

pub use request_model::{CreatedRequest, RequestModel};

/// An answer of the API, whichever it is, with what stands around it.
///
/// [`Flow::from_json`] is for those who expect a flow and nothing else. Nothing of an answer is
/// proved: a flow is yet to be verified, and the rest is signed by nobody.
///
/// ```
/// use flowseal::api::{Answer, Response};
///
/// let response = Response::from_json(br#"{
///     "status": "successful", "reason": "Request now cancelled",
///     "data": {"model": {"id": "req_", "mode": "identification", "exp": 1707028418}}}"#)?;
/// assert_eq!(response.reason(), Some("Request now cancelled"));
/// match response.into_answer() {
///     Answer::Cancelled(model) => assert_eq!(model.id(), Some("req_")),
///     Answer::Error(error) => panic!("{error}: {}", error.advice()),
///     _ => unreachable!(),
/// }
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct Response {
    answer: Answer,
    members: Object,
    data: Option<Json>,
}

/// What an answer of the API is about.
#[non_exhaustive]
#[derive(Debug)]
pub enum Answer {
    /// To authorize (v1): the session token.
    Authorized(SessionToken),
    /// To cancel: the request, which is now void.
    Cancelled(RequestModel),
    /// To the start of an identification or a signing: the request that was made.
    Created(CreatedRequest),
    /// An error: a list of validation issues or one of the two envelopes. A plain text is no JSON;
    /// [`ApiError::from_body`] takes it too.
    Error(ApiError),
    /// To a ping or a poll: a success without a flow, because the flow has expired.
    Expired,
    /// To a ping or a poll, or a flow without an envelope.
    Flow(Flow),
    /// Something that this library does not know. Its members are at hand.
    Unknown,
}

impl Response {
    /// Reads an answer's body within the default limits.
    ///
    /// The session token of an authorize answer goes straight into memory that is wiped. What
    /// cannot be wiped from here is `text`, which is the caller's, and the JSON reader's own buffer
    /// if the token was spelt with escapes, which no token needs.
    ///
    /// # Errors
    /// `json`, `json_duplicate`, `too_large`, `too_deep`, `too_many_leaves` for text that is no
    /// JSON within bounds; `not_a_flow` for JSON that is not an answer at all; for a flow the
    /// errors of [`Flow::from_json`]; `flow_malformed` for a session token that cannot be sent
    /// back.
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        Self::parse(text, None)
    }

    /// Reads an answer as an HTTP client received it, to a request to this endpoint.
    ///
    /// A status that is not of success makes any body an [`Answer::Error`]. The session token of
    /// an authorize answer is that of the header `x-access-token`, or else the body's.
    ///
    /// ```
    /// use flowseal::api::{Endpoint, HttpResponse, Response};
    /// use flowseal::ErrorCode;
    ///
    /// let body = br#"{"status": "successful", "reason": "", "data": {}}"#;
    /// let headers = [("x-access-token", "eyJ.e30.AAAA")];
    /// let received = HttpResponse::new(200, body).with_headers(headers);
    /// let token = Response::from_http(Endpoint::Authorize, &received)?.into_token()?;
    /// assert_eq!(token.expose_secret(), "eyJ.e30.AAAA");
    ///
    /// let received = HttpResponse::new(503, b"<html>").with_headers([("retry-after", "7")]);
    /// let error = Response::from_http(Endpoint::Ping, &received)?.into_flow().unwrap_err();
    /// assert_eq!(error.code(), ErrorCode::ApiUnavailable);
    /// assert_eq!(error.api_error().unwrap().retry_after(), Some(7));
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`from_json`](Self::from_json), where the status is of success.
    pub fn from_http(endpoint: Endpoint, response: &HttpResponse<'_>) -> Result<Self, Error> {
        Self::of_http(endpoint, response, None)
    }

    pub(crate) fn of_http(
        endpoint: Endpoint,
        response: &HttpResponse<'_>,
        profile: Option<Arc<Profile>>,
    ) -> Result<Self, Error> {
        if !response.succeeded() {
            return Ok(Self::bare(Answer::Error(ApiError::of_http(response))));
        }
        let header = match endpoint {
            Endpoint::Authorize => response.token(),
            _ => None,
        };
        if let Some(token) = header {
            return Ok(Self::bare(Answer::Authorized(SessionToken::from_header(
                token,
            )?)));
        }
        let mut read = Self::parse(response.body(), profile)?;
        if let Answer::Error(error) = read.answer {
            read.answer = Answer::Error(error.with_http(response));
        }
        Ok(read)
    }

    /// Whether the API says that it is there, in answer to
    /// [`health_check`](crate::api::ApiConfig::health_check): by the status alone, since the body
    /// of that answer is documented nowhere.
    ///
    /// # Errors
    /// The code of what can be done about it, `api_unavailable` as a rule.
    pub fn check_health(response: &HttpResponse<'_>) -> Result<(), Error> {
        match response.succeeded() {
            true => Ok(()),
            false => Err(ApiError::of_http(response).into()),
        }
    }

    /// The request that was made, where this is the answer to the start of a flow, with what `data`
    /// holds beside it.
    pub(super) fn into_created(
        self,
    ) -> Result<(CreatedRequest, Option<Json>, Option<Number>), Error> {
        let cost = self.cost();
        match self.answer {
            Answer::Created(created) => Ok((created, self.data, cost)),
            // A start that succeeds without data has started nothing; no flow has expired.
            Answer::Expired => Err(Error::new(
                ErrorCode::ApiAnswer,
                "expected a new request and found a success without data: look at what stands between this service and the API",
            )),
            other => Err(other.instead_of("a new request")),
        }
    }

    fn bare(answer: Answer) -> Self {
        Self {
            answer,
            members: Object::default(),
            data: None,
        }
    }

    pub(crate) fn parse(text: &[u8], profile: Option<Arc<Profile>>) -> Result<Self, Error> {
        let limits = profile
            .as_ref()
            .map(|profile| profile.limits)
            .unwrap_or_default();
        let envelope = Envelope::open(json::parse(text, &limits)?)?;
        let answer = match envelope.content {
            Content::Authorized(token) => {
                let token = token.and_then(SessionToken::new);
                Answer::Authorized(token.ok_or_else(unusable_token)?)
            }
            Content::Cancelled(model) => Answer::Cancelled(RequestModel::new(model)),
            Content::Created(request, token) => {
                let token = token.and_then(SessionToken::new);
                Answer::Created(CreatedRequest::new(RequestModel::new(request), token))
            }
            Content::Error => Answer::Error(ApiError::of_envelope(envelope.members.clone())),
            Content::Expired => Answer::Expired,
            Content::Flow(flow, username) => Answer::Flow(Flow::read(flow, username, profile)?),
            Content::Issues(issues) => Answer::Error(ApiError::of_issues(issues)),
            Content::Unknown(_) => Answer::Unknown,
        };
        Ok(Self {
            answer,
            members: envelope.members,
            data: envelope.data,
        })
    }

    /// What the answer is about.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// What the answer is about, alone.
    pub fn into_answer(self) -> Answer {
        self.answer
    }

    /// The flow of the answer to a ping or a poll, or an event of a stream.
    ///
    /// # Errors
    /// Those of [`into_flow`](Self::into_flow).
    pub fn flow(&self) -> Result<&Flow, Error> {
        match &self.answer {
            Answer::Flow(flow) => Ok(flow),
            other => Err(other.instead_of("a flow")),
        }
    }

    /// The session token of the answer to authorize.
    ///
    /// # Errors
    /// Those of [`into_flow`](Self::into_flow).
    pub fn token(&self) -> Result<&SessionToken, Error> {
        match &self.answer {
            Answer::Authorized(token) => Ok(token),
            other => Err(other.instead_of("a session token")),
        }
    }

    /// The request that an answer to cancel shows as void.
    ///
    /// # Errors
    /// Those of [`into_flow`](Self::into_flow).
    pub fn cancelled(&self) -> Result<&RequestModel, Error> {
        match &self.answer {
            Answer::Cancelled(model) => Ok(model),
            other => Err(other.instead_of("a cancelled request")),
        }
    }

    /// The flow of the answer to a ping or a poll, or an event of a stream.
    ///
    /// # Errors
    /// `flow_expired` for an answer without data; for an error of the API the code of what can be
    /// done about it, `api_unauthorized` to `api_error`, with the [`ApiError`] at hand;
    /// `api_answer` for the answer to another request.
    pub fn into_flow(self) -> Result<Flow, Error> {
        match self.answer {
            Answer::Flow(flow) => Ok(flow),
            other => Err(other.instead_of("a flow")),
        }
    }

    /// The session token of the answer to authorize.
    ///
    /// # Errors
    /// Those of [`into_flow`](Self::into_flow).
    pub fn into_token(self) -> Result<SessionToken, Error> {
        match self.answer {
            Answer::Authorized(token) => Ok(token),
            other => Err(other.instead_of("a session token")),
        }
    }

    /// The request that an answer to cancel shows as void.
    ///
    /// # Errors
    /// Those of [`into_flow`](Self::into_flow).
    pub fn into_cancelled(self) -> Result<RequestModel, Error> {
        match self.answer {
            Answer::Cancelled(model) => Ok(model),
            other => Err(other.instead_of("a cancelled request")),
        }
    }

    /// `status`: the outcome, a word or a number.
    pub fn status(&self) -> Option<ApiStatus> {
        self.member("status").and_then(ApiStatus::of)
    }

    /// `reason`: a sentence for people.
    pub fn reason(&self) -> Option<&str> {
        self.member("reason").and_then(Json::as_str)
    }

    /// `cost`: what the operation costs.
    pub fn cost(&self) -> Option<Number> {
        match self.member("cost") {
            Some(Json::Number(cost)) => Some(*cost),
            _ => None,
        }
    }

    /// `version`: which version of the API answered, such as `v2`.
    pub fn version(&self) -> Option<&str> {
        self.member("version").and_then(Json::as_str)
    }

    /// Any member beside `data` by its name on the wire; `None` if it is absent or `null`.
    pub fn member(&self, name: &str) -> Option<&Json> {
        self.members.present(name)
    }

    /// Every member beside `data`, as received. There are none around a flow that came without an
    /// envelope, nor around a list of issues.
    pub fn members(&self) -> &Object {
        &self.members
    }

    /// What `data` holds beside the flow, request, model or token that [`answer`](Self::answer)
    /// has.
    pub fn data(&self) -> Option<&Json> {
        self.data.as_ref()
    }
}

impl Setup {
    /// Reads an answer's body within the profile's limits.
    ///
    /// # Errors
    /// Those of [`Response::from_json`].
    pub fn read_response(&self, text: &[u8]) -> Result<Response, Error> {
        Response::parse(text, self.named_profile())
    }

    /// Reads an answer as an HTTP client received it, to a request to this endpoint.
    ///
    /// # Errors
    /// Those of [`Response::from_http`].
    pub fn read_http(
        &self,
        endpoint: Endpoint,
        response: &HttpResponse<'_>,
    ) -> Result<Response, Error> {
        Response::of_http(endpoint, response, self.named_profile())
    }
}

impl fmt::Debug for Response {
    /// The answer, without the members around it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("answer", &self.answer)
            .finish_non_exhaustive()
    }
}

impl Answer {
    /// The error that an answer is to somebody who needs another.
    pub(crate) fn instead_of(&self, expected: &str) -> Error {
        let found = match self {
            Self::Error(error) => return error.clone().into(),
            Self::Expired => return expired(),
            Self::Authorized(_) => "a session token",
            Self::Cancelled(_) => "a cancelled request",
            Self::Created(_) => "a new request",
            Self::Flow(_) => "a flow",
            Self::Unknown => "an answer that this version of flowseal does not know",
        };
        Error::new(
            ErrorCode::ApiAnswer,
            format!(
                "expected {expected} and found {found}: read it as the answer to the endpoint that was asked"
            ),
        )
    }
}

fn unusable_token() -> Error {
    Error::new(
        ErrorCode::FlowMalformed,
        "the answer's data.token is not text that can be sent back in a header: authorise again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Response {
        Response::from_json(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_specification_s_own_answers_are_read() {
        let authorize = read(include_str!("../../tests/vectors/seed/authorize.json"));
        assert_eq!(authorize.status(), Some(ApiStatus::Successful));
        assert_eq!(authorize.reason(), Some("Token generated successfully"));
        let shown = format!("{authorize:?}");
        let Answer::Authorized(token) = authorize.into_answer() else {
            panic!("{shown}");
        };
        assert_eq!(token.expires_at().unwrap().seconds(), 1_716_827_175);
        assert!(token.expose_secret().starts_with("eyJhbGciOiJIUzI1NiIs"));
        assert!(!shown.contains("eyJ"), "{shown}");

        let cancel = read(include_str!("../../tests/vectors/seed/cancel.json"));
        let Answer::Cancelled(model) = cancel.into_answer() else {
            panic!("no cancel answer");
        };
        assert_eq!(model.action(), Some("login"));
        assert_eq!(
            model.acquire_claims().collect::<Vec<_>>(),
            ["naming.family", "naming.given"]
        );

        for (text, leaves) in [
            (
                include_str!("../../tests/vectors/seed/ping_pending.json"),
                0,
            ),
            (
                include_str!("../../tests/vectors/seed/ping_complete.json"),
                9,
            ),
        ] {
            let Answer::Flow(flow) = read(text).into_answer() else {
                panic!("no flow");
            };
            assert_eq!(flow.claims().leaves().count(), leaves);
            assert_eq!(flow.mode().name() == "...", leaves == 0);
        }
    }

    #[test]
    fn an_answer_is_looked_at_without_being_taken() {
        let pending = read(include_str!("../../tests/vectors/seed/ping_pending.json"));
        assert_eq!(pending.flow().unwrap().reference(), "req_");
        assert_eq!(pending.token().unwrap_err().code(), ErrorCode::ApiAnswer);
        let cancel = read(include_str!("../../tests/vectors/seed/cancel.json"));
        assert_eq!(cancel.cancelled().unwrap().id(), Some("req_"));
        assert_eq!(cancel.flow().unwrap_err().code(), ErrorCode::ApiAnswer);
        let authorize = read(include_str!("../../tests/vectors/seed/authorize.json"));
        assert!(authorize.token().unwrap().expires_at().is_some());
        let failed = read(r#"{"status": "failed"}"#);
        assert_eq!(failed.cancelled().unwrap_err().code(), ErrorCode::ApiError);
    }

    #[test]
    fn what_stands_around_an_answer_survives() {
        let response = read(
            r#"{"status": 200, "cost": 0.5, "version": "v2", "colour": ["blue"],
                "data": {"request": {"id": "req_"}, "token": "qr", "shape": {"round": true}}}"#,
        );
        assert_eq!(response.status(), Some(ApiStatus::Number(200)));
        assert_eq!(response.cost().unwrap().to_string(), "0.5");
        assert_eq!(response.version(), Some("v2"));
        assert_eq!(
            response.member("colour").unwrap().to_string(),
            r#"["blue"]"#
        );
        assert_eq!(
            response.data().unwrap().to_string(),
            r#"{"shape":{"round":true}}"#
        );
        let Answer::Created(created) = response.answer() else {
            panic!("{response:?}");
        };
        assert_eq!(created.token().unwrap().expose_secret(), "qr");
    }

    #[test]
    fn each_answer_is_told_by_its_members() {
        let kind = |text: &str| match read(text).into_answer() {
            Answer::Error(error) => format!("error: {}", error.advice()),
            other => format!("{other:?}"),
        };
        assert_eq!(kind(r#"{"status": "successful"}"#), "Expired");
        assert_eq!(kind(r#"{"status": "successful", "data": [1]}"#), "Unknown");
        assert_eq!(kind("{}"), "Unknown");
        assert!(kind(r#"{"status": "failed", "message": "no"}"#).starts_with("error"));
        assert!(kind(r#"[{"code": "too_small"}]"#).starts_with("error"));
        let refused = |text: &[u8]| Response::from_json(text).unwrap_err().code();
        assert_eq!(refused(b"429"), ErrorCode::NotAFlow);
        assert_eq!(refused(b"Too many requests"), ErrorCode::Json);
    }

    #[test]
    fn a_token_that_cannot_be_sent_back_is_refused() {
        for token in [r#""""#, "1", r#""a b""#, r#"["a"]"#] {
            let text = format!(r#"{{"status": "successful", "data": {{"token": {token}}}}}"#);
            let error = Response::from_json(text.as_bytes()).unwrap_err();
            assert_eq!(error.code(), ErrorCode::FlowMalformed, "{token}");
        }
    }

    #[test]
    fn a_profile_bounds_the_answer_and_travels_with_the_flow() {
        let profile = Profile::from_json(br#"{"limits": {"depth": 2}}"#).unwrap();
        let text = include_bytes!("../../tests/vectors/seed/ping_pending.json");
        let error = Response::parse(text, Some(Arc::new(profile))).unwrap_err();
        assert_eq!(error.code(), ErrorCode::TooDeep);
    }
}
