//! The JSON Canonicalization Scheme (RFC 8785) for values without fractions.
//!
//! RFC 8785 writes numbers as ECMAScript does, which makes `1e3`, `1000.0` and `1000` alike. Under
//! a signature such choices are refused instead: a number is an integer, plainly written, within
//! the range in which every JSON reader agrees (RFC 7493, section 2.2). `null` members count as
//! absent; elements of arrays keep their places.

use std::cmp::Ordering;

use crate::error::{Error, ErrorCode};
use crate::ground::quoted::quoted;
use crate::ground::tree::{Json, Number, Object, escape};

/// The canonical text of a value.
pub(super) fn value(value: &Json) -> Result<String, Error> {
    let mut text = String::with_capacity(room_for(value));
    write(value, &mut text).map_err(Unsignable::into_error)?;
    Ok(text)
}

/// The canonical text of the value of this member.
pub(super) fn member(name: &str, value: &Json) -> Result<String, Error> {
    let mut text = String::with_capacity(room_for(value));
    let written = write(value, &mut text).map_err(|error| error.inside(name));
    written.map_err(Unsignable::into_error)?;
    Ok(text)
}

/// The canonical text of an object with these members, which are in canonical order.
pub(super) fn object<'a>(
    members: impl Iterator<Item = (&'a str, &'a Json)> + Clone,
) -> Result<String, Error> {
    let mut text = String::with_capacity(room_for_members(members.clone()));
    write_members(members, &mut text).map_err(Unsignable::into_error)?;
    Ok(text)
}

/// A number that readers disagree about, and where it stands.
struct Unsignable {
    number: Number,
    /// From the inside.
    path: Vec<String>,
}

impl Unsignable {
    fn inside(mut self, name: impl Into<String>) -> Self {
        self.path.push(name.into());
        self
    }

    fn into_error(self) -> Error {
        let Self { number, mut path } = self;
        path.reverse();
        let place = match path.as_slice() {
            [] => String::new(),
            path => format!(" in {}", quoted(&path.join("."))),
        };
        Error::new(
            ErrorCode::Statement,
            format!(
                "the number {number}{place} cannot be signed: signed numbers are plain integers within ±(2⁵³−1), since readers disagree about all others; whoever signs can send it as a text or in smaller units, or sign a template or detached bytes, which the profile then names"
            ),
        )
    }
}

fn write(value: &Json, text: &mut String) -> Result<(), Unsignable> {
    match value {
        Json::Array(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(element, text).map_err(|error| error.inside(index.to_string()))?;
            }
            text.push(']');
        }
        Json::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Json::Null => text.push_str("null"),
        Json::Number(number) => match value.as_integer() {
            Some(integer) if integer.unsigned_abs() <= MAX_SAFE_INTEGER => {
                text.push_str(&integer.to_string());
            }
            _ => {
                return Err(Unsignable {
                    number: *number,
                    path: Vec::new(),
                });
            }
        },
        Json::Object(members) => write_object(members, text)?,
        Json::String(string) => escape::quote(string, &mut |piece: &str| text.push_str(piece)),
    }
    Ok(())
}

fn write_object(members: &Object, text: &mut String) -> Result<(), Unsignable> {
    let in_order = |(left, _): &(&str, &Json), (right, _): &(&str, &Json)| {
        by_utf16(left, right) == Ordering::Less
    };
    if members.iter().is_sorted_by(in_order) {
        return write_members(members.iter(), text);
    }
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_unstable_by(|(left, _), (right, _)| by_utf16(left, right));
    write_members(sorted.into_iter(), text)
}

/// Writes an object of members that are in order, and leaves `null`s out.
fn write_members<'a>(
    members: impl Iterator<Item = (&'a str, &'a Json)>,
    text: &mut String,
) -> Result<(), Unsignable> {
    text.push('{');
    let present = members.filter(|(_, value)| !value.is_null());
    for (index, (name, value)) in present.enumerate() {
        if index > 0 {
            text.push(',');
        }
        escape::quote(name, &mut |piece: &str| text.push_str(piece));
        text.push(':');
        write(value, text).map_err(|error| error.inside(name))?;
    }
    text.push('}');
    Ok(())
}

