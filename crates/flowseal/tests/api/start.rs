//! Starting a flow: what is sent, what is refused before, and what is made of the answers.

use core::time::Duration;

use flowseal::api::{
    ApiConfig, ApiVersion, Created, Device, HttpResponse, Purpose, Signer, Start, WebhookTarget,
};
use flowseal::{Error, ErrorCode};
use proptest::prelude::*;

use crate::config;

const ADA: &str = "22212345610";

fn v2() -> ApiConfig {
    config(ApiVersion::V2)
}

fn hook() -> WebhookTarget {
    WebhookTarget::new("https://bank.example/pasby", "order-789").unwrap()
}

pub(crate) fn identify(device: &Device) -> Start {
    let claims = ["naming.given", "bio.birthdate"];
    v2().identify(Purpose::Login, claims, "Log in to Example", device)
        .unwrap()
}

pub(crate) fn answered(start: &Start, data: &str) -> Result<Created, Error> {
    let body =
        format!(r#"{{"status": "successful", "reason": "Created", "cost": 12.5, "data": {data}}}"#);
    start.read(&HttpResponse::new(201, &body))
}

#[test]
fn each_start_is_sent_as_the_documentation_says() {
    for version in [ApiVersion::V1, ApiVersion::V2] {
        let (config, name) = (config(version), version.as_str());
        let identify = |device: &Device| {
            let start = config.identify(Purpose::Signup, ["naming.given"], "A text", device);
            start.unwrap()
        };
        let signer = Signer::same_device(ADA).unwrap();
        let elsewhere = Signer::different_device(ADA).unwrap();
        for (start, path, body) in [
            (
                identify(&Device::same()),
                "identification/same-device",
                r#"{"action":"signup","claims":["naming.given"],"payload":"A text"}"#,
            ),
            (
                identify(&Device::different(ADA).unwrap()),
                "identification/different-device",
                r#"{"action":"signup","claims":["naming.given"],"payload":"A text","user":"22212345610"}"#,
            ),
            (
                identify(&Device::wildcard(10).unwrap()),
                "identification/wildcard",
                r#"{"action":"signup","claims":["naming.given"],"payload":"A text","seeds":10}"#,
            ),
            (
                config.sign(&signer, "A text", &hook()).unwrap(),
                "signing/same-device",
                concat!(
                    r#"{"action":"sign","payload":"A text","nin":"22212345610","#,
                    r#""webhook":{"host":"https://bank.example/pasby","reference":"order-789"}}"#
                ),
            ),
            (
                config
                    .confirm(&elsewhere, "A \"text\"", Some(&hook()))
                    .unwrap(),
                "signing/different-device",
                concat!(
                    r#"{"action":"confirm","payload":"A \"text\"","nin":"22212345610","#,
                    r#""webhook":{"host":"https://bank.example/pasby","reference":"order-789"}}"#
                ),
            ),
        ] {
            let request = start.request();
            let url = format!("https://s.pasby.africa/api/{name}/{path}");
            assert_eq!((request.url(), request.body()), (url.as_str(), Some(body)));
            assert_eq!(request.method(), flowseal::api::Method::Post);
            let headers = request.headers().iter();
            let headers: Vec<_> = headers
                .map(|header| (header.name(), header.expose_value(), header.is_sensitive()))
                .collect();
            let expected = [
                ("x-api-key", "bk-test_", true),
                ("x-access-secret", "snb_", true),
                ("content-type", "application/json", false),
            ];
            assert_eq!(headers, expected);
            assert!(start.warnings().is_empty());
        }
    }
}

#[test]
fn v2_signs_by_code_and_confirms_without_a_webhook() {
    let anyone = Signer::wildcard(3).unwrap();
    let start = v2().confirm(&anyone, "Confirm", None).unwrap();
    assert!(start.request().url().ends_with("/api/v2/signing/wildcard"));
    let body = r#"{"action":"confirm","payload":"Confirm","seeds":3}"#;
    assert_eq!(start.request().body(), Some(body));

    let v1 = config(ApiVersion::V1);
    let by_code = v1.sign(&anyone, "Sign", &hook()).unwrap_err();
    assert_eq!(by_code.code(), ErrorCode::ApiVersion);
    let signer = Signer::same_device(ADA).unwrap();
    let no_hook = v1.confirm(&signer, "Confirm", None).unwrap_err();
    assert_eq!(no_hook.code(), ErrorCode::Usage);
}

#[test]
fn what_cannot_be_sent_is_refused_before() {
    let here = Device::same();
    let longest = "x".repeat(256);
    let too_long = format!("{longest}x");
    for (claims, payload) in [
        (vec!["naming.given"], ""),
        (vec!["naming.given"], " \n"),
        (vec![""], "Log in"),
        (vec!["naming.given", "naming.given"], "Log in"),
        (vec!["naming given"], "Log in"),
        (vec![longest.as_str(), too_long.as_str()], "Log in"),
    ] {
        let start = v2().identify(Purpose::Login, claims.clone(), payload, &here);
        let code = start.map(|_| ()).map_err(|error| error.code());
        assert_eq!(code, Err(ErrorCode::Usage), "{claims:?} {payload:?}");
    }
    let claims = |count| (0..count).map(|claim| format!("{claim:x>256}"));
    let of = |count| v2().identify(Purpose::Login, claims(count), "Log in", &here);
    assert!(of(256).is_ok());
    assert_eq!(of(257).map(|_| ()).unwrap_err().code(), ErrorCode::Usage);
    // What can be started can be kept and taken up again.
    let kept = crate::pending::pending_of(&of(256).unwrap()).to_json();
    assert!(flowseal::api::PendingFlow::from_json(kept.as_bytes(), &v2()).is_ok());
    let local = WebhookTarget::new("http://127.0.0.1:9/", "x").unwrap();
    let signer = Signer::same_device(ADA).unwrap();
    let refused = v2().sign(&signer, "Sign", &local).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Usage);
    let mock = v2().with_base_url("http://127.0.0.1:8080").unwrap();
    assert!(mock.sign(&signer, "Sign", &local).is_ok());
}

