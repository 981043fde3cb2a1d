//! Session tokens in the form of v1's: a JWT with the members of the specification's example.

use std::hash::{BuildHasher as _, RandomState};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// Makes tokens and knows its own again. Nothing is kept of them but the key of the hash.
#[derive(Default)]
pub(super) struct Tokens(RandomState);

/// How long a token lasts, in seconds, as the specification's does.
const LASTS: i64 = 600;

impl Tokens {
    /// A token for an organisation and an app.
    pub(super) fn issue(&self, organisation: &str, app: &str, now: i64) -> String {
        // The API's tokens carry the app's secret; this one says where it would stand.
        let payload = json!({
            "sub": organisation, "app": app, "secret": "snb_of_the_mock",
            "iat": now, "name": "mock", "exp": now + LASTS,
        });
        self.jwt(&payload)
    }

    /// What the API puts on a request that it has made: a JWT whose key nobody is told.
    pub(super) fn receipt(&self, flow: &str, now: i64) -> String {
        self.jwt(&json!({"id": flow, "iat": now}))
    }

    fn jwt(&self, payload: &Value) -> String {
        let encoded = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let header = json!({"alg": "HS256", "typ": "JWT"});
        let signed = format!("{}.{}", encoded(&header), encoded(payload));
        format!("{signed}.{}", self.stamp(&signed))
    }

    /// The organisation that a token was issued to; `None` for one that expired or is not ours.
    pub(super) fn organisation(&self, token: &str, now: i64) -> Option<String> {
        let (signed, stamp) = token.rsplit_once('.')?;
        let (_, payload) = signed.split_once('.')?;
        if stamp != self.stamp(signed) {
            return None;
        }
        let payload: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        let lasts = payload.get("exp")?.as_i64()? > now;
        lasts.then(|| payload.get("sub")?.as_str().map(str::to_owned))?
    }

    /// In the place of a signature. It keeps mistakes out, not attackers.
    fn stamp(&self, signed: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.0.hash_one(signed).to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_again_until_it_expires() {
        let tokens = Tokens::default();
        let token = tokens.issue("bcn_1", "app_1", 1000);
        assert_eq!(tokens.organisation(&token, 1000).as_deref(), Some("bcn_1"));
        assert_eq!(tokens.organisation(&token, 1600), None);
        assert_eq!(tokens.organisation(&format!("{token}x"), 1000), None);
        assert_eq!(tokens.organisation("", 1000), None);
        let receipt = tokens.receipt("req_1", 1000);
        assert_eq!(tokens.organisation(&receipt, 1000), None);
        assert_eq!(Tokens::default().organisation(&token, 1000), None);
    }
}
