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

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flowseal::api::{
    Action, Answer, ApiConfig, ApiVersion, Environment, HttpResponse, Response, ServiceAccount,
    Session,
};
use flowseal::testkit::{FlowBuilder, Holder, KeyPair};
use flowseal::{
    AppKey, DecryptingKey, Disclosure, Engine, ErrorCode, Expectations, Flow, KeyHolder, KeyRing,
    Learner, OpenOptions, Opening, SecretBytes, SecretText, UnixTime, VerifiedFlow, Verifier,
    VerifyingKey, open_many,
};
use num_bigint::BigUint;
use rsa::PrivateKey;
use rsa::pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPrivateKey as _};
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};

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
        let user = VerifyingKey::load(include_bytes!("vectors/keys/user-2048.pub.pem")).unwrap();
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
    let user = VerifyingKey::load(include_bytes!("vectors/keys/user-2048.pub.pem")).unwrap();
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
    let user = VerifyingKey::load(include_bytes!("vectors/keys/user-2048.pub.pem")).unwrap();
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

/// What the parent knows.
struct Secrets {
    key_file: Vec<u8>,
    response: String,
    authorized: String,
    config: String,
    jwk: String,
    public: String,
    /// Pieces to be searched for, and what they are pieces of.
    needles: HashMap<[u8; PIECE], String>,
}

/// Long enough to be found by chance never, short enough to find a remainder.
const PIECE: usize = 16;

const CLAIMS: &str = r#"{
    "naming": {"given": "a given name of some length", "family": "an escaped \"family\" \\ name of some length"},
    "nationality": {"nationalities": ["a first country of some length", "a second \"country\" of some length"]}
}"#;

const CLAIM_TEXTS: &[&str] = &[
    "a given name of some length",
    "an escaped \"family\" \\ name of some length",
    "an escaped \\\"family\\\" \\\\ name of some length",
    "a first country of some length",
    "a second \"country\" of some length",
    "a second \\\"country\\\" of some length",
];

/// Known to the child's binary, where they stand in read-only memory, which is not searched.
const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJiY25fMSIsImV4cCI6MTcxNjgyNzE3NX0.c2lnbmF0dXJlIG9mIHRoZSB0b2tlbg";
const APP_SECRET: &str = "snb_0123456789abcdef0123456789abcdef";

impl Secrets {
    fn of(key_name: &str) -> Self {
        let pair = KeyPair::generate(2048).unwrap();
        let key = PrivateKey::from_pkcs8_pem(pair.private_pem()).unwrap();
        let key_file = match key_name {
            "pkcs8.pem" => pair.private_pem().as_bytes().to_vec(),
            "pkcs1.der" => key.to_pkcs1_der().unwrap().as_bytes().to_vec(),
            // A key of everyone's, since encrypting takes a tool.
            _ => include_bytes!("vectors/keys/app-2048.encrypted.pem").to_vec(),
        };
        let (key, pair) = match key_name {
            "encrypted.pem" => {
                let pem = include_str!("vectors/keys/app-2048.pkcs1.pem");
                (
                    PrivateKey::from_pkcs1_pem(pem).unwrap(),
                    KeyPair::sample_app().unwrap(),
                )
            }
            _ => (key, pair),
        };
        let user = KeyPair::sample_user().unwrap();
        let response = FlowBuilder::new("req_sample")
            .claims(CLAIMS.as_bytes())
            .unwrap()
            .seal(&pair.sealing_key().unwrap(), &user.signing_key().unwrap())
            .unwrap()
            .to_json();

        let mut needles = HashMap::new();
        let mut add = |name: String, bytes: &[u8]| {
            for piece in bytes.chunks_exact(PIECE) {
                needles.insert(piece.try_into().unwrap(), name.clone());
            }
        };
        let number = |bytes: &[u8]| BigUint::from_bytes_be(bytes);
        let [p, q] = key.primes() else {
            panic!("two primes")
        };
        let (p, q) = (&number(&p.to_be_bytes()), &number(&q.to_be_bytes()));
        let d = &number(&key.d().to_be_bytes());
        let one = BigUint::from(1_u8);
        let coefficient = q.modpow(&(p - &one - &one), p);
        for (name, number) in [
            ("p", p),
            ("q", q),
            ("d", d),
            ("dP", &(d % (p - &one))),
            ("dQ", &(d % (q - &one))),
            ("qInv", &coefficient),
        ] {
            add(format!("{name} in DER"), &number.to_bytes_be());
            add(format!("{name}, digits of 64 bits"), &number.to_bytes_le());
            add(
                format!("{name}, digits of 52 bits"),
                &digits_of_52_bits(number),
            );
        }
        if key_name == "pkcs8.pem" {
            for line in pair.private_pem().lines().filter(|line| line.len() == 64) {
                add("PEM".to_owned(), line.as_bytes());
            }
        }
        for text in CLAIM_TEXTS {
            add(format!("claim {text}"), text.as_bytes());
            // Within a block that ends with it, in whatever place of its three.
            for rest in [0, 1, 2].map(|from| &text.as_bytes()[from..]) {
                let whole = &rest[..rest.len() / 3 * 3];
                let encoded = URL_SAFE_NO_PAD.encode(whole).replace('-', "+");
                let encoded = encoded.replace('_', "/");
                add(format!("claim {text} in base64"), encoded.as_bytes());
            }
        }
        let digits = |number: &BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
        let (n, e) = (&number(&key.n_bytes()), &number(&key.e_bytes()));
        let (n_digits, e_digits) = (digits(n), digits(e));
        let jwk = format!(
            r#"{{"kty":"RSA","n":"{n_digits}","e":"{e_digits}","d":"{}"}}"#,
            digits(d)
        );
        add("d in a JWK".to_owned(), digits(d).as_bytes());
        add("token".to_owned(), TOKEN.as_bytes());
        add("app secret".to_owned(), APP_SECRET.as_bytes());
        // The modulus is no secret; no piece of it may be mistaken for one.
        for form in [n.to_bytes_be(), n.to_bytes_le()] {
            assert!(
                form.windows(PIECE)
                    .all(|window| !needles.contains_key(window))
            );
        }
        Self {
            key_file,
            response,
            jwk,
            public: pair.public_pem().to_owned(),
            authorized: format!(
                r#"{{"status":"successful","reason":"","data":{{"token":"{TOKEN}"}}}}"#
            ),
            config: format!(
                r#"{{"type":"app","appid":"app_1","consumer":"bcn_1","secret":"{APP_SECRET}","apikeys":{{"live":"","test":""}}}}"#
            ),
            needles,
        }
    }

