//! The one error type: a stable code and a sentence that says what to do.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

use flowseal_rsa::{EngineUnavailable, OperationError};

mod codes;
mod details;

use crate::ground::diagnosis::Diagnosis;
use crate::ground::report::Report;

pub use codes::{CodeClass, ErrorCode};
pub use details::ErrorDetails;

/// Why an operation refused, as a stable code with a sentence for people.
///
/// Codes are the interface: the same string and number in Rust, C, Python and the command. The
/// sentence may change; it never holds a secret, and quotes of untrusted input are short and
/// escaped.
///
/// ```
/// use flowseal::{ErrorCode, Flow};
///
/// let error = Flow::from_json(b"{\"data\": 1, \"data\": 2}").unwrap_err();
/// assert_eq!(error.code(), ErrorCode::JsonDuplicate);
/// assert_eq!(error.code().as_str(), "json_duplicate");
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    code: ErrorCode,
    sentence: String,
    report: Option<Report>,
    diagnosis: Option<Diagnosis>,
    details: ErrorDetails,
    cause: Option<Box<Cause>>,
}

/// An error of a floor above this one, which an [`Error`] was made of.
type Cause = dyn std::error::Error + Send + Sync + UnwindSafe + RefUnwindSafe;

impl Error {
    pub(crate) fn new(code: ErrorCode, sentence: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            sentence: sentence.into(),
            report: None,
            diagnosis: None,
            details: ErrorDetails::default(),
            cause: None,
        }))
    }

    /// What the engine could not compute, which is nobody's flow and nobody's key.
    pub(crate) fn of_the_machine(error: OperationError) -> Self {
        let code = match error {
            OperationError::NoRandomness => ErrorCode::NoRandomness,
            _ => ErrorCode::InternalFault,
        };
        let sentence = format!("{error}: nothing was released, so try again on a sound machine");
        Self::new(code, sentence)
    }

    pub(crate) fn with_report(mut self, report: Report) -> Self {
        self.0.report = Some(report);
        self
    }

    pub(crate) fn with_details(mut self, details: ErrorDetails) -> Self {
        self.0.details = details;
        self
    }

    pub(crate) fn with_diagnosis(mut self, diagnosis: Diagnosis) -> Self {
        self.0.diagnosis = Some(diagnosis);
        self
    }

    pub(crate) fn with_cause(mut self, cause: Box<Cause>) -> Self {
        self.0.cause = Some(cause);
        self
    }

    /// The stable code.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// What went wrong and what to do, for people.
    pub fn sentence(&self) -> &str {
        &self.0.sentence
    }

    /// What it is about, as data: which claim, which check, what sizes, by how many seconds.
    pub fn details(&self) -> &ErrorDetails {
        &self.0.details
    }

    /// The report of the verification that refused; `None` where no verification was under way.
    pub fn report(&self) -> Option<&Report> {
        self.0.report.as_ref()
    }

    /// Why the e-signature is not valid, with `signature_invalid`; `None` with any other code.
    pub fn diagnosis(&self) -> Option<&Diagnosis> {
        self.0.diagnosis.as_ref()
    }

    /// What made it, by someone who knows the type.
    pub(crate) fn cause(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let cause = self.0.cause.as_deref()?;
        Some(cause)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.sentence)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error[{}]: {}", self.0.code, self.0.sentence)
    }
}

impl std::error::Error for Error {}

impl From<EngineUnavailable> for Error {
    fn from(error: EngineUnavailable) -> Self {
        Self::new(
            ErrorCode::EngineUnavailable,
            format!("{error}: name one of those, or let the machine choose"),
        )
    }
}
