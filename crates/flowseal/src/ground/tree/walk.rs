//! What is asked of a whole tree, and made of one.

use super::{Json, Object};

impl Json {
    /// The same value with the members of its objects in the order of their names: one text for all
    /// spellings.
    pub(crate) fn sorted(&self) -> Self {
        match self {
            Self::Array(elements) => Self::Array(elements.iter().map(Self::sorted).collect()),
            Self::Object(members) => {
                let members = members.iter();
                let mut sorted: Vec<_> = members
                    .map(|(name, value)| (name.to_owned(), value.sorted()))
                    .collect();
                sorted.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
                Self::Object(Object(sorted))
            }
            other => other.clone(),
        }
    }

    /// Whether there is a `null` member at any depth. Elements of arrays are no members.
    pub(crate) fn has_null_members(&self) -> bool {
        match self {
            Self::Array(elements) => elements.iter().any(Self::has_null_members),
            Self::Object(members) => members
                .iter()
                .any(|(_, value)| value.is_null() || value.has_null_members()),
            _ => false,
        }
    }

    /// The same value without `null` members, at every depth: as a statement has it.
    pub(crate) fn without_null_members(&self) -> Self {
        match self {
            Self::Array(elements) => {
                Self::Array(elements.iter().map(Self::without_null_members).collect())
            }
            Self::Object(members) => {
                let present = members.iter().filter(|(_, value)| !value.is_null());
                Self::Object(
                    present
                        .map(|(name, value)| (name.to_owned(), value.without_null_members()))
                        .collect(),
                )
            }
            other => other.clone(),
        }
    }

    /// Whether a string or a member's name, at any depth, holds something that `is_in` finds.
    pub(crate) fn mentions(&self, is_in: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::String(string) => is_in(string),
            Self::Array(elements) => elements.iter().any(|element| element.mentions(is_in)),
            Self::Object(members) => members.mentions(is_in),
            _ => false,
        }
    }
}

impl Object {
    /// Whether a string or a member's name, at any depth, holds something that `is_in` finds.
    pub(crate) fn mentions(&self, is_in: &dyn Fn(&str) -> bool) -> bool {
        self.iter()
            .any(|(name, value)| is_in(name) || value.mentions(is_in))
    }
}
