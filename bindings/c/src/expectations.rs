//! What a flow must be, beyond being genuine.

use core::time::Duration;

use std::ffi::c_char;

use flowseal::{Expectations, Mode};

use crate::edge::{at, call, flowseal_slice, get, take};
use crate::handle::{Handle, handle};
use crate::setting::Setting;
use crate::status::flowseal_status;

/// What a flow must be, beyond being genuine: the caller's own.
///
/// Thread-safe; a call takes the expectations as they stand when it begins. Freed with
/// flowseal_expectations_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_expectations {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_expectations, Setting<Expectations>, 17);

/// Expects the flow of this reference: the one that the caller started.
///
/// @param reference The reference.
/// @param reference_len Its length in bytes.
/// @param[out] expectations The expectations, to be freed.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_expectations_for_reference(
    reference: *const c_char,
    reference_len: usize,
    expectations: *mut flowseal_expectations,
) -> flowseal_status {
    call(
        take!(; text(reference, reference_len), out(expectations)),
        |(reference, expectations)| {
            expectations.put(Setting::new(Expectations::for_reference(reference)))
        },
    )
}

/// Ties the flow to nothing that the caller knows: any flow that anyone ever signed will do.
///
/// Right for an archive or an inspection; for a login it is a replay waiting to happen.
///
/// @param[out] expectations The expectations, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_expectations_unbound(
    expectations: *mut flowseal_expectations,
) -> flowseal_status {
    call(take!(; out(expectations)), |(expectations,)| {
        expectations.put(Setting::new(Expectations::unbound()))
    })
}

/// The flow's `reference`, byte for byte.
///
/// @param expectations What is set up.
/// @param reference The text.
/// @param reference_len Its length in bytes.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_expectations_set_reference(
    expectations: flowseal_expectations,
    reference: *const c_char,
    reference_len: usize,
) -> flowseal_status {
    call(
        take!(; handle(expectations), text(reference, reference_len)),
        |(expectations, reference)| {
            expectations.change(|old| Ok(old.clone().with_reference(reference)))
        },
    )
}

/// The flow's `requester`, byte for byte: the caller's own organisation.
///
/// @param expectations What is set up.
/// @param requester The text.
/// @param requester_len Its length in bytes.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_expectations_set_requester(
    expectations: flowseal_expectations,
    requester: *const c_char,
    requester_len: usize,
) -> flowseal_status {
    call(
        take!(; handle(expectations), text(requester, requester_len)),
        |(expectations, requester)| {
            expectations.change(|old| Ok(old.clone().with_requester(requester)))
        },
    )
}

/// The flow's `requestee`, byte for byte: the person who is expected.
///
/// @param expectations What is set up.
/// @param requestee The text.
/// @param requestee_len Its length in bytes.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_expectations_set_requestee(
    expectations: flowseal_expectations,
    requestee: *const c_char,
    requestee_len: usize,
) -> flowseal_status {
    call(
        take!(; handle(expectations), text(requestee, requestee_len)),
        |(expectations, requestee)| {
            expectations.change(|old| Ok(old.clone().with_requestee(requestee)))
        },
    )
}

/// The flow's `mode`.
///
/// @param expectations What is set up.
/// @param mode Its name.
/// @param mode_len Its length in bytes.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_expectations_set_mode(
    expectations: flowseal_expectations,
    mode: *const c_char,
    mode_len: usize,
) -> flowseal_status {
    call(
        take!(; handle(expectations), text(mode, mode_len)),
        |(expectations, mode)| {
            expectations.change(|old| Ok(old.clone().with_mode(Mode::from_name(mode))))
        },
    )
}

/// The most seconds that the signature may be old.
///
/// @param expectations What is set up.
/// @param seconds The seconds.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_expectations_set_max_age_seconds(
    expectations: flowseal_expectations,
    seconds: u64,
) -> flowseal_status {
    call(
        take!(; handle(expectations), value(seconds)),
        |(expectations, seconds)| {
            expectations.change(|old| Ok(old.clone().with_max_age(Duration::from_secs(seconds))))
        },
    )
}

/// The seconds by which the signer's clock may differ from the caller's; 0 unless given.
///
/// @param expectations What is set up.
/// @param seconds The seconds.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_expectations_set_leeway_seconds(
    expectations: flowseal_expectations,
    seconds: u64,
) -> flowseal_status {
    call(
        take!(; handle(expectations), value(seconds)),
        |(expectations, seconds)| {
            expectations.change(|old| Ok(old.clone().with_leeway(Duration::from_secs(seconds))))
        },
    )
}

/// The claims that were asked for, as paths of leaves or groups: the flow must not have others.
///
/// It may have fewer, since a person may decline.
///
/// @param expectations What is set up.
/// @param paths The paths, as UTF-8.
/// @param paths_count How many paths; with none the flow must have no claims.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_expectations_set_claims(
    expectations: flowseal_expectations,
    paths: *const flowseal_slice,
    paths_count: usize,
) -> flowseal_status {
    call(
        take!(; handle(expectations), texts(paths, paths_count)),
        |(expectations, paths)| expectations.change(|old| Ok(old.clone().with_claims(paths))),
    )
}

/// How many things about what is expected are unusual and may still be right: a mode that this
/// library does not know, an identifier of an unknown form, a claim that the catalogue does not
/// have.
///
/// @param expectations The expectations.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_expectations_warning_count(
    expectations: flowseal_expectations,
    count: *mut usize,
) -> flowseal_status {
    get!(expectations to out(count): set(expectations.value().warnings().len()))
}

/// One of them, as a sentence for a log.
///
/// @param expectations The expectations.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_expectations_warning(
    expectations: flowseal_expectations,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(expectations[index] to buffer(buffer, capacity, len):
        copy(at(expectations.value().warnings().iter(), index)?.as_bytes()))
}

/// Frees expectations.
///
/// @param expectations The handle, unusable from here on. A call that uses it in another thread
///     ends as if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_expectations_free(
    expectations: flowseal_expectations,
) -> flowseal_status {
    call(|| (None, Ok(())), |()| expectations.free())
}
