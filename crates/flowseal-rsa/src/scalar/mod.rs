//! The engine that computes one number at a time, with 64-bit limbs, on any machine.

mod inverse;
mod kernels;
pub(crate) mod limbs;
pub(crate) mod montgomery;
mod passes;
mod private;
mod public;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(target_arch = "x86_64")]
mod tiles;

pub(crate) use montgomery::Modulus;
pub(crate) use private::power;
pub(crate) use public::raise;
