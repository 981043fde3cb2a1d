//! Each person's keys, of a million people: where they are is kept, and the keys of those whose
//! flows come.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::fs::File;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, BufRead, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use flowseal::profile::Algorithm;
use flowseal::{DecryptingKey, ErrorCode, Fingerprint, KeyRing, VerifyingKey};
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use sha2::{Digest as _, Sha256};

use super::judging::Refusal;
use super::source::BOM;
use crate::failure::Failure;
use crate::input::SecretFile;

/// A person's keys, none where there are none, or why they cannot be used.
pub(super) type Keys = Arc<Result<Vec<VerifyingKey>, Refusal>>;

/// Where people's keys are, and those that were used of late.
pub(super) struct People {
    place: Place,
    algorithm: Algorithm,
    /// The keys that open, which may not verify as well.
    opening: BTreeSet<Fingerprint>,
    recent: Mutex<Recent>,
    digest: [u8; 32],
}

enum Place {
    Lines(Lines),
    Directory(PathBuf),
}

impl People {
    /// Looks through a file of lines, of which only the places are kept, or takes a directory.
    ///
    /// # Errors
    /// `io` for what cannot be read, `key_format` for a line that is not of the form.
    pub(super) fn find(
        place: &Path,
        algorithm: Algorithm,
        ring: &KeyRing,
    ) -> Result<Self, Failure> {
        let unreadable = |error| unreadable(place, &error);
        let metadata = place.metadata().map_err(unreadable)?;
        let (place, digest) = if metadata.is_dir() {
            let digest = names_in(place).map_err(unreadable)?;
            (Place::Directory(place.to_owned()), digest)
        } else if metadata.is_file() {
            let (lines, digest) = Lines::find(place)?;
            (Place::Lines(lines), digest)
        } else {
            let what = "this is a pipe or a device, and keys are looked up again and again: give a \
                file or a directory";
            return Err(Failure::new(ErrorCode::Usage, what).about(place));
        };
        Ok(Self {
            place,
            algorithm,
            opening: ring.keys().map(DecryptingKey::fingerprint).collect(),
            recent: Mutex::default(),
            digest,
        })
    }

    /// What tells these people's keys from others': of a directory its names, lengths and times.
    pub(super) fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// The keys of a person, who may be anyone: the name is a stranger's.
    pub(super) fn keys_of(&self, requestee: &str) -> Keys {
        if let Some(keys) = self.recent().get(requestee) {
            return keys;
        }
        let found = match &self.place {
            Place::Lines(lines) => lines.keys_of(requestee, self.algorithm),
            Place::Directory(directory) => in_directory(directory, requestee, self.algorithm),
        };
        let keys = Arc::new(found.and_then(|keys| self.apart(keys)));
        self.recent().put(requestee, &keys);
        keys
    }

    /// Refuses a person's key that opens claims here as well.
    fn apart(&self, keys: Vec<VerifyingKey>) -> Result<Vec<VerifyingKey>, Refusal> {
        let mut prints = keys.iter().map(VerifyingKey::fingerprint);
        match prints.find(|print| self.opening.contains(print)) {
            None => Ok(keys),
            Some(print) => Err(Refusal {
                code: ErrorCode::KeyConflict,
                sentence: format!(
                    "the key {print} opens claims and is named as this person's: an app's key is \
                     not a user's, so check which is which"
                ),
            }),
        }
    }

    fn recent(&self) -> std::sync::MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The keys that were used of late: two generations, of which the elder goes when the younger is
/// full. So what is used often stays, and memory is bounded whoever comes.
#[derive(Default)]
struct Recent {
    younger: HashMap<String, Keys>,
    elder: HashMap<String, Keys>,
}

/// People in a generation. With their keys they take some 4 KiB each.
const GENERATION: usize = 1024;

impl Recent {
    fn get(&mut self, requestee: &str) -> Option<Keys> {
        if let Some(keys) = self.younger.get(requestee) {
            return Some(Arc::clone(keys));
        }
        let keys = self.elder.remove(requestee)?;
        self.put(requestee, &keys);
        Some(keys)
    }

