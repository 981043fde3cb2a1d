//! Keys whose private half is elsewhere, and the function of the caller's that computes with it.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use flowseal::{DecryptingKey, Error, KeyHolder, RawOperation, RemoteKeyOptions, VerifyingKey};

use crate::decrypting_key::flowseal_decrypting_key;
use crate::edge::{call, get, take};
use crate::error::{Failure, flowseal_error};
use crate::handle::{Handle, handle};
use crate::lists::flowseal_padding;
use crate::profile::flowseal_profile;
use crate::setting::Setting;
use crate::status::flowseal_status;
use crate::verifying_keys::flowseal_verifying_keys;

/// One raw private operation that somebody else is to compute: the ciphertext to the power of the
/// private exponent, modulo the key's modulus. No padding is taken off.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_raw_operation {
    /// The number by which its result is matched to it.
    pub id: u64,
    /// The key to compute with, as flowseal_decrypting_key_fingerprint() gives it, and a NUL.
    pub fingerprint: [c_char; 65],
    /// What to compute with: a big-endian number, as long as the modulus.
    pub ciphertext: *const u8,
    /// Its length in bytes, k.
    pub ciphertext_len: usize,
}

/// Computes raw private operations, all of them under one key: writes the result of each, k bytes,
/// one after the other in their order, to `results`, and returns 0; or returns another number where
/// it does not compute, by which the flows that wait are refused with
/// FLOWSEAL_STATUS_KEY_UNAVAILABLE. Operations and results are there for the time of the call. It
/// is called from whichever threads open flows, at the same time where there are several. It must
/// return: no exception of C++ and no longjmp may leave it.
pub type flowseal_key_holder_callback = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        operations: *const flowseal_raw_operation,
        count: usize,
        results: *mut u8,
    ) -> i32,
>;

/// Frees a context: called once, when no key and no options can use it any more, by the thread that
/// has freed the last of them. It calls no function of this library, and must return, likewise.
pub type flowseal_release_callback = Option<unsafe extern "C" fn(context: *mut c_void)>;

/// How to make a key whose private half is elsewhere.
///
/// Thread-safe; a call takes the options as they stand when it begins. Freed with
/// flowseal_remote_key_options_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_remote_key_options {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_remote_key_options, Setting<RemoteKeyOptions>, 40);

/// Options that change nothing: no one computes, so that the key opens in the resumable form only.
///
/// @param[out] options The options, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_remote_key_options_new(
    options: *mut flowseal_remote_key_options,
) -> flowseal_status {
    call(take!(; out(options)), |(options,)| {
        options.put(Setting::new(DecryptingKey::remote_options()))
    })
}

/// Who computes, so that flowseal_verified_flow_open() and the others do as they do with any key.
///
/// @param options The options.
/// @param compute Computes, as its type describes.
/// @param context Given to both functions as it is; may be NULL. Several threads may use it at the
///     same time.
/// @param release Frees the context once nobody uses it; may be NULL. Where this call refuses, it
///     is not called.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_POINTER without a function.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_remote_key_options_set_holder(
    options: flowseal_remote_key_options,
    compute: flowseal_key_holder_callback,
    context: *mut c_void,
    release: flowseal_release_callback,
) -> flowseal_status {
    call(
        take!(; handle(options), value(compute), value(context), value(release)),
        |(options, compute, context, release)| {
            let compute = compute.ok_or(Failure::own(flowseal_status::Pointer))?;
            let holder: Arc<dyn KeyHolder> = Arc::new(Holder {
                compute,
                context: Context { context, release },
            });
            options.change(|old| Ok(old.clone().with_holder(holder)))
        },
    )
}

/// Sends ciphertexts as they are. Right for a module in the same process or machine, which learns
/// what it decrypts anyway, and nowhere else; answers are checked all the same.
///
/// @param options The options.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_remote_key_options_set_unblinded(
    options: flowseal_remote_key_options,
) -> flowseal_status {
    call(take!(; handle(options), ), |(options,)| {
        options.change(|old| Ok(old.clone().unblinded()))
    })
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
pub unsafe extern "C" fn flowseal_remote_key_options_set_kid(
    options: flowseal_remote_key_options,
    kid: *const c_char,
    kid_len: usize,
) -> flowseal_status {
    call(
        take!(; handle(options), text(kid, kid_len)),
        |(options, kid)| options.change(|old| Ok(old.clone().with_kid(kid))),
    )
}

/// The padding for this key alone.
///
/// @param options The options.
/// @param padding A number of `flowseal_padding`.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_remote_key_options_set_padding(
    options: flowseal_remote_key_options,
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
pub unsafe extern "C" fn flowseal_remote_key_options_set_profile(
    options: flowseal_remote_key_options,
    profile: flowseal_profile,
) -> flowseal_status {
    call(
        take!(; handle(options), handle(profile)),
        |(options, profile)| {
            let setup = flowseal::Setup::new(flowseal::profile::Profile::clone(&profile));
            options.change(|old| Ok(old.clone().with_setup(&setup)))
        },
    )
}

/// Frees the options of a key whose private half is elsewhere.
///
/// @param key_options The handle, unusable from here on. A call that uses it in another thread ends
///     as if nothing had happened, and what stands behind it is freed when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_remote_key_options_free(
    key_options: flowseal_remote_key_options,
) -> flowseal_status {
    call(|| (None, Ok(())), |()| key_options.free())
}

