//! Tests of the engine on an emulated processor: its vector instructions run on every machine.
//!
//! Few machines have AVX-512 IFMA, and code that none of them ever ran is not tested. Bochs
//! emulates a processor that has it. The tests are linked statically, so that a kernel and one
//! static shell around them are a whole system, and Debian's packages have both.

mod debian;
mod machine;

use std::fs;
use std::io;
use std::path::Path;

use crate::command::{cargo_with_rustflags, execute, need, target_directory};
use crate::step::{Run, Stop, Verdict};
use crate::test::HOOKS;
use debian::Debian;

/// What the guest must have, in the words of its `/proc/cpuinfo`.
const FEATURES: &[&str] = &["avx512f", "avx512vl", "avx512ifma"];

/// The step. Words before `--` choose tests as they do for `cargo test`, words after it are handed
/// to each of them.
pub(crate) fn step(run: &mut Run, words: &[&str]) {
    let mut parts = words.splitn(2, |word| *word == "--");
    let chosen = parts.next().unwrap_or_default();
    let arguments = parts.next().unwrap_or_default();
    run.step("tests of the engine on an emulated AVX-512 IFMA", || {
        if cfg!(not(all(target_arch = "x86_64", target_os = "linux"))) {
            return Err(Stop::Lacking("this is no x86-64 Linux".to_owned()));
        }
        let directory = target_directory().join("emulated");
        let debian = Debian::below(&directory)?;
        let system = directory.join("system");
        let names = build(&system.join("tests"), chosen)?;
        let lines = machine::boot(&debian, &system, arguments)?;
        judge(&names, &lines)
    });
}

/// Builds the tests into a directory of their own and returns their names.
fn build(directory: &Path, chosen: &[&str]) -> Result<Vec<String>, Stop> {
    need("cp", "--version")?;
    fresh(directory).map_err(|error| failed(directory, &error))?;
    let flags = format!("--cfg {HOOKS} -C target-feature=+crt-static");
    let line = "test --release --locked -p flowseal-rsa --target x86_64-unknown-linux-gnu";
    let mut cargo = cargo_with_rustflags(&flags, "emulated", line);
    // In place of running a test, cargo copies it.
    cargo.arg("--config").arg(format!(
        "target.x86_64-unknown-linux-gnu.runner=['cp', '-t', '{}']",
        directory.display()
    ));
    match chosen {
        [] => cargo.arg("--tests"), // Documentation has no binary to copy.
        _ => cargo.args(chosen),
    };
    execute(&mut cargo)?;
    names(directory).map_err(|error| failed(directory, &error))
}

fn names(directory: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// What the guest said, in the words of its script. Silence is a failure.
fn judge(names: &[String], lines: &[String]) -> Verdict {
    let said = |what: &str| lines.iter().find_map(|line| line.strip_prefix(what));
    let Some(flags) = said(machine::START) else {
        return Err(Stop::Failed("the guest did not start".to_owned()));
    };
    for feature in FEATURES {
        if !flags.split_whitespace().any(|flag| flag == *feature) {
            return Err(Stop::Failed(format!("the guest has no {feature}")));
        }
    }
    if names.is_empty() {
        return Err(Stop::Failed("there was no test to run".to_owned()));
    }
    for name in names {
        match said(&format!("guest: {name} exit ")) {
            Some("0") => {}
            Some(code) => return Err(Stop::Failed(format!("{name}: exit {code}"))),
            None => return Err(Stop::Failed(format!("{name} did not end"))),
        }
    }
    match said(machine::END) {
        Some(_) => Ok(()),
        None => Err(Stop::Failed("the guest did not end".to_owned())),
    }
}

/// An empty directory.
fn fresh(directory: &Path) -> io::Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::create_dir_all(directory),
    }
}

fn failed(path: &Path, error: &io::Error) -> Stop {
    Stop::Failed(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &[&str] = &[
        "guest: processor avx512f avx512ifma avx512vl",
        "test result: ok.",
        "guest: one exit 0",
        "guest: two exit 0",
        "guest: end",
    ];

    /// The verdict on two tests, with one of the lines replaced.
    fn verdict(place: usize, line: &str) -> Verdict {
        let mut lines: Vec<String> = GOOD.iter().map(|line| (*line).to_owned()).collect();
        lines[place] = line.to_owned();
        judge(&["one".to_owned(), "two".to_owned()], &lines)
    }

    fn why(place: usize, line: &str) -> String {
        match verdict(place, line) {
            Err(Stop::Failed(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_guest_that_ran_all_tests_passes() {
        assert_eq!(verdict(1, ""), Ok(()));
    }

    #[test]
    fn whatever_the_guest_lacks_fails() {
        assert_eq!(why(0, ""), "the guest did not start");
        let narrow = "guest: processor avx512f avx512vl avx512ifma2";
        assert_eq!(why(0, narrow), "the guest has no avx512ifma");
        assert_eq!(why(2, "guest: one exit 101"), "one: exit 101");
        assert_eq!(why(3, ""), "two did not end");
        assert_eq!(why(4, ""), "the guest did not end");
    }

    #[test]
    fn no_test_is_no_success() {
        let lines: Vec<String> = GOOD.iter().map(|line| (*line).to_owned()).collect();
        assert!(judge(&[], &lines).is_err());
    }
}
