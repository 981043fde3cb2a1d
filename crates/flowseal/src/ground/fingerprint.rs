//! How a key is called where its numbers are not shown.

use std::fmt;

/// SHA-256 of a key's SubjectPublicKeyInfo in DER; its `Display` is lower-case hexadecimal.
///
/// The same value as `openssl pkey -pubin -outform DER | sha256sum` gives.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(crate) fn new(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether a text is this fingerprint as its `Display` writes it. There may be many keys to
    /// look through.
    pub(crate) fn is_named(&self, text: &str) -> bool {
        let digit = |value: u8| char::from_digit(u32::from(value), 16);
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        text.chars().eq(digits.filter_map(digit))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_named_by_its_text_and_by_no_other() {
        let fingerprint = Fingerprint::new(*b"\x00\x0f\xa0thirty-two bytes of a digest\xff");
        let text = fingerprint.to_string();
        assert!(fingerprint.is_named(&text));
        let (all_but_last, last) = text.split_at(63);
        let other = if last == "0" { "1" } else { "0" };
        for text in [
            "",
            all_but_last,
            &text.to_uppercase(),
            &format!("{text}0"),
            &format!("{all_but_last}{other}"),
        ] {
            assert!(!fingerprint.is_named(text), "{text}");
        }
    }
}
