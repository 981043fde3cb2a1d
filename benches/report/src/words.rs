//! Numbers as people read them, and text that is safe in a page.

/// Three digits that count, thousands apart: `1,049`, `69.3`, `0.25`.
pub(crate) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        value if value >= 99.95 || value == 0.0 => 0,
        value if value >= 9.995 => 1,
        _ => 2,
    };
    let text = format!("{value:.decimals$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut apart = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && digit != '-' && (whole.len() - at).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        apart
    } else {
        format!("{apart}.{fraction}")
    }
}

/// Text that is nothing but text, between tags and in an attribute.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            // XML has no such characters, not even escaped.
            c if c.is_control() => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_thousands_apart() {
        for (value, text) in [
            (0.0, "0"),
            (0.25, "0.25"),
            (9.0, "9"),
            (69.27, "69.3"),
            (100.0, "100"),
            (1049.3, "1,049"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn text_makes_no_markup() {
        assert_eq!(
            escaped("<b a=\"1\">&\u{1b}</b>"),
            "&lt;b a=&quot;1&quot;&gt;&amp;\u{fffd}&lt;/b&gt;"
        );
    }
}
