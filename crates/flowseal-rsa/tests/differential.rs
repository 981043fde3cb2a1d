//! The engine against the arithmetic of the `rsa` crate, for every key of `tests/keys`.
//!
//! `FLOWSEAL_DIFFERENTIAL=100` makes a hundred times as many random cases: at 2048 bits and around it
//! 10,000 and more, at 4096 bits 1,000. `FLOWSEAL_SEED` repeats a run.

mod common;

use common::{Random, TestKey, private, public};
use rsa::BigUint;

#[test]
fn random_inputs() {
    let factor = std::env::var("FLOWSEAL_DIFFERENTIAL").map_or(1, |factor| factor.parse().unwrap());
    let mut random = Random::new();
    common::print_engines();
    for key in common::all() {
        let count = factor * if key.n.bits() > 4096 { 1 } else { 10 };
        let engine_key = key.load().unwrap();
        for case in 0..count {
            let message = random.below(&key.n);
            let sealed = message.modpow(&key.e, &key.n);
            let (message, sealed) = (key.bytes(&message), key.bytes(&sealed));
            let name = key.name;
            assert_eq!(
                private(&engine_key, &sealed),
                Ok(message.clone()),
                "{name}, case {case}"
            );
            assert_eq!(
                public(engine_key.public(), &message),
                Ok(sealed),
                "{name}, case {case}"
            );
        }
        println!("{count} random inputs, key {}", key.name);
    }
}

#[test]
fn chosen_inputs() {
    common::print_engines();
    for key in common::all() {
        // The oracle takes a second for each operation of such a size.
        let cases = if key.n.bits() > 4096 { 3 } else { usize::MAX };
        let engine_key = key.load().unwrap();
        let inputs = chosen(&key);
        for input in inputs.iter().take(cases) {
            let bytes = key.bytes(input);
            let name = key.name;
            let raised = key.bytes(&input.modpow(&key.e, &key.n));
            assert_eq!(
                public(engine_key.public(), &bytes),
                Ok(raised),
                "{name}, {input:x}"
            );
            let opened = key.bytes(&by_crt(&key, input));
            assert_eq!(
                private(&engine_key, &bytes),
                Ok(opened),
                "{name}, {input:x}"
            );
        }
        println!(
            "{} chosen inputs, key {}",
            inputs.len().min(cases),
            key.name
        );
    }
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
    inputs.into_iter().step_by(step).collect()
}

/// c^d mod n: by the primes, for speed, with the oracle's arithmetic.
fn by_crt(key: &TestKey, c: &BigUint) -> BigUint {
    let m1 = c.modpow(&key.dp, &key.p);
    let m2 = c.modpow(&key.dq, &key.q);
    let h = (&m1 + &key.p - &m2 % &key.p) * &key.qinv % &key.p;
    m2 + h * &key.q
}
