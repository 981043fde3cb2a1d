//! Where the rows go, and how a run goes on where another ended.
//!
//! Rows grow in `OUT.part`; beside it stands `OUT.checkpoint`, which says how much of the input and
//! of the rows is done. What was written after a checkpoint is cut off when a run goes on, and is
//! computed again.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flowseal::ErrorCode;

use super::checkpoint::{Checkpoint, Counts, Identity};
use super::judging::Row;
use super::records::Mark;
use super::rows::Line;
use crate::failure::Failure;
use crate::files::{self, Existing, Growing, Written, beside};

/// The rows' place, the refused ones' place, and the checkpoint.
pub(super) struct Sink {
    /// `None` where an earlier run has finished them.
    rows: Option<Growing>,
    errors: Option<Growing>,
    keeper: Option<Keeper>,
    checkpoint: Checkpoint,
}

/// Keeps the checkpoint.
struct Keeper {
    file: PathBuf,
    last: Instant,
    /// How long the last one took.
    cost: Duration,
}

/// A row, with its line where one is to be written.
pub(super) struct Answer {
    pub(super) row: Row,
    pub(super) line: Option<Line>,
}

/// A checkpoint waits for the disk. After each of the first batches there is one, since it may be
/// a token that computes them; later they have a fiftieth of the time, and after this long there is
/// one in any case.
const FIRST: u64 = 8;
const SHARE: u32 = 50;
const LONGEST: Duration = Duration::from_secs(5);

/// Where the rows go, and what is there already.
pub(super) struct Place<'a> {
    pub(super) out: &'a Path,
    pub(super) errors: Option<&'a Path>,
    pub(super) resume: bool,
    pub(super) force: bool,
}

impl Place<'_> {
    fn is_stdout(&self) -> bool {
        self.out == Path::new("-")
    }

    fn checkpoint(&self) -> PathBuf {
        beside(self.out, "checkpoint")
    }

    fn files(&self) -> impl Iterator<Item = &Path> {
        let out = (!self.is_stdout()).then_some(self.out);
        out.into_iter().chain(self.errors)
    }

    /// The checkpoint of an earlier run, where this one is to go on with it.
    ///
    /// # Errors
    /// `usage` and `io` for a place that cannot be written, `checkpoint` for a run that was stopped
    /// there and is not to be resumed, or cannot be.
    pub(super) fn look(&self) -> Result<Option<Checkpoint>, Failure> {
        if self.errors.is_some_and(|errors| errors == self.out) {
            let what = "--errors and -o name one file: give two names";
            return Err(Failure::new(ErrorCode::Usage, what));
        }
        if self.is_stdout() {
            if self.resume {
                let what = "standard output cannot be resumed: give -o a file's name";
                return Err(Failure::new(ErrorCode::Usage, what));
            }
        } else {
            let file = self.checkpoint();
            match Checkpoint::read(&file) {
                Ok(None) if self.resume && self.out.symlink_metadata().is_ok() && !self.force => {
                    let what = "is there already, and no checkpoint beside it: there is nothing to \
                        resume, so give another name, or --force to start again and replace it";
                    return Err(Failure::new(ErrorCode::Checkpoint, what).about(self.out));
                }
                Ok(Some(checkpoint)) if self.resume => return Ok(Some(checkpoint)),
                Ok(Some(_)) if !self.force => {
                    let what = "a run into this file was stopped: --resume goes on with it, --force \
                        starts again";
                    return Err(Failure::new(ErrorCode::Checkpoint, what).about(self.out));
                }
                Err(failure) if self.resume || !self.force => return Err(failure),
                _ => {}
            }
        }
        let existing = Existing::forced(self.force);
        self.files()
            .try_for_each(|file| files::check_free(file, existing))?;
        Ok(None)
    }
}

