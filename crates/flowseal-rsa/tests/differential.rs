//! The engine against the arithmetic of `num-bigint`, for every key of `tests/keys`.
//!
//! A test runs a hundredth of the full scale, which `FLOWSEAL_DIFFERENTIAL=100` (`cargo xtask
//! differential`) asks for: 1,000,000 private operations with primes of 512 bits, 100,000 with
//! 2048-bit keys, 10,000 with 3072 and 4096 bits, and 1,000,000 public operations at each of these
//! sizes. `FLOWSEAL_SEED` repeats a run.

mod common;

use common::{Random, TestKey};
use flowseal_rsa::{Engine, OperationError, PrivateKey};
use num_bigint::BigUint;

/// How many random private and public operations a hundredth has for each key.
fn counts(key: &TestKey) -> (usize, usize) {
    match key.name {
        "1024" => (10_000, 10_000),
        "2048-a" => (500, 10_000),
        "2048-b" | "2048-c" => (250, 0),
        "3072" | "4096" => (100, 10_000),
        _ if key.n.bits() > 4096 => (1, 1),
        _ => (10, 10),
    }
}

/// Batches of all lengths, by every engine.
#[test]
fn random_inputs() {
    common::print_engines();
    let mut random = Random::new();
    for key in common::all() {
        let loaded = key.load().unwrap();
        let (private, public) = counts(&key);
        let mut left = [common::scale(private), common::scale(public)];
        let mut done = vec![[0, 0]; common::engines().len()];
        for batch in 0.. {
            let length = 1 + usize::try_from(random.word() % 64).unwrap();
            let [private, public] = left.map(|left| left.min(length));
            if private.max(public) == 0 {
                break;
            }
            left = [left[0] - private, left[1] - public];
            let pairs = pairs(&key, private.max(public), &mut random);
            for (engine, done) in common::engines().iter().zip(&mut done) {
                // The slow ones, which are compared with for their own sake, take one batch in
                // fifty.
                if common::is_twin(engine) && batch % 50 > 0 {
                    continue;
                }
                check_public(engine, &loaded, &pairs[..public]);
                let swap =
                    |(message, sealed): &(Vec<u8>, Vec<u8>)| (sealed.clone(), message.clone());
                let opened: Vec<_> = pairs[..private].iter().map(swap).collect();
                check_private(engine, &loaded, &opened);
                *done = [done[0] + private, done[1] + public];
            }
        }
        for (engine, [private, public]) in common::engines().iter().zip(done) {
            let (engine, key) = (engine.name(), key.name);
            println!("{private} private, {public} public operations by {engine}, key {key}");
        }
    }
}

/// Messages and what they are sealed to, by the oracle.
fn pairs(key: &TestKey, count: usize, random: &mut Random) -> Vec<(Vec<u8>, Vec<u8>)> {
    let pair = |_| {
        let message = random.below(&key.n);
        let sealed = message.modpow(&key.e, &key.n);
        (key.bytes(&message), key.bytes(&sealed))
    };
    (0..count).map(pair).collect()
}

/// Whether the private key leads each input to its result.
fn check_private(engine: &Engine, key: &PrivateKey, cases: &[(Vec<u8>, Vec<u8>)]) {
    let outcomes = common::private_batch(engine, &batch(key, cases));
    check(engine, &outcomes, cases);
}

/// Whether the public key does.
fn check_public(engine: &Engine, key: &PrivateKey, cases: &[(Vec<u8>, Vec<u8>)]) {
    let outcomes = common::public_batch(engine, &batch(key.public(), cases));
    check(engine, &outcomes, cases);
}

fn batch<'a, K>(key: &'a K, cases: &[(Vec<u8>, Vec<u8>)]) -> Vec<(&'a K, Vec<u8>)> {
    cases
        .iter()
        .map(|(input, _)| (key, input.clone()))
        .collect()
}

