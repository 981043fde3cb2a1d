//! A flow in pieces: every member in every form that a statement of the list may have it in.

use super::list::{
    CLAIM_TEXTS, Claims, JsonForm, Members, PAIRS, Pattern, Recipe, SEPARATORS, Times, forms,
};
use super::pieces::Piece;
use super::raw::RawFlow;
use super::render::{Leaves, Order, Renderer, Style};
use crate::claims::OpenedClaims;
use crate::flow::Flow;
use crate::ground::secret::{SecretBytes, written_once};
use crate::ground::tree::Json;
use crate::statement::LASTING_MEMBERS;
use crate::time::UnixTime;

/// What stands between the members of templates, of whatever flow.
pub(super) struct Joints {
    separators: Vec<Piece>,
    /// Each pair's separator, and the names with what follows them.
    pairs: Vec<(Piece, Vec<Piece>)>,
}

impl Joints {
    pub(super) fn new() -> Self {
        let pair = |(equals, between): &(&str, &str)| {
            let names = LASTING_MEMBERS.iter();
            let names = names.map(|name| Piece::of(&format!("{name}{equals}")));
            (Piece::of(between), names.collect())
        };
        Self {
            separators: SEPARATORS
                .iter()
                .map(|between| Piece::of(between))
                .collect(),
            pairs: PAIRS.iter().map(pair).collect(),
        }
    }
}

/// One flow, in pieces.
pub(super) struct Table {
    /// By their place in [`forms`]; `None` for a form that this flow does not have.
    json: Vec<Option<InJson>>,
    /// Of each lasting member, its value in every way of writing it.
    values: Vec<Vec<Option<Piece>>>,
}

/// A flow in one form of JSON.
struct InJson {
    braces: [Piece; 3],
    members: Vec<(Members, Piece)>,
}

impl Table {
    /// `answer` is the text that the flow was read from.
    pub(super) fn new(flow: &Flow, answer: &[u8], opened: Option<&OpenedClaims>) -> Self {
        let raw = RawFlow::find(answer)
            // A name that is spelt with escapes is not compared.
            .filter(|raw| raw.members.iter().all(|member| !member.name.contains('\\')));
        let raw = raw.as_ref();
        let forms = forms(opened.is_some()).into_iter();
        let json = forms
            .map(|form| InJson::new(flow, raw, form, opened))
            .collect();
        let values = LASTING_MEMBERS.iter();
        let values = values
            .map(|name| values_of(flow, raw, name, opened))
            .collect();
        Self { json, values }
    }

    /// The pieces of this recipe; `None` where the flow has not all of it.
    pub(super) fn pieces<'a>(
        &'a self,
        recipe: &Recipe,
        joints: &'a Joints,
        pieces: &mut Vec<&'a Piece>,
    ) -> Option<()> {
        pieces.clear();
        match recipe {
            Recipe::Json { form, members } => {
                let json = self.json.get(*form)?.as_ref()?;
                let [open, comma, close] = &json.braces;
                let mut between = open;
                for (member, piece) in &json.members {
                    if members.has(*member) {
                        pieces.extend([between, piece]);
                        between = comma;
                    }
                }
                pieces.push(close);
                (pieces.len() > 1).then_some(())
            }
            Recipe::Template(pattern) => self.filled(pattern, joints, pieces),
        }
    }

    fn filled<'a>(
        &'a self,
        pattern: &Pattern,
        joints: &'a Joints,
        pieces: &mut Vec<&'a Piece>,
    ) -> Option<()> {
        let (between, names) = match pattern.joint {
            super::list::Joint::Separator(place) => (joints.separators.get(place)?, None),
            super::list::Joint::Pair(place) => {
                let (between, names) = joints.pairs.get(place)?;
                (between, Some(names))
            }
        };
        for place in pattern.places() {
            let way = match place {
                4 | 5 => Times::ALL
                    .iter()
                    .position(|times| *times == pattern.times)?,
                7 => pattern.claims,
                _ => 0,
            };
            let value = self.values.get(place)?.get(way)?.as_ref()?;
            if !pieces.is_empty() {
                pieces.push(between);
            }
            if let Some(names) = names {
                pieces.push(names.get(place)?);
            }
            pieces.push(value);
        }
        Some(())
    }
}

