//! A flow that a session received: the one way to it, and every other that is none.

use flowseal::api::{
    Action, ApiConfig, Device, FinishedFlows, HttpResponse, PendingFlow, ReceivedFlow, Request,
    Session, Signer,
};
use flowseal::profile::{Profile, Trust};
use flowseal::report::{Check, Outcome};
use flowseal::testkit::{Holder, KeyPair};
use flowseal::{
    DecryptingKey, Error, ErrorCode, Flow, KeyRing, Mode, OpenOptions, RawOperation, Refused,
    Setup, Verifier,
};

use crate::pending::{ADA, GIVEN, builder, identification, now, pending_of, sealed, v2, verifier};

fn pending() -> PendingFlow {
    let start = identification(&Device::different(ADA).unwrap(), &["naming.given"]);
    pending_of(&start)
}

fn signed() -> String {
    sealed(builder(), GIVEN)
}

/// A completed identification as the newer pages have it: claims, and no signature.
fn unsigned() -> String {
    without_signature(&signed())
}

pub(crate) fn without_signature(answer: &str) -> String {
    let mut tree: serde_json::Value = serde_json::from_str(answer).unwrap();
    let request = tree["data"]["request"].as_object_mut().unwrap();
    assert!(request.remove("signature").is_some());
    tree.to_string()
}

fn ring() -> KeyRing {
    KeyPair::sample_app()
        .unwrap()
        .decrypting_key()
        .unwrap()
        .into()
}

/// The flow with which a session ends that gets this answer to its first ping.
fn ended(mut session: Session, body: &str, told: impl Fn(&Request, &str, &mut Session)) -> Flow {
    loop {
        match session.poll(now(), 0) {
            Action::Send { request, .. } => told(&request, body, &mut session),
            Action::Ended(end) => return end.unwrap(),
            Action::Wait(_) | Action::Progress(_) => {}
            Action::Stream { .. } => panic!("nobody has asked for a stream"),
        }
    }
}

/// As the documentation says.
fn properly(request: &Request, body: &str, session: &mut Session) {
    let response = HttpResponse::new(200, body)
        .answering(request)
        .with_url(request.url());
    session.handle(&response, now());
}

fn receiving(pending: &PendingFlow) -> Session {
    let session = pending.session(v2()).unwrap();
    session.with_trust(Trust::Received).unwrap()
}

fn finish(
    pending: &PendingFlow,
    flow: Flow,
    verifier: Option<&Verifier>,
) -> Result<ReceivedFlow, Refused> {
    let browser = flowseal::api::Binding::new([7; 16]).unwrap();
    let once = FinishedFlows::new();
    pending.finish_received(flow, verifier, Some(&browser), &once, now())
}

fn code(outcome: Result<ReceivedFlow, Refused>) -> Result<(), ErrorCode> {
    outcome.map(|_| ()).map_err(|refused| refused.code())
}

#[test]
fn a_flow_without_a_signature_is_believed_as_received_and_no_more() {
    let pending = pending();
    let flow = ended(receiving(&pending), &unsigned(), properly);
    let received = finish(&pending, flow, Some(&verifier())).unwrap();
    let report = received.report();
    for (check, outcome, why) in [
        (Check::Signature, Outcome::NotChecked, Some("absent")),
        (Check::ClaimsSigned, Outcome::NotChecked, Some("absent")),
        (Check::Reference, Outcome::Passed, Some("unauthenticated")),
        (Check::Requestee, Outcome::Passed, Some("unauthenticated")),
        (Check::Mode, Outcome::Passed, Some("unauthenticated")),
        (
            Check::NotCancelled,
            Outcome::Passed,
            Some("unauthenticated"),
        ),
        (
            Check::ClaimsRequested,
            Outcome::Passed,
            Some("unauthenticated"),
        ),
        (Check::Received, Outcome::Passed, Some("callers_word")),
    ] {
        assert_eq!(
            (report.outcome(check), report.why(check)),
            (outcome, why),
            "{check}"
        );
    }
    assert_eq!(received.requestee_received(), ADA);
    assert_eq!(received.trust(), Trust::Received);
    let claims = received.open(&ring()).unwrap();
    assert!(!claims.is_verified());
    assert_eq!(claims.trust(), Some(Trust::Received));
    assert_eq!(claims.text("naming.given").unwrap(), Some("Ada"));
}

