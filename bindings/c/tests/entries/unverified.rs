//! Many flows that nobody verified, opened at once.

use std::ptr::null_mut;

use flowseal::testkit::{FlowBuilder, KeyPair, Sample};
use flowseal_ffi::batch::flowseal_open_many_unverified;
use flowseal_ffi::error::{flowseal_error, flowseal_error_status};
use flowseal_ffi::expectations::{flowseal_expectations, flowseal_expectations_for_reference};
use flowseal_ffi::lists::flowseal_check;
use flowseal_ffi::opened_claims::{
    flowseal_opened_claims, flowseal_opened_claims_text, flowseal_opened_claims_verified,
};
use flowseal_ffi::options::{flowseal_open_options, flowseal_open_options_new};
use flowseal_ffi::report::{flowseal_outcome, flowseal_report, flowseal_report_outcome_of};
use flowseal_ffi::status::flowseal_status;

use crate::call::{call, flow, made, message, text};
use crate::sample::ring;

#[test]
fn each_flow_has_claims_or_a_status_and_a_report_of_its_own() {
    let flows = [
        flow(&sealed(Sample::REFERENCE, "Ada")),
        flow(&sealed("req_other", "Eve")),
        flow(&sealed(Sample::REFERENCE, "Obi")),
    ];
    let mut statuses = [flowseal_status::Panic; 3];
    let mut claims = [flowseal_opened_claims { id: 7 }; 3];
    let mut reports = [flowseal_report { id: 7 }; 3];
    let mut errors = [flowseal_error { id: 7 }; 3];
    let status = call!(flowseal_open_many_unverified(
        flows.as_ptr(),
        flows.len(),
        ring(),
        of_the_sample(),
        FlowBuilder::SIGNED_AT,
        options(),
        statuses.as_mut_ptr(),
        claims.as_mut_ptr(),
        reports.as_mut_ptr(),
        errors.as_mut_ptr(),
        null_mut(),
    ));
    assert_eq!(status, flowseal_status::Ok);
    let refused = flowseal_status::ExpectationFailed;
    assert_eq!(
        statuses,
        [flowseal_status::Ok, refused, flowseal_status::Ok]
    );
    for (claims, given) in [(claims[0], "Ada"), (claims[2], "Obi")] {
        let path = "naming.given";
        let told = text!(flowseal_opened_claims_text(
            claims,
            path.as_ptr().cast(),
            path.len()
        ));
        assert_eq!(told.as_deref(), Ok(given));
        let verified = made!(true; flowseal_opened_claims_verified(claims));
        assert_eq!(verified, Ok(false));
    }
    assert_eq!((claims[1].id, errors[0].id, errors[2].id), (0, 0, 0));
    let told = made!(flowseal_status::Ok; flowseal_error_status(errors[1]));
    assert_eq!(told, Ok(refused));
    let outcome = |report, check: flowseal_check| {
        made!(flowseal_outcome::NotAsked; flowseal_report_outcome_of(report, check as u32)).unwrap()
    };
    for report in reports {
        let unlooked = outcome(report, flowseal_check::Signature);
        assert_eq!(unlooked, flowseal_outcome::NotChecked);
    }
    let other = outcome(reports[1], flowseal_check::Reference);
    assert_eq!(other, flowseal_outcome::Failed);
}

#[test]
fn a_moment_that_is_none_refuses_the_call_and_writes_to_no_list() {
    let flows = [flow(&sealed(Sample::REFERENCE, "Ada"))];
    let mut statuses = [flowseal_status::Panic];
    let mut claims = [flowseal_opened_claims { id: 7 }];
    let mut error = flowseal_error { id: 0 };
    let status = call!(flowseal_open_many_unverified(
        flows.as_ptr(),
        flows.len(),
        ring(),
        of_the_sample(),
        -1,
        options(),
        statuses.as_mut_ptr(),
        claims.as_mut_ptr(),
        null_mut(),
        null_mut(),
        &raw mut error,
    ));
    assert_eq!(status, flowseal_status::Time);
    assert_eq!((statuses[0], claims[0].id), (flowseal_status::Panic, 7));
    assert!(!message(error).is_empty());
}

fn sealed(reference: &str, given: &str) -> String {
    let (app, user) = (
        KeyPair::sample_app().unwrap(),
        KeyPair::sample_user().unwrap(),
    );
    let claims = format!(r#"{{"naming": {{"given": "{given}"}}}}"#);
    let builder = FlowBuilder::new(reference)
        .claims(claims.as_bytes())
        .unwrap();
    let sealed = builder.seal(&app.sealing_key().unwrap(), &user.signing_key().unwrap());
    sealed.unwrap().to_json()
}

fn of_the_sample() -> flowseal_expectations {
    let reference = Sample::REFERENCE;
    made!(flowseal_expectations { id: 0 };
        flowseal_expectations_for_reference(reference.as_ptr().cast(), reference.len()))
    .unwrap()
}

fn options() -> flowseal_open_options {
    made!(flowseal_open_options { id: 0 }; flowseal_open_options_new()).unwrap()
}
