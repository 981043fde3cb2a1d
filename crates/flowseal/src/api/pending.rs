//! What was asked, and whom: from the start of a flow to its end.

use core::time::Duration;
use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::asked::{Asked, Method, Origin};
use super::binding::Binding;
use super::config::ApiConfig;
use super::created::Created;
use super::device::{Person, Route};
use super::session::Session;
use super::webhook::Webhook;
use crate::catalogue::spellings_of;
use crate::error::{Error, ErrorCode};
use crate::flow::Receipt;
use crate::profile::Trust;
use crate::setup::Setup;
use crate::statement::DetachedStatement;
use crate::time::UnixTime;
use crate::verify::Expectations;

mod finish;
mod sealed;
mod stored;

/// A flow between its start and its end: what was asked, of whom, and for which browser.
///
/// It is *the* way to an end. It gives the [session](Self::session) that watches the flow, knows
/// which [webhook](Self::flow_of) is meant for it, and [finishes](Self::finish) the flow: what has
/// to be compared then is compared without anyone remembering to. The person expected is the one
/// that was *sent*, never the one that the API's answer names; the mode follows from what was
/// started; the reference is the identifier that the API gave; claims are those asked for, under
/// any spelling of the catalogue, and others fail; a result is given once.
///
/// Between start and end it is kept [as JSON](Self::to_json), which holds no credential and no
/// token. **That JSON is no proof of itself**: keep it on the server, and give the browser a random
/// id of it. Where it has to travel, [seal](Self::seal) it.
///
/// What a session on it has [received](crate::api::ReceivedFlow) is not in it, and crosses to no
/// other process: the one whose session pings is the one that [finishes](Self::finish_received).
///
/// ```
/// # use flowseal::testkit::{FlowBuilder, KeyPair, Persona};
/// use flowseal::api::{ApiConfig, ApiVersion, Binding, Credentials, Device, Environment,
///     FinishedFlows, HttpResponse, PendingFlow, Purpose};
/// use flowseal::{ErrorCode, Flow, Verifier};
///
/// # let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
/// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
/// # let claims = ["naming", "bio", "contact", "nationality"];
/// // At the start: send the request, keep what is pending, send the browser to the link.
/// let browser = Binding::new(b"the cookie of this browser")?;
/// let start = config.identify(Purpose::Login, claims, "Log in to Example", &Device::same())?;
/// # let body = br#"{"status": "successful", "data": {"request": {"id": "req_1",
/// #     "exp": 1716820412}, "link": "https://open.pasby.africa/"}}"#;
/// let created = start.read(&HttpResponse::new(201, body))?;
/// let kept = created.pending(Some(&browser))?.to_json();
///
/// // At the end, in whichever process: the session's flow, for the same browser.
/// let pending = PendingFlow::from_json(kept.as_bytes(), &config)?;
/// let session = pending.session(config)?;
/// # let (app, user) = (KeyPair::sample_app()?, KeyPair::sample_user()?);
/// # let sealed = FlowBuilder::new("req_1").persona(&Persona::ADA);
/// # let sealed = sealed.seal(&app.sealing_key()?, &user.signing_key()?)?;
/// # let flow = Flow::from_json(sealed.to_json().as_bytes())?;
/// # let again = flow.clone();
/// # let verifier = Verifier::trusting([user.verifying_key()?]);
/// # let now = flowseal::UnixTime::from_seconds(FlowBuilder::SIGNED_AT + 2)?;
/// let finished = FinishedFlows::new(); // In production: your database.
/// let verified = pending.finish(flow, &verifier, Some(&browser), &finished, now)?;
/// assert_eq!(verified.requestee(), Some("22212345610"));
/// // Once.
/// let refused = pending.finish(again, &verifier, Some(&browser), &finished, now).unwrap_err();
/// assert_eq!(refused.code(), ErrorCode::PendingFinished);
/// # drop(session);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone)]
pub struct PendingFlow {
    reference: String,
    asked: Asked,
    of: Origin,
    expires: UnixTime,
    binding: Option<Binding>,
    allows_more_claims: bool,
    leeway: u64,
    max_age: Option<u64>,
    /// Not kept: it comes with the flow's end.
    detached: Option<DetachedStatement>,
}

impl Created {
    /// The flow as it is pending from now on: what this answer and its request say, and the browser
    /// that it was started for. Given here, the binding is asked for at the end, and only then.
    ///
    /// # Errors
    /// `usage` without a binding where the person is asked on the same device: any other browser
    /// could fetch the result.
    pub fn pending(&self, binding: Option<&Binding>) -> Result<PendingFlow, Error> {
        let (asked, of) = self.started();
        check_binding_is_given(asked.route, binding)?;
        Ok(PendingFlow {
            reference: self.flow().to_owned(),
            asked: asked.clone(),
            of: of.clone(),
            expires: self.expires(),
            binding: binding.cloned(),
            allows_more_claims: false,
            leeway: 0,
            max_age: None,
            detached: None,
        })
    }
}

impl PendingFlow {
    /// Accepts claims that were not asked for, too.
    #[must_use]
    pub fn allow_more_claims(mut self) -> Self {
        self.allows_more_claims = true;
        self
    }

