//! What to send to the API, for the caller's HTTP client.

use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;

use super::endpoint::Endpoint;
use super::header::Header;
use crate::api::config::{ApiConfig, ApiVersion};
use crate::api::session_token::SessionToken;
use crate::error::{Error, ErrorCode};
use crate::ground::tree::Json;
use crate::ground::tree::escape::Quoted;

#[cfg(feature = "http")]
mod http;

/// A request to the API: everything that an HTTP client needs to know, and nothing sent yet.
///
/// [`ApiConfig`] makes it, the caller's HTTP client sends it, [`Response::from_http`] reads what
/// comes back. Headers that carry credentials are marked, so that a client can keep them out of its
/// logs and of HTTP/2's tables; `Debug` shows their names alone. The credentials are in memory that
/// is wiped when the request is dropped.
///
/// Follow no redirects: the API has none, and a redirect would take the credentials elsewhere.
///
/// With the feature `http`, [`to_http`](Self::to_http) gives the type of the `http` crate.
///
/// ```
/// use flowseal::api::{ApiConfig, ApiVersion, Credentials, Environment, Method};
///
/// let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
/// let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
/// let request = config.cancel("req_1", None)?;
///
/// assert_eq!(request.method(), Method::Post);
/// assert_eq!(request.url(), "https://s.pasby.africa/api/v2/flow/cancel");
/// assert_eq!(request.body(), Some(r#"{"request":"req_1"}"#));
/// for header in request.headers() {
///     assert_eq!(header.is_sensitive(), header.name().starts_with("x-"));
///     let _what_a_client_is_given = (header.name(), header.expose_value());
/// }
/// assert!(!format!("{request:?}").contains("snb_1"));
/// # Ok::<(), flowseal::Error>(())
/// ```
///
/// [`Response::from_http`]: crate::api::Response::from_http
pub struct Request {
    endpoint: Endpoint,
    url: String,
    headers: Vec<Header>,
    body: Option<String>,
    ticket: Option<Ticket>,
}

impl Request {
    /// Which endpoint it is for; reading the response asks for it.
    pub fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// The method.
    pub fn method(&self) -> Method {
        match self.body {
            Some(_) => Method::Post,
            None => Method::Get,
        }
    }

    /// The URL, whole. It holds no secret.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers, their names in lower case. A client adds `host` and `content-length`.
    pub fn headers(&self) -> &[Header] {
        &self.headers
    }

    /// The body, JSON; `None` for a GET.
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    /// The same with a ticket, which its answer brings back.
    pub(super) fn with_ticket(mut self, ticket: Ticket) -> Self {
        self.ticket = Some(ticket);
        self
    }

    pub(super) fn ticket(&self) -> Option<&Ticket> {
        self.ticket.as_ref()
    }

    /// Whether the body names a person and says what they are asked.
    fn is_about_a_person(&self) -> bool {
        matches!(self.endpoint, Endpoint::Identification | Endpoint::Signing)
    }
}

impl fmt::Debug for Request {
    /// Without credentials, and without a person whom the body names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Request");
        shown
            .field("method", &self.method())
            .field("url", &self.url)
            .field("headers", &self.headers);
        if self.is_about_a_person() {
            return shown.finish_non_exhaustive();
        }
        shown.field("body", &self.body).finish()
    }
}

/// What ties an answer to the one request that it answers. There is no way to make two alike.
#[derive(Clone)]
pub(super) struct Ticket(Arc<()>);

impl Ticket {
    /// A ticket that no other request has.
    pub(super) fn new() -> Self {
        Self(Arc::new(()))
    }
}

impl PartialEq for Ticket {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A method of HTTP that the API uses.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
}

