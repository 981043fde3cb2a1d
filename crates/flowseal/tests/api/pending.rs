//! A pending flow: kept, brought back, and finished once, by whoever began it.

use core::time::Duration;

use flowseal::api::{
    ApiConfig, ApiVersion, Binding, Credentials, Device, Environment, FinishOnce, FinishedFlows,
    PendingFlow, Purpose, Signer, Start, WebhookTarget,
};
use flowseal::report::{Check, Outcome};
use flowseal::testkit::{FlowBuilder, KeyPair};
use flowseal::{
    DetachedStatement, Error, ErrorCode, Flow, Mode, Refused, UnixTime, VerifiedFlow, Verifier,
};
use proptest::prelude::*;

use crate::config;
use crate::start::answered;

pub(crate) const ADA: &str = "22212345610";
pub(crate) const BAYO: &str = "00112345678";

pub(crate) fn v2() -> ApiConfig {
    config(ApiVersion::V2)
}

pub(crate) fn now() -> UnixTime {
    UnixTime::from_seconds(FlowBuilder::SIGNED_AT + 2).unwrap()
}

pub(crate) fn browser() -> Binding {
    Binding::new([7; 16]).unwrap()
}

pub(crate) fn identification(device: &Device, claims: &[&str]) -> Start {
    let claims = claims.iter().copied();
    v2().identify(Purpose::Login, claims, "Log in to Example", device)
        .unwrap()
}

pub(crate) fn pending_of(start: &Start) -> PendingFlow {
    let created = answered(
        start,
        r#"{"request": {"id": "req_1", "iat": 1716820052, "exp": 1716820412, "user": "somebody else"},
            "link": "https://open.pasby.africa/hush", "seeds": ["hush"], "token": "eyJhush"}"#,
    );
    created.unwrap().pending(Some(&browser())).unwrap()
}

/// Of Ada, on another device, for her given name.
pub(crate) fn pending() -> PendingFlow {
    pending_of(&identification(
        &Device::different(ADA).unwrap(),
        &["naming.given"],
    ))
}

fn every_kind() -> Vec<PendingFlow> {
    let hook = WebhookTarget::new("https://bank.example/hush", "order-789").unwrap();
    let signer = Signer::same_device(ADA).unwrap();
    [
        identification(&Device::same(), &["naming.given", "hobbies.sports"]),
        identification(&Device::different(ADA).unwrap(), &[]),
        identification(&Device::wildcard(3).unwrap(), &["bio.maritalstatus"]),
        v2().sign(&signer, "Sign this", &hook).unwrap(),
        v2().confirm(&Signer::wildcard(1).unwrap(), "Confirm", None)
            .unwrap(),
    ]
    .iter()
    .map(pending_of)
    .chain([pending()
        .allow_more_claims()
        .with_leeway(Duration::from_secs(5))
        .with_max_age(Duration::from_secs(300))])
    .collect()
}

pub(crate) fn builder() -> FlowBuilder {
    FlowBuilder::new("req_1").requester("bcn_1").requestee(ADA)
}

pub(crate) fn sealed(builder: FlowBuilder, claims: &str) -> String {
    let (app, user) = (
        KeyPair::sample_app().unwrap(),
        KeyPair::sample_user().unwrap(),
    );
    let builder = builder.claims(claims.as_bytes()).unwrap();
    let sealed = builder.seal(&app.sealing_key().unwrap(), &user.signing_key().unwrap());
    sealed.unwrap().to_json()
}

pub(crate) const GIVEN: &str = r#"{"naming": {"given": "Ada"}}"#;

fn flow(builder: FlowBuilder, claims: &str) -> Flow {
    Flow::from_json(sealed(builder, claims).as_bytes()).unwrap()
}

pub(crate) fn verifier() -> Verifier {
    Verifier::trusting([KeyPair::sample_user().unwrap().verifying_key().unwrap()])
}

fn finish(pending: &PendingFlow, flow: Flow) -> Result<VerifiedFlow, Refused> {
    let (browser, once) = (browser(), FinishedFlows::new());
    pending.finish(flow, &verifier(), Some(&browser), &once, now())
}

