//! The table of cases that every language runs: each code of the contract, both sides of each
//! bound. `tests/vectors/README.md` describes it; `cases/write` writes it.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

use core::time::Duration;
use std::collections::BTreeSet;
use std::path::Path;

use flowseal::profile::{Algorithm, Profile};
use flowseal::report::{Check, Outcome, Report};
use flowseal::{
    DecryptingKey, DetachedStatement, Engine, Error, ErrorCode, Evidence, Expectations, Flow,
    KeyRing, Mode, OpenOptions, OpenedClaims, Setup, UnixTime, Verification, Verifier,
    VerifyingKey, open_many_unverified,
};
use serde_json::{Value, json};

#[path = "cases/audit.rs"]
mod audit;

#[test]
fn every_case_ends_as_the_table_says() {
    let failures: Vec<_> = cases().iter().filter_map(failure).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_code_is_reached() {
    let mut reached: BTreeSet<String> = cases()
        .iter()
        .filter_map(|case| Some(case["expect"]["code"].as_str()?.to_owned()))
        .collect();
    let unnamed = Engine::named("no such engine").is_err();
    for (code, reached_elsewhere) in [
        // The types leave no way to it in Rust; C and Python, which have handles, reach it.
        (ErrorCode::NotVerified, true),
        (ErrorCode::EngineUnavailable, unnamed),
        // src/service_account.rs has its tests.
        (ErrorCode::ServiceAccount, true),
        // Taken for what comes: nothing gives them yet.
        (ErrorCode::Disclosure, true),
        (ErrorCode::Pin, true),
        (ErrorCode::Checkpoint, true),
        (ErrorCode::PendingFlow, true),
        (ErrorCode::DisclosureInvalid, true),
        (ErrorCode::StatementUnknown, true),
        (ErrorCode::PendingFinished, true),
        (ErrorCode::KeyUnavailable, true),
        // tests/hooks.rs, in a build with --cfg flowseal_hooks.
        (ErrorCode::InternalFault, true),
        (ErrorCode::NoRandomness, true),
    ] {
        assert!(reached_elsewhere, "{code}");
        assert!(
            reached.insert(code.as_str().to_owned()),
            "{code} is in the table: take it off this list"
        );
    }
    // Those of requests are met in tests/api/codes.rs.
    let of_requests = |code: &ErrorCode| (100..140).contains(&code.number());
    let missing: Vec<_> = ErrorCode::ALL
        .iter()
        .filter(|code| !reached.contains(code.as_str()) && !of_requests(code))
        .collect();
    assert!(missing.is_empty(), "no case reaches {missing:?}");
}

#[test]
fn names_are_unique_and_exits_are_those_of_the_codes() {
    let cases = cases();
    let names: BTreeSet<_> = cases
        .iter()
        .map(|case| case["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), cases.len());
    for case in &cases {
        let Some(code) = case["expect"]["code"].as_str() else {
            continue;
        };
        let code = ErrorCode::ALL
            .iter()
            .find(|known| known.as_str() == code)
            .unwrap();
        assert_eq!(case["expect"]["number"], code.number(), "{}", case["name"]);
        assert_eq!(case["expect"]["exit"], exit_of(*code), "{}", case["name"]);
    }
}

/// The command's exit status, by the ranges of numbers.
fn exit_of(code: ErrorCode) -> u8 {
    match code.number() {
        1..40 => 2,
        40..70 => 1,
        _ => 3,
    }
}

fn cases() -> Vec<Value> {
    serde_json::from_str(include_str!("vectors/cases.json")).unwrap()
}

/// What a case may expect. A member that is not known here is an error, so that the table cannot
/// grow past its reader.
const EXPECTED: &[&str] = &[
    "code",
    "number",
    "exit",
    "failed",
    "passed",
    "not_asked",
    "state",
    "covers",
    "claims",
    "errors",
    "value",
    "loaded",
    "diagnosis",
    "details",
    "warnings",
    // What the command prints of a verdict, which here is a type.
    "trust",
];

/// What is wrong with the outcome of a case, if anything.
fn failure(case: &Value) -> Option<String> {
    if case["operation"] == "command" {
        return None;
    }
    let expect = &case["expect"];
    let unknown = |name: &&String| !EXPECTED.contains(&name.as_str());
    let unknown = expect.as_object().unwrap().keys().find(unknown);
    assert_eq!(unknown, None, "{}", case["name"]);
    let (found, report) = match run(case) {
        Ok((value, report)) => (value, report),
        Err(error) => (refused(&error), error.report().cloned()),
    };
    let agrees = |member: &str| expect[member].is_null() || expect[member] == found[member];
    let outcome_is = |member: &str, outcome: Outcome| {
        let Some(name) = expect[member].as_str() else {
            return true;
        };
        let check = Check::ALL
            .iter()
            .find(|check| check.as_str() == name)
            .unwrap();
        report.as_ref().map(|report| report.outcome(*check)) == Some(outcome)
    };
    let members = [
        "code",
        "state",
        "covers",
        "claims",
        "errors",
        "value",
        "loaded",
        "diagnosis",
        "details",
    ];
    let all_are = |member: &str, outcome: Outcome| {
        let mut checks = expect[member].as_array().into_iter().flatten();
        checks.all(|name| {
            let mut every = report.iter().flat_map(Report::lines);
            every.any(|line| name == line.check().as_str() && line.outcome() == outcome)
        })
    };
    let unexpected_refusal = expect["code"].is_null() && !found["code"].is_null();
    let right = members.iter().all(|member| agrees(member))
        && outcome_is("failed", Outcome::Failed)
        && all_are("passed", Outcome::Passed)
        && all_are("not_asked", Outcome::NotAsked)
        && warns_as_expected(case)
        && !unexpected_refusal;
    (!right).then(|| {
        format!(
            "{}\n  expected {expect}\n  found    {found}\n  {report:?}",
            case["name"]
        )
    })
}

/// A refusal as a value of the table's.
fn refused(error: &Error) -> Value {
    let json = |text: String| serde_json::from_str::<Value>(&text).unwrap();
    json!({
        "code": error.code().as_str(),
        "diagnosis": error.diagnosis().map(|diagnosis| json(diagnosis.to_json().to_string())),
        "details": json(error.details().to_json().to_string()),
    })
}

/// Whether there are as many warnings as words, and each has its own.
fn warns_as_expected(case: &Value) -> bool {
    if case["expect"]["warnings"].is_null() {
        return true;
    }
    let mut warnings = expectations(case).warnings();
    warnings.extend(options(case).warnings());
    for file in texts(
        &case["verify_keys"]
            .as_array()
            .map_or(json!([]), |keys| json!(keys)),
    ) {
        let options = VerifyingKey::options().with_algorithm(Profile::default().algorithm);
        warnings.extend_from_slice(options.load_all(&key_file(&file)).unwrap().warnings());
    }
    let words = texts(&case["expect"]["warnings"]);
    let mut pairs = warnings.iter().zip(&words);
    warnings.len() == words.len() && pairs.all(|(warning, word)| warning.contains(word))
}

fn run(case: &Value) -> Result<(Value, Option<Report>), Error> {
    let profile = profile(&case["profile"])?;
    match case["operation"].as_str().unwrap() {
        "load_decrypting_key" => {
            ring(case, profile.as_ref())?;
            Ok((json!({ "loaded": true }), None))
        }
        "load_verifying_key" => {
            verifier(case, profile.as_ref())?;
            Ok((json!({ "loaded": true }), None))
        }
        "check_evidence" => {
            // Whatever they are for: the file's profile says it.
            let keys = load_all(&files(case), None)?;
            let evidence = Evidence::from_json(case["evidence"].as_str().unwrap().as_bytes())?;
            let report = match &profile {
                Some(profile) => evidence.check_under(&keys, profile),
                None => evidence.check(&keys),
            };
            Ok((json!({}), Some(report?)))
        }
        "inspect" => Ok((
            json!({ "state": flow(case, profile.as_ref())?.state().as_str() }),
            None,
        )),
        "open_unverified" => {
            let (flow, ring) = (flow(case, profile.as_ref())?, ring(case, profile.as_ref())?);
            let (expectations, options) = (expectations(case), options(case));
            let opened = flow.open_unverified(&ring, &expectations, now(case)?, &options);
            // A batch says of each flow what is said of one.
            let flows = [&flow, &flow];
            let batch = open_many_unverified(&flows, &ring, &expectations, now(case)?, &options);
            let shown = |opened: &Result<OpenedClaims, Error>| {
                opened.as_ref().map(tree).map_err(Error::code)
            };
            assert_eq!(batch.len(), flows.len());
            assert!(
                batch
                    .iter()
                    .all(|of_batch| shown(of_batch) == shown(&opened))
            );
            let claims = opened?;
            Ok((
                json!({ "claims": tree(&claims) }),
                Some(claims.report().clone()),
            ))
        }
        operation => {
            let flow = flow(case, profile.as_ref())?;
            let (verifier, expectations) = (verifier(case, profile.as_ref())?, expectations(case));
            let mut verification = Verification::of(flow, &expectations);
            if let Some(statement) = case["statement"].as_str() {
                let covers = texts(&case["covers"]);
                verification = verification
                    .with_detached(DetachedStatement::new(statement.as_bytes(), covers));
            }
            let verified = verification.verify(&verifier, now(case)?)?;
            let report = Some(verified.report().clone());
            let open = || {
                let ring = ring(case, profile.as_ref())?;
                verified.open_with(&ring, &options(case))
            };
            let value = match operation {
                "verify" => json!({ "covers": verified.report().covers() }),
                "open" => json!({ "claims": tree(&open()?) }),
                "read" => json!({ "value": read(case, &open()?)? }),
                "open_partial" => {
                    let ring = ring(case, profile.as_ref())?;
                    let partial = verified.open_partial(&ring, &options(case))?;
                    let errors: serde_json::Map<_, _> = partial
                        .errors
                        .iter()
                        .map(|(path, error)| (path.clone(), error.code().as_str().into()))
                        .collect();
                    json!({ "claims": tree(&partial.opened), "errors": errors })
                }
                unknown => panic!("the table has the unknown operation {unknown}"),
            };
            Ok((value, report))
        }
    }
}

fn flow(case: &Value, profile: Option<&Profile>) -> Result<Flow, Error> {
    let mut response = match case["response_hex"].as_str() {
        Some(hex) => (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect(),
        None => case["response"].as_str().unwrap().as_bytes().to_vec(),
    };
    if let Some(len) = case["response_padded_to"].as_u64() {
        response.resize(usize::try_from(len).unwrap(), b' ');
    }
    match profile {
        Some(profile) => Setup::new(profile.clone()).read_flow(&response),
        None => Flow::from_json(&response),
    }
}

fn profile(members: &Value) -> Result<Option<Profile>, Error> {
    let given = members.is_object();
    given
        .then(|| Profile::from_json(members.to_string().as_bytes()))
        .transpose()
}

fn ring(case: &Value, of_the_operation: Option<&Profile>) -> Result<KeyRing, Error> {
    let own = profile(&case["key_profile"])?;
    let files = case["keys"]
        .as_array()
        .map_or(vec!["app-2048.pem".to_owned()], |_| texts(&case["keys"]));
    let keys: Vec<_> = files
        .iter()
        .map(|file| {
            let mut options = DecryptingKey::options();
            if let Some(profile) = own.as_ref().or(of_the_operation) {
                options = options.with_setup(&Setup::new(profile.clone()));
            }
            if let Some(passphrase) = case["passphrase"].as_str() {
                options = options.with_passphrase(passphrase.as_bytes());
            }
            options.load(&key_file(file))
        })
        .collect::<Result<_, _>>()?;
    KeyRing::new(keys)
}

fn verifier(case: &Value, profile: Option<&Profile>) -> Result<Verifier, Error> {
    let verifier = match &case["verify_keys"] {
        Value::Object(by_requestee) => {
            let users = by_requestee
                .iter()
                .map(|(requestee, files)| {
                    let algorithm = profile.cloned().unwrap_or_default().algorithm;
                    Ok((requestee, load_all(&texts(files), Some(algorithm))?))
                })
                .collect::<Result<Vec<_>, Error>>()?;
            Verifier::by_requestee(users)
        }
        _ => Verifier::trusting(verifying_keys(case, profile)?),
    };
    Ok(match profile {
        Some(profile) => verifier.with_setup(&Setup::new(profile.clone())),
        None => verifier,
    })
}

fn verifying_keys(case: &Value, profile: Option<&Profile>) -> Result<Vec<VerifyingKey>, Error> {
    let profile = profile.cloned().unwrap_or_default();
    load_all(&files(case), Some(profile.algorithm))
}

fn files(case: &Value) -> Vec<String> {
    match &case["verify_keys"] {
        Value::Null => vec!["user-2048.pub.pem".to_owned()],
        files => texts(files),
    }
}

fn load_all(files: &[String], algorithm: Option<Algorithm>) -> Result<Vec<VerifyingKey>, Error> {
    let options = match algorithm {
        Some(algorithm) => VerifyingKey::options().with_algorithm(algorithm),
        None => VerifyingKey::options(),
    };
    let keys = files
        .iter()
        .map(|file| options.clone().load_all(&key_file(file)));
    let keys: Vec<_> = keys.collect::<Result<_, _>>()?;
    Ok(keys.into_iter().flatten().collect())
}

fn expectations(case: &Value) -> Expectations {
    let asked = &case["expectations"];
    let mut expectations = Expectations::unbound();
    if let Some(reference) = asked["reference"].as_str() {
        expectations = expectations.with_reference(reference);
    }
    if let Some(requester) = asked["requester"].as_str() {
        expectations = expectations.with_requester(requester);
    }
    if let Some(requestee) = asked["requestee"].as_str() {
        expectations = expectations.with_requestee(requestee);
    }
    if let Some(mode) = asked["mode"].as_str() {
        expectations = expectations.with_mode(Mode::from_name(mode));
    }
    if let Some(seconds) = asked["max_age"].as_u64() {
        expectations = expectations.with_max_age(Duration::from_secs(seconds));
    }
    if let Some(seconds) = asked["leeway"].as_u64() {
        expectations = expectations.with_leeway(Duration::from_secs(seconds));
    }
    if asked["claims"].is_array() {
        expectations = expectations.with_claims(texts(&asked["claims"]));
    }
    expectations
}

/// A minute after the flows of the table are signed, unless the case says otherwise.
fn now(case: &Value) -> Result<UnixTime, Error> {
    UnixTime::from_seconds(case["now"].as_i64().unwrap_or(1_716_820_181))
}

fn options(case: &Value) -> OpenOptions {
    match &case["select"] {
        Value::Null => OpenOptions::new(),
        paths => OpenOptions::new().select(texts(paths)),
    }
}

fn read(case: &Value, claims: &OpenedClaims) -> Result<Value, Error> {
    let claim = claims.get(case["path"].as_str().unwrap()).unwrap();
    Ok(match case["as"].as_str().unwrap() {
        "text" => claim.text().into(),
        "boolean" => claim.boolean()?.into(),
        "list" => claim
            .list()?
            .iter()
            .map(|text| text.expose_secret().to_owned())
            .collect(),
        "digits" => claim.digits()?.into(),
        "date" => {
            let (year, month, day) = claim.date()?;
            json!([year, month, day])
        }
        unknown => panic!("the table has the unknown type {unknown}"),
    })
}

fn tree(claims: &OpenedClaims) -> Value {
    serde_json::from_str(claims.to_json().expose_secret()).unwrap()
}

fn texts(array: &Value) -> Vec<String> {
    let texts = array.as_array().unwrap().iter();
    texts
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}

fn key_file(name: &str) -> Vec<u8> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keys");
    std::fs::read(directory.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}
