//! Names of files, as arguments and as they are shown: a key that stands where a name is wanted is
//! told apart, and is never shown, for an exception's text ends in logs.

use std::fmt;
use std::path::{Path, PathBuf};

use flowseal::{ErrorCode, NotAFileName};
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
    NotAFileName::of(&path.to_string_lossy()).is_some() && path.symlink_metadata().is_err()
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
