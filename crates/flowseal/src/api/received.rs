//! A flow that is believed because a session received it.

use std::fmt;

use crate::claims::OpenedClaims;
use crate::error::Error;
use crate::flow::Flow;
use crate::ground::report::Report;
use crate::keys::{KeyRing, Signers};
use crate::open::{OpenOptions, Opening};
use crate::profile::Trust;

/// A flow that is believed because the API itself gave it to the caller's own session.
///
/// This is another level of trust than a [`VerifiedFlow`](crate::VerifiedFlow)'s, and an honest
/// one: **it is the caller's word that these bytes answered that request**. A library without a
/// socket cannot know more. What it rests on is that the API is honest, that TLS was checked, and
/// that nobody else can answer in the API's place; nothing of it can be shown to anyone later, and
/// claims that somebody on the way has exchanged are not seen.
///
/// What is enforced: it comes from a session on a [`PendingFlow`](crate::api::PendingFlow) whose
/// trust is [`Received`](Trust::Received), from a ping's answer by the one-use ticket of the
/// request ([`HttpResponse::answering`]) and from the request's own address
/// ([`HttpResponse::with_url`]), over https, or from loopback in the sandbox; it is an
/// identification, not cancelled, everything that was asked is so, and it is given once. A
/// signature that is there and does not verify is `signature_invalid`, and never received.
///
/// It does not leave the process in which its session has pinged: neither it nor a request's ticket
/// can be stored, the mark on the flow is lost where that becomes bytes, and the JSON of the
/// pending flow has nothing of it. Another process pings anew.
///
/// ```
/// # use flowseal::testkit::{FlowBuilder, KeyPair, Persona};
/// # use flowseal::api::{Action, ApiConfig, ApiVersion, Credentials, Device, Environment,
/// #     FinishedFlows, HttpResponse, Purpose};
/// use flowseal::profile::Trust;
/// use flowseal::report::{Check, Outcome};
///
/// # let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
/// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
/// # let claims = ["naming", "bio", "contact", "nationality"];
/// # let device = Device::different("22212345610")?;
/// # let start = config.identify(Purpose::Login, claims, "Log in to Example", &device)?;
/// # let body = br#"{"status": "successful", "data": {"request": {"id": "req_1",
/// #     "exp": 1716820412}}}"#;
/// # let pending = start.read(&HttpResponse::new(201, body))?.pending(None)?;
/// # let (app, user) = (KeyPair::sample_app()?, KeyPair::sample_user()?);
/// # let ring = app.decrypting_key()?.into();
/// # let sealed = FlowBuilder::new("req_1").persona(&Persona::ADA);
/// # let sealed = sealed.seal(&app.sealing_key()?, &user.signing_key()?)?.to_json();
/// # let body = sealed.replacen("\"signature\"", "\"not_there\"", 1);
/// # let now = flowseal::UnixTime::from_seconds(FlowBuilder::SIGNED_AT + 2)?;
/// # let (send, sleep) = (|_: &flowseal::api::Request, _| body.clone(), |_| ());
/// let mut session = pending.session(config)?.with_trust(Trust::Received)?;
/// let flow = loop {
///     match session.poll(now, 4) {
///         Action::Send { request, timeout } => {
///             let body = send(&request, timeout); // Whatever client it is, without redirects.
///             let response = HttpResponse::new(200, &body);
///             let response = response.answering(&request).with_url(request.url());
///             session.handle(&response, now);
///         }
///         Action::Wait(pause) => sleep(pause),
///         Action::Progress(_) => {}
///         Action::Stream { .. } => session.stream_ended(now), // Nobody has asked for one.
///         Action::Ended(end) => break end?,
///     }
/// };
/// assert!(flow.signature().is_none());
/// let received = pending.finish_received(flow, None, None, &FinishedFlows::new(), now)?;
/// assert_eq!(received.report().outcome(Check::Received), Outcome::Passed);
/// let claims = received.open(&ring)?;
/// assert!(!claims.is_verified());
/// assert_eq!(claims.trust(), Some(Trust::Received));
/// # Ok::<(), flowseal::Error>(())
/// ```
///
/// There is no evidence of it, and nothing to disclose; per-leaf results would be an oracle:
///
/// ```compile_fail,E0599
/// fn evidence(received: flowseal::api::ReceivedFlow) {
///     received.evidence();
/// }
/// ```
/// ```compile_fail,E0599
/// fn partial(received: flowseal::api::ReceivedFlow, ring: &flowseal::KeyRing) {
///     let _ = received.open_partial(ring, &flowseal::OpenOptions::new());
/// }
/// ```
/// ```compile_fail,E0599
/// fn disclosed(received: flowseal::api::ReceivedFlow, ring: &flowseal::KeyRing) {
///     let _ = received.disclose(ring, ["naming.given"]);
/// }
/// ```
///
/// Nobody else makes one, and it is no `VerifiedFlow`:
///
/// ```compile_fail,E0599
/// fn made(flow: flowseal::Flow) -> flowseal::api::ReceivedFlow {
///     flowseal::api::ReceivedFlow::new(flow)
/// }
/// ```
/// ```compile_fail,E0451
/// use flowseal::{Flow, api::ReceivedFlow, report::Report};
///
/// fn put_together(flow: Flow, report: Report) -> ReceivedFlow {
///     ReceivedFlow { flow, report, signers: None }
/// }
/// ```
/// ```compile_fail,E0624
/// use flowseal::{Flow, api::ReceivedFlow, report::Report};
///
/// fn made_as_here(flow: Flow, report: Report) -> ReceivedFlow {
///     ReceivedFlow::new_received(flow, report, None)
/// }
/// ```
/// ```compile_fail,E0277
/// fn of_a_flow(flow: flowseal::Flow) -> flowseal::api::ReceivedFlow {
///     flow.into()
/// }
/// ```
/// ```compile_fail,E0277
/// fn of_a_verified_one(flow: flowseal::VerifiedFlow) -> flowseal::api::ReceivedFlow {
///     flow.into()
/// }
/// ```
/// ```compile_fail,E0277
/// fn of_nothing() -> flowseal::api::ReceivedFlow {
///     Default::default()
/// }
/// ```
/// ```compile_fail,E0277
/// fn read(text: &str) -> serde_json::Result<flowseal::api::ReceivedFlow> {
///     serde_json::from_str(text)
/// }
/// ```
/// ```compile_fail,E0624
/// fn receipt(flow: &flowseal::Flow) {
///     flow.receipt();
/// }
/// ```
/// ```compile_fail,E0624
/// use flowseal::api::Request;
///
/// fn ticket(request: Request, other: &Request) -> Request {
///     request.with_ticket(other.ticket().unwrap().clone())
/// }
/// ```
/// ```compile_fail,E0599
/// fn request_twice(request: flowseal::api::Request) -> flowseal::api::Request {
///     request.clone()
/// }
/// ```
/// ```compile_fail,E0308
/// fn taken(received: flowseal::api::ReceivedFlow) -> flowseal::VerifiedFlow {
///     received
/// }
/// ```
/// ```compile_fail,E0599
/// fn twice(received: flowseal::api::ReceivedFlow) -> flowseal::api::ReceivedFlow {
///     received.clone()
/// }
/// ```
///
/// [`HttpResponse::answering`]: crate::api::HttpResponse::answering
/// [`HttpResponse::with_url`]: crate::api::HttpResponse::with_url
pub struct ReceivedFlow {
    flow: Flow,
    report: Report,
    /// Whoever might have signed, none of whom may open claims as well.
    signers: Option<Signers>,
}

