//! How long flows took, as a histogram that does not grow.

use std::time::Duration;

/// Times in buckets, of which each is a thirty-second part of a power of two wide: no percentile is
/// wrong by more than 3 %.
pub(super) struct Times {
    buckets: Vec<u64>,
    all: u64,
}

/// Buckets to a power of two.
const PARTS: u32 = 32;

impl Default for Times {
    fn default() -> Self {
        Self {
            buckets: vec![0; 64 * 32],
            all: 0,
        }
    }
}

impl Times {
    /// So many flows took so long together.
    pub(super) fn add(&mut self, flows: usize, took: Duration) {
        let Ok(count) = u32::try_from(flows) else {
            return;
        };
        if count == 0 {
            return;
        }
        let each = u64::try_from((took / count).as_nanos()).unwrap_or(u64::MAX);
        if let Some(bucket) = self.buckets.get_mut(bucket_of(each)) {
            *bucket += u64::from(count);
            self.all += u64::from(count);
        }
    }

    /// The times that so many of a hundred flows took at most; `None` where there were none.
    pub(super) fn percentiles<const N: usize>(&self, of: [u64; N]) -> Option<[Duration; N]> {
        (self.all > 0).then(|| of.map(|percent| self.percentile(percent)))
    }

    fn percentile(&self, percent: u64) -> Duration {
        let wanted = (self.all * percent).div_ceil(100);
        let mut so_far = 0;
        let bucket = self.buckets.iter().position(|count| {
            so_far += count;
            so_far >= wanted
        });
        Duration::from_nanos(bucket.map_or(0, end_of))
    }
}

fn bucket_of(nanos: u64) -> usize {
    let nanos = nanos.max(1);
    let power = nanos.ilog2();
    let part = match power.checked_sub(PARTS.ilog2()) {
        Some(shift) => (nanos >> shift) % u64::from(PARTS),
        None => (nanos << (PARTS.ilog2() - power)) % u64::from(PARTS),
    };
    let bucket = u64::from(power * PARTS) + part;
    usize::try_from(bucket).unwrap_or_default()
}

/// The longest time in a bucket.
fn end_of(bucket: usize) -> u64 {
    let bucket = u64::try_from(bucket).unwrap_or_default();
    let (power, part) = (bucket / u64::from(PARTS), bucket % u64::from(PARTS));
    let end = (u128::from(PARTS) + u128::from(part) + 1) << power;
    u64::try_from(end / u128::from(PARTS)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_right_to_some_percent() {
        let mut times = Times::default();
        assert!(times.percentiles([50]).is_none());
        for micros in 1..=1000 {
            times.add(1, Duration::from_micros(micros));
        }
        times.add(0, Duration::from_secs(1));
        let [p50, p90, p99] = times.percentiles([50, 90, 99]).unwrap();
        for (found, micros) in [(p50, 500), (p90, 900), (p99, 990)] {
            let micros = Duration::from_micros(micros);
            assert!(found >= micros && found <= micros * 104 / 100, "{found:?}");
        }
    }

    #[test]
    fn no_time_is_beyond_the_buckets() {
        for nanos in [0, 1, 31, 32, 33, 1 << 40, u64::MAX] {
            let bucket = bucket_of(nanos);
            assert!(bucket < 64 * 32 && end_of(bucket) >= nanos, "{nanos}");
        }
    }
}
