//! The openings of the table, with keys of tokens in the place of files: the same claims, codes and
//! reports. `cargo xtask tokens` runs them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use flowseal::testkit::KeyPair;
use serde_json::Value;

use crate::cases::{cases, failure, line, vectors};
use crate::scene::Scene;
use crate::token_scene as tokens;

/// The table's keys that open, by file and by the name that each has in a token.
const KEYS: [(&str, &str); 5] = [
    ("app-2048.pem", "app-2048"),
    ("app-2048.der", "app-2048"),
    ("app-4096.pem", "app-4096"),
    ("other-2048.pem", "other-2048"),
    ("user-2048.pem", "user-2048"),
];

#[test]
#[ignore = "cargo xtask tokens"]
fn softhsm_opens_as_files_do() {
    softhsm();
    agree(
        |name| format!("pkcs11:token=cases;object={name}"),
        tokens::SOFTHSM,
    );
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_token_in_another_process_opens_as_files_do() {
    softhsm();
    let _server = tokens::Server::start("cases");
    agree(
        |name| format!("pkcs11:token=cases;object={name}"),
        &tokens::client(),
    );
}

/// The command is told by `FLOWSEAL_PKCS11_INIT` what softokn is initialised with.
#[test]
#[ignore = "cargo xtask tokens"]
fn nss_opens_as_files_do() {
    tokens::nss();
    for (name, pem) in pems() {
        tokens::import_to_nss(&pem, name);
    }
    agree(|name| format!("pkcs11:object={name}"), "libsoftokn3.so");
}

/// The page of tokens, from nothing to claims, as it is printed.
#[test]
#[ignore = "cargo xtask tokens"]
fn the_page_of_tokens_leads_from_nothing_to_claims() {
    let page = include_str!("../../../flowseal-pkcs11/docs/tokens.md");
    let lines = |first: &str| {
        let mut blocks = page.split("\n```\n");
        blocks.find(|block| block.starts_with(first)).unwrap()
    };
    let lines = [
        lines("export SOFTHSM2_CONF"),
        lines("unset FLOWSEAL_PKCS11_MODULE"),
    ];
    let place = tempfile::tempdir().unwrap();
    let here = Path::new(env!("CARGO_BIN_EXE_flowseal")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let ran = Command::new("bash")
        .args(["-euc", &lines.join("\n")])
        .current_dir(place.path())
        .env("PATH", format!("{}:{path}", here.display()))
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    let stderr = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}{stderr}");
    assert!(said.contains(r#""where": "token""#), "{said}");
    // With the module in the process, and in another one.
    assert_eq!(said.matches("Adébáyọ̀").count(), 2, "{said}{stderr}");
}

/// Who may write to the directory that the command runs in has no code run by it.
#[test]
#[ignore = "cargo xtask tokens"]
fn a_module_is_not_taken_from_where_the_command_runs_unless_it_says_so() {
    softhsm();
    tokens::file("orders", "");
    let (scene, pin) = (
        Scene::new(),
        tokens::file("pin", format!("{}\n", tokens::PIN)),
    );
    let shim = std::env::var("TOKEN_SHIM").unwrap();
    std::fs::copy(shim, scene.path().join("libshim.so")).unwrap();
    let keys = |module: &str| {
        let pin = pin.display();
        scene.run(&format!(
            "keys pkcs11:token=cases --pin-file {pin} --module {module}"
        ))
    };
    keys("libshim.so").refused(2, "io");
    assert_eq!(keys("./libshim.so").status, 0);
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_pin_is_the_first_line_of_its_file() {
    softhsm();
    let (scene, pin) = (Scene::new(), tokens::PIN);
    let keys = |content: &str| {
        scene.file("pin", content);
        let module = tokens::SOFTHSM;
        scene.run(&format!(
            "keys pkcs11:token=cases --module {module} --pin-file pin"
        ))
    };
    for content in [
        format!("{pin}\r\nmore"),
        format!("\u{feff}{pin}"),
        pin.to_owned(),
    ] {
        let ran = keys(&content);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{content:?}");
        assert!(ran.stdout.contains("rsa_private"), "{content:?}");
    }
    for content in ["", "\n481516", "\r\n", " 481516", "48\u{0}1516"] {
        let ran = keys(content);
        assert!(!ran.stderr.contains(pin), "{}", ran.stderr);
        ran.refused(2, "pin");
    }
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_token_s_public_key_verifies() {
    softhsm();
    let scene = Scene::new();
    let verify = |name: &str| {
        let uri = format!("pkcs11:token=cases;object={name};type=public");
        let asked = "--reference req_sample --now 1716820181";
        let module = tokens::SOFTHSM;
        scene.run(&format!(
            "verify flow.json --verify-key {uri} --module {module} {asked}"
        ))
    };
    let verified = verify("user-2048");
    assert_eq!((verified.status, verified.stderr.as_str()), (0, ""));
    assert_eq!(verify("other-2048").code(), Some("signature_invalid"));
}

/// What is shown with a token's key is what is shown with the file's, and the same is refused: a
/// ciphertext that stands twice before the token computes anything.
#[test]
#[ignore = "cargo xtask tokens"]
fn softhsm_discloses_as_files_do() {
    softhsm();
    let scene = Scene::new();
    scene.pair("other", &KeyPair::generate(2048).unwrap());
    let pin = tokens::file("pin", format!("{}\n", tokens::PIN));
    let token = |name: &str| {
        let (module, pin) = (tokens::SOFTHSM, pin.display());
        format!("--key pkcs11:token=cases;object={name} --module {module} --pin-file {pin}")
    };
    let disclose = |key: &str, more: &str| {
        scene.run(&format!(
            "disclose flow.json {key} --verify-key user.pub.pem --path naming --path bio.birthdate {more}"
        ))
    };
    let shown = disclose(&token("app-2048"), "-o shown.json");
    assert!(
        shown.warnings()[0].starts_with("warning: beside the 3 claims"),
        "{shown:?}"
    );
    shown.done();
    let from_token = std::fs::read_to_string(scene.path().join("shown.json")).unwrap();
    assert_eq!(from_token, disclose("--key app.pem", "").done());
    let check = "verify --disclosure shown.json --app-key app.pub.pem --verify-key user.pub.pem";
    let checked = scene.run(check).json();
    assert_eq!(checked["disclosed"]["naming"]["given"], "Adébáyọ̀");

    for (key, more, status, code) in [
        (token("other-2048"), "", 1, "claim_unopenable"),
        (token("app-4096"), "", 1, "no_decrypting_key"),
        (token("user-2048"), "", 2, "key_conflict"),
        (token("app-2048"), "--path naming.nickname", 2, "disclosure"),
        (
            token("app-2048"),
            "--reference req_other",
            1,
            "expectation_failed",
        ),
        (token("nobody"), "", 2, "key_kind"),
    ] {
        assert_eq!(
            disclose(&key, more).refused(status, code),
            "",
            "{key} {more}"
        );
    }
}

fn softhsm() {
    static MADE: OnceLock<()> = OnceLock::new();
    MADE.get_or_init(|| {
        tokens::token("cases");
        for (at, (name, pem)) in pems().into_iter().enumerate() {
            tokens::import("cases", &pem, name, &format!("0{at}"));
        }
    });
}

/// Every opening of the table with the token's keys, which ends as it does with the files.
fn agree(uri: impl Fn(&str) -> String, module: &str) {
    let scene = Scene::new();
    let pin = tokens::file("pin", format!("{}\n", tokens::PIN));
    let mut ran = 0;
    let mut wrong = Vec::new();
    for case in cases() {
        let Some(mut line) = opening(&case, &scene, &uri) else {
            continue;
        };
        line.push(format!("--module={module}"));
        line.push(format!("--pin-file={}", pin.display()));
        ran += 1;
        wrong.extend(failure(&case, &line));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ran > 60, "{ran}");
}

/// The arguments of a case that opens, all of whose keys are in the token.
fn opening(case: &Value, scene: &Scene, uri: impl Fn(&str) -> String) -> Option<Vec<String>> {
    let operation = case["operation"].as_str()?;
    if !matches!(operation, "open" | "open_partial" | "open_unverified") {
        return None;
    }
    let words = line(case, scene)?.into_iter().map(|word| {
        let Some(file) = word.strip_prefix("--key=") else {
            return Some(word);
        };
        let (_, name) = KEYS.iter().find(|(known, _)| *known == file)?;
        Some(format!("--key={}", uri(name)))
    });
    words.collect()
}

/// The keys as tools read them.
fn pems() -> Vec<(&'static str, PathBuf)> {
    let file = |(file, name): &(&str, &'static str)| {
        let pem = tokens::file(&format!("{name}.pem"), "");
        let from = vectors().join("keys").join(file);
        let [from, to] = [from.as_path(), pem.as_path()].map(Path::display);
        tokens::ran(
            "openssl",
            &format!("pkcs8 -topk8 -nocrypt -in {from} -out {to}"),
        );
        (*name, pem)
    };
    KEYS.iter()
        .filter(|(file, _)| file.ends_with(".pem"))
        .map(file)
        .collect()
}
