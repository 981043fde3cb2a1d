//! The command `flowseal`: reads files and the clock, calls the library, prints what it says.
//!
//! It decides nothing of its own: every verdict, code and exit status is the library's. A command
//! is in `commands/`, what it reads in `args`, `names`, `input`, `keys`, `token` and `clock`, what
//! it prints in `output/`, and what it writes to files in `files`. Only `mock/` has a socket, and
//! listens on loopback alone.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::io::Write as _;
use std::panic;
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::Parser as _;
use flowseal::ErrorCode;

use args::Arguments;
use failure::Failure;

mod args;
mod clock;
mod commands;
mod failure;
mod files;
mod input;
mod keys;
#[cfg(feature = "mock")]
mod mock;
mod names;
mod output;
mod persona;
mod token;

/// Returns rather than exits, so that every secret on the way is dropped, and thereby wiped.
fn main() -> ExitCode {
    // A panic's message may quote the text that it stumbled over, which may be a claim: where it
    // happened is all that is kept of it.
    panic::set_hook(Box::new(|panic| {
        if let Some(location) = panic.location() {
            let _ = PANICKED_AT.set(location.to_string());
        }
    }));
    match guarded(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Where standard error is closed, the exit status still says it.
            let _ = writeln!(std::io::stderr(), "{failure}");
            ExitCode::from(failure.exit_status())
        }
    }
}

fn run() -> Result<(), Failure> {
    let words: Vec<_> = std::env::args_os().collect();
    let given = words.get(1..).unwrap_or_default();
    names::check(given)?;
    match Arguments::try_parse_from(&words) {
        Ok(arguments) => commands::run(&arguments.command),
        Err(help) if !help.use_stderr() => output::print(|out| write!(out, "{help}")),
        Err(error) => Err(args::usage(&error, given)),
    }
}

static PANICKED_AT: OnceLock<String> = OnceLock::new();

/// Gives a panic the exit status of a fault: 101 is not a documented one.
fn guarded(run: fn() -> Result<(), Failure>) -> Result<(), Failure> {
    panic::catch_unwind(run).unwrap_or_else(|_| {
        let place = PANICKED_AT.get().map_or("an unknown place", String::as_str);
        Err(Failure::new(
            ErrorCode::InternalFault,
            format!("flowseal came upon a mistake of its own at {place}: please report it"),
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_internal_fault_and_says_nothing_of_the_data() {
        let failure = guarded(|| panic!("Adébáyọ̀")).unwrap_err();
        assert_eq!(failure.exit_status(), 3);
        assert!(!failure.to_string().contains("Ad"));
    }
}