#[test]
fn a_received_flow_opens_with_a_key_that_is_elsewhere() {
    let pending = pending();
    let flow = ended(receiving(&pending), &unsigned(), properly);
    let received = finish(&pending, flow, Some(&verifier())).unwrap();
    let pair = KeyPair::sample_app().unwrap();
    let holder = Holder::load(pair.private_pem().as_bytes()).unwrap();
    let key = DecryptingKey::remote(pair.public_pem().as_bytes()).unwrap();
    let mut opening = received
        .begin_opening(&key.into(), &OpenOptions::new())
        .unwrap();
    let answer = |one: RawOperation<'_>| (one.id(), holder.compute(one.ciphertext()).unwrap());
    let answers: Vec<_> = opening.operations().map(answer).collect();
    for (id, result) in answers {
        opening.supply(id, &result).unwrap();
    }
    let claims = opening.finish().unwrap();
    assert_eq!(claims.trust(), Some(Trust::Received));
    assert_eq!(claims.text("naming.given").unwrap(), Some("Ada"));
}

#[test]
fn a_signature_that_is_there_is_looked_at_where_it_can_be() {
    let pending = pending();
    let flow = || ended(receiving(&pending), &signed(), properly);
    let verified = finish(&pending, flow(), Some(&verifier())).unwrap();
    let report = verified.report();
    assert_eq!(report.outcome(Check::Signature), Outcome::Passed);
    assert!(!verified.open(&ring()).unwrap().is_verified());

    let unlooked = finish(&pending, flow(), None).unwrap();
    let report = unlooked.report();
    assert_eq!(report.outcome(Check::Signature), Outcome::NotChecked);
    assert_eq!(report.why(Check::Signature), Some("no_verifier"));

    let strangers = KeyPair::sample_app().unwrap().public_pem().to_owned();
    let stranger = flowseal::VerifyingKey::load(strangers.as_bytes()).unwrap();
    let stranger = Verifier::trusting([stranger]);
    let refused = finish(&pending, flow(), Some(&stranger));
    assert_eq!(code(refused), Err(ErrorCode::SignatureInvalid));
    let nobody = Verifier::by_requestee([("22212345611", Vec::new())]);
    assert_eq!(
        code(finish(&pending, flow(), Some(&nobody))),
        Err(ErrorCode::NoVerifyingKey)
    );
}

#[test]
fn under_the_default_a_deleted_signature_is_missed() {
    let pending = pending();
    let flow = ended(pending.session(v2()).unwrap(), &unsigned(), properly);
    let refused = finish(&pending, flow, Some(&verifier())).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SignatureMissing);
    assert_eq!(refused.report().outcome(Check::Received), Outcome::Failed);
    // Received or not, where a signature is demanded.
    let flow = ended(receiving(&pending), &unsigned(), properly);
    let browser = flowseal::api::Binding::new([7; 16]).unwrap();
    let once = FinishedFlows::new();
    let end = pending.finish(flow, &verifier(), Some(&browser), &once, now());
    assert_eq!(end.unwrap_err().code(), ErrorCode::SignatureMissing);
}

#[test]
fn who_misses_a_signature_is_told_of_received_and_not_to_lower_the_bar() {
    let browser = flowseal::api::Binding::new([7; 16]).unwrap();
    let sentence = |pending: &PendingFlow, flow: Flow| {
        let once = FinishedFlows::new();
        let end = pending.finish(flow, &verifier(), Some(&browser), &once, now());
        let refused = end.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::SignatureMissing);
        assert_eq!(
            refused.report().why(Check::Signature),
            Some("signature_missing")
        );
        refused.error().sentence().to_owned()
    };
    let (of_file, pending) = (
        |body: String| Flow::from_json(body.as_bytes()).unwrap(),
        pending(),
    );
    let told = sentence(&pending, of_file(unsigned()));
    for words in ["refuse it", "received", "by name", "finish_received"] {
        assert!(told.contains(words), "{told}");
    }
    assert!(told.find("refuse it") < told.find("received,"), "{told}");

    // A signing is never received.
    let signer = Signer::different_device(ADA).unwrap();
    let signing = pending_of(&v2().confirm(&signer, "Confirm", None).unwrap());
    let told = sentence(&signing, of_file(unsigned()));
    assert!(!told.contains("received,"), "{told}");
    let signing = signing.allow_more_claims();
    let signed = sealed(builder().mode(Mode::Signature), GIVEN);
    for body in [without_signature(&signed), signed] {
        let once = FinishedFlows::new();
        let end = signing.finish_received(of_file(body), None, Some(&browser), &once, now());
        let told = end.unwrap_err().error().sentence().to_owned();
        assert!(told.contains("never received"), "{told}");
    }
}

