//! Identify a person with ureq, a blocking HTTP client.
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
//! cargo run -p flowseal-cli --example identify_ureq -- http://127.0.0.1:8080 v2 req_1
//! ```
//!
//! It prints the claims, or `error[code]: sentence` with exit status 1. The keys and the
//! credentials are those of the mock; a service has its own, from its service account file.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example speaks to a terminal"
)]

use std::hash::{BuildHasher as _, RandomState};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use flowseal::api::{
    Action, ApiConfig, ApiVersion, Credentials, Environment, HttpResponse, Request, Session,
};
use flowseal::testkit::{Persona, Sample};
use flowseal::{
    DecryptingKey, Error, Expectations, Flow, KeyRing, UnixTime, Verifier, VerifyingKey,
};

/// Whom the app has asked: the flow that ends well may be another person's.
const PERSON: &str = Persona::ADA.requestee;

/// More than any response of the API has.
const MOST_BYTES: u64 = 1 << 20;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [url, version, reference] => identify(url, version, reference),
        _ => Err("usage: identify_ureq URL v1|v2 req_…".into()),
    };
    let Err(error) = outcome else {
        return ExitCode::SUCCESS;
    };
    match error.downcast_ref::<Error>() {
        Some(refusal) => eprintln!("error[{}]: {refusal}", refusal.code()),
        None => eprintln!("{error}"),
    }
    ExitCode::FAILURE
}

fn identify(url: &str, version: &str, reference: &str) -> Outcome<()> {
    let version = match version {
        "v1" => ApiVersion::V1,
        _ => ApiVersion::V2,
    };
    let credentials = Credentials {
        api_key: "bk-test_mock".into(),
        app_secret: "snb_mock".into(),
    };
    let config = ApiConfig::new(version, Environment::Sandbox, credentials)?
        .with_ids("bcn_sample", "app_sample")
        .with_base_url(url)?;

    let flow = watch(Session::new(config, reference)?)?;

    let user = VerifyingKey::load(Sample::USER_PUBLIC_PEM.as_bytes())?;
    let verifier = Verifier::by_requestee([(PERSON, vec![user])]);
    let expectations = Expectations::for_reference(reference)
        .with_requester("bcn_sample")
        .with_requestee(PERSON)
        .with_max_age(Duration::from_secs(300));
    let verified = flow
        .verify(&verifier, &expectations, now())
        .map_err(Error::from)?;

    let ring = KeyRing::from(DecryptingKey::load(Sample::APP_PRIVATE_PEM.as_bytes())?);
    println!("{}", verified.open(&ring)?.to_json().expose_secret());
    Ok(())
}

/// Does what the session says until the flow has ended.
fn watch(mut session: Session) -> Outcome<Flow> {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .new_agent();
    loop {
        match session.poll(now(), jitter()) {
            Action::Send { request, timeout } => match send(&agent, &request, timeout) {
                Ok(response) => session.handle(&HttpResponse::from(&response), now()),
                Err(_) => session.lost(now()),
            },
            Action::Wait(pause) => std::thread::sleep(pause),
            Action::Progress(_) => eprintln!("a device has picked the flow up"),
            // Nobody has asked for one, which a client that blocks has little use for.
            Action::Stream { .. } => session.stream_ended(now()),
            Action::Ended(end) => return Ok(end?),
        }
    }
}

fn send(
    agent: &ureq::Agent,
    request: &Request,
    timeout: Duration,
) -> Outcome<http::Response<Vec<u8>>> {
    let request = agent
        .configure_request(request.to_http()?)
        .timeout_global(Some(timeout))
        .build();
    let (head, mut body) = agent.run(request)?.into_parts();
    let body = body.with_config().limit(MOST_BYTES).read_to_vec()?;
    Ok(http::Response::from_parts(head, body))
}

fn now() -> UnixTime {
    SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().into()
}

/// Any random number. The standard library's hasher is seeded with one.
#[expect(clippy::cast_possible_truncation, reason = "any 32 bits will do")]
fn jitter() -> u32 {
    RandomState::new().hash_one(()) as u32
}
