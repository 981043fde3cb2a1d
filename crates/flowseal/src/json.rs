//! JSON text into a tree, within bounds: the one visitor that every response goes through.

use std::cell::Cell;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

use crate::error::{Error, ErrorCode};
use crate::ground::quoted::quoted;
use crate::ground::tree::wipe::{self, SecretJson, Unfinished};
use crate::ground::tree::{Json, Number};
use crate::limits::Limits;

/// Parses JSON text that is within `limits`.
pub(crate) fn parse(text: &[u8], limits: &Limits) -> Result<Json, Error> {
    if text.len() > limits.response_bytes() {
        return Err(Error::new(
            ErrorCode::TooLarge,
            format!(
                "the JSON is {} bytes long and the profile accepts {}: raise limits.response_bytes if that is expected",
                text.len(),
                limits.response_bytes()
            ),
        ));
    }
    let bytes = text;
    let text = std::str::from_utf8(bytes).map_err(|error| {
        not_json(
            bytes,
            &format!("not UTF-8 from byte {} on", error.valid_up_to()),
        )
    })?;

    let bounds = Bounds {
        limits,
        leaves: Cell::new(0),
        refusal: Cell::new(None),
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let root = Node {
        bounds: &bounds,
        depth: 0,
        in_claims: false,
    };
    root.deserialize(&mut deserializer)
        .and_then(|mut tree| match deserializer.end() {
            Ok(()) => Ok(tree),
            Err(error) => {
                wipe::wipe(&mut tree);
                Err(error)
            }
        })
        .map_err(|error| {
            let syntax = || not_json(bytes, &format!("not JSON ({error})"));
            bounds.refusal.take().unwrap_or_else(syntax)
        })
}

/// Parses JSON text that is within `limits` and holds secrets. The text stays the caller's to wipe.
pub(crate) fn parse_secret(text: &[u8], limits: &Limits) -> Result<SecretJson, Error> {
    parse(text, limits).map(SecretJson::new)
}

/// Says what the input is, where its beginning shows it, and else where it stops being JSON.
fn not_json(input: &[u8], what: &str) -> Error {
    let begins = input.trim_ascii_start();
    let told = match begins {
        [] => "is empty: pass the response's body as it was received",
        [0x1f, 0x8b, ..] => "is compressed with gzip: let the HTTP client undo it",
        [0xef, 0xbb, 0xbf, ..] => {
            "begins with a byte order mark, which no answer of the API has: pass the body as it was received, or save the file without it"
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "is UTF-16: save it as UTF-8",
        [b'<', ..] => {
            "is HTML or XML, a page of something between here and the API: look at the HTTP status"
        }
        [b'd', b'a', b't', b'a', b':', ..]
        | [b'e', b'v', b'e', b'n', b't', b':', ..]
        | [b':', ..] => "is a stream of server-sent events: read it with an EventStream",
        _ => "",
    };
    let sentence = match told {
        "" => format!("the input is {what}: pass it as it was received"),
        told => format!("the input {told}"),
    };
    Error::new(ErrorCode::Json, sentence)
}

/// The bounds of one parse, and what broke one of them.
///
/// serde's errors are text; the typed refusal waits here while serde unwinds.
struct Bounds<'a> {
    limits: &'a Limits,
    leaves: Cell<usize>,
    refusal: Cell<Option<Error>>,
}

impl Bounds<'_> {
    fn refuse<E: serde::de::Error>(&self, code: ErrorCode, sentence: String) -> E {
        self.refusal.set(Some(Error::new(code, sentence)));
        E::custom(code)
    }
}

/// The place in the tree at which the next value is read.
#[derive(Clone, Copy)]
struct Node<'a> {
    bounds: &'a Bounds<'a>,
    /// How many arrays and objects stand around this value.
    depth: usize,
    /// Whether a member named `claims` stands around this value.
    in_claims: bool,
}

