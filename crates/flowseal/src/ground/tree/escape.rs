//! Strings as JSON text, in the one spelling of RFC 8785, section 3.2.2.2.

use std::fmt;

/// A string whose `Display` is a JSON string literal.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut outcome = Ok(());
        quote(self.0, &mut |piece| {
            if outcome.is_ok() {
                outcome = f.write_str(piece);
            }
        });
        outcome
    }
}

/// Hands out the pieces of `text` as a JSON string literal.
///
/// In pieces, so that a secret text is copied only into the buffer that its owner has made for it.
pub(crate) fn quote(text: &str, emit: &mut (impl FnMut(&str) + ?Sized)) {
    emit("\"");
    let mut rest = text;
    loop {
        let (plain, special) = rest.split_at(plain_len(rest.as_bytes()));
        if !plain.is_empty() {
            emit(plain);
        }
        let mut characters = special.chars();
        match characters.next() {
            Some('"') => emit("\\\""),
            Some('\\') => emit("\\\\"),
            Some('\u{8}') => emit("\\b"),
            Some('\t') => emit("\\t"),
            Some('\n') => emit("\\n"),
            Some('\u{c}') => emit("\\f"),
            Some('\r') => emit("\\r"),
            Some(control) => {
                const HEX: [&str; 16] = [
                    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f",
                ];
                let code = control as usize;
                emit("\\u00");
                for digit in [code >> 4, code & 0xf] {
                    emit(HEX.get(digit).copied().unwrap_or_default());
                }
            }
            None => break,
        }
        rest = characters.as_str();
    }
    emit("\"");
}

/// How many bytes stand before the first that has to be escaped.
///
/// Those are ASCII, so it is a boundary of characters. Sealed leaves are long and have none: they
/// are looked through a block at a time, without a branch a byte.
fn plain_len(text: &[u8]) -> usize {
    let is_special = |byte: &u8| *byte < b' ' || *byte == b'"' || *byte == b'\\';
    // Smallest numbers rather than truth values: those the compiler keeps in bytes.
    let has_special = |block: &&[u8; 64]| {
        let smallest = |(lowest, nearest): (u8, u8), byte: &u8| {
            let nearer = (byte ^ b'"').min(byte ^ b'\\');
            (lowest.min(*byte), nearest.min(nearer))
        };
        let (lowest, nearest) = block.iter().fold((u8::MAX, u8::MAX), smallest);
        lowest < b' ' || nearest == 0
    };
    let (blocks, _) = text.as_chunks::<64>();
    let plain = blocks
        .iter()
        .take_while(|block| !has_special(block))
        .count()
        * 64;
    let rest = text.get(plain..).unwrap_or_default();
    plain + rest.iter().position(is_special).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_rfc_8785_and_no_others() {
        let controls: String = ('\0'..=' ').collect();
        let expected = concat!(
            r#""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#,
            r#"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c"#,
            r#"\u001d\u001e\u001f ""#
        );
        assert_eq!(Quoted(&controls).to_string(), expected);
        assert_eq!(
            Quoted("\"\\/\u{7f}é😀").to_string(),
            "\"\\\"\\\\/\u{7f}é😀\""
        );
        assert_eq!(Quoted("").to_string(), "\"\"");
    }

    #[test]
    fn an_escape_is_found_wherever_it_stands() {
        for len in 0..100 {
            assert_eq!(plain_len(&vec![b'x'; len]), len);
            for at in 0..len {
                for special in [0, 0x1f, b'"', b'\\'] {
                    let mut text = vec![0x7f; len];
                    text[at] = special;
                    assert_eq!(plain_len(&text), at, "{special} at {at} of {len}");
                }
            }
        }
    }
}
