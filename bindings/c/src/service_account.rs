//! The service account, as pasby's console gives it.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use flowseal::SecretText;
use flowseal::api::ServiceAccount;

use crate::decrypting_key::{flowseal_decrypting_key, flowseal_decrypting_key_options};
use crate::edge::{call, flowseal_slice, get, take};
use crate::error::flowseal_error;
use crate::handle::{Handle, handle};
use crate::status::flowseal_status;

/// A service account: identifiers, secrets and the app's private key. It is wiped when it is freed.
///
/// Thread-safe. Freed with flowseal_service_account_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_service_account {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_service_account, ServiceAccount, 12);

/// Reads the zip as it comes from pasby's console.
///
/// @param zip The bytes of the zip.
/// @param zip_len How many.
/// @param[out] account The service account, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SERVICE_ACCOUNT.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_service_account_from_zip(
    zip: *const c_void,
    zip_len: usize,
    account: *mut flowseal_service_account,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(zip, zip_len), out(account)),
        |(zip, account)| account.put(ServiceAccount::from_zip(zip)?),
    )
}

/// Reads the parts of a zip that was unpacked.
///
/// @param config The text of config.json.
/// @param config_len Its length in bytes.
/// @param pems Every PEM file, in any order; the content tells them apart.
/// @param pems_count How many files.
/// @param[out] account The service account, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SERVICE_ACCOUNT.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_service_account_from_parts(
    config: *const c_void,
    config_len: usize,
    pems: *const flowseal_slice,
    pems_count: usize,
    account: *mut flowseal_service_account,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(config, config_len), byte_lists(pems, pems_count), out(account)),
        |(config, pems, account)| account.put(ServiceAccount::from_parts(config, pems)?),
    )
}

/// The app's private key, for RSAES-PKCS1-v1_5.
///
/// @param account The service account.
/// @param[out] key The key, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SERVICE_ACCOUNT for the organisation's account,
///     and those of flowseal_decrypting_key_load().
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_service_account_decrypting_key(
    account: flowseal_service_account,
    key: *mut flowseal_decrypting_key,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(take!(error; handle(account), out(key)), |(account, key)| {
        key.put(Arc::new(account.decrypting_key()?))
    })
}

/// The app's private key with a passphrase, a name, a padding or a profile.
///
/// @param account The service account.
/// @param options How to load it.
/// @param[out] key The key, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: those of flowseal_service_account_decrypting_key().
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_service_account_decrypting_key_with(
    account: flowseal_service_account,
    options: flowseal_decrypting_key_options,
    key: *mut flowseal_decrypting_key,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(account), handle(options), out(key)),
        |(account, options, key)| key.put(Arc::new(account.decrypting_key_with(&options.value())?)),
    )
}

/// The app, `app_…`.
///
/// @param account The service account.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_service_account_app_id(
    account: flowseal_service_account,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(account to buffer(buffer, capacity, len): copy_if_present(account.app_id()))
}

/// The organisation, `bcn_…`.
///
/// @param account The service account.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_service_account_organisation_id(
    account: flowseal_service_account,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(account to buffer(buffer, capacity, len): copy_if_present(account.organisation_id()))
}

/// The app secret, for `x-access-secret`. The copy is the caller's to wipe.
///
/// @param account The service account.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_service_account_app_secret(
    account: flowseal_service_account,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(account to buffer(buffer, capacity, len):
        copy_if_present(account.app_secret().map(SecretText::expose_secret)))
}

/// The organisation's API key in production, for `x-api-key`. The copy is the caller's to wipe.
///
/// @param account The service account.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_service_account_live_api_key(
    account: flowseal_service_account,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(account to buffer(buffer, capacity, len):
        copy_if_present(account.live_api_key().map(SecretText::expose_secret)))
}

/// The organisation's API key in the sandbox, for `x-api-key`. The copy is the caller's to wipe.
///
/// @param account The service account.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_service_account_test_api_key(
    account: flowseal_service_account,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(account to buffer(buffer, capacity, len):
        copy_if_present(account.test_api_key().map(SecretText::expose_secret)))
}

/// Frees a service account.
///
/// @param account The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_service_account_free(
    account: flowseal_service_account,
) -> flowseal_status {
    call(|| (None, Ok(())), |()| account.free())
}
