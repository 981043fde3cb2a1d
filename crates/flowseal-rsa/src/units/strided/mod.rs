//! The engine that computes one operation at a time, its numbers across the lanes of the registers.

mod kernels;
#[cfg(flowseal_hooks)]
mod measure;
mod moduli;
mod number;
mod power;
mod raise;

#[cfg(flowseal_hooks)]
pub(crate) use measure::run as measure;
pub(crate) use power::power;
pub(crate) use raise::raise;

/// Whether there are kernels for a modulus of so many blocks and, for a private operation, for primes of
/// so many.
pub(crate) fn computes(primes: usize, modulus: usize) -> bool {
    matches!(primes, 0 | 2..=4) && matches!(modulus, 4..=8)
}
