//! A profile or a template that can be read is read the same once it is written.
#![no_main]

use flowseal::profile::{Profile, Template};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok(profile) = Profile::from_json(text) {
        let written = profile.to_json().to_string();
        assert_eq!(Profile::from_json(written.as_bytes()).unwrap(), profile);
    }
    if let Ok(text) = std::str::from_utf8(text)
        && let Ok(template) = text.parse::<Template>()
    {
        assert_eq!(template.to_string(), text);
    }
});
