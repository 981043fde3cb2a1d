//! Trust: whose keys may sign which flows.

use std::collections::BTreeMap;
use std::ffi::c_char;

use flowseal::{Verifier, VerifyingKey};

use crate::edge::{call, get, take};
use crate::handle::{Handle, handle};
use crate::options::engine;
use crate::profile::flowseal_profile;
use crate::setting::Setting;
use crate::status::flowseal_status;
use crate::verifying_keys::flowseal_verifying_keys;

/// A rule that says whose keys may sign which flows.
///
/// Thread-safe; a call takes the verifier as it stands when it begins. Freed with
/// flowseal_verifier_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_verifier {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_verifier, Setting<Verifier>, 15);

/// These keys verify every flow, whoever the requestee is: right where one authority signs for all.
///
/// @param keys The keys.
/// @param[out] verifier The verifier, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifier_trusting(
    keys: flowseal_verifying_keys,
    verifier: *mut flowseal_verifier,
) -> flowseal_status {
    get!(keys to out(verifier): put(Setting::new(Verifier::trusting(keys.value().iter().cloned()))))
}

/// Each person's keys verify that person's flows and no other's: the rule for a service that knows
/// its users.
///
/// @param users The persons and their keys.
/// @param[out] verifier The verifier, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifier_by_requestee(
    users: flowseal_users,
    verifier: *mut flowseal_verifier,
) -> flowseal_status {
    get!(users to out(verifier): put(Setting::new(Verifier::by_requestee(users.value().0.clone()))))
}

/// Verifies under a profile other than the default one.
///
/// @param verifier The verifier.
/// @param profile The profile.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifier_set_profile(
    verifier: flowseal_verifier,
    profile: flowseal_profile,
) -> flowseal_status {
    call(
        take!(; handle(verifier), handle(profile)),
        |(verifier, profile)| {
            verifier.change(|old| {
                Ok(old.clone().with_setup(
                    &old.setup()
                        .clone()
                        .with_profile(flowseal::profile::Profile::clone(&profile)),
                ))
            })
        },
    )
}

/// Computes batches on so many threads; 1 unless given.
///
/// @param verifier The verifier.
/// @param threads How many.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for none at all.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verifier_set_threads(
    verifier: flowseal_verifier,
    threads: usize,
) -> flowseal_status {
    call(
        take!(; handle(verifier), value(threads)),
        |(verifier, threads)| verifier.change(|old| Ok(old.clone().with_engine(engine(threads)?))),
    )
}

/// Frees a verifier.
///
/// @param verifier The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_verifier_free(verifier: flowseal_verifier) -> flowseal_status {
    call(|| (None, Ok(())), |()| verifier.free())
}

/// Persons and their keys, for flowseal_verifier_by_requestee().
///
/// Thread-safe; a call takes the list as it stands when it begins. Freed with
/// flowseal_users_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_users {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_users, Setting<Users>, 16);

/// The keys of each requestee.
#[derive(Clone, Default)]
pub(crate) struct Users(BTreeMap<String, Vec<VerifyingKey>>);

/// A list without persons.
///
/// @param[out] users The list, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_users_new(users: *mut flowseal_users) -> flowseal_status {
    call(take!(; out(users)), |(users,)| {
        users.put(Setting::new(Users::default()))
    })
}

/// Adds keys of a person.
///
/// @param users The list.
/// @param requestee The person, as the flow's `requestee` names them, byte for byte.
/// @param requestee_len Its length in bytes.
/// @param keys Keys of theirs.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_users_add(
    users: flowseal_users,
    requestee: *const c_char,
    requestee_len: usize,
    keys: flowseal_verifying_keys,
) -> flowseal_status {
    call(
        take!(; handle(users), text(requestee, requestee_len), handle(keys)),
        |(users, requestee, keys)| {
            users.change(|old| {
                let mut users = old.clone();
                let theirs = users.0.entry(requestee.to_owned()).or_default();
                theirs.extend(keys.value().iter().cloned());
                Ok(users)
            })
        },
    )
}

/// Frees a list of persons.
///
/// @param users The handle, unusable from here on. A call that uses it in another thread ends as if
///     nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_users_free(users: flowseal_users) -> flowseal_status {
    call(|| (None, Ok(())), |()| users.free())
}