impl Node<'_> {
    /// The place of a value inside this array or object.
    fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth + 1;
        if depth > self.bounds.limits.depth() {
            return Err(self.bounds.refuse(
                ErrorCode::TooDeep,
                format!(
                    "the JSON nests deeper than the {} levels that the profile accepts: raise limits.depth if that is expected",
                    self.bounds.limits.depth()
                ),
            ));
        }
        Ok(Self { depth, ..self })
    }

    fn leaf<E: serde::de::Error>(self, value: Json) -> Result<Json, E> {
        if self.in_claims {
            let leaves = self.bounds.leaves.get() + 1;
            self.bounds.leaves.set(leaves);
            if leaves > self.bounds.limits.leaves() {
                return Err(self.bounds.refuse(
                    ErrorCode::TooManyLeaves,
                    format!(
                        "the flow has more than the {} claims that the profile accepts: raise limits.leaves if that is expected",
                        self.bounds.limits.leaves()
                    ),
                ));
            }
        }
        Ok(value)
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Json;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Json, E> {
        self.leaf(Json::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Json, E> {
        self.leaf(Json::Number(value.into()))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Json, E> {
        self.leaf(Json::Number(Number::of_integer(value)))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json, E> {
        self.leaf(Json::Number(Number::of_binary64(value)))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Json, E> {
        self.leaf(Json::String(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json, A::Error> {
        let inside = self.inside()?;
        let mut array = Unfinished::new();
        while let Some(element) = elements.next_element_seed(inside)? {
            array.push(element);
        }
        Ok(Json::Array(array.finish()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut name = members.next_key::<String>()?;
        if name.as_deref() == Some(NUMBER_TOKEN) && numbers_come_as_text() {
            let number = Number::from_text(&members.next_value::<String>()?)
                .ok_or_else(|| A::Error::custom("number out of range"))?;
            return self.leaf(Json::Number(number));
        }

        let inside = self.inside()?;
        let mut object = Unfinished::new();
        while let Some(member) = name {
            let value = members.next_value_seed(Node {
                in_claims: inside.in_claims || member == "claims",
                ..inside
            })?;
            object.push((member, value));
            name = members.next_key()?;
        }
        if let Some(twice) = duplicate(&object) {
            return Err(self.bounds.refuse(
                ErrorCode::JsonDuplicate,
                format!(
                    "an object has the member {} twice, so its meaning depends on the reader: refuse the response and fetch it again",
                    quoted(twice)
                ),
            ));
        }
        Ok(Json::Object(object.finish().into_iter().collect()))
    }
}

fn duplicate(members: &[(String, Json)]) -> Option<&str> {
    let mut names: Vec<_> = members.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names
        .windows(2)
        .find_map(|pair| (pair.first() == pair.last()).then(|| pair.first().copied())?)
}

/// The member under which `serde_json` hands on a number's digits once any crate of the build has
/// turned its feature `arbitrary_precision` on.
///
/// In such a build an object with this one member cannot be told from the number that it spells;
/// it is read as that number, by every reader of the tree alike.
const NUMBER_TOKEN: &str = "$serde_json::private::Number";

/// Whether this build's `serde_json` hands those numbers on as text that are no 64-bit integers.
fn numbers_come_as_text() -> bool {
    struct Probe;

    impl<'de> Visitor<'de> for Probe {
        type Value = bool;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number")
        }

        fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
            Ok(false)
        }

        fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<bool, A::Error> {
            Ok(true)
        }
    }

    // Integers of 64 bits come as numbers in every build.
    serde_json::Deserializer::from_str("1.5")
        .deserialize_any(Probe)
        .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Json, ErrorCode> {
        super::parse(text.as_bytes(), &Limits::default()).map_err(|error| error.code())
    }

    #[test]
    fn integers_are_told_from_other_spellings() {
        for plain in ["0", "-1", "9007199254740993", "18446744073709551615"] {
            let expected = plain.parse().ok();
            assert_eq!(parse(plain).unwrap().as_integer(), expected, "{plain}");
            assert_eq!(parse(plain).unwrap().to_string(), plain);
        }
        for other in ["1e3", "1000.0", "-0", "1.5", "18446744073709551616"] {
            assert_eq!(parse(other).unwrap().as_integer(), None, "{other}");
        }
    }

    #[test]
    fn an_object_in_the_shape_of_a_number_token_is_no_number_unless_it_must_be() {
        let tree = parse(r#"{"$serde_json::private::Number": "5"}"#).unwrap();
        let expected = numbers_come_as_text().then_some(5);
        assert_eq!(tree.as_integer(), expected);
    }

    #[test]
    fn duplicates_are_found_at_every_depth_and_in_every_spelling() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"x":{"a":1,"b":2,"\u0061":3}}]"#] {
            assert_eq!(parse(text), Err(ErrorCode::JsonDuplicate), "{text}");
        }
    }

    #[test]
    fn depth_counts_from_the_root() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(parse(&nested(32)).is_ok());
        assert_eq!(parse(&nested(33)), Err(ErrorCode::TooDeep));
        assert_eq!(parse(&"[".repeat(100_000)), Err(ErrorCode::TooDeep));
    }

    #[test]
    fn only_leaves_of_claims_are_counted() {
        let leaves = |count: usize| vec!["1"; count].join(",");
        assert!(parse(&format!("{{\"claims\":[{}]}}", leaves(1024))).is_ok());
        let one_more = parse(&format!("{{\"claims\":[{}]}}", leaves(1025)));
        assert_eq!(one_more, Err(ErrorCode::TooManyLeaves));
        assert!(parse(&format!("{{\"other\":[{}]}}", leaves(1025))).is_ok());
    }

    #[test]
    fn text_that_is_not_json_is_refused() {
        for text in [
            "",
            "{",
            "{} {}",
            "\"\\ud800\"",
            "\u{feff}{}",
            "nul",
            "01",
            "1e999",
        ] {
            assert_eq!(parse(text), Err(ErrorCode::Json), "{text}");
        }
        let not_utf8 = super::parse(b"\"\xff\"", &Limits::default()).unwrap_err();
        assert_eq!(not_utf8.code(), ErrorCode::Json);
    }

    #[test]
    fn display_is_the_text_again() {
        let text = r#"{"b":[1,-2,null,true],"a":{"":"é\"\\\n\u0001"},"c":1000.0}"#;
        assert_eq!(parse(text).unwrap().to_string(), text);
    }
}
