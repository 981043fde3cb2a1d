//! What a run leaves beside its output, so that a later one goes on where it ended: what it was
//! doing, and digests of what was read and written.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use flowseal::ErrorCode;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::records::Mark;
use crate::failure::Failure;
use crate::files::{self, Written};

/// Where a run has come to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Checkpoint {
    /// What the run is: see [`Checkpoint::is_of`].
    pub(super) job: Identity,
    pub(super) read: Mark,
    /// Batches that are written.
    pub(super) batches: u64,
    pub(super) rows: Written,
    pub(super) errors: Option<Written>,
    pub(super) counts: Counts,
    /// Whether the run was told to replace what has the name.
    pub(super) replaces: bool,
    /// Whether all is written, and at most names are missing.
    pub(super) is_whole: bool,
}

/// What a run was told, by the words in which a difference is said. Of keys and people there are
/// digests.
pub(super) type Identity = BTreeMap<String, String>;

/// What was counted so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Counts {
    pub(super) records: u64,
    pub(super) claims: u64,
    /// Of each code, how many records were refused with it.
    pub(super) refused: BTreeMap<String, u64>,
}

impl Counts {
    pub(super) fn all_refused(&self) -> u64 {
        self.refused.values().sum()
    }

    /// The code with which most were refused.
    pub(super) fn most_refused(&self) -> Option<ErrorCode> {
        let most = self.refused.iter().max_by_key(|(_, count)| **count)?;
        let mut codes = ErrorCode::ALL.iter().copied();
        codes.find(|code| code.as_str() == most.0)
    }
}

/// The name of the format, with its version.
const FORMAT: &str = "flowseal_checkpoint";
const VERSION: u64 = 1;

/// The member that holds the digest of the others.
const OWN: &str = "sha256";

/// The longest checkpoint there is: a few kilobytes, and more for many keys and paths.
const LONGEST: u64 = 1 << 24;

impl Checkpoint {
    /// Reads the checkpoint of a run; `None` where there is none.
    ///
    /// # Errors
    /// `checkpoint` for a file that is none, `io` for one that cannot be read.
    pub(super) fn read(file: &Path) -> Result<Option<Self>, Failure> {
        let text = match fs::metadata(file) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Ok(it) if it.len() <= LONGEST => fs::read(file),
            Ok(_) => return Err(damaged().about(file)),
            Err(error) => Err(error),
        };
        let text = text.map_err(|error| {
            let what = format!("cannot be read ({error}): check that you may");
            Failure::new(ErrorCode::Io, what).about(file)
        })?;
        let checkpoint = serde_json::from_slice(&text).ok();
        let checkpoint = checkpoint.and_then(whole).as_ref().and_then(Self::of_json);
        checkpoint.map(Some).ok_or_else(|| damaged().about(file))
    }

    /// Writes it in place of the one before.
    pub(super) fn write(&self, file: &Path) -> Result<(), Failure> {
        let mut json = self.to_json();
        let own = digest_of(&json);
        if let Some(members) = json.as_object_mut() {
            members.insert(OWN.to_owned(), own.into());
        }
        let mut text = serde_json::to_string_pretty(&json).unwrap_or_default();
        text.push('\n');
        files::rewrite(file, text.as_bytes())
    }

    /// Refuses to go on with what another run has begun.
    pub(super) fn is_of(&self, job: &Identity) -> Result<(), Failure> {
        let names = self.job.keys().chain(job.keys());
        let mut differ: Vec<_> = names
            .filter(|name| self.job.get(*name) != job.get(*name))
            .map(String::as_str)
            .collect();
        differ.sort_unstable();
        differ.dedup();
        if differ.is_empty() {
            return Ok(());
        }
        Err(Failure::new(
            ErrorCode::Checkpoint,
            format!(
                "the earlier run had another {}: resume it with the same, or start again \
                 with --force",
                differ.join(", another ")
            ),
        ))
    }

    /// All of it but its own digest.
    fn to_json(&self) -> Value {
        let written = |it: &Written| json!({"bytes": it.bytes, "sha256": hexadecimal(&it.digest)});
        json!({
            FORMAT: VERSION,
            "job": self.job,
            "read": {
                "bytes": self.read.bytes,
                "lines": self.read.lines,
                "sha256": hexadecimal(&self.read.digest),
            },
            "batches": self.batches,
            "rows": written(&self.rows),
            "errors": self.errors.as_ref().map(written),
            "counts": {
                "records": self.counts.records,
                "claims": self.counts.claims,
                "refused": self.counts.refused,
            },
            "replaces": self.replaces,
            "whole": self.is_whole,
        })
    }

    fn of_json(value: &Value) -> Option<Self> {
        let written = |value: &Value| {
            Some(Written {
                bytes: value.get("bytes")?.as_u64()?,
                digest: digest(value.get("sha256")?)?,
            })
        };
        if value.get(FORMAT)?.as_u64()? != VERSION {
            return None;
        }
        let (read, counts) = (value.get("read")?, value.get("counts")?);
        Some(Self {
            job: each(value.get("job")?, |it| it.as_str().map(str::to_owned))?,
            read: Mark {
                bytes: read.get("bytes")?.as_u64()?,
                lines: read.get("lines")?.as_u64()?,
                digest: digest(read.get("sha256")?)?,
                taken: 0,
            },
            batches: value.get("batches")?.as_u64()?,
            rows: written(value.get("rows")?)?,
            errors: match value.get("errors")? {
                Value::Null => None,
                errors => Some(written(errors)?),
            },
            counts: Counts {
                records: counts.get("records")?.as_u64()?,
                claims: counts.get("claims")?.as_u64()?,
                refused: each(counts.get("refused")?, Value::as_u64)?,
            },
            replaces: value.get("replaces")?.as_bool()?,
            is_whole: value.get("whole")?.as_bool()?,
        })
    }
}

