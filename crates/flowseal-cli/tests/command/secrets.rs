//! No secret of a file is shown: not on standard error, not on standard output, in whatever place
//! the file, or its text, is given.
//!
//! What is shown is held against every piece of six bytes of what was secret in the file, in each
//! form in which it could be written, less the pieces of another file of its form.

use std::collections::HashSet;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::scene::{Scene, run};

/// Every place where a file is read, `@` standing for its name; `@dir` for a directory of it.
const FILES: &[&str] = &[
    "open flow.json --unverified --key @",
    "open flow.json --unverified --key @ --passphrase-file passphrase",
    "open flow.json --unverified --key encrypted.pem --passphrase-file @",
    "open flow.json --unverified --key app.pem --profile @",
    "open flow.json --unverified --key @dir",
    "open @ --unverified --key app.pem",
    "verify flow.json --verify-key @",
    "verify flow.json --verify-key user.pub.pem --profile @",
    "verify --from-evidence @ --verify-key user.pub.pem",
    "verify --from-evidence evidence.json --verify-key @",
    "verify --from-evidence evidence.json --verify-key user.pub.pem --profile @",
    "verify flow.json --verify-key user.pub.pem --statement @ --covers reference",
    "inspect @",
    "inspect @ --format table",
    "learn @ --verify-key user.pub.pem",
    "learn flow.json --verify-key @",
    "learn flow.json --verify-key user.pub.pem --key @",
    "seal --persona ada --to @ --sign-with user.pem",
    "seal --persona ada --to app.pub.pem --sign-with @",
    "seal --claims @ --to app.pub.pem --sign-with user.pem",
];

/// Every place where a word, a name or nothing is wanted, `@` standing for the text of the file.
const TEXTS: &[&str] = &[
    "@",
    "inspect @",
    "inspect --@",
    "inspect --format @",
    "inspect flow.json @",
    "open flow.json --unverified --key @",
    "open flow.json --unverified --key=@",
    "open flow.json --unverified --key app.pem --passphrase-file @",
    "open flow.json --unverified --key app.pem --now @",
    "open flow.json --unverified --key app.pem --max-age=@",
    "open flow.json --unverified --key app.pem --select @",
    "open flow.json --unverified --key app.pem --reference @",
    "open flow.json --unverified --key app.pem --mode @",
    "open flow.json --unverified=@ --key app.pem",
    "verify flow.json --verify-key @",
    "verify flow.json --verify-key user.pub.pem --claims @",
    "verify flow.json --verify-key user.pub.pem --requestee=@",
    "verify flow.json --verify-key user.pub.pem --statement flow.json --covers @",
    "verify --from-evidence @ --verify-key user.pub.pem",
    "seal --persona @ --to app.pub.pem --sign-with user.pem",
    "seal --persona ada --to @ --sign-with user.pem",
    "mock --limit @",
    "mock --scenario @",
    "mock --port @",
    "mock --persona @",
];

/// How many damaged files there are, each in one place of either kind.
const DAMAGED: usize = 160;

#[test]
fn a_secret_that_is_shown_would_be_seen() {
    for kind in kinds() {
        for secret in &kind.secrets {
            let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
            for form in [hex, STANDARD.encode(secret), URL_SAFE_NO_PAD.encode(secret)] {
                let middle = form.len() / 2;
                let quoted = format!("found {}", &form[middle..middle + 6]);
                assert!(
                    kind.shown_secret(quoted.as_bytes()).is_some(),
                    "{}",
                    kind.name
                );
            }
        }
        assert_eq!(kind.shown_secret(b"error[usage]: found none"), None);
    }
}

#[test]
fn no_secret_of_a_sound_file_is_shown_in_any_place() {
    let place = Place::new();
    for kind in kinds() {
        for line in FILES {
            place.check_file(&kind, &kind.file, line);
        }
        for line in TEXTS {
            place.check_text(&kind, &kind.file, line);
        }
    }
}

