//! Private keys of apps, which open claims.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use flowseal::profile::Profile;
use flowseal::{DecryptingKey, DecryptingKeyOptions};

use crate::edge::{call, get, take};
use crate::error::flowseal_error;
use crate::handle::{Handle, handle};
use crate::lists::flowseal_padding;
use crate::profile::flowseal_profile;
use crate::setting::Setting;
use crate::status::flowseal_status;

/// An app's private key, bound to one padding. It is wiped when it and the rings that hold it are
/// freed.
///
/// Thread-safe. Freed with flowseal_decrypting_key_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_decrypting_key {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_decrypting_key, Arc<DecryptingKey>, 9);

/// Reads the one private key of a PEM or DER file, for RSAES-PKCS1-v1_5.
///
/// @param file The bytes of the file.
/// @param file_len How many.
/// @param[out] key The key, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_FORMAT to FLOWSEAL_STATUS_KEY_AMBIGUOUS.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_load(
    file: *const c_void,
    file_len: usize,
    key: *mut flowseal_decrypting_key,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(file, file_len), out(key)),
        |(file, key)| key.put(Arc::new(DecryptingKey::load(file)?)),
    )
}

/// Reads a private key with a passphrase, a name, a padding or a profile.
///
/// @param file The bytes of the file.
/// @param file_len How many.
/// @param options How to load it.
/// @param[out] key The key, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_FORMAT to FLOWSEAL_STATUS_KEY_AMBIGUOUS.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_load_with(
    file: *const c_void,
    file_len: usize,
    options: flowseal_decrypting_key_options,
    key: *mut flowseal_decrypting_key,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(file, file_len), handle(options), out(key)),
        |(file, options, key)| key.put(Arc::new(options.value().load(file)?)),
    )
}

/// SHA-256 of the public half's SubjectPublicKeyInfo, in lower-case hexadecimal.
///
/// @param key The key.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_fingerprint(
    key: flowseal_decrypting_key,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(key to buffer(buffer, capacity, len): copy(key.fingerprint().to_string().as_bytes()))
}

/// The modulus' length in bits.
///
/// @param key The key.
/// @param[out] bits The length.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_bits(
    key: flowseal_decrypting_key,
    bits: *mut usize,
) -> flowseal_status {
    get!(key to out(bits): set(key.bits()))
}

/// The name that the key was given.
///
/// @param key The key.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_kid(
    key: flowseal_decrypting_key,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(key to buffer(buffer, capacity, len): copy_if_present(key.kid()))
}

/// The padding that the key is bound to.
///
/// @param key The key.
/// @param[out] padding The padding.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_padding(
    key: flowseal_decrypting_key,
    padding: *mut flowseal_padding,
) -> flowseal_status {
    get!(key to out(padding): set(flowseal_padding::of(key.padding())?))
}

/// Frees a key.
///
/// @param key The handle, unusable from here on. A call that uses it in another thread ends as if
///     nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_decrypting_key_free(key: flowseal_decrypting_key) -> flowseal_status {
    call(|| (None, Ok(())), |()| key.free())
}

/// How to load a private key.
///
/// Thread-safe; a call takes the options as they stand when it begins. Freed with
/// flowseal_decrypting_key_options_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_decrypting_key_options {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(
    flowseal_decrypting_key_options,
    Setting<DecryptingKeyOptions>,
    10
);

/// Options that change nothing.
///
/// @param[out] options The options, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_options_new(
    options: *mut flowseal_decrypting_key_options,
) -> flowseal_status {
    call(take!(; out(options)), |(options,)| {
        options.put(Setting::new(DecryptingKey::options()))
    })
}

/// The passphrase of an encrypted key. It is copied; the copy is wiped when the options are freed.
///
/// @param options The options.
/// @param passphrase Its bytes.
/// @param passphrase_len How many.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_options_set_passphrase(
    options: flowseal_decrypting_key_options,
    passphrase: *const c_void,
    passphrase_len: usize,
) -> flowseal_status {
    call(
        take!(; handle(options), bytes(passphrase, passphrase_len)),
        |(options, passphrase)| options.change(|old| Ok(old.clone().with_passphrase(passphrase))),
    )
}

/// The name of the key, by which flowseal_key_ring_only() finds it.
///
/// @param options The options.
/// @param kid The name.
/// @param kid_len Its length in bytes.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_options_set_kid(
    options: flowseal_decrypting_key_options,
    kid: *const c_char,
    kid_len: usize,
) -> flowseal_status {
    call(
        take!(; handle(options), text(kid, kid_len)),
        |(options, kid)| options.change(|old| Ok(old.clone().with_kid(kid))),
    )
}

/// The padding for this key alone. Of a padding and a profile, the one that is set last counts.
///
/// @param options The options.
/// @param padding A number of `flowseal_padding`.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_options_set_padding(
    options: flowseal_decrypting_key_options,
    padding: u32,
) -> flowseal_status {
    call(
        take!(; handle(options), value(padding)),
        |(options, padding)| {
            let padding = flowseal_padding::core(padding)?;
            options.change(|old| Ok(old.clone().with_padding(padding)))
        },
    )
}

/// The profile whose padding the key gets, which then has to be that of the whole operation.
///
/// @param options The options.
/// @param profile The profile.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_options_set_profile(
    options: flowseal_decrypting_key_options,
    profile: flowseal_profile,
) -> flowseal_status {
    call(
        take!(; handle(options), handle(profile)),
        |(options, profile)| {
            let setup = flowseal::Setup::new(Profile::clone(&profile));
            options.change(|old| Ok(old.clone().with_setup(&setup)))
        },
    )
}

/// Accepts a key of 1024 bits, which is weak.
///
/// @param options The options.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_options_allow_1024_bits(
    options: flowseal_decrypting_key_options,
) -> flowseal_status {
    call(take!(; handle(options), ), |(options,)| {
        options.change(|old| Ok(old.clone().allow_1024_bits()))
    })
}

/// Frees the options of a private key.
///
/// @param key_options The handle, unusable from here on. A call that uses it in another thread ends
///     as if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_decrypting_key_options_free(
    key_options: flowseal_decrypting_key_options,
) -> flowseal_status {
    call(|| (None, Ok(())), |()| key_options.free())
}
