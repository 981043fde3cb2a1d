//! Inputs and places that are not what they should be: said at once, and nothing waits for them.

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, symlink};
use std::process::Command;

use super::{KEYS, bulk, files_in, flows, rows};
use crate::scene::Scene;

/// The files of the scene that a run would have made.
fn left(scene: &Scene) -> Vec<String> {
    let files = files_in(scene.path()).into_iter();
    files
        .filter(|name| name.starts_with("out") || name.starts_with("bad"))
        .collect()
}

#[test]
fn nothing_but_a_file_gives_way_to_what_a_run_keeps() {
    let scene = Scene::new();
    scene.file("in", flows(1).concat());
    let at = |name: &str| scene.path().join(name);
    for name in [
        "out.part",
        "out.checkpoint",
        "out.checkpoint.new",
        "bad.part",
    ] {
        for more in ["", "--force", "--resume"] {
            let refused = |what: &str| {
                let ran = bulk(&scene, &format!("in -o out --errors bad {more}"));
                assert!(
                    ran.stderr.contains("not replaced"),
                    "{what} {more}: {ran:?}"
                );
                let begin = format!("error[io]: {name}: ");
                assert!(ran.stderr.starts_with(&begin), "{what} {more}: {ran:?}");
                assert_eq!(left(&scene), [name], "{what} {more}");
            };
            let made = Command::new("mkfifo").arg(at(name)).status().unwrap();
            assert!(made.success());
            refused("a pipe, which would be waited for");
            assert!(fs::metadata(at(name)).unwrap().file_type().is_fifo());
            fs::remove_file(at(name)).unwrap();
            symlink("/dev/zero", at(name)).unwrap();
            refused("a device, which has no end");
            fs::remove_file(at(name)).unwrap();
            fs::create_dir(at(name)).unwrap();
            refused("a directory");
            fs::remove_dir(at(name)).unwrap();
        }
    }
}

#[test]
fn a_name_that_no_file_can_have_is_told_before_anything_is_begun() {
    let scene = Scene::new();
    scene.file("in", flows(1).concat());
    for (line, code) in [
        ("-o out/", "usage"),
        ("-o out/.", "usage"),
        ("-o out --errors bad/", "usage"),
        ("-o out --errors -", "usage"),
        ("-o out --errors missing/bad", "io"),
        ("-o missing/out --errors bad", "io"),
        ("-o in/out --errors bad", "io"),
    ] {
        bulk(&scene, &format!("in {line}")).refused(2, code);
        assert!(left(&scene).is_empty(), "{line}: {:?}", left(&scene));
    }
}

#[test]
fn what_holds_no_lines_is_told_with_what_makes_them() {
    let scene = Scene::new();
    let flow = flows(1).concat();
    for (head, command) in [
        (&b"\xfd7zXZ\0"[..], "xz -dc"),
        (b"BZh91AY&SY", "bzip2 -dc"),
        (b"\x04\x22\x4d\x18", "lz4 -dc"),
        (b"PK\x03\x04", "unzip -p"),
        (b"\xff\xfe{\0", "iconv -f UTF-16"),
    ] {
        let input = [head, b"\n", flow.as_bytes()].concat();
        scene.file("in", &input);
        let piped = format!("bulk - -o - --quiet {KEYS}");
        for ran in [bulk(&scene, "in -o out"), scene.run_with(&piped, &input)] {
            assert!(ran.stderr.contains(command), "{ran:?}");
            assert_eq!(ran.refused(2, "usage"), "");
            assert!(left(&scene).is_empty());
        }
        // Behind a line that is one, they are a line that is none.
        scene.file("in", [flow.as_bytes(), b"\n", &input].concat());
        bulk(&scene, "in -o -").refused(1, "json");
    }
}

#[test]
fn json_over_several_lines_is_told_what_makes_one() {
    let scene = Scene::new();
    let flow: serde_json::Value = serde_json::from_str(&flows(1).concat()).unwrap();
    scene.file("in", serde_json::to_string_pretty(&flow).unwrap());
    let ran = bulk(&scene, "in -o out");
    assert!(ran.stderr.contains("jq -c . makes one"), "{ran:?}");
    ran.refused(1, "json");
    // What has lines that are flows needs no such advice.
    scene.file("in", format!("{flow}\nnonsense"));
    let ran = bulk(&scene, "in -o out --force");
    assert!(!ran.stderr.contains("jq"), "{ran:?}");
    ran.refused(1, "json");
}

#[test]
fn what_follows_a_gzip_is_a_row_in_its_place() {
    use std::io::Write as _;

    let scene = Scene::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all((flows(2).join("\n") + "\n").as_bytes())
        .unwrap();
    let gzip = gzip.finish().unwrap();
    scene.file("next", flows(1).concat());
    for (what, more) in [
        ("garbage", &b"garbage"[..]),
        ("half a member", &gzip[..gzip.len() / 2]),
        ("half a head", &gzip[..5]),
        ("zeros and more", b"\0\0\0x"),
    ] {
        scene.file("in", [&gzip, more].concat());
        bulk(&scene, "in next -o out --force").refused(1, "io");
        let rows = rows(&scene.path().join("out"));
        // What was decoded of a half member is not lost, up to the line that breaks off.
        let codes: Vec<_> = rows.iter().map(|row| row["code"].as_str()).collect();
        let damage = codes.iter().position(|code| *code == Some("io")).unwrap();
        assert!(
            damage >= 2 && damage == codes.len() - 2,
            "{what}: {codes:?}"
        );
        assert!(
            codes.iter().filter(|code| code.is_some()).count() == 1,
            "{what}"
        );
        let lines = rows.iter().map(|row| row["line"].as_u64());
        assert!(lines.eq((1..=rows.len()).map(|line| u64::try_from(line).ok())));
    }
}