fn check(
    engine: &Engine,
    outcomes: &[Result<Vec<u8>, OperationError>],
    cases: &[(Vec<u8>, Vec<u8>)],
) {
    assert_eq!(outcomes.len(), cases.len());
    for (outcome, (input, result)) in outcomes.iter().zip(cases) {
        assert_eq!(
            outcome.as_ref(),
            Ok(result),
            "{}, {input:x?}",
            engine.name()
        );
    }
}

#[test]
fn chosen_inputs() {
    common::print_engines();
    for key in common::all() {
        // The oracle takes a second for each operation of such a size.
        let cases = if key.n.bits() > 4096 { 3 } else { usize::MAX };
        let loaded = key.load().unwrap();
        let inputs: Vec<_> = chosen(&key).into_iter().take(cases).collect();
        let sealed = inputs.iter().map(|input| input.modpow(&key.e, &key.n));
        let public = results(&key, &inputs, sealed);
        let private = results(
            &key,
            &inputs,
            inputs.iter().map(|input| by_crt(&key, input)),
        );
        // What is raised here comes out as one of the inputs.
        let back: Vec<_> = private
            .iter()
            .cloned()
            .map(|(input, result)| (result, input))
            .collect();
        for engine in common::engines() {
            check_public(&engine, &loaded, &public);
            check_public(&engine, &loaded, &back);
            check_private(&engine, &loaded, &private);
        }
        println!("{} chosen inputs, key {}", inputs.len(), key.name);
    }
}

/// The inputs, each with what it is raised to.
fn results(
    key: &TestKey,
    inputs: &[BigUint],
    results: impl Iterator<Item = BigUint>,
) -> Vec<(Vec<u8>, Vec<u8>)> {
    let inputs = inputs.iter().map(|input| key.bytes(input));
    inputs
        .zip(results.map(|result| key.bytes(&result)))
        .collect()
}

/// What is at the edges of the arithmetic, from 2 to n − 2.
fn chosen(key: &TestKey) -> Vec<BigUint> {
    let TestKey { n, p, q, .. } = key;
    let one = || BigUint::from(1u8);
    let bits = n.bits();
    let mut inputs: Vec<_> = (2..6u8).flat_map(|i| [BigUint::from(i), n - i]).collect();
    // Nothing modulo one of the primes: multiples, and what differs from them by one.
    for prime in [p, q] {
        let most = n / prime - 1u8;
        for factor in [one(), BigUint::from(2u8), &most >> 1, most] {
            let multiple = prime * factor;
            inputs.extend([&multiple - 1u8, &multiple + 1u8, multiple]);
        }
    }
    // Limbs of ones and limbs of zeros, in various places.
    let limb = (one() << 64) - 1u8;
    let ones = (one() << (bits - 1)) - 1u8;
    for i in 0..bits / 64 {
        let place = 64 * i;
        let inside = if place + 64 < bits {
            &ones - (&limb << place)
        } else {
            ones.clone()
        };
        inputs.extend([
            one() << place,
            (one() << place) - 1u8,
            &ones >> place,
            inside,
        ]);
        inputs.push((n >> place) << place);
        inputs.push(&limb << place);
    }
    inputs.extend([ones, n >> 1, one() << (bits - 1)]);
    inputs.retain(|input| *input > one() && *input < n - 1u8);
    inputs.sort();
    inputs.dedup();
    // Spread them over as many as can be afforded.
    let step = inputs.len().div_ceil(if bits > 2100 { 20 } else { 60 });
    // What comes out of a reduction may be more than these by n, which may be a bit more than the
    // limbs of n have.
    let small = [33, 40, 48, 56].map(|shorter| one() << (bits - shorter));
    inputs.into_iter().step_by(step).chain(small).collect()
}

/// c^d mod n: by the primes, for speed, with the oracle's arithmetic.
fn by_crt(key: &TestKey, c: &BigUint) -> BigUint {
    let m1 = c.modpow(&key.dp, &key.p);
    let m2 = c.modpow(&key.dq, &key.q);
    let h = (&m1 + &key.p - &m2 % &key.p) * &key.qinv % &key.p;
    m2 + h * &key.q
}
