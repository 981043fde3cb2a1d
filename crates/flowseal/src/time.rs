//! Times as the API sends them: Unix seconds.

use std::fmt;

use crate::error::{Error, ErrorCode};

/// A moment in whole Unix seconds, from 1970 on.
///
/// The core has no clock: a moment comes from a flow or from the caller. A number of 10¹¹ or more
/// would be a moment after the year 5138, and is refused as milliseconds.
///
/// ```
/// use flowseal::{ErrorCode, UnixTime};
///
/// assert_eq!(UnixTime::from_seconds(1716820121)?.seconds(), 1716820121);
/// let milliseconds = UnixTime::from_seconds(1716820121000).unwrap_err();
/// assert_eq!(milliseconds.code(), ErrorCode::Time);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct UnixTime(u64);

impl UnixTime {
    /// The moment `seconds` after the beginning of 1970.
    ///
    /// # Errors
    /// `time` for a negative number and for one that must be milliseconds.
    pub fn from_seconds(seconds: i64) -> Result<Self, Error> {
        match u64::try_from(seconds) {
            Ok(seconds) if seconds < FIRST_MILLISECONDS => Ok(Self(seconds)),
            Ok(_) => Err(Error::new(
                ErrorCode::Time,
                format!(
                    "{seconds} is not a time in Unix seconds but looks like milliseconds: divide it by 1000"
                ),
            )),
            Err(_) => Err(Error::new(
                ErrorCode::Time,
                format!("{seconds} is before 1970, so it is no time of a flow"),
            )),
        }
    }

    /// Seconds since the beginning of 1970.
    pub fn seconds(self) -> u64 {
        self.0
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
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
