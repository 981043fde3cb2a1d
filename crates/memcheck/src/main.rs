//! Computes with secrets that valgrind has been told of: `cargo xtask memcheck` builds and runs it.
//!
//! Memcheck reports a branch or an address that depends on memory nobody has written to. So secrets
//! are marked as such memory, and everything that is computed from them is, too. What becomes
//! public on purpose is marked as written again: in the engine where it says `declassify`, here
//! when results are compared. A report is a leak.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a check that stops where it fails, and says so on a terminal"
)]

#[cfg(all(flowseal_hooks, target_arch = "x86_64"))]
mod engine;
#[cfg(all(flowseal_hooks, target_arch = "x86_64"))]
mod hex;
#[cfg(all(flowseal_hooks, target_arch = "x86_64"))]
mod key;
#[cfg(all(flowseal_hooks, target_arch = "x86_64"))]
mod padding;
#[cfg(all(flowseal_hooks, target_arch = "x86_64"))]
mod secrets;
#[cfg(all(flowseal_hooks, target_arch = "x86_64"))]
mod valgrind;

use std::process::ExitCode;

const USAGE: &str = "\
usage: memcheck PART [LEAK]
       memcheck PART unwatched

PART is load, scalar, adx (scalar, with the instructions that valgrind
executes and denies), avx2, portable, strided or padding. LEAK is address, branch or exit: what is planted for memcheck to
find. Secrets that no memcheck watches fail, unless they are said to be unwatched.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if run(&words).is_none() {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    }
    ExitCode::SUCCESS
}

#[cfg(all(flowseal_hooks, target_arch = "x86_64"))]
fn run(words: &[&str]) -> Option<()> {
    use flowseal_rsa::hooks::{Leak, believe_in_adx, plant};

    // The primes of the last one have different lengths, and no copy of the kernels.
    const SIZES: &[&str] = &["1024", "2048-a", "3072", "4096", "2048-p-1000-q-1048"];

    let (part, rest) = words.split_first()?;
    match rest {
        [] => {}
        ["address"] => plant(Leak::Address),
        ["branch"] => plant(Leak::Branch),
        ["exit"] => plant(Leak::Exit),
        ["unwatched"] => secrets::need_no_watch(),
        _ => return None,
    }
    secrets::watch_engine();
    // One key is enough for a leak to be found.
    let keys = |keys: &'static [&'static str]| match rest {
        [] | ["unwatched"] => keys,
        _ => &keys[..1],
    };
    match *part {
        "load" => engine::load(),
        "scalar" => engine::compute("scalar", keys(SIZES), 2),
        "adx" => {
            believe_in_adx();
            engine::compute("scalar", keys(SIZES), 2);
        }
        "avx2" => engine::compute("avx2", keys(&["1024", "2048-a"]), 4),
        "portable" => engine::compute("portable", keys(&["1024", "2048-a"]), 8),
        "strided" => engine::compute("portable-strided", keys(&["2048-a", "3072"]), 1),
        "padding" => padding::decode(),
        _ => return None,
    }
    Some(())
}

#[cfg(not(all(flowseal_hooks, target_arch = "x86_64")))]
fn run(_: &[&str]) -> Option<()> {
    println!("This is built under `--cfg flowseal_hooks`, and for x86-64.");
    None
}
