//! Keys that stay in their token, in the place of files: the same rows. `cargo xtask tokens` runs
//! these.

use std::fs;
use std::io::Write as _;
use std::process::Command;
use std::sync::OnceLock;

use super::{bulk, files_in, flows};
use crate::scene::{Scene, command};
use crate::token_scene as tokens;

const URI: &str = "pkcs11:token=bulk;object";

/// The scene with its keys in a token as well, and what names the module that counts.
fn scene() -> (Scene, String) {
    let scene = Scene::new();
    let file = |name: &str| scene.path().join(name);
    static MADE: OnceLock<()> = OnceLock::new();
    MADE.get_or_init(|| {
        tokens::token("bulk");
        tokens::import("bulk", &file("app.pem"), "app", "01");
        tokens::import("bulk", &file("user.pem"), "user", "02");
    });
    let pin = tokens::file("bulk-pin", format!("{}\n", tokens::PIN));
    // It forwards to SoftHSM, and has no orders.
    let shim = std::env::var("TOKEN_SHIM").unwrap();
    tokens::file("orders", "");
    tokens::file("counts", "");
    (
        scene,
        format!("--module {shim} --pin-file {}", pin.display()),
    )
}

/// How many sessions were opened since the last time, each of which was closed again.
#[track_caller]
fn sessions() -> usize {
    let counts = fs::read_to_string(std::env::var_os("TOKEN_SHIM_COUNTS").unwrap()).unwrap();
    let (opened, closed) = (counts.matches('o').count(), counts.matches('x').count());
    assert_eq!(opened, closed, "sessions are left over");
    tokens::file("counts", "");
    opened
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_token_gives_the_rows_that_files_give() {
    let (scene, module) = scene();
    scene.file("in", flows(40).join("\n"));
    let now = "--now 1716820200 --quiet";
    let read = |name: &str| fs::read(scene.path().join(name)).unwrap();
    bulk(&scene, "in -o file --errors bad").refused(1, "signature_invalid");
    assert_eq!(sessions(), 0);

    let keys = format!("--key {URI}=app --verify-key");
    for (name, user, threads) in [
        ("one", "user.pub.pem", 1),
        ("many", "user.pub.pem", 4),
        ("both", &*format!("{URI}=user"), 2),
    ] {
        let line = format!("bulk in -o {name} --errors {name}.bad --threads {threads}");
        let ran = scene.run(&format!("{line} {keys} {user} {module} {now}"));
        ran.refused(1, "signature_invalid");
        assert!(read(name) == read("file"), "{name}");
        assert!(read(&format!("{name}.bad")) == read("bad"), "{name}");
        assert!(sessions() > 0);
    }

    // What cannot be used is said before anything is written.
    let before = files_in(scene.path());
    let wrong = tokens::file("bulk-wrong-pin", "0000\n");
    let right = tokens::file("bulk-pin", format!("{}\n", tokens::PIN));
    let [wrong, right] = [wrong, right].map(|file| file.display().to_string());
    let line = format!("bulk in -o other {keys} user.pub.pem {module} {now}");
    scene.run(&line.replace(&right, &wrong)).refused(2, "pin");
    scene
        .run(&line.replace("=app", "=none"))
        .refused(2, "key_kind");
    assert_eq!(files_in(scene.path()), before);
    sessions();
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_token_is_left_in_order_by_a_run_that_is_stopped() {
    let (scene, module) = scene();
    let flows = flows(300).join("\n");
    let line = format!(
        "bulk -o out --key {URI}=app --verify-key user.pub.pem --select naming {module} --quiet \
         --now 1716820200"
    );
    let words: Vec<_> = line.split_whitespace().collect();
    let mut child = command(scene.path(), &words).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // More than a pipe holds: when this is written, the command has begun.
    stdin
        .write_all(&flows.as_bytes()[..flows.len() / 2])
        .unwrap();
    // It computes, in sessions that it has to close.
    let counts = std::env::var_os("TOKEN_SHIM_COUNTS").unwrap();
    while !fs::read_to_string(&counts).unwrap().contains('d') {
        assert!(child.try_wait().unwrap().is_none(), "it has ended");
        std::thread::yield_now();
    }
    let kill = ["-s", "INT", &child.id().to_string()];
    assert!(Command::new("kill").args(kill).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    // One that keeps the login, and one that computes at least.
    assert!(sessions() >= 2);
    drop(stdin);

    // A run goes on with the key's file, too: it is the same key.
    let file = "bulk -o out --key app.pem --verify-key user.pub.pem --select naming --quiet \
        --now 1716820200 --resume";
    scene
        .run_with(file, flows.as_bytes())
        .refused(1, "signature_invalid");
    let whole = "bulk -o whole --key app.pem --verify-key user.pub.pem --select naming --quiet \
        --now 1716820200";
    scene
        .run_with(whole, flows.as_bytes())
        .refused(1, "signature_invalid");
    let [out, whole] = ["out", "whole"].map(|name| fs::read(scene.path().join(name)).unwrap());
    assert!(out == whole);
}
