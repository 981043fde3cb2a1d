//! PEM text (RFC 7468) into blocks: what stands between BEGIN and END matters, and nothing else.

use base64ct::{Base64, Encoding as _};

use crate::ground::secret::SecretBytes;
use crate::shown::{Sentence, Shown};

/// One block of PEM text.
pub(super) struct Block {
    /// What stands after `BEGIN`; `None` where it is a label that no key has.
    pub(super) label: Option<&'static str>,
    pub(super) body: Body,
}

/// What a block holds.
pub(super) enum Body {
    /// The decoded bytes, which may be a private key.
    Der(SecretBytes),
    /// Encrypted as before RFC 7468, with `Proc-Type` and `DEK-Info` headers.
    LegacyEncrypted,
    /// Not a block, and what is wrong with it.
    Damaged(Damage),
}

/// What is wrong with a block, and the line of the file that it is seen at. It holds nothing of the
/// file.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Damage {
    line: usize,
    what: What,
}

#[derive(Debug, Eq, PartialEq)]
enum What {
    BeginLine,
    Character(&'static str),
    Empty,
    EndLabel,
    EndLine,
    Length(usize),
    NoEnd,
    Padding,
}

impl Damage {
    /// The damage in words: "a BEGIN line that …".
    pub(super) fn sentence(&self) -> Sentence {
        let line = Shown::from(self.line);
        match self.what {
            What::BeginLine => Sentence::new(
                "a BEGIN line that does not end in five dashes (line {})",
                [line],
            ),
            What::Character(what) => {
                Sentence::new("a block whose base64 has {} (line {})", [what.into(), line])
            }
            What::Empty => Sentence::new("a block with nothing in it (line {})", [line]),
            What::EndLabel => Sentence::new(
                "a block whose END line names another label than its BEGIN line (line {})",
                [line],
            ),
            What::EndLine => Sentence::new(
                "an END line that does not end in five dashes (line {})",
                [line],
            ),
            What::Length(digits) => Sentence::new(
                "a block whose base64 has {} characters, which is not a multiple of four, so that some were lost or added (from line {})",
                [digits.into(), line],
            ),
            What::NoEnd => Sentence::new(
                "a block without its END line, so that the file may have been cut (from line {})",
                [line],
            ),
            What::Padding => Sentence::new(
                "a block whose base64 does not end as it must, so that some of it was lost (from line {})",
                [line],
            ),
        }
    }
}

/// Whether there is a PEM block in `file` at all.
pub(super) fn is_pem(file: &[u8]) -> bool {
    find(file, BEGIN).is_some()
}

/// Every block of a file, in order. What stands between them is not read, in whatever encoding.
pub(super) fn blocks(file: &[u8]) -> impl Iterator<Item = Block> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let begin = start + find(file.get(start..)?, BEGIN)?;
        let (block, end) = block(file, begin);
        start = end;
        Some(block)
    })
}

/// The block whose BEGIN line starts at `begin`, and where to go on reading.
fn block(file: &[u8], begin: usize) -> (Block, usize) {
    let damaged = |at, what| {
        let line = line_of(file, at);
        Body::Damaged(Damage { line, what })
    };
    let after_begin = begin + BEGIN.len();
    let Some((label, start)) = label(file, after_begin) else {
        let body = damaged(begin, What::BeginLine);
        return (Block { label: None, body }, after_begin);
    };
    let rest = file.get(start..).unwrap_or_default();
    // A block that was cut must not take the next one's END line for its own.
    let next = find(rest, BEGIN).unwrap_or(rest.len());
    let (body, end) = match find(rest, END).filter(|&end| end < next) {
        None => (damaged(begin, What::NoEnd), start + next),
        Some(end) => {
            let (end, after_end) = (start + end, start + end + END.len());
            match self::label(file, after_end) {
                None => (damaged(end, What::EndLine), after_end),
                Some((other, after)) if other != label => (damaged(end, What::EndLabel), after),
                Some((_, after)) => (decode(file, start, end), after),
            }
        }
    };
    let label = LABELS.iter().find(|known| known.as_bytes() == label);
    (
        Block {
            label: label.copied(),
            body,
        },
        end,
    )
}

/// The label that starts at `start`, and where its dashes end: capitals, digits and spaces, on one
/// line. Whatever else is there is no label, and may be the key itself.
fn label(file: &[u8], start: usize) -> Option<(&[u8], usize)> {
    let rest = file.get(start..)?;
    let is_label = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b' ';
    let len = rest.iter().take_while(|byte| is_label(byte)).count();
    let (label, after) = rest.split_at_checked(len)?;
    after
        .starts_with(DASHES)
        .then_some((label, start + len + DASHES.len()))
}

