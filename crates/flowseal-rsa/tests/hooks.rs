//! Faults are caught and memory is wiped. Built under `RUSTFLAGS="--cfg flowseal_hooks"` only.
#![cfg(flowseal_hooks)]

mod common;

use common::Random;
use flowseal_rsa::hooks::{self, Kernel, Stage};
use flowseal_rsa::{Engine, KeyError, OperationError, PrivateKey, PrivateOperation};

/// A flipped bit, wherever it strikes, gives no result: not a wrong one, and not the right one.
#[test]
fn a_flipped_bit_anywhere_is_a_fault() {
    common::print_engines();
    let mut random = Random::new();
    let mut faults = 0;
    for name in ["1024", "2048-a", "2048-p-1000-q-1048", "2049", "2048-ones"] {
        let key = common::key(name);
        let loaded = key.load().unwrap();
        for (engine, stage) in common::engines()
            .into_iter()
            .flat_map(|engine| Stage::ALL.map(|stage| (engine.clone(), stage)))
        {
            for _ in 0..common::scale(if common::is_twin(&engine) { 2 } else { 20 }) {
                let message = random.below(&key.n);
                let sealed = key.bytes(&message.modpow(&key.e, &key.n));
                let bit = usize::try_from(random.word() % 4096).unwrap();
                let private = || common::private_by(&engine, &loaded, &sealed);
                hooks::flip_bit(stage, bit);
                let result = private();
                assert!(!hooks::is_pending(), "the fault did not happen");
                let engine = engine.name();
                assert_eq!(
                    result,
                    Err(OperationError::Fault),
                    "{engine}, {name}, {stage:?}, bit {bit}"
                );
                // The key is as good as before.
                assert_eq!(private(), Ok(key.bytes(&message)));
                faults += 1;
            }
        }
    }
    println!("{faults} faults");
}

/// The check is what stops them: without it the wrong results come out.
#[test]
fn without_the_check_faults_are_released() {
    common::print_engines();
    let key = common::key("2048-a");
    let loaded = key.load().unwrap();
    let mut random = Random::new();
    for engine in common::engines() {
        for stage in Stage::ALL {
            let message = random.below(&key.n);
            let sealed = key.bytes(&message.modpow(&key.e, &key.n));
            let right = key.bytes(&message);
            let private_unchecked = || {
                let mut output = vec![0; right.len()];
                let mut batch = [PrivateOperation {
                    key: &loaded,
                    input: &sealed,
                    output: &mut output,
                }];
                assert_eq!(hooks::private_unchecked(&engine, &mut batch), [Ok(())]);
                output
            };
            assert_eq!(private_unchecked(), right);
            let mut raw = vec![0; right.len()];
            let mut batch = [PrivateOperation {
                key: &loaded,
                input: &sealed,
                output: &mut raw,
            }];
            assert_eq!(hooks::private_raw(&engine, &mut batch), [Ok(())]);
            assert_eq!(raw, right);
            hooks::flip_bit(stage, 5);
            assert_ne!(private_unchecked(), right, "{stage:?}");
        }
    }
}

/// What a unit computes it has computed, and no other: a batch that went elsewhere would be as
/// right.
#[test]
fn a_batch_is_computed_by_the_unit_that_is_named() {
    common::print_engines();
    for name in ["1024", "2048-a", "3072", "4096"] {
        let key = common::key(name);
        let loaded = key.load().unwrap();
        let sealed = key.bytes(&(&key.n >> 1));
        for unit in Engine::names() {
            let engine = Engine::named(unit).unwrap();
            // The self-test computes too, the first time.
            common::private_by(&engine, &loaded, &sealed).unwrap();
            let before: Vec<_> = Engine::names().map(hooks::computed).collect();
            let batch = vec![(sealed.as_slice(), &loaded); 3];
            assert!(private_batch(&engine, &batch).iter().all(Result::is_ok));
            for (other, [halves, powers]) in Engine::names().zip(before) {
                // What has no kernels for such short primes leaves them to the scalar unit.
                let is_left = unit.ends_with("strided") && name == "1024";
                let computes = if is_left { "scalar" } else { unit };
                let computed = if other == computes { [6, 3] } else { [0, 0] };
                let expected = [halves + computed[0], powers + computed[1]];
                assert_eq!(hooks::computed(other), expected, "{unit}, {other}, {name}");
            }
        }
    }
}

