//! The endpoints: who may ask, what is asked, what is answered.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use flowseal::testkit::{FlowBuilder, Persona};
use flowseal::{Error, Mode};
use http_body_util::channel::{Channel, Sender};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, timeout};

use super::answers::{self, Answer, Dropped};
use super::flows::{Flow, Flows, Stage};
use super::keys::Keys;
use super::scenario::{Ending, Scenario};
use super::tokens::Tokens;

/// The API with its state.
pub(super) struct Api {
    scenario: Scenario,
    persona: Persona,
    tokens: Tokens,
    flows: Mutex<Flows>,
    /// None until they have been made.
    keys: watch::Receiver<Option<Arc<Keys>>>,
}

/// A larger body is refused; a request of the API's has fifty bytes.
const MOST_BODY: usize = 1 << 16;

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// How long polling holds its answer back.
const HOLD: Duration = Duration::from_secs(25);

/// How often a stream has an event, as the API's.
const BETWEEN_EVENTS: Duration = Duration::from_secs(2);

/// Who starts the flows that nobody has authorised for.
const REQUESTER: &str = "bcn_sample";

impl Api {
    /// The API, and where its keys are to be put.
    pub(super) fn new(
        scenario: Scenario,
        persona: Persona,
    ) -> (Self, watch::Sender<Option<Arc<Keys>>>) {
        let (sender, keys) = watch::channel(None);
        let api = Self {
            scenario,
            persona,
            tokens: Tokens::default(),
            flows: Mutex::default(),
            keys,
        };
        (api, sender)
    }

    /// Answers one request.
    pub(super) async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Answer, Dropped> {
        let (head, body) = request.into_parts();
        let Some((version, endpoint)) = route(&head.method, head.uri.path()) else {
            let unknown = format!("Cannot {} {}", head.method, head.uri.path());
            return Ok(answers::text(StatusCode::NOT_FOUND, &unknown));
        };
        let caller = match self.admit(&head.headers, version, endpoint) {
            Ok(caller) => caller,
            Err(refusal) => return Ok(*refusal),
        };
        let query = head.uri.query().unwrap_or_default();
        if endpoint == "authorize" {
            return Ok(self.authorize(query));
        }
        let reference = match endpoint {
            "sse" => parameter(query, "request"),
            _ => match reference_of(body).await {
                Ok(reference) => reference,
                Err(refusal) => return Ok(*refusal),
            },
        };
        let reference = match reference {
            Some(reference) if reference.starts_with("req_") && reference.len() <= 256 => reference,
            Some(_) => {
                return Ok(answers::issue(
                    "custom",
                    "request",
                    "Invalid request identifier",
                ));
            }
            None => return Ok(answers::issue("invalid_type", "request", "Required")),
        };

        if endpoint == "cancel" {
            return Ok(self.cancel(&reference, &caller));
        }
        let number = self.flow(&reference, &caller.requester, Flow::count);
        if let Some(fault) = self.scenario.fault(number, caller.has_token) {
            return answers::fault(fault);
        }
        Ok(match endpoint {
            "sse" => self.stream(reference, caller),
            "polling" => self.held_back(&reference, &caller).await,
            _ => self.ping(&reference, &caller).await,
        })
    }

    /// Looks at the credentials in the order in which the API does.
    fn admit(
        &self,
        headers: &HeaderMap,
        version: &str,
        endpoint: &str,
    ) -> Result<Caller, Box<Answer>> {
        let given = |name| headers.get(name).filter(|value| !value.is_empty());
        if given("x-api-key").is_none() {
            let refusal = answers::text(StatusCode::UNAUTHORIZED, "An api key is needed");
            return Err(Box::new(refusal));
        }
        let secret = given("x-access-secret");
        let token = given("x-access-token");
        let polls_with_token = endpoint == "polling" && token.is_some();
        if (version == "v2" && !polls_with_token) || endpoint == "authorize" {
            return match secret {
                Some(_) => Ok(Caller::anyone()),
                None => Err(Box::new(answers::text(
                    StatusCode::BAD_REQUEST,
                    "App secret missing in headers",
                ))),
            };
        }
        match (token.map(|token| token.to_str()), secret) {
            (Some(token), _) => {
                let organisation = token
                    .ok()
                    .and_then(|token| self.tokens.organisation(token, now()));
                match organisation {
                    Some(requester) => Ok(Caller {
                        requester,
                        has_token: true,
                    }),
                    None => Err(Box::new(answers::typed(
                        StatusCode::UNAUTHORIZED,
                        "authorization_error",
                        "The access token is not valid",
                    ))),
                }
            }
            (None, Some(_)) if endpoint == "polling" => Ok(Caller::anyone()),
            (None, _) => Err(Box::new(answers::typed(
                StatusCode::UNAUTHORIZED,
                "session_required",
                "An access token is needed",
            ))),
        }
    }

