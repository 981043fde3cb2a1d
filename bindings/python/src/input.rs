//! Bytes from Python's objects and from files.

use std::fs::{DirEntry, File};
use std::io::{self, ErrorKind, Read as _};
use std::ops::Deref;
use std::path::{Path, PathBuf};

use flowseal::{ErrorCode, SecretBytes, SecretText};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::errors::Failure;
use crate::file_name::{Name, type_error};

/// Text as `str`, `bytes` or anything with a buffer.
pub(crate) fn with_text<T>(
    text: &Bound<'_, PyAny>,
    read: impl FnOnce(&[u8]) -> Result<T, Failure>,
) -> Result<T, Failure> {
    if let Ok(bytes) = text.cast::<PyBytes>() {
        return read(bytes.as_bytes());
    }
    if let Ok(text) = text.cast::<PyString>() {
        // A lone surrogate is no UTF-8, which is the core's to say.
        let bytes = text.call_method1("encode", ("utf-8", "surrogatepass"))?;
        return read(bytes.cast::<PyBytes>().map_err(PyErr::from)?.as_bytes());
    }
    match PyBuffer::<u8>::get(text) {
        Ok(buffer) => read(copied(text.py(), &buffer)?.expose_secret()),
        Err(_) => {
            let kind = text.get_type().name()?;
            let sentence = format!(
                "text or bytes are wanted, and this is {kind}: give what was received, as it was received"
            );
            Err(type_error(sentence))
        }
    }
}

/// A copy of anything with a buffer that is wiped; the object is the caller's to wipe.
pub(crate) fn secret_bytes(object: &Bound<'_, PyAny>) -> Result<SecretBytes, Failure> {
    let Ok(buffer) = PyBuffer::<u8>::get(object) else {
        let kind = object.get_type().name()?;
        let sentence =
            format!("bytes are wanted (bytes, bytearray or memoryview), and this is {kind}");
        return Err(type_error(sentence));
    };
    copied(object.py(), &buffer)
}

fn copied(py: Python<'_>, buffer: &PyBuffer<u8>) -> Result<SecretBytes, Failure> {
    let mut bytes = SecretBytes::zeroed(buffer.item_count());
    buffer.copy_to_slice(py, bytes.expose_secret_mut())?;
    Ok(bytes)
}

/// The same of what may be a `str`, which is the interpreter's and cannot be wiped.
pub(crate) fn secret_text(object: &Bound<'_, PyAny>) -> Result<SecretBytes, Failure> {
    match object.cast::<PyString>() {
        // A `str` that is no UTF-8 would be quoted by Python's own exception.
        Ok(text) => match text.to_str() {
            Ok(text) => Ok(SecretBytes::copied_from(text.as_bytes())),
            Err(_) => Err(Failure::new(
                ErrorCode::Usage,
                "this str holds half a character (a lone surrogate): give bytes",
            )),
        },
        Err(_) => secret_bytes(object),
    }
}

/// A `str` as an argument. Python's own exception for one that is no UTF-8 holds the whole of it,
/// and whoever logs that logs a national number or a token.
pub(crate) struct Text(String);

impl<'py> FromPyObject<'_, 'py> for Text {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let Ok(text) = given.cast::<PyString>() else {
            let kind = given.get_type().name()?;
            let sentence = format!("a str is wanted, and this is {kind}");
            return Err(PyTypeError::new_err(sentence));
        };
        match text.to_str() {
            Ok(text) => Ok(Self(text.to_owned())),
            Err(_) => Err(half_a_character().into()),
        }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

fn half_a_character() -> Failure {
    Failure::new(
        ErrorCode::Usage,
        "this str holds half a character (a lone surrogate), which no text of the API has",
    )
}

/// A credential as `str` or anything with a buffer. What is no text is refused as the credential
/// that it is not, and not by an exception of Python's, which would hold it.
pub(crate) fn credential(object: &Bound<'_, PyAny>) -> Result<SecretText, Failure> {
    let refused = || {
        let sentence = "a credential is not text: give it as pasby's console shows it";
        Failure::new(ErrorCode::ApiConfig, sentence)
    };
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(SecretText::copied_from(
            text.to_str().map_err(|_| refused())?,
        ));
    }
    let bytes = secret_bytes(object)?;
    let text = std::str::from_utf8(bytes.expose_secret()).map_err(|_| refused())?;
    Ok(SecretText::copied_from(text))
}

/// A file that may hold a secret: read into one buffer, which never grows and is wiped.
pub(crate) fn secret_file(path: &Path) -> Result<SecretBytes, Failure> {
    let unreadable = |error| unreadable(path, error);
    let mut file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    // A pipe does not know its length and says 0.
    let expected = match usize::try_from(metadata.len()) {
        Ok(len @ 1..LIMIT) => len,
        _ => LIMIT,
    };

    // One more byte, by whose absence the end is seen.
    let mut buffer = SecretBytes::zeroed(expected + 1);
    let mut len = 0;
    while let Some(rest @ [_, ..]) = buffer.expose_secret_mut().get_mut(len..) {
        match file.read(rest) {
            Ok(0) => {
                let read = buffer.expose_secret().get(..len).unwrap_or_default();
                return Ok(SecretBytes::copied_from(read));
            }
            Ok(count) => len += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
    Err(Failure::new(
        ErrorCode::TooLarge,
        format!(
            "{}: this is longer than a file of keys or a profile, of which {LIMIT} bytes are read: check the name",
            Name(path)
        ),
    ))
}

/// The longest file that is read. A key of 8192 bits takes 7 KiB; a set of keys can be long.
const LIMIT: usize = 1 << 20;

/// The files of an unpacked service account: its `config.json` and every PEM file, by the names
/// that they have in a zip, where capitals make no difference.
pub(crate) fn secret_directory(
    directory: &Path,
) -> Result<(SecretBytes, Vec<SecretBytes>), Failure> {
    let entries = directory
        .read_dir()
        .and_then(Iterator::collect::<io::Result<Vec<_>>>)
        .map_err(|error| unreadable(directory, error))?;
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
        [] => secret_file(&directory.join("config.json"))?,
        [config] => secret_file(config)?,
        [_, _, ..] => {
            let sentence = format!(
                "{}: expected one config.json and found several, which differ in capitals: give the \
                 service account as pasby's console made it",
                Name(directory)
            );
            return Err(Failure::new(ErrorCode::ServiceAccount, sentence));
        }
    };
    let pems = named(|name| name.ends_with(b".pem")).map(|path| secret_file(path));
    Ok((config, pems.collect::<Result<_, _>>()?))
}

/// Puts the file's name before what a reader of it says.
pub(crate) fn from_file<T>(
    py: Python<'_>,
    path: &Path,
    read: impl FnOnce(&[u8]) -> Result<T, flowseal::Error> + Send,
) -> Result<T, Failure>
where
    T: Send,
{
    let file = secret_file(path)?;
    py.detach(|| read(file.expose_secret()))
        .map_err(|error| about(path, &error))
}

/// A refusal of what a file holds.
pub(crate) fn about(path: &Path, error: &flowseal::Error) -> Failure {
    Failure::new(error.code(), format!("{}: {error}", Name(path)))
}

fn unreadable(path: &Path, error: io::Error) -> Failure {
    let sentence = format!(
        "{}: cannot be read ({error}): check the name, and that you may read it",
        Name(path)
    );
    Failure::Own {
        code: ErrorCode::Io,
        sentence,
        cause: Some(error.into()),
    }
}
