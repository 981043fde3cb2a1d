//! `flowseal learn`, and the page of `verify --format html`.

use std::fs;

use flowseal::testkit::{FlowBuilder, KeyPair};
use serde_json::{Value, json};

use crate::scene::{NOW, Scene, names};

/// The keys and two flows of two people, `one.json` and `two.json`, signed by this profile.
fn signed_by(profile: &Value, claims: bool) -> Scene {
    let scene = Scene::new();
    scene.file("planted.json", profile.to_string());
    for (name, persona) in [("one", "ada"), ("two", "chidi")] {
        let who = match claims {
            true => format!("--persona {persona}"),
            false => format!("--persona dayo --requestee 1234567890{}", name.len()),
        };
        let line = format!(
            "seal {who} --to app.pub.pem --sign-with user.pem --profile planted.json --reference req_{name} --now {NOW}"
        );
        let sealed = scene.run(&line).done();
        scene.file(&format!("{name}.json"), sealed);
    }
    scene
}

const LEARN: &str = "learn one.json two.json --verify-key user.pub.pem";

#[test]
fn what_was_learnt_is_printed_and_verifies() {
    let canonical = json!({"algorithm": "PS256"});
    let template = json!({"statement": {"template": "{reference}.{requestee}.{signedAt}"}});
    for (planted, claims, finding, covers) in [
        (canonical, true, "canonical-flow-v1", 7),
        (template, false, "template", 3),
    ] {
        let scene = signed_by(&planted, claims);
        let ran = scene.run(&format!("{LEARN} -o learnt.json"));
        assert_eq!(ran.warnings(), [""; 0]);
        let answer = ran.json();
        let members = "algorithm candidates covers finding flows statement weak";
        assert_eq!(names(&answer).join(" "), members);
        assert_eq!(answer["finding"], finding);
        assert_eq!(answer["covers"].as_array().unwrap().len(), covers);
        assert_eq!(answer["flows"], 2);
        assert_eq!(answer["weak"], false);
        assert!(answer["candidates"].as_u64() > Some(0));
        let learnt = fs::read(scene.path().join("learnt.json")).unwrap();
        let learnt: Value = serde_json::from_slice(&learnt).unwrap();
        assert_eq!(learnt["statement"], answer["statement"]);
        assert_eq!(learnt["algorithm"], answer["algorithm"]);
        assert_eq!(learnt["allow_unsigned_claims"], false);
        let line = "verify two.json --verify-key user.pub.pem --profile learnt.json";
        let verified = scene.run(&format!("{line} --now {NOW}")).json();
        assert_eq!(verified["verified"], true);

        // The profile is there now, and stays.
        scene
            .run(&format!("{LEARN} -o learnt.json"))
            .refused(2, "io");
        scene.run(&format!("{LEARN} -o learnt.json --force")).json();
        let table = scene.run(&format!("{LEARN} --format table")).done();
        assert!(
            table.contains(finding) && table.contains("all 2 flows given"),
            "{table}"
        );
    }
}

#[test]
fn one_flow_is_weak_and_a_weak_statement_is_no_profile() {
    let scene = signed_by(&json!({}), true);
    let ran = scene.run("learn one.json --verify-key user.pub.pem -o learnt.json");
    assert!(ran.warnings()[0].contains("one flow is weak"), "{ran:?}");
    assert_eq!(ran.json()["weak"], true);
    assert!(scene.path().join("learnt.json").exists());

    let planted = json!({"statement": {"template": "{requestee}|{mode}|{signedAt}"}});
    let scene = signed_by(&planted, false);
    let ran = scene.run(&format!("{LEARN} -o learnt.json"));
    assert!(ran.stderr.contains("--allow-weak"), "{ran:?}");
    let answer: Value = serde_json::from_str(&ran.refused(2, "usage")).unwrap();
    assert_eq!(
        (&answer["weak"], &answer["statement"]),
        (&json!(true), &planted["statement"])
    );
    assert!(!scene.path().join("learnt.json").exists());
    let ran = scene.run(&format!("{LEARN} -o learnt.json --allow-weak"));
    assert_eq!(ran.json()["weak"], true);
    assert!(scene.path().join("learnt.json").exists());

    // Claims outside of the statement: no profile would verify these flows.
    let planted = json!({"statement": {"template": "{reference}|{requestee}|{signedAt}"},
        "allow_unsigned_claims": true});
    let scene = signed_by(&planted, true);
    for option in ["", " --allow-weak"] {
        let ran = scene.run(&format!("{LEARN} -o learnt.json{option}"));
        ran.refused(1, "claims_not_signed");
        assert!(!scene.path().join("learnt.json").exists());
    }
}

