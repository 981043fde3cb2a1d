//! Measures what each unit of this machine takes, and prints it as rows for
//! [`Costs`](flowseal_rsa::Costs): a name, four powers and seven raises, in nanoseconds.
//!
//! `cargo xtask costs` writes the crate's own table with it, on a machine that has nothing else to
//! do.

#![allow(clippy::print_stdout, reason = "it is what this program is for")]
#![allow(clippy::unwrap_used, reason = "there is no one to hand an error to")]

#[path = "../tests/common/mod.rs"]
mod common;
mod timing;

use std::time::Duration;

use flowseal_rsa::{Costs, Engine, PrivateKey, PrivateOperation, PublicKey, PublicOperation};

/// One for each number of blocks that primes take.
const KEYS: [&str; 4] = ["1024", "2048-a", "3072", "4096"];

/// How often everything is measured in turn: what else a machine does comes and goes by the second.
const ROUNDS: usize = 10;

fn main() {
    let keys = KEYS.map(|name| common::key(name).load().unwrap());
    // What is raised to a public exponent may be any odd number.
    let moduli = [1024, 1536, 2048, 2560, 3072, 3584, 4096]
        .map(|bits| PublicKey::new(&vec![0xf1; bits / 8], &[1, 0, 1]).unwrap());
    let engines: Vec<_> = Engine::names()
        .map(|name| (name, Engine::named(name).unwrap()))
        .collect();
    let mut shortest = vec![([u64::MAX; KEYS.len()], [u64::MAX; 7]); engines.len()];
    for _ in 0..ROUNDS {
        for ((name, engine), (pieces, raises)) in engines.iter().zip(&mut shortest) {
            let [_, width] = Costs::lanes(name).unwrap();
            for (shortest, key) in raises.iter_mut().zip(&moduli) {
                *shortest = raise(engine, key, width).min(*shortest);
            }
            for (shortest, key) in pieces.iter_mut().zip(&keys) {
                *shortest = piece(engine, key, width).min(*shortest);
            }
        }
    }
    for ((name, _), (pieces, raises)) in engines.iter().zip(&shortest) {
        // Two halves for each operation, one after the other or at once, then the check of all of
        // them.
        let [halves, powers] = Costs::lanes(name).unwrap();
        let times = (2 * powers).div_ceil(halves) as u64;
        let halves = |(blocks, piece): (usize, &u64)| (piece - raises[2 * blocks]) / times;
        let powers: Vec<_> = pieces.iter().enumerate().map(halves).collect();
        println!("{name} {} {}", listed(&powers), listed(raises));
    }
}

/// A public operation for each lane.
fn raise(engine: &Engine, key: &PublicKey, width: usize) -> u64 {
    let input = vec![0x35; key.size()];
    let mut outputs = vec![vec![0; key.size()]; width];
    nanoseconds(|| {
        let input = &input;
        let batch = outputs
            .iter_mut()
            .map(|output| PublicOperation { key, input, output });
        let results = engine.public(&mut batch.collect::<Vec<_>>());
        assert!(results.iter().all(Result::is_ok));
    })
}

/// A private operation for each lane, blinding and all.
fn piece(engine: &Engine, key: &PrivateKey, width: usize) -> u64 {
    let input = vec![0x35; key.public().size()];
    let mut outputs = vec![input.clone(); width];
    nanoseconds(|| {
        let input = &input;
        let batch = outputs
            .iter_mut()
            .map(|output| PrivateOperation { key, input, output });
        let results = engine.private(&mut batch.collect::<Vec<_>>());
        assert!(results.iter().all(Result::is_ok));
    })
}

fn nanoseconds(operation: impl FnMut()) -> u64 {
    let shortest = timing::shortest(Duration::from_millis(50), operation);
    u64::try_from(shortest.as_nanos()).unwrap()
}

/// With three digits each: there is nothing in the others.
fn listed(nanoseconds: &[u64]) -> String {
    let rounded = |&time: &u64| {
        let unit = 10_u64.pow(time.ilog10().saturating_sub(2));
        (time / unit * unit).to_string()
    };
    let words: Vec<_> = nanoseconds.iter().map(rounded).collect();
    words.join(" ")
}
