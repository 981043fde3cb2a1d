//! What the mock answers, as the specification has it.

use core::time::Duration;

use std::io::BufRead as _;

use flowseal::api::Response;
use flowseal::{DecryptingKey, Expectations, Flow, KeyRing, UnixTime, Verifier, VerifyingKey};
use serde_json::{Value, json};

use crate::server::Server;

#[test]
fn credentials_are_asked_for_in_plain_text() {
    let server = Server::start(&[]);
    let body = r#"{"request": "req_1"}"#;
    for version in ["v1", "v2"] {
        let line = format!("POST /api/{version}/flow/ping");
        let reply = server.ask(&line, &["x-access-secret: snb_"], body);
        assert_eq!(reply.plain(), (401, true, "An api key is needed"));
    }
    let reply = server.ask("POST /api/v2/flow/ping", &["x-api-key: bk-test_"], body);
    assert_eq!(reply.plain(), (400, true, "App secret missing in headers"));

    for (token, kind) in [
        ("", "session_required"),
        ("x-access-token: eyJ.e30.AAAA", "authorization_error"),
    ] {
        let reply = server.ask("POST /api/v1/flow/cancel", &["x-api-key: a", token], body);
        assert_eq!((reply.status, &reply.json()["type"]), (401, &json!(kind)));
    }
}

#[test]
fn a_token_of_v1_opens_v1() {
    let server = Server::start(&[]);
    let credentials = ["x-api-key: bk-test_", "x-access-secret: snb_"];
    let reply = server.ask(
        "GET /api/v1/flow/authorize?sub=bcn_7&app=app_7",
        &credentials,
        "",
    );
    let token = reply.json()["data"]["token"].as_str().unwrap().to_owned();
    assert!(
        reply
            .head
            .contains(&format!("x-access-token: {token}").to_ascii_lowercase())
    );
    let read = Response::from_json(reply.body.as_bytes())
        .unwrap()
        .into_token()
        .unwrap();
    assert!(read.expires_at().is_some());

    let token = format!("x-access-token: {token}");
    let headers = ["x-api-key: bk-test_", &token];
    let reply = server.ask(
        "POST /api/v1/flow/ping",
        &headers,
        r#"{"request": "req_1"}"#,
    );
    assert_eq!(reply.json()["data"]["request"]["requester"], "bcn_7");
    // Polling takes either credential, and holds its answer back until something has happened.
    for headers in [headers, credentials] {
        let reply = server.ask(
            "POST /api/v1/flow/polling",
            &headers,
            r#"{"request": "req_1"}"#,
        );
        let request = &reply.json()["data"]["request"];
        assert!(request["onsession"] == true || request["signature"].is_string());
    }
    let gone = server.ask(
        "GET /api/v2/flow/authorize?sub=bcn_7&app=app_7",
        &credentials,
        "",
    );
    assert_eq!(gone.status, 404);
}

