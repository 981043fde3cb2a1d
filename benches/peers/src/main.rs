//! flowseal beside the libraries that a user could pick instead: `cargo xtask peers`.
//!
//! Everyone does the same job on the same keys and ciphertexts, in one process where it can be had,
//! in turns: a clock that drifts or a noisy neighbour strikes all. A peer's answers are checked
//! before it is timed. See `material` for what each operation is.
//!
//! `private_raw` and the kernels are reached through the hooks of the engine's tests, a `cfg` that
//! `cargo xtask peers` sets. Without it there is a program that says so.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command speaks to a terminal"
)]

#[cfg(flowseal_hooks)]
mod cases;
#[cfg(flowseal_hooks)]
mod kernels;
#[cfg(flowseal_hooks)]
mod material;
#[cfg(flowseal_hooks)]
mod measure;
#[cfg(flowseal_hooks)]
mod peers;
#[cfg(flowseal_hooks)]
mod run;

use std::process::ExitCode;

#[cfg(flowseal_hooks)]
fn main() -> ExitCode {
    run::main()
}

#[cfg(not(flowseal_hooks))]
fn main() -> ExitCode {
    eprintln!("start this with `cargo xtask peers`: it needs RUSTFLAGS=\"--cfg flowseal_hooks\"");
    ExitCode::from(2)
}
