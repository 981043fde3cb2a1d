//! From a flow to a verified flow: trust, the signature, and what was expected.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;

use flowseal_rsa::{Engine, OperationError, PublicOperation};

use crate::error::{Error, ErrorCode, quoted};
use crate::flow::{Flow, FlowState};
use crate::keys::VerifyingKey;
use crate::profile::{Profile, StatementForm};
use crate::statement::{DetachedStatement, Statement};
use crate::strict_base64;
use crate::time::UnixTime;

mod evidence;
mod expectations;
mod outcome;
mod report;
pub(crate) mod signature;

pub use evidence::Evidence;
use expectations::Authentication;
pub use expectations::Expectations;
pub use outcome::{Refused, VerifiedFlow};
pub use report::{Check, Outcome, Report, ReportLine, ReportedKey};

/// A rule that says whose keys may sign which flows.
///
/// ```
/// # use flowseal::{testkit, Expectations, Verifier, VerifyingKey};
/// # let sample = testkit::Sample::new()?;
/// # let (flow, now) = (sample.flow()?, sample.now()?);
/// let ada = VerifyingKey::load(testkit::Sample::USER_PUBLIC_PEM.as_bytes())?;
/// let verifier = Verifier::by_requestee([("22212345610", vec![ada])]);
/// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
/// assert_eq!(verified.requestee(), Some("22212345610"));
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone)]
pub struct Verifier {
    trust: Trust,
    /// Every key's modulus, none of which may open claims as well.
    moduli: Arc<HashSet<Vec<u8>>>,
    profile: Option<Arc<Profile>>,
    engine: Engine,
}

#[derive(Clone)]
enum Trust {
    ByRequestee(BTreeMap<String, Arc<[VerifyingKey]>>),
    Everyone(Arc<[VerifyingKey]>),
}

impl Verifier {
    /// Each person's keys verify that person's flows and no other's: the rule for a service that
    /// knows its users.
    pub fn by_requestee(
        keys: impl IntoIterator<Item = (impl Into<String>, Vec<VerifyingKey>)>,
    ) -> Self {
        let keys = keys.into_iter();
        Self::of(Trust::ByRequestee(
            keys.map(|(requestee, keys)| (requestee.into(), keys.into()))
                .collect(),
        ))
    }

    /// These keys verify every flow, whoever the requestee is: right where one authority signs for
    /// all.
    pub fn trusting(keys: impl IntoIterator<Item = VerifyingKey>) -> Self {
        Self::of(Trust::Everyone(keys.into_iter().collect()))
    }

    fn of(trust: Trust) -> Self {
        let modulus = |key: &VerifyingKey| key.public().modulus().to_vec();
        let moduli = match &trust {
            Trust::ByRequestee(keys) => keys
                .values()
                .flat_map(|keys| keys.iter())
                .map(modulus)
                .collect(),
            Trust::Everyone(keys) => keys.iter().map(modulus).collect(),
        };
        Self {
            moduli: Arc::new(moduli),
            trust,
            profile: None,
            engine: Engine::new(),
        }
    }

    /// Verifies under a profile other than the default one.
    #[must_use]
    pub fn profile(mut self, profile: &Profile) -> Self {
        self.profile = Some(Arc::new(profile.clone()));
        self
    }

    /// Computes with this engine, and with as many threads as it is set to.
    #[must_use]
    pub fn engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// Verifies many flows at once: one result each, in order. The engine is handed all signatures
    /// together, to compute as many at a time as it can.
    ///
    /// ```
    /// # use flowseal::{testkit, Expectations, Verification};
    /// # let sample = testkit::Sample::new()?;
    /// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
    /// let expectations = Expectations::unbound();
    /// let batch = vec![Verification::of(flow, &expectations)];
    /// let results = verifier.verify_many(batch, now);
    /// assert!(results[0].is_ok());
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    pub fn verify_many(
        &self,
        batch: Vec<Verification<'_>>,
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
        let outcomes = self.engine.public_vartime(&mut operations);
        for (attempt, outcome) in attempts.into_iter().zip(outcomes) {
            attempt.outcome = outcome;
        }
    }

    /// The keys that may sign this flow.
    fn keys_for(&self, flow: &Flow) -> Option<&[VerifyingKey]> {
        let keys: &[_] = match &self.trust {
            Trust::ByRequestee(keys) => keys.get(flow.requestee())?,
            Trust::Everyone(keys) => keys,
        };
        (!keys.is_empty()).then_some(keys)
    }

