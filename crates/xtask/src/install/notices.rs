//! The licences, and the notices of what is linked into the libraries.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::Installation;
use crate::command::{cargo, output};
use crate::step::{Stop, Verdict};

/// Both licences, and `NOTICES`: each crate, its licence and the texts that it comes with.
pub(super) fn write(what: &Installation) -> Verdict {
    let failed = |error: std::io::Error| Stop::Failed(error.to_string());
    let place = what.prefix.join("share/doc/flowseal");
    fs::create_dir_all(&place).map_err(failed)?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(licence, place.join(licence)).map_err(failed)?;
    }
    fs::write(place.join("NOTICES"), notices(what)?).map_err(failed)
}

fn notices(what: &Installation) -> Result<String, Stop> {
    let mut tree = cargo("tree --locked --edges normal --prefix none --format {p}|{l}|{r}");
    tree.args(["-p", "flowseal-ffi"]);
    if what.command {
        tree.args(["-p", "flowseal-cli"]);
    }
    if what.pkcs11 {
        tree.args(["--features", "flowseal-ffi/pkcs11"]);
    }
    if let Some(target) = &what.target {
        tree.args(["--target", target]);
    }
    let lines = output(&mut tree)?;
    // A line for each way that leads to a crate. `(*)` marks those that came before.
    let crates: BTreeSet<_> = lines
        .lines()
        .filter_map(|line| line.strip_suffix(" (*)").or(Some(line)))
        .filter(|line| !line.starts_with("flowseal"))
        .collect();
    let sources = sources()?;
    let mut notices =
        "flowseal is licensed under MIT or Apache-2.0, at your choice. Linked into its \
         libraries are Rust's standard library (MIT or Apache-2.0) and:\n"
            .to_owned();
    for line in &crates {
        let mut fields = line.split('|');
        let [package, licence, home] = [(); 3].map(|()| fields.next().unwrap_or_default());
        let mut words = package.split_whitespace();
        let name = words.next().unwrap_or_default();
        let version = words.next().unwrap_or_default().trim_start_matches('v');
        let _ = write!(notices, "\n{name} {version}: {licence}\n{home}\n");
        let folder = format!("{name}-{version}");
        let source = sources.iter().find(|path| path.ends_with(&folder));
        for text in source.map(|source| texts(source)).unwrap_or_default() {
            let _ = write!(notices, "\n{}\n", text.trim_end());
        }
        notices += "\n----------------------------------------------------------------\n";
    }
    Ok(notices)
}

/// Where the sources of all crates are.
fn sources() -> Result<Vec<PathBuf>, Stop> {
    let metadata = output(&mut cargo("metadata --locked --format-version 1"))?;
    let paths = metadata.split("\"manifest_path\":\"").skip(1);
    let paths = paths.filter_map(|rest| rest.split_once("/Cargo.toml\""));
    Ok(paths.map(|(path, _)| PathBuf::from(path)).collect())
}

/// The licences and notices of a crate. Texts that all have are once in those of flowseal: only
/// what names its holders is repeated.
fn texts(source: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(source) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let is_notice = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.to_ascii_uppercase();
        let is_one = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT"]
            .iter()
            .any(|begin| name.starts_with(begin));
        is_one && !name.contains("APACHE")
    };
    let read = |path: PathBuf| fs::read_to_string(path).ok();
    files
        .into_iter()
        .filter(is_notice)
        .filter_map(read)
        .collect()
}
