//! Several keys of an app, for the time of a rotation.

use std::ffi::c_char;
use std::sync::Arc;

use flowseal::{DecryptingKey, KeyRing};

use crate::decrypting_key::flowseal_decrypting_key;
use crate::edge::{at, call, get, take};
use crate::error::{Failure, flowseal_error};
use crate::handle::{Handle, handle};
use crate::setting::Setting;
use crate::status::flowseal_status;

/// The keys that a flow may be sealed to.
///
/// Thread-safe; a call takes the ring as it stands when it begins. Freed with
/// flowseal_key_ring_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_key_ring {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_key_ring, Setting<Ring>, 11);

/// A ring with room for more.
#[derive(Default)]
pub(crate) struct Ring {
    keys: Vec<Arc<DecryptingKey>>,
    ring: KeyRing,
}

impl Ring {
    pub(crate) fn core(&self) -> &KeyRing {
        &self.ring
    }

    fn with(&self, key: Arc<DecryptingKey>) -> Result<Self, Failure> {
        let mut keys = self.keys.clone();
        keys.push(key);
        let ring = KeyRing::new(keys.iter().cloned())?;
        Ok(Self { keys, ring })
    }

    /// What the core has picked is picked here by the same fingerprints.
    fn only(&self, name: &str) -> Result<Self, Failure> {
        let ring = self.ring.only(name)?;
        let picked = |key: &&Arc<DecryptingKey>| {
            ring.keys()
                .any(|picked| picked.fingerprint() == key.fingerprint())
        };
        let keys = self.keys.iter().filter(picked).cloned().collect();
        Ok(Self { keys, ring })
    }
}

/// A ring without keys.
///
/// @param[out] ring The ring, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_key_ring_new(ring: *mut flowseal_key_ring) -> flowseal_status {
    call(take!(; out(ring)), |(ring,)| {
        ring.put(Setting::new(Ring::default()))
    })
}

/// Adds a key. The same key twice is one key: the first.
///
/// @param ring The ring.
/// @param key The key; its handle has still to be freed, and may be at once.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_CONFLICT for one modulus under two paddings;
///     the ring stays as it was.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_key_ring_add(
    ring: flowseal_key_ring,
    key: flowseal_decrypting_key,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(take!(error; handle(ring), handle(key)), |(ring, key)| {
        ring.change(|ring| ring.with(Arc::clone(&key)))
    })
}

/// The ring of the one key of a name.
///
/// @param ring The ring.
/// @param name Its kid, or its fingerprint in hexadecimal.
/// @param name_len Its length in bytes.
/// @param[out] only The ring, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NO_DECRYPTING_KEY,
///     FLOWSEAL_STATUS_KEY_AMBIGUOUS, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_key_ring_only(
    ring: flowseal_key_ring,
    name: *const c_char,
    name_len: usize,
    only: *mut flowseal_key_ring,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(ring), text(name, name_len), out(only)),
        |(ring, name, only)| only.put(Setting::new(ring.value().only(name)?)),
    )
}

/// How many keys there are.
///
/// @param ring The ring.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_key_ring_count(
    ring: flowseal_key_ring,
    count: *mut usize,
) -> flowseal_status {
    get!(ring to out(count): set(ring.value().core().len()))
}

/// The fingerprint of a key, in the order in which they were added.
///
/// @param ring The ring.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_key_ring_fingerprint(
    ring: flowseal_key_ring,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(ring[index] to buffer(buffer, capacity, len):
        copy(at(ring.value().core().keys(), index)?.fingerprint().to_string().as_bytes()))
}

/// Frees a ring.
///
/// @param ring The handle, unusable from here on. A call that uses it in another thread ends as if
///     nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_key_ring_free(ring: flowseal_key_ring) -> flowseal_status {
    call(|| (None, Ok(())), |()| ring.free())
}
