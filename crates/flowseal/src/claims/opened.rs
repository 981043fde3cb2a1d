//! The tree of opened claims.

use std::fmt;

use super::text;
use crate::catalogue::ClaimType;
use crate::error::{Error, ErrorCode};
use crate::ground::claim_path::below;
use crate::ground::quoted::quoted;
use crate::ground::report::{Check, Outcome, Report};
use crate::ground::secret::{SecretText, written_once};
use crate::ground::tree::escape;
use crate::profile::Trust;

/// The claims of one flow, opened. Wiped when dropped.
///
/// The tree mirrors the flow's. Claims are found by path; [`iter`](Self::iter) visits them in the
/// flow's order.
///
/// ```
/// # use flowseal::{testkit, Expectations};
/// # let sample = testkit::Sample::new()?;
/// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
/// # let ring = sample.ring()?;
/// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
/// let claims = verified.open(&ring)?;
/// assert_eq!(claims.get("naming.given").unwrap().text(), "Adébáyọ̀");
/// assert_eq!(claims.get("contact.emailVerified").unwrap().boolean()?, true);
/// assert!(claims.get("naming.nickname").is_none());
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct OpenedClaims {
    root: Vec<(String, Opened)>,
    verified: bool,
    report: Report,
}

/// A node of the opened tree.
pub(crate) enum Opened {
    Group(Vec<(String, Opened)>),
    /// Elements with their positions in the flow, of which a selection may leave some out.
    List(Vec<(usize, Opened)>),
    Leaf(SecretText),
}

impl OpenedClaims {
    pub(crate) fn new(root: Vec<(String, Opened)>, verified: bool, report: Report) -> Self {
        Self {
            root,
            verified,
            report,
        }
    }

    pub(super) fn root(&self) -> &[(String, Opened)] {
        &self.root
    }

    /// The claim at this path, such as `naming.given`; `None` if the flow has none there, or the
    /// selection left it out.
    pub fn get(&self, path: &str) -> Option<Claim<'_>> {
        match self.node(path)? {
            Opened::Leaf(text) => Some(Claim {
                path: path.to_owned(),
                text,
            }),
            _ => None,
        }
    }

    /// The text of the claim at this path; `None` where the flow has none there, or the selection
    /// left it out: a person may have declined.
    ///
    /// ```
    /// # use flowseal::{testkit, ErrorCode, Expectations};
    /// # let sample = testkit::Sample::new()?;
    /// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
    /// # let ring = sample.ring()?;
    /// let claims = flow.verify(&verifier, &Expectations::unbound(), now)?.open(&ring)?;
    /// assert_eq!(claims.text("naming.given")?, Some("Adébáyọ̀"));
    /// assert_eq!(claims.text("naming.nickname")?, None);
    /// assert_eq!(claims.text("naming").unwrap_err().code(), ErrorCode::Usage);
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// `usage` for the path of a group or of an array, and for an empty one: nobody declined that.
    pub fn text(&self, path: &str) -> Result<Option<&str>, Error> {
        let usage = |what: String| Err(Error::new(ErrorCode::Usage, what));
        match self.node(path) {
            _ if path.is_empty() => usage("the path is empty: name a claim".to_owned()),
            Some(Opened::Leaf(text)) => Ok(Some(text.expose_secret())),
            Some(_) => usage(format!(
                "{} is a group of claims and has no text: name a claim in it",
                quoted(path)
            )),
            None => Ok(None),
        }
    }

    fn node(&self, path: &str) -> Option<&Opened> {
        let mut names = path.split('.');
        let first = names.next()?;
        let top = self.root.iter().find(|(name, _)| name == first);
        let mut node = &top?.1;
        for name in names {
            node = match node {
                Opened::Group(members) => &members.iter().find(|(known, _)| known == name)?.1,
                Opened::List(elements) => {
                    let is_at = |position: &usize| position.to_string() == name;
                    &elements.iter().find(|(position, _)| is_at(position))?.1
                }
                Opened::Leaf(_) => return None,
            };
        }
        Some(node)
    }

    /// Every claim, in the flow's order.
    pub fn iter(&self) -> impl Iterator<Item = Claim<'_>> {
        let mut claims = Vec::new();
        for (name, node) in &self.root {
            collect(name.clone(), node, &mut claims);
        }
        claims.into_iter()
    }

    /// How many claims there are.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there are no claims at all.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Whether the flow was verified before it was opened. Claims of one that was not may be
    /// anyone's, and so may claims of one whose profile allows them to be unsigned: see the check
    /// `claims_signed` of the [`report`](Self::report).
    pub fn is_verified(&self) -> bool {
        self.verified
    }

    /// What made the flow one to believe; `None` for one that was opened unverified.
    ///
    /// ```
    /// # use flowseal::{testkit, Expectations};
    /// use flowseal::profile::Trust;
    ///
    /// # let sample = testkit::Sample::new()?;
    /// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
    /// # let ring = sample.ring()?;
    /// let claims = flow.verify(&verifier, &Expectations::unbound(), now)?.open(&ring)?;
    /// assert_eq!(claims.trust(), Some(Trust::Signed));
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    pub fn trust(&self) -> Option<Trust> {
        if self.verified {
            return Some(Trust::Signed);
        }
        let is_received = self.report.outcome(Check::Received) == Outcome::Passed;
        is_received.then_some(Trust::Received)
    }

    /// What was looked at before opening.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The tree as compact JSON: a claim is text, except for the catalogue's booleans and lists.
    ///
    /// A copy of it is the caller's to wipe.
    pub fn to_json(&self) -> SecretText {
        let text = written_once(|emit| {
            write_members(None, &self.root, &mut |piece| emit(piece.as_bytes()));
        });
        SecretText::from_utf8(text).unwrap_or_else(|| SecretText::copied_from(""))
    }
}

