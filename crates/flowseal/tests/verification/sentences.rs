//! What people are told, and what a log is not.

use flowseal::profile::Profile;
use flowseal::testkit::{FlowBuilder, KeyPair, Persona, Sample};
use flowseal::{ErrorCode, Evidence, Expectations, Flow, Verifier, VerifyingKey};

use super::{bare, now, response, user, user_public, verifier};

fn refusal(text: &[u8]) -> String {
    Flow::from_json(text).unwrap_err().to_string()
}

#[test]
fn a_number_that_is_not_whole_is_shown() {
    for (iat, shown) in [
        ("1716820052.5", "1716820052.5"),
        ("1e3", "1000.0"),
        ("-0", "-0.0"),
    ] {
        let sentence = refusal(bare("").replace("1716820052", iat).as_bytes());
        assert!(
            sentence.contains("whole number") && sentence.contains(shown),
            "{sentence}"
        );
    }
}

#[test]
fn a_response_in_milliseconds_is_the_api_s_fault_and_is_not_to_be_altered() {
    let sentence = refusal(bare("").replace("1716820121", "1716820121000").as_bytes());
    assert!(
        sentence.contains("signedAt") && sentence.contains("milliseconds"),
        "{sentence}"
    );
    assert!(!sentence.contains("divide"), "{sentence}");
    let caller_s = flowseal::UnixTime::from_seconds(1_716_820_121_000).unwrap_err();
    assert!(caller_s.sentence().contains("divide"), "{caller_s}");
}

#[test]
fn what_is_no_json_is_told_by_how_it_begins() {
    for (text, told) in [
        (&b"\x1f\x8b\x08\x00"[..], "gzip"),
        (b"data: {\"status\": \"successful\"}\n\n", "EventStream"),
        (b": hello\ndata: {}\n\n", "EventStream"),
        (b"<!DOCTYPE html>", "HTML"),
        (b"  <html>", "HTML"),
        (b"", "empty"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b"\xff\xfe{\x00", "UTF-16"),
        (b"{\"a\": }", "line 1"),
    ] {
        let error = Flow::from_json(text).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Json);
        assert!(error.sentence().contains(told), "{told}: {error}");
    }
}

#[test]
fn a_float_in_signed_data_is_told_by_its_place_and_with_the_ways_out() {
    let flow = bare(r#", "data": {"items": [{"price": 5}, {"price": 9.5}]}"#);
    let error = FlowBuilder::new("req_1").sign(&flow, &user()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Statement);
    for word in ["data.items.1.price", "9.5", "template", "detached", "text"] {
        assert!(error.sentence().contains(word), "{word}: {error}");
    }
}

#[test]
fn who_misses_a_signature_is_led_to_no_lower_bar() {
    let told = |mode: &str| {
        let unsigned = bare(r#", "claims": {"bio": {"gender": "AAAA"}}"#);
        let unsigned = unsigned.replace("identification", mode);
        let flow = Flow::from_json(unsigned.as_bytes()).unwrap();
        let end = flow.verify(&verifier(), &Expectations::unbound(), now());
        let refused = end.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::SignatureMissing);
        refused.error().sentence().to_owned()
    };
    let identification = told("identification");
    for mode in ["identification", "signature", "of tomorrow"] {
        let told = told(mode);
        assert!(told.contains("refuse it"), "{told}");
        assert!(!told.contains("unverified"), "{told}");
        // What may be received is told of that level, and nothing else is.
        assert_eq!(told == identification, mode == "identification");
        let of_received = ["received", "by name", "finish_received"];
        let names_it = |word: &&str| told.contains(*word);
        assert!(of_received.iter().all(names_it) == (mode == "identification"));
    }
}

#[test]
fn a_declined_claim_is_told_as_one() {
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "never built")]
    struct Naming {
        given: String,
        nickname: String,
    }
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "never built")]
    struct Person {
        naming: Naming,
    }
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "never built")]
    struct Strict {
        naming: std::collections::BTreeMap<String, String>,
    }

    let flow = Flow::from_json(response().as_bytes()).unwrap();
    let verified = flow.verify(&verifier(), &Expectations::unbound(), now());
    let ring = KeyPair::sample_app()
        .unwrap()
        .decrypting_key()
        .unwrap()
        .into();
    let claims = verified.unwrap().open(&ring).unwrap();
    let missing = claims.deserialize::<Person>().unwrap_err();
    assert!(missing.sentence().contains("nickname"), "{missing}");
    assert!(
        missing
            .sentence()
            .contains("declined, or not asked for: make it an `Option`"),
        "{missing}"
    );
    let unknown = claims.deserialize::<Strict>().unwrap_err();
    assert!(
        unknown.sentence().contains("deny_unknown_fields"),
        "{unknown}"
    );
    for error in [&missing, &unknown] {
        assert!(!error.sentence().contains("read it as text"), "{error}");
    }
}

