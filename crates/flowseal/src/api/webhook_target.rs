//! Where the API is to post a webhook.

use std::fmt;

use super::url::Url;
use crate::error::{Error, ErrorCode};
use crate::ground::tree::Json;

/// Where the API posts when a flow has changed, and the app's own reference that it posts.
///
/// ```
/// use flowseal::api::WebhookTarget;
/// use flowseal::ErrorCode;
///
/// let target = WebhookTarget::new("https://bank.example/pasby", "order-789")?;
/// assert_eq!(target.reference(), "order-789");
/// let no_tls = WebhookTarget::new("http://bank.example/pasby", "order-789");
/// assert_eq!(no_tls.unwrap_err().code(), ErrorCode::Usage);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct WebhookTarget {
    host: String,
    reference: String,
    /// It has no TLS, and is on this machine.
    is_local: bool,
}

impl WebhookTarget {
    /// Posts to this URL, with this reference: text that finds the flow again and that nobody can
    /// guess, such as a random number.
    ///
    /// # Errors
    /// `usage` for anything but an https URL, or the http URL of a loopback address that is written
    /// as a number, and for a reference that is empty or longer than 256 bytes, or with control
    /// characters.
    pub fn new(host: impl Into<String>, reference: impl Into<String>) -> Result<Self, Error> {
        let (host, reference) = (host.into(), reference.into());
        let usage = |what: String| Err(Error::new(ErrorCode::Usage, what));
        let is_local = match Url::parse(&host) {
            Some(url) if url.is_https => false,
            Some(url) if url.is_literal_loopback() => true,
            // It may hold a password.
            _ => {
                return usage(format!(
                    "what was given as the webhook's host ({} bytes) is not an address to post to: give an https URL without a user, or http:// of 127.0.0.1 or [::1] in tests",
                    host.len()
                ));
            }
        };
        check_reference(&reference)?;
        Ok(Self {
            host,
            reference,
            is_local,
        })
    }

    /// The URL.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The app's own reference.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// Refuses an address of this machine where the API is on another: it would post to its own.
    pub(super) fn check_from(&self, api_is_local: bool) -> Result<(), Error> {
        if self.is_local && !api_is_local {
            return Err(Error::new(
                ErrorCode::Usage,
                "the webhook's host is a loopback address and the API is not on this machine: give an https URL that the API can reach",
            ));
        }
        Ok(())
    }

    pub(super) fn to_json(&self) -> Json {
        Json::object([
            ("host", Json::String(self.host.clone())),
            ("reference", Json::String(self.reference.clone())),
        ])
    }
}

impl fmt::Debug for WebhookTarget {
    /// The reference; the address may have a secret of the app's in its query.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookTarget")
            .field("reference", &self.reference)
            .finish_non_exhaustive()
    }
}

/// Refuses a webhook's reference that could not be sent or found again.
pub(super) fn check_reference(reference: &str) -> Result<(), Error> {
    let is_of_a_length = (1..=LONGEST_REFERENCE).contains(&reference.len());
    if !is_of_a_length || reference.contains(char::is_control) {
        return Err(Error::new(
            ErrorCode::Usage,
            format!(
                "a webhook's reference has 1 to {LONGEST_REFERENCE} bytes without control characters, and this has {} bytes: give a short text of the app's own",
                reference.len()
            ),
        ));
    }
    Ok(())
}

const LONGEST_REFERENCE: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_goes_where_nobody_else_reads_it() {
        for (host, accepted) in [
            ("https://bank.example", true),
            ("https://bank.example:8443/hook?key=1", true),
            ("http://127.0.0.1:8080/hook", true),
            ("http://[::1]:8080/hook", true),
            ("http://localhost:8080/hook", false),
            ("http://bank.example/hook", false),
            ("https://user:pass@bank.example/", false),
            ("ftp://bank.example", false),
            ("bank.example", false),
            ("", false),
        ] {
            let target = WebhookTarget::new(host, "order-1");
            assert_eq!(target.is_ok(), accepted, "{host}");
            if let Err(error) = target {
                assert_eq!(error.code(), ErrorCode::Usage);
                assert!(!error.sentence().contains("pass@"), "{error}");
            }
        }
        for (reference, accepted) in [
            ("", false),
            ("x", true),
            ("a\nb", false),
            (&"x".repeat(256), true),
            (&"x".repeat(257), false),
        ] {
            let target = WebhookTarget::new("https://bank.example", reference);
            assert_eq!(target.is_ok(), accepted, "{reference:?}");
        }
    }

    #[test]
    fn this_machine_is_posted_to_by_an_api_on_it_alone() {
        let local = WebhookTarget::new("http://127.0.0.1:1/", "x").unwrap();
        assert!(local.check_from(true).is_ok());
        assert_eq!(
            local.check_from(false).unwrap_err().code(),
            ErrorCode::Usage
        );
        let public = WebhookTarget::new("https://bank.example", "x").unwrap();
        assert!(public.check_from(true).is_ok() && public.check_from(false).is_ok());
    }
}
