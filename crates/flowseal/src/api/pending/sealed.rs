//! A pending flow that travels: in the clear, under a key of the server's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::PendingFlow;
use crate::api::config::ApiConfig;
use crate::error::{Error, ErrorCode};

impl PendingFlow {
    /// The flow as text that its holder can read and not change: its JSON with an HMAC-SHA-256,
    /// both in base64 for URLs, a dot between them.
    ///
    /// It is not encrypted: where a person was named, their number is in it. And it can be brought
    /// back as often as its holder likes; what is given once is the [result](Self::finish).
    ///
    /// ```
    /// # use flowseal::api::{ApiConfig, ApiVersion, Credentials, Device, Environment,
    /// #     HttpResponse, Purpose};
    /// use flowseal::api::PendingFlow;
    /// use flowseal::ErrorCode;
    ///
    /// # let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
    /// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
    /// # let device = Device::wildcard(1)?;
    /// # let start = config.identify(Purpose::Login, ["naming.given"], "Log in", &device)?;
    /// # let body = br#"{"status": "successful", "data": {"request": {"id": "req_1",
    /// #     "exp": 1716820412}, "seeds": ["a"]}}"#;
    /// # let pending = start.read(&HttpResponse::new(201, body))?.pending(None)?;
    /// let key = [7; 32]; // Random, and the server's alone.
    /// let sealed = pending.seal(&key);
    /// assert_eq!(PendingFlow::unseal(&sealed, &key, &config)?.reference(), "req_1");
    /// let other = PendingFlow::unseal(&sealed, &[8; 32], &config).unwrap_err();
    /// assert_eq!(other.code(), ErrorCode::PendingFlow);
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    pub fn seal(&self, key: &[u8; 32]) -> String {
        let json = self.to_json();
        let mac = mac(key, json.as_bytes()).finalize().into_bytes();
        format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(json),
            URL_SAFE_NO_PAD.encode(mac)
        )
    }

    /// The flow of a text that was sealed with this key.
    ///
    /// # Errors
    /// `pending_flow` for a text that was changed or sealed with another key, and for what
    /// [`from_json`](Self::from_json) refuses.
    pub fn unseal(sealed: &str, key: &[u8; 32], config: &ApiConfig) -> Result<Self, Error> {
        let broken = || {
            Error::new(
                ErrorCode::PendingFlow,
                "what was given as a sealed pending flow was changed, or sealed with another key: start over, and check who sends such texts",
            )
        };
        if sealed.len() > LONGEST {
            return Err(broken());
        }
        let (json, tag) = sealed.split_once('.').ok_or_else(broken)?;
        let json = URL_SAFE_NO_PAD.decode(json).map_err(|_| broken())?;
        let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| broken())?;
        mac(key, &json).verify_slice(&tag).map_err(|_| broken())?;
        Self::from_json(&json, config)
    }
}

fn mac(key: &[u8; 32], json: &[u8]) -> Hmac<Sha256> {
    // HMAC fills a key up with zeros to its block.
    let mut block = Zeroizing::new([0_u8; 64]);
    for (byte, of_key) in block.iter_mut().zip(key) {
        *byte = *of_key;
    }
    <Hmac<Sha256> as hmac::digest::KeyInit>::new((&*block).into())
        .chain_update(b"flowseal-pending-v1\0")
        .chain_update(json)
}

/// More than any pending flow has, in base64.
const LONGEST: usize = 1 << 21;
