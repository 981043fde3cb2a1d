use core::cmp::Reverse;
use core::num::NonZeroUsize;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::thread;

#[cfg(flowseal_hooks)]
use crate::arithmetic::limbs;
use crate::operations::private::{Blinded, Input, Unchecked};
use crate::operations::public::Number;
use crate::operations::self_test;
use crate::schedule::{Class, Costs, Piece, plan_all, quickest};
use crate::units::{Description, UNITS, Unit};
use crate::workspace::wipe_stack;
use crate::{EngineUnavailable, OperationError, PrivateOperation, PublicOperation};

/// The units that compute the RSA operations, and the number of threads that they may use.
///
/// An engine holds no key and no state: make one where it is needed, or share one between threads.
/// Engines differ in speed alone; none gives another result.
///
/// The units are, where the machine has them:
///
/// | name | computes |
/// |---|---|
/// | `ifma-512` | eight numbers at once, on a processor with AVX-512 IFMA |
/// | `ifma-strided` | one operation in the same registers, across all of them |
/// | `avx2` | four numbers at once, on a processor with AVX2 |
/// | `aws-lc` | one number at a time, by the library of that name; with the feature of that name |
/// | `scalar` | one number at a time, of any length, on any processor |
/// | `portable` | what the first computes, without its instructions: slowly, to compare with |
/// | `portable-strided` | what the second computes, in the same way |
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
    /// With their places in the list of all units; never empty, the quickest first.
    units: Vec<(usize, Unit)>,
    costs: Costs,
    threads: NonZeroUsize,
}

impl Engine {
    /// All units that this machine has and that are quicker than another, on one thread.
    #[must_use]
    pub fn new() -> Self {
        Self::of(|unit| !unit.is_twin)
    }

    /// The unit of this name alone, on one thread. What it cannot compute, keys of unusual sizes, the
    /// scalar unit does.
    ///
    /// # Errors
    ///
    /// [`EngineUnavailable`] if there is no such unit or this machine does not have it.
    pub fn named(name: &str) -> Result<Self, EngineUnavailable> {
        let engine = Self::of(|unit| unit.name == name);
        if engine.units.is_empty() {
            return Err(EngineUnavailable);
        }
        Ok(engine)
    }

