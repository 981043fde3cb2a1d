//! Where the rows go, and how a run goes on where another ended.
//!
//! Rows grow in `OUT.part`; beside it stands `OUT.checkpoint`, which says how much of the input and
//! of the rows is done. What was written after a checkpoint is cut off when a run goes on, and is
//! computed again. The checkpoint of a run that is finished stays, by which one that is told to go
//! on sees that it is.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flowseal::ErrorCode;

use super::checkpoint::{Checkpoint, Counts, Identity};
#[cfg(feature = "columns")]
use super::columns::Parts;
use super::judging::Row;
use super::records::Mark;
use super::rows::Line;
use crate::args::Member;
use crate::failure::Failure;
use crate::files::{self, Existing, Growing, Written, beside};

/// The rows' place, the refused ones' place, and the checkpoint.
pub(super) struct Sink {
    rows: Out,
    errors: Option<Growing>,
    keeper: Option<Keeper>,
    checkpoint: Checkpoint,
    /// How many records the last checkpoint has.
    kept: u64,
}

/// The rows.
enum Out {
    Lines(Growing),
    #[cfg(feature = "columns")]
    Columns(Box<Parts>),
    /// An earlier run has finished them.
    Finished,
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

/// The form of the rows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    Lines,
    /// A directory of part files.
    #[cfg(feature = "columns")]
    Columns,
}

/// Where the rows go, and what is there already.
#[cfg_attr(
    not(feature = "columns"),
    allow(dead_code, reason = "lines are made elsewhere")
)]
pub(super) struct Place<'a> {
    pub(super) out: &'a Path,
    pub(super) errors: Option<&'a Path>,
    pub(super) form: Form,
    pub(super) select: &'a [String],
    pub(super) dropped: &'a [Member],
    pub(super) resume: bool,
    pub(super) force: bool,
}

