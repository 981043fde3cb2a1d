//! Moments: what a caller calls now. And chance, which comes from outside as time does.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flowseal::{ErrorCode, UnixTime};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDateTime, PyDelta, PyFloat};

use crate::errors::Failure;

/// The moment that the caller gives, or else the system's.
///
/// An `int`, a `float` (whose fraction is cut off) or a `datetime` that knows its zone.
pub(crate) fn now(given: Option<&Bound<'_, PyAny>>) -> Result<UnixTime, Failure> {
    let seconds = match given {
        None => system_seconds()?,
        Some(moment) => seconds(moment)?,
    };
    Ok(UnixTime::from_seconds(seconds)?)
}

/// The Unix seconds of a moment, also of one that no flow can have: tests make such flows.
pub(crate) fn seconds(moment: &Bound<'_, PyAny>) -> Result<i64, Failure> {
    if let Ok(seconds) = moment.cast::<PyFloat>() {
        whole(seconds.value())
    } else if let Ok(seconds) = moment.extract::<i64>() {
        Ok(seconds)
    } else if let Ok(moment) = moment.cast::<PyDateTime>() {
        whole(aware(moment)?)
    } else {
        Err(unusable(
            "it is not an int, float or datetime of today's range",
        ))
    }
}

/// The same with its fraction, as the time since 1970: by it a session measures its pauses.
pub(crate) fn since_1970(given: Option<&Bound<'_, PyAny>>) -> Result<Duration, Failure> {
    let Some(moment) = given else {
        return system();
    };
    let whole = now(Some(moment))?.seconds();
    let seconds = match moment.cast::<PyDateTime>() {
        Ok(moment) => aware(moment)?,
        Err(_) => moment.extract()?,
    };
    let fraction = Duration::try_from_secs_f64(seconds - seconds.floor());
    Ok(Duration::from_secs(whole).saturating_add(fraction.unwrap_or_default()))
}

/// The random number that the caller gives, or else one of Python's own.
pub(crate) fn jitter(py: Python<'_>, given: Option<u32>) -> PyResult<u32> {
    match given {
        Some(jitter) => Ok(jitter),
        None => py
            .import("random")?
            .call_method1("getrandbits", (32,))?
            .extract(),
    }
}

/// A length of time: seconds or a `timedelta`.
pub(crate) fn length(given: &Bound<'_, PyAny>) -> Result<Duration, Failure> {
    if given.is_instance_of::<PyBool>() {
        return Err(no_length("it is a bool"));
    }
    // A float would round the longest ones to what is no length.
    if let Ok(seconds) = given.extract::<u64>() {
        return Ok(Duration::from_secs(seconds));
    }
    let seconds: f64 = match given.cast::<PyDelta>() {
        Ok(delta) => delta.call_method0("total_seconds")?.extract()?,
        Err(_) => given.extract().map_err(|_| {
            let kind = given.get_type().name().map(|kind| kind.to_string());
            no_length(&format!("it is of the type {}", kind.unwrap_or_default()))
        })?,
    };
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| no_length("it is negative, too large or not a number"))
}

/// A length of a day at most. What a clock shows, given by mistake, would be one that never ends.
pub(crate) fn length_within_a_day(given: &Bound<'_, PyAny>) -> Result<Duration, Failure> {
    const DAY: Duration = Duration::from_secs(86_400);

    match length(given)? {
        length if length <= DAY => Ok(length),
        _ => Err(no_length("it is longer than a day, as a moment would be")),
    }
}

fn no_length(why: &str) -> Failure {
    let sentence =
        format!("this is not a length of time, since {why}: give seconds or a timedelta");
    Failure::new(ErrorCode::Usage, sentence)
}

fn system_seconds() -> Result<i64, Failure> {
    i64::try_from(system()?.as_secs())
        .map_err(|_| unusable("the system's clock is set too far ahead"))
}

fn system() -> Result<Duration, Failure> {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
    elapsed.map_err(|_| unusable("the system's clock is set to before 1970"))
}

fn aware(moment: &Bound<'_, PyDateTime>) -> Result<f64, Failure> {
    if moment.call_method0("utcoffset")?.is_none() {
        return Err(unusable(
            "the datetime knows no time zone, so it is another moment on every machine",
        ));
    }
    Ok(moment.call_method0("timestamp")?.extract()?)
}

fn whole(seconds: f64) -> Result<i64, Failure> {
    // Within ±2⁵³ each whole float is an integer: the cast changes nothing.
    let whole = seconds.floor();
    if whole.abs() > 9_007_199_254_740_992.0 || !whole.is_finite() {
        return Err(unusable("it is not a number of seconds"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "its bounds were checked above"
    )]
    Ok(whole as i64)
}

fn unusable(why: &str) -> Failure {
    Failure::new(
        ErrorCode::Time,
        format!(
            "this is not a moment that can be used, since {why}: give Unix seconds or an aware datetime"
        ),
    )
}
