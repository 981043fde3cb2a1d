//! The engine that computes one number at a time, with 64-bit limbs, on any machine.

mod inverse;
mod kernels;
pub(crate) mod limbs;
pub(crate) mod montgomery;
mod private;
mod public;
#[cfg(test)]
mod testing;

pub(crate) use montgomery::Modulus;
pub(crate) use private::{private, private_with};
pub(crate) use public::public;
