//! Names of files, as arguments and as they are shown: a key that stands where a name is wanted is
//! told apart, and is never shown.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::Path;

use flowseal::ErrorCode;

use crate::failure::Failure;
use crate::output::Shown;

/// What was given instead of a name.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Text {
    Key,
    Other,
}

/// Refuses a text among the arguments before anyone reads them: whoever did might say what it read.
pub(crate) fn check(arguments: &[OsString]) -> Result<(), Failure> {
    for (at, argument) in arguments.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| arguments.get(at));
        // `--key TEXT` or `--key=TEXT`.
        let (option, value) = match argument.to_str().and_then(|text| text.split_once('=')) {
            Some((option, value)) if is_option(option) => (Some(option), OsStr::new(value)),
            _ => (before.and_then(|word| word.to_str()), argument.as_os_str()),
        };
        if let Some(text) = text_instead_of_a_name(value) {
            let place = match option.filter(|option| is_option(option)) {
                Some(option) => option.to_owned(),
                None => format!("argument {}", at + 1),
            };
            return Err(refused(&place, text));
        }
    }
    Ok(())
}

fn is_option(word: &str) -> bool {
    let name = word.strip_prefix("--").unwrap_or_default();
    let is_letter = |c: char| c.is_ascii_lowercase() || c == '-';
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() < 32
        && name.chars().all(is_letter)
}

fn refused(place: &str, text: Text) -> Failure {
    let sentence = match text {
        Text::Key => format!(
            "{place}: this is a key and not a file's name: write it to a file that only you can \
             read, and give that file's name"
        ),
        Text::Other => format!(
            "{place}: this is a text and not a file's name: write it to a file, and give that \
             file's name, or pass a flow to standard input"
        ),
    };
    Failure::new(ErrorCode::Usage, sentence)
}

/// Whether this is a text that somebody took for a name: none of it is a name that any file here
/// has.
fn text_instead_of_a_name(value: &OsStr) -> Option<Text> {
    let text = value.to_string_lossy();
    let kind = kind_of(&text)?;
    // A strange name that a file does have is its name after all.
    Path::new(value).symlink_metadata().is_err().then_some(kind)
}

/// How keys begin in base64: DER of RSA and of elliptic curves, Ed25519, OpenSSH's own form.
const KEYS: [&str; 6] = ["MII", "MIG", "MHc", "MHQ", "MC4C", "b3BlbnNzaC1rZXkt"];

fn kind_of(text: &str) -> Option<Text> {
    let begins = text.trim_start_matches(['\u{feff}', ' ', '\t', '"', '\'']);
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=-_ \r\n".contains(c);
    // A key in base64, with or without its lines.
    let is_key = KEYS.iter().any(|key| begins.starts_with(key));
    let is_der = is_key && text.len() >= 64 && text.chars().all(is_base64);
    let lower = text.to_ascii_lowercase();
    // Whatever a careless hand has left of it.
    let of_a_key = ["-----begin", "-----end", "private key", "\"kty\""];
    if of_a_key.iter().any(|mark| lower.contains(mark)) || is_der {
        return Some(Text::Key);
    }
    let is_json = begins.starts_with(['{', '[']) || lower.contains("\":");
    let is_credential = CREDENTIALS.iter().any(|kind| lower.contains(kind));
    let is_text = is_json || is_credential || is_a_setting(begins) || text.contains(['\n', '\r']);
    (is_text || is_encoded(begins)).then_some(Text::Other)
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

/// The name of a file as it is shown: in one line, and the end alone of a long one. What looks like
/// a text is not shown.
pub(crate) struct Name<'a>(pub(crate) &'a Path);

/// What is longer is no name that anyone reads.
const LONG: usize = 128;

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.to_string_lossy();
        if kind_of(&name).is_some() && self.0.symlink_metadata().is_err() {
            return f.write_str("a text");
        }
        if name.chars().count() <= LONG {
            return Shown(&name).fmt(f);
        }
        // A name has an extension, and is not all there is.
        match self.0.file_name().map(OsStr::to_string_lossy) {
            Some(last) if last.contains('.') && last.chars().count() <= LONG / 2 => {
                write!(f, "…/{}", Shown(&last))
            }
            _ => write!(f, "a name of {} characters", name.chars().count()),
        }
    }
}

/// A word that this command does not have, as it is shown: whole where it is no longer than such
/// words are, since it may be anything.
pub(crate) fn word(text: &str) -> String {
    /// The longest of them, `--from-evidence`, and one more.
    const LONGEST: usize = 16;

    let count = text.chars().count();
    if count <= LONGEST {
        return Shown(text).to_string();
    }
    let head: String = text.chars().take(4).collect();
    format!("{}… ({count} characters)", Shown(&head))
}

/// What clap says of the arguments, with those shortened that are no words of this command.
pub(crate) fn shortened(message: &str, arguments: &[OsString]) -> String {
    let mut message = message.to_owned();
    for argument in arguments {
        let argument = argument.to_string_lossy();
        let value = argument.split_once('=').map(|(_, value)| value);
        for given in [Some(argument.as_ref()), value].into_iter().flatten() {
            let shown = word(given);
            if !is_option(given) && shown != given {
                message = message.replace(given, &shown);
            }
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_from_names() {
        let der = format!("MIIEvgIBADANBgkqhkiG9w0BAQEFAASC{}", "A".repeat(64));
        for (text, kind) in [
            ("-----BEGIN PRIVATE KEY-----\nMIIE", Some(Text::Key)),
            ("-----BEGIN PRIVATE KEY-----\\nMIIE", Some(Text::Key)),
            ("\u{feff}\"-----BEGIN", Some(Text::Key)),
            ("MIIE\n-----END PRIVATE KEY-----", Some(Text::Key)),
            (&der, Some(Text::Key)),
            (r#"{"kty": "RSA", "d": "…"}"#, Some(Text::Key)),
            (r#" {"type": "app"}"#, Some(Text::Other)),
            ("[1]", Some(Text::Other)),
            ("two\nlines", Some(Text::Other)),
            (
                "MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                Some(Text::Key),
            ),
            ("--BEGIN PRIVATE KEY-----MIIE", Some(Text::Key)),
            ("-----begin private key-----miie", Some(Text::Key)),
            (r#""kty": "RSA", "d": "…"}"#, Some(Text::Key)),
            ("APP_SECRET=hush", Some(Text::Other)),
            ("snb_hush", Some(Text::Other)),
            (r#""secret": "…"}"#, Some(Text::Other)),
            (
                &"LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0t".repeat(2),
                Some(Text::Other),
            ),
            (&"3082025c02010002".repeat(4), Some(Text::Other)),
            ("<RSAKeyValue><Modulus>AQAB", Some(Text::Other)),
            (
                &"MIIEvgIBADANBgkq%2BkiG9w0BAQEF%0A".repeat(2),
                Some(Text::Other),
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
            assert_eq!(kind_of(text), kind, "{text}");
        }
    }

    #[test]
    fn a_name_is_shown_in_one_short_line() {
        let long = "directory/".repeat(20);
        let shown = |name: &str| Name(Path::new(name)).to_string();
        assert_eq!(shown("keys/app.pem"), "keys/app.pem");
        assert_eq!(shown(&format!("{long}app.pem")), "…/app.pem");
        assert_eq!(shown(&"k".repeat(200)), "a name of 200 characters");
        assert_eq!(shown(&format!("{long}abc")), "a name of 203 characters");
        assert_eq!(shown("-----BEGIN PRIVATE KEY-----"), "a text");
    }
}
