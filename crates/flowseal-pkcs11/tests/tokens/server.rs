//! A token in another process: `p11-kit server`, with SoftHSM2 behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flowseal::ErrorCode;
use flowseal_pkcs11::TokenOptions;

use crate::scene::Server;
use crate::softhsm::apps;
use crate::{GIVEN_NAME, flow_for, given_name, pin, public, ring, scene};

const URI: &str = "pkcs11:token=apps;object=app";

pub(crate) fn options() -> TokenOptions {
    TokenOptions::new()
        .with_module(scene::client())
        .with_pin(pin(scene::PIN))
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_flow_opens_with_a_key_of_another_process() {
    apps();
    let _server = Server::start("apps");
    let flow = flow_for(&public(&options(), URI));
    assert_eq!(
        given_name(&flow, &ring(&options(), URI)).unwrap(),
        GIVEN_NAME
    );
}

/// Its client has another list of functions for whoever asks again, with another connection.
#[test]
#[ignore = "cargo xtask tokens"]
fn a_key_of_another_process_that_asks_for_a_login_each_time_gets_one() {
    apps();
    let _server = Server::start("apps");
    let uri = "pkcs11:token=apps;object=asks";
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let options = options().with_sessions(2).with_pin_source(move |token| {
        assert_eq!(token, "apps");
        count.fetch_add(1, Ordering::SeqCst);
        Some(pin(scene::PIN))
    });
    let flow = flow_for(&public(&options, uri));
    let before = asked.load(Ordering::SeqCst);
    let ring = ring(&options, uri);
    assert_eq!(given_name(&flow, &ring).unwrap(), GIVEN_NAME);
    // Once for each of the two connections, and once for each of Ada's nine claims.
    assert_eq!(asked.load(Ordering::SeqCst) - before, 11);
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_server_that_was_killed_and_started_again_is_found_again() {
    apps();
    let mut server = Server::start("apps");
    let options = options().with_patience(Duration::from_secs(4));
    let flow = flow_for(&public(&options, URI));
    let ring = ring(&options, URI);
    assert_eq!(given_name(&flow, &ring).unwrap(), GIVEN_NAME);
    server.kill();
    // The third is met by a client that was initialised without a server.
    for _ in 0..3 {
        let error = given_name(&flow, &ring).unwrap_err();
        assert_eq!(error.code(), ErrorCode::KeyUnavailable, "{error}");
    }
    let _again = Server::start("apps");
    assert_eq!(given_name(&flow, &ring).unwrap(), GIVEN_NAME);
}
