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
    /// Where it is not that of the code.
    status: Option<u8>,
}

impl Failure {
    pub(crate) fn new(code: ErrorCode, sentence: impl Into<String>) -> Self {
        Self {
            code,
            sentence: sentence.into(),
            status: None,
        }
    }

    pub(crate) fn exit_status(&self) -> u8 {
        self.status.unwrap_or_else(|| exit_status(self.code))
    }

    /// With an exit status that says more than its code does: of many records some are refused.
    pub(crate) fn with_exit_status(self, status: u8) -> Self {
        Self {
            status: Some(status),
            ..self
        }
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

/// The exit status of a code: 2 for input that is unusable before a flow exists, 1 for a parsed
/// flow that is refused, 3 for a fault of the machine or of this program.
///
/// Codes of requests (100 to 139) are of the first kind: the command sends none, and where they
/// arise there is no flow yet.
pub(crate) fn exit_status(code: ErrorCode) -> u8 {
    match code.number() {
        1..40 | 100..140 => 2,
        40..70 => 1,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_the_exit_status_of_its_range() {
        for (code, status) in [
            (ErrorCode::Usage, 2),
            (ErrorCode::PendingFlow, 2),
            (ErrorCode::FlowPending, 1),
            (ErrorCode::PendingFinished, 1),
            (ErrorCode::InternalFault, 3),
            (ErrorCode::KeyUnavailable, 3),
            (ErrorCode::ApiConfig, 2),
            (ErrorCode::WebhookReplayed, 2),
        ] {
            assert_eq!(exit_status(code), status, "{code}");
        }
    }
}
