//! What is fed to everything that reads a file, and what would give a secret of it away: shared by
//! the tests of the core (`tests/secrets.rs`) and of the C library (`tests/entries/secrets.rs`).
//!
//! A [`Kind`] is a sound file with its secrets; an [`Edit`] is what may have happened to it.

use std::collections::HashSet;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use num_bigint::BigUint;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rsa::PrivateKey;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};

/// What an editor, a terminal or a careless hand does to a file.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Remove(usize),
    Insert(&'static str),
    Replace(u8),
    Swap(usize),
    Truncate,
    /// Writes a secret, as bytes, into another place.
    Misplace(Index),
    LiteralLineEnds,
    NoLineEnds,
    LowerCase,
    Utf16,
}

impl Edit {
    pub(crate) fn apply(&self, file: &mut Vec<u8>, from: Index, to: Index, secrets: &[Vec<u8>]) {
        if file.is_empty() {
            return;
        }
        let (from, to) = (from.index(file.len()), to.index(file.len()));
        match self {
            Self::Remove(len) => {
                file.drain(from..(from + len).min(file.len()));
            }
            Self::Insert(text) => {
                file.splice(from..from, text.bytes());
            }
            Self::Replace(byte) => file[from] = *byte,
            Self::Swap(len) => {
                let piece: Vec<_> = file.drain(from..(from + len).min(file.len())).collect();
                let to = to.min(file.len());
                file.splice(to..to, piece);
            }
            Self::Truncate => file.truncate(from),
            Self::Misplace(which) => {
                let secret = which.get(secrets).clone();
                // Where a text begins, so that it becomes a member's name or value.
                let quote = file[from..].iter().position(|byte| *byte == b'"');
                let place = quote.map_or(from, |quote| from + quote + 1);
                file.splice(place..place, secret);
            }
            Self::LiteralLineEnds => *file = replaced(file, b"\n", b"\\n"),
            Self::NoLineEnds => *file = replaced(file, b"\n", b""),
            Self::LowerCase => file.make_ascii_lowercase(),
            Self::Utf16 => *file = file.iter().flat_map(|byte| [*byte, 0]).collect(),
        }
    }
}

fn replaced(file: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let pieces: Vec<_> = file.split(|byte| from == [*byte]).collect();
    pieces.join(to)
}

pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        4 => (1_usize..8).prop_map(Edit::Remove),
        4 => select(INSERTED).prop_map(Edit::Insert),
        2 => any::<u8>().prop_map(Edit::Replace),
        2 => (1_usize..64).prop_map(Edit::Swap),
        1 => Just(Edit::Truncate),
        3 => any::<Index>().prop_map(Edit::Misplace),
        1 => Just(Edit::LiteralLineEnds),
        1 => Just(Edit::NoLineEnds),
        1 => Just(Edit::LowerCase),
        1 => Just(Edit::Utf16),
    ]
}

const INSERTED: &[&str] = &[
    "-----BEGIN ",
    "-----END ",
    "-----",
    "-----BEGIN PRIVATE KEY-----",
    "\n",
    "\"",
    ",",
    "{",
    "}",
    "=",
    ":",
    "\0",
    "\u{feff}",
    "é",
    "Proc-Type: 4,ENCRYPTED",
    "\"kid\":",
    "\"type\":",
];

