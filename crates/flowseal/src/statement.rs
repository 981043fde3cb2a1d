//! The signed statement: which bytes of a flow its e-signature is over.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::error::{Error, ErrorCode, quoted};
use crate::flow::Flow;
use crate::ground::tree::Json;
use crate::profile::{Limits, StatementForm, mismatch};

mod jcs;

/// The bytes under an e-signature, and the members of the flow that they cover.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) bytes: Vec<u8>,
    pub(crate) covers: Arc<[String]>,
}

impl Statement {
    /// Builds the statement of `flow` in the form that the profile names.
    pub(crate) fn of(
        flow: &Flow,
        form: &StatementForm,
        detached: Option<&DetachedStatement>,
    ) -> Result<Self, Error> {
        match (form, detached) {
            (StatementForm::CanonicalFlowV1, None) => canonical_flow_v1(flow),
            (StatementForm::Template(template), None) => template.fill(flow),
            (StatementForm::Detached, Some(detached)) => detached.of(flow),
            (StatementForm::Detached, None) => Err(refused(
                "the profile says that the statement is detached: give its bytes and the members that they cover",
            )),
            (_, Some(_)) => Err(mismatch(
                "detached bytes were given, but the profile names another statement",
            )),
        }
    }
}

/// The members that canonical flow v1 takes from a flow.
///
/// `cancelled` and `onsession` change after the person has signed, `signature` cannot sign itself,
/// and unknown members are not this form's to know.
const LASTING_MEMBERS: [&str; 8] = [
    "reference",
    "requester",
    "requestee",
    "mode",
    "iat",
    "signedAt",
    "data",
    "claims",
];

/// The same in the order of RFC 8785.
const LASTING_MEMBERS_IN_ORDER: [&str; 8] = [
    "claims",
    "data",
    "iat",
    "mode",
    "reference",
    "requestee",
    "requester",
    "signedAt",
];

/// RFC 8785 of an object with those lasting members that the flow has, claims still sealed.
fn canonical_flow_v1(flow: &Flow) -> Result<Statement, Error> {
    let covered = |name: &&'static str| Some((*name, flow.member(name)?));
    let members = LASTING_MEMBERS_IN_ORDER.iter().filter_map(covered);
    let names = LASTING_MEMBERS.iter().filter_map(covered);
    Ok(Statement {
        bytes: jcs::object(members)?.into_bytes(),
        covers: names.map(|(name, _)| name.to_owned()).collect(),
    })
}

/// The members that bytes in the form of canonical flow v1 cover; `None` for bytes in no such form.
pub(crate) fn covered_by_canonical_flow_v1(bytes: &[u8]) -> Option<Vec<String>> {
    let tree = Json::parse(bytes, &Limits::UNBOUNDED).ok()?;
    let is_canonical = jcs::value(&tree).is_ok_and(|text| text.as_bytes() == bytes);
    let names = tree.as_object()?.iter().map(|(name, _)| name);
    let covered: Vec<_> = names.map(str::to_owned).collect();
    let is_lasting = |name: &String| LASTING_MEMBERS.contains(&name.as_str());
    (is_canonical && covered.iter().all(is_lasting)).then_some(covered)
}

/// Bytes that a signature is over, from wherever the caller has them, and what they cover.
///
/// That the bytes really say what the covered members say is the caller's to have checked.
///
/// ```
/// use flowseal::DetachedStatement;
///
/// let statement = DetachedStatement::new(b"req_1 approved", ["reference"]);
/// assert_eq!(statement.covers(), ["reference"]);
/// ```
#[derive(Clone)]
pub struct DetachedStatement {
    bytes: Vec<u8>,
    covers: Vec<String>,
}

impl DetachedStatement {
    /// The signed bytes, and the names of the flow's members that they cover.
    pub fn new(bytes: &[u8], covers: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            bytes: bytes.to_vec(),
            covers: covers.into_iter().map(Into::into).collect(),
        }
    }

    /// The names of the members that the bytes cover.
    pub fn covers(&self) -> &[String] {
        &self.covers
    }

    fn of(&self, flow: &Flow) -> Result<Statement, Error> {
        for name in &self.covers {
            if name == "signature" || flow.member(name).is_none() {
                return Err(refused(format!(
                    "the detached statement is said to cover {}, which the flow does not have to be covered",
                    quoted(name)
                )));
            }
        }
        Ok(Statement {
            bytes: self.bytes.clone(),
            covers: self.covers.as_slice().into(),
        })
    }
}

