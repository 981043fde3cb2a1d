//! Identify a person with reqwest on tokio: pinging (v1, v2), or from v2's stream of events.
//!
//! In one terminal:
//!
//! ```text
//! cargo run -p flowseal-cli -- mock --port 8080
//! ```
//!
//! In another, with `v1`, `v2` or `stream`:
//!
//! ```text
//! cargo run -p flowseal-cli --example identify_reqwest -- http://127.0.0.1:8080 v2 req_1
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

use flowseal::testkit::{Persona, Sample};
use flowseal::{
    Action, ApiConfig, ApiVersion, Credentials, DecryptingKey, Environment, Error, EventStream,
    Expectations, Flow, FlowState, HttpResponse, KeyRing, Request, Session, UnixTime, Verifier,
    VerifyingKey,
};
use reqwest::Client;
use reqwest::redirect::Policy;

/// Whom the app has asked: the flow that ends well may be another person's.
const PERSON: &str = Persona::ADA.requestee;

/// More than any response of the API has.
const MOST_BYTES: usize = 1 << 20;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [url, way, reference] => identify(url, way, reference).await,
        _ => Err("usage: identify_reqwest URL v1|v2|stream req_…".into()),
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

async fn identify(url: &str, way: &str, reference: &str) -> Outcome<()> {
    let version = match way {
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
    let client = Client::builder().redirect(Policy::none()).build()?;

    let flow = match way {
        "stream" => listen(&client, &config.sse(reference)?).await?,
        _ => watch(&client, Session::new(config, reference)?).await?,
    };

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
async fn watch(client: &Client, mut session: Session) -> Outcome<Flow> {
    loop {
        match session.poll(now(), jitter()) {
            Action::Send { request, timeout } => match send(client, &request, timeout).await {
                Ok(response) => session.handle(&HttpResponse::from(&response), now()),
                Err(_) => session.lost(now()),
            },
            Action::Wait(pause) => tokio::time::sleep(pause).await,
            Action::Progress(_) => eprintln!("a device has picked the flow up"),
            Action::Ended(end) => return Ok(end?),
        }
    }
}

async fn send(
    client: &Client,
    request: &Request,
    timeout: Duration,
) -> Outcome<http::Response<Vec<u8>>> {
    let mut request = reqwest::Request::try_from(request.to_http()?)?;
    *request.timeout_mut() = Some(timeout);
    let mut response = client.execute(request).await?;
    let mut received = http::Response::new(Vec::new());
    *received.status_mut() = response.status();
    *received.headers_mut() = response.headers().clone();
    while let Some(chunk) = response.chunk().await? {
        received.body_mut().extend_from_slice(&chunk);
        if received.body().len() > MOST_BYTES {
            return Err("the response is longer than any of the API's".into());
        }
    }
    Ok(received)
}

/// Reads events until one of them shows that the flow has ended.
async fn listen(client: &Client, request: &Request) -> Outcome<Flow> {
    let request = reqwest::Request::try_from(request.to_http()?)?;
    let mut response = client.execute(request).await?.error_for_status()?;
    let mut stream = EventStream::new();
    while let Some(chunk) = response.chunk().await? {
        for event in stream.push(&chunk) {
            let flow = event?.response()?.into_flow()?;
            match flow.state() {
                FlowState::Cancelled | FlowState::Complete => return Ok(flow),
                state => eprintln!("the flow is {}", state.as_str()),
            }
        }
    }
    Err("the stream has ended before the flow: ping".into())
}

fn now() -> UnixTime {
    SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().into()
}

/// Any random number. The standard library's hasher is seeded with one.
#[expect(clippy::cast_possible_truncation, reason = "any 32 bits will do")]
fn jitter() -> u32 {
    RandomState::new().hash_one(()) as u32
}
