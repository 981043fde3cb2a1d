//! Opened claims into a caller's own types.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserialize, Deserializer, Expected, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::opened::{Opened, OpenedClaims};
use super::text;
use crate::catalogue::ClaimType;
use crate::error::{Error, ErrorCode};
use crate::ground::claim_path::below;
use crate::ground::quoted::quoted;
use crate::ground::secret::SecretText;

impl OpenedClaims {
    /// The claims as a type that derives serde's `Deserialize`: groups are structs or maps, arrays
    /// are sequences, a claim is a string, or a boolean, a list, an integer or an enum where the
    /// type asks for one.
    ///
    /// A field of type `&str` borrows from the claims; what is copied out of them is the caller's
    /// to wipe. An integer is read only where it has one spelling: `00123` is not 123.
    ///
    /// ```
    /// # use flowseal::{testkit, Expectations};
    /// #[derive(serde::Deserialize)]
    /// struct Person<'a> {
    ///     #[serde(borrow)]
    ///     naming: Naming<'a>,
    ///     contact: Contact,
    /// }
    /// #[derive(serde::Deserialize)]
    /// struct Naming<'a> {
    ///     given: &'a str,
    ///     nickname: Option<&'a str>,
    /// }
    /// #[derive(serde::Deserialize)]
    /// #[serde(rename_all = "camelCase")]
    /// struct Contact {
    ///     email_verified: bool,
    /// }
    ///
    /// # let sample = testkit::Sample::new()?;
    /// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
    /// # let ring = sample.ring()?;
    /// let claims = flow.verify(&verifier, &Expectations::unbound(), now)?.open(&ring)?;
    /// let person: Person<'_> = claims.deserialize()?;
    /// assert_eq!(person.naming.given, "Adébáyọ̀");
    /// assert!(person.naming.nickname.is_none() && person.contact.email_verified);
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// `claim_type` if the claims are not what the type asks for. The sentence names the place and
    /// never a value.
    pub fn deserialize<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        let members = members(None, self.root());
        T::deserialize(MapDeserializer::new(members)).map_err(Mismatch::into_error)
    }
}

/// A node of the opened tree, and where it stands.
struct Node<'a> {
    path: String,
    opened: &'a Opened,
}

fn members<'a>(
    parent: Option<&str>,
    members: &'a [(String, Opened)],
) -> impl Iterator<Item = (&'a str, Node<'a>)> {
    members.iter().map(move |(name, opened)| {
        let path = parent.map_or_else(|| name.clone(), |parent| below(parent, name));
        (name.as_str(), Node { path, opened })
    })
}

impl<'a> Node<'a> {
    /// Hands the node on as what it is, and marks an error with its place.
    fn hand_on<V: Visitor<'a>>(self, visitor: V, as_what: Want) -> Result<V::Value, Mismatch> {
        let path = self.path;
        let outcome = match self.opened {
            Opened::Group(group) => {
                visitor.visit_map(MapDeserializer::new(members(Some(&path), group)))
            }
            Opened::List(elements) => {
                let nodes = elements.iter().map(|(position, opened)| Node {
                    path: below(&path, &position.to_string()),
                    opened,
                });
                visitor.visit_seq(SeqDeserializer::new(nodes))
            }
            Opened::Leaf(leaf) => {
                let leaf = leaf.expose_secret();
                let by_catalogue = match ClaimType::of(&path) {
                    ClaimType::Boolean => Want::Boolean,
                    ClaimType::List => Want::List,
                    ClaimType::Text => Want::Text,
                };
                let want = if as_what == Want::Anything {
                    by_catalogue
                } else {
                    as_what
                };
                hand_on_leaf(leaf, want, visitor)
            }
        };
        outcome.map_err(|mismatch| mismatch.at(path))
    }
}

/// What a type asks a claim to be.
#[derive(Clone, Copy, PartialEq)]
enum Want {
    Anything,
    Boolean,
    Integer,
    List,
    Text,
}

fn hand_on_leaf<'a, V: Visitor<'a>>(
    leaf: &'a str,
    want: Want,
    visitor: V,
) -> Result<V::Value, Mismatch> {
    match want {
        Want::Boolean => match text::boolean(leaf) {
            Some(value) => visitor.visit_bool(value),
            None => visitor.visit_borrowed_str(leaf),
        },
        Want::List => match text::list(leaf) {
            Some(elements) => {
                let texts = elements.iter().map(SecretText::expose_secret);
                visitor.visit_seq(SeqDeserializer::new(texts))
            }
            None => visitor.visit_borrowed_str(leaf),
        },
        Want::Integer => match leaf.parse::<i128>() {
            Ok(value) if value.to_string() == leaf => {
                match (u64::try_from(value), i64::try_from(value)) {
                    (Ok(value), _) => visitor.visit_u64(value),
                    (_, Ok(value)) => visitor.visit_i64(value),
                    _ => visitor.visit_borrowed_str(leaf),
                }
            }
            _ => visitor.visit_borrowed_str(leaf),
        },
        Want::Anything | Want::Text => visitor.visit_borrowed_str(leaf),
    }
}

