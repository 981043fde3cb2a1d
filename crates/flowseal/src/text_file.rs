//! Files that people edit: told by their first bytes, read without the mark that editors leave.

use serde::de::IgnoredAny;
use serde_json::error::Category;

use crate::error::{Error, ErrorCode};
use crate::ground::tree::Json;
use crate::ground::tree::wipe::SecretJson;
use crate::json;
use crate::limits::Limits;
use crate::shown::{Sentence, Shown, refusal};

/// The file without the byte order mark of UTF-8, which some editors write and no format here has.
pub(crate) fn without_mark(file: &[u8]) -> &[u8] {
    file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file)
}

/// The first line of a file that holds a secret in one line, as an editor leaves it: without a byte
/// order mark and without its line end.
///
/// # Errors
/// `key_passphrase` for text in UTF-16, of which the bytes are not what was typed.
pub fn passphrase_line(file: &[u8]) -> Result<&[u8], Error> {
    if Looks::of(file) == Looks::Utf16 {
        return Err(refusal(
            ErrorCode::KeyPassphrase,
            "the passphrase's file is text in UTF-16, whose bytes are not those that were typed: save it as UTF-8",
            [],
        ));
    }
    let line = without_mark(file).split(|byte| *byte == b'\n').next();
    let line = line.unwrap_or_default();
    Ok(line.strip_suffix(b"\r").unwrap_or(line))
}

/// What a file is, by its first bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Looks {
    Base64,
    Der,
    Empty,
    EncodedPem,
    EventStream,
    Gzip,
    Html,
    JavaKeyStore,
    Json,
    OpenPgp,
    Pem,
    SshPublic,
    Unknown,
    Utf16,
    Zip,
}

impl Looks {
    pub(crate) fn of(file: &[u8]) -> Self {
        if is_utf16(file) {
            return Self::Utf16;
        }
        let text = without_mark(file).trim_ascii_start();
        let starts = |words: &[&[u8]]| words.iter().any(|word| text.starts_with(word));
        match text {
            [] => Self::Empty,
            [0x1f, 0x8b, ..] => Self::Gzip,
            [b'{' | b'[', ..] => Self::Json,
            [0x30, 0x80..=0x84, ..] => Self::Der,
            [0x30, len, rest @ ..] if usize::from(*len) == rest.len() => Self::Der,
            [0xfe, 0xed, 0xfe, 0xed, ..] => Self::JavaKeyStore,
            _ if starts(&[b"PK\x03\x04", b"PK\x05\x06"]) => Self::Zip,
            _ if starts(&[b"-----BEGIN PGP "]) => Self::OpenPgp,
            _ if starts(&[b"ssh-", b"ecdsa-sha2-", b"---- BEGIN SSH2 "]) => Self::SshPublic,
            _ if text.windows(11).any(|window| window == b"-----BEGIN ") => Self::Pem,
            _ if starts(&[b"event:", b"data:", b"id:", b"retry:"]) => Self::EventStream,
            [b'<', ..] => Self::Html,
            // "-----BEGIN " in base64.
            _ if starts(&[b"LS0tLS1CRUdJTi"]) => Self::EncodedPem,
            _ if is_base64_of_der(text) => Self::Base64,
            _ => Self::Unknown,
        }
    }

    /// What it is in words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Base64 => "base64 alone, without the lines around it",
            Self::Der => "DER",
            Self::Empty => "an empty file",
            Self::EncodedPem => "PEM that was encoded in base64 once more",
            Self::EventStream => "a stream of events",
            Self::Gzip => "a gzip file",
            Self::Html => "HTML or XML",
            Self::JavaKeyStore => "a Java key store (JKS)",
            Self::Json => "JSON",
            Self::OpenPgp => "an OpenPGP key",
            Self::Pem => "PEM",
            Self::SshPublic => "an OpenSSH public key",
            Self::Unknown => "something else",
            Self::Utf16 => "text in UTF-16",
            Self::Zip => "a zip",
        }
    }
}

/// By its mark, or by the zero bytes beside the ASCII that every file here begins with.
fn is_utf16(file: &[u8]) -> bool {
    match file {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        [first, 0, third, 0, ..] | [0, first, 0, third, ..] => *first != 0 && *third != 0,
        _ => false,
    }
}

