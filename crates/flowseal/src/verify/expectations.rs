//! What a caller knows of the flow that it started, to be compared with the flow that comes back.

use core::time::Duration;
use std::fmt;

use crate::catalogue::warning_about;
use crate::error::{Error, ErrorCode};
use crate::flow::Mode;
use crate::ground::quoted::quoted;

/// What a flow must be, beyond being genuine: the caller's own.
///
/// A signature says that someone signed this flow; only the caller knows that it is the flow
/// which it started, for the person who is logging in, now. Everything that is known should be
/// asked.
///
/// ```
/// use core::time::Duration;
/// use flowseal::Expectations;
///
/// let expectations = Expectations::for_reference("req_1")
///     .with_requester("bcn_1")
///     .with_requestee("22212345610")
///     .with_max_age(Duration::from_secs(300))
///     .with_leeway(Duration::from_secs(5))
///     .with_claims(["naming", "bio.birthdate"]);
/// ```
#[derive(Clone)]
pub struct Expectations {
    pub(super) reference: Option<String>,
    pub(super) requester: Option<String>,
    pub(super) requestee: Option<String>,
    pub(super) mode: Option<Mode>,
    pub(super) max_age: Option<u64>,
    pub(super) leeway: u64,
    pub(super) claims: Option<Vec<String>>,
}

impl Expectations {
    /// Expects the flow of this reference: the one that the caller started.
    pub fn for_reference(reference: impl Into<String>) -> Self {
        Self::unbound().with_reference(reference)
    }

    /// Ties the flow to nothing that the caller knows: any flow that anyone ever signed will do.
    ///
    /// Right for an archive or an inspection; for a login it is a replay waiting to happen.
    pub fn unbound() -> Self {
        Self {
            reference: None,
            requester: None,
            requestee: None,
            mode: None,
            max_age: None,
            leeway: 0,
            claims: None,
        }
    }

    /// The flow's `reference`, byte for byte.
    #[must_use]
    pub fn with_reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    /// The flow's `requester`, byte for byte: the caller's own organisation.
    #[must_use]
    pub fn with_requester(mut self, requester: impl Into<String>) -> Self {
        self.requester = Some(requester.into());
        self
    }

    /// The flow's `requestee`, byte for byte: the person who is expected.
    #[must_use]
    pub fn with_requestee(mut self, requestee: impl Into<String>) -> Self {
        self.requestee = Some(requestee.into());
        self
    }

    /// The flow's `mode`.
    #[must_use]
    pub fn with_mode(mut self, mode: Mode) -> Self {
        self.mode = Some(mode);
        self
    }

    /// The most that `signedAt` may lie before now, in whole seconds.
    #[must_use]
    pub fn with_max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age.as_secs());
        self
    }

    /// How much, in whole seconds, the signer's clock may differ from the caller's and from that
    /// of the server, which says when the flow was started; in both directions. Zero unless
    /// given.
    #[must_use]
    pub fn with_leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway.as_secs();
        self
    }

    /// The claims that were asked for, as paths of leaves or groups: the flow must not have
    /// others. It may have fewer, since a person may decline.
    #[must_use]
    pub fn with_claims(mut self, paths: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.claims = Some(paths.into_iter().map(Into::into).collect());
        self
    }

    /// Refuses expectations that name nothing: an empty reference, requester, requestee, mode or
    /// path would fail every flow, as if it were an attack. A verification asks this first.
    ///
    /// # Errors
    /// `usage`, which names the expectation.
    pub fn check_usage(&self) -> Result<(), Error> {
        let is_empty = |text: &Option<String>| text.as_deref() == Some("");
        let mode = self.mode.as_ref().map(|mode| mode.name().to_owned());
        let claims = self.claims.iter().flatten();
        for (what, is_empty) in [
            ("reference", is_empty(&self.reference)),
            ("requester", is_empty(&self.requester)),
            ("requestee", is_empty(&self.requestee)),
            ("mode", is_empty(&mode)),
            ("path of a claim", claims.into_iter().any(String::is_empty)),
        ] {
            if is_empty {
                return Err(Error::new(
                    ErrorCode::Usage,
                    format!(
                        "the expected {what} is empty: give the one that the app knows, or do not ask for it"
                    ),
                ));
            }
        }
        Ok(())
    }

    /// What is unusual and may still be right, a sentence each: a mode that this library does not
    /// know, an identifier of an unknown form, a claim that the catalogue does not have. Without
    /// any national number.
    ///
    /// ```
    /// use flowseal::Expectations;
    ///
    /// let expectations = Expectations::for_reference("req_1").with_claims(["naming.givn"]);
    /// assert_eq!(expectations.warnings().len(), 1);
    /// ```
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        for (what, prefix, text) in [
            ("reference", "req_", &self.reference),
            ("requester", "bcn_", &self.requester),
        ] {
            if let Some(text) = text.as_ref().filter(|text| !text.starts_with(prefix)) {
                warnings.push(format!(
                    "the expected {what} {} does not begin with {prefix}: check that it is one",
                    quoted(text)
                ));
            }
        }
        if let Some(requestee) = self.requestee.as_ref().filter(|text| !is_a_person_s(text)) {
            warnings.push(format!(
                "the expected requestee has {} characters and is neither a national number of 11 digits nor bid_…: check that it is one",
                requestee.chars().count()
            ));
        }
        if let Some(Mode::Other(name)) = &self.mode {
            warnings.push(format!(
                "the expected mode {} is not known: identification and signature are",
                quoted(name)
            ));
        }
        let claims = self.claims.iter().flatten();
        warnings.extend(claims.filter_map(|path| warning_about(path)));
        warnings
    }
}

impl fmt::Debug for Expectations {
    /// Without the requestee, whose national number stays out of logs, and without a credential
    /// that was given for something else.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expectations")
            .field("reference", &self.reference.as_deref().map(quoted))
            .field("requester", &self.requester.as_deref().map(quoted))
            .field("mode", &self.mode)
            .field("max_age", &self.max_age)
            .field("leeway", &self.leeway)
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}

/// Whether a text has the form of a requestee: a national number, also masked, or `bid_…`.
fn is_a_person_s(text: &str) -> bool {
    let may_be_masked = |c: char| c.is_ascii_digit() || matches!(c, 'x' | 'X' | '*' | '•');
    text.starts_with("bid_") || (text.chars().count() == 11 && text.chars().all(may_be_masked))
}
