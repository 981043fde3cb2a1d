//! Every change of a compared member, asked or received, by the check that refuses it: of a flow
//! that is signed, and of one that was received.

use flowseal::api::{Action, FinishedFlows, HttpResponse, PendingFlow};
use flowseal::profile::Trust;
use flowseal::report::{Check, Outcome};
use flowseal::testkit::FlowBuilder;
use flowseal::{Error, ErrorCode, Flow, Mode, Refused};

use crate::pending::{ADA, BAYO, GIVEN, browser, builder, now, pending, sealed, v2, verifier};
use crate::received::without_signature;

/// What refuses a change.
#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    /// A check, which is then the one that failed.
    Check(Check),
    /// A code of the end, before anything was looked at.
    End(ErrorCode),
    /// A code when the pending flow is read.
    Reading(ErrorCode),
    /// A code of the session, which brings no flow.
    Session(ErrorCode),
    /// Nothing: a change that is none.
    Nothing,
}

/// What was asked is another thing than the start has sent: a piece of the pending flow's JSON.
const ASKED: &[(&str, &str, By, By)] = {
    const READING: By = By::Reading(ErrorCode::PendingFlow);
    &[
        // A session that watches another flow does not take this one for it.
        (
            r#""reference":"req_1""#,
            r#""reference":"req_2""#,
            By::Check(Check::Reference),
            By::Session(ErrorCode::ApiAnswer),
        ),
        (
            r#""person":"22212345610""#,
            r#""person":"00112345678""#,
            By::Check(Check::Requestee),
            By::Check(Check::Requestee),
        ),
        // No signing is received.
        (
            r#""method":"identification","action":"login","device":"different-device","person":"22212345610","claims":["naming.given"],"more_claims":false"#,
            r#""method":"signing","action":"confirm","device":"different-device","person":"22212345610","claims":[],"more_claims":true"#,
            By::Check(Check::Mode),
            By::Session(ErrorCode::Usage),
        ),
        (
            r#""naming.given""#,
            r#""naming.family""#,
            By::Check(Check::ClaimsRequested),
            By::Check(Check::ClaimsRequested),
        ),
        (
            r#"["naming.given"]"#,
            "[]",
            By::Check(Check::ClaimsRequested),
            By::Check(Check::ClaimsRequested),
        ),
        // Nobody has signed when it was that a received flow was approved.
        (
            r#""leeway":0"#,
            r#""leeway":0,"max_age":1"#,
            By::Check(Check::Age),
            By::Check(Check::Age),
        ),
        (
            r#""expires":1716820412"#,
            r#""expires":1716819000"#,
            By::End(ErrorCode::FlowExpired),
            By::End(ErrorCode::FlowExpired),
        ),
        (r#""binding":""#, r#""binding":"0"#, READING, READING),
        (
            r#""environment":"sandbox""#,
            r#""environment":"production""#,
            READING,
            READING,
        ),
        ("s.pasby.africa", "l.pasby.africa", READING, READING),
        (
            r#""organisation":"bcn_1""#,
            r#""organisation":"bcn_2""#,
            READING,
            READING,
        ),
        (r#""app":"app_1""#, r#""app":"app_2""#, READING, READING),
        (
            r#""flowseal_pending":1"#,
            r#""flowseal_pending":2"#,
            READING,
            READING,
        ),
        // The person's choice, and more that is allowed.
        (
            r#"["naming.given"]"#,
            r#"["naming.given","bio.gender"]"#,
            By::Nothing,
            By::Nothing,
        ),
        (
            r#""more_claims":false"#,
            r#""more_claims":true"#,
            By::Nothing,
            By::Nothing,
        ),
    ]
};

/// What came back is another thing than was asked.
fn received() -> Vec<(&'static str, FlowBuilder, &'static str, By)> {
    let check = By::Check;
    let more = r#"{"naming": {"given": "Ada", "family": "Obi"}}"#;
    let other = r#"{"naming": {"givenName": "Ada"}}"#;
    vec![
        ("nothing", builder(), GIVEN, By::Nothing),
        (
            "requester",
            builder().requester("bcn_2"),
            GIVEN,
            check(Check::Requester),
        ),
        (
            "requestee",
            builder().requestee(BAYO),
            GIVEN,
            check(Check::Requestee),
        ),
        // Whom the answer to the start named is nobody to compare with.
        (
            "user",
            builder().requestee("somebody else"),
            GIVEN,
            check(Check::Requestee),
        ),
        (
            "mode",
            builder().mode(Mode::Signature),
            GIVEN,
            check(Check::Mode),
        ),
        ("more", builder(), more, check(Check::ClaimsRequested)),
        ("other", builder(), other, check(Check::ClaimsRequested)),
        (
            "name",
            builder().requestee(format!("{ADA}\u{200b}")),
            GIVEN,
            check(Check::Requestee),
        ),
    ]
}

#[test]
fn every_change_of_what_was_asked_is_refused_by_its_check() {
    let text = pending().to_json();
    for (from, to, signed, received) in ASKED {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        let (answer, found) = (
            sealed(builder(), GIVEN),
            PendingFlow::from_json(changed.as_bytes(), &v2()),
        );
        match found {
            Err(error) => assert_eq!([By::Reading(error.code()); 2], [*signed, *received], "{to}"),
            Ok(pending) => {
                assert_eq!(by_signature(&pending, &answer), *signed, "{to}, signed");
                assert_eq!(by_session(&pending, &answer), *received, "{to}, received");
            }
        }
    }
}

#[test]
fn every_change_of_what_came_back_is_refused_by_its_check() {
    let pending = pending();
    for (what, builder, claims, by) in received() {
        let answer = sealed(builder, claims);
        assert_eq!(by_signature(&pending, &answer), by, "{what}, signed");
        assert_eq!(by_session(&pending, &answer), by, "{what}, received");
    }
    // A session takes no answer about another flow.
    let other = sealed(FlowBuilder::new("req_2").requester("bcn_1"), GIVEN);
    assert_eq!(by_signature(&pending, &other), By::Check(Check::Reference));
    assert_eq!(
        by_session(&pending, &other),
        By::Session(ErrorCode::ApiAnswer)
    );
    // Nobody signs that a flow is not cancelled.
    let cancelled = sealed(builder(), GIVEN).replace("\"cancelled\":false", "\"cancelled\":true");
    let by = By::End(ErrorCode::FlowCancelled);
    assert_eq!(
        [
            by_signature(&pending, &cancelled),
            by_session(&pending, &cancelled)
        ],
        [by; 2]
    );
}

#[test]
fn another_binding_is_refused_before_anything_is_looked_at() {
    let pending = pending();
    let flow = Flow::from_json(sealed(builder(), GIVEN).as_bytes()).unwrap();
    let other = flowseal::api::Binding::new([8; 16]).unwrap();
    let end = pending.finish(
        flow,
        &verifier(),
        Some(&other),
        &FinishedFlows::new(),
        now(),
    );
    let refused = end.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ExpectationFailed);
    let outcome = refused.report().outcome(Check::Signature);
    assert_eq!(outcome, Outcome::NotChecked);
}

fn by_signature(pending: &PendingFlow, answer: &str) -> By {
    let flow = Flow::from_json(answer.as_bytes()).unwrap();
    let (mine, once) = (browser(), FinishedFlows::new());
    let end = pending.finish(flow, &verifier(), Some(&mine), &once, now());
    end.map_or_else(|refused| by(&refused), |_| By::Nothing)
}

/// The same flow without its signature, by a session.
fn by_session(pending: &PendingFlow, answer: &str) -> By {
    let flow = match watched(pending, &without_signature(answer)) {
        Ok(flow) => flow,
        Err(error) => return By::Session(error.code()),
    };
    let (mine, once) = (browser(), FinishedFlows::new());
    let end = pending.finish_received(flow, None, Some(&mine), &once, now());
    end.map_or_else(|refused| by(&refused), |_| By::Nothing)
}

fn by(refused: &Refused) -> By {
    let failed = refused.report().lines().iter();
    let failed = failed.filter(|line| line.outcome() == Outcome::Failed);
    let failed: Vec<_> = failed.map(flowseal::report::ReportLine::check).collect();
    match refused.error().details().check() {
        // Nothing else than what was changed has failed.
        Some(check) if failed == [check] => By::Check(check),
        _ => By::End(refused.code()),
    }
}

fn watched(pending: &PendingFlow, body: &str) -> Result<Flow, Error> {
    let mut session = pending.session(v2())?.with_trust(Trust::Received)?;
    let mut moment = now();
    loop {
        match session.poll(moment, 0) {
            Action::Send { request, .. } => {
                let response = HttpResponse::new(200, body).answering(&request);
                session.handle(&response.with_url(request.url()), moment);
            }
            Action::Wait(pause) => moment += pause,
            Action::Ended(end) => return end,
            other => panic!("{other:?}"),
        }
    }
}
