//! The only clock: the library takes every moment as an argument.

use std::time::{SystemTime, UNIX_EPOCH};

use flowseal::{ErrorCode, UnixTime};

use crate::failure::Failure;

/// The moment given by `--now`, or else the system's.
pub(crate) fn now(given: Option<i64>) -> Result<UnixTime, Failure> {
    let seconds = given.or_else(|| {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        i64::try_from(elapsed.as_secs()).ok()
    });
    let seconds = seconds.ok_or_else(|| {
        Failure::new(
            ErrorCode::Time,
            "the system's clock is set to before 1970: set it, or give --now",
        )
    })?;
    Ok(UnixTime::from_seconds(seconds)?)
}
