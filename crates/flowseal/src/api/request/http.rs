//! Requests in the type of the `http` crate, which most HTTP clients share.

use ::http::header::{HeaderMap, HeaderName, HeaderValue};

use super::{Method, Request};
use crate::error::{Error, ErrorCode};

impl Request {
    /// The request in the type of the `http` crate, credentials marked as
    /// [sensitive](HeaderValue::set_sensitive). The body is empty for a GET.
    ///
    /// The values are copied into memory of the `http` crate's, which nobody wipes.
    ///
    /// ```
    /// # use flowseal::api::{ApiConfig, ApiVersion, Credentials, Environment};
    /// # let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
    /// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
    /// let request = config.ping("req_1", None)?.to_http()?;
    /// assert_eq!(request.uri().path(), "/api/v2/flow/ping");
    /// assert!(request.headers()["x-access-secret"].is_sensitive());
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// None in practice: what a request is made of has been checked by then.
    pub fn to_http(&self) -> Result<::http::Request<Vec<u8>>, Error> {
        let unusable = || {
            Error::new(
                ErrorCode::ApiConfig,
                "the http crate does not accept the request: look at the base URL",
            )
        };
        let method = match self.method() {
            Method::Get => ::http::Method::GET,
            Method::Post => ::http::Method::POST,
        };
        let mut headers = HeaderMap::new();
        for header in self.headers() {
            let value = HeaderValue::from_str(header.expose_value());
            let mut value = value.map_err(|_| unusable())?;
            value.set_sensitive(header.is_sensitive());
            headers.insert(HeaderName::from_static(header.name()), value);
        }
        let mut request = ::http::Request::builder()
            .method(method)
            .uri(self.url())
            .body(self.body().unwrap_or_default().as_bytes().to_vec())
            .map_err(|_| unusable())?;
        *request.headers_mut() = headers;
        Ok(request)
    }
}
