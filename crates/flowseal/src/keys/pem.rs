//! PEM text (RFC 7468) into blocks.

use base64ct::{Base64, Encoding as _};

use crate::secret::SecretBytes;

/// One block of PEM text.
pub(super) struct Block<'a> {
    /// What stands after `BEGIN`, such as `PRIVATE KEY`.
    pub(super) label: &'a str,
    pub(super) body: Body,
}

/// What a block holds.
pub(super) enum Body {
    /// The decoded bytes, which may be a private key.
    Der(SecretBytes),
    /// Encrypted as before RFC 7468, with `Proc-Type` and `DEK-Info` headers.
    LegacyEncrypted,
    /// Not base64, or without its `END` line.
    Broken,
}

/// Whether there is a PEM block in `text` at all.
pub(super) fn is_pem(text: &[u8]) -> bool {
    text.windows(BEGIN.len())
        .any(|window| window == BEGIN.as_bytes())
}

/// Every block of the text, in order; what stands between them is ignored.
pub(super) fn blocks(text: &str) -> impl Iterator<Item = Block<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, begun) = rest.split_once(BEGIN)?;
        let (label, after) = begun.split_once(DASHES).unwrap_or((begun, ""));
        let end = format!("{END}{label}{DASHES}");
        let (body, after) = match after.split_once(end.as_str()) {
            Some((body, after)) if !body.contains(BEGIN) => (decode(body), after),
            _ => (Body::Broken, after),
        };
        rest = after;
        Some(Block { label, body })
    })
}

fn decode(body: &str) -> Body {
    if body.contains("Proc-Type:") {
        return Body::LegacyEncrypted;
    }
    // Filled to the last byte at most once, so that no copy of a private key is left in memory
    // that a growing buffer gave back.
    let mut packed = SecretBytes::zeroed(body.len());
    let mut len = 0;
    let places = packed.expose_secret_mut().iter_mut();
    for (place, byte) in places.zip(body.bytes().filter(|byte| !byte.is_ascii_whitespace())) {
        *place = byte;
        len += 1;
    }
    let Some(base64) = packed.expose_secret_mut().get_mut(..len) else {
        return Body::Broken;
    };
    // Constant-time in the key's digits.
    match Base64::decode_in_place(base64) {
        Ok(der) if !der.is_empty() => Body::Der(SecretBytes::copied_from(der)),
        _ => Body::Broken,
    }
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(&str, Option<Vec<u8>>)> {
        blocks(text)
            .map(|block| match block.body {
                Body::Der(der) => (block.label, Some(der.expose_secret().to_vec())),
                _ => (block.label, None),
            })
            .collect()
    }

    #[test]
    fn blocks_are_found_between_other_text() {
        let text = "Bag Attributes\r\n-----BEGIN A B-----\r\nAAE\r\nC\r\n-----END A B-----\r\n\
                    subject=x\n-----BEGIN C-----\nAA==\n-----END C-----";
        assert_eq!(
            read(text),
            [("A B", Some(vec![0, 1, 2])), ("C", Some(vec![0]))]
        );
    }

    #[test]
    fn broken_blocks_are_named_and_do_not_swallow_the_next() {
        for text in [
            "-----BEGIN A-----\nAA=\n-----END A-----",
            "-----BEGIN A-----\n-----END A-----",
            "-----BEGIN A-----\nAA==\n-----END B-----",
            "-----BEGIN A-----\nAA==\n",
            "-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nAA==\n-----END A-----",
        ] {
            assert_eq!(read(text), [("A", None)], "{text}");
        }
        let open = "-----BEGIN A-----\nAA==\n-----BEGIN A-----\nAA==\n-----END A-----";
        assert_eq!(read(open), [("A", None), ("A", Some(vec![0]))]);
    }
}
