//! A leaf's plaintext into a claim's text, and a claim's text into what the catalogue says it is.
//!
//! Everything here is variable-time in the text: the contract's constant time has ended before.
//! Every buffer is made once, at its full size, and wiped.

use crate::ground::secret::{SecretBytes, SecretText};
use crate::profile::LeafEncoding;

/// Reads a plaintext; `None` where it is not text in the profile's encoding.
pub(crate) fn decode(plaintext: &[u8], leaf: LeafEncoding, cesu8: bool) -> Option<SecretText> {
    match std::str::from_utf8(plaintext) {
        Ok(text) => read(text, leaf),
        Err(_) if cesu8 => read(from_cesu8(plaintext)?.expose_secret(), leaf),
        Err(_) => None,
    }
}

fn read(text: &str, leaf: LeafEncoding) -> Option<SecretText> {
    let as_sent = || SecretText::copied_from(text);
    match leaf {
        LeafEncoding::Text => Some(as_sent()),
        LeafEncoding::Auto => Some(unquote(text).unwrap_or_else(as_sent)),
        LeafEncoding::Json => {
            serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
            let trimmed = text.trim_matches(is_json_space);
            if trimmed.starts_with('"') {
                unquote(trimmed)
            } else {
                Some(as_sent())
            }
        }
    }
}

/// A boolean of the catalogue: `true` or `false`, quoted or not.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "\"true\"" => Some(true),
        "false" | "\"false\"" => Some(false),
        _ => None,
    }
}

/// A list of the catalogue: a JSON array of strings.
pub(super) fn list(text: &str) -> Option<Vec<SecretText>> {
    let inside = text
        .trim_matches(is_json_space)
        .strip_prefix('[')?
        .strip_suffix(']')?;
    let mut rest = inside.trim_start_matches(is_json_space);
    let mut elements = Vec::new();
    while !rest.is_empty() || !elements.is_empty() {
        let literal = rest.get(..literal_len(rest)?)?;
        elements.push(unquote(literal)?);
        rest = rest.get(literal.len()..)?.trim_start_matches(is_json_space);
        if rest.is_empty() {
            break;
        }
        rest = rest.strip_prefix(',')?.trim_start_matches(is_json_space);
    }
    Some(elements)
}

/// A date of the proleptic Gregorian calendar, `YYYY-MM-DD`.
pub(super) fn date(text: &str) -> Option<(u16, u8, u8)> {
    let bytes = text.as_bytes();
    let is_date = bytes.len() == 10
        && bytes.iter().enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !is_date {
        return None;
    }
    let year: u16 = text.get(..4)?.parse().ok()?;
    let month: u8 = text.get(5..7)?.parse().ok()?;
    let day: u8 = text.get(8..)?.parse().ok()?;
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u8::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&day).then_some((year, month, day))
}

