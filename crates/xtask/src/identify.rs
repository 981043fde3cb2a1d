//! The C library with libcurl, against `flowseal mock`: each version of the API, each scenario.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use crate::command::need;
use crate::ffi::{self, SANITIZERS, alone, compile, instrumented};
use crate::mock::{self, Mock};
use crate::step::{Stop, Verdict};

/// The keys of the mock, unless it is told to make its own.
const KEYS: &str = "crates/flowseal/src/testkit";

/// What a client shows of a scenario in the end.
#[derive(Clone, Copy)]
enum Shows {
    /// These claims.
    Claims(&'static str),
    /// A code or a word on standard error.
    Refusal(&'static str),
}

/// What the mock's persona shares, in the order of the names.
const ALL: Shows = Shows::Claims(
    "{\"bio\":{\"birthdate\":\"1987-04-12\",\"birthnumber\":\"22212345610\",\"gender\":\"female\"},\
     \"contact\":{\"email\":\"ada@example.ng\",\"emailVerified\":true},\
     \"naming\":{\"family\":\"Ọláwálé 😀\",\"given\":\"Adébáyọ̀\"},\
     \"nationality\":{\"nationalities\":[\"NG\",\"GB\"],\"primary\":\"NG\"}}",
);

const SCENARIOS: [(&str, Shows); 10] = [
    ("default", ALL),
    ("slow", ALL),
    (
        "declined",
        Shows::Claims("{\"bio\":{},\"naming\":{\"given\":\"Adébáyọ̀\"}}"),
    ),
    ("cancelled", Shows::Refusal("error[flow_cancelled]: ")),
    ("expired", Shows::Refusal("the flow has expired")),
    ("expired-token", ALL),
    ("429", ALL),
    ("500", ALL),
    ("garbage", ALL),
    ("dropped", ALL),
];

/// What a run is of: a scenario, what comes of it, and the version of the API.
type Case = (&'static str, Shows, &'static str);

/// How a program of this name is started: alone, or under another.
type Start = fn(&str) -> Command;

/// Every scenario, with sanitizers.
pub(crate) fn with_libcurl() -> Verdict {
    libcurl()?;
    instrumented("gcc")?;
    compile("gcc", "identify_curl.c", &SANITIZERS, &["libcurl"])?;
    each(&SCENARIOS, alone)
}

/// One of them, without sanitizers, built by another compiler.
pub(crate) fn under_valgrind() -> Verdict {
    libcurl()?;
    need("valgrind", "--version")?;
    compile("clang", "identify_curl.c", &["-g"], &["libcurl"])?;
    each(&[("default", ALL)], ffi::under_valgrind)
}

/// The library, and the command that plays the API.
fn libcurl() -> Verdict {
    need("pkg-config", "--version")?;
    if !Command::new("pkg-config")
        .args(["--exists", "libcurl"])
        .status()
        .is_ok_and(|status| status.success())
    {
        let what = "pkg-config does not find libcurl (libcurl4-openssl-dev)";
        return Err(Stop::Lacking(what.to_owned()));
    }
    mock::build()
}

/// Each scenario in each version of the API. Most of the time they wait, so all of them wait at
/// once.
fn each(scenarios: &[(&'static str, Shows)], start: Start) -> Verdict {
    let cases = scenarios
        .iter()
        .flat_map(|(scenario, shows)| ["v1", "v2"].map(|version| (*scenario, *shows, version)));
    let cases: Vec<Case> = cases.collect();
    let outcomes: Vec<Verdict> = thread::scope(|scope| {
        let runs: Vec<_> = cases
            .iter()
            .map(|case| scope.spawn(move || identify(*case, start)))
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

fn identify((scenario, shows, version): Case, start: Start) -> Verdict {
    let failed = |what: String| Stop::Failed(format!("{scenario}, {version}: {what}"));
    let mock = Mock::start(scenario).map_err(|error| failed(error.to_string()))?;
    let output = start("identify_curl")
        .args([mock.address(), version, "req_1"])
        .args(["app.pem", "user.pub.pem"].map(|name| Path::new(KEYS).join(name)))
        // A leak is not to be taken for a refusal.
        .env("ASAN_OPTIONS", "exitcode=99")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    let is_right = match shows {
        Shows::Claims(claims) => output.status.success() && text.trim_end() == claims,
        Shows::Refusal(word) => {
            output.status.code() == Some(1) && text.is_empty() && error.contains(word)
        }
    };
    if is_right {
        return Ok(());
    }
    Err(failed(format!("{} {text} {error}", output.status)))
}
