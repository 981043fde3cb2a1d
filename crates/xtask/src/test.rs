//! The tests.

use std::process::Command;

use crate::command::{cargo, cargo_test, cargo_with_cfg, execute, execute_together, has};
use crate::python::Wheel;
use crate::step::{Run, Verdict};
use crate::{assembly, codes, ffi, interop, memcheck, python, tokens};

/// Opens the entries through which tests break the engine. A `cfg` and no feature: no dependency
/// and no `--all-features` can turn it on.
pub(crate) const HOOKS: &str = "flowseal_hooks";

/// The engine against another library's arithmetic, in release: the figures are in the thousands.
pub(crate) const DIFFERENTIAL: &str = "test --release --locked -p flowseal-rsa --test differential";

/// Which part of its cases that has in the other builds, where it is one test among all.
const PART_OF_DIFFERENTIAL: (&str, &str) = ("FLOWSEAL_DIFFERENTIAL", "1/10");

/// The tests of the core that read JSON.
const READERS: [&str; 8] = [
    "api",
    "cases",
    "damaged",
    "interop",
    "key_files",
    "properties",
    "secrets",
    "verification",
];

/// The tests of the command, with Parquet and zstd in it.
pub(crate) const WITH_COLUMNS: &str = "--features flowseal-cli/columns --test command";

/// The tests that break the engine on purpose.
const HOOKED: [&str; 4] = ["cases", "hooks", "hooks_self_test", "self_test"];

/// What shows that a change broke nothing: the tests of every crate, flowseal beside others' code,
/// and the Python package and the C library as their users have them.
pub(crate) fn usual(run: &mut Run, wheel: Wheel) {
    codes::check(run);
    run.step("tests of the workspace", workspace);
    interop::steps(run);
    tokens::steps(run);
    python::steps(run, wheel);
    ffi::steps(run);
    note_cpu(run);
}

/// What seldom breaks alone, and takes longer: other builds of the same tests, the machine code of
/// the engine, more checkers of types and memory, Spark.
pub(crate) fn thorough(run: &mut Run) {
    // Features of a shared dependency are united over a whole build: another crate in a user's tree
    // must not change how a flow is read.
    run.step("tests with serde_json/arbitrary_precision", || {
        let line = "test --locked -p flowseal --features serde_json/arbitrary_precision --lib";
        execute(cargo(line).args(READERS.map(|test| format!("--test={test}"))))
    });
    run.step("tests with hooks", || {
        let mut cargo = cargo_with_cfg(HOOKS, "test --workspace --locked")?;
        execute(cargo.args(HOOKED.map(|test| format!("--test={test}"))))
    });
    // With the hooks, so that faults strike what aws-lc computes, too.
    run.step("tests of the engine with aws-lc", || {
        let (part, of_cases) = PART_OF_DIFFERENTIAL;
        let line = "test --locked -p flowseal-rsa --features aws-lc";
        execute(cargo_with_cfg(HOOKS, line)?.env(part, of_cases))
    });
    run.step("tests of bulk with columns", || {
        execute(&mut cargo_test(&format!("{WITH_COLUMNS} -- bulk::")))
    });
    run.step("differential of the engine", || {
        execute(&mut cargo(DIFFERENTIAL))
    });
    // A newcomer has run this one first, and the tests of the command run the same demo.
    run.step("the command's demo", || {
        execute(&mut cargo("run --release --locked -p flowseal-cli -- demo"))
    });
    assembly::step(run);
    memcheck::steps(run);
    python::thorough(run);
    tokens::thorough(run);
    ffi::thorough(run);
}

/// Built once, then run in four parts beside each other: many wait for a server or for one thread,
/// and would leave half of two cores idle one after another.
fn workspace() -> Verdict {
    execute(&mut of_workspace("--no-run"))?;
    execute_together(
        &mut of_workspace("--test [!a-l]*"),
        &mut ["--test [a-l]*", "--lib --bins", "--doc"].map(of_workspace),
    )
}

/// The Python package is an extension, which the interpreter loads: without one to ask, the build
/// must be told so.
fn of_workspace(which: &str) -> Command {
    let (part, of_cases) = PART_OF_DIFFERENTIAL;
    let mut cargo = cargo_test(&format!("--no-fail-fast {which}"));
    cargo.env(part, of_cases);
    if !has("python3", "--version") {
        cargo.env("PYO3_BUILD_EXTENSION_MODULE", "1");
    }
    cargo
}

/// A processor without a feature is no gap in the machine's set-up, but a reader must know it.
fn note_cpu(run: &mut Run) {
    #[cfg(target_arch = "x86_64")]
    {
        let has = std::arch::is_x86_feature_detected!("avx512ifma");
        let word = if has { "has" } else { "does not have" };
        run.note(format!("this processor {word} avx512ifma"));
    }
    #[cfg(not(target_arch = "x86_64"))]
    run.note("this processor does not have avx512ifma".to_owned());
}