    fn put(&mut self, requestee: &str, keys: &Keys) {
        // A stranger's name may be a megabyte: nobody with keys has one of those.
        if requestee.len() > 256 {
            return;
        }
        if self.younger.len() >= GENERATION {
            self.elder = std::mem::take(&mut self.younger);
        }
        self.younger.insert(requestee.to_owned(), Arc::clone(keys));
    }
}

/// A file of `{"requestee": "…", "keys": [JWK…]}` lines, as places by hashes of requestees.
struct Lines {
    name: PathBuf,
    file: Mutex<File>,
    hasher: RandomState,
    /// Sorted. Who chooses a requestee cannot choose its hash, and the line is compared anyway.
    places: Vec<(u64, u64)>,
}

/// The longest line that is read: some people have many keys, and none a megabyte of them.
const LINE: u64 = 1 << 20;

impl Lines {
    fn find(name: &Path) -> Result<(Self, [u8; 32]), Failure> {
        let unreadable = |error| unreadable(name, &error);
        let open = || File::open(name).map_err(unreadable);
        // Counted first, so that the list is as long as it has to be and never moves.
        let mut places = Vec::with_capacity(count_lines(open()?).map_err(unreadable)?);
        let hasher = RandomState::new();
        let mut reader = BufReader::with_capacity(1 << 16, open()?);
        let (mut at, mut number) = (0, 0);
        let mut digest = Sha256::new();
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = (&mut reader).take(LINE + 1).read_until(b'\n', &mut line);
            let count = u64::try_from(read.map_err(unreadable)?).unwrap_or_default();
            if count == 0 {
                break;
            }
            number += 1;
            digest.update(&line);
            // The mark of UTF-8 that some editors put before a text.
            let text = match line.strip_prefix(BOM) {
                Some(text) if at == 0 => text,
                _ => &line,
            };
            let begin = at + count - u64::try_from(text.len()).unwrap_or(count);
            if !text.iter().all(u8::is_ascii_whitespace) {
                let about = |what: &str| {
                    let what = format!("line {number}: {what}");
                    Failure::new(ErrorCode::KeyFormat, what).about(name)
                };
                if count > LINE {
                    return Err(about(
                        "this is longer than 1 MiB: give a person's keys alone",
                    ));
                }
                let person = Person::read(text).map_err(|fault| {
                    about(&format!(
                        "this is not {{\"requestee\": \"…\", \"keys\": [JWK…]}} ({fault}): give \
                         such an object on each line"
                    ))
                })?;
                places.push((hasher.hash_one(person.requestee.as_bytes()), begin));
            }
            at += count;
        }
        places.sort_unstable();
        let lines = Self {
            name: name.to_owned(),
            file: Mutex::new(open()?),
            hasher,
            places,
        };
        Ok((lines, digest.finalize().into()))
    }

    /// Of a person who is named on several lines, all keys count.
    fn keys_of(&self, requestee: &str, algorithm: Algorithm) -> Result<Vec<VerifyingKey>, Refusal> {
        let hash = self.hasher.hash_one(requestee.as_bytes());
        let first = self.places.partition_point(|(other, _)| *other < hash);
        let like = self.places.iter().skip(first);
        let mut keys = Vec::new();
        for (_, at) in like.take_while(|(other, _)| *other == hash) {
            let line = self.line(*at).map_err(|error| Refusal {
                code: ErrorCode::Io,
                sentence: format!(
                    "the keys of this person cannot be read ({error}): leave {} as it is while it \
                     is used",
                    crate::names::Name(&self.name)
                ),
            })?;
            if Person::read(&line).is_ok_and(|person| person.requestee == requestee) {
                // A set of keys may have other members (RFC 7517, section 5).
                keys.extend(load(&line, algorithm)?);
            }
        }
        Ok(keys)
    }

    fn line(&self, at: u64) -> io::Result<Vec<u8>> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        let mut line = Vec::new();
        BufReader::new((&mut *file).take(LINE)).read_until(b'\n', &mut line)?;
        Ok(line)
    }
}

