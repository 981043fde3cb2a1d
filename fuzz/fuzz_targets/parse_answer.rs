//! Every body is some answer or some error, and can be shown.
#![no_main]

use flowseal::api::{ApiError, Response};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    if let Ok(response) = Response::from_json(body) {
        let _ = format!("{response:?}");
        let _ = format!("{:?}", response.into_answer());
    }
    let error = ApiError::from_body(None, body);
    let _ = format!("{error:?} {error} {}", error.advice());
});
