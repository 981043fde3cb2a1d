//! What the README prints: its Rust is compiled and run here as it stands there, and so are the
//! lines that it has one type at a terminal.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use flowseal::api::{FinishedFlows, ServiceAccount};
use flowseal::testkit::{FlowBuilder, KeyPair, Persona, Sample};
use flowseal::{DecryptingKey, KeyRing, Verifier, VerifyingKey};

use crate::scene::Scene;

const README: &str = include_str!("../../../../README.md");
const THIS: &str = include_str!("readme.rs");

/// The blocks of a language, in order.
fn blocks(language: &str) -> Vec<&'static str> {
    let mut parts = README.split("```");
    // Every second part is inside of fences, and begins with its language.
    parts.next();
    let fenced = parts.step_by(2);
    fenced
        .filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'))
        .collect()
}

/// What stands in this file between two comments, without its indentation.
fn here(name: &str) -> String {
    let (_, rest) = THIS.split_once(&format!("    // begin: {name}\n")).unwrap();
    let (text, _) = rest.split_once(&format!("    // end: {name}\n")).unwrap();
    let lines = text
        .lines()
        .map(|line| line.strip_prefix("    ").unwrap_or(line));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_rust_of_the_readme_is_what_is_run_here() {
    let printed = blocks("rust");
    assert_eq!(
        printed,
        [here("in a service"), here("from the start to a name")]
    );
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn now() -> flowseal::UnixTime {
    flowseal::UnixTime::from_seconds(FlowBuilder::SIGNED_AT + 1).unwrap()
}

fn sealed() -> String {
    FlowBuilder::new("req_…")
        .persona(&Persona::ADA)
        .requester("bcn_…")
        .seal(
            &KeyPair::sample_app().unwrap().sealing_key().unwrap(),
            &KeyPair::sample_user().unwrap().signing_key().unwrap(),
        )
        .unwrap()
        .to_json()
}

#[test]
#[rustfmt::skip]
fn a_service_opens_a_flow() -> Outcome<()> {
    let app_private_pem = Sample::APP_PRIVATE_PEM.as_bytes().to_vec();
    let user_public_pem = Sample::USER_PUBLIC_PEM.as_bytes().to_vec();
    let response_body = sealed().into_bytes();
    let now = i64::try_from(now().seconds())?;
    // begin: in a service
    use core::time::Duration;
    use flowseal::{DecryptingKey, Expectations, Flow, KeyRing, UnixTime, Verifier, VerifyingKey};

    let keys = KeyRing::from(DecryptingKey::load(&app_private_pem)?);
    let verifier = Verifier::by_requestee([("22212345610", vec![VerifyingKey::load(&user_public_pem)?])]);

    let flow = Flow::from_json(&response_body)?;
    let expectations = Expectations::for_reference("req_…")
        .with_requester("bcn_…")
        .with_requestee("22212345610") // Whom you have asked.
        .with_max_age(Duration::from_secs(300));
    let verified = flow.verify(&verifier, &expectations, UnixTime::from_seconds(now)?)?;
    let claims = verified.open(&keys)?;
    claims.get("naming.given").map(|claim| claim.text());
    // end: in a service
    let given = claims.get("naming.given").map(|claim| claim.text());
    assert_eq!(given, Some("Adébáyọ̀"));
    Ok(())
}

#[test]
#[rustfmt::skip]
fn a_journey_leads_from_the_start_to_a_name() -> Outcome<()> {
    let mock = Mock::start();
    let config = br#"{"type": "app", "appid": "app_1", "secret": "snb_1", "apikeys": {"test": "bk-test_1"}}"#;
    let account = ServiceAccount::from_parts(config, [Sample::APP_PRIVATE_PEM.as_bytes()])?;
    let keys = KeyRing::from(DecryptingKey::load(Sample::APP_PRIVATE_PEM.as_bytes())?);
    let user = VerifyingKey::load(Sample::USER_PUBLIC_PEM.as_bytes())?;
    let verifier = Verifier::by_requestee([("22212345610", vec![user])]);
    let (finished, cookie, random) = (FinishedFlows::new(), [7; 16], || 5);
    let now = || SystemTime::UNIX_EPOCH.elapsed().unwrap().into();
    let sleep = std::thread::sleep;
    let send = |request: &http::Request<Vec<u8>>, timeout: Duration| mock.answers(request, timeout);
    // begin: from the start to a name
    use core::time::Duration;
    use flowseal::api::{
        Action, ApiConfig, ApiVersion, Binding, Device, Environment, HttpResponse, Purpose,
    };

    let config = ApiConfig::from_service_account(ApiVersion::V2, Environment::Sandbox, &account)?;
    let browser = Binding::new(cookie)?; // Random, and this browser's alone.
    let person = Device::different("22212345610")?;
    let start = config.identify(Purpose::Login, ["naming.given"], "Log in to Example", &person)?;
    let answer = send(&start.request().to_http()?, Duration::from_secs(10))?;
    let pending = start.read(&HttpResponse::from(&answer))?.pending(Some(&browser))?;

    let mut session = pending.session(config)?;
    let flow = loop {
        match session.poll(now(), random()) {
            Action::Send { request, timeout } => match send(&request.to_http()?, timeout) {
                Ok(response) => session.handle(&HttpResponse::from(&response), now()),
                Err(_) => session.lost(now()),
            },
            Action::Wait(pause) => sleep(pause),
            Action::Progress(_) => {} // A device has picked the flow up.
            Action::Stream { .. } => session.stream_ended(now()), // Nobody has asked for one.
            Action::Ended(end) => break end?,
        }
    };

    let verified = pending.finish(flow, &verifier, Some(&browser), &finished, now())?;
    let claims = verified.open(&keys)?;
    claims.get("naming.given").map(|claim| claim.text());
    // end: from the start to a name
    let given = claims.get("naming.given").map(|claim| claim.text());
    assert_eq!(given, Some("Adébáyọ̀"));
    Ok(())
}

/// The API on loopback, in the place of the one that the configuration names.
struct Mock {
    process: Child,
    url: String,
}

impl Mock {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowseal"));
        Self::of(command.arg("mock"))
    }

    fn of(command: &mut Command) -> Self {
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        output.read_line(&mut first).unwrap();
        let url = first.trim().strip_prefix("listening on ").unwrap_or(&first);
        let url = url.to_owned();
        Self { process, url }
    }

    fn answers(
        &self,
        request: &http::Request<Vec<u8>>,
        timeout: Duration,
    ) -> Outcome<http::Response<Vec<u8>>> {
        let mut request = request.clone();
        let path = request.uri().path_and_query().unwrap();
        *request.uri_mut() = format!("{}{path}", self.url).parse()?;
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(timeout))
            .build()
            .new_agent();
        let (head, mut body) = agent.run(request)?.into_parts();
        Ok(http::Response::from_parts(head, body.read_to_vec()?))
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The lines as a shell runs them, but for the first word: the command is the one that was built.
fn typed(scene: &Scene, lines: &str) {
    let flowseal = Path::new(env!("CARGO_BIN_EXE_flowseal"));
    for line in lines.lines() {
        let script = format!("flowseal() {{ '{}' \"$@\"; }}; {line}", flowseal.display());
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(scene.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(output.status.success(), "{line}: {output:?}");
    }
}

#[cfg(unix)]
#[test]
fn what_one_types_at_a_terminal_does_what_it_says() {
    let lines = blocks("")
        .into_iter()
        .find(|block| block.contains("flowseal inspect"));
    let scene = Scene::new();
    typed(
        &scene,
        "flowseal seal --persona ada --reference req_… --to app.pub.pem --sign-with user.pem > flow.json",
    );
    typed(&scene, lines.unwrap());
}

/// The API on loopback as it is printed, but for the port, which somebody else may have.
#[test]
fn the_line_of_the_mock_starts_it() {
    let lines = blocks("").into_iter();
    let mut lines = lines.filter_map(|block| block.trim().strip_prefix("flowseal mock "));
    let (line, more) = (lines.next().unwrap(), lines.next());
    assert_eq!(more, None);
    let line = line.replace("--port 8080", "--port 0");
    assert!(line.contains("--port 0"), "{line}");

    let scene = Scene::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowseal"));
    let mock = command.arg("mock").args(line.split(' '));
    let mock = Mock::of(mock.current_dir(scene.path()));
    assert!(mock.url.starts_with("http://127.0.0.1:"), "{}", mock.url);
}
