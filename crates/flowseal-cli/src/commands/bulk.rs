//! `flowseal bulk`: a file of flows in, a row for each out, in order, whatever is wrong with some.
//!
//! `source` opens files and decodes them, `ahead` on a thread of its own; `records` cuts them into
//! batches of lines, `judging` makes rows of a batch, `pipeline` has the threads, and `writing`
//! keeps rows and the checkpoint.
//! Before all of them `apart` sees to it that nothing is written over what is read.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use flowseal::profile::{Profile, StatementForm};
use flowseal::{Engine, ErrorCode, KeyRing, OpenOptions, Setup};
use sha2::{Digest as _, Sha256};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::args::{Bulk, Rows};
use crate::failure::Failure;
use crate::{clock, input, keys, output, token};

mod ahead;
mod apart;
mod checkpoint;
#[cfg(feature = "columns")]
mod columns;
mod judging;
mod people;
mod pipeline;
mod progress;
mod records;
mod rows;
mod source;
mod times;
mod writing;

use checkpoint::{Checkpoint, Counts, Identity, hexadecimal};
use judging::{Job, Rule};
use people::People;
use pipeline::End;
use progress::{Ending, Watch, grouped};
use records::{Batches, Records};
use writing::{Form, Place, Sink};

pub(super) fn run(arguments: &Bulk) -> Result<(), Failure> {
    let (form, column) = (form(arguments.format)?, column(arguments)?);
    let sources = arguments.key.iter().chain(&arguments.trust.verify_key);
    token::check_meant(&arguments.token, sources)?;
    apart::check(arguments)?;
    // A directory may be named with a slash, which would lead through a link: `Place` has it bare.
    #[cfg(feature = "columns")]
    let bare: std::path::PathBuf = arguments.out.components().collect();
    let place = Place {
        out: match form {
            Form::Lines => &arguments.out,
            #[cfg(feature = "columns")]
            Form::Columns => &bare,
        },
        errors: arguments.errors.as_deref(),
        form,
        select: &arguments.select,
        dropped: &arguments.drop,
        resume: arguments.resume,
        force: arguments.force,
    };
    let total = source::look(&arguments.inputs, column.is_some())?;
    let earlier = place.look()?;
    let threads = match arguments.threads {
        Some(threads) => usize::from(threads),
        None => thread::available_parallelism().map_or(1, NonZeroUsize::get),
    };
    let (job, identity) = prepare(arguments, form, earlier.as_ref())?;
    let limit = job.setup.profile().limits.response_bytes();
    let unit = job.setup.engine().name();

    // Before anything is written: Parquet has its say on files and columns.
    let records = batches(arguments, column, limit)?;
    let mut sink = Sink::open(&place, identity, earlier)?;
    let (progress, quiet) = (arguments.progress, arguments.quiet);
    let mut watch = Watch::new(progress, quiet, total, &sink.done().counts);
    watch.computed_by(unit, threads);
    let whole = match sink.was_finished() {
        true => Ending::Before,
        false => Ending::Whole,
    };
    let stop = stop_when_asked()?;
    let ended = pipeline::run(
        records,
        &Arc::new(job),
        threads,
        &mut sink,
        &mut watch,
        &stop,
    );

    match ended {
        Ok(End::Whole) => {
            let counts = sink.finish()?;
            watch.end(whole);
            verdict(&counts, column.is_none())
        }
        Ok(End::Stopped) => {
            sink.keep()?;
            watch.end(Ending::Stopped);
            let what = match sink.kept() {
                _ if place.is_stdout() => "stopped, as was asked".to_owned(),
                kept => format!(
                    "stopped after {} records, as was asked: --resume goes on with the next",
                    grouped(kept)
                ),
            };
            Err(Failure::new(ErrorCode::Checkpoint, what))
        }
        Err(failure) => {
            // What is done is kept, where there is room for it; the first failure is the one told.
            let _ = sink.keep();
            watch.end(Ending::Stopped);
            Err(failure)
        }
    }
}

/// The column of the flows, where the input is Parquet.
///
/// # Errors
/// `usage` in a build that reads none.
fn column(arguments: &Bulk) -> Result<Option<&str>, Failure> {
    #[cfg(not(feature = "columns"))]
    if arguments.column.is_some() {
        return Err(lacking("--column"));
    }
    Ok(arguments.column.as_deref())
}

#[cfg(not(feature = "columns"))]
fn lacking(what: &str) -> Failure {
    Failure::new(ErrorCode::Usage, source::lacking(what))
}

/// The form of the rows.
///
/// # Errors
/// `usage` in a build that does not write it.
fn form(format: Rows) -> Result<Form, Failure> {
    match format {
        Rows::Ndjson => Ok(Form::Lines),
        #[cfg(feature = "columns")]
        Rows::Parquet => Ok(Form::Columns),
        #[cfg(not(feature = "columns"))]
        Rows::Parquet => Err(lacking("--format parquet")),
    }
}

fn batches(
    arguments: &Bulk,
    column: Option<&str>,
    limit: usize,
) -> Result<Box<dyn Batches>, Failure> {
    #[cfg(feature = "columns")]
    if let Some(column) = column {
        return Ok(Box::new(columns::Cells::new(
            &arguments.inputs,
            column,
            limit,
        )?));
    }
    // A build that reads no columns has refused it.
    let _ = column;
    Ok(Box::new(Records::new(arguments.inputs.clone(), limit)))
}

