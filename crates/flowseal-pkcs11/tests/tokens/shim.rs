//! A module that spoils what it forwards: nothing is lost, nothing hangs, no PIN is tried twice.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use flowseal::{ErrorCode, KeyRing, OpenOptions, VerifyingKey, open_many};
use flowseal_pkcs11::{TokenOptions, forget_refused_pins};

use crate::softhsm::apps;
use crate::{GIVEN_NAME, flow_for, given_name, load, pin, public, scene};

const URI: &str = "pkcs11:token=apps;object=app";

fn named(variable: &str) -> PathBuf {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .expect("run these tests by cargo xtask tokens")
}

/// Orders, one a line; none at all takes all back.
fn order(orders: &str) {
    let file = named("TOKEN_SHIM_ORDERS");
    // In one step: the module reads it whenever it likes.
    let draft = file.with_extension("draft");
    std::fs::write(&draft, orders).unwrap();
    std::fs::rename(draft, file).unwrap();
}

/// How often the module did what this letter stands for, since it was last asked to count.
fn counted(letter: char) -> usize {
    let counts = std::fs::read_to_string(named("TOKEN_SHIM_COUNTS")).unwrap_or_default();
    counts.matches(letter).count()
}

fn count_anew() {
    std::fs::write(named("TOKEN_SHIM_COUNTS"), "").unwrap();
}

fn options() -> TokenOptions {
    apps();
    order("");
    count_anew();
    forget_refused_pins();
    TokenOptions::new()
        .with_module(named("TOKEN_SHIM"))
        .with_pin(pin(scene::PIN))
        .with_sessions(2)
        .with_patience(Duration::from_secs(2))
}

/// The key's public half, of the token itself.
fn app() -> &'static VerifyingKey {
    static APP: OnceLock<VerifyingKey> = OnceLock::new();
    APP.get_or_init(|| public(&options(), URI))
}

fn code_of(ring: &KeyRing) -> (ErrorCode, String) {
    let error = given_name(&flow_for(app()), ring).unwrap_err();
    (error.code(), error.sentence().to_owned())
}

fn opens(ring: &KeyRing) {
    assert_eq!(given_name(&flow_for(app()), ring).unwrap(), GIVEN_NAME);
}

#[test]
#[ignore = "cargo xtask tokens"]
fn wrong_bytes_are_no_claim() {
    let app = app();
    for options in [options(), options().unblinded()] {
        let ring = crate::ring(&options, URI);
        order("decrypt=wrong");
        let error = given_name(&flow_for(app), &ring).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InternalFault);
        order("");
        opens(&ring);
    }
}

#[test]
#[ignore = "cargo xtask tokens"]
fn whoever_waits_for_a_late_token_is_told() {
    let (_, options) = (app(), options());
    let ring = crate::ring(&options, URI);
    opens(&ring);
    // It does not come back before the order is taken back: whoever waited for it would wait for
    // ever.
    order("decrypt=late");
    let (code, sentence) = code_of(&ring);
    assert_eq!(code, ErrorCode::KeyUnavailable);
    assert!(
        sentence.contains("\"apps\"") && sentence.contains("did not answer within 2s"),
        "{sentence}"
    );
    order("");
    opens(&ring);
    drop(ring);
    assert_eq!(counted('o'), counted('x'));
}

#[test]
#[ignore = "cargo xtask tokens"]
fn whoever_waits_for_a_late_login_is_told() {
    let (_, options) = (app(), options());
    order("login=late");
    let error = load(&options, URI).unwrap_err();
    assert_eq!(error.code(), ErrorCode::KeyUnavailable);
    assert!(error.sentence().contains("within 2s"), "{error}");
    order("");
    opens(&crate::ring(&options, URI));
}

