//! `flowseal disclose`, and what a reader with public keys is told.

use std::fs;

use flowseal::testkit::KeyPair;
use serde_json::{Value, json};

use crate::scene::Scene;

const DISCLOSE: &str = "disclose flow.json --key app.pem --verify-key user.pub.pem";
const CHECK: &str =
    "verify --disclosure shown.json --app-key app.pub.pem --verify-key user.pub.pem";

fn disclosed(scene: &Scene) -> Value {
    let line = format!("{DISCLOSE} --path naming.given --path contact -o shown.json");
    assert_eq!(scene.run(&line).done(), "");
    serde_json::from_str(&fs::read_to_string(scene.path().join("shown.json")).unwrap()).unwrap()
}

#[test]
fn a_claim_is_shown_and_the_rest_is_withheld() {
    let scene = Scene::new();
    disclosed(&scene);
    let found = scene.run(CHECK).json();
    assert_eq!(found["disclosed"]["naming"], json!({"given": "Adébáyọ̀"}));
    assert_eq!(found["disclosed"]["contact"]["emailVerified"], true);
    let withheld = found["withheld"].as_array().unwrap();
    assert!(withheld.contains(&json!("bio.birthnumber")), "{found}");
    assert!(!withheld.contains(&json!("naming.given")), "{found}");
    let names: Vec<_> = found.as_object().unwrap().keys().collect();
    let expected = [
        "covers",
        "diagnosis",
        "disclosed",
        "key",
        "reference",
        "report",
        "signature",
        "trust",
        "verified",
        "withheld",
    ];
    assert_eq!(names, expected);
    assert_eq!(found["verified"], true);
    assert_eq!(found["reference"], "req_sample");
    let claims_signed = json!({"check": "claims_signed", "outcome": "passed", "why": null});
    assert!(found["report"].as_array().unwrap().contains(&claims_signed));

    let page = scene.run(&format!("{CHECK} --format table")).done();
    for fact in [
        "verdict    verified",
        "requestee  22212345610",
        "requester  bcn_sample",
        "signed at  1716820121  2024-05-27",
        "naming.given",
        "Adébáyọ̀",
        "withheld   ",
    ] {
        assert!(page.contains(fact), "{fact}: {page}");
    }
}

#[test]
fn a_refusal_says_which_part_proves_nothing() {
    let scene = Scene::new();
    let mut file = disclosed(&scene);
    let em = file["claims"][0]["em"].clone();
    file["claims"][1]["em"] = em;
    scene.file("shown.json", file.to_string());
    let found: Value =
        serde_json::from_str(&scene.run(CHECK).refused(1, "disclosure_invalid")).unwrap();
    assert_eq!(found["verified"], false);
    assert_eq!(found["why"], "ciphertext_differs");

    // A key that is not the person's: what was not looked at is said to be so.
    disclosed_again(&scene);
    let line = CHECK.replace("user.pub.pem", "other.pub.pem");
    let found: Value =
        serde_json::from_str(&scene.run(&line).refused(1, "no_verifying_key")).unwrap();
    let unchecked =
        json!({"check": "signature", "outcome": "not_checked", "why": "no_verifying_key"});
    assert!(
        found["report"].as_array().unwrap().contains(&unchecked),
        "{found}"
    );
}

fn disclosed_again(scene: &Scene) {
    fs::remove_file(scene.path().join("shown.json")).unwrap();
    disclosed(scene);
    let other = KeyPair::generate(2048).unwrap();
    scene.file("other.pub.pem", other.public_pem());
}

#[test]
fn a_key_has_one_role_and_a_dash_is_standard_output() {
    let scene = Scene::new();
    let line = "--key app.pem --verify-key app.pub.pem";
    for command in ["open flow.json", "disclose flow.json --path naming"] {
        assert_eq!(
            scene
                .run(&format!("{command} {line}"))
                .refused(2, "key_conflict"),
            ""
        );
    }
    let file = scene
        .run(&format!("{DISCLOSE} --path naming.given -o -"))
        .json();
    assert_eq!(file["flowseal_disclosure"], 1);
    assert!(!scene.path().join("-").exists());
}