fn count_lines(mut file: File) -> io::Result<usize> {
    let mut block = vec![0; 1 << 16];
    let mut lines = 1;
    loop {
        match file.read(&mut block)? {
            0 => return Ok(lines),
            count => {
                let read = block.get(..count).unwrap_or_default();
                lines += memchr::memchr_iter(b'\n', read).count();
            }
        }
    }
}

/// Whose a line is.
struct Person<'a> {
    requestee: Cow<'a, str>,
}

impl<'a> Person<'a> {
    /// Reads the name, and sees that there are keys: those are read when they are needed.
    fn read(line: &'a [u8]) -> Result<Self, String> {
        serde_json::from_slice(line).map_err(|error| {
            match error.classify() {
                // What it says of a member's type quotes the text, which is a person's number.
                serde_json::error::Category::Data => {
                    "a member is missing, twice or of another type"
                }
                _ => "no JSON",
            }
            .to_owned()
        })
    }
}

impl<'de> Deserialize<'de> for Person<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Person<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Person<'de>, A::Error> {
                let (mut requestee, mut keys) = (None, 0);
                while let Some(Text(name)) = map.next_key()? {
                    match name.as_ref() {
                        "requestee" if requestee.is_none() => {
                            let Text(text) = map.next_value()?;
                            requestee = Some(text);
                        }
                        "requestee" => return Err(de::Error::duplicate_field("requestee")),
                        "keys" => {
                            keys += 1;
                            map.next_value::<Vec<IgnoredAny>>()?;
                        }
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                match (requestee, keys) {
                    (Some(requestee), 1) => Ok(Person { requestee }),
                    _ => Err(de::Error::missing_field("keys")),
                }
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// A text that is a part of the line where it has no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(Any)
    }
}

/// What a file of a person's keys ends with.
const EXTENSIONS: [&str; 2] = ["pem", "jwk"];

/// `REQUESTEE.pem` and `REQUESTEE.jwk` of a directory.
///
/// A requestee is a stranger's text until the flow is verified: what is no plain name, such as
/// `../app`, is looked up nowhere.
fn in_directory(
    directory: &Path,
    requestee: &str,
    algorithm: Algorithm,
) -> Result<Vec<VerifyingKey>, Refusal> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let mut keys = Vec::new();
    if !(1..=64).contains(&requestee.len()) || !requestee.bytes().all(is_plain) {
        return Ok(keys);
    }
    for extension in EXTENSIONS {
        let file = directory.join(format!("{requestee}.{extension}"));
        match file.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            _ => {
                // A pipe would be waited for without an end, and whoever stops the run with it.
                let is_file = file.metadata().is_ok_and(|it| it.is_file());
                let read = is_file.then(|| SecretFile::read(&file).ok()).flatten();
                let file = read.ok_or_else(|| Refusal {
                    code: ErrorCode::Io,
                    sentence: format!(
                        "the file of this person's keys, REQUESTEE.{extension}, cannot be read: \
                         check that it is a file, and that you may"
                    ),
                })?;
                keys.extend(load(file.bytes(), algorithm)?);
            }
        }
    }
    Ok(keys)
}

fn load(file: &[u8], algorithm: Algorithm) -> Result<Vec<VerifyingKey>, Refusal> {
    let options = VerifyingKey::options().with_algorithm(algorithm);
    let keys = options.load_all(file).map_err(|error| Refusal {
        code: error.code(),
        sentence: format!("the keys of this person: {}", error.sentence()),
    })?;
    Ok(keys.into_keys())
}

