//! Bytes that are wiped when they are dropped.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use zeroize::Zeroize;

/// A secret of a fixed length: wiped on drop, on an error's way out and when a panic unwinds.
///
/// It is filled in place and never grows, so no reallocation leaves a copy behind. It cannot be
/// cloned, compared or serialised, and its `Debug` shows nothing of it.
///
/// ```
/// use flowseal::SecretBytes;
///
/// let passphrase = SecretBytes::copied_from(b"correct horse");
/// assert_eq!(passphrase.expose_secret(), b"correct horse");
/// assert_eq!(format!("{passphrase:?}"), "SecretBytes(13 bytes)");
/// ```
pub struct SecretBytes(Box<[u8]>);

impl SecretBytes {
    /// A secret of `len` zero bytes, to be filled in place.
    pub fn zeroed(len: usize) -> Self {
        Self(vec![0; len].into_boxed_slice())
    }

    /// A copy of `bytes`, which stay the caller's to wipe.
    pub fn copied_from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// The secret, to be written in place.
    pub fn expose_secret_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// The secret, to be read. A copy of it is the caller's to wipe.
    pub fn expose_secret(&self) -> &[u8] {
        &self.0
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no bytes at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Drop for SecretBytes {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretBytes({} bytes)", self.0.len())
    }
}

/// A secret that is UTF-8 text: the form in which an opened claim is held.
///
/// Wiped, redacted and unclonable like [`SecretBytes`].
///
/// ```
/// use flowseal::SecretText;
///
/// let name = SecretText::copied_from("Adébáyọ̀");
/// assert_eq!(name.expose_secret(), "Adébáyọ̀");
/// assert!(!format!("{name:?}").contains("Ad"));
/// ```
pub struct SecretText(SecretBytes);

impl SecretText {
    /// A copy of `text`, which stays the caller's to wipe.
    pub fn copied_from(text: &str) -> Self {
        Self(SecretBytes::copied_from(text.as_bytes()))
    }

    /// Takes bytes that are UTF-8; wipes them where they are not.
    pub(crate) fn from_utf8(bytes: SecretBytes) -> Option<Self> {
        std::str::from_utf8(bytes.expose_secret())
            .is_ok()
            .then_some(Self(bytes))
    }

    /// The text. A copy of it is the caller's to wipe.
    pub fn expose_secret(&self) -> &str {
        // Every constructor has seen that the bytes are UTF-8; an empty text is the answer that
        // neither panics nor invents one if that were ever untrue.
        std::str::from_utf8(self.0.expose_secret()).unwrap_or_default()
    }
}

/// A copy; the text stays the caller's to wipe.
impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self::copied_from(text)
    }
}

impl<'de> Deserialize<'de> for SecretText {
    /// Reads a text. What the reader keeps of it is the reader's to wipe.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = SecretText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<SecretText, E> {
                Ok(SecretText::copied_from(text))
            }

            fn visit_string<E: serde::de::Error>(self, mut text: String) -> Result<SecretText, E> {
                let secret = SecretText::copied_from(&text);
                text.zeroize();
                Ok(secret)
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretText({} bytes)", self.0.len())
    }
}

/// Writes JSON text that holds secrets into a buffer of exactly the right size.
///
/// The text is produced twice: once to count its bytes, once to write them. A buffer that grew
/// would leave its earlier contents in freed memory.
pub(crate) fn written_once(produce: impl Fn(&mut dyn FnMut(&[u8]))) -> SecretBytes {
    let mut len = 0;
    produce(&mut |piece| len += piece.len());
    let mut text = SecretBytes::zeroed(len);
    let mut rest = text.expose_secret_mut();
    produce(&mut |piece| {
        let (head, tail) = std::mem::take(&mut rest).split_at_mut(piece.len());
        head.copy_from_slice(piece);
        rest = tail;
    });
    text
}
