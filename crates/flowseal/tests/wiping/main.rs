//! What is left in memory, seen from outside: a child process loads keys and opens claims, says
//! that it is done, and waits while its parent searches all its writable memory for pieces of them.
//!
//! Only the parent knows what is searched for, so nothing that is found can be the test's own: the
//! child gets key and flow through a pipe, into buffers that it wipes.
#![cfg(target_os = "linux")]
#![allow(
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails, and a scenario drops what it was given"
)]

mod known;

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use flowseal::api::{
    Action, Answer, ApiConfig, ApiVersion, Environment, HttpResponse, Response, ServiceAccount,
    Session,
};
use flowseal::testkit::{FlowBuilder, Holder};
use flowseal::{
    AppKey, DecryptingKey, Disclosure, Engine, ErrorCode, Expectations, Flow, KeyHolder as _,
    KeyRing, Learner, OpenOptions, Opening, SecretBytes, SecretText, UnixTime, VerifiedFlow,
    Verifier, VerifyingKey, open_many,
};

use known::Secrets;

/// What the child does, and whether anything may be found of it.
const SCENARIOS: &[(&str, Scenario, Leaves)] = &[
    ("holds-the-key", holds_the_key, Leaves::Key),
    ("holds-the-claims", holds_the_claims, Leaves::Claims),
    ("drops-the-key", drops_the_key, Leaves::Nothing),
    ("is-refused-a-key", is_refused_a_key, Leaves::Nothing),
    ("opens", opens, Leaves::Nothing),
    ("opens-in-threads", opens_in_threads, Leaves::Nothing),
    ("opens-a-part", opens_a_part, Leaves::Nothing),
    ("reads-values", reads_values, Leaves::Nothing),
    ("holds-a-disclosure", holds_a_disclosure, Leaves::Claims),
    ("discloses", discloses, Leaves::Nothing),
    ("opens-elsewhere", opens_elsewhere, Leaves::Nothing),
    ("holds-an-opening", holds_an_opening, Leaves::Claims),
    ("drops-an-opening", drops_an_opening, Leaves::Nothing),
    ("does-not-open", does_not_open, Leaves::Nothing),
    ("learns", learns, Leaves::Nothing),
    ("panics", panics, Leaves::Nothing),
    ("reads-a-token", reads_a_token, Leaves::Nothing),
    ("reads-an-account", reads_an_account, Leaves::Nothing),
    ("watches-a-flow", watches_a_flow, Leaves::Nothing),
    (
        "refuses-a-private-jwk",
        refuses_a_private_jwk,
        Leaves::Nothing,
    ),
];

type Scenario = fn(Input) -> Held;

/// What a scenario still holds while its memory is searched.
type Held = Box<dyn std::any::Any>;

#[derive(Clone, Copy, PartialEq)]
enum Leaves {
    /// Nothing of the key or the claims.
    Nothing,
    /// The key, held on purpose: shows that the search finds one.
    Key,
    /// The claims, held on purpose.
    Claims,
}

