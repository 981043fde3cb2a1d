//! What is expected: said well, said oddly, said of nothing; and what is told where it is not so.

use core::time::Duration;

use flowseal::report::Check;
use flowseal::testkit::{FlowBuilder, KeyPair};
use flowseal::{Error, ErrorCode, Expectations, Flow, Mode, OpenOptions};

use super::{at, bare, now, response, user, verifier};

fn refused(members: &str, expectations: &Expectations, now: i64) -> Error {
    let signed = FlowBuilder::new("req_1").sign(&bare(members), &user());
    let flow = Flow::from_json(signed.unwrap().as_bytes()).unwrap();
    let refused = flow.verify(&verifier(), expectations, at(now));
    Error::from(refused.unwrap_err())
}

#[test]
fn an_expectation_that_names_nothing_is_the_caller_s_mistake() {
    for expectations in [
        Expectations::for_reference(""),
        Expectations::unbound().with_requester(""),
        Expectations::unbound().with_requestee(""),
        Expectations::unbound().with_mode(Mode::from_name("")),
        Expectations::unbound().with_claims(["naming", ""]),
    ] {
        let error = refused("", &expectations, FlowBuilder::SIGNED_AT);
        assert_eq!(error.code(), ErrorCode::Usage, "{expectations:?}");
        assert_eq!(
            expectations.check_usage().unwrap_err().code(),
            ErrorCode::Usage
        );
        // An unverified opening is no way round it.
        let flow = Flow::from_json(response().as_bytes()).unwrap();
        let ring = KeyPair::sample_app()
            .unwrap()
            .decrypting_key()
            .unwrap()
            .into();
        let opened = flow.open_unverified(&ring, &expectations, now(), &OpenOptions::new());
        assert_eq!(opened.unwrap_err().code(), ErrorCode::Usage);
    }
    let nothing = Expectations::unbound().with_claims([""; 0]);
    assert!(nothing.check_usage().is_ok());
}

#[test]
fn a_selection_of_an_empty_path_is_the_caller_s_mistake() {
    let flow = Flow::from_json(response().as_bytes()).unwrap();
    let verified = flow
        .verify(&verifier(), &Expectations::unbound(), now())
        .unwrap();
    let ring = KeyPair::sample_app()
        .unwrap()
        .decrypting_key()
        .unwrap()
        .into();
    let empty = OpenOptions::new().select(["naming", ""]);
    let error = verified.open_with(&ring, &empty).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Usage);
    let error = verified.open_partial(&ring, &empty).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Usage);
    let none = OpenOptions::new().select([""; 0]);
    assert!(verified.open_with(&ring, &none).unwrap().is_empty());
}

#[test]
fn what_is_odd_is_warned_of_and_not_refused() {
    for (expectations, odd) in [
        (
            Expectations::for_reference("req_")
                .with_requester("bcn_xxxx")
                .with_requestee("xxxxxxxxx10"),
            None,
        ),
        (
            Expectations::for_reference("req_1")
                .with_requestee("22212345610")
                .with_claims(["naming", "bio.birthdate"]),
            None,
        ),
        (
            Expectations::unbound()
                .with_mode(Mode::Signature)
                .with_requestee("bid_•••••••"),
            None,
        ),
        (Expectations::for_reference("1234"), Some("1234")),
        (
            Expectations::unbound().with_requester("req_1"),
            Some("req_1"),
        ),
        (
            Expectations::unbound().with_requestee("2221234561"),
            Some("10 characters"),
        ),
        (
            Expectations::unbound().with_mode(Mode::from_name("identificaton")),
            Some("identificaton"),
        ),
        (
            Expectations::unbound().with_claims(["naming.givn"]),
            Some("naming.givn"),
        ),
        (
            Expectations::unbound().with_claims(["naming "]),
            Some("naming "),
        ),
    ] {
        let warnings = expectations.warnings();
        assert_eq!(warnings.len(), usize::from(odd.is_some()), "{warnings:?}");
        if let Some(odd) = odd {
            assert!(warnings[0].contains(odd), "{warnings:?}");
            assert!(!warnings[0].contains("2221234561"), "{warnings:?}");
        }
        assert!(expectations.check_usage().is_ok());
    }
    let options = OpenOptions::new().select(["naming", "naming.givn", "hobbies.sports.0"]);
    let warnings = options.warnings();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(
        warnings[0].contains("did you mean naming.given"),
        "{warnings:?}"
    );
}

