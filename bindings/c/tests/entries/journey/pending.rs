//! A pending flow: kept, brought back, and finished once.

use std::ffi::{c_char, c_void};
use std::ptr::{null, null_mut};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use flowseal::Mode;
use flowseal_ffi::api_config::flowseal_api_config;
use flowseal_ffi::binding::{flowseal_binding, flowseal_binding_new};
use flowseal_ffi::details::{flowseal_detail, flowseal_error_detail_text};
use flowseal_ffi::error::flowseal_error;
use flowseal_ffi::expectations::{flowseal_expectations, flowseal_expectations_free};
use flowseal_ffi::finish::flowseal_pending_flow_finish;
use flowseal_ffi::finish_once::{
    flowseal_finish_once, flowseal_finish_once_calling, flowseal_finish_once_count,
    flowseal_finish_once_finish, flowseal_finish_once_forget_before_unix_seconds,
    flowseal_finish_once_free,
};
use flowseal_ffi::lists::{flowseal_check, flowseal_situation, flowseal_state};
use flowseal_ffi::pending::{
    flowseal_pending_flow, flowseal_pending_flow_allow_more_claims,
    flowseal_pending_flow_expectations, flowseal_pending_flow_expires_unix_seconds,
    flowseal_pending_flow_finish_by_unix_seconds, flowseal_pending_flow_flow_of,
    flowseal_pending_flow_from_json, flowseal_pending_flow_is_meant_by,
    flowseal_pending_flow_person, flowseal_pending_flow_reference, flowseal_pending_flow_seal,
    flowseal_pending_flow_session, flowseal_pending_flow_set_detached,
    flowseal_pending_flow_set_leeway_seconds, flowseal_pending_flow_set_max_age_seconds,
    flowseal_pending_flow_situation, flowseal_pending_flow_to_json, flowseal_pending_flow_unseal,
    flowseal_pending_flow_webhook_reference,
};
use flowseal_ffi::profile::{flowseal_profile, flowseal_profile_from_json};
use flowseal_ffi::report::flowseal_outcome;
use flowseal_ffi::session::flowseal_session;
use flowseal_ffi::start::flowseal_created_pending;
use flowseal_ffi::status::flowseal_status;
use flowseal_ffi::verified_flow::{
    flowseal_verified_flow, flowseal_verified_flow_requestee, flowseal_verified_flow_statement,
};
use flowseal_ffi::verifier::flowseal_verifier_set_profile;
use flowseal_ffi::webhook::{flowseal_webhook, flowseal_webhook_from_json};

use super::{
    ADA, ANSWER, GIVEN, NOW, OK, based_at, builder, bytes, config, finish, finish_received,
    finish_with, identify, in_memory, of_ada, pending, read, sealed, status_of, verifier,
};
use crate::call::{call, flow, made, message, slice, text, tried, written};

fn json_of(pending: flowseal_pending_flow) -> String {
    text!(flowseal_pending_flow_to_json(pending)).unwrap()
}

fn from_json(
    json: &str,
    config: flowseal_api_config,
) -> Result<flowseal_pending_flow, flowseal_error> {
    tried!(flowseal_pending_flow { id: 0 };
        flowseal_pending_flow_from_json(bytes(json).cast(), json.len(), config))
}

/// Of a start for no browser.
fn unbound() -> flowseal_pending_flow {
    let start = identify(config(2), &["naming.given"], of_ada());
    let created = read(start.map_err(message).unwrap(), ANSWER);
    let pending = tried!(flowseal_pending_flow { id: 0 };
        flowseal_created_pending(created.map_err(message).unwrap(), null()));
    pending.map_err(message).unwrap()
}

#[track_caller]
fn fails(pending: flowseal_pending_flow, flow_json: &str, check: flowseal_check) {
    let end = finish(pending, flow(flow_json), in_memory());
    assert_eq!(end.check(check), flowseal_outcome::Failed, "{check:?}");
    assert_eq!(end.status(), flowseal_status::ExpectationFailed);
}