#[test]
fn debug_shows_no_person() {
    let number = Persona::ADA.requestee;
    let flow = Flow::from_json(response().as_bytes()).unwrap();
    let builder = FlowBuilder::new("req_1").persona(&Persona::ADA);
    let app = KeyPair::sample_app().unwrap().sealing_key().unwrap();
    for shown in [
        format!("{:?}", flow.members()),
        format!("{:?}", flow.member("requestee")),
        format!("{:?}", flow.claims()),
        format!("{:?}", flow.claims().leaves().next()),
        format!("{:?}", flow.outline()),
        format!("{:?}", Sample::new().unwrap()),
        format!("{builder:?}"),
        format!("{:?}", builder.seal(&app, &user()).unwrap()),
    ] {
        assert!(
            !shown.contains(number) && !shown.contains("ada@"),
            "{shown}"
        );
    }
    // What kind of value it is helps; what it says is in its Display.
    let shown = format!("{:?}", flow.member("cancelled"));
    assert!(shown.contains("false"), "{shown}");
}

#[test]
fn a_refusal_in_a_chain_of_errors_shows_code_and_sentence_once() {
    let flow = Flow::from_json(response().as_bytes()).unwrap();
    let refused = flow.verify(&verifier(), &Expectations::for_reference("req_2"), now());
    let refused = refused.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ExpectationFailed);
    let source = std::error::Error::source(&refused).unwrap();
    let error = source.downcast_ref::<flowseal::Error>().unwrap();
    assert!(refused.to_string().contains("expectation_failed"));
    assert!(!refused.to_string().contains(error.sentence()));
    assert_eq!(refused.into_error().code(), ErrorCode::ExpectationFailed);
}

#[test]
fn what_a_file_gives_for_a_name_is_shown_no_longer_than_a_name_is() {
    let secret = "c2VjcmV0LW9mLXNvbWVvbmUtaW4tdGhlLXdyb25nLXBsYWNl";
    let profile = format!(r#"{{"statement": {{"template": "{secret}"}}}}"#);
    let of_template = Profile::from_json(profile.as_bytes()).unwrap_err();

    let stranger = KeyPair::sample_app().unwrap().public_pem().to_owned();
    let options = VerifyingKey::options().with_kid(secret);
    let stranger = options.load(stranger.as_bytes()).unwrap();
    let flow = Flow::from_json(response().as_bytes()).unwrap();
    let of_kid = flow.verify(
        &Verifier::trusting([stranger]),
        &Expectations::unbound(),
        now(),
    );

    let flow = Flow::from_json(response().as_bytes()).unwrap();
    let verified = flow.verify(&verifier(), &Expectations::unbound(), now());
    let evidence = verified.unwrap().evidence().to_json();
    let fingerprint = user_public().fingerprint().to_string();
    let spoilt = evidence.replace(&fingerprint, secret);
    let spoilt = Evidence::from_json(spoilt.as_bytes()).unwrap();
    let of_evidence = spoilt.check(&[user_public()]).unwrap_err();
    assert_eq!(of_evidence.details().key(), None);

    for error in [of_template, of_kid.unwrap_err().into_error(), of_evidence] {
        let sentence = error.sentence();
        assert!(sentence.contains("\"c2Vj…"), "{sentence}");
        assert!(!sentence.contains(&secret[4..10]), "{sentence}");
    }
}

#[test]
fn the_key_that_an_evidence_file_needs_is_data_too() {
    let named = VerifyingKey::options().with_kid("ada-2026");
    let named = named.load(Sample::USER_PUBLIC_PEM.as_bytes()).unwrap();
    let flow = Flow::from_json(response().as_bytes()).unwrap();
    let verifier = Verifier::trusting([named]);
    let verified = flow.verify(&verifier, &Expectations::unbound(), now());
    let error = verified.unwrap().evidence().check(&[]).unwrap_err();
    let fingerprint = user_public().fingerprint().to_string();
    let details = error.details();
    assert_eq!(details.key(), Some(fingerprint.as_str()));
    assert_eq!(details.kid(), Some("ada-2026"));
}
