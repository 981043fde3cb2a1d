//! The end of a pending flow: judged, and given once.

use flowseal::{Flow, UnixTime};

use crate::binding::flowseal_binding;
use crate::callback;
use crate::edge::{call, take};
use crate::error::{Failure, flowseal_error};
use crate::finish_once::flowseal_finish_once;
use crate::flow::flowseal_flow;
use crate::pending::flowseal_pending_flow;
use crate::received_flow::flowseal_received_flow;
use crate::report::flowseal_report;
use crate::status::flowseal_status;
use crate::verified_flow::flowseal_verified_flow;
use crate::verifier::flowseal_verifier;
use crate::verify::tell;

/// Verifies the flow against all that was asked, and gives its result once. A refusal finishes
/// nothing: the right flow can still come.
///
/// @param pending The pending flow.
/// @param flow The flow; it stays as it was and has still to be freed.
/// @param verifier Whose keys are trusted.
/// @param once Remembers which flows were finished. It is asked after the judgement and before the
///     result is given; where it fails, nothing is given.
/// @param binding That of the browser which asks for the end. It is needed where the flow was
///     started with one, and refused where it was not; may be NULL.
/// @param now_unix_seconds The moment against which it is judged.
/// @param[out] verified The verified flow, to be freed; on success alone.
/// @param[out] report What was looked at and found, to be freed; on success, and on a refusal that
///     has one. May be NULL.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: those of flowseal_flow_verify(), for whatever differs from what
///     was asked; FLOWSEAL_STATUS_EXPECTATION_FAILED for another browser than that of the start,
///     and FLOWSEAL_STATUS_USAGE for one where the start had none;
///     FLOWSEAL_STATUS_FLOW_EXPIRED after flowseal_pending_flow_finish_by_unix_seconds();
///     FLOWSEAL_STATUS_PENDING_FINISHED where the result was given before;
///     FLOWSEAL_STATUS_CALLBACK where that could not be known.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_finish(
    pending: flowseal_pending_flow,
    flow: flowseal_flow,
    verifier: flowseal_verifier,
    once: flowseal_finish_once,
    binding: *const flowseal_binding,
    now_unix_seconds: i64,
    verified: *mut flowseal_verified_flow,
    report: *mut flowseal_report,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(pending), handle(flow), handle(verifier), handle(once), optional_handle(binding), value(now_unix_seconds), out(verified), optional(report)),
        |(pending, flow, verifier, once, binding, now, verified, report)| {
            let (now, pending) = (UnixTime::from_seconds(now)?, pending.value());
            let (flow, verifier) = (Flow::clone(&flow), verifier.value());
            let (end, has_failed) = callback::watched(|| {
                let end = pending.finish(flow, &verifier, binding.as_deref(), &*once, now);
                end.map_err(|refused| Failure::from(flowseal::Error::from(refused)))
            });
            let found = end.as_ref();
            tell(
                report,
                found.map_or_else(Failure::report, |flow| Some(flow.report())),
            )?;
            verified.put(told(end, has_failed)?)
        },
    )
}

/// Takes a flow that a session on this one received, signed or not, and gives its result once.
///
/// A signature that is there is verified, where a verifier is at hand, and has to be valid.
///
/// @param pending The pending flow.
/// @param flow The flow; it stays as it was and has still to be freed.
/// @param verifier Whose keys are trusted; may be NULL.
/// @param once Remembers which flows were finished. It is asked after the judgement and before the
///     result is given; where it fails, nothing is given.
/// @param binding That of the browser which asks for the end. It is needed where the flow was
///     started with one, and refused where it was not; may be NULL.
/// @param now_unix_seconds The moment against which it is judged.
/// @param[out] received The received flow, to be freed; on success alone.
/// @param[out] report What was looked at and found, to be freed; on success, and on a refusal that
///     has one. May be NULL.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: those of flowseal_pending_flow_finish(), but that there may be
///     no signature; FLOWSEAL_STATUS_SIGNATURE_MISSING for a flow without one that no session of
///     this pending flow has received, and FLOWSEAL_STATUS_EXPECTATION_FAILED by the check
///     `received` for one with it.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_pending_flow_finish_received(
    pending: flowseal_pending_flow,
    flow: flowseal_flow,
    verifier: *const flowseal_verifier,
    once: flowseal_finish_once,
    binding: *const flowseal_binding,
    now_unix_seconds: i64,
    received: *mut flowseal_received_flow,
    report: *mut flowseal_report,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(pending), handle(flow), optional_handle(verifier), handle(once), optional_handle(binding), value(now_unix_seconds), out(received), optional(report)),
        |(pending, flow, verifier, once, binding, now, received, report)| {
            let (now, pending) = (UnixTime::from_seconds(now)?, pending.value());
            let (flow, verifier) = (Flow::clone(&flow), verifier.map(|keys| keys.value()));
            let (end, has_failed) = callback::watched(|| {
                let (verifier, binding) = (verifier.as_deref(), binding.as_deref());
                let end = pending.finish_received(flow, verifier, binding, &*once, now);
                end.map_err(|refused| Failure::from(flowseal::Error::from(refused)))
            });
            let found = end.as_ref();
            tell(
                report,
                found.map_or_else(Failure::report, |flow| Some(flow.report())),
            )?;
            received.put(told(end, has_failed)?)
        },
    )
}

/// What comes of an end; or that the caller's function has failed, which comes first.
fn told<T>(end: Result<T, Failure>, has_failed: bool) -> Result<T, Failure> {
    match has_failed {
        true => Err(callback::FAILED),
        false => end,
    }
}
