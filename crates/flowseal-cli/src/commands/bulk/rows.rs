//! Rows as lines of JSON.

use std::fmt::Write as _;

use flowseal::{Json, SecretText};

use super::judging::Row;
use crate::args::Member;
use crate::output::json::text;

/// A row as its line: claims stand between two texts that hold none, and are wiped.
pub(super) struct Line {
    head: String,
    claims: Option<SecretText>,
    tail: String,
}

impl Line {
    /// The line of a row, without the members that are not wanted.
    pub(super) fn of(row: &Row, dropped: &[Member]) -> Self {
        let has = |member| !dropped.contains(&member);
        let (claims, refusal) = match &row.claims {
            Ok(claims) => (Some(claims), None),
            Err(refusal) => (None, Some(refusal)),
        };
        let mut head = format!("{{\"line\":{}", row.line);
        if has(Member::Reference) {
            push(&mut head, "reference", &text(row.reference.as_deref()));
        }
        push(&mut head, "trust", &text(Some(row.trust())));
        push(&mut head, "verified", &Json::Bool(row.verified));
        let code = refusal.map(|refusal| refusal.code.as_str());
        push(&mut head, "code", &text(code));
        if has(Member::Sentence) {
            let sentence = refusal.map(|refusal| refusal.sentence.as_str());
            push(&mut head, "sentence", &text(sentence));
        }
        let mut tail = String::new();
        let claims = match claims {
            _ if !has(Member::Claims) => None,
            Some(claims) => {
                head.push_str(",\"claims\":");
                Some(claims.to_json())
            }
            None => {
                push(&mut tail, "claims", &Json::Null);
                None
            }
        };
        if has(Member::Covers) {
            let covers = row.covers.iter().map(|name| text(Some(name)));
            push(&mut tail, "covers", &Json::Array(covers.collect()));
        }
        tail.push_str("}\n");
        Self { head, claims, tail }
    }

    /// Its bytes, in pieces.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        let claims = self.claims.as_ref().map(SecretText::expose_secret);
        let pieces = [Some(self.head.as_str()), claims, Some(&self.tail)];
        pieces.into_iter().flatten().map(str::as_bytes)
    }
}

fn push(line: &mut String, name: &str, value: &Json) {
    // A `String` takes whatever is written.
    let _ = write!(line, ",\"{name}\":{value}");
}
