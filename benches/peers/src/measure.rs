//! Turns, medians and ratios.

use std::time::{Duration, Instant};

use crate::cases::Case;
use crate::run::Fallible;

/// What one library does for a case.
pub(crate) struct Job<'a> {
    pub(crate) peer: String,
    /// The time of so many operations, which were checked at the first call. flowseal's comes
    /// first.
    pub(crate) run: Box<dyn FnMut(usize) -> Fallible<Duration> + 'a>,
    /// Whether it computes a batch together. The others take as long for each operation whatever
    /// their number, and are timed on some of them only.
    pub(crate) together: bool,
}

/// How lines are written.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Form {
    /// For people.
    #[default]
    Table,
    Csv,
    /// Rows of a data file of `benches/report`, the kernels' too.
    Json,
}

/// What one library took.
pub(crate) struct Line {
    peer: String,
    pub(crate) microseconds: f64,
    ratio: f64,
}

impl Line {
    pub(crate) fn shown(&self, case: &Case, form: Form) -> String {
        match form {
            Form::Table => self.table(case),
            Form::Csv => self.csv(case),
            Form::Json => self.json(case),
        }
    }

    fn json(&self, case: &Case) -> String {
        let Case {
            operation,
            bits,
            batch,
            threads,
        } = case;
        let (operation, peer, us) = (operation.name(), &self.peer, self.microseconds);
        format!(
            "{{\"row\": \"operation\", \"operation\": \"{operation}\", \"bits\": {bits}, \
             \"batch\": {batch}, \"threads\": {threads}, \"peer\": \"{peer}\", \"us\": {us:.2}}}"
        )
    }

    fn csv(&self, case: &Case) -> String {
        let Case {
            operation,
            bits,
            batch,
            threads,
        } = case;
        let (
            operation,
            Self {
                peer,
                microseconds,
                ratio,
            },
        ) = (operation.name(), self);
        format!("{operation},{bits},{batch},{threads},{peer},{microseconds:.2},{ratio:.3}")
    }

    fn table(&self, case: &Case) -> String {
        let Case {
            operation,
            bits,
            batch,
            threads,
        } = case;
        let (
            operation,
            Self {
                peer,
                microseconds,
                ratio,
            },
        ) = (operation.name(), self);
        format!(
            "{operation:<15}{bits:>5} bits{batch:>4} at once, {threads} thread(s)  {peer:<18}\
             {microseconds:>12.1} us each{ratio:>9.2}"
        )
    }
}

/// Runs the jobs in turns, and gives their medians, flowseal's first.
pub(crate) fn in_turns(case: &Case, mut jobs: Vec<Job<'_>>, quick: bool) -> Fallible<Vec<Line>> {
    /// As much of a turn as one library gets that computes one operation after another.
    const SLICE: Duration = Duration::from_millis(30);
    let (least, most, budget) = if quick {
        (3, 25, Duration::from_millis(300))
    } else {
        (15, 301, Duration::from_secs(5))
    };

    // The first turn checks, warms up, and shows how much fits a slice.
    let mut counts = Vec::new();
    for job in &mut jobs {
        let first = if job.together {
            case.batch
        } else {
            case.threads
        };
        let one = (job.run)(first).map_err(|error| format!("{}: {error}", job.peer))?;
        let fit = SLICE.as_nanos() / one.as_nanos().max(1);
        let fit = usize::try_from(fit)?.max(1) * case.threads;
        // Short batches are repeated by their jobs' callers here, so that a clock's tick is no
        // matter.
        counts.push(if job.together {
            case.batch
        } else {
            fit.min(case.batch.max(8 * case.threads))
        });
    }
    let mut times: Vec<Vec<f64>> = jobs.iter().map(|_| Vec::new()).collect();
    let start = Instant::now();
    for turn in 0..most {
        if turn >= least && start.elapsed() > budget {
            break;
        }
        for ((job, count), times) in jobs.iter_mut().zip(&counts).zip(&mut times) {
            // The others' many operations warm the caches for all but the first of them; a batch
            // would be timed with what the job before it has left there.
            if job.together {
                (job.run)(*count)?;
            }
            let took = (job.run)(*count)?;
            times.push(took.as_secs_f64() * 1e6 / u32::try_from(*count).map(f64::from)?);
        }
    }
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    let ours = medians.first().copied().unwrap_or(f64::NAN);
    let line = |(job, microseconds): (Job<'_>, &f64)| Line {
        peer: job.peer,
        microseconds: *microseconds,
        ratio: microseconds / ours,
    };
    Ok(jobs.into_iter().zip(&medians).map(line).collect())
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Times so many operations, shared out among as many threads. The operation is told its thread and
/// its number.
pub(crate) fn timed(
    threads: usize,
    count: usize,
    operation: impl Fn(usize, usize) -> bool + Sync,
) -> Fallible<Duration> {
    let start = Instant::now();
    let all = |thread: usize| {
        (thread..count)
            .step_by(threads)
            .all(|i| operation(thread, i))
    };
    let right = std::thread::scope(|scope| {
        let all = &all;
        let helpers: Vec<_> = (1..threads)
            .map(|thread| scope.spawn(move || all(thread)))
            .collect();
        let ours = all(0);
        helpers
            .into_iter()
            .all(|helper| helper.join().unwrap_or(false))
            && ours
    });
    let took = start.elapsed();
    if right {
        Ok(took)
    } else {
        Err("a library gave a wrong answer".into())
    }
}
