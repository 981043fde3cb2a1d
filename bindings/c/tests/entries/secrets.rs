//! No secret of a file in anything that an entry tells: a sentence, a detail, a diagnosis, a
//! warning. The files, the damage and the search are those of the core's own test.

use std::fmt::Write as _;

use flowseal_ffi::api_config::{
    flowseal_api_config, flowseal_api_config_free, flowseal_api_config_from_service_account,
    flowseal_api_config_new, flowseal_api_config_set_base_url, flowseal_api_config_set_ids,
    flowseal_api_config_warning, flowseal_api_config_warning_count,
};
use flowseal_ffi::decrypting_key::{
    flowseal_decrypting_key, flowseal_decrypting_key_fingerprint, flowseal_decrypting_key_free,
    flowseal_decrypting_key_load, flowseal_decrypting_key_load_with,
    flowseal_decrypting_key_options, flowseal_decrypting_key_options_free,
    flowseal_decrypting_key_options_new, flowseal_decrypting_key_options_set_kid,
    flowseal_decrypting_key_options_set_padding, flowseal_decrypting_key_options_set_passphrase,
};
use flowseal_ffi::details::{
    flowseal_error_detail_text, flowseal_error_details_to_json, flowseal_error_diagnosis_to_json,
};
use flowseal_ffi::error::{flowseal_error, flowseal_error_free, flowseal_error_message};
use flowseal_ffi::evidence::{
    flowseal_evidence, flowseal_evidence_free, flowseal_evidence_from_json,
};
use flowseal_ffi::flowseal_slice;
use flowseal_ffi::key_ring::{
    flowseal_key_ring, flowseal_key_ring_free, flowseal_key_ring_new, flowseal_key_ring_only,
};
use flowseal_ffi::profile::{flowseal_profile, flowseal_profile_free, flowseal_profile_from_json};
use flowseal_ffi::service_account::{
    flowseal_service_account, flowseal_service_account_decrypting_key,
    flowseal_service_account_free, flowseal_service_account_from_parts,
    flowseal_service_account_from_zip,
};
use flowseal_ffi::session_token::{
    flowseal_session_token, flowseal_session_token_free, flowseal_session_token_from_header,
};
use flowseal_ffi::verifying_keys::{
    flowseal_verifying_key_options, flowseal_verifying_key_options_free,
    flowseal_verifying_key_options_new, flowseal_verifying_key_options_set_kid,
    flowseal_verifying_keys, flowseal_verifying_keys_free, flowseal_verifying_keys_load,
    flowseal_verifying_keys_load_with, flowseal_verifying_keys_new,
    flowseal_verifying_keys_warning, flowseal_verifying_keys_warning_count,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::call::{call, made, text, tried};
use crate::ground::{CONFIG, KINDS, PASSPHRASE, edit, kids};

/// The whole file in a place where another is meant, and as it is.
#[test]
fn no_secret_of_a_sound_file_is_told_by_any_entry() {
    for kind in KINDS.iter() {
        let told = told(&kind.file, PASSPHRASE);
        assert!(told.lines().count() > 20, "{}: {told}", kind.name);
        assert_eq!(kind.shown_secret(&told), None, "{}: {told}", kind.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2 * ProptestConfig::default().cases))]

    #[test]
    fn no_secret_of_a_damaged_file_is_told_by_any_entry(
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
        let told = told(&file, passphrase);
        prop_assert_eq!(kind.shown_secret(&told), None, "{}: {}", kind.name, told);
    }
}

/// All that the entries tell of a file: of one that is sound, too.
fn told(file: &[u8], passphrase: &[u8]) -> String {
    let told = &mut String::new();
    let lossy = String::from_utf8_lossy(file);
    let (start, len) = (file.as_ptr().cast(), file.len());
    let (text_start, text_len) = (lossy.as_ptr().cast(), lossy.len());
    let pem = flowseal_slice { data: start, len };
    keys(told, file, passphrase, &lossy);

    macro_rules! read {
        ($type:ident, $free:ident, $entry:ident($($argument:expr),* $(,)?)) => {
            match tried!($type { id: 0 }; $entry($($argument),*)) {
                Ok(read) => {
                    $free(read);
                }
                Err(error) => tell(told, error),
            }
        };
    }
    read!(
        flowseal_profile,
        flowseal_profile_free,
        flowseal_profile_from_json(start.cast(), len)
    );
    read!(
        flowseal_evidence,
        flowseal_evidence_free,
        flowseal_evidence_from_json(start.cast(), len)
    );
    read!(
        flowseal_session_token,
        flowseal_session_token_free,
        flowseal_session_token_from_header(start, len)
    );
    let (config, config_len) = (CONFIG.as_ptr().cast(), CONFIG.len());
    for account in [
        tried!(flowseal_service_account { id: 0 }; flowseal_service_account_from_zip(start, len)),
        tried!(flowseal_service_account { id: 0 };
            flowseal_service_account_from_parts(config, config_len, &pem, 1)),
        tried!(flowseal_service_account { id: 0 };
            flowseal_service_account_from_parts(start, len, &pem, 1)),
        tried!(flowseal_service_account { id: 0 };
            flowseal_service_account_from_parts(start, len, std::ptr::null(), 0)),
    ] {
        match account {
            Ok(account) => {
                read!(
                    flowseal_decrypting_key,
                    flowseal_decrypting_key_free,
                    flowseal_service_account_decrypting_key(account)
                );
                for environment in [1, 2] {
                    let config = tried!(flowseal_api_config { id: 0 };
                        flowseal_api_config_from_service_account(1, environment, account));
                    configured(told, config, &lossy);
                }
                flowseal_service_account_free(account);
            }
            Err(error) => tell(told, error),
        }
    }
    let sound = |text: &'static str| (text.as_ptr().cast(), text.len());
    for (key, secret) in [
        ((text_start, text_len), sound("snb_1")),
        (sound("bk-test_1"), (text_start, text_len)),
        (sound("bk-test_1"), sound("snb_1")),
    ] {
        let config = tried!(flowseal_api_config { id: 0 };
            flowseal_api_config_new(1, 2, key.0, key.1, secret.0, secret.1));
        configured(told, config, &lossy);
    }
    told.clone()
}

