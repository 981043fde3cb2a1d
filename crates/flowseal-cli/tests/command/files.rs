//! Files: those that cannot be read, those that are not what they should be, and every form of key.

use flowseal::testkit::{FlowBuilder, KeyPair, Persona, Sample};

use crate::scene::{NOW, Scene};
use crate::zip::zip;

/// The vectors' key files.
fn vector(name: &str) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    format!("{root}/../flowseal/tests/vectors/keys/{name}")
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let scene = Scene::new();
    scene.file("claims.json", "{}");
    for line in [
        "inspect missing",
        "verify missing --verify-key user.pub.pem",
        "verify flow.json --verify-key missing",
        "verify flow.json --verify-key user.pub.pem --profile missing",
        "verify flow.json --verify-key user.pub.pem --statement missing --covers reference",
        "open flow.json --key missing --verify-key user.pub.pem",
        "open flow.json --key app.pem --verify-key missing",
        "seal --claims missing --to app.pub.pem --sign-with user.pem",
        "seal --claims claims.json --to missing --sign-with user.pem",
        "seal --claims claims.json --to app.pub.pem --sign-with missing",
    ] {
        let ran = scene.run(line);
        assert!(ran.stderr.contains("missing: cannot be read"), "{ran:?}");
        assert_eq!(ran.refused(2, "io"), "", "{line}");
    }
}

#[test]
fn a_passphrase_in_the_place_of_its_file_is_not_shown() {
    let line = "open flow.json --key app.pem --verify-key user.pub.pem --passphrase-file hunter22";
    let ran = Scene::new().run(line);
    assert!(
        ran.stderr.contains("no file has this name of 8 characters"),
        "{ran:?}"
    );
    assert!(!ran.stderr.contains("hunter22"), "{ran:?}");
    assert_eq!(ran.refused(2, "io"), "");
}

#[test]
fn a_name_cannot_write_on_the_terminal() {
    let scene = Scene::new();
    let ran = crate::scene::run(scene.path(), &["inspect", "\u{1b}[2Jmissing"], b"");
    assert!(ran.stderr.contains("\\u{1b}[2Jmissing"), "{ran:?}");
    ran.refused(2, "io");
}

#[test]
fn a_key_of_the_wrong_kind_is_refused_and_named() {
    let scene = Scene::new();
    for (line, code) in [
        ("open flow.json --unverified --key app.pub.pem", "key_kind"),
        ("open flow.json --unverified --key flow.json", "key_kind"),
        ("verify flow.json --verify-key user.pem", "key_kind"),
        (
            "seal --persona ada --to app.pem --sign-with user.pem",
            "key_kind",
        ),
        (
            "seal --persona ada --to app.pub.pem --sign-with user.pub.pem",
            "key_kind",
        ),
    ] {
        let ran = scene.run(line);
        assert!(
            ran.stderr.contains(".pem: ") || ran.stderr.contains(".json: "),
            "{ran:?}"
        );
        assert_eq!(ran.refused(2, code), "", "{line}");
    }
}

#[test]
fn one_key_does_not_open_and_verify() {
    let line = "open flow.json --key app.pem --verify-key app.pub.pem --verify-key user.pub.pem";
    assert_eq!(Scene::new().run(line).refused(2, "key_conflict"), "");
}

#[test]
fn every_form_of_a_verifying_key_is_told_by_its_content() {
    let scene = Scene::new();
    for name in [
        "user-2048.pub.pem",
        "user-2048.pub.der",
        "user-2048.pkcs1.pub.pem",
        "user-2048.cert.pem",
        "user-2048.cert.der",
        "user-2048.jwk",
        "users.jwks",
    ] {
        let answer = scene.run(&format!("verify flow.json --verify-key {}", vector(name)));
        assert_eq!(answer.json()["signature"], "valid", "{name}");
    }
}

#[test]
fn a_key_of_a_set_that_is_skipped_is_a_warning() {
    let ran = Scene::new().run(&format!(
        "verify flow.json --verify-key {}",
        vector("users.jwks")
    ));
    let warnings = ran.warnings();
    assert_eq!(warnings.len(), 3, "{ran:?}");
    assert!(
        warnings[1].contains("the JWK \"enc\" is skipped: its use is"),
        "{ran:?}"
    );
}

#[test]
fn a_passphrase_is_the_first_line_without_its_end() {
    let scene = Scene::new();
    let key = vector("app-2048.encrypted.pem");
    let open = format!("open flow.json --unverified --key {key}");
    for passphrase in [
        "correct horse",
        "correct horse\n",
        "correct horse\r\n",
        "correct horse\r\nbattery staple\r\n",
    ] {
        scene.file("passphrase", passphrase);
        scene
            .run(&format!("{open} --passphrase-file passphrase"))
            .done();
    }

    scene.run(&open).refused(2, "key_passphrase");
    for passphrase in [
        "",
        "\ncorrect horse",
        "correct horse ",
        "correct horse\r\r\n",
    ] {
        scene.file("passphrase", passphrase);
        let ran = scene.run(&format!("{open} --passphrase-file passphrase"));
        ran.refused(2, "key_passphrase");
    }
}

