//! `flowseal learn`: which statement were these flows signed over?

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use flowseal::profile::StatementForm;
use flowseal::report::{DiagnosedFlow, Diagnosis, Finding};
use flowseal::{Error, ErrorCode, Flow, Json, Learned, Learner};

use super::engine;
use crate::args::Learn;
use crate::failure::Failure;
use crate::files::{self, Existing};
use crate::output::table::Page;
use crate::output::{self, Format, Shown, json};
use crate::{input, keys, token};

pub(super) fn run(arguments: &Learn) -> Result<(), Failure> {
    let sources = arguments.key.iter().chain(&arguments.verify_key);
    token::check_meant(&arguments.token, sources)?;
    let mut learner = Learner::new(keys::verifying(
        &arguments.verify_key,
        &arguments.token,
        None,
    )?);
    if !arguments.key.is_empty() {
        let passphrase_file = arguments.passphrase_file.as_deref();
        learner = learner.with_opening(keys::ring(
            &arguments.key,
            passphrase_file,
            &arguments.token,
            None,
        )?);
    }
    let learner = learner.with_engine(engine());
    let answers = arguments.flows.iter().map(|path| answer(path));
    let answers = answers.collect::<Result<Vec<_>, Failure>>()?;

    let mut progress = Progress::new();
    let learned = learner.learn_watched(&answers, &mut |tried, of| progress.show(tried, of));
    progress.clear();
    let format = Format::or_by_reader(arguments.shape.format);
    let learned = match learned {
        Ok(learned) => learned,
        Err(error) => {
            if error.code() == ErrorCode::StatementUnknown {
                print_unknown(format, &arguments.flows, progress.tried, error.diagnosis())?;
            }
            return Err(named(error, &arguments.flows));
        }
    };
    match format {
        Format::Json => output::print(|out| json::value(out, &learned.to_json()))?,
        Format::Table => print_table(&learned)?,
    }
    if let Some(file) = &arguments.output {
        write(&learned, file, arguments)?;
    }
    output::warn(weakness(&learned));
    Ok(())
}

/// An answer that is a flow; one that is not is told with its name.
fn answer(path: &Path) -> Result<Vec<u8>, Failure> {
    let (text, name) = input::answer(Some(path), None)?;
    let about = |error: Error| Failure::from(error).about(name);
    Flow::from_json(&text).map_err(about)?;
    Ok(text)
}

/// A refusal of one flow of several, which the core tells by its place, told by its file.
fn named(error: Error, files: &[PathBuf]) -> Failure {
    let told = error.sentence().strip_prefix("flow ");
    let told = told.and_then(|told| told.split_once(": "));
    let file = told.and_then(|(place, _)| files.get(place.parse::<usize>().ok()?.checked_sub(1)?));
    match told.zip(file) {
        Some(((_, sentence), file)) => Failure::new(error.code(), sentence).about(file),
        None => error.into(),
    }
}

fn write(learned: &Learned, file: &Path, arguments: &Learn) -> Result<(), Failure> {
    let profile = match arguments.allow_weak {
        true => learned.weak_profile(),
        false => learned.profile(),
    };
    let profile = profile.map_err(|error| {
        let is_weak = error.code() == ErrorCode::Usage;
        let advice = if is_weak { ": --allow-weak does" } else { "" };
        Failure::new(error.code(), format!("{}{advice}", error.sentence()))
    })?;
    let text = format!("{}\n", profile.to_json());
    files::write(file, text.as_bytes(), Existing::forced(arguments.force))
}

/// Why what was found is not to be relied upon.
fn weakness(learned: &Learned) -> Option<&'static str> {
    learned.is_weak().then_some(match learned.profile() {
        Err(error) if error.code() == ErrorCode::Usage => {
            "the statement leaves out the reference, the requestee or every time: whoever passes a flow on can change what is left out"
        }
        _ => "one flow is weak ground: learn from flows of several people and days before you rely on it",
    })
}

