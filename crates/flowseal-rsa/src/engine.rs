use core::cmp::Reverse;
use core::num::NonZeroUsize;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::error::{EngineUnavailable, OperationError};
use crate::operations::remote::{self, Draft};
use crate::operations::{
    self, Entry, PrivateOperation, PublicOperation, RemoteAnswer, RemoteInput, RemoteOperation,
    self_test,
};
use crate::probe::LeftOut;
use crate::schedule::{Candidate, Class, Costs, Piece, plan_all, quickest};
use crate::units::{self, Description, UNITS, Unit};

/// The units that compute the RSA operations, and the number of threads that they may use.
///
/// An engine holds no key and no state: make one where it is needed, or share one between threads.
/// Engines differ in speed alone; none gives another result.
///
/// [Its design](crate::design::engine) lists the units; [`names`](Self::names) are those that this
/// machine has.
///
/// ```
/// use std::num::NonZeroUsize;
/// # use flowseal_rsa::Engine;
///
/// let engine = Engine::named("scalar")?.with_threads(NonZeroUsize::MIN);
/// assert_eq!(engine.name(), "scalar");
/// assert!(Engine::named("abacus").is_err());
/// # Ok::<(), flowseal_rsa::EngineUnavailable>(())
/// ```
#[derive(Clone, Debug)]
pub struct Engine {
    /// Never empty, the quickest first.
    units: Vec<Candidate>,
    threads: NonZeroUsize,
}

impl Engine {
    /// All units that this machine has, but for those that are there to be compared with, on one
    /// thread.
    #[must_use]
    pub fn new() -> Self {
        Self::of(|unit| !unit.is_twin)
    }

    /// The unit of this name alone, on one thread. What it cannot compute, keys of unusual sizes,
    /// the scalar unit does.
    ///
    /// # Errors
    ///
    /// [`EngineUnavailable`] if there is no such unit or this machine does not have it.
    pub fn named(name: &str) -> Result<Self, EngineUnavailable> {
        let engine = Self::of(|unit| unit.name == name);
        if engine.units.is_empty() {
            return Err(units::unavailable());
        }
        Ok(engine)
    }