#[test]
fn no_secret_of_a_damaged_file_is_shown_in_any_place() {
    let (place, kinds) = (Place::new(), kinds());
    let mut chance = Chance(7);
    for _ in 0..DAMAGED {
        let kind = &kinds[chance.below(kinds.len())];
        let mut file = kind.file.clone();
        for _ in 0..1 + chance.below(3) {
            damage(&mut file, &kind.secrets, &mut chance);
        }
        // A short `kid` is a key's public name; what was moved there is public then.
        if kids(&file).any(|kid| kind.shown_secret(kid.as_bytes()).is_some()) {
            continue;
        }
        place.check_file(kind, &file, FILES[chance.below(FILES.len())]);
        place.check_text(kind, &file, TEXTS[chance.below(TEXTS.len())]);
    }
}

/// A directory where the command runs.
struct Place(Scene);

impl Place {
    fn new() -> Self {
        let scene = Scene::new();
        scene.file("passphrase", "another one\n");
        scene.file("encrypted.pem", vector("app-2048.encrypted.pem"));
        std::fs::create_dir(scene.path().join("account")).unwrap();
        scene
            .run("verify flow.json --verify-key user.pub.pem --evidence evidence.json")
            .done();
        Self(scene)
    }

    fn check_file(&self, kind: &Kind, file: &[u8], line: &str) {
        self.0.file("given", file);
        self.0.file("account/config.json", file);
        self.0.file("account/app.pem", file);
        let line = line.replace("@dir", "account").replace('@', "given");
        let words: Vec<_> = line.split(' ').collect();
        self.check(kind, &words, file);
    }

    fn check_text(&self, kind: &Kind, file: &[u8], line: &str) {
        let text = String::from_utf8_lossy(file);
        // No operating system passes on what has a zero in it, and no argument is so long.
        if text.contains('\0') || text.len() > 100_000 {
            return;
        }
        let words: Vec<_> = line
            .split(' ')
            .map(|word| word.replace('@', &text))
            .collect();
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        self.check(kind, &words, file);
    }

    fn check(&self, kind: &Kind, words: &[&str], file: &[u8]) {
        let ran = run(self.0.path(), words, b"");
        for shown in [&ran.stderr, &ran.stdout] {
            assert_eq!(
                kind.shown_secret(shown.as_bytes()),
                None,
                "{} by {words:?}: {shown}\n{}",
                kind.name,
                file.escape_ascii()
            );
        }
    }
}

/// What an editor, a terminal or a careless hand does to a file.
fn damage(file: &mut Vec<u8>, secrets: &[Vec<u8>], chance: &mut Chance) {
    const INSERTED: &[&str] = &[
        "-----BEGIN ",
        "-----END ",
        "-----",
        "\n",
        "\"",
        ",",
        "{",
        "}",
        "=",
        ":",
        "\u{feff}",
        "é",
        "\"kid\":",
        "\"type\":",
    ];
    if file.is_empty() {
        return;
    }
    let at = chance.below(file.len());
    let end = (at + 1 + chance.below(40)).min(file.len());
    match chance.below(10) {
        0 | 1 => drop(file.drain(at..end)),
        2 | 3 => {
            let inserted = INSERTED[chance.below(INSERTED.len())];
            file.splice(at..at, inserted.bytes());
        }
        4 => file[at] ^= 1 << chance.below(7),
        5 => {
            // Where a text begins, so that a secret becomes a member's name or value.
            let quote = file[at..].iter().position(|byte| *byte == b'"');
            let place = quote.map_or(at, |quote| at + quote + 1);
            let secret = secrets[chance.below(secrets.len())].clone();
            file.splice(place..place, secret);
        }
        6 => file.truncate(at),
        7 => *file = replaced(file, "\n", "\\n"),
        8 => *file = replaced(file, "\n", ""),
        _ => file.make_ascii_lowercase(),
    }
}

fn replaced(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text: String = file.iter().map(|byte| char::from(*byte)).collect();
    let text = text.replace(from, to);
    text.chars().map(|c| u8::try_from(c).unwrap()).collect()
}

