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
pub(crate) fn quote(text: &str, emit: &mut dyn FnMut(&str)) {
    emit("\"");
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c < ' ' || c == '"' || c == '\\') {
        let (plain, special) = rest.split_at(at);
        emit(plain);
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
            None => {}
        }
        rest = characters.as_str();
    }
    emit(rest);
    emit("\"");
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
}
