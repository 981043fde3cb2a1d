//! What was asked, and whom: from the start of a flow to its end.

use std::borrow::Cow;

use flowseal::api::PendingFlow as Core;
use flowseal::{Error, ErrorCode, FlowState};
use pyo3::prelude::*;

use crate::api_config::ApiConfig;
use crate::binding::Binding;
use crate::budget::Budget;
use crate::clock;
use crate::errors::Failure;
use crate::expectations::Expectations;
use crate::finish_once::Once;
use crate::flow::{Flow, detached};
use crate::input;
use crate::input::Text;
use crate::lists::Names;
use crate::profile::Profile;
use crate::received::ReceivedFlow;
use crate::session::{Session, Settings};
use crate::verified::VerifiedFlow;
use crate::verifier::Verifier;
use crate::webhook::Webhook;
use crate::words::Situation;

/// A flow between its start and its end: what was asked, of whom, and for which browser.
///
/// It is *the* way to an end. It gives the ``session`` that watches the flow, knows which webhook
/// is meant for it, and finishes the flow: what has to be compared then is compared without anyone
/// remembering to. The person expected is the one that was *sent*, never the one that the API's
/// answer names; the mode follows from what was started; the reference is the identifier that the
/// API gave; claims are those asked for, and others fail; a result is given once.
///
/// Between start and end it is kept as JSON, which holds no credential and no token. That JSON is
/// no proof of itself: keep it on the server, and give the browser a random id of it. Where it has
/// to travel, ``seal`` it.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct PendingFlow(Core);

impl PendingFlow {
    pub(crate) fn new(pending: Core) -> Self {
        Self(pending)
    }

    pub(crate) fn core(&self) -> &Core {
        &self.0
    }

    /// The flow with the bytes that were signed, where those are detached.
    fn ending(
        &self,
        statement: Option<&Bound<'_, PyAny>>,
        covers: Option<Names>,
    ) -> Result<Cow<'_, Core>, Failure> {
        Ok(match detached(statement, covers)? {
            Some(statement) => Cow::Owned(self.0.clone().with_detached(statement)),
            None => Cow::Borrowed(&self.0),
        })
    }

    /// A session on it, under the profile where there is one.
    pub(crate) fn watched(
        &self,
        config: &Bound<'_, ApiConfig>,
        profile: Option<&Bound<'_, Profile>>,
        settings: Settings<'_, '_>,
    ) -> Result<Session, Failure> {
        let setup = profile.map(|profile| flowseal::Setup::new(profile.get().core().clone()));
        let setup = setup.unwrap_or_default();
        let session = setup.pending_session(&self.0, config.get().open()?)?;
        Session::with(config.py(), session, settings)
    }
}

#[pymethods]
impl PendingFlow {
    /// The flow of a text that ``to_json`` wrote, for a configuration of the environment, the base
    /// and the app that started it.
    ///
    /// Raises ``pending_flow`` for anything else: members that are unknown, missing, of another
    /// type or that could not have been sent; another version; another configuration.
    #[staticmethod]
    fn from_json(text: &Bound<'_, PyAny>, config: &Bound<'_, ApiConfig>) -> Result<Self, Failure> {
        let config = config.get().open()?;
        input::with_text(text, |text| Ok(Self(Core::from_json(text, &config)?)))
    }

    /// The flow as JSON, to be kept on the server: without any credential and token, with the
    /// number of the person where one was sent.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// The flow of a text that was sealed with this key.
    ///
    /// Raises ``pending_flow`` for a text that was changed or sealed with another key, and for what
    /// ``from_json`` refuses.
    #[staticmethod]
    fn unseal(
        sealed: Text,
        key: &Bound<'_, PyAny>,
        config: &Bound<'_, ApiConfig>,
    ) -> Result<Self, Failure> {
        let config = config.get().open()?;
        with_key(key, |key| Ok(Self(Core::unseal(&sealed, key, &config)?)))
    }

