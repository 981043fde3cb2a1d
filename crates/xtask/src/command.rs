//! Other programs: shown before they run, without input, their output streamed through.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::step::{Stop, Verdict};

/// A line for the cargo that runs this very command: a toolchain chosen by hand stays chosen.
pub(crate) fn cargo(line: &str) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut cargo = Command::new(program);
    cargo.args(line.split_whitespace());
    cargo
}

/// Tests that are named by their targets, with whatever else `line` says. The whole workspace is
/// what cargo chooses them from: for a package by itself it would unite fewer features, and build
/// again half of what the tests of the workspace have built.
pub(crate) fn cargo_test(line: &str) -> Command {
    cargo(&format!("test --workspace --locked {line}"))
}

/// Cargo with one more flag for rustc, in a target directory of its own: flags are part of what
/// cargo keeps, and changing them to and fro in one directory builds everything each time.
pub(crate) fn cargo_with_rustflags(flag: &str, directory: &str, line: &str) -> Command {
    let mut flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    if !flags.is_empty() {
        flags.push(' ');
    }
    flags.push_str(flag);
    let mut cargo = cargo(line);
    cargo.env("RUSTFLAGS", flags);
    cargo.env("CARGO_TARGET_DIR", target_directory().join(directory));
    cargo
}

/// The same with a `cfg` for the crates of this workspace alone, in the directory of all builds:
/// what they depend on is the same with it and without, and is built once.
///
/// Cargo keeps apart what different wrappers of rustc build, so nothing is built again when they
/// change.
pub(crate) fn cargo_with_cfg(cfg: &str, line: &str) -> Result<Command, Stop> {
    let mut cargo = cargo(line);
    cargo.env("RUSTC_WORKSPACE_WRAPPER", wrapper(cfg)?);
    Ok(cargo)
}

/// A program that runs its arguments, the compiler's line, with one `cfg` more.
fn wrapper(cfg: &str) -> Result<PathBuf, Stop> {
    let directory = target_directory().join("rustc");
    let wrapper = directory.join(cfg);
    let script = format!("#!/bin/sh\nexec \"$@\" --cfg {cfg}\n");
    if std::fs::read_to_string(&wrapper).is_ok_and(|there| there == script) {
        return Ok(wrapper);
    }
    let written = std::fs::create_dir_all(&directory).and_then(|()| {
        std::fs::write(&wrapper, script)?;
        executable(&wrapper)
    });
    let failed = |error: std::io::Error| Stop::Failed(format!("{}: {error}", wrapper.display()));
    written.map_err(failed)?;
    Ok(wrapper)
}

#[cfg(unix)]
fn executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn executable(_path: &Path) -> std::io::Result<()> {
    Err(std::io::Error::other("scripts are run on Unix alone"))
}

/// Where things are built. Absolute: what runs below has working directories of its own.
pub(crate) fn target_directory() -> PathBuf {
    let directory = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    std::path::absolute(&directory).unwrap_or_else(|_| directory.into())
}

/// Runs a program to its end.
pub(crate) fn execute(command: &mut Command) -> Verdict {
    let shown = show(command);
    println!("$ {shown}");
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Stop::Failed(format!("{status}: {shown}"))),
        Err(error) => Err(Stop::Failed(format!("{error}: {shown}"))),
    }
}

/// Runs programs beside each other, each to its end. What the first says is streamed through, the
/// others' words follow when all have ended; a program that fails stops none of the others.
pub(crate) fn execute_together(first: &mut Command, others: &mut [Command]) -> Verdict {
    let quiet = |command: &mut Command| {
        let output = command.stdin(Stdio::null()).output();
        output.map_err(|error| Stop::Failed(format!("{error}: {}", show(command))))
    };
    std::thread::scope(|scope| {
        let beside: Vec<_> = others
            .iter_mut()
            .map(|command| {
                let shown = show(command);
                println!("$ {shown} &");
                (shown, scope.spawn(move || quiet(command)))
            })
            .collect();
        let mut verdict = execute(first);
        for (shown, thread) in beside {
            println!("\n$ {shown}");
            let output = thread
                .join()
                .map_err(|_| Stop::Failed(format!("panicked: {shown}")))??;
            eprint!("{}", String::from_utf8_lossy(&output.stderr));
            print!("{}", String::from_utf8_lossy(&output.stdout));
            if !output.status.success() {
                verdict = verdict.and(Err(Stop::Failed(format!("{}: {shown}", output.status))));
            }
        }
        verdict
    })
}

