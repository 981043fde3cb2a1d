//! How far a run is, while it runs and at its end: a bar on a terminal, lines elsewhere, JSON for
//! programs. Figures are of what is written; nothing of a flow is among them.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde_json::json;

use super::checkpoint::Counts;
use super::times::Times;
use crate::args::Progress;

/// What is known of a run, and how it is shown.
pub(super) struct Watch {
    how: How,
    quiet: bool,
    /// Where this run began: rates are of its own work, and not of an earlier run's.
    base: Base,
    counts: Counts,
    /// Bytes of the files, of all of them where that is known.
    taken: u64,
    total: Option<u64>,
    shown: Instant,
    times: Times,
    /// Which unit of the engine computes full batches, and on how many threads.
    unit: &'static str,
    threads: usize,
}

struct Base {
    begun: Instant,
    at: Instant,
    counts: Counts,
    taken: u64,
    /// Whether the first batch moves it: an earlier run's part of the input is read first.
    is_open: bool,
}

enum How {
    Bar {
        bar: ProgressBar,
        left: Arc<Mutex<String>>,
    },
    Lines,
    Json,
    Off,
}

/// How a run ended, for its summary.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Ending {
    Whole,
    /// An earlier run had come to the end.
    Before,
    Stopped,
}

impl Watch {
    pub(super) fn new(how: Progress, quiet: bool, total: Option<u64>, counts: &Counts) -> Self {
        let how = match how {
            _ if quiet => How::Off,
            Progress::Off => How::Off,
            Progress::Json => How::Json,
            Progress::Auto if io::stderr().is_terminal() => How::bar(total),
            Progress::Auto => How::Lines,
        };
        let now = Instant::now();
        Self {
            how,
            quiet,
            base: Base {
                begun: now,
                at: now,
                counts: counts.clone(),
                taken: 0,
                is_open: counts.records > 0,
            },
            counts: counts.clone(),
            taken: 0,
            total,
            shown: now,
            times: Times::default(),
            unit: "",
            threads: 1,
        }
    }

    /// Who computes, for the summary.
    pub(super) fn computed_by(&mut self, unit: &'static str, threads: usize) {
        (self.unit, self.threads) = (unit, threads);
    }

    /// So many records were computed together, in this time.
    pub(super) fn computed(&mut self, records: usize, took: Duration) {
        self.times.add(records, took);
    }

    /// So much is written now.
    pub(super) fn wrote(&mut self, counts: &Counts, taken: u64) {
        if std::mem::take(&mut self.base.is_open) {
            self.base.at = Instant::now();
            self.base.counts = counts.clone();
            self.base.taken = taken;
        }
        self.counts.clone_from(counts);
        self.taken = taken;
    }

    /// Shows it, where it is time to.
    pub(super) fn show(&mut self) {
        let every = match &self.how {
            How::Off => return,
            How::Bar { .. } => Duration::from_millis(100),
            How::Json => Duration::from_secs(1),
            How::Lines => Duration::from_secs(10),
        };
        if self.shown.elapsed() < every {
            return;
        }
        self.shown = Instant::now();
        match &self.how {
            How::Bar { bar, left } => {
                *left.lock().unwrap_or_else(PoisonError::into_inner) = self.left_in_words();
                bar.set_position(self.taken);
                bar.set_prefix(self.rates());
                bar.set_message(self.refusals());
                bar.tick();
            }
            How::Json => tell(&self.to_json(None)),
            How::Lines => {
                let left = self.left_in_words();
                tell(&format!("{}  {}  {left}", self.rates(), self.refusals()));
            }
            How::Off => {}
        }
    }

    /// Says that someone has asked to stop, and what is waited for.
    pub(super) fn stopping(&mut self) {
        let what = "stopping once the batches in hand are done; asked again, at once";
        match &self.how {
            _ if self.quiet => {}
            // The terminal has written `^C` where the bar's next drawing would begin: this one
            // stays as it is, and another one goes on below.
            How::Bar { bar, .. } => {
                bar.set_draw_target(ProgressDrawTarget::hidden());
                tell(&format!("\n{what}"));
                self.how = How::bar(self.total);
            }
            How::Json => {}
            How::Lines | How::Off => tell(what),
        }
    }

    /// Says what came of it.
    pub(super) fn end(self, ending: Ending) {
        if let How::Bar { bar, .. } = &self.how {
            bar.finish_and_clear();
        }
        if self.quiet {
            return;
        }
        if let How::Json = self.how {
            return tell(&self.to_json(Some(ending)));
        }
        let word = match ending {
            Ending::Whole => "done",
            Ending::Before => {
                let records = grouped(self.counts.records);
                tell(&format!(
                    "done by an earlier run: {records} records, nothing was computed"
                ));
                return tell(&self.refusals());
            }
            Ending::Stopped => "stopped",
        };
        let elapsed = in_words(self.base.begun.elapsed());
        tell(&format!("{word}: {} in {elapsed}", self.rates()));
        tell(&self.refusals());
        if let Some([p50, p90, p99]) = self.times.percentiles([50, 90, 99]) {
            tell(&format!(
                "time of a flow on its thread: p50 {}, p90 {}, p99 {}",
                brief(p50),
                brief(p90),
                brief(p99)
            ));
        }
        let threads = match self.threads {
            1 => "1 thread".to_owned(),
            threads => format!("{threads} threads"),
        };
        tell(&format!("computed by {} on {threads}", self.unit));
    }

