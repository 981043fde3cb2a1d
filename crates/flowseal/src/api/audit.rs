//! What happens to a flow, as values for a log that is kept: who was asked, how it ended, what was
//! believed.

use std::fmt;

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use super::asked::Asked;
use super::created::Created;
use super::device::Person;
use super::pending::PendingFlow;
use super::received::ReceivedFlow;
use super::start::Start;
use crate::claims::OpenedClaims;
use crate::error::{Error, ErrorCode};
use crate::flow::{Flow, FlowState};
use crate::ground::report::Check;
use crate::ground::secret::SecretBytes;
use crate::profile::Trust;
use crate::time::UnixTime;
use crate::verify::{Refused, VerifiedFlow};

mod event;
#[cfg(feature = "tracing")]
mod traced;

pub use event::{AuditEvent, AuditKind, AuditOutcome};

/// A maker of events for an audit log: one for each thing that happens to a flow, from its start to
/// the opening of its claims.
///
/// An event says what happened, when, to which flow, how it went, what was believed and how long it
/// took. It never holds a claim, a credential, a token, the payload, data, a digest of any of
/// these, a link or a seed. The person is in it as an HMAC under
/// [a key](Self::with_person_key) of the caller's, which keeps the events of one person together,
/// or not at all.
///
/// It keeps nothing and writes nothing: what is made of an event is the caller's.
///
/// ```
/// # use flowseal::testkit::{FlowBuilder, KeyPair, Persona};
/// # use flowseal::api::{ApiConfig, ApiVersion, Credentials, Device, Environment, FinishedFlows,
/// #     HttpResponse, Purpose};
/// # use flowseal::{Flow, Verifier};
/// use flowseal::api::{Audit, AuditOutcome};
///
/// # let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
/// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
/// # let claims = ["naming", "bio", "contact", "nationality"];
/// # let device = Device::different("22212345610")?;
/// # let body = br#"{"status": "successful", "data": {"request": {"id": "req_1",
/// #     "exp": 1716820412}}}"#;
/// # let (app, user) = (KeyPair::sample_app()?, KeyPair::sample_user()?);
/// # let sealed = FlowBuilder::new("req_1").persona(&Persona::ADA);
/// # let sealed = sealed.seal(&app.sealing_key()?, &user.signing_key()?)?;
/// # let flow = Flow::from_json(sealed.to_json().as_bytes())?;
/// # let verifier = Verifier::trusting([user.verifying_key()?]);
/// # let now = flowseal::UnixTime::from_seconds(FlowBuilder::SIGNED_AT + 2)?;
/// # let finished = FinishedFlows::new();
/// let audit = Audit::new().with_person_key(&[7; 32])?; // Random, and for this alone.
///
/// let start = config.identify(Purpose::Login, claims, "Log in to Example", &device)?;
/// println!("{}", audit.started(&start, now).to_json());
/// let created = start.read(&HttpResponse::new(201, body));
/// println!("{}", audit.created(&start, &created, now).to_json());
/// let pending = created?.pending(None)?;
///
/// let end = pending.finish(flow, &verifier, None, &finished, now);
/// let event = audit.finished(&pending, &end, now);
/// assert_eq!(event.outcome(), AuditOutcome::Done);
/// assert!(event.to_json().to_string().starts_with(
///     r#"{"flowseal_audit":1,"event":"finished","at":1716820123,"outcome":"done","flow":"req_1","#
/// ));
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Default)]
pub struct Audit {
    /// HMAC's block: the key, filled up with zeros.
    person_key: Option<SecretBytes>,
}

impl Audit {
    /// One whose events name no person.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with people as 64 hexadecimal digits: HMAC-SHA-256 of their number under this key.
    ///
    /// Numbers of people are few: whoever has the key and the events can find out who each is. Keep
    /// it apart from both, and use it for nothing else.
    ///
    /// # Errors
    /// `usage` for a key of fewer than 32 bytes.
    pub fn with_person_key(mut self, key: &[u8]) -> Result<Self, Error> {
        if key.len() < SHORTEST_KEY {
            return Err(Error::new(
                ErrorCode::Usage,
                format!(
                    "a key of {} bytes hides nobody: give at least {SHORTEST_KEY} random ones",
                    key.len()
                ),
            ));
        }
        let mut block = SecretBytes::zeroed(HMAC_BLOCK);
        let fill = |block: &mut [u8], bytes: &[u8]| {
            for (byte, of_key) in block.iter_mut().zip(bytes) {
                *byte = *of_key;
            }
        };
        match key.len() {
            // RFC 2104, section 2.
            ..=HMAC_BLOCK => fill(block.expose_secret_mut(), key),
            _ => fill(block.expose_secret_mut(), &Sha256::digest(key)),
        }
        self.person_key = Some(block);
        Ok(self)
    }