impl InJson {
    fn new(
        flow: &Flow,
        raw: Option<&RawFlow<'_>>,
        form: JsonForm,
        opened: Option<&OpenedClaims>,
    ) -> Option<Self> {
        let Some(style) = form.style else {
            return Self::received(raw?);
        };
        let renderer = Renderer {
            style,
            order: form.order,
            leaves: leaves(form.claims, opened)?,
        };
        let mut members = Vec::new();
        for (name, value) in renderer.in_order(flow.members()) {
            let piece = |value: &Json| written(&|emit| renderer.member(name, value, emit));
            match name {
                "signature" => {
                    let empty = Json::String(String::new());
                    members.push((Members::EMPTY_SIGNATURE, piece(&empty)));
                    if form.order != Order::Canonical {
                        members.push((Members::NULL_SIGNATURE, piece(&Json::Null)));
                    }
                }
                name => members.push((bit(name), piece(value))),
            }
        }
        Some(Self {
            braces: renderer.braces().map(|brace| Piece::of(&brace)),
            members,
        })
    }

    fn received(raw: &RawFlow<'_>) -> Option<Self> {
        let mut members = Vec::new();
        for member in &raw.members {
            if member.name == "signature" {
                let before = member.text.strip_suffix(member.value)?;
                for (value, bit) in [
                    ("\"\"", Members::EMPTY_SIGNATURE),
                    ("null", Members::NULL_SIGNATURE),
                ] {
                    members.push((bit, Piece::of(&format!("{before}{value}"))));
                }
            } else {
                members.push((bit(member.name), Piece::of(member.text)));
            }
        }
        let end = format!("{}}}", raw.end);
        Some(Self {
            braces: [Piece::of("{"), Piece::of(","), Piece::of(&end)],
            members,
        })
    }
}

/// A member by its name on the wire.
pub(super) fn bit(name: &str) -> Members {
    match LASTING_MEMBERS.iter().position(|known| *known == name) {
        Some(place) => Members::lasting(place),
        None if name == "cancelled" => Members::CANCELLED,
        None if name == "onsession" => Members::ONSESSION,
        None => Members::OTHERS,
    }
}

/// The values of a lasting member, in the order in which patterns number them.
fn values_of(
    flow: &Flow,
    raw: Option<&RawFlow<'_>>,
    name: &str,
    opened: Option<&OpenedClaims>,
) -> Vec<Option<Piece>> {
    let Some(value) = flow.member(name) else {
        return Vec::new();
    };
    let in_json = |order, leaves| {
        let renderer = Renderer {
            style: Style::COMPACT,
            order,
            leaves,
        };
        written(&|emit| renderer.top(name, value, emit))
    };
    match (name, value) {
        ("iat", _) => moments(Some(flow.iat())),
        ("signedAt", _) => moments(flow.signed_at()),
        ("claims", _) => {
            let text = |(claims, order): &(Claims, Option<Order>)| match order {
                Some(order) => Some(in_json(*order, leaves(*claims, opened)?)),
                None => raw?.value(name).map(Piece::of),
            };
            CLAIM_TEXTS.iter().map(text).collect()
        }
        (_, Json::String(text)) => vec![Some(Piece::of(text))],
        _ => vec![Some(in_json(Order::Canonical, Leaves::Sealed))],
    }
}

/// A moment as each of [`Times`] writes it.
fn moments(time: Option<UnixTime>) -> Vec<Option<Piece>> {
    let Some(time) = time else {
        return Vec::new();
    };
    let write = |times: &Times| {
        let text = match times {
            Times::Seconds => time.to_string(),
            Times::Milliseconds => format!("{time}000"),
            Times::Iso => time.utc("T", "Z"),
            Times::IsoMilliseconds => time.utc("T", ".000Z"),
        };
        Some(Piece::of(&text))
    };
    Times::ALL.iter().map(write).collect()
}

fn leaves(claims: Claims, opened: Option<&OpenedClaims>) -> Option<Leaves<'_>> {
    match claims {
        Claims::Sealed => Some(Leaves::Sealed),
        Claims::Texts => opened.map(Leaves::Texts),
        Claims::Typed => opened.map(Leaves::Typed),
    }
}

/// A piece that is written into wiped memory, and nowhere before.
fn written(write: &impl Fn(&mut dyn FnMut(&str))) -> Piece {
    let text: SecretBytes = written_once(|emit| write(&mut |text: &str| emit(text.as_bytes())));
    Piece::new(text)
}
