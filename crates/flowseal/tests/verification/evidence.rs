//! What an auditor can believe of an evidence file.

use flowseal::profile::Profile;
use flowseal::report::{Check, Outcome};
use flowseal::testkit::FlowBuilder;
use flowseal::{ErrorCode, Evidence, Expectations, Setup};
use serde_json::{Value, json};

use super::{bare, now, profile, user, user_public, verifier};

fn evidence(profile: &Profile) -> Value {
    let builder = FlowBuilder::new("req_1").profile(profile);
    let signed = builder.sign(&bare(""), &user()).unwrap();
    let flow = Setup::new(profile.clone())
        .read_flow(signed.as_bytes())
        .unwrap();
    let verified = flow
        .verify(&verifier(), &Expectations::unbound(), now())
        .unwrap();
    serde_json::from_str(&verified.evidence().to_json()).unwrap()
}

fn read(file: &Value) -> Result<Evidence, ErrorCode> {
    Evidence::from_json(file.to_string().as_bytes()).map_err(|error| error.code())
}

#[test]
fn bytes_that_are_not_of_the_named_form_are_no_evidence() {
    let canonical = evidence(&Profile::default());
    let template = profile(r#"{"statement": {"template": "{reference}.{signedAt}"}}"#);
    let template = evidence(&template);
    assert!(read(&canonical).is_ok() && read(&template).is_ok());

    for form in [
        "{reference}|{signedAt}",
        "v1:{reference}.{signedAt}",
        "{reference}.{mode}.{iat}",
    ] {
        let mut edited = template.clone();
        edited["profile"]["statement"] = json!({ "template": form });
        let mut names: Vec<_> = ["reference", "signedAt", "mode", "iat"].to_vec();
        names.retain(|name| form.contains(&format!("{{{name}}}")));
        edited["covers"] = json!(names);
        assert_eq!(read(&edited).err(), Some(ErrorCode::Evidence), "{form}");
    }
    // The canonical bytes as a template's, the other way round, and bytes that are not canonical.
    let mut edited = canonical.clone();
    edited["statement"] = template["statement"].clone();
    assert_eq!(read(&edited).err(), Some(ErrorCode::Evidence));
    for statement in [
        "eyJyZWZlcmVuY2UiOiAicmVxXzEifQ==", // {"reference": "req_1"}
        "eyJjb2xvdXIiOiJibHVlIn0=",         // {"colour":"blue"}
    ] {
        let mut edited = canonical.clone();
        edited["statement"] = json!(statement);
        for covers in [json!(["reference"]), json!(["colour"])] {
            edited["covers"] = covers;
            assert_eq!(read(&edited).err(), Some(ErrorCode::Evidence));
        }
    }
}

#[test]
fn what_a_file_alone_says_is_covered_is_told_as_the_file_s_word() {
    let keys = [user_public()];
    let canonical = evidence(&Profile::default());
    let report = read(&canonical).unwrap().check(&keys).unwrap();
    assert_eq!(report.why(Check::ClaimsSigned), Some("from_evidence"));

    let mut edited = canonical.clone();
    edited["profile"]["statement"] = json!("detached");
    edited["covers"] = json!(["claims", "requestee"]);
    let report = read(&edited).unwrap().check(&keys).unwrap();
    assert_eq!(report.outcome(Check::ClaimsSigned), Outcome::NotChecked);
    assert_eq!(report.why(Check::ClaimsSigned), Some("covers_by_file"));

    // A template with the same literals gives the same bytes: only the auditor knows which it was.
    let own = profile(r#"{"statement": {"template": "{reference}.{signedAt}"}}"#);
    let mut edited = evidence(&own);
    let read_back = read(&edited).unwrap();
    let report = read_back.check(&keys).unwrap();
    assert_eq!(report.why(Check::ClaimsSigned), Some("covers_by_file"));
    let report = read_back.check_under(&keys, &own).unwrap();
    assert_eq!(report.why(Check::ClaimsSigned), Some("from_evidence"));
    edited["profile"]["statement"] = json!({"template": "{requester}.{iat}"});
    edited["covers"] = json!(["requester", "iat"]);
    let refused = read(&edited).unwrap().check_under(&keys, &own).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ProfileMismatch);
}

#[test]
fn the_auditor_s_profile_leads() {
    let (keys, own) = ([user_public()], Profile::default());
    let read_back = read(&evidence(&own)).unwrap();
    for (text, agrees) in [
        (
            r#"{"leaf": "text", "limits": {"depth": 9}, "allow_unsigned_claims": true}"#,
            true,
        ),
        (r#"{"algorithm": "RS512"}"#, false),
        (r#"{"padding": "rsaes-oaep-sha1"}"#, false),
        (r#"{"statement": "detached"}"#, false),
    ] {
        let checked = read_back.check_under(&keys, &profile(text));
        let code = checked.err().map(|error| error.code());
        assert_eq!(
            code,
            (!agrees).then_some(ErrorCode::ProfileMismatch),
            "{text}"
        );
    }
}
