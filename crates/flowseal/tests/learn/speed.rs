//! What a search costs: candidates a second, and how near long ones come to SHA-256 itself.
//!
//! `cargo test --release -p flowseal --lib learn::speed -- --ignored --nocapture` prints it, by the
//! time of this thread's processor.

use core::ops::ControlFlow;
use std::hint::black_box;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::judge::{Encoding, Judge};
use super::list::{self, Members, Pool, Recipe};
use super::pieces::Piece;
use super::table::{Joints, Table};
use crate::flow::Flow;
use crate::verify::recovered::Seen;

#[test]
#[ignore = "a bench, which cargo xtask audit runs"]
fn costs() {
    let seen = [
        ("v1.5", Seen::Digest(vec![0; 32])),
        (
            "PSS",
            Seen::Salted {
                salt: vec![0; 32],
                hash: vec![0; 32],
            },
        ),
    ];
    // A leaf of a claim under RSA-2048 in base64, ten of which are a usual flow.
    let usual = Scene::new(10, 344);
    let long = Scene::new(60, 684);
    for (name, seen) in &seen {
        let short = usual.search(seen, |bytes| bytes <= 512);
        println!(
            "{name}: {:.0} candidates of up to 512 bytes a second ({} in {:.2} s)",
            short.candidates as f64 / short.seconds,
            short.candidates,
            short.seconds,
        );
        for (what, scene) in [("usual", &usual), ("long", &long)] {
            let found = scene.search(seen, |bytes| bytes > 512);
            let own = found.bytes as f64 / found.by_sha256;
            let ours = found.bytes as f64 / found.seconds;
            println!(
                "{name}: {} {what} candidates, {:.0} MB in {:.2} s: {:.2} of SHA-256's own speed",
                found.candidates,
                found.bytes as f64 / 1e6,
                found.seconds,
                ours / own,
            );
        }
    }
}

/// A flow in pieces.
struct Scene {
    table: Table,
    pool: Pool,
    joints: Joints,
}

/// What a search has cost.
struct Cost {
    candidates: usize,
    bytes: usize,
    seconds: f64,
    /// What SHA-256 takes for as many bytes in messages as long as these.
    by_sha256: f64,
}

impl Scene {
    fn new(claims: usize, leaf: usize) -> Self {
        let leaf = "A".repeat(leaf);
        let claims: Vec<_> = (0..claims)
            .map(|index| format!(r#""c{index}": "{leaf}""#))
            .collect();
        let answer = format!(
            r#"{{"reference": "req_0123456789abcdef", "requester": "bcn_0123456789", "requestee": "22212345610",
                "mode": "identification", "iat": 1716820052, "signedAt": 1716820121, "cancelled": false,
                "claims": {{"group": {{{}}}}}}}"#,
            claims.join(", ")
        );
        let flow = Flow::from_json(answer.as_bytes()).unwrap();
        let lasting = [0, 1, 2, 3, 4, 5, 7];
        Self {
            table: Table::new(&flow, answer.as_bytes(), None),
            pool: Pool {
                any: lasting
                    .into_iter()
                    .map(Members::lasting)
                    .fold(Members::CANCELLED, Members::with),
                every: vec![0, 1, 2, 3, 4, 5, 7],
                opened: false,
            },
            joints: Joints::new(),
        }
    }

    /// Judges every statement whose length is one of these, in all its encodings.
    fn search(&self, seen: &Seen, is_wanted: impl Fn(usize) -> bool) -> Cost {
        let mut recipes = Vec::new();
        let mut pieces: Vec<&Piece> = Vec::new();
        let (mut bytes, mut longest) = (0, 0);
        let mut lengths = Vec::new();
        let _ = list::visit(&self.pool, &mut |recipe: &Recipe| {
            if self
                .table
                .pieces(recipe, &self.joints, &mut pieces)
                .is_some()
            {
                let len = pieces.iter().map(|piece| piece.plain().len()).sum();
                if is_wanted(len) {
                    recipes.push(*recipe);
                    for encoding in recipe.encodings() {
                        // A line end behind the same bytes is no second hash of them.
                        let hashed = match encoding {
                            Encoding::Plain => len,
                            Encoding::Hex => 2 * len,
                            Encoding::Base64 => len.div_ceil(3) * 4,
                            _ => continue,
                        };
                        lengths.push(hashed);
                        bytes += hashed;
                        longest = longest.max(hashed);
                    }
                }
            }
            ControlFlow::Continue(())
        });
        let judge = Judge::new(seen);
        let before = processor_seconds();
        let mut candidates = 0;
        for recipe in &recipes {
            self.table.pieces(recipe, &self.joints, &mut pieces);
            let encodings = recipe.encodings();
            candidates += encodings.len();
            assert!(judge.find::<Sha256>(&pieces, encodings).is_none());
        }
        let seconds = processor_seconds() - before;

        let message = vec![7; longest];
        let before = processor_seconds();
        for len in lengths {
            black_box(Sha256::digest(&message[..len]));
        }
        Cost {
            candidates,
            bytes,
            seconds,
            by_sha256: processor_seconds() - before,
        }
    }
}

/// What this thread has computed for so far: the first number, in nanoseconds, of what Linux says
/// of it.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default()).as_secs_f64()
}
