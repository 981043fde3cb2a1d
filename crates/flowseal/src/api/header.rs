//! Headers of HTTP, and what they can carry.

use std::fmt;

use crate::ground::secret::SecretText;

/// A header of a request.
pub struct Header {
    name: &'static str,
    value: SecretText,
    sensitive: bool,
}

impl Header {
    pub(super) fn plain(name: &'static str, value: &str) -> Self {
        Self {
            name,
            value: SecretText::copied_from(value),
            sensitive: false,
        }
    }

    pub(super) fn sensitive(name: &'static str, value: &str) -> Self {
        Self {
            sensitive: true,
            ..Self::plain(name, value)
        }
    }

    /// The name, in lower case.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The value, to be given to an HTTP client: a secret where the header is sensitive.
    pub fn expose_value(&self) -> &str {
        self.value.expose_secret()
    }

    /// Whether the value is a credential.
    pub fn is_sensitive(&self) -> bool {
        self.sensitive
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.sensitive {
            "…"
        } else {
            self.expose_value()
        };
        write!(f, "{}: {value}", self.name)
    }
}

/// What common servers accept of one header, in bytes.
pub(super) const MAX_HEADER_LEN: usize = 8192;

/// Whether a credential can be sent: visible ASCII, and not too long.
pub(super) fn fits_a_header(value: &str) -> bool {
    let is_visible = value.bytes().all(|byte| byte.is_ascii_graphic());
    !value.is_empty() && value.len() <= MAX_HEADER_LEN && is_visible
}
