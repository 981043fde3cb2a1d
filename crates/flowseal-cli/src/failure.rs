//! Why the command ends without having done what it was asked.

use std::fmt;
use std::path::Path;

use flowseal::{Error, ErrorCode, Refused};

use crate::names::Name;

/// One of the library's codes, with a sentence for people. Shown as `error[code]: sentence`.
#[derive(Debug)]
pub(crate) struct Failure {
    code: ErrorCode,
    sentence: String,
}

impl Failure {
    pub(crate) fn new(code: ErrorCode, sentence: impl Into<String>) -> Self {
        Self {
            code,
            sentence: sentence.into(),
        }
    }

    pub(crate) fn code(&self) -> ErrorCode {
        self.code
    }

    /// Names the file that it is about.
    pub(crate) fn about(self, file: &Path) -> Self {
        Self {
            sentence: format!("{}: {}", Name(file), self.sentence),
            ..self
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.sentence())
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Error::from(refused).into()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error[{}]: {}", self.code, self.sentence)
    }
}
