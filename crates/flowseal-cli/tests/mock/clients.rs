//! The examples against the mock: each HTTP client, each version of the API, each scenario.

use std::path::Path;
use std::process::Command;
use std::thread;

use serde_json::Value;

use crate::server::Server;

/// What a client shows of a scenario in the end.
enum Shows {
    /// So many claims; a journey, which asks for a name, shows that.
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

/// Who takes a flow without an e-signature, and who does not.
const UNSIGNED: &[((&str, Shows), [&str; 3])] = &[
    (
        ("unsigned", Shows::Claims(2)),
        ["journey_ureq", "v1", "received"],
    ),
    (
        ("unsigned", Shows::Claims(2)),
        ["journey_ureq", "v2", "received"],
    ),
    (
        ("unsigned", Shows::Refusal("error[signature_missing]: ")),
        ["journey_ureq", "v2", "signed"],
    ),
];

/// Each client, and what it is told beside the address.
const CLIENTS: [[&str; 3]; 5] = [
    ["journey_ureq", "v1", "signed"],
    ["journey_ureq", "v2", "signed"],
    ["identify_reqwest", "v1", "req_1"],
    ["identify_reqwest", "v2", "req_1"],
    ["identify_reqwest", "stream", "req_1"],
];

#[test]
fn every_client_comes_through_every_scenario() {
    // Most of the time they wait, so all of them wait at once.
    let failures: Vec<String> = thread::scope(|scope| {
        let runs: Vec<_> = SCENARIOS
            .iter()
            .flat_map(|scenario| CLIENTS.map(|client| (scenario, client)))
            .chain(UNSIGNED.iter().map(|(of, client)| (of, *client)))
            .map(|((scenario, shows), client)| {
                scope.spawn(move || failure(&["--scenario", scenario], shows, client))
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
    let client = ["identify_reqwest", "stream", "req_1"];
    let outcome = failure(&mock, &Shows::Claims(9), client);
    assert_eq!(outcome, None);
}

/// What is wrong with a client's run, if anything.
fn failure(mock: &[&str], shows: &Shows, client: [&str; 3]) -> Option<String> {
    let [client, way, what] = client;
    let server = Server::start(mock);
    // Cargo builds a package's examples with its tests, beside its binaries.
    let example = Path::new(env!("CARGO_BIN_EXE_flowseal"))
        .with_file_name("examples")
        .join(client);
    let output = Command::new(example)
        .args([&server.url(), way, what])
        .output()
        .unwrap();
    let (text, error) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    let is_right = match shows {
        Shows::Claims(_) if client.starts_with("journey") => {
            output.status.success() && text == "Adébáyọ̀\n"
        }
        Shows::Claims(count) => {
            let claims: Value = serde_json::from_str(&text).unwrap_or_default();
            output.status.success() && leaves(&claims) == *count
        }
        Shows::Refusal(word) => {
            output.status.code() == Some(1) && text.is_empty() && error.contains(word)
        }
    };
    let shown = format!(
        "{}, {client}, {way}, {what}: {} {text} {error}",
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
