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
    ("expired", Shows::Refusal("the flow expired")),
    ("expired-token", ALL),
    ("429", ALL),
    ("500", ALL),
    ("garbage", ALL),
    ("dropped", ALL),
];

/// From the start to the name: what the person shares, or what they are told. A scenario, the trust
/// that is asked for, and what comes of it.
const JOURNEYS: [(&str, &str, Shows); 7] = [
    ("default", "signed", NAME),
    ("default", "received", NAME),
    ("unsigned", "received", NAME),
    (
        "unsigned",
        "signed",
        Shows::Refusal("error[signature_missing]: "),
    ),
    ("500", "received", NAME),
    (
        "cancelled",
        "signed",
        Shows::Refusal("You can start again."),
    ),
    ("expired", "signed", Shows::Refusal("The time has run out.")),
];

const NAME: Shows = Shows::Claims("Adébáyọ̀");

/// What a run is of: a scenario, what comes of it, the version of the API with another word, and
/// the program.
type Case = (&'static str, Shows, [&'static str; 2], &'static str);

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

/// From the start of a login to a name, with sanitizers.
pub(crate) fn journey_with_libcurl() -> Verdict {
    libcurl()?;
    instrumented("gcc")?;
    compile("gcc", "journey_curl.c", &SANITIZERS, &["libcurl"])?;
    let runs = JOURNEYS.iter().flat_map(|(scenario, trust, shows)| {
        ["v1", "v2"].map(|version| {
            let words = [version, *trust];
            (*scenario, *shows, words, "journey_curl")
        })
    });
    at_once(&runs.collect::<Vec<_>>(), alone)
}

/// The library of HTTP, and the command that plays the API.
pub(crate) fn libcurl() -> Verdict {
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

/// Each scenario in each version of the API.
fn each(scenarios: &[(&'static str, Shows)], start: Start) -> Verdict {
    let runs = scenarios.iter().flat_map(|(scenario, shows)| {
        ["v1", "v2"].map(|version| (*scenario, *shows, [version, "req_1"], "identify_curl"))
    });
    at_once(&runs.collect::<Vec<_>>(), start)
}

/// Most of the time they wait, so all of them wait at once.
fn at_once(runs: &[Case], start: Start) -> Verdict {
    let outcomes: Vec<Verdict> = thread::scope(|scope| {
        let runs: Vec<_> = runs
            .iter()
            .map(|run| scope.spawn(move || comes_to_its_end(*run, start)))
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
        println!("{} flows came to their end", runs.len());
        return Ok(());
    }
    Err(Stop::Failed(failures.join("\n")))
}

fn comes_to_its_end((scenario, shows, words, program): Case, start: Start) -> Verdict {
    let failed = |what: String| Stop::Failed(format!("{scenario}, {}: {what}", words.join(" ")));
    let mock = Mock::start(scenario).map_err(|error| failed(error.to_string()))?;
    let output = start(program)
        .arg(mock.address())
        .args(words)
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
