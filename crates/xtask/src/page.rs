//! Pages that people get, in a browser: as they have them, and not as a parser of ours reads them.

use std::process::Command;

use crate::command::{cargo, execute, need, target_directory};
use crate::step::{Run, Verdict};

/// Where the program is that looks, with its one package.
const AXE: &str = "crates/flowseal/tests/axe";

/// Chromium is large and of a distribution's: no machine that builds must have it.
pub(crate) fn steps(run: &mut Run) {
    run.step(
        "the pages of evidence and of pictures in Chromium, with axe-core",
        || {
            need("chromium", "--version")?;
            need("node", "--version")?;
            need("npm", "--version")?;
            look()
        },
    );
}

fn look() -> Verdict {
    let pages = target_directory().join("pages");
    // A page of yesterday is not looked at.
    let _ = std::fs::remove_dir_all(&pages);
    let line = "test --locked -p flowseal --test page -- --ignored --exact write_pages";
    execute(cargo(line).env("FLOWSEAL_PAGES_DIR", &pages))?;
    // The page of pictures, too.
    let line = "run --locked -p flowseal-report -- benches/report/recorded.json";
    execute(cargo(line).arg(pages.join("report.html")))?;
    let ci = "ci --ignore-scripts --no-audit --no-fund --prefer-offline";
    execute(
        Command::new("npm")
            .args(ci.split_whitespace())
            .current_dir(AXE),
    )?;
    execute(
        Command::new("node")
            .arg("axe.mjs")
            .arg(&pages)
            .current_dir(AXE),
    )
}