/// Whether an input that was read up to here has come to where the earlier run ended; it must come
/// by there.
///
/// # Errors
/// `checkpoint` for another input.
pub(super) fn is_reached(earlier: &Mark, mark: &Mark) -> Result<bool, Failure> {
    let is_same = || mark.lines == earlier.lines && mark.digest == earlier.digest;
    match mark.bytes {
        bytes if bytes < earlier.bytes => Ok(false),
        bytes if bytes == earlier.bytes && is_same() => Ok(true),
        _ => Err(another_input()),
    }
}

/// What is said of an input that does not come by there.
pub(super) fn another_input() -> Failure {
    Failure::new(
        ErrorCode::Checkpoint,
        "the earlier run had read another input: give the same files in the same order, \
         or start again with --force",
    )
}

/// A checkpoint without its own digest, where that is of the rest: what was edited or damaged is
/// not gone on with, since its counts decide how a run ends.
fn whole(mut checkpoint: Value) -> Option<Value> {
    let own = checkpoint.as_object_mut()?.remove(OWN)?;
    (own.as_str()? == digest_of(&checkpoint)).then_some(checkpoint)
}

fn digest_of(checkpoint: &Value) -> String {
    hexadecimal(&Sha256::digest(checkpoint.to_string()))
}

fn damaged() -> Failure {
    Failure::new(
        ErrorCode::Checkpoint,
        "this is not a checkpoint of this version, or it is damaged: start again with --force",
    )
}

fn each<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<BTreeMap<String, T>> {
    let members: &Map<_, _> = value.as_object()?;
    let members = members.iter();
    members
        .map(|(name, value)| Some((name.clone(), read(value)?)))
        .collect()
}

/// A digest as people compare it.
pub(super) fn hexadecimal(digest: &[u8]) -> String {
    use std::fmt::Write as _;

    digest.iter().fold(String::new(), |mut text, byte| {
        // A `String` takes whatever is written.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn digest(value: &Value) -> Option<[u8; 32]> {
    let text = value.as_str().filter(|text| text.len() == 64)?;
    let mut digest = [0; 32];
    for (byte, at) in digest.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Checkpoint {
        let written = Written {
            bytes: 7,
            digest: [0xab; 32],
        };
        Checkpoint {
            job: [("key", "ab"), ("profile", "")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            read: Mark {
                bytes: u64::MAX,
                lines: 3,
                digest: [1; 32],
                taken: 0,
            },
            batches: 2,
            rows: written.clone(),
            errors: Some(written),
            counts: Counts {
                records: 3,
                claims: 27,
                refused: [("json".to_owned(), 1)].into(),
            },
            replaces: true,
            is_whole: false,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("checkpoint");
        assert_eq!(Checkpoint::read(&file).unwrap(), None);
        for checkpoint in [
            sample(),
            Checkpoint {
                errors: None,
                ..sample()
            },
        ] {
            checkpoint.write(&file).unwrap();
            assert_eq!(Checkpoint::read(&file).unwrap(), Some(checkpoint));
        }
    }

    #[test]
    fn what_is_damaged_is_no_checkpoint() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("checkpoint");
        sample().write(&file).unwrap();
        let text = fs::read(&file).unwrap();
        let is_damaged = |other: &[u8]| {
            fs::write(&file, other).unwrap();
            let refused = Checkpoint::read(&file).unwrap_err();
            refused.to_string().contains("error[checkpoint]: ")
        };
        // The last byte is a line's end.
        for len in 0..text.len() - 1 {
            assert!(is_damaged(&text[..len]), "{len}");
        }
        // Every digit, and every letter, is one that somebody may have changed.
        for at in (0..text.len()).filter(|at| text[*at].is_ascii_alphanumeric()) {
            let mut other = text.clone();
            other[at] ^= 1;
            assert!(is_damaged(&other), "{}", String::from_utf8_lossy(&other));
        }
        // Well-formed, but of another form.
        let json = sample().to_json();
        for (name, value) in [
            (FORMAT, json!(2)),
            ("whole", json!(0)),
            ("batches", json!(-1)),
            ("rows", json!({"bytes": 7, "sha256": "ab".repeat(31)})),
        ] {
            let mut other = json.clone();
            other[name] = value;
            assert!(Checkpoint::of_json(&other).is_none(), "{name}");
        }
        assert!(Checkpoint::of_json(&json).is_some());
    }

    #[test]
    fn another_run_is_told_by_what_differs() {
        let checkpoint = sample();
        checkpoint.is_of(&checkpoint.job).unwrap();
        let mut job = checkpoint.job.clone();
        job.insert("key".to_owned(), "cd".to_owned());
        job.insert("column".to_owned(), "flow".to_owned());
        let refused = checkpoint.is_of(&job).unwrap_err().to_string();
        assert!(
            refused.contains("another column, another key:"),
            "{refused}"
        );
    }
}
