//! Public keys of users, which verify e-signatures.

use std::ffi::{c_char, c_void};
use std::ops::Deref;

use flowseal::{VerifyingKey, VerifyingKeyOptions, VerifyingKeys};

use crate::edge::{at, call, get, take};
use crate::error::flowseal_error;
use crate::handle::{Handle, handle};
use crate::profile::flowseal_profile;
use crate::setting::Setting;
use crate::status::flowseal_status;

/// A list of public keys.
///
/// Thread-safe; a call takes the list as it stands when it begins. Freed with
/// flowseal_verifying_keys_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_verifying_keys {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_verifying_keys, Setting<KeyList>, 13);

/// The keys of all files that were added, and what there is to say of those that were skipped.
#[derive(Default)]
pub(crate) struct KeyList {
    keys: Vec<VerifyingKey>,
    warnings: Vec<String>,
}

impl KeyList {
    fn with(&self, added: &VerifyingKeys) -> Self {
        Self {
            keys: [self.keys.as_slice(), added].concat(),
            warnings: [self.warnings.as_slice(), added.warnings()].concat(),
        }
    }
}

impl KeyList {
    pub(crate) fn with_key(&self, added: VerifyingKey) -> Self {
        Self {
            keys: [self.keys.as_slice(), &[added]].concat(),
            warnings: self.warnings.clone(),
        }
    }
}

impl Deref for KeyList {
    type Target = [VerifyingKey];

    fn deref(&self) -> &[VerifyingKey] {
        &self.keys
    }
}

/// A list without keys.
///
/// @param[out] keys The list, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_keys_new(
    keys: *mut flowseal_verifying_keys,
) -> flowseal_status {
    call(take!(; out(keys)), |(keys,)| {
        keys.put(Setting::new(KeyList::default()))
    })
}

/// Adds every key of a file: PEM, DER, an X.509 certificate (dates and chain are not checked), a
/// JWK or a set of them.
///
/// @param keys The list.
/// @param file The bytes of the file.
/// @param file_len How many.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_FORMAT to FLOWSEAL_STATUS_KEY_AMBIGUOUS; the
///     list stays as it was.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_keys_load(
    keys: flowseal_verifying_keys,
    file: *const c_void,
    file_len: usize,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(keys), bytes(file, file_len)),
        |(keys, file)| keys.change(|old| Ok(old.with(&VerifyingKey::load_all(file)?))),
    )
}

/// Adds every key of a file, with a name, an algorithm or the exponent 3.
///
/// @param keys The list.
/// @param file The bytes of the file.
/// @param file_len How many.
/// @param options How to load them.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_FORMAT to FLOWSEAL_STATUS_KEY_AMBIGUOUS; the
///     list stays as it was.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_keys_load_with(
    keys: flowseal_verifying_keys,
    file: *const c_void,
    file_len: usize,
    options: flowseal_verifying_key_options,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(keys), bytes(file, file_len), handle(options)),
        |(keys, file, options)| {
            let options = options.value();
            keys.change(|old| Ok(old.with(&options.load_all(file)?)))
        },
    )
}

/// How many keys there are.
///
/// @param keys The list.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_keys_count(
    keys: flowseal_verifying_keys,
    count: *mut usize,
) -> flowseal_status {
    get!(keys to out(count): set(keys.value().len()))
}

/// A key's fingerprint: SHA-256 of its SubjectPublicKeyInfo, in lower-case hexadecimal.
///
/// @param keys The list.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_keys_fingerprint(
    keys: flowseal_verifying_keys,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(keys[index] to buffer(buffer, capacity, len):
        copy(at(keys.value().iter(), index)?.fingerprint().to_string().as_bytes()))
}

/// The length of a key's modulus in bits.
///
/// @param keys The list.
/// @param index Which, from 0.
/// @param[out] bits The length.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_keys_bits(
    keys: flowseal_verifying_keys,
    index: usize,
    bits: *mut usize,
) -> flowseal_status {
    get!(keys[index] to out(bits): set(at(keys.value().iter(), index)?.bits()))
}

/// A key's name.
///
/// @param keys The list.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_keys_kid(
    keys: flowseal_verifying_keys,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(keys[index] to buffer(buffer, capacity, len):
        copy_if_present(at(keys.value().iter(), index)?.kid()))
}

/// The subject of the certificate that a key came in, whose dates and chain nobody checked.
///
/// @param keys The list.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_keys_subject(
    keys: flowseal_verifying_keys,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(keys[index] to buffer(buffer, capacity, len):
        copy_if_present(at(keys.value().iter(), index)?.subject()))
}

/// How many keys of the files that were added were skipped, such as a JWK of another type.
///
/// @param keys The list.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_keys_warning_count(
    keys: flowseal_verifying_keys,
    count: *mut usize,
) -> flowseal_status {
    get!(keys to out(count): set(keys.value().warnings.len()))
}

/// Which one it is, by its kid, shortened, and why it was skipped: a sentence for a log.
///
/// @param keys The list.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_keys_warning(
    keys: flowseal_verifying_keys,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(keys[index] to buffer(buffer, capacity, len):
        copy(at(keys.value().warnings.iter(), index)?.as_bytes()))
}

/// Frees a list of keys.
///
/// @param verifying_keys The handle, unusable from here on. A call that uses it in another thread
///     ends as if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_verifying_keys_free(
    verifying_keys: flowseal_verifying_keys,
) -> flowseal_status {
    call(|| (None, Ok(())), |()| verifying_keys.free())
}

/// How to load public keys.
///
/// Thread-safe; a call takes the options as they stand when it begins. Freed with
/// flowseal_verifying_key_options_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_verifying_key_options {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(
    flowseal_verifying_key_options,
    Setting<VerifyingKeyOptions>,
    14
);

/// Options that change nothing.
///
/// @param[out] options The options, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_key_options_new(
    options: *mut flowseal_verifying_key_options,
) -> flowseal_status {
    call(take!(; out(options)), |(options,)| {
        options.put(Setting::new(VerifyingKey::options()))
    })
}

/// The name of the key, for a file that gives it none.
///
/// @param options The options.
/// @param kid The name.
/// @param kid_len Its length in bytes.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_key_options_set_kid(
    options: flowseal_verifying_key_options,
    kid: *const c_char,
    kid_len: usize,
) -> flowseal_status {
    call(
        take!(; handle(options), text(kid, kid_len)),
        |(options, kid)| options.change(|old| Ok(old.clone().with_kid(kid))),
    )
}

/// The profile by whose algorithm the keys of a set are chosen.
///
/// @param options The options.
/// @param profile The profile.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_key_options_set_profile(
    options: flowseal_verifying_key_options,
    profile: flowseal_profile,
) -> flowseal_status {
    call(
        take!(; handle(options), handle(profile)),
        |(options, profile)| {
            let algorithm = profile.algorithm;
            options.change(|old| Ok(old.clone().with_algorithm(algorithm)))
        },
    )
}

/// Accepts keys whose public exponent is 3.
///
/// @param options The options.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_key_options_allow_exponent_three(
    options: flowseal_verifying_key_options,
) -> flowseal_status {
    call(take!(; handle(options), ), |(options,)| {
        options.change(|old| Ok(old.clone().allow_exponent_three()))
    })
}

/// Frees the options of public keys.
///
/// @param verifying_key_options The handle, unusable from here on. A call that uses it in another
///     thread ends as if nothing had happened, and what stands behind it is wiped when the last
///     such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_verifying_key_options_free(
    verifying_key_options: flowseal_verifying_key_options,
) -> flowseal_status {
    call(|| (None, Ok(())), |()| verifying_key_options.free())
}