/// All good, or how many records were not.
fn verdict(counts: &Counts, has_lines: bool) -> Result<(), Failure> {
    let Some(code) = counts.most_refused() else {
        return Ok(());
    };
    let mut what = format!(
        "{} of {} records are refused: their rows say why",
        grouped(counts.all_refused()),
        grouped(counts.records)
    );
    // Such as an answer that was made readable: each of its lines is none.
    if has_lines && counts.refused.get("json") == Some(&counts.records) {
        what += "; a record is a line, so where JSON goes over several, jq -c . makes one of them";
    }
    Err(Failure::new(code, what).with_exit_status(1))
}

/// Set when SIGINT or SIGTERM comes; a second one does at once what it does to any program.
fn stop_when_asked() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        let registered = flag::register_conditional_default(signal, Arc::clone(&stop))
            .and_then(|_| flag::register(signal, Arc::clone(&stop)));
        registered.map_err(|error| {
            let what = format!("signals cannot be caught ({error}): check the system's limits");
            Failure::new(ErrorCode::Io, what)
        })?;
    }
    Ok(stop)
}

/// Reads keys and rules; gives also what tells this run from another one.
fn prepare(
    arguments: &Bulk,
    form: Form,
    earlier: Option<&Checkpoint>,
) -> Result<(Job, Identity), Failure> {
    let profile = input::profile(arguments.profile.as_deref())?;
    let profile = profile.as_ref();
    let passphrase_file = arguments.passphrase_file.as_deref();
    let ring = keys::ring(&arguments.key, passphrase_file, &arguments.token, profile)?;
    // Each thread computes alone, and as many batches are in hand as there are threads.
    let engine = Engine::new();
    let setup = profile.map_or_else(Setup::default, |profile| Setup::new(profile.clone()));
    let setup = setup.with_engine(engine.clone());
    let (rule, verifiers) = rule(arguments, profile, &ring, &setup)?;
    let options = OpenOptions::new().with_engine(engine);
    let options = match arguments.select.as_slice() {
        [] => options,
        paths => options.select(paths),
    };
    output::warn(options.warnings());
    let expectations = arguments.expected.expectations();
    output::warn(expectations.warnings());
    // A run that goes on judges by the moment of its beginning, so that rows are the same.
    let begun = earlier.and_then(|it| it.job.get("moment (--now)")?.parse().ok());
    let now = clock::now(arguments.expected.now.or(begun))?;

    let expected = &arguments.expected;
    let keys = ring
        .keys()
        .map(|key| format!("{} {}", key.fingerprint(), key.padding().name()));
    let mut dropped = arguments.drop.clone();
    dropped.sort_unstable();
    dropped.dedup();
    let identity = [
        ("version of flowseal", env!("CARGO_PKG_VERSION").to_owned()),
        ("key (--key)", keys.collect::<Vec<_>>().join(", ")),
        (
            "verifying key (--verify-key, --verifiers, --unverified)",
            verifiers,
        ),
        ("profile", profile.map_or_else(String::new, digest_of)),
        ("selection (--select)", format!("{:?}", arguments.select)),
        ("choice of members (--drop)", format!("{dropped:?}")),
        ("requester", format!("{:?}", expected.requester)),
        ("age (--max-age)", format!("{:?}", expected.max_age)),
        ("leeway", expected.leeway.to_string()),
        ("moment (--now)", now.seconds().to_string()),
        ("format", format!("{:?}", arguments.format)),
        ("column", format!("{:?}", arguments.column)),
        ("choice of --errors", arguments.errors.is_some().to_string()),
    ];
    let identity = identity.map(|(name, value)| (name.to_owned(), value));
    let job = Job {
        rule,
        expectations,
        now,
        ring,
        options,
        setup,
        form,
        dropped,
    };
    Ok((job, identity.into()))
}

fn digest_of(profile: &Profile) -> String {
    hexadecimal(&Sha256::digest(profile.to_json().to_string()))
}

/// Whose e-signatures count, and what tells that from another rule.
fn rule(
    arguments: &Bulk,
    profile: Option<&Profile>,
    ring: &KeyRing,
    setup: &Setup,
) -> Result<(Rule, String), Failure> {
    let trust = &arguments.trust;
    if trust.unverified {
        return Ok((Rule::Unverified, "unverified".to_owned()));
    }
    // Each record would be refused for it.
    if profile.is_some_and(|profile| profile.statement == StatementForm::Detached) {
        return Err(Failure::new(
            ErrorCode::Statement,
            "the profile's statement is detached, and bulk takes no signed bytes for each record: verify such flows one at a time with flowseal verify --statement",
        ));
    }
    let algorithm = profile.cloned().unwrap_or_default().algorithm;
    if let Some(place) = &trust.verifiers {
        let people = People::find(place, algorithm, ring)?;
        let digest = hexadecimal(people.digest());
        return Ok((Rule::People(people), digest));
    }
    let keys = keys::verifying(&trust.verify_key, &arguments.token, Some(algorithm))?;
    keys::check_roles(ring, &keys)?;
    let prints: Vec<_> = keys
        .iter()
        .map(|key| key.fingerprint().to_string())
        .collect();
    Ok((
        Rule::Trusting(setup.verifier_trusting(keys)),
        prints.join(", "),
    ))
}
