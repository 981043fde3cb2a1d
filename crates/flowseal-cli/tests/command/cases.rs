//! The table that every language runs, as far as a command line can say it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::scene::{NOW, Scene, run};

#[test]
fn the_command_agrees_with_the_table() {
    let cases = cases();
    let scene = Scene::new();
    let mut ran = 0;
    let mut wrong = Vec::new();
    for case in &cases {
        if let Some(line) = line(case, &scene) {
            ran += 1;
            wrong.extend(failure(case, &line));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Nine of ten: what is left out is left out by name, in `line`.
    assert!(
        ran * 10 >= cases.len() * 8,
        "{ran} of {} cases ran",
        cases.len()
    );
}

/// The table.
pub(crate) fn cases() -> Vec<Value> {
    let text = std::fs::read_to_string(vectors().join("cases.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The arguments of a case; `None` where no arguments say the same.
pub(crate) fn line(case: &Value, scene: &Scene) -> Option<Vec<String>> {
    let has = |member: &str| !case[member].is_null();
    let operation = case["operation"].as_str().unwrap();
    match operation {
        "command" => return Some(texts(&case["arguments"])),
        "inspect" if has("profile") => return None,
        // Types are asked of the library.
        "read" => return None,
        _ => {}
    }
    // The command trusts keys for every flow, and has one profile for everything.
    if case["verify_keys"].is_object() || has("key_profile") {
        return None;
    }

    let mut line = vec![
        match operation {
            "load_verifying_key" | "check_evidence" => "verify",
            "load_decrypting_key" | "open_unverified" | "open_partial" => "open",
            verb => verb,
        }
        .to_owned(),
    ];
    if operation == "inspect" {
        return Some(line);
    }
    let mut say = |option: &str, value: &str| line.push(format!("--{option}={value}"));
    let files = |member: &str, default: &str| match &case[member] {
        Value::Null => vec![default.to_owned()],
        files => texts(files),
    };
    if !matches!(
        operation,
        "verify" | "load_verifying_key" | "check_evidence"
    ) {
        for file in files("keys", "app-2048.pem") {
            say("key", &file);
        }
    }
    if !matches!(operation, "load_decrypting_key" | "open_unverified") {
        for file in files("verify_keys", "user-2048.pub.pem") {
            say("verify-key", &file);
        }
    }
    for (member, option) in [
        ("passphrase", "passphrase-file"),
        ("profile", "profile"),
        ("statement", "statement"),
        ("evidence", "from-evidence"),
    ] {
        let content = match &case[member] {
            Value::Null => continue,
            Value::String(text) => text.clone(),
            json => json.to_string(),
        };
        scene.file(member, content);
        say(option, scene.path().join(member).to_str().unwrap());
    }
    for (member, option) in [("covers", "covers"), ("select", "select")] {
        for value in case[member]
            .as_array()
            .map(|_| texts(&case[member]))
            .unwrap_or_default()
        {
            say(option, &value);
        }
    }
    if operation != "check_evidence" {
        let now = case["now"].as_i64().unwrap_or(NOW);
        say("now", &now.to_string());
    }
    for (name, value) in case["expectations"].as_object().into_iter().flatten() {
        let option = name.replace('_', "-");
        match value {
            // "None of them" cannot be said by repeating nothing.
            Value::Array(values) if values.is_empty() => return None,
            Value::Array(_) => texts(value).iter().for_each(|value| say(&option, value)),
            Value::String(text) => say(&option, text),
            number => say(&option, &number.to_string()),
        }
    }
    match operation {
        "load_decrypting_key" | "open_unverified" => line.push("--unverified".to_owned()),
        "open_partial" => line.push("--partial".to_owned()),
        _ => {}
    }
    Some(line)
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
    "loaded",
    "diagnosis",
    "trust",
    "warnings",
    // Of operations that the command does not have, and data that it has words for.
    "value",
    "details",
];

/// What is wrong with the outcome of a case, if anything.
pub(crate) fn failure(case: &Value, line: &[String]) -> Option<String> {
    let words: Vec<_> = line.iter().map(String::as_str).collect();
    let ran = run(&vectors().join("keys"), &words, &response(case));
    let expect = &case["expect"];
    let unknown = |name: &&String| !EXPECTED.contains(&name.as_str());
    let unknown = expect.as_object().unwrap().keys().find(unknown);
    assert_eq!(unknown, None, "{}", case["name"]);
    // A key that is loaded meets a flow that is still pending.
    let (code, status) = match &expect["loaded"] {
        Value::Null => (expect["code"].as_str(), expect["exit"].as_i64()),
        _ => (Some("flow_pending"), Some(1)),
    };
    let errors = expect["errors"].as_object();
    let code = code.or_else(|| errors?.values().next()?.as_str());
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    let outcome_is = |check: &Value, outcome: &str| {
        let lines = answer["report"].as_array();
        lines.is_some_and(|lines| {
            lines
                .iter()
                .any(|line| line["check"] == *check && line["outcome"] == outcome)
        })
    };

    // A verdict is printed of what was judged.
    let prints = |member: &&str| !matches!(*member, "diagnosis" | "trust") || !answer.is_null();
    let agrees = ["state", "covers", "claims", "errors", "diagnosis", "trust"]
        .iter()
        .filter(|member| prints(member))
        .all(|member| expect[member].is_null() || expect[member] == answer[member]);
    let all_are = |member: &str, outcome: &str| {
        let mut checks = expect[member].as_array().into_iter().flatten();
        checks.all(|check| outcome_is(check, outcome))
    };
    let warned = expect["warnings"].is_null() || {
        let (warnings, words) = (ran.warnings(), texts(&expect["warnings"]));
        let mut pairs = warnings.iter().zip(&words);
        warnings.len() == words.len() && pairs.all(|(warning, word)| warning.contains(word))
    };
    let is_verify = line.first().is_some_and(|verb| verb == "verify");
    let right = ran.code() == code
        && Some(i64::from(ran.status)) == status
        && agrees
        && all_are("passed", "passed")
        && (answer.is_null() || all_are("not_asked", "not_asked"))
        && warned
        && (expect["failed"].is_null() || !is_verify || outcome_is(&expect["failed"], "failed"))
        && (code.is_none() || is_verify || errors.is_some() || ran.stdout.is_empty());
    (!right).then(|| {
        format!(
            "{}\n  {line:?}\n  expected {expect}\n  found    {ran:?}",
            case["name"]
        )
    })
}

fn response(case: &Value) -> Vec<u8> {
    let pending = json!({
        "reference": "req_", "requester": "bcn_", "requestee": "10", "mode": "m",
        "cancelled": false, "iat": 1,
    });
    let mut response = match (&case["response_hex"], &case["response"]) {
        (Value::String(hex), _) => (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect(),
        (_, Value::String(text)) => text.as_bytes().to_vec(),
        _ => pending.to_string().into_bytes(),
    };
    if let Some(len) = case["response_padded_to"].as_u64() {
        response.resize(usize::try_from(len).unwrap(), b' ');
    }
    response
}

pub(crate) fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../flowseal/tests/vectors")
}

fn texts(array: &Value) -> Vec<String> {
    let texts = array.as_array().unwrap().iter();
    texts
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}
