//! The static library without the names of others in it: Rust's allocator and panics, and those of
//! crates, of which a program that is linked to two such libraries has two.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::Installation;
use crate::command::{execute, has};
use crate::step::{Stop, Verdict};
use crate::symbols;

/// Makes one object of all that the library's functions need, in which nothing else is seen.
pub(super) fn keep_own_symbols(what: &Installation) -> Verdict {
    let [ld, objcopy, ar] = ["ld", "objcopy", "ar"].map(|name| what.tool(name));
    for tool in [&ld, &objcopy, &ar] {
        if !has(tool, "--version") {
            println!("{tool} is not on this machine: libflowseal.a keeps the names of others");
            return Ok(());
        }
    }
    let failed = |error: std::io::Error| Stop::Failed(error.to_string());
    let place = what.built().join("flowseal-archive");
    fs::create_dir_all(&place).map_err(failed)?;
    let (names, object) = (place.join("names"), place.join("flowseal.o"));
    let archive = what.lib().join("libflowseal.a");
    let own = symbols::names(what.pkcs11)?;
    fs::write(&names, own.join("\n")).map_err(failed)?;

    let wanted = own.iter().map(|name| format!("--undefined={name}"));
    execute_quietly(
        Command::new(ld)
            .args(["--relocatable", "--gc-sections", "-o"])
            .arg(&object)
            .args(wanted)
            .arg(&archive),
    )?;
    let keep = format!("--keep-global-symbols={}", names.display());
    // The standard library brings its bitcode along, at which plug-ins of other linkers stumble.
    execute(
        Command::new(objcopy)
            .arg(keep)
            .args(["--strip-debug", "--remove-section=.llvmbc"])
            .arg("--remove-section=.llvmcmd")
            .arg(&object),
    )?;
    fs::remove_file(&archive).map_err(failed)?;
    execute(Command::new(ar).arg("rcsD").arg(&archive).arg(&object))
}

/// A command whose line is a screen long.
fn execute_quietly(command: &mut Command) -> Verdict {
    let program = command.get_program().to_owned();
    let status = command.status();
    if status.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    let program = Path::new(&program).display();
    Err(Stop::Failed(format!(
        "{program} makes no object of libflowseal.a"
    )))
}