    /// The names of all units that this machine has, by which [`named`](Self::named) finds them: the
    /// quickest first.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let has = |unit: &&Description| (unit.detect)().is_some();
        UNITS.iter().filter(has).map(|unit| unit.name)
    }

    /// The same engine without the unit of this name. The last unit stays.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        if self.units.len() > 1 {
            self.units.retain(|(index, _)| UNITS[*index].name != name);
        }
        self
    }

    /// The same engine, with its batches divided among up to `threads` threads, which live as long as
    /// the call. The calling thread is one of them.
    #[must_use]
    pub fn with_threads(self, threads: NonZeroUsize) -> Self {
        Self { threads, ..self }
    }

    /// The same engine, with its batches divided by other costs.
    #[must_use]
    pub fn with_costs(self, costs: Costs) -> Self {
        Self { costs, ..self }
    }

    /// The name of the unit that computes full batches.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.units
            .first()
            .map_or("", |(index, _)| UNITS[*index].name)
    }

    /// Applies private keys (RFC 8017, sections 5.1.2 and 5.2.1), and returns one result for each
    /// operation, in their order.
    ///
    /// Inputs are public, results are secret. Each operation is blinded, and its result is released
    /// only after the public exponent has led back to the input. The time taken depends on the sizes
    /// of the keys and of their primes, on the public exponents, and on which operations are refused.
    ///
    /// A result can be [`OperationError::Length`], [`OperationError::Range`],
    /// [`OperationError::Fault`] or [`OperationError::NoRandomness`].
    pub fn private(&self, batch: &mut [PrivateOperation<'_>]) -> Vec<Result<(), OperationError>> {
        for operation in &mut *batch {
            operation.output.fill(0);
        }
        self.run(batch, |operation| Class::private(operation.key), private)
    }

    /// Applies public keys to secret messages (RSAEP, RFC 8017, section 5.1.1): what sealing needs.
    /// Returns one result for each operation, in their order.
    ///
    /// The time taken depends on the sizes of the keys, on the public exponents, and on which
    /// operations are refused, not on the messages.
    ///
    /// A result can be [`OperationError::Length`], [`OperationError::Range`] or, if the engine failed
    /// its self-test, [`OperationError::Fault`].
    pub fn public(&self, batch: &mut [PublicOperation<'_>]) -> Vec<Result<(), OperationError>> {
        for operation in &mut *batch {
            operation.output.fill(0);
        }
        self.run(batch, |operation| Class::public(operation.key), public)
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

    #[cfg(flowseal_hooks)]
    pub(crate) fn private_raw(
        &self,
        batch: &mut [PrivateOperation<'_>],
    ) -> Vec<Result<(), OperationError>> {
        self.run(
            batch,
            |operation| Class::private(operation.key),
            private_raw,
        )
    }

    #[cfg(flowseal_hooks)]
    pub(crate) fn private_unchecked(
        &self,
        batch: &mut [PrivateOperation<'_>],
    ) -> Vec<Result<(), OperationError>> {
        self.run(
            batch,
            |operation| Class::private(operation.key),
            private_unchecked,
        )
    }

    fn of(wanted: impl Fn(&Description) -> bool) -> Self {
        let units = UNITS.iter().enumerate().filter(|(_, unit)| wanted(unit));
        Self {
            units: units
                .filter_map(|(index, unit)| Some((index, (unit.detect)()?)))
                .collect(),
            costs: Costs::default(),
            threads: NonZeroUsize::MIN,
        }
    }

    /// Runs the batch in the pieces that are planned for each class of its operations.
    fn run<T: Send>(
        &self,
        batch: &mut [T],
        class: impl Fn(&T) -> Option<Class>,
        compute: impl Fn(Unit, Job<'_, T>) + Sync,
    ) -> Vec<Result<(), OperationError>> {
        // What is not overwritten was not computed.
        let mut results = vec![Err(OperationError::Fault); batch.len()];
        if !self.units.iter().all(|(_, unit)| self_test::passed(*unit))
            || !self_test::passed(Unit::Scalar)
        {
            return results;
        }
        if let ([operation], [result]) = (&mut *batch, &mut *results) {
            let unit = quickest(class(operation), &self.units, &self.costs);
            compute(unit, vec![(operation, result)]);
            return results;
        }
        let mut classes = BTreeMap::<_, Job<'_, T>>::new();
        for (operation, result) in batch.iter_mut().zip(&mut results) {
            let class = classes.entry(class(operation)).or_default();
            class.push((operation, result));
        }
        let counts: Vec<_> = classes
            .iter()
            .map(|(class, operations)| (*class, operations.len()))
            .collect();
        let (threads, plans) = plan_all(&counts, &self.units, &self.costs, self.threads.get());
        let mut jobs = Vec::new();
        for (mut operations, plan) in classes.into_values().zip(plans) {
            for piece in plan {
                let rest = operations.split_off(piece.size.min(operations.len()));
                jobs.push((piece, operations));
                operations = rest;
            }
        }
        // They are taken from the end: the longest first, and in their order where they are alike.
        jobs.sort_by_key(|(piece, _)| Reverse(piece.cost));
        jobs.reverse();
        on_threads(threads, jobs, |(Piece { unit, .. }, job)| {
            compute(unit, job);
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

/// Operations of one class, and where their results go.
type Job<'a, T> = Vec<(&'a mut T, &'a mut Result<(), OperationError>)>;

/// Where an operation's result goes: its bytes, and whether there are any.
type Place<'a, 'b> = (&'a mut &'b mut [u8], &'a mut Result<(), OperationError>);

fn private(unit: Unit, job: Job<'_, PrivateOperation<'_>>) {
    let (mut blinded, places) = accept(job, Input::blind);
    let mut halves: Vec<_> = blinded.iter_mut().flat_map(Blinded::halves).collect();
    unit.power(&mut halves);
    let mut unchecked: Vec<_> = blinded.into_iter().map(Blinded::recombine).collect();
    let mut checks: Vec<_> = unchecked.iter_mut().map(Unchecked::check).collect();
    unit.raise(&mut checks);
    wipe_stack();
    for (unchecked, (output, result)) in unchecked.into_iter().zip(places) {
        *result = unchecked.release(output);
    }
}

/// What [`private`] is without blinding and check.
#[cfg(flowseal_hooks)]
fn private_raw(unit: Unit, job: Job<'_, PrivateOperation<'_>>) {
    let (mut inputs, places) = accept(job, |input, _| Ok(input.leave_unblinded()));
    let mut halves: Vec<_> = inputs.iter_mut().flat_map(Blinded::halves).collect();
    unit.power(&mut halves);
    for (input, (output, result)) in inputs.iter_mut().zip(places) {
        limbs::write(output, &input.join());
        *result = Ok(());
    }
}

/// What [`private`] is without the check.
#[cfg(flowseal_hooks)]
fn private_unchecked(unit: Unit, job: Job<'_, PrivateOperation<'_>>) {
    let (mut blinded, places) = accept(job, Input::blind);
    let mut halves: Vec<_> = blinded.iter_mut().flat_map(Blinded::halves).collect();
    unit.power(&mut halves);
    for (blinded, (output, result)) in blinded.into_iter().zip(places) {
        blinded.recombine().release_unchecked(output);
        *result = Ok(());
    }
}

/// Reads and blinds the inputs. Those that are refused have their results, the others their places.
fn accept<'a, 'b>(
    job: Job<'a, PrivateOperation<'b>>,
    blind: impl Fn(Input<'b>, &mut [Blinded<'b>]) -> Result<Blinded<'b>, OperationError>,
) -> (Vec<Blinded<'b>>, Vec<Place<'a, 'b>>) {
    let (mut blinded, mut places) = (Vec::new(), Vec::new());
    for (operation, result) in job {
        let input = Input::read(operation.key, operation.input, operation.output.len());
        match input.and_then(|input| blind(input, &mut blinded)) {
            Ok(input) => {
                blinded.push(input);
                places.push((&mut operation.output, result));
            }
            Err(error) => *result = Err(error),
        }
    }
    (blinded, places)
}

fn public(unit: Unit, job: Job<'_, PublicOperation<'_>>) {
    let (mut numbers, mut places): (Vec<Number<'_>>, Vec<_>) = (Vec::new(), Vec::new());
    for (operation, result) in job {
        match Number::read(operation.key, operation.input, operation.output.len()) {
            Ok(number) => {
                numbers.push(number);
                places.push((&mut operation.output, result));
            }
            Err(error) => *result = Err(error),
        }
    }
    let mut raises: Vec<_> = numbers.iter_mut().map(Number::raise).collect();
    unit.raise(&mut raises);
    for (number, (output, result)) in numbers.iter().zip(places) {
        number.write(output);
        *result = Ok(());
    }
}
