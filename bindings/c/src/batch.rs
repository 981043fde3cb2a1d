//! Many flows at once: the engine is handed all of them together.

use flowseal::report::Report;
use flowseal::{Error, Flow, UnixTime, Verification, VerifiedFlow};

use crate::edge::{Outs, call, take};
use crate::error::{Failure, flowseal_error};
use crate::expectations::flowseal_expectations;
use crate::flow::flowseal_flow;
use crate::handle::Handle;
use crate::key_ring::flowseal_key_ring;
use crate::opened_claims::flowseal_opened_claims;
use crate::options::flowseal_open_options;
use crate::report::flowseal_report;
use crate::status::flowseal_status;
use crate::verified_flow::flowseal_verified_flow;
use crate::verifier::flowseal_verifier;
use crate::verify::tell;

/// Verifies many flows at once, on as many threads as flowseal_verifier_set_threads() says.
///
/// A refused flow does not stop the others: the status of each is in `statuses`. Each place of
/// `verified`, `reports` and `errors` gets a handle or, where there is none for that flow, zeros. A
/// flow for which no handle is left has FLOWSEAL_STATUS_HANDLES_EXHAUSTED.
///
/// @param flows The flows; they stay as they were.
/// @param expectations What each flow must be, in the same order; one of them may stand here
///     several times.
/// @param count How many flows there are, and places in each of the lists.
/// @param verifier Whose keys are trusted.
/// @param now_unix_seconds The moment against which they are judged.
/// @param[out] statuses The status of each flow.
/// @param[out] verified The verified flow of each that was not refused, to be freed.
/// @param[out] reports The report of each that has one, to be freed; may be NULL.
/// @param[out] errors The error of each that was refused, to be freed; may be NULL.
/// @param[out] error Details where the call itself refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK where each flow has a status, refused or not; or:
///     FLOWSEAL_STATUS_TIME and misuse, where no list was written to.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verify_many(
    flows: *const flowseal_flow,
    expectations: *const flowseal_expectations,
    count: usize,
    verifier: flowseal_verifier,
    now_unix_seconds: i64,
    statuses: *mut flowseal_status,
    verified: *mut flowseal_verified_flow,
    reports: *mut flowseal_report,
    errors: *mut flowseal_error,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(
            error;
            handles(flows, count),
            handles(expectations, count),
            handle(verifier),
            outs(statuses, count),
            outs(verified, count),
            optional_outs(reports, count),
            optional_outs(errors, count)
        ),
        |(flows, expectations, verifier, statuses, verified, reports, errors)| {
            let now = UnixTime::from_seconds(now_unix_seconds)?;
            let expectations: Vec<_> = expectations.iter().map(|one| one.value()).collect();
            let batch = flows.iter().zip(&expectations);
            let batch = batch.map(|(flow, one)| Verification::of(Flow::clone(flow), one));
            let results = verifier.value().verify_many(batch, now);
            let results = results
                .into_iter()
                .map(|result| result.map_err(Error::from));
            Places {
                statuses,
                objects: verified,
                reports,
                errors,
            }
            .fill(results, |flow: &VerifiedFlow| flow.report())
        },
    )
}

/// Opens many verified flows at once, on as many threads as the options say.
///
/// A refused flow does not stop the others: the status of each is in `statuses`. Each place of
/// `claims` and `errors` gets a handle or, where there is none for that flow, zeros. A flow for
/// which no handle is left has FLOWSEAL_STATUS_HANDLES_EXHAUSTED.
///
/// @param verified The flows; they stay as they were.
/// @param count How many flows there are, and places in each of the lists.
/// @param ring The keys that they may be sealed to.
/// @param options What to open, and how.
/// @param[out] statuses The status of each flow.
/// @param[out] claims The claims of each that opened, to be freed.
/// @param[out] errors The error of each that did not, to be freed; may be NULL.
/// @param[out] error Details where the call itself refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK where each flow has a status, refused or not; or: misuse, where no
///     list was written to.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_open_many(
    verified: *const flowseal_verified_flow,
    count: usize,
    ring: flowseal_key_ring,
    options: flowseal_open_options,
    statuses: *mut flowseal_status,
    claims: *mut flowseal_opened_claims,
    errors: *mut flowseal_error,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(
            error;
            handles(verified, count),
            handle(ring),
            handle(options),
            outs(statuses, count),
            outs(claims, count),
            optional_outs(errors, count)
        ),
        |(flows, ring, options, statuses, claims, errors)| {
            let results = flowseal::open_many(&flows, ring.value().core(), &options.value());
            Places {
                statuses,
                objects: claims,
                reports: None,
                errors,
            }
            .fill(results, flowseal::OpenedClaims::report)
        },
    )
}

