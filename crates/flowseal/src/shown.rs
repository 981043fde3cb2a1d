//! What a sentence may show of input that can hold a secret: lengths, places, words, short ids.
//!
//! Key files, service accounts, credentials and passphrases are read by code that makes its errors
//! and warnings here and nowhere else; `cargo xtask layers` looks. A [`Sentence`] is a text of this
//! library's with [`Shown`]s in its gaps, and there is no way to make a `Shown` of a file's bytes
//! but [`Shown::id`], which leaves too few of them to be a secret, and [`Shown::kid`], of a name
//! that a JWK has in public.

use std::fmt;

use crate::error::{Error, ErrorCode};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::quoted;

/// One thing that a sentence shows of what was read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Shown(String);

impl Shown {
    /// An identifier, such as an app's: whole where it is shorter than any secret, and else its
    /// beginning and its end.
    pub(crate) fn id(text: &str) -> Self {
        Self(quoted::id(text))
    }

    /// The `kid` of a JWK, which names a key in public: whole where it is a short name.
    pub(crate) fn kid(text: &str) -> Self {
        Self(quoted::kid(text))
    }

    /// The sentence of an error that a reader of keys has made, which is a [`Sentence`] therefore.
    pub(crate) fn of(error: &Error) -> Self {
        Self(error.sentence().to_owned())
    }

    /// Several, with a word between them.
    pub(crate) fn joined(shown: impl IntoIterator<Item = Self>, between: &'static str) -> Self {
        let shown: Vec<_> = shown.into_iter().map(|shown| shown.0).collect();
        Self(shown.join(between))
    }
}

/// An identifier that may be absent, for a `Debug`.
pub(crate) fn short(id: Option<&str>) -> impl fmt::Debug {
    fmt::from_fn(move |f| match id {
        Some(id) => write!(f, "Some({})", Shown::id(id)),
        None => f.write_str("None"),
    })
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text of this library's own. What is read at run time is not `'static`.
impl From<&'static str> for Shown {
    fn from(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

/// A length, a place or a count.
impl From<usize> for Shown {
    fn from(number: usize) -> Self {
        Self(number.to_string())
    }
}

impl From<u32> for Shown {
    fn from(number: u32) -> Self {
        Self(number.to_string())
    }
}

impl From<Fingerprint> for Shown {
    fn from(fingerprint: Fingerprint) -> Self {
        Self(fingerprint.to_string())
    }
}

impl From<ErrorCode> for Shown {
    fn from(code: ErrorCode) -> Self {
        Self(code.to_string())
    }
}

/// The engine's own words, none of which holds a number of a key.
impl From<flowseal_rsa::KeyError> for Shown {
    fn from(error: flowseal_rsa::KeyError) -> Self {
        Self(error.to_string())
    }
}

impl From<Sentence> for Shown {
    fn from(sentence: Sentence) -> Self {
        Self(sentence.0)
    }
}

/// A sentence that shows nothing of what was read but through [`Shown`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Sentence(String);

impl Sentence {
    /// `words` with what is shown in the place of each `{}`.
    pub(crate) fn new<const N: usize>(words: &'static str, shown: [Shown; N]) -> Self {
        debug_assert_eq!(words.matches("{}").count(), N, "{words}");
        let mut shown = shown.into_iter();
        let mut pieces = words.split("{}");
        let mut sentence = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            if let Some(Shown(shown)) = shown.next() {
                sentence.push_str(&shown);
            }
            sentence.push_str(piece);
        }
        Self(sentence)
    }

    /// The sentence as the error of this code.
    pub(crate) fn error(self, code: ErrorCode) -> Error {
        Error::new(code, self.0)
    }

    /// The sentence as a warning.
    pub(crate) fn warning(self) -> String {
        self.0
    }
}

/// An error whose sentence shows what is `shown`, and else only `words`.
pub(crate) fn refusal<const N: usize>(
    code: ErrorCode,
    words: &'static str,
    shown: [Shown; N],
) -> Error {
    Sentence::new(words, shown).error(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_shown_with_too_little_of_it_to_be_a_secret() {
        for (id, shown) in [
            ("", r#""""#),
            ("app_1", r#""app_1""#),
            ("app_12", r#""app_…" (6 characters)"#),
            ("snb_0123456789a", r#""snb_…" (15 characters)"#),
            ("snb_0123456789ab", r#""snb_…ab" (16 characters)"#),
            ("\u{1b}[1m\"", "\"\u{fffd}[1m\u{fffd}\""),
        ] {
            assert_eq!(Shown::id(id).to_string(), shown);
        }
    }

    #[test]
    fn what_is_shown_stands_in_the_gaps_and_is_not_read_again() {
        let sentence = Sentence::new("{} of {}: end", [Shown::id("{}{}"), 7_usize.into()]);
        assert_eq!(sentence.0, "\"{}{}\" of 7: end");
    }
}
