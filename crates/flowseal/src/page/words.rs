//! What a report says, in words for people who know neither the API nor this library.

use super::outcome_of;
use crate::ground::report::Outcome;

/// A check by its stable name.
pub(super) fn check(name: &str) -> Option<&'static str> {
    Some(match name {
        "signature" => "Signature",
        "claims_signed" => "Claims signed",
        "reference" => "Flow",
        "requester" => "Organisation",
        "requestee" => "Person",
        "mode" => "Purpose",
        "not_cancelled" => "Not cancelled",
        "signed_at" => "Time of signing",
        "age" => "Age",
        "claims_requested" => "Claims asked for",
        "received" => "Received from the API",
        _ => return None,
    })
}

/// An outcome in words that stay in one line.
pub(super) fn outcome(name: &str) -> Option<&'static str> {
    Some(match outcome_of(name)? {
        Outcome::Passed => "✓\u{a0}passed",
        Outcome::Failed => "✗\u{a0}failed",
        Outcome::NotAsked => "–\u{a0}not\u{a0}asked",
        Outcome::NotChecked => "?\u{a0}not\u{a0}checked",
    })
}

/// How an outcome looks, beside its word. What passed against a member that nobody signed proves
/// nothing, and does not look as if it did.
pub(super) fn class(outcome: &str, why: Option<&str>) -> &'static str {
    match (outcome_of(outcome), why) {
        (Some(Outcome::Passed), Some("unauthenticated")) => "outcome open",
        (Some(Outcome::Passed), _) => "outcome good",
        (Some(Outcome::Failed), _) => "outcome bad",
        (Some(Outcome::NotAsked), _) => "outcome none",
        _ => "outcome open",
    }
}

/// What an outcome means; `None` for words that this version does not know.
pub(super) fn sentence(check: &str, outcome: &str, why: Option<&str>) -> Option<&'static str> {
    let outcome = outcome_of(outcome)?;
    let by_reason = match why {
        Some("not_covered") if outcome == Outcome::Failed => Some(
            "The signature does not cover this, so whoever passed the flow on could have changed it.",
        ),
        Some("not_covered") => {
            Some("The signature does not cover this. Nobody asked for it, and nothing rests on it.")
        }
        Some("from_evidence") => Some(
            "Evidence holds the signed bytes and not the whole flow: this cannot be looked at again.",
        ),
        Some("covers_by_file") => Some(
            "Which members the bytes are is the file's own word, unless the profile of the time is given.",
        ),
        Some("no_claims") => Some("The flow has no claims."),
        Some("allowed_by_profile") => Some(
            "The claims are not under the signature; the profile allowed that, so they may be anyone's.",
        ),
        Some("differs") => Some("It is not what was expected."),
        Some("not_requested") => Some("There are claims that nobody asked for."),
        Some("absent") => Some("The flow does not say when it was signed."),
        Some("after_now") => Some("It says that it was signed later than it was looked at."),
        Some("before_iat") => Some("It says that it was signed before it was started."),
        Some("too_old") => Some("It was signed longer ago than was accepted."),
        Some("cancelled") => Some("The flow is marked as cancelled, and void."),
        Some("invalid") => Some("None of the keys given made this signature over these bytes."),
        Some("signature_invalid") => Some("The signature is not valid, so nothing rests on this."),
        Some("unauthenticated") if check == "not_cancelled" => {
            Some("It was not marked as cancelled. Nobody signs that mark.")
        }
        Some("unauthenticated") => Some("It is as expected, but not under a valid signature."),
        _ => None,
    };
    by_reason.or_else(|| by_check(check, outcome, why))
}

/// What an outcome means where no reason has said it.
fn by_check(check: &str, outcome: Outcome, why: Option<&str>) -> Option<&'static str> {
    Some(match (outcome, check) {
        (Outcome::NotAsked, "received") => {
            "Not asked: this rests on the signature, and not on how the flow came."
        }
        (Outcome::NotAsked, _) => "Nobody asked for this.",
        _ if why.is_some() => return None,
        (Outcome::Passed, "signature") => {
            "The key above made this signature, over exactly the signed bytes."
        }
        (Outcome::Passed, "claims_signed") => {
            "The claims, as they were sealed, are under the signature: none was added, changed or left out."
        }
        (Outcome::Passed, "reference") => "It is the flow that was expected.",
        (Outcome::Passed, "requester") => "It was started by the organisation that was expected.",
        (Outcome::Passed, "requestee") => "It is the person who was expected.",
        (Outcome::Passed, "mode") => "The person was asked for what was expected.",
        (Outcome::Passed, "signed_at") => {
            "The time is under the signature: not before the flow was started, not in the future."
        }
        (Outcome::Passed, "age") => "It was signed no longer ago than was accepted.",
        (Outcome::Passed, "claims_requested") => "There are no claims but those asked for.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::report::Check;

    #[test]
    fn every_check_has_a_name_and_words() {
        for checked in Check::ALL {
            let name = checked.as_str();
            assert!(check(name).is_some(), "{name}");
            let not_asked = sentence(name, "not_asked", None);
            assert!(not_asked.is_some(), "{name}");
            if name != "not_cancelled" && name != "received" {
                assert!(sentence(name, "passed", None).is_some(), "{name}");
            }
        }
        assert_eq!(sentence("signature", "valid", None), None);
        assert_eq!(check("<script>"), None);
    }
}