#[test]
fn a_refusal_says_what_was_expected_and_found() {
    const NOW: i64 = FlowBuilder::SIGNED_AT;
    let unbound = Expectations::unbound;
    let claims = r#", "claims": {"naming": {"given": "AAAA"}}"#;
    for (members, expectations, now, check, said) in [
        (
            "",
            unbound().with_reference("req_2"),
            NOW,
            Check::Reference,
            &["\"req_2\"", "\"req_1\""][..],
        ),
        (
            "",
            unbound().with_requester("bcn_2"),
            NOW,
            Check::Requester,
            &["\"bcn_2\"", "\"bcn_1\""],
        ),
        (
            "",
            unbound().with_requestee("33312345678"),
            NOW,
            Check::Requestee,
            &["78", "10"],
        ),
        (
            "",
            unbound().with_mode(Mode::Signature),
            NOW,
            Check::Mode,
            &["signature", "identification"],
        ),
        (
            "",
            unbound().with_max_age(Duration::from_secs(60)),
            NOW + 62,
            Check::Age,
            &["62 s", "60 s", "2 s too old"],
        ),
        (
            "",
            unbound()
                .with_max_age(Duration::from_secs(60))
                .with_leeway(Duration::from_secs(1)),
            NOW + 62,
            Check::Age,
            &["1 s too old", "leeway of 1 s"],
        ),
        (
            "",
            unbound(),
            NOW - 2,
            Check::SignedAt,
            &["2 s after", "clock", "leeway"],
        ),
        (
            "",
            unbound().with_leeway(Duration::from_secs(1)),
            NOW - 3,
            Check::SignedAt,
            &["3 s after", "leeway of 1 s"],
        ),
        (
            claims,
            unbound().with_claims(["bio"]),
            NOW,
            Check::ClaimsRequested,
            &["naming.given"],
        ),
    ] {
        let error = refused(members, &expectations, now);
        assert_eq!(error.code(), ErrorCode::ExpectationFailed, "{error}");
        assert_eq!(error.details().check(), Some(check), "{error}");
        for word in said {
            assert!(error.sentence().contains(word), "{word}: {error}");
        }
        let is_another = matches!(
            check,
            Check::Reference | Check::Requester | Check::Requestee | Check::Mode
        );
        let says_so = error.sentence().contains("not the flow that was expected");
        assert_eq!(says_so, is_another, "{error}");
        let shown = format!("{error} {error:?} {:?}", error.details());
        assert!(
            !shown.contains("33312345678") && !shown.contains("22212345610"),
            "{shown}"
        );
    }
}

#[test]
fn the_facts_of_a_refusal_are_typed() {
    let error = refused(
        "",
        &Expectations::unbound().with_max_age(Duration::from_secs(60)),
        FlowBuilder::SIGNED_AT + 62,
    );
    let details = error.details();
    assert_eq!(
        (details.check(), details.seconds()),
        (Some(Check::Age), Some(2))
    );
    assert_eq!(
        details.to_json().to_string(),
        r#"{"claim":null,"check":"age","expected":null,"found":null,"seconds":2,"size":null,"sizes":[],"key":null,"kid":null}"#
    );
    let error = refused(
        "",
        &Expectations::for_reference("req_2"),
        FlowBuilder::SIGNED_AT,
    );
    let details = error.details();
    assert_eq!(
        (details.expected(), details.found()),
        (Some("req_2"), Some("req_1"))
    );

    let claims = r#", "claims": {"naming": {"given": "AAAA", "family": "!"}}"#;
    let signed = FlowBuilder::new("req_1").sign(&bare(claims), &user());
    let flow = Flow::from_json(signed.unwrap().as_bytes()).unwrap();
    let verified = flow.verify(&verifier(), &Expectations::unbound(), now());
    let ring = KeyPair::sample_app()
        .unwrap()
        .decrypting_key()
        .unwrap()
        .into();
    let error = verified.unwrap().open(&ring).unwrap_err();
    assert_eq!(error.details().claim(), Some("naming.given"));
    assert_eq!(error.details().size(), Some(3));
    assert_eq!(error.details().sizes(), [256]);

    let cancelled = bare("").replace("false", "true");
    let refused = Flow::from_json(cancelled.as_bytes()).unwrap();
    let refused = refused.verify(&verifier(), &Expectations::unbound(), now());
    assert_eq!(refused.unwrap_err().error().details().claim(), None);
}

#[test]
fn a_flow_that_is_cancelled_and_another_is_told_as_cancelled() {
    let flow = Flow::from_json(
        response()
            .replace("\"cancelled\":false", "\"cancelled\":true")
            .as_bytes(),
    );
    let refused = flow
        .unwrap()
        .verify(&verifier(), &Expectations::for_reference("req_2"), now());
    assert_eq!(refused.unwrap_err().code(), ErrorCode::FlowCancelled);
}

#[test]
fn the_text_of_a_group_is_the_caller_s_mistake() {
    let flow = Flow::from_json(response().as_bytes()).unwrap();
    let verified = flow
        .verify(&verifier(), &Expectations::unbound(), now())
        .unwrap();
    let ring = KeyPair::sample_app()
        .unwrap()
        .decrypting_key()
        .unwrap()
        .into();
    let claims = verified.open(&ring).unwrap();
    assert_eq!(claims.text("naming.given").unwrap(), Some("Adébáyọ̀"));
    assert_eq!(claims.text("naming.nickname").unwrap(), None);
    for group in ["naming", "bio", ""] {
        assert_eq!(
            claims.text(group).unwrap_err().code(),
            ErrorCode::Usage,
            "{group}"
        );
    }
}
