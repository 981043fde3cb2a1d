//! The judgement of `deny.toml` over every dependency.
//!
//! Advisories are left to the release workflow: they need a network, and their verdict changes
//! without a change of ours.

use crate::command::execute;
use crate::step::Run;
use crate::tools;

/// The step.
pub(crate) fn step(run: &mut Run) {
    run.step("dependencies: bans, licenses, sources", || {
        let mut deny = tools::installed("cargo-deny", "0.20.2")?;
        execute(deny.args(["--locked", "check", "bans", "licenses", "sources"]))
    });
}