#[track_caller]
fn fails(pending: &PendingFlow, flow: Flow, check: Check) {
    let refused = finish(pending, flow).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ExpectationFailed, "{check}");
    assert_eq!(refused.report().outcome(check), Outcome::Failed, "{check}");
}

#[test]
fn what_was_asked_is_what_is_finished() {
    let verified = finish(&pending(), flow(builder(), GIVEN)).unwrap();
    for check in [
        Check::Signature,
        Check::Reference,
        Check::Requester,
        Check::Requestee,
        Check::Mode,
        Check::ClaimsRequested,
    ] {
        let outcome = verified.report().outcome(check);
        assert_eq!(outcome, Outcome::Passed, "{check}");
    }
    assert_eq!(
        verified.report().outcome(Check::Received),
        Outcome::NotAsked
    );
}

#[test]
fn a_person_may_decline_and_a_claim_may_come_under_its_other_spelling() {
    let device = Device::different(ADA).unwrap();
    let asked = ["bio.maritalstatus", "address.postCode", "naming.given"];
    let pending = pending_of(&identification(&device, &asked));
    for claims in [
        GIVEN,
        r#"{"bio": {"maritalstatus": "x"}, "address": {"postCode": "x"}}"#,
        r#"{"bio": {"maritalStatus": "x"}, "address": {"postcode": "x"}}"#,
    ] {
        assert!(
            finish(&pending, flow(builder(), claims)).is_ok(),
            "{claims}"
        );
    }
    let more = r#"{"naming": {"given": "Ada"}, "bio": {"gender": "x"}}"#;
    fails(&pending, flow(builder(), more), Check::ClaimsRequested);
    assert!(finish(&pending.allow_more_claims(), flow(builder(), more)).is_ok());
}

