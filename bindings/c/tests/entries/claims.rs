//! What a claim is told to be.

use std::ptr::null_mut;

use flowseal::testkit::{FlowBuilder, KeyPair, Sample};
use flowseal_ffi::expectations::{flowseal_expectations, flowseal_expectations_unbound};
use flowseal_ffi::opened_claims::{
    flowseal_claim_type, flowseal_opened_claims, flowseal_opened_claims_boolean,
    flowseal_opened_claims_text, flowseal_opened_claims_type,
};
use flowseal_ffi::options::{flowseal_open_options, flowseal_open_options_new};
use flowseal_ffi::status::flowseal_status;
use flowseal_ffi::verify::flowseal_flow_open_unverified;

use crate::call::{call, flow, made, text};
use crate::sample::ring;

/// A text in the place of a boolean counts as true wherever texts do.
#[test]
fn a_boolean_of_the_catalogue_whose_text_is_none_is_no_text() {
    let claims = opened(
        br#"{"contact": {"emailVerified": "False", "phoneVerified": "true"},
            "nationality": {"nationalities": "NG"}, "naming": {"given": "Ada"}}"#,
    );
    let kind = |path: &str| {
        made!(flowseal_claim_type::Text;
            flowseal_opened_claims_type(claims, path.as_ptr().cast(), path.len()))
    };
    let (path, len) = (
        "contact.emailVerified".as_ptr(),
        "contact.emailVerified".len(),
    );
    assert_eq!(
        kind("contact.emailVerified"),
        Ok(flowseal_claim_type::Mistyped)
    );
    assert_eq!(
        kind("nationality.nationalities"),
        Ok(flowseal_claim_type::Mistyped)
    );
    assert_eq!(
        kind("contact.phoneVerified"),
        Ok(flowseal_claim_type::Boolean)
    );
    assert_eq!(kind("naming.given"), Ok(flowseal_claim_type::Text));
    let boolean = made!(true; flowseal_opened_claims_boolean(claims, path.cast(), len));
    assert_eq!(boolean, Err(flowseal_status::ClaimType));
    let sent = text!(flowseal_opened_claims_text(claims, path.cast(), len));
    assert_eq!(sent.as_deref(), Ok("False"));
}

#[test]
fn the_path_of_a_group_and_no_path_at_all_are_usage_and_a_declined_claim_is_absent() {
    let claims = opened(br#"{"naming": {"given": "Ada"}}"#);
    for (path, status) in [
        ("naming", flowseal_status::Usage),
        ("", flowseal_status::Usage),
        ("naming.family", flowseal_status::Absent),
    ] {
        let told = text!(flowseal_opened_claims_text(
            claims,
            path.as_ptr().cast(),
            path.len()
        ));
        assert_eq!(told, Err(status), "{path}");
    }
}

fn opened(tree: &[u8]) -> flowseal_opened_claims {
    let (app, user) = (
        KeyPair::sample_app().unwrap(),
        KeyPair::sample_user().unwrap(),
    );
    let builder = FlowBuilder::new(Sample::REFERENCE).claims(tree).unwrap();
    let sealed = builder.seal(&app.sealing_key().unwrap(), &user.signing_key().unwrap());
    let json = sealed.unwrap().to_json();

    let options = made!(flowseal_open_options { id: 0 }; flowseal_open_options_new()).unwrap();
    let unbound = made!(flowseal_expectations { id: 0 }; flowseal_expectations_unbound()).unwrap();
    let mut claims = flowseal_opened_claims { id: 0 };
    let status = call!(flowseal_flow_open_unverified(
        flow(&json),
        ring(),
        unbound,
        FlowBuilder::SIGNED_AT,
        options,
        &raw mut claims,
        null_mut(),
        null_mut(),
    ));
    assert_eq!(status, flowseal_status::Ok);
    claims
}