    /// Does all that comes before the raw operations.
    fn prepare(&self, verification: &Verification<'_>) -> Result<Step<'_>, Error> {
        let flow = &verification.flow;
        let agreed = Profile::agreed([flow.profile(), self.profile.as_deref()])?;
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
        let signature = flow
            .signature()
            .and_then(strict_base64::decode)
            .filter(|signature| SIGNATURE_BYTES.contains(&signature.len()))
            .ok_or_else(signature_malformed)?;
        let keys = self.keys_for(flow);
        let keys = keys.ok_or_else(|| no_verifying_key(flow))?;
        let mut fitting = keys
            .iter()
            .filter(|key| key.is_for(profile.algorithm))
            .peekable();
        if fitting.peek().is_none() {
            return Err(none_for(&profile, keys));
        }

        let attempts = fitting
            .filter(|key| key.public().size() == signature.len())
            .map(|key| Attempt::new(key, &signature))
            .collect();
        Ok(Step {
            profile,
            statement,
            attempts,
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
            Err(Refused::new(flow, error.with_report(report)))
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
            return refuse(flow, signature_invalid(&profile, &tried), report);
        };
        report.set(Check::Signature, Outcome::Passed, None);
        report.set_key(valid.key);

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
        if let Some(error) = failure(&report) {
            return Err(Refused::new(flow, error.with_report(report)));
        }

        Ok(VerifiedFlow {
            statement: statement.bytes,
            signature: valid.signature,
            moduli: Arc::clone(&self.moduli),
            report,
            profile_is_explicit: flow.profile().is_some() || self.profile.is_some(),
            profile,
            flow,
        })
    }
}

impl fmt::Debug for Verifier {
    /// How many keys there are, and not whose.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("keys", &self.moduli.len())
            .field("profile", &self.profile)
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

/// One flow to be verified, with what is expected of it.
///
/// ```
/// # use flowseal::{testkit, DetachedStatement, ErrorCode, Expectations, Verification};
/// # let sample = testkit::Sample::new()?;
/// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
/// let other_bytes = DetachedStatement::new(b"not what was signed", ["reference"]);
/// let refused = Verification::of(flow, &Expectations::unbound())
///     .detached(other_bytes)
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
    pub fn detached(mut self, statement: DetachedStatement) -> Self {
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
    /// was first in the way: `profile_mismatch`, `flow_cancelled`, `flow_pending`,
    /// `signature_missing`, `statement`, `signature_malformed`, `no_verifying_key`,
    /// `internal_fault`, `signature_invalid`, `claims_not_signed`, `expectation_failed`.
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
        let mut report = Report::unchecked("unverified");
        expectations.check(self, now, &|_| Authentication::NotValid, &mut report);
        let refusal = match check_state(self) {
            Err(error) if error.code() != ErrorCode::SignatureMissing => Some(error),
            _ => failure(&report),
        };
        match refusal {
            Some(error) => Err(error.with_report(report)),
            None => Ok(report),
        }
    }
}

/// What is known of a verification before its raw operations.
struct Step<'keys> {
    profile: Profile,
    statement: Statement,
    attempts: Vec<Attempt<'keys>>,
}

/// One key tried on one signature.
struct Attempt<'keys> {
    key: &'keys VerifyingKey,
    signature: Vec<u8>,
    em: Vec<u8>,
    outcome: Result<(), OperationError>,
}

impl<'keys> Attempt<'keys> {
    fn new(key: &'keys VerifyingKey, signature: &[u8]) -> Self {
        Self {
            key,
            signature: signature.to_vec(),
            em: vec![0; key.public().size()],
            outcome: Err(OperationError::Fault),
        }
    }

    /// Runs the raw operation of this attempt alone.
    fn compute(&mut self, engine: &Engine) {
        let mut outcomes = engine.public_vartime(&mut [self.operation()]);
        self.outcome = outcomes.pop().unwrap_or(Err(OperationError::Fault));
    }

