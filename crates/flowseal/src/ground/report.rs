//! The report of a verification: one outcome a check, so that "not checked" is never "valid".

use std::fmt;
use std::sync::Arc;

use crate::ground::fingerprint::Fingerprint;
use crate::ground::tree::Json;

/// What a verification looked at and what it found.
///
/// It has one line for each [`Check`], in the order of [`Check::ALL`], whether the flow was
/// verified or refused.
///
/// ```
/// # use flowseal::report::{Check, Outcome};
/// # use flowseal::{testkit, Expectations, Verifier};
/// # let sample = testkit::Sample::new()?;
/// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
/// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
/// let report = verified.report();
/// assert_eq!(report.outcome(Check::Signature), Outcome::Passed);
/// assert_eq!(report.outcome(Check::Reference), Outcome::NotAsked);
/// assert!(report.covers().contains(&"claims".to_owned()));
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Report {
    lines: [ReportLine; Check::EVERY.len()],
    /// Shared with the reports of opened claims, of which there is one a flow.
    covers: Arc<[String]>,
    key: Option<Arc<ReportedKey>>,
}

/// One check and its outcome.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ReportLine {
    check: Check,
    outcome: Outcome,
    why: Option<&'static str>,
}

/// The key that verified a signature, as a report names it.
#[derive(Clone, Debug)]
pub struct ReportedKey {
    fingerprint: Fingerprint,
    kid: Option<String>,
    subject: Option<String>,
}

impl Report {
    /// A report in which nothing has been looked at: the signature for the reason `why`, the rest
    /// because nobody asked.
    pub(crate) fn unchecked(why: &'static str) -> Self {
        let line = |check: Check| {
            let (outcome, why) = match check {
                Check::ClaimsSigned | Check::Signature | Check::SignedAt => {
                    (Outcome::NotChecked, Some(why))
                }
                _ => (Outcome::NotAsked, None),
            };
            ReportLine {
                check,
                outcome,
                why,
            }
        };
        Self {
            lines: Check::EVERY.map(line),
            covers: Arc::default(),
            key: None,
        }
    }

    pub(crate) fn set(&mut self, check: Check, outcome: Outcome, why: Option<&'static str>) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.check == check) {
            *line = ReportLine {
                check,
                outcome,
                why,
            };
        }
    }

    pub(crate) fn set_covers(&mut self, covers: Arc<[String]>) {
        self.covers = covers;
    }

    pub(crate) fn set_key(&mut self, key: ReportedKey) {
        self.key = Some(Arc::new(key));
    }

    /// The lines, one for each check.
    pub fn lines(&self) -> &[ReportLine] {
        &self.lines
    }

    /// The outcome of one check.
    pub fn outcome(&self, check: Check) -> Outcome {
        self.line(check)
            .map_or(Outcome::NotChecked, ReportLine::outcome)
    }

    /// The reason given for one check's outcome; `None` where the outcome says all.
    pub fn why(&self, check: Check) -> Option<&'static str> {
        self.line(check).and_then(ReportLine::why)
    }

    /// The members of the flow that the statement covers. They are signed only where the check
    /// `signature` has passed.
    pub fn covers(&self) -> &[String] {
        &self.covers
    }

    /// The key under which the signature is valid; `None` where no key made it so.
    pub fn key(&self) -> Option<&ReportedKey> {
        self.key.as_deref()
    }

    /// The lines as JSON: an array of `{"check", "outcome", "why"}`.
    pub fn to_json(&self) -> Json {
        Json::Array(self.lines.iter().map(|line| line.to_json()).collect())
    }

    fn line(&self, check: Check) -> Option<&ReportLine> {
        self.lines.iter().find(|line| line.check == check)
    }
}

impl ReportLine {
    /// What was looked at.
    pub fn check(&self) -> Check {
        self.check
    }