/// Whether text is base64 of a sequence, whose first byte and a length make `MA` to `MP`.
fn is_base64_of_der(text: &[u8]) -> bool {
    let is_digit = |byte: &u8| {
        byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"+/=-_".contains(byte)
    };
    matches!(text, [b'M', b'A'..=b'P', ..])
        && text.len() >= SHORTEST_KEY
        && text.iter().all(is_digit)
}

/// The characters of an Ed25519 public key, the shortest of all keys.
const SHORTEST_KEY: usize = 60;

/// Reads a file that is JSON and may hold a secret: what is wrong with it shows places, and no text
/// of it.
pub(crate) fn secret_json(
    file: &[u8],
    what: &'static str,
    limits: &Limits,
) -> Result<SecretJson, NoJson> {
    let text = without_mark(file);
    json::parse_secret(text, limits).map_err(|error| NoJson {
        code: error.code(),
        sentence: why_no_json(text, what, error.code(), limits),
    })
}

/// Reads a file that is JSON and that people keep or write: what is wrong with it is told of the
/// file, and not of an answer of the API.
pub(crate) fn json_file(file: &[u8], what: &'static str, limits: &Limits) -> Result<Json, Error> {
    let text = without_mark(file);
    json::parse(text, limits).map_err(|error| match error.code() {
        ErrorCode::TooManyLeaves => error,
        code => why_no_json(text, what, code, limits).error(code),
    })
}

/// Why a file is not JSON within the bounds: the reader's code, and a sentence about the file.
#[derive(Debug)]
pub(crate) struct NoJson {
    code: ErrorCode,
    pub(crate) sentence: Sentence,
}

impl From<NoJson> for Error {
    fn from(NoJson { code, sentence }: NoJson) -> Self {
        sentence.error(code)
    }
}

fn why_no_json(text: &[u8], what: &'static str, code: ErrorCode, limits: &Limits) -> Sentence {
    let what = Shown::from(what);
    match code {
        ErrorCode::JsonDuplicate => Sentence::new(
            "{} has a member twice in one object, so its meaning depends on the reader: keep one of them",
            [what],
        ),
        ErrorCode::TooLarge => Sentence::new(
            "{} is longer than {} bytes: give the file that is meant",
            [what, limits.response_bytes().into()],
        ),
        ErrorCode::TooDeep => Sentence::new(
            "{} nests deeper than {} levels: give the file that is meant",
            [what, limits.depth().into()],
        ),
        _ => not_json(text, what),
    }
}

fn not_json(text: &[u8], what: Shown) -> Sentence {
    let advice = match Looks::of(text) {
        Looks::Json | Looks::Unknown => None,
        Looks::Utf16 => Some("save it as UTF-8"),
        Looks::Gzip | Looks::Zip => Some("unpack it"),
        _ => Some("give the file that is meant"),
    };
    if let Some(advice) = advice {
        return Sentence::new(
            "{} must be JSON, and this is {}: {}",
            [what, Looks::of(text).name().into(), advice.into()],
        );
    }
    if let Err(error) = std::str::from_utf8(text) {
        return Sentence::new(
            "{} is not UTF-8 from byte {} on: save it as UTF-8",
            [what, error.valid_up_to().into()],
        );
    }
    match serde_json::from_slice::<IgnoredAny>(text) {
        Err(error) if error.classify() == Category::Eof => Sentence::new(
            "{} is JSON that ends too early (line {}): give the whole file",
            [what, error.line().into()],
        ),
        Err(error) => Sentence::new(
            "{} is not JSON: {} (line {}, column {})",
            [
                what,
                syntax(&error.to_string()).into(),
                error.line().into(),
                error.column().into(),
            ],
        ),
        Ok(_) => Sentence::new(
            "{} has a text or a number that no JSON reader takes, such as half a surrogate pair: write it again",
            [what],
        ),
    }
}