fn keys(told: &mut String, file: &[u8], passphrase: &[u8], lossy: &str) {
    let (start, len) = (file.as_ptr().cast(), file.len());
    let (text_start, text_len) = (lossy.as_ptr().cast(), lossy.len());
    let options =
        made!(flowseal_decrypting_key_options { id: 0 }; flowseal_decrypting_key_options_new())
            .unwrap();
    let given = (passphrase.as_ptr().cast(), passphrase.len());
    call!(flowseal_decrypting_key_options_set_passphrase(
        options, given.0, given.1
    ));
    call!(flowseal_decrypting_key_options_set_padding(options, 1));
    call!(flowseal_decrypting_key_options_set_kid(
        options, text_start, text_len
    ));
    for key in [
        tried!(flowseal_decrypting_key { id: 0 }; flowseal_decrypting_key_load(start, len)),
        tried!(flowseal_decrypting_key { id: 0 }; flowseal_decrypting_key_load_with(start, len, options)),
    ] {
        match key {
            Ok(key) => {
                writeln!(
                    told,
                    "{}",
                    text!(flowseal_decrypting_key_fingerprint(key)).unwrap()
                )
                .unwrap();
                flowseal_decrypting_key_free(key);
            }
            Err(error) => tell(told, error),
        }
    }
    flowseal_decrypting_key_options_free(options);

    let ring = made!(flowseal_key_ring { id: 0 }; flowseal_key_ring_new()).unwrap();
    if let Err(error) =
        tried!(flowseal_key_ring { id: 0 }; flowseal_key_ring_only(ring, text_start, text_len))
    {
        tell(told, error);
    }
    flowseal_key_ring_free(ring);

    let list = made!(flowseal_verifying_keys { id: 0 }; flowseal_verifying_keys_new()).unwrap();
    let options = made!(flowseal_verifying_key_options { id: 0 };
        flowseal_verifying_key_options_new())
    .unwrap();
    call!(flowseal_verifying_key_options_set_kid(
        options, text_start, text_len
    ));
    let mut error = flowseal_error { id: 0 };
    call!(flowseal_verifying_keys_load(
        list,
        start,
        len,
        &raw mut error
    ));
    tell(told, error);
    error.id = 0;
    call!(flowseal_verifying_keys_load_with(
        list,
        start,
        len,
        options,
        &raw mut error
    ));
    tell(told, error);
    let count = made!(0; flowseal_verifying_keys_warning_count(list)).unwrap();
    for index in 0..count {
        let warning = text!(flowseal_verifying_keys_warning(list, index)).unwrap();
        writeln!(told, "{warning}").unwrap();
    }
    flowseal_verifying_key_options_free(options);
    flowseal_verifying_keys_free(list);
}

/// What a configuration, which may have been refused, tells with the text in its other places.
fn configured(told: &mut String, config: Result<flowseal_api_config, flowseal_error>, lossy: &str) {
    let config = match config {
        Ok(config) => config,
        Err(error) => return tell(told, error),
    };
    let (start, len) = (lossy.as_ptr().cast(), lossy.len());
    call!(flowseal_api_config_set_ids(config, start, len, start, len));
    let count = made!(0; flowseal_api_config_warning_count(config)).unwrap();
    for index in 0..count {
        let warning = text!(flowseal_api_config_warning(config, index)).unwrap();
        writeln!(told, "{warning}").unwrap();
    }
    let mut error = flowseal_error { id: 0 };
    call!(flowseal_api_config_set_base_url(
        config,
        start,
        len,
        &raw mut error
    ));
    tell(told, error);
    flowseal_api_config_free(config);
}

/// All that an error has, where there is one.
fn tell(told: &mut String, error: flowseal_error) {
    if error.id == 0 {
        return;
    }
    writeln!(told, "{}", text!(flowseal_error_message(error)).unwrap()).unwrap();
    for field in 0.. {
        match text!(flowseal_error_detail_text(error, field)) {
            Ok(detail) => writeln!(told, "{detail}").unwrap(),
            Err(flowseal_ffi::status::flowseal_status::Usage) if field > 6 => break,
            Err(_) => {}
        }
    }
    for json in [
        text!(flowseal_error_details_to_json(error)),
        text!(flowseal_error_diagnosis_to_json(error)),
    ] {
        writeln!(told, "{}", json.unwrap_or_default()).unwrap();
    }
    flowseal_error_free(error);
}
