//! A flow compared with what is expected of it: the outcome of each check, and why it failed in
//! words.

use super::expectations::Expectations;
use crate::error::{Error, ErrorCode, ErrorDetails};
use crate::flow::Flow;
use crate::ground::claim_path::at_or_under;
use crate::ground::quoted::{id, is_credential, masked, quoted};
use crate::ground::report::{Check, Outcome, Report};
use crate::time::UnixTime;

impl Expectations {
    /// Why the flow is refused for a check that failed: what was expected, and what was found.
    pub(super) fn failed(
        &self,
        check: Check,
        why: &'static str,
        flow: &Flow,
        now: UnixTime,
    ) -> Error {
        let mut details = ErrorDetails {
            check: Some(check),
            ..ErrorDetails::default()
        };
        let leeway = match self.leeway {
            0 => String::new(),
            leeway => format!(", with a leeway of {leeway} s"),
        };
        let signed_at = flow.signed_at().map_or(0, UnixTime::seconds);
        let what = match (check, why) {
            (_, "not_covered") => format!(
                "the statement does not cover {}, so whoever sends the flow can write what they like there: do not ask for it, or use a statement that covers it",
                check.member()
            ),
            (_, "absent") => {
                "the flow is signed and has no signedAt: refuse it, since its age cannot be known"
                    .to_owned()
            }
            (Check::SignedAt, "after_now") => {
                let ahead = signed_at.saturating_sub(now.seconds());
                details.seconds = Some(ahead.saturating_sub(self.leeway));
                format!(
                    "signedAt lies {ahead} s after now{leeway}: set the clock right, or give a leeway of at least {ahead} s"
                )
            }
            (Check::SignedAt, _) => {
                let behind = flow.iat().seconds().saturating_sub(signed_at);
                details.seconds = Some(behind.saturating_sub(self.leeway));
                format!(
                    "signedAt lies {behind} s before iat, when the flow was started{leeway}: the signer's clock is behind, so give a leeway of at least {behind} s, or refuse it"
                )
            }
            (Check::Age, _) => {
                let (age, most) = (
                    now.seconds().saturating_sub(signed_at),
                    self.max_age.unwrap_or_default(),
                );
                let beyond = age.saturating_sub(most.saturating_add(self.leeway));
                details.seconds = Some(beyond);
                format!(
                    "the flow was signed {age} s ago, and at most {most} s are accepted{leeway}: it is {beyond} s too old, so start a new one"
                )
            }
            (Check::ClaimsRequested, _) => {
                let asked_for = |path: &str| {
                    let mut paths = self.claims.iter().flatten();
                    paths.any(|asked| at_or_under(path, asked))
                };
                details.claim = flow
                    .claims()
                    .leaves()
                    .map(|leaf| leaf.path)
                    .find(|path| !asked_for(path));
                let path = details.claim.as_deref().unwrap_or_default();
                format!(
                    "the flow has the claim {}, which was not asked for: ask for it or its group, or refuse the flow",
                    quoted(path)
                )
            }
            (Check::NotCancelled, _) => "the flow was cancelled: start a new one".to_owned(),
            _ => {
                let (expected, found) = self.of_member(check, flow);
                details.expected = expected;
                details.found = found;
                format!(
                    "its {} is {} where {} was expected: this is not the flow that was expected",
                    check.member(),
                    quoted(details.found.as_deref().unwrap_or_default()),
                    quoted(details.expected.as_deref().unwrap_or_default()),
                )
            }
        };
        Error::new(
            ErrorCode::ExpectationFailed,
            format!("the check {check} failed ({why}): {what}"),
        )
        .with_details(details)
    }

    /// What a member was expected to be, and is. A national number is masked.
    fn of_member(&self, check: Check, flow: &Flow) -> (Option<String>, Option<String>) {
        let text = |text: &str| match is_credential(text) {
            true => Some(id(text)),
            false => Some(text.to_owned()),
        };
        match check {
            Check::Mode => (
                self.mode.as_ref().and_then(|mode| text(mode.name())),
                text(flow.mode().name()),
            ),
            Check::Requestee => (
                self.requestee.as_deref().map(masked),
                Some(masked(flow.requestee())),
            ),
            Check::Requester => (
                self.requester.as_deref().and_then(text),
                text(flow.requester()),
            ),
            _ => (
                self.reference.as_deref().and_then(text),
                text(flow.reference()),
            ),
        }
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
