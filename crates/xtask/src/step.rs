//! Steps: each one is run, timed and remembered; the summary at the end names them all.

use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Why a step did not pass.
#[derive(Debug, PartialEq)]
pub(crate) enum Stop {
    /// The check says no.
    Failed(String),
    /// The machine lacks what the check needs.
    Lacking(String),
}

/// What a step answers.
pub(crate) type Verdict = Result<(), Stop>;

/// Whether a step that the machine cannot run fails the whole.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Skips {
    Pass,
    Fail,
}

/// A sequence of steps.
pub(crate) struct Run {
    skips: Skips,
    steps: Vec<Step>,
    notes: Vec<String>,
}

struct Step {
    name: String,
    took: Duration,
    outcome: Outcome,
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

impl Run {
    pub(crate) fn new(skips: Skips) -> Self {
        Self {
            skips,
            steps: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Runs one step. A step that fails does not stop the others: one run shows all that is wrong.
    pub(crate) fn step(&mut self, name: &str, check: impl FnOnce() -> Verdict) {
        println!("\n=== {name}");
        let start = Instant::now();
        let verdict = check();
        self.record(name, start.elapsed(), verdict);
    }

    /// Something to know about this run that is neither good nor bad.
    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Prints the summary.
    pub(crate) fn finish(self) -> ExitCode {
        println!("\n{}", self.summary());
        if self.count(|outcome| matches!(outcome, Outcome::Failed(_))) == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    fn record(&mut self, name: &str, took: Duration, verdict: Verdict) {
        let outcome = match verdict {
            Ok(()) => Outcome::Passed,
            Err(Stop::Failed(why)) => Outcome::Failed(why),
            Err(Stop::Lacking(what)) if self.skips == Skips::Pass => Outcome::Skipped(what),
            Err(Stop::Lacking(what)) => Outcome::Failed(format!("nothing may be skipped: {what}")),
        };
        match &outcome {
            Outcome::Passed => {}
            Outcome::Failed(why) => println!("failed: {why}"),
            Outcome::Skipped(what) => println!("skipped: {what}"),
        }
        self.steps.push(Step {
            name: name.to_owned(),
            took,
            outcome,
        });
    }

    /// The summary, whose last line is plain enough for a script to read.
    fn summary(&self) -> String {
        let mut lines = Vec::new();
        for Step {
            name,
            took,
            outcome,
        } in &self.steps
        {
            let (word, why) = match outcome {
                Outcome::Passed => ("passed", String::new()),
                Outcome::Failed(why) => ("FAILED", format!(" ({why})")),
                Outcome::Skipped(what) => ("skipped", format!(" ({what})")),
            };
            lines.push(format!(
                "{word:7} {:7.1} s  {name}{why}",
                took.as_secs_f64()
            ));
        }
        lines.extend(self.notes.iter().map(|note| format!("note: {note}")));
        lines.push(format!(
            "{} passed, {} failed, {} skipped",
            self.count(|outcome| *outcome == Outcome::Passed),
            self.count(|outcome| matches!(outcome, Outcome::Failed(_))),
            self.count(|outcome| matches!(outcome, Outcome::Skipped(_))),
        ));
        lines.join("\n")
    }

    fn count(&self, which: impl Fn(&Outcome) -> bool) -> usize {
        self.steps
            .iter()
            .filter(|step| which(&step.outcome))
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(skips: Skips) -> Run {
        let mut run = Run::new(skips);
        run.record("one", Duration::from_millis(1250), Ok(()));
        run.record("two", Duration::ZERO, Err(Stop::Lacking("no node".into())));
        run
    }

    #[test]
    fn a_skip_is_named_and_counted() {
        let run = run(Skips::Pass);
        assert_eq!(
            run.summary(),
            "passed      1.2 s  one\n\
             skipped     0.0 s  two (no node)\n\
             1 passed, 0 failed, 1 skipped"
        );
        assert_eq!(run.finish(), ExitCode::SUCCESS);
    }

    #[test]
    fn a_skip_fails_where_nothing_may_be_skipped() {
        let run = run(Skips::Fail);
        assert!(run.summary().ends_with("1 passed, 1 failed, 0 skipped"));
        assert_eq!(run.finish(), ExitCode::FAILURE);
    }

    #[test]
    fn a_failure_stops_no_other_step_and_fails_the_whole() {
        let mut run = Run::new(Skips::Pass);
        run.record("one", Duration::ZERO, Err(Stop::Failed("no".into())));
        run.record("two", Duration::ZERO, Ok(()));
        assert!(run.summary().contains("FAILED      0.0 s  one (no)"));
        assert!(run.summary().ends_with("1 passed, 1 failed, 0 skipped"));
        assert_eq!(run.finish(), ExitCode::FAILURE);
    }
}
