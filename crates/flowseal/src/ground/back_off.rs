//! Pauses that grow with failures, and chance that spreads them.

use core::time::Duration;

/// The pause after so many failures in a row: doubled each time up to 30 s, half of it by chance,
/// so that clients that failed together do not come back together.
pub(crate) fn back_off(failures: u32, jitter: u32) -> Duration {
    let longest = Duration::from_secs(1 << failures.min(5)).min(Duration::from_secs(30));
    longest / 2 + fraction(longest / 2, jitter)
}

/// As much of a duration as `jitter` is of its own range.
pub(crate) fn fraction(of: Duration, jitter: u32) -> Duration {
    let nanoseconds = (of.as_nanos() * u128::from(jitter)) >> 32;
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}
