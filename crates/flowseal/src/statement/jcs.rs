//! The JSON Canonicalization Scheme (RFC 8785) for values without fractions.
//!
//! RFC 8785 writes numbers as ECMAScript does, which makes `1e3`, `1000.0` and `1000` alike. Under
//! a signature such choices are refused instead: a number is an integer, plainly written, within
//! the range in which every JSON reader agrees (RFC 7493, section 2.2). `null` members count as
//! absent; elements of arrays keep their places.

use crate::error::{Error, ErrorCode};
use crate::json::{Json, escape};

/// The canonical text of a value.
pub(super) fn value(value: &Json) -> Result<String, Error> {
    let mut text = String::new();
    write(value, &mut text)?;
    Ok(text)
}

/// The canonical text of an object with these members, no name twice.
pub(super) fn object<'a>(
    members: impl Iterator<Item = (&'a str, &'a Json)>,
) -> Result<String, Error> {
    let mut text = String::new();
    write_object(members, &mut text)?;
    Ok(text)
}

fn write(value: &Json, text: &mut String) -> Result<(), Error> {
    match value {
        Json::Array(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(element, text)?;
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
                return Err(Error::new(
                    ErrorCode::Statement,
                    format!(
                        "the number {number} cannot be signed: signed numbers are plain integers within ±(2⁵³−1)"
                    ),
                ));
            }
        },
        Json::Object(members) => write_object(members.iter(), text)?,
        Json::String(string) => escape::quote(string, &mut |piece| text.push_str(piece)),
    }
    Ok(())
}

fn write_object<'a>(
    members: impl Iterator<Item = (&'a str, &'a Json)>,
    text: &mut String,
) -> Result<(), Error> {
    let mut members: Vec<_> = members.filter(|(_, value)| !value.is_null()).collect();
    // RFC 8785, section 3.2.3: by UTF-16 code units, which is not the order of the bytes.
    members.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
    text.push('{');
    for (index, (name, value)) in members.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        escape::quote(name, &mut |piece| text.push_str(piece));
        text.push(':');
        write(value, text)?;
    }
    text.push('}');
    Ok(())
}

/// 2⁵³ − 1.
const MAX_SAFE_INTEGER: u128 = (1 << 53) - 1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Limits;

    fn canonical(text: &str) -> Result<String, ErrorCode> {
        let tree = Json::parse(text.as_bytes(), &Limits::default()).unwrap();
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
