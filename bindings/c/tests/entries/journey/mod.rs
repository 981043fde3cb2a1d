//! From the start of a flow to its end, called as C calls it: what the tests of it share.

mod audit;
mod budget;
mod pending;
mod received;
mod starts;
mod stream;
mod table;
mod words;

use std::ffi::c_void;
use std::ptr::{null, null_mut};

use flowseal::testkit::{FlowBuilder, KeyPair};
use flowseal_ffi::api_config::{
    flowseal_api_config, flowseal_api_config_new, flowseal_api_config_set_base_url,
    flowseal_api_config_set_ids,
};
use flowseal_ffi::binding::{flowseal_binding, flowseal_binding_new};
use flowseal_ffi::device::{flowseal_device, flowseal_device_different};
use flowseal_ffi::error::{flowseal_error, flowseal_error_status};
use flowseal_ffi::finish::{flowseal_pending_flow_finish, flowseal_pending_flow_finish_received};
use flowseal_ffi::finish_once::{flowseal_finish_once, flowseal_finish_once_in_memory};
use flowseal_ffi::flow::flowseal_flow;
use flowseal_ffi::flowseal_slice;
use flowseal_ffi::http_response::{flowseal_http_response, flowseal_http_response_new};
use flowseal_ffi::lists::{flowseal_check, flowseal_purpose};
use flowseal_ffi::pending::flowseal_pending_flow;
use flowseal_ffi::received_flow::flowseal_received_flow;
use flowseal_ffi::report::{flowseal_outcome, flowseal_report, flowseal_report_outcome_of};
use flowseal_ffi::start::{
    flowseal_api_config_identify, flowseal_created, flowseal_created_pending, flowseal_start,
    flowseal_start_read,
};
use flowseal_ffi::status::flowseal_status;
use flowseal_ffi::verified_flow::flowseal_verified_flow;
use flowseal_ffi::verifier::{flowseal_verifier, flowseal_verifier_trusting};
use flowseal_ffi::verifying_keys::{
    flowseal_verifying_keys, flowseal_verifying_keys_load, flowseal_verifying_keys_new,
};

use crate::call::{call, made, message, slice, tried};
use crate::sample::ring;

const OK: flowseal_status = flowseal_status::Ok;
const ADA: &str = "22212345610";
const GIVEN: &str = r#"{"naming": {"given": "Ada"}}"#;
const NOW: i64 = FlowBuilder::SIGNED_AT + 2;
const NOW_MS: u64 = NOW as u64 * 1000;

/// What the API answers the start of a flow with.
const ANSWER: &str = r#"{"status": "successful", "cost": 0.5, "data": {"request": {"id": "req_1",
    "iat": 1716820052, "exp": 1716820412, "user": "somebody else"},
    "link": "https://open.pasby.africa/hush", "seeds": ["one", "two"], "token": "eyJhush"}}"#;

#[expect(
    clippy::needless_pass_by_value,
    reason = "what was made is looked at no more"
)]
fn status_of<T>(outcome: Result<T, flowseal_error>) -> flowseal_status {
    match outcome {
        Ok(_) => OK,
        Err(error) => made!(OK; flowseal_error_status(error)).unwrap(),
    }
}

fn config(version: u32) -> flowseal_api_config {
    let (key, secret, organisation, app) = ("bk-test_1", "snb_1", "bcn_1", "app_1");
    let config = tried!(flowseal_api_config { id: 0 }; flowseal_api_config_new(
        version, 2, bytes(key), key.len(), bytes(secret), secret.len()))
    .map_err(message)
    .unwrap();
    assert_eq!(
        call!(flowseal_api_config_set_ids(
            config,
            bytes(organisation).cast(),
            organisation.len(),
            bytes(app).cast(),
            app.len()
        )),
        OK
    );
    config
}

fn based_at(url: &str) -> flowseal_api_config {
    let config = config(2);
    let set = call!(flowseal_api_config_set_base_url(
        config,
        bytes(url).cast(),
        url.len(),
        null_mut()
    ));
    assert_eq!(set, OK);
    config
}

fn bytes(text: &(impl AsRef<[u8]> + ?Sized)) -> *const c_void {
    text.as_ref().as_ptr().cast()
}

fn of_ada() -> flowseal_device {
    let device = tried!(flowseal_device { id: 0 };
        flowseal_device_different(bytes(ADA).cast(), ADA.len()));
    device.map_err(message).unwrap()
}

fn identify(
    config: flowseal_api_config,
    claims: &[&str],
    device: flowseal_device,
) -> Result<flowseal_start, flowseal_error> {
    let claims: Vec<flowseal_slice> = claims.iter().map(|claim| slice(claim)).collect();
    let (login, payload) = (flowseal_purpose::Login as u32, "Log in to Example");
    tried!(flowseal_start { id: 0 }; flowseal_api_config_identify(
        config, login, claims.as_ptr(), claims.len(), bytes(payload).cast(), payload.len(), device))
}

