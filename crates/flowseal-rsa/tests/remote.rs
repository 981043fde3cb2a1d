//! Operations that somebody else computes: results, what is refused, and the numbers that blind.

#![allow(clippy::unwrap_used, reason = "as in the tests themselves")]

mod common;

use common::{Random, TestKey};
use flowseal_rsa::{
    Blinding, Engine, OperationError, PublicKey, RemoteAnswer, RemoteInput, RemoteOperation,
};
use num_bigint::BigUint;

/// What whoever holds the key computes.
fn computed(key: &TestKey, operation: &RemoteOperation) -> Vec<u8> {
    let ciphertext = BigUint::from_bytes_be(operation.ciphertext());
    key.bytes(&ciphertext.modpow(&key.d, &key.n))
}

fn blind(
    engine: &Engine,
    blinding: Blinding,
    inputs: &[(&PublicKey, Vec<u8>)],
) -> Vec<Result<RemoteOperation, OperationError>> {
    let batch: Vec<_> = inputs
        .iter()
        .map(|(key, input)| RemoteInput {
            key,
            input,
            blinding,
        })
        .collect();
    engine.blind(&batch)
}

fn unblind(
    engine: &Engine,
    answers: &[(&RemoteOperation, Vec<u8>)],
) -> Vec<(Result<(), OperationError>, Vec<u8>)> {
    let size = |operation: &RemoteOperation| operation.key().size();
    let mut outputs: Vec<_> = answers
        .iter()
        .map(|(operation, _)| vec![0xaa; size(operation)])
        .collect();
    let mut batch: Vec<_> = answers
        .iter()
        .zip(&mut outputs)
        .map(|((operation, answer), output)| RemoteAnswer {
            operation,
            answer,
            output,
        })
        .collect();
    let outcomes = engine.unblind(&mut batch);
    outcomes.into_iter().zip(outputs).collect()
}

#[test]
fn what_is_sent_and_comes_back_is_the_result_whatever_the_keys_and_the_engine() {
    common::print_engines();
    let mut random = Random::new();
    let keys: Vec<_> = common::all()
        .into_iter()
        .filter(|key| key.name != "8192")
        .map(|key| {
            let public = key.load().unwrap().public().clone();
            (key, public)
        })
        .collect();
    for engine in common::engines() {
        let count = if common::is_twin(&engine) { 2 } else { 26 };
        for blinding in [Blinding::Own, Blinding::None] {
            let messages: Vec<_> = (0..count)
                .map(|i| {
                    let (key, public) = &keys[i * i % keys.len()];
                    (key, public, random.below(&(&key.n - 4_u8)) + 2_u8)
                })
                .collect();
            let inputs: Vec<_> = messages
                .iter()
                .map(|(key, public, m)| (*public, key.bytes(&m.modpow(&key.e, &key.n))))
                .collect();
            let operations = blind(&engine, blinding, &inputs);
            let operations: Vec<_> = operations.into_iter().map(Result::unwrap).collect();
            let answers: Vec<_> = operations
                .iter()
                .zip(&messages)
                .map(|(operation, (key, ..))| (operation, computed(key, operation)))
                .collect();
            for (((outcome, output), (key, _, m)), (operation, (_, input))) in
                unblind(&engine, &answers)
                    .into_iter()
                    .zip(&messages)
                    .zip(operations.iter().zip(&inputs))
            {
                assert_eq!(outcome, Ok(()), "{} {}", engine.name(), key.name);
                assert_eq!(output, key.bytes(m), "{} {}", engine.name(), key.name);
                let is_the_input = operation.ciphertext() == input;
                assert_eq!(is_the_input, blinding == Blinding::None);
            }
        }
    }
}

/// Whoever sees raw results and has sealed the inputs himself knows the numbers that have blinded
/// them. None of them may say anything of another: not within a batch, nor from one to the next.
#[test]
fn the_numbers_that_blind_are_in_no_relation_to_each_other() {
    let mut random = Random::new();
    let key = common::key("1024");
    let public = key.load().unwrap().public().clone();
    let mut numbers = Vec::new();
    // One alone, a flow of nine, and more than are inverted together.
    for count in [1, 1, 9, 9, 150] {
        let messages: Vec<_> = (0..count).map(|_| random.below(&key.n)).collect();
        let inputs: Vec<_> = messages
            .iter()
            .map(|m| (&public, key.bytes(&m.modpow(&key.e, &key.n))))
            .collect();
        let operations = blind(&Engine::new(), Blinding::Own, &inputs);
        for (operation, m) in operations.into_iter().zip(&messages) {
            let answer = BigUint::from_bytes_be(&computed(&key, &operation.unwrap()));
            numbers.push(answer * m.modinv(&key.n).unwrap() % &key.n);
        }
    }
    assert_eq!(relation(&numbers, &key.n), None);
}

/// The test above would see it: these are what pools give that draw once and then go on.
#[test]
fn numbers_that_are_made_of_others_are_found() {
    let mut random = Random::new();
    let n = common::key("1024").n;
    let mut sequence = |next: fn(&BigUint, &BigUint, &BigUint) -> BigUint| {
        let (first, step) = (random.below(&n), random.below(&n));
        let mut numbers = vec![first];
        for _ in 0..8 {
            let number = next(numbers.last().unwrap(), &step, &n);
            numbers.push(number);
        }
        relation(&numbers, &n)
    };
    let squares = sequence(|r, _, n| r * r % n);
    assert_eq!(squares, Some("one is the square of another"));
    let same = sequence(|r, _, _| r.clone());
    assert_eq!(same, Some("two are the same"));
    let multiples = sequence(|r, step, n| r * step % n);
    assert_eq!(multiples, Some("one follows from two before it"));
    let sums = sequence(|r, step, n| (r + step) % n);
    assert_eq!(sums, Some("one follows from two before it"));
    let inverses = sequence(|r, _, n| r.modinv(n).unwrap());
    assert_eq!(inverses, Some("two are inverses"));
}

