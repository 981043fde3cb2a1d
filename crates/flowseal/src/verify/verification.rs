//! From a flow to a verified flow: what comes before the raw operations, and what is made of them.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::attempt::Attempt;
use super::diagnosis::diagnosis;
use super::expectations::Expectations;
use super::judge::Authentication;
use super::refused::Refused;
use super::sentences::{
    check_state, failure, no_verifying_key, none_for, signature_invalid, signature_malformed,
};
use super::verified_flow::VerifiedFlow;
use super::verifier::Verifier;
use crate::error::{Error, ErrorCode};
use crate::flow::Flow;
use crate::ground::report::{Check, Outcome, Report};
use crate::ground::strict_base64;
use crate::keys::VerifyingKey;
use crate::profile::{Profile, StatementForm};
use crate::statement::{DetachedStatement, Statement};
use crate::time::UnixTime;

/// One flow to be verified, with what is expected of it.
///
/// ```
/// # use flowseal::{testkit, DetachedStatement, ErrorCode, Expectations, Verification};
/// # let sample = testkit::Sample::new()?;
/// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
/// let other_bytes = DetachedStatement::new(b"not what was signed", ["reference"]);
/// let refused = Verification::of(flow, &Expectations::unbound())
///     .with_detached(other_bytes)
///     .verify(&verifier, now)
///     .unwrap_err();
/// assert_eq!(refused.error().code(), ErrorCode::SignatureInvalid);
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct Verification<'a> {
    flow: Flow,
    expectations: &'a Expectations,
    detached: Option<DetachedStatement>,
}

impl<'a> Verification<'a> {
    /// Verifies `flow` over the statement that the profile names.
    pub fn of(flow: Flow, expectations: &'a Expectations) -> Self {
        Self {
            flow,
            expectations,
            detached: None,
        }
    }

    /// Verifies it over these bytes instead.
    #[must_use]
    pub fn with_detached(mut self, statement: DetachedStatement) -> Self {
        self.detached = Some(statement);
        self
    }

    /// Verifies this one flow.
    ///
    /// # Errors
    /// Those of [`Flow::verify`].
    pub fn verify(self, verifier: &Verifier, now: UnixTime) -> Result<VerifiedFlow, Refused> {
        let mut step = verifier.prepare(&self);
        verifier.compute(step.as_mut().ok());
        verifier.finish(self, step, now)
    }
}

impl fmt::Debug for Verification<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verification")
            .field("flow", &self.flow)
            .finish_non_exhaustive()
    }
}

impl Flow {
    /// Verifies the e-signature, and that the flow is the expected one.
    ///
    /// `now` is the moment against which `signedAt` is judged: this library has no clock.
    ///
    /// # Errors
    /// The refusal gives the flow back, with an error that carries the report. Its code says what
    /// was first in the way: `usage` for expectations that name nothing, `profile_mismatch`,
    /// `flow_cancelled`, `flow_pending`, `signature_missing`, `statement`, `signature_malformed`,
    /// `no_verifying_key`, `internal_fault`, `signature_invalid`, `claims_not_signed`,
    /// `expectation_failed`.
    pub fn verify(
        self,
        verifier: &Verifier,
        expectations: &Expectations,
        now: UnixTime,
    ) -> Result<VerifiedFlow, Refused> {
        Verification::of(self, expectations).verify(verifier, now)
    }

    /// Holds a flow whose signature nobody looks at against what is expected of it.
    pub(crate) fn check_unverified(
        &self,
        expectations: &Expectations,
        now: UnixTime,
    ) -> Result<Report, Error> {
        expectations.check_usage()?;
        self.check_without_signature(expectations, now, "unverified")
    }

    /// The same for a flow whose signature is not looked at for the reason `why`.
    pub(crate) fn check_without_signature(
        &self,
        expectations: &Expectations,
        now: UnixTime,
        why: &'static str,
    ) -> Result<Report, Error> {
        let mut report = Report::unchecked(why);
        expectations.check(self, now, &|_| Authentication::NotValid, &mut report);
        let refusal = match check_state(self) {
            Err(error) if error.code() != ErrorCode::SignatureMissing => Some(error),
            _ => failure(&report, expectations, self, now),
        };
        match refusal {
            Some(error) => Err(error.with_report(report)),
            None => Ok(report),
        }
    }
}

