//! Untrusted text in a sentence.

/// A piece of untrusted text, safe to show: escaped, and cut at 64 characters. A credential that
/// stands where another text belongs is shortened as an identifier is.
pub(crate) fn quoted(text: &str) -> String {
    if is_credential(text) {
        return id(text);
    }
    let mut shown: String = text.chars().take(64).flat_map(char::escape_debug).collect();
    if text.chars().nth(64).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

/// A text of which only the last two characters are shown, as the API masks national numbers.
pub(crate) fn masked(text: &str) -> String {
    let hidden = text.chars().count().saturating_sub(2);
    let mask = |(index, c)| if index < hidden || hidden < 3 { 'x' } else { c };
    quoted(&text.chars().enumerate().map(mask).collect::<String>())
        .trim_matches('"')
        .to_owned()
}

/// An identifier, such as an app's: whole where it is shorter than any secret, and else its
/// beginning and its end.
pub(crate) fn id(text: &str) -> String {
    let len = text.chars().count();
    let escaped = |character: char| match character {
        ' '..='~' if !matches!(character, '"' | '\\') => character,
        _ => '\u{fffd}',
    };
    let head = |count| text.chars().take(count).map(escaped).collect::<String>();
    if len <= MAX_WHOLE {
        return format!("\"{}\"", head(MAX_WHOLE));
    }
    // Ids of one kind differ at their ends.
    let shown_of_end = if len < LONG { 0 } else { 2 };
    let end: String = text.chars().skip(len - shown_of_end).map(escaped).collect();
    format!("\"{}…{end}\" ({len} characters)", head(4))
}

/// The `kid` of a key, which names it in public: whole where it is a short name.
pub(crate) fn kid(text: &str) -> String {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:@".contains(&byte);
    if text.len() < LONG && text.bytes().all(is_name) {
        return format!("\"{text}\"");
    }
    id(text)
}

/// Whether a text begins as credentials of the API do.
pub(crate) fn is_credential(text: &str) -> bool {
    let kinds = ["bk-live_", "bk-test_", "prd_", "snb_"];
    kinds.iter().any(|kind| text.starts_with(kind))
}

/// The longest text that is shown whole: what five characters can hold protects nothing.
const MAX_WHOLE: usize = 5;

/// From here on, the last two characters are shown as well.
const LONG: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_escaped_and_cut() {
        assert_eq!(quoted("a\u{1b}[31m\"b"), r#""a\u{1b}[31m\"b""#);
        assert_eq!(quoted(&"x".repeat(65)).chars().count(), 67);
    }

    #[test]
    fn a_credential_in_another_place_is_shortened() {
        assert_eq!(quoted("snb_0123456789"), "\"snb_…\" (14 characters)");
        assert_eq!(quoted("bk-test_0123456"), "\"bk-t…\" (15 characters)");
        assert_eq!(quoted("req_snb_"), "\"req_snb_\"");
    }
}
