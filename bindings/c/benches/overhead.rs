//! What an entry of the C library costs over the core's own call: both in one run, in turns.
//!
//! `cargo bench -p flowseal-ffi`. A line gives the medians of both in microseconds, and their
//! difference.
#![allow(
    unsafe_code,
    reason = "the entries are called as C does; every pointer leads to a value of this program"
)]
#![allow(clippy::print_stdout, reason = "it is what this program is for")]

use std::hint::black_box;
use std::ptr::null_mut;
use std::time::Instant;

use flowseal::testkit::Sample;
use flowseal::{Error, Expectations, Flow};
use flowseal_ffi::decrypting_key::{flowseal_decrypting_key, flowseal_decrypting_key_load};
use flowseal_ffi::expectations::{flowseal_expectations, flowseal_expectations_for_reference};
use flowseal_ffi::flow::{flowseal_flow, flowseal_flow_free, flowseal_flow_from_json};
use flowseal_ffi::key_ring::{flowseal_key_ring, flowseal_key_ring_add, flowseal_key_ring_new};
use flowseal_ffi::opened_claims::{flowseal_opened_claims, flowseal_opened_claims_text};
use flowseal_ffi::status::flowseal_status;
use flowseal_ffi::verified_flow::{
    flowseal_verified_flow, flowseal_verified_flow_free, flowseal_verified_flow_iat_unix_seconds,
    flowseal_verified_flow_open,
};
use flowseal_ffi::verifier::{flowseal_verifier, flowseal_verifier_trusting};
use flowseal_ffi::verify::flowseal_flow_verify;
use flowseal_ffi::verifying_keys::{
    flowseal_verifying_keys, flowseal_verifying_keys_load, flowseal_verifying_keys_new,
};

const ROUNDS: usize = 2001;
const CLAIM: &str = "naming.given";

fn main() -> Result<(), Error> {
    let sample = Sample::new()?;
    let (json, now) = (sample.response(), sample.now()?);
    let seconds = i64::try_from(now.seconds()).unwrap_or(i64::MAX);
    let (verifier, ring) = (sample.verifier()?, sample.ring()?);
    let expectations = Expectations::for_reference(Sample::REFERENCE);
    let c = OfC::new(json);

    println!("{:>10} {:>10} {:>12}", "core", "C", "difference");
    compare(
        "parse and free",
        || (),
        |()| drop(black_box(Flow::from_json(json))),
        || {
            let mut flow = flowseal_flow { id: 0 };
            // SAFETY: the text and the place are this closure's.
            ok(unsafe {
                flowseal_flow_from_json(json.as_ptr().cast(), json.len(), &raw mut flow, null_mut())
            });
            ok(flowseal_flow_free(flow));
        },
    );
    let flow = sample.flow()?;
    compare(
        "verify and free",
        // In Rust the flow is handed over; in C its handle stays.
        || flow.clone(),
        |flow| drop(black_box(flow.verify(&verifier, &expectations, now))),
        || {
            let mut verified = flowseal_verified_flow { id: 0 };
            // SAFETY: the place is this closure's, and no other output is asked for.
            ok(unsafe {
                flowseal_flow_verify(
                    c.flow,
                    c.verifier,
                    c.expectations,
                    seconds,
                    &raw mut verified,
                    null_mut(),
                    null_mut(),
                )
            });
            ok(flowseal_verified_flow_free(verified));
        },
    );
    let verified = sample
        .flow()?
        .verify(&verifier, &expectations, now)
        .map_err(Error::from)?;
    let mut handle = flowseal_verified_flow { id: 0 };
    // SAFETY: as above.
    ok(unsafe {
        flowseal_flow_verify(
            c.flow,
            c.verifier,
            c.expectations,
            seconds,
            &raw mut handle,
            null_mut(),
            null_mut(),
        )
    });
    compare(
        "a moment",
        || (),
        |()| {
            black_box(black_box(&verified).iat());
        },
        || {
            let mut moment = 0;
            // SAFETY: the place is this closure's.
            ok(unsafe { flowseal_verified_flow_iat_unix_seconds(handle, &raw mut moment) });
            black_box(moment);
        },
    );
    let opened = verified.open(&ring)?;
    let mut claims = flowseal_opened_claims { id: 0 };
    // SAFETY: the place is this function's.
    ok(unsafe { flowseal_verified_flow_open(handle, c.ring, &raw mut claims, null_mut()) });
    compare(
        "a claim's text",
        || (),
        |()| {
            let text = opened
                .get(CLAIM)
                .map(|claim| claim.text().as_bytes().to_vec());
            drop(black_box(text));
        },
        || {
            let (mut text, mut len) = ([0_u8; 64], 0);
            // SAFETY: the path, the buffer and the place are this program's.
            ok(unsafe {
                flowseal_opened_claims_text(
                    claims,
                    CLAIM.as_ptr().cast(),
                    CLAIM.len(),
                    text.as_mut_ptr().cast(),
                    text.len(),
                    &raw mut len,
                )
            });
            black_box(text);
        },
    );
    Ok(())
}

/// What the entries need, made as C makes it.
struct OfC {
    flow: flowseal_flow,
    verifier: flowseal_verifier,
    expectations: flowseal_expectations,
    ring: flowseal_key_ring,
}

impl OfC {
    fn new(json: &[u8]) -> Self {
        let (app, user) = (Sample::APP_PRIVATE_PEM, Sample::USER_PUBLIC_PEM);
        let mut key = flowseal_decrypting_key { id: 0 };
        let mut keys = flowseal_verifying_keys { id: 0 };
        let mut made = Self {
            flow: flowseal_flow { id: 0 },
            verifier: flowseal_verifier { id: 0 },
            expectations: flowseal_expectations { id: 0 },
            ring: flowseal_key_ring { id: 0 },
        };
        // SAFETY: the texts and the places are this program's.
        unsafe {
            let none = null_mut();
            ok(flowseal_flow_from_json(
                json.as_ptr().cast(),
                json.len(),
                &raw mut made.flow,
                none,
            ));
            ok(flowseal_decrypting_key_load(
                app.as_ptr().cast(),
                app.len(),
                &raw mut key,
                none,
            ));
            ok(flowseal_key_ring_new(&raw mut made.ring));
            ok(flowseal_key_ring_add(made.ring, key, none));
            ok(flowseal_verifying_keys_new(&raw mut keys));
            ok(flowseal_verifying_keys_load(
                keys,
                user.as_ptr().cast(),
                user.len(),
                none,
            ));
            ok(flowseal_verifier_trusting(keys, &raw mut made.verifier));
            ok(flowseal_expectations_for_reference(
                Sample::REFERENCE.as_ptr().cast(),
                Sample::REFERENCE.len(),
                &raw mut made.expectations,
            ));
        }
        made
    }
}

fn ok(status: flowseal_status) {
    assert_eq!(status, flowseal_status::Ok);
}

/// Runs both in turns, and prints their medians.
fn compare<T>(name: &str, prepare: impl Fn() -> T, core: impl Fn(T), c: impl Fn()) {
    let (mut of_core, mut of_c) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let prepared = prepare();
        let start = Instant::now();
        core(prepared);
        of_core.push(start.elapsed());
        let start = Instant::now();
        c();
        of_c.push(start.elapsed());
    }
    let [core, c] = [of_core, of_c].map(|mut times| {
        times.sort_unstable();
        times[ROUNDS / 2].as_nanos() as f64 / 1000.0
    });
    println!("{core:>10.2} {c:>10.2} {:>12.2}  {name}", c - core);
}
