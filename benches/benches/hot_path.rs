//! The way of a flow, step by step: `cargo bench -p flowseal-benches`.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops where it fails, and criterion's macros write its entry"
)]

use core::time::Duration;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use flowseal::{DecryptingKey, Expectations, OpenOptions, VerifiedFlow, open_many};
use flowseal_benches::Fixture;

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

criterion_group!(hot_path, parse, verify, open, load_a_key);
criterion_main!(hot_path);