fn http(status: u16, body: &str) -> flowseal_http_response {
    made!(flowseal_http_response { id: 0 };
        flowseal_http_response_new(status, bytes(body), body.len()))
    .unwrap()
}

fn read(start: flowseal_start, body: &str) -> Result<flowseal_created, flowseal_error> {
    tried!(flowseal_created { id: 0 }; flowseal_start_read(start, http(201, body)))
}

fn browser(secret: &[u8]) -> flowseal_binding {
    let browser = tried!(flowseal_binding { id: 0 };
        flowseal_binding_new(bytes(secret), secret.len()));
    browser.map_err(message).unwrap()
}

fn pending_of(start: flowseal_start) -> flowseal_pending_flow {
    let created = read(start, ANSWER).map_err(message).unwrap();
    let browser = browser(&[7; 16]);
    let pending = tried!(flowseal_pending_flow { id: 0 };
        flowseal_created_pending(created, &raw const browser));
    pending.map_err(message).unwrap()
}

/// Of Ada, on another device, for her given name.
fn pending() -> flowseal_pending_flow {
    pending_of(
        identify(config(2), &["naming.given"], of_ada())
            .map_err(message)
            .unwrap(),
    )
}

fn builder() -> FlowBuilder {
    FlowBuilder::new("req_1").requester("bcn_1").requestee(ADA)
}

fn sealed(builder: FlowBuilder, claims: &str) -> String {
    let (app, user) = (
        KeyPair::sample_app().unwrap(),
        KeyPair::sample_user().unwrap(),
    );
    let builder = builder.claims(claims.as_bytes()).unwrap();
    let sealed = builder.seal(&app.sealing_key().unwrap(), &user.signing_key().unwrap());
    sealed.unwrap().to_json()
}

fn without_signature(answer: &str) -> String {
    let mut tree: serde_json::Value = serde_json::from_str(answer).unwrap();
    let request = tree["data"]["request"].as_object_mut().unwrap();
    assert!(request.remove("signature").is_some());
    tree.to_string()
}

fn verifier() -> flowseal_verifier {
    let user = KeyPair::sample_user().unwrap();
    let (keys, pem) = (
        made!(flowseal_verifying_keys { id: 0 }; flowseal_verifying_keys_new()).unwrap(),
        user.public_pem(),
    );
    let loaded = call!(flowseal_verifying_keys_load(
        keys,
        bytes(pem),
        pem.len(),
        null_mut()
    ));
    assert_eq!(loaded, OK);
    made!(flowseal_verifier { id: 0 }; flowseal_verifier_trusting(keys)).unwrap()
}

fn in_memory() -> flowseal_finish_once {
    made!(flowseal_finish_once { id: 0 }; flowseal_finish_once_in_memory()).unwrap()
}

/// An end, with what the report says of one check.
struct End<T> {
    outcome: Result<T, flowseal_error>,
    report: flowseal_report,
}

impl<T> End<T> {
    fn check(&self, check: flowseal_check) -> flowseal_outcome {
        let nothing = flowseal_outcome::NotAsked;
        made!(nothing; flowseal_report_outcome_of(self.report, check as u32)).unwrap()
    }

    fn status(self) -> flowseal_status {
        status_of(self.outcome)
    }
}

fn finish(
    pending: flowseal_pending_flow,
    flow: flowseal_flow,
    once: flowseal_finish_once,
) -> End<flowseal_verified_flow> {
    finish_with(pending, flow, verifier(), once)
}

fn finish_with(
    pending: flowseal_pending_flow,
    flow: flowseal_flow,
    verifier: flowseal_verifier,
    once: flowseal_finish_once,
) -> End<flowseal_verified_flow> {
    let browser = browser(&[7; 16]);
    let mut report = flowseal_report { id: 0 };
    let mut verified = flowseal_verified_flow { id: 0 };
    let mut error = flowseal_error { id: 0 };
    let status = call!(flowseal_pending_flow_finish(
        pending,
        flow,
        verifier,
        once,
        &raw const browser,
        NOW,
        &raw mut verified,
        &raw mut report,
        &raw mut error
    ));
    let outcome = if status == OK {
        Ok(verified)
    } else {
        assert_eq!(verified.id, 0);
        Err(error)
    };
    End { outcome, report }
}

fn finish_received(
    pending: flowseal_pending_flow,
    flow: flowseal_flow,
    verifier: Option<flowseal_verifier>,
    once: flowseal_finish_once,
) -> End<flowseal_received_flow> {
    let browser = browser(&[7; 16]);
    let mut report = flowseal_report { id: 0 };
    let mut received = flowseal_received_flow { id: 0 };
    let mut error = flowseal_error { id: 0 };
    let status = call!(flowseal_pending_flow_finish_received(
        pending,
        flow,
        verifier.as_ref().map_or(null(), std::ptr::from_ref),
        once,
        &raw const browser,
        NOW,
        &raw mut received,
        &raw mut report,
        &raw mut error
    ));
    let outcome = if status == OK {
        Ok(received)
    } else {
        assert_eq!(received.id, 0);
        Err(error)
    };
    End { outcome, report }
}
