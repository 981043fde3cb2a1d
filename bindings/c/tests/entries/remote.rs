//! Keys whose private half is elsewhere: a function of C's, and the resumable form.

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use flowseal::testkit::{FlowBuilder, Holder, KeyPair, Persona};
use flowseal_ffi::decrypting_key::{
    flowseal_decrypting_key, flowseal_decrypting_key_fingerprint, flowseal_decrypting_key_free,
};
use flowseal_ffi::error::{flowseal_error, flowseal_error_status};
use flowseal_ffi::expectations::{flowseal_expectations, flowseal_expectations_unbound};
use flowseal_ffi::key_ring::{flowseal_key_ring, flowseal_key_ring_free};
use flowseal_ffi::opened_claims::{
    flowseal_opened_claims, flowseal_opened_claims_report, flowseal_opened_claims_to_json,
};
use flowseal_ffi::opening::{
    flowseal_begin_opening_many_unverified, flowseal_flow_begin_opening_unverified,
    flowseal_opening, flowseal_opening_finish, flowseal_opening_finish_many, flowseal_opening_free,
    flowseal_opening_missing_count, flowseal_opening_operation_ciphertext,
    flowseal_opening_operation_count, flowseal_opening_operation_fingerprint,
    flowseal_opening_operation_id, flowseal_opening_supply,
};
use flowseal_ffi::options::{flowseal_open_options, flowseal_open_options_new};
use flowseal_ffi::remote::{
    flowseal_decrypting_key_is_remote, flowseal_decrypting_key_remote,
    flowseal_decrypting_key_remote_from_numbers, flowseal_raw_operation,
    flowseal_remote_key_options, flowseal_remote_key_options_free, flowseal_remote_key_options_new,
    flowseal_remote_key_options_set_holder, flowseal_verifying_keys_add_numbers,
};
use flowseal_ffi::report::{flowseal_report, flowseal_report_to_json};
use flowseal_ffi::status::flowseal_status;
use flowseal_ffi::verify::flowseal_flow_open_unverified;
use flowseal_ffi::verifying_keys::{
    flowseal_verifying_keys, flowseal_verifying_keys_count, flowseal_verifying_keys_new,
};

use serde_json::Value;

use crate::call::{call, flow, made, message, text, tried, written};
use crate::sample::{app_private_key, ring, ring_of};

