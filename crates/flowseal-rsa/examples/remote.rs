//! Measures what a private operation costs here that somebody else computes: blinding it, checking
//! its answer and unblinding that. The operation itself is not counted.

#![allow(clippy::print_stdout, reason = "it is what this program is for")]
#![allow(clippy::unwrap_used, reason = "there is no one to hand an error to")]

#[path = "../tests/common/mod.rs"]
mod common;
mod timing;

use std::time::{Duration, Instant};

use flowseal_rsa::{Blinding, Engine, PrivateKey, PublicOperation, RemoteAnswer, RemoteInput};

/// The shortest of so many is what counts: what else the machine does only adds.
const ROUNDS: usize = 200;

fn main() {
    println!("unit            bits  at once  blinded, µs each  unblinded  a public power");
    for name in ["2048-a", "3072", "4096"] {
        let key = common::key(name).load().unwrap();
        for engine in engines() {
            for count in [1, 9, 64] {
                let [blinded, unblinded] = [Blinding::Own, Blinding::None]
                    .map(|blinding| each(cost(&engine, &key, count, blinding), count));
                let power = powers(&engine, &key, count);
                println!(
                    "{:14} {:5} {count:8} {blinded:17.1} {unblinded:10.1} {power:15.1}",
                    engine.name(),
                    key.public().bits(),
                );
            }
        }
    }
}

/// The one that chooses, and those that stand for machines without vector registers.
fn engines() -> Vec<Engine> {
    let scalar = Engine::named("scalar").unwrap();
    vec![Engine::new(), scalar]
}

fn each(all: Duration, count: usize) -> f64 {
    all.as_secs_f64() * 1e6 / f64::from(u32::try_from(count).unwrap())
}

/// What of it the unit takes: one power for an unblinded operation, two for a blinded one.
fn powers(engine: &Engine, key: &PrivateKey, count: usize) -> f64 {
    let input = vec![0x35; key.public().size()];
    let mut outputs = vec![input.clone(); count];
    let shortest = timing::shortest(Duration::from_millis(50), || {
        let key = key.public();
        let input = &input;
        let batch = outputs
            .iter_mut()
            .map(|output| PublicOperation { key, input, output });
        let results = engine.public(&mut batch.collect::<Vec<_>>());
        assert!(results.iter().all(Result::is_ok));
    });
    each(shortest, count)
}

fn cost(engine: &Engine, key: &PrivateKey, count: usize, blinding: Blinding) -> Duration {
    let input = vec![0x35; key.public().size()];
    let inputs: Vec<_> = (0..count)
        .map(|_| RemoteInput {
            key: key.public(),
            input: &input,
            blinding,
        })
        .collect();
    let mut outputs = vec![vec![0; input.len()]; count];
    // Blinded, each is another operation, which takes long to answer.
    let rounds = ROUNDS / count.min(10);
    let mut shortest = Duration::MAX;
    for _ in 0..rounds {
        let start = Instant::now();
        let operations = engine.blind(&inputs);
        let sent = start.elapsed();

        let operations: Vec<_> = operations.into_iter().map(Result::unwrap).collect();
        let ciphertexts = operations
            .iter()
            .map(|sent| (key, sent.ciphertext().to_vec()));
        let answers = common::private_batch(&Engine::new(), &ciphertexts.collect::<Vec<_>>());
        let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
        let mut batch: Vec<_> = operations
            .iter()
            .zip(&answers)
            .zip(&mut outputs)
            .map(|((operation, answer), output)| RemoteAnswer {
                operation,
                answer,
                output,
            })
            .collect();

        let start = Instant::now();
        let outcomes = engine.unblind(&mut batch);
        shortest = shortest.min(sent + start.elapsed());
        assert!(outcomes.iter().all(Result::is_ok));
    }
    shortest
}
