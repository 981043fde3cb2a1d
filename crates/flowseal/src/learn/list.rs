//! The closed list of statements that are tried, in the order in which they are tried.
//!
//! What it holds stands in `docs/learning.md`, for people; a test keeps the two together.

use core::ops::ControlFlow;

use super::judge::Encoding;
use super::render::{Order, Style};
use crate::profile::Template;

/// One way of making a statement of any flow.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Recipe {
    Json {
        /// Its place in [`forms`].
        form: usize,
        members: Members,
    },
    Template(Pattern),
}

impl Recipe {
    pub(super) fn encodings(&self) -> &'static [Encoding] {
        match self {
            Self::Template(Pattern { times, .. }) if *times != Times::Seconds => &[Encoding::Plain],
            _ => &Encoding::ALL,
        }
    }
}

/// A way of writing a flow, or a part of it, as JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct JsonForm {
    /// `None` is the text as it was received.
    pub(super) style: Option<Style>,
    pub(super) order: Order,
    pub(super) claims: Claims,
}

/// How claims stand in JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Claims {
    Sealed,
    /// Opened, each one a text.
    Texts,
    /// Opened, with booleans and lists.
    Typed,
}

impl Claims {
    const ALL: [Self; 3] = [Self::Sealed, Self::Texts, Self::Typed];

    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Sealed => "",
            Self::Texts => "+claims-opened",
            Self::Typed => "+claims-typed",
        }
    }
}

/// Every form of JSON; those of opened claims only where there are any.
pub(super) fn forms(opened: bool) -> Vec<JsonForm> {
    let form = |style, order, claims| JsonForm {
        style,
        order,
        claims,
    };
    let of_claims = Claims::ALL
        .into_iter()
        .filter(|claims| opened || *claims == Claims::Sealed);
    let mut forms = Vec::new();
    for claims in of_claims {
        forms.push(form(Some(Style::COMPACT), Order::Canonical, claims));
        if claims == Claims::Sealed {
            forms.push(form(None, Order::Received, claims));
        }
        for style in Style::ALL {
            forms.push(form(Some(style), Order::Received, claims));
            forms.push(form(Some(style), Order::Sorted, claims));
        }
    }
    forms
}

/// A set of a flow's members.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Members(u16);

impl Members {
    pub(super) const CANCELLED: Self = Self(1 << 8);
    pub(super) const ONSESSION: Self = Self(1 << 9);
    /// Every member that this library does not know.
    pub(super) const OTHERS: Self = Self(1 << 10);
    /// `"signature": ""`.
    pub(super) const EMPTY_SIGNATURE: Self = Self(1 << 11);
    /// `"signature": null`.
    pub(super) const NULL_SIGNATURE: Self = Self(1 << 12);
    const CLAIMS: Self = Self::lasting(7);

    /// One of the lasting members, by its place among them.
    pub(super) const fn lasting(place: usize) -> Self {
        Self(1 << place)
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn only_lasting(self) -> Self {
        Self(self.0 & 0xff)
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// Members in an order, with something between them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Pattern {
    /// Places among the lasting members, of which `len` count.
    places: [u8; 8],
    len: u8,
    pub(super) joint: Joint,
    pub(super) times: Times,
    /// Its place in [`CLAIM_TEXTS`].
    pub(super) claims: usize,
}

impl Pattern {
    pub(super) fn places(&self) -> impl Iterator<Item = usize> + Clone {
        let places = self.places.into_iter().take(usize::from(self.len));
        places.map(usize::from)
    }

    /// As it stands in a profile, where a profile can express it.
    pub(super) fn template(&self, encoding: Encoding) -> Option<Template> {
        let end = match encoding {
            Encoding::Plain => "",
            Encoding::Line => "\n",
            _ => return None,
        };
        let is_of_a_profile = self.times == Times::Seconds && self.claims == 0;
        let text = is_of_a_profile.then(|| self.text())?;
        format!("{text}{end}").parse().ok()
    }

    /// The same, whether a profile can say it or not.
    pub(super) fn text(&self) -> String {
        let member = |place| {
            let name = crate::statement::LASTING_MEMBERS.get(place);
            let name = name.copied().unwrap_or_default();
            match self.joint.pair() {
                Some(equals) => format!("{name}{equals}{{{name}}}"),
                None => format!("{{{name}}}"),
            }
        };
        let members: Vec<_> = self.places().map(member).collect();
        members.join(self.joint.between())
    }
}

/// What stands between members, by its place in [`SEPARATORS`] or [`PAIRS`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Joint {
    Separator(usize),
    Pair(usize),
}

impl Joint {
    pub(super) fn between(self) -> &'static str {
        match self {
            Self::Separator(place) => SEPARATORS.get(place).copied().unwrap_or_default(),
            Self::Pair(place) => PAIRS
                .get(place)
                .map(|(_, between)| *between)
                .unwrap_or_default(),
        }
    }