/// What makes one of these numbers known to whoever knows others of them.
fn relation(numbers: &[BigUint], n: &BigUint) -> Option<&'static str> {
    let one = BigUint::from(1_u8);
    for (i, a) in numbers.iter().enumerate() {
        for (j, b) in numbers.iter().enumerate() {
            if i != j && a == b {
                return Some("two are the same");
            }
            if i < j && a * b % n == one {
                return Some("two are inverses");
            }
            if a * a % n == *b || a * a * a % n == *b {
                return Some("one is the square of another");
            }
            if a * 2_u8 % n == *b || a + b == *n || a + 1_u8 == *b {
                return Some("one is a small multiple of another");
            }
        }
    }
    numbers
        .windows(3)
        .any(|three| {
            let [a, b, c] = three else { return false };
            a * c % n == b * b % n || (a + c) % n == b * 2_u8 % n || a * b % n == *c
        })
        .then_some("one follows from two before it")
}

#[test]
fn a_wrong_answer_is_a_fault_and_its_neighbours_are_not() {
    common::print_engines();
    let mut random = Random::new();
    for name in ["2047", "2048-a", "2049", "2048-e-3"] {
        let key = common::key(name);
        let public = key.load().unwrap().public().clone();
        let messages: Vec<_> = (0..9).map(|_| random.below(&key.n)).collect();
        let inputs: Vec<_> = messages
            .iter()
            .map(|m| (&public, key.bytes(&m.modpow(&key.e, &key.n))))
            .collect();
        for engine in common::engines()
            .into_iter()
            .filter(|e| !common::is_twin(e))
        {
            for blinding in [Blinding::Own, Blinding::None] {
                let operations = blind(&engine, blinding, &inputs);
                let operations: Vec<_> = operations.into_iter().map(Result::unwrap).collect();
                let mut answers: Vec<_> = operations
                    .iter()
                    .map(|operation| (operation, computed(&key, operation)))
                    .collect();
                let right = BigUint::from_bytes_be(&answers[2].1);
                answers[0].1[100] ^= 1;
                answers[1].1.fill(0);
                // The same number modulo n, where it fits; else a number that is no less than n.
                let beyond = (&right + &key.n).to_bytes_be();
                answers[2].1 = match beyond.len() == key.size() {
                    true => beyond,
                    false => vec![0xff; key.size()],
                };
                answers[3].1 = key.bytes(&key.n);
                answers[4].1 = key.bytes(&(&key.n - BigUint::from_bytes_be(&answers[4].1)));
                answers[5].1 = answers[6].1.clone();
                answers[7].1.pop();
                let fault = Err(OperationError::Fault);
                let length = Err(OperationError::Length);
                let expected = [
                    fault,
                    fault,
                    fault,
                    fault,
                    fault,
                    fault,
                    Ok(()),
                    length,
                    Ok(()),
                ];
                let results = unblind(&engine, &answers);
                for (((outcome, output), expected), m) in
                    results.into_iter().zip(expected).zip(&messages)
                {
                    assert_eq!(outcome, expected, "{name} {}", engine.name());
                    let released = if outcome.is_ok() {
                        key.bytes(m)
                    } else {
                        vec![0; key.size()]
                    };
                    assert_eq!(output, released);
                }
            }
        }
    }
}

#[test]
fn an_input_that_a_private_operation_refuses_is_not_sent() {
    let key = common::key("2048-a");
    let public = key.load().unwrap().public().clone();
    let number = |x: &BigUint| (&public, key.bytes(x));
    let (zero, one) = (BigUint::from(0_u8), BigUint::from(1_u8));
    let inputs = [
        number(&zero),
        number(&one),
        number(&BigUint::from(2_u8)),
        number(&(&key.n - &one)),
        number(&key.n),
        (&public, vec![1; 255]),
        number(&(&key.n - 2_u8)),
    ];
    let range = Some(OperationError::Range);
    for blinding in [Blinding::Own, Blinding::None] {
        let operations = blind(&Engine::new(), blinding, &inputs);
        let refused: Vec<_> = operations.into_iter().map(Result::err).collect();
        let length = Some(OperationError::Length);
        assert_eq!(refused, [range, range, None, range, range, length, None]);
    }
}

/// Of the numbers modulo a product of small primes many have no inverse.
#[test]
fn a_modulus_with_small_factors_has_blinding_too() {
    let modulus = [0xff; 128];
    let key = PublicKey::new(&modulus, &[3]).unwrap();
    let mut random = Random::new();
    let n = BigUint::from_bytes_be(&modulus);
    let inputs: Vec<_> = (0..40)
        .map(|_| (&key, common::padded(&random.below(&n), 128)))
        .collect();
    let operations = blind(&Engine::new(), Blinding::Own, &inputs);
    for (operation, (_, input)) in operations.into_iter().zip(&inputs) {
        assert_ne!(operation.unwrap().ciphertext(), input);
    }
}
