//! Many flows at once: a row for each record, in order, whatever is wrong with some.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use flowseal::testkit::{FlowBuilder, KeyPair, Mutation, Persona};
use serde_json::{Value, json};

use crate::scene::{Ran, Scene, names, run};

#[cfg(unix)]
mod apart;
#[cfg(feature = "columns")]
mod columns;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(unix)]
mod odd;
#[cfg(unix)]
mod others;
mod people;
#[cfg(unix)]
mod resume;
#[cfg(all(unix, feature = "pkcs11"))]
mod tokens;

/// What is the same in most runs. The moment is given, so that rows are the same in each.
pub(crate) const KEYS: &str = "--key app.pem --verify-key user.pub.pem --now 1716820200";

/// A flow a line, each with another reference; some are spoilt.
fn flows(count: usize) -> Vec<String> {
    flows_of(count, |flow| flow.persona(&Persona::ADA))
}

fn flows_of(count: usize, claims: impl Fn(FlowBuilder) -> FlowBuilder) -> Vec<String> {
    static PAIRS: LazyLock<(KeyPair, KeyPair)> = LazyLock::new(|| {
        let (app, user) = (KeyPair::sample_app(), KeyPair::sample_user());
        (app.unwrap(), user.unwrap())
    });
    let (app, user) = &*PAIRS;
    let (app, user) = (app.sealing_key().unwrap(), user.signing_key().unwrap());
    let flow = |at: usize| {
        let flow = claims(FlowBuilder::new(format!("req_{at}")));
        flow.seal(&app, &user).unwrap()
    };
    (0..count)
        .map(|at| match at % 17 {
            5 => flow(at).mutated(Mutation::SwapClaims).unwrap(),
            11 => "{\"half\": ".to_owned(),
            _ => flow(at).to_json(),
        })
        .map(|text| text.replace('\n', " "))
        .collect()
}

/// Some hundreds of them, made once: more than is read at once. They are long for what other
/// members they have, and have few claims, so that most of the time is not arithmetic.
fn many() -> &'static str {
    static MANY: LazyLock<String> = LazyLock::new(|| {
        let claims = br#"{"naming": {"given": "Ada", "family": "Obi"}}"#;
        let flows = flows_of(240, |flow| flow.claims(claims).unwrap());
        let more = format!("{{\"more\": \"{}\", ", "x".repeat(2000));
        let line = |flow: String| flow.replacen('{', &more, 1) + "\n";
        flows.into_iter().map(line).collect()
    });
    &MANY
}

fn bulk(scene: &Scene, line: &str) -> Ran {
    scene.run(&format!("bulk {line} {KEYS} --quiet"))
}

fn rows(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str(line).unwrap());
    rows.collect()
}

fn files_in(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    files
}

#[test]
fn a_row_has_the_members_of_the_contract() {
    let scene = Scene::new();
    scene.file("in", flows(1).concat() + "\n\nnonsense\n");
    let ran = bulk(&scene, "in -o out");
    assert_eq!(ran.refused(1, "json"), "");
    let rows = rows(&scene.path().join("out"));
    let members = [
        "claims",
        "code",
        "covers",
        "line",
        "reference",
        "sentence",
        "trust",
        "verified",
    ];
    for row in &rows {
        assert_eq!(names(row), members);
    }
    let opened = &rows[0];
    assert_eq!(opened["line"], 1);
    assert_eq!(opened["reference"], "req_0");
    assert_eq!(opened["trust"], "signed");
    assert_eq!(opened["verified"], true);
    assert_eq!(opened["code"], Value::Null);
    assert_eq!(opened["sentence"], Value::Null);
    assert_eq!(opened["claims"]["naming"]["given"], "Adébáyọ̀");
    assert_eq!(opened["claims"]["contact"]["emailVerified"], true);
    assert_eq!(opened["covers"][0], "reference");
    let refused = &rows[1];
    assert_eq!(refused["line"], 3);
    assert_eq!(refused["reference"], Value::Null);
    assert_eq!(refused["trust"], "none");
    assert_eq!(refused["verified"], false);
    assert_eq!(refused["code"], "json");
    assert!(refused["sentence"].as_str().unwrap().len() > 20);
    assert_eq!(refused["claims"], Value::Null);
    assert_eq!(refused["covers"], json!([]));
    assert_eq!(rows.len(), 2);
}

