//! When the next request may be sent: time that only moves forward, pauses, and the API's limit.

use core::time::Duration;

use crate::ground::back_off::fraction;

/// Time as a session counts it: from its first moment on, never backwards.
///
/// A system's clock can be set back. What waits for a moment would then wait for an hour; here no
/// time has passed in that case.
#[derive(Default)]
pub(super) struct Clock {
    last: Option<Duration>,
    elapsed: Duration,
}

impl Clock {
    /// Moves on to `now`, and gives the time since the beginning.
    pub(super) fn advance(&mut self, now: Duration) -> Duration {
        let last = self.last.replace(now).unwrap_or(now);
        let passed = now.saturating_sub(last);
        self.elapsed = self.elapsed.saturating_add(passed);
        self.elapsed
    }

    /// The system's time when it was last told, in Unix seconds.
    pub(super) fn unix_seconds(&self) -> u64 {
        self.last.unwrap_or_default().as_secs()
    }
}

/// The API's limit of 100 requests a minute, kept by spacing (a generic cell rate algorithm).
///
/// `n` requests take at least `(n - 1 - BURST) * SPACING`. In 60 s that lets 97 of them through,
/// whichever 60 s one looks at, and the first few do not have to wait.
#[derive(Default)]
pub(super) struct Pace {
    /// When the next request would be due if all were evenly spaced.
    even: Duration,
}

const SPACING: Duration = Duration::from_millis(650);
const BURST: u32 = 4;

impl Pace {
    /// The first moment at which a request may be sent.
    pub(super) fn next(&self) -> Duration {
        self.even.saturating_sub(SPACING * BURST)
    }

    /// Counts a request that is sent now.
    pub(super) fn count(&mut self, now: Duration) {
        self.even = self.even.max(now).saturating_add(SPACING);
    }
}

/// The pause between two pings: 1 to 3 s, the longer the more of them brought nothing new.
pub(super) fn between_pings(idle: u32, jitter: u32) -> Duration {
    let shortest = Duration::from_secs(1) + Duration::from_millis(125) * idle.min(8);
    shortest + fraction(Duration::from_secs(1), jitter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::back_off::back_off;

    #[test]
    fn pauses_stay_in_their_bounds() {
        let seconds = Duration::from_secs;
        assert_eq!(between_pings(0, 0), seconds(1));
        assert!(between_pings(0, u32::MAX) < seconds(2));
        assert_eq!(between_pings(8, 0), seconds(2));
        assert!(between_pings(u32::MAX, u32::MAX) < seconds(3));
        assert_eq!(back_off(1, 0), seconds(1));
        assert_eq!(back_off(3, 0), seconds(4));
        assert_eq!(back_off(5, 0), seconds(15));
        assert!(back_off(u32::MAX, u32::MAX) < seconds(30));
    }

    #[test]
    fn a_clock_that_is_set_back_stands_still() {
        let mut clock = Clock::default();
        let at = |seconds| Duration::from_secs(seconds);
        assert_eq!(clock.advance(at(1000)), at(0));
        assert_eq!(clock.advance(at(1005)), at(5));
        assert_eq!(clock.advance(at(10)), at(5));
        assert_eq!(clock.advance(at(12)), at(7));
    }

    #[test]
    fn no_minute_has_more_than_a_hundred_requests() {
        let (mut pace, mut sent) = (Pace::default(), Vec::new());
        let mut now = Duration::from_secs(7);
        while now < Duration::from_secs(300) {
            if now >= pace.next() {
                pace.count(now);
                sent.push(now);
            }
            now += Duration::from_millis(1);
        }
        let minute = Duration::from_secs(60);
        let most = sent.iter().map(|start| {
            let within = |at: &&Duration| (*start..*start + minute).contains(*at);
            sent.iter().filter(within).count()
        });
        assert_eq!(most.max(), Some(97));
    }
}
