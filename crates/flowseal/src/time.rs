//! Moments: as the API sends them, in Unix seconds, and as callers have them.

use core::time::Duration;
use std::fmt;
use std::ops::{Add, AddAssign};
// The type alone: what the clock says is the caller's to ask.
use std::time::SystemTime;

use crate::error::{Error, ErrorCode};

/// A moment, as the time since the beginning of 1970: what this library takes where others ask a
/// clock.
///
/// The core has no clock: a moment comes from a flow or from the caller. Of a number the unit
/// has to be guessed, so one of 10¹¹ or more, a moment after the year 5138, is refused as
/// milliseconds; a `Duration` and a `SystemTime` say their unit.
///
/// ```
/// use flowseal::{ErrorCode, UnixTime};
///
/// assert_eq!(UnixTime::from_seconds(1716820121)?.seconds(), 1716820121);
/// let milliseconds = UnixTime::from_seconds(1716820121000).unwrap_err();
/// assert_eq!(milliseconds.code(), ErrorCode::Time);
///
/// let now = UnixTime::try_from(std::time::SystemTime::now())?;
/// assert!(now > UnixTime::from_seconds(1716820121)?);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct UnixTime(Duration);

impl UnixTime {
    /// The moment `seconds` after the beginning of 1970.
    ///
    /// # Errors
    /// `time` for a negative number and for one that must be milliseconds.
    pub fn from_seconds(seconds: i64) -> Result<Self, Error> {
        match u64::try_from(seconds) {
            Ok(seconds) if seconds < FIRST_MILLISECONDS => Ok(Self(Duration::from_secs(seconds))),
            Ok(_) => Err(Error::new(
                ErrorCode::Time,
                format!(
                    "{seconds} is not a time in Unix seconds but looks like milliseconds: divide it by 1000"
                ),
            )),
            Err(_) => Err(Error::new(
                ErrorCode::Time,
                format!("{seconds} is before 1970, when there were no flows"),
            )),
        }
    }

    /// Whole seconds since the beginning of 1970.
    pub fn seconds(self) -> u64 {
        self.0.as_secs()
    }

    /// The moment in UTC, as `2024-05-27` and `14:28:41` with these texts between and behind them.
    pub(crate) fn utc(self, between: &str, behind: &str) -> String {
        let (days, second) = (self.seconds() / 86_400, self.seconds() % 86_400);
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        format!("{year:04}-{month:02}-{day:02}{between}{hour:02}:{minute:02}:{second:02}{behind}")
    }

    /// The time since the beginning of 1970.
    pub fn since_1970(self) -> Duration {
        self.0
    }
}

/// The moment that is so much later.
impl Add<Duration> for UnixTime {
    type Output = Self;

    fn add(self, later: Duration) -> Self {
        Self(self.0.saturating_add(later))
    }
}

impl AddAssign<Duration> for UnixTime {
    fn add_assign(&mut self, later: Duration) {
        *self = *self + later;
    }
}

/// The time since the beginning of 1970.
impl From<Duration> for UnixTime {
    fn from(since_1970: Duration) -> Self {
        Self(since_1970)
    }
}

impl TryFrom<SystemTime> for UnixTime {
    type Error = Error;

    /// # Errors
    /// `time` for a moment before 1970, which is a clock that was never set.
    fn try_from(moment: SystemTime) -> Result<Self, Error> {
        let since_1970 = moment.duration_since(SystemTime::UNIX_EPOCH);
        since_1970.map(Self).map_err(|_| {
            Error::new(
                ErrorCode::Time,
                "the clock is set to before 1970: correct it",
            )
        })
    }
}

impl fmt::Display for UnixTime {
    /// Whole Unix seconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.seconds().fmt(f)
    }
}

/// Year, month and day of the proleptic Gregorian calendar, so many days after 1970 began: Howard
/// Hinnant's `civil_from_days`, for which years begin in March.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_based = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_based + 2) / 5 + 1;
    let month = if march_based < 10 {
        march_based + 3
    } else {
        march_based - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

const FIRST_MILLISECONDS: u64 = 100_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_each_bound() {
        for (seconds, accepted) in [
            (-1, false),
            (0, true),
            (99_999_999_999, true),
            (100_000_000_000, false),
            (i64::MAX, false),
            (i64::MIN, false),
        ] {
            assert_eq!(
                UnixTime::from_seconds(seconds).is_ok(),
                accepted,
                "{seconds}"
            );
        }
    }
}
