//! Openings that go on when raw results come.

use std::ffi::{c_char, c_void};
use std::sync::Mutex;

use flowseal::{Error, OpenedClaims, Opening, PartialClaims, RawOperation, UnixTime};

use crate::batch::Places;
use crate::edge::{at, call, get, take};
use crate::error::{Failure, flowseal_error};
use crate::expectations::flowseal_expectations;
use crate::failures::{Failures, flowseal_failures};
use crate::flow::flowseal_flow;
use crate::handle::{Handle, handle};
use crate::key_ring::flowseal_key_ring;
use crate::opened_claims::flowseal_opened_claims;
use crate::options::flowseal_open_options;
use crate::received_flow::flowseal_received_flow;
use crate::setting::locked;
use crate::status::flowseal_status;
use crate::verified_flow::flowseal_verified_flow;

/// An opening, of one flow or of many, that goes on when the results of raw operations come: those
/// of keys whose private half is elsewhere. It says what is to be computed, takes results in any
/// order, and ends in what opening at once gives. It owns what it needs: flows and rings may be
/// freed meanwhile.
///
/// Thread-safe; callers take turns. Freed with flowseal_opening_free(), which wipes it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_opening {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_opening, Mutex<Kind>, 41);

/// What it ends in.
pub(crate) enum Kind {
    One(Opening),
    Part(Opening<PartialClaims>),
    /// Beside it how many flows there are.
    Many(Opening<Vec<Result<OpenedClaims, Error>>>, usize),
}

macro_rules! each_kind {
    ($kind:expr, $opening:ident => $act:expr) => {
        match $kind {
            Kind::One($opening) => $act,
            Kind::Part($opening) => $act,
            Kind::Many($opening, _) => $act,
        }
    };
}

impl Kind {
    fn count(&self) -> usize {
        each_kind!(self, opening => opening.operations().len())
    }

    fn missing(&self) -> usize {
        each_kind!(self, opening => opening.missing().count())
    }

    fn operation(&self, index: usize) -> Result<RawOperation<'_>, Failure> {
        each_kind!(self, opening => at(opening.operations(), index))
    }

    fn supply(&mut self, id: u64, result: &[u8]) -> Result<(), Error> {
        each_kind!(self, opening => opening.supply(id, result))
    }
}

/// The body of an entry that begins: of what, under which keys and options, where to, and what has
/// begun. `Arc`s are the flows themselves for the core.
macro_rules! begin {
    ($error:ident; $($take:ident($what:ident $(, $count:ident)?)),+;
        $ring:ident, $options:ident to $opening:ident: $begun:expr) => {
        call(
            take!($error; $($take($what $(, $count)?),)+ handle($ring), handle($options),
                out($opening)),
            |($($what,)+ $ring, $options, $opening)| {
                let ($ring, $options) = ($ring.value(), $options.value());
                let ($ring, $options) = ($ring.core(), &*$options);
                $opening.put(Mutex::new($begun))
            },
        )
    };
}

/// Begins to open what the options select of a verified flow.
///
/// @param verified The verified flow.
/// @param ring The keys that it may be sealed to.
/// @param options What to open, and how.
/// @param[out] opening The opening, to be freed; flowseal_opening_finish() ends it.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PROFILE_MISMATCH, FLOWSEAL_STATUS_KEY_CONFLICT.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_begin_opening(
    verified: flowseal_verified_flow,
    ring: flowseal_key_ring,
    options: flowseal_open_options,
    opening: *mut flowseal_opening,
    error: *mut flowseal_error,
) -> flowseal_status {
    begin!(error; handle(verified); ring, options to opening:
        Kind::One(verified.begin_opening(ring, options)?))
}

/// Begins what flowseal_verified_flow_open_partial() does at once.
///
/// @param verified The verified flow.
/// @param ring The keys that it may be sealed to.
/// @param options What to open, and how.
/// @param[out] opening The opening, to be freed; flowseal_opening_finish_partial() ends it.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PROFILE_MISMATCH, FLOWSEAL_STATUS_KEY_CONFLICT.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_begin_opening_partial(
    verified: flowseal_verified_flow,
    ring: flowseal_key_ring,
    options: flowseal_open_options,
    opening: *mut flowseal_opening,
    error: *mut flowseal_error,
) -> flowseal_status {
    begin!(error; handle(verified); ring, options to opening:
        Kind::Part(verified.begin_opening_partial(ring, options)?))
}

/// Begins to open what the options select of a received flow.
///
/// @param received The received flow.
/// @param ring The keys that it may be sealed to.
/// @param options What to open, and how.
/// @param[out] opening The opening, to be freed; flowseal_opening_finish() ends it.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PROFILE_MISMATCH, FLOWSEAL_STATUS_KEY_CONFLICT.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_received_flow_begin_opening(
    received: flowseal_received_flow,
    ring: flowseal_key_ring,
    options: flowseal_open_options,
    opening: *mut flowseal_opening,
    error: *mut flowseal_error,
) -> flowseal_status {
    begin!(error; handle(received); ring, options to opening:
        Kind::One(received.begin_opening(ring, options)?))
}

