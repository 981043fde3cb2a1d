//! Webhooks: hints that a flow has changed, which a ping has to confirm.

mod step;

use core::time::Duration;
use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::api::config::ApiConfig;
use crate::api::request::Request;
use crate::api::session_token::SessionToken;
use crate::error::{Error, ErrorCode};
use crate::ground::tree::Json;
use crate::json;
use crate::limits::Limits;
use crate::time::UnixTime;

pub use step::{AskedFlow, AskedKey, WebhookStep};

/// A webhook as it was received: a hint that something has happened to a flow, and no more.
///
/// pasby posts it to the `host` that an app gave when it started the flow, with the app's own
/// `reference`. No signature of it is documented, so anyone who knows the address can send one. So
/// there is no flow in this type and no way from its body to one: all that it can cause is the ping
/// that [`confirm`](Self::confirm) gives, and only for a flow that the caller waits for.
///
/// ```
/// use std::collections::HashMap;
/// use flowseal::api::{ApiConfig, ApiVersion, Credentials, Environment, Webhook, WebhookStore};
/// use flowseal::{ErrorCode, UnixTime};
///
/// struct Store {
///     now: UnixTime,
///     keys: HashMap<String, UnixTime>,
/// }
/// impl WebhookStore for Store {
///     fn flow_of(&self, reference: &str) -> Option<String> {
///         (reference == "order-789").then(|| "req_1".to_owned())
///     }
///     fn remember(&mut self, key: &str, until: UnixTime) -> bool {
///         self.keys.retain(|_, until| *until > self.now); // What is past its time is new.
///         self.keys.insert(key.to_owned(), until).is_none()
///     }
/// }
///
/// let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
/// let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
/// let now = UnixTime::from_seconds(1716820122)?;
/// let mut store = Store { now, keys: HashMap::new() };
///
/// let webhook = Webhook::from_json(br#"{"reference": "order-789", "status": "handled"}"#)?;
/// let ping = webhook.confirm(&config, None, &mut store, now)?;
/// assert_eq!(ping.body(), Some(r#"{"request":"req_1"}"#));
///
/// let replayed = webhook.confirm(&config, None, &mut store, now).unwrap_err();
/// assert_eq!(replayed.code(), ErrorCode::WebhookReplayed);
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct Webhook {
    references: Vec<String>,
    /// Of what it says, however that is spelt.
    digest: [u8; 32],
}

/// What the caller knows of its flows and of earlier webhooks, usually in its database.
pub trait WebhookStore {
    /// The identifier, `req_…`, of the flow that waits for a webhook of this reference: the one
    /// that the caller gave as the webhook's `reference`, or the identifier itself. `None` for one
    /// that it does not wait for.
    fn flow_of(&self, reference: &str) -> Option<String>;

    /// Remembers a key until then: 600 s for what a webhook says, 3 s for the places in which a
    /// flow's webhooks cause pings. `false` if it is remembered already, but a key past its `until`
    /// counts as new: a store that never forgets would soon hear no webhook of a flow any more. Of
    /// two calls at the same time with one key, only one may get `true`.
    fn remember(&mut self, key: &str, until: UnixTime) -> bool;
}

impl Webhook {
    /// Reads the body of a webhook.
    ///
    /// What else it holds is documented nowhere, so every text that is called `reference` counts,
    /// at whatever depth.
    ///
    /// # Errors
    /// `webhook` for a body that is no JSON object within the default limits, that has no
    /// reference, or more than 16 of them.
    pub fn from_json(body: &[u8]) -> Result<Self, Error> {
        let tree = json::parse(body, &Limits::default())
            .map_err(|error| webhook_error(&format!("cannot be read ({})", error.code())))?;
        if tree.as_object().is_none() {
            return Err(webhook_error(&format!("is {}", tree.kind())));
        }
        let mut references = Vec::new();
        collect_references(&tree, &mut references);
        references.sort_unstable();
        references.dedup();
        match references.len() {
            0 => Err(webhook_error("has no reference")),
            1..=MOST_REFERENCES => Ok(Self {
                references,
                digest: Sha256::digest(tree.sorted().to_string()).into(),
            }),
            _ => Err(webhook_error("has more references than a flow")),
        }
    }

    /// The ping that confirms it, for the one flow that it is about and that the caller waits for.
    ///
    /// Send it, and believe its answer alone:
    /// [`Response::from_http`](crate::api::Response::from_http), its
    /// [`into_flow`](crate::api::Response::into_flow), and where that is complete or cancelled
    /// [`PendingFlow::finish`](crate::api::PendingFlow::finish). v1 needs a session token.
    /// The same about the same flow, however it is spelt, is taken once within
    /// [`WINDOW`](Self::WINDOW), and a flow is pinged for webhooks at most twice within
    /// [`PAUSE`](Self::PAUSE), whatever they say: anyone can send them. Where this fails for
    /// another reason nothing is remembered, so that the sender's next try is heard. For a store
    /// that answers later there is [`confirming`](Self::confirming).
    ///
    /// # Errors
    /// `webhook_unmatched` for references that the caller waits for none of; `webhook` for those of
    /// several flows; `webhook_replayed` for one that has come before, or too soon after others of
    /// its flow; and the errors of [`ApiConfig::ping`].
    pub fn confirm(
        &self,
        config: &ApiConfig,
        token: Option<&SessionToken>,
        store: &mut impl WebhookStore,
        now: UnixTime,
    ) -> Result<Request, Error> {
        let mut step = self.confirming(config, token, now);
        loop {
            step = match step {
                WebhookStep::FlowOf(asked) => {
                    let flow = store.flow_of(asked.reference());
                    asked.answer(flow)?
                }
                WebhookStep::Remember(asked) => {
                    let is_new = store.remember(asked.key(), asked.until());
                    asked.answer(is_new)?
                }
                WebhookStep::Send(ping) => return Ok(ping),
            }
        }
    }

    /// Every reference that it names, none of which proves anything.
    pub(super) fn references(&self) -> &[String] {
        &self.references
    }

    /// How long a webhook is remembered: longer than any flow lives.
    pub const WINDOW: Duration = Duration::from_secs(600);

    /// The time in which two webhooks of a flow cause pings and others do not. The API
    /// asks for 1 to 3 s between pings.
    pub const PAUSE: Duration = Duration::from_secs(3);

    /// The flow, and the SHA-256 in hex of what is said: a flow's webhooks differ in that.
    fn replay_key(&self, flow: &str) -> String {
        let digest: String = self
            .digest
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("{flow}:{digest}")
    }
}

impl fmt::Debug for Webhook {
    /// The references; anyone may have written them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Webhook").field(&self.references).finish()
    }
}

/// More places than a reference can sensibly stand in, and few enough to be asked for.
const MOST_REFERENCES: usize = 16;

/// Two, so that the news which follows at once on other news is heard.
const PINGS_IN_A_PAUSE: usize = 2;

fn collect_references(tree: &Json, found: &mut Vec<String>) {
    match tree {
        Json::Object(members) => {
            for (name, value) in members.iter() {
                match value {
                    Json::String(text) if name == "reference" && !text.is_empty() => {
                        found.push(text.clone());
                    }
                    other => collect_references(other, found),
                }
            }
        }
        Json::Array(elements) => {
            for element in elements {
                collect_references(element, found);
            }
        }
        _ => {}
    }
}

fn webhook_error(what: &str) -> Error {
    Error::new(
        ErrorCode::Webhook,
        format!("the webhook's body {what}: it is not a webhook from pasby, so do nothing"),
    )
}
