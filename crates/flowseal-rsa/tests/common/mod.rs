//! The keys of `tests/keys`, and numbers to and from bytes.

#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "as in the tests themselves"
)]

use std::hash::{BuildHasher, RandomState};

use flowseal_rsa::{
    Engine, KeyError, OperationError, PrivateKey, PrivateKeyParts, PrivateOperation, PublicKey,
    PublicOperation,
};
use num_bigint::BigUint;

/// The numbers of a key for tests, under the names of RFC 8017.
#[derive(Clone)]
pub struct TestKey {
    pub name: &'static str,
    pub n: BigUint,
    pub e: BigUint,
    pub d: BigUint,
    pub p: BigUint,
    pub q: BigUint,
    pub dp: BigUint,
    pub dq: BigUint,
    pub qinv: BigUint,
}

macro_rules! keys {
    ($($name:literal)*) => {
        /// Every key of `tests/keys`.
        pub fn all() -> Vec<TestKey> {
            vec![$(parse($name, include_str!(concat!("../keys/", $name, ".txt")))),*]
        }
    };
}

keys! {
    "1024" "2047" "2048-a" "2048-b" "2048-c" "2048-e-17" "2048-e-3" "2048-e-33-bits"
    "2048-ones" "2048-p-1000-q-1048" "2048-p-1088-q-960" "2048-p-17" "2048-q-17" "2048-zeros" "2049" "2050"
    "3072" "4096" "8192"
}

/// The key of this name.
pub fn key(name: &str) -> TestKey {
    all().into_iter().find(|key| key.name == name).unwrap()
}

fn parse(name: &'static str, text: &str) -> TestKey {
    let number = |wanted: &str| {
        let digits = text.lines().filter_map(|line| line.split_once(' '));
        let (_, digits) = digits
            .into_iter()
            .find(|(name, _)| *name == wanted)
            .unwrap();
        BigUint::parse_bytes(digits.as_bytes(), 16).unwrap()
    };
    TestKey {
        name,
        n: number("n"),
        e: number("e"),
        d: number("d"),
        p: number("p"),
        q: number("q"),
        dp: number("dP"),
        dq: number("dQ"),
        qinv: number("qInv"),
    }
}

impl TestKey {
    /// The key as the engine takes it.
    pub fn load(&self) -> Result<PrivateKey, KeyError> {
        PrivateKey::new(&PrivateKeyParts {
            modulus: &self.n.to_bytes_be(),
            public_exponent: &self.e.to_bytes_be(),
            private_exponent: &self.d.to_bytes_be(),
            prime_p: &self.p.to_bytes_be(),
            prime_q: &self.q.to_bytes_be(),
            exponent_p: &self.dp.to_bytes_be(),
            exponent_q: &self.dq.to_bytes_be(),
            coefficient: &self.qinv.to_bytes_be(),
        })
    }

    /// The length of the modulus in bytes.
    pub fn size(&self) -> usize {
        usize::try_from(self.n.bits().div_ceil(8)).unwrap()
    }

    /// The number in as many bytes as the modulus has.
    pub fn bytes(&self, x: &BigUint) -> Vec<u8> {
        padded(x, self.size())
    }
}

/// The number, big-endian, in so many bytes.
pub fn padded(x: &BigUint, len: usize) -> Vec<u8> {
    let bytes = x.to_bytes_be();
    let mut padded = vec![0; len - bytes.len()];
    padded.extend(bytes);
    padded
}

/// Numbers that are the same for the same seed: SplitMix64.
pub struct Random(u64);