    fn rates(&self) -> String {
        let counts = &self.counts;
        format!(
            "{} records  {} flows/s  {} claims/s",
            grouped(counts.records),
            grouped(self.a_second(counts.records, self.base.counts.records)),
            grouped(self.a_second(counts.claims, self.base.counts.claims)),
        )
    }

    fn a_second(&self, now: u64, base: u64) -> u64 {
        let elapsed = self.base.at.elapsed().as_millis().max(1);
        let rate = u128::from(now - base) * 1000 / elapsed;
        u64::try_from(rate).unwrap_or(u64::MAX)
    }

    /// What is refused, the code of most first.
    fn refusals(&self) -> String {
        let mut codes: Vec<_> = self.counts.refused.iter().collect();
        codes.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let mut text = match self.counts.all_refused() {
            0 => return "none refused".to_owned(),
            all => format!("{} refused:", grouped(all)),
        };
        for (at, (code, count)) in codes.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            // A `String` takes whatever is written.
            let _ = write!(text, "{comma} {code} {}", grouped(**count));
        }
        text
    }

    /// How long it will take yet, by the bytes that are not read yet.
    fn left(&self) -> Option<Duration> {
        let missing = self.total?.saturating_sub(self.taken);
        let done = self
            .taken
            .checked_sub(self.base.taken)
            .filter(|it| *it > 0)?;
        let elapsed = self.base.at.elapsed().as_millis();
        let left = elapsed * u128::from(missing) / u128::from(done);
        u64::try_from(left).ok().map(Duration::from_millis)
    }

    fn left_in_words(&self) -> String {
        match self.left() {
            Some(left) => format!("{} left", in_words(left)),
            None => in_words(self.base.begun.elapsed()),
        }
    }

    fn to_json(&self, ending: Option<Ending>) -> String {
        let counts = &self.counts;
        let mut json = json!({
            "done": matches!(ending, Some(Ending::Whole | Ending::Before)),
            "records": counts.records,
            "claims": counts.claims,
            "refused": counts.refused,
            "flows_per_second": self.a_second(counts.records, self.base.counts.records),
            "claims_per_second": self.a_second(counts.claims, self.base.counts.claims),
            "bytes_read": self.taken,
            "bytes_in_all": self.total,
            "seconds": self.base.begun.elapsed().as_secs(),
            "seconds_left": self.left().map(|left| left.as_secs()),
        });
        if let (Some(_), Some(members)) = (ending, json.as_object_mut()) {
            let times = self.times.percentiles([50, 90, 99]);
            let times = times.map(|[p50, p90, p99]| {
                let [p50, p90, p99] = [p50, p90, p99].map(|it| it.as_micros());
                json!({"p50": p50, "p90": p90, "p99": p99})
            });
            members.insert("microseconds_per_flow".to_owned(), json!(times));
            members.insert("unit".to_owned(), json!(self.unit));
            members.insert("threads".to_owned(), json!(self.threads));
        }
        json.to_string()
    }
}

impl How {
    fn bar(total: Option<u64>) -> Self {
        let template = match total {
            Some(_) => "{wide_bar} {percent:>3}%  {left}\n{prefix}\n{wide_msg}",
            None => "{spinner} {left}\n{prefix}\n{wide_msg}",
        };
        let left = Arc::<Mutex<String>>::default();
        let text = Arc::clone(&left);
        let write_left = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = out.write_str(&text.lock().unwrap_or_else(PoisonError::into_inner));
        };
        match ProgressStyle::with_template(template) {
            Ok(style) => {
                let style = style.progress_chars("=> ").with_key("left", write_left);
                let target = ProgressDrawTarget::stderr_with_hz(10);
                let bar = ProgressBar::with_draw_target(total, target).with_style(style);
                Self::Bar { bar, left }
            }
            Err(_) => Self::Lines,
        }
    }
}

fn tell(line: &str) {
    // Where nobody can read it, there is nobody to tell.
    let _ = writeln!(io::stderr(), "{line}");
}

/// A number with a comma between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A span in the two units that matter.
fn in_words(span: Duration) -> String {
    let seconds = span.as_secs();
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match (hours, minutes) {
        (0, 0) if seconds < 10 => format!("{:.1} s", span.as_secs_f64()),
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {} s", seconds % 60),
        _ => format!("{hours} h {} min", minutes % 60),
    }
}

/// A short span, in the unit that fits.
fn brief(span: Duration) -> String {
    match span.as_micros() {
        micros @ 0..1000 => format!("{micros} µs"),
        _ => format!("{:.1} ms", span.as_secs_f64() * 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_for_people() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
        for (seconds, text) in [
            (0, "0.0 s"),
            (59, "59 s"),
            (61, "1 min 1 s"),
            (7260, "2 h 1 min"),
        ] {
            assert_eq!(in_words(Duration::from_secs(seconds)), text);
        }
        assert_eq!(brief(Duration::from_micros(999)), "999 µs");
        assert_eq!(brief(Duration::from_micros(1500)), "1.5 ms");
    }

    #[test]
    fn the_commonest_refusal_is_named_first() {
        let counts = Counts {
            records: 1500,
            claims: 0,
            refused: [("json", 2), ("signature_invalid", 1200)]
                .map(|(code, count)| (code.to_owned(), count))
                .into(),
        };
        let watch = Watch::new(Progress::Off, false, None, &counts);
        assert_eq!(
            watch.refusals(),
            "1,202 refused: signature_invalid 1,200, json 2"
        );
    }
}