/// The short names of the keys of a JWK or a set.
fn kids(file: &[u8]) -> impl Iterator<Item = String> {
    let tree: serde_json::Value = serde_json::from_slice(file).unwrap_or_default();
    let keys = tree["keys"].as_array().cloned().unwrap_or(vec![tree]);
    let kids = keys.into_iter();
    kids.filter_map(|key| key["kid"].as_str().map(str::to_owned))
}

/// The same numbers each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// A file that holds secrets, and what would give them away.
struct Kind {
    name: &'static str,
    file: Vec<u8>,
    secrets: Vec<Vec<u8>>,
    pieces: HashSet<Vec<u8>>,
}

const PIECE: usize = 6;

impl Kind {
    /// Of a file and another of its form, each with its secrets.
    fn new(
        name: &'static str,
        (file, secrets): (Vec<u8>, Vec<Vec<u8>>),
        (other, others): (Vec<u8>, Vec<Vec<u8>>),
    ) -> Self {
        let all = |secrets: &[Vec<u8>]| -> HashSet<_> {
            secrets
                .iter()
                .flat_map(|secret| pieces_of(secret))
                .collect()
        };
        let mut pieces = all(&secrets);
        for common in windows(&other).chain(all(&others)) {
            pieces.remove(&common);
        }
        Self {
            name,
            file,
            secrets,
            pieces,
        }
    }

    /// A piece of a secret that is shown.
    fn shown_secret(&self, shown: &[u8]) -> Option<String> {
        let piece = windows(shown).find(|window| self.pieces.contains(window));
        piece.map(|piece| piece.escape_ascii().to_string())
    }
}

fn windows(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    bytes.windows(PIECE).map(<[u8]>::to_vec)
}

/// Six bytes of each form in which a secret may be written, at each of its alignments.
fn pieces_of(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces: Vec<_> = windows(secret).collect();
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    pieces.extend(windows(hex.as_bytes()));
    for start in 0..3.min(secret.len()) {
        let whole = secret[start..].len() / 3 * 3;
        let aligned = &secret[start..start + whole];
        for text in [STANDARD.encode(aligned), URL_SAFE_NO_PAD.encode(aligned)] {
            pieces.extend(windows(text.as_bytes()));
            pieces.extend(windows(text.to_lowercase().as_bytes()));
        }
    }
    pieces
}

fn kinds() -> Vec<Kind> {
    let (app, other) = (numbers("app-2048"), numbers("other-2048"));
    let private = |numbers: &[Vec<u8>]| numbers[3..].to_vec();
    let of =
        |name: &str, form: fn(&str) -> Vec<u8>, numbers: &[Vec<u8>]| (form(name), private(numbers));
    let kind = |name, form: fn(&str) -> Vec<u8>| {
        Kind::new(
            name,
            of("app-2048", form, &app),
            of("other-2048", form, &other),
        )
    };
    vec![
        kind("PKCS#8 PEM", |name| vector(&format!("{name}.pem"))),
        kind("PKCS#8 DER", pkcs8),
        kind("PKCS#1 PEM", |name| {
            pem("RSA PRIVATE KEY", &pkcs8(name)[26..])
        }),
        kind("JWK", jwk),
        kind("JWK set", |name| {
            let jwk = String::from_utf8(jwk(name)).unwrap();
            format!("{{\"keys\": [{jwk}, {jwk}]}}").into_bytes()
        }),
        kind("PEM among certificates", |name| {
            let certificate = vector("user-2048.cert.pem");
            [&certificate, &vector(&format!("{name}.pem")), &certificate]
                .map(Vec::as_slice)
                .concat()
        }),
        Kind::new(
            "encrypted PEM",
            (vector("app-2048.encrypted.pem"), private(&app)),
            (Vec::new(), private(&other)),
        ),
        Kind::new("Ed25519 PEM", edwards(1), edwards(2)),
        Kind::new("service account", account(1), account(2)),
        Kind::new("environment file", environment(1), environment(2)),
    ]
}

