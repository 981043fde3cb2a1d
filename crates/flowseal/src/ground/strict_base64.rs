//! Base64 as the API sends ciphertexts and signatures: one spelling for each.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Strict base64 (RFC 4648, section 4), except for space and quotes around it, which the API's
/// sample code passes along.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(inside(text)).ok()
}

/// Why a text is not base64: the first character that is wrong, its place, and what it suggests.
///
/// It shows that one character where it is no letter or digit, and nothing else of the text, which
/// may be a person's data in the clear.
pub(crate) fn fault(text: &str) -> String {
    let text = inside(text);
    let fault = first_fault(text);
    match text.chars().count() < SHORTEST {
        true => format!("{fault}; a text this short is not a ciphertext, and may be in the clear"),
        false => fault,
    }
}

fn first_fault(text: &str) -> String {
    let unpadded = text.trim_end_matches('=');
    let wrong = unpadded
        .chars()
        .enumerate()
        .find(|(_, c)| !is_of_base64(*c));
    let Some((index, wrong)) = wrong else {
        return fault_of_length(unpadded.len(), text.len() - unpadded.len());
    };
    let suggests = match wrong {
        '\r' | '\n' => "a line end: its sender wraps lines, and the API does not",
        '-' | '_' => "of the URL-safe alphabet: its sender encodes for URLs, and the API does not",
        ' ' => {
            "a space, where there may have been a plus: it came through a form or a URL undecoded"
        }
        '%' => "an escape of a URL: decode the URL first",
        '=' => "padding in the middle: two texts were put together, or it was cut",
        _ => "not in base64: it is a text in the clear, or encoded in another way",
    };
    let shown = match wrong {
        letter if letter.is_alphanumeric() => String::new(),
        other => format!("{:?} ", other.to_string()),
    };
    format!("its character {} {shown}is {suggests}", index + 1)
}

/// Fewer characters than any key's ciphertext has: 128 bytes are 172.
const SHORTEST: usize = 100;

fn fault_of_length(characters: usize, padding: usize) -> String {
    let total = characters + padding;
    match (characters % 4, padding) {
        (1, _) => {
            format!("its {characters} characters are one too many or three too few: it was cut")
        }
        (2, 2) | (3, 1) => format!(
            "its last character before the padding, character {characters} of {total}, has bits that no encoder sets: it was cut or altered"
        ),
        _ => format!(
            "its {characters} characters want {} of padding (\"=\") and have {padding}: it was cut, or its sender leaves the padding out",
            (4 - characters % 4) % 4
        ),
    }
}

/// The bytes that a text of hexadecimal digits stands for; `None` for any other text.
pub(crate) fn hexadecimal_len(text: &str) -> Option<usize> {
    let text = inside(text);
    let is_hexadecimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_hexadecimal && text.len().is_multiple_of(2)).then_some(text.len() / 2)
}

/// A text without what may stand around it: all of one ciphertext's spellings are one text then.
pub(crate) fn inside(text: &str) -> &str {
    let text = text.trim_ascii();
    text.strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text)
}

fn is_of_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_strict_but_for_what_stands_around_it() {
        for text in ["AAE=", " AAE=\n", "\"AAE=\"", " \"AAE=\" "] {
            assert_eq!(decode(text), Some(vec![0, 1]), "{text}");
        }
        for (text, why) in [
            ("AAE", "want 1 of padding"),
            ("AAF=", "bits that no encoder sets"),
            ("AA E=", "character 3 \" \" is a space"),
            ("AA\nE=", "character 3 \"\\n\" is a line end"),
            ("\"AAE=", "character 1 \"\\\"\" is not in base64"),
            ("_-E=", "character 1 \"_\" is of the URL-safe alphabet"),
            ("AAE==", "want 1 of padding (\"=\") and have 2"),
            ("\"\"AAE=\"\"", "character 1"),
            ("AAE=AAE=", "character 4 \"=\" is padding in the middle"),
            ("AAEAA", "one too many"),
            ("AAEé", "character 4 is not in base64"),
            ("AAE%2B", "character 4 \"%\" is an escape"),
        ] {
            assert_eq!(decode(text), None, "{text}");
            assert!(fault(text).contains(why), "{text}: {}", fault(text));
            assert!(
                fault(text)
                    .ends_with("; a text this short is not a ciphertext, and may be in the clear")
            );
        }
    }

    #[test]
    fn what_is_as_long_as_a_ciphertext_is_not_called_clear() {
        assert!(!fault(&"A".repeat(171)).contains("clear"));
    }

    #[test]
    fn hexadecimal_is_told_by_its_digits() {
        for (text, len) in [
            ("00ffFF", Some(3)),
            ("\"00\"", Some(1)),
            ("0", None),
            ("", None),
            ("0g", None),
        ] {
            assert_eq!(hexadecimal_len(text), len, "{text}");
        }
    }
}