    /// A start is about to be sent. Its flow has no identifier yet.
    pub fn started(&self, start: &Start, now: UnixTime) -> AuditEvent {
        AuditEvent::of(AuditKind::Started, now).about(start.asked(), self.person_of(start.asked()))
    }

    /// The API has answered a start: there is a flow, or the reason why there is none.
    pub fn created<'a, E: AuditedError + 'a>(
        &self,
        start: &Start,
        created: impl AuditedResult<'a, Created, E>,
        now: UnixTime,
    ) -> AuditEvent {
        let event = AuditEvent::of(AuditKind::Created, now)
            .about(start.asked(), self.person_of(start.asked()));
        match created.audited() {
            Ok(created) => event.in_flow(created.flow()),
            Err(error) => event.failed(error),
        }
    }

    /// A device has picked the flow up: the session's [`Progress`](crate::api::Action::Progress).
    pub fn picked_up(&self, pending: &PendingFlow, now: UnixTime) -> AuditEvent {
        self.on(pending, AuditKind::PickedUp, now)
    }

    /// The app wants the flow cancelled.
    pub fn cancel_asked(&self, pending: &PendingFlow, now: UnixTime) -> AuditEvent {
        self.on(pending, AuditKind::CancelAsked, now)
    }

    /// The session has ended, with what its [`Ended`](crate::api::Action::Ended) holds. That a flow
    /// is complete says nothing of whether it is genuine.
    ///
    /// ```
    /// # use flowseal::api::{ApiConfig, ApiVersion, Credentials, Device, Environment, HttpResponse,
    /// #     Purpose};
    /// use core::time::Duration;
    /// use flowseal::ErrorCode;
    /// use flowseal::api::{Action, Audit};
    ///
    /// # let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
    /// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
    /// # let start = config.identify(Purpose::Login, ["naming"], "Log in", &Device::wildcard(1)?)?;
    /// # let body = br#"{"status": "successful", "data": {"request": {"id": "req_1",
    /// #     "exp": 1716820412}, "seeds": ["a"]}}"#;
    /// # let pending = start.read(&HttpResponse::new(201, body))?.pending(None)?;
    /// # let now = flowseal::UnixTime::from_seconds(1716820122)?;
    /// # let mut session = pending.session(config)?.with_deadline(Duration::ZERO);
    /// if let Action::Ended(end) = session.poll(now, 4) {
    ///     let event = Audit::new().ended(&pending, &end, now);
    ///     assert_eq!(event.code(), Some(ErrorCode::DeadlinePassed));
    /// }
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    pub fn ended<'a, E: AuditedError + 'a>(
        &self,
        pending: &PendingFlow,
        end: impl AuditedResult<'a, Flow, E>,
        now: UnixTime,
    ) -> AuditEvent {
        let event = self.on(pending, AuditKind::Ended, now);
        match end.audited() {
            Ok(flow) if flow.state() == FlowState::Cancelled => event
                .with_times(flow, now)
                .failed(&ErrorCode::FlowCancelled),
            Ok(flow) => event.with_times(flow, now),
            Err(error) => event.failed(error),
        }
    }

