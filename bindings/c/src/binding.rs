//! The browser that a flow was started for.

use std::ffi::c_void;

use flowseal::api::Binding;

use crate::edge::{call, take};
use crate::error::flowseal_error;
use crate::handle::{Handle, handle};
use crate::status::flowseal_status;

/// What ties a flow to the browser that it was started for: the SHA-256 of a secret which that
/// browser alone brings along, such as the random id of its session's cookie. It is compared in
/// constant time. It does not stop a person from approving what somebody else has started in their
/// own browser: against that there is the text that the person reads.
///
/// Thread-safe. Freed with flowseal_binding_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_binding {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_binding, Binding, 34);

/// The binding to who has this secret.
///
/// @param secret The secret: any bytes. The memory stays the caller's to wipe.
/// @param secret_len Its length in bytes.
/// @param[out] binding The binding, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for less than 16 bytes, which could be
///     guessed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_binding_new(
    secret: *const c_void,
    secret_len: usize,
    binding: *mut flowseal_binding,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(secret, secret_len), out(binding)),
        |(secret, binding)| binding.put(Binding::new(secret)?),
    )
}

/// Frees a binding.
///
/// @param binding The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_binding_free(binding: flowseal_binding) -> flowseal_status {
    call(|| (None, Ok(())), |()| binding.free())
}
