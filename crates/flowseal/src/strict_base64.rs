//! Base64 as the API sends ciphertexts and signatures: one spelling for each.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Strict base64 (RFC 4648, section 4), but for space and quotes around it, which the API's sample
/// code passes along.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    let text = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_strict_but_for_what_stands_around_it() {
        for text in ["AAE=", " AAE=\n", "\"AAE=\"", " \"AAE=\" "] {
            assert_eq!(decode(text), Some(vec![0, 1]), "{text}");
        }
        for text in [
            "AAE",
            "AAF=",
            "AA E=",
            "AA\nE=",
            "\"AAE=",
            "_-E=",
            "AAE==",
            "\"\"AAE=\"\"",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
