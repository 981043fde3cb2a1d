//! A run that would write over what it reads, or over something of its own, is none.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Stdio;

use super::{KEYS, bulk, files_in, flows};
use crate::scene::{Scene, command};

/// Every file with its content.
fn content(scene: &Scene) -> Vec<(String, Vec<u8>)> {
    let files = files_in(scene.path()).into_iter();
    let files = files.filter(|name| scene.path().join(name).is_file());
    files
        .map(|name| (name.clone(), fs::read(scene.path().join(&name)).unwrap()))
        .collect()
}

/// Refused, in words that name both roles, and nothing has changed.
#[track_caller]
fn apart(scene: &Scene, line: &str) {
    for more in ["", "--force", "--resume", "--force --resume"] {
        let before = content(scene);
        let ran = bulk(scene, &format!("{line} {more}"));
        let has_roles = ran.stderr.contains(" this is ") && ran.stderr.contains(" as well");
        assert!(has_roles, "{line} {more}: {ran:?}");
        ran.refused(2, "usage");
        assert!(content(scene) == before, "{line} {more}");
    }
}

#[test]
fn no_input_is_written_over() {
    let scene = Scene::new();
    let at = |name: &str| scene.path().join(name);
    scene.file("in", flows(1).concat());
    fs::create_dir(at("directory")).unwrap();
    symlink(at("in"), at("link")).unwrap();
    symlink("directory/../in", at("directory/../relative")).unwrap();
    fs::hard_link(at("in"), at("hard")).unwrap();
    symlink(scene.path(), at("here")).unwrap();
    for out in [
        "in",
        "./in",
        "directory/../in",
        "link",
        "relative",
        "hard",
        "here/in",
    ] {
        apart(&scene, &format!("in -o {out}"));
        apart(&scene, &format!("{out} -o in"));
        apart(&scene, &format!("in -o out --errors {out}"));
    }
    // What a run keeps beside its rows.
    for name in [
        "out.part",
        "out.checkpoint",
        "out.checkpoint.new",
        "bad.part",
    ] {
        fs::copy(at("in"), at(name)).unwrap();
        apart(&scene, &format!("{name} -o out --errors bad"));
        apart(&scene, &format!("in here/{name} -o ./out --errors ./bad"));
        fs::remove_file(at(name)).unwrap();
        fs::hard_link(at("in"), at(name)).unwrap();
        apart(&scene, "in -o out --errors bad");
        fs::remove_file(at(name)).unwrap();
    }
    // And what is no file of flows.
    scene.file("profile.json", "{}");
    fs::create_dir(at("people")).unwrap();
    fs::copy(at("user.pub.pem"), at("people/1.pem")).unwrap();
    apart(&scene, "in -o app.pem");
    apart(&scene, "in -o user.pub.pem");
    apart(
        &scene,
        "in -o out --errors profile.json --profile here/profile.json",
    );
    let line = "bulk in -o people/2.pem --key app.pem --verifiers here/people --quiet";
    scene.run(line).refused(2, "usage");
    let line = "bulk in -o people/rows --key app.pem --verifiers people --quiet";
    scene.run(line).refused(1, "no_verifying_key");
}

#[test]
fn no_two_of_its_own_files_are_one() {
    let scene = Scene::new();
    scene.file("in", flows(1).concat());
    symlink(scene.path(), scene.path().join("here")).unwrap();
    for errors in [
        "out",
        "./out",
        "here/out",
        "out.part",
        "here/out.part",
        "out.checkpoint",
        "out.checkpoint.new",
    ] {
        apart(&scene, &format!("in -o out --errors {errors}"));
    }
    apart(&scene, "in -o bad.part --errors bad");
    apart(&scene, "in -o here/bad.part --errors ./bad");
    assert!(
        !files_in(scene.path())
            .iter()
            .any(|name| name.starts_with("out"))
    );

    // Two names that were one file's before.
    scene.file("out", "rows");
    fs::hard_link(scene.path().join("out"), scene.path().join("bad")).unwrap();
    apart(&scene, "in -o out --errors bad");
    // Names that are alike and are not one.
    bulk(&scene, "in -o rows --errors rows.bad").done();
}

#[test]
fn standard_streams_may_be_a_file_too() {
    let scene = Scene::new();
    scene.file("in", flows(1).concat());
    let before = content(&scene);
    let run = |line: &str, stdin: bool, stdout: bool| {
        let file = scene.path().join("in");
        let line = format!("bulk {line} {KEYS} --quiet");
        let words: Vec<_> = line.split_whitespace().collect();
        let mut command = command(scene.path(), &words);
        if stdin {
            command.stdin(fs::File::open(&file).unwrap());
        }
        if stdout {
            command.stdout(fs::File::options().append(true).open(&file).unwrap());
        } else {
            command.stdout(Stdio::piped());
        }
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), stderr)
    };
    for (line, stdin, stdout) in [
        ("in -o -", false, true),
        ("-o -", true, true),
        ("-o in --force", true, false),
        ("- -o out --errors in --force", true, false),
    ] {
        let (status, stderr) = run(line, stdin, stdout);
        assert!(stderr.starts_with("error[usage]: "), "{line}: {stderr}");
        assert_eq!(status, Some(2), "{line}");
        assert!(content(&scene) == before, "{line}");
    }
    assert_eq!(run("- -o -", true, false), (Some(0), String::new()));
}
