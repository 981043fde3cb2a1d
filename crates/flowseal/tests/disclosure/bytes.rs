//! Every byte of a file changed, one at a time: it is refused, or it proves what it proved before.

use std::collections::BTreeSet;

use flowseal::profile::Profile;
use flowseal::report::{Check, Outcome, Report};
use flowseal::testkit::{FlowBuilder, KeyPair};
use flowseal::{
    DetachedStatement, Disclosure, Evidence, Expectations, Flow, Setup, UnixTime, Verification,
    Verifier,
};
use serde_json::Value;

use super::{app, app_key, profile, ring, shown, user, user_public, verified};

/// A flow without claims, which is not signed yet.
const UNSIGNED: &str = r#"{"reference": "req_1", "requester": "bcn_1", "requestee": "222", "mode": "signature",
    "iat": 1716820052, "signedAt": 1716820121, "cancelled": false}"#;

/// A small flow: two claims, of which one is shown.
fn files() -> (String, String) {
    let profile = Profile::default();
    let builder = FlowBuilder::new("req_1");
    let builder = builder
        .claims(br#"{"a": {"b": "Ada", "c": "hush"}}"#)
        .unwrap();
    let sealed = builder
        .seal(&app().sealing_key().unwrap(), &user())
        .unwrap();
    let flow: Value = serde_json::from_str(&sealed.to_bare_json()).unwrap();
    let verified = verified(&profile, &flow);
    let disclosure = verified.disclose(&ring(&profile), ["a.b"]).unwrap();
    let text = disclosure.to_json().expose_secret().to_owned();
    (text, verified.evidence().to_json())
}

/// The file with each byte changed, one at a time: by one bit, to one that differs in case, to one
/// that ends a text. With the byte's place, and whether it is the first way.
fn changed(text: &str) -> impl Iterator<Item = (usize, bool, Vec<u8>)> {
    (0..text.len()).flat_map(move |place| {
        let own = text.as_bytes()[place];
        let others = [own ^ 0x01, own ^ 0x02, own ^ 0x20, b'"'];
        let others = others.into_iter().filter(move |other| *other != own);
        others.map(move |other| {
            let mut bytes = text.as_bytes().to_vec();
            bytes[place] = other;
            (place, other == own ^ 0x01, bytes)
        })
    })
}

/// The members that differ, by their paths.
fn differences(one: &Value, other: &Value, path: &str, found: &mut BTreeSet<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            for name in one.keys().chain(other.keys()).collect::<BTreeSet<_>>() {
                let value = |of: &serde_json::Map<String, Value>| {
                    of.get(name).cloned().unwrap_or(Value::Null)
                };
                differences(&value(one), &value(other), &format!("{path}/{name}"), found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (one, other) in one.iter().zip(other) {
                differences(one, other, &format!("{path}/*"), found);
            }
        }
        _ if one == other => {}
        _ => drop(found.insert(path.to_owned())),
    }
}

/// What of evidence may be anything without a check's saying so, since nothing rests on it: the
/// names of the key, what was found at the time, and how much of a flow was accepted then. The
/// documentation and the page call them notes. The key's fingerprint is none.
const NOTES: [&str; 5] = [
    "/key/kid",
    "/key/subject",
    "/key/certificate",
    "/report/",
    "/profile/limits/",
];

/// What a report says that rests on keys and not on the file.
fn told(report: &Report) -> (String, String, Vec<String>) {
    assert_eq!(report.outcome(Check::Signature), Outcome::Passed);
    let key = report.key().unwrap();
    assert_eq!(key.fingerprint(), user_public()[0].fingerprint());
    let mut covers = report.covers().to_vec();
    covers.sort();
    (
        report.to_json().to_string(),
        key.to_json().to_string(),
        covers,
    )
}

/// The page without what it calls a note, and without the evidence itself, which it holds.
fn page_without_notes(page: &str) -> String {
    let (before, rest) = page
        .split_once("<section aria-labelledby=\"noted\">")
        .unwrap();
    let (note, rest) = rest.split_once("</section>").unwrap();
    assert!(note.contains("It is a note that nobody has signed."));
    let (rest, _) = rest
        .split_once("<section aria-labelledby=\"repeat\">")
        .unwrap();
    format!("{before}{rest}")
}

fn is_a_note(path: &str) -> bool {
    NOTES.iter().any(|note| path.starts_with(note))
}

/// Whether everything in which an accepted file differs is a note, which is added to those seen.
fn is_note(text: &str, bytes: &[u8], root: &str, seen: &mut BTreeSet<String>) -> bool {
    let [one, other] = [text.as_bytes(), bytes].map(|it| serde_json::from_slice(it).unwrap());
    let mut found = BTreeSet::new();
    differences(&one, &other, "", &mut found);
    let is_one = |path: &String| path.strip_prefix(root).is_some_and(is_a_note);
    let are_notes = found.iter().all(is_one);
    seen.extend(found);
    are_notes
}

#[test]
fn every_byte_of_a_disclosure_is_under_a_proof_or_nothing_rests_on_it() {
    let (text, _) = files();
    let (app, user) = (app_key(), user_public());
    let read = |bytes: &[u8]| Disclosure::from_json(bytes);
    let check = |file: &Disclosure| file.check(&app, &user);
    let page = |file: &Disclosure| {
        let page = file.check_to_html(&app, &user, None).unwrap();
        page_without_notes(page.expose_secret())
    };
    let file = read(text.as_bytes()).unwrap();
    let (original, original_page) = (check(&file).unwrap(), page(&file));
    let mut seen = BTreeSet::new();
    for (place, is_first, bytes) in changed(&text) {
        let Ok(file) = read(&bytes) else { continue };
        let Ok(disclosed) = check(&file) else {
            continue;
        };
        let shape = String::from_utf8_lossy(&bytes);
        assert!(
            is_note(&text, &bytes, "/evidence", &mut seen),
            "{place}: {shape}"
        );
        assert_eq!(shown(&disclosed), shown(&original), "{shape}");
        assert_eq!(disclosed.withheld(), original.withheld(), "{shape}");
        assert_eq!(told(disclosed.report()), told(original.report()), "{shape}");
        assert_eq!(disclosed.members(), original.members(), "{shape}");
        if is_first {
            assert_eq!(page(&file), original_page, "{shape}");
        }
    }
    // What is accepted is accepted: a test that saw no such file would have shown nothing.
    assert!(seen.contains("/evidence/report/*/outcome"), "{seen:?}");
}

#[test]
fn every_byte_of_evidence_is_under_the_signature_or_nothing_rests_on_it() {
    let (_, text) = files();
    let user = user_public();
    let page = |file: &Evidence| page_without_notes(&file.check_to_html(&user, None).unwrap());
    let original = Evidence::from_json(text.as_bytes()).unwrap();
    let report = told(&original.check(&user).unwrap());
    let mut seen = BTreeSet::new();
    for (place, is_first, bytes) in changed(&text) {
        let Ok(file) = Evidence::from_json(&bytes) else {
            continue;
        };
        let Ok(found) = file.check(&user) else {
            continue;
        };
        let shape = String::from_utf8_lossy(&bytes);
        assert!(is_note(&text, &bytes, "", &mut seen), "{place}: {shape}");
        assert_eq!(told(&found), report, "{shape}");
        assert_eq!(file.statement(), original.statement(), "{shape}");
        if is_first {
            assert_eq!(page(&file), page(&original), "{shape}");
        }
    }
    assert!(seen.contains("/report/*/outcome"), "{seen:?}");
}

/// Of a template and of detached bytes the members are the file's own word, and each file that is
/// accepted says so.
#[test]
fn what_other_evidence_covers_is_told_as_the_file_s_word_whatever_byte_is_changed() {
    let person = user_public();
    for statement in [r#"{"template": "{reference}|{iat}"}"#, r#""detached""#] {
        let profile = profile(&format!(r#"{{"statement": {statement}}}"#));
        let flow = FlowBuilder::new("req_1")
            .profile(&profile)
            .sign(UNSIGNED, &user());
        let flow = Flow::from_json(flow.unwrap().as_bytes()).unwrap();
        let verifier = Verifier::trusting(user_public()).with_setup(&Setup::new(profile));
        let asked = Expectations::unbound();
        let mut verification = Verification::of(flow, &asked);
        if statement.contains("detached") {
            let bytes = DetachedStatement::new(b"req_1", ["reference", "requestee"]);
            verification = verification.with_detached(bytes);
        }
        let now = UnixTime::from_seconds(FlowBuilder::SIGNED_AT).unwrap();
        let text = verification
            .verify(&verifier, now)
            .unwrap()
            .evidence()
            .to_json();

        let original = Evidence::from_json(text.as_bytes()).unwrap();
        let mut seen = BTreeSet::new();
        for (place, _, bytes) in changed(&text) {
            let Ok(file) = Evidence::from_json(&bytes) else {
                continue;
            };
            let Ok(report) = file.check(&person) else {
                continue;
            };
            let shape = String::from_utf8_lossy(&bytes);
            assert_eq!(file.statement(), original.statement(), "{place}: {shape}");
            assert_eq!(
                report.why(Check::ClaimsSigned),
                Some("covers_by_file"),
                "{shape}"
            );
            if !is_note(&text, &bytes, "", &mut seen) {
                let covers = seen
                    .iter()
                    .all(|path| path == "/covers/*" || is_a_note(path));
                assert!(covers, "{place}: {shape}");
            }
        }
        assert!(seen.contains("/report/*/outcome"), "{seen:?}");
    }
}

#[test]
fn half_a_file_is_refused_wherever_it_ends() {
    let (text, _) = files();
    for end in 0..text.len() {
        assert!(
            Disclosure::from_json(&text.as_bytes()[..end]).is_err(),
            "{end}"
        );
    }
}

#[test]
fn the_person_s_key_is_not_the_app_s() {
    let (text, _) = files();
    let swapped = KeyPair::sample_user().unwrap();
    let swapped = flowseal::AppKey::load(swapped.public_pem().as_bytes()).unwrap();
    let app = [app().verifying_key().unwrap()];
    let read = Disclosure::from_json(text.as_bytes()).unwrap();
    assert!(read.check(&swapped, &app).is_err());
}
