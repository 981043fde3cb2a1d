//! No zip makes the loading of a service account panic, or take more memory than it is allowed.
#![no_main]

use flowseal::api::ServiceAccount;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    if let Ok(account) = ServiceAccount::from_zip(file) {
        let _ = format!("{account:?} {:?}", account.decrypting_key());
    }
    let _ = ServiceAccount::from_parts(file, [file]);
});
