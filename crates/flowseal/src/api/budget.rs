//! The requests that an address has left, shared by everything that a process sends from it.

use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::config::ApiConfig;
use crate::error::{Error, ErrorCode};
use crate::time::UnixTime;

/// What an address may ask of the API in a minute, shared by the sessions of a process.
///
/// The API counts 100 requests a minute by address, and a session asks every one to three seconds:
/// five people who log in at the same time use it up, and then nobody gets on. Sessions
/// [with a budget](crate::api::Session::with_budget) take turns instead, and are slower and not
/// refused. At most 97 requests of any kind are sent in any 60 s, by base URL. Of these
/// [urgent](Self::urgent) ones, such as the start of a flow and a cancel, always have 17, and the
/// sessions' pings always 40; pings take turns, whoever has waited longest first.
///
/// It has no clock and no thread: whoever asks says what time it is, and waits for as long as it is
/// told.
///
/// ```
/// # use flowseal::api::{ApiConfig, ApiVersion, Credentials, Environment, Session};
/// # use flowseal::UnixTime;
/// use flowseal::api::Budget;
///
/// # let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
/// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
/// # let config = std::sync::Arc::new(config);
/// # let now = UnixTime::from_seconds(1716820122)?;
/// let budget = Budget::new(); // One for the process.
/// match budget.urgent(&config, now) {
///     Ok(()) => {} // Send the start of a flow.
///     Err(pause) => println!("too busy: ask again in {} s", pause.as_secs()),
/// }
/// let session = Session::new(config, "req_1")?.with_budget(&budget)?;
/// # drop(session);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone)]
pub struct Budget {
    /// By base URL: the API's limit is one for each of its addresses.
    ledgers: Arc<Mutex<BTreeMap<String, Ledger>>>,
    most_sessions: usize,
    count: Option<Arc<dyn SharedCount>>,
}

/// A count that several processes behind one address share, usually in their database.
pub trait SharedCount: Send + Sync {
    /// Counts a request that is about to be sent to this base URL, or says how long to wait before
    /// asking again. What cannot be known is no leave: say how long to wait.
    ///
    /// # Errors
    /// The pause, where it may not be sent.
    fn take(&self, base: &str, now: UnixTime) -> Result<(), Duration>;
}

impl Budget {
    /// A whole budget, for [`MOST_SESSIONS`](Self::MOST_SESSIONS) sessions a base URL.
    pub fn new() -> Self {
        Self {
            ledgers: Arc::default(),
            most_sessions: Self::MOST_SESSIONS,
            count: None,
        }
    }

    /// How many sessions may share it, unless said otherwise. Of `n` each asks every `0.8 n`
    /// seconds, and a flow lives for 360.
    pub const MOST_SESSIONS: usize = 200;

    /// The same for so many sessions a base URL. Sessions count wherever they got it from.
    #[must_use]
    pub fn with_most_sessions(mut self, most_sessions: usize) -> Self {
        self.most_sessions = most_sessions;
        self
    }

    /// The same with a count that other processes share, which is asked beside its own.
    #[must_use]
    pub fn with_shared_count(mut self, count: impl SharedCount + 'static) -> Self {
        self.count = Some(Arc::new(count));
        self
    }

    /// Takes a request that does not wait for a turn: the start of a flow, a cancel, a ping that
    /// confirms a webhook. Ask just before it is sent.
    ///
    /// # Errors
    /// How long to wait, where even the reserved share is used up.
    pub fn urgent(&self, config: &ApiConfig, now: UnixTime) -> Result<(), Duration> {
        self.take(config.origin(), None, now)
    }

    /// A place among the sessions.
    pub(super) fn seat(&self, config: &ApiConfig) -> Result<Seat, Error> {
        let most = self.most_sessions;
        let base = config.origin().to_owned();
        let mut ledgers = self.ledgers();
        let ledger = ledgers.entry(base.clone()).or_default();
        if ledger.waiting.len() >= most {
            return Err(Error::new(
                ErrorCode::ApiRateLimited,
                format!(
                    "{most} sessions share the requests of this address already, and with more none of them would end in time: try again later"
                ),
            ));
        }
        let id = ledger.next_id;
        ledger.next_id += 1;
        ledger.waiting.insert(id, Waiting::default());
        drop(ledgers);
        let budget = self.clone();
        Ok(Seat { budget, base, id })
    }