/// Begins what flowseal_flow_open_unverified() does at once, of which all that it says is true.
///
/// @param flow The flow; it stays as it was.
/// @param ring The keys that it may be sealed to.
/// @param expectations What the flow must be.
/// @param now_unix_seconds The moment against which it is judged.
/// @param options What to open, and how.
/// @param[out] opening The opening, to be freed; flowseal_opening_finish() ends it.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_FLOW_PENDING, FLOWSEAL_STATUS_FLOW_CANCELLED,
///     FLOWSEAL_STATUS_EXPECTATION_FAILED, FLOWSEAL_STATUS_TIME, FLOWSEAL_STATUS_PROFILE_MISMATCH.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_flow_begin_opening_unverified(
    flow: flowseal_flow,
    ring: flowseal_key_ring,
    expectations: flowseal_expectations,
    now_unix_seconds: i64,
    options: flowseal_open_options,
    opening: *mut flowseal_opening,
    error: *mut flowseal_error,
) -> flowseal_status {
    begin!(error; handle(flow), handle(expectations), value(now_unix_seconds);
    ring, options to opening: {
        let now = UnixTime::from_seconds(now_unix_seconds)?;
        Kind::One(flow.begin_opening_unverified(ring, &expectations.value(), now, options)?)
    })
}

/// Begins to open many verified flows at once: all their operations are one list.
///
/// @param verified The flows; they stay as they were.
/// @param count How many flows there are.
/// @param ring The keys that they may be sealed to.
/// @param options What to open, and how.
/// @param[out] opening The opening, to be freed; flowseal_opening_finish_many() ends it.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_begin_opening_many(
    verified: *const flowseal_verified_flow,
    count: usize,
    ring: flowseal_key_ring,
    options: flowseal_open_options,
    opening: *mut flowseal_opening,
    error: *mut flowseal_error,
) -> flowseal_status {
    begin!(error; handles(verified, count); ring, options to opening:
        Kind::Many(flowseal::begin_opening_many(&verified, ring, options), count))
}

/// The same of many flows whose e-signatures nobody has looked at: what
/// flowseal_flow_open_unverified() says of one flow is true of each.
///
/// A flow that is refused from the outset has no operations, and its status at the end.
///
/// @param flows The flows; they stay as they were.
/// @param count How many flows there are.
/// @param ring The keys that they may be sealed to.
/// @param expectations What each flow must be.
/// @param now_unix_seconds The moment against which they are judged.
/// @param options What to open, and how.
/// @param[out] opening The opening, to be freed; flowseal_opening_finish_many() ends it.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_TIME.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_begin_opening_many_unverified(
    flows: *const flowseal_flow,
    count: usize,
    ring: flowseal_key_ring,
    expectations: flowseal_expectations,
    now_unix_seconds: i64,
    options: flowseal_open_options,
    opening: *mut flowseal_opening,
    error: *mut flowseal_error,
) -> flowseal_status {
    begin!(error; handles(flows, count), handle(expectations), value(now_unix_seconds);
    ring, options to opening: {
        let now = UnixTime::from_seconds(now_unix_seconds)?;
        let expectations = expectations.value();
        let begun =
            flowseal::begin_opening_many_unverified(&flows, ring, &expectations, now, options);
        Kind::Many(begun, count)
    })
}

/// How many operations there are, answered or not: always as many. None where every key is here.
///
/// @param opening The opening.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opening_operation_count(
    opening: flowseal_opening,
    count: *mut usize,
) -> flowseal_status {
    get!(opening to out(count): set(locked(&opening).count()))
}

/// How many operations have no result yet.
///
/// @param opening The opening.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opening_missing_count(
    opening: flowseal_opening,
    count: *mut usize,
) -> flowseal_status {
    get!(opening to out(count): set(locked(&opening).missing()))
}

/// By what an operation's result is told apart from others.
///
/// @param opening The opening.
/// @param index Which operation, from 0.
/// @param[out] id Its number, for flowseal_opening_supply().
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opening_operation_id(
    opening: flowseal_opening,
    index: usize,
    id: *mut u64,
) -> flowseal_status {
    get!(opening[index] to out(id): set(locked(&opening).operation(index)?.id()))
}

/// The key to compute an operation with, as flowseal_decrypting_key_fingerprint() gives it.
///
/// @param opening The opening.
/// @param index Which operation, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opening_operation_fingerprint(
    opening: flowseal_opening,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(opening[index] to buffer(buffer, capacity, len): copy(
        locked(&opening).operation(index)?.fingerprint().to_string().as_bytes()
    ))
}