/// What the tokenizer's words say, in this library's own: no text from elsewhere is shown.
fn syntax(words: &str) -> &'static str {
    [
        ("trailing comma", "a comma stands before the end"),
        ("expected `,`", "a comma or an end is missing"),
        ("expected `:`", "a colon is missing"),
        (
            "key must be a string",
            "a comma stands before the end, or a member's name has no quotation marks",
        ),
        ("trailing characters", "something stands behind the end"),
        (
            "control character",
            "a line end or another control character stands inside a text",
        ),
        (
            "invalid escape",
            "a backslash stands before a character that it does not go with",
        ),
        ("invalid number", "a number is not written as JSON has it"),
    ]
    .iter()
    .find_map(|(known, ours)| words.contains(known).then_some(*ours))
    .unwrap_or("a value is missing, or is not written as JSON has it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_first_bytes() {
        for (file, looks) in [
            (b"".as_slice(), Looks::Empty),
            (b"\xef\xbb\xbf \r\n", Looks::Empty),
            (b"\xff\xfe{\0", Looks::Utf16),
            (b"\xfe\xff\0{", Looks::Utf16),
            (b"{\0\"\0", Looks::Utf16),
            (b"\0{\0\"", Looks::Utf16),
            (b"\x1f\x8b\x08", Looks::Gzip),
            (b"PK\x03\x04", Looks::Zip),
            (b"\xef\xbb\xbf{}", Looks::Json),
            (b"\x30\x82\x01\x22", Looks::Der),
            (
                &[b"MIIEvQIBADAN\n".as_slice(), &[b'A'; 60]].concat(),
                Looks::Base64,
            ),
            (
                b"MCowBQYDK2VwAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                Looks::Base64,
            ),
            (b"MARIA", Looks::Unknown),
            (b"LS0tLS1CRUdJTiBQUklW", Looks::EncodedPem),
            (b"\x30\x03\x02\x01\x07", Looks::Der),
            (b"0 is a digit", Looks::Unknown),
            (b"Bag\n-----BEGIN X-----", Looks::Pem),
            (b"-----BEGIN PGP PRIVATE KEY BLOCK-----", Looks::OpenPgp),
            (b"ssh-rsa AAAA", Looks::SshPublic),
            (b"\xfe\xed\xfe\xed\0\0", Looks::JavaKeyStore),
            (b"data: {}\n\n", Looks::EventStream),
            (b"<html>", Looks::Html),
            (b"API_KEY=bk-test_1", Looks::Unknown),
        ] {
            assert_eq!(Looks::of(file), looks, "{}", file.escape_ascii());
        }
    }

    #[test]
    fn what_is_no_json_is_told_by_what_it_is_and_where() {
        for (text, words) in [
            (
                b"".as_slice(),
                "the profile must be JSON, and this is an empty file: give",
            ),
            (b"\x1f\x8b\x08", "this is a gzip file: unpack it"),
            (
                b"\xff\xfe{\0}\0",
                "this is text in UTF-16: save it as UTF-8",
            ),
            (b"data: {}\n\n", "this is a stream of events"),
            (
                b"-----BEGIN X-----",
                "this is PEM: give the file that is meant",
            ),
            (
                b"{\"a\": 1,}",
                "a comma stands before the end, or a member's name has no quotation marks (line 1, column 9)",
            ),
            (b"{\"a\": 1", "is JSON that ends too early (line 1)"),
            (b"{\n\"a\" 1}", "a colon is missing (line 2, column 5)"),
            (b"{\"a\": \"\xff\"}", "is not UTF-8 from byte 7 on"),
            (b"{\"a\": \"\\ud800\"}", "half a surrogate pair"),
            (b"{\"a\": 1, \"a\": 1}", "has a member twice"),
            (b"{\"a\": x}", "a value is missing"),
        ] {
            let no_json = secret_json(text, "the profile", &Limits::default())
                .err()
                .unwrap();
            let shown = Shown::from(no_json.sentence).to_string();
            assert!(shown.contains(words), "{}: {shown}", text.escape_ascii());
        }
        assert!(secret_json(b"\xef\xbb\xbf{}", "it", &Limits::default()).is_ok());
    }

    #[test]
    fn a_passphrase_is_a_line_without_what_editors_add() {
        for file in [
            b"a b ".as_slice(),
            b"a b \n",
            b"a b \r\nmore",
            b"\xef\xbb\xbfa b \n",
        ] {
            assert_eq!(passphrase_line(file).unwrap(), b"a b ");
        }
        let error = passphrase_line(b"\xff\xfea\0").unwrap_err();
        assert_eq!(error.code(), ErrorCode::KeyPassphrase);
    }
}
