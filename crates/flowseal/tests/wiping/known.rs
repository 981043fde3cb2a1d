//! What the parent knows: keys and claims, pieces of them in every form, and how a process's memory
//! is searched for those.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flowseal::testkit::{FlowBuilder, KeyPair};
use num_bigint::BigUint;
use rsa::PrivateKey;
use rsa::pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPrivateKey as _};
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};

use super::Input;

/// What the parent knows.
pub(super) struct Secrets {
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
    pub(super) fn of(key_name: &str) -> Self {
        let pair = KeyPair::generate(2048).unwrap();
        let key = PrivateKey::from_pkcs8_pem(pair.private_pem()).unwrap();
        let key_file = match key_name {
            "pkcs8.pem" => pair.private_pem().as_bytes().to_vec(),
            "pkcs1.der" => key.to_pkcs1_der().unwrap().as_bytes().to_vec(),
            // A key of everyone's, since encrypting takes a tool.
            _ => include_bytes!("../vectors/keys/app-2048.encrypted.pem").to_vec(),
        };
        let (key, pair) = match key_name {
            "encrypted.pem" => {
                let pem = include_str!("../vectors/keys/app-2048.pkcs1.pem");
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
    pub(super) fn found_after(&self, scenario: &str, key: &str) -> Vec<String> {
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

    pub(super) fn search(&self, child: &Child) -> Vec<String> {
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