/// What is known where no statement explains every flow: of each by its file, so that one
/// stranger's among many is seen.
fn print_unknown(
    format: Format,
    files: &[PathBuf],
    tried: u64,
    diagnosis: Option<&Diagnosis>,
) -> Result<(), Failure> {
    let names = files.iter().map(|file| file.display().to_string());
    let found = diagnosis.map_or(&[][..], Diagnosis::flows);
    let by_flow: Vec<_> = names.zip(found).collect();
    match format {
        Format::Json => output::print(|out| {
            json::object(
                out,
                &[
                    ("algorithm", &Json::Null),
                    ("finding", &Json::Null),
                    ("statement", &Json::Null),
                    ("covers", &Json::Array(Vec::new())),
                    ("flows", &files.len()),
                    ("weak", &true),
                    ("candidates", &tried),
                    ("by_flow", &json_by_flow(&by_flow)),
                    (
                        "diagnosis",
                        &diagnosis.map_or(Json::Null, Diagnosis::to_json),
                    ),
                ],
            )
        }),
        Format::Table => output::print(|out| {
            let mut page = Page::new(out, output::colour());
            page.verdict(false, "unknown")?;
            page.fact("flows", &files.len())?;
            page.fact("tried", &format!("{tried} statements"))?;
            page.blank()?;
            for (name, found) in &by_flow {
                page.fact(
                    match found.explained_by() {
                        Some(_) => "explained",
                        None => "not",
                    },
                    &format!("{}, {}", Shown(name), in_words(found)),
                )?;
            }
            Ok(())
        }),
    }
}

fn json_by_flow(by_flow: &[(String, &DiagnosedFlow)]) -> Json {
    let entry = |(name, found): &(String, &DiagnosedFlow)| {
        let mut members = vec![("flow".to_owned(), json::text(Some(name)))];
        if let Json::Object(found) = found.to_json() {
            let found = found.iter();
            members.extend(found.map(|(name, value)| (name.to_owned(), value.clone())));
        }
        Json::Object(members.into_iter().collect())
    };
    Json::Array(by_flow.iter().map(entry).collect())
}

fn in_words(found: &DiagnosedFlow) -> String {
    match (found.explained_by(), found.finding()) {
        (Some(name), _) => format!("by {}", Shown(name)),
        (None, Some(Finding::OtherBytes)) => "signed by a key given, over other bytes".to_owned(),
        (None, Some(Finding::OtherAlgorithm)) => {
            "signed by a key given, with another algorithm than most".to_owned()
        }
        (None, Some(_)) => "signed by none of the keys given".to_owned(),
        (None, None) => "signed by a key given, and not tried".to_owned(),
    }
}

fn print_table(learned: &Learned) -> Result<(), Failure> {
    output::print(|out| {
        let mut page = Page::new(out, output::colour());
        page.verdict(true, "found")?;
        page.fact("finding", &Shown(learned.finding()))?;
        match learned.statement() {
            StatementForm::Template(template) => {
                page.fact("statement", &Shown(&template.to_string()))?;
            }
            form => page.fact("statement", &form.name())?,
        }
        page.fact("algorithm", &learned.algorithm().name())?;
        page.fact("covers", &Shown(&learned.covers().join(", ")))?;
        page.fact(
            "explains",
            &match learned.flows() {
                1 => "the one flow given".to_owned(),
                flows => format!("all {flows} flows given"),
            },
        )?;
        page.fact("tried", &format!("{} statements", learned.candidates()))
    })
}

/// How far the search is, for people who watch.
struct Progress {
    is_watched: bool,
    tried: u64,
}

impl Progress {
    fn new() -> Self {
        Self {
            is_watched: io::stderr().is_terminal(),
            tried: 0,
        }
    }

    fn show(&mut self, tried: u64, of: u64) {
        self.tried = tried;
        if self.is_watched {
            // Where nobody can read it, there is nobody to tell.
            let _ = write!(io::stderr(), "\r{tried} of {of} statements");
        }
    }

    fn clear(&self) {
        if self.is_watched && self.tried > 0 {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}
