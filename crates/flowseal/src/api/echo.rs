//! A credential that an answer repeats, in whatever spelling.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use super::api_error::ApiError;
use crate::error::Error;

/// An error that does not repeat a credential, should the answer have done so: in any part of it,
/// since a quote may be cut anywhere, and in any usual spelling.
pub(super) fn without_credentials<'a>(
    error: Error,
    body: &[u8],
    credentials: impl IntoIterator<Item = &'a str>,
) -> Error {
    let is_repeated = credentials.into_iter().any(|credential| {
        let echo = Echo::of(credential);
        let in_answer = |answer: &ApiError| answer.mentions(&|text| echo.is_in(text.as_bytes()));
        error.api_error().is_some_and(in_answer)
            || echo.is_in(body)
            || echo.is_in(error.sentence().as_bytes())
    });
    if !is_repeated {
        return error;
    }
    Error::new(
        error.code(),
        "the answer repeats a credential, so it is not quoted: ask pasby what it means, or what stands between",
    )
}

/// The spellings of one credential, in lower case.
///
/// Pages of proxies show a request's headers as they were, escaped for a URL, in hexadecimal dumps
/// or in base64. This finds what is repeated by mistake, not what is hidden on purpose.
struct Echo([Zeroizing<Vec<u8>>; 5]);

impl Echo {
    fn of(credential: &str) -> Self {
        let hex = credential.bytes().flat_map(|byte| {
            let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default() as u8;
            [digit(byte >> 4), digit(byte & 0xf)]
        });
        let [first, second, third] = [0, 1, 2].map(|offset| in_base64(credential, offset));
        Self([
            Zeroizing::new(credential.to_ascii_lowercase().into_bytes()),
            Zeroizing::new(hex.collect()),
            first,
            second,
            third,
        ])
    }

    /// Whether a text repeats it. Case does not count, nor escapes of a URL.
    fn is_in(&self, text: &[u8]) -> bool {
        let text = Zeroizing::new(unescaped(text));
        let holds = |spelling: &[u8]| {
            !spelling.is_empty()
                && text
                    .windows(spelling.len())
                    .any(|window| window == spelling)
        };
        self.0.iter().any(|spelling| holds(spelling))
    }
}

/// The characters of base64 that depend on the credential alone, where so many bytes stand before
/// it.
fn in_base64(credential: &str, offset: usize) -> Zeroizing<Vec<u8>> {
    let placed = Zeroizing::new([&vec![0; offset], credential.as_bytes()].concat());
    let encoded = Zeroizing::new(STANDARD_NO_PAD.encode(&*placed));
    let before = (offset * 8).div_ceil(6);
    let whole = placed.len() * 8 / 6;
    let own = encoded.get(before..whole).unwrap_or_default();
    // Of a short credential so little is left that it would be found in innocent texts.
    let own = if own.len() < 8 { "" } else { own };
    Zeroizing::new(unescaped(own.as_bytes()))
}

/// A text in lower case, `%41` as `a`, `-` and `_` as base64's `+` and `/`.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = match after {
            [high, low, ..] if byte == b'%' => nibble(*high).zip(nibble(*low)),
            _ => None,
        };
        let (byte, after) = match escaped {
            Some((high, low)) => (high << 4 | low, after.get(2..).unwrap_or_default()),
            None => (byte, after),
        };
        plain.push(byte.to_ascii_lowercase());
        rest = after;
    }
    plain
}

fn nibble(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_found_in_each_spelling_and_no_other() {
        let credential = "snb_0123456789abcdef";
        let echo = Echo::of(credential);
        for text in [
            "snb_0123456789abcdef",
            "x SNB_0123456789ABCDEF y",
            "%73nb%5F0123456789abcdef",
            "736e625f30313233343536373839616263646566",
        ] {
            assert!(echo.is_in(text.as_bytes()), "{text}");
        }
        for before in ["", "a", "ab", "abc", "key="] {
            for after in ["", "z", "zz", "; x"] {
                let encoded = STANDARD_NO_PAD.encode(format!("{before}{credential}{after}"));
                assert!(echo.is_in(encoded.as_bytes()), "{before} {after}");
            }
        }
        for text in ["", "snb_", "snb_0123456789abcdee", "c25iXzAx"] {
            assert!(!echo.is_in(text.as_bytes()), "{text}");
        }
        assert!(!Echo::of("").is_in(b"anything"));
        assert!(!Echo::of("snb_").is_in(b"c25i"));
    }
}