    /// The names of all units that this machine has, by which [`named`](Self::named) finds them:
    /// the quickest first.
    pub fn names() -> impl Iterator<Item = &'static str> {
        units::names()
    }

    /// The same engine without the unit of this name. The last unit stays.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        if self.units.len() > 1 {
            self.units.retain(|candidate| candidate.unit.name() != name);
        }
        self
    }

    /// The same engine, with its batches divided among up to `threads` threads, which live as long
    /// as the call. The calling thread is one of them.
    #[must_use]
    pub fn with_threads(self, threads: NonZeroUsize) -> Self {
        Self { threads, ..self }
    }

    /// The same engine, with its batches divided by other costs.
    #[must_use]
    pub fn with_costs(mut self, costs: &Costs) -> Self {
        for candidate in &mut self.units {
            candidate.times = costs.of(candidate.unit.name());
        }
        self
    }

    /// The name of the unit that computes full batches.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let first = self.units.first();
        first.map_or("", |candidate| candidate.unit.name())
    }

    /// Applies private keys (RFC 8017, sections 5.1.2 and 5.2.1), and returns one result for each
    /// operation, in their order.
    ///
    /// Inputs are public, results are secret. Each operation is blinded, and its result is released
    /// only after the public exponent has led back to the input. The time taken depends on the
    /// sizes of the keys and of their primes, on the public exponents, and on which operations are
    /// refused.
    ///
    /// A result can be [`OperationError::Length`], [`OperationError::Range`],
    /// [`OperationError::Fault`] or [`OperationError::NoRandomness`].
    pub fn private(&self, batch: &mut [PrivateOperation<'_>]) -> Vec<Result<(), OperationError>> {
        self.private_without(batch, LeftOut::Nothing)
    }

    pub(crate) fn private_without(
        &self,
        batch: &mut [PrivateOperation<'_>],
        left_out: LeftOut,
    ) -> Vec<Result<(), OperationError>> {
        for operation in &mut *batch {
            operation.output.fill(0);
        }
        self.run(
            batch,
            |operation| Class::private(operation.key),
            |unit, piece| operations::private(unit, piece, left_out),
        )
    }

    /// Applies public keys to secret messages (RSAEP, RFC 8017, section 5.1.1): what sealing needs.
    /// Returns one result for each operation, in their order.
    ///
    /// The time taken depends on the sizes of the keys, on the public exponents, and on which
    /// operations are refused, not on the messages.
    ///
    /// A result can be [`OperationError::Length`], [`OperationError::Range`] or, if the engine
    /// failed its self-test, [`OperationError::Fault`].
    pub fn public(&self, batch: &mut [PublicOperation<'_>]) -> Vec<Result<(), OperationError>> {
        for operation in &mut *batch {
            operation.output.fill(0);
        }
        self.run(
            batch,
            |operation| Class::public(operation.key),
            operations::public,
        )
    }

    /// Applies public keys to public numbers (RSAVP1, RFC 8017, section 5.2.2): what verifying a
    /// signature needs. Returns one result for each operation, in their order.
    ///
    /// An engine may take a time that depends on the input, which must therefore not be secret.
    ///
    /// The results are those of [`Engine::public`].
    pub fn public_vartime(
        &self,
        batch: &mut [PublicOperation<'_>],
    ) -> Vec<Result<(), OperationError>> {
        // Nothing would be gained by leaving constant time.
        self.public(batch)
    }

    /// Readies private operations for whoever holds the private key: one result for each, in their
    /// order. What is to be computed is [`RemoteOperation::ciphertext`]; what comes back goes into
    /// [`unblind`](Self::unblind).
    ///
    /// Inputs are public. Each operation is blinded by a number of its own, uniform from 1 to n − 1
    /// and in no relation to any other's, unless its [`Blinding`](crate::Blinding) is `None`. The
    /// time taken depends on the sizes of the keys, on the public exponents, on which inputs are
    /// refused, and on nothing that is drawn.
    ///
    /// A result can be [`OperationError::Length`], [`OperationError::Range`],
    /// [`OperationError::NoRandomness`] or, if the engine failed its self-test,
    /// [`OperationError::Fault`].
    pub fn blind(&self, batch: &[RemoteInput<'_>]) -> Vec<Result<RemoteOperation, OperationError>> {
        let mut drafts = remote::drafts(batch);
        let mut drawn: Vec<_> = drafts.iter_mut().flatten().collect();
        let outcomes = self.run(
            &mut drawn,
            |draft| Class::public(draft.key()),
            remote::blind,
        );
        let mut outcomes = outcomes.into_iter();
        drafts
            .into_iter()
            .map(|draft| {
                let draft = draft?;
                // There is one for each draft: without it nothing was computed.
                let outcome = outcomes.next().unwrap_or(Err(OperationError::Fault));
                outcome.map(|()| Draft::ready(draft))
            })
            .collect()
    }

    /// Checks what whoever holds the private key has answered, and takes the blinding off: one
    /// result for each answer, in their order.
    ///
    /// An answer is a number less than n that the public exponent leads back to what was sent, or
    /// it is [`OperationError::Fault`] and the output holds zeros. Answers and results are secret:
    /// the time taken depends on the sizes of the keys, on the public exponents, and on which
    /// answers are refused.
    ///
    /// A result can be [`OperationError::Length`] too.
    pub fn unblind(&self, batch: &mut [RemoteAnswer<'_>]) -> Vec<Result<(), OperationError>> {
        for answer in &mut *batch {
            answer.output.fill(0);
        }
        self.run(
            batch,
            |answer| Class::public(answer.operation.key()),
            remote::unblind,
        )
    }

    fn of(wanted: impl Fn(&Description) -> bool) -> Self {
        let costs = Costs::default();
        let units = UNITS.iter().copied().filter(|unit| wanted(unit));
        let units = units.filter_map(Description::here).map(|unit| Candidate {
            unit,
            times: costs.of(unit.name()),
        });
        Self {
            units: units.collect(),
            threads: NonZeroUsize::MIN,
        }
    }

    /// Runs the batch in the pieces that are planned for each class of its operations.
    fn run<T: Send>(
        &self,
        batch: &mut [T],
        class: impl Fn(&T) -> Option<Class>,
        compute: impl Fn(Unit, Vec<Entry<'_, T>>) + Sync,
    ) -> Vec<Result<(), OperationError>> {
        // What is not overwritten was not computed.
        let mut results = vec![Err(OperationError::Fault); batch.len()];
        let mut units = self.units.iter().map(|candidate| candidate.unit);
        if !units.all(self_test::passed) || !self_test::passed(units::of_any_length()) {
            return results;
        }
        if let ([operation], [result]) = (&mut *batch, &mut *results) {
            let unit = quickest(class(operation), &self.units);
            compute(unit, vec![Entry { operation, result }]);
            return results;
        }
        let mut classes = BTreeMap::<_, Vec<Entry<'_, T>>>::new();
        for (operation, result) in batch.iter_mut().zip(&mut results) {
            let class = classes.entry(class(operation)).or_default();
            class.push(Entry { operation, result });
        }
        let counts: Vec<_> = classes
            .iter()
            .map(|(class, entries)| (*class, entries.len()))
            .collect();
        let (threads, plans) = plan_all(&counts, &self.units, self.threads.get());
        let mut jobs = Vec::new();
        for (mut entries, plan) in classes.into_values().zip(plans) {
            for piece in plan {
                let rest = entries.split_off(piece.size.min(entries.len()));
                jobs.push((piece, entries));
                entries = rest;
            }
        }
        // They are taken from the end: the longest first, and in their order where they are alike.
        jobs.sort_by_key(|(piece, _)| Reverse(piece.cost));
        jobs.reverse();
        on_threads(threads, jobs, |(Piece { unit, .. }, entries)| {
            compute(unit, entries);
        });
        results
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

/// Runs the jobs, the last one first, on so many threads, of which the calling one is one.
fn on_threads<J: Send>(threads: usize, jobs: Vec<J>, run: impl Fn(J) + Sync) {
    let helpers = threads.min(jobs.len()).saturating_sub(1);
    let jobs = Mutex::new(jobs);
    let next = || jobs.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let work = || {
        while let Some(job) = next() {
            run(job);
        }
    };
    if helpers == 0 {
        return work();
    }
    thread::scope(|scope| {
        // Where the system gives no thread, the others do its work.
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        let helpers: Vec<_> = (0..helpers).filter_map(spawn).collect();
        work();
        for helper in helpers {
            // One that panicked has left its results as they were: faults.
            let _ = helper.join();
        }
    });
}