/// The bytes that stand in base64 from `start` to `end`.
fn decode(file: &[u8], start: usize, end: usize) -> Body {
    let body = file.get(start..end).unwrap_or_default();
    if find(body, b"Proc-Type:").is_some() {
        return Body::LegacyEncrypted;
    }
    // Filled to the last byte at most once, so that no copy of a private key is left in memory
    // that a growing buffer gave back.
    let mut packed = SecretBytes::zeroed(body.len());
    let mut len = 0;
    for (place, (_, byte)) in packed.expose_secret_mut().iter_mut().zip(digits(body)) {
        *place = byte;
        len += 1;
    }
    let damaged = |at, what| {
        let line = line_of(file, start + at);
        Body::Damaged(Damage { line, what })
    };
    // Constant-time in the key's digits. Only of what is no base64 the first wrong character is
    // looked for, whose place is told anyway.
    let base64 = packed.expose_secret_mut().get_mut(..len);
    match base64.and_then(|base64| Base64::decode_in_place(base64).ok()) {
        Some([]) => damaged(0, What::Empty),
        Some(der) => Body::Der(SecretBytes::copied_from(der)),
        None => {
            let wrong = digits(body).find_map(|(at, byte)| Some((at, wrong_character(byte)?)));
            let padded = digits(body).skip_while(|(_, byte)| *byte != b'=');
            let behind = padded.clone().find(|(_, byte)| *byte != b'=');
            match (wrong, behind) {
                (Some((at, what)), _) => damaged(at, What::Character(what)),
                (None, Some((at, _))) => {
                    damaged(at, What::Character("a character behind the = that ends it"))
                }
                (None, None) if len % 4 != 0 => damaged(0, What::Length(len)),
                (None, None) => damaged(0, What::Padding),
            }
        }
    }
}

/// The characters of a block that are neither spaces nor line ends, with their places. A line end
/// may be written as the two characters `\n`: so it comes out of environment variables and JSON.
fn digits(body: &[u8]) -> impl Iterator<Item = (usize, u8)> + Clone {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            match body.get(at..)? {
                [b'\\', b'n' | b'r', ..] => at += 2,
                [byte, ..] if byte.is_ascii_whitespace() => at += 1,
                [byte, ..] => {
                    at += 1;
                    return Some((at - 1, *byte));
                }
                [] => return None,
            }
        }
    })
}

/// What a character is that base64 does not have.
fn wrong_character(byte: u8) -> Option<&'static str> {
    Some(match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'+' | b'/' | b'=' => return None,
        b'-' | b'_' => {
            "a character of the URL-safe alphabet (- or _): write + and / in their places"
        }
        b':' => "a header in it, or a colon: a key's block has none",
        b'\\' => "a backslash that is no \\n",
        b'"' | b'\'' | b',' => "quotation marks or commas: give the text that stands between them",
        b'>' | b'|' | b'#' => "a mark before a line, as e-mail and comments have: take it away",
        0 => "a zero byte, as text in UTF-16 has: save it as UTF-8",
        0x80.. => "a character that is not ASCII",
        _ => "a character that base64 does not have",
    })
}