    /// What stands between a name and its value, where there are names.
    pub(super) fn pair(self) -> Option<&'static str> {
        match self {
            Self::Separator(_) => None,
            Self::Pair(place) => PAIRS.get(place).map(|(equals, _)| *equals),
        }
    }
}

pub(super) const SEPARATORS: [&str; 15] = [
    ".", "|", ":", ",", ";", "-", "_", "&", "/", "#", " ", "\n", "::", "||", "",
];

pub(super) const PAIRS: [(&str, &str); 7] = [
    ("=", "&"),
    ("=", "\n"),
    ("=", ","),
    ("=", ";"),
    ("=", "|"),
    (":", "\n"),
    (":", ","),
];

/// How moments are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Times {
    Seconds,
    Milliseconds,
    /// `2024-05-27T14:28:41Z`.
    Iso,
    /// `2024-05-27T14:28:41.000Z`, as JavaScript writes it.
    IsoMilliseconds,
}

impl Times {
    pub(super) const ALL: [Self; 4] = [
        Self::Seconds,
        Self::Milliseconds,
        Self::Iso,
        Self::IsoMilliseconds,
    ];

    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Seconds => "",
            Self::Milliseconds => "+milliseconds",
            Self::Iso => "+iso-8601",
            Self::IsoMilliseconds => "+iso-8601-milliseconds",
        }
    }
}

/// How the claims stand as one value: canonical first, as a profile's template has them. `None` is
/// the text as it was received.
pub(super) const CLAIM_TEXTS: [(Claims, Option<Order>); 7] = [
    (Claims::Sealed, Some(Order::Canonical)),
    (Claims::Sealed, Some(Order::Received)),
    (Claims::Sealed, None),
    (Claims::Texts, Some(Order::Canonical)),
    (Claims::Texts, Some(Order::Received)),
    (Claims::Typed, Some(Order::Canonical)),
    (Claims::Typed, Some(Order::Received)),
];

pub(super) fn claim_text_suffix(place: usize) -> &'static str {
    match CLAIM_TEXTS.get(place) {
        Some((Claims::Sealed, Some(Order::Received))) => "+claims-compact",
        Some((Claims::Sealed, None)) => "+claims-as-received",
        Some((Claims::Texts, Some(Order::Canonical))) => "+claims-opened",
        Some((Claims::Texts, _)) => "+claims-opened-compact",
        Some((Claims::Typed, Some(Order::Canonical))) => "+claims-typed",
        Some((Claims::Typed, _)) => "+claims-typed-compact",
        _ => "",
    }
}

/// What flows have, of which statements are made.
pub(super) struct Pool {
    /// The members that any of the flows has.
    pub(super) any: Members,
    /// The lasting members that each of them has, in the order of the first one.
    pub(super) every: Vec<u8>,
    pub(super) opened: bool,
}

/// How many members stand in every order; more of them stand in a few.
const EVERY_ORDER: usize = 5;
/// The same where something else is unusual: pairs, other texts of the claims.
const EVERY_UNUSUAL_ORDER: usize = 4;

/// Hands out every recipe that these flows can have, until told to stop.
pub(super) fn visit(
    pool: &Pool,
    each: &mut dyn FnMut(&Recipe) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let sets = sets(pool.any);
    for (form, JsonForm { claims, .. }) in forms(pool.opened).into_iter().enumerate() {
        for members in &sets {
            // Without claims, opened ones are what sealed ones are.
            if claims == Claims::Sealed || members.has(Members::CLAIMS) {
                let members = *members;
                each(&Recipe::Json { form, members })?;
            }
        }
    }
    let mut patterns = |order: &[u8]| patterns_of(order, pool.opened, each);
    let mut order = Vec::new();
    for len in 1..=EVERY_ORDER.min(pool.every.len()) {
        orders(&pool.every, len, &mut order, &mut patterns)?;
    }
    for order in likely_orders(&pool.every) {
        patterns(&order)?;
    }
    ControlFlow::Continue(())
}

