//! The floors of the core: what may use what. No arrow goes up.

use super::code_of;
use crate::sources::Source;

/// The modules of the core from the ground to the roof. Each may use those above it in this
/// list, and none below: so there is no circle, and whoever reads from the top meets nothing
/// unknown.
///
/// A row is a file or a folder with all that is in it; of two that fit, the longer one counts.
const FLOORS: &[(&str, &[&str])] = &[
    (
        "the ground: values that know no flow, no key and no error",
        &[
            "ground/secret",
            "ground/strict_base64",
            "ground/mgf1",
            "ground/back_off",
            "ground/claim_path",
            "ground/quoted",
            "ground/fingerprint",
            "ground/tree",
            "ground/report",
            "ground/diagnosis",
            "ground",
        ],
    ),
    (
        "refusals, and what is read within bounds",
        &["error", "shown", "time", "limits", "json", "text_file"],
    ),
    ("configuration", &["profile/template", "profile", "setup"]),
    ("keys", &["keys"]),
    ("flows", &["catalogue", "claims", "envelope", "flow"]),
    ("verification", &["statement", "verify"]),
    ("opening", &["padding", "open", "disclosure"]),
    ("what is signed, learnt from flows", &["learn"]),
    ("evidence for people", &["page"]),
    (
        "the API",
        &[
            "api/url",
            "api/header",
            "api/endpoint",
            "api/session_token",
            "api/remedy",
            "api/names",
            "api/service_account",
            "api/config",
            "api/request",
            "api/http_response",
            "api/api_error",
            "api/echo",
            "api/response",
            "api/sse",
            "api/webhook",
            "api/budget",
            "api/session",
            "api/device",
            "api/webhook_target",
            "api/asked",
            "api/binding",
            "api/finish_once",
            "api/received",
            "api/created",
            "api/start",
            "api/pending",
            "api/words",
            "api/audit",
            "api",
        ],
    ),
    ("data for serde and text", &["data"]),
    ("for tests", &["testkit", "hooks"]),
];

const CORE: &str = "crates/flowseal/src/";

/// Every use of a module by one that stands before it in the list, and every module that is on
/// no floor.
pub(super) fn arrows_up(source: &Source) -> Vec<String> {
    let Some(file) = source.path.strip_prefix(CORE) else {
        return Vec::new();
    };
    let Some(file) = file.strip_suffix(".rs").filter(|file| *file != "lib") else {
        return Vec::new();
    };
    let Some(own) = floor_of(file) else {
        return vec![format!("{}: is on no floor of the core", source.path)];
    };
    let mut findings = Vec::new();
    for (number, line) in source.lines() {
        if line == "mod tests {" {
            break;
        }
        for used in uses(&code_of(line), file) {
            let Some(floor) = floor_of(&used) else {
                continue;
            };
            if floor > own {
                let names = || FLOORS.iter().flat_map(|(_, names)| *names);
                let name = |floor: usize| names().nth(floor).copied().unwrap_or_default();
                findings.push(format!(
                    "{}:{number}: {} stands below {} and uses it",
                    source.path,
                    name(own),
                    name(floor),
                ));
            }
        }
    }
    findings
}

/// The row of a module's path.
fn floor_of(module: &str) -> Option<usize> {
    let fits = |name: &str| {
        let rest = module.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let names = FLOORS.iter().flat_map(|(_, names)| *names).enumerate();
    let fitting = names.filter(|(_, name)| fits(name));
    fitting
        .max_by_key(|(_, name)| name.len())
        .map(|(floor, _)| floor)
}

/// The modules that a line of code of this file names from the root of the crate, or beside
/// itself.
fn uses(code: &str, file: &str) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let path = |rest: &str| {
        let end = rest
            .find(|c: char| !is_word(c) && c != ':')
            .unwrap_or(rest.len());
        let path = rest.get(..end).unwrap_or_default();
        path.trim_end_matches(':').replace("::", "/")
    };
    let from_the_root = code.split("crate::").skip(1).map(path);
    // In `api/session.rs`, `super` is `api`.
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let beside = code.split("super::").skip(1).map(|rest| {
        let path = path(rest);
        [folder, &path].join("/").trim_matches('/').to_owned()
    });
    from_the_root.chain(beside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn an_arrow_up_is_found_wherever_it_stands() {
        for (path, line, finding) in [
            (
                "error.rs",
                "use crate::verify::Report;",
                "error stands below verify and uses it",
            ),
            (
                "api/api_error.rs",
                "let pause = super::session::pace::back_off(1, 2);",
                "api/api_error stands below api/session and uses it",
            ),
            (
                "ground/report.rs",
                "pub(crate) fn set_key(&mut self, key: &crate::keys::VerifyingKey) {}",
                "ground/report stands below keys and uses it",
            ),
            (
                "profile/template.rs",
                "use super::Profile;",
                "profile/template stands below profile and uses it",
            ),
        ] {
            let path = format!("{CORE}{path}");
            let found = arrows_up(&source(&path, line));
            assert_eq!(found, [format!("{path}:1: {finding}")], "{line}");
        }
    }

    #[test]
    fn arrows_down_and_words_are_none() {
        for (path, line) in [
            (
                "verify/evidence.rs",
                "use crate::error::{Error, ErrorCode};",
            ),
            ("verify.rs", "use attempt::Attempt;"),
            (
                "error.rs",
                "/// [`Flow::verify`](crate::flow::Flow::verify)",
            ),
            ("error.rs", "mod tests {\n    use crate::flow::Flow;"),
            ("keys/jwk.rs", "use super::verifying::VerifyingKey;"),
        ] {
            let found = arrows_up(&source(&format!("{CORE}{path}"), line));
            assert!(found.is_empty(), "{line}: {found:?}");
        }
        assert!(arrows_up(&source("crates/flowseal-cli/src/main.rs", "crate::x")).is_empty());
    }

    #[test]
    fn a_module_on_no_floor_is_found() {
        let found = arrows_up(&source(&format!("{CORE}cellar.rs"), ""));
        assert_eq!(
            found,
            [format!("{CORE}cellar.rs: is on no floor of the core")]
        );
    }
}