    fn take(&self, base: &str, seat: Option<u64>, now: UnixTime) -> Result<(), Duration> {
        // The count of other processes is asked without the lock, since it may be far away. Until
        // it has answered, the request counts here as sent.
        let mut ledgers = self.ledgers();
        let ledger = ledgers.entry(base.to_owned()).or_default();
        let (turn, at) = match seat {
            Some(id) => {
                let (rank, at) = ledger.take_a_turn(id, now.since_1970())?;
                (Some((id, rank)), at)
            }
            None => (None, ledger.take_urgently(now.since_1970())?),
        };
        drop(ledgers);
        let Some(count) = &self.count else {
            return Ok(());
        };
        count.take(base, now).map_err(|pause| {
            let pause = pause.max(SHORTEST);
            if let Some(ledger) = self.ledgers().get_mut(base) {
                ledger.give_back(at, turn.is_none());
                if let Some((id, rank)) = turn {
                    // The others wait for no longer than behind one of their own, however long a
                    // count that has failed lets this one wait.
                    ledger.wait(id, rank, pause.min(LONGEST));
                }
            }
            pause
        })
    }

    /// Each use leaves it whole, so that a panic elsewhere does not spoil it.
    fn ledgers(&self) -> MutexGuard<'_, BTreeMap<String, Ledger>> {
        self.ledgers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sessions: usize = self
            .ledgers()
            .values()
            .map(|ledger| ledger.waiting.len())
            .sum();
        f.debug_struct("Budget")
            .field("sessions", &sessions)
            .finish_non_exhaustive()
    }
}

/// The place of one session in a budget, given back when it is dropped.
pub(super) struct Seat {
    budget: Budget,
    base: String,
    id: u64,
}

impl Seat {
    /// Takes a request, or says how long to wait.
    pub(super) fn take(&self, is_urgent: bool, now: UnixTime) -> Result<(), Duration> {
        let turn = (!is_urgent).then_some(self.id);
        self.budget.take(&self.base, turn, now)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(ledger) = self.budget.ledgers().get_mut(&self.base) {
            ledger.waiting.remove(&self.id);
        }
    }
}

/// What was sent to one base URL lately, and who waits.
#[derive(Default)]
struct Ledger {
    /// The latest moment that anyone has told.
    now: Duration,
    /// When requests were sent that the API may still count, and whether urgently.
    sent: VecDeque<(Duration, bool)>,
    /// When the next turn would be if all were evenly spaced.
    even: Duration,
    waiting: BTreeMap<u64, Waiting>,
    next_id: u64,
    /// The rank of the next one that begins to wait.
    next_rank: u64,
}

/// A session's place in the queue.
#[derive(Clone, Copy, Default)]
struct Waiting {
    /// Who began to wait earlier has a lower one; `None` while it does not want to send.
    rank: Option<u64>,
    /// When it was told to come back.
    until: Duration,
}

impl Ledger {
    fn advance(&mut self, now: Duration) -> Duration {
        if self.now.saturating_sub(now) > MINUTE {
            self.begin_again_at(now);
        }
        self.now = self.now.max(now);
        // A request that is exactly a minute old may be counted with this one.
        let now = self.now;
        let may_count = |at: &Duration| now.saturating_sub(*at) <= MINUTE;
        while self.sent.front().is_some_and(|(at, _)| !may_count(at)) {
            self.sent.pop_front();
        }
        now
    }

    /// The clock was set back, so that nobody knows how long ago anything was: it all counts as if
    /// it were now, and those who wait keep their order.
    fn begin_again_at(&mut self, now: Duration) {
        self.now = now;
        self.even = now;
        for (at, _) in &mut self.sent {
            *at = now;
        }
        for waiting in self.waiting.values_mut() {
            waiting.until = now;
        }
    }

