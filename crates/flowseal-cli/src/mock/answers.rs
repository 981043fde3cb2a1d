//! Answers in the shapes of the specification.

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::time::Duration;

use super::asked::Asked;
use super::flows::Flow;
use super::route::{Device, Kind};
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
fn success(status: StatusCode, reason: &str, data: &Value) -> Answer {
    json(status, envelope(reason, data))
}

fn envelope(reason: &str, data: &Value) -> String {
    let status = "successful";
    json!({"version": VERSION, "status": status, "reason": reason, "data": data, "cost": 0})
        .to_string()
}

/// What stands as `version` in every answer.
const VERSION: &str = "mock";

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

/// The validation issues of a body.
pub(super) fn issues(issues: Vec<Value>) -> Answer {
    json(StatusCode::BAD_REQUEST, Value::Array(issues).to_string())
}

/// Too many requests, as the API says it.
pub(super) fn too_many(wait: Duration) -> Answer {
    let mut answer = text(StatusCode::TOO_MANY_REQUESTS, "Too many requests");
    // A part of a second is a whole one here.
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    answer
}

/// A session token, in the body and in the header.
pub(super) fn authorised(token: &str) -> Answer {
    let data = json!({"token": token});
    with_token(
        success(StatusCode::OK, "Token generated successfully", &data),
        token,
    )
}

fn with_token(mut answer: Answer, token: &str) -> Answer {
    if let Ok(value) = HeaderValue::from_str(token) {
        let name = HeaderName::from_static("x-access-token");
        answer.headers_mut().insert(name, value);
    }
    answer
}

/// The answer to a start: the request, and what brings a person to it.
pub(super) fn started(flow: &Flow, asked: &Asked, receipt: &str, token: &str) -> Answer {
    let mut request = model(flow);
    put(&mut request, "signature", receipt.into());
    put(&mut request, "useragent", "flowseal mock".into());
    match &asked.person {
        Some(person) => put(&mut request, "user", person.as_str().into()),
        // Nobody has picked it up.
        None => {
            let _ = request
                .as_object_mut()
                .and_then(|request| request.remove("user"));
        }
    }
    let id = &flow.reference;
    let mut data = json!({"request": request});
    match asked.device {
        Device::Same => {
            // Nobody has a name under `.example`: it leads nowhere.
            put(
                &mut data,
                "link",
                format!("https://open.pasby.example/{id}").into(),
            );
        }
        Device::Different => {}
        Device::Wildcard => {
            let seeds: Vec<_> = (1..=asked.seeds)
                .map(|seed| format!("{id}.{seed}"))
                .collect();
            put(&mut data, "seeds", seeds.into());
        }
    }
    if (asked.kind, asked.device) == (Kind::Identification, Device::Same) {
        put(&mut data, "token", token.into());
    }
    let answer = success(StatusCode::CREATED, "Request created", &data);
    match (asked.kind, asked.device) {
        (Kind::Identification, Device::Different) => with_token(answer, token),
        _ => answer,
    }
}

/// A request as the API keeps it.
fn model(flow: &Flow) -> Value {
    let asked = flow.asked.as_ref();
    let text = |of: fn(&Asked) -> &str, else_: &'static str| asked.map_or(else_, of).to_owned();
    let mut model = json!({
        "id": flow.reference, "consumer": flow.requester, "app": APP, "mode": flow.mode(),
        "action": text(|asked| &asked.action, "login"),
        "payload": text(|asked| &asked.payload, "A flow of flowseal mock"),
        "iat": flow.iat, "exp": flow.iat + 360, "ip": "127.0.0.1", "name": "flowseal mock",
        "user": text(|asked| asked.person.as_deref().unwrap_or("bid_sample"), "bid_sample"),
    });
    match asked {
        Some(asked) if asked.kind == Kind::Signing => {}
        Some(asked) => put(&mut model, "acquireClaims", asked.claims.clone().into()),
        None => {
            let claims = json!(["naming.family", "naming.given"]);
            put(&mut model, "acquireClaims", claims);
        }
    }
    model
}

/// The app that starts every flow.
pub(super) const APP: &str = "app_sample";

fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

/// The body of a ping's answer about a flow that has no result.
pub(super) fn open_flow(flow: &Flow, onsession: bool, cancelled: bool) -> String {
    let request = json!({
        "reference": flow.reference, "requester": flow.requester, "requestee": flow.requestee(),
        "iat": flow.iat, "mode": flow.mode(), "cancelled": cancelled, "onsession": onsession,
    });
    envelope(PINGED, &json!({"request": request}))
}

/// The body of a ping's answer about a flow that has expired.
pub(super) fn expired_flow() -> String {
    envelope(PINGED, &json!({}))
}

/// The body of a ping's answer about a flow that the person has approved.
pub(super) fn approved(flow: &Flow, sealed: &Value) -> String {
    let mut data = json!({"request": sealed});
    if flow
        .asked
        .as_ref()
        .is_some_and(|asked| asked.action == "confirm")
    {
        put(&mut data, "username", flow.persona.name.into());
    }
    envelope(PINGED, &data)
}

const PINGED: &str = "Ping successful";

/// The answer to a cancel.
pub(super) fn cancelled(flow: &Flow) -> Answer {
    let data = json!({"model": model(flow)});
    success(StatusCode::OK, "Request now cancelled", &data)
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
        Fault::TooManyRequests => too_many(Duration::from_secs(1)),
    })
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
