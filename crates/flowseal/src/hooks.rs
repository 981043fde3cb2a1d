//! Ways for tests to look inside, built under `--cfg flowseal_hooks` only.

use crate::ground::secret::SecretBytes;
use crate::padding::Unpadded;
use crate::profile::Padding;

/// Decodes an encoded message (RFC 8017, section 7) as an opening does.
///
/// Returns whether the padding was right (0 or 1), the length of the message, and the bytes that it
/// stands at the front of. All of it is as secret as the encoded message; where the padding was
/// wrong, the message is a synthetic one.
#[must_use]
pub fn unpad(
    padding: Padding,
    em: SecretBytes,
    derivation_key: &[u8],
    ciphertext: &[u8],
) -> (u8, u32, SecretBytes) {
    Unpadded::decode(padding, em, derivation_key, ciphertext).into_parts()
}
