//! Keys of tokens, as C calls for them: `cargo xtask tokens` runs these.

use std::ptr::null;

use flowseal::testkit::KeyPair;
use flowseal_ffi::decrypting_key::{
    flowseal_decrypting_key, flowseal_decrypting_key_fingerprint, flowseal_decrypting_key_free,
};
use flowseal_ffi::error::{flowseal_error, flowseal_error_status};
use flowseal_ffi::key_ring::flowseal_key_ring_free;
use flowseal_ffi::remote::{
    flowseal_decrypting_key_is_remote, flowseal_remote_key_options,
    flowseal_remote_key_options_new, flowseal_remote_key_options_set_unblinded,
};
use flowseal_ffi::status::flowseal_status;
use flowseal_ffi::token::{
    flowseal_decrypting_key_from_token, flowseal_forget_refused_pins,
    flowseal_verifying_keys_add_from_token,
};
use flowseal_ffi::verifying_keys::{
    flowseal_verifying_keys, flowseal_verifying_keys_fingerprint, flowseal_verifying_keys_new,
};

use crate::call::{call, made, message, text, tried};
use crate::remote::open;
use crate::sample::ring_of;
use crate::token_scene as scene;

const APP: &str = "pkcs11:token=c;object=app";

fn token() {
    static MADE: std::sync::Once = std::sync::Once::new();
    MADE.call_once(|| {
        scene::token("c");
        let app = KeyPair::sample_app().unwrap();
        let pem = scene::file("c.pem", app.private_pem());
        scene::import("c", &pem, "app", "01");
    });
}

fn load(
    uri: &str,
    module: &str,
    pin: &[u8],
    options: flowseal_remote_key_options,
) -> Result<flowseal_decrypting_key, flowseal_error> {
    tried!(flowseal_decrypting_key { id: 0 }; flowseal_decrypting_key_from_token(
        uri.as_ptr().cast(), uri.len(), module.as_ptr().cast(), module.len(), null(), 0,
        pin.as_ptr().cast(), pin.len(), 60_000, options))
}

fn options() -> flowseal_remote_key_options {
    made!(flowseal_remote_key_options { id: 0 }; flowseal_remote_key_options_new()).unwrap()
}

fn refused(error: flowseal_error) -> (flowseal_status, String) {
    let status = made!(flowseal_status::Ok; flowseal_error_status(error)).unwrap();
    (status, message(error))
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_token_opens_and_its_public_key_is_the_same() {
    token();
    let app = KeyPair::sample_app().unwrap().verifying_key().unwrap();
    let expected = app.fingerprint().to_string();
    for unblinded in [false, true] {
        let options = options();
        if unblinded {
            let set = call!(flowseal_remote_key_options_set_unblinded(options));
            assert_eq!(set, flowseal_status::Ok);
        }
        let key = load(APP, scene::SOFTHSM, scene::PIN.as_bytes(), options)
            .map_err(message)
            .unwrap();
        assert!(made!(false; flowseal_decrypting_key_is_remote(key)).unwrap());
        let fingerprint = text!(flowseal_decrypting_key_fingerprint(key)).unwrap();
        assert_eq!(fingerprint, expected);

        let ring = ring_of(key);
        assert_eq!(flowseal_decrypting_key_free(key), flowseal_status::Ok);
        assert!(open(ring).unwrap().contains("Adébáyọ̀"));
        assert_eq!(flowseal_key_ring_free(ring), flowseal_status::Ok);
    }

    let keys = made!(flowseal_verifying_keys { id: 0 }; flowseal_verifying_keys_new()).unwrap();
    let uri = "pkcs11:token=c;object=app;type=public";
    let mut error = flowseal_error { id: 0 };
    let added = call!(flowseal_verifying_keys_add_from_token(
        keys,
        uri.as_ptr().cast(),
        uri.len(),
        scene::SOFTHSM.as_ptr().cast(),
        scene::SOFTHSM.len(),
        null(),
        0,
        null(),
        0,
        0,
        &raw mut error,
    ));
    assert_eq!(added, flowseal_status::Ok);
    let fingerprint = text!(flowseal_verifying_keys_fingerprint(keys, 0)).unwrap();
    assert_eq!(fingerprint, expected);
}

#[test]
#[ignore = "cargo xtask tokens"]
fn what_is_no_way_to_a_key_has_its_status_and_tells_no_pin() {
    token();
    let pin = scene::PIN.as_bytes();
    let status = |uri, module, pin| {
        let (status, said) = refused(load(uri, module, pin, options()).map(drop).unwrap_err());
        assert!(
            !said.contains(scene::PIN) && !said.contains("999999"),
            "{said}"
        );
        status
    };
    assert_eq!(
        status("app.pem", scene::SOFTHSM, pin),
        flowseal_status::Usage
    );
    let missing = "pkcs11:token=c;object=nobodys";
    assert_eq!(
        status(missing, scene::SOFTHSM, pin),
        flowseal_status::KeyKind
    );
    assert_eq!(status(APP, "no/module.so", pin), flowseal_status::Io);
    assert_eq!(status(APP, scene::SOFTHSM, b""), flowseal_status::Pin);
    assert_eq!(status(APP, scene::SOFTHSM, b"\xff"), flowseal_status::Pin);

    // Tried once, and again when it is said so.
    let said = || {
        refused(
            load(APP, scene::SOFTHSM, b"999999", options())
                .map(drop)
                .unwrap_err(),
        )
        .1
    };
    assert!(said().contains("CKR_PIN_INCORRECT"));
    assert!(said().contains("not tried again"));
    assert_eq!(flowseal_forget_refused_pins(), flowseal_status::Ok);
    assert!(said().contains("CKR_PIN_INCORRECT"));
    assert_eq!(flowseal_forget_refused_pins(), flowseal_status::Ok);
}
