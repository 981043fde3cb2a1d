//! Constant time, watched: memcheck reports every branch and address that depends on a secret.
//!
//! `crates/memcheck` computes with secrets that are marked as memory nobody has written to. Three
//! things make its silence mean something: leaks that are planted are reported, each result still
//! is a secret when it arrives, and callgrind sees every function of a list entered. What is
//! checked is the machine code of a release with hooks. Valgrind executes AVX2 and ADX; the
//! portable lanes stand for those of AVX-512.

mod functions;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::{cargo_with_rustflags, execute, need, target_directory};
use crate::step::{Run, Stop, Verdict};
use crate::test::HOOKS;

/// What the program computes, one part in each run.
const PARTS: &[&str] = &[
    "load", "scalar", "adx", "avx2", "portable", "strided", "padding",
];

/// The leaks that are planted: in a part, of a kind, and where and as what they must be found. The
/// second function is the one that gave its secret away, among those that called the first.
const LEAKS: &[(&str, &str, &str, &str, &str)] = &[
    ("scalar", "address", "reads_at (", "look_up (", ADDRESS),
    ("adx", "address", "reads_at (", "look_up (", ADDRESS),
    ("load", "branch", "branches_on (", "subtract_once (", BRANCH),
    (
        "avx2",
        "exit",
        "ends_early (",
        "vector::power::LookUp",
        BRANCH,
    ),
    (
        "portable",
        "exit",
        "ends_early (",
        "vector::power::LookUp",
        BRANCH,
    ),
    (
        "strided",
        "exit",
        "ends_early (",
        "strided::power::LookUp",
        BRANCH,
    ),
    ("padding", "exit", "first_place<", "decode", BRANCH),
];

const ADDRESS: &str = "Use of uninitialised value";
const BRANCH: &str = "Conditional jump or move depends on uninitialised value";

/// Valgrind's own answer where it has reported something.
const REPORTED: i32 = 9;

/// The steps.
pub(crate) fn steps(run: &mut Run) {
    let mut program = None;
    run.step("memcheck: no branch or address depends on a secret", || {
        let program = program.insert(build()?);
        PARTS.iter().try_for_each(|part| silent(program, part))
    });
    // Where that could not be built or run, neither can these.
    let Some(program) = program else { return };
    run.step("memcheck: planted leaks are reported", || {
        LEAKS.iter().try_for_each(|leak| reported(&program, *leak))
    });
    run.step("memcheck: every function on the list is entered", || {
        let mut entered = functions::Entered::default();
        for part in PARTS {
            entered.add(&program, &called(&program, part)?)?;
        }
        functions::check(&entered)
    });
}

/// The program as a release is compiled, with hooks, and with names for its instructions.
fn build() -> Result<PathBuf, Stop> {
    if cfg!(not(all(target_arch = "x86_64", target_os = "linux"))) {
        return Err(Stop::Lacking("this is no x86-64 Linux".to_owned()));
    }
    #[cfg(target_arch = "x86_64")]
    for (has, feature) in [
        (std::arch::is_x86_feature_detected!("avx2"), "AVX2"),
        (std::arch::is_x86_feature_detected!("bmi2"), "BMI2"),
        (std::arch::is_x86_feature_detected!("adx"), "ADX"),
    ] {
        if !has {
            return Err(Stop::Lacking(format!("this processor has no {feature}")));
        }
    }
    need("valgrind", "--version")?;
    need("addr2line", "--version")?;
    // Other names would lose the types of generic functions.
    let flags = format!("--cfg {HOOKS} -C symbol-mangling-version=v0");
    let line = "build --release --locked -p memcheck";
    let mut cargo = cargo_with_rustflags(&flags, "memcheck", line);
    execute(cargo.env("CARGO_PROFILE_RELEASE_DEBUG", "1"))?;
    Ok(directory().join("release/memcheck"))
}

fn directory() -> PathBuf {
    target_directory().join("memcheck")
}

fn silent(program: &Path, part: &str) -> Verdict {
    execute(memcheck().arg(program).arg(part))
}

fn reported(
    program: &Path,
    (part, kind, function, caller, report): (&str, &str, &str, &str, &str),
) -> Verdict {
    let failed = |why: &str| Stop::Failed(format!("{part}, {kind}: {why}"));
    let output = memcheck()
        .arg(program)
        .args([part, kind])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(&error.to_string()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    match first_report(&said) {
        _ if output.status.code() != Some(REPORTED) => Err(failed("memcheck reports nothing")),
        Some((what, places))
            if what.starts_with(report)
                && places[0].contains(function)
                && places[1..].iter().any(|place| place.contains(caller)) =>
        {
            println!("{part}, {kind}: {what} in {}", places[0]);
            Ok(())
        }
        Some((what, places)) => {
            let places = places.join(", by ");
            let expected = format!("{function}…) by {caller}…");
            Err(failed(&format!("{what} in {places}, not {expected}")))
        }
        None => Err(failed("nothing that could be read was reported")),
    }
}

fn memcheck() -> Command {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--quiet", "--tool=memcheck"]);
    valgrind.arg(format!("--error-exitcode={REPORTED}"));
    valgrind
}

/// What memcheck reports first, and the functions that it names, the innermost first. There is one.
fn first_report(said: &str) -> Option<(&str, Vec<&str>)> {
    let mut lines = said.lines().map(|line| {
        let said = line
            .strip_prefix("==")
            .and_then(|line| line.split_once("== "));
        said.map_or("", |(_, said)| said.trim())
    });
    let what = lines.find(|line| !line.is_empty())?;
    fn place(line: &str) -> Option<&str> {
        Some(line.split_once(": ")?.1)
    }

    let innermost = place(lines.next()?.strip_prefix("at 0x")?)?;
    let callers = lines.map_while(|line| place(line.strip_prefix("by 0x")?));
    Some((what, [innermost].into_iter().chain(callers).collect()))
}

/// Runs a part under callgrind and returns what that writes: every instruction that was executed.
fn called(program: &Path, part: &str) -> Result<String, Stop> {
    let path = directory().join(format!("{part}.callgrind"));
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--quiet", "--tool=callgrind", "--dump-instr=yes"])
        .args(["--compress-pos=no", "--compress-strings=no"])
        .arg(format!("--callgrind-out-file={}", path.display()));
    execute(valgrind.arg(program).args([part, "unwatched"]))?;
    std::fs::read_to_string(&path)
        .map_err(|error| Stop::Failed(format!("{}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "\
==7== Conditional jump or move depends on uninitialised value(s)
==7==    at 0x1D358B: engine::subtract_once (limbs.rs:97)
==7==    by 0x1D3C21: engine::read (key.rs:12)
";

    #[test]
    fn a_report_has_a_kind_and_a_place() {
        let (what, places) = first_report(SAID).unwrap();
        assert!(what.starts_with(BRANCH));
        assert_eq!(
            places,
            [
                "engine::subtract_once (limbs.rs:97)",
                "engine::read (key.rs:12)"
            ]
        );
    }

    #[test]
    fn silence_is_no_report() {
        assert_eq!(first_report(""), None);
        assert_eq!(first_report("scalar: 1024\n"), None);
    }
}
