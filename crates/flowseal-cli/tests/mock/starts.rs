//! Flows that are started: what the routes take, what they answer, and where it leads.

use std::collections::HashSet;
use std::process::Command;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use flowseal::api::{
    Action, ApiConfig, ApiVersion, Binding, Created, Credentials, Device, Environment,
    FinishedFlows, HttpResponse, PendingFlow, Purpose, Request, Signer, Start, WebhookTarget,
};
use flowseal::profile::Trust;
use flowseal::report::{Check, Outcome};
use flowseal::testkit::KeyPair;
use flowseal::{ErrorCode, KeyRing, UnixTime, Verifier};
use serde_json::{Value, json};

use crate::server::{Reply, Server};

const CREDENTIALS: [&str; 2] = ["x-api-key: bk-test_1", "x-access-secret: snb_1"];
const ADA: &str = "22212345610";

/// Bodies that are right, each with its routes.
fn starts() -> Vec<(&'static str, &'static str, Value)> {
    let identification =
        json!({"action": "login", "claims": ["naming.given"], "payload": "Log in"});
    let hook = json!({"host": "https://bank.example/hook", "reference": "order-1"});
    let signing = json!({"action": "sign", "payload": "Pay", "webhook": hook});
    let with = |body: &Value, member: &str, value: Value| {
        let mut body = body.clone();
        body[member] = value;
        body
    };
    vec![
        ("identification", "same-device", identification.clone()),
        (
            "identification",
            "different-device",
            with(&identification, "user", ADA.into()),
        ),
        (
            "identification",
            "wildcard",
            with(&identification, "seeds", 3.into()),
        ),
        ("signing", "same-device", with(&signing, "nin", ADA.into())),
        (
            "signing",
            "different-device",
            with(&signing, "nin", ADA.into()),
        ),
        ("signing", "wildcard", with(&signing, "seeds", 10.into())),
    ]
}

fn start(server: &Server, path: &str, body: &Value) -> Reply {
    server.ask(
        &format!("POST /api/{path}"),
        &CREDENTIALS,
        &body.to_string(),
    )
}

