//! From the start of a login to a name, with ureq, a blocking HTTP client.
//!
//! In one terminal:
//!
//! ```text
//! cargo run -p flowseal-cli -- mock --port 8080
//! ```
//!
//! In another:
//!
//! ```text
//! cargo run -p flowseal-cli --example journey_ureq -- http://127.0.0.1:8080 v2 signed
//! ```
//!
//! It prints the name, or `error[code]: sentence` with exit status 1. The keys and the credentials
//! are those of the mock; a service has its own, from its service account file. For a flow without
//! an e-signature the mock has `--scenario unsigned`, and this program `received`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example speaks to a terminal"
)]

use std::hash::{BuildHasher as _, RandomState};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use flowseal::api::{
    Action, ApiConfig, ApiVersion, Binding, Budget, Credentials, Device, Environment,
    FinishedFlows, HttpResponse, PendingFlow, Purpose, Request, Session, Situation, Words,
};
use flowseal::profile::Trust;
use flowseal::testkit::{Persona, Sample};
use flowseal::{DecryptingKey, Error, Flow, FlowState, KeyRing, UnixTime, Verifier, VerifyingKey};
use ureq::ResponseExt as _;

/// What the person is asked for.
const CLAIMS: [&str; 2] = ["naming.given", "naming.family"];

/// What they read before they approve.
const PAYLOAD: &str = "Log in to Example";

/// More than any response of the API has.
const MOST_BYTES: u64 = 1 << 20;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [url, version, trust] => log_in(url, version, trust),
        _ => Err("usage: journey_ureq URL v1|v2 signed|received".into()),
    };
    let Err(error) = outcome else {
        return ExitCode::SUCCESS;
    };
    match error.downcast_ref::<Error>() {
        Some(refusal) => {
            eprintln!("{}", Words::english().text(Situation::of_error(refusal)));
            eprintln!("error[{}]: {refusal}", refusal.code());
        }
        None => eprintln!("{error}"),
    }
    ExitCode::FAILURE
}

fn log_in(url: &str, version: &str, trust: &str) -> Outcome<()> {
    // Once, when the service starts.
    let version = match version {
        "v1" => ApiVersion::V1,
        _ => ApiVersion::V2,
    };
    let trust = match trust {
        "received" => Trust::Received,
        _ => Trust::Signed,
    };
    let credentials = Credentials {
        api_key: "bk-test_mock".into(),
        app_secret: "snb_mock".into(),
    };
    let config = ApiConfig::new(version, Environment::Sandbox, credentials)?
        .with_ids("bcn_sample", "app_sample")
        .with_base_url(url)?;
    let config = Arc::new(config);
    let ring = KeyRing::from(DecryptingKey::load(Sample::APP_PRIVATE_PEM.as_bytes())?);
    let user = VerifyingKey::load(Sample::USER_PUBLIC_PEM.as_bytes())?;
    let verifier = Verifier::by_requestee([(Persona::ADA.requestee, vec![user])]);
    let budget = Budget::new();
    let finished = FinishedFlows::new(); // Where several processes serve: their database.
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .new_agent();

    // At the start: keep what is pending on the server, and send the browser to the link.
    let browser = Binding::new(b"fEv3tKx0Qm9Zp1Lr")?; // Random, and this browser's alone.
    let start = config.identify(Purpose::Login, CLAIMS, PAYLOAD, &Device::same())?;
    while let Err(pause) = budget.urgent(&config, now()) {
        std::thread::sleep(pause);
    }
    let answer = send(&agent, start.request(), Duration::from_secs(10))?;
    let created = start.read(&answer.response())?;
    let kept = created.pending(Some(&browser))?.to_json();
    eprintln!("send the browser to {}", created.link().unwrap_or_default());

    // Until the end.
    let pending = PendingFlow::from_json(kept.as_bytes(), &config)?;
    let session = pending.session(config)?;
    let session = session.with_trust(trust)?.with_budget(&budget)?;
    let flow = watch(&agent, &pending, session)?;

    // At the end: held against what was asked, for the same browser, and once.
    let mine = Some(&browser);
    let claims = match trust {
        Trust::Received => {
            let end = pending.finish_received(flow, Some(&verifier), mine, &finished, now());
            end.map_err(Error::from)?.open(&ring)?
        }
        _ => {
            let end = pending.finish(flow, &verifier, mine, &finished, now());
            end.map_err(Error::from)?.open(&ring)?
        }
    };
    println!("{}", claims.text("naming.given")?.unwrap_or_default());
    Ok(())
}

/// Does what the session says until the flow has ended, and tells the person how it goes.
fn watch(agent: &ureq::Agent, pending: &PendingFlow, mut session: Session) -> Outcome<Flow> {
    let words = Words::english();
    let tell = |state: FlowState| eprintln!("{}", words.text(pending.situation(state)));
    tell(FlowState::Pending);
    loop {
        match session.poll(now(), jitter()) {
            Action::Send { request, timeout } => match send(agent, &request, timeout) {
                Ok(answer) => session.handle(&answer.response().answering(&request), now()),
                Err(_) => session.lost(now()),
            },
            Action::Wait(pause) => std::thread::sleep(pause),
            Action::Progress(flow) => tell(flow.state()),
            // Nobody has asked for one, which a client that blocks has little use for.
            Action::Stream { .. } => session.stream_ended(now()),
            Action::Ended(end) => return Ok(end?),
        }
    }
}

/// What came back, and from where.
struct Answer {
    received: http::Response<Vec<u8>>,
    url: String,
}

impl Answer {
    fn response(&self) -> HttpResponse<'_> {
        HttpResponse::from(&self.received).with_url(&self.url)
    }
}

fn send(agent: &ureq::Agent, request: &Request, timeout: Duration) -> Outcome<Answer> {
    let request = agent
        .configure_request(request.to_http()?)
        .timeout_global(Some(timeout))
        .build();
    let response = agent.run(request)?;
    let url = response.get_uri().to_string();
    let (head, mut body) = response.into_parts();
    let body = body.with_config().limit(MOST_BYTES).read_to_vec()?;
    let received = http::Response::from_parts(head, body);
    Ok(Answer { received, url })
}

fn now() -> UnixTime {
    SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().into()
}

/// Any random number. The standard library's hasher is seeded with one.
#[expect(clippy::cast_possible_truncation, reason = "any 32 bits will do")]
fn jitter() -> u32 {
    RandomState::new().hash_one(()) as u32
}
