//! How the examples take times.

use std::time::{Duration, Instant};

/// The shortest of the runs that fit the budget, of one at least: on a machine that has other work
/// too, the time that the others spoil least.
pub(crate) fn shortest(budget: Duration, mut operation: impl FnMut()) -> Duration {
    let start = Instant::now();
    let mut shortest = Duration::MAX;
    while start.elapsed() < budget {
        let start = Instant::now();
        operation();
        shortest = shortest.min(start.elapsed());
    }
    shortest
}
