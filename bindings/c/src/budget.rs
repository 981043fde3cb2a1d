//! The requests that an address has left, shared by the sessions of a process.

use std::ffi::c_void;
use std::time::Duration;

use flowseal::api::Budget;

use crate::api_config::flowseal_api_config;
use crate::callback::{self, Counter, flowseal_shared_count_callback};
use crate::edge::{call, take};
use crate::error::flowseal_error;
use crate::handle::{Handle, handle};
use crate::session::milliseconds;
use crate::setting::Setting;
use crate::status::flowseal_status;

/// What an address may ask of the API in a minute, shared by the sessions of a process: by
/// flowseal_session_set_budget().
///
/// The API counts 100 requests a minute by address, and a session asks every one to three seconds:
/// five people who log in at the same time use it up. Sessions with a budget take turns instead,
/// and are slower and not refused. At most 97 requests of any kind are sent in any 60 s, by base
/// URL.
///
/// It has no clock and no thread: whoever asks says what time it is, and waits for as long as it
/// is told. A session keeps the budget as it stood when it was given.
///
/// Thread-safe. Freed with flowseal_budget_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_budget {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_budget, Setting<Budget>, 38);

/// A whole budget, for 200 sessions a base URL. One for the process.
///
/// @param[out] budget The budget, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_budget_new(budget: *mut flowseal_budget) -> flowseal_status {
    call(take!(; out(budget)), |(budget,)| {
        budget.put(Setting::new(Budget::new()))
    })
}

/// How many sessions may share it, by base URL; 200 unless given. Of `n` each asks every `0.8 n`
/// seconds, and a flow lives for 360.
///
/// @param budget The budget.
/// @param most_sessions How many.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_budget_set_most_sessions(
    budget: flowseal_budget,
    most_sessions: usize,
) -> flowseal_status {
    call(
        take!(; handle(budget), value(most_sessions)),
        |(budget, most)| budget.change(|old| Ok(old.clone().with_most_sessions(most))),
    )
}

/// Asks a count that other processes share, beside its own.
///
/// @param budget The budget.
/// @param take Counts a request.
/// @param context Given to the function as it is; may be NULL. It has to be there until the budget
///     and every session that has it are freed and the last call that uses them has returned, for
///     every thread.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_budget_set_shared_count(
    budget: flowseal_budget,
    take: flowseal_shared_count_callback,
    context: *mut c_void,
) -> flowseal_status {
    call(
        take!(; handle(budget), value(take), value(context)),
        |(budget, take, context)| {
            let count = Counter::of(take, context)?;
            budget.change(|old| Ok(old.clone().with_shared_count(count)))
        },
    )
}

/// Takes a request that does not wait for a turn: the start of a flow, a cancel, a ping that
/// confirms a webhook. Ask just before it is sent.
///
/// @param budget The budget.
/// @param config The configuration of the request.
/// @param now_unix_ms The time.
/// @param[out] wait_ms 0: send it. Else how long to wait before asking again: even the reserved
///     share is used up.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_CALLBACK where the shared count has failed:
///     nothing may be sent.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_budget_urgent(
    budget: flowseal_budget,
    config: flowseal_api_config,
    now_unix_ms: u64,
    wait_ms: *mut u64,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(budget), handle(config), value(now_unix_ms), out(wait_ms)),
        |(budget, config, now, wait)| {
            let (budget, config) = (budget.value(), config.value());
            let now = Duration::from_millis(now).into();
            match callback::watched(|| budget.urgent(&config, now)) {
                (_, true) => Err(callback::FAILED),
                (Ok(()), false) => wait.set(0),
                // A pause is never none.
                (Err(pause), false) => wait.set(milliseconds(pause).max(1)),
            }
        },
    )
}

/// Frees a budget.
///
/// @param budget The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_budget_free(budget: flowseal_budget) -> flowseal_status {
    call(|| (None, Ok(())), |()| budget.free())
}
