//! Some claims shown with the proof, and the page of it.

use std::ptr::{null, null_mut};

use flowseal::testkit::{FlowBuilder, KeyPair, Sample};
use flowseal::{Disclosure, Expectations};
use flowseal_ffi::details::{flowseal_detail, flowseal_error_detail_text};
use flowseal_ffi::disclosure::{
    flowseal_app_key, flowseal_app_key_fingerprint, flowseal_app_key_free, flowseal_app_key_load,
    flowseal_app_key_load_with_exponent, flowseal_disclosed, flowseal_disclosed_reference,
    flowseal_disclosed_requestee, flowseal_disclosed_signed_at_unix_seconds,
    flowseal_disclosed_withheld, flowseal_disclosed_withheld_count, flowseal_disclosure,
    flowseal_disclosure_app_key_fingerprint, flowseal_disclosure_check,
    flowseal_disclosure_check_under, flowseal_disclosure_count, flowseal_disclosure_evidence,
    flowseal_disclosure_free, flowseal_disclosure_from_json, flowseal_disclosure_path,
    flowseal_disclosure_to_json, flowseal_verified_flow_disclose,
};
use flowseal_ffi::error::{flowseal_error, flowseal_error_status};
use flowseal_ffi::evidence::{
    flowseal_evidence, flowseal_evidence_from_json, flowseal_evidence_to_json,
};
use flowseal_ffi::evidence_page::{
    flowseal_disclosure_check_to_html, flowseal_error_to_html, flowseal_evidence_check_to_html,
    flowseal_evidence_to_html,
};
use flowseal_ffi::expectations::{flowseal_expectations, flowseal_expectations_unbound};
use flowseal_ffi::lists::flowseal_check;
use flowseal_ffi::opened_claims::{
    flowseal_opened_claims, flowseal_opened_claims_text, flowseal_opened_claims_to_json,
};
use flowseal_ffi::profile::{flowseal_profile, flowseal_profile_from_json};
use flowseal_ffi::report::{flowseal_outcome, flowseal_report, flowseal_report_outcome_of};
use flowseal_ffi::status::{flowseal_status, flowseal_status_name};
use flowseal_ffi::verified_flow::flowseal_verified_flow;
use flowseal_ffi::verifier::{
    flowseal_verifier, flowseal_verifier_set_profile, flowseal_verifier_trusting,
};
use flowseal_ffi::verify::flowseal_flow_verify;
use flowseal_ffi::verifying_keys::{
    flowseal_verifying_keys, flowseal_verifying_keys_load, flowseal_verifying_keys_new,
};

use serde_json::{Value, json};

use crate::call::{call, filled, flow, made, message, named, slice, text, tried};
use crate::sample::ring;

const OK: flowseal_status = flowseal_status::Ok;

/// The sample's given name, shown by the core.
fn file() -> String {
    let sample = Sample::new().unwrap();
    let flow = sample.flow().unwrap();
    let verifier = sample.verifier().unwrap();
    let verified = flow.verify(&verifier, &Expectations::unbound(), sample.now().unwrap());
    let shown = verified
        .unwrap()
        .disclose(&sample.ring().unwrap(), ["naming.given"]);
    shown.unwrap().to_json().expose_secret().to_owned()
}

/// The same with another block in the place of the claim's.
fn forged() -> String {
    let mut file: Value = serde_json::from_str(&file()).unwrap();
    let em = file["claims"][0]["em"].as_str().unwrap();
    let other = if &em[100..101] == "A" { "B" } else { "A" };
    let other = format!("{}{other}{}", &em[..100], &em[101..]);
    file["claims"][0]["em"] = other.into();
    file.to_string()
}

fn read(file: &str) -> Result<flowseal_disclosure, flowseal_error> {
    tried!(flowseal_disclosure { id: 0 };
        flowseal_disclosure_from_json(file.as_ptr().cast(), file.len()))
}

fn app_key() -> flowseal_app_key {
    let app = KeyPair::sample_app().unwrap();
    let pem = app.public_pem();
    let key = tried!(flowseal_app_key { id: 0 };
        flowseal_app_key_load(pem.as_ptr().cast(), pem.len()));
    key.map_err(message).unwrap()
}

fn no_keys() -> flowseal_verifying_keys {
    made!(flowseal_verifying_keys { id: 0 }; flowseal_verifying_keys_new()).unwrap()
}

fn keys() -> flowseal_verifying_keys {
    let (keys, pem) = (no_keys(), Sample::USER_PUBLIC_PEM);
    let loaded = call!(flowseal_verifying_keys_load(
        keys,
        pem.as_ptr().cast(),
        pem.len(),
        null_mut()
    ));
    assert_eq!(loaded, OK);
    keys
}