#[test]
fn a_claim_that_the_catalogue_lacks_is_a_warning() {
    let claims = ["naming.givn", "address.state", "hobbies.sports"];
    let start = v2().identify(Purpose::Link, claims, "Link", &Device::same());
    let start = start.unwrap();
    let [misspelt, own] = start.warnings() else {
        panic!("{:?}", start.warnings());
    };
    assert!(misspelt.contains("did you mean naming.given?"));
    assert!(own.contains("hobbies.sports"));
}

#[test]
fn an_answer_is_what_the_device_needs() {
    let created = answered(
        &identify(&Device::same()),
        r#"{"request": {"id": "req_1", "mode": "identification", "iat": 1716820052, "exp": 1716820400,
            "user": "somebody"}, "link": "https://open.pasby.africa/?x=1", "token": "eyJ.e30.AAAA"}"#,
    );
    let created = created.unwrap();
    assert_eq!(created.flow(), "req_1");
    assert_eq!(created.link(), Some("https://open.pasby.africa/?x=1"));
    assert_eq!(created.expires().seconds(), 1_716_820_400);
    assert_eq!(created.cost().unwrap().to_string(), "12.5");
    assert_eq!(created.token().unwrap().expose_secret(), "eyJ.e30.AAAA");
    assert_eq!(created.request().user(), Some("somebody"));
    assert_eq!(created.seed_at(Duration::ZERO, 0), None);

    let codes = answered(
        &identify(&Device::wildcard(2).unwrap()),
        // Of a mode that is not known nothing is concluded.
        r#"{"request": {"id": "req_1", "iat": 1716820052, "mode": "id"}, "seeds": ["a", "b"]}"#,
    );
    let codes = codes.unwrap();
    assert_eq!(codes.seeds(), ["a", "b"]);
    // Without `exp`, as long as flows live.
    assert_eq!(codes.expires().seconds(), 1_716_820_052 + 360);
}

#[test]
fn a_token_may_come_in_a_header() {
    let start = identify(&Device::different(ADA).unwrap());
    let body =
        r#"{"status": "successful", "data": {"request": {"id": "req_1", "exp": 1716820400}}}"#;
    let response = HttpResponse::new(201, body).with_headers([("X-Access-Token", "eyJ.e30.BBBB")]);
    let created = start.read(&response).unwrap();
    assert_eq!(created.token().unwrap().expose_secret(), "eyJ.e30.BBBB");
}