impl Sink {
    /// New rows, or those of an earlier run from its checkpoint on.
    pub(super) fn open(
        place: &Place<'_>,
        job: Identity,
        earlier: Option<Checkpoint>,
    ) -> Result<Self, Failure> {
        if let Some(earlier) = earlier {
            earlier.is_of(&job)?;
            return Self::resume(place, earlier);
        }
        let rows = match place.is_stdout() {
            true => Growing::stdout(),
            false => Growing::new(place.out)?,
        };
        let mut sink = Self {
            rows: Some(rows),
            errors: place.errors.map(Growing::new).transpose()?,
            keeper: (!place.is_stdout()).then(|| Keeper::new(place.checkpoint())),
            checkpoint: Checkpoint {
                job,
                read: Mark::default(),
                batches: 0,
                rows: Written::nothing(),
                errors: None,
                counts: Counts::default(),
                replaces: place.force,
                is_whole: false,
            },
        };
        sink.keep()?;
        Ok(sink)
    }

    fn resume(place: &Place<'_>, earlier: Checkpoint) -> Result<Self, Failure> {
        let open = |name: &Path, known: &Written| match earlier.is_whole {
            true => Growing::resume_whole(name, known),
            false => Growing::resume(name, known).map(Some),
        };
        let rows = open(place.out, &earlier.rows)?;
        let errors = match (place.errors, &earlier.errors) {
            (Some(name), Some(known)) => open(name, known)?,
            _ => None,
        };
        Ok(Self {
            rows,
            errors,
            keeper: Some(Keeper::new(place.checkpoint())),
            checkpoint: earlier,
        })
    }

    /// How far the input is done, and what was counted.
    pub(super) fn done(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Writes the next batch.
    pub(super) fn write(&mut self, answers: &[Answer], mark: Mark) -> Result<(), Failure> {
        let Some(rows) = &mut self.rows else {
            let what = "the run that was stopped had come to the end of its input, and there is \
                more of it now: give the same input, or start again with --force";
            return Err(Failure::new(ErrorCode::Checkpoint, what));
        };
        for Answer { row, line } in answers {
            for piece in line.iter().flat_map(Line::pieces) {
                rows.write(piece)?;
            }
            let counts = &mut self.checkpoint.counts;
            counts.records += 1;
            match &row.claims {
                Ok(claims) => counts.claims += u64::try_from(claims.len()).unwrap_or_default(),
                Err(refusal) => {
                    let code = refusal.code.as_str();
                    match counts.refused.get_mut(code) {
                        Some(count) => *count += 1,
                        None => drop(counts.refused.insert(code.to_owned(), 1)),
                    }
                    if let Some(errors) = &mut self.errors {
                        line.iter()
                            .flat_map(Line::pieces)
                            .try_for_each(|piece| errors.write(piece))?;
                    }
                }
            }
        }
        self.checkpoint.read = mark;
        self.checkpoint.batches += 1;
        match &self.keeper {
            Some(keeper) if self.checkpoint.batches <= FIRST || keeper.is_due() => self.keep(),
            // Who reads a pipe sees each batch when it is done.
            None => rows.flush(),
            Some(_) => Ok(()),
        }
    }

    /// Writes a checkpoint of all that was written.
    pub(super) fn keep(&mut self) -> Result<(), Failure> {
        let begun = Instant::now();
        if let Some(rows) = &mut self.rows {
            self.checkpoint.rows = rows.sync()?;
        }
        if let Some(errors) = &mut self.errors {
            self.checkpoint.errors = Some(errors.sync()?);
        }
        if let Some(keeper) = &mut self.keeper {
            self.checkpoint.write(&keeper.file)?;
            keeper.last = Instant::now();
            keeper.cost = begun.elapsed();
        }
        Ok(())
    }

    /// Gives the files their names, once all is written, and gives what was counted.
    pub(super) fn finish(mut self) -> Result<Counts, Failure> {
        self.checkpoint.is_whole = true;
        self.keep()?;
        let existing = Existing::forced(self.checkpoint.replaces);
        let files = [self.errors, self.rows];
        for file in files.into_iter().flatten() {
            file.publish(existing)?;
        }
        if let Some(keeper) = self.keeper {
            files::remove(&keeper.file)?;
        }
        Ok(self.checkpoint.counts)
    }
}

impl Keeper {
    fn new(file: PathBuf) -> Self {
        Self {
            file,
            last: Instant::now(),
            cost: Duration::ZERO,
        }
    }

    fn is_due(&self) -> bool {
        self.last.elapsed() >= (self.cost * SHARE).min(LONGEST)
    }
}