#[test]
fn six_routes_start_flows_in_v2_and_five_in_v1() {
    let server = Server::start(&[]);
    let mut ids = HashSet::new();
    for version in ["v1", "v2"] {
        for (kind, device, body) in starts() {
            let reply = start(&server, &format!("{version}/{kind}/{device}"), &body);
            if (version, kind, device) == ("v1", "signing", "wildcard") {
                assert_eq!(reply.status, 404);
                continue;
            }
            assert_eq!(reply.status, 201, "{reply:?}");
            let answer = reply.json();
            assert!(answer["version"].is_string() && answer["cost"].is_number());
            let (data, request) = (&answer["data"], &answer["data"]["request"]);
            let id = request["id"].as_str().unwrap().to_owned();
            let digits = id.strip_prefix("req_").unwrap();
            assert!(digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
            assert!(ids.insert(id));

            let is_identification = kind == "identification";
            let mode = if is_identification {
                "identification"
            } else {
                "signature"
            };
            assert_eq!(request["mode"], mode);
            assert_eq!(request["action"], body["action"]);
            assert_eq!(request["payload"], body["payload"]);
            assert_eq!(request["acquireClaims"], body["claims"]);
            let asked = if is_identification {
                &body["user"]
            } else {
                &body["nin"]
            };
            assert_eq!(&request["user"], asked);
            let lasts = request["exp"].as_i64().unwrap() - request["iat"].as_i64().unwrap();
            assert_eq!(lasts, 360);
            assert_eq!(request["signature"].as_str().unwrap().split('.').count(), 3);

            let link = data["link"].as_str();
            assert_eq!(link.is_some(), device == "same-device");
            assert!(link.is_none_or(|link| link.starts_with("https://")));
            let seeds: HashSet<_> = data["seeds"].as_array().into_iter().flatten().collect();
            assert_eq!(
                seeds.len(),
                usize::try_from(body["seeds"].as_u64().unwrap_or(0)).unwrap()
            );
            let here = (is_identification, device);
            assert_eq!(data["token"].is_string(), here == (true, "same-device"));
            let in_header = reply.head.contains("x-access-token: ");
            assert_eq!(in_header, here == (true, "different-device"));
        }
    }
}

/// As whoever has nothing but the help would try it.
#[test]
fn what_the_help_types_starts_a_flow_and_pings_it() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowseal"));
    let output = command.args(["mock", "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let help = help.replace("\\\n", "");
    let lines: Vec<_> = help.lines().filter(|line| line.contains("curl ")).collect();
    let server = Server::start(&[]);
    let typed = |line: &str| {
        let quoted = |option: &str| {
            let parts = line.split(option).skip(1);
            parts
                .map(|part| part.split('\'').nth(1).unwrap())
                .collect::<Vec<_>>()
        };
        let (_, path) = line.split_once("http://127.0.0.1:PORT").unwrap();
        let path = path.split(' ').next().unwrap();
        let body = quoted("-d ").concat();
        let reply = server.ask(&format!("POST {path}"), &quoted("-H "), &body);
        assert!(matches!(reply.status, 200 | 201), "{line}: {reply:?}");
        reply.json()["data"]["request"].clone()
    };
    let [start, ping] = lines[..] else {
        panic!("{help}");
    };
    let id = typed(start)["id"].as_str().unwrap().to_owned();
    let pinged = typed(&ping.replace("req_…", &id));
    assert_eq!(pinged["reference"], id);
}

#[test]
fn credentials_are_those_of_the_pages() {
    let server = Server::start(&[]);
    for version in ["v1", "v2"] {
        for (kind, device, body) in starts() {
            if (version, kind, device) == ("v1", "signing", "wildcard") {
                continue;
            }
            let line = format!("POST /api/{version}/{kind}/{device}");
            let ask = |headers: &[&str]| server.ask(&line, headers, &body.to_string());
            assert_eq!(ask(&[]).plain(), (401, true, "An api key is needed"));
            let by_key_alone = ask(&CREDENTIALS[..1]);
            if (kind, device) == ("identification", "wildcard") {
                assert_eq!(by_key_alone.status, 201, "its page names the key alone");
            } else {
                let missing = (400, true, "App secret missing in headers");
                assert_eq!(by_key_alone.plain(), missing);
            }
        }
    }
    let health = server.ask("GET /api/health/check", &[], "");
    assert_eq!(health.plain(), (200, true, "online"));
}

#[test]
fn what_is_wrong_with_a_body_is_told_member_by_member() {
    let server = Server::start(&[]);
    let hook = |host: &str| json!({"host": host, "reference": "order-1"});
    let without_reference = json!({"host": "https://bank.example"});
    let (identify, sign) = ("identification", "signing");
    let (same, different, wildcard) = ("same-device", "different-device", "wildcard");
    for (kind, device, member, value, path) in [
        (identify, different, "user", Value::Null, "user"),
        (
            identify,
            different,
            "user",
            json!(22_212_345_610_u64),
            "user",
        ),
        (identify, different, "user", json!("2221234561"), "user"),
        (identify, different, "user", json!("00000000000"), "user"),
        (sign, same, "nin", json!("2221234561"), "nin"),
        (sign, different, "nin", json!(""), "nin"),
        (identify, same, "action", json!("sign"), "action"),
        (sign, same, "action", json!("login"), "action"),
        (identify, same, "claims", json!("naming.given"), "claims"),
        (
            identify,
            same,
            "claims",
            json!(["naming.given", 1]),
            "claims",
        ),
        (identify, same, "payload", json!(" "), "payload"),
        (identify, wildcard, "seeds", json!(0), "seeds"),
        (identify, wildcard, "seeds", json!(11), "seeds"),
        (sign, wildcard, "seeds", json!("3"), "seeds"),
        (sign, wildcard, "seeds", json!(1.5), "seeds"),
        (
            sign,
            same,
            "webhook",
            json!("https://bank.example"),
            "webhook",
        ),
        (
            sign,
            same,
            "webhook",
            hook("http://bank.example"),
            "webhook host",
        ),
        (
            sign,
            same,
            "webhook",
            hook("http://localhost:1/"),
            "webhook host",
        ),
        (
            sign,
            same,
            "webhook",
            without_reference,
            "webhook reference",
        ),
    ] {
        let all = starts();
        let right = all.iter().find(|(k, d, _)| (*k, *d) == (kind, device));
        let mut body = right.unwrap().2.clone();
        body[member] = value.clone();
        let reply = start(&server, &format!("v2/{kind}/{device}"), &body);
        let path: Vec<_> = ["body"].into_iter().chain(path.split(' ')).collect();
        let issues = reply.json();
        assert_eq!(
            (reply.status, &issues[0]["path"]),
            (400, &json!(path)),
            "{body}"
        );
        assert_eq!(issues.as_array().unwrap().len(), 1, "{body}");
        for name in ["code", "message"] {
            assert!(issues[0][name].is_string(), "{issues}");
        }
    }
    // All of it at once.
    let issues = start(&server, "v2/identification/different-device", &json!({})).json();
    let issues = issues.as_array().unwrap().iter();
    let paths: HashSet<_> = issues.map(|issue| issue["path"][1].clone()).collect();
    let wanted = ["action", "payload", "claims", "user"].map(Value::from);
    assert_eq!(paths, HashSet::from(wanted));
    let no_object = server.ask("POST /api/v2/signing/wildcard", &CREDENTIALS, "[");
    assert_eq!(
        (no_object.status, &no_object.json()[0]["path"]),
        (400, &json!(["body"]))
    );
}

#[test]
fn v1_wants_a_webhook_with_every_signing_and_v2_where_one_signs() {
    let server = Server::start(&[]);
    for (version, action, expected) in [
        ("v1", "sign", 400),
        ("v1", "confirm", 400),
        ("v2", "sign", 400),
        ("v2", "confirm", 201),
    ] {
        let body = json!({"action": action, "nin": ADA, "payload": "Pay"});
        let reply = start(&server, &format!("{version}/signing/same-device"), &body);
        assert_eq!(reply.status, expected, "{version} {action}");
    }
}

#[test]
fn the_person_of_the_header_responds_and_else_that_of_the_command() {
    let server = Server::start(&["--persona", "bayo"]);
    let body =
        json!({"action": "login", "claims": ["naming", "hobbies.sports"], "payload": "Log in"});
    let ended = |headers: &[&str]| {
        let headers: Vec<_> = CREDENTIALS.iter().chain(headers).copied().collect();
        let line = "POST /api/v2/identification/same-device";
        let answer = server.ask(line, &headers, &body.to_string()).json();
        let id = answer["data"]["request"]["id"].as_str().unwrap().to_owned();
        server.until(&id, |_| false)["data"]["request"].clone()
    };
    let (bayo, chidi) = (ended(&[]), ended(&["x-mock-persona: chidi"]));
    assert_eq!(bayo["requestee"], "00112345678");
    assert_eq!(chidi["requestee"], "33312345610");
    // What was asked for, and no more; all below a key that names a group.
    let names = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&bayo["claims"]), ["naming"]);
    assert_eq!(names(&chidi["claims"]), ["hobbies", "naming"]);
    assert_eq!(names(&chidi["claims"]["hobbies"]), ["sports"]);
    assert_eq!(names(&chidi["claims"]["naming"]).len(), 8);

    let line = "POST /api/v2/identification/same-device";
    let headers = [CREDENTIALS[0], CREDENTIALS[1], "x-mock-persona: eve"];
    let unknown = server.ask(line, &headers, &body.to_string());
    let (status, is_plain, sentence) = unknown.plain();
    assert!(
        status == 400 && is_plain && sentence.contains("ada, bayo"),
        "{sentence}"
    );
}

