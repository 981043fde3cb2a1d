//! The tree of sealed claims, and the paths that name its leaves.

use crate::error::{Error, ErrorCode};
use crate::ground::claim_path::below;
use crate::ground::quoted::quoted;
use crate::ground::strict_base64;
use crate::ground::tree::{Json, Object};

mod deserialize;
mod opened;
pub(crate) mod text;

pub(crate) use opened::Opened;
pub use opened::{Claim, ClaimValue, OpenedClaims, PartialClaims};

/// The claims of a flow while they are sealed: group → field → leaf, to any depth.
///
/// A leaf's path is the names above it joined by dots, `naming.given`; an array's elements are
/// named by position, `nationality.nationalities.0`. `null` members are absent.
///
/// ```
/// use flowseal::Flow;
///
/// let flow = Flow::from_json(br#"{"reference": "req_", "requester": "bcn_", "requestee": "10",
///     "mode": "identification", "cancelled": false, "iat": 1716820052,
///     "claims": {"naming": {"given": "AAAA", "middle": null}}}"#)?;
/// let paths: Vec<_> = flow.claims().leaves().map(|leaf| leaf.path).collect();
/// assert_eq!(paths, ["naming.given"]);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SealedClaims<'a>(Option<&'a Object>);

impl<'a> SealedClaims<'a> {
    pub(crate) fn new(claims: Option<&'a Object>) -> Self {
        Self(claims)
    }

    /// Every leaf, in the order of the flow.
    pub fn leaves(&self) -> impl Iterator<Item = SealedLeaf<'a>> + use<'a> {
        let mut leaves = Vec::new();
        if let Some(claims) = self.0 {
            for (name, value) in claims.iter() {
                collect(name.to_owned(), value, &mut leaves);
            }
        }
        leaves.into_iter()
    }

    /// Whether there are no leaves.
    pub fn is_empty(&self) -> bool {
        !self
            .0
            .is_some_and(|claims| claims.iter().any(|(_, value)| has_leaf(value)))
    }

    /// The top of the tree; `None` where the flow has no `claims`.
    pub(crate) fn root(&self) -> Option<&'a Object> {
        self.0
    }
}

/// One leaf of a sealed tree.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct SealedLeaf<'a> {
    /// Where it stands, such as `naming.given`.
    pub path: String,
    /// What was sent: a base64 string, unless something is wrong with it.
    pub value: &'a Json,
}

impl SealedLeaf<'_> {
    /// The ciphertext's length in bytes; `None` where the leaf is not a string of strict base64.
    pub fn ciphertext_len(&self) -> Option<usize> {
        strict_base64::decode(self.value.as_str()?).map(|ciphertext| ciphertext.len())
    }
}

/// Refuses a claim whose name holds a dot: its path could not be told from a level's.
pub(crate) fn check_names(tree: &Json) -> Result<(), Error> {
    match tree {
        Json::Object(members) => members.iter().try_for_each(|(name, value)| {
            if name.contains('.') {
                return Err(Error::new(
                    ErrorCode::ClaimName,
                    format!(
                        "the claim name {} holds a dot, which separates the levels of a path: refuse the response",
                        quoted(name)
                    ),
                ));
            }
            check_names(value)
        }),
        Json::Array(elements) => elements.iter().try_for_each(check_names),
        _ => Ok(()),
    }
}

fn has_leaf(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Object(members) => members.iter().any(|(_, value)| has_leaf(value)),
        Json::Array(elements) => elements.iter().any(has_leaf),
        _ => true,
    }
}

fn collect<'a>(path: String, value: &'a Json, leaves: &mut Vec<SealedLeaf<'a>>) {
    match value {
        Json::Null => {}
        Json::Object(members) => {
            for (name, value) in members.iter() {
                collect(below(&path, name), value, leaves);
            }
        }
        Json::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                collect(below(&path, &index.to_string()), element, leaves);
            }
        }
        _ => leaves.push(SealedLeaf { path, value }),
    }
}
