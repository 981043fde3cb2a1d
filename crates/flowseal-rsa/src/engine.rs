use core::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::scalar;
use crate::{EngineUnavailable, OperationError, PrivateOperation, PublicOperation, selftest};

/// An implementation of the RSA operations, and the number of threads that it may use.
///
/// An engine holds no key and no state: make one where it is needed, or share one between threads.
/// Engines differ in speed alone; none gives another result.
///
/// ```
/// use std::num::NonZeroUsize;
/// use flowseal_rsa::Engine;
///
/// let engine = Engine::named("scalar")?.with_threads(NonZeroUsize::MIN);
/// assert_eq!(engine.name(), "scalar");
/// assert!(Engine::named("abacus").is_err());
/// # Ok::<(), flowseal_rsa::EngineUnavailable>(())
/// ```
#[derive(Clone, Debug)]
pub struct Engine {
    implementation: Implementation,
    threads: NonZeroUsize,
}

#[derive(Clone, Copy, Debug)]
enum Implementation {
    Scalar,
}

impl Engine {
    /// The quickest engine that this machine has, on one thread.
    #[must_use]
    pub fn new() -> Self {
        Self {
            implementation: Implementation::Scalar,
            threads: NonZeroUsize::MIN,
        }
    }

    /// The engine of this name, on one thread. There is one so far: `scalar`, which runs everywhere.
    ///
    /// # Errors
    ///
    /// [`EngineUnavailable`] if there is no such engine or this machine cannot run it.
    pub fn named(name: &str) -> Result<Self, EngineUnavailable> {
        match name {
            "scalar" => Ok(Self {
                implementation: Implementation::Scalar,
                threads: NonZeroUsize::MIN,
            }),
            _ => Err(EngineUnavailable),
        }
    }

    /// The same engine, with its batches divided among up to `threads` threads, which live as long as
    /// the call. The calling thread is one of them.
    #[must_use]
    pub fn with_threads(self, threads: NonZeroUsize) -> Self {
        Self { threads, ..self }
    }

    /// The name by which [`Engine::named`] finds this engine.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.implementation {
            Implementation::Scalar => "scalar",
        }
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
        self.run(batch, |PrivateOperation { key, input, output }| {
            scalar::private(key, input, output)
        })
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
        self.run(batch, |PublicOperation { key, input, output }| {
            scalar::public(key, input, output)
        })
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
        // For one number at a time nothing is gained by leaving constant time.
        self.public(batch)
    }

    /// Runs `each` over the batch, in as many contiguous pieces as there are threads.
    fn run<T: Send>(
        &self,
        batch: &mut [T],
        each: impl Fn(&mut T) -> Result<(), OperationError> + Sync,
    ) -> Vec<Result<(), OperationError>> {
        // What is not overwritten was not computed.
        let mut results = vec![Err(OperationError::Fault); batch.len()];
        if !selftest::passed() {
            return results;
        }
        let piece = batch.len().div_ceil(self.threads.get()).max(1);
        let helpers = batch.len().div_ceil(piece).saturating_sub(1);
        let pieces = Mutex::new(batch.chunks_mut(piece).zip(results.chunks_mut(piece)));
        let next = || pieces.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work = || {
            while let Some((operations, results)) = next() {
                for (operation, result) in operations.iter_mut().zip(results) {
                    *result = each(operation);
                }
            }
        };
        thread::scope(|scope| {
            // Where the system gives no thread, the others do its piece.
            let spawn = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
            let helpers: Vec<_> = (0..helpers).filter_map(spawn).collect();
            work();
            for helper in helpers {
                // One that panicked has left its results as they were: faults.
                let _ = helper.join();
            }
        });
        results
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}
