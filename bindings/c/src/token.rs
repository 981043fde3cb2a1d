//! Keys that stay in their token, by their `pkcs11:` URIs: with the feature `pkcs11`.

use std::ffi::{c_char, c_void};
use std::sync::Arc;
use std::time::Duration;

use flowseal::{ErrorCode, RemoteKeyOptions, SecretText};
use flowseal_pkcs11::{TokenOptions, Uri};

use crate::decrypting_key::flowseal_decrypting_key;
use crate::edge::{call, take};
use crate::error::{Failure, flowseal_error};
use crate::remote::flowseal_remote_key_options;
use crate::status::flowseal_status;
use crate::verifying_keys::flowseal_verifying_keys;

/// The private RSA key of a token that a `pkcs11:` URI (RFC 7512) means. It stays in its token,
/// which computes in threads of the library's; with the key its sessions are closed.
///
/// It is there in a library that was built with the feature `pkcs11`, and here where
/// FLOWSEAL_PKCS11 is defined. Unlike the rest of the library it loads code, and waits: for nothing
/// longer than its patience. After a fork the child's uses are FLOWSEAL_STATUS_KEY_UNAVAILABLE.
///
/// @param uri Which key is meant; the one that matches.
/// @param uri_len Its length in bytes.
/// @param module The path of the PKCS#11 library, which is loaded into this process and runs there;
///     a URI's `module-path` comes before it. Where the length is 0: p11-kit's.
/// @param module_len Its length in bytes.
/// @param initialisation A text that some modules take, as NSS's softokn does; most take none.
/// @param initialisation_len Its length in bytes; 0 for none.
/// @param pin The user's PIN. It is copied; the copy is wiped with the key. One that a token has
///     refused is not tried on it again: flowseal_forget_refused_pins().
/// @param pin_len Its length in bytes; 0 for none.
/// @param patience_ms How long an operation, a login or the way to the key may take; 0 for ten
///     seconds.
/// @param options How the key is used: what is sent is blinded unless they say otherwise. The token
///     takes the place of a holder that they name.
/// @param[out] key The key, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for the URI or without a module,
///     FLOWSEAL_STATUS_IO where the module is not a library, FLOWSEAL_STATUS_PIN,
///     FLOWSEAL_STATUS_KEY_KIND where no key matches, FLOWSEAL_STATUS_KEY_AMBIGUOUS where several
///     do, FLOWSEAL_STATUS_KEY_SIZE, FLOWSEAL_STATUS_KEY_WEAK, FLOWSEAL_STATUS_KEY_INVALID,
///     FLOWSEAL_STATUS_KEY_UNAVAILABLE.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_decrypting_key_from_token(
    uri: *const c_char,
    uri_len: usize,
    module: *const c_char,
    module_len: usize,
    initialisation: *const c_char,
    initialisation_len: usize,
    pin: *const c_void,
    pin_len: usize,
    patience_ms: u64,
    options: flowseal_remote_key_options,
    key: *mut flowseal_decrypting_key,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; text(uri, uri_len), text(module, module_len),
            text(initialisation, initialisation_len), bytes(pin, pin_len), value(patience_ms),
            handle(options), out(key)),
        |(uri, module, initialisation, pin, patience_ms, options, key)| {
            let uri = Uri::parse(uri)?;
            let way = way(module, initialisation, pin, patience_ms)?;
            let (holder, public) = way.load_holder(&uri)?;
            let options = RemoteKeyOptions::clone(&options.value()).with_holder(holder);
            let exponent = public.exponent().to_be_bytes();
            key.put(Arc::new(options.from_numbers(public.modulus(), &exponent)?))
        },
    )
}

/// Adds the public key of a token that a `pkcs11:` URI means: of a public key, a certificate or a
/// private key that comes with its public half. Verifying stays in software.
///
/// It is there in a library that was built with the feature `pkcs11`, and here where
/// FLOWSEAL_PKCS11 is defined. What is not said here is said of
/// flowseal_decrypting_key_from_token().
///
/// @param keys The list.
/// @param uri Which key is meant; the one that matches.
/// @param uri_len Its length in bytes.
/// @param module The path of the PKCS#11 library; p11-kit's where the length is 0.
/// @param module_len Its length in bytes.
/// @param initialisation A text that some modules take.
/// @param initialisation_len Its length in bytes; 0 for none.
/// @param pin The user's PIN. Without one it is a key that the token shows to everyone.
/// @param pin_len Its length in bytes; 0 for none.
/// @param patience_ms How long a login or the way to the key may take; 0 for ten seconds.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or what flowseal_decrypting_key_from_token() returns; the list stays
///     as it was.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifying_keys_add_from_token(
    keys: flowseal_verifying_keys,
    uri: *const c_char,
    uri_len: usize,
    module: *const c_char,
    module_len: usize,
    initialisation: *const c_char,
    initialisation_len: usize,
    pin: *const c_void,
    pin_len: usize,
    patience_ms: u64,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(keys), text(uri, uri_len), text(module, module_len),
            text(initialisation, initialisation_len), bytes(pin, pin_len), value(patience_ms)),
        |(keys, uri, module, initialisation, pin, patience_ms)| {
            let uri = Uri::parse(uri)?;
            let way = way(module, initialisation, pin, patience_ms)?;
            let key = way.load_verifying_key(&uri)?;
            keys.change(|old| Ok(old.with_key(key)))
        },
    )
}

/// Forgets which PINs tokens have refused, so that they are tried again: after a token was
/// unlocked, or its PIN was changed to one that had been wrong. Until then no PIN is tried on a
/// token again that it has refused, by anything in this process: tokens count, and lock.
///
/// It is there in a library that was built with the feature `pkcs11`, and here where
/// FLOWSEAL_PKCS11 is defined.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_forget_refused_pins() -> flowseal_status {
    call(
        || (None, Ok(())),
        |()| {
            flowseal_pkcs11::forget_refused_pins();
            Ok(())
        },
    )
}

/// How to get to a token, of what C gives: an empty text is none.
fn way(
    module: &str,
    initialisation: &str,
    pin: &[u8],
    patience_ms: u64,
) -> Result<TokenOptions, Failure> {
    let mut way = TokenOptions::new();
    if !module.is_empty() {
        way = way.with_module(module);
    }
    if !initialisation.is_empty() {
        way = way.with_initialisation(initialisation);
    }
    if !pin.is_empty() {
        let pin = std::str::from_utf8(pin).map_err(|_| {
            let sentence = "this is not UTF-8, which every PIN is: give it as that";
            flowseal::Error::new(ErrorCode::Pin, sentence)
        })?;
        way = way.with_pin(SecretText::copied_from(pin));
    }
    if patience_ms > 0 {
        way = way.with_patience(Duration::from_millis(patience_ms));
    }
    Ok(way)
}
