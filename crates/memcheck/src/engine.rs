//! Keys and operations of the engine.

use flowseal_rsa::{
    Blinding, Engine, PrivateKey, PrivateOperation, PublicOperation, RemoteAnswer, RemoteInput,
};

use crate::key;
use crate::secrets::{make_secret, revealed};

/// Loads keys and drops them.
pub(crate) fn load() {
    for name in ["1024", "2048-p-1000-q-1048"] {
        drop(key::load(name));
    }
    println!("2 keys loaded");
}

/// Seals secret messages and opens them again, so many at a time, by this unit.
pub(crate) fn compute(unit: &str, keys: &[&str], batch: u8) {
    let engine = Engine::named(unit).unwrap();
    for name in keys {
        let key = key::load(name);
        let size = key.public().size();
        // Twice: the second time finds a blinding pair in the key.
        for round in 0..2 {
            let messages: Vec<_> = (0..batch).map(|i| message(size, 2 * i + round)).collect();
            let sealed = public(&engine, &key, &messages);
            assert!(
                private(&engine, &key, &sealed) == messages,
                "{unit}, {name}"
            );
            assert!(
                remote(&engine, &key, &sealed) == messages,
                "{unit}, {name}, elsewhere"
            );
        }
        println!("{unit}: {name}, 2 batches of {batch}, public, private, and private elsewhere");
    }
}

fn public(engine: &Engine, key: &PrivateKey, messages: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut inputs = messages.to_vec();
    inputs.iter_mut().for_each(|input| make_secret(input));
    let mut outputs = inputs.clone();
    let mut batch: Vec<_> = inputs
        .iter()
        .zip(&mut outputs)
        .map(|(input, output)| PublicOperation {
            key: key.public(),
            input,
            output,
        })
        .collect();
    assert!(engine.public(&mut batch).iter().all(Result::is_ok));
    outputs.into_iter().map(revealed).collect()
}

fn private(engine: &Engine, key: &PrivateKey, sealed: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut outputs = sealed.to_vec();
    let mut batch: Vec<_> = sealed
        .iter()
        .zip(&mut outputs)
        .map(|(input, output)| PrivateOperation { key, input, output })
        .collect();
    assert!(engine.private(&mut batch).iter().all(Result::is_ok));
    outputs.into_iter().map(revealed).collect()
}

/// As if somebody else computed: what they see is public, and their answers are secret here.
fn remote(engine: &Engine, key: &PrivateKey, sealed: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let inputs: Vec<_> = sealed
        .iter()
        .map(|input| RemoteInput {
            key: key.public(),
            input,
            blinding: Blinding::Own,
        })
        .collect();
    let operations = engine.blind(&inputs).into_iter().map(Result::unwrap);
    let operations: Vec<_> = operations.collect();
    let sent: Vec<_> = operations
        .iter()
        .map(|operation| operation.ciphertext().to_vec())
        .collect();
    let mut answers = private(engine, key, &sent);
    answers.iter_mut().for_each(|answer| make_secret(answer));
    let mut outputs = answers.clone();
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
    assert!(engine.unblind(&mut batch).iter().all(Result::is_ok));
    outputs.into_iter().map(revealed).collect()
}

/// A number of so many bytes that is less than any modulus of the size.
fn message(size: usize, seed: u8) -> Vec<u8> {
    let bytes = (0_u8..)
        .cycle()
        .map(|i| i.wrapping_mul(seed.wrapping_add(77)) ^ seed);
    [0].into_iter().chain(bytes).take(size).collect()
}
