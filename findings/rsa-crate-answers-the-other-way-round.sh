#!/usr/bin/env bash
# What surprised
#   Between 0.9 and 0.10 the Rust crate `rsa` has exchanged two answers of PKCS#1 v1.5 decryption. A
#   ciphertext without its leading zero byte was opened and is an error now; another key's
#   ciphertext was an error and is `Ok` now, with made-up bytes, the same each time (implicit
#   rejection, for good reasons). A test that compares other code with this crate by "both Ok or
#   both Err" now expects the opposite twice.
#
# Seen on 2026-11-29 with rsa 0.9.10 and 0.10.0.
#
# Why it matters to pasby flows
#   Code that tries an app's old and new key in turn and takes the first `Ok` would hand out noise
#   as a person's name after the upgrade; and leaves of senders that drop zeros stop opening.
#
# How flowseal deals with it
#   The core has arithmetic and padding of its own. Short leaves are filled up; every key of the
#   ring is tried before anything is decided; and what does not open refuses the flow.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v cargo >/dev/null || lacking "cargo"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "seen"
version = "0.0.0"
edition = "2024"

[dependencies]
old = { package = "rsa", version = "=0.9.10" }
new = { package = "rsa", version = "=0.10.0", features = ["pkcs1v15"] }

[profile.dev]
debug = false

[profile.dev.package."*"]
opt-level = 1 # Without it, making keys takes minutes.
TOML
cat >src/main.rs <<'RUST'
use new::pkcs8::DecodePrivateKey as _;
use old::pkcs8::EncodePrivateKey as _;
use old::traits::PublicKeyParts as _;

fn main() {
    let random = &mut old::rand_core::OsRng;
    let mut key = || old::RsaPrivateKey::new(random, 2048).expect("a key");
    let mut keys = [key(), key()];
    // The smaller key's ciphertexts are numbers below the larger one's modulus.
    keys.sort_by(|one, other| one.n().cmp(other.n()));
    let [theirs, ours] = &keys;
    let file = ours.to_pkcs8_der().expect("a file");
    let upgraded = new::PrivateKey::from_pkcs8_der(file.as_bytes()).expect("the same key");

    let mut seal = |key: &old::RsaPrivateKey| {
        let sealed = key.to_public_key().encrypt(random, old::Pkcs1v15Encrypt, b"Ada");
        sealed.expect("a claim")
    };
    let (whole, foreign) = (seal(ours), seal(theirs));
    let mut short = seal(ours);
    while short[0] != 0 {
        short = seal(ours);
    }
    for (what, claim, expected) in [
        ("a claim", &whole[..], (true, true)),
        ("without its leading zero", &short[1..], (true, false)),
        ("another key's", &foreign, (false, true)),
    ] {
        let before = ours.decrypt(old::Pkcs1v15Encrypt, claim);
        let after = upgraded.pkcs1v15_decrypt(claim);
        println!("{what}: 0.9.10 {}, 0.10.0 {}", tell(&before), tell(&after));
        assert_eq!((before.is_ok(), after.is_ok()), expected);
        assert_eq!(after, upgraded.pkcs1v15_decrypt(claim), "the answer is not the same each time");
    }
}

/// An answer in a word or two; noise is told by its length.
fn tell<E: std::fmt::Debug>(answer: &Result<Vec<u8>, E>) -> String {
    match answer {
        Ok(text) if text == b"Ada" => "opens it".to_owned(),
        Ok(noise) => format!("gives {} bytes that nobody sealed", noise.len()),
        Err(error) => format!("says {error:?}"),
    }
}
RUST
export CARGO_TARGET_DIR=$work/target
unset RUSTFLAGS RUSTUP_TOOLCHAIN
cargo fetch --quiet || lacking "rsa 0.9.10 and 0.10.0"
cargo build --quiet
cargo run --quiet