/// Makes the key whose public half is in this PEM or DER file, and whose private half is elsewhere.
///
/// @param file The bytes of the file.
/// @param file_len How many.
/// @param options Who computes, and how the key is used.
/// @param[out] key The key, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_FORMAT to FLOWSEAL_STATUS_KEY_AMBIGUOUS.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_remote(
    file: *const c_void,
    file_len: usize,
    options: flowseal_remote_key_options,
    key: *mut flowseal_decrypting_key,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(file, file_len), handle(options), out(key)),
        |(file, options, key)| key.put(Arc::new(options.value().load(file)?)),
    )
}

/// Makes the same key of the numbers of its public half, as tokens and services give them.
///
/// @param modulus The modulus, big-endian: any bytes.
/// @param modulus_len Its length in bytes.
/// @param exponent The public exponent, likewise: any bytes.
/// @param exponent_len Its length in bytes.
/// @param options Who computes, and how the key is used.
/// @param[out] key The key, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_SIZE, FLOWSEAL_STATUS_KEY_INVALID,
///     FLOWSEAL_STATUS_KEY_WEAK.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_remote_from_numbers(
    modulus: *const c_void,
    modulus_len: usize,
    exponent: *const c_void,
    exponent_len: usize,
    options: flowseal_remote_key_options,
    key: *mut flowseal_decrypting_key,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(modulus, modulus_len), bytes(exponent, exponent_len), handle(options), out(key)),
        |(modulus, exponent, options, key)| {
            let made = options.value().from_numbers(modulus, exponent)?;
            key.put(Arc::new(made))
        },
    )
}

/// Whether a key's private half is elsewhere.
///
/// @param key The key.
/// @param[out] is_remote Whether it is.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_is_remote(
    key: flowseal_decrypting_key,
    is_remote: *mut bool,
) -> flowseal_status {
    get!(key to out(is_remote): set(key.is_remote()))
}

/// Adds the key of this modulus and public exponent, as a token gives them: verifying stays in
/// software.
///
/// @param keys The list.
/// @param modulus The modulus, big-endian: any bytes.
/// @param modulus_len Its length in bytes.
/// @param exponent The public exponent, likewise: any bytes.
/// @param exponent_len Its length in bytes.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_SIZE, FLOWSEAL_STATUS_KEY_INVALID,
///     FLOWSEAL_STATUS_KEY_WEAK.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_keys_add_numbers(
    keys: flowseal_verifying_keys,
    modulus: *const c_void,
    modulus_len: usize,
    exponent: *const c_void,
    exponent_len: usize,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(keys), bytes(modulus, modulus_len), bytes(exponent, exponent_len)),
        |(keys, modulus, exponent)| {
            let key = VerifyingKey::from_numbers(modulus, exponent)?;
            keys.change(|old| Ok(old.with_key(key)))
        },
    )
}

/// A function of the caller's as a holder.
struct Holder {
    compute:
        unsafe extern "C" fn(*mut c_void, *const flowseal_raw_operation, usize, *mut u8) -> i32,
    context: Context,
}

/// What the caller's functions are given, and how it is freed.
struct Context {
    context: *mut c_void,
    release: flowseal_release_callback,
}

// SAFETY: nothing here follows the pointer. It is handed to the caller's functions, which the
// caller promises to be callable from every thread.
unsafe impl Send for Context {}
// SAFETY: the same, at the same time.
unsafe impl Sync for Context {}

impl Drop for Context {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: the function is the caller's, for this context, and this is the one call: who
            // could use the context is gone.
            unsafe { release(self.context) };
        }
    }
}

impl KeyHolder for Holder {
    fn raw_private(
        &self,
        operations: &[RawOperation<'_>],
        results: &mut [u8],
    ) -> Result<(), Error> {
        let given: Vec<_> = operations.iter().map(flowseal_raw_operation::of).collect();
        // SAFETY: the function is the caller's, which promises that it keeps to its description: it
        // reads these operations, and writes k bytes for each, which is what `results` has.
        let outcome = unsafe {
            (self.compute)(
                self.context.context,
                given.as_ptr(),
                given.len(),
                results.as_mut_ptr(),
            )
        };
        match outcome {
            0 => Ok(()),
            status => Err(Error::key_unavailable(format!(
                "the function that computes with the key has returned {status}: look at what it calls"
            ))),
        }
    }
}

impl flowseal_raw_operation {
    fn of(operation: &RawOperation<'_>) -> Self {
        let mut fingerprint = [0; 65];
        let text = operation.fingerprint().to_string();
        for (place, byte) in fingerprint.iter_mut().zip(text.bytes()) {
            // Hexadecimal digits, which are positive whether C's characters have a sign or not.
            *place = c_char::try_from(byte).unwrap_or_default();
        }
        Self {
            id: operation.id(),
            fingerprint,
            ciphertext: operation.ciphertext().as_ptr(),
            ciphertext_len: operation.ciphertext().len(),
        }
    }
}
