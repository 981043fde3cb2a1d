//! NSS's softokn, whose module takes a text with its initialisation.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use flowseal::{ErrorCode, VerifyingKey};
use flowseal_pkcs11::TokenOptions;

use crate::{GIVEN_NAME, flow_for, given_name, load, pin, public, ring, scene};

const URI: &str = "pkcs11:object=app;type=private";

/// A database with a password and the key `app`, which comes with a certificate.
pub(crate) fn database() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let database = scene::nss();
        let key = scene::directory().join("nss-app.pem");
        scene::ran("openssl", &format!("genrsa -out {}", key.display()));
        scene::import_to_nss(&key, "app");
        database
    })
}

pub(crate) const MODULE: &str = "libsoftokn3.so";

pub(crate) fn options() -> TokenOptions {
    database();
    options_of(scene::directory())
}

/// Of the database in this directory, which is there.
pub(crate) fn options_of(directory: &Path) -> TokenOptions {
    let text = format!(
        "configdir='sql:{}' flags=readOnly",
        directory.join("nss").display()
    );
    TokenOptions::new()
        .with_module(MODULE)
        .with_initialisation(text)
        .with_pin(pin(scene::PIN))
}

fn app() -> VerifyingKey {
    let file = std::fs::read(database().join("app.crt")).unwrap();
    VerifyingKey::load(&file).unwrap()
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_flow_opens_with_a_key_of_a_database() {
    let ring = ring(&options(), URI);
    assert_eq!(given_name(&flow_for(&app()), &ring).unwrap(), GIVEN_NAME);
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_certificate_s_key_is_one_that_verifies() {
    let key = public(&options(), "pkcs11:object=app;type=cert");
    assert_eq!(key.fingerprint(), app().fingerprint());
    assert_eq!(key.subject(), Some("CN=app"));
}

/// It is one module by whatever name it is loaded, and what one key needs another does not end.
#[test]
#[ignore = "cargo xtask tokens"]
fn two_names_of_a_module_are_one() {
    let (flow, by_name) = (flow_for(&app()), ring(&options(), URI));
    let by_path = options().with_module(scene::library(MODULE));
    let by_path = ring(&by_path, URI);
    assert_eq!(given_name(&flow, &by_path).unwrap(), GIVEN_NAME);
    drop(by_name);
    assert_eq!(given_name(&flow, &by_path).unwrap(), GIVEN_NAME);
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_wrong_password_is_a_wrong_pin() {
    let refused = load(&options().with_pin(pin("no")), URI).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Pin, "{refused}");
}
