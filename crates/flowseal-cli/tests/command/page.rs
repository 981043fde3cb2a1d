//! `verify --format html`: the page, and the lines on it.

use std::path::Path;
use std::process::Command;

use crate::scene::{NOW, Scene};

#[test]
fn a_page_is_printed_of_what_is_verified_and_of_what_is_refused() {
    let scene = Scene::new();
    let verify = format!("verify flow.json --verify-key user.pub.pem --now {NOW} --format html");
    let page = scene
        .run(&format!("{verify} --evidence evidence.json"))
        .done();
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(page.contains("<h1>The e-signature is valid</h1>"));

    let from = "verify --from-evidence evidence.json --verify-key user.pub.pem --format html";
    let page = scene.run(from).done();
    assert!(page.contains("<h1>The e-signature is valid</h1>") && page.contains("was noted"));
    scene.file("profile.json", r#"{"algorithm": "RS384"}"#);
    let ran = scene.run(&format!("{from} --profile profile.json"));
    assert_eq!(ran.refused(2, "profile_mismatch"), "");

    let keys = "--key app.pem --verify-key user.pub.pem";
    let disclose =
        format!("disclose flow.json {keys} --now {NOW} --path naming.given -o shown.json");
    assert_eq!(scene.run(&disclose).status, 0);
    let from = "verify --disclosure shown.json --app-key app.pub.pem --verify-key user.pub.pem";
    let page = scene.run(&format!("{from} --format html")).done();
    assert!(page.contains("Adébáyọ̀") && !page.contains("ada@example.ng"));

    let from = "verify --from-evidence evidence.json --verify-key user.pub.pem --format html";
    let refused = scene.run(&format!("{verify} --reference req_other"));
    let page = refused.refused(1, "expectation_failed");
    assert!(page.contains("<h1>Refused</h1>") && page.ends_with("</html>\n"));
    let refused = scene.run(&from.replace("user.pub", "app.pub"));
    let page = refused.refused(1, "no_verifying_key");
    assert!(page.contains("<h1>Refused</h1>") && page.ends_with("</html>\n"));
}

/// The lines of each page in its order, as they stand there, in a folder that has what the page
/// says is needed and nothing else.
#[test]
#[ignore = "needs openssl: cargo xtask test"]
fn the_lines_of_a_page_run_as_they_stand() {
    let scene = Scene::new();
    scene.file("own.json", r#"{"algorithm": "RS256", "leaf": "auto"}"#);
    let flow = format!("verify flow.json --verify-key user.pub.pem --now {NOW}");
    let keys = "--key app.pem --verify-key user.pub.pem";
    let disclose = format!("disclose flow.json {keys} --path naming.given -o shown.json");
    assert_eq!(scene.run(&disclose).status, 0);
    scene.run(&format!("{flow} --evidence kept.json")).done();
    let kept = "verify --from-evidence kept.json --verify-key user.pub.pem";
    let shown = "verify --disclosure shown.json --app-key app.pub.pem --verify-key user.pub.pem";
    let key = ("key.pem", "user.pub.pem");
    let own = ("profile.json", "own.json");
    let app = [
        ("app.pub.pem", "app.pub.pem"),
        ("disclosure.json", "shown.json"),
    ];
    for (line, needed) in [
        // No evidence file was written.
        (flow.clone(), vec![key]),
        (format!("{flow} --profile own.json"), vec![key]),
        (kept.to_owned(), vec![key]),
        (format!("{kept} --profile own.json"), vec![key, own]),
        (shown.to_owned(), vec![key, app[0], app[1]]),
        (
            format!("{shown} --profile own.json"),
            vec![key, app[0], app[1], own],
        ),
    ] {
        let page = scene.run(&format!("{line} --format html")).done();
        let folder = tempfile::tempdir().unwrap();
        for (name, from) in &needed {
            std::fs::copy(scene.path().join(from), folder.path().join(name)).unwrap();
        }
        let named = page.matches("<li><code>").count();
        assert_eq!(named, needed.len(), "{line}");
        for (name, _) in needed {
            assert!(
                page.contains(&format!("<li><code>{name}</code>, ")),
                "{line}"
            );
        }
        let blocks = page.split("<pre class=\"commands").skip(1);
        let lines = blocks.map(|block| {
            let (_, block) = block.split_once('>').unwrap();
            let text = block.split_once("</pre>").unwrap().0;
            let text = text.replace("&lt;", "<").replace("&gt;", ">");
            text.replace("&quot;", "\"").replace("&#39;", "'")
        });
        let said = shell(folder.path(), &lines.collect::<String>());
        assert!(said.contains("\"verified\": true"), "{line}: {said}");
        assert!(said.ends_with("Verified OK\n"), "{line}: {said}");
        let written = std::fs::read(folder.path().join("evidence.json")).unwrap();
        if line == kept {
            assert_eq!(
                written,
                std::fs::read(scene.path().join("kept.json")).unwrap()
            );
        }
    }
}

/// The lines of the page for auditors in its order, as they stand there.
#[test]
#[ignore = "needs openssl: cargo xtask test"]
fn the_lines_of_the_auditors_page_run_as_they_stand() {
    let page = include_str!("../../../flowseal/docs/auditors.md");
    let scene = Scene::new();
    for (name, from) in [("key.pem", "user.pub.pem"), ("app.pub.pem", "app.pub.pem")] {
        let key = std::fs::read(scene.path().join(from)).unwrap();
        scene.file(name, key);
    }
    scene.file("profile.json", r#"{"algorithm": "RS256"}"#);
    let blocks: Vec<_> = page.split("```\n").skip(1).step_by(2).collect();
    assert_eq!(blocks.len(), 4);
    let said = shell(scene.path(), &blocks.concat());
    assert_eq!(said.matches("\"verified\": true").count(), 2, "{said}");
    assert!(said.contains("Verified OK\n{\"claims\":{"), "{said}");
    let evidence = std::fs::read_to_string(scene.path().join("evidence.json")).unwrap();
    let (_, fingerprint) = evidence.split_once("\"key\":{\"fingerprint\":\"").unwrap();
    let (fingerprint, _) = fingerprint.split_once('"').unwrap();
    assert!(said.contains(&format!("{fingerprint} *stdin")), "{said}");
    let html = std::fs::read_to_string(scene.path().join("page.html")).unwrap();
    assert!(html.contains("<h1>The e-signature is valid</h1>"));

    // The line in the text, over a file of that name.
    let line = page
        .split_once("`flowseal verify --disclosure FILE\n")
        .unwrap()
        .1;
    let line = line.split_once('`').unwrap().0;
    let keys = "--key app.pem --verify-key key.pem --path naming -o FILE";
    scene.run(&format!("disclose flow.json {keys}")).done();
    let checked = scene
        .run(&format!("verify --disclosure FILE {line}"))
        .json();
    assert_eq!(checked["disclosed"]["naming"]["given"], "Adébáyọ̀");
}

/// What a shell prints that has this command in its path, and ends at the first line that fails.
fn shell(directory: &Path, lines: &str) -> String {
    let command = Path::new(env!("CARGO_BIN_EXE_flowseal"));
    let mut path = command.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    let ran = Command::new("sh")
        .args(["-e", "-c", lines])
        .env("PATH", path)
        .current_dir(directory)
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    let faults = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success(), "{said}{faults}");
    said
}
