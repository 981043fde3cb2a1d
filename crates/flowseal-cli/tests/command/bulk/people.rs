//! Each person's keys, as lines and as a directory.

use std::fmt::Write as _;
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flowseal::testkit::{FlowBuilder, KeyPair, Persona, Sample};
use serde_json::Value;

use super::rows;
use crate::scene::Scene;

/// Flows of these people, signed by these keys.
fn flows(people: &[(&str, &KeyPair)]) -> String {
    let app = KeyPair::sample_app().unwrap().sealing_key().unwrap();
    let flow = |(requestee, user): &(&str, &KeyPair)| {
        let flow = FlowBuilder::new("req_1")
            .persona(&Persona::ADA)
            .requestee(*requestee);
        flow.seal(&app, &user.signing_key().unwrap())
            .unwrap()
            .to_json()
    };
    people.iter().map(flow).collect::<Vec<_>>().join("\n")
}

fn jwk(pem: &str) -> String {
    let lines: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = base64::engine::general_purpose::STANDARD
        .decode(lines)
        .unwrap();
    // The end of an SPKI of 2048 bits: the modulus, and the tag, length and value of 65537.
    let modulus = &der[der.len() - 5 - 256..der.len() - 5];
    let modulus = URL_SAFE_NO_PAD.encode(modulus);
    format!(r#"{{"kty": "RSA", "n": "{modulus}", "e": "AQAB"}}"#)
}

fn codes(scene: &Scene, verifiers: &str) -> Vec<Option<String>> {
    let line = "bulk in -o out --force --quiet --key app.pem --now 1716820200 --verifiers";
    let ran = scene.run(&format!("{line} {verifiers}"));
    assert!(ran.status < 2, "{ran:?}");
    let rows = rows(&scene.path().join("out"));
    let code = |row: &Value| row["code"].as_str().map(str::to_owned);
    rows.iter().map(code).collect()
}

#[test]
fn a_persons_keys_verify_that_persons_flows() {
    let scene = Scene::new();
    let ada = KeyPair::sample_user().unwrap();
    let bayo = KeyPair::generate(2048).unwrap();
    let strange = "../outside";
    scene.file(
        "in",
        flows(&[
            ("1", &ada),
            ("2", &bayo),
            ("2", &ada),
            ("3", &ada),
            (strange, &ada),
        ]),
    );
    scene.file("outside.pem", ada.public_pem());
    let [ada, bayo] = [ada.public_pem(), bayo.public_pem()];
    let expected = [
        None,
        None,
        Some("signature_invalid"),
        Some("no_verifying_key"),
        Some("no_verifying_key"),
    ];

    fs::create_dir(scene.path().join("people")).unwrap();
    scene.file("people/1.pem", ada);
    scene.file("people/2.jwk", jwk(bayo));
    let found = codes(&scene, "people");
    assert!(found.iter().map(Option::as_deref).eq(expected), "{found:?}");

    // A million lines take a second more; some thousand show the same.
    // The first person is found behind the mark that some editors put before a text.
    let mut lines = format!(
        "\u{feff}{{\"keys\": [{}], \"requestee\": \"1\"}}\n\n",
        jwk(ada)
    );
    for other in 100..5100 {
        writeln!(
            lines,
            r#"{{"requestee": "{other}", "keys": [{}]}}"#,
            jwk(ada)
        )
        .unwrap();
    }
    write!(
        lines,
        "{{\"requestee\": \"\\u0032\", \"keys\": [{}]}}",
        jwk(bayo)
    )
    .unwrap();
    scene.file("people.ndjson", lines);
    let found = codes(&scene, "people.ndjson");
    assert!(found.iter().map(Option::as_deref).eq(expected), "{found:?}");
}

#[test]
fn a_persons_key_that_is_none_is_that_persons_trouble() {
    let scene = Scene::new();
    let user = KeyPair::sample_user().unwrap();
    scene.file("in", flows(&[("1", &user), ("2", &user), ("3", &user)]));
    fs::create_dir(scene.path().join("people")).unwrap();
    scene.file("people/1.pem", "nonsense");
    scene.file("people/2.pem", user.public_pem());
    scene.file("people/3.pem", KeyPair::sample_app().unwrap().public_pem());
    let found = codes(&scene, "people");
    let found: Vec<_> = found.iter().map(Option::as_deref).collect();
    assert_eq!(found, [Some("key_format"), None, Some("key_conflict")]);
}

#[test]
fn lines_of_people_are_judged_before_anything_is_begun() {
    let scene = Scene::new();
    scene.file("in", Sample::new().unwrap().response());
    for people in [
        "{\"requestee\": \"1\"}",
        "{\"requestee\": \"1\", \"keys\": []}\nnonsense",
    ] {
        scene.file("people", people);
        let ran = scene.run("bulk in -o out --key app.pem --verifiers people");
        assert!(ran.stderr.contains("people: line "), "{ran:?}");
        assert!(!ran.stderr.contains("nonsense"), "{ran:?}");
        ran.refused(2, "key_format");
    }
    scene
        .run("bulk in -o out --key app.pem --verifiers missing")
        .refused(2, "io");
    assert!(!scene.path().join("out.part").exists());
}

#[test]
fn a_run_goes_on_with_the_same_people_whatever_else_is_there() {
    let scene = Scene::new();
    let user = KeyPair::sample_user().unwrap();
    scene.file("in", flows(&[("1", &user)]));
    fs::create_dir(scene.path().join("people")).unwrap();
    scene.file("people/1.pem", user.public_pem());
    // The rows are not a key, and change the directory.
    let line = "bulk in -o people/rows --quiet --key app.pem --now 1716820200 --verifiers people";
    scene.run(line).done();
    let resume = format!("{line} --resume");
    scene.run(&resume).done();
    scene.file("people/2.pem", user.public_pem());
    let ran = scene.run(&resume);
    assert!(ran.stderr.contains("another verifying key"), "{ran:?}");
    ran.refused(2, "checkpoint");
}
