//! Prints how long the operations take, one at a time on one thread.
//!
//! `cargo run --release -p flowseal-rsa --example speed [UNIT]`, beside
//! `openssl speed rsa2048 rsa3072 rsa4096`.

#![allow(clippy::print_stdout, reason = "it is what this program is for")]
#![allow(clippy::unwrap_used, reason = "there is no one to hand an error to")]

#[path = "../tests/common/mod.rs"]
mod common;
mod timing;

use std::time::Duration;

use flowseal_rsa::{Engine, PrivateOperation, PublicOperation};

const BUDGET: Duration = Duration::from_millis(1500);

fn main() {
    let named = std::env::args().nth(1);
    let engine = named.map_or_else(Engine::new, |name| Engine::named(&name).unwrap());
    println!("engine {}", engine.name());
    println!(
        "{:>12} {:>12} {:>12} {:>12}",
        "key", "private", "public", "load"
    );
    for name in ["2048-a", "3072", "4096"] {
        let test_key = common::key(name);
        let key = test_key.load().unwrap();
        let input = test_key.bytes(&(&test_key.n >> 1));
        let mut output = vec![0; input.len()];
        let private = timing::shortest(BUDGET, || {
            let mut batch = [PrivateOperation {
                key: &key,
                input: &input,
                output: &mut output,
            }];
            assert_eq!(engine.private(&mut batch), [Ok(())]);
        });
        let public = timing::shortest(BUDGET, || {
            let key = key.public();
            let mut batch = [PublicOperation {
                key,
                input: &input,
                output: &mut output,
            }];
            assert_eq!(engine.public_vartime(&mut batch), [Ok(())]);
        });
        let load = timing::shortest(BUDGET, || drop(test_key.load().unwrap()));
        println!("{name:>12} {private:>12.2?} {public:>12.2?} {load:>12.2?}");
    }
}