impl ReceivedFlow {
    pub(super) fn new_received(flow: Flow, report: Report, signers: Option<Signers>) -> Self {
        Self {
            flow,
            report,
            signers,
        }
    }

    /// What was looked at and what was found. The check `received` has passed, on the caller's
    /// word.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// What makes it one to believe.
    pub fn trust(&self) -> Trust {
        Trust::Received
    }

    /// The flow's `reference`, which is the pending flow's.
    pub fn reference(&self) -> &str {
        self.flow.reference()
    }

    /// The person, as the API says: under no signature that was verified.
    pub fn requestee_received(&self) -> &str {
        self.flow.requestee()
    }

    /// The flow as it was received.
    pub fn unauthenticated(&self) -> &Flow {
        &self.flow
    }

    /// The flow itself, no longer believed.
    pub fn into_unauthenticated(self) -> Flow {
        self.flow
    }

    /// Opens every claim, all or none.
    ///
    /// # Errors
    /// Those of [`VerifiedFlow::open`](crate::VerifiedFlow::open).
    pub fn open(&self, keys: &KeyRing) -> Result<OpenedClaims, Error> {
        self.open_with(keys, &OpenOptions::new())
    }

    /// Opens what the options select, all or none.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn open_with(&self, keys: &KeyRing, options: &OpenOptions) -> Result<OpenedClaims, Error> {
        self.check_roles(keys)?;
        self.flow.open_judged(self.report.clone(), keys, options)
    }

    /// Begins to open what the options select, with keys whose private halves may be elsewhere: the
    /// results of their raw operations are [supplied](Opening::supply).
    ///
    /// # Errors
    /// Those of [`VerifiedFlow::begin_opening`](crate::VerifiedFlow::begin_opening).
    pub fn begin_opening(&self, keys: &KeyRing, options: &OpenOptions) -> Result<Opening, Error> {
        self.check_roles(keys)?;
        self.flow.begin_judged(self.report.clone(), keys, options)
    }

    fn check_roles(&self, keys: &KeyRing) -> Result<(), Error> {
        let signers = self.signers.as_ref();
        signers.map_or(Ok(()), |signers| keys.check_roles(signers))
    }
}

impl fmt::Debug for ReceivedFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedFlow")
            .field("reference", &self.reference())
            .finish_non_exhaustive()
    }
}
