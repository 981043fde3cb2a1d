//! JSON for programs, indented for people who read along.

use std::fmt::Display;
use std::io::{self, Write};

use flowseal::Json;
use flowseal::report::{Diagnosis, Report, ReportedKey};

use super::Reference;

/// Prints an object of these members, whose values are JSON already.
///
/// Values are written through, never collected: they may be claims.
pub(crate) fn object(out: &mut dyn Write, members: &[(&str, &dyn Display)]) -> io::Result<()> {
    let mut indented = Indented::new(out);
    for (index, (name, value)) in members.iter().enumerate() {
        let before = if index == 0 { '{' } else { ',' };
        write!(indented, "{before}\"{name}\":{value}")?;
    }
    indented.write_all(b"}")?;
    writeln!(out)
}

/// Prints a value.
pub(crate) fn value(out: &mut dyn Write, value: &Json) -> io::Result<()> {
    write!(Indented::new(out), "{value}")?;
    writeln!(out)
}

/// A string; `null` where there is none.
pub(crate) fn text(text: Option<&str>) -> Json {
    text.map_or(Json::Null, |text| Json::String(text.to_owned()))
}

/// What `open` and `verify` both say of a flow.
pub(crate) struct Verdict {
    reference: Json,
    /// The received one, beside which nothing may stand that looks like a proof of it.
    unsigned: Option<Json>,
    verified: Json,
    trust: Json,
    diagnosis: Json,
    covers: Json,
    report: Json,
    key: Json,
}

impl Verdict {
    pub(crate) fn of(reference: &Reference, report: &Report, verified: bool) -> Self {
        let covers = report.covers().iter();
        let (reference, unsigned) = match reference {
            Reference::None => (None, None),
            Reference::Flow(reference) => (Some(reference.as_str()), None),
            Reference::Unsigned(received) => (None, Some(received.as_str())),
        };
        Self {
            reference: text(reference),
            unsigned: unsigned.map(|received| text(Some(received))),
            verified: Json::Bool(verified),
            // What a session's caller may trust for other reasons, the command does not know.
            trust: text(Some(if verified { "signed" } else { "none" })),
            diagnosis: Json::Null,
            covers: Json::Array(covers.map(|name| text(Some(name))).collect()),
            report: report.to_json(),
            key: report.key().map_or(Json::Null, ReportedKey::to_json),
        }
    }

    /// The same with why the signature is not valid, where that is so.
    pub(crate) fn diagnosed(mut self, diagnosis: Option<&Diagnosis>) -> Self {
        self.diagnosis = diagnosis.map_or(Json::Null, Diagnosis::to_json);
        self
    }

    pub(crate) fn members(&self) -> Vec<(&str, &dyn Display)> {
        let mut members: Vec<(&str, &dyn Display)> = vec![("reference", &self.reference)];
        if let Some(received) = &self.unsigned {
            members.push(("reference_unsigned", received));
        }
        members.push(("verified", &self.verified));
        members.push(("trust", &self.trust));
        members.push(("diagnosis", &self.diagnosis));
        members.push(("covers", &self.covers));
        members.push(("report", &self.report));
        members.push(("key", &self.key));
        members
    }
}

/// Compact JSON in, indented JSON out. It holds a position and no text.
struct Indented<'a> {
    out: &'a mut dyn Write,
    depth: usize,
    /// The last byte opened an array or object, of which it is not known whether it is empty.
    opened: bool,
    in_string: bool,
    escaped: bool,
}

impl<'a> Indented<'a> {
    fn new(out: &'a mut dyn Write) -> Self {
        Self {
            out,
            depth: 0,
            opened: false,
            in_string: false,
            escaped: false,
        }
    }

    fn byte(&mut self, byte: u8) -> io::Result<()> {
        if self.in_string {
            self.in_string = byte != b'"' || self.escaped;
            self.escaped = byte == b'\\' && !self.escaped;
            return self.out.write_all(&[byte]);
        }

        let was_opened = std::mem::take(&mut self.opened);
        let closes = matches!(byte, b']' | b'}');
        self.depth -= usize::from(closes);
        if was_opened != closes {
            self.line()?;
        }
        self.out.write_all(&[byte])?;
        match byte {
            b'[' | b'{' => {
                self.depth += 1;
                self.opened = true;
            }
            b',' => self.line()?,
            b':' => self.out.write_all(b" ")?,
            b'"' => self.in_string = true,
            _ => {}
        }
        Ok(())
    }

    fn line(&mut self) -> io::Result<()> {
        writeln!(self.out)?;
        (0..self.depth).try_for_each(|_| self.out.write_all(b"  "))
    }
}

impl Write for Indented<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        bytes.iter().try_for_each(|byte| self.byte(*byte))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indentation_is_that_of_everyone_else() {
        let value = serde_json::json!({
            "empty": [{}, []],
            "nested": {"array": [1, true, null, "a"]},
            "punctuation": "{\"a\": [1, 2]}\\",
            "\"": "\\\"",
        });
        let compact = value.to_string();
        let mut indented = Vec::new();
        Indented::new(&mut indented)
            .write_all(compact.as_bytes())
            .unwrap();
        assert_eq!(
            String::from_utf8(indented).unwrap(),
            serde_json::to_string_pretty(&value).unwrap()
        );
    }
}
