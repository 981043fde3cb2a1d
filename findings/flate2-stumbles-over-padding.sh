#!/usr/bin/env bash
# What surprised
#   A gzip file may be followed by zeros, since tapes and block devices fill up their last block;
#   gzip and Python skip them. flate2's reader of several members delivers all the data and then
#   fails, in one of two ways: up to nine zeros are an "unexpected end of file", ten and more are an
#   "invalid gzip header". Its reader of a single member does not mind them.
#
# Seen on 2026-11-29 with flate2 1.1.11, Python 3.11 and gzip 1.12.
#
# Why it matters to pasby flows
#   Where flows are archived as lines of JSON in gzip files, a check after a restore calls a
#   complete archive cut off, which is the very thing it is there to find.
#
# How flowseal deals with it
#   It decompresses nothing: a flow is given as the text that was received, and a gzip file in its
#   place is named as one.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v cargo >/dev/null || lacking "cargo"
command -v gzip >/dev/null || lacking "gzip"
command -v python3 >/dev/null || lacking "python3"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "seen"
version = "0.0.0"
edition = "2024"

[dependencies]
flate2 = "=1.1.11"
TOML
cat >src/main.rs <<'RUST'
use flate2::bufread::{GzDecoder, MultiGzDecoder};
use std::io::{ErrorKind, Read};

fn main() {
    for (zeros, expected) in [
        (0, None),
        (1, Some(ErrorKind::UnexpectedEof)),
        (9, Some(ErrorKind::UnexpectedEof)),
        (10, Some(ErrorKind::InvalidInput)),
        (470, Some(ErrorKind::InvalidInput)),
    ] {
        let mut file = std::fs::read("flows.gz").expect("the file");
        file.resize(file.len() + zeros, 0);
        let (mut single, mut several) = (String::new(), String::new());
        GzDecoder::new(&file[..]).read_to_string(&mut single).expect("one member");
        let mut bytes = Vec::new();
        let end = MultiGzDecoder::new(&file[..]).read_to_end(&mut bytes).err();
        several.push_str(std::str::from_utf8(&bytes).expect("text"));
        println!("flate2, {zeros} zeros: {} bytes, then {end:?}", several.len());
        assert_eq!(end.map(|error| error.kind()), expected);
        assert_eq!(single, several);
        assert_eq!(single, std::fs::read_to_string("flows").expect("the text"));
    }
}
RUST
printf '{"reference":"req_1"}\n' >flows
gzip --keep flows
cp flows.gz padded.gz
head -c 470 /dev/zero >>padded.gz
gzip --version | head -1
gzip --decompress --stdout padded.gz 2>/dev/null | cmp - flows
python3 -c '
import gzip, platform
print("Python", platform.python_version(), "reads", len(gzip.open("padded.gz").read()), "bytes")
'
export CARGO_TARGET_DIR=$work/target
unset RUSTFLAGS RUSTUP_TOOLCHAIN
cargo fetch --quiet || lacking "flate2 1.1.11"
cargo build --quiet
cargo run --quiet
