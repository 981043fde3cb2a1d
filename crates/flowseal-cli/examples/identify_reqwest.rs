//! Identify a person with reqwest on tokio: pinging (v1, v2), or listening to v2's stream.
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

use flowseal::api::{
    Action, ApiConfig, ApiVersion, Credentials, Environment, HttpResponse, Request, Session,
};
use flowseal::testkit::{Persona, Sample};
use flowseal::{
    DecryptingKey, Error, Expectations, Flow, KeyRing, UnixTime, Verifier, VerifyingKey,
};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

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

    let session = Session::new(config, reference)?;
    let session = match way {
        "stream" => session.with_stream()?,
        _ => session,
    };
    let flow = watch(&client, session).await?;

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
    let mut stream = None;
    loop {
        if !session.listens() {
            stream = None;
        }
        match session.poll(now(), jitter()) {
            Action::Send { request, timeout } => match send(client, &request, timeout).await {
                Ok(response) => session.handle(&HttpResponse::from(&response), now()),
                Err(_) => session.lost(now()),
            },
            Action::Wait(pause) => match &mut stream {
                None => tokio::time::sleep(pause).await,
                Some(stream) => listen(stream, &mut session, pause).await,
            },
            Action::Progress(_) => eprintln!("a device has picked the flow up"),
            Action::Stream { request, timeout } => match open(client, &request, timeout).await {
                Ok(response) => stream = Some(response),
                Err(_) => session.stream_ended(now()),
            },
            Action::Ended(end) => return Ok(end?),
        }
    }
}

/// Opens a stream of events: it has no end by itself, so the time is for its head alone.
async fn open(client: &Client, request: &Request, timeout: Duration) -> Outcome<Response> {
    let request = reqwest::Request::try_from(request.to_http()?)?;
    let response = tokio::time::timeout(timeout, client.execute(request)).await??;
    Ok(response.error_for_status()?)
}

/// Takes what arrives of a stream, for as long as a session waits.
async fn listen(stream: &mut Response, session: &mut Session, pause: Duration) {
    match tokio::time::timeout(pause, stream.chunk()).await {
        Ok(Ok(Some(chunk))) => session.heard(&chunk, now()),
        Ok(Ok(None) | Err(_)) => session.stream_ended(now()),
        // The pause has passed: the session knows what to do.
        Err(_) => {}
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

fn now() -> UnixTime {
    SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().into()
}

/// Any random number. The standard library's hasher is seeded with one.
#[expect(clippy::cast_possible_truncation, reason = "any 32 bits will do")]
fn jitter() -> u32 {
    RandomState::new().hash_one(()) as u32
}
