//! Names of files, as arguments and as they are shown: a key that stands where a name is wanted is
//! told apart, and is never shown, for an exception's text ends in logs.

use std::fmt;
use std::path::{Path, PathBuf};

use flowseal::ErrorCode;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView};

use crate::errors::Failure;

/// The path that `given` is. `text` is what a text in its place would be, such as "the key's text",
/// and `instead` the method that takes it.
pub(crate) fn path(
    given: &Bound<'_, PyAny>,
    text: &str,
    instead: &str,
) -> Result<PathBuf, Failure> {
    let wanted = || format!("`load` wants a path: use `{instead}`");
    if is_bytes(given) {
        let kind = given.get_type().name()?;
        return Err(type_error(format!("this is {kind}, and {}", wanted())));
    }
    match given.extract::<PathBuf>() {
        Ok(path) if is_text(&path) => Err(Failure::new(
            ErrorCode::Usage,
            format!("this is {text}, and {}", wanted()),
        )),
        Ok(path) => Ok(path),
        Err(_) => {
            let kind = given.get_type().name()?;
            let sentence = format!("a path is a str or an os.PathLike, and this is {kind}");
            Err(type_error(sentence))
        }
    }
}

pub(crate) fn is_bytes(given: &Bound<'_, PyAny>) -> bool {
    given.is_instance_of::<PyBytes>()
        || given.is_instance_of::<PyByteArray>()
        || given.is_instance_of::<PyMemoryView>()
}

pub(crate) fn type_error(sentence: String) -> Failure {
    PyTypeError::new_err(sentence).into()
}

/// Whether this is a text that somebody took for a name: no file here has it for its name.
pub(crate) fn is_text(path: &Path) -> bool {
    reads_as_text(&path.to_string_lossy()) && path.symlink_metadata().is_err()
}

/// How keys begin in base64: DER of RSA and of elliptic curves, Ed25519, OpenSSH's own form.
const KEYS: [&str; 6] = ["MII", "MIG", "MHc", "MHQ", "MC4C", "b3BlbnNzaC1rZXkt"];

fn reads_as_text(name: &str) -> bool {
    let begins = name.trim_start_matches(['\u{feff}', ' ', '\t', '"', '\'']);
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=-_ ".contains(c);
    let is_key = KEYS.iter().any(|key| begins.starts_with(key));
    let is_der = is_key && name.len() >= 64 && name.chars().all(is_base64);
    let lower = name.to_ascii_lowercase();
    // Whatever a careless hand has left of a key, a credential or a JSON text.
    let has_mark = MARKS.iter().any(|mark| lower.contains(mark));
    let is_text = begins.starts_with(['{', '[']) || name.contains(['\n', '\r']);
    is_der || has_mark || is_text || is_a_setting(begins) || is_encoded(begins)
}

/// Whether it is as long as a secret, and written as encoders write: hexadecimal, base64 of both
/// cases with digits and hardly a slash, escapes of a URL, or XML.
fn is_encoded(text: &str) -> bool {
    if text.starts_with('<') {
        return true;
    }
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=-_ ".contains(c);
    let has = |kind: fn(&char) -> bool| text.chars().any(|c| kind(&c));
    let longest = text.split('/').map(str::len).max().unwrap_or_default();
    let is_mixed =
        has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase) && has(char::is_ascii_digit);
    let is_hexadecimal = text.chars().all(|c| c.is_ascii_hexdigit());
    let is_escaped = ["%0A", "%0D", "%2B", "%2F"]
        .iter()
        .any(|escape| text.to_ascii_uppercase().contains(escape));
    text.len() >= 60
        && (is_hexadecimal
            || is_escaped
            || (is_mixed && longest >= 24 && text.chars().all(is_base64)))
}

/// What no name of a file has: lines around keys, members of JSON, the beginnings of credentials.
const MARKS: [&str; 7] = [
    "-----begin",
    "-----end",
    "private key",
    "\":",
    "snb_",
    "bk-live_",
    "bk-test_",
];

/// Whether it is a line of an environment file, such as `APP_SECRET=…`.
fn is_a_setting(text: &str) -> bool {
    let (name, _) = text.split_once('=').unwrap_or_default();
    let is_of_a_name =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.bytes().all(is_of_a_name)
}

/// The name of a file as it is shown: in one line, and the end alone of a long one. What looks like
/// a text is not shown.
pub(crate) struct Name<'a>(pub(crate) &'a Path);

/// What is longer is no name that anyone reads.
const LONG: usize = 256;

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_text(self.0) {
            return f.write_str("a text");
        }
        let in_one_line = |name: &str| name.replace(char::is_control, "\u{fffd}");
        let name = self.0.to_string_lossy();
        if name.chars().count() <= LONG {
            return f.write_str(&in_one_line(&name));
        }
        // A name has an extension, and is not all there is.
        let last = self.0.file_name().map(|last| last.to_string_lossy());
        match last.filter(|last| last.contains('.') && last.chars().count() <= 64) {
            Some(last) => write!(f, "…/{}", in_one_line(&last)),
            None => write!(f, "a name of {} characters", name.chars().count()),
        }
    }
}