fn profile(json: &str) -> flowseal_profile {
    let profile = tried!(flowseal_profile { id: 0 };
        flowseal_profile_from_json(json.as_ptr().cast(), json.len()));
    profile.map_err(message).unwrap()
}

fn status(error: flowseal_error) -> flowseal_status {
    made!(OK; flowseal_error_status(error)).unwrap()
}

/// What a check has written.
struct Checked {
    status: flowseal_status,
    claims: flowseal_opened_claims,
    disclosed: flowseal_disclosed,
    report: flowseal_report,
    error: flowseal_error,
}

fn checked(
    disclosure: flowseal_disclosure,
    keys: flowseal_verifying_keys,
    under: Option<flowseal_profile>,
) -> Checked {
    let mut checked = Checked {
        status: OK,
        claims: flowseal_opened_claims { id: 0 },
        disclosed: flowseal_disclosed { id: 0 },
        report: flowseal_report { id: 0 },
        error: flowseal_error { id: 0 },
    };
    let (claims, disclosed) = (&raw mut checked.claims, &raw mut checked.disclosed);
    let (report, error) = (&raw mut checked.report, &raw mut checked.error);
    let app = app_key();
    let status = match under {
        Some(profile) => call!(flowseal_disclosure_check_under(
            disclosure, app, keys, profile, claims, disclosed, report, error
        )),
        None => call!(flowseal_disclosure_check(
            disclosure, app, keys, claims, disclosed, report, error
        )),
    };
    Checked { status, ..checked }
}

/// The page of a checked disclosure, or why there is none.
fn page(
    disclosure: flowseal_disclosure,
    keys: flowseal_verifying_keys,
    under: Option<flowseal_profile>,
) -> Result<String, flowseal_error> {
    let under = under.as_ref().map_or(null(), std::ptr::from_ref);
    let error = std::cell::Cell::new(flowseal_error { id: 0 });
    let page = filled(|buffer, capacity, len| {
        let mut told = flowseal_error { id: 0 };
        let status = call!(flowseal_disclosure_check_to_html(
            disclosure,
            app_key(),
            keys,
            under,
            buffer.cast(),
            capacity,
            len,
            &raw mut told
        ));
        error.set(told);
        status
    });
    match page {
        Ok(page) => Ok(String::from_utf8(page).unwrap()),
        Err(refused) => {
            assert_eq!(status(error.get()), refused);
            Err(error.get())
        }
    }
}

#[test]
fn what_is_shown_is_proved_and_the_rest_is_withheld() {
    let file = file();
    let disclosure = read(&file).map_err(message).unwrap();
    assert_eq!(
        text!(flowseal_disclosure_to_json(disclosure)).as_deref(),
        Ok(file.as_str())
    );
    assert_eq!(made!(0; flowseal_disclosure_count(disclosure)), Ok(1));
    let path = |index| text!(flowseal_disclosure_path(disclosure, index));
    assert_eq!(path(0).as_deref(), Ok("naming.given"));
    assert_eq!(path(1), Err(flowseal_status::Index));
    assert_eq!(
        text!(flowseal_disclosure_app_key_fingerprint(disclosure)),
        text!(flowseal_app_key_fingerprint(app_key()))
    );

    for under in [None, Some(profile("{}"))] {
        let checked = checked(disclosure, keys(), under);
        assert_eq!(checked.status, OK);
        let claim = |path: &str| {
            text!(flowseal_opened_claims_text(
                checked.claims,
                path.as_ptr().cast(),
                path.len()
            ))
        };
        assert_eq!(claim("naming.given").as_deref(), Ok("Adébáyọ̀"));
        assert_eq!(claim("naming.family"), Err(flowseal_status::Absent));
        let outcome = made!(flowseal_outcome::NotAsked;
            flowseal_report_outcome_of(checked.report, flowseal_check::Signature as u32));
        assert_eq!(outcome, Ok(flowseal_outcome::Passed));

        let around = checked.disclosed;
        let count = made!(0; flowseal_disclosed_withheld_count(around)).unwrap();
        let withheld = |index| text!(flowseal_disclosed_withheld(around, index));
        let all: Vec<_> = (0..count).map(|index| withheld(index).unwrap()).collect();
        assert_eq!(count, 8);
        assert!(all.contains(&"naming.family".to_owned()));
        assert!(!all.contains(&"naming.given".to_owned()));
        assert_eq!(withheld(count), Err(flowseal_status::Index));
        assert_eq!(
            text!(flowseal_disclosed_reference(around)).as_deref(),
            Ok("req_sample")
        );
        assert_eq!(
            text!(flowseal_disclosed_requestee(around)).as_deref(),
            Ok("22212345610")
        );
        let signed_at = made!(0; flowseal_disclosed_signed_at_unix_seconds(around));
        assert_eq!(signed_at, Ok(FlowBuilder::SIGNED_AT));
    }
    assert_eq!(flowseal_disclosure_free(disclosure), OK);
    let freed = made!(0; flowseal_disclosure_count(disclosure));
    assert_eq!(freed, Err(flowseal_status::HandleStale));
}