#[test]
#[ignore = "cargo xtask tokens"]
fn an_error_ends_its_session_and_nothing_is_tried_twice() {
    let (_, options) = (app(), options().with_sessions(1));
    let ring = crate::ring(&options, URI);
    opens(&ring);
    for (order_, name) in [
        ("decrypt=0x5", "CKR_GENERAL_ERROR"),
        ("decrypt=0x30", "CKR_DEVICE_ERROR"),
        ("decrypt=0x40", "CKR_ENCRYPTED_DATA_INVALID"),
        ("decrypt=0x101", "CKR_USER_NOT_LOGGED_IN"),
        ("decrypt=0x80000042", "CKR_VENDOR_DEFINED 0x80000042"),
    ] {
        order(order_);
        count_anew();
        let (code, sentence) = code_of(&ring);
        assert_eq!(code, ErrorCode::KeyUnavailable);
        let whole = format!("C_Decrypt: {name}");
        assert!(
            sentence.contains(&whole) && sentence.contains("\"apps\""),
            "{sentence}"
        );
        assert!(sentence.contains("CKM_RSA_X_509"), "{sentence}");
        // One operation of nine was begun, and its session is closed.
        assert_eq!((counted('d'), counted('x')), (1, 1), "{name}");
        order("");
        opens(&ring);
    }
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_session_has_a_copy_of_the_key_where_the_token_makes_one() {
    let app = app();
    for (orders, copies) in [("", 1), ("copy=0x5", 0)] {
        let options = options().with_sessions(1);
        order(orders);
        let ring = crate::ring(&options, URI);
        for _ in 0..2 {
            assert_eq!(given_name(&flow_for(app), &ring).unwrap(), GIVEN_NAME);
        }
        assert_eq!(counted('y'), copies, "{orders}");
    }
    order("");
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_token_without_the_raw_mechanism_is_told_what_it_has() {
    let options = options();
    order("raw=no");
    let error = load(&options, URI).unwrap_err();
    order("");
    assert_eq!(error.code(), ErrorCode::KeyUnavailable);
    for said in ["\"apps\"", "CKM_RSA_X_509", "CKM_RSA_PKCS_OAEP"] {
        assert!(error.sentence().contains(said), "{error}");
    }
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_thousand_flows_leave_no_session_behind() {
    let text = crate::sealed(app());
    let flows: Vec<_> = (0..1000).map(|_| crate::verify(&text)).collect();
    let ring = crate::ring(&options().with_sessions(4), URI);
    let select = OpenOptions::new().select(["naming.given"]);
    let opened = open_many(&flows, &ring, &select);
    assert!(opened.iter().all(|claims| {
        claims
            .as_ref()
            .is_ok_and(|claims| claims.get("naming.given").is_some())
    }));
    assert_eq!(counted('d'), 1000);
    // Four that compute, and one that keeps the login.
    assert!((2..=5).contains(&(counted('o') - counted('x'))));
    drop(ring);
    assert_eq!(counted('o'), counted('x'));
    assert!(counted('o') <= 5);
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_token_with_few_sessions_is_enough() {
    let app = app();
    for most in 1..=3 {
        let options = options().with_sessions(4);
        order(&format!("sessions={most}"));
        let ring = crate::ring(&options, URI);
        assert_eq!(
            given_name(&flow_for(app), &ring).unwrap(),
            GIVEN_NAME,
            "{most}"
        );
        assert_eq!(
            given_name(&flow_for(app), &ring).unwrap(),
            GIVEN_NAME,
            "{most}"
        );
        drop(ring);
        assert!(counted('o') <= most + 1, "{most}");
        assert_eq!(counted('o'), counted('x'));
    }
    let none = options();
    order("sessions=0");
    let error = load(&none, URI).unwrap_err();
    assert_eq!(error.code(), ErrorCode::KeyUnavailable);
    assert!(error.sentence().contains("CKR_SESSION_COUNT"), "{error}");
    for said in ["\"apps\"", "no session left"] {
        assert!(error.sentence().contains(said), "{error}");
    }
    order("");
}

/// There is no other to drop it for, and an operation may be open in it for ever.
#[test]
#[ignore = "cargo xtask tokens"]
fn the_one_session_of_a_token_is_not_used_after_an_error() {
    let (_, options) = (app(), options());
    order("sessions=1");
    let ring = crate::ring(&options, URI);
    opens(&ring);
    order("sessions=1\ndecrypt=0x5");
    count_anew();
    assert_eq!(code_of(&ring).0, ErrorCode::KeyUnavailable);
    assert_eq!((counted('d'), counted('x')), (1, 1));
    order("sessions=1");
    opens(&ring);
    order("");
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_token_that_is_taken_away_in_the_middle_of_a_flow_comes_back() {
    let (_, options) = (app(), options());
    let ring = crate::ring(&options, URI);
    opens(&ring);
    count_anew();
    order("gone=4");
    assert_eq!(code_of(&ring).0, ErrorCode::KeyUnavailable);
    // Four were computed, and nothing is shown of them.
    assert!((5..=6).contains(&counted('d')), "{}", counted('d'));
    order("");
    opens(&ring);
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_token_that_is_taken_away_comes_back() {
    let (_, options) = (app(), options());
    let ring = crate::ring(&options, URI);
    opens(&ring);
    order("gone");
    for _ in 0..2 {
        assert_eq!(code_of(&ring).0, ErrorCode::KeyUnavailable);
    }
    order("");
    opens(&ring);
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_wrong_pin_is_tried_once_by_four_threads() {
    for (order_, said) in [
        ("login=0xa0", "CKR_PIN_INCORRECT"),
        ("login=0xa4", "is locked"),
    ] {
        let options = options();
        order(order_);
        let errors: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| load(&options, URI).unwrap_err()))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(errors.iter().all(|error| error.code() == ErrorCode::Pin));
        assert!(
            errors.iter().any(|error| error.sentence().contains(said)),
            "{errors:?}"
        );
        assert_eq!(counted('l'), 1);
        // Another one may be right.
        let _ = load(&options.clone().with_pin(pin("1111")), URI);
        assert_eq!(counted('l'), 2);
        order("");
        assert_eq!(load(&options, URI).unwrap_err().code(), ErrorCode::Pin);
        assert_eq!(counted('l'), 2);
        forget_refused_pins();
        load(&options, URI).unwrap();
    }
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_wrong_pin_of_an_operation_is_tried_once_by_four_threads() {
    let options = options().with_sessions(4);
    let uri = "pkcs11:token=apps;object=asks";
    let asks = public(&options, uri);
    let ring = crate::ring(&options, uri);
    let flow = crate::sealed(&asks);
    order("context=0xa0");
    count_anew();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let error = given_name(&crate::verify(&flow), &ring).unwrap_err();
                assert_eq!(error.code(), ErrorCode::Pin);
            });
        }
    });
    assert_eq!(counted('c'), 1);
    order("");
    forget_refused_pins();
    assert_eq!(
        given_name(&crate::verify(&flow), &ring).unwrap(),
        GIVEN_NAME
    );
}

/// The PIN was right when the key was opened: somebody has changed it since.
#[test]
#[ignore = "cargo xtask tokens"]
fn a_pin_that_is_wrong_by_now_is_tried_once_by_four_threads() {
    let options = options().with_sessions(4);
    let uri = "pkcs11:token=apps;object=asks";
    let flow = crate::sealed(&public(&options, uri));
    let ring = crate::ring(&options, uri);
    let name = || given_name(&crate::verify(&flow), &ring);
    assert_eq!(name().unwrap(), GIVEN_NAME);
    order("context=0xa0");
    count_anew();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(name().unwrap_err().code(), ErrorCode::Pin));
        }
    });
    assert_eq!(counted('c'), 1);
    order("");
    forget_refused_pins();
    assert_eq!(name().unwrap(), GIVEN_NAME);
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_list_of_functions_that_is_too_short_is_not_read() {
    options();
    order("version=2.0");
    scene::in_a_process("shim::child_loads_an_old_module");
    order("");
}

#[test]
#[ignore = "the test above runs it"]
fn child_loads_an_old_module() {
    let options = TokenOptions::new().with_module(named("TOKEN_SHIM"));
    let error = load(&options, URI).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Io);
    for said in ["version 2.00", "2.01 or later"] {
        assert!(error.sentence().contains(said), "{error}");
    }
}
