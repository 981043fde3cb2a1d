//! Events of the audit, from the start of a flow to its claims, as lines of JSON.

use std::ptr::{from_ref, null, null_mut, without_provenance};

use flowseal_ffi::audit::{
    flowseal_audit, flowseal_audit_cancel_asked, flowseal_audit_created,
    flowseal_audit_created_error, flowseal_audit_ended, flowseal_audit_ended_error,
    flowseal_audit_finished, flowseal_audit_finished_error, flowseal_audit_finished_received,
    flowseal_audit_free, flowseal_audit_new, flowseal_audit_new_with, flowseal_audit_opened,
    flowseal_audit_opened_error, flowseal_audit_picked_up, flowseal_audit_started,
};
use flowseal_ffi::lists::flowseal_check;
use flowseal_ffi::opened_claims::flowseal_opened_claims;
use flowseal_ffi::status::flowseal_status;
use flowseal_ffi::verified_flow::flowseal_verified_flow_open;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::received::{ended, properly, receiving, signed, unsigned};
use super::{
    ADA, ANSWER, GIVEN, NOW, OK, builder, bytes, config, finish, finish_received, identify,
    in_memory, of_ada, pending_of, read, ring, sealed, status_of,
};
use crate::call::{call, flow, made, message, text, tried};

const KEY: [u8; 32] = [7; 32];

fn keyed(key: &[u8]) -> Result<flowseal_audit, flowseal_status> {
    let audit = tried!(flowseal_audit { id: 0 };
        flowseal_audit_new_with(bytes(key), key.len()));
    audit.map_err(|error| status_of::<()>(Err(error)))
}

fn parsed(text: Result<String, flowseal_status>) -> Value {
    serde_json::from_str(&text.unwrap()).unwrap()
}

