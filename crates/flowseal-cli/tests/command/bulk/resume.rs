//! Runs that are stopped, by whatever and whenever, and go on: the same bytes as of one run.
#![allow(
    clippy::print_stdout,
    reason = "a test that is skipped says so by name"
)]

use std::fs;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

use super::{KEYS, bulk, files_in, many};
use crate::scene::{Scene, command};

/// Runs the command behind what a shell does first.
fn behind(set_up: &str, scene: &Scene, line: &str) -> ExitStatus {
    let binary = env!("CARGO_BIN_EXE_flowseal");
    let script = format!("{set_up}; exec {binary} bulk {line} {KEYS} --quiet 2>stderr");
    let mut shell = Command::new("sh");
    let shell = shell.args(["-c", &script]).current_dir(scene.path());
    shell.status().unwrap()
}

fn read(scene: &Scene, name: &str) -> Vec<u8> {
    fs::read(scene.path().join(name)).unwrap()
}

/// A scene with many records, and the rows of a run that nobody stopped.
fn scene() -> (Scene, Vec<u8>, Vec<u8>) {
    let scene = Scene::new();
    scene.file("in", many());
    bulk(&scene, "in -o whole --errors refused").refused(1, "signature_invalid");
    let (whole, refused) = (read(&scene, "whole"), read(&scene, "refused"));
    (scene, whole, refused)
}

#[test]
fn a_run_that_is_killed_goes_on_wherever_it_was() {
    let (scene, whole, refused) = scene();
    let line = "in -o out --errors bad --threads 2";
    // The system kills who writes a file beyond so many blocks of 512 bytes.
    let blocks = whole.len() / 512;
    let mut resumed = 0;
    for part in [0, 1, 20, 50, 77, 99] {
        let limit = format!("ulimit -c 0; ulimit -f {}", blocks * part / 100);
        let killed = behind(&limit, &scene, line);
        assert!(killed.signal().is_some(), "{part}: {killed}");
        assert!(!scene.path().join("out").exists());
        // Once more, and a little further.
        let limit = format!(
            "ulimit -c 0; ulimit -f {}",
            (blocks * part / 100 + 40).min(blocks - 1)
        );
        let killed = behind(&limit, &scene, &format!("{line} --resume"));
        assert!(killed.signal().is_some(), "{part}: {killed}");
        let checkpoint = fs::read_to_string(scene.path().join("out.checkpoint"));
        resumed += usize::from(checkpoint.is_ok_and(|it| !it.contains("\"batches\": 0")));
        bulk(&scene, &format!("{line} --resume")).refused(1, "signature_invalid");
        assert!(read(&scene, "out") == whole, "{part}");
        assert!(read(&scene, "bad") == refused, "{part}");
        for name in ["out", "bad"] {
            fs::remove_file(scene.path().join(name)).unwrap();
        }
        let left = files_in(scene.path()).into_iter();
        let left: Vec<_> = left.filter(|name| name.starts_with("out.")).collect();
        assert_eq!(left, ["out.checkpoint"]);
    }
    assert!(resumed >= 3, "a part of the rows was there already");
}

#[test]
fn a_disk_that_is_full_is_said_and_waited_for() {
    let (scene, whole, _) = scene();
    // Who ignores the signal gets an error.
    let limit = format!("trap '' XFSZ; ulimit -f {}", whole.len() / 512 / 2);
    let failed = behind(&limit, &scene, "in -o out");
    assert_eq!(failed.code(), Some(2));
    let stderr = fs::read_to_string(scene.path().join("stderr")).unwrap();
    assert!(
        stderr.starts_with("error[io]: out: cannot be written"),
        "{stderr}"
    );
    bulk(&scene, "in -o out --resume").refused(1, "signature_invalid");
    assert!(read(&scene, "out") == whole);
}

#[test]
fn a_disk_of_its_own_that_is_full_is_waited_for() {
    let (scene, whole, _) = scene();
    // A file system in memory that this process alone sees, and which grows later.
    for part in [2, 6, 9] {
        if !full_disk(&scene, whole.len() / 1024 * part / 12) {
            println!("skipped: a mount of its own needs root");
            return;
        }
        assert!(read(&scene, "out") == whole, "{part}");
    }
}

