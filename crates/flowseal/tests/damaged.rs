//! Whatever is fed in: damaged files of every kind, in numbers.
//!
//! Nothing panics, and what a reader takes of memory is at most a stated factor of what it was
//! given. `FLOWSEAL_DAMAGED` says how many files of each kind there are, `FLOWSEAL_SEED` repeats a
//! run.
//! The one test of this program: the allocator counts for the whole of it.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test stops where it fails, and the factors are what is asked for"
)]

use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::BuildHasher as _;
use std::hint::black_box;
use std::path::Path;

use flowseal::api::{
    ApiConfig, ApiError, ApiVersion, Environment, EventStream, Response, ServiceAccount, Webhook,
};
use flowseal::profile::{Profile, Template};
use flowseal::testkit::{KeyPair, Sample};
use flowseal::{
    DecryptingKey, Evidence, Expectations, Flow, KeyRing, OpenOptions, UnixTime, Verifier,
    VerifyingKey,
};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What any reader may take, however small the file: the numbers that belong to a key, the tables
/// of a power.
const AT_LEAST: usize = 512 << 10;

/// What a reader may take for each byte of the file. The worst are arrays of one-digit numbers: two
/// bytes in the file, one node in the tree, in memory that doubles. A million files came to 25.
const A_BYTE: usize = 48;

/// Archives say themselves how large they become, and are held to the limit of all input.
const UNPACKED: usize = 4 << 20;

#[test]
fn no_damaged_file_panics_or_takes_more_memory_than_stated() {
    let count = std::env::var("FLOWSEAL_DAMAGED").map_or(150, |count| count.parse().unwrap());
    let mut random = Random::new();
    let readers = Readers::new();
    for kind in KINDS {
        let seeds = seeds(kind.seeds);
        let mut worst = Worst::default();
        for _ in 0..count {
            let file = random.damaged(&seeds);
            let before = MEMORY.current_usage();
            MEMORY.reset_peak_usage();
            (kind.read)(&readers, &file);
            let taken = MEMORY.peak_usage() - before;
            worst.note(file.len(), taken);
            let bound = AT_LEAST + kind.unpacked + A_BYTE * file.len();
            assert!(
                taken <= bound,
                "{}: {taken} bytes for {}: {:?}",
                kind.seeds,
                file.len(),
                file.escape_ascii().to_string(),
            );
        }
        println!("{count} of {}: {worst}", kind.seeds);
    }
}

/// What of a kind took most.
#[derive(Default)]
struct Worst {
    taken: usize,
    factor: f64,
}

impl Worst {
    fn note(&mut self, len: usize, taken: usize) {
        self.taken = self.taken.max(taken);
        // Of a small file the constant part would be all that is seen.
        if len >= 16 << 10 {
            self.factor = self.factor.max(taken as f64 / len as f64);
        }
    }
}

impl std::fmt::Display for Worst {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kib = self.taken >> 10;
        let factor = self.factor;
        write!(
            f,
            "{kib} KiB at most; of 16 KiB and more {factor:.1} a byte"
        )
    }
}

/// What reads the files of a directory of `fuzz/seeds`.
struct Kind {
    seeds: &'static str,
    unpacked: usize,
    read: fn(&Readers, &[u8]),
}

const KINDS: &[Kind] = &[
    Kind::of("load_keys", Readers::keys),
    Kind {
        unpacked: UNPACKED,
        ..Kind::of("load_service_account", Readers::account)
    },
    Kind::of("parse_flow", Readers::flow),
    Kind::of("parse_evidence", Readers::evidence),
    Kind::of("parse_answer", Readers::answer),
    Kind::of("parse_stream", Readers::stream),
    Kind::of("parse_webhook", Readers::webhook),
    Kind::of("parse_profile", Readers::profile),
];

impl Kind {
    const fn of(seeds: &'static str, read: fn(&Readers, &[u8])) -> Self {
        Self {
            seeds,
            unpacked: 0,
            read,
        }
    }
}

/// What the readers need beside the file. All that they answer is shown, too, as a log would.
struct Readers {
    user: VerifyingKey,
    verifier: Verifier,
    ring: KeyRing,
    now: UnixTime,
}

impl Readers {
    fn new() -> Self {
        let user = KeyPair::sample_user().unwrap().verifying_key().unwrap();
        Self {
            verifier: Verifier::trusting([user.clone()]),
            user,
            ring: Sample::new().unwrap().ring().unwrap(),
            now: UnixTime::from_seconds(1_716_820_122).unwrap(),
        }
    }

    fn keys(&self, file: &[u8]) {
        show(DecryptingKey::load(file));
        show(
            DecryptingKey::options()
                .with_passphrase(b"another")
                .load(file),
        );
        show(VerifyingKey::load_all(file));
    }

