//! Errors of the API, in their four shapes.

use core::time::Duration;
use std::fmt;

use super::names::{ApiErrorType, ApiStatus};
use super::remedy::{Remedy, TOO_MANY_REQUESTS};
use crate::api::http_response::HttpResponse;
use crate::envelope::{Content, Envelope};
use crate::error::{Error, ErrorCode};
use crate::ground::back_off::{back_off, fraction};
use crate::ground::quoted::quoted;
use crate::ground::tree::{Json, Object};
use crate::json;
use crate::limits::Limits;

/// An error that the API answered with.
///
/// It comes in four shapes: plain text, a list of validation issues, an envelope with `type`,
/// `code`, `helper_url` and `body`, and an older one with `status` and `message`. All of it is
/// untrusted text: `Display` escapes and cuts what it quotes.
///
/// ```
/// use flowseal::api::{ApiError, ApiErrorType, Remedy};
///
/// let error = ApiError::from_body(Some(429), b"Too many requests");
/// assert_eq!(error.to_string(), "the API answered with HTTP 429: \"Too many requests\"");
/// assert_eq!(error.remedy(), Remedy::RetryLater);
///
/// let error = ApiError::from_body(None, br#"{"status": "handled", "reason": "User cancelled",
///     "type": "session_cancel", "code": 400, "helper_url": "", "body": {}}"#);
/// assert_eq!(error.error_type(), Some(ApiErrorType::SessionCancel));
/// assert_eq!(error.advice(), "tell the user: they have cancelled, and may start again");
/// ```
#[derive(Clone)]
pub struct ApiError {
    http_status: Option<u16>,
    retry_after: Option<u64>,
    members: Object,
    issues: Vec<ValidationIssue>,
    text: Option<String>,
}

impl ApiError {
    /// Understands the body of an answer that failed, in any of the four shapes.
    ///
    /// Any body is an error of some kind, since the caller knows from the HTTP status that it is
    /// one. What is no JSON is taken as plain text where it looks like the API's, one line of at
    /// most 256 bytes without markup; of anything else, a proxy's page, nothing is kept.
    pub fn from_body(http_status: Option<u16>, body: &[u8]) -> Self {
        let error = match json::parse(body, &Limits::default()) {
            Ok(Json::String(text)) => Self::of_text(text.as_bytes()),
            Ok(tree) => match Envelope::open(tree) {
                Ok(Envelope {
                    content: Content::Issues(issues),
                    ..
                }) => Self::of_issues(issues),
                Ok(envelope) => Self::of_envelope(envelope.members),
                Err(_) => Self::of_text(body),
            },
            Err(_) => Self::of_text(body),
        };
        Self {
            http_status,
            ..error
        }
    }