#[test]
fn an_answer_that_leads_nowhere_or_elsewhere_is_none() {
    let here = identify(&Device::same());
    let codes = identify(&Device::wildcard(2).unwrap());
    let model = r#""request": {"id": "req_1", "exp": 1716820400}"#;
    for (start, data) in [
        (&here, format!("{{{model}}}")),
        (&here, format!(r#"{{{model}, "link": 1}}"#)),
        (
            &here,
            format!(r#"{{{model}, "link": "http://open.pasby.africa/"}}"#),
        ),
        (
            &here,
            format!(r#"{{{model}, "link": "javascript:alert(1)"}}"#),
        ),
        (
            &here,
            format!(r#"{{{model}, "link": "https://a@evil.example/"}}"#),
        ),
        (&codes, format!("{{{model}}}")),
        (&codes, format!(r#"{{{model}, "seeds": []}}"#)),
        (&codes, format!(r#"{{{model}, "seeds": ["a", ""]}}"#)),
        (&codes, format!(r#"{{{model}, "seeds": ["a", 1]}}"#)),
        (&codes, format!(r#"{{{model}, "seeds": "a"}}"#)),
        (
            &codes,
            format!(r#"{{{model}, "seeds": ["a"], "link": "x"}}"#),
        ),
        (
            &codes,
            r#"{"request": {"exp": 1716820400}, "seeds": ["a"]}"#.to_owned(),
        ),
        (
            &codes,
            r#"{"request": {"id": "", "exp": 1716820400}, "seeds": ["a"]}"#.to_owned(),
        ),
        (
            &codes,
            r#"{"request": {"id": "req_1"}, "seeds": ["a"]}"#.to_owned(),
        ),
        (
            &codes,
            r#"{"request": {"id": "req_1", "exp": 1, "mode": "signature"}, "seeds": ["a"]}"#
                .to_owned(),
        ),
        (&codes, r#"{"token": "eyJ"}"#.to_owned()),
        (&codes, r#"{"model": {"id": "req_1"}}"#.to_owned()),
        (&codes, "{}".to_owned()),
    ] {
        let error = answered(start, &data).unwrap_err();
        assert_eq!(error.code(), ErrorCode::ApiAnswer, "{data}: {error}");
    }
}

#[test]
fn what_the_api_says_against_it_is_at_hand() {
    let start = identify(&Device::different(ADA).unwrap());
    let issues = r#"[{"code": "too_small", "path": ["body", "user"], "message": "Invalid nin"}]"#;
    let error = start.read(&HttpResponse::new(400, issues)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::ApiRequest);
    let issue = &error.api_error().unwrap().issues()[0];
    assert_eq!(issue.path().as_deref(), Some("body.user"));

    let limited = HttpResponse::new(429, b"Too many requests");
    let limited = start.read(&limited).unwrap_err();
    assert_eq!(limited.code(), ErrorCode::ApiRateLimited);
}

#[test]
fn an_answer_that_repeats_a_credential_is_not_quoted() {
    let credentials = flowseal::api::Credentials {
        api_key: "bk-test_hush-hush".into(),
        app_secret: "snb_mum-mum-mum".into(),
    };
    let config = ApiConfig::new(
        ApiVersion::V2,
        flowseal::api::Environment::Sandbox,
        credentials,
    );
    let start =
        config
            .unwrap()
            .identify(Purpose::Login, ["naming.given"], "Log in", &Device::same());
    let start = start.unwrap();
    for body in [
        r#"{"status": "failed", "message": "bk-test_hush-hush"}"#,
        r#"{"status": "failed", "message": "SNB_mum-mum-mum"}"#,
        r#"{"status": "successful", "data": {"request": {"id": "", "x": "snb_mum-mum-mum"}}}"#,
    ] {
        let error = start.read(&HttpResponse::new(200, body)).unwrap_err();
        let shown = format!("{error} {error:?} {:?}", error.api_error());
        assert!(
            !shown.to_lowercase().contains("mum") && !shown.contains("hush"),
            "{shown}"
        );
        assert!(shown.contains("repeats a credential"), "{shown}");
    }
}

#[test]
fn debug_shows_no_person_no_link_and_no_seed() {
    let start = identify(&Device::different(ADA).unwrap());
    let created = answered(
        &identify(&Device::same()),
        r#"{"request": {"id": "req_1", "exp": 1716820400, "user": "22212345610"},
            "link": "https://open.pasby.africa/hush", "seeds": ["hush"], "token": "eyJhush"}"#,
    );
    let shown = format!(
        "{start:?} {:?} {:?} {:?}",
        start.request(),
        created.unwrap(),
        hook()
    );
    for secret in [ADA, "hush", "Log in to Example", "snb_", "bank.example"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    assert!(shown.contains("req_1") && shown.contains("order-789"));
}

proptest! {
    #[test]
    fn every_code_is_shown_in_turn(count in 1_usize..=10, chance: u32, begin in 0_u64..1_000_000) {
        let seeds: Vec<_> = (0..count).map(|seed| format!("\"s{seed}\"")).collect();
        let data = format!(
            r#"{{"request": {{"id": "req_1", "exp": 1716820400}}, "seeds": [{}]}}"#,
            seeds.join(",")
        );
        let created = answered(&identify(&Device::wildcard(10).unwrap()), &data).unwrap();
        let at = |step: u32| {
            created.seed_at(Duration::from_millis(begin) + Created::SEED_SHOWN * step, chance)
        };
        let shown: std::collections::BTreeSet<_> = (0..10).take(count).map(at).collect();
        prop_assert_eq!(shown.len(), count);
        prop_assert_eq!(at(0), at(u32::try_from(count).unwrap()));
    }

    #[test]
    fn no_answer_makes_it_panic(status in 200_u16..600, body in "\\PC{0,200}") {
        let start = identify(&Device::same());
        let _ = start.read(&HttpResponse::new(status, &body));
    }
}