/// By the kernel's word: a processor with IFMA computes a full batch with it.
#[test]
#[cfg(target_os = "linux")]
fn full_batches_are_computed_by_ifma_where_it_is() {
    common::print_engines();
    let processor = std::fs::read_to_string("/proc/cpuinfo").unwrap();
    if !processor
        .split_whitespace()
        .any(|word| word == "avx512ifma")
    {
        println!("skipped: this processor has no avx512ifma");
        return;
    }
    let key = common::key("2048-a");
    let loaded = key.load().unwrap();
    let sealed = key.bytes(&(&key.n >> 1));
    let engine = Engine::new();
    common::private_by(&engine, &loaded, &sealed).unwrap();
    let [halves, powers] = hooks::computed("ifma-512");
    let batch = vec![(sealed.as_slice(), &loaded); 64];
    assert!(private_batch(&engine, &batch).iter().all(Result::is_ok));
    assert_eq!(hooks::computed("ifma-512"), [halves + 128, powers + 64]);
}

fn private_batch(
    engine: &Engine,
    batch: &[(&[u8], &PrivateKey)],
) -> Vec<Result<(), OperationError>> {
    let mut outputs: Vec<_> = batch.iter().map(|(input, _)| input.to_vec()).collect();
    let operations = batch.iter().zip(&mut outputs);
    let mut operations: Vec<_> = operations
        .map(|((input, key), output)| PrivateOperation { key, input, output })
        .collect();
    engine.private(&mut operations)
}

#[test]
fn kernels_can_be_measured() {
    common::print_engines();
    for unit in Engine::names() {
        for kernel in Kernel::ALL {
            let multiply_adds = hooks::run_kernel(unit, kernel, 2048, 1);
            assert_eq!(multiply_adds.is_some(), hooks::MEASURED.contains(&unit));
        }
    }
    assert_eq!(
        hooks::run_kernel("portable", Kernel::Square, 2048, 1),
        Some(1640 + 3240)
    );
    assert_eq!(
        hooks::run_kernel("portable", Kernel::Window, 2048, 1),
        Some(3200 + 1620)
    );
    // In vectors of all lanes, which have both halves.
    let strided = |kernel| hooks::run_kernel("portable-strided", kernel, 2048, 1);
    assert_eq!(strided(Kernel::Square), Some(440 + 800));
    assert_eq!(strided(Kernel::Window), Some(800 + 400));
    if Engine::named("avx2").is_ok() {
        assert_eq!(
            hooks::run_kernel("avx2", Kernel::Square, 2048, 1),
            Some(3240 + 6480)
        );
    }
}

#[test]
fn every_workspace_is_wiped() {
    common::print_engines();
    let key = common::key("2048-b");
    let sealed = key.bytes(&(&key.n >> 1));
    let private = |key: &PrivateKey, input: &[u8]| common::private_by(&Engine::new(), key, input);
    let count = |step: &mut dyn FnMut()| {
        let before = hooks::workspaces().0;
        step();
        hooks::workspaces().0 - before
    };
    let loaded = key.load().unwrap();
    // After success, after a fault, after a refusal, with the key, and with a key that was refused.
    assert!(count(&mut || assert!(private(&loaded, &sealed).is_ok())) > 5);
    hooks::flip_bit(Stage::HalfQ, 1);
    let fault = || assert!(private(&loaded, &sealed) == Err(OperationError::Fault));
    assert!(count(&mut { fault }) > 5);
    assert!(count(&mut || drop(private(&loaded, &vec![0; 256]))) > 0);
    let mut loaded = Some(loaded);
    assert!(count(&mut || drop(loaded.take())) > 5);
    let mut bad = key.clone();
    bad.qinv += 1u8;
    assert!(count(&mut || assert_eq!(bad.load().err(), Some(KeyError::Inconsistent))) > 5);
    // While a panic unwinds.
    let unwind = || {
        let _key = key.load();
        let _ = private(&key.load().unwrap(), &sealed);
        panic!("on purpose");
    };
    assert!(count(&mut || assert!(std::panic::catch_unwind(unwind).is_err())) > 5);

    assert_eq!(
        hooks::workspaces().1,
        0,
        "a workspace was dropped and not wiped"
    );
}