/// Runs out of room on a disk of so many KiB and goes on when there is some; `false` where nobody
/// may mount one.
fn full_disk(scene: &Scene, kib: usize) -> bool {
    let may = Command::new("unshare")
        .args(["-m", "true"])
        .stderr(Stdio::null())
        .status();
    if !may.is_ok_and(|status| status.success()) {
        return false;
    }
    let run = format!(
        "{} bulk ../in -o out {KEYS} --quiet",
        env!("CARGO_BIN_EXE_flowseal")
    );
    let run = run
        .replace("app.pem", "../app.pem")
        .replace("user.pub.pem", "../user.pub.pem");
    let script = format!(
        "set -e; mkdir -p disk; mount -t tmpfs -o size={kib}k none disk; cd disk
         {run} 2>../stderr && exit 10 || test $? = 2
         mount -o remount,size=8m .
         resume=; test ! -e out.checkpoint || resume=--resume
         {run} $resume && exit 11 || test $? = 1
         test \"$(ls | tr '\\n' ' ')\" = 'out out.checkpoint '; cp out ../out"
    );
    let mut shell = Command::new("unshare");
    let shell = shell
        .args(["-m", "sh", "-c", &script])
        .current_dir(scene.path());
    let ran = shell.output().unwrap();
    let stderr = fs::read_to_string(scene.path().join("stderr")).unwrap();
    assert!(ran.status.success(), "{ran:?} {stderr}");
    assert!(stderr.starts_with("error[io]: out"), "{stderr}");
    true
}

/// By hand: `cargo xtask audit`. Kills at moments that nobody chooses.
#[test]
#[ignore = "fifty runs that are killed"]
fn fifty_kills_change_nothing() {
    let (scene, whole, refused) = scene();
    let line = format!("bulk in -o out --errors bad --threads 2 {KEYS} --quiet");
    let words: Vec<_> = line.split_whitespace().collect();
    let begun = Instant::now();
    command(scene.path(), &words).output().unwrap();
    let all = begun.elapsed();
    let (mut killed, mut resumed) = (0, 0);
    for at in 0..50 {
        for name in ["out", "bad"] {
            fs::remove_file(scene.path().join(name)).unwrap();
        }
        let mut resume = words.clone();
        loop {
            let mut child = command(scene.path(), &resume).spawn().unwrap();
            // A part of the time of a whole run, and no two alike.
            std::thread::sleep(all * (at * 37 % 50 + 1) / 60);
            child.kill().unwrap();
            let status = child.wait_with_output().unwrap().status;
            if status.code() == Some(1) {
                break;
            }
            killed += 1;
            let kept = fs::read_to_string(scene.path().join("out.checkpoint"));
            resumed += usize::from(kept.is_ok_and(|it| !it.contains("\"batches\": 0")));
            resume.clone_from(&words);
            resume.push("--resume");
            if killed % 3 == 0 {
                command(scene.path(), &resume).output().unwrap();
                break;
            }
        }
        assert!(read(&scene, "out") == whole, "{at}");
        assert!(read(&scene, "bad") == refused, "{at}");
    }
    println!("{killed} runs were killed, {resumed} of them behind a checkpoint");
    let full = (1..=10).filter(|part| full_disk(&scene, whole.len() / 1024 * part / 12));
    let full = full.count();
    println!("{full} disks were full");
}

#[test]
fn whoever_interrupts_gets_a_checkpoint() {
    let (scene, whole, _) = scene();
    let line = format!("bulk -o out {KEYS} --quiet");
    let words: Vec<_> = line.split_whitespace().collect();
    for signal in ["INT", "TERM"] {
        let mut child = command(scene.path(), &words).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // More than a pipe holds: when all of it is written, the command has begun to read. The
        // pipe stays open, and the command waits in it.
        let part = many().len() * 3 / 4;
        stdin.write_all(&many().as_bytes()[..part]).unwrap();
        let kill = ["-s", signal, &child.id().to_string()];
        assert!(Command::new("kill").args(kill).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            stderr.starts_with("error[checkpoint]: stopped after "),
            "{stderr}"
        );
        assert_eq!(output.status.code(), Some(2));
        drop(stdin);

        let resume = format!("{line} --resume");
        let ran = scene.run_with(&resume, many().as_bytes());
        ran.refused(1, "signature_invalid");
        assert!(read(&scene, "out") == whole, "{signal}");
        fs::remove_file(scene.path().join("out")).unwrap();
    }
}

#[test]
fn whoever_interrupts_twice_does_not_wait() {
    use std::io::{BufRead as _, BufReader};

    let scene = Scene::new();
    // The rows go into a pipe that nobody reads, so the batches in hand are never done.
    let line = format!("bulk -o - {KEYS} --progress off --threads 8");
    let words: Vec<_> = line.split_whitespace().collect();
    let mut child = command(scene.path(), &words).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || {
        // The command ends before it has all of this.
        while stdin.write_all(many().as_bytes()).is_ok() {}
    });
    let mut rows = BufReader::with_capacity(1, child.stdout.take().unwrap());
    let mut first = String::new();
    rows.read_line(&mut first).unwrap();
    let kill = ["-s", "INT", &child.id().to_string()];
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut kills = 0;
    while child.try_wait().unwrap().is_none() {
        assert!(Command::new("kill").args(kill).status().unwrap().success());
        kills += 1;
        assert!(kills < 1000, "it does not end");
    }
    let status = child.wait().unwrap();
    assert_eq!(status.signal(), Some(2), "{status}");
    assert!(
        told.next()
            .is_none_or(|line| !line.unwrap().starts_with("error"))
    );
    feeding.join().unwrap();
}

