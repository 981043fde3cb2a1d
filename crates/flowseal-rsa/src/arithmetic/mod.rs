//! Natural numbers and their residues, in 64-bit limbs, on any machine.

#[cfg(target_arch = "x86_64")]
mod adx;
mod inverse;
mod kernels;
pub(crate) mod limbs;
mod modulus;
mod passes;
mod processor;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(target_arch = "x86_64")]
mod tiles;

#[cfg(target_arch = "x86_64")]
pub(crate) use adx::Adx;
pub(crate) use kernels::OCTET;
pub(crate) use modulus::Modulus;
pub(crate) use processor::{ForProcessor, Processor};
