//! The endpoints: who may ask, what is asked, what is answered.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use flowseal::testkit::{FlowBuilder, Persona};
use flowseal::{Error, Mode};
use http_body_util::channel::{Channel, Sender};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::{HeaderMap, Request, StatusCode};
use serde_json::{Map, Value, json};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, timeout};

use super::admission::{Caller, admit};
use super::answers::{self, Answer, Dropped};
use super::asked::Asked;
use super::flows::{Flow, Flows, Stage};
use super::host;
use super::keys::Keys;
use super::limit::{Limit, Limiter};
use super::route::{Endpoint, Route, parameter};
use super::scenario::{Ending, Scenario};
use super::tokens::Tokens;

/// The API with its state.
pub(super) struct Api {
    scenario: Scenario,
    persona: Persona,
    limiter: Limiter,
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

impl Api {
    /// The API, and where its keys are to be put.
    pub(super) fn new(
        scenario: Scenario,
        persona: Persona,
        limit: Option<Limit>,
    ) -> (Self, watch::Sender<Option<Arc<Keys>>>) {
        let (sender, keys) = watch::channel(None);
        let api = Self {
            scenario,
            persona,
            limiter: Limiter::new(limit),
            tokens: Tokens::default(),
            flows: Mutex::default(),
            keys,
        };
        (api, sender)
    }

