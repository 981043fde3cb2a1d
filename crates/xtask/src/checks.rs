//! The checks that are not tests.

use std::process::Command;

use crate::command::{cargo, execute, has, output};
use crate::step::{Run, Stop, Verdict};
use crate::test::HOOKS;
use crate::{codes, deny, layers};

/// All of them, the quick ones first.
pub(crate) fn all(run: &mut Run) {
    layers::step(run);
    codes::check(run);
    fmt(run);
    lint(run);
    docs(run);
    packages(run);
    rust_version(run);
    deny::step(run);
}

pub(crate) fn fmt(run: &mut Run) {
    run.step("formatting", || {
        component("fmt", "rustfmt")?;
        execute(&mut cargo("fmt --all --check"))
    });
}

/// What is built under a `cfg` is linted under it too: the crates that know it.
pub(crate) fn lint(run: &mut Run) {
    let line = |packages: &str| {
        format!("clippy {packages} --all-targets --all-features --locked -- -D warnings")
    };
    run.step("clippy", || {
        component("clippy", "clippy")?;
        execute(&mut cargo(&line("--workspace")))?;
        let hooked = line("-p flowseal-rsa -p flowseal -p memcheck -p flowseal-peers");
        // What clippy hands on reaches the crates of the workspace alone: what they depend on
        // stays.
        execute(cargo(&hooked).args(["--cfg", HOOKS]))
    });
}

pub(crate) fn docs(run: &mut Run) {
    let line = "doc --workspace --no-deps --all-features --locked";
    run.step("documentation", || {
        execute(cargo(line).env("RUSTDOCFLAGS", "-D warnings"))
    });
}

/// What is published brings its README and its licences along.
fn packages(run: &mut Run) {
    run.step("packages: README and licences", || {
        for package in [
            "flowseal",
            "flowseal-cli",
            "flowseal-pkcs11",
            "flowseal-rsa",
        ] {
            let line = format!("package --list --locked --allow-dirty -p {package}");
            let files = output(&mut cargo(&line))?;
            for file in ["README.md", "LICENSE-APACHE", "LICENSE-MIT"] {
                if !files.lines().any(|line| line == file) {
                    return Err(Stop::Failed(format!(
                        "{package} is packaged without {file}"
                    )));
                }
            }
        }
        Ok(())
    });
}

/// A part of Rust that is installed by itself.
fn component(subcommand: &str, name: &str) -> Verdict {
    if output(cargo(subcommand).arg("--version")).is_ok() {
        return Ok(());
    }
    let what = format!("{name} is not on this machine (rustup component add {name})");
    Err(Stop::Lacking(what))
}

/// The promised minimum version of Rust is one that is checked, or it is a guess.
fn rust_version(run: &mut Run) {
    run.step("minimum version of Rust", || {
        let promised = env!("CARGO_PKG_RUST_VERSION");
        let ours = output(&mut cargo("--version"))?;
        if !is_release_of(&ours, promised) {
            return check_with(promised);
        }
        println!("{} is the promised one: all steps check it", ours.trim());
        Ok(())
    });
}

fn check_with(version: &str) -> Verdict {
    // A cargo that is run by cargo is the toolchain's own; it is rustup's that takes `+version`.
    let toolchain = format!("+{version}");
    if !has("cargo", &toolchain) {
        let what = format!("Rust {version} is not on this machine");
        return Err(Stop::Lacking(what));
    }
    execute(Command::new("cargo").arg(toolchain).args([
        "check",
        "--workspace",
        "--all-features",
        "--locked",
    ]))
}

/// Whether `cargo 1.95.0 (…)` is a release of `1.95`.
fn is_release_of(cargo_version: &str, promised: &str) -> bool {
    cargo_version
        .split_whitespace()
        .nth(1)
        .and_then(|version| version.strip_prefix(promised))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_told_from_its_neighbours() {
        assert!(is_release_of("cargo 1.95.0 (f2d3ce0bd 2026-03-21)", "1.95"));
        assert!(is_release_of("cargo 1.95.1", "1.95.1"));
        assert!(!is_release_of("cargo 1.96.0 (0123)", "1.95"));
        assert!(!is_release_of("cargo 1.950.0 (0123)", "1.95"));
        assert!(!is_release_of("", "1.95"));
    }
}