/// The sets of members that make an object: the lasting ones, the whole flow with what it may have
/// been before it was signed, and every part of the lasting ones.
fn sets(any: Members) -> Vec<Members> {
    let lasting = any.only_lasting();
    let mut sets = Vec::new();
    let nothing = Members::default();
    for signature in [nothing, Members::EMPTY_SIGNATURE, Members::NULL_SIGNATURE] {
        for others in [nothing, any.and(Members::OTHERS)] {
            for state in [
                nothing,
                Members::CANCELLED,
                Members::CANCELLED.with(Members::ONSESSION),
            ] {
                let state = any.and(state);
                let set = lasting.with(state).with(others).with(signature);
                if !sets.contains(&set) {
                    sets.push(set);
                }
            }
        }
    }
    let mut part = lasting.0;
    while part > 0 {
        part = (part - 1) & lasting.0;
        if part > 0 {
            sets.push(Members(part));
        }
    }
    sets
}

/// Every order of `len` of these places.
fn orders(
    places: &[u8],
    len: usize,
    order: &mut Vec<u8>,
    each: &mut impl FnMut(&[u8]) -> ControlFlow<()>,
) -> ControlFlow<()> {
    if order.len() == len {
        return each(order);
    }
    for place in places {
        if !order.contains(place) {
            order.push(*place);
            let flow = orders(places, len, order, each);
            order.pop();
            flow?;
        }
    }
    ControlFlow::Continue(())
}

/// The orders of more members than stand in every order: as received, as documented, by name.
fn likely_orders(received: &[u8]) -> Vec<Vec<u8>> {
    let mut likely: Vec<Vec<u8>> = Vec::new();
    let name = |place: &u8| crate::statement::LASTING_MEMBERS.get(usize::from(*place));
    for part in (0..1_u16 << received.len()).rev() {
        let is_in = |(at, _): &(usize, &u8)| part >> at & 1 == 1;
        let members = received.iter().enumerate().filter(is_in);
        let as_received: Vec<_> = members.map(|(_, place)| *place).collect();
        if as_received.len() <= EVERY_ORDER {
            continue;
        }
        let (mut documented, mut by_name) = (as_received.clone(), as_received.clone());
        documented.sort_unstable();
        by_name.sort_by_key(name);
        for order in [as_received, documented, by_name] {
            if !likely.contains(&order) {
                likely.push(order);
            }
        }
    }
    likely
}

/// Every pattern of members in this order.
fn patterns_of(
    order: &[u8],
    opened: bool,
    each: &mut dyn FnMut(&Recipe) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut places = [0; 8];
    places
        .iter_mut()
        .zip(order)
        .for_each(|(to, from)| *to = *from);
    let pattern = |joint, times, claims| {
        Recipe::Template(Pattern {
            places,
            len: u8::try_from(order.len()).unwrap_or(8),
            joint,
            times,
            claims,
        })
    };
    // The places of `iat`, `signedAt` and `claims` among the lasting members.
    let has_time = order.contains(&4) || order.contains(&5);
    let is_unusual_too = order.len() <= EVERY_UNUSUAL_ORDER || order.len() > EVERY_ORDER;
    let texts = CLAIM_TEXTS
        .iter()
        .enumerate()
        .filter(|(place, (claims, _))| {
            let is_there = *place == 0 || (order.contains(&7) && is_unusual_too);
            is_there && (opened || *claims == Claims::Sealed)
        });
    for (claims, _) in texts {
        // One member alone has nothing beside it.
        let separators = if order.len() == 1 {
            1
        } else {
            SEPARATORS.len()
        };
        for joint in (0..separators).map(Joint::Separator) {
            each(&pattern(joint, Times::Seconds, claims))?;
            if has_time && claims == 0 {
                for times in Times::ALL.into_iter().skip(1) {
                    each(&pattern(joint, times, claims))?;
                }
            }
        }
        if is_unusual_too && claims == 0 {
            for joint in (0..PAIRS.len()).map(Joint::Pair) {
                each(&pattern(joint, Times::Seconds, claims))?;
            }
        }
    }
    ControlFlow::Continue(())
}
