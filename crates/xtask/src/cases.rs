//! The core's table of cases through C.

use std::path::PathBuf;
use std::process::Command;

use crate::command::{execute, need, target_directory};
use crate::ffi::{alone, compile};
use crate::step::Verdict;

const CASES: &str = "crates/flowseal/tests/vectors/cases.json";
const KEYS: &str = "crates/flowseal/tests/vectors/keys";
const WRITER: &str = "bindings/c/tests/cases/table.py";

/// Every case that is not the command's, with sanitizers or without.
pub(crate) fn all(compiler: &str, flags: &[&str]) -> Verdict {
    write()?;
    compile(compiler, "../tests/cases.c", flags, &[])?;
    execute(alone("cases").arg(table()).arg(KEYS))
}

/// In a form that needs no JSON.
fn write() -> Verdict {
    need("python3", "--version")?;
    let mut python = Command::new("python3");
    execute(python.arg(WRITER).arg(CASES).arg(table()))
}

fn table() -> PathBuf {
    target_directory().join("c/cases.txt")
}