/// A file that holds secrets, and what would give them away.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) file: Vec<u8>,
    pub(crate) secrets: Vec<Vec<u8>>,
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
        let mut pieces: HashSet<_> = secrets
            .iter()
            .flat_map(|secret| pieces_of(secret))
            .collect();
        for common in windows(&other).chain(others.iter().flat_map(|other| pieces_of(other))) {
            pieces.remove(&common);
        }
        // The passphrase that the test gives is its own.
        Self {
            name,
            file,
            secrets,
            pieces,
        }
    }

    pub(crate) fn is_pem(&self) -> bool {
        self.file.starts_with(b"-----BEGIN ")
    }

    /// A piece of a secret that is shown.
    pub(crate) fn shown_secret(&self, shown: &str) -> Option<String> {
        let piece = windows(shown.as_bytes()).find(|window| self.pieces.contains(window));
        piece.map(|piece| piece.escape_ascii().to_string())
    }
}
/// The short names of the keys of a JWK or a set.
pub(crate) fn kids(file: &[u8]) -> impl Iterator<Item = String> {
    let tree: serde_json::Value = serde_json::from_slice(file).unwrap_or_default();
    let keys = match tree["keys"].as_array() {
        Some(keys) => keys.clone(),
        None => vec![tree],
    };
    let kid = |key: serde_json::Value| key["kid"].as_str().map(str::to_owned);
    keys.into_iter()
        .filter_map(kid)
        .filter(|kid| kid.len() < 16)
}

fn windows(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    bytes.windows(PIECE).map(<[u8]>::to_vec)
}

/// Six bytes of each form in which a secret may be written, at each of its alignments.
fn pieces_of(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces: Vec<_> = windows(secret).collect();
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    pieces.extend(windows(hex.as_bytes()));
    pieces.extend(windows(hex.to_uppercase().as_bytes()));
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

pub(crate) const PASSPHRASE: &[u8] = b"correct horse";

pub(crate) const CONFIG: &str = r#"{"type": "app", "appid": "app_1"}"#;

macro_rules! key {
    ($name:literal) => {
        include_str!(concat!("../vectors/keys/", $name)).as_bytes()
    };
}

pub(crate) static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let app = PrivateKey::from_pkcs8_pem(include_str!("../vectors/keys/app-2048.pem")).unwrap();
    let other = PrivateKey::from_pkcs8_pem(include_str!("../vectors/keys/other-2048.pem")).unwrap();
    let both = |file: &dyn Fn(&PrivateKey) -> Vec<u8>| {
        let of = |key| (file(key), members(key));
        (of(&app), of(&other))
    };
    let kind = |name, file: &dyn Fn(&PrivateKey) -> Vec<u8>| {
        let (one, two) = both(file);
        Kind::new(name, one, two)
    };
    vec![
        kind("PKCS#8 PEM", &|key| pem("PRIVATE KEY", &pkcs8(key))),
        kind("PKCS#8 DER", &pkcs8),
        kind("PKCS#1 PEM", &|key| pem("RSA PRIVATE KEY", &pkcs1(key))),
        kind("PKCS#1 DER", &pkcs1),
        kind("JWK", &|key| jwk(key).into_bytes()),
        kind("JWK set", &|key| {
            format!("{{\"keys\": [{0}, {0}]}}", jwk(key)).into_bytes()
        }),
        kind("PEM among certificates", &|key| {
            [
                key!("user-2048.cert.pem"),
                &pem("PRIVATE KEY", &pkcs8(key)),
                key!("user-2048.cert.pem"),
            ]
            .concat()
        }),
        Kind::new(
            "encrypted PEM",
            (key!("app-2048.encrypted.pem").to_vec(), members(&app)),
            (Vec::new(), members(&other)),
        ),
        Kind::new("elliptic SEC 1 PEM", elliptic(1), elliptic(2)),
        Kind::new("Ed25519 PEM", edwards(1), edwards(2)),
        Kind::new("service account", account(1), account(2)),
        Kind::new("environment file", environment(1), environment(2)),
    ]
});

fn members(key: &PrivateKey) -> Vec<Vec<u8>> {
    let number = |bytes: &[u8]| BigUint::from_bytes_be(bytes);
    let primes = key.primes().iter();
    let primes: Vec<_> = primes.map(|prime| number(&prime.to_be_bytes())).collect();
    let d = number(&key.d().to_be_bytes());
    let exponents: Vec<_> = primes.iter().map(|prime| &d % (prime - 1_u32)).collect();
    let qinv = number(&key.crt_coefficient().unwrap().to_be_bytes());
    primes
        .into_iter()
        .chain([d])
        .chain(exponents)
        .chain([qinv])
        .map(|number| number.to_bytes_be())
        .collect()
}

