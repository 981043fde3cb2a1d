//! The engine that computes one number at a time, with 64-bit limbs, on any machine.

mod power;
mod raise;

pub(crate) use power::power;
pub(crate) use raise::raise;
