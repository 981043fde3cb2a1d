//! A text that stands where the name of a file is wanted: told apart, so that whoever opens files
//! can refuse it and show nothing of it.

/// What was given instead of the name of a file.
///
/// A key in an argument is in the process list and the shell's history already; in the sentence
/// about a file that is not there it would be in the logs as well. So who opens files for people
/// asks first, and refuses with what to do instead.
///
/// ```
/// use flowseal::NotAFileName;
///
/// assert_eq!(NotAFileName::of("keys/app.pem"), None);
/// let pasted = "-----BEGIN PRIVATE KEY-----\nMIIE…";
/// assert_eq!(NotAFileName::of(pasted), Some(NotAFileName::Key));
/// assert_eq!(NotAFileName::of(r#"{"reference": "…"}"#), Some(NotAFileName::Text));
/// ```
///
/// It is a guess, made on the careful side: a file may have such a name. Check whether it is there
/// before refusing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum NotAFileName {
    /// A key, or what is left of one: in PEM, in base64, as a JWK.
    Key,
    /// Another text: JSON, several lines, a credential, something encoded.
    Text,
}

impl NotAFileName {
    /// What `name` is, if it is a text that somebody took for a name: none of it is a name that
    /// people give their files.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let begins = name.trim_start_matches(['\u{feff}', ' ', '\t', '"', '\'']);
        let lower = name.to_ascii_lowercase();
        let is_of_a_key = OF_A_KEY.iter().any(|mark| lower.contains(mark));
        if is_of_a_key || is_a_key_in_base64(name, begins) {
            return Some(Self::Key);
        }
        let is_json = begins.starts_with(['{', '[']) || lower.contains("\":");
        let is_credential = CREDENTIALS.iter().any(|kind| lower.contains(kind));
        let is_text = is_json
            || is_credential
            || is_a_setting(begins)
            || name.contains(['\n', '\r'])
            || is_encoded(begins);
        is_text.then_some(Self::Text)
    }
}

/// Whatever a careless hand has left of a key.
const OF_A_KEY: [&str; 4] = ["-----begin", "-----end", "private key", "\"kty\""];

/// How keys begin in base64: DER of RSA and of elliptic curves, Ed25519, OpenSSH's own form.
const KEYS: [&str; 6] = ["MII", "MIG", "MHc", "MHQ", "MC4C", "b3BlbnNzaC1rZXkt"];

/// With or without its lines.
fn is_a_key_in_base64(name: &str, begins: &str) -> bool {
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=-_ \r\n".contains(c);
    let is_key = KEYS.iter().any(|key| begins.starts_with(key));
    is_key && name.len() >= 64 && name.chars().all(is_base64)
}

/// Whether it is as long as a secret, and written as encoders write: hexadecimal, base64 of both
/// cases with digits and hardly a slash, escapes of a URL, or XML.
fn is_encoded(text: &str) -> bool {
    if text.starts_with('<') {
        return true;
    }
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=-_ ".contains(c);
    let has = |kind: fn(&char) -> bool| text.chars().any(|c| kind(&c));
    let longest = text.split('/').map(str::len).max().unwrap_or_default();
    let is_mixed =
        has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase) && has(char::is_ascii_digit);
    let is_hexadecimal = text.chars().all(|c| c.is_ascii_hexdigit());
    let is_escaped = ["%0A", "%0D", "%2B", "%2F"]
        .iter()
        .any(|escape| text.to_ascii_uppercase().contains(escape));
    text.len() >= 60
        && (is_hexadecimal
            || is_escaped
            || (is_mixed && longest >= 24 && text.chars().all(is_base64)))
}

/// How credentials of the API begin.
const CREDENTIALS: [&str; 3] = ["snb_", "bk-live_", "bk-test_"];

/// Whether it is a line of an environment file, such as `APP_SECRET=…`.
fn is_a_setting(text: &str) -> bool {
    let (name, _) = text.split_once('=').unwrap_or_default();
    let is_of_a_name =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.bytes().all(is_of_a_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_from_names() {
        let der = format!("MIIEvgIBADANBgkqhkiG9w0BAQEFAASC{}", "A".repeat(64));
        for (text, kind) in [
            ("-----BEGIN PRIVATE KEY-----\nMIIE", Some(NotAFileName::Key)),
            (
                "-----BEGIN PRIVATE KEY-----\\nMIIE",
                Some(NotAFileName::Key),
            ),
            ("\u{feff}\"-----BEGIN", Some(NotAFileName::Key)),
            ("MIIE\n-----END PRIVATE KEY-----", Some(NotAFileName::Key)),
            (&der, Some(NotAFileName::Key)),
            (r#"{"kty": "RSA", "d": "…"}"#, Some(NotAFileName::Key)),
            (r#" {"type": "app"}"#, Some(NotAFileName::Text)),
            ("[1]", Some(NotAFileName::Text)),
            ("two\nlines", Some(NotAFileName::Text)),
            (
                "MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                Some(NotAFileName::Key),
            ),
            ("--BEGIN PRIVATE KEY-----MIIE", Some(NotAFileName::Key)),
            ("-----begin private key-----miie", Some(NotAFileName::Key)),
            (r#""kty": "RSA", "d": "…"}"#, Some(NotAFileName::Key)),
            ("APP_SECRET=hush", Some(NotAFileName::Text)),
            ("snb_hush", Some(NotAFileName::Text)),
            (r#""secret": "…"}"#, Some(NotAFileName::Text)),
            (
                &"LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0t".repeat(2),
                Some(NotAFileName::Text),
            ),
            (&"3082025c02010002".repeat(4), Some(NotAFileName::Text)),
            ("<RSAKeyValue><Modulus>AQAB", Some(NotAFileName::Text)),
            (
                &"MIIEvgIBADANBgkq%2BkiG9w0BAQEF%0A".repeat(2),
                Some(NotAFileName::Text),
            ),
            (&"/srv/Service7/keys/2026".repeat(4), None),
            ("app.pem", None),
            ("keys=old/app.pem", None),
            ("A/B=C", None),
            (&"MI/directory".repeat(9), None),
            ("/keys/MII/app.pem", None),
            ("MIIE", None),
            ("-", None),
            ("--key", None),
        ] {
            assert_eq!(NotAFileName::of(text), kind, "{text}");
        }
    }
}
