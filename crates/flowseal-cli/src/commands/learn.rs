//! `flowseal learn`: which statement were these flows signed over?

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use flowseal::profile::StatementForm;
use flowseal::report::Diagnosis;
use flowseal::{Error, ErrorCode, Flow, Json, Learned, Learner};

use super::engine;
use crate::args::Learn;
use crate::failure::Failure;
use crate::files::{self, Existing};
use crate::output::table::Page;
use crate::output::{self, Format, Shown, json};
use crate::{input, keys};

pub(super) fn run(arguments: &Learn) -> Result<(), Failure> {
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
                print_unknown(format, answers.len(), progress.tried, error.diagnosis())?;
            }
            return Err(error.into());
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

fn print_unknown(
    format: Format,
    flows: usize,
    tried: u64,
    diagnosis: Option<&Diagnosis>,
) -> Result<(), Failure> {
    let diagnosis = diagnosis.map_or(Json::Null, Diagnosis::to_json);
    match format {
        Format::Json => output::print(|out| {
            json::object(
                out,
                &[
                    ("algorithm", &Json::Null),
                    ("finding", &Json::Null),
                    ("statement", &Json::Null),
                    ("covers", &Json::Array(Vec::new())),
                    ("flows", &flows),
                    ("weak", &true),
                    ("candidates", &tried),
                    ("diagnosis", &diagnosis),
                ],
            )
        }),
        Format::Table => output::print(|out| {
            let mut page = Page::new(out, output::colour());
            page.verdict(false, "unknown")?;
            page.fact("flows", &flows)?;
            page.fact("tried", &format!("{tried} statements"))
        }),
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