/// RFC 2104, by hand.
fn person_of(number: &str) -> String {
    let pad = |with: u8| {
        let mut block = [with; 64];
        for (byte, of_key) in block.iter_mut().zip(KEY) {
            *byte ^= of_key;
        }
        block
    };
    let inner = Sha256::new_with_prefix(pad(0x36))
        .chain_update(b"flowseal-audit-person-v1\0")
        .chain_update(number)
        .finalize();
    let outer = Sha256::new_with_prefix(pad(0x5c)).chain_update(inner);
    let mac = outer.finalize();
    mac.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What every event has, and what this one has beside it.
fn event(kind: &str, outcome: &str, more: &Value) -> Value {
    let mut event = json!({"flowseal_audit": 1, "event": kind, "at": NOW, "outcome": outcome,
        "method": "identification", "action": "login", "device": "different-device",
        "person": person_of(ADA)});
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

#[test]
fn a_flow_leaves_a_line_for_each_thing_that_happens_to_it() {
    let audit = keyed(&KEY).unwrap();
    let start = identify(config(2), &["naming.given"], of_ada());
    let start = start.map_err(message).unwrap();
    let took = 120_u64;
    let timed = from_ref(&took);

    let line = parsed(text!(flowseal_audit_started(audit, start, NOW)));
    assert_eq!(line, event("started", "done", &json!({})));
    let created = read(start, ANSWER).map_err(message).unwrap();
    let line = text!(flowseal_audit_created(audit, start, created, NOW, timed));
    assert_eq!(
        parsed(line),
        event("created", "done", &json!({"flow": "req_1", "took_ms": 120}))
    );

    let pending = pending_of(start);
    let line = parsed(text!(flowseal_audit_picked_up(audit, pending, NOW)));
    assert_eq!(line, event("picked_up", "done", &json!({"flow": "req_1"})));
    let line = parsed(text!(flowseal_audit_cancel_asked(audit, pending, NOW)));
    assert_eq!(
        line,
        event("cancel_asked", "done", &json!({"flow": "req_1"}))
    );
    let complete = flow(&signed());
    let times = json!({"flow": "req_1", "age_s": 71, "response_s": 69});
    let line = text!(flowseal_audit_ended(audit, pending, complete, NOW, null()));
    assert_eq!(parsed(line), event("ended", "done", &times));

    let verified = finish(pending, complete, in_memory()).outcome;
    let verified = verified.map_err(message).unwrap();
    let line = text!(flowseal_audit_finished(
        audit,
        pending,
        verified,
        NOW,
        null()
    ));
    let mut trusted = times;
    trusted["trust"] = json!("signed");
    assert_eq!(parsed(line), event("finished", "done", &trusted));
    let received = ended(receiving(pending), &unsigned(), &properly);
    let received = finish_received(pending, received, None, in_memory()).outcome;
    let received = received.map_err(message).unwrap();
    let line = text!(flowseal_audit_finished_received(
        audit,
        pending,
        received,
        NOW,
        null()
    ));
    trusted["trust"] = json!("received");
    assert_eq!(parsed(line), event("finished", "done", &trusted));

    let claims = tried!(flowseal_opened_claims { id: 0 };
        flowseal_verified_flow_open(verified, ring()));
    let claims = claims.map_err(message).unwrap();
    let line = text!(flowseal_audit_opened(audit, pending, claims, NOW, timed));
    let more = json!({"flow": "req_1", "trust": "signed", "took_ms": 120});
    assert_eq!(parsed(line), event("opened", "done", &more));

    assert_eq!(flowseal_audit_free(audit), OK);
    let line = text!(flowseal_audit_started(audit, start, NOW));
    assert_eq!(line, Err(flowseal_status::HandleStale));
}

#[test]
fn what_does_not_go_well_has_its_code_and_its_check() {
    let audit = keyed(&KEY).unwrap();
    let start = identify(config(2), &["naming.given"], of_ada());
    let start = start.map_err(message).unwrap();
    let pending = pending_of(start);
    let refused = status_of(read(start, "{}"));
    let line = text!(flowseal_audit_created_error(
        audit,
        start,
        refused as u32,
        0,
        NOW,
        null()
    ));
    let more = json!({"code": "api_answer"});
    assert_eq!(parsed(line), event("created", "failed", &more));
    let line = text!(flowseal_audit_ended_error(
        audit,
        pending,
        flowseal_status::FlowExpired as u32,
        0,
        NOW,
        null()
    ));
    let more = json!({"code": "flow_expired", "flow": "req_1"});
    assert_eq!(parsed(line), event("ended", "ended", &more));

    let another = flow(&sealed(builder().requestee("22212345611"), GIVEN));
    let refused = finish(pending, another, in_memory()).status();
    let line = text!(flowseal_audit_finished_error(
        audit,
        pending,
        refused as u32,
        flowseal_check::Requestee as u32,
        NOW,
        null()
    ));
    let more = json!({"code": "expectation_failed", "check": "requestee", "flow": "req_1"});
    assert_eq!(parsed(line), event("finished", "refused", &more));
    let line = text!(flowseal_audit_opened_error(
        audit,
        pending,
        flowseal_status::ClaimUnopenable as u32,
        0,
        NOW,
        null()
    ));
    let more = json!({"code": "claim_unopenable", "flow": "req_1"});
    assert_eq!(parsed(line), event("opened", "refused", &more));

    // What is no reason, or none of a flow.
    for (status, check) in [
        (0, 0),
        (flowseal_status::Callback as u32, 0),
        (flowseal_status::HandleStale as u32, 0),
        (u32::MAX, 0),
        (flowseal_status::ExpectationFailed as u32, 12),
        (flowseal_status::ExpectationFailed as u32, u32::MAX),
    ] {
        let line = text!(flowseal_audit_opened_error(
            audit,
            pending,
            status,
            check,
            NOW,
            null()
        ));
        assert_eq!(line, Err(flowseal_status::Usage), "{status} {check}");
    }
}

#[test]
fn without_a_key_nobody_is_named_and_a_short_one_is_refused() {
    let start = identify(config(2), &["naming.given"], of_ada());
    let start = start.map_err(message).unwrap();
    let audit = made!(flowseal_audit { id: 0 }; flowseal_audit_new()).unwrap();
    let line = text!(flowseal_audit_started(audit, start, NOW)).unwrap();
    assert!(!line.contains("person") && !line.contains(ADA), "{line}");
    for key in [&KEY[1..], &[]] {
        assert_eq!(keyed(key).err(), Some(flowseal_status::Usage));
    }
    let before = text!(flowseal_audit_started(audit, start, -1));
    assert_eq!(before, Err(flowseal_status::Time));
    let mut len = 0;
    let mut short = [0_u8; 8];
    let told = call!(flowseal_audit_started(
        audit,
        start,
        NOW,
        short.as_mut_ptr().cast(),
        short.len(),
        &raw mut len
    ));
    assert_eq!((told, len), (flowseal_status::ShortBuffer, line.len()));
    assert_eq!(short, [0; 8]);
    // No number can stand at an odd address, and none is read there.
    let created = read(start, ANSWER).map_err(message).unwrap();
    let odd = without_provenance(1);
    let misaligned = text!(flowseal_audit_created(audit, start, created, NOW, odd));
    assert_eq!(misaligned, Err(flowseal_status::Pointer));
    let nowhere = call!(flowseal_audit_new(null_mut()));
    assert_eq!(nowhere, flowseal_status::Pointer);
}