    /// Runs a scenario in a child and names what is found in its memory.
    fn found_after(&self, scenario: &str, key: &str) -> Vec<String> {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--ignored", "--nocapture"])
            .env("FLOWSEAL_WIPING_SCENARIO", scenario)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut to_child = child.stdin.take().unwrap();
        Input::send(
            &mut to_child,
            &[
                &self.key_file,
                self.response.as_bytes(),
                self.authorized.as_bytes(),
                self.config.as_bytes(),
                self.jwk.as_bytes(),
                self.public.as_bytes(),
            ],
        );

        let mut said = Vec::new();
        let mut from_child = child.stderr.take().unwrap();
        while !said.ends_with(b"done\n") {
            let mut byte = [0];
            let read = from_child.read(&mut byte).unwrap();
            assert_eq!(
                read,
                1,
                "{scenario} with {key}: {}",
                String::from_utf8_lossy(&said)
            );
            said.push(byte[0]);
        }
        let found = self.search(&child);
        drop(to_child);
        child.wait().unwrap();
        found
    }

    fn search(&self, child: &Child) -> Vec<String> {
        let maps = std::fs::read_to_string(format!("/proc/{}/maps", child.id())).unwrap();
        let mut memory = File::open(format!("/proc/{}/mem", child.id())).unwrap();
        // The first byte of each piece, to pass over most of the memory quickly.
        let mut firsts = [false; 256];
        for piece in self.needles.keys() {
            firsts[usize::from(piece[0])] = true;
        }
        let mut found = Vec::new();
        let mut searched = 0;
        for line in maps.lines() {
            let mut columns = line.split_whitespace();
            let (range, access) = (columns.next().unwrap(), columns.next().unwrap());
            if !access.starts_with("rw") || line.ends_with("[vvar]") {
                continue;
            }
            let (from, to) = range.split_once('-').unwrap();
            let (from, to) = (hex(from), hex(to));
            let mut region = vec![0; usize::try_from(to - from).unwrap()];
            memory.seek(SeekFrom::Start(from)).unwrap();
            if memory.read_exact(&mut region).is_err() {
                continue;
            }
            searched += region.len();
            let place = columns.nth(3).unwrap_or("anonymous memory");
            for page in used_pages(&region) {
                for window in page
                    .windows(PIECE)
                    .filter(|window| firsts[usize::from(window[0])])
                {
                    if let Some(name) = self.needles.get(window) {
                        found.push(format!("{name} in {place}"));
                    }
                }
            }
        }
        assert!(searched > 1 << 16, "only {searched} bytes were searched");
        found.sort();
        found.dedup();
        found
    }
}

/// The pages that hold anything, each with the beginning of the next one.
fn used_pages(region: &[u8]) -> impl Iterator<Item = &[u8]> {
    const PAGE: usize = 4096;
    const UNUSED: [u8; PAGE] = [0; PAGE];

    (0..region.len()).step_by(PAGE).filter_map(|start| {
        let end = (start + PAGE).min(region.len());
        let is_used = region[start..end] != UNUSED[..end - start];
        // A piece that begins in this page may end in the next.
        is_used.then(|| &region[start..(end + PIECE - 1).min(region.len())])
    })
}

fn digits_of_52_bits(number: &BigUint) -> Vec<u8> {
    let mask = BigUint::from((1_u64 << 52) - 1);
    let count = number.bits().div_ceil(52);
    (0..count)
        .flat_map(|index| {
            let digit = (number >> (52 * index)) & &mask;
            let mut bytes = digit.to_bytes_le();
            bytes.resize(8, 0);
            bytes
        })
        .collect()
}

fn hex(number: &str) -> u64 {
    u64::from_str_radix(number, 16).unwrap()
}
