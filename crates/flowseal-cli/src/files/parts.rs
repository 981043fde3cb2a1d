//! A directory of part files, which is a draft until all of them are there.
//!
//! Each part is written whole or not at all. Their draft is `NAME.part`, which gets its own name at
//! the end.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use flowseal::ErrorCode;
use sha2::{Digest as _, Sha256};

use super::growing::{Written, digest_into};
use super::{Existing, beside, directory, not_replaced, rewrite, there_already, unwritable};
use crate::failure::Failure;

/// The draft of a directory.
pub(crate) struct Directory {
    name: PathBuf,
    draft: PathBuf,
    parts: usize,
    bytes: u64,
    digest: Sha256,
}

impl Directory {
    /// A new draft, in place of one that was left.
    pub(crate) fn new(name: &Path) -> Result<Self, Failure> {
        let draft = beside(name, "part");
        remove(&draft)?;
        directory(&draft)?;
        Ok(Self::of(name, draft))
    }

    fn of(name: &Path, draft: PathBuf) -> Self {
        Self {
            name: name.to_owned(),
            draft,
            parts: 0,
            bytes: 0,
            digest: Sha256::new(),
        }
    }

    /// The draft that an earlier run has left; `None` where it was whole and has got its name.
    ///
    /// # Errors
    /// `checkpoint` where it is not as it was.
    pub(crate) fn resume(
        name: &Path,
        known: &Written,
        is_whole: bool,
    ) -> Result<Option<Self>, Failure> {
        let mut this = Self::of(name, beside(name, "part"));
        let has_its_name = is_whole && this.draft.symlink_metadata().is_err();
        let place = if has_its_name { name } else { &this.draft };
        while this.bytes < known.bytes {
            let part = File::open(place.join(part(this.parts)));
            let count =
                part.and_then(|mut file| digest_into(&mut this.digest, &mut file, u64::MAX));
            match count {
                Ok(count) => this.bytes += count,
                Err(_) => break,
            }
            this.parts += 1;
        }
        if this.written() == *known {
            return Ok((!has_its_name).then_some(this));
        }
        let what = "is not what its checkpoint says: --force starts again, and replaces what is \
            there";
        Err(Failure::new(ErrorCode::Checkpoint, what).about(place))
    }

    /// Writes the next part. One of its name that came after a checkpoint gives way.
    pub(crate) fn add(&mut self, content: &[u8]) -> Result<(), Failure> {
        rewrite(&self.draft.join(part(self.parts)), content)?;
        self.parts += 1;
        self.bytes += u64::try_from(content.len()).unwrap_or_default();
        self.digest.update(content);
        Ok(())
    }

    /// How many parts there are.
    pub(crate) fn parts(&self) -> usize {
        self.parts
    }

    /// How much is in them, and what.
    pub(crate) fn written(&self) -> Written {
        Written {
            bytes: self.bytes,
            digest: self.digest.clone().finalize().into(),
        }
    }

    /// Gives the directory its own name.
    pub(crate) fn publish(self, existing: Existing) -> Result<(), Failure> {
        check_free(&self.name, existing)?;
        remove(&self.name)?;
        let renamed = fs::rename(&self.draft, &self.name);
        renamed.map_err(|error| unwritable(&self.name, &error))
    }
}

/// Whether a directory could get this name.
pub(crate) fn check_free(name: &Path, existing: Existing) -> Result<(), Failure> {
    if name.file_name().is_none() {
        let sentence = "this names no directory that could be made: give the name of a new one";
        return Err(Failure::new(ErrorCode::Usage, sentence).about(name));
    }
    match (name.symlink_metadata(), existing) {
        (Err(_), _) => Ok(()),
        (Ok(_), Existing::Replaced) => match is_of_parts(name) {
            Ok(true) => Ok(()),
            _ => Err(not_replaced(name)),
        },
        (Ok(_), _) => Err(there_already(name, existing.advice())),
    }
}

/// Removes a directory of parts, where there is one.
fn remove(name: &Path) -> Result<(), Failure> {
    let removed = match name.symlink_metadata() {
        Err(_) => return Ok(()),
        Ok(_) => is_of_parts(name),
    };
    match removed {
        Ok(true) => fs::remove_dir_all(name).map_err(|error| unwritable(name, &error)),
        _ => Err(not_replaced(name)),
    }
}

/// Whether it is a directory in which there are parts and drafts of them, and nothing else.
fn is_of_parts(name: &Path) -> io::Result<bool> {
    if !name.symlink_metadata()?.is_dir() {
        return Ok(false);
    }
    for entry in name.read_dir()? {
        let file = entry?.file_name();
        let file = file.to_string_lossy();
        let file = file.strip_suffix(".new").unwrap_or(&file);
        if !file.starts_with("part-") || !file.ends_with(".parquet") {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The name of a part.
fn part(number: usize) -> String {
    format!("part-{number:05}.parquet")
}