impl Verifier {
    /// Verifies many flows at once: one result each, in order. The engine is handed all signatures
    /// together, to compute as many at a time as it can.
    ///
    /// ```
    /// # use flowseal::{testkit, Expectations, Verification};
    /// # let sample = testkit::Sample::new()?;
    /// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
    /// let expectations = Expectations::unbound();
    /// let results = verifier.verify_many([Verification::of(flow, &expectations)], now);
    /// assert!(results[0].is_ok());
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    pub fn verify_many<'a>(
        &self,
        batch: impl IntoIterator<Item = Verification<'a>>,
        now: UnixTime,
    ) -> Vec<Result<VerifiedFlow, Refused>> {
        let prepare = |verification| (self.prepare(&verification), verification);
        let mut batch: Vec<_> = batch.into_iter().map(prepare).collect();
        self.compute(batch.iter_mut().filter_map(|(step, _)| step.as_mut().ok()));
        batch
            .into_iter()
            .map(|(step, verification)| self.finish(verification, step, now))
            .collect()
    }

    /// Runs the raw operations of all these verifications together.
    fn compute<'a, 'keys: 'a>(&self, steps: impl IntoIterator<Item = &'a mut Step<'keys>>) {
        let mut attempts: Vec<_> = steps
            .into_iter()
            .flat_map(|step| &mut step.attempts)
            .collect();
        let mut operations: Vec<_> = attempts
            .iter_mut()
            .map(|attempt| attempt.operation())
            .collect();
        let outcomes = self.setup().engine().public_vartime(&mut operations);
        for (attempt, outcome) in attempts.into_iter().zip(outcomes) {
            attempt.set_outcome(outcome);
        }
    }

    /// Does all that comes before the raw operations.
    fn prepare(&self, verification: &Verification<'_>) -> Result<Step<'_>, Error> {
        let flow = &verification.flow;
        verification.expectations.check_usage()?;
        let own = self.setup().named_profile();
        let agreed = Profile::agreed([flow.profile(), own.as_deref()])?;
        let profile = match (agreed, &verification.detached) {
            (Some(profile), _) => profile.clone(),
            (None, None) => Profile::default(),
            // Without a profile, giving detached bytes is what says that they are the statement.
            (None, Some(_)) => Profile {
                statement: StatementForm::Detached,
                ..Profile::default()
            },
        };
        check_state(flow)?;
        let statement = Statement::of(flow, &profile.statement, verification.detached.as_ref())?;
        let text = flow.signature().unwrap_or_default();
        let signature = strict_base64::decode(text)
            .filter(|signature| SIGNATURE_BYTES.contains(&signature.len()))
            .ok_or_else(|| signature_malformed(text))?;
        let keys = self.keys_for(flow);
        let keys = keys.ok_or_else(|| no_verifying_key(flow))?;
        let mut fitting = keys
            .iter()
            .filter(|key| key.is_for(profile.algorithm))
            .peekable();
        if fitting.peek().is_none() {
            return Err(none_for(&profile, keys));
        }

        let (mut attempts, mut of_other_lengths) = (Vec::new(), Vec::new());
        for key in fitting {
            match Attempt::restoring(key, &signature) {
                Some(attempt) => attempts.push(attempt),
                None => of_other_lengths.push(key),
            }
        }
        Ok(Step {
            profile,
            statement,
            attempts,
            of_other_lengths,
        })
    }

    /// Judges what the raw operations gave.
    fn finish(
        &self,
        verification: Verification<'_>,
        step: Result<Step<'_>, Error>,
        now: UnixTime,
    ) -> Result<VerifiedFlow, Refused> {
        let Verification {
            flow, expectations, ..
        } = verification;
        let refuse = |flow: Flow, error: Error, mut report: Report| {
            expectations.check(&flow, now, &|_| Authentication::NotValid, &mut report);
            Err(Refused::new(flow, error, report))
        };
        let step = match step {
            Ok(step) => step,
            Err(error) => {
                let report = Report::unchecked(error.code().as_str());
                return refuse(flow, error, report);
            }
        };

        let Step {
            profile,
            statement,
            mut attempts,
            of_other_lengths,
        } = step;
        let algorithm = profile.algorithm;
        if let Some(fault) = attempts.iter().find_map(Attempt::fault) {
            let report = Report::unchecked(fault.code().as_str());
            return refuse(flow, fault, report);
        }
        let valid = attempts
            .iter()
            .position(|attempt| attempt.verifies(algorithm, &statement.bytes))
            .map(|index| attempts.swap_remove(index));
        let mut report = Report::unchecked("signature_invalid");
        report.set_covers(Arc::clone(&statement.covers));
        let Some(valid) = valid else {
            report.set(Check::Signature, Outcome::Failed, Some("invalid"));
            let tried: Vec<_> = attempts.iter().map(|attempt| attempt.key).collect();
            let diagnosis = diagnosis(&attempts, &of_other_lengths, algorithm);
            return refuse(flow, signature_invalid(&profile, &tried, diagnosis), report);
        };
        report.set(Check::Signature, Outcome::Passed, None);
        report.set_key(valid.key.reported());

        let covered = |member: &str| match statement.covers.iter().any(|name| name == member) {
            true => Authentication::Signed,
            false => Authentication::NotCovered,
        };
        expectations.check(&flow, now, &covered, &mut report);
        let claims_signed = match covered("claims") {
            Authentication::Signed => (Outcome::Passed, None),
            _ if flow.claims().is_empty() => (Outcome::Passed, Some("no_claims")),
            _ if profile.allow_unsigned_claims => (Outcome::NotChecked, Some("allowed_by_profile")),
            _ => (Outcome::Failed, Some("not_covered")),
        };
        report.set(Check::ClaimsSigned, claims_signed.0, claims_signed.1);
        if let Some(error) = failure(&report, expectations, &flow, now) {
            return Err(Refused::new(flow, error, report));
        }

        Ok(VerifiedFlow {
            statement: statement.bytes,
            signature: valid.signature,
            signers: self.signers.clone(),
            report,
            profile_is_explicit: flow.profile().is_some() || self.setup().named_profile().is_some(),
            profile,
            without_nulls: OnceLock::new(),
            flow,
        })
    }
}

/// What is known of a verification before its raw operations.
struct Step<'keys> {
    profile: Profile,
    statement: Statement,
    attempts: Vec<Attempt<'keys>>,
    /// Keys that cannot have made the signature, as its length shows.
    of_other_lengths: Vec<&'keys VerifyingKey>,
}

/// The lengths of RSA signatures under keys of 1024 to 8192 bits. Keys that verify have 2048 and
/// more, so that dropped zeros make none shorter than this.
pub(super) const SIGNATURE_BYTES: std::ops::RangeInclusive<usize> = 128..=1024;
