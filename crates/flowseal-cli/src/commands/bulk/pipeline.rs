//! The threads: one reads, some compute, this one writes, in the order of the input.
//!
//! A batch needs a permit from before it is read until it is written. There are a few for each
//! thread, so that memory does not grow with the input, whoever is slow.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use flowseal::ErrorCode;

use super::checkpoint;
use super::judging::{Done, Job};
use super::progress::Watch;
use super::records::{Batch, Batches, Mark};
use super::writing::Sink;
use crate::failure::Failure;

/// How a run ended that came to an end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    /// All of the input is done.
    Whole,
    /// Someone asked it to stop.
    Stopped,
}

/// How often progress is shown, and a wish to stop is looked at.
const TICK: Duration = Duration::from_millis(100);

/// What the other threads tell this one.
enum Told {
    Done(u64, Done),
    /// Nothing more is read after so many batches.
    End(u64, Result<End, Failure>),
    /// A thread came upon a mistake of this program's.
    Panicked(Box<dyn Any + Send>),
}

/// Computes all records from where the sink stands, on so many threads.
///
/// # Errors
/// Those of reading and of writing; what was done before is kept at a checkpoint, where there is
/// room for one.
pub(super) fn run(
    records: Box<dyn Batches>,
    job: &Arc<Job>,
    threads: usize,
    sink: &mut Sink,
    watch: &mut Watch,
    stop: &Arc<AtomicBool>,
) -> Result<End, Failure> {
    let permits = 2 * threads + 2;
    let (permit, permitted) = mpsc::sync_channel(permits);
    for _ in 0..permits {
        // There is room for all of them.
        let _ = permit.try_send(());
    }
    let (hand, work) = mpsc::channel();
    let (tell, told) = mpsc::channel();
    let handed = Arc::new(AtomicU64::new(sink.done().batches));
    let reader = Reader {
        records,
        from: sink.done().read.clone(),
        number: sink.done().batches,
        permitted,
        hand: hand.clone(),
        tell: tell.clone(),
        handed: Arc::clone(&handed),
        stop: Arc::clone(stop),
    };
    // It is never waited for: it may wait for a pipe in which nothing comes any more.
    spawn("reading", move || reader.run())?;
    let work = Arc::new(Mutex::new(work));
    let workers = (0..threads).map(|_| {
        let (job, work, tell) = (Arc::clone(job), Arc::clone(&work), tell.clone());
        spawn("computing", move || {
            let computed = panic::catch_unwind(AssertUnwindSafe(|| compute(&job, &work, &tell)));
            if let Err(panic) = computed {
                let _ = tell.send(Told::Panicked(panic));
            }
        })
    });
    let workers = workers.collect::<Result<Vec<_>, _>>()?;
    drop((tell, work));

    let ended = Writer {
        told,
        permit,
        handed,
        stop: Arc::clone(stop),
    }
    .run(sink, watch);
    // Keys are wiped when the last thread that has them ends: each is waited for.
    for _ in &workers {
        let _ = hand.send(None);
    }
    for worker in workers {
        let _ = worker.join();
    }
    ended
}

/// Starts a thread of this name.
pub(super) fn spawn(
    name: &str,
    run: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, Failure> {
    let thread = thread::Builder::new().name(name.to_owned()).spawn(run);
    thread.map_err(|error| {
        let what = format!("no thread could be made ({error}): give --threads a smaller number");
        Failure::new(ErrorCode::Io, what)
    })
}

/// The thread that reads.
struct Reader {
    records: Box<dyn Batches>,
    /// Where an earlier run has come to.
    from: Mark,
    number: u64,
    permitted: Receiver<()>,
    hand: Sender<Option<(u64, Batch)>>,
    tell: Sender<Told>,
    handed: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

impl Reader {
    fn run(mut self) {
        let read = panic::catch_unwind(AssertUnwindSafe(|| self.read()));
        // Nobody listens any more where the run has failed elsewhere.
        let _ = self.tell.send(match read {
            Ok(end) => Told::End(self.number, end),
            Err(panic) => Told::Panicked(panic),
        });
    }

    fn read(&mut self) -> Result<End, Failure> {
        let mut is_new = self.from.bytes == 0;
        while !self.stop.load(Ordering::SeqCst) {
            if is_new && self.permitted.recv().is_err() {
                break;
            }
            let Some(batch) = self.records.next()? else {
                return match is_new {
                    true => Ok(End::Whole),
                    false => Err(checkpoint::another_input()),
                };
            };
            if !is_new {
                is_new = checkpoint::is_reached(&self.from, &batch.mark)?;
                continue;
            }
            if self.stop.load(Ordering::SeqCst) {
                break;
            }
            self.handed.fetch_add(1, Ordering::SeqCst);
            if self.hand.send(Some((self.number, batch))).is_err() {
                break;
            }
            self.number += 1;
        }
        Ok(End::Stopped)
    }
}

/// A thread that computes.
fn compute(job: &Job, work: &Mutex<Receiver<Option<(u64, Batch)>>>, tell: &Sender<Told>) {
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Some((number, batch))) = next else {
            return;
        };
        let done = job.compute(&batch);
        drop(batch);
        if tell.send(Told::Done(number, done)).is_err() {
            return;
        }
    }
}

/// This thread, which writes.
struct Writer {
    told: Receiver<Told>,
    permit: SyncSender<()>,
    handed: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

impl Writer {
    fn run(self, sink: &mut Sink, watch: &mut Watch) -> Result<End, Failure> {
        let mut waiting = BTreeMap::new();
        let mut end = None;
        let mut is_told = false;
        loop {
            let next = sink.done().batches;
            let is_asked = self.stop.load(Ordering::SeqCst);
            if is_asked && !std::mem::replace(&mut is_told, true) {
                watch.stopping();
            }
            match &end {
                Some((batches, _)) if *batches == next => break,
                // The reader may wait for a pipe.
                None if is_asked && self.handed.load(Ordering::SeqCst) <= next => {
                    return Ok(End::Stopped);
                }
                _ => {}
            }
            match self.told.recv_timeout(TICK) {
                Ok(Told::Done(number, done)) => {
                    waiting.insert(number, done);
                }
                Ok(Told::End(batches, how)) => end = Some((batches, how)),
                Ok(Told::Panicked(panic)) => panic::resume_unwind(panic),
                Err(RecvTimeoutError::Timeout) => {}
                // Threads that are gone have told why.
                Err(RecvTimeoutError::Disconnected) => break,
            }
            while let Some(done) = waiting.remove(&sink.done().batches) {
                let Done {
                    answers,
                    mark,
                    took,
                } = done;
                watch.computed(answers.len(), took);
                let taken = mark.taken;
                sink.write(&answers, mark)?;
                let _ = self.permit.try_send(());
                watch.wrote(&sink.done().counts, taken);
            }
            // Whoever has asked to stop is told so before anything else is drawn.
            if is_told || !self.stop.load(Ordering::SeqCst) {
                watch.show();
            }
        }
        end.map_or(Ok(End::Stopped), |(_, how)| how)
    }
}
