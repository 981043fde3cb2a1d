//! Tables for people: aligned, in words, with colour only beside them.

use std::fmt::Display;
use std::io::{self, Write};

use flowseal::report::{Outcome, Report, ReportLine};
use flowseal::{Flow, OpenedClaims, UnixTime};

use super::{Reference, Shown};

/// A page of facts and tables.
pub(crate) struct Page<'a> {
    out: &'a mut dyn Write,
    indent: &'static str,
    colour: bool,
}

impl<'a> Page<'a> {
    pub(crate) fn new(out: &'a mut dyn Write, colour: bool) -> Self {
        Self {
            out,
            indent: "",
            colour,
        }
    }

    /// The same page, with its tables further to the right.
    pub(crate) fn indented(self, indent: &'static str) -> Self {
        Self { indent, ..self }
    }

    pub(crate) fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// One thing that is so.
    pub(crate) fn fact(&mut self, name: &str, value: &dyn Display) -> io::Result<()> {
        writeln!(self.out, "{}{name:<10} {value}", self.indent)
    }

    /// Which flow it is about.
    pub(crate) fn reference(&mut self, reference: &Reference) -> io::Result<()> {
        match reference {
            Reference::None => Ok(()),
            Reference::Flow(reference) => self.fact("reference", &Shown(reference)),
            Reference::Unsigned(received) => {
                self.fact("reference", &"none that is signed")?;
                self.fact("received", &Shown(received))
            }
        }
    }

    /// The beginning of a line that says later what happened.
    pub(crate) fn begin(&mut self, name: &str) -> io::Result<()> {
        writeln!(self.out)?;
        write!(self.out, "{}", self.painted(BOLD, &format!("{name:<13}")))
    }

    /// What has come out of it all.
    pub(crate) fn verdict(&mut self, good: bool, verdict: &str) -> io::Result<()> {
        let painted = self.painted(if good { GREEN } else { RED }, verdict);
        self.fact("verdict", &painted)
    }

    /// The key and the members under the signature, where it is valid.
    pub(crate) fn signed(&mut self, report: &Report) -> io::Result<()> {
        let Some(key) = report.key() else {
            return Ok(());
        };
        self.fact("key", &key.fingerprint())?;
        if let Some(kid) = key.kid() {
            self.fact("kid", &Shown(kid))?;
        }
        if let Some(subject) = key.subject() {
            self.fact("subject", &Shown(subject))?;
            self.fact("", &"(the certificate's dates and chain are not checked)")?;
        }
        self.fact("covers", &Shown(&report.covers().join(", ")))
    }

    /// Every line of a report.
    pub(crate) fn report(&mut self, report: &Report) -> io::Result<()> {
        self.lines(report.lines().iter())
    }

    /// The lines of a report that refuse the flow.
    pub(crate) fn failures(&mut self, report: &Report) -> io::Result<()> {
        let failed = |line: &&ReportLine| line.outcome() == Outcome::Failed;
        self.lines(report.lines().iter().filter(failed))
    }

    /// Every claim, one a line. Written through, never collected.
    pub(crate) fn claims(&mut self, claims: &OpenedClaims) -> io::Result<()> {
        if claims.is_empty() {
            return writeln!(self.out, "{}(no claims)", self.indent);
        }
        let width = width(claims.iter().map(|claim| Shown(claim.path()).width()));
        self.header(&[("claim", width), ("value", 0)])?;
        claims.iter().try_for_each(|claim| {
            self.cell(claim.path(), width)?;
            writeln!(self.out, "{}", Shown(claim.text()))
        })
    }

    /// What did not open, with the code of each.
    pub(crate) fn errors(&mut self, errors: &[(String, flowseal::Error)]) -> io::Result<()> {
        let width = width(errors.iter().map(|(path, _)| Shown(path).width()));
        self.header(&[("not opened", width), ("code", 0)])?;
        errors.iter().try_for_each(|(path, error)| {
            self.cell(path, width)?;
            let code = self.painted(RED, error.code().as_str());
            writeln!(self.out, "{code}")
        })
    }

    /// Every leaf of a flow with the length of its ciphertext.
    pub(crate) fn leaves(&mut self, flow: &Flow) -> io::Result<()> {
        let claims = flow.claims();
        if claims.is_empty() {
            return writeln!(self.out, "{}(no leaves)", self.indent);
        }
        let width = width(claims.leaves().map(|leaf| Shown(&leaf.path).width()));
        self.header(&[("leaf", width), ("bytes", 0)])?;
        claims.leaves().try_for_each(|leaf| {
            self.cell(&leaf.path, width)?;
            match leaf.ciphertext_len() {
                Some(bytes) => writeln!(self.out, "{bytes}"),
                None => writeln!(self.out, "{}", self.painted(RED, "not base64")),
            }
        })
    }

