//! Flows that other people's code has sealed and signed, which the core opens; and the vendor's own
//! SDK, which the mock answers.

use std::process::Command;

use crate::command::{cargo_test, execute, has, need, target_directory};
use crate::mock::{self, Mock};
use crate::step::{Run, Stop, Verdict};

/// Where the peers live, with a README of their own.
const PEERS: &str = "crates/flowseal/tests/interop";

/// Without the `openssl` command its cases are left out, and only they.
pub(crate) fn steps(run: &mut Run) {
    let with_openssl = has("openssl", "version");
    run.step("interop with jsencrypt, node-jsencrypt, node", || {
        need("node", "--version")?;
        need("npm", "--version")?;
        peers(with_openssl)
    });
    run.step("interop with the vendor's SDK", || {
        need("node", "--version")?;
        need("npm", "--version")?;
        sdk()
    });
    if !with_openssl {
        run.step("interop with openssl", || need("openssl", "version"));
    }
    run.step("evidence checked by openssl alone", || {
        need("openssl", "version")?;
        execute(&mut cargo_test("--test page -- --ignored openssl"))?;
        execute(&mut cargo_test("--test command -- --ignored page::"))
    });
    for (tool, program, probe, tests) in MAKERS {
        run.step(&format!("keys made by {tool}"), || {
            need(program, probe)?;
            execute(cargo_test("--test key_makers -- --ignored").arg(tests))
        });
    }
}

/// Tools that make keys, what shows that each is there, and how its tests begin.
const MAKERS: [(&str, &str, &str, &str); 5] = [
    ("openssl", "openssl", "version", "openssl"),
    ("certtool", "certtool", "--version", "certtool"),
    ("node", "node", "--version", "node"),
    // It has no argument that does nothing; `ssh` is of the same package.
    ("ssh-keygen", "ssh", "-V", "ssh_keygen"),
    ("keytool", "keytool", "-help", "keytool"),
];

fn peers(with_openssl: bool) -> Verdict {
    let directory = target_directory().join("interop");

    fetch()?;
    execute(&mut inside("node", "--test ."))?;
    let mut peers = inside("node", "peers.mjs");
    peers.arg(&directory);
    if !with_openssl {
        peers.arg("--without-openssl");
    }
    execute(&mut peers)?;

    let mut tests = cargo_test("--test interop -- --ignored");
    execute(tests.env("FLOWSEAL_INTEROP_DIR", &directory))
}

/// Every start, followed to its end and cancelled, by code that was written for the real API.
fn sdk() -> Verdict {
    fetch()?;
    mock::build()?;
    let failed = |error: std::io::Error| Stop::Failed(error.to_string());
    let mock = Mock::start("default").map_err(failed)?;
    execute(inside("node", "--test sdk.mjs").env("FLOWSEAL_MOCK_URL", mock.address()))
}

/// The packages of the lock file.
fn fetch() -> Verdict {
    // No package's own scripts: fetching a package must not run it.
    let ci = "ci --ignore-scripts --no-audit --no-fund --prefer-offline";
    execute(&mut inside("npm", ci))
}

/// A program that stands in the peers' own directory.
fn inside(program: &str, line: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(PEERS).args(line.split_whitespace());
    command
}