#[test]
fn bytes_that_were_signed_elsewhere_come_with_the_end() {
    let answer = sealed(builder(), GIVEN);
    let signed = || Flow::from_json(answer.as_bytes()).unwrap();
    let own = finish(&pending(), signed()).unwrap();
    let covers = own.report().covers().to_vec();
    let profile = flowseal::profile::Profile::from_json(br#"{"statement": "detached"}"#).unwrap();
    let verifier = verifier().with_setup(&flowseal::Setup::new(profile));
    let statement = |bytes: &[u8]| DetachedStatement::new(bytes, covers.clone());
    let end = |pending: &PendingFlow| {
        let (mine, once) = (browser(), FinishedFlows::new());
        let end = pending.finish(signed(), &verifier, Some(&mine), &once, now());
        end.map_err(|refused| refused.code())
    };
    let with_bytes = pending().with_detached(statement(own.statement()));
    let verified = end(&with_bytes).unwrap();
    assert_eq!(verified.report().outcome(Check::Requestee), Outcome::Passed);
    // They are no part of what is kept.
    assert_eq!(with_bytes.to_json(), pending().to_json());
    let kept = PendingFlow::from_json(with_bytes.to_json().as_bytes(), &v2()).unwrap();
    assert_eq!(end(&kept).unwrap_err(), ErrorCode::Statement);
    let other = pending().with_detached(statement(b"something else"));
    assert_eq!(end(&other).unwrap_err(), ErrorCode::SignatureInvalid);
    // What they do not cover is not what was asked.
    let fewer = DetachedStatement::new(own.statement(), ["reference", "claims", "signedAt"]);
    let fewer = pending().with_detached(fewer);
    assert_eq!(end(&fewer).unwrap_err(), ErrorCode::ExpectationFailed);
}

#[test]
fn a_signing_brings_no_claims() {
    let signer = Signer::different_device(ADA).unwrap();
    let start = v2().confirm(&signer, "Confirm", None).unwrap();
    let signed = || builder().mode(Mode::Signature);
    assert!(finish(&pending_of(&start), flow(signed(), "{}")).is_ok());
    fails(
        &pending_of(&start),
        flow(signed(), GIVEN),
        Check::ClaimsRequested,
    );
}

#[test]
fn whoever_comes_will_do_where_nobody_was_named() {
    let start = identification(&Device::wildcard(1).unwrap(), &["naming.given"]);
    let verified = finish(&pending_of(&start), flow(builder().requestee(BAYO), GIVEN)).unwrap();
    let report = verified.report();
    assert_eq!(report.outcome(Check::Requestee), Outcome::NotAsked);
    assert_eq!(verified.requestee(), Some(BAYO));
}

#[test]
fn an_old_approval_and_a_wrong_clock_are_judged_as_it_was_said_at_the_start() {
    let signed_at = FlowBuilder::SIGNED_AT;
    let late = flow(builder().times(FlowBuilder::IAT, signed_at - 60), GIVEN);
    let strict = pending().with_max_age(Duration::from_secs(30));
    fails(&strict, late, Check::Age);
    let ahead = || flow(builder().times(FlowBuilder::IAT, signed_at + 6), GIVEN);
    fails(&pending(), ahead(), Check::SignedAt);
    assert!(finish(&pending().with_leeway(Duration::from_secs(4)), ahead()).is_ok());
}

/// Whoever gives one believes that it is compared.
#[test]
fn a_browser_at_the_end_alone_is_a_mistake() {
    let start = identification(&Device::different(ADA).unwrap(), &["naming.given"]);
    let body = r#"{"request": {"id": "req_1", "exp": 1716820412}}"#;
    let pending = answered(&start, body).unwrap().pending(None).unwrap();
    let kept = PendingFlow::from_json(pending.to_json().as_bytes(), &v2()).unwrap();
    let (browser, once) = (browser(), FinishedFlows::new());
    let flow = || flow(builder(), GIVEN);
    for pending in [&pending, &kept] {
        let verified = pending.finish(flow(), &verifier(), Some(&browser), &once, now());
        let received = pending.finish_received(flow(), None, Some(&browser), &once, now());
        for refused in [verified.unwrap_err(), received.unwrap_err()] {
            assert_eq!(refused.code(), ErrorCode::Usage);
            let error = refused.error();
            assert_eq!(error.details().why(), Some("binding"));
            assert!(error.sentence().contains("at the start as well"), "{error}");
            let outcome = refused.report().outcome(Check::Signature);
            assert_eq!(outcome, Outcome::NotChecked);
        }
    }
    // Which finishes nothing.
    assert!(once.is_empty());
    assert!(kept.finish(flow(), &verifier(), None, &once, now()).is_ok());
}

#[test]
fn another_browser_than_that_of_the_start_ends_nothing() {
    let here = identification(&Device::same(), &["naming.given"]);
    let body =
        r#"{"request": {"id": "req_1", "exp": 1716820412}, "link": "https://open.pasby.africa/"}"#;
    let unbound = answered(&here, body).unwrap().pending(None).unwrap_err();
    assert_eq!(unbound.code(), ErrorCode::Usage);

    let (pending, once) = (pending_of(&here), FinishedFlows::new());
    let other = Binding::new([8; 16]).unwrap();
    for binding in [None, Some(&other)] {
        let end = pending.finish(flow(builder(), GIVEN), &verifier(), binding, &once, now());
        let refused = end.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::ExpectationFailed);
        assert!(
            refused.error().sentence().contains("browser"),
            "{}",
            refused.error()
        );
        assert_eq!(
            refused.report().outcome(Check::Signature),
            Outcome::NotChecked
        );
        let details = refused.error().details();
        assert_eq!(details.why(), Some("binding"));
        assert_eq!((details.expected(), details.found()), (None, None));
    }
    // Which finishes nothing.
    let mine = Some(browser());
    let end = pending.finish(
        flow(builder(), GIVEN),
        &verifier(),
        mine.as_ref(),
        &once,
        now(),
    );
    assert!(end.is_ok());
}

#[test]
fn a_result_is_given_once_and_a_refusal_is_none() {
    let (pending, once, mine) = (pending(), FinishedFlows::new(), browser());
    let end = |flow| pending.finish(flow, &verifier(), Some(&mine), &once, now());
    assert!(end(flow(builder().requestee(BAYO), GIVEN)).is_err());
    assert_eq!(once.len(), 0);
    assert!(end(flow(builder(), GIVEN)).is_ok());
    let refused = end(flow(builder(), GIVEN)).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::PendingFinished);
    // Asked after the judgement: the report is whole.
    assert_eq!(refused.report().outcome(Check::Signature), Outcome::Passed);
    assert_eq!(refused.into_flow().reference(), "req_1");
}