impl Method {
    /// The method as it is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// The requests. `flow` is a flow's identifier, `req_…`.
impl ApiConfig {
    /// Asks for a session token (v1).
    ///
    /// # Errors
    /// `api_version` in v2, which has none; `api_config` where the identifiers are missing.
    pub fn authorize(&self) -> Result<Request, Error> {
        if self.version() != ApiVersion::V1 {
            return Err(Error::new(
                ErrorCode::ApiVersion,
                "v2 has no authorize: by its universal authentication every request carries the API key and the app secret, so ping at once",
            ));
        }
        let (organisation, app) = self.organisation_and_app().ok_or_else(|| {
            Error::new(
                ErrorCode::ApiConfig,
                "v1's authorize names the organisation and the app, and they are not configured: give both to ids(), or use a service account",
            )
        })?;
        let query = format!("?sub={}&app={}", Encoded(organisation), Encoded(app));
        Ok(Request {
            endpoint: Endpoint::Authorize,
            url: self.url(Endpoint::Authorize) + &query,
            headers: vec![self.app_secret_header(), self.api_key_header()],
            body: None,
            ticket: None,
        })
    }

    /// Asks how a flow is (v1 with a session token, v2 without).
    ///
    /// # Errors
    /// `api_unauthorized` in v1 without a token; `usage` for an empty identifier.
    pub fn ping(&self, flow: &str, token: Option<&SessionToken>) -> Result<Request, Error> {
        let headers = self.credentials(Endpoint::Ping, token)?;
        self.about(Endpoint::Ping, flow, headers)
    }

    /// Asks how a flow is, to be answered when it has changed.
    ///
    /// v1 carries the app secret or a session token, by its
    /// [`PollingCredentials`](crate::api::PollingCredentials). v2's route is a legacy of v1 and
    /// wants a token, which only v1's authorize gives; ping or `sse` are what v2 has instead.
    ///
    /// # Errors
    /// `api_unauthorized` where a token is wanted and none is given; `usage` for an empty
    /// identifier.
    pub fn polling(&self, flow: &str, token: Option<&SessionToken>) -> Result<Request, Error> {
        let headers = if self.polls_with_token() {
            vec![
                token_header(Endpoint::Polling, token)?,
                self.api_key_header(),
            ]
        } else {
            vec![self.app_secret_header(), self.api_key_header()]
        };
        self.about(Endpoint::Polling, flow, headers)
    }

    /// Asks for a flow as a stream of server-sent events (v2), for an [`EventStream`].
    ///
    /// [`EventStream`]: crate::api::EventStream
    ///
    /// # Errors
    /// `api_version` in v1, which has none; `usage` for an empty identifier.
    pub fn sse(&self, flow: &str) -> Result<Request, Error> {
        if self.version() != ApiVersion::V2 {
            return Err(Error::new(
                ErrorCode::ApiVersion,
                "v1 has no stream of events: ping or poll, or use v2",
            ));
        }
        let flow = checked(flow)?;
        Ok(Request {
            endpoint: Endpoint::Sse,
            url: format!("{}?request={}", self.url(Endpoint::Sse), Encoded(flow)),
            headers: vec![
                Header::plain("accept", "text/event-stream"),
                self.api_key_header(),
                self.app_secret_header(),
            ],
            body: None,
            ticket: None,
        })
    }

    /// Voids a flow, also one that a device has picked up (v1 with a session token, v2 without).
    ///
    /// # Errors
    /// `api_unauthorized` in v1 without a token; `usage` for an empty identifier.
    pub fn cancel(&self, flow: &str, token: Option<&SessionToken>) -> Result<Request, Error> {
        let headers = self.credentials(Endpoint::Cancel, token)?;
        self.about(Endpoint::Cancel, flow, headers)
    }