impl fmt::Debug for OpenedClaims {
    /// Paths only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedClaims")
            .field("verified", &self.verified)
            .field(
                "paths",
                &self.iter().map(|claim| claim.path).collect::<Vec<_>>(),
            )
            .finish_non_exhaustive()
    }
}

/// One opened claim.
pub struct Claim<'a> {
    path: String,
    text: &'a SecretText,
}

impl<'a> Claim<'a> {
    /// Where it stands, such as `naming.given`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its text. Digits stay digits: `00123` is not a number.
    pub fn text(&self) -> &'a str {
        self.text.expose_secret()
    }

    /// Its value: a boolean or a list where the catalogue says so and the text is one, no value
    /// where the catalogue says so and the text is not one, else the text as it was sent.
    ///
    /// ```
    /// # use flowseal::{testkit, Expectations};
    /// use flowseal::ClaimValue;
    ///
    /// # let sample = testkit::Sample::new()?;
    /// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
    /// # let ring = sample.ring()?;
    /// let claims = flow.verify(&verifier, &Expectations::unbound(), now)?.open(&ring)?;
    /// let verified = claims.get("contact.emailVerified").unwrap();
    /// assert!(matches!(verified.value(), ClaimValue::Boolean(true)));
    /// let birth_number = claims.get("bio.birthnumber").unwrap();
    /// assert!(matches!(birth_number.value(), ClaimValue::Text("22212345610")));
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    pub fn value(&self) -> ClaimValue<'a> {
        ClaimValue::of(&self.path, self.text())
    }

    /// Its value as a boolean, where the text is `true` or `false`, quoted or not.
    ///
    /// # Errors
    /// `claim_type` for any other text.
    pub fn boolean(&self) -> Result<bool, Error> {
        text::boolean(self.text()).ok_or_else(|| self.is_not("true or false"))
    }

    /// Its elements, where the text is a JSON array of strings.
    ///
    /// # Errors
    /// `claim_type` for any other text.
    pub fn list(&self) -> Result<Vec<SecretText>, Error> {
        text::list(self.text()).ok_or_else(|| self.is_not("a JSON array of strings"))
    }

    /// Its text, where that is one or more decimal digits and nothing else: a birth number, a BVN.
    ///
    /// # Errors
    /// `claim_type` for any other text.
    pub fn digits(&self) -> Result<&'a str, Error> {
        let text = self.text();
        let all_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        all_digits
            .then_some(text)
            .ok_or_else(|| self.is_not("decimal digits"))
    }

    /// Year, month and day, where the text is a date of the calendar as `YYYY-MM-DD`.
    ///
    /// # Errors
    /// `claim_type` for any other text.
    pub fn date(&self) -> Result<(u16, u8, u8), Error> {
        text::date(self.text()).ok_or_else(|| self.is_not("a date as YYYY-MM-DD"))
    }

    fn is_not(&self, expected: &str) -> Error {
        Error::new(
            ErrorCode::ClaimType,
            format!(
                "the claim {} is not {expected}: read it as text",
                quoted(&self.path)
            ),
        )
    }
}

