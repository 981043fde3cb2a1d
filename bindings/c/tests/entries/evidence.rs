//! Evidence under the auditor's profile.

use std::ptr::null_mut;

use flowseal::VerifyingKey;
use flowseal::testkit::Sample;
use flowseal::{Evidence, Expectations};
use flowseal_ffi::details::{flowseal_detail, flowseal_error_detail_text};
use flowseal_ffi::error::flowseal_error;
use flowseal_ffi::evidence::{
    flowseal_evidence, flowseal_evidence_check, flowseal_evidence_check_under,
    flowseal_evidence_from_json,
};
use flowseal_ffi::evidence_page::flowseal_evidence_to_html;
use flowseal_ffi::lists::flowseal_check;
use flowseal_ffi::profile::{flowseal_profile, flowseal_profile_from_json};
use flowseal_ffi::report::{flowseal_outcome, flowseal_report, flowseal_report_outcome_of};
use flowseal_ffi::status::flowseal_status;
use flowseal_ffi::verifying_keys::{
    flowseal_verifying_keys, flowseal_verifying_keys_load, flowseal_verifying_keys_new,
};

use crate::call::{call, made, message, text, tried};

#[test]
fn the_auditor_s_profile_leads() {
    let file = sample().to_json();
    let evidence = tried!(flowseal_evidence { id: 0 };
        flowseal_evidence_from_json(file.as_ptr().cast(), file.len()));
    let evidence = evidence.map_err(message).unwrap();
    let pem = Sample::USER_PUBLIC_PEM;
    let keys = made!(flowseal_verifying_keys { id: 0 }; flowseal_verifying_keys_new()).unwrap();
    let (start, len) = (pem.as_ptr().cast(), pem.len());
    let loaded = call!(flowseal_verifying_keys_load(keys, start, len, null_mut()));
    assert_eq!(loaded, flowseal_status::Ok);

    for (json, expected) in [
        (r#"{"leaf": "text"}"#, flowseal_status::Ok),
        (
            r#"{"algorithm": "PS256"}"#,
            flowseal_status::ProfileMismatch,
        ),
        (
            r#"{"statement": "detached"}"#,
            flowseal_status::ProfileMismatch,
        ),
    ] {
        let profile = tried!(flowseal_profile { id: 0 };
            flowseal_profile_from_json(json.as_ptr().cast(), json.len()));
        let mut report = flowseal_report { id: 0 };
        let mut error = flowseal_error { id: 0 };
        let status = call!(flowseal_evidence_check_under(
            evidence,
            keys,
            profile.map_err(message).unwrap(),
            &raw mut report,
            &raw mut error,
        ));
        assert_eq!(status, expected, "{json}");
        if status == flowseal_status::Ok {
            let check = flowseal_check::Signature as u32;
            let outcome = made!(flowseal_outcome::NotChecked;
                flowseal_report_outcome_of(report, check));
            assert_eq!(outcome, Ok(flowseal_outcome::Passed));
        }
    }
}

#[test]
fn a_key_that_is_missing_is_named_by_its_kid() {
    let file = sample().to_json();
    let evidence = tried!(flowseal_evidence { id: 0 };
        flowseal_evidence_from_json(file.as_ptr().cast(), file.len()));
    let evidence = evidence.map_err(message).unwrap();
    let none = made!(flowseal_verifying_keys { id: 0 }; flowseal_verifying_keys_new()).unwrap();
    let checked = tried!(flowseal_report { id: 0 }; flowseal_evidence_check(evidence, none));
    let error = checked.err().unwrap();
    let kid = text!(flowseal_error_detail_text(
        error,
        flowseal_detail::Kid as u32
    ));
    assert_eq!(kid.as_deref(), Ok("the person's"));
}

#[test]
fn a_page_of_a_file_says_that_it_was_not_checked() {
    let file = sample().to_json();
    let evidence = tried!(flowseal_evidence { id: 0 };
        flowseal_evidence_from_json(file.as_ptr().cast(), file.len()));
    let page = text!(flowseal_evidence_to_html(
        evidence.map_err(message).unwrap()
    ));
    let page = page.unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("was not checked"));
}

fn sample() -> Evidence {
    let sample = Sample::new().unwrap();
    let key = VerifyingKey::options().with_kid("the person's");
    let key = key.load(Sample::USER_PUBLIC_PEM.as_bytes()).unwrap();
    let verifier = flowseal::Verifier::trusting([key]);
    let flow = sample.flow().unwrap();
    let now = sample.now().unwrap();
    let verified = flow.verify(&verifier, &Expectations::unbound(), now);
    verified.map_err(flowseal::Error::from).unwrap().evidence()
}