#[test]
fn a_whole_journey_leads_to_a_name_in_either_version() {
    let server = Server::start(&[]);
    let cookie = Binding::new(b"the cookie of this browser").unwrap();
    let verifier = Verifier::trusting([KeyPair::sample_user().unwrap().verifying_key().unwrap()]);
    let ring = KeyRing::from(KeyPair::sample_app().unwrap().decrypting_key().unwrap());
    // All of them are started before the first is waited for.
    let mut started = Vec::new();
    for version in [ApiVersion::V1, ApiVersion::V2] {
        let config = config(&server, version);
        let claims = ["naming.given", "nationality.nationalities"];
        for device in [
            Device::same(),
            Device::different(ADA).unwrap(),
            // Nobody's of the personas: the one who responds lends the claims.
            Device::different("99912345678").unwrap(),
            Device::wildcard(2).unwrap(),
        ] {
            let start = config.identify(Purpose::Login, claims, "Log in", &device);
            let pending = created(&server, &start.unwrap()).pending(Some(&cookie));
            started.push((pending.unwrap(), Arc::clone(&config)));
        }
    }
    for (pending, config) in started {
        let flow = ended(&server, &pending, &config, Trust::Signed);
        let finished = FinishedFlows::new();
        let verified = pending.finish(flow, &verifier, Some(&cookie), &finished, now());
        assert_eq!(verified.unwrap().open(&ring).unwrap().len(), 2);
    }
}

#[test]
fn somebody_else_than_was_asked_is_refused() {
    let server = Server::start(&["--persona", "chidi"]);
    let config = config(&server, ApiVersion::V2);
    let device = Device::different(ADA).unwrap();
    let start = config
        .identify(Purpose::Login, ["naming.given"], "Log in", &device)
        .unwrap();
    let pending = created(&server, &start).pending(None).unwrap();
    let flow = ended(&server, &pending, &config, Trust::Signed);
    let verifier = Verifier::trusting([KeyPair::sample_user().unwrap().verifying_key().unwrap()]);
    let refused = pending
        .finish(flow, &verifier, None, &FinishedFlows::new(), now())
        .unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ExpectationFailed);
    assert_eq!(refused.report().outcome(Check::Requestee), Outcome::Failed);
}

