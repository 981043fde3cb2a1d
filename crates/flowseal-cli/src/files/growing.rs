//! A file that grows for hours, stays where a run ends, and gets its own name when it is whole.
//!
//! Its draft is `NAME.part`, beside it, so that a later run finds it. It is readable by its owner
//! alone, one run at a time has it, and it counts and digests what it was given: by that a later
//! run sees that it is the same, and cuts off what came after.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use flowseal::{ErrorCode, SecretBytes};
use sha2::{Digest as _, Sha256};

use super::{Draft, Existing, unwritable};
use crate::failure::Failure;

/// A file, or standard output, that is written for a long time.
pub(crate) struct Growing {
    file: Target,
    name: PathBuf,
    written: u64,
    digest: Sha256,
    /// What is not in the file yet. It may hold claims, so it never grows and is wiped.
    buffer: SecretBytes,
    filled: usize,
}

enum Target {
    File(File),
    Stdout,
}

/// How much of a file there is, and what.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Written {
    pub(crate) bytes: u64,
    pub(crate) digest: [u8; 32],
}

impl Written {
    /// Nothing yet.
    pub(crate) fn nothing() -> Self {
        Self {
            bytes: 0,
            digest: Sha256::new().finalize().into(),
        }
    }
}

/// How much is kept back before it is written.
const BUFFER: usize = 1 << 18;

impl Growing {
    /// A new draft of this file, in place of one that was left there.
    pub(crate) fn new(name: &Path) -> Result<Self, Failure> {
        let draft = draft_of(name);
        let failed = |error| unwritable(name, &error);
        super::check_free(&draft, Existing::Replaced)?;
        // Who has it locked has it, whatever its name becomes.
        if let Ok(there) = open(&draft) {
            lock(&there, name)?;
            fs::remove_file(&draft).map_err(failed)?;
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&draft).map_err(failed)?;
        lock(&file, name)?;
        Ok(Self::of(Target::File(file), name))
    }

    /// Standard output, which nothing can be gone on with.
    pub(crate) fn stdout() -> Self {
        let name = Path::new("standard output");
        Self::of(Target::Stdout, name)
    }

    fn of(file: Target, name: &Path) -> Self {
        Self {
            file,
            name: name.to_owned(),
            written: 0,
            digest: Sha256::new(),
            buffer: SecretBytes::zeroed(BUFFER),
            filled: 0,
        }
    }

    /// The draft that an earlier run has left, up to where it is known; what came after is cut off.
    ///
    /// # Errors
    /// `checkpoint` where it is not as it was, `io` where another run has it or it cannot be read.
    pub(crate) fn resume(name: &Path, known: &Written) -> Result<Self, Failure> {
        let draft = draft_of(name);
        let changed = |what: &str| {
            let what = format!(
                "what an earlier run wrote {what}: --force starts again, and replaces what is there"
            );
            Failure::new(ErrorCode::Checkpoint, what).about(&draft)
        };
        let unreadable = |error| changed(&format!("cannot be read ({error})"));
        let mut file = open(&draft).map_err(unreadable)?;
        lock(&file, name)?;
        let (bytes, digest) = digest_of(&mut file, known.bytes).map_err(unreadable)?;
        if bytes < known.bytes {
            return Err(changed("is shorter than its checkpoint says"));
        }
        let is_known = <[u8; 32]>::from(digest.clone().finalize()) == known.digest;
        if !is_known {
            return Err(changed("is not what its checkpoint says"));
        }
        let cut = file.set_len(known.bytes);
        cut.and_then(|()| file.seek(SeekFrom::Start(known.bytes)).map(drop))
            .map_err(|error| unwritable(name, &error))?;
        Ok(Self {
            written: known.bytes,
            digest,
            ..Self::of(Target::File(file), name)
        })
    }

    /// The same of a draft that is whole, which may have got its own name: then there is none.
    pub(crate) fn resume_whole(name: &Path, known: &Written) -> Result<Option<Self>, Failure> {
        if draft_of(name).symlink_metadata().is_ok() {
            return Self::resume(name, known).map(Some);
        }
        let whole = File::open(name).and_then(|mut file| digest_of(&mut file, u64::MAX));
        match whole {
            Ok((bytes, digest))
                if bytes == known.bytes && digest.clone().finalize()[..] == known.digest =>
            {
                Ok(None)
            }
            _ => {
                let what = "is not what an earlier run wrote: --force starts again, and replaces \
                    what is there";
                Err(Failure::new(ErrorCode::Checkpoint, what).about(name))
            }
        }
    }

    /// Takes some bytes, which reach the file by and by.
    pub(crate) fn write(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        while !bytes.is_empty() {
            let room = self.buffer.expose_secret_mut().get_mut(self.filled..);
            let room = room.unwrap_or_default();
            let count = room.len().min(bytes.len());
            let (now, later) = bytes.split_at(count);
            if let Some(room) = room.get_mut(..count) {
                room.copy_from_slice(now);
            }
            self.filled += count;
            bytes = later;
            if self.filled == BUFFER {
                self.flush()?;
            }
        }
        Ok(())
    }

