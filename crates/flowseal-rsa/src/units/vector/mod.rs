//! The engine that computes as many numbers at once as the processor has lanes, each with a modulus
//! and an exponent of its own.

mod kernels;
#[cfg(flowseal_hooks)]
pub(crate) mod measure;
mod moduli;
mod power;
#[cfg(target_arch = "x86_64")]
mod radix26;
mod radix52;
mod raise;
pub(crate) use kernels::{BLOCK_BITS, Kernels};
pub(crate) use power::{Half, WINDOW, power, window};
pub(crate) use raise::{Raise, raise};