    /// Rows under their columns' names; the last column is as wide as it is.
    pub(crate) fn table(&mut self, names: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
        let widths: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let cells = rows.iter().filter_map(|row| row.get(at));
                cells
                    .map(|cell| Shown(cell).width())
                    .max()
                    .unwrap_or_default()
                    .max(name.len())
            })
            .collect();
        let columns: Vec<_> = names.iter().copied().zip(widths.iter().copied()).collect();
        self.header(&columns)?;
        for row in rows {
            let (last, cells) = row
                .split_last()
                .map_or(("", &row[..]), |(last, cells)| (last, cells));
            for (cell, width) in cells.iter().zip(&widths) {
                self.cell(cell, *width)?;
            }
            writeln!(self.out, "{}", Shown(last))?;
        }
        Ok(())
    }

    fn lines<'b>(&mut self, mut lines: impl Iterator<Item = &'b ReportLine>) -> io::Result<()> {
        self.header(&[("check", CHECK), ("outcome", OUTCOME), ("why", 0)])?;
        lines.try_for_each(|line| self.line(*line))
    }

    fn line(&mut self, line: ReportLine) -> io::Result<()> {
        // What passed against a member that nobody signed proves nothing.
        let colour = match (line.outcome(), line.why()) {
            (Outcome::Passed, Some("unauthenticated")) | (Outcome::NotChecked, _) => YELLOW,
            (Outcome::Passed, _) => GREEN,
            (Outcome::Failed, _) => RED,
            _ => DIM,
        };
        let outcome = self.painted(colour, line.outcome().as_str());
        self.cell(line.check().as_str(), CHECK)?;
        match line.why() {
            Some(why) => {
                let padding = OUTCOME.saturating_sub(line.outcome().as_str().len());
                writeln!(self.out, "{outcome}{:padding$}{GAP}{why}", "")
            }
            None => writeln!(self.out, "{outcome}"),
        }
    }

    fn header(&mut self, columns: &[(&str, usize)]) -> io::Result<()> {
        let names: Vec<_> = columns
            .iter()
            .map(|(name, width)| format!("{name:<width$}"))
            .collect();
        let names = names.join(GAP);
        let names = names.trim_end();
        writeln!(self.out, "{}{}", self.indent, self.painted(DIM, names))
    }

    /// The first cell of a line, and the gap behind it.
    fn cell(&mut self, text: &str, width: usize) -> io::Result<()> {
        let text = Shown(text);
        let padding = width.saturating_sub(text.width());
        write!(self.out, "{}{text}{:padding$}{GAP}", self.indent, "")
    }

    fn painted(&self, colour: &'static str, text: &str) -> String {
        match self.colour {
            true => format!("{colour}{text}{PLAIN}"),
            false => text.to_owned(),
        }
    }
}

/// A moment as both a program and a person write it.
pub(crate) fn moment(time: UnixTime) -> String {
    let (days, second) = (time.seconds() / 86_400, time.seconds() % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{time}  {year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// Year, month and day of the proleptic Gregorian calendar, so many days after 1970 began: Howard
/// Hinnant's `civil_from_days`, for which years begin in March.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_based = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_based + 2) / 5 + 1;
    let month = if march_based < 10 {
        march_based + 3
    } else {
        march_based - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

/// The width of a first column: that of its widest cell, within reason.
fn width(cells: impl Iterator<Item = usize>) -> usize {
    cells
        .max()
        .unwrap_or_default()
        .clamp("not opened".len(), 40)
}

const GAP: &str = "  ";
/// The longest name of a check is `claims_requested`, of an outcome `not_checked`.
const CHECK: usize = 16;
const OUTCOME: usize = 11;

const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const GREEN: &str = "\u{1b}[32m";
const PLAIN: &str = "\u{1b}[0m";
const RED: &str = "\u{1b}[31m";
const YELLOW: &str = "\u{1b}[33m";

#[cfg(test)]
mod tests {
    use flowseal::Expectations;
    use flowseal::report::Check;
    use flowseal::testkit::Sample;

    use super::*;

    #[test]
    fn colour_adds_nothing_to_the_words() {
        let sample = Sample::new().unwrap();
        let expectations = Expectations::for_reference("req_other");
        let refused = sample
            .flow()
            .unwrap()
            .verify(
                &sample.verifier().unwrap(),
                &expectations,
                sample.now().unwrap(),
            )
            .unwrap_err();
        let page = |colour| {
            let mut text = Vec::new();
            let mut page = Page::new(&mut text, colour);
            page.report(refused.report()).unwrap();
            String::from_utf8(text).unwrap()
        };
        let (plain, coloured) = (page(false), page(true));
        assert!(!plain.contains('\u{1b}'));
        assert!(coloured.contains(RED) && coloured.contains(GREEN) && coloured.contains(YELLOW));
        let codes = [DIM, GREEN, PLAIN, RED, YELLOW];
        assert_eq!(
            codes
                .iter()
                .fold(coloured, |text, code| text.replace(code, "")),
            plain
        );
    }

    #[test]
    fn moments_are_those_of_the_calendar() {
        // From `date --utc --date=@SECONDS`.
        for (seconds, shown) in [
            (0, "1970-01-01 00:00:00"),
            (951_782_399, "2000-02-28 23:59:59"),
            (951_782_400, "2000-02-29 00:00:00"),
            (1_709_251_200, "2024-03-01 00:00:00"),
            (1_716_820_121, "2024-05-27 14:28:41"),
            (4_107_542_399, "2100-02-28 23:59:59"),
            (4_107_542_400, "2100-03-01 00:00:00"),
        ] {
            let time = UnixTime::from_seconds(seconds).unwrap();
            assert_eq!(moment(time), format!("{seconds}  {shown} UTC"));
        }
    }

    #[test]
    fn every_name_fits_its_column() {
        assert!(Check::ALL.iter().all(|check| check.as_str().len() <= CHECK));
        let outcomes = [
            Outcome::Failed,
            Outcome::NotAsked,
            Outcome::NotChecked,
            Outcome::Passed,
        ];
        assert!(
            outcomes
                .iter()
                .all(|outcome| outcome.as_str().len() <= OUTCOME)
        );
    }
}
