//! What the answers hold, member by member and line by line.

use flowseal::testkit::{FlowBuilder, KeyPair, Persona, Sample};
use serde_json::{Value, json};

use crate::scene::{NOW, Scene, names};

const VERDICT: [&str; 7] = [
    "covers",
    "diagnosis",
    "key",
    "reference",
    "report",
    "trust",
    "verified",
];

#[test]
fn what_is_odd_in_a_question_is_a_warning_and_no_refusal() {
    let scene = Scene::new();
    let opened = |select: &str| {
        let line =
            format!("open flow.json --verify-key user.pub.pem --key app.pem --select {select}");
        scene.run(&line)
    };
    assert!(opened("naming").warnings().is_empty());
    let misspelt = opened("naming.givn");
    assert!(
        misspelt.warnings()[0].contains("naming.given"),
        "{misspelt:?}"
    );
    misspelt.done();
    let asked = scene.run("verify flow.json --verify-key user.pub.pem --mode signing");
    assert!(
        asked.warnings()[0].contains("mode \"signing\""),
        "{asked:?}"
    );
    asked.refused(1, "expectation_failed");
}

#[test]
fn inspect_shows_lengths_and_no_person() {
    let scene = Scene::new();
    let flow = String::from_utf8(Sample::new().unwrap().response().to_vec()).unwrap();
    let flow = flow.replace(r#""data":{"#, r#""data":{"username":"ada_l","#);
    let ran = scene.run_with("inspect", flow.as_bytes()).done();
    assert!(!ran.contains("ada_l") && !ran.contains(Persona::ADA.requestee));
    let answer: Value = serde_json::from_str(&ran).unwrap();
    assert_eq!(
        names(&answer),
        [
            "iat",
            "leaves",
            "mode",
            "reference",
            "signature_bytes",
            "signedAt",
            "state"
        ]
    );
    assert_eq!(answer["iat"], FlowBuilder::IAT);
    assert_eq!(answer["mode"], "identification");
    assert_eq!(answer["signedAt"], FlowBuilder::SIGNED_AT);
    assert_eq!(answer["state"], "complete");
    assert_eq!(answer["signature_bytes"], 256);
    assert_eq!(
        answer["leaves"][0],
        json!({"path": "bio.birthnumber", "bytes": 256})
    );
    assert_eq!(answer["leaves"].as_array().unwrap().len(), 9);

    let table = scene
        .run_with("inspect --format table", flow.as_bytes())
        .done();
    assert!(!table.contains("ada_l") && !table.contains(Persona::ADA.requestee));
    assert!(
        table.contains("signature  256 bytes, not checked\n"),
        "{table}"
    );
    assert!(
        table.contains("\ncontact.emailVerified      256\n"),
        "{table}"
    );
}

#[test]
fn inspect_knows_every_state() {
    let scene = Scene::new();
    for (members, state, leaves) in [
        (r#""cancelled": false"#, "pending", json!([])),
        (
            r#""cancelled": false, "onsession": true"#,
            "on_session",
            json!([]),
        ),
        (
            r#""cancelled": true, "signature": "AAAA""#,
            "cancelled",
            json!([]),
        ),
        (
            r#""cancelled": false, "claims": {"a": ["AAAA", "?", 1]}"#,
            "complete",
            json!([
                {"path": "a.0", "bytes": 3},
                {"path": "a.1", "bytes": null},
                {"path": "a.2", "bytes": null},
            ]),
        ),
    ] {
        let flow = format!(
            r#"{{"reference": "req_", "requester": "bcn_", "requestee": "10", "mode": "m", "iat": 1, {members}}}"#
        );
        let answer = scene.run_with("inspect", flow.as_bytes()).json();
        assert_eq!(answer["state"], state);
        assert_eq!(answer["leaves"], leaves);
        assert_eq!(answer["signedAt"], Value::Null);
        scene
            .run_with("inspect --format table", flow.as_bytes())
            .done();
    }
}

#[test]
fn verify_has_a_verdict_a_report_and_the_signature() {
    let scene = Scene::new();
    let line = format!(
        "verify flow.json --verify-key user.pub.pem --reference req_sample --max-age 60 --now {NOW}"
    );
    let answer = scene.run(&line).json();
    let mut expected = VERDICT.to_vec();
    expected.push("signature");
    expected.sort_unstable();
    assert_eq!(names(&answer), expected);
    assert_eq!(answer["reference"], Sample::REFERENCE);
    assert_eq!(answer["verified"], true);
    assert_eq!(answer["signature"], "valid");
    assert_eq!(
        answer["covers"],
        json!([
            "reference",
            "requester",
            "requestee",
            "mode",
            "iat",
            "signedAt",
            "claims"
        ])
    );
    assert_eq!(
        answer["report"],
        json!([
            {"check": "signature", "outcome": "passed", "why": null},
            {"check": "claims_signed", "outcome": "passed", "why": null},
            {"check": "reference", "outcome": "passed", "why": null},
            {"check": "requester", "outcome": "not_asked", "why": null},
            {"check": "requestee", "outcome": "not_asked", "why": null},
            {"check": "mode", "outcome": "not_asked", "why": null},
            {"check": "not_cancelled", "outcome": "passed", "why": "unauthenticated"},
            {"check": "signed_at", "outcome": "passed", "why": null},
            {"check": "age", "outcome": "passed", "why": null},
            {"check": "claims_requested", "outcome": "not_asked", "why": null},
            {"check": "received", "outcome": "not_asked", "why": null},
        ])
    );
    let key = KeyPair::sample_user().unwrap().verifying_key().unwrap();
    assert_eq!(answer["key"]["fingerprint"], key.fingerprint().to_string());
    assert_eq!(answer["trust"], "signed");
    assert_eq!(answer["diagnosis"], Value::Null);

    // The same of a flow that was changed, whose signature this key made all the same.
    let flow = std::fs::read_to_string(scene.path().join("flow.json")).unwrap();
    let changed = flow.replace(Sample::REFERENCE, "req_other");
    let line = format!("verify - --verify-key user.pub.pem --reference req_other --now {NOW}");
    let refused = scene.run_with(&line, changed.as_bytes());
    let refused = refused.refused(1, "signature_invalid");
    let answer: Value = serde_json::from_str(&refused).unwrap();
    assert_eq!(answer["trust"], "none");
    let [found] = answer["diagnosis"].as_array().unwrap().as_slice() else {
        panic!("{answer}");
    };
    assert_eq!(found["finding"], "other_bytes");
    assert_eq!(found["fingerprint"], key.fingerprint().to_string());
    assert_eq!(
        (&found["padding"], &found["hash"]),
        (&json!("v1_5"), &json!("sha256"))
    );
    assert_eq!(found["digest"].as_str().unwrap().len(), 64);
}

#[test]
fn every_expectation_is_asked() {
    let scene = Scene::new();
    for (option, value, other, check) in [
        ("reference", "req_sample", "req_other", "reference"),
        ("requester", "bcn_sample", "bcn_other", "requester"),
        ("requestee", Persona::ADA.requestee, "0", "requestee"),
        ("mode", "identification", "signature", "mode"),
        ("max-age", "60", "59", "age"),
        ("now", "1716820121", "1716820120", "signed_at"),
    ] {
        let line = format!("verify flow.json --verify-key user.pub.pem --now {NOW}");
        // The moment is asked by changing it.
        let line = line
            .split(if option == "now" { " --now" } else { "\0" })
            .next()
            .unwrap();
        let outcome = |answer: &Value| {
            let lines = answer["report"].as_array().unwrap();
            let line = lines.iter().find(|line| line["check"] == check);
            line.unwrap()["outcome"].clone()
        };
        let answer = scene.run(&format!("{line} --{option} {value}")).json();
        assert_eq!(outcome(&answer), "passed", "{option}");
        let refused = scene.run(&format!("{line} --{option} {other}"));
        let answer = refused.refused(1, "expectation_failed");
        assert_eq!(
            outcome(&serde_json::from_str(&answer).unwrap()),
            "failed",
            "{option}"
        );
    }

    let line = format!("verify flow.json --verify-key user.pub.pem --now {NOW}");
    let late = scene.run(&format!("{line} --max-age 50 --leeway 9"));
    late.refused(1, "expectation_failed");
    scene
        .run(&format!("{line} --max-age 50 --leeway 10"))
        .done();
    let groups = "--claims bio --claims contact --claims nationality";
    let unasked = scene.run(&format!("{line} {groups} --claims naming.given"));
    unasked.refused(1, "expectation_failed");
    scene
        .run(&format!("{line} {groups} --claims naming"))
        .done();
}

#[test]
fn not_checked_never_looks_like_passed() {
    let scene = Scene::new();
    let open = "open flow.json --key app.pem --unverified --format table";
    let table = scene.run(open).done();
    assert!(table.starts_with("verdict    NOT VERIFIED: "), "{table}");
    assert!(
        table.contains("\nsignature         not_checked  unverified\n"),
        "{table}"
    );

    let answer = scene
        .run("open flow.json --key app.pem --unverified")
        .json();
    assert_eq!(answer["verified"], false);
    assert_eq!(answer["covers"], json!([]));
    assert_eq!(answer["key"], Value::Null);
    assert_eq!(
        answer["report"][0],
        json!({"check": "signature", "outcome": "not_checked", "why": "unverified"})
    );
}

#[test]
fn an_expectation_holds_for_an_unverified_flow_too() {
    let scene = Scene::new();
    let open = "open flow.json --key app.pem --unverified --reference req_other";
    assert_eq!(scene.run(open).refused(1, "expectation_failed"), "");
}

#[test]
fn open_gives_the_claims_by_group_and_field() {
    let scene = Scene::new();
    let answer = scene
        .run("open flow.json --key app.pem --verify-key user.pub.pem")
        .json();
    let mut expected = VERDICT.to_vec();
    expected.push("claims");
    expected.sort_unstable();
    assert_eq!(names(&answer), expected);
    assert_eq!(answer["verified"], true);
    let shared: Value = serde_json::from_str(Persona::ADA.claims).unwrap();
    assert_eq!(answer["claims"], shared);
}

#[test]
fn a_selection_opens_what_it_names() {
    let scene = Scene::new();
    let open = "open flow.json --key app.pem --verify-key user.pub.pem";
    let some = scene.run(&format!(
        "{open} --select naming.given --select bio --select nothing"
    ));
    assert_eq!(
        some.json()["claims"],
        json!({
            "bio": {"birthnumber": "22212345610", "birthdate": "1987-04-12", "gender": "female"},
            "naming": {"given": "Adébáyọ̀"},
        })
    );
    let none = scene.run(&format!("{open} --select nothing"));
    assert_eq!(none.json()["claims"], json!({}));
}

#[test]
fn claims_cannot_write_on_the_terminal() {
    let scene = Scene::new();
    scene.file(
        "claims.json",
        r#"{"a\u001b[2J": {"b": "\u001b]0;x\u0007\n\u202e"}}"#,
    );
    let seal = "seal --claims claims.json --to app.pub.pem --sign-with user.pem";
    scene.file("sealed.json", scene.run(seal).done());
    let open = "open sealed.json --key app.pem --verify-key user.pub.pem";
    let table = scene.run(&format!("{open} --format table")).done();
    assert!(
        table.ends_with("\na\\u{1b}[2J.b  \\u{1b}]0;x\\u{7}\\n\\u{202e}\n"),
        "{table}"
    );
    let answer = scene.run(open).json();
    assert_eq!(
        answer["claims"]["a\u{1b}[2J"]["b"],
        "\u{1b}]0;x\u{7}\n\u{202e}"
    );
}

#[test]
fn partial_opening_says_what_did_not_open() {
    let scene = Scene::new();
    let whole = "open flow.json --key app.pem --verify-key user.pub.pem --partial";
    let answer = scene.run(whole).json();
    assert_eq!(answer["errors"], json!({}));

    // A person has signed a flow of which one leaf is the ciphertext of nothing.
    let (app, user) = (
        KeyPair::sample_app().unwrap(),
        KeyPair::sample_user().unwrap(),
    );
    let signing = user.signing_key().unwrap();
    let builder = FlowBuilder::new(Sample::REFERENCE).persona(&Persona::ADA);
    let flow = builder.seal(&app.sealing_key().unwrap(), &signing).unwrap();
    let mut flow: Value = serde_json::from_str(&flow.to_bare_json()).unwrap();
    flow["claims"]["naming"]["given"] = format!("{}AQ==", "AQEB".repeat(85)).into();
    scene.file(
        "flow.json",
        builder.sign(&flow.to_string(), &signing).unwrap(),
    );

    let refused = scene.run("open flow.json --key app.pem --verify-key user.pub.pem");
    assert_eq!(refused.refused(1, "claim_unopenable"), "");
    let answer = scene.run(whole).refused(1, "claim_unopenable");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["verified"], true);
    assert_eq!(
        answer["errors"],
        json!({"naming.given": "claim_unopenable"})
    );
    assert_eq!(answer["claims"]["naming"], json!({"family": "Ọláwálé 😀"}));

    let table = scene.run(&format!("{whole} --format table"));
    assert!(table.stderr.contains("1 of 9 claims"), "{table:?}");
    let table = table.refused(1, "claim_unopenable");
    assert!(
        table.ends_with("\nnot opened    code\nnaming.given  claim_unopenable\n"),
        "{table}"
    );
}