#[test]
fn the_lines_of_the_page_do_what_it_says() {
    let page = include_str!("../../../flowseal/docs/disclosure.md");
    let lines = page.split("```").nth(1).unwrap();
    let scene = Scene::new();
    for line in lines.trim().lines() {
        scene.run(line.strip_prefix("flowseal ").unwrap()).done();
    }
    assert_eq!(lines.trim().lines().count(), 2);
    assert!(page.contains("[60 lines of Python](disclosure_reader.py)"));
}

#[test]
fn what_the_file_shows_beside_the_claims_is_said() {
    let scene = Scene::new();
    let ran = scene.run(&format!("{DISCLOSE} --path naming.given"));
    let [warning] = ran.warnings()[..] else {
        panic!("{ran:?}");
    };
    for word in [
        "national number",
        "reference",
        "times",
        "names of all 9 claims",
        "ciphertexts",
    ] {
        assert!(warning.contains(word), "{warning}");
    }
    // The file itself, where none is named.
    let file = ran.json();
    assert_eq!(file["flowseal_disclosure"], 1);
    scene.file("shown.json", file.to_string());
    scene.run(CHECK).done();
}

#[test]
fn a_flow_comes_on_standard_input_and_is_held_against_expectations() {
    let scene = Scene::new();
    let flow = fs::read(scene.path().join("flow.json")).unwrap();
    let line = "disclose - --key app.pem --verify-key user.pub.pem --path naming.given";
    scene.run_with(line, &flow).json();
    let line = format!("{line} --reference req_other");
    assert_eq!(
        scene
            .run_with(&line, &flow)
            .refused(1, "expectation_failed"),
        ""
    );
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owner_s_and_is_not_written_over() {
    use std::os::unix::fs::PermissionsExt as _;

    let scene = Scene::new();
    let there = scene.path().join("shown.json");
    disclosed(&scene);
    let mode = fs::metadata(&there).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
    scene.file("shown.json", "of yesterday");
    let line = format!("{DISCLOSE} --path naming.given -o shown.json");
    assert_eq!(scene.run(&line).refused(2, "io"), "");
    assert_eq!(fs::read(&there).unwrap(), b"of yesterday");
    scene.run(&format!("{line} --force")).done();
    scene.run(CHECK).done();
    scene
        .run(&format!("{DISCLOSE} --path naming.given --force"))
        .refused(2, "usage");
}

#[test]
fn each_refusal_has_its_code_and_status() {
    let scene = Scene::new();
    let file = disclosed(&scene);
    scene.pair("other", &KeyPair::generate(2048).unwrap());
    scene.file("evidence.json", file["evidence"].to_string());
    for (line, status, code) in [
        (DISCLOSE.to_owned(), 2, "usage"),
        (
            format!("{DISCLOSE} --path naming.nickname"),
            2,
            "disclosure",
        ),
        (
            "verify --disclosure shown.json --verify-key user.pub.pem".to_owned(),
            2,
            "usage",
        ),
        (
            "verify flow.json --app-key app.pub.pem --verify-key user.pub.pem".to_owned(),
            2,
            "usage",
        ),
        (format!("{CHECK} --reference req_sample"), 2, "usage"),
        (CHECK.replace("app.pub.pem", "app.pem"), 2, "key_kind"),
        // One file for another.
        (
            CHECK.replace("shown.json", "evidence.json"),
            2,
            "disclosure",
        ),
        (
            "verify --from-evidence shown.json --verify-key user.pub.pem".to_owned(),
            2,
            "evidence",
        ),
        (
            "verify shown.json --verify-key user.pub.pem".to_owned(),
            2,
            "not_a_flow",
        ),
        (
            "verify evidence.json --verify-key user.pub.pem".to_owned(),
            2,
            "not_a_flow",
        ),
        // Public keys alone: a token's is not looked for.
        (
            CHECK.replace("app.pub.pem", "pkcs11:object=app"),
            2,
            "usage",
        ),
        (CHECK.replace("app.pub", "user.pub"), 2, "key_conflict"),
    ] {
        let ran = scene.run(&line);
        for (file, what) in [
            ("--disclosure evidence.json", "it is evidence"),
            ("--from-evidence shown.json", "it is a disclosure"),
            ("verify shown.json", "this is a disclosure, not a flow"),
            (
                "verify evidence.json",
                "this is an evidence file, not a flow",
            ),
        ] {
            assert!(!line.contains(file) || ran.stderr.contains(what), "{ran:?}");
        }
        assert_eq!(ran.refused(status, code), "", "{line}");
    }
    // A refusal that was judged has its report.
    let other = scene.run(&CHECK.replace("app.pub", "other.pub"));
    let report: Value = serde_json::from_str(&other.refused(1, "disclosure_invalid")).unwrap();
    assert_eq!(
        (&report["verified"], &report["signature"]),
        (&json!(false), &json!("valid"))
    );
    assert!(report.get("disclosed").is_none());

    scene.file("profile.json", r#"{"algorithm": "PS256"}"#);
    let refused = scene.run(&format!("{CHECK} --profile profile.json"));
    refused.refused(2, "profile_mismatch");
    for (edit, status, code) in [
        (json!({"claims": []}), 2, "disclosure"),
        (json!({"note": 1}), 2, "disclosure"),
        (
            json!({"claims": [{"path": "naming.given", "em": file["claims"][1]["em"]}]}),
            1,
            "disclosure_invalid",
        ),
    ] {
        let mut file = file.clone();
        for (name, value) in edit.as_object().unwrap() {
            file[name] = value.clone();
        }
        scene.file("shown.json", file.to_string());
        scene.run(CHECK).refused(status, code);
    }
}

/// The table that every language runs: the same codes, and the same words for what proves nothing.
#[test]
fn every_case_ends_as_the_table_says() {
    let table = include_str!("../../../flowseal/tests/vectors/disclosures.json");
    let cases: Vec<Value> = serde_json::from_str(table).unwrap();
    for case in cases {
        let scene = Scene::new();
        let mut words = match case["operation"].as_str().unwrap() {
            "check" => {
                scene.file("shown.json", case["file"].to_string());
                CHECK.split(' ').map(str::to_owned).collect::<Vec<_>>()
            }
            _ => {
                scene.file("flow.json", case["flow"].to_string());
                let mut words: Vec<_> = DISCLOSE.split(' ').map(str::to_owned).collect();
                for path in case["paths"].as_array().unwrap() {
                    words.extend(["--path".to_owned(), path.as_str().unwrap().to_owned()]);
                }
                words
            }
        };
        if let Some(profile) = case.get("profile") {
            scene.file("profile.json", profile.to_string());
            words.extend(["--profile", "profile.json"].map(str::to_owned));
        }
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let ran = crate::scene::run(scene.path(), &words, b"");
        let (name, expect) = (&case["name"], &case["expect"]);
        if let Some(code) = expect["code"].as_str() {
            assert_eq!(ran.code(), Some(code), "{name}: {ran:?}");
            let is_refused = [
                "disclosure_invalid",
                "signature_invalid",
                "no_verifying_key",
                "claim_unopenable",
                "claim_base64",
                "signature_missing",
            ];
            assert_eq!(
                ran.status,
                2 - i32::from(is_refused.contains(&code)),
                "{name}"
            );
            if let (Some(why), "check") =
                (expect["why"].as_str(), case["operation"].as_str().unwrap())
            {
                let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
                assert_eq!(answer["why"], why, "{name}");
            }
            continue;
        }
        let answer = ran.json();
        match expect.get("paths") {
            Some(paths) => {
                let claims = answer["claims"].as_array().unwrap().iter();
                let shown: Vec<_> = claims.map(|claim| claim["path"].clone()).collect();
                assert_eq!(&Value::Array(shown), paths, "{name}");
            }
            None => {
                assert_eq!(answer["disclosed"], expect["disclosed"], "{name}");
                assert_eq!(answer["withheld"], expect["withheld"], "{name}");
            }
        }
    }
}

#[test]
fn nothing_is_shown_of_a_flow_that_is_not_verified_nor_under_a_weak_key_of_the_app_s() {
    let scene = Scene::new();
    disclosed(&scene);
    let line = format!("{DISCLOSE} --path naming --unverified");
    assert_eq!(scene.run(&line).refused(2, "usage"), "");
    let roca = include_str!("../../../flowseal/tests/vectors/keys/roca.pub.pem");
    let three = include_str!("../../../flowseal/tests/vectors/keys/exponent-3.pub.pem");
    for (key, code) in [(roca, "key_weak"), (three, "key_size")] {
        scene.file("odd.pem", key);
        let line = CHECK.replace("app.pub.pem", "odd.pem");
        assert_eq!(scene.run(&line).refused(2, code), "");
    }
}
