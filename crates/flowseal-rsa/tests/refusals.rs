//! Keys and inputs that are refused, and why.

mod common;

use common::{TestKey, key, private, public};
use flowseal_rsa::{KeyError, OperationError, PublicKey};
use num_bigint::BigUint;

/// The error of a good key of which something was changed.
fn refusal(name: &str, change: impl Fn(&mut TestKey)) -> Option<KeyError> {
    let mut key = key(name);
    change(&mut key);
    key.load().err()
}

#[test]
fn every_test_key_is_accepted() {
    common::print_engines();
    for key in common::all() {
        assert_eq!(key.load().err(), None, "{}", key.name);
    }
}

#[test]
fn sizes() {
    common::print_engines();
    let of = |bits: usize| {
        let modulus = (BigUint::from(1u8) << (bits - 1)) + 1u8;
        PublicKey::new(&modulus.to_bytes_be(), &[3]).map(|key| (key.bits(), key.size()))
    };
    assert_eq!(of(1023), Err(KeyError::Size));
    assert_eq!(of(1024), Ok((1024, 128)));
    assert_eq!(of(1025), Ok((1025, 129)));
    assert_eq!(of(8192), Ok((8192, 1024)));
    assert_eq!(of(8193), Err(KeyError::Size));
    assert_eq!(PublicKey::new(&[], &[3]), Err(KeyError::Size));
    assert_eq!(PublicKey::new(&[0; 256], &[3]), Err(KeyError::Size));
    assert_eq!(
        refusal("2048-a", |key| key.n = BigUint::from(15u8)),
        Some(KeyError::Size)
    );
}

#[test]
fn even_moduli() {
    common::print_engines();
    let mut modulus = [0xff; 256];
    modulus[255] = 0xfe;
    assert_eq!(PublicKey::new(&modulus, &[3]), Err(KeyError::EvenModulus));
    assert_eq!(
        refusal("2048-a", |key| key.n -= 1u8),
        Some(KeyError::EvenModulus)
    );
}

#[test]
fn public_exponents() {
    common::print_engines();
    let of = |exponent: &[u8]| PublicKey::new(&[0xff; 256], exponent).map(|key| key.exponent());
    for refused in [
        &[][..],
        &[0],
        &[1],
        &[2],
        &[4],
        &[1, 0, 0],
        &[2, 0, 0, 0, 0],
        &[2, 0, 0, 0, 1],
        &[1, 0, 0, 0, 0, 0],
        &[1, 0, 0, 0, 0, 1],
        &[0xff; 16],
    ] {
        assert_eq!(of(refused), Err(KeyError::Exponent), "{refused:?}");
    }
    assert_eq!(of(&[3]), Ok(3));
    assert_eq!(of(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1]), Ok(65537));
    assert_eq!(of(&[1, 0xff, 0xff, 0xff, 0xff]), Ok((1 << 33) - 1));
    assert_eq!(
        refusal("2048-a", |key| key.e -= 1u8),
        Some(KeyError::Exponent)
    );
}

#[test]
fn numbers_that_do_not_belong_together() {
    common::print_engines();
    type Change = fn(&mut TestKey);
    let changes: [(&str, Change); 27] = [
        ("another n", |key| key.n -= 2u8),
        ("another e", |key| key.e += 2u8),
        ("d = 0", |key| key.d = BigUint::from(0u8)),
        ("another d", |key| key.d += 2u8),
        ("d of another order modulo p", |key| key.d += &key.q - 1u8),
        ("d of another order modulo q", |key| key.d += &key.p - 1u8),
        ("d >= n", |key| {
            key.d += (&key.p - 1u8) * (&key.q - 1u8) * 2u8;
        }),
        ("p = 0", |key| key.p = BigUint::from(0u8)),
        ("p = 1", |key| key.p = BigUint::from(1u8)),
        ("p = 1, q = n", |key| {
            key.p = BigUint::from(1u8);
            key.q = key.n.clone();
        }),
        ("q = 0", |key| key.q = BigUint::from(0u8)),
        ("q = 1", |key| key.q = BigUint::from(1u8)),
        ("another p", |key| key.p += 2u8),
        ("another q", |key| key.q += 2u8),
        ("an even p", |key| key.p += 1u8),
        ("an even q", |key| key.q += 1u8),
        ("p as long as n", |key| key.p = key.n.clone()),
        ("p longer than n", |key| key.p = &key.n << 64),
        ("p and q swapped, and nothing else", |key| {
            std::mem::swap(&mut key.p, &mut key.q);
        }),
        ("another dP", |key| key.dp += 2u8),
        ("dP >= p - 1", |key| key.dp += &key.p - 1u8),
        ("another dQ", |key| key.dq += 2u8),
        ("dQ >= q - 1", |key| key.dq += &key.q - 1u8),
        ("dP for dQ", |key| key.dq = key.dp.clone()),
        ("qInv = 0", |key| key.qinv = BigUint::from(0u8)),
        ("another qInv", |key| key.qinv += 1u8),
        ("qInv >= p", |key| key.qinv += &key.p),
    ];
    for name in ["1024", "2048-a", "2048-p-1000-q-1048", "2049", "4096"] {
        for (what, change) in changes {
            assert_eq!(
                refusal(name, change),
                Some(KeyError::Inconsistent),
                "{name}: {what}"
            );
        }
    }
}

