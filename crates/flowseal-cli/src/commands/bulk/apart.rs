//! What a run reads and what it writes are apart, under whatever names: no input is replaced by its
//! own rows, and no two of the files that a run writes are one.

use std::fs;
use std::path::{Path, PathBuf};

use flowseal::ErrorCode;

use crate::args::Bulk;
use crate::failure::Failure;
use crate::files::beside;
use crate::token;

/// Refuses a run that would write over something of its own. Nothing is opened for writing before.
///
/// # Errors
/// `usage`, which names the file and both of its roles.
pub(super) fn check(arguments: &Bulk) -> Result<(), Failure> {
    let rows = family(&arguments.out, "-o");
    let errors = arguments.errors.as_deref();
    let errors = errors.map_or_else(Vec::new, |name| family(name, "--errors"));
    for read in reads(arguments) {
        for own in rows.iter().chain(&errors) {
            if read.is(own) || read.has_key(own) {
                return Err(one_file(&read, own));
            }
        }
    }
    for errors in &errors {
        for rows in &rows {
            if errors.is(rows) {
                return Err(one_file(errors, rows));
            }
        }
    }
    Ok(())
}

/// A name that a run was given or that follows from one, and what the run does with it.
struct Role {
    name: PathBuf,
    /// For a sentence.
    what: String,
    /// The option to change, where it is written.
    option: &'static str,
    id: Option<Id>,
    /// Where it stands or would stand, links resolved.
    place: PathBuf,
    /// What stands in it, where it is a directory of parts.
    within: Vec<Id>,
}

/// What tells one file from another. What is not there yet has its place alone.
#[derive(PartialEq)]
struct Id(u64, u64);

impl Role {
    fn new(name: &Path, what: impl Into<String>, option: &'static str) -> Self {
        Self {
            id: id_of(name),
            place: place_of(name),
            name: name.to_owned(),
            what: what.into(),
            option,
            within: Vec::new(),
        }
    }

    fn of_stream(what: &str, option: &'static str, id: Option<Id>) -> Self {
        Self {
            name: PathBuf::from("-"),
            what: what.to_owned(),
            option,
            id,
            // No name of a file has this.
            place: PathBuf::from(format!("\0{what}")),
            within: Vec::new(),
        }
    }

    /// Whether these are one file, or this stands in a directory that is replaced as a whole.
    fn is(&self, own: &Self) -> bool {
        let is_one = match (&self.id, &own.id) {
            (Some(one), Some(other)) => one == other,
            (None, None) => self.place == own.place,
            _ => false,
        };
        let is_within = || self.id.as_ref().is_some_and(|id| own.within.contains(id));
        is_one || is_within() || (own.place.is_dir() && self.place.starts_with(&own.place))
    }

    /// Whether this is a directory of people's keys, and the other one is written as a key in it.
    fn has_key(&self, own: &Self) -> bool {
        let is_key = own
            .place
            .extension()
            .is_some_and(|it| it == "pem" || it == "jwk");
        self.what == PEOPLE && is_key && own.place.parent() == Some(&self.place)
    }
}

const PEOPLE: &str = "the keys of people";

/// What is read: inputs, keys and rules.
fn reads(arguments: &Bulk) -> Vec<Role> {
    let input = |name: &PathBuf| match name == Path::new("-") {
        true => Role::of_stream("the input", "IN", id_of_stream(&std::io::stdin())),
        false => Role::new(name, "an input", "IN"),
    };
    let mut reads: Vec<_> = match arguments.inputs.as_slice() {
        [] => vec![input(&PathBuf::from("-"))],
        names => names.iter().map(input).collect(),
    };
    let keys = arguments.key.iter().chain(&arguments.trust.verify_key);
    let keys = keys.map(|name| (name, "a key"));
    let others = [
        (&arguments.trust.verifiers, PEOPLE),
        (&arguments.profile, "the profile"),
        (&arguments.passphrase_file, "the passphrase's file"),
        (&arguments.token.pin_file, "the PIN's file"),
        (&arguments.token.module, "the token's module"),
    ];
    let others = others
        .into_iter()
        .filter_map(|(name, what)| Some((name.as_ref()?, what)));
    let files = keys
        .chain(others)
        .filter(|(name, _)| !token::is_meant(name));
    reads.extend(files.map(|(name, what)| Role::new(name, what, "IN")));
    reads
}

/// All names that are written for one that was given.
fn family(name: &Path, option: &'static str) -> Vec<Role> {
    let role = |name: PathBuf, what: &str| {
        let what = format!("{what}what {option} writes");
        Role::new(&name, what, option)
    };
    let draft = role(beside(name, "part"), "the draft of ");
    let checkpoint = beside(name, "checkpoint");
    let mut family = match option {
        "-o" if name == Path::new("-") => {
            let id = id_of_stream(&std::io::stdout());
            return vec![Role::of_stream("standard output", option, id)];
        }
        "-o" => vec![
            draft,
            role(
                beside(&checkpoint, "new"),
                "the checkpoint's draft, beside ",
            ),
            role(checkpoint, "the checkpoint of "),
        ],
        _ => vec![draft],
    };
    family.push(role(name.to_owned(), ""));
    for role in &mut family {
        let entries = fs::read_dir(&role.name).into_iter().flatten().flatten();
        role.within = entries.filter_map(|entry| id_of(&entry.path())).collect();
    }
    family
}

fn one_file(role: &Role, own: &Role) -> Failure {
    let what = format!(
        "this is {} and {} as well, which would replace it: give {} another name",
        role.what, own.what, own.option
    );
    Failure::new(ErrorCode::Usage, what).about(&role.name)
}

/// The directory with its links resolved, and the name in it.
fn place_of(name: &Path) -> PathBuf {
    if let Ok(place) = name.canonicalize() {
        return place;
    }
    let parent = name.parent().filter(|it| *it != Path::new(""));
    let parent = parent.unwrap_or(Path::new("."));
    let parent = parent
        .canonicalize()
        .or_else(|_| std::path::absolute(parent))
        .unwrap_or_else(|_| parent.to_owned());
    parent.join(name.file_name().unwrap_or_default())
}

/// Of what has the name, behind any links.
#[cfg(unix)]
fn id_of(name: &Path) -> Option<Id> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = name.metadata().ok()?;
    Some(Id(metadata.dev(), metadata.ino()))
}

/// Of the file that the stream leads to, where it is one.
#[cfg(unix)]
fn id_of_stream(stream: &impl std::os::fd::AsFd) -> Option<Id> {
    use std::os::unix::fs::MetadataExt as _;

    let stream = stream.as_fd().try_clone_to_owned().ok()?;
    let metadata = fs::File::from(stream).metadata().ok()?;
    let id = Id(metadata.dev(), metadata.ino());
    metadata.is_file().then_some(id)
}

/// Elsewhere places tell.
#[cfg(not(unix))]
fn id_of(_: &Path) -> Option<Id> {
    None
}

#[cfg(not(unix))]
fn id_of_stream<T>(_: &T) -> Option<Id> {
    None
}
