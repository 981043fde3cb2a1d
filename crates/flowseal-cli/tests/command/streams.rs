//! Which stream says what, and with which status.

use std::io::{Read as _, Write as _};

use flowseal::testkit::{FlowBuilder, KeyPair};
use flowseal::testkit::{Mutation, Persona, Sample};
use serde_json::Value;

use crate::scene::{NOW, Scene, command};

const VERIFY: &str = "verify --verify-key user.pub.pem";
const OPEN: &str = "open --verify-key user.pub.pem --key app.pem";

fn spoilt(mutation: Mutation) -> String {
    let (app, user) = (
        KeyPair::sample_app().unwrap(),
        KeyPair::sample_user().unwrap(),
    );
    FlowBuilder::new(Sample::REFERENCE)
        .persona(&Persona::ADA)
        .seal(&app.sealing_key().unwrap(), &user.signing_key().unwrap())
        .unwrap()
        .mutated(mutation)
        .unwrap()
}

#[test]
fn every_way_to_spoil_a_flow_has_its_status() {
    let scene = Scene::new();
    for mutation in Mutation::ALL {
        let (flow, code) = (spoilt(*mutation), mutation.refusal());
        // A flow that is refused, or input that is none.
        let status = if (40..70).contains(&code.number()) {
            1
        } else {
            2
        };
        let verified = scene.run_with(VERIFY, flow.as_bytes());
        let report = verified.refused(status, code.as_str());
        // A report is printed of what could be judged, and of nothing else.
        assert_eq!(!report.is_empty(), status == 1, "{mutation:?}");
        let opened = scene.run_with(OPEN, flow.as_bytes());
        assert_eq!(opened.refused(status, code.as_str()), "", "{mutation:?}");
    }
}

#[test]
fn a_refusal_is_reported_in_both_formats() {
    let scene = Scene::new();
    let flow = spoilt(Mutation::SwapClaims);
    let json = scene.run_with(&format!("{VERIFY} --format json"), flow.as_bytes());
    let answer: Value = serde_json::from_str(&json.refused(1, "signature_invalid")).unwrap();
    assert_eq!(answer["signature"], "invalid");
    assert_eq!(answer["verified"], false);
    let table = scene.run_with(&format!("{VERIFY} --format table"), flow.as_bytes());
    let table = table.refused(1, "signature_invalid");
    assert!(table.starts_with("verdict    refused\n"), "{table}");
    assert!(
        table.contains("signature         failed       invalid\n"),
        "{table}"
    );
}

#[test]
fn nothing_is_coloured_in_a_pipe() {
    let scene = Scene::new();
    for line in [
        "inspect flow.json --format table",
        "verify flow.json --verify-key user.pub.pem --format table",
        "open flow.json --verify-key user.pub.pem --key app.pem --format table",
        "open --help",
    ] {
        assert!(!scene.run(line).done().contains('\u{1b}'), "{line}");
    }
}

#[test]
fn a_pipe_gets_json() {
    let scene = Scene::new();
    for line in [
        "inspect flow.json",
        "verify flow.json --verify-key user.pub.pem",
    ] {
        assert_eq!(
            scene.run(line).done(),
            scene.run(&format!("{line} --format json")).done(),
        );
    }
}

#[test]
fn standard_input_is_read_by_name_and_without() {
    let scene = Scene::new();
    let flow = Sample::new().unwrap();
    for line in ["inspect", "inspect -"] {
        let answer = scene.run_with(line, flow.response()).json();
        assert_eq!(answer["reference"], Sample::REFERENCE, "{line}");
    }
    let ran = scene.run("inspect -");
    assert!(ran.stderr.contains("standard input: "), "{ran:?}");
    assert_eq!(ran.refused(2, "json"), "");
}

#[test]
fn a_reader_who_has_seen_enough_changes_no_status() {
    let scene = Scene::new();
    let sound = Sample::new().unwrap();
    let swapped = spoilt(Mutation::SwapClaims);
    for (flow, status, complaint) in [
        (sound.response(), 0, ""),
        (swapped.as_bytes(), 1, "error[signature_invalid]"),
    ] {
        let words: Vec<_> = VERIFY.split(' ').collect();
        let mut child = command(scene.path(), &words).spawn().unwrap();
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(flow).unwrap();
        let mut stderr = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(status), "{stderr}");
        assert!(stderr.starts_with(complaint) && stderr.is_empty() == complaint.is_empty());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_not_passed_over() {
    let scene = Scene::new();
    let full = std::fs::File::create("/dev/full").unwrap();
    let output = command(scene.path(), &["inspect", "flow.json"])
        .stdout(full)
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr.starts_with("error[io]: standard output"), "{stderr}");
}

#[test]
fn no_secret_is_in_an_error() {
    let scene = Scene::new();
    scene.file("passphrase", "not the right horse\n");
    let vectors = format!(
        "{}/../flowseal/tests/vectors/keys",
        env!("CARGO_MANIFEST_DIR")
    );
    scene.file("claims.json", r#"{"naming": {"given": "Adébáyọ̀ Adébáyọ̀""#);
    let user_private = KeyPair::sample_user().unwrap();
    let body = |pem: &str| pem.lines().nth(3).unwrap().to_owned();
    let needles = [
        "not the right horse".to_owned(),
        "Adébáyọ̀".to_owned(),
        Persona::ADA.requestee.to_owned(),
        body(Sample::APP_PRIVATE_PEM),
        body(user_private.private_pem()),
    ];
    for line in [
        format!(
            "open flow.json --unverified --key {vectors}/app-2048.encrypted.pem --passphrase-file passphrase"
        ),
        format!("open flow.json --unverified --key {vectors}/two-keys.pem"),
        "open flow.json --unverified --key passphrase".to_owned(),
        "open flow.json --verify-key user.pem --key app.pem".to_owned(),
        "open app.pem --unverified --key app.pem".to_owned(),
        "open flow.json --unverified --key app.pem --profile app.pem".to_owned(),
        "open flow.json --unverified --key app.pem --requestee 1".to_owned(),
        "open flow.json --unverified --key user.pem".to_owned(),
        format!("{OPEN} flow.json --requestee 1"),
        format!("{OPEN} flow.json --max-age 1 --now {NOW}"),
        format!("{VERIFY} flow.json --requestee 1"),
        "seal --claims claims.json --to app.pub.pem --sign-with user.pem".to_owned(),
        "seal --persona ada --to user.pem --sign-with app.pub.pem".to_owned(),
    ] {
        let ran = scene.run(&line);
        assert_ne!(ran.status, 0, "{line}");
        for needle in &needles {
            assert!(!ran.stderr.contains(needle), "{line}: {}", ran.stderr);
            assert!(!ran.stdout.contains(needle), "{line}: {}", ran.stdout);
        }
    }
}