impl fmt::Debug for DetachedStatement {
    /// What is covered, and not what is said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DetachedStatement")
            .field("covers", &self.covers)
            .finish_non_exhaustive()
    }
}

/// A statement put together from top-level members, such as `{reference}.{requestee}.{signedAt}`.
///
/// A string stands as it is, an integer in decimal, a boolean as `true` or `false`, an object or
/// an array in the form of RFC 8785. Two flows never give the same bytes: the literals between
/// members are not empty, and a value that could be mistaken for one is refused.
///
/// ```
/// use flowseal::Template;
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
    fn fill(&self, flow: &Flow) -> Result<Statement, Error> {
        let mut text = self.before.clone();
        for member in &self.members {
            let value = self.value(flow, &member.name)?;
            // Read from the left, the value must end where its literal begins. Without this,
            // "--" between "x-" and "y" would give the bytes of "x" and "-y".
            let ends_early = |end: usize| end < value.len();
            if (value.clone() + &member.literal)
                .find(&member.literal)
                .is_some_and(|end| !member.literal.is_empty() && ends_early(end))
            {
                return Err(ambiguous(&member.name));
            }
            text += &value;
            text += &member.literal;
        }
        Ok(Statement {
            bytes: text.into_bytes(),
            covers: self.covers().into(),
        })
    }

    fn value(&self, flow: &Flow, name: &str) -> Result<String, Error> {
        let value = match flow.member(name) {
            None => Err(refused(format!(
                "the template names {}, which the flow does not have",
                quoted(name)
            ))),
            Some(Json::String(text)) if reads_as_another_type(name, text) => Err(ambiguous(name)),
            Some(Json::String(text)) => Ok(text.clone()),
            Some(other) => jcs::member(name, other),
        }?;
        let held = self
            .literals()
            .any(|literal| !literal.is_empty() && value.contains(literal));
        if held {
            Err(ambiguous(name))
        } else {
            Ok(value)
        }
    }

    fn literals(&self) -> impl Iterator<Item = &str> {
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
        let refuse = |why: &str| {
            Err(Error::new(
                ErrorCode::Profile,
                format!("the template {} {why}", quoted(text)),
            ))
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

/// Whether a text could be taken for a value of another type, whose form in a template is the same.
///
/// The members of the flow model have one type each, so there it cannot. Elsewhere whatever may be
/// JSON counts, under any limits: a flow may have been read under more generous ones than these.
fn reads_as_another_type(name: &str, text: &str) -> bool {
    let has_one_type = LASTING_MEMBERS
        .iter()
        .any(|known| *known == name && name != "data");
    !has_one_type
        && match Json::parse(text.as_bytes(), &Limits::UNBOUNDED) {
            Ok(tree) => tree.as_str().is_none(),
            Err(error) => error.code() != ErrorCode::Json,
        }
}

fn ambiguous(name: &str) -> Error {
    refused(format!(
        "the value of {} holds a literal of the template or reads as another type, so that two flows could be signed alike",
        quoted(name)
    ))
}

fn refused(sentence: impl Into<String>) -> Error {
    Error::new(ErrorCode::Statement, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(members: &str) -> Flow {
        let text = format!(
            r#"{{"mode": "x", "requestee": "10", "requester": "bcn_", "iat": 5, "cancelled": false, {members}}}"#
        );
        Flow::from_json(text.as_bytes()).unwrap()
    }

    fn fill(template: &str, members: &str) -> Result<String, ErrorCode> {
        let template = template.parse::<Template>().map_err(|error| error.code())?;
        let statement = template
            .fill(&flow(members))
            .map_err(|error| error.code())?;
        Ok(String::from_utf8(statement.bytes).unwrap())
    }

    #[test]
    fn the_lasting_members_stand_in_both_orders() {
        let mut sorted = LASTING_MEMBERS;
        sorted.sort_unstable();
        assert_eq!(sorted, LASTING_MEMBERS_IN_ORDER);
    }

    #[test]
    fn canonical_flow_v1_takes_the_lasting_members_only() {
        let flow = flow(
            r#""reference": "req_", "signature": "AA==", "onsession": true, "colour": "blue",
               "data": null, "claims": {"b": {"é": "x", "a": null}, "a": ["y", null]}"#,
        );
        let statement = canonical_flow_v1(&flow).unwrap();
        assert_eq!(
            String::from_utf8(statement.bytes).unwrap(),
            r#"{"claims":{"a":["y",null],"b":{"é":"x"}},"iat":5,"mode":"x","reference":"req_","requestee":"10","requester":"bcn_"}"#
        );
        let covers = [
            "reference",
            "requester",
            "requestee",
            "mode",
            "iat",
            "claims",
        ];
        assert_eq!(*statement.covers, covers);
    }

    #[test]
    fn templates_are_filled() {
        let members = r#""reference": "req_1", "data": {"b": 1, "a": true}"#;
        assert_eq!(fill("{reference}.{iat}", members).unwrap(), "req_1.5");
        assert_eq!(fill("v1:{reference}", members).unwrap(), "v1:req_1");
        assert_eq!(
            fill("{data}|{cancelled}|", members).unwrap(),
            r#"{"a":true,"b":1}|false|"#
        );
    }

    #[test]
    fn a_template_is_refused_where_two_flows_could_meet() {
        for (members, filled) in [
            (r#""reference": "a-b""#, Ok("a-b--5".to_owned())),
            (r#""reference": "a--b""#, Err(ErrorCode::Statement)),
            (r#""reference": "a-""#, Err(ErrorCode::Statement)),
        ] {
            assert_eq!(fill("{reference}--{iat}", members), filled, "{members}");
        }
        for (data, filled) in [
            (r#""plain""#, Ok("plain|5")),
            (r#""{\"a\":1}""#, Err(ErrorCode::Statement)),
            (r#"{"a":1}"#, Ok(r#"{"a":1}|5"#)),
            (r#""true""#, Err(ErrorCode::Statement)),
            (r#""5""#, Err(ErrorCode::Statement)),
        ] {
            let members = format!(r#""reference": "5", "data": {data}"#);
            let filled = filled.map(str::to_owned);
            assert_eq!(fill("{data}|{iat}", &members), filled, "{data}");
            assert_eq!(fill("{reference}|{iat}", &members).unwrap(), "5|5");
        }
        assert_eq!(
            fill("{data}.{iat}", r#""reference": "a""#),
            Err(ErrorCode::Statement)
        );
    }

    #[test]
    fn templates_that_cannot_be_read_back_are_no_templates() {
        for text in [
            "",
            "plain",
            "{}",
            "{a}{b}",
            "{a",
            "a}",
            "{a}{",
            "{a}.{",
            "{a}}b",
            "x}{a}",
            "{{a}}",
            "{signature}",
            "{a}.{b}{c}",
        ] {
            assert_eq!(
                fill(text, r#""reference": "r""#),
                Err(ErrorCode::Profile),
                "{text}"
            );
        }
    }

    #[test]
    fn detached_bytes_cover_only_what_is_there() {
        let flow = flow(r#""reference": "r", "signature": "AA==""#);
        for (name, accepted) in [("reference", true), ("claims", false), ("signature", false)] {
            let detached = DetachedStatement::new(b"bytes", [name]);
            let statement = Statement::of(&flow, &StatementForm::Detached, Some(&detached));
            assert_eq!(statement.is_ok(), accepted, "{name}");
        }
        let detached = DetachedStatement::new(b"bytes", ["reference"]);
        let other_form = Statement::of(&flow, &StatementForm::CanonicalFlowV1, Some(&detached));
        assert_eq!(other_form.unwrap_err().code(), ErrorCode::ProfileMismatch);
        let no_bytes = Statement::of(&flow, &StatementForm::Detached, None);
        assert_eq!(no_bytes.unwrap_err().code(), ErrorCode::Statement);
    }
}