/// The text of a JSON string literal; `None` where `literal` is anything else.
fn unquote(literal: &str) -> Option<SecretText> {
    let inside = literal.strip_prefix('"')?.strip_suffix('"')?;
    if !inside.contains(is_special) {
        return Some(SecretText::copied_from(inside));
    }
    let mut text = Filled::with_room_for(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find(is_special) {
        let (plain, special) = rest.split_at(at);
        text.push(plain.as_bytes());
        let mut characters = special.strip_prefix('\\')?.chars();
        let character = match characters.next()? {
            'u' => {
                let (character, after) = unicode_escape(characters.as_str())?;
                characters = after.chars();
                character
            }
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            itself @ ('"' | '\\' | '/') => itself,
            _ => return None,
        };
        text.push(character.encode_utf8(&mut [0; 4]).as_bytes());
        rest = characters.as_str();
    }
    text.push(rest.as_bytes());
    text.finish()
}

/// Whether a character cannot stand in a literal as itself.
fn is_special(c: char) -> bool {
    c == '\\' || c == '"' || c < ' '
}

/// Reads what follows `\u`: one code unit, or two that are a pair.
fn unicode_escape(text: &str) -> Option<(char, &str)> {
    let unit = |text: &str| {
        let digits = text.get(..4)?;
        let all_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let unit = u16::from_str_radix(digits, 16).ok().filter(|_| all_hex)?;
        Some(unit)
    };
    let first = unit(text)?;
    let rest = text.get(4..)?;
    if let Some(character) = char::from_u32(first.into()) {
        return Some((character, rest));
    }
    let second = unit(rest.strip_prefix("\\u")?)?;
    let character = char::decode_utf16([first, second]).next()?.ok()?;
    Some((character, rest.get(6..)?))
}

/// UTF-8 in which characters beyond U+FFFF are pairs of three-byte surrogates, as JSEncrypt writes
/// them.
fn from_cesu8(bytes: &[u8]) -> Option<SecretText> {
    let mut text = Filled::with_room_for(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        if let [
            0xed,
            h1 @ 0xa0..=0xaf,
            h2,
            0xed,
            l1 @ 0xb0..=0xbf,
            l2,
            after @ ..,
        ] = rest
        {
            let unit = |middle: &u8, last: &u8| {
                let continuation = last & 0xc0 == 0x80;
                let bits = u16::from(middle & 0x3f) << 6 | u16::from(last & 0x3f);
                continuation.then_some(0xd000 | bits)
            };
            let pair = [unit(h1, h2)?, unit(l1, l2)?];
            let character = char::decode_utf16(pair).next()?.ok()?;
            text.push(character.encode_utf8(&mut [0; 4]).as_bytes());
            rest = after;
        } else {
            text.push(&[byte]);
            rest = after;
        }
    }
    text.finish()
}

/// The length of the string literal that begins `text`, its quotes included.
fn literal_len(text: &str) -> Option<usize> {
    let mut escaped = false;
    let (end, _) = text
        .strip_prefix('"')?
        .bytes()
        .enumerate()
        .find(|&(_, byte)| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        })?;
    Some(end + 2)
}

fn is_json_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// A secret that is written from the front into room made beforehand.
struct Filled {
    bytes: SecretBytes,
    len: usize,
}

impl Filled {
    fn with_room_for(len: usize) -> Self {
        Self {
            bytes: SecretBytes::zeroed(len),
            len: 0,
        }
    }

    /// Writes a piece. No decoding here is longer than what it decodes, so it always fits.
    fn push(&mut self, piece: &[u8]) {
        let room = self.bytes.expose_secret_mut().iter_mut().skip(self.len);
        for (place, byte) in room.zip(piece) {
            *place = *byte;
        }
        self.len += piece.len();
    }