    fn operation(&mut self) -> PublicOperation<'_> {
        PublicOperation {
            key: self.key.public(),
            input: &self.signature,
            output: &mut self.em,
        }
    }

    /// What the machine, and not the signature, is to blame for.
    fn fault(&self) -> Option<Error> {
        match self.outcome {
            Ok(()) | Err(OperationError::Range) => None,
            Err(error) => Some(Error::of_the_machine(error)),
        }
    }

    fn verifies(&self, algorithm: crate::profile::Algorithm, message: &[u8]) -> bool {
        self.outcome.is_ok() && signature::matches(algorithm, message, &self.em, self.key.bits())
    }
}

/// The lengths of RSA signatures under keys of 1024 to 8192 bits.
const SIGNATURE_BYTES: std::ops::RangeInclusive<usize> = 128..=1024;

fn check_state(flow: &Flow) -> Result<(), Error> {
    let refused = |code, sentence: &str| Err(Error::new(code, sentence));
    match flow.state() {
        FlowState::Cancelled => refused(
            ErrorCode::FlowCancelled,
            "the flow was cancelled, so its result is void: start a new one",
        ),
        FlowState::OnSession | FlowState::Pending => refused(
            ErrorCode::FlowPending,
            "the person has not approved the flow yet: ping again",
        ),
        FlowState::Complete if flow.signature().is_none() => refused(
            ErrorCode::SignatureMissing,
            "the flow has claims but no e-signature, so anyone may have made them: open it unverified only if that is acceptable",
        ),
        FlowState::Complete => Ok(()),
    }
}

fn failure(report: &Report) -> Option<Error> {
    let failed = |check: Check| report.outcome(check) == Outcome::Failed;
    if failed(Check::ClaimsSigned) {
        return Some(Error::new(
            ErrorCode::ClaimsNotSigned,
            "the flow has claims that the statement does not cover, so anyone may have made them: sign them, or allow unsigned claims in the profile",
        ));
    }
    let line = report
        .lines()
        .iter()
        .find(|line| line.outcome() == Outcome::Failed)?;
    Some(Error::new(
        ErrorCode::ExpectationFailed,
        format!(
            "the check {} failed ({}): this is not the flow that was expected",
            line.check(),
            line.why().unwrap_or("failed")
        ),
    ))
}

fn signature_malformed() -> Error {
    Error::new(
        ErrorCode::SignatureMalformed,
        "the e-signature is not strict base64 of 128 to 1024 bytes: pass the answer as the API sent it",
    )
}

/// None of these keys may verify under the profile: by what a JWK says of its key, or by the
/// restriction that a key carries itself.
fn none_for<'a>(profile: &Profile, keys: impl IntoIterator<Item = &'a VerifyingKey>) -> Error {
    let mut keys = keys.into_iter();
    let restricted = keys.find_map(|key| key.restriction_refuses(profile.algorithm));
    restricted.unwrap_or_else(|| {
        Error::new(
            ErrorCode::NoVerifyingKey,
            format!(
                "none of the keys for this flow is for {}: give such a key, or correct the profile's algorithm",
                profile.algorithm.name()
            ),
        )
    })
}

fn no_verifying_key(flow: &Flow) -> Error {
    Error::new(
        ErrorCode::NoVerifyingKey,
        format!(
            "the verifier has no key for the requestee of flow {}: register the person's key first",
            quoted(flow.reference())
        ),
    )
}

/// Names everything that this library had to take on trust, so that a wrong profile is not mistaken
/// for a forgery.
fn signature_invalid(profile: &Profile, tried: &[&VerifyingKey]) -> Error {
    const NAMED: usize = 4;

    let name = |key: &&VerifyingKey| match key.kid() {
        Some(kid) => quoted(kid),
        None => key.fingerprint().to_string(),
    };
    let mut named: Vec<_> = tried.iter().take(NAMED).map(name).collect();
    match tried.len() {
        0 => named.push("none is of the signature's length".to_owned()),
        1..=NAMED => {}
        more => named.push(format!("{} more", more - NAMED)),
    }
    let form = match profile.statement {
        StatementForm::CanonicalFlowV1 => "canonical-flow-v1, which is flowseal's own form,",
        StatementForm::Detached => "the detached bytes",
        StatementForm::Template(_) => "the profile's template",
    };
    Error::new(
        ErrorCode::SignatureInvalid,
        format!(
            "the e-signature is not valid over {form} under {} with the keys tried ({}); pasby publishes neither statement, algorithm nor keys, so check the profile before calling it a forgery",
            profile.algorithm.name(),
            named.join(", ")
        ),
    )
}
