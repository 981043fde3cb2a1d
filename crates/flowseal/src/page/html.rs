//! HTML in which nothing from outside is anything but text.

/// A page in the making. Markup is text of this library's own, which is `'static`; everything else
/// is escaped.
pub(super) struct Html(String);

impl Html {
    pub(super) fn new() -> Self {
        Self(String::new())
    }

    pub(super) fn finish(self) -> String {
        self.0
    }

    /// Markup.
    pub(super) fn raw(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// A text, escaped.
    pub(super) fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                '\n' => self.0.push('\n'),
                c if is_unseen(c) => self.0.extend(c.escape_default()),
                c => self.0.push(c),
            }
        }
    }

    /// A text of others', escaped, and kept apart from what is written around it: its direction is
    /// its own.
    pub(super) fn outside(&mut self, text: &str) {
        self.raw("<bdi>");
        self.text(text);
        self.raw("</bdi>");
    }

    /// A fingerprint in groups of eight, which can be compared by eye.
    pub(super) fn grouped(&mut self, text: &str) {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return self.outside(text);
        }
        for at in (0..text.len()).step_by(8) {
            self.raw("<span>");
            self.text(text.get(at..at + 8).unwrap_or_default());
            self.raw("</span> ");
        }
    }

    /// Begins a section with a heading; whoever begins it ends it.
    pub(super) fn section(&mut self, id: &'static str, heading: &'static str) {
        self.raw("<section aria-labelledby=\"");
        self.raw(id);
        self.raw("\">\n<h2 id=\"");
        self.raw(id);
        self.raw("\">");
        self.raw(heading);
        self.raw("</h2>\n");
    }

    /// A name and a text of others', in a list of facts.
    pub(super) fn fact(&mut self, name: &'static str, value: &str) {
        self.raw("<div><dt>");
        self.raw(name);
        self.raw("</dt><dd>");
        self.outside(value);
        self.raw("</dd></div>\n");
    }
}

/// Whether a character is not seen, or turns the direction of what is: the controls, the formatting
/// characters of UAX #9, and the separators of lines.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