    /// How long it takes until one more may be sent at all.
    fn until_free(&self, now: Duration) -> Duration {
        let Some(beyond) = self.sent.len().checked_sub(MOST) else {
            return Duration::ZERO;
        };
        let leaves = self.sent.get(beyond).map_or(now, |(at, _)| *at);
        leaves.saturating_add(MINUTE).saturating_sub(now) + TICK
    }

    /// Gives the moment that it counts from.
    fn take_urgently(&mut self, now: Duration) -> Result<Duration, Duration> {
        let now = self.advance(now);
        let urgent = || self.sent.iter().filter(|(_, is_urgent)| *is_urgent);
        let pause = match urgent().count().checked_sub(MOST_URGENT) {
            None => self.until_free(now),
            Some(beyond) => {
                let leaves = urgent().nth(beyond).map_or(now, |(at, _)| *at);
                leaves.saturating_add(MINUTE).saturating_sub(now) + TICK
            }
        };
        if !pause.is_zero() {
            return Err(pause);
        }
        self.sent.push_back((now, true));
        Ok(now)
    }

    /// Gives the rank that the turn was taken by, and the moment that it counts from.
    fn take_a_turn(&mut self, id: u64, now: Duration) -> Result<(u64, Duration), Duration> {
        let now = self.advance(now);
        let own = self.waiting.get(&id).and_then(|waiting| waiting.rank);
        let rank = own.unwrap_or_else(|| {
            self.next_rank += 1;
            self.next_rank
        });
        // Who was told to come back and has not come has lost the turn, and not the place.
        let is_before = |waiting: &&Waiting| {
            let is_there = waiting.until.saturating_add(PATIENCE) >= now;
            is_there && waiting.rank.is_some_and(|other| other < rank)
        };
        let before = self.waiting.values().filter(is_before).count();
        let turn = self.even.saturating_sub(SPACING * BURST);
        let turns = SPACING * u32::try_from(before).unwrap_or(u32::MAX);
        let turn = turn.saturating_add(turns);
        let pause = match before {
            0 => turn.saturating_sub(now).max(self.until_free(now)),
            _ => turn.saturating_sub(now).max(SHORTEST),
        };
        if !pause.is_zero() {
            let pause = pause.min(LONGEST);
            self.wait(id, rank, pause);
            return Err(pause);
        }
        self.waiting.insert(id, Waiting::default());
        self.even = self.even.max(now).saturating_add(SPACING);
        self.sent.push_back((now, false));
        Ok((rank, now))
    }

    /// Forgets a request that was not sent after all. Its turn stays taken, which spaces how often
    /// those who wait ask; and it stays itself where the clock was set back meanwhile.
    fn give_back(&mut self, at: Duration, is_urgent: bool) {
        let mut latest = self.sent.iter().rev();
        let behind = latest.position(|sent| *sent == (at, is_urgent));
        if let Some(index) = behind.and_then(|behind| self.sent.len().checked_sub(behind + 1)) {
            self.sent.remove(index);
        }
    }

    /// Lets a session wait for so long, in the place that it has.
    fn wait(&mut self, id: u64, rank: u64, pause: Duration) {
        if let Some(waiting) = self.waiting.get_mut(&id) {
            waiting.rank = Some(rank);
            waiting.until = self.now.saturating_add(pause);
        }
    }
}

const MINUTE: Duration = Duration::from_secs(60);

/// In any minute, its ends included: three less than the API counts, for what a proxy repeats.
const MOST: usize = 97;

/// Of these, so that 40 are left for those who wait.
const MOST_URGENT: usize = 57;

/// Turns in a minute: `60 / 0.8 + 1` and the burst, which is 80, so that 17 are left for what is
/// urgent.
const SPACING: Duration = Duration::from_millis(800);
const BURST: u32 = 4;

/// The least that moves a moment out of a minute.
const TICK: Duration = Duration::from_millis(1);

/// The pauses that it gives. Short ones, since others may leave the queue meanwhile.
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);

/// How long a turn is kept for who does not come.
const PATIENCE: Duration = Duration::from_secs(2);