#[test]
fn rows_are_those_of_open_one_by_one_on_any_number_of_threads() {
    let scene = Scene::new();
    scene.file("in", many());
    let ran = bulk(&scene, "in -o one --threads 1 --errors refused");
    assert_eq!(ran.refused(1, "signature_invalid"), "");
    bulk(&scene, "in -o three --threads 3").refused(1, "signature_invalid");
    let one = fs::read(scene.path().join("one")).unwrap();
    assert!(one == fs::read(scene.path().join("three")).unwrap());

    let rows = rows(&scene.path().join("one"));
    assert_eq!(rows.len(), 240);
    for (at, (row, flow)) in rows.iter().zip(many().lines()).enumerate() {
        assert_eq!(row["line"], at + 1);
        if at % 30 < 2 || (at % 17 == 5 && at < 60) {
            let open = format!("open {KEYS} --format json");
            let ran = scene.run_with(&open, flow.as_bytes());
            match row["code"].as_str() {
                Some(code) => assert_eq!(ran.code(), Some(code)),
                None => assert_eq!(ran.json()["claims"], row["claims"]),
            }
        }
    }
    let refused: Vec<_> = rows.iter().filter(|row| !row["code"].is_null()).collect();
    let file = super::bulk::rows(&scene.path().join("refused"));
    assert!(refused.into_iter().eq(&file), "the refused rows, once more");
}

#[test]
fn what_cannot_be_a_record_is_refused_in_its_place() {
    let scene = Scene::new();
    let [first, second] = flows(2).try_into().unwrap();
    let long = "x".repeat(10 << 20);
    let half = &first[..first.len() / 2];
    let lines: [&[u8]; 9] = [
        first.as_bytes(),
        b"\0",
        long.as_bytes(),
        b"\xff\xfe\x80",
        &[b'['; 100],
        b"null",
        b"{\"status\": \"successful\", \"data\": {}}",
        second.as_bytes(),
        half.as_bytes(),
    ];
    scene.file("in", lines.join(&b'\n'));
    bulk(&scene, "in -o out").refused(1, "json");
    let rows = rows(&scene.path().join("out"));
    let codes: Vec<_> = rows.iter().map(|row| row["code"].as_str()).collect();
    assert_eq!(
        codes,
        [
            None,
            Some("json"),
            Some("too_large"),
            Some("json"),
            Some("too_deep"),
            Some("not_a_flow"),
            Some("flow_expired"),
            None,
            Some("json"),
        ]
    );
}

