//! Why a flow is refused, in words.

use super::expectations::Expectations;
use crate::error::{Error, ErrorCode, ErrorDetails};
use crate::flow::{Flow, FlowState, Mode};
use crate::ground::diagnosis::Diagnosis;
use crate::ground::quoted::quoted;
use crate::ground::report::{Check, Outcome, Report, ReportLine};
use crate::ground::strict_base64;
use crate::keys::VerifyingKey;
use crate::profile::{Profile, StatementForm};
use crate::shown::Shown;
use crate::time::UnixTime;

/// Refuses a flow that is not complete.
pub(super) fn check_state(flow: &Flow) -> Result<(), Error> {
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
        FlowState::Complete if flow.signature().is_none() => Err(signature_missing(flow.mode())),
        FlowState::Complete => Ok(()),
    }
}

/// The refusal of a flow of this mode that has claims and no e-signature. Of an identification it
/// names the level of trust that is for such flows, and does not lead below it.
pub(crate) fn signature_missing(mode: &Mode) -> Error {
    let what = match mode {
        Mode::Identification => {
            "this identification came without the person's signature, so that nothing proves who has responded: refuse it. Some of the API's identifications have none. Whether your app takes one on the API's word alone is decided before, and not for this flow: that is another level of trust, received, which has to be asked for by name, of a session on the pending flow and at its end (finish_received)"
        }
        Mode::Signature | Mode::Other(_) => {
            "the flow has claims but no e-signature, so that anyone may have made them: refuse it"
        }
    };
    Error::new(ErrorCode::SignatureMissing, what)
}

/// The refusal of a flow of which a check failed.
pub(super) fn failure(
    report: &Report,
    expectations: &Expectations,
    flow: &Flow,
    now: UnixTime,
) -> Option<Error> {
    if report.outcome(Check::ClaimsSigned) == Outcome::Failed {
        let details = ErrorDetails {
            check: Some(Check::ClaimsSigned),
            ..ErrorDetails::default()
        };
        return Some(
            Error::new(
                ErrorCode::ClaimsNotSigned,
                "the flow has claims that the statement does not cover, so anyone may have made them: sign them, or allow unsigned claims in the profile",
            )
            .with_details(details),
        );
    }
    let failed = |line: &&ReportLine| line.outcome() == Outcome::Failed;
    let line = report.lines().iter().find(failed)?;
    let why = line.why().unwrap_or("failed");
    Some(expectations.failed(line.check(), why, flow, now))
}

pub(super) fn signature_malformed(text: &str) -> Error {
    let what = match strict_base64::decode(text) {
        None => format!("is not strict base64: {}", strict_base64::fault(text)),
        Some(signature) => format!(
            "has {} bytes, and those of RSA have 128 to 1024: pass the answer as the API sent it",
            signature.len()
        ),
    };
    Error::new(
        ErrorCode::SignatureMalformed,
        format!("the e-signature {what}"),
    )
}

/// None of these keys may verify under the profile: by what a JWK says of its key, or by the
/// restriction that a key carries itself.
pub(super) fn none_for<'a>(
    profile: &Profile,
    keys: impl IntoIterator<Item = &'a VerifyingKey>,
) -> Error {
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

pub(super) fn no_verifying_key(flow: &Flow) -> Error {
    Error::new(
        ErrorCode::NoVerifyingKey,
        format!(
            "the verifier has no key for the requestee of flow {}: register the person's key first",
            quoted(flow.reference())
        ),
    )
}

/// Names everything that this library had to take on trust, so that a wrong profile is not mistaken
/// for a forgery, and what the power of each key shows.
pub(super) fn signature_invalid(
    profile: &Profile,
    tried: &[&VerifyingKey],
    diagnosis: Diagnosis,
) -> Error {
    const NAMED: usize = 4;

    let name = |key: &&VerifyingKey| match key.kid() {
        Some(kid) => Shown::kid(kid).to_string(),
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
            "the e-signature is not valid over {form} under {} with the keys tried ({}): {}; pasby publishes neither statement, algorithm nor keys, so check the profile before calling it a forgery",
            profile.algorithm.name(),
            named.join(", "),
            diagnosis.sentence(),
        ),
    )
    .with_diagnosis(diagnosis)
}