#[test]
fn of_many_that_finish_at_once_one_wins() {
    let (kept, once) = (pending().to_json(), FinishedFlows::new());
    let answer = sealed(builder(), GIVEN);
    let ends = std::thread::scope(|threads| {
        let ends: Vec<_> = (0..8)
            .map(|_| {
                threads.spawn(|| {
                    let pending = PendingFlow::from_json(kept.as_bytes(), &v2()).unwrap();
                    let flow = Flow::from_json(answer.as_bytes()).unwrap();
                    let end = pending.finish(flow, &verifier(), Some(&browser()), &once, now());
                    end.map(|_| ()).map_err(|refused| refused.code())
                })
            })
            .collect();
        ends.into_iter()
            .map(|end| end.join().unwrap())
            .collect::<Vec<_>>()
    });
    assert_eq!(ends.iter().filter(|end| end.is_ok()).count(), 1, "{ends:?}");
    let lost = |end: &&Result<(), ErrorCode>| **end == Err(ErrorCode::PendingFinished);
    assert_eq!(ends.iter().filter(lost).count(), 7, "{ends:?}");
}

#[test]
fn it_is_remembered_for_as_long_as_it_can_be_finished() {
    struct Asked(std::cell::RefCell<Vec<(String, u64)>>);
    impl FinishOnce for Asked {
        fn finish(&self, reference: &str, until: UnixTime) -> bool {
            let asked = (reference.to_owned(), until.seconds());
            self.0.borrow_mut().push(asked);
            true
        }
    }
    let (pending, mine, asked) = (pending(), browser(), Asked(Vec::new().into()));
    let last = pending.finish_by();
    assert_eq!(last.seconds(), 1_716_820_412 + 600);
    let end = |now| {
        let end = pending.finish(
            flow(builder(), GIVEN),
            &verifier(),
            Some(&mine),
            &asked,
            now,
        );
        end.map(|_| ()).map_err(|refused| refused.code())
    };
    assert_eq!(end(last), Ok(()));
    assert_eq!(
        end(last + Duration::from_secs(1)),
        Err(ErrorCode::FlowExpired)
    );
    assert_eq!(*asked.0.borrow(), [("req_1".to_owned(), last.seconds())]);
}

#[test]
fn a_flow_without_a_signature_is_not_finished() {
    let spoilt = sealed(builder(), GIVEN).replacen("\"signature\"", "\"signature_\"", 1);
    let flow = Flow::from_json(spoilt.as_bytes()).unwrap();
    let refused = finish(&pending(), flow).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SignatureMissing);
}

