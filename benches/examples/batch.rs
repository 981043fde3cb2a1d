//! How many flows a second the core opens in one batch, for other languages to compare with.
//!
//! `batch FLOWS` prints a number: flows of 9 RSA-4096 claims a second of one thread's processor
//! time, which is the same on a machine that has more to do. `batch flow` prints such a flow.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its caller")]

use std::time::Duration;

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

    let start = processor_seconds();
    let results = open_many(&flows, &fixture.ring, &OpenOptions::new());
    let seconds = processor_seconds() - start;
    results.into_iter().collect::<Result<Vec<_>, _>>()?;
    println!("{}", f64::from(count) / seconds);
    Ok(())
}

/// What this thread has computed for so far: the first number, in nanoseconds, of what Linux says
/// of it.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default()).as_secs_f64()
}
