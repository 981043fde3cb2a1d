//! What one flow takes, from the answer's bytes to its claims, by number of claims.
//!
//! `latency TURNS` reads, verifies and opens a flow of each size so often, in turns, and prints the
//! median of each as a line of JSON.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its caller")]

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use flowseal_benches::Fixture;

const CLAIMS: [usize; 9] = [1, 2, 4, 8, 9, 16, 24, 32, 64];
const BITS: [usize; 3] = [2048, 3072, 4096];

fn main() -> Result<(), Box<dyn Error>> {
    let turns: usize = std::env::args().nth(1).ok_or("latency TURNS")?.parse()?;
    let mut flows = Vec::new();
    for bits in BITS {
        for claims in CLAIMS {
            flows.push((bits, claims, Fixture::new(bits, claims)?, Vec::new()));
        }
    }
    // The first turn warms up, and is not counted: a clock that drifts strikes all sizes.
    for turn in 0..=turns {
        for (_, _, fixture, times) in &mut flows {
            let took = opened(fixture)?;
            if turn > 0 {
                times.push(took);
            }
        }
    }
    for (bits, claims, _, times) in &mut flows {
        times.sort();
        let median = times.get(times.len() / 2).ok_or("no turn, no time")?;
        println!(
            "{{\"row\": \"latency\", \"claims\": {claims}, \"bits\": {bits}, \"us\": {:.1}}}",
            median.as_secs_f64() * 1e6
        );
    }
    Ok(())
}

fn opened(fixture: &Fixture) -> Result<Duration, flowseal::Error> {
    let start = Instant::now();
    let claims = fixture.verified()?.open(&fixture.ring)?;
    let took = start.elapsed();
    black_box(claims);
    Ok(took)
}
