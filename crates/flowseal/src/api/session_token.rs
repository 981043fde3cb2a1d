//! The session token of v1, which carries the app's secret.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding as _};

use super::header::{MAX_HEADER_LEN, fits_a_header};
use crate::error::{Error, ErrorCode};
use crate::ground::secret::{SecretBytes, SecretText};
use crate::ground::tree::Json;
use crate::json;
use crate::limits::Limits;
use crate::time::UnixTime;

/// The session token that v1's authorize gives, for the header `x-access-token`.
///
/// It is a JWT (RFC 7519) whose payload carries the app's secret, so it is a secret itself: wiped,
/// redacted and unclonable like [`SecretText`]. It is signed with HS256, under a key that only the
/// API has: nobody else can verify it, and what is read of it is what the API said of itself.
///
/// ```
/// use flowseal::api::SessionToken;
///
/// // {"alg":"HS256"} . {"secret":"snb_","exp":1716827175}
/// let token = SessionToken::from_header(
///     "eyJhbGciOiJIUzI1NiJ9.eyJzZWNyZXQiOiJzbmJfIiwiZXhwIjoxNzE2ODI3MTc1fQ.AAAA")?;
/// assert_eq!(token.expires_at().unwrap().seconds(), 1716827175);
/// assert_eq!(format!("{token:?}"), "SessionToken(expires at 1716827175)");
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct SessionToken {
    text: SecretText,
    expires_at: Option<UnixTime>,
}

impl SessionToken {
    /// Takes the value of an answer's `x-access-token` header, which the documentation prefers to
    /// the body. The value stays the caller's to wipe.
    ///
    /// # Errors
    /// `usage` for a value that cannot be sent back in a header: empty, longer than
    /// [`MAX_LEN`](Self::MAX_LEN), or with anything but visible ASCII.
    pub fn from_header(value: &str) -> Result<Self, Error> {
        Self::new(SecretText::copied_from(value.trim_ascii())).ok_or_else(|| {
            Error::new(
                ErrorCode::Usage,
                "the token cannot be sent back in a header: pass the value of x-access-token as it was received, without a scheme word",
            )
        })
    }

    /// Takes the token of an answer's body; `None` for one that cannot be sent back in a header.
    pub(crate) fn new(text: SecretText) -> Option<Self> {
        let token = text.expose_secret();
        if !fits_a_header(token) {
            return None;
        }
        Some(Self {
            expires_at: expiry(token),
            text,
        })
    }

    /// The longest token that is accepted, in bytes: what common servers accept of one header.
    pub const MAX_LEN: usize = MAX_HEADER_LEN;

    /// The token, to be sent in `x-access-token`, bare. A copy of it is the caller's to wipe.
    pub fn expose_secret(&self) -> &str {
        self.text.expose_secret()
    }

    /// `exp` of the token's payload; `None` where the token is no JWT or has none.
    pub fn expires_at(&self) -> Option<UnixTime> {
        self.expires_at
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.expires_at {
            Some(moment) => write!(f, "SessionToken(expires at {moment})"),
            None => f.write_str("SessionToken"),
        }
    }
}

/// `exp` of a JWT's payload, which is read in wiped buffers: the app's secret stands beside it.
fn expiry(token: &str) -> Option<UnixTime> {
    let mut parts = token.split('.');
    let (_header, payload) = (parts.next()?, parts.next()?);
    // Decoding is constant-time in the digits, and into a buffer that does not grow.
    let mut decoded = SecretBytes::zeroed(payload.len());
    let json = Base64UrlUnpadded::decode(payload, decoded.expose_secret_mut()).ok()?;
    let claims = json::parse_secret(json, &Limits::default()).ok()?;
    let seconds = claims
        .as_object()?
        .present("exp")
        .and_then(Json::as_integer)?;
    UnixTime::from_seconds(i64::try_from(seconds).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_jwt_has_no_expiry() {
        for token in [
            "opaque",
            "eyJ.",
            "eyJ.e30.AAAA",
            "eyJ.eyJleHAiOiIxIn0",
            "eyJ.eyJleHAiOjE3MTY4MjcxNzUwMDB9.",
            "eyJ.eyJleHAiOjF9=.AAAA",
            "..",
        ] {
            let token = SessionToken::from_header(token).unwrap();
            assert_eq!(token.expires_at(), None, "{}", token.expose_secret());
        }
    }

    #[test]
    fn both_sides_of_what_a_header_can_carry() {
        let longest = "x".repeat(SessionToken::MAX_LEN);
        assert!(SessionToken::from_header(&longest).is_ok());
        assert!(SessionToken::from_header(" eyJ\t").is_ok());
        let too_long = "x".repeat(SessionToken::MAX_LEN + 1);
        for token in ["", " ", "Bearer eyJ", "a\r\nx-api-key: b", "é", &too_long] {
            let error = SessionToken::from_header(token).unwrap_err();
            assert_eq!(error.code(), ErrorCode::Usage);
        }
    }

    #[test]
    fn debug_shows_nothing_of_it() {
        let token = SessionToken::from_header("opaque").unwrap();
        assert_eq!(format!("{token:?}"), "SessionToken");
    }
}