#[test]
fn what_would_refuse_every_record_is_told_before_the_first() {
    let scene = Scene::new();
    scene.file("in.ndjson", flows(2).join("\n"));
    scene.file("detached.json", r#"{"statement": "detached"}"#);
    let line = format!("bulk in.ndjson -o out {KEYS} --profile detached.json");
    assert_eq!(scene.run(&line).refused(2, "statement"), "");
    let line = format!("bulk in.ndjson -o out {KEYS} --verify-key app.pub.pem");
    assert_eq!(scene.run(&line).refused(2, "key_conflict"), "");
    assert_eq!(
        files_in(scene.path())
            .iter()
            .filter(|name| name.starts_with("out"))
            .count(),
        0
    );
}

#[test]
fn unverified_rows_are_never_called_verified() {
    let scene = Scene::new();
    scene.file("in", flows(6).join("\n"));
    let line = "bulk in -o out --unverified --key app.pem --quiet";
    assert_eq!(scene.run(line).done(), "");
    for row in rows(&scene.path().join("out")) {
        assert_eq!(
            (&row["trust"], &row["verified"]),
            (&json!("none"), &json!(false))
        );
        assert!(row["claims"].is_object());
        assert_eq!(row["covers"], json!([]));
    }
}

#[test]
fn expectations_hold_for_every_flow() {
    let scene = Scene::new();
    scene.file("in", flows(2).join("\n"));
    for (expected, code) in [
        ("--requester bcn_other", "expectation_failed"),
        ("--max-age 60", "expectation_failed"),
    ] {
        let ran = bulk(&scene, &format!("in -o out --force {expected}"));
        ran.refused(1, code);
        let rows = rows(&scene.path().join("out"));
        assert!(
            rows.iter()
                .all(|row| row["code"] == code && row["claims"].is_null())
        );
    }
    bulk(&scene, "in -o out --force --max-age 60 --leeway 60").done();
}

#[test]
fn selected_claims_and_wanted_members_are_all_there_is() {
    let scene = Scene::new();
    scene.file("in", flows(1).concat());
    bulk(
        &scene,
        "in -o out --select naming --drop sentence --drop covers",
    )
    .done();
    let row = &rows(&scene.path().join("out"))[0];
    assert_eq!(
        names(row),
        ["claims", "code", "line", "reference", "trust", "verified"]
    );
    assert_eq!(names(&row["claims"]), ["naming"]);
    bulk(&scene, "in -o out --force --drop claims --drop reference").done();
    let row = &rows(&scene.path().join("out"))[0];
    assert_eq!(
        names(row),
        ["code", "covers", "line", "sentence", "trust", "verified"]
    );
    for kept in ["line", "verified", "code", "trust"] {
        bulk(&scene, &format!("in -o other --drop {kept}")).refused(2, "usage");
    }
}

#[test]
fn files_are_one_input_and_standard_input_is_another() {
    let scene = Scene::new();
    let flows = flows(4);
    scene.file("a", flows[..1].concat());
    scene.file("b", format!("\u{feff}{}\r\n{}\r\n", flows[1], flows[2]));
    bulk(&scene, "a b -o files").done();
    let text = flows[..3].join("\n");
    let line = format!("bulk -o - {KEYS} --quiet");
    let stdout = scene.run_with(&line, text.as_bytes()).done();
    assert_eq!(
        stdout,
        fs::read_to_string(scene.path().join("files")).unwrap()
    );
    let line = format!("bulk a - -o - {KEYS} --quiet");
    let both = scene.run_with(&line, flows[1..3].join("\n").as_bytes());
    assert_eq!(both.done(), stdout);
    bulk(&scene, "a missing -o out").refused(2, "io");
    bulk(&scene, "a . -o out").refused(2, "usage");
    assert!(
        !files_in(scene.path())
            .iter()
            .any(|name| name.starts_with("out"))
    );
}

#[test]
fn nothing_is_written_over_and_nothing_is_left() {
    let scene = Scene::new();
    scene.file("in", flows(1).concat());
    scene.file("out", "mine");
    bulk(&scene, "in -o out").refused(2, "io");
    bulk(&scene, "in -o new --errors out").refused(2, "io");
    bulk(&scene, "in -o new --errors new").refused(2, "usage");
    // More threads than a process gets: once the system refuses memory, it is too late for words.
    for threads in ["0", "1025", "300000"] {
        bulk(&scene, &format!("in -o new --threads {threads}")).refused(2, "usage");
    }
    bulk(&scene, "in -o missing/new").refused(2, "io");
    assert_eq!(
        fs::read_to_string(scene.path().join("out")).unwrap(),
        "mine"
    );
    let before = files_in(scene.path());
    bulk(&scene, "in -o out --force --errors refused").done();
    let after = files_in(scene.path());
    assert_eq!(
        after.len(),
        before.len() + 2,
        "a checkpoint, too: {after:?}"
    );
    #[cfg(unix)]
    for name in ["out", "refused", "out.checkpoint"] {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = fs::metadata(scene.path().join(name)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn no_records_are_no_rows() {
    let scene = Scene::new();
    for text in ["", "\n", " \n\n"] {
        scene.file("in", text);
        bulk(&scene, "in -o out --force").done();
        assert_eq!(fs::read(scene.path().join("out")).unwrap(), b"");
    }
}

#[test]
fn progress_and_summary_stand_on_standard_error() {
    let scene = Scene::new();
    scene.file("in", flows(12).join("\n"));
    let run = |more: &str| scene.run(&format!("bulk in -o out --force {KEYS} {more}"));
    let ran = run("--progress json");
    assert_eq!((ran.status, ran.stdout.as_str()), (1, ""));
    let last: Value = serde_json::from_str(ran.stderr.lines().rev().nth(1).unwrap()).unwrap();
    assert_eq!(last["done"], true);
    assert_eq!(
        (&last["records"], &last["claims"]),
        (&json!(12), &json!(90))
    );
    assert_eq!(last["refused"], json!({"json": 1, "signature_invalid": 1}));
    assert_eq!(last["bytes_read"], last["bytes_in_all"]);
    assert!(last["microseconds_per_flow"]["p50"].as_u64() > Some(0));
    assert!(last["unit"].is_string());

    let ran = run("--progress auto");
    assert!(ran.stderr.contains("done: 12 records"), "{ran:?}");
    assert!(
        ran.stderr
            .contains("2 refused: json 1, signature_invalid 1"),
        "{ran:?}"
    );
    assert!(
        ran.stderr.contains("p50") && ran.stderr.contains("computed by"),
        "{ran:?}"
    );
    assert!(!ran.stderr.contains('\u{1b}'), "{ran:?}");
    assert_eq!(run("--quiet").stderr.lines().count(), 1);
}

#[test]
fn a_closed_pipe_ends_the_run_and_says_so() {
    use std::io::Write as _;
    let scene = Scene::new();
    let line = format!("bulk - -o - {KEYS} --quiet");
    let words: Vec<_> = line.split_whitespace().collect();
    let mut child = crate::scene::command(scene.path(), &words).spawn().unwrap();
    drop(child.stdout.take());
    let _ = child
        .stdin
        .take()
        .unwrap()
        .write_all(flows(3).join("\n").as_bytes());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("error[io]: standard output"), "{stderr}");
    assert!(stderr.contains("check what it leads to"), "{stderr}");
}

#[cfg(not(feature = "columns"))]
#[test]
fn a_build_without_columns_says_how_to_get_them() {
    let scene = Scene::new();
    scene.file("in", flows(1).concat());
    scene.file("zstd", b"\x28\xb5\x2f\xfd");
    scene.file("parquet", b"PAR1");
    for line in [
        "in -o out --format parquet",
        "in -o out --column flow",
        "zstd -o out",
        "parquet -o out",
    ] {
        let ran = bulk(&scene, line);
        let sentence = "needs the feature columns, which this build of flowseal lacks: take a \
            released build, or make one with cargo build";
        assert!(ran.stderr.contains(sentence), "{ran:?}");
        ran.refused(2, "usage");
    }
    let help = scene.run("bulk --help").done();
    let help: Vec<_> = help.split_whitespace().collect();
    let lacks = help
        .join(" ")
        .matches("build lacks the feature columns")
        .count();
    assert_eq!(lacks, 3, "{help:?}");
}

#[test]
fn a_run_needs_to_be_told_whom_to_trust() {
    let scene = Scene::new();
    scene.file("in", "");
    for line in [
        "bulk in -o out --key app.pem",
        "bulk in -o out --verify-key user.pub.pem",
        "bulk in --key app.pem --unverified",
        "bulk in -o out --key app.pem --unverified --verify-key user.pub.pem",
        "bulk in -o - --key app.pem --unverified --resume",
    ] {
        let words: Vec<_> = line.split_whitespace().collect();
        run(scene.path(), &words, b"").refused(2, "usage");
    }
}
