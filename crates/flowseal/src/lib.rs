//! Verify and open the flows of the pasby e-ID.
//!
//! An app starts a *flow*, a person approves it on a phone, and the API answers with JSON: who,
//! when, the person's e-signature, and a tree of claims, each leaf encrypted under the app's RSA
//! key. This crate reads that answer, verifies the signature, compares the flow with what the app
//! expects, and opens the claims. It has no network, no files and no clock; keys and claims are
//! wiped when they are dropped.
//!
//! ```
//! # use flowseal::testkit;
//! use core::time::Duration;
//! use flowseal::{DecryptingKey, Expectations, Flow, KeyRing, UnixTime, Verifier, VerifyingKey};
//!
//! # let sample = testkit::Sample::new()?;
//! # let (response, reference) = (sample.response(), testkit::Sample::REFERENCE);
//! # let app_pem = testkit::Sample::APP_PRIVATE_PEM;
//! # let user_pem = testkit::Sample::USER_PUBLIC_PEM;
//! # let now = testkit::FlowBuilder::SIGNED_AT + 2;
//! let key = KeyRing::from(DecryptingKey::load(app_pem.as_bytes())?);
//! let verifier = Verifier::trusting([VerifyingKey::load(user_pem.as_bytes())?]);
//! let max_age = Duration::from_secs(300);
//! let expectations = Expectations::for_reference(reference).with_max_age(max_age);
//!
//! let flow = Flow::from_json(response)?;
//! let verified = flow.verify(&verifier, &expectations, UnixTime::from_seconds(now)?)?;
//! // These keys may sign for everyone: compare whoever signed with whom you asked.
//! assert_eq!(verified.requestee(), Some("22212345610"));
//! let claims = verified.open(&key)?;
//! assert_eq!(claims.get("naming.given").unwrap().text(), "Adébáyọ̀");
//! # Ok::<(), flowseal::Error>(())
//! ```
//!
//! # To get there
//!
//! The core sends nothing. It says what to send, and understands what comes back, in three steps:
//! configure, do what the [`Session`](api::Session) says with any HTTP client, verify the flow that
//! it ends with.
//!
//! ```
//! use flowseal::api::{Action, ApiConfig, ApiVersion, Credentials, Environment, HttpResponse,
//!     Session};
//!
//! # let now = || flowseal::UnixTime::from_seconds(1716820122).unwrap();
//! # let send = |_: &flowseal::api::Request, _| (200, flowseal::testkit::Sample::new().unwrap());
//! let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
//! let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
//! let mut session = Session::new(config, "req_sample")?;
//! let flow = loop {
//!     match session.poll(now(), 4 /* any random number */) {
//!         Action::Send { request, timeout } => {
//!             let (status, body) = send(&request, timeout);
//! #           let body = body.response();
//!             session.handle(&HttpResponse::new(status, body), now());
//!         }
//!         Action::Wait(pause) => std::thread::sleep(pause),
//!         Action::Progress(_) => {} // A device has picked the flow up.
//!         Action::Stream { .. } => session.stream_ended(now()), // Nobody has asked for one.
//!         Action::Ended(end) => break end?,
//!     }
//! };
//! assert!(flow.signature().is_some()); // To be verified, as above.
//! # Ok::<(), flowseal::Error>(())
//! ```
//!
//! # From the start to the end
//!
//! Whoever starts the flow here as well has nothing to remember for its end.
//! [`ApiConfig::identify`](api::ApiConfig::identify), [`sign`](api::ApiConfig::sign) and
//! [`confirm`](api::ApiConfig::confirm) say what to send; the answer and what was asked are a
//! [`PendingFlow`](api::PendingFlow), which gives the session, compares what has to be compared and
//! gives the result once. A [`Budget`](api::Budget) shares the requests of one address among
//! sessions; [`Audit`](api::Audit) makes events of what happens, for a log that is kept.
//!
//! # The way of the data
//!
//! Each step takes a type and gives a stronger one, which only that step can make:
//!
//! | step | module | gives |
//! |---|---|---|
//! | what to send is said, and when | `api` | [`Request`](api::Request) |
//! | what was asked is kept until its end | `api` | [`PendingFlow`](api::PendingFlow) |
//! | bytes are read within bounds | `json`, `envelope`, `flow` | [`Flow`] |
//! | the signed bytes are built, the rest judged | `statement`, `verify` | [`VerifiedFlow`] |
//! | leaves are computed, unpadded and decoded | `open`, `padding`, `claims` | [`OpenedClaims`] |
//! | some of them are shown to others, with the proof | `disclosure` | [`Disclosure`] |
//!
//! What pasby publishes nowhere (the signed bytes, the algorithm) is configuration: a
//! [`Profile`](profile::Profile), which a [`Setup`] holds, so that it is named once. What was
//! looked at and what came of it is a [`Report`](report::Report). Every refusal is an [`Error`]
//! with a stable [`ErrorCode`].
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

pub mod api;
mod catalogue;
mod claims;
mod data;
mod disclosure;
mod envelope;
mod error;
mod flow;
mod ground;
#[cfg(flowseal_hooks)]
pub mod hooks;
mod json;
mod keys;
mod learn;
mod limits;
mod open;
mod padding;
mod page;
pub mod profile;
mod setup;
mod shown;
mod statement;
#[cfg(feature = "testkit")]
pub mod testkit;
mod text_file;
mod time;
mod verify;

/// What a verification has looked at, and what came of it.
pub mod report {
    pub use crate::ground::diagnosis::{DiagnosedFlow, DiagnosedKey, Diagnosis, Finding};
    pub use crate::ground::report::{Check, Outcome, Report, ReportLine, ReportedKey};
}

pub use catalogue::ClaimType;
pub use claims::{Claim, ClaimValue, OpenedClaims, PartialClaims, SealedClaims, SealedLeaf};
pub use disclosure::{Disclosed, Disclosure};
pub use error::{CodeClass, Error, ErrorCode, ErrorDetails};
pub use flow::{Flow, FlowState, Mode};
pub use flowseal_rsa::{Engine, EngineUnavailable};
pub use ground::fingerprint::Fingerprint;
pub use ground::not_a_file_name::NotAFileName;
pub use ground::secret::{SecretBytes, SecretText};
pub use ground::tree::{Json, Number, Object};
pub use keys::{
    AppKey, AppKeyOptions, DecryptingKey, DecryptingKeyOptions, KeyFileEntry, KeyFileKind,
    KeyHolder, KeyRing, RawOperation, RemoteKeyOptions, VerifyingKey, VerifyingKeyOptions,
    VerifyingKeys,
};
pub use learn::{Learned, Learner};
pub use open::{
    OpenOptions, Opening, begin_opening_many, begin_opening_many_unverified, open_many,
    open_many_unverified,
};
pub use setup::Setup;
pub use statement::DetachedStatement;
pub use text_file::passphrase_line;
pub use time::UnixTime;
pub use verify::{Evidence, Expectations, Refused, Verification, VerifiedFlow, Verifier};