#[test]
fn what_was_asked_is_what_is_finished() {
    let end = finish(pending(), flow(&sealed(builder(), GIVEN)), in_memory());
    for check in [
        flowseal_check::Signature,
        flowseal_check::Reference,
        flowseal_check::Requester,
        flowseal_check::Requestee,
        flowseal_check::Mode,
        flowseal_check::ClaimsRequested,
    ] {
        assert_eq!(end.check(check), flowseal_outcome::Passed, "{check:?}");
    }
    assert_eq!(
        end.check(flowseal_check::Received),
        flowseal_outcome::NotAsked
    );
    let verified = end.outcome.map_err(message).unwrap();
    let person = text!(flowseal_verified_flow_requestee(verified));
    assert_eq!(person.as_deref(), Ok(ADA));
}

#[test]
fn bytes_that_were_signed_elsewhere_come_with_the_end() {
    let answer = sealed(builder(), GIVEN);
    let own = finish(pending(), flow(&answer), in_memory()).outcome;
    let own = own.map_err(message).unwrap();
    let statement = written!(flowseal_verified_flow_statement(own)).unwrap();
    let verifier = verifier();
    let detached = r#"{"statement": "detached"}"#;
    let profile = tried!(flowseal_profile { id: 0 };
        flowseal_profile_from_json(bytes(detached).cast(), detached.len()));
    let profile = profile.map_err(message).unwrap();
    assert_eq!(call!(flowseal_verifier_set_profile(verifier, profile)), OK);

    let all = [
        "reference",
        "requester",
        "requestee",
        "mode",
        "claims",
        "signedAt",
    ];
    let fewer = ["reference", "claims", "signedAt"];
    for (signed, covers, status) in [
        (Some(&statement[..]), &all[..], OK),
        (None, &all[..], flowseal_status::Statement),
        (
            Some(&b"something else"[..]),
            &all[..],
            flowseal_status::SignatureInvalid,
        ),
        // What they do not cover is not what was asked.
        (
            Some(&statement[..]),
            &fewer[..],
            flowseal_status::ExpectationFailed,
        ),
    ] {
        let pending = pending();
        let kept = json_of(pending);
        if let Some(signed) = signed {
            let covers: Vec<_> = covers.iter().map(|name| slice(name)).collect();
            let set = call!(flowseal_pending_flow_set_detached(
                pending,
                bytes(signed),
                signed.len(),
                covers.as_ptr(),
                covers.len()
            ));
            assert_eq!(set, OK);
        }
        assert_eq!(json_of(pending), kept, "they are no part of what is kept");
        let end = finish_with(pending, flow(&answer), verifier, in_memory());
        assert_eq!(end.status(), status, "{covers:?}");
    }
}

#[test]
fn every_change_of_what_came_back_is_refused_by_its_check() {
    let more = r#"{"naming": {"given": "Ada", "family": "Obi"}}"#;
    for (changed, check) in [
        (
            sealed(
                flowseal::testkit::FlowBuilder::new("req_2").requester("bcn_1"),
                GIVEN,
            ),
            flowseal_check::Reference,
        ),
        (
            sealed(builder().requester("bcn_2"), GIVEN),
            flowseal_check::Requester,
        ),
        (
            sealed(builder().requestee("somebody else"), GIVEN),
            flowseal_check::Requestee,
        ),
        (
            sealed(builder().mode(Mode::Signature), GIVEN),
            flowseal_check::Mode,
        ),
        (sealed(builder(), more), flowseal_check::ClaimsRequested),
    ] {
        fails(pending(), &changed, check);
    }
    let lenient = pending();
    assert_eq!(call!(flowseal_pending_flow_allow_more_claims(lenient)), OK);
    let end = finish(lenient, flow(&sealed(builder(), more)), in_memory());
    assert_eq!(end.status(), OK);
}