    /// What was found.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The reason, as a stable word such as `not_covered`; `None` where the outcome says all.
    pub fn why(&self) -> Option<&'static str> {
        self.why
    }

    fn to_json(self) -> Json {
        object([
            ("check", Some(self.check.as_str())),
            ("outcome", Some(self.outcome.as_str())),
            ("why", self.why),
        ])
    }
}

impl ReportedKey {
    pub(crate) fn new(fingerprint: Fingerprint, kid: Option<&str>, subject: Option<&str>) -> Self {
        Self {
            fingerprint,
            kid: kid.map(str::to_owned),
            subject: subject.map(str::to_owned),
        }
    }

    /// SHA-256 of the key's SubjectPublicKeyInfo.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The key's `kid`.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The subject of the certificate that the key came in. The certificate's dates and chain were
    /// not checked.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// The key as JSON: `{"fingerprint", "kid", "subject", "certificate"}`.
    pub fn to_json(&self) -> Json {
        object([
            ("fingerprint", Some(self.fingerprint.to_string().as_str())),
            ("kid", self.kid()),
            ("subject", self.subject()),
            (
                "certificate",
                self.subject().map(|_| "dates_and_chain_not_checked"),
            ),
        ])
    }
}

fn object<const N: usize>(members: [(&str, Option<&str>); N]) -> Json {
    let value = |text: Option<&str>| text.map_or(Json::Null, |text| Json::String(text.to_owned()));
    Json::object(members.map(|(name, text)| (name, value(text))))
}

/// What a verification looks at.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Check {
    /// The signature is young enough.
    Age,
    /// Every claim of the flow was asked for.
    ClaimsRequested,
    /// The claims are under the signature.
    ClaimsSigned,
    /// The mode is the expected one.
    Mode,
    /// The flow is not marked as cancelled. Nobody signs this.
    NotCancelled,
    /// The flow came from the API, by the caller's own session. Not asked of any other flow.
    Received,
    /// The reference is the expected one.
    Reference,
    /// The requestee is the expected one.
    Requestee,
    /// The requester is the expected one.
    Requester,
    /// The e-signature is valid over the statement.
    Signature,
    /// The time of signing is possible: not before `iat`, not in the future, except for the leeway.
    SignedAt,
}

impl Check {
    /// Every check, in the order of a report.
    pub const ALL: &[Self] = &Self::EVERY;

    const EVERY: [Self; 11] = [
        Self::Signature,
        Self::ClaimsSigned,
        Self::Reference,
        Self::Requester,
        Self::Requestee,
        Self::Mode,
        Self::NotCancelled,
        Self::SignedAt,
        Self::Age,
        Self::ClaimsRequested,
        Self::Received,
    ];

    /// The member of the flow that it is about.
    pub(crate) fn member(self) -> &'static str {
        match self {
            Self::Age | Self::SignedAt => "signedAt",
            Self::ClaimsRequested | Self::ClaimsSigned => "claims",
            Self::Mode => "mode",
            Self::NotCancelled => "cancelled",
            Self::Received => "the flow",
            Self::Reference => "reference",
            Self::Requestee => "requestee",
            Self::Requester => "requester",
            Self::Signature => "signature",
        }
    }

    /// The stable name, such as `claims_signed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::ClaimsRequested => "claims_requested",
            Self::ClaimsSigned => "claims_signed",
            Self::Mode => "mode",
            Self::NotCancelled => "not_cancelled",
            Self::Received => "received",
            Self::Reference => "reference",
            Self::Requestee => "requestee",
            Self::Requester => "requester",
            Self::Signature => "signature",
            Self::SignedAt => "signed_at",
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a check found.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Outcome {
    /// It is not so: the flow is refused.
    Failed,
    /// The caller did not ask.
    NotAsked,
    /// It could not be looked at; the reason says why. Not the same as passed.
    NotChecked,
    /// It is so.
    Passed,
}

impl Outcome {
    /// The stable name, such as `not_checked`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::NotAsked => "not_asked",
            Self::NotChecked => "not_checked",
            Self::Passed => "passed",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
