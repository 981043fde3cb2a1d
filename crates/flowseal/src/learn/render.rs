//! JSON as other people's programs write it.

use crate::claims::{ClaimValue, OpenedClaims};
use crate::ground::claim_path::below;
use crate::ground::tree::{Json, Object, escape};

/// A way of writing JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Style {
    pub(super) name: &'static str,
    colon: &'static str,
    /// What stands between members and elements where nothing is indented.
    comma: &'static str,
    indent: Option<&'static str>,
    escapes: Escapes,
}

/// Which characters are escaped beyond those that must be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Escapes {
    None,
    /// All but ASCII, as Python's `json` does unless told otherwise.
    NotAscii,
    /// The same, and slashes, as PHP's `json_encode` does.
    Slashes,
}

impl Style {
    /// RFC 8785, and what most programs write: `JSON.stringify`, serde_json, Go, Jackson.
    pub(super) const COMPACT: Self = Self {
        name: "compact",
        colon: ":",
        comma: ",",
        indent: None,
        escapes: Escapes::None,
    };

    pub(super) const ALL: [Self; 8] = [
        Self::COMPACT,
        Self {
            name: "compact-ascii",
            escapes: Escapes::NotAscii,
            ..Self::COMPACT
        },
        Self {
            name: "compact-slashes",
            escapes: Escapes::Slashes,
            ..Self::COMPACT
        },
        // Python's `json.dumps`.
        Self {
            name: "spaced",
            colon: ": ",
            comma: ", ",
            ..Self::COMPACT
        },
        Self {
            name: "spaced-ascii",
            colon: ": ",
            comma: ", ",
            escapes: Escapes::NotAscii,
            ..Self::COMPACT
        },
        Self {
            name: "pretty-2",
            colon: ": ",
            indent: Some("  "),
            ..Self::COMPACT
        },
        Self {
            name: "pretty-4",
            colon: ": ",
            indent: Some("    "),
            ..Self::COMPACT
        },
        Self {
            name: "pretty-tab",
            colon: ": ",
            indent: Some("\t"),
            ..Self::COMPACT
        },
    ];
}

/// In which order members stand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Order {
    /// RFC 8785's, and `null` members are left out.
    Canonical,
    Received,
    Sorted,
}

/// What stands in the place of a sealed claim.
#[derive(Clone, Copy)]
pub(super) enum Leaves<'a> {
    /// The ciphertext, as it was sent.
    Sealed,
    /// The claim, as a text.
    Texts(&'a OpenedClaims),
    /// The claim, as a boolean or a list where the catalogue says so.
    Typed(&'a OpenedClaims),
}

/// A writer of JSON into a buffer of whoever calls.
#[derive(Clone, Copy)]
pub(super) struct Renderer<'a> {
    pub(super) style: Style,
    pub(super) order: Order,
    pub(super) leaves: Leaves<'a>,
}

/// Where pieces of text go.
type Emit<'a> = dyn FnMut(&str) + 'a;

