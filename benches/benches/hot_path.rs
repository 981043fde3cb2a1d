//! The way of a flow, step by step: `cargo bench -p flowseal-benches`.
#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops where it fails, and criterion's macros write its entry"
)]

use core::time::Duration;

use std::hint::black_box;
use std::time::Instant;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use flowseal::{
    DecryptingKey, Disclosure, Engine, Expectations, Flow, OpenOptions, VerifiedFlow, open_many,
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

/// Checking a disclosure of one claim, beside what it cannot do without: a verification of the same
/// flow and one public operation under the app's key. It is to take 1.5 times as long at most; the
/// ratio is printed, since two rows that are measured one after another are of two moments.
fn disclosure(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("disclosure");
    let fixture = Fixture::new(4096, 9).unwrap();
    let verified = fixture.verified().unwrap();
    group.bench_function("disclose 1 of 9 claims of 4096 bits", |bencher| {
        bencher.iter(|| verified.disclose(&fixture.ring, ["group.claim0"]).unwrap());
    });
    let file = verified.disclose(&fixture.ring, ["group.claim0"]).unwrap();
    let file = file.to_json();
    let file = file.expose_secret().as_bytes();
    group.bench_function("read the file", |bencher| {
        bencher.iter(|| Disclosure::from_json(file).unwrap());
    });
    let read = Disclosure::from_json(file).unwrap();
    let keys = [fixture.user.clone()];
    let check = |disclosure: &Disclosure| disclosure.check(&fixture.app_key, &keys).unwrap();
    group.bench_function("check 1 of 9 claims of 4096 bits", |bencher| {
        bencher.iter(|| check(&read));
    });

    let em = read.encoded_message("group.claim0").unwrap();
    let engine = Engine::new();
    // Any modulus of this length: the time of a public operation depends on nothing else.
    let app = PublicKey::new(&[0xd5; 512], &[1, 0, 1]).unwrap();
    let public = |ciphertext: &mut [u8]| {
        let outcomes = engine.public_vartime(&mut [PublicOperation {
            key: &app,
            input: em.expose_secret(),
            output: ciphertext,
        }]);
        assert_eq!(outcomes, [Ok(())]);
    };
    let verify_and_public = |flow: Flow| {
        let verified = flow.verify(&fixture.verifier, &Expectations::unbound(), fixture.now);
        public(&mut [0; 512]);
        verified.unwrap()
    };
    group.bench_function("verify the flow, and one public operation", |bencher| {
        bencher.iter_batched(
            || fixture.flow().unwrap(),
            verify_and_public,
            BatchSize::SmallInput,
        );
    });
    group.finish();

    let flow = || fixture.flow().unwrap();
    let checked = ratio(|| (), |()| check(&read), flow, verify_and_public);
    let read_and_checked = ratio(
        || (),
        |()| check(&Disclosure::from_json(file).unwrap()),
        || (),
        |()| verify_and_public(flow()),
    );
    println!("disclosure/check ÷ (verify + public): {checked:.2}, and 1.5 is the most");
    println!("disclosure/the same with the reading of either file: {read_and_checked:.2}\n");
}

/// How many times as long as another a thing takes, by the medians of turns that they take, without
/// what is prepared for each.
fn ratio<A, B, T, U>(
    prepare: impl Fn() -> A,
    one: impl Fn(A) -> T,
    prepare_other: impl Fn() -> B,
    other: impl Fn(B) -> U,
) -> f64 {
    const TURNS: usize = 401;

    let (mut times, mut others) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        times.push(timed(&prepare, &one));
        others.push(timed(&prepare_other, &other));
    }
    times.sort_unstable();
    others.sort_unstable();
    times[TURNS / 2].as_secs_f64() / others[TURNS / 2].as_secs_f64()
}

fn timed<A, T>(prepare: impl Fn() -> A, run: impl Fn(A) -> T) -> Duration {
    const AT_ONCE: usize = 20;

    let prepared: Vec<_> = (0..AT_ONCE).map(|_| prepare()).collect();
    let mut results = Vec::with_capacity(AT_ONCE);
    let start = Instant::now();
    results.extend(prepared.into_iter().map(|it| black_box(run(it))));
    start.elapsed()
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
