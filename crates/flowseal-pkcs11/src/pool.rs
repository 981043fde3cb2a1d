//! Threads that each have a session and compute, and callers that wait for them no longer than they
//! said.
//!
//! No caller enters a module: it may not come back. A thread that does not is left behind, and
//! whoever waited for it is told.

use std::collections::{BTreeMap, VecDeque};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use cryptoki::error::RvError;
use flowseal::{ErrorCode, RawOperation, SecretBytes};

use crate::calls::{Computing, KeyHandle, outlive_pipes};
use crate::failure::{Failure, Stop};
use crate::key::Wish;
use crate::link::{Found, Link, Own};
use crate::module::{Generation, Module, held};
use crate::token::Token;

/// The sessions of one key.
pub(crate) struct Pool {
    shared: Arc<Shared>,
    /// Whose key it is, for sentences.
    token: String,
    /// Where it was opened: nothing of it is another process's.
    process: u32,
    /// Its caller has waited as long as they wanted to, and has no key.
    is_given_up: bool,
}

struct Shared {
    wish: Wish,
    queue: Mutex<Queue>,
    /// Something is to be done, or it is all over.
    work: Condvar,
    /// A thread has ended.
    ended: Condvar,
    link: Mutex<Link>,
    /// A copy of the key has computed.
    copies_work: AtomicBool,
}

struct Queue {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
    /// Threads that have a session.
    sessions: usize,
    /// As many as the token has sessions for.
    most: usize,
    is_closed: bool,
    /// When a thread last did something.
    moved: Instant,
}

enum Job {
    Find(Sender<Result<Found, Failure>>),
    Compute(Compute),
}

struct Compute {
    batch: Arc<Batch>,
    at: usize,
    ciphertext: Box<[u8]>,
}

/// What one caller waits for. It is woken when all is done, and not by each result.
struct Batch {
    is_given_up: AtomicBool,
    state: Mutex<BatchState>,
    /// All is done, or it failed.
    done: Condvar,
}

struct BatchState {
    left: usize,
    begun: BTreeMap<usize, Instant>,
    results: Vec<(usize, SecretBytes)>,
    failure: Option<Failure>,
}

impl Batch {
    fn new(count: usize) -> Self {
        Self {
            is_given_up: AtomicBool::new(false),
            state: Mutex::new(BatchState {
                left: count,
                begun: BTreeMap::new(),
                results: Vec::with_capacity(count),
                failure: None,
            }),
            done: Condvar::new(),
        }
    }

    /// An operation begins, or is put back.
    fn begin(&self, at: usize) {
        held(&self.state).begun.insert(at, Instant::now());
    }

    fn put_back(&self, at: usize) {
        held(&self.state).begun.remove(&at);
    }

    fn end(&self, at: usize, outcome: Result<SecretBytes, Failure>) {
        let mut state = held(&self.state);
        state.begun.remove(&at);
        match outcome {
            Ok(result) => {
                state.left -= 1;
                state.results.push((at, result));
            }
            Err(failure) => {
                // It is the error of them all: those that are left are not begun.
                self.is_given_up.store(true, Ordering::Release);
                state.failure.get_or_insert(failure);
            }
        }
        if state.left == 0 || state.failure.is_some() {
            self.done.notify_all();
        }
    }
}

impl Pool {
    /// Finds the key.
    pub(crate) fn open(wish: Wish) -> Result<(Self, Found), Failure> {
        let (patience, most) = (wish.patience, wish.sessions.max(1));
        let mut pool = Self {
            token: format!("the token of {}", wish.uri),
            shared: Arc::new(Shared {
                wish,
                queue: Mutex::new(Queue {
                    jobs: VecDeque::new(),
                    threads: 0,
                    idle: 0,
                    sessions: 0,
                    most,
                    is_closed: false,
                    moved: Instant::now(),
                }),
                work: Condvar::new(),
                ended: Condvar::new(),
                link: Mutex::default(),
                copies_work: AtomicBool::new(false),
            }),
            process: process::id(),
            is_given_up: false,
        };
        let (answer, found) = channel();
        pool.push([Job::Find(answer)])?;
        let Ok(found) = found.recv_timeout(patience) else {
            pool.is_given_up = true;
            return Err(late(&pool.token, patience));
        };
        let found = found?;
        pool.token = found.token.to_string();
        Ok((pool, found))
    }

