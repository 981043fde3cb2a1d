//! The one error type: a stable code and a sentence that says what to do.

use std::fmt;
use std::panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

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
    /// Shared, since one failure elsewhere can be the error of many flows. Nobody changes it, so
    /// that a panic leaves nothing half done in it.
    source: Option<AssertUnwindSafe<Arc<Source>>>,
}

/// An error of a floor above this one, which an [`Error`] was made of.
type Cause = dyn std::error::Error + Send + Sync + UnwindSafe + RefUnwindSafe;

/// What is beneath an error of somebody else's making.
type Source = dyn std::error::Error + Send + Sync;

impl Error {
    /// That the module or the service that holds a key does not compute: for those who implement
    /// [`KeyHolder`](crate::KeyHolder).
    ///
    /// The sentence is for people: what was found, what was expected, what to do. It goes into
    /// logs, so no PIN and no answer belongs in it.
    ///
    /// ```
    /// use flowseal::{Error, ErrorCode};
    ///
    /// let refused = std::io::Error::other("connection refused");
    /// let error = Error::key_unavailable("the signer on port 4711 does not answer: start it")
    ///     .with_source(refused);
    /// assert_eq!(error.code(), ErrorCode::KeyUnavailable);
    /// assert!(std::error::Error::source(&error).is_some());
    /// ```
    pub fn key_unavailable(sentence: impl Into<String>) -> Self {
        Self::new(ErrorCode::KeyUnavailable, sentence)
    }

    /// The same with what is beneath it, which [`source`](std::error::Error::source) gives. It is
    /// shown nowhere else.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(AssertUnwindSafe(Arc::from(source.into())));
        self
    }

    /// An error of this library's for those who extend it: a crate that finds and holds keys needs
    /// `pin` and `key_kind` as much as this one.
    ///
    /// What [`key_unavailable`](Self::key_unavailable) says of the sentence is true of each.
    pub fn new(code: ErrorCode, sentence: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            sentence: sentence.into(),
            report: None,
            diagnosis: None,
            details: ErrorDetails::default(),
            cause: None,
            source: None,
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

    /// The same error for another flow that it is an error of.
    pub(crate) fn shared(&self) -> Self {
        let mut shared = Self::new(self.0.code, self.0.sentence.clone());
        shared.0.details = self.0.details.clone();
        let source = self.0.source.as_ref();
        shared.0.source = source.map(|AssertUnwindSafe(source)| AssertUnwindSafe(source.clone()));
        shared
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

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let AssertUnwindSafe(source) = self.0.source.as_ref()?;
        Some(&**source)
    }
}

impl From<EngineUnavailable> for Error {
    fn from(error: EngineUnavailable) -> Self {
        Self::new(
            ErrorCode::EngineUnavailable,
            format!("{error}: name one of those, or let the machine choose"),
        )
    }
}