/// Opens many flows at once whose e-signatures nobody has looked at, on as many threads as the
/// options say: what flowseal_flow_open_unverified() says of one flow is true of each. Right for an
/// archive; not for what strangers send.
///
/// A refused flow does not stop the others: the status of each is in `statuses`. Each place of
/// `claims`, `reports` and `errors` gets a handle or, where there is none for that flow, zeros. A
/// flow for which no handle is left has FLOWSEAL_STATUS_HANDLES_EXHAUSTED.
///
/// @param flows The flows; they stay as they were.
/// @param count How many flows there are, and places in each of the lists.
/// @param ring The keys that they may be sealed to.
/// @param expectations What each flow must be.
/// @param now_unix_seconds The moment against which they are judged.
/// @param options What to open, and how.
/// @param[out] statuses The status of each flow.
/// @param[out] claims The claims of each that opened, to be freed.
/// @param[out] reports The report of each that has one, to be freed; may be NULL.
/// @param[out] errors The error of each that did not open, to be freed; may be NULL.
/// @param[out] error Details where the call itself refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK where each flow has a status, refused or not; or:
///     FLOWSEAL_STATUS_TIME and misuse, where no list was written to.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_open_many_unverified(
    flows: *const flowseal_flow,
    count: usize,
    ring: flowseal_key_ring,
    expectations: flowseal_expectations,
    now_unix_seconds: i64,
    options: flowseal_open_options,
    statuses: *mut flowseal_status,
    claims: *mut flowseal_opened_claims,
    reports: *mut flowseal_report,
    errors: *mut flowseal_error,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(
            error;
            handles(flows, count),
            handle(ring),
            handle(expectations),
            handle(options),
            outs(statuses, count),
            outs(claims, count),
            optional_outs(reports, count),
            optional_outs(errors, count)
        ),
        |(flows, ring, expectations, options, statuses, claims, reports, errors)| {
            let now = UnixTime::from_seconds(now_unix_seconds)?;
            let (ring, expectations) = (ring.value(), expectations.value());
            let results = flowseal::open_many_unverified(
                &flows,
                ring.core(),
                &expectations,
                now,
                &options.value(),
            );
            Places {
                statuses,
                objects: claims,
                reports,
                errors,
            }
            .fill(results, flowseal::OpenedClaims::report)
        },
    )
}

/// Where the results of many flows go.
pub(crate) struct Places<H> {
    pub(crate) statuses: Outs<flowseal_status>,
    pub(crate) objects: Outs<H>,
    pub(crate) reports: Option<Outs<flowseal_report>>,
    pub(crate) errors: Option<Outs<flowseal_error>>,
}

impl<H: Handle> Places<H> {
    pub(crate) fn fill(
        &self,
        results: impl IntoIterator<Item = Result<H::Object, Error>>,
        report: impl Fn(&H::Object) -> &Report,
    ) -> Result<(), Failure> {
        let mut reports = self.reports.iter().flat_map(Outs::each);
        let mut errors = self.errors.iter().flat_map(Outs::each);
        let places = self.statuses.each().zip(self.objects.each());
        for (result, (status, object)) in results.into_iter().zip(places) {
            let result = result.map_err(Failure::from);
            let (mut object, mut error, mut place) = (object, errors.next(), reports.next());
            object.clear();
            if let Some(error) = &mut error {
                error.clear();
            }
            if let Some(place) = &mut place {
                place.clear();
            }
            // Where the handles are exhausted, that is the status of this flow, and the others have
            // theirs: a call that has written something says so.
            let result = match result {
                Ok(value) => tell(place, Some(report(&value))).and_then(|()| H::insert(value)),
                Err(failure) => match tell(place, failure.report()) {
                    // The refusal is what its caller must know of this flow; its report has no
                    // place.
                    Ok(()) | Err(_) => Err(failure),
                },
            };
            match result {
                Ok(handle) => {
                    status.set(flowseal_status::Ok)?;
                    object.set(handle)?;
                }
                Err(failure) => {
                    status.set(failure.status())?;
                    if let Some(error) = error {
                        // Without a place in the table the status has to do, as in `call`.
                        let _ = error.put(failure);
                    }
                }
            }
        }
        Ok(())
    }
}
