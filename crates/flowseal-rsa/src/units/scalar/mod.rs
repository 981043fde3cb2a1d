//! The unit that computes one number at a time, with 64-bit limbs, on any machine.

mod power;
mod raise;
mod with_ifma;
mod without_ifma;

pub(crate) use power::power;
pub(crate) use raise::raise;

use super::unit::{Compute, Description, Found, boxed, every_class};
use crate::job::{Half, Raise};

/// One number at a time, of any length, on any processor.
pub(crate) static SCALAR: Description = Description {
    name: "scalar",
    halves: 1,
    powers: 1,
    computes: every_class,
    is_twin: false,
    with_ifma: Some(with_ifma::SCALAR),
    without_ifma: Some(without_ifma::SCALAR),
    detect: || Some(boxed(Scalar)),
    found: Found::nothing_yet(),
};

/// 64-bit limbs, which every machine has.
pub(crate) struct Scalar;

impl Compute for Scalar {
    fn power(&self, halves: &mut [Half<'_>]) {
        halves.iter_mut().for_each(power);
    }

    fn raise(&self, numbers: &mut [Raise<'_>]) {
        numbers.iter_mut().for_each(raise);
    }
}