#[test]
fn nothing_is_left_of_keys_and_claims() {
    let mut failures = Vec::new();
    for key in KEYS {
        let secrets = Secrets::of(key);
        // How a key was read makes no difference once it is loaded.
        let scenarios = SCENARIOS
            .iter()
            .filter(|(name, _, _)| *key == KEYS[0] || name.ends_with("-key"));
        for (name, _, leaves) in scenarios {
            let found = secrets.found_after(name, key);
            let of_key = found.iter().any(|found| !found.starts_with("claim"));
            let of_claims = found.iter().any(|found| found.starts_with("claim"));
            let right = match leaves {
                Leaves::Nothing => found.is_empty(),
                Leaves::Key => of_key,
                Leaves::Claims => of_claims,
            };
            println!("{name} with {key}: {found:?}");
            if !right {
                failures.push(format!("{name} with {key}: {found:?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The child. Named by `--exact`, with the scenario in the environment.
#[test]
#[ignore = "started by nothing_is_left_of_keys_and_claims"]
fn child() {
    let name = std::env::var("FLOWSEAL_WIPING_SCENARIO").unwrap();
    let (_, scenario, _) = SCENARIOS
        .iter()
        .find(|(known, _, _)| *known == name)
        .unwrap();
    let held = scenario(Input::receive());
    std::io::stderr().write_all(b"done\n").unwrap();
    // Until the parent has searched and closes the pipe.
    let mut end = [0];
    let _ = File::open("/dev/stdin").unwrap().read(&mut end);
    drop(held);
}

const KEYS: &[&str] = &["pkcs8.pem", "pkcs1.der", "encrypted.pem"];

/// What the child gets.
struct Input {
    key: SecretBytes,
    response: SecretBytes,
    /// The answer to an authorize call.
    authorized: SecretBytes,
    /// The `config.json` of a service account.
    config: SecretBytes,
    /// The key as a JWK, private.
    jwk: SecretBytes,
    /// The key's public half, PEM.
    public: SecretBytes,
}

impl Input {
    fn receive() -> Self {
        // Not `std::io::stdin()`, whose buffer nobody wipes.
        let mut pipe = File::open("/dev/stdin").unwrap();
        let mut next = || {
            let mut len = [0; 4];
            pipe.read_exact(&mut len).unwrap();
            let mut bytes = SecretBytes::zeroed(u32::from_le_bytes(len) as usize);
            pipe.read_exact(bytes.expose_secret_mut()).unwrap();
            bytes
        };
        Self {
            key: next(),
            response: next(),
            authorized: next(),
            config: next(),
            jwk: next(),
            public: next(),
        }
    }

    fn send(to: &mut impl std::io::Write, parts: &[&[u8]]) {
        for part in parts {
            let len = u32::try_from(part.len()).unwrap();
            to.write_all(&len.to_le_bytes()).unwrap();
            to.write_all(part).unwrap();
        }
    }

    fn key(&self) -> DecryptingKey {
        let options = DecryptingKey::options().with_passphrase(PASSPHRASE.as_bytes());
        options.load(self.key.expose_secret()).unwrap()
    }

    fn verified(&self) -> VerifiedFlow {
        let flow = Flow::from_json(self.response.expose_secret()).unwrap();
        let user = VerifyingKey::load(include_bytes!("../vectors/keys/user-2048.pub.pem")).unwrap();
        let now = UnixTime::from_seconds(FlowBuilder::SIGNED_AT).unwrap();
        flow.verify(&Verifier::trusting([user]), &Expectations::unbound(), now)
            .unwrap()
    }
}

fn holds_the_key(input: Input) -> Held {
    Box::new(input.key())
}

fn holds_the_claims(input: Input) -> Held {
    Box::new(input.verified().open(&input.key().into()).unwrap())
}

fn drops_the_key(input: Input) -> Held {
    drop(input.key());
    Box::new(())
}

fn is_refused_a_key(mut input: Input) -> Held {
    let wrong = DecryptingKey::options()
        .with_passphrase(b"wrong")
        .load(input.key.expose_secret());
    drop(wrong);
    // The last byte of a DER file is the coefficient's, of a PEM file a line end.
    if let [.., last] = input.key.expose_secret_mut() {
        *last ^= 1;
    }
    let options = DecryptingKey::options().with_passphrase(PASSPHRASE.as_bytes());
    drop(options.load(input.key.expose_secret()));
    Box::new(())
}

fn opens(input: Input) -> Held {
    let ring = KeyRing::from(input.key());
    let claims = input.verified().open(&ring).unwrap();
    assert_eq!(claims.len(), 3);
    Box::new(())
}

fn opens_in_threads(input: Input) -> Held {
    let ring = KeyRing::from(input.key());
    let verified = input.verified();
    let options = OpenOptions::new().with_engine(Engine::new().with_threads(2.try_into().unwrap()));
    let results = open_many(&[&verified; 4], &ring, &options);
    assert!(results.iter().all(Result::is_ok));
    Box::new(())
}

fn opens_a_part(input: Input) -> Held {
    let ring = KeyRing::from(input.key());
    let options = OpenOptions::new().select(["naming"]);
    drop(input.verified().open_partial(&ring, &options).unwrap());
    Box::new(())
}

fn reads_values(input: Input) -> Held {
    let claims = input.verified().open(&input.key().into()).unwrap();
    assert_eq!(
        claims
            .get("nationality.nationalities")
            .unwrap()
            .list()
            .unwrap()
            .len(),
        2
    );
    assert!(!claims.to_json().expose_secret().is_empty());
    Box::new(())
}

fn holds_a_disclosure(input: Input) -> Held {
    let ring = KeyRing::from(input.key());
    Box::new(input.verified().disclose(&ring, ["naming"]).unwrap())
}

fn discloses(input: Input) -> Held {
    let ring = KeyRing::from(input.key());
    let verified = input.verified();
    let file = verified.disclose(&ring, ["naming"]).unwrap().to_json();
    let read = Disclosure::from_json(file.expose_secret().as_bytes()).unwrap();
    let app = AppKey::load(input.public.expose_secret()).unwrap();
    let user = VerifyingKey::load(include_bytes!("../vectors/keys/user-2048.pub.pem")).unwrap();
    let disclosed = read.check(&app, &[user]).unwrap();
    assert!(!disclosed.claims().to_json().expose_secret().is_empty());
    assert!(verified.disclose(&ring, ["nickname"]).is_err());
    Box::new(())
}

/// As from a module in the same process, whose own memory is wiped, too.
fn opens_elsewhere(input: Input) -> Held {
    let verified = input.verified();
    for unblinded in [false, true] {
        let holder = Holder::load(input.key.expose_secret()).unwrap();
        let options = DecryptingKey::remote_options().with_holder(Arc::new(holder));
        let options = if unblinded {
            options.unblinded()
        } else {
            options
        };
        let key = options.load(input.public.expose_secret()).unwrap();
        assert_eq!(verified.open(&key.into()).unwrap().len(), 3);
    }
    let claims = begun(&input).finish().unwrap();
    assert_eq!(claims.len(), 3);
    Box::new(())
}

/// Unblinded results are encoded messages, which hold the claims.
fn holds_an_opening(input: Input) -> Held {
    Box::new(begun(&input))
}

fn drops_an_opening(input: Input) -> Held {
    drop(begun(&input));
    Box::new(())
}

fn begun(input: &Input) -> Opening {
    let holder = Holder::load(input.key.expose_secret()).unwrap();
    let key = DecryptingKey::remote_options().unblinded();
    let key = key.load(input.public.expose_secret()).unwrap();
    let options = OpenOptions::new();
    let mut opening = input
        .verified()
        .begin_opening(&key.into(), &options)
        .unwrap();
    let mut results = Vec::new();
    for operation in opening.operations() {
        let mut result = SecretBytes::zeroed(operation.ciphertext().len());
        holder
            .raw_private(&[operation], result.expose_secret_mut())
            .unwrap();
        results.push((operation.id(), result));
    }
    for (id, result) in results {
        opening.supply(id, result.expose_secret()).unwrap();
    }
    opening
}

fn does_not_open(input: Input) -> Held {
    // As a leaf that the wrong padding refuses, with synthetic messages and all.
    let options = DecryptingKey::options().with_passphrase(PASSPHRASE.as_bytes());
    let options = options.with_padding(flowseal::profile::Padding::OaepSha256);
    let ring = KeyRing::from(options.load(input.key.expose_secret()).unwrap());
    assert!(input.verified().open(&ring).is_err());
    Box::new(())
}

fn learns(input: Input) -> Held {
    // Signed over something else, so that every statement of the list is made, of the claims too.
    let response = std::str::from_utf8(input.response.expose_secret()).unwrap();
    let response = response.replace("identification", "something else");
    let user = VerifyingKey::load(include_bytes!("../vectors/keys/user-2048.pub.pem")).unwrap();
    let learner = Learner::new([user]).with_opening(KeyRing::from(input.key()));
    let refused = learner.learn(&[response]).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::StatementUnknown, "{refused}");
    Box::new(refused)
}

fn panics(input: Input) -> Held {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let ring = KeyRing::from(input.key());
        let claims = input.verified().open(&ring).unwrap();
        assert!(claims.is_empty(), "on purpose");
    }));
    assert!(outcome.is_err());
    drop(input);
    Box::new(())
}

fn reads_a_token(input: Input) -> Held {
    let authorized = input.authorized.expose_secret();
    let response = Response::from_json(authorized).unwrap();
    let Answer::Authorized(token) = response.into_answer() else {
        panic!("not a token")
    };
    assert!(!token.expose_secret().is_empty());
    // By mistake, and cut off behind the token.
    assert!(Flow::from_json(authorized).is_err());
    assert!(Response::from_json(&authorized[..authorized.len() - 1]).is_err());
    Box::new(())
}

fn reads_an_account(input: Input) -> Held {
    let config = input.config.expose_secret();
    let account = ServiceAccount::from_parts(config, [input.key.expose_secret()]).unwrap();
    assert!(account.app_secret().is_some());
    let options = DecryptingKey::options().with_passphrase(PASSPHRASE.as_bytes());
    drop(account.decrypting_key_with(&options));
    let cut = ServiceAccount::from_parts(&config[..config.len() - 1], [input.key.expose_secret()]);
    assert!(cut.is_err());
    Box::new(())
}

fn watches_a_flow(input: Input) -> Held {
    let account = input.config.expose_secret();
    let account = ServiceAccount::from_parts(account, [input.key.expose_secret()]).unwrap();
    let secret = account.app_secret().unwrap().expose_secret();
    let (api_key, secret) = ("bk-test_1", SecretText::copied_from(secret));
    let api_key = SecretText::copied_from(api_key);
    let config = ApiConfig::new(
        ApiVersion::V1,
        Environment::Sandbox,
        flowseal::api::Credentials {
            api_key,
            app_secret: secret,
        },
    )
    .unwrap();
    let mut session = Session::new(config.with_ids("bcn_1", "app_1"), "req_1").unwrap();

    let now = Duration::from_secs(1);
    let mut sent = |body: &[u8]| {
        let action = session.poll(now.into(), 0);
        assert!(matches!(action, Action::Send { .. }), "{action:?}");
        session.handle(&HttpResponse::new(200, body), now.into());
    };
    sent(input.authorized.expose_secret());
    // With the token; then dropped with it, in the midst.
    sent(b"<html>");
    Box::new(())
}

fn refuses_a_private_jwk(input: Input) -> Held {
    assert!(VerifyingKey::load(input.jwk.expose_secret()).is_err());
    Box::new(())
}

const PASSPHRASE: &str = "correct horse";
