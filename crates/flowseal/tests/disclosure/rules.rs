//! What of a flow may be shown.

use std::sync::Arc;

use flowseal::profile::Profile;
use flowseal::testkit::{FlowBuilder, Holder, KeyPair};
use flowseal::{
    DecryptingKey, DetachedStatement, ErrorCode, Expectations, Flow, KeyRing, UnixTime,
    Verification, Verifier,
};
use serde_json::{Value, json};

use super::{app, checked, disclosure, flow, profile, ring, shown, user, user_public, verified};

/// The code and the `why` with which these claims of a flow are not shown.
fn refusal(profile: &Profile, flow: &Value, paths: &[&str]) -> (&'static str, &'static str) {
    let verified = verified(profile, flow);
    let refused = verified
        .disclose(&ring(profile), paths.to_vec())
        .unwrap_err();
    let why = refused.details().why().unwrap_or_default();
    (refused.code().as_str(), why)
}

#[test]
fn what_is_shown_is_the_claim_under_every_padding() {
    for padding in [
        "rsaes-pkcs1-v1_5",
        "rsaes-oaep-sha256",
        "rsaes-oaep-sha1",
        "rsaes-oaep-sha256-mgf1-sha1",
    ] {
        let profile = profile(&format!(r#"{{"padding": "{padding}"}}"#));
        let paths = ["naming.given", "nationality", "other.1"];
        let file = disclosure(&profile, &paths);
        assert_eq!(file["app_key"]["padding"], padding);
        assert_eq!(file["evidence"]["profile"]["padding"], padding);
        let disclosed = checked(&file).unwrap();
        assert_eq!(
            shown(&disclosed),
            json!({"naming": {"given": "Ada"}, "nationality": {"nationalities": ["NG", "SE"]},
                "other": ["two"]})
        );
        assert_eq!(disclosed.claims().text("other.1").unwrap(), Some("two"));
        assert_eq!(disclosed.withheld(), ["naming.surname", "other.0"]);
        assert_eq!(disclosed.reference(), Some("req_1"));
        assert_eq!(disclosed.requester(), Some("bcn_sample"));
        assert_eq!(disclosed.requestee(), Some("22212345610"));
        let signed_at = disclosed.signed_at().map(UnixTime::seconds);
        assert_eq!(signed_at, u64::try_from(FlowBuilder::SIGNED_AT).ok());
    }
}

#[test]
fn the_file_is_the_one_that_is_documented() {
    let file = disclosure(&Profile::default(), &["naming"]);
    let names = |object: &Value| {
        object
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    let expected = ["app_key", "claims", "evidence", "flowseal_disclosure"];
    assert_eq!(names(&file), expected);
    assert_eq!(file["flowseal_disclosure"], 1);
    assert_eq!(names(&file["app_key"]), ["fingerprint", "padding"]);
    let fingerprint = app().decrypting_key().unwrap().fingerprint().to_string();
    assert_eq!(file["app_key"]["fingerprint"], fingerprint);
    let claims = file["claims"].as_array().unwrap();
    assert_eq!(claims.len(), 2);
    for (claim, path) in claims.iter().zip(["naming.given", "naming.surname"]) {
        assert_eq!(names(claim), ["em", "path"]);
        assert_eq!(claim["path"], path);
        // 256 bytes.
        assert_eq!(claim["em"].as_str().unwrap().len(), 344);
    }
    assert_eq!(file["evidence"]["flowseal_evidence"], 1);
}

#[test]
fn a_path_without_a_signed_claim_shows_nothing() {
    let (profile, flow) = (Profile::default(), flow(&Profile::default()));
    for path in ["naming.nickname", "naming.giv", "naming.given.0", "other.2"] {
        let paths = ["naming.given", path];
        assert_eq!(
            refusal(&profile, &flow, &paths),
            ("disclosure", ""),
            "{path}"
        );
    }
    assert_eq!(refusal(&profile, &flow, &[]), ("usage", ""));
    assert_eq!(refusal(&profile, &flow, &["naming", ""]), ("usage", ""));
    let mut without = flow;
    without.as_object_mut().unwrap().remove("claims");
    assert_eq!(refusal(&profile, &without, &["naming"]), ("disclosure", ""));
}

#[test]
fn claims_that_nobody_signed_are_not_shown() {
    for (text, why) in [
        (
            r#"{"statement": {"template": "{reference}.{iat}"}, "allow_unsigned_claims": true}"#,
            "unsigned_allowed",
        ),
        // They are signed here, but who set this does not ask whether they are.
        (r#"{"allow_unsigned_claims": true}"#, "unsigned_allowed"),
        (
            r#"{"statement": {"template": "{reference}.{claims}"}}"#,
            "not_covered",
        ),
    ] {
        let profile = profile(text);
        let found = refusal(&profile, &flow(&profile), &["naming.given"]);
        assert_eq!(found, ("disclosure_invalid", why), "{text}");
    }
}

#[test]
fn detached_bytes_show_nothing() {
    let profile = profile(r#"{"statement": "detached"}"#);
    let builder = FlowBuilder::new("req_1").profile(&profile);
    let signed = builder.sign(&flow(&profile).to_string(), &user()).unwrap();
    let read = Flow::from_json(signed.as_bytes()).unwrap();
    let statement = DetachedStatement::new(b"req_1", ["reference", "claims"]);
    let now = UnixTime::from_seconds(FlowBuilder::SIGNED_AT).unwrap();
    let verified = Verification::of(read, &Expectations::unbound())
        .with_detached(statement)
        .verify(&Verifier::trusting(user_public()), now)
        .unwrap();
    let ring = KeyRing::from(app().decrypting_key().unwrap());
    let refused = verified.disclose(&ring, ["naming.given"]).unwrap_err();
    assert_eq!(refused.details().why(), Some("not_covered"));
}

#[test]
fn a_flow_that_does_not_open_whole_shows_nothing() {
    let profile = Profile::default();
    let mut flow = flow(&profile);
    // What anyone can send: a number that is no sealed claim, signed as it is.
    let surname = flow["claims"]["naming"]["surname"].as_str().unwrap();
    let other = if surname.starts_with('B') { "C" } else { "B" };
    flow["claims"]["naming"]["surname"] = json!(format!("{other}{}", &surname[1..]));
    let found = refusal(&profile, &flow, &["naming.given"]);
    assert!(
        matches!(found, ("claim_unopenable" | "claim_range", "")),
        "{found:?}"
    );

    flow["claims"]["naming"]["surname"] = json!("in the clear");
    let found = refusal(&profile, &flow, &["naming.given"]);
    assert_eq!(found, ("claim_base64", ""));
}

#[test]
fn a_number_that_stands_twice_is_not_shown() {
    let profile = Profile::default();
    let mut flow = flow(&profile);
    let given = flow["claims"]["naming"]["given"]
        .as_str()
        .unwrap()
        .to_owned();
    // The same number in another spelling, which opens as well.
    for spelling in [given.clone(), format!(" {given}"), format!("\"{given}\"")] {
        flow["claims"]["contact"] = json!({ "email": spelling });
        for path in ["naming.given", "contact.email", "naming", "contact"] {
            let found = refusal(&profile, &flow, &[path]);
            assert_eq!(found, ("disclosure_invalid", "ciphertext_twice"), "{path}");
        }
        let others = verified(&profile, &flow);
        assert!(others.disclose(&ring(&profile), ["naming.surname"]).is_ok());
    }
}

#[test]
fn the_key_that_opens_is_the_one_that_is_named() {
    let profile = Profile::default();
    let other = KeyPair::generate(2048).unwrap();
    let keys = [&other, &app()].map(|pair| pair.decrypting_key().unwrap());
    let ring = KeyRing::new(keys).unwrap();
    let verified = verified(&profile, &flow(&profile));
    let disclosure = verified.disclose(&ring, ["naming.given"]).unwrap();
    let own = app().decrypting_key().unwrap().fingerprint().to_string();
    assert_eq!(disclosure.app_key_fingerprint(), own);
    let without = KeyRing::from(other.decrypting_key().unwrap());
    let refused = verified.disclose(&without, ["naming.given"]).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ClaimUnopenable);
}

#[test]
fn a_key_that_is_elsewhere_discloses_as_it_opens() {
    let profile = Profile::default();
    let verified = verified(&profile, &flow(&profile));
    let public = app();
    let public = public.public_pem().as_bytes();
    let holder = Holder::load(app().private_pem().as_bytes()).unwrap();
    let held = DecryptingKey::remote_options().with_holder(Arc::new(holder));
    let ring = KeyRing::from(held.load(public).unwrap());
    let disclosure = verified.disclose(&ring, ["naming.given"]).unwrap();
    let here = verified.disclose(&super::ring(&profile), ["naming.given"]);
    assert_eq!(
        disclosure.to_json().expose_secret(),
        here.unwrap().to_json().expose_secret()
    );
    let file = serde_json::from_str(disclosure.to_json().expose_secret()).unwrap();
    assert_eq!(
        shown(&checked(&file).unwrap()),
        json!({"naming": {"given": "Ada"}})
    );

    // Nobody has it who would compute.
    let ring = KeyRing::from(DecryptingKey::remote(public).unwrap());
    let refused = verified.disclose(&ring, ["naming.given"]).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Usage);
}

#[test]
fn the_user_s_key_opens_nothing_here_either() {
    let profile = Profile::default();
    let verified = verified(&profile, &flow(&profile));
    let user = KeyPair::sample_user().unwrap().decrypting_key().unwrap();
    let refused = verified
        .disclose(&user.into(), ["naming.given"])
        .unwrap_err();
    assert_eq!(refused.code(), ErrorCode::KeyConflict);
}

#[test]
fn neither_a_disclosure_nor_its_debug_shows_a_claim_by_mistake() {
    let verified = verified(&Profile::default(), &flow(&Profile::default()));
    let disclosure = verified
        .disclose(&ring(&Profile::default()), ["naming.given"])
        .unwrap();
    let debug = format!("{disclosure:?} {:?}", disclosure.to_json());
    assert!(
        debug.contains("naming.given") && !debug.contains("Ada"),
        "{debug}"
    );
    let em = disclosure.encoded_message("naming.given").unwrap();
    assert!(em.expose_secret().ends_with(b"\"Ada\""));
    assert!(disclosure.encoded_message("naming.surname").is_none());
}
