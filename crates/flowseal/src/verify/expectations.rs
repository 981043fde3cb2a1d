//! What a caller knows of the flow that it started, held against the flow that came back.

use std::fmt;

use super::report::{Check, Outcome, Report};
use crate::claims::at_or_under;
use crate::flow::{Flow, Mode};
use crate::time::UnixTime;

/// What a flow must be beside genuine: the caller's own.
///
/// A signature says that someone signed this flow; only the caller knows that it is the flow which
/// it started, for the person who is logging in, now. Everything that is known should be asked.
///
/// ```
/// use flowseal::Expectations;
///
/// let expectations = Expectations::for_reference("req_1")
///     .requester("bcn_1")
///     .requestee("22212345610")
///     .max_age(300)
///     .leeway(5)
///     .claims(["naming", "bio.birthdate"]);
/// ```
#[derive(Clone)]
pub struct Expectations {
    reference: Option<String>,
    requester: Option<String>,
    requestee: Option<String>,
    mode: Option<Mode>,
    max_age: Option<u64>,
    leeway: u64,
    claims: Option<Vec<String>>,
}

impl Expectations {
    /// Expects the flow of this reference: the one that the caller started.
    pub fn for_reference(reference: impl Into<String>) -> Self {
        Self::unbound().reference(reference)
    }

    /// Ties the flow to nothing of the caller's: any flow that anyone ever signed will do.
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
    pub fn reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    /// The flow's `requester`, byte for byte: the caller's own organisation.
    #[must_use]
    pub fn requester(mut self, requester: impl Into<String>) -> Self {
        self.requester = Some(requester.into());
        self
    }

    /// The flow's `requestee`, byte for byte: the person who is expected.
    #[must_use]
    pub fn requestee(mut self, requestee: impl Into<String>) -> Self {
        self.requestee = Some(requestee.into());
        self
    }

    /// The flow's `mode`.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = Some(mode);
        self
    }

    /// The most seconds that `signedAt` may lie before now.
    #[must_use]
    pub fn max_age(mut self, seconds: u64) -> Self {
        self.max_age = Some(seconds);
        self
    }

    /// The seconds by which the signer's clock may differ from the caller's and from that of the
    /// server, which says when the flow was started; in both directions. Zero unless given.
    #[must_use]
    pub fn leeway(mut self, seconds: u64) -> Self {
        self.leeway = seconds;
        self
    }

    /// The claims that were asked for, as paths of leaves or groups: the flow must not have
    /// others. It may have fewer, since a person may decline.
    #[must_use]
    pub fn claims(mut self, paths: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.claims = Some(paths.into_iter().map(Into::into).collect());
        self
    }

    /// Holds the flow against what is expected, and writes the outcomes into the report.
    ///
    /// `authenticated` tells whether a member is under a valid signature; a comparison with one
    /// that is not proves nothing, and the report says so.
    pub(super) fn check(
        &self,
        flow: &Flow,
        now: UnixTime,
        authenticated: &dyn Fn(&str) -> Authentication,
        report: &mut Report,
    ) {
        let texts = [
            (
                Check::Reference,
                "reference",
                &self.reference,
                flow.reference(),
            ),
            (
                Check::Requester,
                "requester",
                &self.requester,
                flow.requester(),
            ),
            (
                Check::Requestee,
                "requestee",
                &self.requestee,
                flow.requestee(),
            ),
        ];
        for (check, member, expected, found) in texts {
            if let Some(expected) = expected {
                let (outcome, why) = judge(expected == found, "differs", authenticated(member));
                report.set(check, outcome, why);
            }
        }
        if let Some(expected) = &self.mode {
            let same = expected == flow.mode();
            let (outcome, why) = judge(same, "differs", authenticated("mode"));
            report.set(Check::Mode, outcome, why);
        }
        if let Some(expected) = &self.claims {
            let asked_for = |path: &str| expected.iter().any(|asked| at_or_under(path, asked));
            let nothing_else = flow.claims().leaves().all(|leaf| asked_for(&leaf.path));
            let authentication = match authenticated("claims") {
                // Claims that are not there cannot be under the signature, nor have to be.
                Authentication::NotCovered if flow.claims().is_empty() => Authentication::NotValid,
                other => other,
            };
            let (outcome, why) = judge(nothing_else, "not_requested", authentication);
            report.set(Check::ClaimsRequested, outcome, why);
        }
        let cancelled = match flow.cancelled() {
            true => (Outcome::Failed, Some("cancelled")),
            false => (Outcome::Passed, Some("unauthenticated")),
        };
        report.set(Check::NotCancelled, cancelled.0, cancelled.1);
        self.check_times(flow, now, authenticated("signedAt"), report);
    }

    fn check_times(
        &self,
        flow: &Flow,
        now: UnixTime,
        authentication: Authentication,
        report: &mut Report,
    ) {
        let Some(signed_at) = flow.signed_at() else {
            let outcome = match flow.signature() {
                Some(_) => Outcome::Failed,
                None => Outcome::NotChecked,
            };
            report.set(Check::SignedAt, outcome, Some("absent"));
            if self.max_age.is_some() {
                report.set(Check::Age, Outcome::Failed, Some("absent"));
            }
            return;
        };

        let (signed_at, now) = (signed_at.seconds(), now.seconds());
        let possible = if signed_at > now.saturating_add(self.leeway) {
            (Outcome::Failed, Some("after_now"))
        } else if signed_at.saturating_add(self.leeway) < flow.iat().seconds() {
            (Outcome::Failed, Some("before_iat"))
        } else {
            match authentication {
                Authentication::Signed => (Outcome::Passed, None),
                // Nobody asked for it, so it does not fail; but it proves nothing either.
                Authentication::NotCovered => (Outcome::NotChecked, Some("not_covered")),
                Authentication::NotValid => (Outcome::Passed, Some("unauthenticated")),
            }
        };
        report.set(Check::SignedAt, possible.0, possible.1);
        if let Some(max_age) = self.max_age {
            let age = now.saturating_sub(signed_at);
            let young = age <= max_age.saturating_add(self.leeway);
            let (outcome, why) = judge(young, "too_old", authentication);
            report.set(Check::Age, outcome, why);
        }
    }
}

impl fmt::Debug for Expectations {
    /// Without the requestee, whose national number stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expectations")
            .field("reference", &self.reference)
            .field("requester", &self.requester)
            .field("mode", &self.mode)
            .field("max_age", &self.max_age)
            .field("leeway", &self.leeway)
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}

/// How far a member of the flow is to be believed.
#[derive(Clone, Copy)]
pub(super) enum Authentication {
    /// It is under a valid signature.
    Signed,
    /// There is a statement, and the member is not in it.
    NotCovered,
    /// There is no valid signature at all.
    NotValid,
}

fn judge(
    holds: bool,
    otherwise: &'static str,
    authentication: Authentication,
) -> (Outcome, Option<&'static str>) {
    match (holds, authentication) {
        (_, Authentication::NotCovered) => (Outcome::Failed, Some("not_covered")),
        (false, _) => (Outcome::Failed, Some(otherwise)),
        (true, Authentication::Signed) => (Outcome::Passed, None),
        (true, Authentication::NotValid) => (Outcome::Passed, Some("unauthenticated")),
    }
}