impl Random {
    /// Takes the seed from `FLOWSEAL_SEED`, or else a new one, and prints it.
    pub fn new() -> Self {
        let seed = std::env::var("FLOWSEAL_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| RandomState::new().hash_one("seed"));
        println!("FLOWSEAL_SEED={seed}");
        Self(seed)
    }

    /// The next 64 bits.
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// A number less than the bound.
    pub fn below(&mut self, bound: &BigUint) -> BigUint {
        let bytes: Vec<u8> = (0..bound.bits() / 64 + 2)
            .flat_map(|_| self.word().to_be_bytes())
            .collect();
        BigUint::from_bytes_be(&bytes) % bound
    }
}

/// So many cases, times `FLOWSEAL_DIFFERENTIAL`: a number, or a fraction such as `1/200`.
pub fn scale(count: usize) -> usize {
    let factor = std::env::var("FLOWSEAL_DIFFERENTIAL").unwrap_or_else(|_| "1".to_owned());
    match factor.split_once('/') {
        Some((times, parts)) => {
            let [times, parts]: [usize; 2] = [times, parts].map(|number| number.parse().unwrap());
            (count * times).div_ceil(parts)
        }
        None => count * factor.parse::<usize>().unwrap(),
    }
}

/// Whether this engine is there to be compared with, a hundred times slower than the others.
pub fn is_twin(engine: &Engine) -> bool {
    engine.name().starts_with("portable")
}

/// Every engine that this machine has, but for those whose names begin with `FLOWSEAL_WITHOUT`;
/// and, where there are lanes to be chosen, the one that chooses.
pub fn engines() -> Vec<Engine> {
    let without = std::env::var("FLOWSEAL_WITHOUT").unwrap_or_default();
    let is_left_out = |name: &&str| !without.is_empty() && name.starts_with(&without);
    let names = Engine::names().filter(|name| !is_left_out(name));
    let named = names.map(|name| Engine::named(name).unwrap());
    let chooses = Engine::new();
    let chooses = (chooses.name() != "scalar").then_some(chooses);
    named.chain(chooses).collect()
}

/// Says which engines the tests run on. On a processor with IFMA, or AVX2, these must be its lanes.
pub fn print_engines() {
    let names: Vec<_> = Engine::names().collect();
    let chosen = Engine::new().name();
    println!(
        "engines {}; {chosen} unless another is named",
        names.join(", ")
    );
    #[cfg(target_arch = "x86_64")]
    {
        let mut lanes = Vec::new();
        if is_x86_feature_detected!("avx512ifma") {
            lanes.extend(["ifma-512", "ifma-strided"]);
        }
        if is_x86_feature_detected!("avx2") {
            lanes.push("avx2");
        }
        assert!(names.starts_with(&lanes));
        assert!(lanes.first().is_none_or(|first| *first == chosen));
    }
}

/// Applies a private key to one number, by every engine: the results must agree.
pub fn private(key: &PrivateKey, input: &[u8]) -> Result<Vec<u8>, OperationError> {
    let engines = engines();
    one_of(engines.iter().map(|engine| private_by(engine, key, input)))
}

/// Applies a private key to one number.
pub fn private_by(
    engine: &Engine,
    key: &PrivateKey,
    input: &[u8],
) -> Result<Vec<u8>, OperationError> {
    let mut output = vec![0xaa; input.len()];
    let mut batch = [PrivateOperation {
        key,
        input,
        output: &mut output,
    }];
    let result = engine.private(&mut batch)[0];
    outcome(result, output)
}

/// Applies a public key to one number, by every engine, in constant time or not: the results must
/// agree.
pub fn public(key: &PublicKey, input: &[u8]) -> Result<Vec<u8>, OperationError> {
    let results = engines().into_iter().flat_map(|engine| {
        [Engine::public, Engine::public_vartime].map(|operation| {
            let mut output = vec![0xaa; input.len()];
            let mut batch = [PublicOperation {
                key,
                input,
                output: &mut output,
            }];
            let result = operation(&engine, &mut batch)[0];
            outcome(result, output)
        })
    });
    one_of(results)
}

/// Applies private keys to a batch of numbers.
pub fn private_batch(
    engine: &Engine,
    batch: &[(&PrivateKey, Vec<u8>)],
) -> Vec<Result<Vec<u8>, OperationError>> {
    let output = |(key, _): &(&PrivateKey, _)| vec![0xaa; key.public().size()];
    let mut outputs: Vec<_> = batch.iter().map(output).collect();
    let mut operations: Vec<_> = batch
        .iter()
        .zip(&mut outputs)
        .map(|((key, input), output)| PrivateOperation { key, input, output })
        .collect();
    let results = engine.private(&mut operations);
    let results = results.into_iter().zip(outputs);
    results
        .map(|(result, output)| outcome(result, output))
        .collect()
}

/// Applies public keys to a batch of numbers.
pub fn public_batch(
    engine: &Engine,
    batch: &[(&PublicKey, Vec<u8>)],
) -> Vec<Result<Vec<u8>, OperationError>> {
    let output = |(key, _): &(&PublicKey, _)| vec![0xaa; key.size()];
    let mut outputs: Vec<_> = batch.iter().map(output).collect();
    let mut operations: Vec<_> = batch
        .iter()
        .zip(&mut outputs)
        .map(|((key, input), output)| PublicOperation { key, input, output })
        .collect();
    let results = engine.public_vartime(&mut operations);
    let results = results.into_iter().zip(outputs);
    results
        .map(|(result, output)| outcome(result, output))
        .collect()
}

fn outcome(result: Result<(), OperationError>, output: Vec<u8>) -> Result<Vec<u8>, OperationError> {
    assert!(
        result.is_ok() || output.iter().all(|byte| *byte == 0),
        "an error left something in the output"
    );
    result.map(|()| output)
}

fn one_of<T: PartialEq + std::fmt::Debug>(results: impl Iterator<Item = T>) -> T {
    let mut results: Vec<_> = results.collect();
    let one = results.pop().unwrap();
    assert!(results.iter().all(|other| *other == one), "{results:?}");
    one
}
