//! Each statement of the list, planted by another hand than the one that makes them, and found.

use core::ops::ControlFlow;
use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use sha2::{Digest as _, Sha256};

use super::judge::{Encoding, Judge};
use super::list::{
    self, CLAIM_TEXTS, Claims, Joint, JsonForm, Members, PAIRS, Pattern, Pool, Recipe, SEPARATORS,
    Times, forms,
};
use super::pieces::Piece;
use super::render::{Order, Style};
use super::table::{Joints, Table, bit};
use crate::claims::OpenedClaims;
use crate::flow::Flow;
use crate::ground::tree::Json;
use crate::statement::LASTING_MEMBERS;
use crate::verify::recovered::Seen;

/// A flow in which every way of writing it differs: characters beyond ASCII, slashes, quotes,
/// nested groups, lists, `null`s, booleans, unsorted names, odd white space.
const ANSWER: &str = r#"{"status": "successful", "data": {"request": {
    "requestee": "222", "reference": "req_é/1", "iat":1716820052, "mode" : "identification",
    "zeta": {"b": [], "a": {}}, "requester": "bcn_\u00e9", "cancelled": false, "onsession": true,
    "signedAt": 1716820121, "signature": "AAAA",
    "data": {"text": "a\"b", "none": null, "list": [1, {"y": 2, "x": true}]},
    "claims": {"naming": {"given": "UVc/", "family": "+/8="}, "contact": {"emailVerified": "QUI="},
        "bio": {"age": "QUM="}, "nationality": {"nationalities": "QUQ=", "x": null}}
}}}"#;

/// What the sealed claims of that flow hold.
const OPENED: &str = r#"{"naming": {"given": "Adébáyọ̀ 😀", "family": "O/\"N"},
    "contact": {"emailVerified": true}, "bio": {"age": "36"},
    "nationality": {"nationalities": ["NG", "GB"], "x": null}}"#;

