//! `flowseal keys` on files, and what is said of a token that is not there.

use flowseal::testkit::KeyPair;
use serde_json::{Value, json};

use crate::scene::Scene;

#[test]
fn keys_says_what_files_hold() {
    let scene = Scene::new();
    let vectors = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../flowseal/tests/vectors/keys"
    );
    let vector = |name: &str| std::fs::read(format!("{vectors}/{name}")).unwrap();
    scene.file("cert.pem", vector("user-2048.cert.pem"));
    scene.file("users.jwks", vector("users.jwks"));
    scene.file("ec.pem", vector("ec.pem"));
    let both = KeyPair::sample_app().unwrap();
    scene.file(
        "two.pem",
        format!("{}{}", both.private_pem(), both.public_pem()),
    );

    let ran = scene.run("keys app.pem user.pub.pem cert.pem users.jwks ec.pem two.pem");
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    let keys = answer["keys"].as_array().unwrap();
    let app = &keys[0];
    assert_eq!(
        *app,
        json!({
            "source": "app.pem", "kind": "rsa_private", "bits": 2048,
            "fingerprint": both.verifying_key().unwrap().fingerprint().to_string(),
            "kid": null, "label": null, "id": null, "where": "file", "uses": ["open"],
            "note": null,
        })
    );
    let of = |source: &str| {
        let keys = keys.iter().filter(|key| key["source"] == source);
        keys.map(|key| (key["kind"].as_str().unwrap(), key["uses"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("user.pub.pem"), [("rsa_public", json!(["verify"]))]);
    assert_eq!(of("cert.pem"), [("certificate", json!(["verify"]))]);
    // A key of the set that is not used is there as well, with the reason.
    let of_set: Vec<_> = keys
        .iter()
        .filter(|key| key["source"] == "users.jwks")
        .collect();
    assert!(
        of_set
            .iter()
            .all(|key| (key["kind"] == "other") == key["note"].is_string())
    );
    assert!(
        keys.iter()
            .any(|key| key["source"] == "users.jwks" && key["kid"].is_string())
    );
    assert_eq!(of("ec.pem"), [("other", json!([]))]);
    let two = [
        ("rsa_private", json!(["open"])),
        ("rsa_public", json!(["verify"])),
    ];
    assert_eq!(of("two.pem"), two);
}

#[test]
fn an_encrypted_key_is_listed_with_its_passphrase_and_without() {
    let scene = Scene::new();
    let vectors = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../flowseal/tests/vectors/keys"
    );
    let encrypted = std::fs::read(format!("{vectors}/app-2048.encrypted.pem")).unwrap();
    scene.file("encrypted.pem", encrypted);
    let ran = scene.run("keys encrypted.pem");
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(answer["keys"][0]["kind"], "rsa_private");
    assert_eq!(answer["keys"][0]["uses"], json!([]));
    assert!(
        answer["keys"][0]["note"]
            .as_str()
            .unwrap()
            .contains("passphrase")
    );
}

#[test]
fn a_table_has_a_line_for_each_key() {
    let scene = Scene::new();
    let ran = scene.run("keys app.pem user.pub.pem --format table");
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("source") && lines[1].contains("open"));
}

#[test]
fn a_token_s_uri_that_is_not_understood_is_a_usage_error() {
    let scene = Scene::new();
    for uri in [
        "pkcs11:token",
        "pkcs11:object=app?pin-value=481516",
        "pkcs11:x-any=1",
        "pkcs11:?PIN-value=481516",
        "pkcs11:token=apps?object=app",
        "pkcs11:token=apps?module-path=",
    ] {
        for line in [
            format!("open flow.json --unverified --key {uri}"),
            format!("verify flow.json --verify-key {uri}"),
            format!("keys {uri}"),
        ] {
            let ran = scene.run(&line);
            assert_eq!((ran.status, ran.code()), (2, Some("usage")), "{line}");
            assert!(!ran.stderr.contains("481516"), "{line}");
        }
    }
}

#[test]
fn a_pin_and_a_module_are_for_a_token_in_every_command() {
    let scene = Scene::new();
    let (app, user) = ("--key app.pem", "--verify-key user.pub.pem");
    for line in [
        format!("bulk flow.json -o - {app} {user}"),
        format!("disclose flow.json {app} {user} --path naming"),
        "keys app.pem user.pub.pem".to_owned(),
        format!("learn flow.json {user}"),
        format!("learn flow.json {app} {user}"),
        format!("open flow.json {app} {user}"),
        format!("open flow.json {app} --unverified"),
        format!("verify flow.json {user}"),
        format!("verify --from-evidence flow.json {user}"),
        format!("verify --disclosure flow.json --app-key app.pub.pem {user}"),
    ] {
        for option in ["--pin-file", "--module"] {
            let ran = scene.run(&format!("{line} {option} missing"));
            let sentence = format!("{option} is about the keys of a token, and no key");
            assert!(ran.stderr.contains(&sentence), "{line}: {ran:?}");
            assert_eq!(ran.refused(2, "usage"), "");
        }
        // One of several is enough: then the file is looked for.
        let line = line.replace(
            "user.pub.pem",
            "user.pub.pem --verify-key pkcs11:object=user",
        );
        if line.contains("pkcs11:") {
            let ran = scene.run(&format!("{line} --pin-file missing"));
            assert!(
                !ran.stderr.contains("is about the keys of a token"),
                "{ran:?}"
            );
        }
    }
}

#[test]
fn a_pin_in_the_place_of_its_file_is_not_shown() {
    let scene = Scene::new();
    let line = "open flow.json --unverified --key pkcs11:object=app --pin-file 481516 --module m";
    let ran = scene.run(line);
    // Without the feature it does not come as far.
    let code = if cfg!(feature = "pkcs11") {
        "io"
    } else {
        "usage"
    };
    assert_eq!((ran.status, ran.code()), (2, Some(code)));
    assert!(!ran.stderr.contains("481516"), "{}", ran.stderr);
}

#[test]
#[cfg(feature = "pkcs11")]
fn a_module_that_is_none_is_named() {
    let scene = Scene::new();
    let ran = scene.run("open flow.json --unverified --key pkcs11:object=app --module app.pem");
    assert_eq!((ran.status, ran.code()), (2, Some("io")));
    assert!(ran.stderr.contains("app.pem"), "{}", ran.stderr);
}
