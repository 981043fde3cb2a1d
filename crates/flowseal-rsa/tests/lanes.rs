//! Lanes do not influence each other: one bad operation in any lane, of twenty kinds, changes one
//! result.

#![allow(clippy::unwrap_used, reason = "as in the tests themselves")]

mod common;

use common::{Random, TestKey};
use flowseal_rsa::{Engine, OperationError, PrivateKey, PrivateOperation};
use num_bigint::BigUint;

/// What stands in a batch in place of a good operation.
struct Bad<'a> {
    key: &'a PrivateKey,
    input: Vec<u8>,
    output_len: usize,
    expected: Result<Vec<u8>, OperationError>,
}

#[test]
fn a_bad_operation_in_any_lane_changes_one_result() {
    common::print_engines();
    let mut random = Random::new();
    let key = common::key("2048-a");
    let loaded = key.load().unwrap();
    let others: Vec<_> = ["2048-c", "1024", "3072", "2048-e-3", "2048-p-17", "8192"]
        .map(|name| (common::key(name), common::key(name).load().unwrap()))
        .into();
    let good: Vec<_> = (0..8).map(|_| sealed(&key, &mut random)).collect();
    let kinds = kinds(&key, &loaded, &others, &mut random);
    assert_eq!(kinds.len(), 20);
    for engine in common::engines() {
        for lane in 0..8 {
            for (kind, bad) in kinds.iter().enumerate() {
                let context = format!("{}, lane {lane}, kind {kind}", engine.name());
                check(&engine, &loaded, &good, lane, bad, &context);
            }
        }
    }
}

fn check(
    engine: &Engine,
    key: &PrivateKey,
    good: &[(Vec<u8>, Vec<u8>)],
    lane: usize,
    bad: &Bad<'_>,
    context: &str,
) {
    let mut outputs: Vec<_> = good
        .iter()
        .map(|(message, _)| vec![0xaa; message.len()])
        .collect();
    outputs[lane] = vec![0xaa; bad.output_len];
    let mut batch: Vec<_> = good
        .iter()
        .zip(&mut outputs)
        .map(|((_, input), output)| PrivateOperation { key, input, output })
        .collect();
    batch[lane].key = bad.key;
    batch[lane].input = &bad.input;
    let results = engine.private(&mut batch);
    for (i, (result, output)) in results.into_iter().zip(outputs).enumerate() {
        let result = result.map(|()| output.clone());
        if i == lane {
            assert_eq!(result, bad.expected, "{context}");
            assert!(
                result.is_ok() || output.iter().all(|byte| *byte == 0),
                "{context}"
            );
        } else {
            assert_eq!(result.as_ref(), Ok(&good[i].0), "{context}, result {i}");
        }
    }
}

/// A message, and what it is sealed to.
fn sealed(key: &TestKey, random: &mut Random) -> (Vec<u8>, Vec<u8>) {
    let message = random.below(&key.n);
    let sealed = message.modpow(&key.e, &key.n);
    (key.bytes(&message), key.bytes(&sealed))
}

fn kinds<'a>(
    key: &TestKey,
    loaded: &'a PrivateKey,
    others: &'a [(TestKey, PrivateKey)],
    random: &mut Random,
) -> Vec<Bad<'a>> {
    let size = key.size();
    let bad = |input: Vec<u8>, output_len, expected| Bad {
        key: loaded,
        input,
        output_len,
        expected: Err(expected),
    };
    let mut kinds = Vec::new();
    for len in [0, size - 1, size + 1] {
        kinds.push(bad(vec![1; len], size, OperationError::Length));
    }
    for len in [0, size - 1, size + 1] {
        kinds.push(bad(vec![1; size], len, OperationError::Length));
    }
    let small = |number: u8| BigUint::from(number);
    let ones = (small(1) << (8 * size)) - 1u8;
    for number in [
        small(0),
        small(1),
        &key.n - 1u8,
        key.n.clone(),
        &key.n + 1u8,
        ones,
    ] {
        kinds.push(bad(key.bytes(&number), size, OperationError::Range));
    }
    // No errors, but neighbours that are unlike the others: nothing modulo one of the primes, ...
    for prime in [&key.p, &key.q] {
        let message = prime * 3u8;
        let input = key.bytes(&message.modpow(&key.e, &key.n));
        let expected = Ok(key.bytes(&message));
        kinds.push(Bad {
            expected,
            ..bad(input, size, OperationError::Fault)
        });
    }
    // ... and other keys: of the same class, of others, of none.
    for (key, loaded) in others {
        let (message, input) = sealed(key, random);
        let output_len = key.size();
        kinds.push(Bad {
            key: loaded,
            input,
            output_len,
            expected: Ok(message),
        });
    }
    kinds
}
