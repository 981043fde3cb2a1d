//! Everything that the command writes to a file: whole or not at all, and over nothing that was
//! there.
//!
//! A file is drafted under a random name beside its place, readable by its owner alone, and gets
//! its own name when all of it is on the disk. A run that is killed leaves a draft behind and never
//! half a file; nothing is written through a link.

use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use flowseal::ErrorCode;

use crate::failure::Failure;

mod growing;
#[cfg(feature = "columns")]
mod parts;

pub(crate) use growing::{Growing, Written, beside};
#[cfg(feature = "columns")]
pub(crate) use parts::{Directory, check_free as check_free_directory};

/// What becomes of a file that has the name already.
#[derive(Clone, Copy)]
pub(crate) enum Existing {
    /// It stays as it is, and nothing is written.
    #[cfg_attr(
        not(feature = "mock"),
        allow(dead_code, reason = "the mock's keys alone")
    )]
    Kept,
    /// The same, of a command that has `--force`.
    KeptUnlessForced,
    /// It gives way: the command was told to, by `--force`.
    Replaced,
}

impl Existing {
    /// By whether `--force` was given.
    pub(crate) fn forced(force: bool) -> Self {
        match force {
            true => Self::Replaced,
            false => Self::KeptUnlessForced,
        }
    }

    /// What to do about a file that is in the way.
    fn advice(self) -> &'static str {
        match self {
            Self::Kept => "remove it, if it is not needed",
            Self::KeptUnlessForced | Self::Replaced => {
                "give another name, or --force to replace it"
            }
        }
    }
}

/// Writes a file.
pub(crate) fn write(file: &Path, content: &[u8], existing: Existing) -> Result<(), Failure> {
    Draft::new(file, content)?.publish(existing)
}

/// Gives two drafts of one directory their names, and waits for the disk after both: others see
/// the first without the second as briefly as can be.
#[cfg_attr(
    not(feature = "mock"),
    allow(dead_code, reason = "the mock's keys alone")
)]
pub(crate) fn publish_both(
    first: &Draft,
    second: &Draft,
    existing: Existing,
) -> Result<(), Failure> {
    first.name(existing)?;
    second.name(existing)?;
    second.settle();
    Ok(())
}

/// Writes a file that one run at a time writes again and again, in place of the one before. Its
/// draft has a name of its own, so that a run that is killed leaves none that the next does not
/// use.
pub(crate) fn rewrite(file: &Path, content: &[u8]) -> Result<(), Failure> {
    let written = beside(file, "new");
    let _ = fs::remove_file(&written);
    Draft::at(written, file, content)?.publish(Existing::Replaced)
}

/// Whether a file could get this name, to be asked before hours are spent on it.
pub(crate) fn check_free(file: &Path, existing: Existing) -> Result<(), Failure> {
    // `rows/` and `rows/.` can be a directory's alone, and `Path` leaves both signs out.
    let name = file.file_name().unwrap_or_default().as_encoded_bytes();
    if name.is_empty() || !file.as_os_str().as_encoded_bytes().ends_with(name) {
        let sentence = "this is the name of a directory: give the name of a file";
        return Err(Failure::new(ErrorCode::Usage, sentence).about(file));
    }
    match (file.symlink_metadata(), existing) {
        (Err(_), _) => Ok(()),
        (Ok(there), Existing::Replaced) if there.is_file() => Ok(()),
        (Ok(_), Existing::Replaced) => Err(not_replaced(file)),
        (Ok(_), _) => Err(there_already(file, existing.advice())),
    }
}

/// Removes a file that was there for this command alone.
pub(crate) fn remove(file: &Path) -> Result<(), Failure> {
    fs::remove_file(file).map_err(|error| {
        let sentence = format!("cannot be removed ({error}): remove it, it has no use any more");
        Failure::new(ErrorCode::Io, sentence).about(file)
    })
}

/// Makes a directory for what only its owner may read, and what it stands in; one that is there
/// stays as it is.
#[cfg_attr(
    not(any(feature = "columns", feature = "mock")),
    allow(dead_code, reason = "the mock's keys and parts of columns alone")
)]
pub(crate) fn directory(directory: &Path) -> Result<(), Failure> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(|error| {
        let sentence = format!("cannot be made ({error}): give the name of a directory");
        Failure::new(ErrorCode::Io, sentence).about(directory)
    })
}

/// A file that is written and has not got its name yet. Dropped, it is gone.
pub(crate) struct Draft {
    written: PathBuf,
    file: PathBuf,
}

