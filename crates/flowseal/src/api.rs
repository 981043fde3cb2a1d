//! The API, without a network: what to send, what an answer means, and what to do next.
//!
//! In the order in which a login needs them:
//!
//! | what happens | with |
//! |---|---|
//! | the API's address and the credentials are configured | [`ServiceAccount`], [`ApiConfig`] |
//! | a flow is started, and the answer read | [`Device`] or [`Signer`], [`Start`], [`Created`] |
//! | what was asked is kept until the end, for one browser | [`PendingFlow`], [`Binding`] |
//! | the flow is watched, in turns where many are | [`Session`], [`Budget`] |
//! | something says that it has changed, which a ping confirms | [`EventStream`], [`Webhook`] |
//! | its result is given, once | [`PendingFlow::finish`], [`FinishOnce`], [`ReceivedFlow`] |
//! | the person is told how it stands, and so is a log | [`Situation`], [`Words`], [`Audit`] |
//!
//! Below all of them is one [`Request`] and its answer: an [`HttpResponse`], read into a
//! [`Response`] or an [`ApiError`]. Nothing that comes out of here is proved: the crate's first
//! page leads from a flow to its claims. A type stands in the file of its name.

mod api_error;
mod asked;
mod audit;
mod binding;
mod budget;
mod config;
mod created;
mod device;
mod echo;
mod endpoint;
mod finish_once;
mod header;
mod http_response;
mod names;
mod pending;
mod received;
mod remedy;
mod request;
mod response;
mod service_account;
mod session;
mod session_token;
mod sse;
mod start;
mod url;
mod webhook;
mod webhook_target;
mod words;

pub use api_error::{ApiError, ValidationIssue};
pub use asked::Purpose;
pub use audit::{
    Audit, AuditEvent, AuditKind, AuditOutcome, AuditedError, AuditedFlow, AuditedResult,
};
pub use binding::Binding;
pub use budget::{Budget, SharedCount};
pub use config::{ApiConfig, ApiVersion, Credentials, Environment, PollingCredentials};
pub use created::Created;
pub use device::{Device, Signer};
pub use endpoint::Endpoint;
pub use finish_once::{FinishOnce, FinishedFlows};
pub use header::Header;
pub use http_response::HttpResponse;
pub use names::{ApiErrorType, ApiStatus};
pub use pending::PendingFlow;
pub use received::ReceivedFlow;
pub use remedy::Remedy;
pub use request::{Method, Request};
pub use response::{Answer, CreatedRequest, RequestModel, Response};
pub use service_account::{AccountKind, ServiceAccount};
pub use session::{Action, Session};
pub use session_token::SessionToken;
pub use sse::{EventStream, ServerEvent};
pub use start::Start;
pub use webhook::{AskedFlow, AskedKey, Webhook, WebhookStep, WebhookStore};
pub use webhook_target::WebhookTarget;
pub use words::{NextStep, Situation, Words};
