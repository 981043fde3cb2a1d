//! From a flow as it was received to a verified one, or past it.

use std::ffi::c_void;

use flowseal::report::Report;
use flowseal::{DetachedStatement, Flow, UnixTime, Verification, Verifier};

use crate::edge::{Out, call, flowseal_slice, take};
use crate::error::{Failure, flowseal_error};
use crate::expectations::flowseal_expectations;
use crate::flow::flowseal_flow;
use crate::key_ring::flowseal_key_ring;
use crate::opened_claims::flowseal_opened_claims;
use crate::options::flowseal_open_options;
use crate::report::flowseal_report;
use crate::setting::Setting;
use crate::status::flowseal_status;
use crate::verified_flow::flowseal_verified_flow;
use crate::verifier::flowseal_verifier;

/// Verifies the e-signature, and that the flow is the expected one.
///
/// @param flow The flow; it stays as it was and has still to be freed.
/// @param verifier Whose keys are trusted.
/// @param expectations What the flow must be beside genuine.
/// @param now_unix_seconds The moment against which it is judged.
/// @param[out] verified The verified flow, to be freed; on success alone.
/// @param[out] report What was looked at and found, to be freed; on success, and on a refusal that
///     has one. May be NULL.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_TIME, FLOWSEAL_STATUS_PROFILE_MISMATCH,
///     FLOWSEAL_STATUS_STATEMENT, and FLOWSEAL_STATUS_FLOW_PENDING to
///     FLOWSEAL_STATUS_CLAIMS_NOT_SIGNED.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_verify(
    flow: flowseal_flow,
    verifier: flowseal_verifier,
    expectations: flowseal_expectations,
    now_unix_seconds: i64,
    verified: *mut flowseal_verified_flow,
    report: *mut flowseal_report,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(flow), handle(verifier), handle(expectations), out(verified), optional(report)),
        |(flow, verifier, expectations, verified, report)| {
            let expectations = expectations.value();
            let verification = Verification::of(Flow::clone(&flow), &expectations);
            finish(verification, &verifier, now_unix_seconds, verified, report)
        },
    )
}

/// Verifies the flow over bytes that the caller gives, for the profile's statement "detached".
///
/// @param flow The flow; it stays as it was and has still to be freed.
/// @param verifier Whose keys are trusted.
/// @param expectations What the flow must be beside genuine.
/// @param statement The bytes that were signed.
/// @param statement_len How many.
/// @param covers The names of the members that these bytes cover, as UTF-8.
/// @param covers_count How many names.
/// @param now_unix_seconds The moment against which it is judged.
/// @param[out] verified The verified flow, to be freed; on success alone.
/// @param[out] report What was looked at and found, to be freed; on success, and on a refusal that
///     has one. May be NULL.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_TIME, FLOWSEAL_STATUS_PROFILE_MISMATCH,
///     FLOWSEAL_STATUS_STATEMENT, and FLOWSEAL_STATUS_FLOW_PENDING to
///     FLOWSEAL_STATUS_CLAIMS_NOT_SIGNED.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_verify_detached(
    flow: flowseal_flow,
    verifier: flowseal_verifier,
    expectations: flowseal_expectations,
    statement: *const c_void,
    statement_len: usize,
    covers: *const flowseal_slice,
    covers_count: usize,
    now_unix_seconds: i64,
    verified: *mut flowseal_verified_flow,
    report: *mut flowseal_report,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(flow), handle(verifier), handle(expectations), bytes(statement, statement_len), texts(covers, covers_count), out(verified), optional(report)),
        |(flow, verifier, expectations, statement, covers, verified, report)| {
            let expectations = expectations.value();
            let detached = DetachedStatement::new(statement, covers);
            let verification =
                Verification::of(Flow::clone(&flow), &expectations).with_detached(detached);
            finish(verification, &verifier, now_unix_seconds, verified, report)
        },
    )
}

/// Opens the claims of a flow whose e-signature nobody has looked at.
///
/// Anyone can encrypt to an app's public key: such claims may be anyone's, and whoever can send
/// flows here and watch
/// the answers has part of a padding oracle (SECURITY.md). What is expected of the flow is compared
/// with it all the same.
///
/// @param flow The flow.
/// @param ring The keys that it may be sealed to.
/// @param expectations What the flow must be.
/// @param now_unix_seconds The moment against which it is judged.
/// @param options What to open, and how.
/// @param[out] claims The claims, to be freed; on success alone.
/// @param[out] report What was looked at and found, to be freed; on success, and on a refusal that
///     has one. May be NULL.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_TIME, FLOWSEAL_STATUS_FLOW_PENDING,
///     FLOWSEAL_STATUS_FLOW_CANCELLED, FLOWSEAL_STATUS_EXPECTATION_FAILED, and those of
///     flowseal_verified_flow_open().
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_open_unverified(
    flow: flowseal_flow,
    ring: flowseal_key_ring,
    expectations: flowseal_expectations,
    now_unix_seconds: i64,
    options: flowseal_open_options,
    claims: *mut flowseal_opened_claims,
    report: *mut flowseal_report,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(flow), handle(ring), handle(expectations), handle(options), out(claims), optional(report)),
        |(flow, ring, expectations, options, claims, report)| {
            let now = UnixTime::from_seconds(now_unix_seconds)?;
            let ring = ring.value();
            let opened =
                flow.open_unverified(ring.core(), &expectations.value(), now, &options.value());
            let opened = opened.map_err(Failure::from);
            tell(
                report,
                opened
                    .as_ref()
                    .map_or_else(Failure::report, |claims| Some(claims.report())),
            )?;
            claims.put(opened?)
        },
    )
}

fn finish(
    verification: Verification<'_>,
    verifier: &Setting<Verifier>,
    now_unix_seconds: i64,
    verified: Out<flowseal_verified_flow>,
    report: Option<Out<flowseal_report>>,
) -> Result<(), Failure> {
    let now = UnixTime::from_seconds(now_unix_seconds)?;
    let outcome = verification.verify(&verifier.value(), now);
    let outcome = outcome.map_err(|refused| Failure::from(flowseal::Error::from(refused)));
    tell(
        report,
        outcome
            .as_ref()
            .map_or_else(Failure::report, |flow| Some(flow.report())),
    )?;
    verified.put(outcome?)
}

/// Gives the caller a report, where there is one and it was asked for.
pub(crate) fn tell(
    place: Option<Out<flowseal_report>>,
    report: Option<&Report>,
) -> Result<(), Failure> {
    match (place, report) {
        (Some(place), Some(report)) => place.put(report.clone()),
        _ => Ok(()),
    }
}