impl Place<'_> {
    pub(super) fn is_stdout(&self) -> bool {
        self.out == Path::new("-")
    }

    fn checkpoint(&self) -> PathBuf {
        beside(self.out, "checkpoint")
    }

    /// Where rows grow.
    fn draft(&self) -> PathBuf {
        beside(self.out, "part")
    }

    /// Whether there are rows, finished or not.
    fn is_there(&self) -> bool {
        has_name(self.out) || has_name(&self.draft())
    }

    /// Whether all files could get their names.
    fn check_free(&self) -> Result<(), Failure> {
        let existing = Existing::forced(self.force);
        match self.form {
            _ if self.is_stdout() => {}
            Form::Lines => files::check_free(self.out, existing)?,
            #[cfg(feature = "columns")]
            Form::Columns => files::check_free_directory(self.out, existing)?,
        }
        self.errors
            .map_or(Ok(()), |errors| files::check_free(errors, existing))
    }

    /// The checkpoint of an earlier run, where this one is to go on with it.
    ///
    /// # Errors
    /// `usage` and `io` for a place that cannot be written, `checkpoint` for a run that was stopped
    /// there and is not to be resumed, or cannot be.
    pub(super) fn look(&self) -> Result<Option<Checkpoint>, Failure> {
        if self.errors == Some(Path::new("-")) {
            let what = "--errors writes a file, and no stream: give its name, and -o - writes the \
                rows to standard output";
            return Err(Failure::new(ErrorCode::Usage, what));
        }
        if self.is_stdout() {
            #[cfg(feature = "columns")]
            if self.form == Form::Columns {
                let what = "Parquet is a directory of part files: give -o a directory's name";
                return Err(Failure::new(ErrorCode::Usage, what));
            }
            if self.resume {
                let what = "standard output cannot be resumed: give -o a file's name";
                return Err(Failure::new(ErrorCode::Usage, what));
            }
        } else {
            let file = self.checkpoint();
            // What is kept beside the rows takes the place of files alone.
            let checkpoint_draft = beside(&file, "new");
            for name in [&file, &checkpoint_draft] {
                files::check_free(name, Existing::Replaced)?;
            }
            // Whoever has taken the rows of a finished run elsewhere wants new ones.
            let is_moved = |it: &Checkpoint| it.is_whole && !self.is_there();
            match Checkpoint::read(&file).map(|it| it.filter(|it| !is_moved(it))) {
                Ok(None) if self.resume && self.out.symlink_metadata().is_ok() && !self.force => {
                    let what = "is there already, and no checkpoint beside it: there is nothing to \
                        resume, so give another name, or --force to start again and replace it";
                    return Err(Failure::new(ErrorCode::Checkpoint, what).about(self.out));
                }
                Ok(Some(checkpoint)) if self.resume => return Ok(Some(checkpoint)),
                // Without --force, what has the name is in the way.
                Ok(Some(it)) if it.is_whole && !has_name(&self.draft()) => {}
                Ok(Some(_)) if !self.force => {
                    let what = "a run into this file was stopped: --resume goes on with it, --force \
                        starts again";
                    return Err(Failure::new(ErrorCode::Checkpoint, what).about(self.out));
                }
                Err(failure) if self.resume || !self.force => return Err(failure),
                _ => {}
            }
        }
        self.check_free()?;
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
        // A run that is killed from here on has not been finished. Where there is a draft, another
        // run may be at it.
        if !place.is_stdout() && !has_name(&place.draft()) && has_name(&place.checkpoint()) {
            files::remove(&place.checkpoint())?;
        }
        let errors = place.errors.map(Growing::new).transpose()?;
        let rows = match place.form {
            Form::Lines if place.is_stdout() => Ok(Out::Lines(Growing::stdout())),
            Form::Lines => Growing::new(place.out).map(Out::Lines),
            #[cfg(feature = "columns")]
            Form::Columns => Parts::new(place.out, place.select, place.dropped)
                .map(|parts| Out::Columns(Box::new(parts))),
        };
        let (rows, errors) = match (rows, errors) {
            (Ok(rows), errors) => (rows, errors),
            (Err(failure), errors) => {
                if let Some(errors) = errors {
                    errors.discard();
                }
                return Err(failure);
            }
        };
        let mut sink = Self {
            rows,
            errors,
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
            kept: 0,
        };
        sink.keep()?;
        Ok(sink)
    }

    fn resume(place: &Place<'_>, earlier: Checkpoint) -> Result<Self, Failure> {
        let open = |name: &Path, known: &Written| match earlier.is_whole {
            true => Growing::resume_whole(name, known),
            false => Growing::resume(name, known).map(Some),
        };
        let rows = match place.form {
            Form::Lines => open(place.out, &earlier.rows)?.map(Out::Lines),
            #[cfg(feature = "columns")]
            Form::Columns => {
                let (select, dropped) = (place.select, place.dropped);
                let (known, is_whole) = (&earlier.rows, earlier.is_whole);
                let parts = Parts::resume(place.out, select, dropped, known, is_whole)?;
                parts.map(|parts| Out::Columns(Box::new(parts)))
            }
        };
        let errors = match (place.errors, &earlier.errors) {
            (Some(name), Some(known)) => open(name, known)?,
            _ => None,
        };
        Ok(Self {
            rows: rows.unwrap_or(Out::Finished),
            errors,
            keeper: Some(Keeper::new(place.checkpoint())),
            kept: earlier.counts.records,
            checkpoint: earlier,
        })
    }

    /// How far the input is done, and what was counted.
    pub(super) fn done(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Whether an earlier run has come to the end.
    pub(super) fn was_finished(&self) -> bool {
        matches!(self.rows, Out::Finished)
    }

    /// How many records a run that goes on has not to compute again.
    pub(super) fn kept(&self) -> u64 {
        self.kept
    }

    /// Writes the next batch.
    pub(super) fn write(&mut self, answers: &[Answer], mark: Mark) -> Result<(), Failure> {
        for Answer { row, line } in answers {
            match &mut self.rows {
                Out::Lines(rows) => {
                    for piece in line.iter().flat_map(Line::pieces) {
                        rows.write(piece)?;
                    }
                }
                #[cfg(feature = "columns")]
                Out::Columns(parts) => parts.push(row),
                Out::Finished => {
                    let what = "the earlier run had come to the end of its input, and there is \
                        more of it now: give the same input, or start again with --force";
                    return Err(Failure::new(ErrorCode::Checkpoint, what));
                }
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
        let is_due = self.is_due();
        match &mut self.rows {
            // Who reads a pipe sees each batch when it is done.
            Out::Lines(rows) if self.keeper.is_none() => rows.flush(),
            #[cfg(feature = "columns")]
            Out::Columns(parts) if parts.is_full() => {
                parts.close()?;
                self.keep()
            }
            Out::Lines(_) if is_due => self.keep(),
            _ => Ok(()),
        }
    }

    fn is_due(&self) -> bool {
        let keeper = self.keeper.as_ref();
        self.checkpoint.batches <= FIRST || keeper.is_some_and(Keeper::is_due)
    }

    /// Writes a checkpoint of all that was written. Between two parts of columns alone: a part
    /// that was begun is begun again.
    pub(super) fn keep(&mut self) -> Result<(), Failure> {
        let begun = Instant::now();
        match &mut self.rows {
            Out::Lines(rows) => self.checkpoint.rows = rows.sync()?,
            #[cfg(feature = "columns")]
            Out::Columns(parts) if parts.is_between() => self.checkpoint.rows = parts.written(),
            #[cfg(feature = "columns")]
            Out::Columns(_) => return Ok(()),
            Out::Finished => {}
        }
        if let Some(errors) = &mut self.errors {
            self.checkpoint.errors = Some(errors.sync()?);
        }
        if let Some(keeper) = &mut self.keeper {
            self.checkpoint.write(&keeper.file)?;
            self.kept = self.checkpoint.counts.records;
            keeper.last = Instant::now();
            keeper.cost = begun.elapsed();
        }
        Ok(())
    }

    /// Gives the files their names, once all is written, and gives what was counted.
    pub(super) fn finish(mut self) -> Result<Counts, Failure> {
        #[cfg(feature = "columns")]
        if let Out::Columns(parts) = &mut self.rows {
            parts.close()?;
        }
        self.checkpoint.is_whole = true;
        self.keep()?;
        let existing = Existing::forced(self.checkpoint.replaces);
        if let Some(errors) = self.errors {
            errors.publish(existing)?;
        }
        match self.rows {
            Out::Lines(rows) => rows.publish(existing)?,
            #[cfg(feature = "columns")]
            Out::Columns(parts) => parts.publish(existing)?,
            Out::Finished => {}
        }
        Ok(self.checkpoint.counts)
    }
}

fn has_name(file: &Path) -> bool {
    file.symlink_metadata().is_ok()
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
