//! A token in another process: `p11-kit server`, with SoftHSM2 behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flowseal::ErrorCode;
use flowseal_pkcs11::TokenOptions;

use crate::forks::{end_by_signals_of_pipes, in_child};
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

/// The client itself says nothing of it: it has no token, as a machine without one.
#[test]
#[ignore = "cargo xtask tokens"]
fn a_client_without_its_server_says_where_to_look() {
    apps();
    let refused = crate::load(&options(), URI).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::KeyKind);
    let sentence = refused.to_string();
    assert!(sentence.contains("P11_KIT_SERVER_ADDRESS"), "{sentence}");
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

/// Unlike SoftHSM's, this module notices the fork, and the child has a connection of its own.
#[test]
#[ignore = "cargo xtask tokens"]
fn a_forked_process_has_a_connection_of_its_own() {
    apps();
    let _server = Server::start("apps");
    let flow = flow_for(&public(&options(), URI));
    let ring = ring(&options(), URI);
    assert_eq!(given_name(&flow, &ring).unwrap(), GIVEN_NAME);
    let status = in_child(|| {
        let held =
            given_name(&flow, &ring).is_err_and(|error| error.code() == ErrorCode::KeyUnavailable);
        let anew = crate::ring(&options(), URI);
        let opens = given_name(&flow, &anew).is_ok_and(|name| name == GIVEN_NAME);
        drop(anew);
        held && opens
    });
    assert_eq!(status, 0);
    assert_eq!(given_name(&flow, &ring).unwrap(), GIVEN_NAME);
}

/// Programs of C end where they write to what is closed, unless they say otherwise.
#[test]
#[ignore = "cargo xtask tokens"]
fn a_program_that_ends_by_signals_of_pipes_does_not_end_with_its_server() {
    apps();
    scene::in_a_process("server::child_ends_by_signals_of_pipes");
}

#[test]
#[ignore = "the test above runs it"]
fn child_ends_by_signals_of_pipes() {
    end_by_signals_of_pipes();
    let mut server = Server::start("apps");
    let options = options().with_patience(Duration::from_secs(2));
    let flow = flow_for(&public(&options, URI));
    let ring = ring(&options, URI);
    assert_eq!(given_name(&flow, &ring).unwrap(), GIVEN_NAME);
    server.kill();
    let error = given_name(&flow, &ring).unwrap_err();
    assert_eq!(error.code(), ErrorCode::KeyUnavailable, "{error}");
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