/// The line that a place stands on, counted from 1.
fn line_of(file: &[u8], at: usize) -> usize {
    let before = file.get(..at).unwrap_or_default();
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// The labels that are known, and so may be named.
const LABELS: &[&str] = &[
    "CERTIFICATE",
    "CERTIFICATE REQUEST",
    "DH PARAMETERS",
    "DSA PRIVATE KEY",
    "EC PARAMETERS",
    "EC PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "NEW CERTIFICATE REQUEST",
    "OPENSSH PRIVATE KEY",
    "PGP PRIVATE KEY BLOCK",
    "PGP PUBLIC KEY BLOCK",
    "PKCS7",
    "PRIVATE KEY",
    "PUBLIC KEY",
    "RSA PRIVATE KEY",
    "RSA PUBLIC KEY",
    "TRUSTED CERTIFICATE",
    "X509 CERTIFICATE",
    "X509 CRL",
];

#[cfg(test)]
mod tests {
    use super::*;

    type Read = (Option<&'static str>, Result<Vec<u8>, String>);

    fn read(text: &[u8]) -> Vec<Read> {
        blocks(text)
            .map(|block| {
                let body = match block.body {
                    Body::Der(der) => Ok(der.expose_secret().to_vec()),
                    Body::LegacyEncrypted => Err("legacy".to_owned()),
                    Body::Damaged(damage) => Err(Shown::from(damage.sentence()).to_string()),
                };
                (block.label, body)
            })
            .collect()
    }

    #[test]
    fn blocks_are_found_between_other_bytes_of_any_kind() {
        let text = b"Bag \xfc\xff\0\r\n-----BEGIN PUBLIC KEY-----\r\nAAE\r\nC\r\n-----END PUBLIC KEY-----\r\n\
                     subject=\xfc\n-----BEGIN X Y 1-----\nAA==\n-----END X Y 1-----";
        assert_eq!(
            read(text),
            [(Some("PUBLIC KEY"), Ok(vec![0, 1, 2])), (None, Ok(vec![0]))]
        );
    }

    #[test]
    fn line_ends_may_be_written_as_two_characters() {
        for text in [
            r"-----BEGIN PUBLIC KEY-----\nAAE\nC\n-----END PUBLIC KEY-----\n",
            r"-----BEGIN PUBLIC KEY-----\r\nAAE\r\nC\r\n-----END PUBLIC KEY-----\r\n",
            "-----BEGIN PUBLIC KEY----- AAE C -----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----\rAAE\rC\r-----END PUBLIC KEY-----",
        ] {
            let expected = [(Some("PUBLIC KEY"), Ok(vec![0, 1, 2]))];
            assert_eq!(read(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_damaged_block_is_told_with_its_line_and_does_not_swallow_the_next() {
        for (text, words) in [
            (
                "\n-----BEGIN PKCS7-----\nAA=\n-----END PKCS7-----",
                "has 3 characters, which is not a multiple of four, so that some were lost or added (from line 2)",
            ),
            (
                "-----BEGIN PKCS7-----\n\n-----END PKCS7-----",
                "nothing in it (line 1)",
            ),
            (
                "-----BEGIN PKCS7-----\nAA==\n-----END X-----",
                "names another label than its BEGIN line (line 3)",
            ),
            (
                "-----BEGIN PKCS7-----\nAA==\n-----END PKCS7----",
                "an END line that does not end in five dashes (line 3)",
            ),
            (
                "-----BEGIN PKCS7-----\nAA==\n",
                "without its END line, so that the file may have been cut (from line 1)",
            ),
            (
                "-----BEGIN PKCS7-----\nAAAA\nA_A=\n-----END PKCS7-----",
                "URL-safe alphabet (- or _): write + and / in their places (line 3)",
            ),
            (
                "-----BEGIN PKCS7-----\nA=AA\n-----END PKCS7-----",
                "a character behind the = that ends it (line 2)",
            ),
            (
                "-----BEGIN PKCS7-----\n> AAAA\n-----END PKCS7-----",
                "a mark before a line",
            ),
            (
                "-----BEGIN PKCS7-----\n\"AAAA\",\n-----END PKCS7-----",
                "quotation marks",
            ),
            (
                "-----BEGIN PKCS7-----\nA===\n-----END PKCS7-----",
                "does not end as it must",
            ),
            (
                "-----BEGIN PKCS7-----\nComment: x\n\nAAAA\n-----END PKCS7-----",
                "a header in it",
            ),
            (
                "-----BEGIN PKCS7-----\nProc-Type: 4,ENCRYPTED\n\nAA==\n-----END PKCS7-----",
                "legacy",
            ),
        ] {
            for after in [
                "",
                "\n-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----",
            ] {
                let text = format!("{text}{after}");
                let found = read(text.as_bytes());
                let (label, body) = &found[0];
                assert_eq!(*label, Some("PKCS7"), "{text}");
                let body = body.as_ref().unwrap_err();
                assert!(body.contains(words), "{text}: {body}");
                if !after.is_empty() {
                    assert_eq!(found[1..], [(Some("PUBLIC KEY"), Ok(vec![0]))], "{text}");
                }
            }
        }
    }

    #[test]
    fn a_label_is_one_line_of_capitals_digits_and_spaces() {
        for begin in [
            "-----BEGIN PRIVATE KEY----",
            "-----BEGIN PRIVATE KEY",
            "-----BEGIN PRIVATE\nKEY-----",
            "-----BEGIN Private Key-----",
            "-----BEGIN ",
        ] {
            let text = format!("{begin}\nAA==\n-----END PRIVATE KEY-----");
            let found = read(text.as_bytes());
            assert_eq!(found.len(), 1, "{text}");
            let (label, body) = &found[0];
            assert_eq!(*label, None, "{text}");
            let words = "a BEGIN line that does not end in five dashes (line 1)";
            assert_eq!(body.as_ref().unwrap_err(), words, "{text}");
        }
    }
}