    /// The flow as text that its holder can read and not change: its JSON with an HMAC-SHA-256
    /// under this key of 32 random bytes, which is the server's alone.
    ///
    /// It is not encrypted: where a person was named, their number is in it. And it can be brought
    /// back as often as its holder likes; what is given once is the result.
    fn seal(&self, key: &Bound<'_, PyAny>) -> Result<String, Failure> {
        with_key(key, |key| Ok(self.0.seal(key)))
    }

    /// The flow's identifier, ``req_…``.
    #[getter]
    fn reference(&self) -> &str {
        self.0.reference()
    }

    /// The person who was asked, as it was sent; ``None`` where whoever comes will do.
    #[getter]
    fn person(&self) -> Option<&str> {
        self.0.person()
    }

    /// When the flow expires, in Unix seconds by the API's clock.
    #[getter]
    fn expires(&self) -> u64 {
        self.0.expires().seconds()
    }

    /// The last moment at which it can be finished, and until which that has to be remembered.
    #[getter]
    fn finish_by(&self) -> u64 {
        self.0.finish_by().seconds()
    }

    /// The reference by which webhooks name it, where one was asked for.
    #[getter]
    fn webhook_reference(&self) -> Option<&str> {
        self.0.webhook_reference()
    }

    /// The flow's identifier, where a webhook's reference means this flow: what
    /// ``WebhookStore.flow_of`` gives.
    fn flow_of(&self, reference: Text) -> Option<&str> {
        self.0.flow_of(&reference)
    }

    /// Whether a webhook names this flow. It is a hint to ping, and never proof.
    fn is_meant_by(&self, webhook: &Bound<'_, Webhook>) -> bool {
        self.0.is_meant_by(webhook.get().core())
    }

    /// What the flow has to be at its end. ``finish`` compares it with these itself.
    #[getter]
    fn expectations(&self) -> Expectations {
        Expectations::of(self.0.expectations())
    }

    /// Where the person is while the flow is in this state, such as ``flow.state``: what they are
    /// to do depends on the device that they are asked on.
    fn situation(&self, state: Text) -> Result<Situation, Failure> {
        let states = [
            FlowState::Cancelled,
            FlowState::Complete,
            FlowState::OnSession,
            FlowState::Pending,
        ];
        let state = states.into_iter().find(|known| known.as_str() == &*state);
        let state = state.ok_or_else(|| {
            let names = states.map(FlowState::as_str).join(", ");
            let sentence = format!("a flow has no such state: give one of {names}");
            Failure::new(ErrorCode::Usage, sentence)
        })?;
        Ok(Situation::new(self.0.situation(state)))
    }

