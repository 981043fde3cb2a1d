//! Many people who log in at once behind one address, against a limit that is the API's but for its
//! unit: a second here is a minute there.

use std::thread::sleep;
use std::time::{Duration, Instant};

use flowseal::api::{
    Action, ApiConfig, ApiVersion, Budget, Credentials, Environment, HttpResponse, Request, Session,
};
use flowseal::{Flow, FlowState, UnixTime};

use crate::server::Server;

const SESSIONS: usize = 200;

/// A minute in a second.
const SCALE: u32 = 60;

#[test]
fn two_hundred_sessions_of_one_budget_all_end_within_the_limit() {
    let server = Server::start(&["--limit", "100/1"]);
    let world = World {
        begun: Instant::now(),
        agent: ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .build()
            .new_agent(),
    };
    let credentials = Credentials {
        api_key: "bk-test_mock".into(),
        app_secret: "snb_mock".into(),
    };
    let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials).unwrap();
    let config = std::sync::Arc::new(config.with_base_url(&server.url()).unwrap());
    let budget = Budget::new();
    let mut people: Vec<_> = (0..SESSIONS)
        .map(|index| {
            let session = Session::new(config.clone(), format!("req_{index}")).unwrap();
            Person {
                // The mock's flows last as long as ever by the clock on the wall.
                session: session
                    .with_lifetime(Session::LIFETIME * SCALE)
                    .with_budget(&budget)
                    .unwrap(),
                wakes: world.now(),
                asked: None,
                longest: Duration::ZERO,
            }
        })
        .collect();

    let (mut requests, mut longest) = (0_u32, Duration::ZERO);
    while let Some(index) = (0..people.len()).min_by_key(|index| people[*index].wakes) {
        let person = &mut people[index];
        world.wait_until(person.wakes);
        match person.session.poll(world.now(), requests) {
            Action::Send { request, .. } => {
                requests += 1;
                let now = world.now().since_1970();
                let asked = person.asked.replace(now).unwrap_or(now);
                person.longest = person.longest.max(now.saturating_sub(asked));
                let (status, body) = world.sends(&request);
                assert_eq!(status, 200, "after {requests} requests");
                person
                    .session
                    .handle(&HttpResponse::new(status, &body), world.now());
            }
            Action::Wait(pause) => person.wakes = world.now() + pause,
            Action::Progress(_) => {}
            Action::Stream { .. } => panic!("nobody has asked for a stream"),
            Action::Ended(end) => {
                assert_eq!(end.as_ref().map(Flow::state).unwrap(), FlowState::Complete);
                longest = longest.max(person.longest);
                people.swap_remove(index);
            }
        }
    }
    println!(
        "{SESSIONS} sessions ended after {requests} requests in {:?}: the longest pause between two pings of one was {longest:?}, a minute being a second",
        world.begun.elapsed()
    );
}

struct Person {
    session: Session,
    wakes: UnixTime,
    /// When it sent last.
    asked: Option<Duration>,
    longest: Duration,
}

struct World {
    begun: Instant,
    agent: ureq::Agent,
}

impl World {
    /// The time of the sessions, which runs quicker than the mock's.
    fn now(&self) -> UnixTime {
        UnixTime::from(Duration::from_secs(1_716_820_060) + self.begun.elapsed() * SCALE)
    }

    fn wait_until(&self, moment: UnixTime) {
        let left = moment.since_1970().saturating_sub(self.now().since_1970());
        sleep(left / SCALE);
    }

    fn sends(&self, request: &Request) -> (u16, Vec<u8>) {
        let response = self.agent.run(request.to_http().unwrap()).unwrap();
        let (head, mut body) = response.into_parts();
        (head.status.as_u16(), body.read_to_vec().unwrap())
    }
}