macro_rules! deserialize_as {
    ($want:expr => $($method:ident)*) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
                self.hand_on(visitor, $want)
            }
        )*
    };
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Mismatch;

    deserialize_as!(Want::Anything => deserialize_any);
    deserialize_as!(Want::Boolean => deserialize_bool);
    deserialize_as!(Want::List => deserialize_seq);
    deserialize_as!(Want::Text => deserialize_str deserialize_string deserialize_char);
    deserialize_as!(Want::Integer =>
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64);

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self.opened {
            Opened::Leaf(leaf) => visitor
                .visit_enum(leaf.expose_secret().into_deserializer())
                .map_err(|mismatch: Mismatch| mismatch.at(self.path)),
            _ => self.hand_on(visitor, Want::Anything),
        }
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier
        ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Mismatch> for Node<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Why claims did not fit a type: a place, and words that hold no value.
#[derive(Debug)]
struct Mismatch {
    path: Option<String>,
    what: String,
    advice: &'static str,
}

impl Mismatch {
    fn new(what: impl Into<String>) -> Self {
        Self {
            path: None,
            what: what.into(),
            advice: "read it as text, or correct the type",
        }
    }

    fn with_advice(self, advice: &'static str) -> Self {
        Self { advice, ..self }
    }

    /// The innermost place is the one that helps.
    fn at(mut self, path: String) -> Self {
        self.path.get_or_insert(path);
        self
    }

    fn into_error(self) -> Error {
        let place = self.path.map_or("the claims".to_owned(), |path| {
            format!("the claim {}", quoted(&path))
        });
        Error::new(
            ErrorCode::ClaimType,
            format!("{place}: {}; {}", self.what, self.advice),
        )
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Mismatch {}

/// serde's own sentences quote what was found; these do not.
impl serde::de::Error for Mismatch {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::new("it is not what the type accepts")
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("it is not {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("it is not {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::new(format!("it is none of {}", expected.join(", ")))
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::new(format!("the type does not know {}", quoted(field)))
            .with_advice("add it to the type, or leave deny_unknown_fields out")
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format!("there is no {}", quoted(field)))
            .with_advice("declined, or not asked for: make it an `Option`")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::ground::report::Report;

    fn claims() -> OpenedClaims {
        let leaf =
            |name: &str, text: &str| (name.to_owned(), Opened::Leaf(SecretText::copied_from(text)));
        let group = |name: &str, leaves| (name.to_owned(), Opened::Group(leaves));
        let list = Opened::List(vec![(1, leaf("", "chess").1)]);
        OpenedClaims::new(
            vec![
                group(
                    "bio",
                    vec![
                        leaf("age", "36"),
                        leaf("birthnumber", "00042"),
                        leaf("gender", "male"),
                    ],
                ),
                group(
                    "nationality",
                    vec![leaf("pep", "false"), leaf("nationalities", r#"["NG"]"#)],
                ),
                group("hobbies", vec![("sports".to_owned(), list)]),
            ],
            true,
            Report::unchecked("test"),
        )
    }

    fn refusal<'a, T: Deserialize<'a> + fmt::Debug>(claims: &'a OpenedClaims) -> String {
        let error = claims.deserialize::<T>().unwrap_err();
        assert_eq!(error.code(), ErrorCode::ClaimType);
        error.to_string()
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Gender {
        Female,
        Male,
    }

    #[test]
    fn a_type_gets_what_it_asks_for() {
        #[derive(Deserialize)]
        struct Person<'a> {
            #[serde(borrow)]
            bio: Bio<'a>,
            nationality: Nationality,
            hobbies: BTreeMap<String, Vec<String>>,
        }
        #[derive(Deserialize)]
        struct Bio<'a> {
            age: u8,
            birthnumber: &'a str,
            gender: Gender,
            birthplace: Option<String>,
        }
        #[derive(Deserialize)]
        struct Nationality {
            pep: bool,
            nationalities: Vec<String>,
        }

        let claims = claims();
        let person: Person<'_> = claims.deserialize().unwrap();
        assert_eq!((person.bio.age, person.bio.birthnumber), (36, "00042"));
        assert_eq!(
            (person.bio.gender, person.bio.birthplace),
            (Gender::Male, None)
        );
        assert!(!person.nationality.pep);
        assert_eq!(person.nationality.nationalities, ["NG"]);
        assert_eq!(person.hobbies["sports"], ["chess"]);
    }

    #[test]
    fn a_refusal_names_the_place_and_no_value() {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "never built")]
        struct Wrong<T> {
            bio: BTreeMap<String, T>,
        }
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "never built")]
        struct Number {
            bio: BirthNumber,
        }
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "never built")]
        struct BirthNumber {
            birthnumber: u64,
        }

        let claims = claims();
        for sentence in [
            refusal::<Number>(&claims),
            refusal::<Wrong<bool>>(&claims),
            refusal::<Wrong<Vec<String>>>(&claims),
            refusal::<Wrong<char>>(&claims),
        ] {
            assert!(sentence.starts_with("the claim \"bio."), "{sentence}");
            let values = ["36", "42", "male"];
            assert!(
                !values.iter().any(|value| sentence.contains(value)),
                "{sentence}"
            );
        }
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "never built")]
        struct More {
            address: Option<String>,
            naming: String,
        }
        assert!(refusal::<More>(&claims).contains("naming"));
    }
}
