//! flowseal beside the libraries that a user could pick instead: `benches/peers`, and what it
//! needs.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use crate::command::{cargo, cargo_with_rustflags, has, need, output, target_directory};
use crate::step::{Stop, Verdict};
use crate::test::HOOKS;

const WORKERS: &str = "benches/peers/workers";
const INTEROP: &str = "crates/flowseal/tests/interop";

/// Measures. Standard output holds the figures and nothing else; a peer that cannot be had is named
/// on standard error, and the others are measured all the same.
pub(crate) fn run(words: &[&str]) -> ExitCode {
    match words {
        ["--only", "bulk"] => return run_loops(false),
        ["--quick", "--only", "bulk"] | ["--only", "bulk", "--quick"] => return run_loops(true),
        _ => {}
    }
    match command(words).stdin(Stdio::null()).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cargo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run_loops(quick: bool) -> ExitCode {
    match loops(quick, |rows| print!("{rows}")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Failed(why) | Stop::Lacking(why)) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// How the loops are measured.
pub(crate) const LOOPS: &str =
    "run --release --quiet --locked -p flowseal-benches --example loops --";

/// `flowseal bulk` beside the loops that people write, over the same file: a line of JSON for each,
/// a size of keys at a time. Those that cannot be had are named on standard error.
pub(crate) fn loops(quick: bool, mut each: impl FnMut(&str)) -> Verdict {
    output(&mut cargo(
        "build --release --quiet --locked -p flowseal-cli",
    ))?;
    let program = target_directory().join("release/flowseal");
    let python = installed("PyCA cryptography", pyca());
    let modules = installed("node-jsencrypt", node());
    let lacking = || PathBuf::from("-");
    let (python, modules) = (
        python.unwrap_or_else(lacking),
        modules.unwrap_or_else(lacking),
    );
    let (sizes, turns) = match quick {
        true => ([("2048", "200"), ("4096", "200")], "1"),
        false => ([("2048", "1000"), ("4096", "400")], "5"),
    };
    for (bits, flows) in sizes {
        let mut measured = cargo(LOOPS);
        let measured = measured.args([&program, &python, &modules]);
        each(&output(measured.args([flows, bits, turns]))?);
    }
    Ok(())
}

/// What measures, with the peers that can be had.
pub(crate) fn command(words: &[&str]) -> Command {
    let line = "run --release --quiet --locked -p flowseal-peers --features libraries --";
    let mut peers = cargo_with_rustflags(&format!("--cfg {HOOKS}"), "hooks", line);
    peers.args(words);
    if let Some(python) = installed("PyCA cryptography", pyca()) {
        peers.env("FLOWSEAL_PEERS_PYTHON", python);
    }
    if let Some(libraries) = installed("crypto_mb", intel()) {
        // Its own runtime lies beside it.
        peers.env("LD_LIBRARY_PATH", &libraries);
        peers.env("FLOWSEAL_PEERS_INTEL", libraries);
    }
    if let Some(modules) = installed("node-jsencrypt", node()) {
        peers.env("FLOWSEAL_PEERS_NODE", "node");
        peers.env("FLOWSEAL_PEERS_NODE_MODULES", modules);
    }
    peers
}

fn installed(peer: &str, installed: Result<PathBuf, Stop>) -> Option<PathBuf> {
    installed
        .map_err(|(Stop::Failed(why) | Stop::Lacking(why))| eprintln!("{peer}: {why}"))
        .ok()
}

/// The interpreter of an environment that has PyCA's library.
fn pyca() -> Result<PathBuf, Stop> {
    install("pyca.txt")?;
    Ok(environment().join("bin/python"))
}

/// The directory of Intel's libraries.
fn intel() -> Result<PathBuf, Stop> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        let what = "Intel's library is released for x86-64 Linux".to_owned();
        return Err(Stop::Lacking(what));
    }
    install("intel.txt")?;
    Ok(environment().join("lib"))
}

/// The directory from which node finds the peers of the interop tests.
fn node() -> Result<PathBuf, Stop> {
    let line = "ci --ignore-scripts --no-audit --no-fund --prefer-offline --silent";
    need("npm", "--version")?;
    let mut npm = Command::new("npm");
    quietly(npm.args(line.split(' ')).current_dir(INTEROP))?;
    std::path::absolute(INTEROP).map_err(|error| Stop::Failed(error.to_string()))
}

/// Packages of exactly these versions and bytes; nothing happens where they are installed already.
fn install(lock: &str) -> Verdict {
    let python = environment().join("bin/python");
    if !has(&python, "--version") {
        need("python3", "--version")?;
        quietly(
            Command::new("python3")
                .args(["-m", "venv"])
                .arg(environment()),
        )?;
    }
    let line = "-m pip install --quiet --no-deps --require-hashes --only-binary=:all: \
                --disable-pip-version-check --requirement";
    let mut pip = Command::new(python);
    quietly(
        pip.args(line.split_whitespace())
            .arg(Path::new(WORKERS).join(lock)),
    )
}

fn environment() -> PathBuf {
    target_directory().join("peers/venv")
}

fn quietly(command: &mut Command) -> Verdict {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Stop::Failed(format!("{program}: {status}"))),
        Err(error) => Err(Stop::Lacking(format!("{program}: {error}"))),
    }
}