/// The length of a value's canonical text where nothing is escaped, or a little more: a statement
/// is as long as its claims, and would be moved several times while it grows.
fn room_for(value: &Json) -> usize {
    const LONGEST_INTEGER: usize = 17;

    match value {
        Json::Array(elements) => {
            elements
                .iter()
                .map(|element| room_for(element) + 1)
                .sum::<usize>()
                + 2
        }
        Json::Bool(_) | Json::Null => 5,
        Json::Number(_) => LONGEST_INTEGER,
        Json::Object(members) => room_for_members(members.iter()),
        Json::String(string) => string.len() + 2,
    }
}

fn room_for_members<'a>(members: impl Iterator<Item = (&'a str, &'a Json)>) -> usize {
    let room = |(name, value): (&str, &Json)| name.len() + 4 + room_for(value);
    members.map(room).sum::<usize>() + 2
}

/// The order of UTF-16 code units (RFC 8785, section 3.2.3), which is not that of the bytes.
///
/// It is that of the bytes, except for this: characters beyond U+FFFF, whose first byte is 0xf0 or
/// more, are written as surrogates, which stand before U+E000, whose first byte is 0xee.
fn by_utf16(left: &str, right: &str) -> Ordering {
    let place = |byte: u8| match byte {
        0xee | 0xef => byte | 0x10,
        byte => byte,
    };
    left.bytes().map(place).cmp(right.bytes().map(place))
}

/// 2⁵³ − 1.
const MAX_SAFE_INTEGER: u128 = (1 << 53) - 1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use crate::limits::Limits;

    fn canonical(text: &str) -> Result<String, ErrorCode> {
        let tree = json::parse(text.as_bytes(), &Limits::default()).unwrap();
        value(&tree).map_err(|error| error.code())
    }

    #[test]
    fn members_are_sorted_by_utf_16() {
        // RFC 8785, section 3.2.3, whose example puts U+1F600 before U+FB33.
        let text = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
        let names = ["\\r", "1", "\u{80}", "ö", "€", "😀", "\u{fb33}"];
        let canonical = canonical(text).unwrap();
        let places: Vec<_> = names
            .iter()
            .map(|name| canonical.find(&format!("\"{name}\":")).unwrap())
            .collect();
        assert!(places.is_sorted(), "{canonical}");
    }

    #[test]
    fn the_order_is_that_of_utf_16_code_units() {
        // The first and the last character of each length in bytes, and those around surrogates.
        let edges = [
            '\0',
            'a',
            '\u{7f}',
            '\u{80}',
            '\u{7ff}',
            '\u{800}',
            '\u{d7ff}',
            '\u{e000}',
            '\u{f8ff}',
            '\u{ffff}',
            '\u{10000}',
            '\u{3ffff}',
            '\u{40000}',
            '\u{10ffff}',
        ];
        let mut names = vec![String::new()];
        for first in edges {
            names.push(first.to_string());
            names.extend(edges.map(|second| format!("{first}{second}")));
        }
        for left in &names {
            for right in &names {
                let expected = left.encode_utf16().cmp(right.encode_utf16());
                assert_eq!(by_utf16(left, right), expected, "{left:?} {right:?}");
            }
        }
    }

    #[test]
    fn both_sides_of_the_range_of_signed_numbers() {
        for (text, accepted) in [
            ("9007199254740991", true),
            ("9007199254740992", false),
            ("-9007199254740991", true),
            ("-9007199254740992", false),
            ("18446744073709551615", false),
            ("0", true),
            ("-0", false),
            ("1.0", false),
            ("1e3", false),
        ] {
            let expected = if accepted {
                Ok(text.to_owned())
            } else {
                Err(ErrorCode::Statement)
            };
            assert_eq!(canonical(text), expected);
        }
    }

    #[test]
    fn null_members_are_absent_at_every_depth_and_null_elements_stay() {
        assert_eq!(
            canonical(r#"{"b":{"x":null,"y":[null,{"z":null}]},"a":null}"#).unwrap(),
            r#"{"b":{"y":[null,{}]}}"#
        );
    }

    #[test]
    fn spelling_alone_changes_nothing() {
        let spelt = r#" { "a" : "\u00e9\/\u0041" } "#;
        assert_eq!(canonical(spelt).unwrap(), r#"{"a":"é/A"}"#);
    }
}
