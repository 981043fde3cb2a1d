//! One budget for an address, in virtual time, against a model of the API's limit.

use core::time::Duration;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flowseal::api::{
    Action, ApiConfig, ApiVersion, Budget, Endpoint, HttpResponse, Session, SharedCount,
};
use flowseal::{ErrorCode, UnixTime};
use proptest::prelude::*;

use crate::caller::{START, flow};
use crate::config;

fn base() -> Arc<ApiConfig> {
    Arc::new(config(ApiVersion::V2))
}

fn at(since_start: Duration) -> UnixTime {
    (START + since_start).into()
}

fn milliseconds(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// The API, which approves each flow so long after it began to be watched.
struct World {
    budget: Budget,
    sessions: Vec<(Session, Duration)>,
    approved_after: Duration,
    /// What was sent, and by whom.
    sent: Vec<(Duration, usize)>,
    ended: BTreeSet<usize>,
}

impl World {
    fn of(count: usize, approved_after: Duration) -> Self {
        let (budget, config) = (Budget::new(), base());
        let sessions = (0..count).map(|_| {
            let session = Session::new(config.clone(), "req_1").unwrap();
            (session.with_budget(&budget).unwrap(), Duration::ZERO)
        });
        Self {
            sessions: sessions.collect(),
            budget,
            approved_after,
            sent: Vec::new(),
            ended: BTreeSet::new(),
        }
    }

    /// Lets all sessions do what they want to until this moment; each wakes when it was told to.
    fn run(&mut self, until: Duration, mut chance: u32) {
        while self.ended.len() < self.sessions.len() {
            let live = self.sessions.iter().enumerate();
            let live = live.filter(|(index, _)| !self.ended.contains(index));
            let (index, now) = live
                .map(|(index, (_, wakes))| (index, *wakes))
                .min_by_key(|(index, wakes)| (*wakes, *index))
                .unwrap();
            if now > until {
                return;
            }
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (session, wakes) = &mut self.sessions[index];
            match session.poll(at(now), chance) {
                Action::Wait(pause) => {
                    assert!(!pause.is_zero(), "a wait for nothing");
                    *wakes = now + pause;
                }
                Action::Send { .. } => {
                    self.sent.push((now, index));
                    let members = match now >= self.approved_after {
                        true => r#", "signature": "AAAA""#,
                        false => "",
                    };
                    session.handle(&HttpResponse::new(200, &flow(members)), at(now));
                }
                Action::Progress(_) => {}
                Action::Stream { .. } => panic!("nobody has asked for a stream"),
                Action::Ended(end) => {
                    assert!(end.is_ok(), "{end:?}");
                    self.ended.insert(index);
                }
            }
        }
    }

    /// The most that any 60 s saw, their ends included.
    fn most_in_a_minute(&self) -> usize {
        let minute = Duration::from_secs(60);
        let within = |start: &Duration| {
            let sent = self.sent.iter();
            sent.filter(|(at, _)| (*start..=*start + minute).contains(at))
                .count()
        };
        self.sent
            .iter()
            .map(|(at, _)| within(at))
            .max()
            .unwrap_or(0)
    }

    /// The longest that a session that wanted to had to wait for its turn.
    fn longest_wait(&self) -> Duration {
        let mut longest = Duration::ZERO;
        let mut last = vec![Duration::ZERO; self.sessions.len()];
        for (at, index) in &self.sent {
            longest = longest.max(*at - last[*index]);
            last[*index] = *at;
        }
        longest
    }
}

#[test]
fn two_hundred_sessions_of_one_address_all_end_within_its_limit() {
    let mut world = World::of(200, milliseconds(2_000));
    world.run(Duration::from_secs(340), 1);
    assert_eq!(world.ended.len(), 200);
    let most = world.most_in_a_minute();
    assert!((60..=97).contains(&most), "{most}");
    let longest = world.longest_wait();
    println!("the longest wait for a turn: {longest:?}, the most in a minute: {most}");
    // A round of 0.8 s each, and the pause between two pings.
    assert!(longest < Duration::from_secs(170), "{longest:?}");
}

#[test]
fn more_sessions_than_can_end_are_refused_at_the_start() {
    let (budget, config) = (Budget::new().with_most_sessions(2), base());
    let session = || Session::new(config.clone(), "req_1").unwrap();
    let first = session().with_budget(&budget).unwrap();
    let second = session().with_budget(&budget).unwrap();
    let refused = session().with_budget(&budget).map(|_| ()).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ApiRateLimited);
    // Another base has a limit of its own.
    let other = config
        .copied()
        .with_base_url("https://gateway.example")
        .unwrap();
    assert!(
        Session::new(other, "req_1")
            .unwrap()
            .with_budget(&budget)
            .is_ok()
    );
    // A place is free again when its session has ended or is gone.
    drop(first);
    assert!(session().with_budget(&budget).is_ok());
    let mut second = second;
    let Action::Send { .. } = second.poll(at(Duration::ZERO), 0) else {
        panic!("no ping");
    };
    let answer = flow(r#", "cancelled_": 1, "signature": "AAAA""#);
    second.handle(&HttpResponse::new(200, &answer), at(Duration::ZERO));
    let third = session().with_budget(&budget).unwrap();
    assert!(session().with_budget(&budget).is_ok());
    drop(third);
}

#[test]
fn what_is_urgent_has_a_share_and_leaves_one() {
    let (budget, config) = (Budget::new(), base());
    let now = at(Duration::ZERO);
    let urgent = (0..100)
        .filter(|_| budget.urgent(&config, now).is_ok())
        .count();
    assert_eq!(urgent, 57);
    let pause = budget.urgent(&config, now).unwrap_err();
    assert!(pause > Duration::from_secs(60) && pause < Duration::from_secs(61));
    assert!(budget.urgent(&config, now + pause).is_ok());
    // Pings go on meanwhile, at forty a minute and no more.
    let mut world = World::of(60, Duration::from_secs(1000));
    for _ in 0..57 {
        world.sent.push((Duration::ZERO, 0));
        world.budget.urgent(&config, now).unwrap();
    }
    world.run(Duration::from_secs(59), 1);
    assert_eq!(world.most_in_a_minute(), 97);

    // And a cancel goes through where pings have used up all of theirs.
    let mut world = World::of(100, Duration::from_secs(1000));
    world.run(Duration::from_secs(100), 1);
    let now = at(Duration::from_secs(100));
    let (session, _) = &mut world.sessions[99];
    session.cancel();
    match session.poll(now, 0) {
        Action::Send { request, .. } => assert_eq!(request.endpoint(), Endpoint::Cancel),
        other => panic!("{other:?}"),
    }
    let urgent = (0..100).filter(|_| world.budget.urgent(&config, now).is_ok());
    assert!(urgent.count() >= 16);
}

#[test]
fn a_count_that_is_shared_is_asked_too_and_fails_closed() {
    struct Never;
    impl SharedCount for Never {
        fn take(&self, base: &str, _now: UnixTime) -> Result<(), Duration> {
            assert_eq!(base, "https://s.pasby.africa");
            // The database is away.
            Err(Duration::ZERO)
        }
    }
    let (budget, config) = (Budget::new().with_shared_count(Never), base());
    let now = at(Duration::ZERO);
    assert_eq!(budget.urgent(&config, now), Err(milliseconds(50)));
    let session = Session::new(config, "req_1").unwrap();
    let mut session = session.with_budget(&budget).unwrap();
    for second in 0..300 {
        match session.poll(at(Duration::from_secs(second)), 0) {
            Action::Wait(pause) => assert!(!pause.is_zero()),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_clock_that_is_set_back_or_runs_wild_neither_stops_it_nor_opens_it() {
    let (budget, config) = (Budget::new(), base());
    let take = |now: Duration| budget.urgent(&config, now.into()).is_ok();
    let hour = Duration::from_secs(3600);
    assert_eq!((0..57).filter(|_| take(START + hour)).count(), 57);
    // Nobody knows how long ago those were.
    assert!(!take(START) && !take(START + Duration::from_secs(60)));
    assert!(take(START + Duration::from_secs(61)));
    for wild in [Duration::MAX, Duration::ZERO, Duration::MAX, START] {
        let _ = take(wild);
        let session = Session::new(config.clone(), "req_1").unwrap();
        let _ = session.with_budget(&budget).unwrap().poll(wild.into(), 0);
    }
}

/// The count of processes of which another has used everything up, while it is closed.
struct Gate(Arc<AtomicBool>);

impl SharedCount for Gate {
    fn take(&self, _base: &str, _now: UnixTime) -> Result<(), Duration> {
        match self.0.load(Ordering::Relaxed) {
            true => Err(Duration::from_secs(1)),
            false => Ok(()),
        }
    }
}

/// Two sessions of one budget, which were both told to wait, the first one to come back after 1 s.
fn two_that_wait() -> (Session, Session) {
    let (closed, config) = (Arc::new(AtomicBool::new(true)), base());
    let budget = Budget::new().with_shared_count(Gate(closed.clone()));
    let session = || {
        let session = Session::new(config.clone(), "req_1").unwrap();
        session.with_budget(&budget).unwrap()
    };
    let (mut first, mut second) = (session(), session());
    assert!(!sends(&mut first, 0) && !sends(&mut second, 0));
    closed.store(false, Ordering::Relaxed);
    (first, second)
}

fn sends(session: &mut Session, now: u64) -> bool {
    matches!(session.poll(at(milliseconds(now)), 0), Action::Send { .. })
}

#[test]
fn who_the_shared_count_refuses_keeps_the_place_in_the_queue() {
    let (mut first, mut second) = two_that_wait();
    // The second may come back earlier, and waits for the first.
    assert!(!sends(&mut second, 900));
    assert!(sends(&mut first, 1000) && sends(&mut second, 1000));
}

#[test]
fn who_does_not_come_back_holds_nobody_up_for_long() {
    let (mut first, mut second) = two_that_wait();
    assert!(!sends(&mut second, 3000));
    assert!(sends(&mut second, 3001));
    assert!(sends(&mut first, 3100));
}

/// A count that lets the first who asks wait for an hour, since its database was away.
struct Failed(AtomicBool);

impl SharedCount for Failed {
    fn take(&self, _base: &str, _now: UnixTime) -> Result<(), Duration> {
        match self.0.swap(true, Ordering::Relaxed) {
            false => Err(Duration::from_secs(3600)),
            true => Ok(()),
        }
    }
}

#[test]
fn who_is_told_to_wait_for_long_holds_nobody_up_meanwhile() {
    let budget = Budget::new().with_shared_count(Failed(AtomicBool::new(false)));
    let config = base();
    let session = || {
        let session = Session::new(config.clone(), "req_1").unwrap();
        session.with_budget(&budget).unwrap()
    };
    let (mut first, mut second) = (session(), session());
    assert!(!sends(&mut first, 0) && !sends(&mut second, 1));
    assert!(sends(&mut second, 4001));
    // And has the place of before whenever it asks.
    assert!(sends(&mut first, 4100));
}

#[test]
fn what_a_count_has_refused_is_not_used_up() {
    let (closed, config) = (Arc::new(AtomicBool::new(true)), base());
    let budget = Budget::new().with_shared_count(Gate(closed.clone()));
    let urgent = || budget.urgent(&config, at(Duration::ZERO)).is_ok();
    // Starts that are asked for again and again while the database is away.
    assert_eq!((0..200).filter(|_| urgent()).count(), 0);
    let session = Session::new(config.clone(), "req_1").unwrap();
    let mut session = session.with_budget(&budget).unwrap();
    for now in (0..60_000).step_by(500) {
        assert!(!sends(&mut session, now));
    }
    closed.store(false, Ordering::Relaxed);
    let urgent = || budget.urgent(&config, at(milliseconds(60_000))).is_ok();
    assert_eq!((0..200).filter(|_| urgent()).count(), 57);
    assert!(sends(&mut session, 62_000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_minute_has_more_than_97_and_nobody_starves(
        count in 1_usize..40,
        approved in 0_u64..200,
        chance: u32,
        urgent in prop::collection::vec(0_u64..150_000, 0..120),
    ) {
        let mut world = World::of(count, Duration::from_secs(approved));
        let (config, mut urgent) = (base(), urgent);
        urgent.sort_unstable();
        for moment in urgent.into_iter().map(milliseconds) {
            world.run(moment, chance);
            if world.budget.urgent(&config, at(moment)).is_ok() {
                world.sent.push((moment, usize::MAX));
            }
        }
        world.run(Duration::from_secs(340), chance);
        prop_assert_eq!(world.ended.len(), count);
        prop_assert!(world.most_in_a_minute() <= 97);
        world.sent.retain(|(_, index)| *index != usize::MAX);
        // At the worst forty turns a minute, in bursts.
        prop_assert!(world.longest_wait() < Duration::from_secs(130));
    }
}
