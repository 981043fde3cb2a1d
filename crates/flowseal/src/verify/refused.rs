//! A flow that is refused, given back with the reason.

use std::fmt;

use crate::error::{Error, ErrorCode};
use crate::flow::Flow;
use crate::ground::report::Report;

/// A flow that was not verified, given back with the reason.
///
/// ```
/// # use flowseal::testkit;
/// use flowseal::report::{Check, Outcome};
/// use flowseal::{ErrorCode, Expectations};
///
/// # let sample = testkit::Sample::new()?;
/// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
/// let another = Expectations::for_reference("req_another");
/// let refused = flow.verify(&verifier, &another, now).unwrap_err();
/// assert_eq!(refused.error().code(), ErrorCode::ExpectationFailed);
/// assert_eq!(refused.report().outcome(Check::Reference), Outcome::Failed);
/// // Nothing is lost: the flow can be verified against other expectations.
/// assert!(refused.into_flow().verify(&verifier, &Expectations::unbound(), now).is_ok());
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Debug)]
pub struct Refused(Box<Inner>);

#[derive(Debug)]
struct Inner {
    flow: Flow,
    error: Error,
    report: Report,
}

impl Refused {
    pub(crate) fn new(flow: Flow, error: Error, report: Report) -> Self {
        Self(Box::new(Inner {
            flow,
            error: error.with_report(report.clone()),
            report,
        }))
    }

    /// Why; it carries the report.
    pub fn error(&self) -> &Error {
        &self.0.error
    }

    /// The error's code.
    pub fn code(&self) -> ErrorCode {
        self.error().code()
    }

    /// The error alone, without the flow.
    pub fn into_error(self) -> Error {
        self.0.error
    }

    /// The report of what was looked at.
    pub fn report(&self) -> &Report {
        &self.0.report
    }

    /// The flow, as it was before.
    pub fn into_flow(self) -> Flow {
        self.0.flow
    }
}

impl fmt::Display for Refused {
    /// The code. The sentence is that of the [source](std::error::Error::source), which whoever
    /// prints a chain of errors shows as well.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the flow is refused ({})", self.code())
    }
}

impl std::error::Error for Refused {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.error())
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        refused.0.error
    }
}
