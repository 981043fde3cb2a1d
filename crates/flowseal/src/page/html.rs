//! HTML in which nothing from outside is anything but text.

/// A page in the making. Markup is text of this library's own, which is `'static`; everything else
/// is escaped.
///
/// It holds nothing of the page: what is written may be a claim, and is its owner's to keep.
pub(super) struct Html<'a>(&'a mut dyn FnMut(&str));

impl<'a> Html<'a> {
    pub(super) fn new(emit: &'a mut dyn FnMut(&str)) -> Self {
        Self(emit)
    }

    /// Markup.
    pub(super) fn raw(&mut self, markup: &'static str) {
        (self.0)(markup);
    }

    /// A text, escaped.
    pub(super) fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(is_special) {
            let (plain, special) = rest.split_at(at);
            (self.0)(plain);
            let mut characters = special.chars();
            match characters.next() {
                Some('&') => (self.0)("&amp;"),
                Some('<') => (self.0)("&lt;"),
                Some('>') => (self.0)("&gt;"),
                Some('"') => (self.0)("&quot;"),
                Some('\'') => (self.0)("&#39;"),
                Some(unseen) => {
                    for c in unseen.escape_default() {
                        (self.0)(c.encode_utf8(&mut [0; 4]));
                    }
                }
                None => {}
            }
            rest = characters.as_str();
        }
        (self.0)(rest);
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

/// Whether a character does not stand for itself.
fn is_special(c: char) -> bool {
    matches!(c, '&' | '<' | '>' | '"' | '\'') || (c != '\n' && is_unseen(c))
}

/// Whether a character is not seen, or turns the direction of what is: the controls, what Unicode
/// calls ignorable by default (its property `Default_Ignorable_Code_Point`, with the formatting
/// characters of UAX #9), and the separators of lines and annotations.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
