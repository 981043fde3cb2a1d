//! A session that listens: what a stream causes and what it cannot, in any order of chunks, ends
//! and answers.

use core::time::Duration;

use flowseal::api::{
    Action, ApiConfig, ApiVersion, Budget, Credentials, Endpoint, Environment, HttpResponse,
    Request, Session,
};
use flowseal::profile::Trust;
use flowseal::{ErrorCode, FlowState, UnixTime};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::caller::{START, flow, pending};
use crate::config;
use crate::pending::{GIVEN, browser, builder, sealed, v2};
use crate::received::without_signature;

fn on_session() -> String {
    flow(r#", "onsession": true"#)
}

fn complete() -> String {
    flow(r#", "signature": "AAAA""#)
}

fn event(answer: &str) -> String {
    format!("data: {}\n\n", answer.replace('\n', ""))
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A caller that does what a session says, one step at a time.
struct Listener {
    session: Session,
    now: Duration,
}

impl Listener {
    /// One whose stream is open.
    fn new() -> Self {
        let session = Session::new(config(ApiVersion::V2), "req_1").unwrap();
        let mut listener = Self {
            session: session.with_stream().unwrap(),
            now: START,
        };
        assert!(!listener.session.listens());
        let request = listener.streams();
        assert_eq!(request.endpoint(), Endpoint::Sse);
        assert!(request.url().ends_with("/api/v2/flow/sse?request=req_1"));
        listener
    }

    fn poll(&mut self) -> Action {
        self.session.poll(self.now.into(), 0)
    }

    #[track_caller]
    fn streams(&mut self) -> Request {
        match self.poll() {
            Action::Stream { request, timeout } => {
                assert_eq!(timeout, seconds(10));
                request
            }
            other => panic!("{other:?}"),
        }
    }

    /// Takes an event, and waits until there is something else to do.
    #[track_caller]
    fn hears(&mut self, answer: &str) {
        let event = event(answer);
        self.session.heard(event.as_bytes(), self.now.into());
    }

    #[track_caller]
    fn is_silent(&mut self) {
        match self.poll() {
            Action::Wait(pause) => assert!(pause > Duration::ZERO && self.session.listens()),
            other => panic!("{other:?}"),
        }
    }

    /// Waits until a ping is to be sent, and gives it and how long it waited.
    #[track_caller]
    fn pings(&mut self) -> (Request, Duration) {
        let mut waited = Duration::ZERO;
        loop {
            match self.poll() {
                Action::Send { request, .. } => {
                    assert_eq!(request.endpoint(), Endpoint::Ping);
                    return (request, waited);
                }
                Action::Wait(pause) => {
                    assert!(!pause.is_zero(), "a wait for nothing");
                    (waited, self.now) = (waited + pause, self.now + pause);
                }
                other => panic!("{other:?}"),
            }
        }
    }

    fn answers(&mut self, body: &str) {
        self.session
            .handle(&HttpResponse::new(200, body), self.now.into());
    }

    #[track_caller]
    fn ends(&mut self) -> Result<FlowState, ErrorCode> {
        match self.poll() {
            Action::Ended(end) => end.map(|flow| flow.state()).map_err(|error| error.code()),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn one_stream_takes_the_place_of_all_pings_but_those_that_confirm() {
    let mut listener = Listener::new();
    for _ in 0..20 {
        listener.hears(&pending());
        listener.is_silent();
        listener.now += seconds(2);
    }
    listener.hears(&on_session());
    assert_eq!(listener.pings().1, Duration::ZERO);
    listener.answers(&on_session());
    assert!(matches!(listener.poll(), Action::Progress(_)));
    for _ in 0..20 {
        listener.is_silent();
        listener.now += seconds(2);
        listener.hears(&on_session());
    }
    listener.hears(&complete());
    assert_eq!(listener.pings().1, Duration::ZERO);
    assert!(listener.session.listens());
    listener.answers(&complete());
    assert_eq!(listener.ends(), Ok(FlowState::Complete));
    assert!(!listener.session.listens());
    assert_eq!(listener.ends(), Err(ErrorCode::SessionOver));
}

#[test]
fn no_event_ends_a_session_whatever_it_says() {
    let cancelled = pending().replace("\"cancelled\": false", "\"cancelled\": true");
    let expired = r#"{"status": "successful", "reason": "Ping successful"}"#;
    for told in [
        complete(),
        cancelled,
        expired.to_owned(),
        r#"{"type": "session_expiry"}"#.to_owned(),
        r#"{"type": "authorization_error", "reason": "no"}"#.to_owned(),
    ] {
        let mut listener = Listener::new();
        listener.hears(&told);
        listener.pings();
        listener.answers(&pending());
        // A stream that goes on to say what is not so costs what pings would.
        let (_, waited) = listener.pings();
        assert!(
            (seconds(1)..seconds(3)).contains(&waited),
            "{waited:?} {told}"
        );
        listener.answers(&complete());
        assert_eq!(listener.ends(), Ok(FlowState::Complete), "{told}");
    }
}

#[test]
fn a_stream_that_is_broken_is_given_up_and_pings_go_on() {
    type Breaks = fn(&mut Listener);
    let ways: [(&str, Breaks); 8] = [
        ("it ends", |listener| {
            listener.session.stream_ended(listener.now.into());
        }),
        ("it says nothing", |listener| {
            match listener.poll() {
                Action::Wait(pause) => assert_eq!(pause, seconds(10)),
                other => panic!("{other:?}"),
            }
            listener.now += seconds(10);
        }),
        ("it says nothing but comments", |listener| {
            for _ in 0..5 {
                listener
                    .session
                    .heard(b": still here\n\n", listener.now.into());
                listener.now += seconds(2);
            }
        }),
        ("it speaks of another flow", |listener| {
            listener.hears(&complete().replace("req_1", "req_2"));
        }),
        ("it is no answer", |listener| listener.hears("<html>")),
        ("it answers something else", |listener| {
            listener.hears(r#"{"status": "successful", "data": {"token": "eyJ"}}"#);
        }),
        ("it is no text", |listener| {
            listener
                .session
                .heard(b"data: \"\xff\"\n\n", listener.now.into());
        }),
        ("an event is too large", |listener| {
            let large = vec![b'x'; (1 << 20) + 1];
            listener.session.heard(&large, listener.now.into());
        }),
    ];
    for (what, breaks) in ways {
        let mut listener = Listener::new();
        breaks(&mut listener);
        let (_, waited) = listener.pings();
        assert_eq!(waited, Duration::ZERO, "{what}");
        assert!(!listener.session.listens(), "{what}");
        listener.answers(&pending());
        // What still comes of it says nothing any more.
        listener.hears(&complete());
        let (_, waited) = listener.pings();
        assert!(
            (seconds(1)..seconds(3)).contains(&waited),
            "{what}: {waited:?}"
        );
        listener.answers(&complete());
        assert_eq!(listener.ends(), Ok(FlowState::Complete), "{what}");
    }
}

#[test]
fn what_is_told_while_a_ping_is_under_way_is_not_lost() {
    let mut listener = Listener::new();
    listener.hears(&on_session());
    listener.pings();
    listener.hears(&complete());
    listener.answers(&on_session());
    assert!(matches!(listener.poll(), Action::Progress(_)));
    let (_, waited) = listener.pings();
    assert!(waited < seconds(3), "{waited:?}");
    // And what the ping has told already causes none.
    listener.hears(&complete());
    listener.answers(&complete());
    assert_eq!(listener.ends(), Ok(FlowState::Complete));

    let mut listener = Listener::new();
    listener.hears(&on_session());
    listener.pings();
    listener.hears(&on_session());
    listener.answers(&on_session());
    assert!(matches!(listener.poll(), Action::Progress(_)));
    listener.is_silent();
}

#[test]
fn a_ping_that_fails_is_tried_again_while_the_stream_goes_on() {
    let mut listener = Listener::new();
    listener.hears(&complete());
    listener.pings();
    listener.session.lost(listener.now.into());
    assert!(listener.session.listens());
    let (_, waited) = listener.pings();
    assert!(waited >= seconds(1), "{waited:?}");
    listener.answers(&complete());
    assert_eq!(listener.ends(), Ok(FlowState::Complete));
}

#[test]
fn a_cancel_ends_the_stream_and_time_ends_both() {
    let mut listener = Listener::new();
    listener.session.cancel();
    assert!(!listener.session.listens());
    match listener.poll() {
        Action::Send { request, .. } => assert_eq!(request.endpoint(), Endpoint::Cancel),
        other => panic!("{other:?}"),
    }
    listener.answers(r#"{"status": "successful", "data": {"model": {"id": "req_1"}}}"#);
    assert_eq!(listener.ends(), Err(ErrorCode::FlowCancelled));

    let mut listener = Listener::new();
    while listener.now < START + Session::LIFETIME {
        listener.hears(&pending());
        listener.is_silent();
        listener.now += seconds(2);
    }
    assert_eq!(listener.ends(), Err(ErrorCode::FlowExpired));
}

#[test]
fn who_has_not_asked_for_a_stream_gets_none_and_v1_has_none() {
    let mut session = Session::new(config(ApiVersion::V2), "req_1").unwrap();
    // Nor does it listen to one that nobody has handed out.
    session.heard(event(&complete()).as_bytes(), START.into());
    session.stream_ended(START.into());
    assert!(!session.listens());
    assert!(matches!(session.poll(START.into(), 0), Action::Send { .. }));
    let v1 = Session::new(config(ApiVersion::V1), "req_1").unwrap();
    assert_eq!(v1.with_stream().unwrap_err().code(), ErrorCode::ApiVersion);
}

#[test]
fn a_flow_is_received_by_the_ping_that_a_stream_has_caused() {
    let pending = crate::pending::pending();
    let session = pending.session(v2()).unwrap();
    let session = session
        .with_stream()
        .unwrap()
        .with_trust(Trust::Received)
        .unwrap();
    let now = crate::pending::now();
    let mut listener = Listener {
        session,
        now: now.since_1970(),
    };
    listener.streams();
    let answer = without_signature(&sealed(builder(), GIVEN));
    listener.hears(&answer);
    let (request, _) = listener.pings();
    let response = HttpResponse::new(200, &answer).answering(&request);
    listener
        .session
        .handle(&response.with_url(request.url()), now);
    let Action::Ended(Ok(flow)) = listener.poll() else {
        panic!("no end");
    };
    let (mine, once) = (browser(), flowseal::api::FinishedFlows::new());
    let received = pending.finish_received(flow, None, Some(&mine), &once, now);
    assert_eq!(received.unwrap().trust(), Trust::Received);
}

#[test]
fn the_ping_that_confirms_does_not_wait_for_its_turn_while_few_do() {
    let (budget, config) = (Budget::new(), std::sync::Arc::new(config(ApiVersion::V2)));
    let others: Vec<_> = (0..50)
        .map(|_| {
            let session = Session::new(config.clone(), "req_1").unwrap();
            session.with_budget(&budget).unwrap()
        })
        .collect();
    let session = Session::new(config, "req_1")
        .unwrap()
        .with_stream()
        .unwrap();
    let session = session.with_budget(&budget).unwrap();
    let mut listener = Listener {
        session,
        now: START,
    };
    listener.streams();
    // All the others want to ping, again and again.
    let mut others = others;
    let mut crowd = |now: UnixTime| {
        for other in &mut others {
            let _ = other.poll(now, 0);
        }
    };
    let mut prompt = 0;
    for _ in 0..10 {
        crowd(listener.now.into());
        listener.hears(&complete());
        let (_, waited) = listener.pings();
        prompt += u32::from(waited < seconds(2));
        listener.answers(&pending());
        listener.now += seconds(2);
    }
    // The first four: a stream that says what is not so takes turns from then on.
    assert_eq!(prompt, 4);
}

const API_KEY: &str = "bk-test_hush-key";
const APP_SECRET: &str = "snb_hush-secret";

/// What happens next, whatever the session is at.
#[derive(Clone, Debug)]
enum Next {
    /// The stream brings this, up to there: the rest comes with the next piece.
    Brings(String),
    /// The stream ends.
    Ends,
    /// So much time passes.
    Passes(u64),
    /// The request that is under way is answered.
    Answers(u16, String),
    /// It gets no answer.
    Lost,
    /// The app wants no more.
    Cancels,
}

fn answer() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just(pending()),
        4 => Just(on_session()),
        2 => Just(complete()),
        1 => Just(pending().replace("req_1", "req_2")),
        1 => Just(pending().replace("false", "true")),
        1 => Just(r#"{"status": "successful"}"#.to_owned()),
        1 => Just(format!(r#"{{"type": "api_error", "reason": "{APP_SECRET}"}}"#)),
        1 => Just(format!("what is {API_KEY}, hush?")),
        1 => "\\PC{0,12}",
    ]
}

fn next() -> impl Strategy<Value = Next> {
    let status = prop_oneof![12 => Just(200), 1 => Just(401), 1 => Just(429), 1 => Just(503)];
    prop_oneof![
        8 => answer().prop_map(|answer| Next::Brings(event(&answer))),
        2 => ("[ -~\r\n]{0,20}").prop_map(Next::Brings),
        1 => Just(Next::Ends),
        8 => (0_u64..15_000).prop_map(Next::Passes),
        8 => (status, answer()).prop_map(|(status, body)| Next::Answers(status, body)),
        1 => Just(Next::Lost),
        1 => prop_oneof![9 => Just(Next::Passes(1)), 1 => Just(Next::Cancels)],
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn in_any_order_it_ends_in_time_within_the_rate_in_silence_and_by_a_ping(
        order in vec((next(), any::<u32>()), 1..60),
        cuts in vec(1_usize..40, 1..6),
    ) {
        let secret = flowseal::SecretText::copied_from;
        let credentials = Credentials { api_key: secret(API_KEY), app_secret: secret(APP_SECRET) };
        let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials).unwrap();
        let mut session = Session::new(config, "req_1").unwrap().with_stream().unwrap();
        let (mut now, mut sent, mut streams) = (Duration::ZERO, Vec::new(), 0);
        let (mut last_answer, mut end) = (String::new(), None);
        let mut under_way = None;
        let mut cuts = cuts.iter().cycle();
        'order: for (next, jitter) in order.iter().cycle().take(2_000) {
            let moment = (START + now).into();
            match next {
                Next::Brings(text) => {
                    let mut rest = text.as_bytes();
                    while !rest.is_empty() {
                        let (piece, after) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
                        session.heard(piece, moment);
                        rest = after;
                    }
                }
                Next::Ends => session.stream_ended(moment),
                Next::Passes(milliseconds) => now += Duration::from_millis(*milliseconds),
                Next::Answers(status, body) => {
                    if let Some(request) = under_way.take() {
                        last_answer.clone_from(body);
                        session.handle(&HttpResponse::new(*status, body).answering(&request), moment);
                    }
                }
                Next::Lost => {
                    under_way = None;
                    session.lost(moment);
                }
                Next::Cancels => session.cancel(),
            }
            for polls in 0.. {
                prop_assert!(polls < 10, "it does not come to rest");
                let action = session.poll((START + now).into(), *jitter);
                let shown = format!("{session:?} {action:?}");
                prop_assert!(!shown.contains("hush"), "{}", shown);
                match action {
                    Action::Send { request, .. } => {
                        sent.push(now);
                        under_way = Some(request);
                    }
                    Action::Stream { request, .. } => {
                        prop_assert!(!request.url().contains("hush"));
                        sent.push(now);
                        streams += 1;
                    }
                    Action::Progress(flow) => prop_assert_eq!(flow.reference(), "req_1"),
                    Action::Wait(pause) => {
                        prop_assert!(!pause.is_zero(), "a wait for nothing");
                        break;
                    }
                    Action::Ended(Ok(flow)) => {
                        // By what the ping said, and not by what the stream did.
                        prop_assert!(last_answer.contains("req_1"));
                        prop_assert!(matches!(flow.state(), FlowState::Complete | FlowState::Cancelled));
                        let of_ping = flowseal::Flow::from_json(last_answer.as_bytes()).unwrap();
                        prop_assert_eq!(of_ping.state(), flow.state());
                        end = Some(ErrorCode::FlowExpired);
                        break 'order;
                    }
                    Action::Ended(Err(error)) => {
                        prop_assert!(!error.sentence().contains("hush"), "{}", error);
                        end = Some(error.code());
                        break 'order;
                    }
                }
            }
        }
        // Where no time passes there is no end to wait for.
        let passes: u64 = order.iter().map(|(next, _)| match next {
            Next::Passes(milliseconds) => *milliseconds,
            _ => 0,
        }).sum();
        prop_assert!(end.is_some() || passes < 20_000, "no end after {:?}", now);
        prop_assert_ne!(end, Some(ErrorCode::SessionOver));
        prop_assert!(streams <= 1, "{} streams", streams);
        let most = Session::LIFETIME + Duration::from_secs(75) + Duration::from_millis(passes);
        prop_assert!(now <= most, "{:?}", now);
        for (index, start) in sent.iter().enumerate() {
            let minute = *start..*start + Duration::from_secs(60);
            let count = sent[index..].iter().filter(|at| minute.contains(at)).count();
            prop_assert!(count <= 100, "{count} requests in a minute");
        }
        if end.is_some() {
            prop_assert!(!session.listens());
            session.heard(event(&complete()).as_bytes(), (START + now).into());
            session.stream_ended((START + now).into());
            match session.poll((START + now).into(), 0) {
                Action::Ended(Err(error)) => prop_assert_eq!(error.code(), ErrorCode::SessionOver),
                other => prop_assert!(false, "{:?} after the end", other),
            }
        }
    }
}
