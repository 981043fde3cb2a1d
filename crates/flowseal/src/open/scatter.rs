//! From raw results to opened claims: unpad, decode, one verdict.

use std::collections::BTreeMap;
use std::iter::Peekable;

use flowseal_rsa::OperationError;

use super::gather::{Gathered, Leaf, NotComputed, Raw, Sealed};
use crate::claims::{Opened, OpenedClaims, PartialClaims, SealedClaims, text};
use crate::error::{Error, ErrorCode};
use crate::ground::quoted::quoted;
use crate::ground::secret::SecretText;
use crate::ground::tree::{Json, Object};
use crate::padding::Unpadded;

impl<'a> Gathered<'a> {
    /// Unpads and decodes every leaf under every key, before any outcome is looked at.
    ///
    /// # Errors
    /// `internal_fault` and `no_randomness`, which are the machine's and no leaf's, and what is
    /// said by those who hold keys.
    pub(super) fn decode(self) -> Result<Decoded<'a>, Error> {
        let Self { sealed, leaves } = self;
        let decode_all =
            |raws: Vec<Raw>| raws.into_iter().map(|raw| decode(raw, &sealed)).collect();
        let leaves: Vec<Leaf<Vec<Candidate>>> = leaves
            .into_iter()
            .map(|leaf| Leaf {
                place: leaf.place,
                path: leaf.path,
                stage: leaf.stage.map(decode_all),
            })
            .collect();

        let candidates = leaves.iter().filter_map(|leaf| leaf.stage.as_ref().ok());
        for candidate in candidates.flatten() {
            if let Err(Unopened::Machine(error)) = &candidate.text {
                return Err(error.shared());
            }
        }
        Ok(Decoded { sealed, leaves })
    }
}

/// A flow whose leaves are decoded, under however many keys.
pub(super) struct Decoded<'a> {
    sealed: Sealed<'a>,
    leaves: Vec<Leaf<Vec<Candidate>>>,
}

impl Decoded<'_> {
    /// All leaves, by the one key that opens them all, or none.
    pub(super) fn whole(self) -> Result<OpenedClaims, Error> {
        let opener = self.opener();
        let mut texts = Vec::with_capacity(self.leaves.len());
        let mut unopenable_leaf = None;
        for Leaf { place, path, stage } in self.leaves {
            match text_by(opener, stage?, &path) {
                Ok(text) => texts.push((place, text)),
                Err(error) if error.code() == ErrorCode::ClaimUnopenable => {
                    unopenable_leaf = Some(error);
                }
                Err(public) => return Err(public),
            }
        }
        match unopenable_leaf {
            Some(verdict) => Err(verdict),
            None => Ok(self.sealed.opened(texts)),
        }
    }

    /// The place of the one key that opens all leaves.
    pub(super) fn opener(&self) -> Option<usize> {
        let counts = self.opened_by_key();
        let all = self.leaves.len();
        let mut openers = counts.iter().filter(|(_, opened)| **opened == all);
        match (openers.next(), openers.next()) {
            (Some((key_index, _)), None) => Some(*key_index),
            _ => None,
        }
    }

    /// What the key that opens most opens, and an error for each other leaf.
    pub(super) fn partial(self) -> Result<PartialClaims, Error> {
        let counts = self.opened_by_key();
        let most = counts.values().max();
        let opener = counts.iter().find(|(_, opened)| Some(*opened) == most);
        let opener = opener.map(|(key_index, _)| *key_index);

        let mut texts = Vec::new();
        let mut errors = Vec::new();
        for Leaf { place, path, stage } in self.leaves {
            match stage.and_then(|candidates| text_by(opener, candidates, &path)) {
                Ok(text) => texts.push((place, text)),
                Err(error) => errors.push((path, error)),
            }
        }
        Ok(PartialClaims {
            opened: self.sealed.opened(texts),
            errors,
        })
    }

    /// How many leaves each key opens, by its place in the ring.
    fn opened_by_key(&self) -> BTreeMap<usize, usize> {
        let mut counts = BTreeMap::new();
        let candidates = self
            .leaves
            .iter()
            .filter_map(|leaf| leaf.stage.as_ref().ok());
        for candidate in candidates.flatten() {
            *counts.entry(candidate.key_index).or_default() += usize::from(candidate.text.is_ok());
        }
        counts
    }
}

impl Sealed<'_> {
    /// The tree of those leaves that have a text, each beside its place, in their order.
    fn opened(self, texts: Vec<(usize, SecretText)>) -> OpenedClaims {
        let root = opened_tree(SealedClaims::new(self.claims.as_deref()), texts);
        OpenedClaims::new(root, self.verified, self.report)
    }
}

