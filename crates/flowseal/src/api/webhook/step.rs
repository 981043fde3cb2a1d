//! A webhook on its way to the ping that confirms it, one question after another.

use std::fmt;

use super::{PINGS_IN_A_PAUSE, Webhook, webhook_error};
use crate::api::config::ApiConfig;
use crate::api::request::Request;
use crate::api::session_token::SessionToken;
use crate::error::{Error, ErrorCode};
use crate::time::UnixTime;

/// What is to be asked of the store, or sent, before a webhook may be believed to say anything.
///
/// [`Webhook::confirm`] calls a store; a store that answers later, such as a database behind an
/// asynchronous driver, is asked and told instead. Each question takes its own answer and gives
/// the next step, so that none can be left out or answered twice.
///
/// ```
/// use std::collections::HashSet;
/// use flowseal::api::{ApiConfig, ApiVersion, Credentials, Environment, Request, Webhook,
///     WebhookStep};
/// use flowseal::{Error, UnixTime};
///
/// # struct Database(HashSet<String>);
/// # impl Database {
/// #     async fn flow_of(&self, reference: &str) -> Option<String> {
/// #         (reference == "order-789").then(|| "req_1".to_owned())
/// #     }
/// #     async fn insert_if_new(&mut self, key: &str, _: UnixTime) -> bool {
/// #         self.0.insert(key.to_owned())
/// #     }
/// # }
/// async fn confirm(
///     webhook: &Webhook,
///     config: &ApiConfig,
///     database: &mut Database,
///     now: UnixTime,
/// ) -> Result<Request, Error> {
///     let mut step = webhook.confirming(config, None, now);
///     loop {
///         step = match step {
///             WebhookStep::FlowOf(asked) => {
///                 let flow = database.flow_of(asked.reference()).await;
///                 asked.answer(flow)?
///             }
///             WebhookStep::Remember(asked) => {
///                 let is_new = database.insert_if_new(asked.key(), asked.until()).await;
///                 asked.answer(is_new)?
///             }
///             WebhookStep::Send(ping) => return Ok(ping),
///         }
///     }
/// }
/// # let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
/// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
/// # let now = UnixTime::from_seconds(1716820122)?;
/// # let webhook = Webhook::from_json(br#"{"reference": "order-789"}"#)?;
/// # let mut database = Database(HashSet::new());
/// # let future = core::pin::pin!(confirm(&webhook, &config, &mut database, now));
/// # let mut context = core::task::Context::from_waker(core::task::Waker::noop());
/// # let core::task::Poll::Ready(ping) = future.poll(&mut context) else { panic!() };
/// # assert_eq!(ping?.body(), Some(r#"{"request":"req_1"}"#));
/// # Ok::<(), Error>(())
/// ```
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever takes the steps has to take each: a new one is a new version"
)]
#[derive(Debug)]
pub enum WebhookStep<'a> {
    /// Look up which flow waits for a reference.
    FlowOf(AskedFlow<'a>),
    /// Remember a key, unless it is remembered already.
    Remember(AskedKey<'a>),
    /// Send the ping: its answer is what may be believed.
    Send(Request),
}

/// The question which flow waits for a webhook's reference.
#[must_use = "answer it"]
pub struct AskedFlow<'a> {
    way: Way<'a>,
    /// Of the webhook's references, the one that is asked about.
    at: usize,
    found: Option<String>,
}

/// The question whether a key is new.
#[must_use = "answer it"]
pub struct AskedKey<'a> {
    way: Way<'a>,
    flow: String,
    ping: Request,
    what: Remembered,
    key: String,
}

#[derive(Clone, Copy)]
enum Remembered {
    /// One of the places in which a flow's webhooks cause pings within a pause.
    Place(usize),
    /// What this webhook says.
    Webhook,
}

/// What every step needs.
#[derive(Clone, Copy)]
struct Way<'a> {
    webhook: &'a Webhook,
    config: &'a ApiConfig,
    token: Option<&'a SessionToken>,
    now: UnixTime,
}

