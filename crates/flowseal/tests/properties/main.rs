//! What holds for every flow, tried on generated ones.
//!
//! `PROPTEST_CASES` sets how many, 256 by default; what computes no RSA is tried four times as
//! often. A failure prints the smallest input that fails; it then becomes a test with a name.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

mod files;
mod spelling;

use std::sync::LazyLock;

use flowseal::profile::{Algorithm, LeafEncoding, Padding, Profile, StatementForm};
use flowseal::testkit::{FlowBuilder, KeyPair, Sample, SealingKey, SigningKey};
use flowseal::{
    ErrorCode, Expectations, Flow, KeyRing, Setup, UnixTime, VerifiedFlow, VerifyingKey,
};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use files::{FILES, TREES, read_as_everything, spoiling};
use spelling::Speller;

proptest! {
    #![proptest_config(cases_times(1))]

    #[test]
    fn every_claims_tree_comes_back(claims in claims(), profile in profile()) {
        let sealed = FlowBuilder::new("req_1")
            .profile(&profile)
            .claims(claims.to_string().as_bytes())?
            .seal(&KEYS.sealing, &KEYS.signing)?;
        let setup = Setup::new(profile.clone());
        let flow = setup.read_flow(sealed.to_json().as_bytes())?;
        let verified = verify(flow, &profile).unwrap();
        let key = setup.load_decrypting_key(Sample::APP_PRIVATE_PEM.as_bytes())?;
        let ring = KeyRing::from(key);
        let opened = verified.open(&ring)?;

        let mut texts = Vec::new();
        let expected = expected_tree(&claims, None, &mut texts).unwrap_or_else(|| json!({}));
        let found: Value = serde_json::from_str(opened.to_json().expose_secret())?;
        prop_assert_eq!(found, expected);
        prop_assert_eq!(opened.len(), texts.len());
        for (path, text) in &texts {
            prop_assert_eq!(opened.get(path).unwrap().text(), text);
        }
    }

    #[test]
    fn a_change_of_a_signed_value_is_refused(
        flow in flow(),
        edits in vec((any::<Index>(), edit()), 1..3),
        profile in profile(),
    ) {
        let signed = sign(&flow, &profile);
        let mut changed = signed.clone();
        for (place, edit) in edits {
            let mut places = Vec::new();
            for name in LASTING {
                collect(format!("/{name}"), &changed[name], &mut places);
            }
            edit.apply(place, &places, &mut changed);
        }
        prop_assume!(lasting(&changed) != lasting(&signed));

        match Flow::from_json(changed.to_string().as_bytes()) {
            Ok(changed) => {
                let code = verify(changed, &profile).unwrap_err();
                prop_assert_eq!(code, ErrorCode::SignatureInvalid);
            }
            // Some members must be strings, others times.
            Err(error) => {
                let codes = [ErrorCode::FlowMalformed, ErrorCode::Time];
                prop_assert!(codes.contains(&error.code()), "{error:?}");
            }
        }
    }

    #[test]
    fn a_change_of_spelling_is_no_change(
        flow in flow(),
        choices in vec(any::<u8>(), 64),
        profile in profile(),
    ) {
        let signed = sign(&flow, &profile);
        let spelt = Speller(choices.into_iter().cycle()).value(&signed);
        let flow = Flow::from_json(spelt.as_bytes())?;
        prop_assert!(verify(flow, &profile).is_ok(), "{}", spelt);
    }

    #[test]
    fn the_statement_is_what_another_jcs_writes(flow in flow()) {
        let profile = Profile::default();
        let signed = sign(&flow, &profile).to_string();
        let verified = verify(Flow::from_json(signed.as_bytes())?, &profile).unwrap();
        let theirs = serde_jcs::to_string(&lasting(&flow))?;
        prop_assert_eq!(str::from_utf8(verified.statement())?, theirs);
    }

    #[test]
    fn no_other_flow_has_the_statement_of_a_template(
        [before, first, second, after] in select(LITERALS),
        values in ["[-+a]{0,4}", "[-+a]{0,4}", "[-+a]{0,4}"],
    ) {
        let template =
            [before, "{reference}", first, "{requester}", second, "{requestee}", after].concat();
        let mut profile = Profile::default();
        profile.statement = StatementForm::Template(template.parse()?);
        let flow = |[reference, requester, requestee]: &[String; 3]| json!({
            "reference": reference, "requester": requester, "requestee": requestee,
            "mode": "signature", "cancelled": false,
            "iat": FlowBuilder::IAT, "signedAt": FlowBuilder::SIGNED_AT,
        });
        let builder = FlowBuilder::new("").profile(&profile);
        let signed = builder.sign(&flow(&values).to_string(), &KEYS.signing);
        // What could be read in two ways is not even signed.
        prop_assume!(signed.is_ok());
        let signed = signed?;
        let verified = verify(Flow::from_json(signed.as_bytes())?, &profile).unwrap();
        let inside = [&values[0], first, &values[1], second, &values[2]].concat();
        prop_assert_eq!(str::from_utf8(verified.statement())?, [before, &inside, after].concat());

        for (reference, rest) in splits(&inside, first) {
            for (requester, requestee) in splits(rest, second) {
                let others = [reference, requester, requestee].map(str::to_owned);
                if others != values {
                    let mut other = flow(&others);
                    other["signature"] = verified.unauthenticated().signature().into();
                    let other = Flow::from_json(other.to_string().as_bytes())?;
                    prop_assert_eq!(verify(other, &profile).unwrap_err(), ErrorCode::Statement);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(cases_times(4))]

    #[test]
    fn json_is_shown_as_it_was_read(unknown in tree(json_leaf())) {
        let mut flow = json!({
            "reference": "req_", "requester": "bcn_", "requestee": "10", "mode": "signature",
            "cancelled": false, "iat": 5,
        });
        flow["unknown"] = unknown;
        let read = Flow::from_json(flow.to_string().as_bytes())?;
        let shown = read.members().to_string();
        prop_assert_eq!(in_one_spelling(serde_json::from_str(&shown)?), in_one_spelling(flow));
        let again = Flow::from_json(shown.as_bytes())?;
        prop_assert_eq!(again.members(), read.members());
        prop_assert_eq!(again.members().to_string(), shown);
    }

    #[test]
    fn no_bytes_make_a_parser_panic(bytes in vec(any::<u8>(), 0..400)) {
        read_as_everything(&bytes);
    }

    #[test]
    fn no_spoilt_file_makes_a_parser_panic(
        file in any::<Index>(),
        spoilings in vec(spoiling(), 1..4),
    ) {
        let mut file = file.get(&FILES).clone();
        for spoiling in spoilings {
            spoiling.apply(&mut file);
        }
        read_as_everything(&file);
    }

    #[test]
    fn no_edited_json_makes_a_parser_panic(
        file in any::<Index>(),
        edits in vec((any::<Index>(), edit()), 1..4),
    ) {
        let mut tree = file.get(&TREES).clone();
        for (place, edit) in edits {
            let mut places = Vec::new();
            collect(String::new(), &tree, &mut places);
            edit.apply(place, &places, &mut tree);
        }
        read_as_everything(tree.to_string().as_bytes());
    }
}

#[test]
fn no_beginning_of_a_file_makes_a_parser_panic() {
    for file in FILES.iter() {
        for len in 0..file.len().min(100) {
            read_as_everything(&file[..len]);
        }
    }
}

fn cases_times(factor: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: default.cases.saturating_mul(factor),
        failure_persistence: None,
        max_global_rejects: default.cases.saturating_mul(16),
        ..default
    }
}

/// The keys that everyone knows, read once.
struct Keys {
    sealing: SealingKey,
    signing: SigningKey,
    verifying: VerifyingKey,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let user = KeyPair::sample_user().unwrap();
    Keys {
        sealing: KeyPair::sample_app().unwrap().sealing_key().unwrap(),
        signing: user.signing_key().unwrap(),
        verifying: user.verifying_key().unwrap(),
    }
});

fn profile() -> impl Strategy<Value = Profile> {
    let algorithm = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
    let padding = [Padding::Pkcs1v15, Padding::OaepSha1, Padding::OaepSha256];
    let leaf = [LeafEncoding::Auto, LeafEncoding::Json, LeafEncoding::Text];
    let members = (
        select(algorithm.to_vec()),
        select(padding.to_vec()),
        select(leaf.to_vec()),
    );
    members.prop_map(|(algorithm, padding, leaf)| {
        let mut profile = Profile::default();
        profile.algorithm = Algorithm::from_name(algorithm).unwrap();
        profile.padding = padding;
        profile.leaf = leaf;
        profile
    })
}

fn verify(flow: Flow, profile: &Profile) -> Result<VerifiedFlow, ErrorCode> {
    let verifier = Setup::new(profile.clone()).verifier_trusting([KEYS.verifying.clone()]);
    let now = UnixTime::from_seconds(FlowBuilder::SIGNED_AT).unwrap();
    flow.verify(&verifier, &Expectations::unbound(), now)
        .map_err(|refused| refused.error().code())
}

/// Values inside each other, to a depth of five.
fn tree(leaf: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Value> {
    leaf.prop_recursive(4, 24, 5, |inside| {
        prop_oneof![
            object(inside.clone()),
            vec(inside, 0..5).prop_map(Value::from),
        ]
    })
}

fn object(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    // A dot would be refused in the name of a claim.
    let name = text().prop_map(|text| text.replace('.', ""));
    btree_map(name, value, 0..5).prop_map(|members| members.into_iter().collect())
}

/// Any characters, and those that JSON treats in its own way more often. So few that they fit under
/// every padding, however they are escaped.
fn text() -> impl Strategy<Value = String> {
    let special = "\"\\/\u{7f}\u{2028}\u{d7ff}\u{e000}\u{ffff}\u{10000}".chars();
    let special: Vec<_> = ('\0'..=' ').chain(special).collect();
    let character = prop_oneof![2 => any::<char>(), 1 => select(special)];
    vec(character, 0..20).prop_map(String::from_iter)
}

fn json_leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        text().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(Value::Null),
    ]
}

