//! What surprised in other people's libraries: each script of `findings` shows one such thing, and
//! is run to see whether it is still so.
//!
//! They fetch packages, and what they watch is not this project's: they are no part of `test`.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use crate::command::need;
use crate::step::{Stop, Verdict};

const FINDINGS: &str = "findings";

/// What one script may take. The slowest compiles crates, for a minute where nothing else runs.
const SECONDS: u16 = 300;

/// The exit status of a script that misses something, as of a test that automake skips.
const LACKING: i32 = 77;

/// What such a script says before it names what it misses.
const COULD_NOT: &str = "could not run: ";

/// Of the output of a script that no longer sees what it saw: what goes into the summary.
const LINES: usize = 15;

#[derive(Debug, PartialEq)]
enum Outcome {
    Same,
    /// With the end of what the script printed.
    Changed(String),
    /// With what is missing.
    CouldNotRun(String),
}

/// Runs the findings of these names, or all.
pub(crate) fn run(names: &[&str]) -> ExitCode {
    let chosen = match needs().and_then(|()| chosen(Path::new(FINDINGS), names)) {
        Ok(chosen) => chosen,
        Err(Stop::Failed(why) | Stop::Lacking(why)) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    let mut outcomes = Vec::new();
    for name in chosen {
        let start = Instant::now();
        let outcome = outcome(&name);
        println!("{}", line(&name, start.elapsed().as_secs_f64(), &outcome));
        outcomes.push((name, outcome));
    }
    println!("{}", summary(&outcomes));
    if outcomes
        .iter()
        .any(|(_, outcome)| matches!(outcome, Outcome::Changed(_)))
    {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn needs() -> Verdict {
    need("bash", "--version")?;
    need("timeout", "--version")
}

/// The names of the scripts, in order; `wanted` chooses, with or without the ending.
fn chosen(folder: &Path, wanted: &[&str]) -> Result<Vec<String>, Stop> {
    let all =
        names(folder).map_err(|error| Stop::Failed(format!("{}: {error}", folder.display())))?;
    let Some(stranger) = wanted
        .iter()
        .find(|name| !all.iter().any(|it| it == bare(name)))
    else {
        let wanted = |name: &String| wanted.is_empty() || wanted.iter().any(|it| bare(it) == name);
        return Ok(all.into_iter().filter(wanted).collect());
    };
    let all = all.join("\n  ");
    Err(Stop::Failed(format!(
        "there is no finding {stranger}, but\n  {all}"
    )))
}

fn bare(name: &str) -> &str {
    name.strip_suffix(".sh").unwrap_or(name)
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let file = entry?.file_name();
        names.extend(
            file.to_string_lossy()
                .strip_suffix(".sh")
                .map(str::to_owned),
        );
    }
    names.sort();
    Ok(names)
}

/// Runs one. Its children end with it: `timeout` signals the whole group, and the script's own trap
/// then removes its folder.
fn outcome(name: &str) -> Outcome {
    let ran = Command::new("timeout")
        .args(["--kill-after=10", &SECONDS.to_string(), "bash"])
        .arg(Path::new(FINDINGS).join(name).with_extension("sh"))
        .stdin(Stdio::null())
        .output();
    match ran {
        Ok(output) => {
            let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
            said.push_str(&String::from_utf8_lossy(&output.stderr));
            judge(output.status.code(), &said)
        }
        Err(error) => Outcome::CouldNotRun(error.to_string()),
    }
}

fn judge(status: Option<i32>, said: &str) -> Outcome {
    match status {
        Some(0) => Outcome::Same,
        Some(LACKING) => {
            let missing = said.lines().find_map(|line| line.strip_prefix(COULD_NOT));
            Outcome::CouldNotRun(
                missing
                    .unwrap_or("it does not say what is missing")
                    .to_owned(),
            )
        }
        // These are what `timeout` answers. A slow network is not a change in a library.
        Some(124 | 137) => Outcome::CouldNotRun(format!("not done within {SECONDS} s")),
        _ => {
            let lines: Vec<_> = said.lines().collect();
            let end = lines.len().saturating_sub(LINES);
            Outcome::Changed(lines[end..].join("\n"))
        }
    }
}

fn line(name: &str, seconds: f64, outcome: &Outcome) -> String {
    let told = match outcome {
        Outcome::Same => "same".to_owned(),
        Outcome::Changed(_) => "changed".to_owned(),
        Outcome::CouldNotRun(missing) => format!("{COULD_NOT}{missing}"),
    };
    format!("{seconds:6.1} s  {name}: {told}")
}

/// What changed, each with the end of its output; the last line is plain enough for a script.
fn summary(outcomes: &[(String, Outcome)]) -> String {
    let mut told = String::new();
    let (mut same, mut changed, mut missing) = (0, 0, 0);
    for (name, outcome) in outcomes {
        match outcome {
            Outcome::Same => same += 1,
            Outcome::CouldNotRun(_) => missing += 1,
            Outcome::Changed(said) => {
                changed += 1;
                told.push_str(&format!("\n=== {name} has changed:\n{said}\n"));
            }
        }
    }
    format!("{told}\n{same} same, {changed} changed, {missing} could not run")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(FINDINGS)
    }

    #[test]
    fn only_a_script_that_ran_and_saw_something_else_has_changed() {
        assert_eq!(judge(Some(0), "seen"), Outcome::Same);
        let missing = judge(Some(LACKING), "npm: no network\ncould not run: jose\n");
        assert_eq!(missing, Outcome::CouldNotRun("jose".to_owned()));
        assert!(matches!(judge(Some(124), ""), Outcome::CouldNotRun(_)));
        assert_eq!(
            judge(Some(1), "seen: 2\n"),
            Outcome::Changed("seen: 2".to_owned())
        );
        assert_eq!(judge(None, ""), Outcome::Changed(String::new()));
    }

    #[test]
    fn the_end_of_a_long_output_is_told() {
        let said: String = (0..100).map(|line| format!("{line}\n")).collect();
        let Outcome::Changed(told) = judge(Some(1), &said) else {
            panic!("it has changed");
        };
        assert_eq!(told.lines().count(), LINES);
        assert!(told.ends_with("99"));
    }

    #[test]
    fn the_summary_names_what_changed_and_counts_all() {
        let outcomes = [
            ("one".to_owned(), Outcome::Same),
            ("two".to_owned(), Outcome::Changed("seen: 2".to_owned())),
            ("three".to_owned(), Outcome::CouldNotRun("jose".to_owned())),
        ];
        assert_eq!(
            summary(&outcomes),
            "\n=== two has changed:\nseen: 2\n\n1 same, 1 changed, 1 could not run"
        );
        let (name, outcome) = &outcomes[2];
        assert_eq!(
            line(name, 1.25, outcome),
            "   1.2 s  three: could not run: jose"
        );
    }

    #[test]
    fn a_finding_is_chosen_by_its_name_and_a_stranger_is_refused() {
        let all = chosen(&folder(), &[]).expect("the folder");
        let first = all.first().expect("a finding").as_str();
        let file = format!("{first}.sh");
        assert_eq!(chosen(&folder(), &[first]), Ok(vec![first.to_owned()]));
        assert_eq!(chosen(&folder(), &[&file]), Ok(vec![first.to_owned()]));
        assert!(chosen(&folder(), &[first, "no-such-finding"]).is_err());
    }

    /// Each says what it is about, works in a folder of its own and pins what it installs.
    #[test]
    fn every_finding_is_of_one_form() {
        for name in chosen(&folder(), &[]).expect("the folder") {
            let script = folder().join(&name).with_extension("sh");
            let text = fs::read_to_string(script).expect("the script");
            for part in [
                "#!/usr/bin/env bash\n# What surprised\n",
                "\n# Seen on 20",
                "\n# Why it matters to pasby flows\n",
                "\n# How flowseal deals with it\n",
                "\nset -euo pipefail\nwork=$(mktemp -d)\n",
                "\ntrap 'rm -rf \"$work\"' EXIT\ncd \"$work\"\n",
                "\nlacking() { echo \"could not run: $1\"; exit 77; }\n",
            ] {
                assert!(text.contains(part), "{name} lacks {part:?}");
            }
            let packages = packages(&text);
            assert!(!packages.is_empty(), "{name} installs nothing");
            for package in packages {
                let pinned = match package.contains(" = ") {
                    true => package.contains("\"="), // A crate.
                    false => package.contains(['=', '@']),
                };
                assert!(pinned, "{name} takes any version of {package}");
            }
            assert!(!text.contains("https://"), "{name} names a host");
        }
    }
    /// What a script asks of the registries: the words behind an installing command and its
    /// options, and the dependencies of its crate.
    fn packages(text: &str) -> Vec<&str> {
        let mut packages = Vec::new();
        for install in ["pip install ", "npm install ", "apt-get download "] {
            for (place, _) in text.match_indices(install) {
                let command = &text[place + install.len()..];
                let command = command.split("||").next().unwrap_or_default();
                let (_, command) = command.split_once("\\\n").unwrap_or_default();
                packages.extend(command.split_whitespace().filter(|word| *word != "\\"));
            }
        }
        if let Some((_, table)) = text.split_once("\n[dependencies]\n") {
            packages.extend(table.lines().take_while(|line| line.contains(" = ")));
        }
        packages
    }
}
