//! What an HTTP client received, before it is read.

use std::fmt;

use crate::api::endpoint::Endpoint;
use crate::api::request::{Request, Ticket};
use crate::api::url::are_one_address;
use crate::ground::secret::SecretText;

/// The answer to a request as an HTTP client received it: status, headers and body.
///
/// [`Response::from_http`](crate::api::Response::from_http) reads it. Of the headers only those are
/// kept that mean something: `x-access-token`, in wiped memory, and `retry-after`.
///
/// ```
/// use flowseal::api::{Answer, Endpoint, HttpResponse, Response};
///
/// let received = HttpResponse::new(429, b"Too many requests")
///     .with_headers([("Retry-After", "7")]);
/// match Response::from_http(Endpoint::Ping, &received)?.into_answer() {
///     Answer::Error(error) => assert_eq!(error.retry_after(), Some(7)),
///     other => panic!("{other:?}"),
/// }
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct HttpResponse<'a> {
    status: u16,
    token: Option<SecretText>,
    retry_after: Option<u64>,
    body: &'a [u8],
    answers: Option<Endpoint>,
    ticket: Option<Ticket>,
    url: Option<String>,
}

impl<'a> HttpResponse<'a> {
    /// Takes what was received without its headers. The body is what is left when the client has
    /// undone chunks and compression.
    pub fn new(status: u16, body: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self {
            status,
            token: None,
            retry_after: None,
            body: body.as_ref(),
            answers: None,
            ticket: None,
            url: None,
        }
    }

    /// The same with its headers, whose names may be in any case.
    #[must_use]
    pub fn with_headers<N, V>(mut self, headers: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: AsRef<str>,
        V: AsRef<[u8]>,
    {
        for (name, value) in headers {
            let Ok(value) = std::str::from_utf8(value.as_ref()) else {
                continue;
            };
            if name.as_ref().eq_ignore_ascii_case("x-access-token") {
                self.token = Some(SecretText::copied_from(value.trim_ascii()));
            } else if name.as_ref().eq_ignore_ascii_case("retry-after") {
                // The date that RFC 9110, section 10.2.3, allows too would need a clock.
                self.retry_after = value.trim_ascii().parse().ok();
            }
        }
        self
    }

    /// Says which request it answers, for a caller that may have several under way.
    ///
    /// ```
    /// use flowseal::api::{ApiConfig, ApiVersion, Environment, HttpResponse, Session};
    /// # use flowseal::api::{Action, Credentials};
    /// # use flowseal::UnixTime;
    /// # let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
    /// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
    /// # let now = UnixTime::from_seconds(1_716_820_122)?;
    /// let mut session = Session::new(config, "req_1")?;
    /// if let Action::Send { request, .. } = session.poll(now, 4) {
    ///     session.cancel(); // While the ping is under way.
    ///     let late = HttpResponse::new(200, b"{}").answering(&request);
    ///     session.handle(&late, now); // Changes nothing.
    /// }
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    #[must_use]
    pub fn answering(mut self, request: &Request) -> Self {
        self.answers = Some(request.endpoint());
        self.ticket = request.ticket().cloned();
        self
    }

    /// Says which address has answered, as the client reports it when all is done: it follows no
    /// redirect, so that this is the request's own. Without it no flow is
    /// [received](crate::api::ReceivedFlow).
    #[must_use]
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Whether it answers the one request that has this ticket, and came from its address.
    pub(super) fn is_receipt_of(&self, ticket: &Ticket, url: &str) -> bool {
        let answered = self.url.as_deref();
        self.succeeded()
            && self.ticket.as_ref() == Some(ticket)
            && answered.is_some_and(|answered| are_one_address(answered, url))
    }

    /// Whether it was said to answer a request to another endpoint than this.
    pub(crate) fn is_answer_to_other_than(&self, endpoint: Endpoint) -> bool {
        self.answers.is_some_and(|answered| answered != endpoint)
    }

    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    pub(crate) fn body(&self) -> &'a [u8] {
        self.body
    }

    pub(crate) fn retry_after(&self) -> Option<u64> {
        self.retry_after
    }

    /// The session token of the headers.
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_ref().map(SecretText::expose_secret)
    }

    /// Whether the status says that the request was done.
    pub(crate) fn succeeded(&self) -> bool {
        matches!(self.status, 200..300)
    }
}

/// A response in the type of the `http` crate, which most HTTP clients share.
#[cfg(feature = "http")]
impl<'a, B: AsRef<[u8]>> From<&'a ::http::Response<B>> for HttpResponse<'a> {
    fn from(response: &'a ::http::Response<B>) -> Self {
        Self::new(response.status().as_u16(), response.body()).with_headers(response.headers())
    }
}

impl fmt::Debug for HttpResponse<'_> {
    /// The status and the body's length.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "HttpResponse({}, {} bytes)",
            self.status,
            self.body.len()
        )
    }
}
