//! Files and standard input, bounded before they are read.

use std::fs::{DirEntry, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use flowseal::profile::{Limits, Profile};
use flowseal::{ErrorCode, Flow, SecretBytes};

use crate::failure::Failure;

/// Reads a flow from a file, or from standard input where `path` is absent or `-`.
pub(crate) fn flow(path: Option<&Path>, profile: Option<&Profile>) -> Result<Flow, Failure> {
    let (text, name) = answer(path, profile)?;
    let flow = match profile {
        Some(profile) => flowseal::Setup::new(profile.clone()).read_flow(&text),
        None => Flow::from_json(&text),
    };
    flow.map_err(|error| Failure::from(error).about(name))
}

/// Reads an answer of the API as it was received, and says where it was read from.
pub(crate) fn answer<'a>(
    path: Option<&'a Path>,
    profile: Option<&Profile>,
) -> Result<(Vec<u8>, &'a Path), Failure> {
    let limit = response_bytes(profile);
    match path.filter(|path| *path != Path::new("-")) {
        Some(path) => Ok((public_file(path, limit)?, path)),
        None => {
            let name = Path::new("standard input");
            Ok((bounded(io::stdin().lock(), limit, name)?, name))
        }
    }
}

/// Reads a profile, where there is one.
pub(crate) fn profile(path: Option<&Path>) -> Result<Option<Profile>, Failure> {
    path.map(|path| {
        let text = public_file(path, response_bytes(None))?;
        Profile::from_json(&text).map_err(|error| Failure::from(error).about(path))
    })
    .transpose()
}

/// Reads the bytes of a detached statement.
pub(crate) fn statement(path: &Path, profile: Option<&Profile>) -> Result<Vec<u8>, Failure> {
    public_file(path, response_bytes(profile))
}

/// Reads an evidence file, which is longer than its flow was, under whatever profile.
pub(crate) fn evidence(path: &Path) -> Result<Vec<u8>, Failure> {
    const LIMIT: usize = 1 << 26;

    public_file(path, LIMIT)
}

/// Reads a disclosure, which shows claims.
pub(crate) fn disclosure(path: &Path) -> Result<SecretFile, Failure> {
    const LIMIT: usize = 1 << 26;

    SecretFile::read_up_to(path, LIMIT, "give the file that is meant")
}

/// A file that may hold a secret, such as a key, which may be a private one by mistake.
///
/// It is read into one buffer that never grows and is wiped when it is dropped.
pub(crate) struct SecretFile {
    buffer: SecretBytes,
    len: usize,
}

impl SecretFile {
    /// The longest that is read. A key of 8192 bits takes 7 KiB; a set of keys can be long.
    const LIMIT: usize = 1 << 20;

    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        Self::read_up_to(path, Self::LIMIT, "give a file of keys alone")
    }

    fn read_up_to(path: &Path, limit: usize, advice: &str) -> Result<Self, Failure> {
        let unreadable = |error| unreadable(path, &error);
        let mut file = File::open(path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        // A pipe does not know its length and says 0.
        let expected = match metadata.len() {
            0 => limit,
            len => usize::try_from(len).map_or(limit, |len| len.min(limit)),
        };

        // One more byte, by whose absence the end is seen.
        let mut buffer = SecretBytes::zeroed(expected + 1);
        let mut len = 0;
        while let Some(rest @ [_, ..]) = buffer.expose_secret_mut().get_mut(len..) {
            match file.read(rest) {
                Ok(0) => return Ok(Self { buffer, len }),
                Ok(count) => len += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(unreadable(error)),
            }
        }
        let failure = match expected == limit {
            true => too_large(limit, advice),
            false => Failure::new(
                ErrorCode::Io,
                "this grew while it was being read: try again when nothing writes to it",
            ),
        };
        Err(failure.about(path))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.buffer
            .expose_secret()
            .get(..self.len)
            .unwrap_or_default()
    }
}

/// Reads an unpacked service account: its `config.json` and the PEM files beside it, by the names
/// that they have in a zip, where capitals make no difference.
pub(crate) fn service_account(directory: &Path) -> Result<(SecretFile, Vec<SecretFile>), Failure> {
    let entries = directory
        .read_dir()
        .and_then(Iterator::collect::<io::Result<Vec<_>>>)
        .map_err(|error| unreadable(directory, &error))?;
    // In an order that every machine has, so that every machine has the same error.
    let mut files: Vec<_> = entries.iter().map(DirEntry::path).collect();
    files.sort();
    let named = |is: fn(&[u8]) -> bool| {
        let is = move |path: &&PathBuf| {
            let name = path.file_name().unwrap_or_default().to_ascii_lowercase();
            is(name.as_encoded_bytes())
        };
        files.iter().filter(is)
    };
    let configs: Vec<_> = named(|name| name == b"config.json").collect();
    let config = match configs.as_slice() {
        [] => SecretFile::read(&directory.join("config.json"))?,
        [config] => SecretFile::read(config)?,
        [_, _, ..] => {
            let sentence = "expected one config.json and found several, which differ in capitals: give the \
                service account as pasby's console made it";
            return Err(Failure::new(ErrorCode::ServiceAccount, sentence).about(directory));
        }
    };
    let pems = named(|name| name.ends_with(b".pem")).map(|path| SecretFile::read(path));
    Ok((config, pems.collect::<Result<_, _>>()?))
}

fn response_bytes(profile: Option<&Profile>) -> usize {
    profile
        .map_or_else(Limits::default, |profile| profile.limits)
        .response_bytes()
}

fn public_file(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    bounded(file, limit, path)
}

/// Reads to the end, but no more than a byte beyond `limit`.
fn bounded(source: impl Read, limit: usize, name: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    source
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(name, &error))?;
    if bytes.len() > limit {
        let advice = "raise limits.response_bytes of the profile if that is expected";
        return Err(too_large(limit, advice).about(name));
    }
    Ok(bytes)
}

fn too_large(limit: usize, advice: &str) -> Failure {
    Failure::new(
        ErrorCode::TooLarge,
        format!("this is longer than {limit} bytes, and no more is read: {advice}"),
    )
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let sentence = format!("cannot be read ({error}): check the name, and that you may read it");
    Failure::new(ErrorCode::Io, sentence).about(path)
}