    fn authorize(&self, query: &str) -> Answer {
        match (parameter(query, "sub"), parameter(query, "app")) {
            (Some(organisation), Some(app)) => {
                answers::authorised(&self.tokens.issue(&organisation, &app, now()))
            }
            (None, _) => answers::issue("invalid_type", "sub", "Required"),
            (_, None) => answers::issue("invalid_type", "app", "Required"),
        }
    }

    fn cancel(&self, reference: &str, caller: &Caller) -> Answer {
        let flow = self.flow(reference, &caller.requester, |flow| {
            flow.cancel(self.scenario);
            flow.clone()
        });
        answers::cancelled(&flow, &self.persona)
    }

    async fn ping(&self, reference: &str, caller: &Caller) -> Answer {
        match self.body(reference, caller).await {
            Ok(body) => answers::json(StatusCode::OK, body),
            Err(error) => answers::typed(
                StatusCode::INTERNAL_SERVER_ERROR,
                "api_error",
                &format!("flowseal mock cannot seal: {error}"),
            ),
        }
    }

    /// Answers when the flow has changed, or when it was held back for long enough.
    async fn held_back(&self, reference: &str, caller: &Caller) -> Answer {
        let stage = || {
            self.flow(reference, &caller.requester, |flow| {
                flow.stage(self.scenario)
            })
        };
        let (before, begun) = (stage(), Instant::now());
        while matches!(before, Stage::Pending | Stage::OnSession)
            && stage() == before
            && begun.elapsed() < HOLD
        {
            sleep(Duration::from_millis(100)).await;
        }
        self.ping(reference, caller).await
    }

    /// Answers with events until the flow has ended or nobody listens.
    fn stream(self: Arc<Self>, reference: String, caller: Caller) -> Answer {
        let (mut sender, body) = Channel::new(1);
        tokio::spawn(async move {
            // Looked at before the event is made, so that the last one shows the flow's end.
            let mut is_open = true;
            while is_open {
                is_open = self.is_open(&reference, &caller);
                match self.body(&reference, &caller).await {
                    Ok(event) if send(&mut sender, &event).await => {}
                    _ => break,
                }
                if is_open {
                    sleep(BETWEEN_EVENTS).await;
                }
            }
        });
        answers::with_body(StatusCode::OK, "text/event-stream", body.boxed())
    }

    fn is_open(&self, reference: &str, caller: &Caller) -> bool {
        let stage = self.flow(reference, &caller.requester, |flow| {
            flow.stage(self.scenario)
        });
        matches!(stage, Stage::Pending | Stage::OnSession)
    }

    /// The body of a ping's answer.
    async fn body(&self, reference: &str, caller: &Caller) -> Result<String, Error> {
        let flow = self.flow(reference, &caller.requester, |flow| flow.clone());
        let open = |onsession, cancelled| {
            Ok(answers::open_flow(
                &flow,
                &self.persona,
                onsession,
                cancelled,
            ))
        };
        match flow.stage(self.scenario) {
            Stage::Pending => open(false, false),
            Stage::OnSession => open(true, false),
            Stage::Cancelled => open(false, true),
            Stage::Expired => Ok(answers::expired_flow()),
            Stage::Approved => {
                let sealed = flow.sealed.get_or_try_init(|| self.approve(&flow));
                sealed.await.cloned()
            }
        }
    }

    /// Seals and signs, when the keys are there.
    async fn approve(&self, flow: &Flow) -> Result<String, Error> {
        let ends = i64::try_from(self.scenario.ends().as_secs()).unwrap_or_default();
        let mut builder = FlowBuilder::new(&flow.reference)
            .persona(&self.persona)
            .requester(&flow.requester)
            .mode(Mode::from_name(answers::mode(&self.persona)))
            .times(flow.iat, flow.iat + ends);
        if self.scenario.ending() == Ending::ApprovedInPart {
            builder = builder.claims(in_part(&self.persona).as_bytes())?;
        }
        let mut keys = self.keys.clone();
        let keys = match keys.wait_for(Option::is_some).await {
            Ok(keys) => keys.clone(),
            // The server ends where no keys can be made.
            Err(_) => None,
        };
        let sealed = spawn_blocking(move || keys.map(|keys| keys.seal(&builder))).await;
        match sealed {
            Ok(Some(sealed)) => sealed.map(|sealed| sealed.to_json()),
            _ => Ok(answers::expired_flow()),
        }
    }

