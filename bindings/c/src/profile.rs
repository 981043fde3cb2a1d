//! The profile: what pasby publishes nowhere, as configuration.

use std::ffi::c_char;

use flowseal::profile::Profile;

use crate::edge::{call, get, take};
use crate::error::flowseal_error;
use crate::handle::{Handle, handle};
use crate::status::flowseal_status;

/// How flows are signed, sealed and bounded.
///
/// Without one the defaults of the profile file apply.
///
/// Thread-safe. Freed with flowseal_profile_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_profile {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_profile, Profile, 2);

/// Reads a profile file.
///
/// @param json The text of the file.
/// @param json_len Its length in bytes.
/// @param[out] profile The profile, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PROFILE, FLOWSEAL_STATUS_JSON and its relatives.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_profile_from_json(
    json: *const c_char,
    json_len: usize,
    profile: *mut flowseal_profile,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(json, json_len), out(profile)),
        |(json, profile)| profile.put(Profile::from_json(json)?),
    )
}

/// The profile as a profile file with every member.
///
/// @param profile The profile.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_profile_to_json(
    profile: flowseal_profile,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(profile to buffer(buffer, capacity, len): copy(profile.to_json().to_string().as_bytes()))
}

/// Frees a profile.
///
/// @param profile The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_profile_free(profile: flowseal_profile) -> flowseal_status {
    call(|| (None, Ok(())), |()| profile.free())
}