    /// The same where the API asks to wait, by the header `retry-after`, in seconds.
    ///
    /// ```
    /// use flowseal::api::ApiError;
    ///
    /// let error = ApiError::from_body(Some(503), b"").with_retry_after(60);
    /// assert!(error.back_off(1, 0).as_secs() >= 60);
    /// ```
    #[must_use]
    pub fn with_retry_after(self, seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// The same of an answer as an HTTP client received it.
    pub(super) fn of_http(response: &HttpResponse<'_>) -> Self {
        Self::from_body(None, response.body()).with_http(response)
    }

    /// Adds what only the HTTP client knows.
    pub(super) fn with_http(self, response: &HttpResponse<'_>) -> Self {
        Self {
            http_status: Some(response.status()),
            retry_after: response.retry_after(),
            ..self
        }
    }

    pub(super) fn of_envelope(members: Object) -> Self {
        Self {
            http_status: None,
            retry_after: None,
            members,
            issues: Vec::new(),
            text: None,
        }
    }

    pub(super) fn of_issues(issues: Vec<Json>) -> Self {
        Self {
            issues: issues.into_iter().map(ValidationIssue).collect(),
            ..Self::of_envelope(Object::default())
        }
    }

    fn of_text(body: &[u8]) -> Self {
        let text = std::str::from_utf8(body).unwrap_or_default().trim();
        let is_a_line = (1..=TEXT_LEN).contains(&text.len())
            && !text.contains(|c: char| c.is_control() || matches!(c, '<' | '{' | '['));
        Self {
            text: is_a_line.then(|| text.to_owned()),
            ..Self::of_envelope(Object::default())
        }
    }

    /// The HTTP status that the answer came with, where the caller gave it.
    pub fn http_status(&self) -> Option<u16> {
        self.http_status
    }

    /// The seconds that the API asks to wait, by the header `retry-after`.
    pub fn retry_after(&self) -> Option<u64> {
        self.retry_after
    }

    /// `status`: the outcome, a word or a number.
    pub fn status(&self) -> Option<ApiStatus> {
        self.member("status").and_then(ApiStatus::of)
    }

    /// `type`: what kind of error it is.
    pub fn error_type(&self) -> Option<ApiErrorType> {
        let name = self.member("type").and_then(Json::as_str)?;
        Some(ApiErrorType::from_name(name))
    }

    /// `code`: a number like an HTTP status.
    pub fn code(&self) -> Option<u16> {
        let code = self.member("code").and_then(Json::as_integer)?;
        u16::try_from(code).ok()
    }

    /// `helper_url`: where the API says more. Untrusted: do not fetch it, show it.
    pub fn helper_url(&self) -> Option<&str> {
        self.member("helper_url").and_then(Json::as_str)
    }

    /// `body`: what the error is about.
    pub fn body(&self) -> Option<&Json> {
        self.member("body")
    }

    /// What the API says to people: `reason`, `message`, or the plain text.
    pub fn message(&self) -> Option<&str> {
        let named = |name| self.member(name).and_then(Json::as_str);
        named("reason")
            .or_else(|| named("message"))
            .or(self.text.as_deref())
    }

    /// The validation issues, where the answer is a list of them.
    pub fn issues(&self) -> &[ValidationIssue] {
        &self.issues
    }

    /// Any member by its name on the wire, known or unknown; `None` if it is absent or `null`.
    pub fn member(&self, name: &str) -> Option<&Json> {
        self.members.present(name)
    }

    /// What the API answered, as JSON of which [`from_body`](Self::from_body) makes the same error:
    /// for another process. Untrusted, and it may repeat what was asked of a person.
    pub fn to_json(&self) -> Json {
        match &self.text {
            Some(text) => Json::String(text.clone()),
            None if self.issues.is_empty() => Json::Object(self.members.clone()),
            None => Json::Array(self.issues.iter().map(|issue| issue.0.clone()).collect()),
        }
    }

    /// What can be done about it: by the type, else by the status, else by the HTTP status.
    pub fn remedy(&self) -> Remedy {
        if self.is_rate_limit() {
            return Remedy::RetryLater;
        }
        if !self.issues.is_empty() {
            return Remedy::FixRequest;
        }
        let number = match self.status() {
            Some(ApiStatus::Number(number)) => Some(number),
            _ => None,
        };
        self.error_type()
            .and_then(|error_type| error_type.remedy())
            .or_else(|| self.status().and_then(|status| status.remedy()))
            .or_else(|| {
                [self.http_status, self.code(), number]
                    .into_iter()
                    .flatten()
                    .find_map(Remedy::of_http_status)
            })
            .unwrap_or(Remedy::Investigate)
    }

    /// The remedy as a sentence.
    pub fn advice(&self) -> &'static str {
        match (self.remedy(), self.http_status) {
            (Remedy::Investigate, Some(300..=399)) => {
                "the API redirects nobody, so look at what stands between this service and it, and at the address that is configured; follow no redirect, which would carry the credentials elsewhere"
            }
            (remedy, _) => remedy.sentence(),
        }
    }

    /// How long to wait before trying again, after so many failures in a row; `jitter` is any
    /// random number.
    ///
    /// At least what the API asks for, or 15 s where it had too many requests and asks for nothing;
    /// else a pause that doubles up to 30 s. Half of it is by chance, so that clients that failed
    /// together do not come back together. It says nothing of whether trying again makes sense:
    /// that is the [`remedy`](Self::remedy).
    ///
    /// ```
    /// use flowseal::api::ApiError;
    ///
    /// let error = ApiError::from_body(Some(429), b"Too many requests");
    /// assert!(error.back_off(1, 0).as_secs() >= 15);
    /// let error = ApiError::from_body(Some(500), b"");
    /// assert_eq!(error.back_off(3, 0).as_secs(), 4);
    /// ```
    pub fn back_off(&self, failures: u32, jitter: u32) -> Duration {
        let asked = match self.retry_after {
            Some(seconds) => Duration::from_secs(seconds),
            None if self.is_rate_limit() => Duration::from_secs(15),
            None => return back_off(failures, jitter),
        };
        let spread = fraction(Duration::from_secs(1), jitter);
        asked.saturating_add(spread).max(back_off(failures, jitter))
    }

    /// Whether there were too many requests.
    pub(crate) fn is_rate_limit(&self) -> bool {
        self.http_status == Some(TOO_MANY_REQUESTS)
    }