#[test]
fn a_refusal_gives_its_report_and_no_claim() {
    let fingerprint = text!(flowseal_app_key_fingerprint(app_key())).unwrap();
    let renamed = file().replace(&fingerprint, &"0".repeat(64));
    for (file, why) in [(forged(), "ciphertext_differs"), (renamed, "other_key")] {
        let refused = checked(read(&file).map_err(message).unwrap(), keys(), None);
        assert_eq!(refused.status, flowseal_status::DisclosureInvalid);
        assert_eq!((refused.claims.id, refused.disclosed.id), (0, 0));
        let told = text!(flowseal_error_detail_text(
            refused.error,
            flowseal_detail::Why as u32
        ));
        assert_eq!(told.as_deref(), Ok(why));
        let outcome = made!(flowseal_outcome::NotAsked;
            flowseal_report_outcome_of(refused.report, flowseal_check::Signature as u32));
        assert_eq!(outcome, Ok(flowseal_outcome::Passed));
    }
    let disclosure = read(&file()).map_err(message).unwrap();
    let refused = checked(disclosure, no_keys(), None);
    assert_eq!(refused.status, flowseal_status::NoVerifyingKey);
    let other = profile(r#"{"algorithm": "PS256"}"#);
    let refused = checked(disclosure, keys(), Some(other));
    assert_eq!(refused.status, flowseal_status::ProfileMismatch);
    let none = read("{}").map(|_| ()).map_err(status);
    assert_eq!(none, Err(flowseal_status::Disclosure));

    let app = KeyPair::sample_app().unwrap();
    let pem = app.public_pem();
    let key = tried!(flowseal_app_key { id: 0 };
        flowseal_app_key_load_with_exponent(pem.as_ptr().cast(), pem.len(), 3));
    assert_eq!(key.err().map(status), Some(flowseal_status::KeySize));
    let key = app_key();
    let freed = (flowseal_app_key_free(key), flowseal_app_key_free(key));
    assert_eq!(freed, (OK, flowseal_status::HandleStale));
}

#[test]
fn the_page_is_that_of_a_check() {
    let file = file();
    let disclosure = read(&file).map_err(message).unwrap();
    let core = Disclosure::from_json(file.as_bytes()).unwrap();
    let app = KeyPair::sample_app().unwrap();
    let app = flowseal::AppKey::load(app.public_pem().as_bytes()).unwrap();
    let user = KeyPair::sample_user().unwrap().verifying_key().unwrap();
    let expected = |under: Option<&str>| {
        let own = under.map(|text| flowseal::profile::Profile::from_json(text.as_bytes()).unwrap());
        let keys = [user.clone()];
        let page = core.check_to_html(&app, &keys, own.as_ref()).unwrap();
        page.expose_secret().to_owned()
    };
    for under in [None, Some("{}")] {
        let shown = page(disclosure, keys(), under.map(profile));
        let shown = shown.map_err(message).unwrap();
        assert_eq!(shown, expected(under));
        assert!(shown.contains("Adébáyọ̀"));
        assert_eq!(shown.contains("--profile profile.json"), under.is_some());
    }

    // One that proves nothing has no page but the refusal's, without a claim.
    let fingerprint = text!(flowseal_app_key_fingerprint(app_key())).unwrap();
    let renamed = read(&file.replace(&fingerprint, &"0".repeat(64)));
    let refused = page(renamed.map_err(message).unwrap(), keys(), None).unwrap_err();
    assert_eq!(status(refused), flowseal_status::DisclosureInvalid);
    let told = text!(flowseal_error_to_html(refused)).unwrap();
    assert!(told.contains("disclosure_invalid") && !told.contains("Adébáyọ̀"));
    let other = profile(r#"{"algorithm": "PS256"}"#);
    let refused = page(disclosure, keys(), Some(other)).unwrap_err();
    assert_eq!(status(refused), flowseal_status::ProfileMismatch);
    let misread = read("{}").err().unwrap();
    let none = text!(flowseal_error_to_html(misread));
    assert_eq!(none, Err(flowseal_status::Absent));
}

#[test]
fn evidence_from_a_file_is_shown_as_valid_where_it_was_checked() {
    let disclosure = read(&file()).map_err(message).unwrap();
    let evidence = made!(flowseal_evidence { id: 0 }; flowseal_disclosure_evidence(disclosure));
    let json = text!(flowseal_evidence_to_json(evidence.unwrap())).unwrap();
    let evidence = tried!(flowseal_evidence { id: 0 };
        flowseal_evidence_from_json(json.as_ptr().cast(), json.len()));
    let evidence = evidence.map_err(message).unwrap();
    let unchecked = text!(flowseal_evidence_to_html(evidence)).unwrap();
    assert!(unchecked.contains("was not checked"));
    let checked = |keys| {
        filled(|buffer, capacity, len| {
            call!(flowseal_evidence_check_to_html(
                evidence,
                keys,
                null(),
                buffer.cast(),
                capacity,
                len,
                null_mut()
            ))
        })
    };
    let page = String::from_utf8(checked(keys()).unwrap()).unwrap();
    assert!(page.contains("is valid") && !page.contains("was not checked"));
    assert_eq!(
        checked(no_keys()).err(),
        Some(flowseal_status::NoVerifyingKey)
    );
}

/// The table that every language runs: the same codes, and the same words for what proves nothing.
#[test]
fn every_case_ends_as_the_table_says() {
    let table = include_str!("../../../../crates/flowseal/tests/vectors/disclosures.json");
    let cases: Vec<Value> = serde_json::from_str(table).unwrap();
    for case in cases {
        let found = match case["operation"].as_str().unwrap() {
            "check" => check_case(&case),
            _ => disclose_case(&case),
        };
        let found = found.unwrap_or_else(|error| {
            let code = named(flowseal_status_name(status(error) as u32));
            let why = text!(flowseal_error_detail_text(
                error,
                flowseal_detail::Why as u32
            ));
            match why {
                Ok(why) => json!({"code": code, "why": why}),
                Err(_) => json!({"code": code}),
            }
        });
        assert_eq!(found, case["expect"], "{}", case["name"]);
    }
}

fn own_profile(case: &Value) -> Option<flowseal_profile> {
    case.get("profile").map(|own| profile(&own.to_string()))
}

fn check_case(case: &Value) -> Result<Value, flowseal_error> {
    let disclosure = read(&case["file"].to_string())?;
    let checked = checked(disclosure, keys(), own_profile(case));
    if checked.status != OK {
        return Err(checked.error);
    }
    let claims = text!(flowseal_opened_claims_to_json(checked.claims)).unwrap();
    let count = made!(0; flowseal_disclosed_withheld_count(checked.disclosed)).unwrap();
    let withheld = |index| text!(flowseal_disclosed_withheld(checked.disclosed, index)).unwrap();
    let withheld: Vec<_> = (0..count).map(withheld).collect();
    let claims: Value = serde_json::from_str(&claims).unwrap();
    Ok(json!({"disclosed": claims, "withheld": withheld}))
}

fn disclose_case(case: &Value) -> Result<Value, flowseal_error> {
    let verifier = made!(flowseal_verifier { id: 0 }; flowseal_verifier_trusting(keys())).unwrap();
    if let Some(own) = own_profile(case) {
        assert_eq!(call!(flowseal_verifier_set_profile(verifier, own)), OK);
    }
    let unbound = made!(flowseal_expectations { id: 0 }; flowseal_expectations_unbound()).unwrap();
    let mut verified = flowseal_verified_flow { id: 0 };
    let mut error = flowseal_error { id: 0 };
    let judged = call!(flowseal_flow_verify(
        flow(&case["flow"].to_string()),
        verifier,
        unbound,
        FlowBuilder::SIGNED_AT,
        &raw mut verified,
        null_mut(),
        &raw mut error,
    ));
    if judged != OK {
        return Err(error);
    }
    let paths = case["paths"].as_array().unwrap().iter();
    let paths: Vec<_> = paths.map(|path| slice(path.as_str().unwrap())).collect();
    let disclosure = tried!(flowseal_disclosure { id: 0 };
        flowseal_verified_flow_disclose(verified, ring(), paths.as_ptr(), paths.len()))?;
    let count = made!(0; flowseal_disclosure_count(disclosure)).unwrap();
    let path = |index| text!(flowseal_disclosure_path(disclosure, index)).unwrap();
    Ok(json!({"paths": (0..count).map(path).collect::<Vec<_>>()}))
}