fn pkcs1(key: &PrivateKey) -> Vec<u8> {
    use rsa::pkcs1::EncodeRsaPrivateKey as _;
    let der = key.to_pkcs1_der().unwrap();
    assert!(PrivateKey::from_pkcs1_der(der.as_bytes()).is_ok());
    der.as_bytes().to_vec()
}

fn pkcs8(key: &PrivateKey) -> Vec<u8> {
    use rsa::pkcs8::EncodePrivateKey as _;
    key.to_pkcs8_der().unwrap().as_bytes().to_vec()
}

fn jwk(key: &PrivateKey) -> String {
    let members = members(key);
    let secret = |index: usize| URL_SAFE_NO_PAD.encode(&members[index]);
    format!(
        r#"{{"kty": "RSA", "kid": "k1", "alg": "RS256", "n": "{}", "e": "AQAB", "p": "{}", "q": "{}", "d": "{}", "dp": "{}", "dq": "{}", "qi": "{}"}}"#,
        URL_SAFE_NO_PAD.encode(key.n_bytes()),
        secret(0),
        secret(1),
        secret(2),
        secret(3),
        secret(4),
        secret(5)
    )
}

fn elliptic(seed: u8) -> (Vec<u8>, Vec<Vec<u8>>) {
    let secret = bytes(seed, 32);
    let der = [
        b"\x30\x31\x02\x01\x01\x04\x20".as_slice(),
        &secret,
        b"\xa0\x0a\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07",
    ]
    .concat();
    (pem("EC PRIVATE KEY", &der), vec![secret])
}

fn edwards(seed: u8) -> (Vec<u8>, Vec<Vec<u8>>) {
    let secret = bytes(seed, 32);
    let head = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".as_slice();
    (pem("PRIVATE KEY", &[head, &secret].concat()), vec![secret])
}

fn account(seed: u8) -> (Vec<u8>, Vec<Vec<u8>>) {
    let [secret, live, test, scrambled] = credentials(seed);
    let config = format!(
        r#"{{"type": "app", "appid": "app_1", "consumer": "bcn_1", "secret": "snb_{secret}",
  "apikeys": {{"live": "bk-live_{live}", "test": "bk-test_{test}"}}, "privatekey": "{scrambled}"}}"#
    );
    let secrets = [secret, live, test, scrambled].map(String::into_bytes);
    (config.into_bytes(), secrets.to_vec())
}

fn environment(seed: u8) -> (Vec<u8>, Vec<Vec<u8>>) {
    let [secret, key, passphrase, _] = credentials(seed);
    let file = format!(
        "PASBY_API_KEY=bk-test_{key}\nPASBY_APP_SECRET=\"snb_{secret}\"\nAPP_KEY_PASSPHRASE={passphrase}\n"
    );
    let secrets = [secret, key, passphrase].map(String::into_bytes);
    (file.into_bytes(), secrets.to_vec())
}

fn credentials(seed: u8) -> [String; 4] {
    [0, 1, 2, 3].map(|which| URL_SAFE_NO_PAD.encode(bytes(seed * 4 + which, 24)))
}

/// Bytes that are the same for the same seed.
fn bytes(seed: u8, len: usize) -> Vec<u8> {
    use sha2::{Digest as _, Sha512};
    Sha512::digest([seed]).as_slice()[..len].to_vec()
}

fn pem(label: &str, der: &[u8]) -> Vec<u8> {
    let base64 = STANDARD.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    for line in base64.as_bytes().chunks(64) {
        pem += std::str::from_utf8(line).unwrap();
        pem += "\n";
    }
    pem += &format!("-----END {label}-----\n");
    pem.into_bytes()
}
