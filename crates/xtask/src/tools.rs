//! Programs that the checks need: pinned, and installed below the target directory when missing.

use std::path::Path;
use std::process::Command;

use crate::command::{cargo, execute, output, target_directory};
use crate::step::Stop;

/// A tool of that very version; one on the caller's `PATH` will do.
pub(crate) fn installed(name: &str, version: &str) -> Result<Command, Stop> {
    let root = target_directory().join("tools");
    let ours = root.join("bin").join(name);
    for program in [Path::new(name), &ours] {
        if is_version(program, version) {
            return Ok(Command::new(program));
        }
    }
    // Not optimised: each runs for seconds, and some would be linked for minutes.
    let line = format!("install {name} --locked --debug --version {version} --root");
    // It is built by its own lock file, in a directory of its own, without our flags.
    execute(
        cargo(&line)
            .arg(&root)
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUSTFLAGS"),
    )?;
    Ok(Command::new(ours))
}

fn is_version(program: &Path, version: &str) -> bool {
    // A program that is not there is no failure of this step.
    output(Command::new(program).arg("--version"))
        .is_ok_and(|line| line.split_whitespace().nth(1) == Some(version))
}
