//! The API, without a network: what to send, what an answer means, and what to do next.

mod api_error;
mod config;
mod endpoint;
mod header;
mod http_response;
mod names;
mod remedy;
mod request;
mod response;
mod service_account;
mod session;
mod session_token;
mod sse;
mod webhook;

pub use api_error::{ApiError, ValidationIssue};
pub use config::{ApiConfig, ApiVersion, Credentials, Environment, PollingCredentials};
pub use endpoint::Endpoint;
pub use header::Header;
pub use http_response::HttpResponse;
pub use names::{ApiErrorType, ApiStatus};
pub use remedy::Remedy;
pub use request::{Method, Request};
pub use response::{Answer, CreatedRequest, RequestModel, Response};
pub use service_account::{AccountKind, ServiceAccount};
pub use session::{Action, Session};
pub use session_token::SessionToken;
pub use sse::{EventStream, ServerEvent};
pub use webhook::{Webhook, WebhookStore};