#[test]
fn no_other_way_leads_to_a_received_flow() {
    let pending = pending();
    let of_file = |body: &str| Flow::from_json(body.as_bytes()).unwrap();
    let by = |told: &dyn Fn(&Request, &str, &mut Session), body: &str| {
        ended(receiving(&pending), body, told)
    };
    let other_url = |url: &'static str| {
        move |request: &Request, body: &str, session: &mut Session| {
            let response = HttpResponse::new(200, body).answering(request);
            session.handle(&response.with_url(url), now());
        }
    };
    let no_ticket = |request: &Request, body: &str, session: &mut Session| {
        session.handle(&HttpResponse::new(200, body).with_url(request.url()), now());
    };
    let no_url = |request: &Request, body: &str, session: &mut Session| {
        session.handle(&HttpResponse::new(200, body).answering(request), now());
    };
    let ticket_of_another_session = |request: &Request, body: &str, session: &mut Session| {
        let Action::Send { request: other, .. } = receiving(&pending).poll(now(), 0) else {
            panic!("no ping");
        };
        let response = HttpResponse::new(200, body).answering(&other);
        session.handle(&response.with_url(request.url()), now());
    };
    let ticket_of_no_session = |request: &Request, body: &str, session: &mut Session| {
        let other = v2().ping("req_1", None).unwrap();
        let response = HttpResponse::new(200, body).answering(&other);
        session.handle(&response.with_url(request.url()), now());
    };
    let elsewhere = other_url("https://evil.example/api/v2/flow/ping");
    let of_stream = |body: &str| {
        let line = format!("data: {}\n\n", body.replace('\n', ""));
        let mut stream = flowseal::api::EventStream::new();
        let event = stream.push(line.as_bytes()).into_iter().next().unwrap();
        event.unwrap().response().unwrap().into_flow().unwrap()
    };
    type Way<'a> = &'a dyn Fn(&str) -> Flow;
    let ways: [(&str, Way<'_>); 10] = [
        ("a file", &of_file),
        ("a session on no pending flow", &|body: &str| {
            ended(Session::new(v2(), "req_1").unwrap(), body, properly)
        }),
        ("a session that was not asked to", &|body: &str| {
            ended(pending.session(v2()).unwrap(), body, properly)
        }),
        ("a session of another pending flow", &|body: &str| {
            let other = pending.clone().allow_more_claims();
            ended(receiving(&other), body, properly)
        }),
        ("no ticket", &|body: &str| by(&no_ticket, body)),
        ("no address", &|body: &str| by(&no_url, body)),
        ("a redirect", &|body: &str| by(&elsewhere, body)),
        ("another session's ticket", &|body: &str| {
            by(&ticket_of_another_session, body)
        }),
        ("a ticket of no session's", &|body: &str| {
            by(&ticket_of_no_session, body)
        }),
        ("a stream", &of_stream),
    ];
    for (what, flow) in ways {
        let outcome = code(finish(&pending, flow(&unsigned()), Some(&verifier())));
        assert_eq!(outcome, Err(ErrorCode::SignatureMissing), "{what}");
        let refused = finish(&pending, flow(&signed()), None).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::ExpectationFailed, "{what}");
        assert_eq!(
            refused.report().outcome(Check::Received),
            Outcome::Failed,
            "{what}"
        );
    }
}