/// Claims in the clear, some with those that the catalogue has types for.
fn claims() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => text().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    let boolean = prop_oneof![
        any::<bool>().prop_map(Value::from),
        select(vec!["true", "false", "\"true\"", "True"]).prop_map(Value::from),
    ];
    let list = prop_oneof![
        vec("\\PC{0,5}", 0..4).prop_map(Value::from),
        select(vec![r#"["NG"]"#, " [ ] ", "[1]", "NG"]).prop_map(Value::from),
    ];
    let typed = (boolean.clone(), boolean, list);
    (object(tree(leaf)), option::of(typed)).prop_map(|(mut claims, typed)| {
        if let Some((verified, pep, list)) = typed {
            claims["contact"] = json!({ "emailVerified": verified });
            claims["nationality"] = json!({ "pep": pep, "nationalities": list });
            // Below a group without a name, the catalogue knows nothing.
            claims[""] = json!({ "nationality": { "pep": pep, "nationalities": ["NG"] } });
        }
        claims
    })
}

/// Numbers that are no integers have several shortest spellings, and where serde_json keeps digits,
/// two spellings are two values.
fn in_one_spelling(value: Value) -> Value {
    match value {
        Value::Number(number) if !number.is_i64() && !number.is_u64() => number.as_f64().into(),
        Value::Array(elements) => elements.into_iter().map(in_one_spelling).collect(),
        Value::Object(members) => {
            let members = members.into_iter();
            members
                .map(|(name, value)| (name, in_one_spelling(value)))
                .collect()
        }
        other => other,
    }
}

/// What becomes of a tree in the clear once it was sealed and opened: `null`s are gone, and a
/// group that held nothing else is empty; leaves are texts, but for the catalogue's.
fn expected_tree(
    value: &Value,
    path: Option<&str>,
    texts: &mut Vec<(String, String)>,
) -> Option<Value> {
    let below = |name: &str| path.map_or(name.to_owned(), |path| format!("{path}.{name}"));
    let path = path.unwrap_or_default();
    let text = match value {
        Value::Null => return None,
        Value::Object(group) => {
            let members = group
                .iter()
                .filter_map(|(name, value)| {
                    let value = expected_tree(value, Some(&below(name)), texts)?;
                    Some((name.clone(), value))
                })
                .collect::<serde_json::Map<_, _>>();
            return (!members.is_empty() || group.values().all(Value::is_null))
                .then(|| members.into());
        }
        Value::Array(list) if path != "nationality.nationalities" => {
            let elements = (0..)
                .zip(list)
                .filter_map(|(index, value): (usize, _)| {
                    expected_tree(value, Some(&below(&index.to_string())), texts)
                })
                .collect::<Vec<_>>();
            return (!elements.is_empty() || list.iter().all(Value::is_null))
                .then(|| elements.into());
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    texts.push((path.to_owned(), text.clone()));
    let typed = match path {
        "contact.emailVerified" | "nationality.pep" => match text.as_str() {
            "true" | "\"true\"" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        "nationality.nationalities" => {
            let list = serde_json::from_str::<Vec<String>>(&text);
            list.ok().map(Value::from)
        }
        _ => None,
    };
    Some(typed.unwrap_or_else(|| text.into()))
}

/// Flows that are to be signed. Nobody opens their claims, so they are not sealed.
fn flow() -> impl Strategy<Value = Value> {
    let texts = [text(), text(), text(), text()];
    let tree = || option::of(object(tree(signed_leaf())));
    let iat = 1..FlowBuilder::SIGNED_AT;
    (texts, iat, tree(), tree()).prop_map(|([reference, requester, requestee, mode], iat, data, claims)| {
        json!({
            "reference": reference, "requester": requester, "requestee": requestee, "mode": mode,
            "iat": iat, "signedAt": FlowBuilder::SIGNED_AT, "data": data, "claims": claims,
            "cancelled": false, "unknown": [1.5, null],
        })
    })
}

fn signed_leaf() -> impl Strategy<Value = Value> {
    const MAX: i64 = (1 << 53) - 1;
    prop_oneof![
        4 => text().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => (-MAX..=MAX).prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

/// The flow with its signature.
fn sign(flow: &Value, profile: &Profile) -> Value {
    let builder = FlowBuilder::new("").profile(profile);
    let answer = builder.sign(&flow.to_string(), &KEYS.signing).unwrap();
    let mut answer: Value = serde_json::from_str(&answer).unwrap();
    answer["data"]["request"].take()
}

/// The members that canonical flow v1 covers.
const LASTING: [&str; 8] = [
    "reference",
    "requester",
    "requestee",
    "mode",
    "iat",
    "signedAt",
    "data",
    "claims",
];

/// What is signed of a flow: the lasting members, without those that are `null` at any depth.
fn lasting(flow: &Value) -> Value {
    fn clean(value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let present = members.iter().filter(|(_, value)| !value.is_null());
                present
                    .map(|(name, value)| (name.clone(), clean(value)))
                    .collect()
            }
            Value::Array(elements) => elements.iter().map(clean).collect(),
            leaf => leaf.clone(),
        }
    }
    let lasting = LASTING.iter().map(|name| (*name, flow[name].clone()));
    clean(&lasting.collect())
}

/// A change of one value.
#[derive(Clone, Debug)]
enum Edit {
    /// Another text that differs little, the next number.
    Alter(char),
    /// One more member, or one in the place of another; one more element.
    Insert(String, Value),
    /// Anything else, `null` too: that takes a member away.
    Replace(Value),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        any::<char>().prop_map(Edit::Alter),
        (text(), signed_leaf())
            .prop_map(|(name, value)| Edit::Insert(name.replace('.', ""), value)),
        tree(signed_leaf()).prop_map(Edit::Replace),
    ]
}

impl Edit {
    fn apply(self, place: Index, places: &[String], tree: &mut Value) {
        let node = tree
            .pointer_mut(&places[place.index(places.len())])
            .unwrap();
        *node = match (self, node.take()) {
            (Self::Replace(value), _) => value,
            (Self::Insert(name, value), Value::Object(mut members)) => {
                members.insert(name, value);
                members.into()
            }
            (Self::Insert(_, value), Value::Array(mut elements)) => {
                elements.push(value);
                elements.into()
            }
            (Self::Alter(character), Value::String(text)) => format!("{character}{text}").into(),
            (_, Value::String(text)) => (text + "x").into(),
            (_, Value::Number(number)) => match number.as_i64() {
                Some(positive @ 1..) => (positive - 1).into(),
                other => (other.unwrap_or_default() + 1).into(),
            },
            (_, Value::Bool(value)) => (!value).into(),
            (_, Value::Null) => json!({ "x": "y" }),
            (_, container) => json!([container]),
        };
    }
}

/// The JSON pointers of a value and of everything in it.
fn collect(place: String, value: &Value, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect(format!("{place}/{name}"), value, places);
            }
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                collect(format!("{place}/{index}"), value, places);
            }
        }
        _ => {}
    }
    places.push(place);
}

/// What stands before, between and after the members of a template.
const LITERALS: &[[&str; 4]] = &[
    ["", "-", "-", ""],
    ["", "--", "-+", ""],
    ["-", "+", "--", "+"],
    ["+", "-a", "a-", "-"],
];

/// Every way to read a text as one part, the literal and another part.
fn splits<'a>(text: &'a str, literal: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    (0..text.len()).filter_map(move |at| {
        let (before, rest) = text.split_at(at);
        Some((before, rest.strip_prefix(literal)?))
    })
}
