//! Where a person is asked, who, and where the API is to post a webhook.

use std::ffi::c_char;

use flowseal::api::{Device, Signer, WebhookTarget};

use crate::edge::{call, get, take};
use crate::error::{Failure, flowseal_error};
use crate::handle::{Handle, handle};
use crate::status::flowseal_status;

/// Where a person identifies themselves, and who is expected, where the app knows.
///
/// Thread-safe. Freed with flowseal_device_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_device {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_device, Device, 28);

/// The device that the browser runs on. Whoever opens the link is asked, and the result is for the
/// browser that the flow is bound to.
///
/// @param[out] device The device, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_device_same(device: *mut flowseal_device) -> flowseal_status {
    call(take!(; out(device)), |(device,)| device.put(Device::same()))
}

/// Another device: that of the person with this number, and of nobody else.
///
/// @param user The person's number.
/// @param user_len Its length in bytes.
/// @param[out] device The device, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a number that the API would refuse,
///     of less than 11 characters or with something in it that is none, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_device_different(
    user: *const c_char,
    user_len: usize,
    device: *mut flowseal_device,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; text(user, user_len), out(device)),
        |(user, device)| device.put(Device::different(user)?),
    )
}

/// Any device that scans one of so many QR codes.
///
/// @param seeds How many QR codes.
/// @param[out] device The device, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number than 1 to 10.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_device_wildcard(
    seeds: u32,
    device: *mut flowseal_device,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; value(seeds), out(device)),
        |(seeds, device)| device.put(Device::wildcard(count(seeds)?)?),
    )
}

/// The person who is asked, where the app says so.
///
/// @param device The device.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_device_user(
    device: flowseal_device,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(device to buffer(buffer, capacity, len): copy_if_present(device.user()))
}

/// Frees a device.
///
/// @param device The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_device_free(device: flowseal_device) -> flowseal_status {
    call(|| (None, Ok(())), |()| device.free())
}

/// Who signs, and where. Signing differs from identifying: the app says who is asked on the same
/// device too.
///
/// Thread-safe. Freed with flowseal_signer_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_signer {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_signer, Signer, 29);

/// The person with this number, on the device that the browser runs on.
///
/// @param nin The person's number.
/// @param nin_len Its length in bytes.
/// @param[out] signer The signer, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a number that the API would refuse,
///     of less than 11 characters or with something in it that is none, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_signer_same_device(
    nin: *const c_char,
    nin_len: usize,
    signer: *mut flowseal_signer,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; text(nin, nin_len), out(signer)),
        |(nin, signer)| signer.put(Signer::same_device(nin)?),
    )
}

/// The person with this number, on another device.
///
/// @param nin The person's number.
/// @param nin_len Its length in bytes.
/// @param[out] signer The signer, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a number that the API would refuse,
///     of less than 11 characters or with something in it that is none, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_signer_different_device(
    nin: *const c_char,
    nin_len: usize,
    signer: *mut flowseal_signer,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; text(nin, nin_len), out(signer)),
        |(nin, signer)| signer.put(Signer::different_device(nin)?),
    )
}

/// Whoever scans one of so many QR codes (v2).
///
/// @param seeds How many QR codes.
/// @param[out] signer The signer, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number than 1 to 10.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_signer_wildcard(
    seeds: u32,
    signer: *mut flowseal_signer,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; value(seeds), out(signer)),
        |(seeds, signer)| signer.put(Signer::wildcard(count(seeds)?)?),
    )
}

/// The person who is asked, where the app says so.
///
/// @param signer The signer.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
///     there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_signer_nin(
    signer: flowseal_signer,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(signer to buffer(buffer, capacity, len): copy_if_present(signer.nin()))
}

/// Frees a signer.
///
/// @param signer The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_signer_free(signer: flowseal_signer) -> flowseal_status {
    call(|| (None, Ok(())), |()| signer.free())
}

/// Where the API posts when a flow has changed, and the app's own reference that it posts.
///
/// Thread-safe. Freed with flowseal_webhook_target_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_webhook_target {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_webhook_target, WebhookTarget, 30);

/// Posts to this URL, with this reference: text that finds the flow again and that nobody can
/// guess, such as a random number.
///
/// @param host The URL.
/// @param host_len Its length in bytes.
/// @param reference The app's own reference.
/// @param reference_len Its length in bytes.
/// @param[out] target The target, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for anything but an https URL, or the
///     http URL of a loopback address that is written as a number, and for a reference that is
///     empty or longer than 256 bytes, or with control characters, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_webhook_target_new(
    host: *const c_char,
    host_len: usize,
    reference: *const c_char,
    reference_len: usize,
    target: *mut flowseal_webhook_target,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; text(host, host_len), text(reference, reference_len), out(target)),
        |(host, reference, target)| target.put(WebhookTarget::new(host, reference)?),
    )
}

/// The URL. It may have a secret of the app's in its query.
///
/// @param target The target.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_webhook_target_host(
    target: flowseal_webhook_target,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(target to buffer(buffer, capacity, len): copy(target.host().as_bytes()))
}

/// The app's own reference.
///
/// @param target The target.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_webhook_target_reference(
    target: flowseal_webhook_target,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(target to buffer(buffer, capacity, len): copy(target.reference().as_bytes()))
}

/// Frees a target.
///
/// @param webhook_target The handle, unusable from here on. A call that uses it in another thread
///     ends as if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_webhook_target_free(
    webhook_target: flowseal_webhook_target,
) -> flowseal_status {
    call(|| (None, Ok(())), |()| webhook_target.free())
}

/// What is not a byte is not a number of codes either.
fn count(seeds: u32) -> Result<u8, Failure> {
    let sentence = "the API gives 1 to 10 seeds: ask for a number in that range";
    u8::try_from(seeds).map_err(|_| Failure::Said(flowseal_status::Usage, sentence))
}