    /// How much clocks may differ: see [`Expectations::with_leeway`].
    #[must_use]
    pub fn with_leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway.as_secs().min(MOST_SECONDS);
        self
    }

    /// The most that `signedAt` may lie before the end: see [`Expectations::with_max_age`].
    #[must_use]
    pub fn with_max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age.as_secs().min(MOST_SECONDS));
        self
    }

    /// The same with the bytes that were signed, for its end under a profile whose statement is
    /// [detached](crate::profile::StatementForm::Detached). They are not kept with the rest:
    /// whoever finishes the flow has them.
    #[must_use]
    pub fn with_detached(mut self, statement: DetachedStatement) -> Self {
        self.detached = Some(statement);
        self
    }

    /// The flow's identifier, `req_…`.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// The person who was asked, as it was sent; `None` where whoever comes will do.
    pub fn person(&self) -> Option<&str> {
        self.asked.person.as_ref().map(Person::number)
    }

    pub(super) fn asked(&self) -> &Asked {
        &self.asked
    }

    pub(super) fn route(&self) -> Route {
        self.asked.route
    }

    /// When the flow expires, by the API's clock.
    pub fn expires(&self) -> UnixTime {
        self.expires
    }

    /// The last moment at which it can be finished, and until which that has to be remembered: so
    /// long after it has expired, since clocks differ.
    pub fn finish_by(&self) -> UnixTime {
        self.expires + GRACE
    }

    /// The reference by which webhooks name it, where one was asked for.
    pub fn webhook_reference(&self) -> Option<&str> {
        self.asked.webhook.as_deref()
    }

    /// The flow's identifier, where a webhook's reference means this flow: what
    /// [`WebhookStore::flow_of`](crate::api::WebhookStore::flow_of) gives.
    pub fn flow_of(&self, reference: &str) -> Option<&str> {
        let is_meant = self.webhook_reference() == Some(reference) || self.reference() == reference;
        is_meant.then_some(self.reference())
    }

    /// Whether a webhook names this flow. It is a hint to ping, and never proof.
    pub fn is_meant_by(&self, webhook: &Webhook) -> bool {
        let mut references = webhook.references().iter();
        references.any(|reference| self.flow_of(reference).is_some())
    }

    /// What the flow has to be at its end. [`finish`](Self::finish) compares it with these itself.
    pub fn expectations(&self) -> Expectations {
        let mut expected = Expectations::for_reference(self.reference())
            .with_mode(self.asked.method.mode())
            .with_leeway(Duration::from_secs(self.leeway));
        if let Some(person) = self.person() {
            expected = expected.with_requestee(person);
        }
        if let Some(organisation) = &self.of.organisation {
            expected = expected.with_requester(organisation);
        }
        if !self.allows_more_claims {
            let asked = self.asked.claims.iter();
            expected = expected.with_claims(asked.flat_map(|key| spellings_of(key)));
        }
        match self.max_age {
            Some(age) => expected.with_max_age(Duration::from_secs(age)),
            None => expected,
        }
    }

    /// Watches the flow until it ends.
    ///
    /// # Errors
    /// `pending_flow` for a configuration of another environment, base or app than the flow was
    /// started with; those of [`Session::new`].
    pub fn session(&self, config: impl Into<Arc<ApiConfig>>) -> Result<Session, Error> {
        let config = config.into();
        self.check_origin(&config)?;
        let is_safe = config.is_tls() || (config.is_local() && self.of.environment == "sandbox");
        let is_identification = matches!(self.asked.method, Method::Identification(_));
        let receipt = (is_safe && is_identification).then(|| self.receipt());
        Ok(Session::new(config, self.reference())?.on_a_pending_flow(receipt))
    }

    /// What a session on this flow says of a flow that it received, and on no other.
    fn receipt(&self) -> Receipt {
        Receipt::new(Sha256::digest(self.to_json()).into())
    }

    fn check_origin(&self, config: &ApiConfig) -> Result<(), Error> {
        let (own, other) = (&self.of, &Origin::of(config));
        for (what, is_same) in [
            ("environment", own.environment == other.environment),
            ("base URL", own.base == other.base),
            ("organisation", own.organisation == other.organisation),
            ("app", own.app == other.app),
        ] {
            if !is_same {
                return Err(Error::new(
                    ErrorCode::PendingFlow,
                    format!(
                        "the pending flow was started with another {what} than this configuration has: give the one that started it"
                    ),
                ));
            }
        }
        Ok(())
    }
}

impl Setup {
    /// Watches a pending flow, and reads answers under the profile. Where that says
    /// `"trust": "received"`, and the flow is one that [may be](Session::with_trust), the session
    /// receives it.
    ///
    /// # Errors
    /// Those of [`PendingFlow::session`].
    pub fn pending_session(
        &self,
        pending: &PendingFlow,
        config: impl Into<Arc<ApiConfig>>,
    ) -> Result<Session, Error> {
        let session = pending.session(config)?.under(self.named_profile());
        let asks = self.profile().trust == Trust::Received;
        Ok(if asks && session.may_receive() {
            session.with_trust(Trust::Received)?
        } else {
            session
        })
    }
}

impl fmt::Debug for PendingFlow {
    /// The reference and the expiry, without the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingFlow")
            .field("reference", &self.reference)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

fn check_binding_is_given(route: Route, binding: Option<&Binding>) -> Result<(), Error> {
    if route == Route::Same && binding.is_none() {
        return Err(Error::new(
            ErrorCode::Usage,
            "the flow is to be approved on the device of the browser and is bound to no browser, so that any other could fetch its result: give a Binding",
        ));
    }
    Ok(())
}

/// How long after its expiry a flow may still be finished: as long as webhooks are remembered.
const GRACE: Duration = Duration::from_secs(600);

/// More than any span that makes sense, and few enough to be written as JSON and added to any time.
const MOST_SECONDS: u64 = 1 << 32;