    /// Computes each operation, and writes its result of `size` bytes to its place.
    pub(crate) fn compute(
        &self,
        operations: &[RawOperation<'_>],
        size: usize,
        results: &mut [u8],
    ) -> Result<(), Failure> {
        if self.process != process::id() {
            return Err(Failure::unavailable(
                "this key was opened before the process was forked, and its sessions are the \
                 parent's: open it again after the fork",
            ));
        }
        let fits = |operation: &RawOperation<'_>| operation.ciphertext().len() == size;
        if !operations.iter().all(fits) || results.len() != operations.len() * size {
            return Err(Failure::new(
                ErrorCode::Usage,
                format!(
                    "{} has a key of {size} bytes, and an operation or the room for its result \
                     has others: use this holder under the public key that came with it",
                    self.token
                ),
            ));
        }
        let batch = Arc::new(Batch::new(operations.len()));
        let jobs = operations.iter().enumerate().map(|(at, operation)| {
            Job::Compute(Compute {
                batch: Arc::clone(&batch),
                at,
                ciphertext: operation.ciphertext().into(),
            })
        });
        self.push(jobs)?;
        let outcome = self.collect(&batch, size, results);
        // Those that nobody waits for any more are not begun.
        batch.is_given_up.store(true, Ordering::Release);
        outcome
    }

    fn collect(&self, batch: &Batch, size: usize, results: &mut [u8]) -> Result<(), Failure> {
        let patience = self.shared.wish.patience;
        let mut state = held(&batch.state);
        loop {
            if let Some(failure) = state.failure.take() {
                return Err(failure);
            }
            if state.left == 0 {
                break;
            }
            // Looked at more often than once in a patience, so that it ends soon after.
            let waited = batch.done.wait_timeout(state, patience / 8);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            let begun = state.begun.values().min().copied();
            let since = begun.unwrap_or_else(|| held(&self.shared.queue).moved);
            if state.left > 0 && state.failure.is_none() && since.elapsed() >= patience {
                return Err(late(&self.token, patience));
            }
        }
        for (at, result) in &state.results {
            let place = results.chunks_exact_mut(size).nth(*at);
            let place = place.filter(|place| place.len() == result.len());
            let place = place.ok_or_else(|| {
                Failure::unavailable("the results do not fit: this is a mistake of flowseal's")
            })?;
            place.copy_from_slice(result.expose_secret());
        }
        Ok(())
    }

    fn push(&self, jobs: impl IntoIterator<Item = Job>) -> Result<(), Failure> {
        let mut queue = held(&self.shared.queue);
        if queue.jobs.is_empty() && queue.idle == queue.threads {
            // Nobody was at work: what is waited for begins now.
            queue.moved = Instant::now();
        }
        queue.jobs.extend(jobs);
        let wanted = queue
            .jobs
            .len()
            .min(queue.most.saturating_sub(queue.threads) + queue.idle);
        for _ in queue.idle..wanted {
            let shared = Arc::clone(&self.shared);
            let thread = thread::Builder::new().name("flowseal-pkcs11".to_owned());
            let work = move || {
                outlive_pipes();
                shared.work();
            };
            match thread.spawn(work) {
                Ok(_) => queue.threads += 1,
                Err(_) if queue.threads > 0 => break,
                Err(error) => {
                    queue.jobs.clear();
                    return Err(Failure::unavailable(format!(
                        "no thread can be started ({error}): look at the process's limits"
                    )));
                }
            }
        }
        self.shared.work.notify_all();
        Ok(())
    }
}

impl Drop for Pool {
    /// Waits until every session is closed, unless the token keeps one longer than the patience.
    fn drop(&mut self) {
        if self.process != process::id() {
            return;
        }
        let mut queue = held(&self.shared.queue);
        queue.is_closed = true;
        queue.jobs.clear();
        self.shared.work.notify_all();
        if self.is_given_up {
            return;
        }
        let until = Instant::now() + self.shared.wish.patience;
        while queue.threads > 0 {
            let Some(left) = until.checked_duration_since(Instant::now()) else {
                return;
            };
            let waited = self.shared.ended.wait_timeout(queue, left);
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Shared {
    /// What a thread does from its beginning to its end.
    fn work(&self) {
        let mut own = None;
        while let Some(job) = self.next() {
            match job {
                Job::Find(answer) => {
                    // Whoever has stopped waiting does not want to know.
                    let _ = answer.send(held(&self.link).find(&self.wish));
                }
                Job::Compute(job) => {
                    if !self.attend(job, &mut own) {
                        break;
                    }
                }
            }
            held(&self.queue).moved = Instant::now();
        }
        self.put_down(&mut own);
        let is_last = {
            let queue = held(&self.queue);
            queue.is_closed && queue.threads == 1
        };
        if is_last {
            held(&self.link).close();
        }
        held(&self.queue).threads -= 1;
        self.ended.notify_all();
    }

    /// Waits for something to do; nothing when it is all over.
    fn next(&self) -> Option<Job> {
        let mut queue = held(&self.queue);
        loop {
            if queue.is_closed {
                return None;
            }
            if let Some(job) = queue.jobs.pop_front() {
                return Some(job);
            }
            queue.idle += 1;
            queue = self
                .work
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
            queue.idle -= 1;
        }
    }

    /// Computes for a caller; says whether this thread is still needed.
    fn attend(&self, job: Compute, own: &mut Option<Own>) -> bool {
        if job.batch.is_given_up.load(Ordering::Acquire) {
            return true;
        }
        job.batch.begin(job.at);
        let outcome = match self.compute(&job.ciphertext, own) {
            Ok(Some(result)) => Ok(result),
            Ok(None) => {
                // The token has no session for this thread: those that have one do its work.
                job.batch.put_back(job.at);
                let mut queue = held(&self.queue);
                queue.most = queue.sessions.max(1);
                queue.jobs.push_front(Job::Compute(job));
                self.work.notify_all();
                return false;
            }
            Err(failure) => Err(failure),
        };
        job.batch.end(job.at, outcome);
        true
    }

    /// One operation. `Ok(None)` where there is no session for it and others have one.
    fn compute(
        &self,
        ciphertext: &[u8],
        own: &mut Option<Own>,
    ) -> Result<Option<SecretBytes>, Failure> {
        // What is stale was not used: each of these is about a session and none about an operation.
        for _ in 0..4 {
            if own.as_ref().is_some_and(|own| !own.is_current()) {
                self.put_down(own);
            }
            if own.is_none() {
                let mut link = held(&self.link);
                match link.session(&self.wish)? {
                    Some(new) => {
                        *own = Some(new);
                        held(&self.queue).sessions += 1;
                    }
                    None if held(&self.queue).sessions > 0 => return Ok(None),
                    // The one session there is.
                    None => {
                        let mut who = None;
                        let computed = link.with_anchor(
                            |module, generation, token, session, handle, asks| {
                                let one = One {
                                    module,
                                    generation,
                                    token,
                                    session,
                                    handle,
                                    asks,
                                };
                                who = Some(Arc::clone(token));
                                self.one(&one, ciphertext)
                            },
                        )?;
                        match computed {
                            Some(Ok(result)) => return Ok(Some(result)),
                            Some(Err(Stop::Stale)) | None => continue,
                            Some(Err(stop)) => {
                                link.drop_anchor();
                                return Err(not_computed(stop, who.as_deref()));
                            }
                        }
                    }
                }
            }
            let Some(ready) = own.as_ref() else { continue };
            let one = One {
                module: &ready.module,
                generation: ready.generation,
                token: &ready.token,
                session: &ready.session,
                handle: ready.handle,
                asks: ready.asks_each_time,
            };
            match self.one(&one, ciphertext) {
                Ok(result) => {
                    if ready.is_copy && !self.copies_work.swap(true, Ordering::AcqRel) {
                        held(&self.link).copies_work();
                    }
                    return Ok(Some(result));
                }
                Err(Stop::Stale) => self.put_down(own),
                // After an error a session may have an operation open for ever. It is not used
                // again, and nothing is tried twice: an error says nothing of its reason.
                Err(stop) => {
                    let token = Arc::clone(&ready.token);
                    let is_copy = ready.is_copy;
                    held(&self.link).suspect(is_copy);
                    self.put_down(own);
                    return Err(not_computed(stop, Some(&token)));
                }
            }
        }
        Err(Failure::unavailable(format!(
            "the module of {} is being initialised again and again: look after it",
            self.wish.uri
        )))
    }

    fn one(&self, one: &One<'_>, ciphertext: &[u8]) -> Result<SecretBytes, Stop> {
        let mut result = SecretBytes::zeroed(ciphertext.len());
        one.module.call(one.generation, |module| {
            let output = result.expose_secret_mut();
            let login = || {
                let door = (&module.calls, one.session);
                one.token
                    .log_in_for_operation(module, &door, &self.wish.pin)
            };
            let login = one.asks.then_some(login);
            module
                .calls
                .decrypt(one.session, one.handle, ciphertext, output, login)
        })?;
        Ok(result)
    }

    fn put_down(&self, own: &mut Option<Own>) {
        if let Some(own) = own.take() {
            own.close();
            let mut queue = held(&self.queue);
            queue.sessions = queue.sessions.saturating_sub(1);
        }
    }
}

/// What an operation is computed with.
struct One<'a> {
    module: &'a Arc<Module>,
    generation: Generation,
    token: &'a Arc<Token>,
    session: &'a Computing,
    handle: KeyHandle,
    asks: bool,
}

/// Runs what enters a module on a thread of its own, and waits no longer than that for whom it is
/// about.
pub(crate) fn within<T: Send + 'static>(
    who: &str,
    patience: Duration,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let (answer, answered) = channel();
    let thread = thread::Builder::new().name("flowseal-pkcs11".to_owned());
    let started = thread.spawn(move || {
        outlive_pipes();
        let _ = answer.send(work());
    });
    started.map_err(|error| Failure::unavailable(format!("no thread can be started ({error})")))?;
    answered
        .recv_timeout(patience)
        .map_err(|_| late(who, patience))?
}

fn late(who: &str, patience: Duration) -> Failure {
    Failure::unavailable(format!(
        "{who} did not answer within {patience:?}: check that the token, and what its module \
         speaks to, is there and well, or allow it more time"
    ))
}

fn not_computed(stop: Stop, token: Option<&Token>) -> Failure {
    let what = match stop {
        Stop::Failure(failure) => return failure,
        Stop::Trouble(trouble) => trouble,
        Stop::Stale => return Failure::unavailable("the module is being initialised anew"),
    };
    let who = token.map_or_else(|| "the token".to_owned(), ToString::to_string);
    let advice = match what.code {
        Some(RvError::KeyFunctionNotPermitted) => "allow the key to decrypt (CKA_DECRYPT)",
        Some(RvError::MechanismInvalid) => {
            "allow the key that mechanism (CKA_ALLOWED_MECHANISMS, or the token's own policy)"
        }
        _ => "check that the token is there and well; a later call looks for it again",
    };
    Failure::unavailable(format!(
        "{who} did not compute with CKM_RSA_X_509 ({what}), and nothing was tried twice: {advice}"
    ))
}