#[test]
fn a_ticket_is_good_for_one_answer() {
    let pending = pending();
    let mut session = receiving(&pending);
    let Action::Send { request: first, .. } = session.poll(now(), 0) else {
        panic!("no ping");
    };
    session.lost(now());
    let mut later = now();
    loop {
        match session.poll(later, 0) {
            Action::Wait(pause) => later += pause,
            Action::Send { request, .. } => {
                // The first ping's answer, which comes too late.
                let answer = unsigned();
                let response = HttpResponse::new(200, &answer).answering(&first);
                session.handle(&response.with_url(request.url()), later);
            }
            Action::Ended(end) => {
                let outcome = code(finish(&pending, end.unwrap(), None));
                assert_eq!(outcome, Err(ErrorCode::SignatureMissing));
                return;
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn it_is_given_once() {
    let (pending, once) = (pending(), FinishedFlows::new());
    let browser = flowseal::api::Binding::new([7; 16]).unwrap();
    let end = || {
        let flow = ended(receiving(&pending), &unsigned(), properly);
        pending.finish_received(flow, None, Some(&browser), &once, now())
    };
    assert!(end().is_ok());
    assert_eq!(code(end()), Err(ErrorCode::PendingFinished));
}

#[test]
fn exchanged_claims_are_not_seen() {
    // What a signature would have shown, and what this level of trust cannot.
    let pending = pending();
    let other = sealed(builder(), r#"{"naming": {"given": "Mallory"}}"#);
    let flow = ended(receiving(&pending), &without_signature(&other), properly);
    let received = finish(&pending, flow, None).unwrap();
    let claims = received.open(&ring()).unwrap();
    assert_eq!(claims.text("naming.given").unwrap(), Some("Mallory"));
}

fn trusts(session: Result<Session, Error>) -> Result<(), ErrorCode> {
    let session = session.and_then(|session| session.with_trust(Trust::Received));
    session.map(|_| ()).map_err(|error| error.code())
}

#[test]
fn only_an_identification_over_tls_or_on_loopback_in_the_sandbox_may_be_received() {
    let usage = Err(ErrorCode::Usage);
    assert_eq!(trusts(pending().session(v2())), Ok(()));
    assert_eq!(trusts(Session::new(v2(), "req_1")), usage);
    let signer = Signer::different_device(ADA).unwrap();
    let signing = pending_of(&v2().confirm(&signer, "Confirm", None).unwrap());
    assert_eq!(trusts(signing.session(v2())), usage);

    let started = |config: &ApiConfig| {
        let device = Device::different(ADA).unwrap();
        let purpose = flowseal::api::Purpose::Login;
        pending_of(
            &config
                .identify(purpose, ["naming.given"], "Log in", &device)
                .unwrap(),
        )
    };
    let mock = || v2().with_base_url("http://127.0.0.1:8080").unwrap();
    assert_eq!(trusts(started(&mock()).session(mock())), Ok(()));
    let live = || {
        let credentials = flowseal::api::Credentials {
            api_key: "bk-live_".into(),
            app_secret: "prd_".into(),
        };
        let production = flowseal::api::Environment::Production;
        ApiConfig::new(flowseal::api::ApiVersion::V2, production, credentials).unwrap()
    };
    assert_eq!(trusts(started(&live()).session(live())), Ok(()));
    let plain = || live().with_base_url("http://127.0.0.1:8080").unwrap();
    assert_eq!(trusts(started(&plain()).session(plain())), usage);

    let v1 = || crate::config(flowseal::api::ApiVersion::V1);
    let polling = started(&v1()).session(v1()).unwrap().with_long_polling();
    assert_eq!(trusts(polling), usage);
    let receiving = started(&v1()).session(v1()).unwrap();
    let receiving = receiving.with_trust(Trust::Received).unwrap();
    let error = receiving.with_long_polling().map(|_| ()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Usage);
}

#[test]
fn the_profile_may_ask_for_it() {
    let pending = pending();
    let setup = |trust: &str| {
        let profile = format!(r#"{{"trust": "{trust}"}}"#);
        Setup::new(Profile::from_json(profile.as_bytes()).unwrap())
    };
    for (trust, outcome) in [
        ("received", Ok(())),
        ("signed", Err(ErrorCode::SignatureMissing)),
    ] {
        let session = setup(trust).pending_session(&pending, v2()).unwrap();
        let flow = ended(session, &unsigned(), properly);
        assert_eq!(code(finish(&pending, flow, None)), outcome, "{trust}");
    }
    // A session that is on no pending flow is not helped by it.
    let session = setup("received").session(v2(), "req_1").unwrap();
    let flow = ended(session, &unsigned(), properly);
    assert_eq!(
        code(finish(&pending, flow, None)),
        Err(ErrorCode::SignatureMissing)
    );
    // A signing stays signed.
    let signer = Signer::different_device(ADA).unwrap();
    let signing = pending_of(&v2().confirm(&signer, "Confirm", None).unwrap());
    assert!(setup("received").pending_session(&signing, v2()).is_ok());
}

#[test]
fn debug_shows_no_person() {
    let pending = pending();
    let flow = ended(receiving(&pending), &unsigned(), properly);
    let shown = format!("{:?}", finish(&pending, flow, None).unwrap());
    assert!(shown.contains("req_1") && !shown.contains(ADA), "{shown}");
}
