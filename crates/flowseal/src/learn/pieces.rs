//! The bytes that statements are put together from, with what hexadecimal and base64 make of them.
//!
//! A piece is written once a flow, and a statement is a list of pieces: it is hashed piece by piece
//! and never put together, so that a long claim is not copied for each statement that has it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroize as _;

use crate::ground::secret::{SecretBytes, written_once};

/// A piece of a statement. It may be a claim in the clear, so all of it is wiped.
pub(super) struct Piece {
    plain: SecretBytes,
    hex: SecretBytes,
    /// Whole groups of base64, of what is left without the first none, one or two bytes: those fill
    /// up the group that the piece before has begun.
    base64: [SecretBytes; 3],
}

impl Piece {
    pub(super) fn new(plain: SecretBytes) -> Self {
        let bytes = plain.expose_secret();
        let hex = hex(bytes);
        let groups = |skipped: usize| {
            let rest = bytes.get(skipped..).unwrap_or_default();
            base64(rest.get(..rest.len() / 3 * 3).unwrap_or_default())
        };
        let base64 = [groups(0), groups(1), groups(2)];
        Self { plain, hex, base64 }
    }

    pub(super) fn of(text: &str) -> Self {
        Self::new(SecretBytes::copied_from(text.as_bytes()))
    }

    pub(super) fn plain(&self) -> &[u8] {
        self.plain.expose_secret()
    }

    pub(super) fn hex(&self) -> &[u8] {
        self.hex.expose_secret()
    }
}

/// The bytes of a statement, together.
pub(super) fn joined<'a>(pieces: &(impl Iterator<Item = &'a [u8]> + Clone)) -> SecretBytes {
    written_once(|emit| pieces.clone().for_each(emit))
}

/// Hands out the base64 of these pieces together, in pieces.
pub(super) fn in_base64(pieces: &[&Piece], emit: &mut impl FnMut(&[u8])) {
    // What the pieces so far have left over: of no more than two bytes.
    let (mut begun, mut len) = ([0_u8; 3], 0);
    for piece in pieces {
        let bytes = piece.plain();
        let missing = if len == 0 { 0 } else { 3 - len };
        let (head, rest) = bytes.split_at(missing.min(bytes.len()));
        for byte in head {
            if let Some(place) = begun.get_mut(len) {
                *place = *byte;
                len += 1;
            }
        }
        if head.len() < missing {
            continue;
        }
        if missing > 0 {
            group(&begun, emit);
        }
        let groups = piece.base64.get(missing).map(SecretBytes::expose_secret);
        emit(groups.unwrap_or_default());
        let tail = rest.get(rest.len() / 3 * 3..).unwrap_or_default();
        len = tail.len();
        for (place, byte) in begun.iter_mut().zip(tail) {
            *place = *byte;
        }
    }
    if let Some(rest @ [_, ..]) = begun.get(..len) {
        group(rest, emit);
    }
    begun.zeroize();
}

/// One group of base64, of one to three bytes.
fn group(bytes: &[u8], emit: &mut impl FnMut(&[u8])) {
    let mut group = [0; 4];
    if STANDARD.encode_slice(bytes, &mut group).is_ok() {
        emit(&group);
    }
    group.zeroize();
}

pub(super) fn base64(bytes: &[u8]) -> SecretBytes {
    let mut text = SecretBytes::zeroed(bytes.len().div_ceil(3) * 4);
    // It is exactly as long as that.
    let _ = STANDARD.encode_slice(bytes, text.expose_secret_mut());
    text
}

pub(super) fn hex(bytes: &[u8]) -> SecretBytes {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";

    let mut text = SecretBytes::zeroed(2 * bytes.len());
    let (pairs, _) = text.expose_secret_mut().as_chunks_mut::<2>();
    for ([high, low], byte) in pairs.iter_mut().zip(bytes) {
        let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or_default();
        (*high, *low) = (digit(byte >> 4), digit(byte & 0xf));
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn base64_of_pieces_is_that_of_the_whole(
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..9),
        ) {
            let whole = pieces.concat();
            let pieces: Vec<_> = pieces
                .iter()
                .map(|bytes| Piece::new(SecretBytes::copied_from(bytes)))
                .collect();
            let pieces: Vec<_> = pieces.iter().collect();
            let mut text = Vec::new();
            in_base64(&pieces, &mut |piece| text.extend_from_slice(piece));
            prop_assert_eq!(String::from_utf8(text).unwrap(), STANDARD.encode(&whole));
            let hex: Vec<u8> = pieces.iter().flat_map(|piece| piece.hex().to_vec()).collect();
            let expected: String = whole.iter().map(|byte| format!("{byte:02x}")).collect();
            prop_assert_eq!(String::from_utf8(hex).unwrap(), expected);
        }
    }
}