impl Draft {
    /// Writes what is to stand in `file`, and waits until the disk has it.
    pub(crate) fn new(file: &Path, content: &[u8]) -> Result<Self, Failure> {
        // Of a fixed length: a name that its own directory can hold is never too long for this.
        let written = file.with_file_name(format!(".flowseal-{:016x}", random()));
        Self::at(written, file, content)
    }

    fn at(written: PathBuf, file: &Path, content: &[u8]) -> Result<Self, Failure> {
        let failed = |error: io::Error| unwritable(file, &error);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut draft = options.open(&written).map_err(failed)?;
        // From here on it is removed where anything fails.
        let this = Self {
            written,
            file: file.to_owned(),
        };
        draft.write_all(content).map_err(failed)?;
        draft.sync_all().map_err(failed)?;
        Ok(this)
    }

    /// Gives it its name.
    pub(crate) fn publish(self, existing: Existing) -> Result<(), Failure> {
        self.name(existing)?;
        self.settle();
        Ok(())
    }

    fn name(&self, existing: Existing) -> Result<(), Failure> {
        match existing {
            Existing::Replaced => self.replace(),
            kept => self.link(|from, to| fs::hard_link(from, to), kept.advice()),
        }
    }

    /// The name is to last as the content does. Not every system lets a directory be asked.
    fn settle(&self) {
        let directory = self.file.parent().filter(|it| *it != Path::new(""));
        if let Ok(directory) = File::open(directory.unwrap_or(Path::new("."))) {
            let _ = directory.sync_all();
        }
    }

    /// A second name for the draft, which no system gives where that name stands already.
    fn link(
        &self,
        link: impl FnOnce(&Path, &Path) -> io::Result<()>,
        advice: &str,
    ) -> Result<(), Failure> {
        let linked = link(&self.written, &self.file).or_else(|error| match error.kind() {
            // A file system without links, such as that of a memory stick, for which Linux says
            // `EPERM`: the name is taken by an empty file, and the draft takes its place.
            ErrorKind::Unsupported | ErrorKind::PermissionDenied => {
                File::create_new(&self.file)?;
                fs::rename(&self.written, &self.file)
            }
            _ => Err(error),
        });
        linked.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => there_already(&self.file, advice),
            _ => unwritable(&self.file, &error),
        })
    }

    /// Takes the place of a file, and of nothing else that has a name: a link would lead elsewhere,
    /// and a device or a pipe is no file.
    fn replace(&self) -> Result<(), Failure> {
        match fs::symlink_metadata(&self.file) {
            Ok(there) if !there.is_file() => Err(not_replaced(&self.file)),
            _ => fs::rename(&self.written, &self.file)
                .map_err(|error| unwritable(&self.file, &error)),
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Where it was renamed it is not there any more.
        let _ = fs::remove_file(&self.written);
    }
}

/// Out of the way of other runs. Nothing rests on it: a draft is made anew or not at all.
fn random() -> u64 {
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    hasher.finish()
}

fn there_already(file: &Path, advice: &str) -> Failure {
    let sentence = format!("is there already, and is left as it is: {advice}");
    Failure::new(ErrorCode::Io, sentence).about(file)
}

fn not_replaced(file: &Path) -> Failure {
    let sentence = "is not a file but a link, a directory or a device, which is not replaced: give \
        the name of a file";
    Failure::new(ErrorCode::Io, sentence).about(file)
}

fn unwritable(file: &Path, error: &io::Error) -> Failure {
    let sentence = format!("cannot be written ({error}): check the directory, and its room");
    Failure::new(ErrorCode::Io, sentence).about(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no_links(_: &Path, _: &Path) -> io::Result<()> {
        Err(ErrorKind::PermissionDenied.into())
    }

    #[test]
    fn a_file_system_without_links_keeps_what_was_there_too() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("evidence.json");
        let draft = |content: &[u8]| Draft::new(&file, content).unwrap();
        draft(b"first").link(no_links, "").unwrap();
        let refused = draft(b"second").link(no_links, "").unwrap_err();
        assert!(refused.to_string().starts_with("error[io]: "), "{refused}");
        assert_eq!(fs::read(&file).unwrap(), b"first");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_draft_that_is_dropped_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("evidence.json");
        drop(Draft::new(&file, b"half").unwrap());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_longest_name_of_a_file_can_be_written() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("e".repeat(255));
        write(&file, b"whole", Existing::Kept).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"whole");
    }
}