impl Webhook {
    /// The first step towards the ping that [`confirm`](Self::confirm) gives, for a store that is
    /// asked and told.
    #[must_use = "take the steps"]
    pub fn confirming<'a>(
        &'a self,
        config: &'a ApiConfig,
        token: Option<&'a SessionToken>,
        now: UnixTime,
    ) -> WebhookStep<'a> {
        let way = Way {
            webhook: self,
            config,
            token,
            now,
        };
        // There is a first reference: without one it is no webhook.
        WebhookStep::FlowOf(AskedFlow {
            way,
            at: 0,
            found: None,
        })
    }
}

impl<'a> Way<'a> {
    fn ask(self, at: usize, found: Option<String>) -> Result<WebhookStep<'a>, Error> {
        if at < self.webhook.references.len() {
            let way = self;
            return Ok(WebhookStep::FlowOf(AskedFlow { way, at, found }));
        }
        let flow = found.ok_or_else(|| {
            Error::new(
                ErrorCode::WebhookUnmatched,
                "no flow waits for this webhook: answer the sender as always, and do nothing",
            )
        })?;
        let ping = self.config.ping(&flow, self.token)?;
        // Before what it says is remembered: sent again after the pause, it is heard.
        Ok(self.remember(flow, ping, Remembered::Place(0)))
    }

    fn remember(self, flow: String, ping: Request, what: Remembered) -> WebhookStep<'a> {
        let key = match what {
            Remembered::Place(place) => format!("{flow}:{place}"),
            Remembered::Webhook => self.webhook.replay_key(&flow),
        };
        WebhookStep::Remember(AskedKey {
            way: self,
            flow,
            ping,
            what,
            key,
        })
    }
}

impl<'a> AskedFlow<'a> {
    /// The reference that the webhook names, which proves nothing.
    #[must_use]
    pub fn reference(&self) -> &str {
        let references = &self.way.webhook.references;
        references.get(self.at).map_or("", String::as_str)
    }

    /// The identifier, `req_…`, of the flow that waits for a webhook of this reference; `None` if
    /// none does.
    ///
    /// # Errors
    /// `webhook` where another reference of the same webhook is another flow's; after the last
    /// reference `webhook_unmatched` if no flow waits for any, and the errors of
    /// [`ApiConfig::ping`].
    pub fn answer(self, flow: Option<String>) -> Result<WebhookStep<'a>, Error> {
        let found = match (self.found, flow) {
            (Some(before), Some(flow)) if before != flow => {
                return Err(webhook_error("is about several flows"));
            }
            (before, flow) => before.or(flow),
        };
        self.way.ask(self.at + 1, found)
    }
}

impl<'a> AskedKey<'a> {
    /// What is to be remembered: the flow's identifier and a digest or a number, nothing of what
    /// the webhook says.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Until when.
    #[must_use]
    pub fn until(&self) -> UnixTime {
        let time = match self.what {
            Remembered::Place(_) => Webhook::PAUSE,
            Remembered::Webhook => Webhook::WINDOW,
        };
        self.way.now + time
    }

    /// Whether the key was new and is remembered now; one past its [`until`](Self::until) is new.
    /// Of two who ask at the same time about one key, only one may say so.
    ///
    /// # Errors
    /// `webhook_replayed` for a webhook that has come before, or too soon after others of its
    /// flow.
    pub fn answer(self, is_new: bool) -> Result<WebhookStep<'a>, Error> {
        let replayed = |what: &str| {
            Err(Error::new(
                ErrorCode::WebhookReplayed,
                format!("{what}: answer the sender as always, and do nothing"),
            ))
        };
        let (way, flow, ping) = (self.way, self.flow, self.ping);
        match (self.what, is_new) {
            (Remembered::Place(_), true) => Ok(way.remember(flow, ping, Remembered::Webhook)),
            (Remembered::Place(place), false) if place + 1 < PINGS_IN_A_PAUSE => {
                Ok(way.remember(flow, ping, Remembered::Place(place + 1)))
            }
            (Remembered::Place(_), false) => {
                replayed("the flow of this webhook was pinged just now")
            }
            (Remembered::Webhook, true) => Ok(WebhookStep::Send(ping)),
            (Remembered::Webhook, false) => replayed("this webhook has come before"),
        }
    }
}

impl fmt::Debug for AskedFlow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AskedFlow").field(&self.reference()).finish()
    }
}

impl fmt::Debug for AskedKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AskedKey").field(&self.key).finish()
    }
}
