//! The browser that a flow was started for.

use std::fmt;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::error::{Error, ErrorCode};

/// What ties a flow to the browser that it was started for: the SHA-256 of a secret which that
/// browser alone brings along, such as the random id of its session's cookie.
///
/// The result of a flow is for that browser. Whoever else learns the flow's identifier could fetch
/// it without a binding, or have it end up in a browser of somebody's who never asked. It does not
/// stop a person from approving what somebody else has started in their own browser: against that
/// there is the text that the person reads.
///
/// ```
/// use flowseal::api::Binding;
/// use flowseal::ErrorCode;
///
/// let cookie = b"fEv3tKx0Qm9Zp1Lr"; // 16 random bytes or more.
/// assert_eq!(Binding::new(cookie)?, Binding::new(cookie)?);
/// assert_eq!(Binding::new(b"too short").unwrap_err().code(), ErrorCode::Usage);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone)]
pub struct Binding([u8; 32]);

impl Binding {
    /// The binding to who has this secret.
    ///
    /// # Errors
    /// `usage` for less than [`SHORTEST`](Self::SHORTEST) bytes, which could be guessed.
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, Error> {
        let secret = secret.as_ref();
        if secret.len() < Self::SHORTEST {
            return Err(Error::new(
                ErrorCode::Usage,
                format!(
                    "the binding's secret has {} bytes and could be guessed: give {} random ones at least, which only this browser has",
                    secret.len(),
                    Self::SHORTEST
                ),
            ));
        }
        Ok(Self(Sha256::digest(secret).into()))
    }

    /// The fewest bytes of a secret.
    pub const SHORTEST: usize = 16;

    /// The binding of this digest in lower-case hexadecimal.
    pub(super) fn from_hex(hex: &str) -> Option<Self> {
        let mut digest = [0; 32];
        if hex.len() != 2 * digest.len() {
            return None;
        }
        for (byte, digits) in digest.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            let nibble = |digit: &u8| match digit {
                b'0'..=b'9' => Some(digit - b'0'),
                b'a'..=b'f' => Some(digit - b'a' + 10),
                _ => None,
            };
            let [high, low] = digits else { return None };
            *byte = nibble(high)? << 4 | nibble(low)?;
        }
        Some(Self(digest))
    }

    pub(super) fn to_hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl PartialEq for Binding {
    /// In a time that does not depend on where they differ.
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Binding {}

impl fmt::Debug for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Binding")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binding_is_a_digest_of_enough_bytes() {
        assert!(Binding::new([7; 15]).is_err());
        let binding = Binding::new([7; 16]).unwrap();
        assert_ne!(binding, Binding::new([8; 16]).unwrap());
        assert_eq!(Binding::from_hex(&binding.to_hex()), Some(binding));
        for hex in [
            "",
            "0",
            &"0".repeat(63),
            &"0".repeat(65),
            &"G".repeat(64),
            &"A".repeat(64),
        ] {
            assert_eq!(Binding::from_hex(hex), None, "{hex}");
        }
        assert_eq!(format!("{:?}", Binding::new([7; 16]).unwrap()), "Binding");
    }
}