#[test]
fn a_rotation_has_two_keys() {
    let scene = Scene::new();
    let other = vector("other-2048.pem");
    let open = format!("open flow.json --verify-key user.pub.pem --key {other}");
    let other_alone = scene.run(&open);
    assert_eq!((other_alone.status, other_alone.stdout.as_str()), (1, ""));
    scene.run(&format!("{open} --key app.pem")).done();
}

#[test]
fn a_service_account_may_be_a_directory() {
    let scene = Scene::new();
    let account = scene.path().join("account");
    std::fs::create_dir(&account).unwrap();
    let open = "open flow.json --verify-key user.pub.pem --key account";
    scene.run(open).refused(2, "io");

    scene.file(
        "account/config.json",
        r#"{"type": "app", "appid": "app_1"}"#,
    );
    scene.run(open).refused(2, "service_account");
    scene.file("account/one.pem", Sample::APP_PRIVATE_PEM);
    scene.run(open).done();
    scene.file("account/config.json", r#"{"type": "organization"}"#);
    scene.run(open).refused(2, "service_account");
}

#[test]
fn capitals_in_the_names_of_a_service_account_make_no_difference() {
    let scene = Scene::new();
    std::fs::create_dir(scene.path().join("account")).unwrap();
    let config = r#"{"type": "app", "appid": "app_1"}"#;
    scene.file("account/CONFIG.JSON", config);
    scene.file("account/PRIVATE.PEM", Sample::APP_PRIVATE_PEM);
    let open = "open flow.json --verify-key user.pub.pem --key account";
    scene.run(open).done();
    // Where the file system tells them apart, there are two now.
    scene.file("account/config.json", config);
    if !scene.path().join("account/CONFIG.json").exists() {
        let ran = scene.run(open);
        assert!(ran.stderr.contains("found several"), "{ran:?}");
        ran.refused(2, "service_account");
    }
}

#[test]
fn a_zip_is_taken_for_a_service_account() {
    let scene = Scene::new();
    scene.file("account.zip", b"PK\x03\x04 and no more");
    let open = "open flow.json --verify-key user.pub.pem --key account.zip";
    scene.run(open).refused(2, "service_account");
    let config = br#"{"type": "app", "appid": "app_1"}"#.as_slice();
    let key = Sample::APP_PRIVATE_PEM.as_bytes();
    scene.file(
        "account.zip",
        zip(&[("config.json", config), ("one.pem", key)]),
    );
    scene
        .run("open flow.json --unverified --key account.zip")
        .done();
}

#[test]
fn files_are_bounded_before_they_are_read() {
    let scene = Scene::new();
    let key = KeyPair::sample_app().unwrap();
    let padded = |len: usize| {
        let mut file = key.private_pem().as_bytes().to_vec();
        file.resize(len, b'\n');
        file
    };
    let open = "open flow.json --unverified --key key.pem";
    scene.file("key.pem", padded(1 << 20));
    scene.run(open).done();
    scene.file("key.pem", padded((1 << 20) + 1));
    assert_eq!(scene.run(open).refused(2, "too_large"), "");

    let mut flow = Sample::new().unwrap().response().to_vec();
    flow.resize(1 << 20, b' ');
    scene.run_with("inspect", &flow).done();
    flow.push(b' ');
    assert_eq!(scene.run_with("inspect", &flow).refused(2, "too_large"), "");
    scene.file("profile.json", r#"{"limits": {"response_bytes": 1048577}}"#);
    let raised = "verify --verify-key user.pub.pem --profile profile.json";
    scene.run_with(raised, &flow).done();
}

#[cfg(unix)]
#[test]
fn a_key_may_come_through_a_pipe() {
    let scene = Scene::new();
    let open = "open flow.json --unverified --key /dev/stdin";
    scene
        .run_with(open, Sample::APP_PRIVATE_PEM.as_bytes())
        .done();
    let endless = vec![b'\n'; (1 << 20) + 1];
    assert_eq!(scene.run_with(open, &endless).refused(2, "too_large"), "");
}

#[test]
fn a_profile_reaches_the_flow_the_keys_and_the_verifier() {
    let scene = Scene::new();
    scene.file(
        "profile.json",
        r#"{"algorithm": "PS256", "padding": "rsaes-oaep-sha256", "leaf": "text"}"#,
    );
    let seal = format!(
        "seal --persona ada --to app.pub.pem --sign-with user.pem --profile profile.json --now {NOW}"
    );
    scene.file("sealed.json", scene.run(&seal).done());
    let open = "open sealed.json --key app.pem --verify-key user.pub.pem";
    scene.run(open).refused(1, "signature_invalid");
    let opened = scene.run(&format!("{open} --profile profile.json")).json();
    assert_eq!(opened["claims"]["naming"]["given"], "Adébáyọ̀");
    let unverified = "open sealed.json --key app.pem --unverified";
    assert_eq!(scene.run(unverified).refused(1, "claim_unopenable"), "");
    scene
        .run(&format!("{unverified} --profile profile.json"))
        .done();

    scene.file("profile.json", r#"{"algorithms": "PS256"}"#);
    let ran = scene.run(&format!("{open} --profile profile.json"));
    assert!(ran.stderr.contains("profile.json: "), "{ran:?}");
    ran.refused(2, "profile");
}

#[test]
fn detached_bytes_cover_what_is_said() {
    let scene = Scene::new();
    scene.file(
        "profile.json",
        r#"{"statement": "detached", "allow_unsigned_claims": true}"#,
    );
    let seal = "seal --persona ada --to app.pub.pem --sign-with user.pem --profile profile.json";
    scene.file("sealed.json", scene.run(seal).done());
    scene.file("statement", "req_sample");
    let verify = "verify sealed.json --verify-key user.pub.pem --profile profile.json";
    assert_eq!(scene.run(verify).refused(2, "statement"), "");
    let verify = format!("{verify} --statement statement --covers reference");
    let answer = scene.run(&verify).json();
    assert_eq!(answer["covers"], serde_json::json!(["reference"]));
    // The reference is signed; where it is not, it does not stand where a signed one would.
    assert_eq!(answer["reference"], "req_sample");
    let unsigned = verify.replace("--covers reference", "--covers requestee");
    let answer = scene.run(&unsigned).json();
    assert_eq!(answer["verified"], true);
    assert_eq!(answer["reference"], serde_json::Value::Null);
    assert_eq!(answer["reference_unsigned"], "req_sample");
    let open = unsigned.replace("verify sealed.json", "open sealed.json --key app.pem");
    let answer = scene.run(&open).json();
    assert_eq!(answer["reference"], serde_json::Value::Null);
    assert_eq!(answer["reference_unsigned"], "req_sample");
    let table = scene.run(&format!("{open} --format table")).done();
    assert!(
        table.contains("reference  none that is signed\n"),
        "{table}"
    );
    assert!(table.contains("received   req_sample\n"), "{table}");
    let asked = scene.run(&format!("{verify} --requestee {}", Persona::ADA.requestee));
    asked.refused(1, "expectation_failed");
    scene.file("statement", "req_other");
    scene.run(&verify).refused(1, "signature_invalid");
}

#[test]
fn claims_of_a_file_are_sealed() {
    let scene = Scene::new();
    scene.file(
        "claims.json",
        r#"{"naming": {"given": "Ngọzi"}, "more": [["a"], null]}"#,
    );
    let seal = "seal --claims claims.json --to app.pub.pem --sign-with user.pem --reference req_7 \
        --requester bcn_7 --requestee 77712345610 --mode signature";
    scene.file("sealed.json", scene.run(seal).done());
    let open = "open sealed.json --key app.pem --verify-key user.pub.pem --reference req_7 \
        --requester bcn_7 --requestee 77712345610 --mode signature";
    let opened = scene.run(open).json();
    assert_eq!(opened["reference"], "req_7");
    assert_eq!(opened["claims"]["naming"]["given"], "Ngọzi");

    scene.file("claims.json", "[]");
    let ran = scene.run(seal);
    assert!(ran.stderr.contains("claims.json: "), "{ran:?}");
    assert_eq!(ran.refused(2, "flow_malformed"), "");
}

#[test]
fn a_seal_says_when_it_was_made() {
    let scene = Scene::new();
    let seal = "seal --persona dayo --to app.pub.pem --sign-with user.pem";
    let at = |now: i64| {
        let sealed = scene.run(&format!("{seal} --now {now}")).done();
        scene.run_with("inspect", sealed.as_bytes()).json()
    };
    let flow = at(FlowBuilder::SIGNED_AT);
    assert_eq!(flow["signedAt"], FlowBuilder::SIGNED_AT);
    assert_eq!(flow["iat"], FlowBuilder::SIGNED_AT - 60);
    assert_eq!(
        (at(30)["iat"].clone(), at(30)["signedAt"].clone()),
        (0.into(), 30.into())
    );

    scene.file("sealed.json", scene.run(seal).done());
    let young = "verify sealed.json --verify-key user.pub.pem --max-age 60";
    scene.run(young).done();
}
