//! The C library with libcurl, against `flowseal mock`: each version of the API, each scenario.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::command::{cargo, execute, target_directory};
use crate::ffi::{compile, prefix, program};
use crate::step::{Stop, Verdict};

/// The keys of the mock, unless it is told to make its own.
const KEYS: &str = "crates/flowseal/src/testkit";

/// What a client shows of a scenario in the end.
#[derive(Clone, Copy)]
enum Shows {
    /// Claims, this one among them.
    Claims(&'static str),
    /// A code or a word on standard error.
    Refusal(&'static str),
}

const GIVEN_NAME: Shows = Shows::Claims("\"given\"");

const SCENARIOS: [(&str, Shows); 10] = [
    ("default", GIVEN_NAME),
    ("slow", GIVEN_NAME),
    ("declined", Shows::Claims("{")),
    ("cancelled", Shows::Refusal("error[flow_cancelled]: ")),
    ("expired", Shows::Refusal("the flow has expired")),
    ("expired-token", GIVEN_NAME),
    ("429", GIVEN_NAME),
    ("500", GIVEN_NAME),
    ("garbage", GIVEN_NAME),
    ("dropped", GIVEN_NAME),
];

/// What a run is of: a scenario, what comes of it, and the version of the API.
type Case = (&'static str, Shows, &'static str);

/// Compiled by each compiler, then every scenario by the last program, which has sanitizers.
pub(crate) fn with_libcurl() -> Verdict {
    if !Command::new("pkg-config")
        .args(["--exists", "libcurl"])
        .status()
        .is_ok_and(|status| status.success())
    {
        let what = "pkg-config does not find libcurl (libcurl4-openssl-dev)";
        return Err(Stop::Lacking(what.to_owned()));
    }
    execute(&mut cargo("build --quiet --locked -p flowseal-cli"))?;
    let sanitizers = ["-g", "-fsanitize=address,undefined"];
    for (compiler, flags) in [("clang", &[][..]), ("gcc", &sanitizers)] {
        compile(compiler, "identify_curl.c", flags, &["libcurl"])?;
    }
    every_scenario()
}

/// Most of the time they wait, so all of them wait at once.
fn every_scenario() -> Verdict {
    let cases = SCENARIOS
        .iter()
        .flat_map(|(scenario, shows)| ["v1", "v2"].map(|version| (*scenario, *shows, version)));
    let cases: Vec<Case> = cases.collect();
    let outcomes: Vec<Verdict> = thread::scope(|scope| {
        let runs: Vec<_> = cases
            .iter()
            .map(|case| scope.spawn(move || identify(*case)))
            .collect();
        let lost = |_| Err(Stop::Failed("a thread of this check panicked".to_owned()));
        runs.into_iter()
            .map(|run| run.join().unwrap_or_else(lost))
            .collect()
    });
    let failures = outcomes.into_iter().filter_map(Result::err);
    let failures: Vec<String> = failures
        .map(|(Stop::Failed(what) | Stop::Lacking(what))| what)
        .collect();
    if failures.is_empty() {
        println!("{} flows came to their end", cases.len());
        return Ok(());
    }
    Err(Stop::Failed(failures.join("\n")))
}

fn identify((scenario, shows, version): Case) -> Verdict {
    let failed = |what: String| Stop::Failed(format!("{scenario}, {version}: {what}"));
    let mut mock = Mock::start(scenario).map_err(|error| failed(error.to_string()))?;
    let address = mock
        .address()
        .ok_or_else(|| failed("the first line of the mock is not `listening on …`".to_owned()))?;
    let output = Command::new(program("identify_curl"))
        .args([address.as_str(), version, "req_1"])
        .args(["app.pem", "user.pub.pem"].map(|name| Path::new(KEYS).join(name)))
        .env("LD_LIBRARY_PATH", prefix().join("lib"))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    let is_right = match shows {
        Shows::Claims(part) => output.status.success() && text.contains(part),
        Shows::Refusal(word) => {
            output.status.code() == Some(1) && text.is_empty() && error.contains(word)
        }
    };
    if is_right {
        return Ok(());
    }
    Err(failed(format!("{} {text} {error}", output.status)))
}

/// A running mock, stopped when it is dropped.
struct Mock(Child);

impl Mock {
    fn start(scenario: &str) -> std::io::Result<Self> {
        let mock = Command::new(target_directory().join("debug/flowseal"))
            .args(["mock", "--scenario", scenario])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn();
        mock.map(Self)
    }

    /// Where it listens. What it says later nobody reads, nor does it wait for that.
    fn address(&mut self) -> Option<String> {
        let mut first = String::new();
        let output = self.0.stdout.as_mut()?;
        BufReader::new(output).read_line(&mut first).ok()?;
        Some(first.trim_end().strip_prefix("listening on ")?.to_owned())
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        // One that has ended by itself needs no stopping.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