    /// Answers one request from this address.
    pub(super) async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
        from: IpAddr,
    ) -> Result<Answer, Dropped> {
        let (head, body) = request.into_parts();
        if !host::is_this_machine(&head) {
            let strange = "This server is a test's own, and answers to the names of its machine";
            return Ok(answers::text(StatusCode::MISDIRECTED_REQUEST, strange));
        }
        if let Err(wait) = self.limiter.admit(from, Instant::now().into_std()) {
            return Ok(answers::too_many(wait));
        }
        let Some(route) = Route::of(&head.method, head.uri.path()) else {
            let unknown = format!("Cannot {} {}", head.method, head.uri.path());
            return Ok(answers::text(StatusCode::NOT_FOUND, &unknown));
        };
        let caller = match admit(&head.headers, route, &self.tokens, now()) {
            Ok(caller) => caller,
            Err(refusal) => return Ok(*refusal),
        };
        let endpoint = match route {
            Route::Health => return Ok(answers::text(StatusCode::OK, "online")),
            Route::Start(version, kind, device) => {
                let body = match whole(body).await {
                    Ok(body) => body,
                    Err(refusal) => return Ok(*refusal),
                };
                return Ok(match Asked::read(&body, version, kind, device) {
                    Ok(asked) => self.start(&head.headers, &asked, &caller),
                    Err(issues) => answers::issues(issues),
                });
            }
            Route::Flow(_, endpoint) => endpoint,
        };
        let query = head.uri.query().unwrap_or_default();
        if endpoint == Endpoint::Authorize {
            return Ok(self.authorize(query));
        }
        let reference = match endpoint {
            Endpoint::Sse => parameter(query, "request"),
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

        if endpoint == Endpoint::Cancel {
            return Ok(self.cancel(&reference, &caller));
        }
        let number = self.flow(&reference, &caller, Flow::count);
        if let Some(fault) = self.scenario.fault(number, caller.has_token) {
            return answers::fault(fault);
        }
        Ok(match endpoint {
            Endpoint::Sse => self.stream(reference, caller),
            Endpoint::Polling => self.held_back(&reference, &caller).await,
            _ => self.ping(&reference, &caller).await,
        })
    }

    /// Starts a flow, to which the persona of the header responds.
    fn start(self: &Arc<Self>, headers: &HeaderMap, asked: &Asked, caller: &Caller) -> Answer {
        let persona = match headers.get("x-mock-persona") {
            None => Some(&self.persona),
            Some(name) => name.to_str().ok().and_then(Persona::named),
        };
        let Some(persona) = persona else {
            let names: Vec<_> = Persona::ALL.iter().map(|persona| persona.name).collect();
            let sentence = format!("x-mock-persona takes one of {}", names.join(", "));
            return answers::text(StatusCode::BAD_REQUEST, &sentence);
        };
        let Some(reference) = identifier() else {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            return answers::typed(status, "api_error", "flowseal mock has no random numbers");
        };
        let mut flow = Flow::new(&reference, &caller.requester, *persona, now());
        flow.asked = Some(asked.clone());
        self.flows().begin(flow.clone());

        if asked.webhook.is_some() {
            let api = Arc::clone(self);
            let reference = reference.clone();
            tokio::spawn(async move {
                sleep(api.scenario.ends()).await;
                api.tell(&reference);
            });
        }
        let receipt = self.tokens.receipt(&reference, flow.iat);
        let token = self.tokens.issue(&caller.requester, answers::APP, flow.iat);
        answers::started(&flow, asked, &receipt, &token)
    }

    /// Posts to the webhook of a flow that has ended.
    fn tell(&self, reference: &str) {
        let told = self.flows().known(reference).and_then(|flow| {
            let webhook = flow.asked.as_ref()?.webhook.clone()?;
            let status = match flow.stage(self.scenario) {
                Stage::Expired => "expiration",
                Stage::Cancelled => "failed",
                _ => "handled",
            };
            let is_due = flow.is_to_be_told(self.scenario);
            is_due.then_some((webhook, status))
        });
        if let Some((webhook, status)) = told {
            tokio::spawn(async move { webhook.post(status).await });
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
        let flow = self.flow(reference, caller, |flow| {
            flow.cancel(self.scenario);
            flow.clone()
        });
        self.tell(reference);
        answers::cancelled(&flow)
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
        let stage = || self.flow(reference, caller, |flow| flow.stage(self.scenario));
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
        let stage = self.flow(reference, caller, |flow| flow.stage(self.scenario));
        matches!(stage, Stage::Pending | Stage::OnSession)
    }

    /// The body of a ping's answer.
    async fn body(&self, reference: &str, caller: &Caller) -> Result<String, Error> {
        let flow = self.flow(reference, caller, |flow| flow.clone());
        let open = |onsession, cancelled| Ok(answers::open_flow(&flow, onsession, cancelled));
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
        let claims = self.shared(flow);
        let shares_nothing = claims.as_object().is_none_or(Map::is_empty);
        let builder = FlowBuilder::new(&flow.reference)
            .requester(&flow.requester)
            .requestee(flow.requestee())
            .mode(Mode::from_name(flow.mode()))
            .times(flow.iat, flow.iat + ends)
            .claims(claims.to_string().as_bytes())?;
        let mut keys = self.keys.clone();
        let keys = match keys.wait_for(Option::is_some).await {
            Ok(keys) => keys.clone(),
            // The server ends where no keys can be made.
            Err(_) => None,
        };
        let sealed = spawn_blocking(move || keys.map(|keys| keys.seal(&builder))).await;
        let Ok(Some(sealed)) = sealed else {
            return Ok(answers::expired_flow());
        };
        let mut sealed: Value = serde_json::from_str(&sealed?.to_bare_json()).unwrap_or_default();
        // Without claims and without a signature nothing would show that it has ended.
        if self.scenario.is_unsigned() && flow.mode() == "identification" && !shares_nothing {
            let _ = sealed
                .as_object_mut()
                .and_then(|flow| flow.remove("signature"));
        }
        Ok(answers::approved(flow, &sealed))
    }

    /// What the person shares: of what is asked for, where that is known.
    fn shared(&self, flow: &Flow) -> Value {
        let claims = match self.scenario.ending() {
            Ending::ApprovedInPart => in_part(&flow.persona),
            _ => serde_json::from_str(flow.persona.claims).unwrap_or_default(),
        };
        match &flow.asked {
            Some(asked) => asked.of_the_claims(&claims),
            None => claims,
        }
    }

    fn flow<T>(&self, reference: &str, caller: &Caller, act: impl FnOnce(&mut Flow) -> T) -> T {
        let new = Flow::new(reference, &caller.requester, self.persona, now());
        let mut flows = self.flows();
        let flow = flows.begin(new);
        // A start names no organisation; v1's token, which comes later, does.
        if caller.has_token && !flow.sealed.initialized() {
            flow.requester.clone_from(&caller.requester);
        }
        act(flow)
    }

    fn flows(&self) -> MutexGuard<'_, Flows> {
        // No flow is left half changed by a panic.
        self.flows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `request` of a body, whatever content type it claims to have.
async fn reference_of(body: Incoming) -> Result<Option<String>, Box<Answer>> {
    let body: Value = serde_json::from_slice(&whole(body).await?).unwrap_or_default();
    let reference = body.get("request").and_then(Value::as_str);
    Ok(reference.map(str::to_owned))
}

/// The bytes of a body.
async fn whole(body: Incoming) -> Result<Bytes, Box<Answer>> {
    let refused = |status, reason| Err(Box::new(answers::text(status, reason)));
    match timeout(BODY_TIME, Limited::new(body, MOST_BODY).collect()).await {
        Err(_) => refused(StatusCode::REQUEST_TIMEOUT, "The body took too long"),
        Ok(Err(_)) => refused(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The body is too large, or broken",
        ),
        Ok(Ok(body)) => Ok(body.to_bytes()),
    }
}

/// An identifier of 128 random bits.
fn identifier() -> Option<String> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).ok()?;
    Some(format!("req_{:032x}", u128::from_be_bytes(random)))
}

/// A persona's claims where all but the given name is declined.
fn in_part(persona: &Persona) -> Value {
    let claims: Value = serde_json::from_str(persona.claims).unwrap_or_default();
    match claims.pointer("/naming/given") {
        Some(given) => json!({"naming": {"given": given, "family": null}, "bio": {}}),
        None => json!({}),
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