#[test]
fn an_identification_without_a_signature_is_received_and_a_signing_has_one() {
    let server = Server::start(&["--scenario", "unsigned"]);
    let config = config(&server, ApiVersion::V2);
    let device = Device::different(ADA).unwrap();
    let start = config
        .identify(Purpose::Login, ["naming.given"], "Log in", &device)
        .unwrap();
    let pending = created(&server, &start).pending(None).unwrap();
    let flow = ended(&server, &pending, &config, Trust::Received);
    assert!(flow.signature().is_none());
    let ring = KeyRing::from(KeyPair::sample_app().unwrap().decrypting_key().unwrap());
    let received = pending.finish_received(flow, None, None, &FinishedFlows::new(), now());
    assert_eq!(received.unwrap().open(&ring).unwrap().len(), 1);

    let hook = WebhookTarget::new("https://bank.example/hook", "order-1").unwrap();
    let signer = Signer::different_device(ADA).unwrap();
    let signing = created(&server, &config.sign(&signer, "Pay", &hook).unwrap());
    let signed = server.until(signing.flow(), |_| false);
    let request = &signed["data"]["request"];
    assert!(request["signature"].is_string() && request["claims"].is_null());
    // A flow that began with a ping is an identification, too.
    server.v2("ping", "req_1");
    let request = server.until("req_1", |request| request["claims"].is_object());
    assert!(request["data"]["request"]["signature"].is_null());
}

#[test]
fn a_started_flow_is_cancelled_as_it_was_asked() {
    let server = Server::start(&[]);
    let body = json!({"action": "confirm", "nin": ADA, "payload": "Pay 5 naira"});
    let answer = start(&server, "v2/signing/different-device", &body).json();
    let id = answer["data"]["request"]["id"].as_str().unwrap().to_owned();
    let model = server.v2("cancel", &id).json()["data"]["model"].clone();
    assert_eq!(model["id"], id);
    for (member, expected) in [
        ("action", "confirm"),
        ("payload", "Pay 5 naira"),
        ("user", ADA),
    ] {
        assert_eq!(model[member], expected);
    }
    assert_eq!(
        server.v2("ping", &id).json()["data"]["request"]["cancelled"],
        true
    );
}

fn config(server: &Server, version: ApiVersion) -> Arc<ApiConfig> {
    let credentials = Credentials {
        api_key: "bk-test_1".into(),
        app_secret: "snb_1".into(),
    };
    let config = ApiConfig::new(version, Environment::Sandbox, credentials).unwrap();
    // v2 tells the organisation to nobody.
    let organisation = match version {
        ApiVersion::V1 => "bcn_7",
        _ => "bcn_sample",
    };
    let config = config.with_ids(organisation, "app_sample");
    Arc::new(config.with_base_url(&server.url()).unwrap())
}

fn created(server: &Server, start: &Start) -> Created {
    let reply = send(server, start.request());
    start
        .read(&HttpResponse::new(reply.status, &reply.body))
        .unwrap()
}

/// The flow of a session that has ended well.
fn ended(
    server: &Server,
    pending: &PendingFlow,
    config: &Arc<ApiConfig>,
    trust: Trust,
) -> flowseal::Flow {
    let mut session = pending
        .session(Arc::clone(config))
        .unwrap()
        .with_trust(trust)
        .unwrap();
    loop {
        match session.poll(now(), 0) {
            Action::Send { request, .. } => {
                let reply = send(server, &request);
                let response = HttpResponse::new(reply.status, &reply.body);
                let response = response.answering(&request).with_url(request.url());
                session.handle(&response, now());
            }
            Action::Wait(pause) => sleep(pause.min(Duration::from_millis(300))),
            Action::Ended(end) => break end.unwrap(),
            _ => {}
        }
    }
}

fn send(server: &Server, request: &Request) -> Reply {
    let path = request.url().strip_prefix(&server.url()).unwrap();
    let headers: Vec<_> = request
        .headers()
        .iter()
        .map(|header| format!("{}: {}", header.name(), header.expose_value()))
        .collect();
    let headers: Vec<_> = headers.iter().map(String::as_str).collect();
    let line = format!("{} {path}", request.method().as_str());
    server.ask(&line, &headers, request.body().unwrap_or_default())
}

fn now() -> UnixTime {
    let elapsed = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    UnixTime::from_seconds(elapsed.as_secs().try_into().unwrap()).unwrap()
}