impl Renderer<'_> {
    /// What stands before the first member of an object, between two, and behind the last.
    pub(super) fn braces(&self) -> [String; 3] {
        match self.style.indent {
            None => ["{".into(), self.style.comma.into(), "}".into()],
            Some(indent) => [
                format!("{{\n{indent}"),
                format!(",\n{indent}"),
                "\n}".into(),
            ],
        }
    }

    /// A member of the flow, with its name.
    pub(super) fn member(&self, name: &str, value: &Json, emit: &mut Emit<'_>) {
        self.text(name, emit);
        emit(self.style.colon);
        let path = (name == "claims").then(String::new);
        self.value(value, path.as_deref(), 1, emit);
    }

    /// The value of a member of the flow.
    pub(super) fn top(&self, name: &str, value: &Json, emit: &mut Emit<'_>) {
        let path = (name == "claims").then(String::new);
        self.value(value, path.as_deref(), 0, emit);
    }

    /// `path` is that of a claim, and absent outside of the claims.
    fn value(&self, value: &Json, path: Option<&str>, depth: usize, emit: &mut Emit<'_>) {
        match value {
            Json::Array(elements) => {
                let elements = elements.iter().enumerate();
                let elements = elements.map(|(index, element)| (index.to_string(), element));
                let elements: Vec<_> = elements.collect();
                let elements = elements
                    .iter()
                    .map(|(index, element)| (index.as_str(), *element));
                self.members(("[", "]"), elements, path, depth, emit);
            }
            Json::Object(object) => {
                let members = self.in_order(object);
                self.members(("{", "}"), members.into_iter(), path, depth, emit);
            }
            Json::String(text) => match path {
                Some(path) => self.leaf(text, path, depth, emit),
                None => self.text(text, emit),
            },
            other => emit(&other.to_string()),
        }
    }

    pub(super) fn in_order<'a>(&self, object: &'a Object) -> Vec<(&'a str, &'a Json)> {
        let is_kept =
            |(_, value): &(&str, &Json)| self.order != Order::Canonical || !value.is_null();
        let mut members: Vec<_> = object.iter().filter(is_kept).collect();
        match self.order {
            Order::Received => {}
            Order::Sorted => members.sort_by_key(|(name, _)| *name),
            Order::Canonical => {
                members
                    .sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
            }
        }
        members
    }

    fn members<'b>(
        &self,
        (open, close): (&str, &str),
        members: impl ExactSizeIterator<Item = (&'b str, &'b Json)>,
        path: Option<&str>,
        depth: usize,
        emit: &mut Emit<'_>,
    ) {
        emit(open);
        let is_empty = members.len() == 0;
        for (index, (name, value)) in members.enumerate() {
            self.between(index == 0, depth + 1, emit);
            if open == "{" {
                self.text(name, emit);
                emit(self.style.colon);
            }
            let path = path.map(|path| match path {
                "" => name.to_owned(),
                path => below(path, name),
            });
            self.value(value, path.as_deref(), depth + 1, emit);
        }
        if !is_empty {
            self.line(depth, emit);
        }
        emit(close);
    }

    fn between(&self, is_first: bool, depth: usize, emit: &mut Emit<'_>) {
        if !is_first {
            emit(self.style.comma);
        }
        self.line(depth, emit);
    }

    fn line(&self, depth: usize, emit: &mut Emit<'_>) {
        if let Some(indent) = self.style.indent {
            emit("\n");
            (0..depth).for_each(|_| emit(indent));
        }
    }

    /// A sealed claim, or what has come out of it.
    fn leaf(&self, sealed: &str, path: &str, depth: usize, emit: &mut Emit<'_>) {
        let (claims, typed) = match self.leaves {
            Leaves::Sealed => return self.text(sealed, emit),
            Leaves::Texts(claims) => (claims, false),
            Leaves::Typed(claims) => (claims, true),
        };
        let Some(claim) = claims.get(path) else {
            return self.text(sealed, emit);
        };
        match claim.value() {
            ClaimValue::Boolean(value) if typed => emit(if value { "true" } else { "false" }),
            ClaimValue::List(texts) if typed => {
                emit("[");
                for (index, text) in texts.iter().enumerate() {
                    self.between(index == 0, depth + 1, emit);
                    self.text(text.expose_secret(), emit);
                }
                if !texts.is_empty() {
                    self.line(depth, emit);
                }
                emit("]");
            }
            _ => self.text(claim.text(), emit),
        }
    }

    /// A text as a JSON string.
    fn text(&self, text: &str, emit: &mut Emit<'_>) {
        let escapes = self.style.escapes;
        if escapes == Escapes::None {
            return escape::quote(text, emit);
        }
        escape::quote(text, &mut |piece: &str| {
            let mut rest = piece;
            let is_special = |c: char| match c {
                '/' => escapes == Escapes::Slashes,
                '\u{7f}' => escapes == Escapes::NotAscii,
                c => !c.is_ascii(),
            };
            while let Some(at) = rest.find(is_special) {
                let (plain, special) = rest.split_at(at);
                emit(plain);
                let mut characters = special.chars();
                match characters.next() {
                    Some('/') => emit("\\/"),
                    Some(c) => {
                        let mut units = [0; 2];
                        for unit in c.encode_utf16(&mut units) {
                            emit("\\u");
                            for shift in [12, 8, 4, 0] {
                                let digit = usize::from(*unit >> shift & 0xf);
                                emit(HEX_DIGITS.get(digit).copied().unwrap_or_default());
                            }
                        }
                    }
                    None => {}
                }
                rest = characters.as_str();
            }
            emit(rest);
        });
    }
}

/// As texts, so that no copy of a claim's character is left behind.
const HEX_DIGITS: [&str; 16] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f",
];
