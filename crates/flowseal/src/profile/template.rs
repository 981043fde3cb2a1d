//! A statement's template: which members, and what stands between them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorCode};
use crate::shown::{Shown, refusal};

/// A statement put together from top-level members, such as `{reference}.{requestee}.{signedAt}`.
///
/// A string stands as it is, an integer in decimal, a boolean as `true` or `false`, an object or
/// an array in the form of RFC 8785. Two flows never give the same bytes: the literals between
/// members are not empty, and a value that could be mistaken for one is refused.
///
/// ```
/// use flowseal::profile::Template;
///
/// let template: Template = "{reference}.{signedAt}".parse()?;
/// assert_eq!(template.to_string(), "{reference}.{signedAt}");
/// assert!("{reference}{signedAt}".parse::<Template>().is_err());
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Template {
    before: String,
    members: Vec<TemplateMember>,
}

/// A member and the literal that follows it; only the last one's may be empty.
#[derive(Clone, Debug, Eq, PartialEq)]
struct TemplateMember {
    name: String,
    literal: String,
}

impl Template {
    /// The text before the first member.
    pub(crate) fn before(&self) -> &str {
        &self.before
    }

    /// Each member with the literal that follows it.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        let members = self.members.iter();
        members.map(|member| (member.name.as_str(), member.literal.as_str()))
    }

    /// Every literal, empty ones too.
    pub(crate) fn literals(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.before.as_str())
            .chain(self.members.iter().map(|member| member.literal.as_str()))
    }

    /// Whether some flow could give these bytes.
    ///
    /// Another template with the same literals would give them too: which one it was shows in no
    /// bytes.
    pub(crate) fn could_give(&self, bytes: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return false;
        };
        let Some(mut rest) = text.strip_prefix(self.before.as_str()) else {
            return false;
        };
        let mut values = BTreeMap::new();
        for TemplateMember { name, literal } in &self.members {
            let end = match literal.as_str() {
                "" => Some(rest.len()),
                literal => rest.find(literal),
            };
            let Some((value, after)) = end.and_then(|end| rest.split_at_checked(end)) else {
                return false;
            };
            let holds = |literal: &str| !literal.is_empty() && value.contains(literal);
            let said_before = values.insert(name, value);
            if self.literals().any(holds) || said_before.is_some_and(|said| said != value) {
                return false;
            }
            rest = after.get(literal.len()..).unwrap_or_default();
        }
        rest.is_empty()
    }

    /// The members it names, each once.
    pub(crate) fn covers(&self) -> Vec<String> {
        let mut covers = Vec::new();
        for member in &self.members {
            if !covers.contains(&member.name) {
                covers.push(member.name.clone());
            }
        }
        covers
    }
}

impl FromStr for Template {
    type Err = Error;

    /// Reads a template.
    ///
    /// # Errors
    /// `profile` if it names no member, names `signature`, has two members without a literal
    /// between them, or a brace that does not belong to a member.
    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |why: &'static str| {
            let shown = [Shown::id(text), why.into()];
            Err(refusal(ErrorCode::Profile, "the template {} {}", shown))
        };
        let (before, mut rest) = text.split_once('{').unwrap_or((text, ""));
        let mut members = Vec::new();
        while let Some((name, after)) = rest.split_once('}') {
            let (literal, next) = after
                .split_once('{')
                .map_or((after, ""), |(literal, next)| {
                    // An opened brace must be closed: keep it in sight even at the very end.
                    (literal, if next.is_empty() { "{" } else { next })
                });
            if name.is_empty() || name == "signature" {
                return refuse("names no member, or the signature itself: name a signed member");
            }
            if literal.is_empty() && !next.is_empty() {
                return refuse("has two members with nothing between them: separate them");
            }
            members.push(TemplateMember {
                name: name.to_owned(),
                literal: literal.to_owned(),
            });
            rest = next;
        }
        let literals_and_names = members
            .iter()
            .flat_map(|member| [&member.name, &member.literal]);
        let stray = |text: &str| text.contains(['{', '}']);
        if members.is_empty() || !rest.is_empty() {
            return refuse("is not of the form {member}, literal, {member}");
        }
        if stray(before) || literals_and_names.into_iter().any(|text| stray(text)) {
            return refuse("has a brace that belongs to no member: literals have no escapes");
        }
        Ok(Self {
            before: before.to_owned(),
            members,
        })
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.before)?;
        for TemplateMember { name, literal } in &self.members {
            write!(f, "{{{name}}}{literal}")?;
        }
        Ok(())
    }
}
