//! A key, or any other text, where a file's name is wanted: told, and shown nowhere.

use flowseal::testkit::{KeyPair, Sample};

use crate::scene::{Ran, Scene, run};

/// What must not be seen: a line from the middle of the text.
fn secret(text: &str) -> &str {
    text.lines().nth(3).unwrap_or(text)
}

#[track_caller]
fn is_told(ran: &Ran, text: &str, sentence: &str) {
    assert_eq!((ran.status, ran.code()), (2, Some("usage")), "{ran:?}");
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains(sentence), "{ran:?}");
    assert!(!ran.stderr.contains(secret(text)), "the text is shown");
    assert!(!ran.stderr.contains("BEGIN"), "{ran:?}");
}

/// Every place of the command where a file, a word or nothing is wanted, `@` standing for the text.
const LINES: [&str; 20] = [
    "open flow.json --unverified --key @",
    "open flow.json --unverified --key=@",
    "open flow.json --unverified --key app.pem --passphrase-file @",
    "open flow.json --key app.pem --verify-key @",
    "open flow.json --unverified --key app.pem --profile @",
    "open flow.json --unverified --key app.pem @",
    "open flow.json --unverified --key app.pem --format @",
    "open flow.json --unverified --key app.pem --now @",
    "open flow.json --unverified --key app.pem --now=@",
    "open @ --unverified --key app.pem",
    "verify flow.json --verify-key @",
    "verify flow.json --verify-key user.pub.pem --from-evidence @",
    "verify flow.json --verify-key user.pub.pem --evidence @",
    "verify flow.json --verify-key user.pub.pem --covers reference --statement @",
    "verify flow.json --verify-key user.pub.pem --no-such-option @",
    "seal --persona ada --to @ --sign-with user.pem",
    "seal --persona @ --to app.pub.pem --sign-with user.pem",
    "seal --persona ada --to app.pub.pem --sign-with @",
    "seal --claims @ --to app.pub.pem --sign-with user.pem",
    "@",
];

fn with(scene: &Scene, line: &str, text: &str) -> Ran {
    let words: Vec<_> = line
        .split(' ')
        .map(|word| word.replace('@', text))
        .collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    run(scene.path(), &words, b"")
}

#[test]
fn a_key_where_a_name_is_wanted_is_told_and_shown_nowhere() {
    let scene = Scene::new();
    let key = KeyPair::sample_app().unwrap();
    let pem = key.private_pem();
    let escaped = pem.replace('\n', "\\n");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    for line in LINES {
        for text in [pem, &escaped, &body, &body[..64]] {
            let ran = with(&scene, line, text);
            is_told(&ran, text, "this is a key and not a file's name");
            assert!(!ran.stderr.contains(&body[40..60]), "{line}");
        }
    }
    let ran = with(&scene, LINES[0], pem);
    assert!(ran.stderr.contains("--key: this is a key"), "{ran:?}");
}

#[test]
fn a_text_where_a_name_is_wanted_is_told_too() {
    let scene = Scene::new();
    let jwk = r#"{"kty": "RSA", "d": "c2VjcmV0"}"#;
    let ran = with(&scene, "verify flow.json --verify-key @", jwk);
    is_told(
        &ran,
        jwk,
        "--verify-key: this is a key and not a file's name",
    );
    let account = r#"{"type": "app", "secret": "snb_hush"}"#;
    for text in [account, "snb_hush\nsnb_hush"] {
        for line in LINES {
            let ran = with(&scene, line, text);
            is_told(&ran, text, "this is a text and not a file's name");
            assert!(!ran.stderr.contains("hush"), "{line}");
        }
    }
    let flow = String::from_utf8(Sample::new().unwrap().response().to_vec()).unwrap();
    let ran = with(&scene, "inspect @", &flow);
    is_told(&ran, &flow, "argument 2: this is a text");
}

#[test]
fn a_file_of_a_strange_name_is_read() {
    let scene = Scene::new();
    scene.file("{a}.json", Sample::new().unwrap().response());
    with(&scene, "inspect {a}.json", "").done();
}

#[test]
fn what_clap_quotes_is_short_and_harmless() {
    let scene = Scene::new();
    let long = "s".repeat(400);
    for line in [
        "inspect flow.json @",
        "inspect flow.json --@",
        "inspect flow.json --format @",
        "inspect flow.json --format=@",
        "verify flow.json --verify-key user.pub.pem --now @",
        "@",
    ] {
        let ran = with(&scene, line, &long);
        assert_eq!((ran.status, ran.code()), (2, Some("usage")), "{ran:?}");
        assert!(!ran.stderr.contains(&long[..80]), "{ran:?}");
        let ran = with(&scene, line, "\u{1b}[2J");
        assert!(!ran.stderr.contains('\u{1b}'), "{ran:?}");
    }
    let ran = with(
        &scene,
        "inspect @",
        &format!("{}flow.json", "no/".repeat(80)),
    );
    assert!(
        ran.stderr.contains("]: …/flow.json: cannot be read"),
        "{ran:?}"
    );
    let ran = with(
        &scene,
        "seal --persona @ --to app.pub.pem --sign-with user.pem",
        &long,
    );
    assert!(!ran.stderr.contains(&long[..80]), "{ran:?}");
}