/// Runs a program to its end. Where it fails, the last line that it wrote as an error becomes part
/// of the verdict, so that it is among the last lines of all.
pub(crate) fn execute_saying_why(command: &mut Command) -> Verdict {
    let shown = show(command);
    println!("$ {shown}");
    let output = command
        .stdin(Stdio::null())
        .stdout(Stdio::inherit())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| Stop::Failed(format!("{error}: {shown}")))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    eprint!("{errors}");
    if output.status.success() {
        return Ok(());
    }
    let said = errors.lines().rfind(|line| !line.trim().is_empty());
    let said = said.unwrap_or("it said nothing");
    Err(Stop::Failed(format!("{}, {said}: {shown}", output.status)))
}

/// Runs a program to its end and returns what it prints.
pub(crate) fn output(command: &mut Command) -> Result<String, Stop> {
    let shown = show(command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Stop::Failed(format!("{error}: {shown}")))?;
    if !output.status.success() {
        return Err(Stop::Failed(format!("{}: {shown}", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether the machine has a program; `probe` is an argument that makes it do nothing.
pub(crate) fn has(program: impl AsRef<OsStr>, probe: &str) -> bool {
    Command::new(program)
        .arg(probe)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Asks for a program by name.
pub(crate) fn need(program: &str, probe: &str) -> Verdict {
    if has(program, probe) {
        Ok(())
    } else {
        Err(Stop::Lacking(format!("{program} is not on this machine")))
    }
}

/// The command as one would type it, with the environment that it is given.
fn show(command: &Command) -> String {
    let set = command.get_envs().filter_map(|(name, value)| {
        let value = value?.to_string_lossy();
        Some(format!("{}=\"{value}\"", name.to_string_lossy()))
    });
    let program = PathBuf::from(command.get_program());
    let program = program.file_name().unwrap_or_default().to_string_lossy();
    let arguments = command.get_args().map(|word| word.to_string_lossy());
    set.chain(std::iter::once(program.into_owned()))
        .chain(arguments.map(String::from))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_fails_its_step() {
        let verdict = execute(cargo("--no-such-flag").stderr(Stdio::null()));
        let Err(Stop::Failed(why)) = verdict else {
            panic!("{verdict:?}");
        };
        assert!(why.ends_with("cargo --no-such-flag"), "{why}");
    }

    #[test]
    fn one_of_several_programs_that_fails_fails_their_step() {
        let shell = |line: &str| {
            let mut shell = Command::new("sh");
            shell.args(["-c", line]);
            shell
        };
        let all_well = execute_together(&mut shell("true"), &mut [shell("true")]);
        assert_eq!(all_well, Ok(()));
        for (first, other) in [("true", "exit 3"), ("exit 3", "true")] {
            let verdict = execute_together(&mut shell(first), &mut [shell("true"), shell(other)]);
            assert!(matches!(verdict, Err(Stop::Failed(why)) if why.contains("exit 3")));
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_lacking_by_name() {
        assert_eq!(
            need("no-such-program", "--version"),
            Err(Stop::Lacking(
                "no-such-program is not on this machine".to_owned()
            ))
        );
    }

    #[test]
    fn the_verdict_says_what_a_program_said_last() {
        let mut fails = Command::new("sh");
        fails.args([
            "-c",
            "echo begins >&2; echo 'no space left' >&2; echo >&2; exit 3",
        ]);
        let Err(Stop::Failed(why)) = execute_saying_why(&mut fails) else {
            panic!("it failed");
        };
        assert!(why.starts_with("exit status: 3, no space left: sh"));
        let mut silent = Command::new("false");
        let verdict = execute_saying_why(&mut silent);
        assert!(matches!(verdict, Err(Stop::Failed(why)) if why.contains("it said nothing")));
        assert_eq!(execute_saying_why(&mut Command::new("true")), Ok(()));
    }
}
