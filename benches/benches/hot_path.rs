//! The way of a flow, step by step: `cargo bench -p flowseal-benches`.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops where it fails, and criterion's macros write its entry"
)]

use core::time::Duration;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use flowseal::{
    DecryptingKey, Disclosure, Engine, Expectations, OpenOptions, VerifiedFlow, open_many,
};
use flowseal_benches::Fixture;
use flowseal_rsa::{PublicKey, PublicOperation};

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    for leaves in [1, 9, 64] {
        let fixture = Fixture::new(4096, leaves).unwrap();
        group.throughput(Throughput::Bytes(fixture.response.len() as u64));
        group.bench_function(format!("{leaves} leaves of 4096 bits"), |bencher| {
            bencher.iter(|| black_box(fixture.flow().unwrap()));
        });
    }
}

fn verify(criterion: &mut Criterion) {
    let fixture = Fixture::new(4096, 9).unwrap();
    let expectations =
        Expectations::for_reference("req_bench").with_max_age(Duration::from_secs(300));
    criterion.bench_function("verify/9 leaves, a signature of 2048 bits", |bencher| {
        bencher.iter_batched(
            || fixture.flow().unwrap(),
            |flow| {
                flow.verify(&fixture.verifier, &expectations, fixture.now)
                    .unwrap()
            },
            BatchSize::SmallInput,
        );
    });
}

fn open(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("open");
    group.sample_size(10);
    for bits in [2048, 4096] {
        for leaves in [1, 9, 64] {
            let fixture = Fixture::new(bits, leaves).unwrap();
            let verified = fixture.verified().unwrap();
            group.throughput(Throughput::Elements(leaves as u64));
            group.bench_function(format!("{leaves} leaves of {bits} bits"), |bencher| {
                bencher.iter(|| verified.open(&fixture.ring).unwrap());
            });
        }
    }
    let fixture = Fixture::new(2048, 9).unwrap();
    let flows: Vec<_> = (0..8).map(|_| fixture.verified().unwrap()).collect();
    let flows: Vec<&VerifiedFlow> = flows.iter().collect();
    group.throughput(Throughput::Elements(8 * 9));
    group.bench_function("8 flows of 9 leaves of 2048 bits", |bencher| {
        bencher.iter(|| open_many(&flows, &fixture.ring, &OpenOptions::new()));
    });
}

/// Checking a disclosure of one claim, beside what it cannot do without: a verification of the
/// flow's signature and one public operation under the app's key. It is to take 1.5 times as long
/// at most.
fn disclosure(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("disclosure");
    let fixture = Fixture::new(4096, 9).unwrap();
    let verified = fixture.verified().unwrap();
    group.bench_function("disclose 1 of 9 claims of 4096 bits", |bencher| {
        bencher.iter(|| verified.disclose(&fixture.ring, ["group.claim0"]).unwrap());
    });
    let disclosure = verified.disclose(&fixture.ring, ["group.claim0"]).unwrap();
    let file = disclosure.to_json();
    group.bench_function("read the file", |bencher| {
        let file = file.expose_secret().as_bytes();
        bencher.iter(|| Disclosure::from_json(file).unwrap());
    });
    group.bench_function("check 1 of 9 claims of 4096 bits", |bencher| {
        let keys = [fixture.user.clone()];
        bencher.iter(|| disclosure.check(&fixture.app_key, &keys).unwrap());
    });
    group.bench_function("what a check cannot do without", |bencher| {
        let em = disclosure.encoded_message("group.claim0").unwrap();
        let engine = Engine::new();
        // Any modulus of this length: the time of a public operation depends on nothing else.
        let app = PublicKey::new(&[0xd5; 512], &[1, 0, 1]).unwrap();
        let mut ciphertext = vec![0; em.len()];
        bencher.iter_batched(
            || fixture.flow().unwrap(),
            |flow| {
                let expectations = Expectations::unbound();
                let verified = flow.verify(&fixture.verifier, &expectations, fixture.now);
                let outcome = engine.public_vartime(&mut [PublicOperation {
                    key: &app,
                    input: em.expose_secret(),
                    output: &mut ciphertext,
                }]);
                (verified.unwrap(), outcome)
            },
            BatchSize::SmallInput,
        );
    });
}

fn load_a_key(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load a key");
    group.sample_size(20);
    for bits in [2048, 4096] {
        let fixture = Fixture::new(bits, 1).unwrap();
        group.bench_function(format!("{bits} bits, PKCS#8 PEM"), |bencher| {
            bencher.iter(|| DecryptingKey::load(fixture.app_pem).unwrap());
        });
    }
}

criterion_group!(hot_path, parse, verify, open, disclosure, load_a_key);
criterion_main!(hot_path);
