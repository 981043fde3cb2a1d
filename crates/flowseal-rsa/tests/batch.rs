//! Batches: mixed keys, the order of the results, threads, and the neighbours of a bad operation.

#![allow(clippy::unwrap_used, reason = "as in the tests themselves")]

mod common;

use std::num::NonZeroUsize;

use common::{Random, TestKey};
use flowseal_rsa::{Engine, OperationError, PrivateKey, PrivateOperation, PublicOperation};

struct Case<'a> {
    key: &'a PrivateKey,
    input: Vec<u8>,
    expected: Result<Vec<u8>, OperationError>,
}

fn keys() -> Vec<(TestKey, PrivateKey)> {
    [
        "2048-a",
        "1024",
        "2049",
        "2048-b",
        "2048-p-1000-q-1048",
        "3072",
    ]
    .map(|name| {
        let key = common::key(name);
        let loaded = key.load().unwrap();
        (key, loaded)
    })
    .into()
}

/// Operations under many keys: pairs of a message and what it is sealed to.
fn cases<'a>(keys: &'a [(TestKey, PrivateKey)], random: &mut Random) -> Vec<Case<'a>> {
    (0..25)
        .map(|i| {
            let (key, loaded) = &keys[i * i % keys.len()];
            let message = random.below(&key.n);
            let sealed = message.modpow(&key.e, &key.n);
            Case {
                key: loaded,
                input: key.bytes(&sealed),
                expected: Ok(key.bytes(&message)),
            }
        })
        .collect()
}

fn run(engine: &Engine, cases: &[Case<'_>]) {
    let mut outputs: Vec<_> = cases
        .iter()
        .map(|case| vec![0xaa; case.input.len()])
        .collect();
    let operation = |(case, output): (_, &'_ mut Vec<u8>)| {
        let Case { key, input, .. }: &Case<'_> = case;
        (*key, input.clone(), std::mem::take(output))
    };
    let mut owned: Vec<_> = cases.iter().zip(&mut outputs).map(operation).collect();
    let mut batch: Vec<_> = owned
        .iter_mut()
        .map(|(key, input, output)| PrivateOperation { key, input, output })
        .collect();
    let results = engine.private(&mut batch);
    assert_eq!(results.len(), cases.len());
    for ((case, result), (_, _, output)) in cases.iter().zip(results).zip(&owned) {
        match &case.expected {
            Ok(expected) => assert_eq!((result, output), (Ok(()), expected)),
            Err(error) => assert_eq!((result, output), (Err(*error), &vec![0; output.len()])),
        }
    }
}

fn threads(count: usize) -> Engine {
    Engine::new().with_threads(NonZeroUsize::new(count).unwrap())
}

#[test]
fn results_come_in_the_order_of_the_batch() {
    common::print_engines();
    let keys = keys();
    let cases = cases(&keys, &mut Random::new());
    for count in [1, 2, 3, 24, 25, 26, 100] {
        run(&threads(count), &cases);
    }
    for length in [1, 2, 3] {
        run(&threads(2), &cases[..length]);
    }
}

#[test]
fn an_empty_batch_gives_no_results() {
    common::print_engines();
    assert_eq!(threads(1).private(&mut []), []);
    assert_eq!(threads(3).private(&mut []), []);
    assert_eq!(threads(3).public(&mut []), []);
    assert_eq!(threads(3).public_vartime(&mut []), []);
}

#[test]
fn a_bad_operation_changes_its_own_result_alone() {
    common::print_engines();
    let keys = keys();
    let mut random = Random::new();
    for (bad, error) in [
        (Vec::new(), OperationError::Length),
        (vec![0; 7], OperationError::Length),
        (vec![0; 256], OperationError::Range),
        (vec![0xff; 256], OperationError::Range),
    ] {
        for place in [0, 11, 24] {
            let mut cases = cases(&keys, &mut random);
            cases[place] = Case {
                key: &keys[0].1,
                input: bad.clone(),
                expected: Err(error),
            };
            for count in [1, 2, 3] {
                run(&threads(count), &cases);
            }
        }
    }
}

#[test]
fn public_batches_keep_their_order() {
    common::print_engines();
    let keys = keys();
    let cases = cases(&keys, &mut Random::new());
    for count in [1, 2, 3] {
        for vartime in [false, true] {
            let mut outputs: Vec<_> = cases.iter().map(|case| vec![0; case.input.len()]).collect();
            let mut batch: Vec<_> = cases
                .iter()
                .zip(&mut outputs)
                .map(|(case, output)| PublicOperation {
                    key: case.key.public(),
                    input: case.expected.as_ref().unwrap(),
                    output,
                })
                .collect();
            let engine = threads(count);
            let results = if vartime {
                engine.public_vartime(&mut batch)
            } else {
                engine.public(&mut batch)
            };
            assert_eq!(results, vec![Ok(()); cases.len()]);
            assert!(
                cases
                    .iter()
                    .zip(outputs)
                    .all(|(case, output)| case.input == output)
            );
        }
    }
}

#[test]
fn keys_and_engines_can_be_shared() {
    common::print_engines();
    fn shared<T: Send + Sync>() {}
    shared::<PrivateKey>();
    shared::<flowseal_rsa::PublicKey>();
    shared::<Engine>();
}

#[test]
fn engines_are_found_by_name() {
    common::print_engines();
    assert_eq!(
        Engine::named("scalar").map(|engine| engine.name()),
        Ok("scalar")
    );
    assert_eq!(Engine::named("aws-lc").is_ok(), cfg!(feature = "aws-lc"));
    let error = Engine::named("Scalar").err().unwrap();
    assert!(error.to_string().contains("scalar"));
}

#[test]
fn units_can_be_left_out_but_for_the_last() {
    common::print_engines();
    let names: Vec<_> = Engine::names().collect();
    let mut engine = Engine::new();
    for pair in names.windows(2) {
        assert_eq!(engine.name(), pair[0]);
        engine = engine.without(pair[0]);
        if pair[1] == "portable" {
            break;
        }
    }
    assert_eq!(engine.name(), "scalar");
    assert_eq!(engine.without("scalar").name(), "scalar");
}

/// By the kernel's word, since the detection is what might be wrong: a unit that is not found would
/// pass every test of this directory.
#[test]
#[cfg(target_os = "linux")]
fn a_processor_has_the_units_that_the_kernel_says() {
    common::print_engines();
    let processor = std::fs::read_to_string("/proc/cpuinfo").unwrap();
    let has = |feature: &str| processor.split_whitespace().any(|word| word == feature);
    let ifma = has("avx512f") && has("avx512ifma");
    assert_eq!(Engine::named("ifma-512").is_ok(), ifma);
    assert_eq!(Engine::named("ifma-strided").is_ok(), ifma);
    assert_eq!(Engine::named("avx2").is_ok(), has("avx2"));
}

#[test]
fn eight_threads_share_a_key() {
    common::print_engines();
    let (key, loaded) = &keys()[0];
    let mut random = Random::new();
    let message = random.below(&key.n);
    let sealed = key.bytes(&message.modpow(&key.e, &key.n));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(common::private(loaded, &sealed), Ok(key.bytes(&message)));
                }
            });
        }
    });
}
