//! The end of a pending flow: judged, and given once.

use super::PendingFlow;
use crate::api::binding::Binding;
use crate::api::finish_once::FinishOnce;
use crate::api::received::ReceivedFlow;
use crate::error::{Error, ErrorCode, ErrorDetails};
use crate::flow::{Flow, Mode};
use crate::ground::report::{Check, Outcome, Report};
use crate::time::UnixTime;
use crate::verify::{Refused, Verification, VerifiedFlow, Verifier, signature_missing};

impl PendingFlow {
    /// Verifies the flow against all that was asked, and gives its result once.
    ///
    /// `binding` is that of the browser which asks for the end, where the flow was started with
    /// one, and `None` where it was not. `once` remembers across all processes which flows were
    /// finished. A refusal finishes nothing: the right flow can still come.
    ///
    /// # Errors
    /// Those of [`Flow::verify`], for whatever differs from what was asked; `expectation_failed`
    /// for another browser than that of the start, and `usage` for a browser where the start had
    /// none, both with the [detail](crate::ErrorDetails::why) `binding`; `flow_expired` after
    /// [`finish_by`](Self::finish_by); `pending_finished` where the result was given before.
    pub fn finish(
        &self,
        flow: Flow,
        verifier: &Verifier,
        binding: Option<&Binding>,
        once: &impl FinishOnce,
        now: UnixTime,
    ) -> Result<VerifiedFlow, Refused> {
        let flow = self.admit(flow, binding, now)?;
        let verified = self.verify(flow, verifier, now);
        let verified = verified.map_err(|refused| self.told_by_what_was_asked(refused))?;
        match self.is_first(once) {
            Ok(()) => Ok(verified),
            Err(error) => {
                let report = verified.report().clone();
                Err(Refused::new(verified.into_unauthenticated(), error, report))
            }
        }
    }

    /// Takes a flow that a session on this one [received](ReceivedFlow), signed or not, and gives
    /// its result once.
    ///
    /// A signature that is there is verified, where a verifier is at hand, and has to be valid. The
    /// session has to be of this process: that it received the flow is kept in the [`Flow`] that it
    /// gave, and in no JSON.
    ///
    /// # Errors
    /// Those of [`finish`](Self::finish), but that there may be no signature; `signature_missing`
    /// for a flow without one that no session of this pending flow has received, and
    /// `expectation_failed` by the check `received` for one with it.
    pub fn finish_received(
        &self,
        flow: Flow,
        verifier: Option<&Verifier>,
        binding: Option<&Binding>,
        once: &impl FinishOnce,
        now: UnixTime,
    ) -> Result<ReceivedFlow, Refused> {
        let flow = self.admit(flow, binding, now)?;
        let expectations = self.expectations();
        let signers = verifier.map(Verifier::signers).cloned();
        let (flow, mut report) = match (flow.signature(), verifier) {
            (Some(_), Some(verifier)) => {
                let verified = self.verify(flow, verifier, now)?;
                let report = verified.report().clone();
                (verified.into_unauthenticated(), report)
            }
            (signature, _) => {
                let why = signature.map_or("absent", |_| "no_verifier");
                match flow.check_without_signature(&expectations, now, why) {
                    Ok(report) => (flow, report),
                    Err(error) => {
                        let report = error.report().cloned();
                        let report = report.unwrap_or_else(|| Report::unchecked(why));
                        return Err(Refused::new(flow, error, report));
                    }
                }
            }
        };
        if flow.receipt() != Some(&self.receipt()) {
            report.set(Check::Received, Outcome::Failed, Some("not_received"));
            let error = not_received(&flow, &self.asked.method.mode());
            return Err(Refused::new(flow, error, report));
        }
        // Of a caller who says so: this library has no socket.
        report.set(Check::Received, Outcome::Passed, Some("callers_word"));
        match self.is_first(once) {
            Ok(()) => Ok(ReceivedFlow::new_received(flow, report, signers)),
            Err(error) => Err(Refused::new(flow, error, report)),
        }
    }

    fn verify(
        &self,
        flow: Flow,
        verifier: &Verifier,
        now: UnixTime,
    ) -> Result<VerifiedFlow, Refused> {
        let expectations = self.expectations();
        let verification = Verification::of(flow, &expectations);
        match self.detached.clone() {
            Some(statement) => verification.with_detached(statement),
            None => verification,
        }
        .verify(verifier, now)
    }

    /// Refuses whoever may not end this flow, before it is looked at.
    fn admit(&self, flow: Flow, binding: Option<&Binding>, now: UnixTime) -> Result<Flow, Refused> {
        let refusal = match (&self.binding, binding) {
            (None, Some(_)) => Some((
                ErrorCode::Usage,
                "a binding is given at the end of a flow that was started without one, so that there is nothing to compare it with: give it at the start as well, when the flow becomes pending, or none at the end",
                BINDING,
            )),
            (Some(own), given) if given != Some(own) => Some((
                ErrorCode::ExpectationFailed,
                "the browser that asks for the end is not the one of the start: refuse it, since the result is for that one alone",
                BINDING,
            )),
            _ if now > self.finish_by() => Some((
                ErrorCode::FlowExpired,
                "the flow has expired, and its end was not asked for in time: start a new one",
                "flow_expired",
            )),
            _ => None,
        };
        let Some((code, what, why)) = refusal else {
            return Ok(flow);
        };
        let details = ErrorDetails {
            // Nothing else, of two values that are nobody's to see.
            why: (why == BINDING).then_some(BINDING),
            ..ErrorDetails::default()
        };
        let error = Error::new(code, what).with_details(details);
        Err(Refused::new(flow, error, Report::unchecked(why)))
    }

    /// The same refusal, in words for what was started, whatever the flow says that it is.
    fn told_by_what_was_asked(&self, refused: Refused) -> Refused {
        if refused.code() != ErrorCode::SignatureMissing {
            return refused;
        }
        let report = refused.report().clone();
        let error = signature_missing(&self.asked.method.mode());
        Refused::new(refused.into_flow(), error, report)
    }

    fn is_first(&self, once: &impl FinishOnce) -> Result<(), Error> {
        match once.finish(self.reference(), self.finish_by()) {
            true => Ok(()),
            false => Err(Error::new(
                ErrorCode::PendingFinished,
                "the flow was finished before, by this process or another, and its result is given once: refuse it, or start a new one",
            )),
        }
    }
}

fn not_received(flow: &Flow, mode: &Mode) -> Error {
    let how = match mode {
        Mode::Identification => {
            "no session on this pending flow received it by a ping, in this process: watch the flow with a session whose trust is received, give it each response with answering() and with_url(), and finish the very flow that it gives"
        }
        Mode::Signature | Mode::Other(_) => {
            "a signing is never received: it has a signature, so finish it as one that does"
        }
    };
    if flow.signature().is_none() {
        return Error::new(
            ErrorCode::SignatureMissing,
            format!("the flow came without the person's signature, and {how}"),
        );
    }
    let details = ErrorDetails {
        check: Some(Check::Received),
        ..ErrorDetails::default()
    };
    Error::new(
        ErrorCode::ExpectationFailed,
        format!("the check received failed (not_received): {how}"),
    )
    .with_details(details)
}

/// What an error about the browser is about, as data.
const BINDING: &str = "binding";