/// The numbers of a key of these vectors: version, modulus, public exponent, and the private ones.
fn numbers(name: &str) -> Vec<Vec<u8>> {
    let der = pkcs8(name);
    let mut rest = &der[26 + 4..];
    let mut numbers = Vec::new();
    while let [2, tail @ ..] = rest {
        let (len, tail) = match tail {
            [0x82, high, low, tail @ ..] => (usize::from(*high) << 8 | usize::from(*low), tail),
            [0x81, len, tail @ ..] | [len, tail @ ..] => (usize::from(*len), tail),
            [] => panic!("an integer has a length"),
        };
        let number = &tail[..len];
        numbers.push(number.strip_prefix(&[0]).unwrap_or(number).to_vec());
        rest = &tail[len..];
    }
    assert_eq!(numbers.len(), 9, "{name}");
    numbers
}

/// PKCS#8, which has 26 bytes before the PKCS#1 in it.
fn pkcs8(name: &str) -> Vec<u8> {
    let text = String::from_utf8(vector(&format!("{name}.pem"))).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('-'));
    STANDARD.decode(lines.collect::<String>()).unwrap()
}

fn jwk(name: &str) -> Vec<u8> {
    let numbers = numbers(name);
    let member = |(name, index): (&str, usize)| {
        format!(r#""{name}": "{}""#, URL_SAFE_NO_PAD.encode(&numbers[index]))
    };
    let members = [
        ("n", 1),
        ("e", 2),
        ("d", 3),
        ("p", 4),
        ("q", 5),
        ("dp", 6),
        ("dq", 7),
        ("qi", 8),
    ];
    let members = members.map(member).join(", ");
    format!(r#"{{"kty": "RSA", "kid": "k1", "alg": "RS256", {members}}}"#).into_bytes()
}

fn edwards(seed: u8) -> (Vec<u8>, Vec<Vec<u8>>) {
    let secret = bytes(seed, 32);
    let head = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".as_slice();
    (pem("PRIVATE KEY", &[head, &secret].concat()), vec![secret])
}

fn account(seed: u8) -> (Vec<u8>, Vec<Vec<u8>>) {
    let [secret, live, test] = [0, 1, 2].map(|which| credential(seed * 4 + which));
    let config = format!(
        r#"{{"type": "app", "appid": "app_1", "consumer": "bcn_1", "secret": "snb_{secret}",
  "apikeys": {{"live": "bk-live_{live}", "test": "bk-test_{test}"}}}}"#
    );
    let secrets = [secret, live, test].map(String::into_bytes);
    (config.into_bytes(), secrets.to_vec())
}

fn environment(seed: u8) -> (Vec<u8>, Vec<Vec<u8>>) {
    let [secret, key, passphrase] = [0, 1, 2].map(|which| credential(seed * 4 + which));
    let file = format!(
        "PASBY_API_KEY=bk-test_{key}\nPASBY_APP_SECRET=\"snb_{secret}\"\nAPP_KEY_PASSPHRASE={passphrase}\n"
    );
    let secrets = [secret, key, passphrase].map(String::into_bytes);
    (file.into_bytes(), secrets.to_vec())
}

fn credential(seed: u8) -> String {
    URL_SAFE_NO_PAD.encode(bytes(seed, 24))
}

/// Bytes that are the same for the same seed.
fn bytes(seed: u8, len: usize) -> Vec<u8> {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ u64::from(seed) << 40);
    let bytes = std::iter::repeat_with(|| u8::try_from(chance.below(256)).unwrap());
    bytes.take(len).collect()
}

fn pem(label: &str, der: &[u8]) -> Vec<u8> {
    let base64 = STANDARD.encode(der);
    let lines = base64.as_bytes().chunks(64).map(String::from_utf8_lossy);
    let lines: Vec<_> = lines.collect();
    let body = lines.join("\n");
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n").into_bytes()
}

fn vector(name: &str) -> Vec<u8> {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("../flowseal/tests/vectors/keys");
    std::fs::read(keys.join(name)).unwrap()
}
