//! The signed statement: which bytes of a flow its e-signature is over.

use std::fmt;
use std::sync::Arc;

use crate::error::{Error, ErrorCode};
use crate::flow::Flow;
use crate::ground::quoted::quoted;
use crate::ground::tree::{Json, Object};
use crate::json;
use crate::limits::Limits;
use crate::profile::{StatementForm, Template, mismatch};

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
            (StatementForm::Template(template), None) => fill(template, flow),
            (StatementForm::Detached, Some(detached)) => detached.of(flow),
            (StatementForm::Detached, None) => Err(statement_error(
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
pub(crate) const LASTING_MEMBERS: [&str; 8] = [
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

/// The members of bytes in the form of canonical flow v1; `None` for bytes in no such form.
pub(crate) fn members_of_canonical_flow_v1(bytes: &[u8]) -> Option<Object> {
    let tree = json::parse(bytes, &Limits::UNBOUNDED).ok()?;
    let is_canonical = jcs::value(&tree).is_ok_and(|text| text.as_bytes() == bytes);
    let Json::Object(members) = tree else {
        return None;
    };
    let are_lasting = members
        .iter()
        .all(|(name, _)| LASTING_MEMBERS.contains(&name));
    (is_canonical && are_lasting).then_some(members)
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
                return Err(statement_error(format!(
                    "the detached statement is said to cover {}, which it cannot: name signed members that the flow has",
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

/// The bytes that a template gives of `flow`.
fn fill(template: &Template, flow: &Flow) -> Result<Statement, Error> {
    let mut text = template.before().to_owned();
    for (name, literal) in template.members() {
        let value = value_of(template, flow, name)?;
        // Read from the left, the value must end where its literal begins. Without this,
        // "--" between "x-" and "y" would give the bytes of "x" and "-y".
        let ends_early = |end: usize| end < value.len();
        if (value.clone() + literal)
            .find(literal)
            .is_some_and(|end| !literal.is_empty() && ends_early(end))
        {
            return Err(ambiguous(name));
        }
        text += &value;
        text += literal;
    }
    Ok(Statement {
        bytes: text.into_bytes(),
        covers: template.covers().into(),
    })
}

fn value_of(template: &Template, flow: &Flow, name: &str) -> Result<String, Error> {
    let value = match flow.member(name) {
        None => Err(statement_error(format!(
            "the template names {}, which the flow does not have",
            quoted(name)
        ))),
        Some(Json::String(text)) if reads_as_another_type(name, text) => Err(ambiguous(name)),
        Some(Json::String(text)) => Ok(text.clone()),
        Some(other) => jcs::member(name, other),
    }?;
    let held = template
        .literals()
        .any(|literal| !literal.is_empty() && value.contains(literal));
    if held {
        Err(ambiguous(name))
    } else {
        Ok(value)
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
        && match json::parse(text.as_bytes(), &Limits::UNBOUNDED) {
            Ok(tree) => tree.as_str().is_none(),
            Err(error) => error.code() != ErrorCode::Json,
        }
}

fn ambiguous(name: &str) -> Error {
    statement_error(format!(
        "the value of {} holds a literal of the template or reads as another type, so that two flows could be signed alike",
        quoted(name)
    ))
}

fn statement_error(sentence: impl Into<String>) -> Error {
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
        let statement = super::fill(&template, &flow(members)).map_err(|error| error.code())?;
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
