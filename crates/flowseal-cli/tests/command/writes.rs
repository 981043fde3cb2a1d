//! What the command writes to files: whole or not at all, for its owner's eyes, over nothing.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::scene::Scene;

const VERIFY: &str = "verify flow.json --verify-key user.pub.pem --evidence evidence.json";

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Runs a line of the command behind `set_up`, which the shell does first.
fn behind(set_up: &str, scene: &Scene, line: &str) -> std::process::ExitStatus {
    let script = format!("{set_up}; exec \"$0\" {line}");
    Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_flowseal")])
        .current_dir(scene.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap()
}

#[test]
fn evidence_is_written_whole_and_for_its_owner_alone() {
    let scene = Scene::new();
    let before = names(scene.path()).len();
    assert!(behind("umask 0", &scene, VERIFY).success());
    let written = fs::metadata(scene.path().join("evidence.json")).unwrap();
    assert_eq!(written.permissions().mode() & 0o7777, 0o600);
    assert_eq!(names(scene.path()).len(), before + 1, "no draft is left");
    scene
        .run("verify --from-evidence evidence.json --verify-key user.pub.pem")
        .done();
}

#[test]
fn a_file_that_is_there_is_kept_unless_it_is_forced() {
    let scene = Scene::new();
    scene.file("evidence.json", "of yesterday");
    let there = scene.path().join("evidence.json");
    fs::set_permissions(&there, fs::Permissions::from_mode(0o644)).unwrap();
    let ran = scene.run(VERIFY);
    assert!(
        ran.stderr.contains("evidence.json: is there already"),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("--force"), "{ran:?}");
    assert_eq!(ran.refused(2, "io"), "");
    assert_eq!(fs::read(&there).unwrap(), b"of yesterday");

    scene.run(&format!("{VERIFY} --force")).done();
    let replaced = fs::read_to_string(&there).unwrap();
    assert!(
        replaced.starts_with('{') && replaced.ends_with("}\n"),
        "{replaced}"
    );
    let mode = fs::metadata(&there).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
    scene
        .run("verify flow.json --verify-key user.pub.pem --force")
        .refused(2, "usage");
}

#[test]
fn nothing_is_written_through_a_link_forced_or_not() {
    let scene = Scene::new();
    scene.file("precious", "precious");
    for target in ["precious", "nowhere"] {
        let link = scene.path().join("evidence.json");
        symlink(target, &link).unwrap();
        for line in [VERIFY, &format!("{VERIFY} --force")] {
            assert_eq!(scene.run(line).refused(2, "io"), "", "{target}");
            assert_eq!(fs::read_link(&link).unwrap(), Path::new(target));
        }
        fs::remove_file(&link).unwrap();
    }
    assert_eq!(
        fs::read(scene.path().join("precious")).unwrap(),
        b"precious"
    );
    assert!(!scene.path().join("nowhere").exists());
    let forced = "verify flow.json --verify-key user.pub.pem --force --evidence";
    scene.run(&format!("{forced} .")).refused(2, "io");
    scene.run(&format!("{forced} /dev/null")).refused(2, "io");
}

#[test]
fn a_run_that_is_killed_leaves_no_half_a_file() {
    let scene = Scene::new();
    // The system kills a process that writes more than the shell allows.
    let status = behind("ulimit -c 0; ulimit -f 1", &scene, VERIFY);
    assert!(status.code().is_none(), "{status}");
    assert!(!scene.path().join("evidence.json").exists());
    // What it leaves is in nobody's way, and stays for who looks what has happened.
    let drafts = |scene: &Scene| {
        let names = names(scene.path());
        names
            .iter()
            .filter(|name| name.starts_with(".flowseal-"))
            .count()
    };
    assert_eq!(drafts(&scene), 1);
    scene.run(VERIFY).done();
    assert_eq!(drafts(&scene), 1);
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let scene = Scene::new();
    let ran = scene.run("verify flow.json --verify-key user.pub.pem --evidence nowhere/evidence");
    assert!(
        ran.stderr.contains("nowhere/evidence: cannot be written"),
        "{ran:?}"
    );
    assert_eq!(ran.refused(2, "io"), "");
}