#[test]
fn the_session_and_the_webhook_are_the_flow_s_own() {
    let hook = WebhookTarget::new("https://bank.example", "order-789").unwrap();
    let signer = Signer::same_device(ADA).unwrap();
    let pending = pending_of(&v2().sign(&signer, "Sign", &hook).unwrap());
    assert_eq!(pending.flow_of("order-789"), Some("req_1"));
    assert_eq!(pending.flow_of("req_1"), Some("req_1"));
    assert_eq!(pending.flow_of("order-790"), None);
    for (body, is_meant) in [
        (r#"{"reference": "order-789"}"#, true),
        (r#"{"data": {"reference": "req_1"}}"#, true),
        (r#"{"reference": "order-790"}"#, false),
    ] {
        let webhook = flowseal::api::Webhook::from_json(body.as_bytes()).unwrap();
        assert_eq!(pending.is_meant_by(&webhook), is_meant, "{body}");
    }
    assert_eq!(pending.webhook_reference(), Some("order-789"));
    let mut session = pending.session(v2()).unwrap();
    match session.poll(now(), 0) {
        flowseal::api::Action::Send { request, .. } => {
            assert_eq!(request.body(), Some(r#"{"request":"req_1"}"#));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_person_is_told_depends_on_the_device() {
    use flowseal::FlowState;
    use flowseal::api::Situation;
    let by_device = |device: &Device| {
        let pending = pending_of(&identification(device, &["naming.given"]));
        [
            FlowState::Pending,
            FlowState::OnSession,
            FlowState::Complete,
            FlowState::Cancelled,
        ]
        .map(|state| pending.situation(state))
    };
    for (device, first) in [
        (Device::same(), Situation::OpenLink),
        (Device::different(ADA).unwrap(), Situation::AskedElsewhere),
        (Device::wildcard(1).unwrap(), Situation::ScanCode),
    ] {
        let told = [
            first,
            Situation::PickedUp,
            Situation::Approved,
            Situation::Declined,
        ];
        assert_eq!(by_device(&device), told);
    }
    let start = identification(&Device::different(ADA).unwrap(), &[]);
    let issues = r#"[{"code": "too_small", "path": ["body", "user"], "message": "Invalid nin"}]"#;
    let error = start
        .read(&flowseal::api::HttpResponse::new(400, issues))
        .unwrap_err();
    assert_eq!(Situation::of_error(&error), Situation::CheckNumber);
}

#[test]
fn it_is_kept_without_what_it_does_not_need() {
    for pending in every_kind() {
        let kept = pending.to_json();
        assert!(kept.starts_with(r#"{"flowseal_pending":1,"#), "{kept}");
        for secret in [
            "hush",
            "snb_",
            "bk-test_",
            "Log in",
            "Sign this",
            "somebody else",
        ] {
            assert!(!kept.contains(secret), "{kept}");
        }
        let again = PendingFlow::from_json(kept.as_bytes(), &v2()).unwrap();
        assert_eq!(again.to_json(), kept);
        let shown = format!("{pending:?}");
        assert!(shown.contains("req_1") && !shown.contains(ADA), "{shown}");
    }
}

#[track_caller]
fn is_no_pending_flow(outcome: Result<PendingFlow, Error>, what: &str) {
    let error = outcome.map(|pending| pending.to_json()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::PendingFlow, "{what}: {error}");
    assert!(!error.sentence().contains(ADA), "{what}: {error}");
}

#[test]
fn another_configuration_does_not_take_it_up() {
    let kept = pending().to_json();
    let of = |environment, key: &str, secret: &str| {
        let credentials = Credentials {
            api_key: key.into(),
            app_secret: secret.into(),
        };
        ApiConfig::new(ApiVersion::V2, environment, credentials).unwrap()
    };
    let sandbox = || of(Environment::Sandbox, "bk-test_", "snb_");
    let live = of(Environment::Production, "bk-live_", "prd_");
    for (what, other) in [
        ("environment", live.with_ids("bcn_1", "app_1")),
        (
            "base",
            v2().with_base_url("https://gateway.example").unwrap(),
        ),
        ("app", sandbox().with_ids("bcn_1", "app_2")),
        ("organisation", sandbox().with_ids("bcn_2", "app_1")),
        ("nothing said", sandbox()),
    ] {
        is_no_pending_flow(PendingFlow::from_json(kept.as_bytes(), &other), what);
        let error = pending().session(other).unwrap_err();
        assert_eq!(error.code(), ErrorCode::PendingFlow, "{what}");
    }
    // Other credentials of the same app are.
    let rotated = of(Environment::Sandbox, "bk-test_2", "snb_2").with_ids("bcn_1", "app_1");
    assert!(PendingFlow::from_json(kept.as_bytes(), &rotated).is_ok());
}

#[test]
fn what_was_not_written_is_not_read() {
    let read = |text: &str| PendingFlow::from_json(text.as_bytes(), &v2());
    for kept in every_kind().iter().map(PendingFlow::to_json) {
        let tree: serde_json::Value = serde_json::from_str(&kept).unwrap();
        let members = tree.as_object().unwrap();
        if members["action"] == "sign" {
            let mut less = members.clone();
            less.remove("webhook");
            let less = serde_json::Value::from(less).to_string();
            is_no_pending_flow(read(&less), &less);
        }
        for name in members.keys() {
            // Of a member that may be absent, absence is another flow.
            if !["organisation", "app", "webhook", "binding", "max_age"].contains(&name.as_str()) {
                let mut less = members.clone();
                less.remove(name);
                let less = serde_json::Value::from(less).to_string();
                is_no_pending_flow(read(&less), &less);
            }
            for value in [
                "null",
                "-1",
                "1.5",
                "\"\"",
                "{}",
                "[\"\"]",
                "[1]",
                "4294967297000",
            ] {
                let mut other = members.clone();
                other.insert(name.clone(), serde_json::from_str(value).unwrap());
                let other = serde_json::Value::from(other).to_string();
                is_no_pending_flow(read(&other), &other);
            }
        }
    }
    let kept = every_kind()[0].to_json();
    for (from, to) in [
        ("{\"flowseal_pending\":1", "{\"flowseal_pending\":2"),
        ("{\"flowseal_pending\":1", "{\"flowseal_pending\":1,\"x\":1"),
        (
            "{\"flowseal_pending\":1",
            "{\"flowseal_pending\":1,\"payload\":\"x\"",
        ),
        ("\"login\"", "\"sign\""),
        ("\"login\"", "\"logon\""),
        ("same-device", "wildcards"),
        ("same-device", "different-device"),
        ("\"binding\"", "\"bindings\""),
        ("\"naming.given\"", "\"naming.given\",\"naming.given\""),
        ("\"claims\"", "\"person\":\"22212345610\",\"claims\""),
        ("\"more_claims\"", "\"webhook\":\"x\",\"more_claims\""),
        ("}", ""),
        ("{", "[{"),
    ] {
        let changed = kept.replacen(from, to, 1);
        assert_ne!(changed, kept, "{from}");
        is_no_pending_flow(read(&changed), &changed);
    }
    is_no_pending_flow(read(""), "nothing");
    is_no_pending_flow(read("[]"), "a list");
    let bound = every_kind()[0].to_json();
    let begin = bound.find(",\"binding\"").unwrap();
    let end = begin + 1 + bound[begin + 1..].find(',').unwrap();
    let without = format!("{}{}", &bound[..begin], &bound[end..]);
    is_no_pending_flow(read(&without), &without);
}

#[test]
fn what_travels_is_not_changed() {
    let (pending, key) = (pending(), [7; 32]);
    let sealed = pending.seal(&key);
    let unseal = |text: &str, key| PendingFlow::unseal(text, key, &v2());
    assert_eq!(unseal(&sealed, &key).unwrap().to_json(), pending.to_json());
    is_no_pending_flow(unseal(&sealed, &[8; 32]), "another key");
    // One thing to do, and not that of a text which was stored.
    let told = unseal(&sealed, &[8; 32]).unwrap_err();
    assert!(!told.sentence().contains("stored"), "{told}");
    let (json, mac) = sealed.split_once('.').unwrap();
    for changed in [
        json.to_owned(),
        format!("{json}."),
        format!(".{mac}"),
        format!("{json}.{}", &mac[1..]),
        format!("{json}.{mac}="),
        format!("{json}.{mac}.{mac}"),
        format!("{sealed}\n"),
        pending.to_json(),
        String::new(),
    ] {
        is_no_pending_flow(unseal(&changed, &key), &changed);
    }
    // Bound to the configuration as well.
    let other = v2().with_base_url("https://gateway.example").unwrap();
    is_no_pending_flow(PendingFlow::unseal(&sealed, &key, &other), "another base");
}

proptest! {
    #[test]
    fn no_character_of_what_travels_can_be_another(at: prop::sample::Index, other in "[A-Za-z0-9_.-]") {
        let sealed = pending().seal(&[7; 32]);
        let at = at.index(sealed.len());
        prop_assume!(sealed[at..=at] != other);
        let changed = format!("{}{other}{}", &sealed[..at], &sealed[at + 1..]);
        let code = PendingFlow::unseal(&changed, &[7; 32], &v2()).map(|_| ()).unwrap_err().code();
        prop_assert_eq!(code, ErrorCode::PendingFlow);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = PendingFlow::from_json(text.as_bytes(), &v2());
        let _ = PendingFlow::unseal(&text, &[7; 32], &v2());
    }
}
