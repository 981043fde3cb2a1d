//! The API, without a network: what to send, what an answer means, and what to do next.

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
