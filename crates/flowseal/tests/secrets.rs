//! No secret of a file in a sentence: not in an error, a warning or a `Debug`, whatever the file.
//!
//! Files of every kind that holds a secret are damaged at random and given to everything that reads
//! one. What is shown is held against pieces of six bytes of the secrets that went in: as bytes, in
//! hexadecimal and in base64. A piece that also occurs in a file of the same form with other
//! secrets is none of a secret.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flowseal::api::{ApiConfig, ApiVersion, Environment, ServiceAccount};
use flowseal::profile::Profile;
use flowseal::{
    DecryptingKey, ErrorCode, Evidence, KeyRing, SecretText, VerifyingKey, passphrase_line,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

#[path = "secrets/ground.rs"]
mod ground;

use ground::{CONFIG, KINDS, Kind, PASSPHRASE, edit, kids};

/// The label of a PEM block was once taken up to the next five dashes, over lines, and quoted.
#[test]
fn a_begin_line_that_lost_a_dash_is_named_and_nothing_of_the_file_is_quoted() {
    let keys_alone = |kind: &&Kind| kind.is_pem() && kind.name != "PEM among certificates";
    for kind in KINDS.iter().filter(keys_alone) {
        let typo = String::from_utf8(kind.file.clone()).unwrap();
        let typo = typo.replacen("KEY-----", "KEY----", 1);
        for error in [
            DecryptingKey::load(typo.as_bytes()).unwrap_err(),
            VerifyingKey::load(typo.as_bytes()).unwrap_err(),
        ] {
            assert_eq!(error.code(), ErrorCode::KeyFormat);
            let shown = format!("{error} {error:?}");
            let words = "a BEGIN line that does not end in five dashes (line 1)";
            assert!(shown.contains(words), "{}: {shown}", kind.name);
        }
        assert_eq!(kind.shown_secret(&shown(typo.as_bytes(), PASSPHRASE)), None);
    }
}

/// The search finds what it is for: all that a kind hides, shown on purpose.
#[test]
fn a_secret_that_is_quoted_is_found() {
    for kind in KINDS.iter() {
        for secret in &kind.secrets {
            let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
            for form in [hex, STANDARD.encode(secret), URL_SAFE_NO_PAD.encode(secret)] {
                let middle = form.len() / 2;
                let quoted = format!("found {}…: give another", &form[middle..middle + 6]);
                assert!(kind.shown_secret(&quoted).is_some(), "{}", kind.name);
            }
        }
        assert_eq!(kind.shown_secret("expected a key and found none"), None);
    }
}

/// The whole file in a place where another is meant, and as it is.
#[test]
fn no_secret_of_a_sound_file_is_shown_by_any_reader() {
    for kind in KINDS.iter() {
        let shown = shown(&kind.file, PASSPHRASE);
        assert_eq!(kind.shown_secret(&shown), None, "{}: {shown}", kind.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        4 * ProptestConfig::default().cases
    ))]

    #[test]
    fn no_secret_of_a_damaged_file_is_shown_by_any_reader(
        kind in any::<Index>(),
        edits in vec((any::<Index>(), any::<Index>(), edit()), 1..4),
        wrong_passphrase in any::<bool>(),
    ) {
        let kind = kind.get(&KINDS);
        let mut file = kind.file.clone();
        for (from, to, edit) in edits {
            edit.apply(&mut file, from, to, &kind.secrets);
        }
        // A short `kid` is a key's public name and is shown; what was moved there is public then.
        prop_assume!(!kids(&file).any(|kid| kind.shown_secret(&kid).is_some()));
        let passphrase = if wrong_passphrase { b"another" } else { PASSPHRASE };
        let shown = shown(&file, passphrase);
        prop_assert_eq!(kind.shown_secret(&shown), None, "{}: {}", kind.name, shown);
    }
}

/// All that the readers of this crate say of a file: of one that is sound, too.
fn shown(file: &[u8], passphrase: &[u8]) -> String {
    let mut shown = String::new();
    macro_rules! show {
        ($read:expr) => {
            match $read {
                Ok(read) => writeln!(shown, "{read:?} {read:#?}").unwrap(),
                Err(error) => writeln!(shown, "{error} {error:?} {error:#?}").unwrap(),
            }
        };
    }
    let text = String::from_utf8_lossy(file);
    show!(DecryptingKey::load(file));
    let options = DecryptingKey::options()
        .with_passphrase(passphrase)
        .with_kid(&*text);
    writeln!(shown, "{options:?}").unwrap();
    show!(options.load(file));
    show!(VerifyingKey::load(file));
    match VerifyingKey::options().with_kid(&*text).load_all(file) {
        Ok(keys) => writeln!(shown, "{keys:?} {:?}", keys.warnings()).unwrap(),
        Err(error) => writeln!(shown, "{error:?}").unwrap(),
    }
    writeln!(shown, "{:?}", VerifyingKey::options().with_kid(&*text)).unwrap();
    show!(KeyRing::default().only(&text));
    show!(Profile::from_json(file));
    show!(Evidence::from_json(file).map(|_| ()));
    // A passphrase is what it gives.
    show!(passphrase_line(file).map(|_| ()));
    show!(ServiceAccount::from_zip(file));
    show!(ServiceAccount::from_parts(CONFIG.as_bytes(), [file]));
    show!(ServiceAccount::from_parts(file, [file]));
    let account = ServiceAccount::from_parts(file, [""; 0]);
    if let Ok(account) = &account {
        show!(account.decrypting_key());
        for environment in [Environment::Sandbox, Environment::Production] {
            match ApiConfig::from_service_account(ApiVersion::V1, environment, account) {
                Ok(config) => writeln!(shown, "{config:?} {:?}", config.warnings()).unwrap(),
                Err(error) => writeln!(shown, "{error:?}").unwrap(),
            }
        }
    }
    show!(account);
    for (key, secret) in [(&*text, "snb_1"), ("bk-test_1", &*text)] {
        let secret_text = SecretText::copied_from;
        let config = ApiConfig::new(
            ApiVersion::V1,
            Environment::Sandbox,
            flowseal::api::Credentials {
                api_key: secret_text(key),
                app_secret: secret_text(secret),
            },
        );
        match config.map(|config| config.with_ids(&*text, &*text)) {
            Ok(config) => writeln!(shown, "{config:?} {:?}", config.warnings()).unwrap(),
            Err(error) => writeln!(shown, "{error:?}").unwrap(),
        }
    }
    let config = ApiConfig::new(
        ApiVersion::V1,
        Environment::Sandbox,
        flowseal::api::Credentials {
            api_key: SecretText::copied_from("bk-test_1"),
            app_secret: SecretText::copied_from("snb_1"),
        },
    );
    show!(config.unwrap().with_base_url(&text));
    shown
}
