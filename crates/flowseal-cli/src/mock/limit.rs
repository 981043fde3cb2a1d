//! How many requests an address may send: `--limit N/SECONDS`.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// At most so many requests of an address within any so many seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limit {
    requests: usize,
    within: Duration,
}

impl FromStr for Limit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (requests, seconds) = text.split_once('/')?;
            let number = |digits: &str, most| {
                let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
                let number = digits.parse().ok().filter(|_| is_plain)?;
                (1..=most).contains(&number).then_some(number)
            };
            let (requests, seconds) = (number(requests, 100_000)?, number(seconds, 86_400)?);
            Some(Self {
                requests: usize::try_from(requests).ok()?,
                within: Duration::from_secs(seconds),
            })
        };
        read().ok_or("a limit is N/SECONDS, such as 100/60: at most 100000 requests, 86400 seconds")
    }
}

/// Counts the requests of each address.
#[derive(Default)]
pub(super) struct Limiter {
    limit: Option<Limit>,
    /// When the requests came that still count, oldest first.
    seen: Mutex<HashMap<IpAddr, VecDeque<Instant>>>,
}

/// As many addresses as are remembered before those that were quiet for long are forgotten.
const MANY: usize = 1024;

impl Limiter {
    pub(super) fn new(limit: Option<Limit>) -> Self {
        Self {
            limit,
            seen: Mutex::default(),
        }
    }

    /// Counts a request. One too many is not counted: how long until there is room again?
    pub(super) fn admit(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let Some(limit) = self.limit else {
            return Ok(());
        };
        let is_over = |then: &Instant| now.saturating_duration_since(*then) >= limit.within;
        // Every change is whole, so a panic has left none half done.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() > MANY {
            seen.retain(|_, times| times.back().is_some_and(|last| !is_over(last)));
        }
        let times = seen.entry(address).or_default();
        while times.front().is_some_and(is_over) {
            times.pop_front();
        }
        match times.front() {
            Some(oldest) if times.len() >= limit.requests => {
                Err(limit.within - now.saturating_duration_since(*oldest))
            }
            _ => {
                times.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn a_limit_is_read_within_its_bounds() {
        let read = |text: &str| text.parse::<Limit>().ok();
        let expected = Limit {
            requests: 100,
            within: Duration::from_secs(60),
        };
        assert_eq!(read("100/60"), Some(expected));
        assert!(read("100000/86400").is_some());
        for text in [
            "", "/", "100", "100/", "/60", "0/1", "1/0", "+1/1", "1/+1", "-1/1", "1.5/1", "1/1/1",
            "100001/1", "1/86401", " 1/1", "1/1s",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn any_window_has_so_many_requests_of_an_address_and_no_more() {
        let limiter = Limiter::new("2/10".parse().ok());
        let (here, there) = (
            IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::from([127, 0, 0, 2]),
        );
        let begun = Instant::now();
        let at = |address, seconds| limiter.admit(address, begun + Duration::from_secs(seconds));
        assert_eq!(at(here, 0), Ok(()));
        assert_eq!(at(here, 9), Ok(()));
        assert_eq!(at(here, 9), Err(Duration::from_secs(1)));
        assert_eq!(at(there, 9), Ok(()), "another address has its own");
        assert_eq!(at(here, 10), Ok(()), "the first no longer counts");
        assert_eq!(at(here, 18), Err(Duration::from_secs(1)));
        assert_eq!(at(here, 19), Ok(()));
        assert_eq!(Limiter::new(None).admit(here, begun), Ok(()));
    }

    #[test]
    fn addresses_that_are_quiet_are_forgotten() {
        let limiter = Limiter::new("1/1".parse().ok());
        let begun = Instant::now();
        for number in 0..=MANY {
            let address =
                IpAddr::from((0x7f00_0000_u32 + u32::try_from(number).unwrap()).to_be_bytes());
            assert_eq!(limiter.admit(address, begun), Ok(()));
        }
        let later = begun + Duration::from_secs(2);
        assert_eq!(
            limiter.admit(IpAddr::V4(Ipv4Addr::LOCALHOST), later),
            Ok(())
        );
        assert_eq!(limiter.seen.lock().unwrap().len(), 1);
    }
}
