//! The names by which the API says how an answer went.

use std::fmt;

use super::remedy::Remedy;
use crate::ground::quoted::quoted;
use crate::ground::tree::Json;

/// A list of names on the wire that is known in part.
macro_rules! known_names {
    ($enum:ident { $($(#[doc = $doc:literal])* $variant:ident = $name:literal,)* }) => {
        impl $enum {
            /// What this name on the wire means.
            pub fn from_name(name: &str) -> Self {
                match name {
                    $($name => Self::$variant,)*
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl fmt::Display for $enum {
            /// The name on the wire; one that is not known is quoted, escaped and cut.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant => f.write_str($name),)*
                    other => other.fmt_other(f),
                }
            }
        }
    };
}

/// The `type` of an error. Source: the API's public documentation and SDKs.
///
/// ```
/// use flowseal::api::ApiErrorType;
///
/// assert_eq!(ApiErrorType::from_name("session_expiry"), ApiErrorType::SessionExpiry);
/// assert_eq!(ApiErrorType::from_name("new").to_string(), "\"new\"");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ApiErrorType {
    /// `api_error`: the API failed.
    ApiError,
    /// `authorization_error`: the credentials are not accepted.
    AuthorizationError,
    /// `db_error`: the API's database failed.
    DbError,
    /// `external_service_error`: a service behind the API failed.
    ExternalServiceError,
    /// `invalid_request`: the request makes no sense.
    InvalidRequest,
    /// `param_error`: a parameter of the request is wrong.
    ParamError,
    /// `session_cancel`: the person has cancelled.
    SessionCancel,
    /// `session_expiry`: the flow or the token has expired.
    SessionExpiry,
    /// `session_required`: there is no session.
    SessionRequired,
    /// `unknown_error`: the API does not know either.
    UnknownError,
    /// A type that this library does not know.
    Other(String),
}

known_names!(ApiErrorType {
    ApiError = "api_error",
    AuthorizationError = "authorization_error",
    DbError = "db_error",
    ExternalServiceError = "external_service_error",
    InvalidRequest = "invalid_request",
    ParamError = "param_error",
    SessionCancel = "session_cancel",
    SessionExpiry = "session_expiry",
    SessionRequired = "session_required",
    UnknownError = "unknown_error",
});

impl ApiErrorType {
    pub(super) fn remedy(&self) -> Option<Remedy> {
        match self {
            Self::ApiError | Self::DbError | Self::ExternalServiceError => Some(Remedy::RetryLater),
            Self::AuthorizationError | Self::SessionRequired => Some(Remedy::Authorise),
            Self::InvalidRequest | Self::ParamError => Some(Remedy::FixRequest),
            Self::SessionCancel => Some(Remedy::TellUser),
            Self::SessionExpiry => Some(Remedy::StartAgain),
            Self::UnknownError | Self::Other(_) => None,
        }
    }

    fn fmt_other(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(name) => f.write_str(&quoted(name)),
            _ => Ok(()),
        }
    }
}

/// The `status` of an answer. Source: the API's public documentation and SDKs.
///
/// ```
/// use flowseal::api::ApiStatus;
///
/// assert_eq!(ApiStatus::from_name("token-mismatch"), ApiStatus::TokenMismatch);
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ApiStatus {
    /// `expiration`: something has expired.
    Expiration,
    /// `extreme`: documented without a meaning.
    Extreme,
    /// `failed`.
    Failed,
    /// `handled`: the API dealt with it, which says nothing of success.
    Handled,
    /// `mismatch`: two parts of the request do not fit together.
    Mismatch,
    /// A number, as the SDK types it for authorize.
    Number(u16),
    /// `successful`.
    Successful,
    /// `token-mismatch`: the session token is not that of the app.
    TokenMismatch,
    /// `unauthorized`: the credentials are not accepted.
    Unauthorized,
    /// A status that this library does not know.
    Other(String),
}

known_names!(ApiStatus {
    Expiration = "expiration",
    Extreme = "extreme",
    Failed = "failed",
    Handled = "handled",
    Mismatch = "mismatch",
    Successful = "successful",
    TokenMismatch = "token-mismatch",
    Unauthorized = "unauthorized",
});

impl ApiStatus {
    pub(super) fn of(value: &Json) -> Option<Self> {
        match value {
            Json::String(name) => Some(Self::from_name(name)),
            Json::Number(number) => Some(
                value
                    .as_integer()
                    .and_then(|number| u16::try_from(number).ok())
                    .map_or_else(|| Self::Other(number.to_string()), Self::Number),
            ),
            _ => None,
        }
    }

    pub(super) fn remedy(&self) -> Option<Remedy> {
        match self {
            Self::Expiration => Some(Remedy::StartAgain),
            Self::Mismatch => Some(Remedy::FixRequest),
            Self::TokenMismatch | Self::Unauthorized => Some(Remedy::Authorise),
            _ => None,
        }
    }

    fn fmt_other(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Other(name) => f.write_str(&quoted(name)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_on_the_wire_are_read_and_shown_alike() {
        for name in [
            "api_error",
            "param_error",
            "db_error",
            "external_service_error",
            "session_cancel",
            "unknown_error",
            "session_required",
            "authorization_error",
            "session_expiry",
            "invalid_request",
        ] {
            let known = ApiErrorType::from_name(name);
            assert_eq!(known.to_string(), name);
            assert!(!matches!(known, ApiErrorType::Other(_)), "{name}");
        }
        for name in [
            "successful",
            "handled",
            "mismatch",
            "token-mismatch",
            "unauthorized",
            "expiration",
            "failed",
            "extreme",
        ] {
            let known = ApiStatus::from_name(name);
            assert_eq!(known.to_string(), name);
            assert!(!matches!(known, ApiStatus::Other(_)), "{name}");
        }
        assert_eq!(ApiStatus::from_name("a\"b").to_string(), r#""a\"b""#);
    }
}
