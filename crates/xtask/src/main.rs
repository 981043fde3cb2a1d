//! The one entry to every check: `cargo xtask COMMAND`.
//!
//! The same commands run on a contributor's machine and in CI, so that a red build can always be
//! repeated at home. See [`USAGE`].

#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command speaks to a terminal"
)]

mod abuse;
mod assembly;
mod audit;
mod cases;
mod checks;
mod codes;
mod columns;
mod command;
mod costs;
mod deny;
mod emulate;
mod ffi;
mod findings;
mod header;
mod identify;
mod install;
mod interop;
mod layers;
mod memcheck;
mod mock;
mod page;
mod peers;
mod python;
mod readme;
mod report;
mod sources;
mod step;
mod symbols;
mod test;
mod tokens;
mod tools;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use install::Installation;
use python::Wheel;
use step::{Run, Skips};

const USAGE: &str = "\
usage: cargo xtask COMMAND

  test           the tests of Rust, Python and C; what this machine lacks is skipped, by name
  test --all     the same with the wheel as it is released, other builds, memcheck, Spark and the
                 checks from layers to deny; a skip is a failure

  layers         the rules of the architecture that no compiler knows
  fmt            formatting
  lint           clippy, warnings denied
  docs           documentation, warnings denied
  deny           dependencies: bans, licenses, sources
  assembly       the vector kernels keep to the registers
  differential   the engine against another library's arithmetic, at full scale
  edges          the vector arithmetic on digits that make carries run far, at full scale
  faults         flipped bits in private operations, at full scale
  codes          the page of codes and the statuses of C, made anew from the core's table
  header         include/flowseal.h, made anew from the C library
  c              the C library: installed, found, built against and run
  install --prefix DIR [--libdir lib] [--command] [--pkcs11] [--target TRIPLE]
                 the C library with its headers, for pkg-config and CMake; with --command the
                 program flowseal too
  interop        flows that other people's code has sealed and signed; the vendor's SDK
                 against the mock
  loom           the C library's table of handles, in every order in which threads can meet at it
  memcheck       constant time: valgrind watches the secrets, and finds planted leaks
  page           the pages of evidence and of pictures in Chromium: axe-core's findings, and what
                 they would fetch
  tokens         keys in tokens: SoftHSM2, NSS, p11-kit's server, a module that spoils, a TPM
  python         the Python package: its wheel, in an environment of its own

  emulate [TEST…] [-- ARGUMENT…]
                 the engine's tests on an emulated processor with AVX-512 IFMA, all of them or
                 those that `cargo test TEST…` would run

  costs          the engine's table of what its units take, measured anew on this machine

  peers [--quick] [--csv | --json] [--only OPERATION]
                 flowseal beside other libraries, in turns: medians, ratios, cycles of the kernels;
                 --only bulk: flowseal bulk beside loops in Python and Node over the same file

  report [--quick]
                 a page of pictures in target/report: what flowseal costs, beside other libraries, by
                 claims, and bulk's memory and loops beside it, all of it measured on this machine

  findings [NAME…]
                 what surprised in other people's libraries, and whether it is still so: each installs
                 pinned packages into a temporary folder

  audit [--seconds N]
                 long checks: the differential at full scale, N seconds (300) for each fuzz target,
                 the emulated processor, memcheck, the page; prints a block for crates/xtask/AUDIT.md";

fn main() -> ExitCode {
    // A path in the arguments counts from where the caller stands, ...
    let here = std::env::current_dir().unwrap_or_default();
    // ... and every path below from the root of the workspace.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if let Err(error) = std::env::set_current_dir(&root) {
        eprintln!("{}: {error}", root.display());
        return ExitCode::FAILURE;
    }

    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut run = Run::new(match words[..] {
        ["test", "--all"] => Skips::Fail,
        _ => Skips::Pass,
    });
    match words[..] {
        ["test"] => test::usual(&mut run, Wheel::Quick),
        ["test", "--all"] => {
            checks::all(&mut run);
            test::usual(&mut run, Wheel::Released);
            test::thorough(&mut run);
        }
        ["layers"] => layers::step(&mut run),
        ["fmt"] => checks::fmt(&mut run),
        ["lint"] => checks::lint(&mut run),
        ["docs"] => checks::docs(&mut run),
        ["deny"] => deny::step(&mut run),
        ["assembly"] => assembly::step(&mut run),
        ["differential"] => audit::differential(&mut run),
        ["edges"] => audit::edges(&mut run),
        ["faults"] => audit::faults(&mut run),
        ["codes"] => codes::write(&mut run),
        ["header"] => header::write(&mut run),
        ["c"] => {
            ffi::steps(&mut run);
            ffi::thorough(&mut run);
        }
        ["install", ref words @ ..] => match Installation::parse(words, &here) {
            Some(what) => install::step(&mut run, &what),
            None => return usage(),
        },
        ["costs"] => costs::write(&mut run),
        ["interop"] => interop::steps(&mut run),
        ["loom"] => ffi::loom(&mut run),
        ["memcheck"] => memcheck::steps(&mut run),
        ["page"] => page::steps(&mut run),
        ["tokens"] => {
            tokens::steps(&mut run);
            tokens::thorough(&mut run);
        }
        ["python"] => {
            python::steps(&mut run, Wheel::Released);
            python::thorough(&mut run);
        }
        ["emulate", ref words @ ..] => emulate::step(&mut run, words),
        ["report"] => report::steps(&mut run, false),
        ["report", "--quick"] => report::steps(&mut run, true),
        ["peers", ref words @ ..] => return peers::run(words),
        ["findings", ref names @ ..] => return findings::run(names),
        ["audit"] => audit::all(&mut run, Duration::from_secs(300)),
        ["audit", "--seconds", seconds] => match seconds.parse() {
            Ok(seconds) => audit::all(&mut run, Duration::from_secs(seconds)),
            Err(_) => return usage(),
        },
        _ => return usage(),
    }
    run.finish()
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}

#[cfg(test)]
mod tests {
    use super::USAGE;
    use crate::sources;

    /// The words after `cargo xtask` in a text that is printed for people.
    fn commands(text: &str) -> impl Iterator<Item = &str> {
        let is_letter = |c: char| c.is_ascii_lowercase();
        text.split("cargo xtask ").skip(1).filter_map(move |rest| {
            let end = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
            rest.get(..end).filter(|word| !word.is_empty())
        })
    }

    #[test]
    fn every_command_that_a_page_prints_is_one() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        std::env::set_current_dir(root).unwrap();
        let mut count = 0;
        for page in sources::all().unwrap() {
            // What has changed is told of what was, too.
            if !page.path.ends_with(".md") || page.path == "CHANGELOG.md" {
                continue;
            }
            for command in commands(&page.text) {
                let listed = format!("\n  {command} ");
                assert!(
                    USAGE.contains(&listed),
                    "{}: cargo xtask {command}",
                    page.path
                );
                count += 1;
            }
        }
        assert!(count > 20, "{count}");
        assert_eq!(
            commands("`cargo xtask c` and `cargo xtask`.").collect::<Vec<_>>(),
            ["c"]
        );
    }
}