#[test]
fn what_is_resumed_is_the_same_run() {
    let (scene, whole, _) = scene();
    let limit = format!("ulimit -c 0; ulimit -f {}", whole.len() / 512 / 2);
    scene.file("profile.json", r#"{"cesu8": false}"#);
    scene.file("other", many().replacen("req_0", "req_O", 1));
    scene.file("shorter", &many()[..many().len() / 8]);
    assert!(behind(&limit, &scene, "in -o out").signal().is_some());
    let checkpoint = fs::read_to_string(scene.path().join("out.checkpoint")).unwrap();
    assert!(!checkpoint.contains("\"batches\": 0"), "{checkpoint}");

    let resume = |line: &str| {
        let ran = scene.run(&format!("bulk {line} -o out --resume --quiet"));
        let sentence = ran.stderr.clone();
        ran.refused(2, "checkpoint");
        sentence
    };
    assert!(resume(&format!("other {KEYS}")).contains("another input"));
    assert!(resume(&format!("shorter {KEYS}")).contains("another input"));
    let other = "--verify-key user.pub.pem --now 1716820200";
    scene.pair("new", &flowseal::testkit::KeyPair::generate(2048).unwrap());
    assert!(resume(&format!("in --key new.pem {other}")).contains("another key"));
    assert!(resume(&format!("in {KEYS} --profile profile.json")).contains("another profile"));
    assert!(resume("in --key app.pem --unverified --now 1716820200").contains("verifying key"));
    assert!(resume(&format!("in {KEYS} --select naming")).contains("another selection"));
    let later = KEYS.replace("1716820200", "1716820201");
    assert!(resume(&format!("in {later}")).contains("another moment"));
    scene.file(
        "out.checkpoint",
        sealed(&checkpoint.replace(&format!("\"{}\"", env!("CARGO_PKG_VERSION")), "\"0.0.1\"")),
    );
    assert!(resume(&format!("in {KEYS}")).contains("another version"));
    scene.file("out.checkpoint", &checkpoint[..checkpoint.len() / 2]);
    assert!(resume(&format!("in {KEYS}")).contains("damaged"));
    scene.file("out.checkpoint", &checkpoint);

    // Whoever does not say what they want gets nothing written over.
    bulk(&scene, "in -o out").refused(2, "checkpoint");
    let mut rows = read(&scene, "out.part");
    rows[0] ^= 1;
    scene.file("out.part", &rows);
    assert!(resume(&format!("in {KEYS}")).contains("is not what its checkpoint says"));
    rows[0] ^= 1;
    scene.file("out.part", &rows);
    // The moment of the beginning is kept, where none is given.
    let ran = scene.run("bulk in -o out --key app.pem --verify-key user.pub.pem --resume --quiet");
    ran.refused(1, "signature_invalid");
    assert!(read(&scene, "out") == whole);
    // What has the name is left alone, and nothing is done twice.
    bulk(&scene, "in -o out").refused(2, "io");
    fs::remove_file(scene.path().join("out.checkpoint")).unwrap();
    bulk(&scene, "in -o out --resume").refused(2, "checkpoint");
    bulk(&scene, "in -o out --force").refused(1, "signature_invalid");
    assert!(read(&scene, "out") == whole);
}

#[test]
fn a_run_that_is_finished_says_so_and_ends_as_it_did() {
    let (scene, whole, refused) = scene();
    let line = format!("bulk in -o whole --errors refused --resume {KEYS}");
    let ran = scene.run(&line);
    let told = "done by an earlier run: 240 records, nothing was computed\n";
    assert!(ran.stderr.starts_with(told), "{ran:?}");
    assert!(ran.stderr.contains("error[signature_invalid]: "), "{ran:?}");
    assert_eq!(ran.status, 1);
    let json = scene.run(&format!("{line} --progress json")).stderr;
    assert!(json.contains("\"done\":true"), "{json}");
    assert!(read(&scene, "whole") == whole && read(&scene, "refused") == refused);

    scene.file("good", many().lines().next().unwrap());
    bulk(&scene, "good -o out --resume").done();
    bulk(&scene, "good -o out --resume").done();
    // Another input, more of it, other rows: none of that is done.
    scene.file("good", many());
    bulk(&scene, "good -o out --resume").refused(2, "checkpoint");
    bulk(
        &scene,
        "in -o whole --errors refused --select naming --resume",
    )
    .refused(2, "checkpoint");
    scene.file("whole", &whole[..whole.len() - 1]);
    bulk(&scene, "in -o whole --errors refused --resume").refused(2, "checkpoint");
    // Nor is a run whose checkpoint somebody has edited: its counts say how the run ended.
    scene.file("whole", &whole);
    let checkpoint = fs::read_to_string(scene.path().join("whole.checkpoint")).unwrap();
    let edited = checkpoint.replace("\"signature_invalid\"", "\"signature_invalic\"");
    assert_ne!(edited, checkpoint);
    scene.file("whole.checkpoint", edited);
    bulk(&scene, "in -o whole --errors refused --resume").refused(2, "checkpoint");
    scene.file("whole.checkpoint", checkpoint);
    // Whoever has taken the rows elsewhere wants new ones, with --resume and without.
    for more in ["", "--resume"] {
        for name in ["whole", "refused"] {
            fs::remove_file(scene.path().join(name)).unwrap();
        }
        let line = format!("in -o whole --errors refused {more}");
        bulk(&scene, &line).refused(1, "signature_invalid");
        assert!(read(&scene, "whole") == whole && read(&scene, "refused") == refused);
    }
    // One that is begun anew and killed was not finished.
    fs::remove_file(scene.path().join("whole")).unwrap();
    let killed = behind("ulimit -c 0; ulimit -f 0", &scene, "in -o whole");
    assert!(killed.signal().is_some());
    bulk(&scene, "in -o whole --resume").refused(1, "signature_invalid");
    assert!(read(&scene, "whole") == whole);
}

#[test]
fn names_that_are_missing_at_the_end_are_given_later() {
    let (scene, whole, _) = scene();
    assert!(
        behind("ulimit -c 0; ulimit -f 100", &scene, "in -o out")
            .signal()
            .is_some()
    );
    // As if it had been killed between the two names of a whole file, and after them.
    bulk(&scene, "in -o done").refused(1, "signature_invalid");
    let checkpoint = fs::read_to_string(scene.path().join("out.checkpoint")).unwrap();
    let checkpoint = whole_of(&checkpoint, &scene);
    scene.file("out.checkpoint", &checkpoint);
    fs::rename(scene.path().join("done"), scene.path().join("out")).unwrap();
    fs::remove_file(scene.path().join("out.part")).unwrap();
    bulk(&scene, "in -o out --resume").refused(1, "signature_invalid");
    assert!(read(&scene, "out") == whole);

    scene.file("out.checkpoint", &checkpoint);
    fs::hard_link(scene.path().join("out"), scene.path().join("out.part")).unwrap();
    bulk(&scene, "in -o out --resume").refused(1, "signature_invalid");
    assert!(read(&scene, "out") == whole);
    assert!(!scene.path().join("out.part").exists());

    scene.file("out.checkpoint", &checkpoint);
    scene.file("out", "another file");
    bulk(&scene, "in -o out --resume").refused(2, "checkpoint");
    assert_eq!(read(&scene, "out"), b"another file");
}

/// The checkpoint of a run that has only its names to give: a run that is killed by the size of its
/// files never comes there.
fn whole_of(checkpoint: &str, scene: &Scene) -> String {
    let rows = read(scene, "done");
    let mut checkpoint: serde_json::Value = serde_json::from_str(checkpoint).unwrap();
    checkpoint["whole"] = true.into();
    checkpoint["rows"]["bytes"] = rows.len().into();
    checkpoint["rows"]["sha256"] = hexadecimal(&rows).into();
    checkpoint["read"]["bytes"] = many().len().into();
    checkpoint["read"]["lines"] = many().lines().count().into();
    checkpoint["read"]["sha256"] = hexadecimal(many().as_bytes()).into();
    checkpoint["counts"]["refused"] = serde_json::json!({"signature_invalid": 1});
    sealed(&checkpoint.to_string())
}

/// An edited checkpoint with the digest that it would have.
fn sealed(checkpoint: &str) -> String {
    let mut checkpoint: serde_json::Value = serde_json::from_str(checkpoint).unwrap();
    checkpoint.as_object_mut().unwrap().remove("sha256");
    checkpoint["sha256"] = hexadecimal(checkpoint.to_string().as_bytes()).into();
    checkpoint.to_string()
}

fn hexadecimal(bytes: &[u8]) -> String {
    use sha2::Digest as _;

    let digest = sha2::Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
