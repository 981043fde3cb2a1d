//! `include/flowseal.h`: made from the C crate by cbindgen, committed, and compared by the tests.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{execute, target_directory};
use crate::step::{Run, Stop, Verdict};
use crate::tools;

/// The header that is committed.
pub(crate) const HEADER: &str = "include/flowseal.h";

/// Makes the header anew.
pub(crate) fn write(run: &mut Run) {
    run.step("the header is made", || generate(Path::new(HEADER)));
}

/// Compares the committed header with the crate.
pub(crate) fn check(run: &mut Run) {
    run.step("C: the header is that of the crate", || {
        let made = made()?;
        generate(&made)?;
        let read = |path: &Path| {
            fs::read_to_string(path)
                .map_err(|error| Stop::Failed(format!("{}: {error}", path.display())))
        };
        if read(&made)? == read(Path::new(HEADER))? {
            return Ok(());
        }
        Err(Stop::Failed(format!(
            "{HEADER} is not what the crate says: run `cargo xtask header` and commit the result"
        )))
    });
}

fn made() -> Result<PathBuf, Stop> {
    // By itself: programs that are compiled there must find the installed one.
    let directory = target_directory().join("c/made");
    fs::create_dir_all(&directory).map_err(|error| Stop::Failed(error.to_string()))?;
    Ok(directory.join("flowseal.h"))
}

/// A tool and no dependency: what checks the project is built in a second.
fn generate(to: &Path) -> Verdict {
    let mut cbindgen = tools::installed("cbindgen", "0.29.4")?;
    let line =
        "--quiet --config bindings/c/cbindgen.toml --lockfile Cargo.lock --crate flowseal-ffi";
    execute(
        cbindgen
            .args(line.split_whitespace())
            .arg("--output")
            .arg(to)
            .arg("bindings/c"),
    )
}
