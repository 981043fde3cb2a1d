//! The specification's own requests are produced, and its own responses are consumed.

use std::collections::BTreeMap;

use flowseal::ErrorCode;
use flowseal::api::{
    Answer, ApiVersion, Endpoint, HttpResponse, PollingCredentials, Request, Response,
};
use serde_json::Value;

use crate::{config, token};

const REQUESTS: &str = include_str!("../vectors/seed/requests.json");
const AUTHORIZE: &[u8] = include_bytes!("../vectors/seed/authorize.json");
const CANCEL: &[u8] = include_bytes!("../vectors/seed/cancel.json");
const PENDING: &[u8] = include_bytes!("../vectors/seed/ping_pending.json");
const COMPLETE: &[u8] = include_bytes!("../vectors/seed/ping_complete.json");

#[test]
fn every_request_of_the_specification_is_produced() {
    let rows: Vec<Value> = serde_json::from_str(REQUESTS).unwrap();
    for row in &rows {
        let name = row["name"].as_str().unwrap();
        let request = produced(row);
        assert_eq!(request.method().as_str(), row["method"], "{name}");
        assert_eq!(request.endpoint().as_str(), row["endpoint"], "{name}");
        assert_eq!(request.url(), row["url"], "{name}");

        let mut expected: BTreeMap<_, _> = row["headers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        match request.endpoint() {
            Endpoint::Sse => _ = expected.insert("accept", "text/event-stream"),
            Endpoint::Authorize => {}
            // The specification's lines leave curl's own type, a form's, which nobody means.
            _ => _ = expected.insert("content-type", "application/json"),
        }
        let headers = request.headers().iter();
        let found: BTreeMap<_, _> = headers
            .map(|header| (header.name(), header.expose_value()))
            .collect();
        assert_eq!(found, expected, "{name}");
        assert_eq!(request.headers().len(), expected.len(), "{name}");

        let body = request
            .body()
            .map_or(Value::Null, |body| serde_json::from_str(body).unwrap());
        assert_eq!(body, row["body"], "{name}");
    }
}

#[test]
fn credentials_and_nothing_else_are_marked_sensitive() {
    let rows: Vec<Value> = serde_json::from_str(REQUESTS).unwrap();
    for request in rows.iter().map(produced) {
        let shown = format!("{request:?}");
        for header in request.headers() {
            let is_credential = header.name().starts_with("x-");
            assert_eq!(header.is_sensitive(), is_credential, "{}", header.name());
            let value = header.expose_value();
            assert_eq!(shown.contains(value), !is_credential, "{shown}");
        }
        assert!(!request.url().contains("snb_") && !request.url().contains("bk-"));
    }
}

#[test]
fn the_http_crate_gets_the_same_request() {
    let rows: Vec<Value> = serde_json::from_str(REQUESTS).unwrap();
    for request in rows.iter().map(produced) {
        let converted = request.to_http().unwrap();
        assert_eq!(converted.method().as_str(), request.method().as_str());
        assert_eq!(converted.uri().to_string(), request.url());
        assert_eq!(
            converted.body(),
            request.body().unwrap_or_default().as_bytes()
        );
        assert_eq!(converted.headers().len(), request.headers().len());
        for header in request.headers() {
            let value = &converted.headers()[header.name()];
            assert_eq!(value.as_bytes(), header.expose_value().as_bytes());
            assert_eq!(value.is_sensitive(), header.is_sensitive());
        }
    }
    let response = http::Response::builder()
        .status(429)
        .header("Retry-After", "3");
    let response = response.body(b"slow down".to_vec()).unwrap();
    let read = Response::from_http(Endpoint::Ping, &HttpResponse::from(&response)).unwrap();
    let error = read.into_flow().unwrap_err();
    assert_eq!(error.api_error().unwrap().retry_after(), Some(3));
    assert_eq!(error.api_error().unwrap().message(), Some("slow down"));
}

#[test]
fn every_response_of_the_specification_is_consumed() {
    let received = |endpoint, body| {
        let response =
            HttpResponse::new(200, body).with_headers([("content-type", "application/json")]);
        Response::from_http(endpoint, &response).unwrap()
    };
    let token = received(Endpoint::Authorize, AUTHORIZE)
        .into_token()
        .unwrap();
    assert_eq!(token.expires_at().unwrap().seconds(), 1_716_827_175);
    let pending = received(Endpoint::Ping, PENDING).into_flow().unwrap();
    assert_eq!(pending.state().as_str(), "on_session");
    let complete = received(Endpoint::Polling, COMPLETE).into_flow().unwrap();
    assert_eq!(complete.state().as_str(), "complete");
    let cancelled = received(Endpoint::Cancel, CANCEL).into_cancelled().unwrap();
    assert_eq!(cancelled.id(), Some("req_"));

    let wrong = received(Endpoint::Ping, CANCEL).into_flow().unwrap_err();
    assert_eq!(wrong.code(), ErrorCode::ApiAnswer);
}

#[test]
fn the_token_of_a_header_is_that_of_authorize_alone() {
    let headers = [("X-Access-Token", " eyJ.e30.HEAD ")];
    let received = HttpResponse::new(200, AUTHORIZE).with_headers(headers);
    let answer = |endpoint| {
        Response::from_http(endpoint, &received)
            .unwrap()
            .into_answer()
    };
    match answer(Endpoint::Authorize) {
        Answer::Authorized(token) => assert_eq!(token.expose_secret(), "eyJ.e30.HEAD"),
        other => panic!("{other:?}"),
    }
    match answer(Endpoint::Ping) {
        Answer::Authorized(token) => assert_ne!(token.expose_secret(), "eyJ.e30.HEAD"),
        other => panic!("{other:?}"),
    }
    assert!(!format!("{received:?}").contains("HEAD"));
}

#[test]
fn a_status_without_success_makes_any_body_an_error() {
    for status in [199, 301, 400, 500] {
        let received = HttpResponse::new(status, COMPLETE);
        let read = Response::from_http(Endpoint::Ping, &received).unwrap();
        match read.into_answer() {
            Answer::Error(error) => {
                assert_eq!(error.http_status(), Some(status));
                // Who follows one hands the credentials on.
                let is_told = error.advice().contains("follow no redirect");
                assert_eq!(is_told, status == 301, "{error}");
            }
            other => panic!("{other:?}"),
        }
    }
}

fn produced(row: &Value) -> Request {
    let version = match row["version"].as_str() {
        Some("v1") => ApiVersion::V1,
        _ => ApiVersion::V2,
    };
    let mut config = config(version);
    if row["polling_credentials"] == "session_token" {
        config = config.with_polling_credentials(PollingCredentials::SessionToken);
    }
    let token = Some(token());
    match row["endpoint"].as_str().unwrap() {
        "authorize" => config.authorize(),
        "ping" => config.ping("req_", token.as_ref()),
        "polling" => config.polling("req_", token.as_ref()),
        "cancel" => config.cancel("req_", token.as_ref()),
        _ => config.sse("req_"),
    }
    .unwrap()
}