impl fmt::Debug for Claim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// A claim's value, typed by the catalogue.
///
/// Only what the catalogue of request keys knows to be a boolean or a list is one; digits stay
/// text.
#[non_exhaustive]
pub enum ClaimValue<'a> {
    /// `true` or `false`, such as `contact.emailVerified`.
    Boolean(bool),
    /// A list of texts, such as `nationality.nationalities`.
    List(Vec<SecretText>),
    /// A claim that the catalogue knows as a boolean or a list, and whose text is not: `False`,
    /// `0`.
    ///
    /// There is no value. A text in its place would count as true wherever texts do; what was sent
    /// is still [`Claim::text`].
    Mistyped,
    /// Any other claim, as it was sent.
    Text(&'a str),
}

impl<'a> ClaimValue<'a> {
    fn of(path: &str, text: &'a str) -> Self {
        let typed = match ClaimType::of(path) {
            ClaimType::Boolean => text::boolean(text).map(Self::Boolean),
            ClaimType::List => text::list(text).map(Self::List),
            ClaimType::Text => Some(Self::Text(text)),
        };
        typed.unwrap_or(Self::Mistyped)
    }
}

impl fmt::Debug for ClaimValue<'_> {
    /// The type only: the value is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Boolean(_) => "Boolean",
            Self::List(_) => "List",
            Self::Mistyped => "Mistyped",
            Self::Text(_) => "Text",
        })
    }
}

/// The claims that opened of a flow, and why each of the others did not.
#[non_exhaustive]
#[derive(Debug)]
pub struct PartialClaims {
    /// What opened.
    pub opened: OpenedClaims,
    /// Path and error of each leaf that did not, in the flow's order.
    pub errors: Vec<(String, Error)>,
}

fn collect<'a>(path: String, node: &'a Opened, claims: &mut Vec<Claim<'a>>) {
    match node {
        Opened::Group(members) => {
            for (name, node) in members {
                collect(below(&path, name), node, claims);
            }
        }
        Opened::List(elements) => {
            for (position, node) in elements {
                collect(below(&path, &position.to_string()), node, claims);
            }
        }
        Opened::Leaf(text) => claims.push(Claim { path, text }),
    }
}

fn write(path: &str, node: &Opened, emit: &mut dyn FnMut(&str)) {
    match node {
        Opened::Group(members) => write_members(Some(path), members, emit),
        Opened::List(elements) => {
            emit("[");
            for (index, (position, node)) in elements.iter().enumerate() {
                emit(if index == 0 { "" } else { "," });
                write(&below(path, &position.to_string()), node, emit);
            }
            emit("]");
        }
        Opened::Leaf(text) => write_leaf(path, text.expose_secret(), emit),
    }
}

fn write_members(parent: Option<&str>, members: &[(String, Opened)], emit: &mut dyn FnMut(&str)) {
    emit("{");
    for (index, (name, node)) in members.iter().enumerate() {
        emit(if index == 0 { "" } else { "," });
        escape::quote(name, emit);
        emit(":");
        let path = parent.map_or_else(|| name.clone(), |parent| below(parent, name));
        write(&path, node, emit);
    }
    emit("}");
}

fn write_leaf(path: &str, text: &str, emit: &mut dyn FnMut(&str)) {
    match ClaimValue::of(path, text) {
        ClaimValue::Boolean(true) => emit("true"),
        ClaimValue::Boolean(false) => emit("false"),
        ClaimValue::List(elements) => {
            emit("[");
            for (index, element) in elements.iter().enumerate() {
                emit(if index == 0 { "" } else { "," });
                escape::quote(element.expose_secret(), emit);
            }
            emit("]");
        }
        // JSON shows what was sent.
        ClaimValue::Mistyped | ClaimValue::Text(_) => escape::quote(text, emit),
    }
}
