//! One budget for an address, and a count that other processes share.

use std::ffi::{c_char, c_void};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicI32, AtomicU64, AtomicUsize, Ordering};

use flowseal_ffi::budget::{
    flowseal_budget, flowseal_budget_free, flowseal_budget_new, flowseal_budget_set_most_sessions,
    flowseal_budget_set_shared_count, flowseal_budget_urgent,
};
use flowseal_ffi::error::flowseal_error;
use flowseal_ffi::flow::flowseal_flow;
use flowseal_ffi::lists::flowseal_trust;
use flowseal_ffi::request::flowseal_request;
use flowseal_ffi::session::{
    flowseal_action, flowseal_action_kind, flowseal_session, flowseal_session_free,
    flowseal_session_new, flowseal_session_poll, flowseal_session_warning,
    flowseal_session_warning_count,
};
use flowseal_ffi::session_setup::{flowseal_session_set_budget, flowseal_session_set_trust};
use flowseal_ffi::status::flowseal_status;

use super::{NOW_MS, OK, bytes, config, status_of};
use crate::call::{call, made, message, text, tried};

fn budget() -> flowseal_budget {
    made!(flowseal_budget { id: 0 }; flowseal_budget_new()).unwrap()
}

fn urgent(budget: flowseal_budget, now_ms: u64) -> Result<u64, flowseal_error> {
    tried!(77; flowseal_budget_urgent(budget, config(2), now_ms))
}

fn session(flow: &str) -> flowseal_session {
    let session = tried!(flowseal_session { id: 0 };
        flowseal_session_new(config(2), bytes(flow).cast(), flow.len()));
    session.map_err(message).unwrap()
}

fn shares(session: flowseal_session, budget: flowseal_budget) -> flowseal_status {
    call!(flowseal_session_set_budget(session, budget, null_mut()))
}

fn polled(session: flowseal_session, now_ms: u64) -> Result<flowseal_action, flowseal_error> {
    let nothing = flowseal_action {
        kind: flowseal_action_kind::Ended,
        wait_ms: 0,
        request: flowseal_request { id: 0 },
        flow: flowseal_flow { id: 0 },
    };
    tried!(nothing; flowseal_session_poll(session, now_ms, 4))
}

#[test]
fn what_is_urgent_has_its_share_and_then_waits() {
    let budget = budget();
    let sent = (0..200)
        .take_while(|_| urgent(budget, NOW_MS).map_err(message).unwrap() == 0)
        .count();
    assert_eq!(sent, 57);
    let wait = urgent(budget, NOW_MS).map_err(message).unwrap();
    assert!((60_000..=60_002).contains(&wait), "{wait}");
    assert_eq!(
        urgent(budget, NOW_MS + wait).map_err(message).unwrap(),
        0,
        "after the pause"
    );
}

#[test]
fn sessions_take_turns_and_one_too_many_is_told_at_the_start() {
    let budget = budget();
    assert_eq!(call!(flowseal_budget_set_most_sessions(budget, 2)), OK);
    let (one, two) = (session("req_1"), session("req_2"));
    assert_eq!((shares(one, budget), shares(two, budget)), (OK, OK));
    let three = session("req_3");
    let refused = shares(three, budget);
    assert_eq!(refused, flowseal_status::ApiRateLimited);
    // Which it is without a place, until one has gone.
    assert_eq!(flowseal_session_free(one), OK);
    assert_eq!(shares(three, budget), OK);
    // A place is not taken twice, and nothing is set behind it.
    let usage = flowseal_status::Usage;
    assert_eq!(shares(three, budget), usage);
    let signed = flowseal_trust::Signed as u32;
    let mut error = flowseal_error { id: 0 };
    let set = call!(flowseal_session_set_trust(three, signed, &raw mut error));
    assert_eq!(set, usage);
    assert!(message(error).contains("last"));
    // It lives on in the sessions that have it.
    assert_eq!(flowseal_budget_free(budget), OK);
    let action = polled(two, NOW_MS).map_err(message).unwrap();
    assert_eq!(action.kind, flowseal_action_kind::Send);
    assert_eq!(shares(two, self::budget()), usage, "it has begun");
}