    /// Asks whether the API is there, without any credential; [`Response::check_health`] reads the
    /// answer.
    ///
    /// ```
    /// # use flowseal::api::{ApiConfig, ApiVersion, Credentials, Environment};
    /// use flowseal::api::{HttpResponse, Response};
    ///
    /// # let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
    /// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
    /// let request = config.health_check();
    /// assert_eq!(request.url(), "https://s.pasby.africa/api/health/check");
    /// assert!(request.headers().is_empty());
    /// assert!(Response::check_health(&HttpResponse::new(200, b"ok")).is_ok());
    /// assert!(Response::check_health(&HttpResponse::new(503, b"")).is_err());
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// [`Response::check_health`]: crate::api::Response::check_health
    pub fn health_check(&self) -> Request {
        Request {
            endpoint: Endpoint::Health,
            url: format!("{}/api/health/check", self.origin()),
            headers: Vec::new(),
            body: None,
            ticket: None,
        }
    }

    /// Starts a flow by the last step of the path. Key and secret go with it in both versions: the
    /// pages name no other credential for a start, and the vendor's SDK sends no other.
    pub(super) fn start(&self, endpoint: Endpoint, step: &str, body: &Json) -> Request {
        let (version, name) = (self.version().as_str(), endpoint.as_str());
        Request {
            endpoint,
            url: format!("{}/api/{version}/{name}/{step}", self.origin()),
            headers: vec![
                self.api_key_header(),
                self.app_secret_header(),
                Header::plain("content-type", "application/json"),
            ],
            body: Some(body.to_string()),
            ticket: None,
        }
    }

    fn about(
        &self,
        endpoint: Endpoint,
        flow: &str,
        credentials: Vec<Header>,
    ) -> Result<Request, Error> {
        let flow = checked(flow)?;
        let mut headers = credentials;
        headers.push(Header::plain("content-type", "application/json"));
        Ok(Request {
            endpoint,
            url: self.url(endpoint),
            headers,
            body: Some(format!("{{\"request\":{}}}", Quoted(flow))),
            ticket: None,
        })
    }

    fn credentials(
        &self,
        endpoint: Endpoint,
        token: Option<&SessionToken>,
    ) -> Result<Vec<Header>, Error> {
        Ok(match self.version() {
            ApiVersion::V1 => vec![token_header(endpoint, token)?, self.api_key_header()],
            ApiVersion::V2 => vec![self.api_key_header(), self.app_secret_header()],
        })
    }

    fn url(&self, endpoint: Endpoint) -> String {
        let version = self.version().as_str();
        format!("{}/api/{version}/flow/{}", self.origin(), endpoint.as_str())
    }

    fn api_key_header(&self) -> Header {
        Header::sensitive("x-api-key", self.api_key())
    }

    fn app_secret_header(&self) -> Header {
        Header::sensitive("x-access-secret", self.app_secret())
    }
}

/// The token is sent bare, without a scheme word.
fn token_header(endpoint: Endpoint, token: Option<&SessionToken>) -> Result<Header, Error> {
    let token = token.ok_or_else(|| {
        Error::new(
            ErrorCode::ApiUnauthorized,
            format!(
                "{} needs a session token and none was given: send v1's authorize first",
                endpoint.as_str()
            ),
        )
    })?;
    Ok(Header::sensitive("x-access-token", token.expose_secret()))
}

pub(crate) fn checked(flow: &str) -> Result<&str, Error> {
    if flow.is_empty() || flow.len() > MAX_FLOW_LEN {
        return Err(Error::new(
            ErrorCode::Usage,
            format!(
                "a flow's identifier has 1 to {MAX_FLOW_LEN} bytes and this has {}: give the id that the API gave when the flow was started",
                flow.len()
            ),
        ));
    }
    Ok(flow)
}

/// Many times what an identifier has, and what any server takes in a URL.
const MAX_FLOW_LEN: usize = 1024;

/// A text whose `Display` is percent-encoded for a query (RFC 3986, section 2.3).
struct Encoded<'a>(&'a str);

impl fmt::Display for Encoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                f.write_char(char::from(byte))?;
            } else {
                write!(f, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_percent_encoded() {
        assert_eq!(Encoded("bcn_1-2.~").to_string(), "bcn_1-2.~");
        assert_eq!(
            Encoded("a&b=c d/é%").to_string(),
            "a%26b%3Dc%20d%2F%C3%A9%25"
        );
    }
}