/// What to compute with: a big-endian number, as long as the key's modulus.
///
/// @param opening The opening.
/// @param index Which operation, from 0.
/// @param[out] buffer The caller's memory for the bytes; NULL with a capacity of 0 asks for the
///     length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length, k; also where the buffer is too short.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opening_operation_ciphertext(
    opening: flowseal_opening,
    index: usize,
    buffer: *mut u8,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(opening[index] to buffer(buffer, capacity, len): copy(
        locked(&opening).operation(index)?.ciphertext()
    ))
}

/// Takes the result of an operation. It is copied into memory that is wiped.
///
/// @param opening The opening.
/// @param id The operation's number.
/// @param result Its result: a big-endian number of k bytes, any bytes.
/// @param result_len Its length in bytes.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for an id that belongs to no operation,
///     for a second result, and for another length; the opening is as it was.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opening_supply(
    opening: flowseal_opening,
    id: u64,
    result: *const c_void,
    result_len: usize,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(opening), value(id), bytes(result, result_len)),
        |(opening, id, result)| Ok(locked(&opening).supply(id, result)?),
    )
}

/// Checks the results, applies the keys that are here, and gives the claims.
///
/// @param opening The opening, of one flow.
/// @param[out] claims The claims, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE while results are missing, by which
///     nothing is lost, and after it was finished once; FLOWSEAL_STATUS_INTERNAL_FAULT for a result
///     that is none; and FLOWSEAL_STATUS_CLAIM_NOT_SEALED to FLOWSEAL_STATUS_CLAIM_UNOPENABLE.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opening_finish(
    opening: flowseal_opening,
    claims: *mut flowseal_opened_claims,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(opening), out(claims)),
        |(opening, claims)| match &mut *locked(&opening) {
            Kind::One(opening) => claims.put(opening.finish()?),
            _ => Err(of_another_kind()),
        },
    )
}

/// The same of an opening that flowseal_verified_flow_begin_opening_partial() has begun.
///
/// @param opening The opening.
/// @param[out] claims What opened, to be freed.
/// @param[out] failures What did not, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE and FLOWSEAL_STATUS_INTERNAL_FAULT, as
///     flowseal_opening_finish() has them.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opening_finish_partial(
    opening: flowseal_opening,
    claims: *mut flowseal_opened_claims,
    failures: *mut flowseal_failures,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(opening), out(claims), out(failures)),
        |(opening, claims, failures)| {
            let partial = match &mut *locked(&opening) {
                Kind::Part(opening) => opening.finish()?,
                _ => return Err(of_another_kind()),
            };
            let opened = flowseal_opened_claims::insert(partial.opened)?;
            failures
                .put(Failures::of(partial.errors))
                .inspect_err(|_| {
                    // The caller will not know of it.
                    let _ = opened.free();
                })?;
            claims.set(opened)
        },
    )
}

/// The same of an opening of many flows: each has a status, as flowseal_open_many() gives them.
///
/// @param opening The opening.
/// @param count How many flows it was begun with, and places in each of the lists.
/// @param[out] statuses The status of each flow.
/// @param[out] claims The claims of each that opened, to be freed.
/// @param[out] errors The error of each that did not, to be freed; may be NULL.
/// @param[out] error Details where the call itself refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK where each flow has a status, refused or not; or:
///     FLOWSEAL_STATUS_USAGE while results are missing, for another count, and after it was
///     finished once, where no list was written to.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opening_finish_many(
    opening: flowseal_opening,
    count: usize,
    statuses: *mut flowseal_status,
    claims: *mut flowseal_opened_claims,
    errors: *mut flowseal_error,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(
            error;
            handle(opening),
            value(count),
            outs(statuses, count),
            outs(claims, count),
            optional_outs(errors, count)
        ),
        |(opening, count, statuses, claims, errors)| {
            let results = match &mut *locked(&opening) {
                Kind::Many(opening, flows) if *flows == count => opening.finish()?,
                Kind::Many(..) => {
                    return Err(Failure::Said(
                        flowseal_status::Usage,
                        "the opening is of another number of flows: give as many places as it was begun with",
                    ));
                }
                _ => return Err(of_another_kind()),
            };
            Places {
                statuses,
                objects: claims,
                reports: None,
                errors,
            }
            .fill(results, OpenedClaims::report)
        },
    )
}

/// Frees an opening, finished or not.
///
/// @param opening The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_opening_free(opening: flowseal_opening) -> flowseal_status {
    call(|| (None, Ok(())), |()| opening.free())
}

fn of_another_kind() -> Failure {
    Failure::Said(
        flowseal_status::Usage,
        "the opening was begun in another way: finish it by the function that belongs to that",
    )
}
