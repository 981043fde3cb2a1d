//! The commands: each reads its input, calls the library and prints.

use std::thread;

use flowseal::Engine;

use crate::args::Command;
use crate::failure::Failure;

mod bulk;
mod demo;
mod disclose;
mod inspect;
mod keys;
mod learn;
mod open;
mod question;
mod seal;
mod verify;

pub(crate) fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Bulk(arguments) => bulk::run(arguments),
        Command::Demo => demo::run(),
        Command::Disclose(arguments) => disclose::run(arguments),
        Command::Open(arguments) => open::run(arguments),
        Command::Verify(arguments) => verify::run(arguments),
        Command::Inspect(arguments) => inspect::run(arguments),
        Command::Learn(arguments) => learn::run(arguments),
        Command::Keys(arguments) => keys::run(arguments),
        Command::Seal(arguments) => seal::run(arguments),
        #[cfg(feature = "mock")]
        Command::Mock(arguments) => crate::mock::run(arguments),
    }
}

/// The quickest engine of this machine, on all of its processors.
fn engine() -> Engine {
    match thread::available_parallelism() {
        Ok(threads) => Engine::new().with_threads(threads),
        Err(_) => Engine::new(),
    }
}