/// The opened form of a sealed tree: of those leaves that have a text, each beside its place, in
/// their order.
pub(crate) fn opened_tree(
    claims: SealedClaims<'_>,
    texts: Vec<(usize, SecretText)>,
) -> Vec<(String, Opened)> {
    let mut texts = Texts {
        opened: texts.into_iter().peekable(),
        place: 0,
    };
    let root = claims.root().map(|claims| members(claims, &mut texts));
    root.unwrap_or_default()
}

/// The opened leaves, while the sealed tree is walked in the same order.
struct Texts {
    opened: Peekable<std::vec::IntoIter<(usize, SecretText)>>,
    /// The place of the leaf that is walked over next.
    place: usize,
}

impl Texts {
    /// The text of the next leaf of the tree, if it was selected and has opened.
    fn next(&mut self) -> Option<SecretText> {
        let place = self.place;
        self.place += 1;
        let (_, text) = self.opened.next_if(|(opened, _)| *opened == place)?;
        Some(text)
    }
}

/// What one key made of one leaf.
struct Candidate {
    key_index: usize,
    text: Result<SecretText, Unopened>,
}

/// Why a key did not open a leaf.
enum Unopened {
    /// The engine could not compute, or whoever else has the key.
    Machine(Error),
    /// The ciphertext is not a number from 2 to this key's modulus less 2, as anyone can see.
    OutOfRange,
    /// The padding or the text was wrong.
    Secret,
}

fn decode(raw: Raw, sealed: &Sealed<'_>) -> Candidate {
    let text = match raw.outcome {
        Ok(()) => {
            let key = raw.key;
            let unpadded =
                Unpadded::decode(key.padding(), raw.em, key.derivation_key(), &raw.ciphertext);
            let text = text::decode(unpadded.message(), sealed.leaf, sealed.cesu8);
            let right = bool::from(unpadded.padding_is_right());
            text.filter(|_| right).ok_or(Unopened::Secret)
        }
        Err(NotComputed::Engine(OperationError::Range)) => Err(Unopened::OutOfRange),
        Err(NotComputed::Engine(error)) => Err(Unopened::Machine(Error::of_the_machine(error))),
        Err(NotComputed::Elsewhere(error)) => Err(Unopened::Machine(error)),
        Err(NotComputed::Waiting) => Err(Unopened::Machine(Error::of_the_machine(
            OperationError::Fault,
        ))),
    };
    Candidate {
        key_index: raw.key_index,
        text,
    }
}

/// The text that the opening key gave, or the verdict.
fn text_by(
    opener: Option<usize>,
    candidates: Vec<Candidate>,
    path: &str,
) -> Result<SecretText, Error> {
    let out_of_range = |candidate: &Candidate| matches!(candidate.text, Err(Unopened::OutOfRange));
    if candidates.iter().all(out_of_range) {
        return Err(Error::new(
            ErrorCode::ClaimRange,
            format!(
                "the claim {} is not a number from 2 to the modulus less 2, so it was not made with the keys given",
                quoted(path)
            ),
        ));
    }
    candidates
        .into_iter()
        .find(|candidate| Some(candidate.key_index) == opener)
        .and_then(|candidate| candidate.text.ok())
        .ok_or_else(unopenable)
}

fn members(claims: &Object, texts: &mut Texts) -> Vec<(String, Opened)> {
    claims
        .iter()
        .filter_map(|(name, value)| Some((name.to_owned(), node(value, texts)?)))
        .collect()
}

/// The opened form of a node; `None` where a selection or a failure has left nothing of it.
fn node(value: &Json, texts: &mut Texts) -> Option<Opened> {
    match value {
        Json::Null => None,
        Json::Object(object) => {
            let group = members(object, texts);
            (!group.is_empty() || !object.has_present_members()).then_some(Opened::Group(group))
        }
        Json::Array(elements) => {
            let positions = elements.iter().enumerate();
            let list: Vec<_> = positions
                .filter_map(|(position, element)| Some((position, node(element, texts)?)))
                .collect();
            (!list.is_empty() || elements.iter().all(Json::is_null)).then_some(Opened::List(list))
        }
        _ => texts.next().map(Opened::Leaf),
    }
}

/// The one verdict, whatever was wrong with which leaf.
fn unopenable() -> Error {
    Error::new(
        ErrorCode::ClaimUnopenable,
        "the claims do not open with the keys given: check that the key is this app's and that the profile's padding and leaf encoding are right",
    )
}
