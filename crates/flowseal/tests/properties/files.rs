//! Files that can be read, what they come to, and all that reads them.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flowseal::api::{ApiError, Response, ServiceAccount, SessionToken};
use flowseal::profile::{Profile, Template};
use flowseal::testkit::{FlowBuilder, Persona, Sample};
use flowseal::{DecryptingKey, Evidence, Flow, VerifyingKey};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use super::{KEYS, verify};

/// Files that can be read, to begin with: answers, profiles, evidence, keys in every form.
pub(super) static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let sample = Sample::new().unwrap();
    let verified = verify(sample.flow().unwrap(), &Profile::default()).unwrap();
    let chidi = FlowBuilder::new("req_1").persona(&Persona::CHIDI);
    let mut files = vec![
        sample.response().to_vec(),
        chidi
            .seal(&KEYS.sealing, &KEYS.signing)
            .unwrap()
            .to_bare_json()
            .into(),
        verified.evidence().to_json().into(),
        Profile::default().to_json().to_string().into(),
        br#"{"statement": {"template": "{reference}.{iat}"}, "limits": {"depth": 9}}"#.to_vec(),
        br#"[{"code": "invalid_type", "path": ["request", 0], "message": "Required"}]"#.to_vec(),
        br#"{"type": "session_expiry", "code": 401, "helper_url": "", "body": {}}"#.to_vec(),
        STANDARD.decode(SERVICE_ACCOUNT).unwrap(),
    ];
    for folder in ["seed", "keys"] {
        let folder = format!("{}/tests/vectors/{folder}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(folder).unwrap() {
            let file = std::fs::read(entry.unwrap().path()).unwrap();
            let text = str::from_utf8(&file).unwrap_or_default();
            let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
            // Below the base64 of PEM there is more to be spoilt.
            files.extend(STANDARD.decode(body).ok().filter(|der| !der.is_empty()));
            files.push(file);
        }
    }
    files
});

/// Those files that are JSON.
pub(super) static TREES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let trees = FILES.iter().map(|file| serde_json::from_slice(file));
    trees.filter_map(Result::ok).collect()
});

/// A zip with a deflated `config.json` and a stored file that nobody asked for.
const SERVICE_ACCOUNT: &str = concat!(
    "UEsDBBQAAAAIAAAAIQBqc1tCVwAAAIAAAAALAAAAY29uZmlnLmpzb24tzDEOgCAMBdCrmM46uHoZA9iBoNjQakII",
    "d5eCU/9/+WkByYSwTWCIYO7HH3/fVxV3R34uTIrWxYGMLqEocbSDDPmAmZsVOP3bn9qwaBwDQZYfNTas9QNQSwME",
    "FAAAAAAAAAAhAIMW3IwBAAAAAQAAAAUAAABhLnR4dHhQSwECFAMUAAAACAAAACEAanNbQlcAAACAAAAACwAAAAAA",
    "AAAAAAAAgAEAAAAAY29uZmlnLmpzb25QSwECFAMUAAAAAAAAACEAgxbcjAEAAAABAAAABQAAAAAAAAAAAAAAgAGA",
    "AAAAYS50eHRQSwUGAAAAAAIAAgBsAAAApAAAAAAA",
);

/// One way in which a file comes to harm.
#[derive(Clone, Debug)]
pub(super) enum Spoiling {
    Cut(Index, Index),
    Insert(Index, Vec<u8>),
    Repeat(Index, Index),
    Set(Index, u8),
}

pub(super) fn spoiling() -> impl Strategy<Value = Spoiling> {
    prop_oneof![
        any::<(Index, Index)>().prop_map(|(from, to)| Spoiling::Cut(from, to)),
        (any::<Index>(), vec(any::<u8>(), 1..8))
            .prop_map(|(at, bytes)| Spoiling::Insert(at, bytes)),
        any::<(Index, Index)>().prop_map(|(from, to)| Spoiling::Repeat(from, to)),
        any::<(Index, u8)>().prop_map(|(at, byte)| Spoiling::Set(at, byte)),
    ]
}

impl Spoiling {
    pub(super) fn apply(self, file: &mut Vec<u8>) {
        let end = file.len() + 1;
        let range = |from: Index, to: Index| {
            let (from, to) = (from.index(end), to.index(end));
            from.min(to)..from.max(to)
        };
        match self {
            Self::Cut(from, to) => drop(file.drain(range(from, to))),
            Self::Insert(at, bytes) => drop(file.splice(range(at, at), bytes)),
            Self::Repeat(from, to) => file.extend_from_within(range(from, to)),
            Self::Set(at, byte) => {
                if let Some(place) = file.get_mut(at.index(end)) {
                    *place = byte;
                }
            }
        }
    }
}

/// Hands bytes to everything that reads bytes, and looks at what comes out.
pub(super) fn read_as_everything(bytes: &[u8]) {
    if let Ok(flow) = Flow::from_json(bytes) {
        let lengths = flow.claims().leaves().map(|leaf| leaf.ciphertext_len());
        let shown = format!(
            "{flow:?} {} {:?}",
            flow.members(),
            lengths.collect::<Vec<_>>()
        );
        assert!(!shown.is_empty());
        let _ = verify(flow, &Profile::default());
    }
    if let Ok(response) = Response::from_json(bytes) {
        let shown = format!("{response:?}") + &format!("{:?}", response.into_answer());
        assert!(!shown.is_empty());
    }
    let error = ApiError::from_body(None, bytes);
    assert!(!format!("{error} {error:?} {}", error.advice()).is_empty());
    if let Ok(profile) = Profile::from_json(bytes) {
        let written = profile.to_json().to_string();
        assert_eq!(Profile::from_json(written.as_bytes()).unwrap(), profile);
    }
    if let Ok(evidence) = Evidence::from_json(bytes) {
        let _ = evidence.check(std::slice::from_ref(&KEYS.verifying));
    }
    let _ = DecryptingKey::load(bytes);
    let _ = VerifyingKey::load_all(bytes);
    let _ = ServiceAccount::from_zip(bytes);
    let _ = ServiceAccount::from_parts(bytes, [bytes]);
    if let Ok(text) = str::from_utf8(bytes) {
        let _ = SessionToken::from_header(text);
        if let Ok(template) = text.parse::<Template>() {
            assert_eq!(template.to_string(), text);
        }
    }
}