    /// Watches the flow until it ends. ``config`` is that which started it.
    ///
    /// ``trust`` is what the flow at the end needs to be believed, ``signed`` or ``received``;
    /// unless given it is the profile's, which is ``signed`` unless it says otherwise. ``budget``
    /// has the session take turns with the others of this address. The rest is as of ``Session``.
    ///
    /// Raises ``pending_flow`` for a configuration of another environment, base or app; ``usage``
    /// where ``received`` is asked for and cannot be; what ``Session`` raises.
    #[pyo3(signature = (
        config, *, trust=None, budget=None, long_polling=false, stream=false, deadline=None,
        lifetime=None, profile=None
    ))]
    fn session(
        &self,
        config: &Bound<'_, ApiConfig>,
        trust: Option<Text>,
        budget: Option<&Bound<'_, Budget>>,
        long_polling: bool,
        stream: bool,
        deadline: Option<&Bound<'_, PyAny>>,
        lifetime: Option<&Bound<'_, PyAny>>,
        profile: Option<&Bound<'_, Profile>>,
    ) -> Result<Session, Failure> {
        let settings = Settings {
            trust,
            budget,
            long_polling,
            stream,
            deadline,
            lifetime,
        };
        self.watched(config, profile, settings)
    }

    /// Verifies the flow against all that was asked, and gives its result once.
    ///
    /// ``once`` is asked after the judgement and before the result is given: an object with
    /// ``finish(reference, until)``, or a function, which remembers across all processes which
    /// flows were finished. An exception that it raises is passed on, and then nothing is given.
    /// ``binding`` is that of the browser which asks for the end. A refusal finishes nothing: the
    /// right flow can still come.
    ///
    /// A detached ``statement`` comes with the members that it ``covers``.
    ///
    /// Raises what ``Flow.verify`` raises, for whatever differs from what was asked;
    /// ``expectation_failed`` for another browser than that of the start, and ``usage`` for one
    /// where the start had none; ``flow_expired`` after ``finish_by``; ``pending_finished`` where
    /// the result was given before.
    #[pyo3(signature = (
        flow, verifier, once, *, binding=None, now=None, statement=None, covers=None
    ))]
    fn finish(
        &self,
        py: Python<'_>,
        flow: &Bound<'_, Flow>,
        verifier: &Bound<'_, Verifier>,
        once: &Bound<'_, PyAny>,
        binding: Option<&Bound<'_, Binding>>,
        now: Option<&Bound<'_, PyAny>>,
        statement: Option<&Bound<'_, PyAny>>,
        covers: Option<Names>,
    ) -> Result<VerifiedFlow, Failure> {
        let (now, once) = (clock::now(now)?, Once::of(once)?);
        let (flow, verifier) = (flow.get().core(), verifier.get().core());
        let (pending, binding) = (self.ending(statement, covers)?, Binding::given(binding));
        let end = py.detach(|| {
            let end = pending.finish(flow.clone(), verifier, binding, &once, now);
            end.map_err(Error::from)
        });
        once.told(end).map(VerifiedFlow::new)
    }

    /// Takes a flow that a session on this one received, signed or not, and gives its result once.
    ///
    /// A signature that is there is verified, where a verifier is at hand, and has to be valid.
    ///
    /// Raises what ``finish`` raises, but that there may be no signature; ``signature_missing`` for
    /// a flow without one that no session of this pending flow has received, and
    /// ``expectation_failed`` by the check ``received`` for one with it.
    #[pyo3(signature = (
        flow, once, *, verifier=None, binding=None, now=None, statement=None, covers=None
    ))]
    fn finish_received(
        &self,
        py: Python<'_>,
        flow: &Bound<'_, Flow>,
        once: &Bound<'_, PyAny>,
        verifier: Option<&Bound<'_, Verifier>>,
        binding: Option<&Bound<'_, Binding>>,
        now: Option<&Bound<'_, PyAny>>,
        statement: Option<&Bound<'_, PyAny>>,
        covers: Option<Names>,
    ) -> Result<ReceivedFlow, Failure> {
        let (now, once) = (clock::now(now)?, Once::of(once)?);
        let verifier = verifier.map(|verifier| verifier.get().core());
        let (flow, binding) = (flow.get().core(), Binding::given(binding));
        let pending = self.ending(statement, covers)?;
        let end = py.detach(|| {
            let flow = flow.clone();
            let end = pending.finish_received(flow, verifier, binding, &once, now);
            end.map_err(Error::from)
        });
        once.told(end).map(ReceivedFlow::new)
    }

    /// The reference, without the person.
    fn __repr__(&self) -> String {
        format!("<flowseal.PendingFlow {:?}>", self.0.reference())
    }
}

/// A sealing key, which is wiped from this package's own memory.
fn with_key<T>(
    key: &Bound<'_, PyAny>,
    then: impl FnOnce(&[u8; 32]) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let key = input::secret_bytes(key)?;
    let key = key.expose_secret();
    let whole = key.try_into().map_err(|_| {
        let sentence = format!(
            "a pending flow is sealed with a key of 32 bytes, and this has {}: give 32 random ones",
            key.len()
        );
        Failure::new(ErrorCode::Usage, sentence)
    })?;
    then(whole)
}