fn opened() -> OpenedClaims {
    use crate::claims::Opened;
    use crate::ground::report::Report;
    use crate::ground::secret::SecretText;

    let leaf = |text: &str| Opened::Leaf(SecretText::copied_from(text));
    let group = |members: Vec<(&str, &str)>| {
        let members = members.into_iter();
        Opened::Group(
            members
                .map(|(name, text)| (name.to_owned(), leaf(text)))
                .collect(),
        )
    };
    let root = vec![
        (
            "naming".to_owned(),
            group(vec![("given", "Adébáyọ̀ 😀"), ("family", "O/\"N")]),
        ),
        ("contact".to_owned(), group(vec![("emailVerified", "true")])),
        ("bio".to_owned(), group(vec![("age", "36")])),
        (
            "nationality".to_owned(),
            group(vec![("nationalities", r#"["NG", "GB"]"#)]),
        ),
    ];
    OpenedClaims::new(root, false, Report::unchecked("test"))
}

/// Each statement of the list is planted, made by another hand (serde_json's writers, and
/// `format!`), and is found by its recipe in its encoding, and in no encoding before that.
///
/// Of the templates one in `FLOWSEAL_LEARN_STEP` (101 unless set when this is compiled) is planted.
#[test]
fn each_statement_of_the_list_is_planted_and_found() {
    let flow = Flow::from_json(ANSWER.as_bytes()).unwrap();
    let opened = opened();
    let table = Table::new(&flow, ANSWER.as_bytes(), Some(&opened));
    let joints = Joints::new();
    let any = Members::OTHERS
        .with(Members::CANCELLED)
        .with(Members::ONSESSION);
    let pool = Pool {
        any: (0..8).map(Members::lasting).fold(any, Members::with),
        every: vec![2, 0, 4, 3, 1, 5, 6, 7],
        opened: true,
    };
    let step = option_env!("FLOWSEAL_LEARN_STEP").map_or(101, |step| step.parse().unwrap());
    let oracle = Oracle::new(&flow);
    let (mut count, mut planted) = (0_usize, 0);
    let mut pieces = Vec::new();
    let mut recipes = std::collections::HashSet::new();
    let _ = list::visit(&pool, &mut |recipe| {
        count += 1;
        if matches!(recipe, Recipe::Template(_)) && count % step != 0 {
            return ControlFlow::Continue(());
        }
        assert!(recipes.insert(format!("{recipe:?}")), "twice: {recipe:?}");
        table.pieces(recipe, &joints, &mut pieces).unwrap();
        let statement = oracle.statement(recipe);
        for encoding in recipe.encodings() {
            let signed = encoded(*encoding, &statement);
            let seen = Seen::Digest(Sha256::digest(&signed).to_vec());
            let found = Judge::new(&seen).find::<Sha256>(&pieces, &Encoding::ALL);
            let text = String::from_utf8_lossy(&signed);
            assert_eq!(found, Some(*encoding), "{recipe:?}: {text}");
            assert_eq!(encoding.of::<Sha256>(&pieces).expose_secret(), signed);
            planted += 1;
        }
        ControlFlow::Continue(())
    });
    println!("{planted} statements of {count} recipes");
    assert!(planted > 80_000 && count > 500_000, "{planted} of {count}");
}

#[test]
fn a_salted_digest_is_judged_as_one_that_is_shown() {
    let piece = Piece::of("statement");
    let (salt, digest) = (vec![7; 32], Sha256::digest(b"statement\n"));
    let hash = Sha256::new()
        .chain_update([0; 8])
        .chain_update(digest)
        .chain_update(&salt);
    let seen = Seen::Salted {
        salt,
        hash: hash.finalize().to_vec(),
    };
    let find = |piece| Judge::new(&seen).find::<Sha256>(&[piece], &Encoding::ALL);
    assert_eq!(find(&piece), Some(Encoding::Line));
    assert_eq!(find(&Piece::of("statement.")), None);
}

fn encoded(encoding: Encoding, statement: &[u8]) -> Vec<u8> {
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let digest = Sha256::digest(statement).to_vec();
    match encoding {
        Encoding::Plain => statement.to_vec(),
        Encoding::Line => [statement, b"\n"].concat(),
        Encoding::Hex => hex(statement).into_bytes(),
        Encoding::Base64 => STANDARD.encode(statement).into_bytes(),
        Encoding::Digest => digest,
        Encoding::DigestHex => hex(&digest).into_bytes(),
        Encoding::DigestBase64 => STANDARD.encode(digest).into_bytes(),
    }
}

/// The same statements, made in another way.
struct Oracle {
    members: Vec<(String, Json)>,
    /// The claims sealed, each a text, and typed.
    claims: [Json; 3],
    forms: Vec<JsonForm>,
}

impl Oracle {
    fn new(flow: &Flow) -> Self {
        let members = flow.members().iter();
        let parse = |text: &str| crate::json::parse(text.as_bytes(), &Default::default());
        let typed = parse(OPENED).unwrap();
        let texts = OPENED
            .replace("true", "\"true\"")
            .replace(r#"["NG", "GB"]"#, r#""[\"NG\", \"GB\"]""#);
        Self {
            members: members
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .collect(),
            claims: [
                flow.member("claims").unwrap().clone(),
                parse(&texts).unwrap(),
                typed,
            ],
            forms: forms(true),
        }
    }

    fn claims(&self, claims: Claims) -> &Json {
        &self.claims[match claims {
            Claims::Sealed => 0,
            Claims::Texts => 1,
            Claims::Typed => 2,
        }]
    }

    fn statement(&self, recipe: &Recipe) -> Vec<u8> {
        match recipe {
            Recipe::Json { form, members } => self.json(&self.forms[*form], *members),
            Recipe::Template(pattern) => self.template(pattern),
        }
    }

    fn json(&self, form: &JsonForm, set: Members) -> Vec<u8> {
        let Some(style) = form.style else {
            return self.received(set);
        };
        let mut kept = Vec::new();
        for (name, value) in &self.members {
            let value = match name.as_str() {
                "claims" => self.claims(form.claims),
                "signature" if set.has(Members::EMPTY_SIGNATURE) => &Json::String(String::new()),
                "signature" if set.has(Members::NULL_SIGNATURE) => &Json::Null,
                "signature" => continue,
                _ => value,
            };
            if name == "signature" || set.has(bit(name)) {
                kept.push((name.clone(), value.clone()));
            }
        }
        write(
            &Json::Object(kept.into_iter().collect()),
            form.order,
            style.name,
        )
        .into_bytes()
    }

    fn received(&self, set: Members) -> Vec<u8> {
        // By the commas of the text above that stand between members.
        let inside = ANSWER.split_once("request\": {").unwrap().1;
        let inside = inside.strip_suffix("}}}").unwrap();
        let (members, end) = inside.split_at(inside.trim_end().len());
        let names = [
            "requestee",
            "reference",
            "iat",
            "mode",
            "zeta",
            "requester",
            "cancelled",
        ];
        let names = [
            &names[..],
            &["onsession", "signedAt", "signature", "data", "claims"],
        ];
        let names = names.concat();
        let starts = names.iter().map(|name| {
            let quoted = format!("\"{name}\"");
            let at = members.find(&quoted).unwrap();
            members[..at].trim_end().len()
        });
        let starts: Vec<_> = starts.collect();
        let mut kept = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let to = starts.get(index + 1).map_or(members.len(), |next| *next);
            let text = members[starts[index]..to].trim_end_matches(',');
            match *name {
                "signature" if set.has(Members::EMPTY_SIGNATURE) => {
                    kept.push(text.replace("AAAA", ""));
                }
                "signature" if set.has(Members::NULL_SIGNATURE) => {
                    kept.push(text.replace("\"AAAA\"", "null"));
                }
                "signature" => {}
                name if set.has(bit(name)) => kept.push(text.to_owned()),
                _ => {}
            }
        }
        format!("{{{}{end}}}", kept.join(",")).into_bytes()
    }

    fn template(&self, pattern: &Pattern) -> Vec<u8> {
        let values: Vec<_> = pattern
            .places()
            .map(|place| {
                let name = LASTING_MEMBERS[place];
                let value = self.value(name, pattern);
                match pattern.joint {
                    Joint::Separator(_) => value,
                    Joint::Pair(pair) => format!("{name}{}{value}", PAIRS[pair].0),
                }
            })
            .collect();
        values
            .join(match pattern.joint {
                Joint::Separator(place) => SEPARATORS[place],
                Joint::Pair(pair) => PAIRS[pair].1,
            })
            .into_bytes()
    }

    fn value(&self, name: &str, pattern: &Pattern) -> String {
        let (_, value) = self
            .members
            .iter()
            .find(|(known, _)| known == name)
            .unwrap();
        match (name, value) {
            ("iat", _) => match pattern.times {
                Times::Seconds => "1716820052".into(),
                Times::Milliseconds => "1716820052000".into(),
                Times::Iso => "2024-05-27T14:27:32Z".into(),
                Times::IsoMilliseconds => "2024-05-27T14:27:32.000Z".into(),
            },
            ("signedAt", _) => match pattern.times {
                Times::Seconds => "1716820121".into(),
                Times::Milliseconds => "1716820121000".into(),
                Times::Iso => "2024-05-27T14:28:41Z".into(),
                Times::IsoMilliseconds => "2024-05-27T14:28:41.000Z".into(),
            },
            ("claims", _) => match CLAIM_TEXTS[pattern.claims] {
                (claims, Some(order)) => write(self.claims(claims), order, "compact"),
                (_, None) => {
                    let from = ANSWER.split_once("\"claims\": ").unwrap().1;
                    from.split_once("\n}}}").unwrap().0.to_owned()
                }
            },
            (_, Json::String(text)) => text.clone(),
            _ => write(value, Order::Canonical, "compact"),
        }
    }
}

/// JSON by serde_json, and its characters escaped afterwards.
fn write(value: &Json, order: Order, style: &str) -> String {
    let ordered = Ordered(value, order);
    let mut text = Vec::new();
    let indent: &[u8] = match style {
        "pretty-2" => b"  ",
        "pretty-4" => b"    ",
        _ => b"\t",
    };
    if style.starts_with("pretty") {
        let formatter = PrettyFormatter::with_indent(indent);
        let mut serializer = serde_json::Serializer::with_formatter(&mut text, formatter);
        ordered.serialize(&mut serializer).unwrap();
    } else if style.starts_with("spaced") {
        let mut serializer = serde_json::Serializer::with_formatter(&mut text, Spaced);
        ordered.serialize(&mut serializer).unwrap();
    } else {
        let mut serializer = serde_json::Serializer::with_formatter(&mut text, CompactFormatter);
        ordered.serialize(&mut serializer).unwrap();
    }
    let text = String::from_utf8(text).unwrap();
    let escaped = |c: char| match c {
        '/' if style.ends_with("slashes") => "\\/".to_owned(),
        c if !c.is_ascii() && (style.ends_with("slashes") || style.ends_with("ascii")) => {
            let units = c.encode_utf16(&mut [0; 2]).to_vec();
            units.iter().map(|unit| format!("\\u{unit:04x}")).collect()
        }
        c => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

/// Python's separators.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
}

struct Ordered<'a>(&'a Json, Order);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(value, order) = *self;
        match value {
            Json::Array(elements) => {
                let mut array = serializer.serialize_seq(None)?;
                for element in elements {
                    array.serialize_element(&Ordered(element, order))?;
                }
                array.end()
            }
            Json::Object(object) => {
                let mut members: Vec<_> = object.iter().collect();
                if order != Order::Received {
                    members.sort_by_key(|(name, _)| *name);
                }
                let mut map = serializer.serialize_map(None)?;
                for (name, value) in members {
                    if order != Order::Canonical || !value.is_null() {
                        map.serialize_entry(name, &Ordered(value, order))?;
                    }
                }
                map.end()
            }
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Null => serializer.serialize_none(),
            Json::Number(_) => {
                serializer.serialize_i64(value.as_integer().unwrap().try_into().unwrap())
            }
            Json::String(text) => serializer.serialize_str(text),
        }
    }
}

/// `docs/learning.md` says that the list is closed, so it has all of it.
#[test]
fn the_page_has_the_whole_list() {
    const PAGE: &str = include_str!("../../docs/learning.md");

    let styles = Style::ALL.map(|style| format!("`json-{}`", style.name));
    let encodings = Encoding::ALL.map(Encoding::suffix);
    let times = Times::ALL.map(Times::suffix);
    let claims = [Claims::Sealed, Claims::Texts, Claims::Typed].map(Claims::suffix);
    let separators = SEPARATORS.map(|separator| match separator {
        " " => "a space".to_owned(),
        "\n" => "a line end".to_owned(),
        "" => "nothing".to_owned(),
        other => format!("`{other}`"),
    });
    let suffixes = [&encodings[..], &times[..], &claims[..]].concat();
    let suffixes = suffixes.iter().filter(|suffix| !suffix.is_empty());
    let suffixes = suffixes.map(|suffix| format!("`{suffix}`"));
    for said in suffixes.chain(styles).chain(separators) {
        assert!(PAGE.contains(&said), "{said}");
    }
    for (equals, between) in PAIRS {
        assert!(
            PAGE.contains(&format!("`name{equals}value`")),
            "{between:?}"
        );
    }
}