    /// Whether a text of the answer holds something that `is_in` finds.
    pub(crate) fn mentions(&self, is_in: &dyn Fn(&str) -> bool) -> bool {
        self.text.as_deref().is_some_and(is_in)
            || self.members.mentions(is_in)
            || self.issues.iter().any(|issue| issue.0.mentions(is_in))
    }

    /// The code of an [`Error`](crate::Error) that it becomes.
    pub(crate) fn error_code(&self) -> ErrorCode {
        match self.remedy() {
            Remedy::Authorise => ErrorCode::ApiUnauthorized,
            Remedy::FixRequest => ErrorCode::ApiRequest,
            Remedy::Investigate => ErrorCode::ApiError,
            Remedy::RetryLater if self.is_rate_limit() => ErrorCode::ApiRateLimited,
            Remedy::RetryLater => ErrorCode::ApiUnavailable,
            Remedy::StartAgain => ErrorCode::ApiExpired,
            Remedy::TellUser => ErrorCode::ApiCancelled,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the API answered with ")?;
        match (self.http_status, self.error_type(), self.status()) {
            (_, Some(error_type), _) => write!(f, "{error_type}")?,
            (Some(status), None, _) => write!(f, "HTTP {status}")?,
            (None, None, Some(status)) => write!(f, "the status {status}")?,
            (None, None, None) => f.write_str("an error")?,
        }
        if let Some(message) = self.message() {
            write!(f, ": {}", quoted(message))?;
        }
        if let Some((first, others)) = self.issues.split_first() {
            write!(f, ": {first}")?;
            if !others.is_empty() {
                write!(f, ", and {} more", others.len())?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for ApiError {
    /// The same as `Display`: an error's body may repeat what was asked of a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiError({self})")
    }
}

impl std::error::Error for ApiError {}

impl From<ApiError> for Error {
    /// The code says what can be done about it, as [`ApiError::remedy`] does.
    fn from(error: ApiError) -> Self {
        let sentence = format!("{error}: {}", error.advice());
        Self::new(error.error_code(), sentence).with_cause(Box::new(error))
    }
}

impl Error {
    /// What the API answered; `None` where it is not the API that refused.
    pub fn api_error(&self) -> Option<&ApiError> {
        self.cause()?.downcast_ref()
    }
}

/// One entry of a list of validation issues: which member of the request is wrong, and how.
#[derive(Clone, Debug)]
pub struct ValidationIssue(Json);

impl ValidationIssue {
    /// `code`: what is wrong, such as `too_small`.
    pub fn code(&self) -> Option<&str> {
        self.member("code").and_then(Json::as_str)
    }

    /// `path`: where it is wrong, its steps joined by dots, such as `body.user`.
    pub fn path(&self) -> Option<String> {
        let steps = self.member("path").and_then(Json::as_array)?;
        let steps: Vec<_> = steps
            .iter()
            .map(|step| {
                step.as_str()
                    .map_or_else(|| step.to_string(), str::to_owned)
            })
            .collect();
        Some(steps.join("."))
    }

    /// `message`: a sentence for people.
    pub fn message(&self) -> Option<&str> {
        self.member("message").and_then(Json::as_str)
    }

    /// Any member by its name on the wire; `None` if it is absent or `null`.
    pub fn member(&self, name: &str) -> Option<&Json> {
        self.0.as_object()?.present(name)
    }
}

impl fmt::Display for ValidationIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        let path = path.as_deref().map_or("the request".to_owned(), quoted);
        let message = self.message().or(self.code());
        write!(f, "{path}: {}", quoted(message.unwrap_or("invalid")))
    }
}

/// The longest plain text: more than any message, less than a proxy's page.
const TEXT_LEN: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn error(body: &str) -> ApiError {
        ApiError::from_body(None, body.as_bytes())
    }

    #[test]
    fn the_four_shapes_are_read() {
        let text = ApiError::from_body(Some(400), b"App secret missing in headers.\n");
        assert_eq!(text.message(), Some("App secret missing in headers."));
        assert_eq!(text.remedy(), Remedy::FixRequest);

        let issues = error(
            r#"[{"code": "too_small", "minimum": 11, "path": ["body", "user"], "message": "Invalid nin identifier"},
                {"code": "invalid_type", "path": ["seeds", 0]}]"#,
        );
        let [first, second] = issues.issues() else {
            panic!("{issues}");
        };
        assert_eq!(first.code(), Some("too_small"));
        assert_eq!(first.path().as_deref(), Some("body.user"));
        assert_eq!(first.member("minimum").unwrap().as_integer(), Some(11));
        assert_eq!(second.path().as_deref(), Some("seeds.0"));
        assert_eq!(
            issues.to_string(),
            r#"the API answered with an error: "body.user": "Invalid nin identifier", and 1 more"#
        );

        let envelope = error(
            r#"{"status": "handled", "reason": "No", "type": "authorization_error", "code": 400,
                "helper_url": "https://docs.pasby.africa/", "body": {"a": 1}, "x": 2}"#,
        );
        assert_eq!(envelope.status(), Some(ApiStatus::Handled));
        assert_eq!(
            envelope.error_type(),
            Some(ApiErrorType::AuthorizationError)
        );
        assert_eq!(envelope.code(), Some(400));
        assert_eq!(envelope.helper_url(), Some("https://docs.pasby.africa/"));
        assert_eq!(envelope.body().unwrap().to_string(), r#"{"a":1}"#);
        assert_eq!(envelope.member("x").unwrap().as_integer(), Some(2));
        assert_eq!(envelope.remedy(), Remedy::Authorise);

        let older = error(r#"{"status": "failed", "message": "no such flow"}"#);
        assert_eq!(
            older.to_string(),
            r#"the API answered with the status failed: "no such flow""#
        );
        assert_eq!(older.remedy(), Remedy::Investigate);
    }

    #[test]
    fn what_to_do_follows_from_the_most_telling_member() {
        for (http_status, body, remedy) in [
            (Some(429), r#"{"type": "param_error"}"#, Remedy::RetryLater),
            (Some(401), "An api key is needed", Remedy::Authorise),
            (Some(401), r#"{"type": "session_cancel"}"#, Remedy::TellUser),
            (Some(503), "<html>", Remedy::RetryLater),
            (Some(500), r#"[{"code": "x"}]"#, Remedy::FixRequest),
            (None, r#"{"type": "session_expiry"}"#, Remedy::StartAgain),
            (None, r#"{"type": "db_error"}"#, Remedy::RetryLater),
            (None, r#"{"status": "token-mismatch"}"#, Remedy::Authorise),
            (None, r#"{"status": "expiration"}"#, Remedy::StartAgain),
            (None, r#"{"status": 404}"#, Remedy::FixRequest),
            (
                None,
                r#"{"type": "unknown_error", "code": 500}"#,
                Remedy::RetryLater,
            ),
            (None, r#"{"type": "new_error"}"#, Remedy::Investigate),
            (None, "", Remedy::Investigate),
        ] {
            let error = ApiError::from_body(http_status, body.as_bytes());
            assert_eq!(error.remedy(), remedy, "{http_status:?} {body}");
        }
    }

    #[test]
    fn any_body_is_an_error_and_its_text_is_cut_and_escaped() {
        let page = "\u{1b}[31m".repeat(100_000);
        for body in [
            page.as_bytes(),
            b"\xff\xfe",
            b"",
            b"null",
            b"\"Unauthorized\"",
            b"[1, null, \"x\"]",
            br#"{"type": "\u001b[31m", "status": ["x"]}"#,
        ] {
            let shown = ApiError::from_body(Some(502), body).to_string();
            assert!(shown.chars().count() < 200, "{shown}");
            assert!(!shown.contains('\u{1b}'), "{shown}");
        }
        let longest = "x".repeat(TEXT_LEN);
        let kept = ApiError::from_body(None, longest.as_bytes());
        assert_eq!(kept.message(), Some(longest.as_str()));
        for page in [page, longest + "x"] {
            assert!(
                ApiError::from_body(None, page.as_bytes())
                    .message()
                    .is_none()
            );
        }
        let text = ApiError::from_body(None, b"\"Unauthorized\"");
        assert_eq!(text.message(), Some("Unauthorized"));
    }

    #[test]
    fn an_error_is_the_same_in_another_process() {
        for body in [
            "",
            "{}",
            "null",
            "Too many requests",
            "\"Unauthorized\"",
            r#"[{"code": "too_small", "path": ["body", "user"]}]"#,
            r#"{"status": "failed", "message": "no", "data": {"token": "eyJ"}}"#,
            r#"{"type": "db_error", "code": 500, "body": {"a": [1, null]}}"#,
        ] {
            let error = ApiError::from_body(Some(500), body.as_bytes());
            let told = error.to_json().to_string();
            let again = ApiError::from_body(Some(500), told.as_bytes());
            assert_eq!(again.to_string(), error.to_string(), "{body}");
            assert_eq!(again.to_json(), error.to_json(), "{body}");
            assert_eq!(again.remedy(), error.remedy(), "{body}");
        }
    }

    #[test]
    fn a_token_in_the_body_of_an_error_is_not_kept() {
        let error = error(r#"{"status": "failed", "data": {"token": "eyJ"}}"#);
        assert!(error.member("data").is_none());
    }
}