/// What the function is given: who computes, what is done to the results, and how often it was
/// called and freed.
struct Context {
    holder: Holder,
    status: i32,
    spoils: bool,
    calls: AtomicUsize,
    frees: &'static AtomicUsize,
    /// What the first call does besides.
    during: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

extern "C" fn compute(
    context: *mut c_void,
    operations: *const flowseal_raw_operation,
    count: usize,
    results: *mut u8,
) -> i32 {
    // SAFETY: the context is the one that was given with this function, and lives until it is
    // released.
    let context = unsafe { &*context.cast::<Context>() };
    context.calls.fetch_add(1, Ordering::Relaxed);
    let during = context.during.lock().unwrap().take();
    if let Some(during) = during {
        during();
    }
    for index in 0..count {
        // SAFETY: there are `count` operations, each with as many bytes as it says, and as many
        // bytes for each result.
        let (operation, ciphertext) = unsafe {
            let operation = &*operations.add(index);
            let len = operation.ciphertext_len;
            (
                operation,
                std::slice::from_raw_parts(operation.ciphertext, len),
            )
        };
        assert_eq!(operation.fingerprint[64], 0);
        let result = context.holder.compute(ciphertext).unwrap();
        // SAFETY: as above.
        unsafe {
            let place = results.add(index * result.len());
            place.copy_from_nonoverlapping(result.as_ptr(), result.len());
            if context.spoils {
                *place.add(9) ^= 1;
            }
        }
    }
    context.status
}

extern "C" fn release(context: *mut c_void) {
    // SAFETY: it is the box that was given with this function, and this is the one call.
    let context = unsafe { Box::from_raw(context.cast::<Context>()) };
    context.frees.fetch_add(1, Ordering::Relaxed);
}

fn options_with(
    frees: &'static AtomicUsize,
    status: i32,
    spoils: bool,
) -> (flowseal_remote_key_options, *const Context) {
    let pair = KeyPair::sample_app().unwrap();
    let context = Box::into_raw(Box::new(Context {
        holder: Holder::load(pair.private_pem().as_bytes()).unwrap(),
        status,
        spoils,
        calls: AtomicUsize::new(0),
        frees,
        during: Mutex::default(),
    }));
    let options = made!(flowseal_remote_key_options { id: 0 }; flowseal_remote_key_options_new());
    let options = options.unwrap();
    let set = call!(flowseal_remote_key_options_set_holder(
        options,
        Some(compute),
        context.cast(),
        Some(release)
    ));
    assert_eq!(set, flowseal_status::Ok);
    (options, context)
}

/// A ring of the app's key, whose results are supplied.
pub(crate) fn waiting() -> flowseal_key_ring {
    let options = made!(flowseal_remote_key_options { id: 0 }; flowseal_remote_key_options_new());
    ring_of(remote(options.unwrap()))
}

/// Supplies every result, from the last to the first, and gives how many there were.
pub(crate) fn supplied(opening: flowseal_opening) -> usize {
    let pair = KeyPair::sample_app().unwrap();
    let holder = Holder::load(pair.private_pem().as_bytes()).unwrap();
    let count = made!(0; flowseal_opening_operation_count(opening)).unwrap();
    for index in (0..count).rev() {
        let ciphertext = written!(flowseal_opening_operation_ciphertext(opening, index));
        let result = holder.compute(&ciphertext.unwrap()).unwrap();
        let id = made!(0; flowseal_opening_operation_id(opening, index)).unwrap();
        let taken = call!(flowseal_opening_supply(
            opening,
            id,
            result.as_ptr().cast(),
            result.len(),
            null_mut()
        ));
        assert_eq!(taken, flowseal_status::Ok);
    }
    count
}

fn remote(options: flowseal_remote_key_options) -> flowseal_decrypting_key {
    let pair = KeyPair::sample_app().unwrap();
    let pem = pair.public_pem();
    tried!(flowseal_decrypting_key { id: 0 };
        flowseal_decrypting_key_remote(pem.as_ptr().cast(), pem.len(), options))
    .map_err(message)
    .unwrap()
}

fn sealed() -> String {
    let app = KeyPair::sample_app().unwrap().sealing_key().unwrap();
    let user = KeyPair::sample_user().unwrap().signing_key().unwrap();
    let flow = FlowBuilder::new("req_1").persona(&Persona::ADA);
    flow.seal(&app, &user).unwrap().to_json()
}

/// The sample's claims and report, opened with this ring, or the status of what refuses it.
pub(crate) fn open(ring: flowseal_key_ring) -> Result<String, flowseal_status> {
    open_as(&sealed(), ring)
}

fn open_as(json: &str, ring: flowseal_key_ring) -> Result<String, flowseal_status> {
    let expectations = made!(flowseal_expectations { id: 0 }; flowseal_expectations_unbound());
    let options = made!(flowseal_open_options { id: 0 }; flowseal_open_options_new());
    let (expectations, options) = (expectations.unwrap(), options.unwrap());
    let (mut claims, mut error) = (flowseal_opened_claims { id: 0 }, flowseal_error { id: 0 });
    let status = call!(flowseal_flow_open_unverified(
        flow(json),
        ring,
        expectations,
        FlowBuilder::SIGNED_AT,
        options,
        &raw mut claims,
        null_mut(),
        &raw mut error
    ));
    match status {
        flowseal_status::Ok => Ok(shown(claims)),
        refused => {
            let said = made!(flowseal_status::Ok; flowseal_error_status(error));
            assert_eq!(said, Ok(refused));
            Err(refused)
        }
    }
}

fn shown(claims: flowseal_opened_claims) -> String {
    let report = made!(flowseal_report { id: 0 }; flowseal_opened_claims_report(claims));
    let report = text!(flowseal_report_to_json(report.unwrap())).unwrap();
    let claims = text!(flowseal_opened_claims_to_json(claims)).unwrap();
    format!("{claims} {report}")
}

#[test]
fn a_spoilt_flow_is_refused_alike_where_a_function_computes() {
    static FREES: AtomicUsize = AtomicUsize::new(0);
    let (options, _) = options_with(&FREES, 0, false);
    let ring = ring_of(remote(options));
    let sealed: Value = serde_json::from_str(&sealed()).unwrap();
    for (leaf, status) in [
        ("no base64".to_owned(), flowseal_status::ClaimBase64),
        ("A".repeat(342) + "==", flowseal_status::ClaimRange),
        ("AQ".repeat(171) + "==", flowseal_status::ClaimUnopenable),
        ("AQ".repeat(132), flowseal_status::ClaimLength),
    ] {
        let mut spoilt = sealed.clone();
        let given = spoilt.pointer_mut("/data/request/claims/naming/given");
        *given.unwrap() = leaf.into();
        let spoilt = spoilt.to_string();
        assert_eq!(open_as(&spoilt, ring_of(app_private_key())), Err(status));
        assert_eq!(open_as(&spoilt, ring), Err(status));
    }
}

#[test]
fn a_function_may_open_flows_and_free_what_it_computes_for() {
    static FREES: AtomicUsize = AtomicUsize::new(0);
    let (options, context) = options_with(&FREES, 0, false);
    let key = remote(options);
    let ring = ring_of(key);
    let expected = open(ring_of(app_private_key()));
    let during = {
        let expected = expected.clone();
        Box::new(move || {
            // With a key that is here, and with its own.
            assert_eq!(open(ring_of(app_private_key())), expected);
            assert_eq!(open(ring), expected);
            for freed in [
                flowseal_remote_key_options_free(options),
                flowseal_decrypting_key_free(key),
                flowseal_key_ring_free(ring),
            ] {
                assert_eq!(freed, flowseal_status::Ok);
            }
            assert_eq!(FREES.load(Ordering::Relaxed), 0);
        })
    };
    // SAFETY: it is not freed before the last of the handles, in the call below.
    *unsafe { &*context }.during.lock().unwrap() = Some(during);
    assert_eq!(open(ring), expected);
    assert_eq!(FREES.load(Ordering::Relaxed), 1);
    assert_eq!(open(ring), Err(flowseal_status::HandleStale));
}

#[test]
fn a_function_computes_and_its_context_is_freed_once() {
    static FREES: AtomicUsize = AtomicUsize::new(0);
    let (options, context) = options_with(&FREES, 0, false);
    let key = remote(options);
    let is_remote = |key| made!(false; flowseal_decrypting_key_is_remote(key));
    assert_eq!(
        (is_remote(key), is_remote(app_private_key())),
        (Ok(true), Ok(false))
    );
    let elsewhere = ring_of(key);
    assert_eq!(open(elsewhere), open(ring()));
    // SAFETY: it is not freed before the last of the handles below.
    assert_eq!(unsafe { &*context }.calls.load(Ordering::Relaxed), 1);

    assert_eq!(
        flowseal_remote_key_options_free(options),
        flowseal_status::Ok
    );
    assert_eq!(flowseal_decrypting_key_free(key), flowseal_status::Ok);
    assert!(open(elsewhere).is_ok());
    assert_eq!(FREES.load(Ordering::Relaxed), 0);
    assert_eq!(flowseal_key_ring_free(elsewhere), flowseal_status::Ok);
    assert_eq!(FREES.load(Ordering::Relaxed), 1);
    assert_eq!(
        flowseal_key_ring_free(elsewhere),
        flowseal_status::HandleStale
    );
    assert_eq!(FREES.load(Ordering::Relaxed), 1);
}

#[test]
fn what_it_returns_is_an_error_and_what_it_spoils_a_fault() {
    static FREES: AtomicUsize = AtomicUsize::new(0);
    for (status, spoils, refused) in [
        (1, false, flowseal_status::KeyUnavailable),
        (-7, true, flowseal_status::KeyUnavailable),
        (0, true, flowseal_status::InternalFault),
    ] {
        let (options, _) = options_with(&FREES, status, spoils);
        assert_eq!(open(ring_of(remote(options))), Err(refused));
    }
    // Another one takes the place of the first, whose context is freed with the last key of it.
    let (options, _) = options_with(&FREES, 1, false);
    let before = FREES.load(Ordering::Relaxed);
    let set = call!(flowseal_remote_key_options_set_holder(
        options,
        Some(compute),
        null_mut(),
        None
    ));
    assert_eq!(set, flowseal_status::Ok);
    assert_eq!(FREES.load(Ordering::Relaxed), before + 1);
}

#[test]
fn results_are_supplied_in_any_order_and_nothing_is_lost() {
    let options = made!(flowseal_remote_key_options { id: 0 }; flowseal_remote_key_options_new());
    let key = remote(options.unwrap());
    let elsewhere = ring_of(key);
    assert_eq!(open(elsewhere), Err(flowseal_status::Usage));

    let begin = || {
        let expectations = made!(flowseal_expectations { id: 0 }; flowseal_expectations_unbound());
        let options = made!(flowseal_open_options { id: 0 }; flowseal_open_options_new());
        tried!(flowseal_opening { id: 0 }; flowseal_flow_begin_opening_unverified(
            flow(&sealed()), elsewhere, expectations.unwrap(), FlowBuilder::SIGNED_AT,
            options.unwrap()))
        .map_err(message)
        .unwrap()
    };
    let (opening, other) = (begin(), begin());
    assert_eq!(flowseal_decrypting_key_free(key), flowseal_status::Ok);
    assert_eq!(flowseal_key_ring_free(elsewhere), flowseal_status::Ok);

    let count = made!(0; flowseal_opening_operation_count(opening)).unwrap();
    assert_eq!(count, 9);
    let id = |opening, index| made!(0; flowseal_opening_operation_id(opening, index));
    assert_eq!(id(opening, 9), Err(flowseal_status::Index));
    let supply = |id: u64, result: &[u8]| {
        call!(flowseal_opening_supply(
            opening,
            id,
            result.as_ptr().cast(),
            result.len(),
            null_mut()
        ))
    };
    let finish = || {
        let mut claims = flowseal_opened_claims { id: 0 };
        let status = call!(flowseal_opening_finish(
            opening,
            &raw mut claims,
            null_mut()
        ));
        (status, claims)
    };
    let pair = KeyPair::sample_app().unwrap();
    let holder = Holder::load(pair.private_pem().as_bytes()).unwrap();
    for index in (0..count).rev() {
        assert_eq!(finish().0, flowseal_status::Usage);
        let missing = made!(0; flowseal_opening_missing_count(opening));
        assert_eq!(missing, Ok(index + 1));
        let fingerprint = text!(flowseal_opening_operation_fingerprint(opening, index));
        assert_eq!(
            fingerprint,
            text!(flowseal_decrypting_key_fingerprint(app_private_key()))
        );
        let ciphertext = written!(flowseal_opening_operation_ciphertext(opening, index));
        let result = holder.compute(&ciphertext.unwrap()).unwrap();
        let own = id(opening, index).unwrap();
        assert_eq!(supply(own, &result[1..]), flowseal_status::Usage);
        assert_eq!(
            supply(id(other, index).unwrap(), &result),
            flowseal_status::Usage
        );
        assert_eq!(supply(own, &result), flowseal_status::Ok);
        assert_eq!(supply(own, &result), flowseal_status::Usage);
    }
    let (mut status, mut claims) = (flowseal_status::Ok, flowseal_opened_claims { id: 0 });
    let of_another_kind = call!(flowseal_opening_finish_many(
        opening,
        1,
        &raw mut status,
        &raw mut claims,
        null_mut(),
        null_mut()
    ));
    assert_eq!(of_another_kind, flowseal_status::Usage);
    let (status, claims) = finish();
    assert_eq!(status, flowseal_status::Ok);
    assert_eq!(Ok(shown(claims)), open(ring()));
    assert_eq!(finish().0, flowseal_status::Usage);
    assert_eq!(flowseal_opening_free(opening), flowseal_status::Ok);
    assert_eq!(flowseal_opening_free(opening), flowseal_status::HandleStale);
}

/// What each flow of an opening of many came to.
fn finished(
    opening: flowseal_opening,
    count: usize,
) -> Result<Vec<Result<String, flowseal_status>>, flowseal_status> {
    let mut statuses = vec![flowseal_status::Ok; count];
    let mut claims = vec![flowseal_opened_claims { id: 0 }; count];
    let ended = call!(flowseal_opening_finish_many(
        opening,
        count,
        statuses.as_mut_ptr(),
        claims.as_mut_ptr(),
        null_mut(),
        null_mut()
    ));
    if ended != flowseal_status::Ok {
        return Err(ended);
    }
    let each = statuses.into_iter().zip(claims);
    Ok(each
        .map(|(status, claims)| match status {
            flowseal_status::Ok => Ok(shown(claims)),
            refused => Err(refused),
        })
        .collect())
}

#[test]
fn flows_that_nobody_verified_are_one_list_of_operations() {
    let cancelled = sealed().replace("\"cancelled\":false", "\"cancelled\":true");
    let flows = [flow(&sealed()), flow(&cancelled), flow(&sealed())];
    let begin = |now| {
        let expectations = made!(flowseal_expectations { id: 0 }; flowseal_expectations_unbound());
        let options = made!(flowseal_open_options { id: 0 }; flowseal_open_options_new());
        tried!(flowseal_opening { id: 0 }; flowseal_begin_opening_many_unverified(
            flows.as_ptr(), flows.len(), waiting(), expectations.unwrap(), now, options.unwrap()))
        .map_err(|error| made!(flowseal_status::Ok; flowseal_error_status(error)).unwrap())
    };
    assert_eq!(begin(-1).err(), Some(flowseal_status::Time));
    let opening = begin(FlowBuilder::SIGNED_AT).unwrap();
    assert_eq!(finished(opening, 3), Err(flowseal_status::Usage));
    assert_eq!(supplied(opening), 18);
    assert_eq!(finished(opening, 2), Err(flowseal_status::Usage));
    let all = open(ring());
    let expected = [all.clone(), Err(flowseal_status::FlowCancelled), all];
    assert_eq!(finished(opening, 3).unwrap(), expected);
    assert_eq!(finished(opening, 3), Err(flowseal_status::Usage));
}

#[test]
fn a_key_is_made_of_its_numbers() {
    let options = made!(flowseal_remote_key_options { id: 0 }; flowseal_remote_key_options_new());
    let options = options.unwrap();
    let keys = made!(flowseal_verifying_keys { id: 0 }; flowseal_verifying_keys_new()).unwrap();
    let add = |modulus: &[u8], exponent: &[u8]| {
        call!(flowseal_verifying_keys_add_numbers(
            keys,
            modulus.as_ptr().cast(),
            modulus.len(),
            exponent.as_ptr().cast(),
            exponent.len(),
            null_mut()
        ))
    };
    let make = |modulus: &[u8], exponent: &[u8]| {
        let made = tried!(flowseal_decrypting_key { id: 0 };
            flowseal_decrypting_key_remote_from_numbers(
                modulus.as_ptr().cast(), modulus.len(),
                exponent.as_ptr().cast(), exponent.len(), options));
        made.map_err(|error| made!(flowseal_status::Ok; flowseal_error_status(error)).unwrap())
    };
    for (modulus, status) in [
        (vec![0xff; 256], flowseal_status::KeyWeak),
        (vec![0xff; 100], flowseal_status::KeySize),
        (vec![0xfe; 256], flowseal_status::KeyInvalid),
    ] {
        assert_eq!(add(&modulus, &[1, 0, 1]), status);
        assert_eq!(make(&modulus, &[1, 0, 1]).err(), Some(status));
    }
    assert_eq!(made!(0; flowseal_verifying_keys_count(keys)), Ok(0));
}
