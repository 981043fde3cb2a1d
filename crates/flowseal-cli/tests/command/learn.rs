//! `flowseal learn`.

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

/// The lines of the page on learning, as they stand there.
#[test]
fn the_lines_of_the_page_learn_and_verify() {
    let page = include_str!("../../../flowseal/docs/learning.md");
    let lines = page.split("```").nth(1).unwrap().trim();
    let (learn, verify) = lines.split_once('\n').unwrap();
    let scene = signed_by(&json!({"algorithm": "RS512"}), true);
    for (name, from) in [
        ("monday.json", "one.json"),
        ("tuesday.json", "two.json"),
        ("wednesday.json", "two.json"),
        ("ada.pub.pem", "user.pub.pem"),
        ("bayo.pub.pem", "app.pub.pem"),
    ] {
        fs::copy(scene.path().join(from), scene.path().join(name)).unwrap();
    }
    let line = |line: &str| line.strip_prefix("flowseal ").unwrap().to_owned();
    assert_eq!(scene.run(&line(learn)).json()["weak"], false);
    let verify = line(verify).replace(" …", &format!(" --now {NOW}"));
    assert_eq!(scene.run(&verify).json()["verified"], true);
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

    assert_eq!(
        answer["by_flow"],
        json!([{"flow": "odd.json", "explained_by": null, "finding": "other_bytes"}])
    );

    // One odd flow among others is named, and nothing is written.
    let line = "learn flow.json odd.json --verify-key user.pub.pem -o learnt.json";
    let answer = scene.run(line).refused(1, "statement_unknown");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(
        answer["by_flow"][0],
        json!({"flow": "flow.json", "explained_by": "canonical-flow-v1", "finding": null})
    );
    assert_eq!(answer["by_flow"][1]["finding"], "other_bytes");
    assert_eq!(answer["diagnosis"].as_array().unwrap().len(), 1);
    assert!(!scene.path().join("learnt.json").exists());
    let table = scene.run(&format!("{line} --format table"));
    let table = table.refused(1, "statement_unknown");
    assert!(table.contains("flow.json, by canonical-flow-v1"), "{table}");
    assert!(table.contains("odd.json, signed by a key given, over other bytes"));

    scene
        .run("learn --verify-key user.pub.pem")
        .refused(2, "usage");
    scene.run("learn flow.json").refused(2, "usage");
    scene.file("empty.json", "{}");
    let ran = scene.run("learn flow.json empty.json --verify-key user.pub.pem");
    assert!(ran.stderr.contains("empty.json: "), "{ran:?}");
    ran.refused(2, "not_a_flow");
    let mut unsigned: Value = flow;
    let request = unsigned["data"]["request"].as_object_mut().unwrap();
    request.remove("signature").unwrap();
    scene.file("unsigned.json", unsigned.to_string());
    let ran = scene.run("learn flow.json unsigned.json --verify-key user.pub.pem");
    let told = "error[signature_missing]: unsigned.json: this identification";
    assert!(ran.stderr.starts_with(told), "{ran:?}");
    ran.refused(1, "signature_missing");
}