    fn account(&self, file: &[u8]) {
        show(ServiceAccount::from_zip(file));
        if let Ok(account) = ServiceAccount::from_parts(file, [file]) {
            show(account.decrypting_key());
            let (version, environment) = (ApiVersion::V2, Environment::Sandbox);
            show(ApiConfig::from_service_account(
                version,
                environment,
                &account,
            ));
        }
    }

    fn flow(&self, file: &[u8]) {
        let Ok(flow) = Flow::from_json(file) else {
            return show(Flow::from_json(file));
        };
        let anything = Expectations::unbound();
        show(flow.open_unverified(&self.ring, &anything, self.now, &OpenOptions::new()));
        show(flow.verify(&self.verifier, &anything, self.now));
    }

    fn evidence(&self, file: &[u8]) {
        if let Ok(evidence) = Evidence::from_json(file) {
            black_box(evidence.to_json());
            show(evidence.check(std::slice::from_ref(&self.user)));
        }
    }

    fn answer(&self, file: &[u8]) {
        show(Response::from_json(file).map(Response::into_answer));
        show(Ok::<_, ()>(ApiError::from_body(None, file)));
    }

    fn stream(&self, file: &[u8]) {
        let mut events = EventStream::new();
        for chunk in file.chunks(1 + file.len() / 3) {
            for event in events.push(chunk) {
                show(event.map(|event| format!("{:?}", event.response())));
            }
        }
    }

    fn webhook(&self, file: &[u8]) {
        show(Webhook::from_json(file));
    }

    fn profile(&self, file: &[u8]) {
        show(Profile::from_json(file));
        show(String::from_utf8_lossy(file).parse::<Template>());
    }
}

fn show<T: std::fmt::Debug, E: std::fmt::Debug>(read: Result<T, E>) {
    match read {
        Ok(read) => black_box(format!("{read:?}")),
        Err(error) => black_box(format!("{error:?}")),
    };
}

/// One of each file that a reader reads.
fn seeds(directory: &str) -> Vec<Vec<u8>> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    let entries = fs::read_dir(seeds.join(directory)).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Numbers that are the same for the same seed: SplitMix64.
struct Random(u64);

impl Random {
    fn new() -> Self {
        let seed = std::env::var("FLOWSEAL_SEED").map(|seed| seed.parse().unwrap());
        let seed = seed.unwrap_or_else(|_| RandomState::new().hash_one("seed"));
        println!("FLOWSEAL_SEED={seed}");
        Self(seed)
    }

    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.word() % bound.max(1) as u64).unwrap()
    }

    /// A sound file with one to four faults.
    fn damaged(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut file = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            self.damage(&mut file, seeds);
        }
        file
    }

    fn damage(&mut self, file: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let from = self.below(file.len() + 1);
        let len = 1 << self.below(7);
        let to = (from + len).min(file.len());
        match self.below(8) {
            0 => drop(file.drain(from..to)),
            1 => file.truncate(from),
            2 => {
                let bit = 1 << self.below(8);
                file.iter_mut()
                    .skip(from)
                    .take(1)
                    .for_each(|byte| *byte ^= bit);
            }
            3 => {
                let word = self.word().to_le_bytes();
                file.splice(from..from, word.into_iter().take(len.min(8)));
            }
            4 => {
                let token = TOKENS[self.below(TOKENS.len())];
                file.splice(from..from, token.bytes());
            }
            // One piece, very often: what grows faster than its input shows itself.
            5 => {
                let piece = file[from..to].to_vec();
                let times = 1 << self.below(11);
                file.splice(from..from, piece.repeat(times));
            }
            6 => {
                let token = TOKENS[self.below(TOKENS.len())];
                let times = 1 << self.below(13);
                file.splice(from..from, token.repeat(times).into_bytes());
            }
            _ => {
                let other = &seeds[self.below(seeds.len())];
                let start = self.below(other.len() + 1);
                let end = (start + 16 * len).min(other.len());
                file.splice(from..to, other[start..end].iter().copied());
            }
        }
    }
}

/// What the readers take for structure.
const TOKENS: &[&str] = &[
    "[",
    "]",
    "{",
    "}",
    "\"",
    ",",
    ":",
    "0,",
    "[],",
    "{},",
    "\"\",",
    "\"a\":",
    "\"a\":{",
    "\\u0000",
    "\\ud800",
    "1e999",
    "-0",
    "99999999999999999999",
    "null",
    "true",
    "\"claims\":{",
    "\"flow\":{",
    "-----BEGIN ",
    "-----END ",
    "-----BEGIN PRIVATE KEY-----\n",
    "\n",
    "\r\n",
    "data: ",
    "data:\n",
    "id:x\n",
    "event: flow\n",
    "{a}",
    "{reference}",
    "\0",
    "\u{7f}",
    "\u{feff}",
    "=",
    "AAAA",
    "\u{30}\u{1}",
    "é",
];
