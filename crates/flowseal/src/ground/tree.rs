//! JSON as a value: what was received, and what reports are written as.

pub(crate) mod escape;
mod show;
mod walk;
pub(crate) mod wipe;

/// A JSON value as it was received: members in their order, no name twice in an object.
///
/// It holds what the API sent beyond the members that this library knows, so that nothing is lost.
/// Its `Display` is compact JSON; its `Debug` leaves out what strings say, which may be a person's
/// number.
///
/// ```
/// use flowseal::Flow;
///
/// let flow = Flow::from_json(br#"{"reference": "req_", "requester": "bcn_", "requestee": "10",
///     "mode": "signature", "cancelled": false, "iat": 1716820052, "colour": ["blue"]}"#)?;
/// assert_eq!(flow.member("colour").unwrap().to_string(), r#"["blue"]"#);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[non_exhaustive]
#[derive(Clone, PartialEq)]
pub enum Json {
    /// An array.
    Array(Vec<Json>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// A number.
    Number(Number),
    /// An object: members in the order of the text.
    Object(Object),
    /// A string.
    String(String),
}

impl Json {
    /// An object of these members, whose names differ.
    pub(crate) fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        let members = members.into_iter();
        Self::Object(
            members
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    /// The text of a string; `None` for anything else.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of `true` or `false`; `None` for anything else.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The value of a number that was written as an integer (not `1e3`, `1000.0` or `-0`).
    pub fn as_integer(&self) -> Option<i128> {
        match self {
            Self::Number(Number(Digits::Integer(value))) => Some(*value),
            _ => None,
        }
    }

    /// The members of an object; `None` for anything else.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The elements of an array; `None` for anything else.
    pub fn as_array(&self) -> Option<&[Json]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// Whether this is `null`, which counts as an absent member wherever it stands.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What kind of value this is, in words for an error's sentence.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Array(_) => "an array",
            Self::Bool(_) => "a boolean",
            Self::Null => "null",
            Self::Number(_) => "a number",
            Self::Object(_) => "an object",
            Self::String(_) => "a string",
        }
    }
}

/// The members of a JSON object, in the order of the text, no name twice.
#[derive(Clone, Default, PartialEq)]
pub struct Object(Vec<(String, Json)>);

impl Object {
    /// The member `name`, where it is there and not `null`.
    pub fn present(&self, name: &str) -> Option<&Json> {
        let (_, value) = self.0.iter().find(|(known, _)| known == name)?;
        (!value.is_null()).then_some(value)
    }

    /// Every member, `null`s included, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether any member is there and not `null`.
    pub(crate) fn has_present_members(&self) -> bool {
        self.0.iter().any(|(_, value)| !value.is_null())
    }

    /// How many members there are, `null`s included.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no members at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the member `name` out, where it is there and not `null`.
    pub(crate) fn take(&mut self, name: &str) -> Option<Json> {
        let index = self.0.iter().position(|(known, _)| known == name)?;
        let (_, value) = self.0.remove(index);
        (!value.is_null()).then_some(value)
    }
}

#[cfg(feature = "testkit")]
impl Object {
    /// Puts `value` under `name`, at the end where there is none of that name.
    pub(crate) fn set(&mut self, name: &str, value: Json) {
        match self.value_mut(name) {
            Some(place) => *place = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    pub(crate) fn value_mut(&mut self, name: &str) -> Option<&mut Json> {
        let (_, value) = self.0.iter_mut().find(|(known, _)| known == name)?;
        Some(value)
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Json> {
        self.0.iter_mut().map(|(_, value)| value)
    }
}

impl FromIterator<(String, Json)> for Object {
    /// Collects members whose names are known to differ.
    fn from_iter<I: IntoIterator<Item = (String, Json)>>(members: I) -> Self {
        Self(members.into_iter().collect())
    }
}

/// A JSON number: an integer as it was written, or else the nearest binary64 number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(Digits);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Digits {
    /// Written as an integer other than `-0`, and within 64 bits.
    Integer(i128),
    /// Written in any other way: a fraction, an exponent, `-0`, or an integer beyond 64 bits.
    Binary64(f64),
}

impl Number {
    /// An integer.
    pub(crate) fn of_integer(value: u64) -> Self {
        Self(Digits::Integer(value.into()))
    }

    /// A number that was written in another way than as an integer.
    pub(crate) fn of_binary64(value: f64) -> Self {
        Self(Digits::Binary64(value))
    }

    /// Reads a number from its own text, as a tokenizer that keeps the digits hands it on.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let integer = text
            .parse::<i128>()
            .ok()
            .filter(|value| text != "-0" && (i64::MIN.into()..=u64::MAX.into()).contains(value));
        match integer {
            Some(value) => Some(Self(Digits::Integer(value))),
            None => text
                .parse()
                .ok()
                .filter(|value: &f64| value.is_finite())
                .map(|value| Self(Digits::Binary64(value))),
        }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Digits::Integer(value.into()))
    }
}
