//! Every byte of a file changed, one at a time: it is refused, or it proves what it proved before.

use flowseal::profile::Profile;
use flowseal::report::{Check, Outcome, Report};
use flowseal::testkit::{FlowBuilder, KeyPair};
use flowseal::{Disclosure, Evidence};
use serde_json::Value;

use super::{app, app_key, ring, shown, user, user_public, verified};

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

/// The file with each byte changed in some ways that keep it text, and the byte's place.
fn changed(text: &str) -> impl Iterator<Item = (usize, Vec<u8>)> {
    (0..text.len()).flat_map(move |place| {
        [0x01, 0x20].map(|bits| {
            let mut bytes = text.as_bytes().to_vec();
            bytes[place] ^= bits;
            (place, bytes)
        })
    })
}

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

/// Where a member's value stands in a file.
fn place_of(text: &str, name: &str) -> std::ops::Range<usize> {
    let start = text.find(&format!("\"{name}\":\"")).unwrap() + name.len() + 4;
    start..start + text[start..].find('"').unwrap()
}

#[test]
fn every_byte_of_a_disclosure_is_under_a_proof_or_nothing_rests_on_it() {
    let (text, _) = files();
    let (app, user) = (app_key(), user_public());
    let check = |bytes: &[u8]| Disclosure::from_json(bytes)?.check(&app, &user);
    let original = check(text.as_bytes()).unwrap();
    let proving = [
        "em",
        "path",
        "fingerprint",
        "padding",
        "statement",
        "signature",
    ];
    let proving = proving.map(|name| place_of(&text, name));

    let mut accepted = Vec::new();
    for (place, bytes) in changed(&text) {
        let Ok(disclosed) = check(&bytes) else {
            continue;
        };
        let shape = String::from_utf8_lossy(&bytes);
        assert!(!proving.iter().any(|it| it.contains(&place)), "{shape}");
        assert_eq!(shown(&disclosed), shown(&original), "{shape}");
        assert_eq!(disclosed.withheld(), original.withheld(), "{shape}");
        assert_eq!(told(disclosed.report()), told(original.report()), "{shape}");
        for name in [
            "reference",
            "requester",
            "requestee",
            "mode",
            "iat",
            "signedAt",
            "claims",
        ] {
            assert_eq!(disclosed.covered(name), original.covered(name), "{shape}");
        }
        accepted.push(place);
    }
    // Among them are words of the report, which is a note.
    let report = text.find("\"report\":").unwrap();
    assert!(accepted.iter().any(|place| *place > report));
    let before = accepted.iter().filter(|place| **place < report);
    assert!(before.count() < 60, "{accepted:?}");
}

#[test]
fn every_byte_of_evidence_is_under_the_signature_or_nothing_rests_on_it() {
    let (_, text) = files();
    let user = user_public();
    let original = Evidence::from_json(text.as_bytes()).unwrap();
    let proving = ["statement", "signature", "fingerprint"].map(|name| place_of(&text, name));
    let report = told(&original.check(&user).unwrap());
    for (place, bytes) in changed(&text) {
        let Ok(evidence) = Evidence::from_json(&bytes) else {
            continue;
        };
        let Ok(found) = evidence.check(&user) else {
            continue;
        };
        let shape = String::from_utf8_lossy(&bytes);
        assert!(!proving.iter().any(|it| it.contains(&place)), "{shape}");
        assert_eq!(told(&found), report, "{shape}");
        assert_eq!(evidence.statement(), original.statement(), "{shape}");
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