#[test]
fn what_nothing_explains_is_unknown_with_the_diagnosis() {
    let scene = Scene::new();
    let detached = flowseal::profile::Profile::from_json(br#"{"statement": "detached"}"#).unwrap();
    let user = KeyPair::sample_user().unwrap().signing_key().unwrap();
    let flow = String::from_utf8(
        flowseal::testkit::Sample::new()
            .unwrap()
            .response()
            .to_vec(),
    );
    let flow: Value = serde_json::from_str(&flow.unwrap()).unwrap();
    let builder = FlowBuilder::new("nothing of the list").profile(&detached);
    let signed = builder
        .sign(&flow["data"]["request"].to_string(), &user)
        .unwrap();
    scene.file("odd.json", signed);
    let ran = scene.run("learn odd.json --verify-key user.pub.pem --key app.pem");
    let answer: Value = serde_json::from_str(&ran.refused(1, "statement_unknown")).unwrap();
    assert_eq!(answer["finding"], Value::Null);
    assert!(answer["candidates"].as_u64() > Some(100_000));
    let [key] = answer["diagnosis"].as_array().unwrap().as_slice() else {
        panic!("{answer}")
    };
    assert_eq!(
        (&key["finding"], &key["hash"]),
        (&json!("other_bytes"), &json!("sha256"))
    );
    assert_eq!(key["digest"].as_str().unwrap().len(), 64);

    scene
        .run("learn --verify-key user.pub.pem")
        .refused(2, "usage");
    scene.run("learn flow.json").refused(2, "usage");
    scene.file("empty.json", "{}");
    let ran = scene.run("learn flow.json empty.json --verify-key user.pub.pem");
    assert!(ran.stderr.contains("empty.json: "), "{ran:?}");
    ran.refused(2, "not_a_flow");
}

#[test]
fn a_page_is_printed_of_what_is_verified_and_of_what_is_refused() {
    let scene = Scene::new();
    let verify = format!("verify flow.json --verify-key user.pub.pem --now {NOW} --format html");
    let page = scene
        .run(&format!("{verify} --evidence evidence.json"))
        .done();
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(page.contains("<h1>The e-signature is valid</h1>"));

    let from = "verify --from-evidence evidence.json --verify-key user.pub.pem --format html";
    let page = scene.run(from).done();
    assert!(page.contains("<h1>The e-signature is valid</h1>") && page.contains("was noted"));
    scene.file("profile.json", r#"{"algorithm": "RS384"}"#);
    let ran = scene.run(&format!("{from} --profile profile.json"));
    assert_eq!(ran.refused(2, "profile_mismatch"), "");

    let keys = "--key app.pem --verify-key user.pub.pem";
    let disclose =
        format!("disclose flow.json {keys} --now {NOW} --path naming.given -o shown.json");
    assert_eq!(scene.run(&disclose).status, 0);
    let from = "verify --disclosure shown.json --app-key app.pub.pem --verify-key user.pub.pem";
    let page = scene.run(&format!("{from} --format html")).done();
    assert!(page.contains("Adébáyọ̀") && !page.contains("ada@example.ng"));

    let from = "verify --from-evidence evidence.json --verify-key user.pub.pem --format html";
    let refused = scene.run(&format!("{verify} --reference req_other"));
    let page = refused.refused(1, "expectation_failed");
    assert!(page.contains("<h1>Refused</h1>") && page.ends_with("</html>\n"));
    let refused = scene.run(&from.replace("user.pub", "app.pub"));
    let page = refused.refused(1, "no_verifying_key");
    assert!(page.contains("<h1>Refused</h1>") && page.ends_with("</html>\n"));
}
