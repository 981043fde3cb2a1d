//! Inputs as others' tools compress them. What this machine lacks is skipped by name.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use super::{bulk, many};
use crate::scene::Scene;

/// What a program makes of a text; `None` where the program is not there.
fn filtered(program: &str, arguments: &[&str], text: &[u8]) -> Option<Vec<u8>> {
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        skipped(program);
        return None;
    };
    let (mut stdin, text) = (child.stdin.take().unwrap(), text.to_vec());
    let feeding = std::thread::spawn(move || stdin.write_all(&text).unwrap());
    let output = child.wait_with_output().unwrap();
    feeding.join().unwrap();
    assert!(output.status.success(), "{program}");
    Some(output.stdout)
}

#[allow(
    clippy::print_stdout,
    reason = "a test that is skipped says so by name"
)]
fn skipped(program: &str) {
    println!("skipped: {program} is not on this machine");
}

#[test]
fn what_others_compress_is_read_alike() {
    let scene = Scene::new();
    scene.file("in", many());
    bulk(&scene, "in -o whole").refused(1, "signature_invalid");
    let whole = fs::read(scene.path().join("whole")).unwrap();
    let same = |what: &str, file: &[u8]| {
        scene.file("in", file);
        bulk(&scene, "in -o out --force").refused(1, "signature_invalid");
        assert!(
            fs::read(scene.path().join("out")).unwrap() == whole,
            "{what}"
        );
    };

    let text = many().as_bytes();
    let (first, second) = text.split_at(text.len() / 3);
    for (program, arguments) in [
        ("gzip", &["-c"][..]),
        ("pigz", &["-c", "-p", "2"]),
        ("bgzip", &["-c"]),
        #[cfg(feature = "columns")]
        ("zstd", &["-c"]),
        #[cfg(feature = "columns")]
        ("zstd", &["-c", "-19", "--long=25"]),
        #[cfg(feature = "columns")]
        ("pzstd", &["-c", "-p", "2"]),
    ] {
        let Some(file) = filtered(program, arguments, text) else {
            continue;
        };
        same(program, &file);
        let parts = [first, second].map(|part| filtered(program, arguments, part).unwrap());
        same(&format!("{program}, twice"), &parts.concat());
        if program != "zstd" && program != "pzstd" {
            same(
                &format!("{program}, padded"),
                &[parts.concat(), vec![0; 4096]].concat(),
            );
        } else {
            // A frame that is to be skipped (RFC 8878, section 3.1.2).
            let skipped = b"\x5a\x2a\x4d\x18\x03\0\0\0abc";
            same("skippable frames", &[skipped, &file[..], skipped].concat());
        }
    }
}

#[test]
fn a_damaged_file_is_done_up_to_its_damage() {
    let scene = Scene::new();
    let Some(file) = filtered("gzip", &["-c"], many().as_bytes()) else {
        return;
    };
    scene.file("in", many());
    scene.file("half.gz", &file[..file.len() / 2]);
    bulk(&scene, "in -o whole").refused(1, "signature_invalid");
    bulk(&scene, "half.gz in -o out").refused(1, "signature_invalid");
    let (whole, rows) = (
        super::rows(&scene.path().join("whole")),
        super::rows(&scene.path().join("out")),
    );
    let damage = rows.iter().position(|row| row["code"] == "io").unwrap();
    assert!(damage > 50 && damage < whole.len(), "{damage}");
    assert_eq!(rows[..damage], whole[..damage]);
    let sentence = rows[damage]["sentence"].as_str().unwrap();
    assert!(
        sentence.starts_with("half.gz: what is compressed here is damaged"),
        "{sentence}"
    );
    assert_eq!(rows.len(), damage + 1 + whole.len());
    assert_eq!(
        rows.last().unwrap()["claims"],
        whole.last().unwrap()["claims"]
    );
}