    /// Hands what was kept back to the system.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        let bytes = self.buffer.expose_secret().get(..self.filled);
        let bytes = bytes.unwrap_or_default();
        let written = match &mut self.file {
            Target::File(file) => file.write_all(bytes),
            Target::Stdout => {
                let mut out = io::stdout().lock();
                out.write_all(bytes).and_then(|()| out.flush())
            }
        };
        written.map_err(|error| match self.file {
            Target::File(_) => unwritable(&self.name, &error),
            Target::Stdout => {
                let what = format!("cannot be written ({error}): check what it leads to");
                Failure::new(ErrorCode::Io, what).about(&self.name)
            }
        })?;
        self.digest.update(bytes);
        self.written += u64::try_from(self.filled).unwrap_or_default();
        self.filled = 0;
        Ok(())
    }

    /// Waits until the disk has all of it, and says how much that is.
    pub(crate) fn sync(&mut self) -> Result<Written, Failure> {
        self.flush()?;
        if let Target::File(file) = &self.file {
            let synced = file.sync_data();
            synced.map_err(|error| unwritable(&self.name, &error))?;
        }
        Ok(Written {
            bytes: self.written,
            digest: self.digest.clone().finalize().into(),
        })
    }

    /// Removes it, where it was begun for nothing.
    pub(crate) fn discard(self) {
        if let Target::File(_) = self.file {
            let _ = fs::remove_file(draft_of(&self.name));
        }
    }

    /// Gives it its own name.
    pub(crate) fn publish(mut self, existing: Existing) -> Result<(), Failure> {
        self.sync()?;
        match self.file {
            Target::Stdout => Ok(()),
            Target::File(_) => publish(&self.name, existing),
        }
    }
}

/// Digests a file's beginning, which may hold claims, and says how much of it there was.
fn digest_of(file: &mut File, most: u64) -> io::Result<(u64, Sha256)> {
    let mut digest = Sha256::new();
    let read = digest_into(&mut digest, file, most)?;
    Ok((read, digest))
}

/// The same, after what was digested before.
pub(super) fn digest_into(digest: &mut Sha256, file: &mut File, most: u64) -> io::Result<u64> {
    let mut block = SecretBytes::zeroed(BUFFER);
    let mut read = 0;
    while read < most {
        let missing = usize::try_from(most - read).unwrap_or(BUFFER);
        let room = block.expose_secret_mut().get_mut(..missing.min(BUFFER));
        let count = match file.read(room.unwrap_or_default()) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        digest.update(block.expose_secret().get(..count).unwrap_or_default());
        read += u64::try_from(count).unwrap_or_default();
    }
    Ok(read)
}

/// Gives a draft that is whole its own name. It stays where that cannot be.
fn publish(name: &Path, existing: Existing) -> Result<(), Failure> {
    let draft = Draft {
        written: draft_of(name),
        file: name.to_owned(),
    };
    // An earlier run may have come as far as to give it both names.
    let named = match is_one(&draft.written, name) {
        true => Ok(()),
        false => draft.name(existing),
    };
    match named {
        // Dropped, it loses its first name.
        Ok(()) => Ok(()),
        Err(failure) => {
            std::mem::forget(draft);
            Err(failure)
        }
    }
}

/// Whether these are two names of one file.
fn is_one(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let id = |path: &Path| {
            let metadata = path.symlink_metadata().ok()?;
            metadata.is_file().then(|| (metadata.dev(), metadata.ino()))
        };
        id(one).is_some_and(|one| Some(one) == id(other))
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        false
    }
}

/// Opens a draft that is there: a file, and not what a link leads to.
fn open(draft: &Path) -> io::Result<File> {
    let is_file = |metadata: &fs::Metadata| match metadata.is_file() {
        true => Ok(()),
        false => Err(io::Error::other("it is no file")),
    };
    is_file(&draft.symlink_metadata()?)?;
    OpenOptions::new().read(true).write(true).open(draft)
}

fn lock(file: &File, name: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            let what = "another run is writing this: wait for its end, or give another name";
            Err(Failure::new(ErrorCode::Io, what).about(name))
        }
        // Not every file system has locks.
        Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// Where a file grows until it is whole.
fn draft_of(name: &Path) -> PathBuf {
    beside(name, "part")
}

/// The name of what belongs to a file.
pub(crate) fn beside(name: &Path, what: &str) -> PathBuf {
    let mut file = name.file_name().unwrap_or_default().to_owned();
    file.push(".");
    file.push(what);
    name.with_file_name(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_on_with_is_what_was_there() {
        let directory = tempfile::tempdir().unwrap();
        let name = directory.path().join("rows");
        let mut growing = Growing::new(&name).unwrap();
        growing.write(b"whole\n").unwrap();
        let known = growing.sync().unwrap();
        growing.write(&[b'?'; 4 * BUFFER]).unwrap();
        growing.flush().unwrap();
        assert!(Growing::resume(&name, &known).is_err(), "one run at a time");
        drop(growing);

        let mut growing = Growing::resume(&name, &known).unwrap();
        growing.write(&[b'x'; 3 * BUFFER]).unwrap();
        growing.publish(Existing::KeptUnlessForced).unwrap();
        let all = fs::read(&name).unwrap();
        assert_eq!((&all[..6], all.len()), (&b"whole\n"[..], 6 + 3 * BUFFER));
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_was_changed_is_not_gone_on_with() {
        let directory = tempfile::tempdir().unwrap();
        let name = directory.path().join("rows");
        let mut growing = Growing::new(&name).unwrap();
        growing.write(b"whole\n").unwrap();
        let known = growing.sync().unwrap();
        drop(growing);
        for other in ["Whole\n", "whol"] {
            fs::write(draft_of(&name), other).unwrap();
            let refused = Growing::resume(&name, &known).err().unwrap();
            assert!(
                refused.to_string().starts_with("error[checkpoint]"),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_draft_stays_where_its_name_is_taken() {
        let directory = tempfile::tempdir().unwrap();
        let name = directory.path().join("rows");
        let mut growing = Growing::new(&name).unwrap();
        growing.write(b"new").unwrap();
        fs::write(&name, b"old").unwrap();
        growing.publish(Existing::KeptUnlessForced).unwrap_err();
        assert_eq!(fs::read(draft_of(&name)).unwrap(), b"new");
        assert_eq!(fs::read(&name).unwrap(), b"old");
    }
}