#[test]
fn the_content_type_is_ignored_and_the_body_is_looked_at() {
    let server = Server::start(&[]);
    let form = [
        "x-api-key: a",
        "x-access-secret: b",
        "content-type: application/x-www-form-urlencoded",
    ];
    let reply = server.ask("POST /api/v2/flow/ping", &form, r#"{"request": "req_"}"#);
    assert_eq!(reply.json()["data"]["request"]["reference"], "req_");
    for body in [
        "",
        "{",
        "request=req_1",
        r#"{"request": 1}"#,
        r#"{"request": "bcn_1"}"#,
    ] {
        let reply = server.ask("POST /api/v2/flow/ping", &form, body);
        assert_eq!(
            (reply.status, &reply.json()[0]["path"]),
            (400, &json!(["request"])),
            "{body}"
        );
    }
    let large = format!(r#"{{"request": "req_{}"}}"#, "x".repeat(100_000));
    assert_eq!(
        server.ask("POST /api/v2/flow/ping", &form, &large).status,
        413
    );
}

#[test]
fn a_flow_completes_sealed_and_signed_by_the_keys_of_the_directory() {
    let directory = tempfile::tempdir().unwrap();
    let keys = directory.path().join("keys");
    let mut server = Server::start(&["--keys", keys.to_str().unwrap()]);
    let begun = server.v2("ping", "req_1").json();
    assert_eq!(begun["data"]["request"]["cancelled"], false);
    let picked_up = server.until("req_1", |request| request["onsession"] == true);
    assert!(picked_up["data"]["request"]["signature"].is_null());
    let complete = server.until("req_1", |_| false);
    assert_eq!(
        complete,
        server.v2("ping", "req_1").json(),
        "later pings give the same"
    );

    let mut line = String::new();
    server.output.read_line(&mut line).unwrap();
    assert!(
        line.contains("app.pem") && line.contains("user.pub.pem"),
        "{line}"
    );
    let file = |name: &str| std::fs::read(keys.join(name)).unwrap();
    let opened = |answer: &Value| {
        let verifier = Verifier::trusting([VerifyingKey::load(&file("user.pub.pem")).unwrap()]);
        let ring = KeyRing::from(DecryptingKey::load(&file("app.pem")).unwrap());
        let flow = Flow::from_json(answer.to_string().as_bytes()).unwrap();
        let now = answer["data"]["request"]["signedAt"].as_i64().unwrap();
        let expectations =
            Expectations::for_reference(flow.reference()).with_max_age(Duration::from_secs(0));
        let verified = flow.verify(
            &verifier,
            &expectations,
            UnixTime::from_seconds(now).unwrap(),
        );
        verified.unwrap().open(&ring).unwrap().len()
    };
    assert_eq!(opened(&complete), 9);

    // A second start has the same keys.
    let before = file("app.pem");
    let server = Server::start(&["--keys", keys.to_str().unwrap(), "--persona", "bayo"]);
    assert_eq!(opened(&server.until("req_2", |_| false)), 1);
    assert_eq!(file("app.pem"), before);
}

#[test]
fn any_flow_can_be_cancelled_and_stays_so() {
    let server = Server::start(&[]);
    server.v2("ping", "req_begun");
    for flow in ["req_begun", "req_never_seen", "req_"] {
        let reply = server.v2("cancel", flow);
        let seed: Value = serde_json::from_str(include_str!(
            "../../../flowseal/tests/vectors/seed/cancel.json"
        ))
        .unwrap();
        let members = |model: &Value| {
            let mut names: Vec<_> = model.as_object().unwrap().keys().cloned().collect();
            names.sort();
            names
        };
        let model = &reply.json()["data"]["model"];
        assert_eq!(members(model), members(&seed["data"]["model"]));
        assert_eq!(model["id"], flow);
        assert_eq!(
            server.v2("ping", flow).json()["data"]["request"]["cancelled"],
            true
        );
    }
}

#[test]
fn a_stream_has_events_until_the_flow_ends() {
    let server = Server::start(&[]);
    let credentials = ["x-api-key: a", "x-access-secret: b"];
    let reply = server.ask("GET /api/v2/flow/sse?request=req_1", &credentials, "");
    assert!(reply.head.contains("content-type: text/event-stream"));
    // The body is in chunks, whose sizes stand on lines of their own.
    let events: Vec<Value> = reply
        .body
        .lines()
        .filter_map(|line| serde_json::from_str(line.strip_prefix("data: ")?).ok())
        .collect();
    let [first, .., last] = events.as_slice() else {
        panic!("{}", reply.body);
    };
    assert_eq!(first["data"]["request"]["onsession"], false);
    assert!(last["data"]["request"]["signature"].is_string());
}

#[test]
fn each_fault_strikes_when_its_scenario_says_so() {
    for (scenario, expected) in [
        ("default", ["flow", "flow", "flow", "flow"]),
        ("429", ["flow", "429", "429", "flow"]),
        ("500", ["flow", "500 api_error", "500 api_error", "flow"]),
        ("garbage", ["flow", "no JSON", "no JSON", "flow"]),
        ("dropped", ["flow", "nothing", "nothing", "flow"]),
        ("expired-token", ["flow", "flow", "flow", "flow"]),
    ] {
        let server = Server::start(&["--scenario", scenario]);
        let found = expected.map(|_| {
            let reply = server.v2("ping", "req_1");
            let body: Value = serde_json::from_str(&reply.body).unwrap_or_default();
            match (reply.status, body["type"].as_str()) {
                (0, _) => "nothing".to_owned(),
                (200, _) if body["data"]["request"].is_object() => "flow".to_owned(),
                (200, _) => "no JSON".to_owned(),
                (429, _) if reply.head.contains("retry-after: 1") => "429".to_owned(),
                (status, kind) => format!("{status} {}", kind.unwrap_or_default()),
            }
        });
        assert_eq!(found, expected, "{scenario}");
    }
}

#[test]
fn a_token_expires_after_the_first_answer_where_the_scenario_says_so() {
    let server = Server::start(&["--scenario", "expired-token"]);
    let credentials = ["x-api-key: a", "x-access-secret: b"];
    let line = "GET /api/v1/flow/authorize?sub=bcn_1&app=app_1";
    let authorised = server.ask(line, &credentials, "").json();
    let token = format!(
        "x-access-token: {}",
        authorised["data"]["token"].as_str().unwrap()
    );
    let found = [(); 3].map(|()| {
        let reply = server.ask(
            "POST /api/v1/flow/ping",
            &["x-api-key: a", &token],
            r#"{"request": "req_1"}"#,
        );
        (
            reply.status,
            reply.json()["type"].as_str().map(str::to_owned),
        )
    });
    let expired = Some("session_expiry".to_owned());
    assert_eq!(found, [(200, None), (401, expired), (200, None)]);
}

#[test]
fn a_port_that_is_taken_and_a_persona_that_is_none_are_refused() {
    let server = Server::start(&[]);
    let port = server.url().rsplit_once(':').unwrap().1.to_owned();
    for (arguments, code) in [
        (["--port", port.as_str()], "error[io]: "),
        (["--persona", "eve"], "error[usage]: "),
        (["--scenario", "none"], "error[usage]: "),
    ] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_flowseal"));
        let output = command.arg("mock").args(arguments).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            error.starts_with(code) && output.stdout.is_empty(),
            "{error}"
        );
        assert_eq!(output.status.code(), Some(2));
    }
}