#[test]
fn a_square_is_no_modulus() {
    common::print_engines();
    let square = |key: &mut TestKey| {
        key.q = key.p.clone();
        key.n = &key.p * &key.p;
        key.dq = key.dp.clone();
    };
    assert_eq!(refusal("2048-a", square), Some(KeyError::Inconsistent));
}

/// Primes at the two sides of the limit. That they are not prime does not matter here, as long as e
/// has an inverse.
#[test]
fn close_primes() {
    common::print_engines();
    let key_of = |difference: BigUint| {
        let one = BigUint::from(1u8);
        let e = BigUint::from(65537u32);
        // p − 1 = 2·p' for a prime p' whose order is known would be needed to invert e by a power;
        // e is prime, so that its inverse modulo x is (1 + x·k) / e for some k < e.
        let inverse_of_e = |x: &BigUint| {
            let residue = x % &e;
            let k = (&e - &one) * residue.modpow(&(&e - 2u8), &e) % &e;
            (&one + x * k) / &e
        };
        let mut p = (BigUint::from(0xc1u8) << 1016) + 0xffu8;
        while ((&p - 1u8) % &e) == BigUint::from(0u8)
            || ((&p + &difference - 1u8) % &e) == BigUint::from(0u8)
        {
            p += 2u8;
        }
        let q = &p + &difference;
        let (dp, dq) = (inverse_of_e(&(&p - 1u8)), inverse_of_e(&(&q - 1u8)));
        // q = p + difference, a power of two: qInv is the inverse of that modulo p, by halving.
        let mut qinv = one.clone();
        for _ in 1..difference.bits() {
            if &qinv % 2u8 == one {
                qinv += &p;
            }
            qinv >>= 1;
        }
        // d: e's inverse modulo (p − 1)(q − 1).
        let d = inverse_of_e(&((&p - 1u8) * (&q - 1u8)));
        TestKey {
            name: "close",
            n: &p * &q,
            e,
            d,
            p,
            q,
            dp,
            dq,
            qinv,
        }
    };
    let power = |exponent: usize| key_of(BigUint::from(1u8) << exponent);
    assert_eq!(power(1).n.bits(), 2048);
    for exponent in [1, 2, 63, 64, 500, 922, 923] {
        assert_eq!(
            power(exponent).load().err(),
            Some(KeyError::ClosePrimes),
            "{exponent}"
        );
    }
    for exponent in [924, 925, 1000] {
        assert_eq!(power(exponent).load().err(), None, "{exponent}");
    }
}

#[test]
fn zero_bytes_before_the_numbers_do_not_matter() {
    common::print_engines();
    let mut key = key("2048-a");
    let plain = PublicKey::new(&key.n.to_bytes_be(), &[1, 0, 1]).unwrap();
    let mut modulus = vec![0; 3];
    modulus.extend(key.n.to_bytes_be());
    let padded = PublicKey::new(&modulus, &[0, 1, 0, 1]).unwrap();
    assert_eq!(plain, padded);
    assert_eq!(plain.modulus(), padded.modulus());
    assert_eq!(plain.modulus(), key.n.to_bytes_be());
    key.n += 2u8;
    assert_ne!(
        plain,
        PublicKey::new(&key.n.to_bytes_be(), &[1, 0, 1]).unwrap()
    );
    assert_ne!(plain, PublicKey::new(&modulus, &[3]).unwrap());
}

#[test]
fn debugging_shows_no_secret() {
    common::print_engines();
    let key = key("2048-a").load().unwrap();
    let shown = format!("{key:?}");
    assert_eq!(
        shown,
        "PrivateKey { public: PublicKey { bits: 2048, exponent: 65537, .. }, .. }"
    );
}

#[test]
fn lengths() {
    common::print_engines();
    let key = key("2047").load().unwrap();
    for length in [0, 1, 255, 257, 512] {
        let mut input = vec![0; length];
        if let Some(last) = input.last_mut() {
            *last = 2;
        }
        assert_eq!(
            private(&key, &input),
            Err(OperationError::Length),
            "{length}"
        );
        assert_eq!(
            public(key.public(), &input),
            Err(OperationError::Length),
            "{length}"
        );
    }
}

#[test]
fn ranges() {
    common::print_engines();
    for test_key in common::all() {
        let key = test_key.load().unwrap();
        let n = &test_key.n;
        let size = test_key.size();
        let number = |x: u8| test_key.bytes(&BigUint::from(x));
        // Fixed points of a public operation, results that a private one does not give.
        for fixed in [number(0), number(1), test_key.bytes(&(n - 1u8))] {
            assert_eq!(private(&key, &fixed), Err(OperationError::Range));
            assert_eq!(public(key.public(), &fixed), Ok(fixed));
        }
        for fits in [number(2), test_key.bytes(&(n - 2u8))] {
            assert!(private(&key, &fits).is_ok());
            assert!(public(key.public(), &fits).is_ok());
        }
        for above in [
            test_key.bytes(n),
            test_key.bytes(&(n + 1u8)),
            vec![0xff; size],
        ] {
            assert_eq!(private(&key, &above), Err(OperationError::Range));
            assert_eq!(public(key.public(), &above), Err(OperationError::Range));
        }
    }
}
