//! The examples against the mock: each HTTP client, each version of the API, each scenario.

use std::path::Path;
use std::process::Command;
use std::thread;

use serde_json::Value;

use crate::server::Server;

/// What a client shows of a scenario in the end.
enum Shows {
    /// So many claims.
    Claims(usize),
    /// A code or a word on standard error.
    Refusal(&'static str),
}

const SCENARIOS: &[(&str, Shows)] = &[
    ("default", Shows::Claims(9)),
    ("slow", Shows::Claims(9)),
    ("declined", Shows::Claims(1)),
    ("cancelled", Shows::Refusal("error[flow_cancelled]: ")),
    ("expired", Shows::Refusal("error[flow_expired]: ")),
    ("expired-token", Shows::Claims(9)),
    ("429", Shows::Claims(9)),
    ("500", Shows::Claims(9)),
    ("garbage", Shows::Claims(9)),
    ("dropped", Shows::Claims(9)),
];

/// Each client, and each way that it has.
const CLIENTS: [(&str, &str); 5] = [
    ("identify_ureq", "v1"),
    ("identify_ureq", "v2"),
    ("identify_reqwest", "v1"),
    ("identify_reqwest", "v2"),
    ("identify_reqwest", "stream"),
];

#[test]
fn every_client_comes_through_every_scenario() {
    // Most of the time they wait, so all of them wait at once.
    let failures: Vec<String> = thread::scope(|scope| {
        let runs: Vec<_> = SCENARIOS
            .iter()
            .flat_map(|scenario| CLIENTS.map(|(client, way)| (scenario, client, way)))
            .map(|((scenario, shows), client, way)| {
                scope.spawn(move || failure(&["--scenario", scenario], shows, client, way))
            })
            .collect();
        runs.into_iter()
            .filter_map(|run| run.join().unwrap())
            .collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Eight seconds of pings would be five at least.
#[test]
fn a_session_that_listens_asks_three_times_in_the_whole_life_of_a_flow() {
    let mock = ["--scenario", "slow", "--limit", "3/600"];
    let outcome = failure(&mock, &Shows::Claims(9), "identify_reqwest", "stream");
    assert_eq!(outcome, None);
}

/// What is wrong with a client's run, if anything.
fn failure(mock: &[&str], shows: &Shows, client: &str, way: &str) -> Option<String> {
    let server = Server::start(mock);
    // Cargo builds a package's examples with its tests, beside its binaries.
    let example = Path::new(env!("CARGO_BIN_EXE_flowseal"))
        .with_file_name("examples")
        .join(client);
    let output = Command::new(example)
        .args([&server.url(), way, "req_1"])
        .output()
        .unwrap();
    let (text, error) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    let is_right = match shows {
        Shows::Claims(count) => {
            let claims: Value = serde_json::from_str(&text).unwrap_or_default();
            output.status.success() && leaves(&claims) == *count
        }
        Shows::Refusal(word) => {
            output.status.code() == Some(1) && text.is_empty() && error.contains(word)
        }
    };
    let shown = format!(
        "{}, {client}, {way}: {} {text} {error}",
        mock.join(" "),
        output.status
    );
    (!is_right).then_some(shown)
}

fn leaves(claims: &Value) -> usize {
    match claims {
        Value::Object(members) => members.values().map(leaves).sum(),
        Value::Null => 0,
        _ => 1,
    }
}