    fn flow<T>(&self, reference: &str, requester: &str, act: impl FnOnce(&mut Flow) -> T) -> T {
        act(self.flows().begin(reference, requester, now()))
    }

    fn flows(&self) -> MutexGuard<'_, Flows> {
        // No flow is left half changed by a panic.
        self.flows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who asks.
struct Caller {
    requester: String,
    has_token: bool,
}

impl Caller {
    fn anyone() -> Self {
        Self {
            requester: REQUESTER.to_owned(),
            has_token: false,
        }
    }
}

/// The version and the endpoint that a path names.
fn route<'a>(method: &Method, path: &'a str) -> Option<(&'a str, &'a str)> {
    let (version, endpoint) = path.strip_prefix("/api/")?.split_once("/flow/")?;
    let expected = match (version, endpoint) {
        ("v1", "authorize") | ("v2", "sse") => Method::GET,
        ("v1" | "v2", "cancel" | "ping" | "polling") => Method::POST,
        _ => return None,
    };
    (*method == expected).then_some((version, endpoint))
}

/// `request` of a body, whatever content type it claims to have.
async fn reference_of(body: Incoming) -> Result<Option<String>, Box<Answer>> {
    let refused = |status, reason| Err(Box::new(answers::text(status, reason)));
    match timeout(BODY_TIME, Limited::new(body, MOST_BODY).collect()).await {
        Err(_) => refused(StatusCode::REQUEST_TIMEOUT, "The body took too long"),
        Ok(Err(_)) => refused(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The body is too large, or broken",
        ),
        Ok(Ok(body)) => {
            let body: Value = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
            Ok(body
                .get("request")
                .and_then(Value::as_str)
                .map(str::to_owned))
        }
    }
}

/// A parameter of a query, its percent-encoding undone.
fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(key, value)| *key == name && !value.is_empty())?;
    let mut decoded = Vec::new();
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            b'+' => b' ',
            byte => byte,
        });
    }
    String::from_utf8(decoded).ok()
}

/// A persona's claims where all but the given name is declined.
fn in_part(persona: &Persona) -> String {
    let claims: Value = serde_json::from_str(persona.claims).unwrap_or_default();
    match claims.pointer("/naming/given") {
        Some(given) => json!({"naming": {"given": given, "family": null}, "bio": {}}).to_string(),
        None => "{}".to_owned(),
    }
}

async fn send(sender: &mut Sender<Bytes>, event: &str) -> bool {
    let frame = Bytes::from(format!("data: {event}\n\n"));
    sender.send_data(frame).await.is_ok()
}

fn now() -> i64 {
    let elapsed = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    i64::try_from(elapsed.as_secs()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_those_of_the_specification_and_no_others() {
        let route = |method, path| route(&method, path);
        assert_eq!(
            route(Method::POST, "/api/v2/flow/ping"),
            Some(("v2", "ping"))
        );
        assert_eq!(
            route(Method::GET, "/api/v1/flow/authorize"),
            Some(("v1", "authorize"))
        );
        for (method, path) in [
            (Method::GET, "/api/v2/flow/authorize"),
            (Method::GET, "/api/v1/flow/sse"),
            (Method::GET, "/api/v2/flow/ping"),
            (Method::POST, "/api/v3/flow/ping"),
            (Method::POST, "/api/v2/flow/ping/"),
            (Method::GET, "/"),
        ] {
            assert_eq!(route(method, path), None, "{path}");
        }
    }

    #[test]
    fn parameters_are_decoded() {
        assert_eq!(
            parameter("a=1&request=req_%2B+x", "request").as_deref(),
            Some("req_+ x")
        );
        for query in [
            "",
            "request",
            "request=",
            "request=%",
            "request=%zz",
            "request=%ff",
        ] {
            assert_eq!(parameter(query, "request"), None, "{query}");
        }
    }
}
