//! What the command prints, and how: JSON for programs, tables for people.

use std::fmt::{self, Write as _};
use std::io::{self, ErrorKind, IsTerminal as _, Write};

use clap::ValueEnum;
use flowseal::ErrorCode;

use crate::failure::Failure;

pub(crate) mod json;
pub(crate) mod table;

/// The two forms of an answer.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Json,
    Table,
}

impl Format {
    /// The form that was asked for, or else the one that suits the reader.
    pub(crate) fn or_by_reader(asked: Option<Self>) -> Self {
        asked.unwrap_or(match io::stdout().is_terminal() {
            true => Self::Table,
            false => Self::Json,
        })
    }
}

/// The same, and a page for people.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum VerifyFormat {
    Json,
    Table,
    Html,
}

impl VerifyFormat {
    /// The form of an answer that is no page.
    pub(crate) fn plain(self) -> Option<Format> {
        match self {
            Self::Json => Some(Format::Json),
            Self::Table => Some(Format::Table),
            Self::Html => None,
        }
    }

    pub(crate) fn is_html(asked: Option<Self>) -> bool {
        matches!(asked, Some(Self::Html))
    }
}

/// The flow that an answer is about, as its reference says.
pub(crate) enum Reference {
    /// Evidence says none.
    None,
    /// What was received of a flow that is not called verified, or what the signature covers.
    Flow(String),
    /// What was received of a verified flow whose signature does not cover it.
    Unsigned(String),
}

impl Reference {
    /// Of a flow that is verified: `covered` is what the signature covers of it.
    pub(crate) fn of_verified(received: &str, covered: Option<&str>) -> Self {
        match covered {
            Some(covered) => Self::Flow(covered.to_owned()),
            None => Self::Unsigned(received.to_owned()),
        }
    }
}

/// Says what is odd but not refused, a line each on standard error.
pub(crate) fn warn<W: fmt::Display>(warnings: impl IntoIterator<Item = W>) {
    for warning in warnings {
        // Where nobody can read it, there is nobody to tell.
        let _ = writeln!(io::stderr(), "warning: {warning}");
    }
}

/// Writes to standard output.
///
/// A reader who has seen enough and closed the pipe is no failure, and changes no exit status.
/// Claims pass through standard output's own buffer, a kilobyte that is not this program's to wipe.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(
            ErrorCode::Io,
            format!("standard output cannot be written ({error}): check where it goes"),
        )),
        _ => Ok(()),
    }
}

/// Whether tables may have colour: on a terminal, unless the reader's environment asks for none.
pub(crate) fn colour() -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let dumb = set("TERM").is_some_and(|term| term == "dumb");
    io::stdout().is_terminal() && set("NO_COLOR").is_none() && !dumb
}

/// Text of others, safe on a terminal: what would move the cursor, change colours or turn the
/// direction of writing is shown as an escape. Written piece by piece, since it may be a claim.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl Shown<'_> {
    /// The number of characters that are written.
    fn width(&self) -> usize {
        self.0
            .chars()
            .map(|c| escaped(c).map_or(1, Iterator::count))
            .sum()
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match escaped(c) {
            Some(mut escape) => escape.try_for_each(|c| f.write_char(c)),
            None => f.write_char(c),
        })
    }
}

fn escaped(c: char) -> Option<std::char::EscapeDefault> {
    // The explicit directional formatting characters of UAX #9, and the separators of lines.
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (c.is_control() || turns).then(|| c.escape_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_shown() {
        for (text, shown) in [
            ("Adébáyọ̀ 😀", "Adébáyọ̀ 😀"),
            ("12 Marina\nLagos", "12 Marina\\nLagos"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("\u{202e}gnp", "\\u{202e}gnp"),
        ] {
            assert_eq!(Shown(text).to_string(), shown);
            assert_eq!(Shown(text).width(), shown.chars().count());
        }
    }
}
