//! The sample app's key and a ring of it, as C loads them.

use std::ptr::null_mut;

use flowseal::testkit::KeyPair;
use flowseal_ffi::decrypting_key::{flowseal_decrypting_key, flowseal_decrypting_key_load};
use flowseal_ffi::key_ring::{flowseal_key_ring, flowseal_key_ring_add, flowseal_key_ring_new};
use flowseal_ffi::status::flowseal_status;

use crate::call::{call, made, message, tried};

/// A ring that opens what was sealed to the sample app.
pub(crate) fn ring() -> flowseal_key_ring {
    ring_of(app_private_key())
}

pub(crate) fn ring_of(key: flowseal_decrypting_key) -> flowseal_key_ring {
    let ring = made!(flowseal_key_ring { id: 0 }; flowseal_key_ring_new()).unwrap();
    let added = call!(flowseal_key_ring_add(ring, key, null_mut()));
    assert_eq!(added, flowseal_status::Ok);
    ring
}

pub(crate) fn app_private_key() -> flowseal_decrypting_key {
    let app = KeyPair::sample_app().unwrap();
    let pem = app.private_pem();
    let key = tried!(flowseal_decrypting_key { id: 0 };
        flowseal_decrypting_key_load(pem.as_ptr().cast(), pem.len()));
    key.map_err(message).unwrap()
}