#[test]
fn every_change_of_what_was_asked_is_refused_by_its_check() {
    let text = json_of(pending());
    for (from, to, check) in [
        (
            r#""reference":"req_1""#,
            r#""reference":"req_2""#,
            flowseal_check::Reference,
        ),
        (ADA, "00112345678", flowseal_check::Requestee),
        (
            r#"["naming.given"]"#,
            r#"["naming.family"]"#,
            flowseal_check::ClaimsRequested,
        ),
        (
            r#""method":"identification","action":"login""#,
            r#""method":"signing","action":"confirm""#,
            flowseal_check::Mode,
        ),
    ] {
        let mut changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        if check == flowseal_check::Mode {
            changed = changed.replacen(r#"["naming.given"]"#, "[]", 1);
        }
        let pending = from_json(&changed, config(2)).map_err(message).unwrap();
        fails(pending, &sealed(builder(), GIVEN), check);
    }
}

#[test]
fn it_is_kept_as_json_for_the_configuration_that_started_it() {
    let kept = json_of(pending());
    assert!(kept.starts_with(r#"{"flowseal_pending":1,"#), "{kept}");
    for secret in ["bk-test_1", "snb_1", "eyJhush"] {
        assert!(!kept.contains(secret));
    }
    let back = from_json(&kept, config(2)).map_err(message).unwrap();
    assert_eq!(json_of(back), kept);
    // The version of the API is none of what was started.
    assert_eq!(status_of(from_json(&kept, config(1))), OK);
    let refused = flowseal_status::PendingFlow;
    let elsewhere = based_at("https://gateway.example");
    assert_eq!(status_of(from_json(&kept, elsewhere)), refused);
    let odd = kept.replacen(r#""leeway":0"#, r#""leeway":0,"more":1"#, 1);
    assert_eq!(status_of(from_json(&odd, config(2))), refused);
    for text in ["", "{}", "[]", r#"{"flowseal_pending":2}"#] {
        assert_eq!(status_of(from_json(text, config(2))), refused, "{text}");
    }
    let session = |config| {
        status_of(tried!(flowseal_session { id: 0 };
            flowseal_pending_flow_session(pending(), config)))
    };
    assert_eq!((session(config(2)), session(elsewhere)), (OK, refused));
}

#[test]
fn a_sealed_one_is_brought_back_by_its_key_alone() {
    let pending = pending();
    let seal = |key: &[u8]| text!(flowseal_pending_flow_seal(pending, bytes(key), key.len()));
    let unseal = |sealed: &str, key: &[u8]| {
        tried!(flowseal_pending_flow { id: 0 }; flowseal_pending_flow_unseal(
            bytes(sealed).cast(), sealed.len(), bytes(key), key.len(), config(2)))
    };
    let sealed = seal(&[7; 32]).unwrap();
    let back = unseal(&sealed, &[7; 32]).map_err(message).unwrap();
    assert_eq!(json_of(back), json_of(pending));
    let refused = flowseal_status::PendingFlow;
    assert_eq!(status_of(unseal(&sealed, &[8; 32])), refused);
    assert_eq!(status_of(unseal(&sealed[1..], &[7; 32])), refused);
    let usage = flowseal_status::Usage;
    for length in [0, 16, 31, 33, 64] {
        assert_eq!(seal(&vec![7; length]), Err(usage), "{length}");
        assert_eq!(status_of(unseal(&sealed, &vec![7; length])), usage);
    }
}

#[test]
fn what_is_asked_of_it_is_told() {
    let pending = pending();
    let reference = text!(flowseal_pending_flow_reference(pending));
    assert_eq!(reference.as_deref(), Ok("req_1"));
    let person = text!(flowseal_pending_flow_person(pending));
    assert_eq!(person.as_deref(), Ok(ADA));
    let expires = made!(0; flowseal_pending_flow_expires_unix_seconds(pending)).unwrap();
    let finish_by = made!(0; flowseal_pending_flow_finish_by_unix_seconds(pending)).unwrap();
    assert_eq!((expires, finish_by), (1_716_820_412, 1_716_820_412 + 600));
    let absent = Err(flowseal_status::Absent);
    assert_eq!(
        text!(flowseal_pending_flow_webhook_reference(pending)),
        absent
    );
    let flow_of = |reference: &str| {
        text!(flowseal_pending_flow_flow_of(
            pending,
            bytes(reference).cast(),
            reference.len()
        ))
    };
    assert_eq!(flow_of("req_1").as_deref(), Ok("req_1"));
    assert_eq!(flow_of("req_2"), absent);
    for (body, meant) in [
        (r#"{"reference": "req_1"}"#, true),
        (r#"{"reference": "req_2"}"#, false),
    ] {
        let webhook = tried!(flowseal_webhook { id: 0 };
            flowseal_webhook_from_json(bytes(body).cast(), body.len()));
        let webhook = webhook.map_err(message).unwrap();
        let answer = made!(!meant; flowseal_pending_flow_is_meant_by(pending, webhook));
        assert_eq!(answer, Ok(meant));
    }
    let expected = made!(flowseal_expectations { id: 0 };
        flowseal_pending_flow_expectations(pending));
    assert_eq!(flowseal_expectations_free(expected.unwrap()), OK);
    for (state, situation) in [
        (flowseal_state::Pending, flowseal_situation::AskedElsewhere),
        (flowseal_state::OnSession, flowseal_situation::PickedUp),
        (flowseal_state::Complete, flowseal_situation::Approved),
        (flowseal_state::Cancelled, flowseal_situation::Declined),
    ] {
        let place = flowseal_situation::TryAgain;
        let told = made!(place; flowseal_pending_flow_situation(pending, state as u32));
        assert_eq!(told, Ok(situation));
    }
    let none = made!(flowseal_situation::TryAgain; flowseal_pending_flow_situation(pending, 0));
    assert_eq!(none, Err(flowseal_status::Usage));
}

#[test]
fn age_and_leeway_are_those_that_were_set() {
    let signed_at = flowseal::testkit::FlowBuilder::SIGNED_AT;
    let times = |signed_at| {
        let iat = flowseal::testkit::FlowBuilder::IAT;
        sealed(builder().times(iat, signed_at), GIVEN)
    };
    let strict = pending();
    let set = call!(flowseal_pending_flow_set_max_age_seconds(strict, 30));
    assert_eq!(set, OK);
    fails(strict, &times(signed_at - 60), flowseal_check::Age);
    fails(pending(), &times(signed_at + 6), flowseal_check::SignedAt);
    let lenient = pending();
    let set = call!(flowseal_pending_flow_set_leeway_seconds(lenient, 4));
    assert_eq!(set, OK);
    let end = finish(lenient, flow(&times(signed_at + 6)), in_memory());
    assert_eq!(end.status(), OK);
}

#[test]
fn another_browser_than_that_of_the_start_ends_nothing() {
    let too_short = tried!(flowseal_binding { id: 0 }; flowseal_binding_new(bytes(&[7; 15]), 15));
    assert_eq!(status_of(too_short), flowseal_status::Usage);
    let (once, other) = (in_memory(), super::browser(&[8; 16]));
    let pending = pending();
    for binding in [null(), &raw const other] {
        let mut error = flowseal_error { id: 0 };
        let mut verified = flowseal_verified_flow { id: 0 };
        let refused = call!(flowseal_pending_flow_finish(
            pending,
            flow(&sealed(builder(), GIVEN)),
            verifier(),
            once,
            binding,
            NOW,
            &raw mut verified,
            null_mut(),
            &raw mut error
        ));
        assert_eq!(refused, flowseal_status::ExpectationFailed);
        assert!(message(error).contains("browser"));
    }
    assert_eq!(made!(9; flowseal_finish_once_count(once)), Ok(0));
    let end = finish(pending, flow(&sealed(builder(), GIVEN)), once);
    assert_eq!(end.status(), OK);
}

/// Whoever gives one believes that it is compared.
#[test]
fn a_browser_at_the_end_alone_is_usage_and_ends_nothing() {
    let (answer, once) = (sealed(builder(), GIVEN), in_memory());
    let without = unbound();
    for error in [
        finish(without, flow(&answer), once).outcome.err().unwrap(),
        finish_received(without, flow(&answer), None, once)
            .outcome
            .err()
            .unwrap(),
    ] {
        let why = text!(flowseal_error_detail_text(
            error,
            flowseal_detail::Why as u32
        ));
        assert_eq!(why.as_deref(), Ok("binding"));
        assert!(message(error).contains("at the start as well"));
        assert_eq!(status_of(Err::<(), _>(error)), flowseal_status::Usage);
    }
    assert_eq!(made!(9; flowseal_finish_once_count(once)), Ok(0));
    let mut verified = flowseal_verified_flow { id: 0 };
    let ended = call!(flowseal_pending_flow_finish(
        without,
        flow(&answer),
        verifier(),
        once,
        null(),
        NOW,
        &raw mut verified,
        null_mut(),
        null_mut()
    ));
    assert_eq!(ended, OK);
}

#[test]
fn a_result_is_given_once_and_a_refusal_is_none() {
    let (pending, once) = (pending(), in_memory());
    let other = sealed(builder().requestee("00112345678"), GIVEN);
    let refused = finish(pending, flow(&other), once).status();
    assert_eq!(refused, flowseal_status::ExpectationFailed);
    assert_eq!(made!(9; flowseal_finish_once_count(once)), Ok(0));
    let answer = sealed(builder(), GIVEN);
    assert_eq!(finish(pending, flow(&answer), once).status(), OK);
    let again = finish(pending, flow(&answer), once);
    // Asked after the judgement: the report is whole.
    assert_eq!(
        again.check(flowseal_check::Signature),
        flowseal_outcome::Passed
    );
    assert_eq!(again.status(), flowseal_status::PendingFinished);

    let mark = |reference: &str| {
        tried!(false; flowseal_finish_once_finish(
            once, bytes(reference).cast(), reference.len(), NOW))
        .map_err(message)
        .unwrap()
    };
    assert!(!mark("req_1") && mark("req_2") && !mark("req_2"));
    let forgotten = call!(flowseal_finish_once_forget_before_unix_seconds(
        once,
        1_716_900_000
    ));
    assert_eq!(forgotten, OK);
    assert_eq!(made!(9; flowseal_finish_once_count(once)), Ok(0));
}

/// What a function of the caller's knows and says.
#[derive(Default)]
struct Database {
    finished: Mutex<Vec<(String, i64)>>,
    asked: AtomicUsize,
    says: i32,
    writes_nothing: bool,
    frees: Option<flowseal_finish_once>,
}

impl Database {
    fn once(&self) -> flowseal_finish_once {
        let context = (&raw const *self).cast_mut().cast();
        made!(flowseal_finish_once { id: 0 };
            flowseal_finish_once_calling(Some(finish_there), context))
        .unwrap()
    }
}

unsafe extern "C" fn finish_there(
    context: *mut c_void,
    reference: *const c_char,
    reference_len: usize,
    until_unix_seconds: i64,
    first: *mut bool,
) -> i32 {
    // SAFETY: the tests give a database that lives through the call, and the library a text and a
    // place.
    let (database, reference, first) = unsafe {
        (
            &*context.cast::<Database>(),
            std::slice::from_raw_parts(reference.cast::<u8>(), reference_len),
            &mut *first,
        )
    };
    database.asked.fetch_add(1, Ordering::SeqCst);
    if let Some(once) = database.frees {
        flowseal_finish_once_free(once);
    }
    let reference = String::from_utf8(reference.to_vec()).unwrap();
    let mut finished = database.finished.lock().unwrap();
    let is_new = finished.iter().all(|(known, _)| *known != reference);
    if !database.writes_nothing {
        *first = is_new;
    }
    if is_new && database.says == 0 {
        finished.push((reference, until_unix_seconds));
    }
    database.says
}

#[test]
fn a_function_of_the_callers_remembers() {
    let database = Database::default();
    let (pending, once) = (pending(), database.once());
    let other = sealed(builder().requestee("00112345678"), GIVEN);
    assert_ne!(finish(pending, flow(&other), once).status(), OK);
    assert_eq!(database.asked.load(Ordering::SeqCst), 0);
    let answer = sealed(builder(), GIVEN);
    assert_eq!(finish(pending, flow(&answer), once).status(), OK);
    let again = finish(pending, flow(&answer), once).status();
    assert_eq!(again, flowseal_status::PendingFinished);
    assert_eq!(
        *database.finished.lock().unwrap(),
        [("req_1".to_owned(), 1_716_820_412 + 600)]
    );
    // What is in memory alone.
    let usage = flowseal_status::Usage;
    assert_eq!(made!(9; flowseal_finish_once_count(once)), Err(usage));
    let forgotten = call!(flowseal_finish_once_forget_before_unix_seconds(once, NOW));
    assert_eq!(forgotten, usage);
}

#[test]
fn a_function_that_fails_or_says_nothing_gives_nothing_to_anyone() {
    let answer = sealed(builder(), GIVEN);
    for says in [1, -1, i32::MIN] {
        // Even where it has written a yes.
        let database = Database {
            says,
            ..Database::default()
        };
        let end = finish(pending(), flow(&answer), database.once());
        assert_eq!(
            end.check(flowseal_check::Signature),
            flowseal_outcome::Passed
        );
        assert_eq!(end.status(), flowseal_status::Callback, "{says}");
        let mut error = flowseal_error { id: 0 };
        let mut first = true;
        let marked = call!(flowseal_finish_once_finish(
            database.once(),
            bytes("req_1").cast(),
            5,
            NOW,
            &raw mut first,
            &raw mut error
        ));
        assert_eq!(marked, flowseal_status::Callback);
    }
    let silent = Database {
        writes_nothing: true,
        ..Database::default()
    };
    let end = finish(pending(), flow(&answer), silent.once());
    assert_eq!(end.status(), flowseal_status::PendingFinished);
    let none = made!(flowseal_finish_once { id: 0 };
        flowseal_finish_once_calling(None, null_mut()));
    assert_eq!(none.err(), Some(flowseal_status::Pointer));
}

#[test]
fn a_function_that_frees_what_asks_it_frees_it_once() {
    let mut database = Database::default();
    let once = database.once();
    database.frees = Some(once);
    let answer = sealed(builder(), GIVEN);
    assert_eq!(finish(pending(), flow(&answer), once).status(), OK);
    assert_eq!(
        flowseal_finish_once_free(once),
        flowseal_status::HandleStale
    );
    let later = finish(pending(), flow(&answer), once);
    assert_eq!(later.status(), flowseal_status::HandleStale);
    assert_eq!(database.asked.load(Ordering::SeqCst), 1);
}

#[test]
fn of_many_that_finish_at_once_one_wins() {
    let database = Database::default();
    let (kept, answer) = (json_of(pending()), sealed(builder(), GIVEN));
    let once = database.once();
    let mut statuses: Vec<flowseal_status> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let pending = from_json(&kept, config(2)).map_err(message).unwrap();
                    finish(pending, flow(&answer), once).status()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    statuses.sort_by_key(|status| *status as u32);
    let told = flowseal_status::PendingFinished;
    assert_eq!(statuses, [OK, told, told, told]);
}