/// A count of the caller's, and what it says.
#[derive(Default)]
struct Count {
    asked: AtomicUsize,
    now_ms: AtomicU64,
    says: AtomicI32,
    /// What it writes; `u64::MAX`: nothing.
    waits: AtomicU64,
}

impl Count {
    fn budget(&self) -> flowseal_budget {
        let budget = budget();
        let context = (&raw const *self).cast_mut().cast();
        let set = call!(flowseal_budget_set_shared_count(
            budget,
            Some(take),
            context
        ));
        assert_eq!(set, OK);
        budget
    }
}

unsafe extern "C" fn take(
    context: *mut c_void,
    base: *const c_char,
    base_len: usize,
    now_unix_ms: u64,
    wait_ms: *mut u64,
) -> i32 {
    // SAFETY: the tests give a count that lives through the call, and the library a text and a
    // place.
    let (count, base, wait) = unsafe {
        (
            &*context.cast::<Count>(),
            std::slice::from_raw_parts(base.cast::<u8>(), base_len),
            &mut *wait_ms,
        )
    };
    assert_eq!(base, b"https://s.pasby.africa");
    count.asked.fetch_add(1, Ordering::SeqCst);
    count.now_ms.store(now_unix_ms, Ordering::SeqCst);
    let waits = count.waits.load(Ordering::SeqCst);
    if waits != u64::MAX {
        *wait = waits;
    }
    count.says.load(Ordering::SeqCst)
}

#[test]
fn a_count_of_other_processes_is_asked_beside() {
    let count = Count::default();
    let budget = count.budget();
    assert_eq!(urgent(budget, NOW_MS + 5).map_err(message).unwrap(), 0);
    assert_eq!(count.asked.load(Ordering::SeqCst), 1);
    assert_eq!(count.now_ms.load(Ordering::SeqCst), NOW_MS + 5);
    count.waits.store(700, Ordering::SeqCst);
    assert_eq!(urgent(budget, NOW_MS).map_err(message).unwrap(), 700);
    let session = session("req_1");
    assert_eq!(shares(session, budget), OK);
    let action = polled(session, NOW_MS).map_err(message).unwrap();
    assert_eq!(
        (action.kind, action.wait_ms),
        (flowseal_action_kind::Wait, 700)
    );
}

#[test]
fn a_count_that_fails_or_says_nothing_has_nothing_sent() {
    let count = Count::default();
    let budget = count.budget();
    let session = session("req_1");
    assert_eq!(shares(session, budget), OK);
    for says in [1, -7] {
        count.says.store(says, Ordering::SeqCst);
        let callback = flowseal_status::Callback;
        assert_eq!(status_of(urgent(budget, NOW_MS)), callback);
        assert_eq!(status_of(polled(session, NOW_MS)), callback);
    }
    // It has written a yes, each time; now it writes nothing.
    count.says.store(0, Ordering::SeqCst);
    count.waits.store(u64::MAX, Ordering::SeqCst);
    assert_eq!(urgent(budget, NOW_MS).map_err(message).unwrap(), 1000);
    let action = polled(session, NOW_MS).map_err(message).unwrap();
    assert_eq!(action.kind, flowseal_action_kind::Wait);
    // And goes on when it is there again.
    count.waits.store(0, Ordering::SeqCst);
    let action = polled(session, NOW_MS + 5000).map_err(message).unwrap();
    assert_eq!(action.kind, flowseal_action_kind::Send);
    let none = call!(flowseal_budget_set_shared_count(budget, None, null_mut()));
    assert_eq!(none, flowseal_status::Pointer);
}

#[test]
fn an_identifier_of_an_unusual_form_is_a_warning_of_the_session() {
    assert_eq!(
        made!(9; flowseal_session_warning_count(session("req_1"))),
        Ok(0)
    );
    let odd = session("1234");
    assert_eq!(made!(9; flowseal_session_warning_count(odd)), Ok(1));
    let warning = text!(flowseal_session_warning(odd, 0)).unwrap();
    assert!(warning.contains("1234"), "{warning}");
    assert_eq!(
        text!(flowseal_session_warning(odd, 1)),
        Err(flowseal_status::Index)
    );
}
