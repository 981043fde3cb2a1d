//! The tests.

use std::process::Command;

use crate::command::{cargo, cargo_with_cfg, execute, has};
use crate::step::Run;
use crate::{assembly, codes, ffi, interop, memcheck, python};

/// Opens the entries through which tests break the engine. A `cfg` and no feature: no dependency
/// and no `--all-features` can turn it on.
pub(crate) const HOOKS: &str = "flowseal_hooks";

/// The engine against another library's arithmetic, in release: the figures are in the thousands.
pub(crate) const DIFFERENTIAL: &str = "test --release --locked -p flowseal-rsa --test differential";

/// Every test that this machine can run.
pub(crate) fn all(run: &mut Run) {
    codes::check(run);
    run.step("tests of the workspace", || execute(&mut workspace()));
    // Features of a shared dependency are united over a whole build: another crate in a user's tree
    // must not change how a flow is read.
    run.step("tests with serde_json/arbitrary_precision", || {
        let line = "test --locked -p flowseal --features serde_json/arbitrary_precision";
        execute(&mut cargo(line))
    });
    run.step("tests with hooks", || {
        let line = "test --locked -p flowseal-rsa -p flowseal";
        execute(&mut cargo_with_cfg(HOOKS, line)?)
    });
    // With the hooks, so that faults strike what aws-lc computes, too.
    run.step("tests of the engine with aws-lc", || {
        let line = "test --locked -p flowseal-rsa --features aws-lc";
        execute(&mut cargo_with_cfg(HOOKS, line)?)
    });
    run.step("differential of the engine", || {
        execute(&mut cargo(DIFFERENTIAL))
    });
    assembly::step(run);
    memcheck::steps(run);
    interop::steps(run);
    python::steps(run);
    ffi::steps(run);
    run.step("the command's demo", || {
        execute(&mut cargo("run --release --locked -p flowseal-cli -- demo"))
    });
    note_cpu(run);
}

/// The Python package is an extension, which the interpreter loads: without one to ask, the build
/// must be told so.
fn workspace() -> Command {
    let mut cargo = cargo("test --workspace --locked");
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
