//! Untrusted text in a sentence.

/// A piece of untrusted text, safe to show: escaped, and cut at 64 characters.
pub(crate) fn quoted(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_escaped_and_cut() {
        assert_eq!(quoted("a\u{1b}[31m\"b"), r#""a\u{1b}[31m\"b""#);
        assert_eq!(quoted(&"x".repeat(65)).chars().count(), 67);
    }
}
