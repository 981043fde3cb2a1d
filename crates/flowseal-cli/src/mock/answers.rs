//! Answers in the shapes of the specification.

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};
use std::convert::Infallible;

use flowseal::testkit::Persona;

use super::flows::Flow;
use super::scenario::Fault;

pub(super) type Body = BoxBody<Bytes, Infallible>;
pub(super) type Answer = Response<Body>;

/// A connection that is to be closed without an answer.
#[derive(Debug)]
pub(super) struct Dropped;

impl std::fmt::Display for Dropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("dropped by the scenario")
    }
}

impl std::error::Error for Dropped {}

/// A plain text, as the API answers before it looks at a body.
pub(super) fn text(status: StatusCode, text: &str) -> Answer {
    whole(status, "text/plain; charset=utf-8", text.to_owned())
}

/// A success.
pub(super) fn success(reason: &str, data: &Value) -> Answer {
    let envelope = json!({"status": "successful", "reason": reason, "data": data, "cost": 0});
    json(StatusCode::OK, envelope.to_string())
}

pub(super) fn json(status: StatusCode, body: String) -> Answer {
    whole(status, "application/json; charset=utf-8", body)
}

/// An error with a `type`.
pub(super) fn typed(status: StatusCode, kind: &str, reason: &str) -> Answer {
    let envelope = json!({
        "status": "failed", "reason": reason, "type": kind, "code": status.as_u16(),
        "helper_url": "", "body": {},
    });
    json(status, envelope.to_string())
}

/// A list of one validation issue.
pub(super) fn issue(code: &str, member: &str, message: &str) -> Answer {
    let issues = json!([{"code": code, "path": [member], "message": message}]);
    json(StatusCode::BAD_REQUEST, issues.to_string())
}

/// A session token, in the body and in the header.
pub(super) fn authorised(token: &str) -> Answer {
    let mut answer = success("Token generated successfully", &json!({"token": token}));
    if let Ok(value) = HeaderValue::from_str(token) {
        let name = HeaderName::from_static("x-access-token");
        answer.headers_mut().insert(name, value);
    }
    answer
}

/// The body of a ping's answer about a flow that has no result.
pub(super) fn open_flow(
    flow: &Flow,
    persona: &Persona,
    onsession: bool,
    cancelled: bool,
) -> String {
    let request = json!({
        "reference": flow.reference, "requester": flow.requester, "requestee": persona.requestee,
        "iat": flow.iat, "mode": mode(persona), "cancelled": cancelled, "onsession": onsession,
    });
    let reason = "Ping successful";
    json!({"status": "successful", "reason": reason, "data": {"request": request}, "cost": 0})
        .to_string()
}

/// The body of a ping's answer about a flow that has expired.
pub(super) fn expired_flow() -> String {
    json!({"status": "successful", "reason": "Ping successful", "data": {}, "cost": 0}).to_string()
}

/// The answer to a cancel.
pub(super) fn cancelled(flow: &Flow, persona: &Persona) -> Answer {
    let model = json!({
        "id": flow.reference, "consumer": flow.requester, "app": "app_sample", "mode": mode(persona),
        "action": "login", "payload": "A flow of flowseal mock", "iat": flow.iat,
        "exp": flow.iat + 360, "user": "bid_sample", "ip": "127.0.0.1", "name": "flowseal mock",
        "acquireClaims": ["naming.family", "naming.given"],
    });
    success("Request now cancelled", &json!({"model": model}))
}

/// What a fault answers with.
pub(super) fn fault(fault: Fault) -> Result<Answer, Dropped> {
    Ok(match fault {
        Fault::Drop => return Err(Dropped),
        Fault::Garbage => whole(
            StatusCode::OK,
            "text/html",
            "<html>A proxy was here</html>".to_owned(),
        ),
        Fault::ServerError => typed(
            StatusCode::INTERNAL_SERVER_ERROR,
            "api_error",
            "The scenario wants it",
        ),
        Fault::TokenExpired => typed(
            StatusCode::UNAUTHORIZED,
            "session_expiry",
            "Session has expired",
        ),
        Fault::TooManyRequests => {
            let mut answer = text(StatusCode::TOO_MANY_REQUESTS, "Too many requests");
            answer
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from_static("1"));
            answer
        }
    })
}

/// Who shares nothing is asked to sign; everyone else, to identify themselves.
pub(super) fn mode(persona: &Persona) -> &'static str {
    match persona.claims {
        "{}" => "signature",
        _ => "identification",
    }
}

fn whole(status: StatusCode, content_type: &'static str, body: String) -> Answer {
    with_body(status, content_type, Full::from(body).boxed())
}

pub(super) fn with_body(status: StatusCode, content_type: &'static str, body: Body) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    answer.headers_mut().insert(CONTENT_TYPE, content_type);
    answer
}
