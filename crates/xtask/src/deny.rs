//! The judgement of `deny.toml` over every dependency.
//!
//! Advisories are left to the release workflow: they need a network, and their verdict changes
//! without a change of ours. What `deny.toml` says of one is held against a database of that one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{execute, need, output, target_directory};
use crate::step::{Run, Stop, Verdict};
use crate::tools;

/// The steps.
pub(crate) fn step(run: &mut Run) {
    run.step("dependencies: bans, licenses, sources", || {
        let mut deny = cargo_deny()?;
        execute(deny.args(["--locked", "check", "bans", "licenses", "sources"]))
    });
    run.step("dependencies: the advisory that is ignored", ignored);
}

fn cargo_deny() -> Result<Command, Stop> {
    tools::installed("cargo-deny", "0.20.2")
}

/// The one advisory that `deny.toml` names, in the form in which the database has it.
const ADVISORY: &str = r#"```toml
[advisory]
id = "RUSTSEC-2023-0071"
package = "rsa"
date = "2023-11-22"
categories = ["crypto-failure"]

[versions]
patched = []
```

# The time of a private operation tells of the key

An entry for this check alone.
"#;

/// Where cargo-deny expects the database of this address: a name and a hash of the address.
const DATABASE: (&str, &str) = (
    "https://example.org/advisory-db",
    "advisory-db-298ca71d1d7ccdfe",
);

/// With the line of `deny.toml` the advisory is accepted, and without it refused: so the line is
/// read, and something needs it.
fn ignored() -> Verdict {
    need("git", "--version")?;
    let place = target_directory().join("deny");
    database(&place.join(DATABASE.1))?;
    let config = fs::read_to_string("deny.toml").map_err(|error| failed(&error))?;
    let config = config.replace(
        "[advisories]\n",
        &format!(
            "[advisories]\ndb-path = {:?}\ndb-urls = [\"{}\"]\n",
            place.display().to_string(),
            DATABASE.0
        ),
    );
    let unnamed = config
        .lines()
        .filter(|line| !line.contains("id = \"RUSTSEC-2023-0071\""));
    let unnamed = unnamed.collect::<Vec<_>>().join("\n");

    let check = |config: &str| {
        let path = place.join("deny.toml");
        fs::write(&path, config).map_err(|error| failed(&error))?;
        let mut deny = cargo_deny()?;
        deny.args(["--offline", "--locked", "--config"]).arg(path);
        deny.args(["check", "advisories"]);
        Ok::<_, Stop>(deny)
    };
    execute(&mut check(&config)?)?;
    match check(&unnamed)?.output() {
        Ok(output) if String::from_utf8_lossy(&output.stderr).contains("RUSTSEC-2023-0071") => {
            Ok(())
        }
        Ok(_) => Err(Stop::Failed(
            "without its line the advisory is not found: nothing needs the line".to_owned(),
        )),
        Err(error) => Err(failed(&error)),
    }
}

/// A database is a repository, whose last commit must have a date.
fn database(place: &Path) -> Verdict {
    let _ = fs::remove_dir_all(place);
    let entry: PathBuf = place.join("crates/rsa");
    fs::create_dir_all(&entry).map_err(|error| failed(&error))?;
    fs::write(entry.join("RUSTSEC-2023-0071.md"), ADVISORY).map_err(|error| failed(&error))?;
    let git = |line: &str| {
        let mut git = Command::new("git");
        git.arg("-C").arg(place).args(line.split_whitespace());
        output(&mut git).map(drop)
    };
    git("init --quiet")?;
    git("add --all")?;
    git("-c user.name=check -c user.email=check@localhost commit --quiet --message=one")
}

fn failed(error: &std::io::Error) -> Stop {
    Stop::Failed(error.to_string())
}