/// A digest of the names, lengths and times of a directory's keys, in whatever order they come.
/// Whatever else is there, such as the rows of this run, may change.
fn names_in(directory: &Path) -> io::Result<[u8; 32]> {
    let mut sum = [0; 32];
    for entry in directory.read_dir()? {
        let entry = entry?;
        let name = entry.file_name();
        let extension = Path::new(&name).extension();
        if !extension.is_some_and(|it| EXTENSIONS.iter().any(|known| it == *known)) {
            continue;
        }
        let metadata = entry.metadata()?;
        let mut digest = Sha256::new();
        digest.update(metadata.len().to_le_bytes());
        if let Ok(since) = metadata.modified()?.duration_since(std::time::UNIX_EPOCH) {
            digest.update(since.as_nanos().to_le_bytes());
        }
        digest.update(name.as_encoded_bytes());
        for (sum, byte) in sum.iter_mut().zip(digest.finalize()) {
            *sum ^= byte;
        }
    }
    Ok(sum)
}

fn unreadable(place: &Path, error: &io::Error) -> Failure {
    let sentence = format!("cannot be read ({error}): check the name, and that you may read it");
    Failure::new(ErrorCode::Io, sentence).about(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_for_their_person() {
        let name = |line: &'static str| Person::read(line.as_bytes()).map(|it| it.requestee);
        assert_eq!(name(r#"{"requestee": "1", "keys": []}"#).unwrap(), "1");
        assert_eq!(
            name(r#"{"keys": [{}], "a": {}, "requestee": "\u0031"}"#).unwrap(),
            "1"
        );
        for line in [
            "",
            "[]",
            "{}",
            r#"{"requestee": "1"}"#,
            r#"{"keys": []}"#,
            r#"{"requestee": 1, "keys": []}"#,
            r#"{"requestee": "1", "keys": {}}"#,
            r#"{"requestee": "1", "keys": [], "keys": []}"#,
            r#"{"requestee": "1", "requestee": "2", "keys": []}"#,
            r#"{"requestee": "1", "keys": []} {}"#,
        ] {
            assert!(name(line).is_err(), "{line}");
        }
    }

    #[test]
    fn memory_does_not_grow_with_those_who_come() {
        let mut recent = Recent::default();
        let none: Keys = Arc::new(Ok(Vec::new()));
        for at in 0..10 * GENERATION {
            recent.put(&at.to_string(), &none);
            assert!(recent.get("0").is_some(), "what is used often stays");
        }
        recent.put(&"x".repeat(1 << 20), &none);
        assert!(recent.younger.len() + recent.elder.len() <= 2 * GENERATION);
        assert!(recent.younger.keys().all(|name| name.len() < 10));
    }

    #[test]
    fn a_requestee_reaches_no_other_path() {
        let directory = tempfile::tempdir().unwrap();
        let inside = directory.path().join("people");
        std::fs::create_dir_all(inside.join("1")).unwrap();
        let pem = flowseal::testkit::Sample::USER_PUBLIC_PEM;
        for name in [
            "outside.pem",
            "people/1.pem",
            "people/1/2.pem",
            "people/.pem",
        ] {
            std::fs::write(directory.path().join(name), pem).unwrap();
        }
        let keys = |requestee: &str| {
            let keys = in_directory(&inside, requestee, Algorithm::Rs256);
            keys.map(|keys| keys.len()).map_err(|refusal| refusal.code)
        };
        assert_eq!(keys("1"), Ok(1));
        let absolute = directory.path().join("outside");
        for requestee in ["", ".", "..", "1/2", "../outside", "1\0", "1.pem/../1"] {
            assert_eq!(keys(requestee), Ok(0), "{requestee:?}");
        }
        assert_eq!(keys(absolute.to_str().unwrap()), Ok(0));
        assert_eq!(keys(&"1".repeat(65)), Ok(0));
    }

    /// A pipe would be waited for without an end.
    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_not_opened() {
        let directory = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/dev/null", directory.path().join("1.pem")).unwrap();
        std::fs::create_dir(directory.path().join("2.pem")).unwrap();
        for requestee in ["1", "2"] {
            let refused = in_directory(directory.path(), requestee, Algorithm::Rs256).unwrap_err();
            assert_eq!(refused.code, ErrorCode::Io, "{requestee}");
            assert!(refused.sentence.contains("is a file"), "{requestee}");
        }
    }
}
