//! How many flows a second the core opens in one batch, for other languages to compare with.
//!
//! `batch FLOWS` prints a number: flows of 9 RSA-4096 claims a second, on one thread. `batch flow`
//! prints such a flow.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its caller")]

use std::time::Instant;

use flowseal::{Error, OpenOptions, open_many};
use flowseal_benches::Fixture;

fn main() -> Result<(), Error> {
    let fixture = Fixture::new(4096, 9)?;
    let argument = std::env::args().nth(1).unwrap_or_default();
    let Ok(count) = argument.parse::<u32>() else {
        print!("{}", fixture.response);
        return Ok(());
    };
    let verified = (0..count).map(|_| fixture.verified());
    let verified = verified.collect::<Result<Vec<_>, _>>()?;
    let flows: Vec<_> = verified.iter().collect();

    let start = Instant::now();
    let results = open_many(&flows, &fixture.ring, &OpenOptions::new());
    let seconds = start.elapsed().as_secs_f64();
    results.into_iter().collect::<Result<Vec<_>, _>>()?;
    println!("{}", f64::from(count) / seconds);
    Ok(())
}