    /// The flow was judged, and its result is given or refused: by
    /// [`finish`](PendingFlow::finish) or [`finish_received`](PendingFlow::finish_received).
    pub fn finished<'a, F: AuditedFlow + 'a, E: AuditedError + 'a>(
        &self,
        pending: &PendingFlow,
        end: impl AuditedResult<'a, F, E>,
        now: UnixTime,
    ) -> AuditEvent {
        let mut event = self.on(pending, AuditKind::Finished, now);
        match end.audited() {
            Ok(flow) => {
                event.trust = Some(flow.level());
                if let Some(person) = flow.person() {
                    event.person = self.pseudonym_of(person);
                }
                event.with_times(flow.received(), now)
            }
            Err(error) => event.failed(error),
        }
    }

    /// The flow's claims were opened, or were not.
    pub fn opened<'a, E: AuditedError + 'a>(
        &self,
        pending: &PendingFlow,
        opened: impl AuditedResult<'a, OpenedClaims, E>,
        now: UnixTime,
    ) -> AuditEvent {
        let mut event = self.on(pending, AuditKind::Opened, now);
        match opened.audited() {
            Ok(claims) => {
                event.trust = claims.trust();
                event
            }
            Err(error) => event.failed(error),
        }
    }

    fn on(&self, pending: &PendingFlow, kind: AuditKind, now: UnixTime) -> AuditEvent {
        let event =
            AuditEvent::of(kind, now).about(pending.asked(), self.person_of(pending.asked()));
        event.in_flow(pending.reference())
    }

    fn person_of(&self, asked: &Asked) -> Option<String> {
        self.pseudonym_of(asked.person.as_ref().map(Person::number)?)
    }

    fn pseudonym_of(&self, person: &str) -> Option<String> {
        let block = self.person_key.as_ref()?.expose_secret().try_into().ok()?;
        let mac = <Hmac<Sha256> as hmac::digest::KeyInit>::new(block)
            .chain_update(b"flowseal-audit-person-v1\0")
            .chain_update(person);
        let mac = mac.finalize().into_bytes();
        Some(mac.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl fmt::Debug for Audit {
    /// Whether it has a key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.person_key.is_some();
        f.debug_struct("Audit")
            .field("names_people", &names)
            .finish()
    }
}

/// What came of something, as its caller holds it: the `&Result` that a session, a start or an end
/// has given, or its [`as_ref`](Result::as_ref).
pub trait AuditedResult<'a, T: 'a, E: 'a>: private::Sealed {
    /// What came of it.
    ///
    /// # Errors
    /// Why nothing did.
    fn audited(self) -> Result<&'a T, &'a E>;
}

impl<'a, T, E> AuditedResult<'a, T, E> for &'a Result<T, E> {
    fn audited(self) -> Result<&'a T, &'a E> {
        self.as_ref()
    }
}

impl<'a, T, E> AuditedResult<'a, T, E> for Result<&'a T, &'a E> {
    fn audited(self) -> Self {
        self
    }
}

/// A reason that something did not go well, of which an event says the code and the check: an
/// [`Error`], a [`Refused`], or both as they are.
pub trait AuditedError: private::Sealed {
    /// The code, and the check that failed.
    fn code_and_check(&self) -> (ErrorCode, Option<Check>);
}

impl AuditedError for Error {
    fn code_and_check(&self) -> (ErrorCode, Option<Check>) {
        (self.code(), self.details().check())
    }
}

impl AuditedError for Refused {
    fn code_and_check(&self) -> (ErrorCode, Option<Check>) {
        self.error().code_and_check()
    }
}

impl AuditedError for ErrorCode {
    fn code_and_check(&self) -> (ErrorCode, Option<Check>) {
        (*self, None)
    }
}

impl AuditedError for (ErrorCode, Option<Check>) {
    fn code_and_check(&self) -> (ErrorCode, Option<Check>) {
        *self
    }
}

/// A flow whose result was given: a [`VerifiedFlow`] or a [`ReceivedFlow`].
pub trait AuditedFlow: private::Sealed {
    /// What it is believed for.
    fn level(&self) -> Trust;
    /// Who has responded, where that is covered by what makes it one to believe.
    fn person(&self) -> Option<&str>;
    /// The flow as it was received.
    fn received(&self) -> &Flow;
}

impl AuditedFlow for VerifiedFlow {
    fn level(&self) -> Trust {
        self.trust()
    }

    fn person(&self) -> Option<&str> {
        self.requestee()
    }

    fn received(&self) -> &Flow {
        self.unauthenticated()
    }
}

impl AuditedFlow for ReceivedFlow {
    fn level(&self) -> Trust {
        self.trust()
    }

    fn person(&self) -> Option<&str> {
        Some(self.requestee_received())
    }

    fn received(&self) -> &Flow {
        self.unauthenticated()
    }
}

mod private {
    pub trait Sealed {}

    impl<T, E> Sealed for &Result<T, E> {}
    impl<T, E> Sealed for Result<&T, &E> {}
    impl Sealed for crate::error::Error {}
    impl Sealed for crate::error::ErrorCode {}
    impl Sealed
        for (
            crate::error::ErrorCode,
            Option<crate::ground::report::Check>,
        )
    {
    }
    impl Sealed for crate::verify::Refused {}
    impl Sealed for crate::verify::VerifiedFlow {}
    impl Sealed for crate::api::received::ReceivedFlow {}
}

/// As long as the digest: RFC 2104, section 3, advises against less.
const SHORTEST_KEY: usize = 32;

/// The block of SHA-256 in bytes.
const HMAC_BLOCK: usize = 64;
