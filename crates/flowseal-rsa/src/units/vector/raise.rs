//! Numbers raised to a public exponent, modulo public moduli, side by side.

use super::kernels::Kernels;
use super::moduli::{Moduli, Rows, lanes_of};
use crate::arithmetic::limbs;
use crate::job::Raise;
use crate::units::lanes::{Constants, digits};

/// Raises as many numbers as there are lanes, or fewer, in constant time but for the exponent.
pub(crate) fn raise<L: Kernels>(lanes: L, numbers: &mut [Raise<'_>]) {
    debug_assert!(numbers.len() <= L::WIDTH);
    let constants = || {
        numbers
            .iter()
            .filter_map(|raise| Constants::of_key(raise.key))
    };
    let Some(blocks) = constants().next().map(Constants::blocks) else {
        return;
    };
    let exponent = numbers[0].key.exponent();
    let mut moduli = Moduli::new(lanes, constants());
    let mut plain = Rows::<L>::zeroed(blocks);
    for (lane, number) in lanes_of::<L, _>(numbers.iter().map(|raise| &*raise.number)) {
        digits::spread::<L>(plain.rows_mut(), lane, number);
    }

    let mut x = Rows::gathered(blocks, constants().map(Constants::entry));
    moduli.multiply(&mut x, &plain);
    // e is odd: e = 2h + 1. The last factor, as it came rather than in Montgomery's representation,
    // makes the product leave that representation too.
    let half = exponent >> 1;
    let mut base = Rows::zeroed(blocks);
    base.rows_mut().clone_from_slice(x.rows());
    for bit in (0..half.ilog2()).rev() {
        moduli.square(&mut x, &mut ());
        if (half >> bit) & 1 == 1 {
            moduli.multiply(&mut x, &base);
        }
    }
    moduli.square(&mut x, &mut ());
    let times = || numbers.iter().filter_map(|raise| raise.times);
    debug_assert!([0, numbers.len()].contains(&times().count()));
    if times().next().is_some() {
        // What is multiplied by comes as it is, and takes that place.
        moduli.multiply(&mut x, &base);
        for (lane, times) in lanes_of::<L, _>(times()) {
            digits::spread::<L>(plain.rows_mut(), lane, times);
        }
    }
    moduli.multiply(&mut x, &plain);

    for (lane, raise) in numbers.iter_mut().enumerate() {
        // Less than 2n, which may be a bit more than the limbs have.
        let above = digits::collect::<L>(raise.number, x.rows(), lane);
        limbs::subtract_once(raise.number, above, raise.key.montgomery().limbs());
    }
}