    fn finish(self) -> Option<SecretText> {
        let written = self.bytes.expose_secret().get(..self.len)?;
        SecretText::from_utf8(SecretBytes::copied_from(written))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(plaintext: &[u8], leaf: LeafEncoding) -> Option<String> {
        decode(plaintext, leaf, true).map(|text| text.expose_secret().to_owned())
    }

    #[test]
    fn each_encoding_reads_the_same_plaintext_in_its_own_way() {
        for (plaintext, auto, json, text) in [
            ("Ada", Some("Ada"), None, Some("Ada")),
            ("\"Ada\"", Some("Ada"), Some("Ada"), Some("\"Ada\"")),
            (
                " \"Ada\" ",
                Some(" \"Ada\" "),
                Some("Ada"),
                Some(" \"Ada\" "),
            ),
            ("true", Some("true"), Some("true"), Some("true")),
            ("00123", Some("00123"), None, Some("00123")),
            (
                "22212345610",
                Some("22212345610"),
                Some("22212345610"),
                Some("22212345610"),
            ),
            (
                "\"a\" \"b\"",
                Some("\"a\" \"b\""),
                None,
                Some("\"a\" \"b\""),
            ),
            (
                r#""\ud800""#,
                Some(r#""\ud800""#),
                None,
                Some(r#""\ud800""#),
            ),
            ("", Some(""), None, Some("")),
            ("\"", Some("\""), None, Some("\"")),
            ("\"\"", Some(""), Some(""), Some("\"\"")),
        ] {
            let bytes = plaintext.as_bytes();
            assert_eq!(
                read_as(bytes, LeafEncoding::Auto).as_deref(),
                auto,
                "{plaintext}"
            );
            assert_eq!(
                read_as(bytes, LeafEncoding::Json).as_deref(),
                json,
                "{plaintext}"
            );
            assert_eq!(
                read_as(bytes, LeafEncoding::Text).as_deref(),
                text,
                "{plaintext}"
            );
        }
    }

    #[test]
    fn literals_are_unquoted_as_serde_json_does() {
        for literal in [
            r#""\"\\\/\b\f\n\r\t""#,
            r#""\u00e9\u0000\ud83d\ude00x""#,
            "\"é😀\"",
            r#""\ud83d""#,
            r#""\ude00\ud83d""#,
            r#""\ud83d\u0041""#,
            r#""\u+123""#,
            r#""\u12""#,
            r#""\x""#,
            "\"\n\"",
            r#""a"b""#,
            r#""\""#,
        ] {
            let expected = serde_json::from_str::<String>(literal).ok();
            let unquoted = unquote(literal).map(|text| text.expose_secret().to_owned());
            assert_eq!(unquoted, expected, "{literal}");
        }
    }

    #[test]
    fn cesu8_is_well_formed_pairs_or_nothing() {
        let grinning = b"a\xed\xa0\xbd\xed\xb8\x80b";
        assert_eq!(
            read_as(grinning, LeafEncoding::Auto).as_deref(),
            Some("a😀b")
        );
        assert!(decode(grinning, LeafEncoding::Auto, false).is_none());
        for bytes in [
            &b"\xed\xa0\xbd"[..],
            b"\xed\xb8\x80\xed\xa0\xbd",
            b"\xed\xa0\xbd\xed\xb8\x00",
            b"\xed\xa0\xbd\xed\xa0\xbd",
            b"\xff\xed\xa0\xbd\xed\xb8\x80",
        ] {
            assert_eq!(read_as(bytes, LeafEncoding::Auto), None, "{bytes:02x?}");
        }
    }

    #[test]
    fn lists_are_json_arrays_of_strings_only() {
        for text in [
            "[]",
            " [ ] ",
            r#"["NG"]"#,
            r#" [ "NG" , "G\"],[H" ] "#,
            r#"["NG",]"#,
            "[,]",
            r#"["NG" "GH"]"#,
            "[1]",
            r#"["a",["b"]]"#,
            "NG",
            "[",
            r#"["a"#,
            r#"{"a":"b"}"#,
            r#"[,"a"]"#,
            r#"["a"]]"#,
        ] {
            let expected = serde_json::from_str::<Vec<String>>(text).ok();
            let found = list(text).map(|elements| {
                let elements = elements.iter();
                elements
                    .map(|text| text.expose_secret().to_owned())
                    .collect::<Vec<_>>()
            });
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        for (text, value) in [
            ("1987-04-12", Some((1987, 4, 12))),
            ("2000-02-29", Some((2000, 2, 29))),
            ("1900-02-29", None),
            ("2023-04-31", None),
            ("2023-13-01", None),
            ("2023-00-10", None),
            ("2023-01-00", None),
            ("2023-1-01", None),
            ("+023-01-01", None),
            ("12-04-1987", None),
            ("1987-04-12T00", None),
        ] {
            assert_eq!(date(text), value, "{text}");
        }
    }

    #[test]
    fn booleans_are_exact() {
        for (text, value) in [
            ("true", Some(true)),
            ("\"false\"", Some(false)),
            ("True", None),
            ("1", None),
            (" true", None),
        ] {
            assert_eq!(boolean(text), value, "{text}");
        }
    }
}
