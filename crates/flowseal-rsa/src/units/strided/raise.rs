//! A number raised to a public exponent, modulo a public modulus, across all lanes.

use super::moduli::Moduli;
use super::vectors::Vectors;
use crate::arithmetic::limbs;
use crate::job::{Raise, blocks_for};
use crate::units::lanes::{Across, Constants};
use crate::workspace::Workspace;

/// Raises numbers one after another, in constant time but for the exponent. Nothing happens where
/// the modulus has another number of blocks than there are kernels for.
pub(crate) fn raise<L: Across>(lanes: L, numbers: &mut [Raise<'_>]) {
    for number in numbers {
        raise_one(lanes, number);
    }
}

fn raise_one<L: Across>(lanes: L, number: &mut Raise<'_>) {
    match blocks_for(number.key.bits()) {
        Some(4) => raise_in::<L, 5, 40>(lanes, number),
        Some(5) => raise_in::<L, 7, 50>(lanes, number),
        Some(6) => raise_in::<L, 8, 60>(lanes, number),
        Some(7) => raise_in::<L, 9, 70>(lanes, number),
        Some(8) => raise_in::<L, 10, 80>(lanes, number),
        _ => {}
    }
}

/// The same for D digits in V vectors.
fn raise_in<L: Across, const V: usize, const D: usize>(lanes: L, raise: &mut Raise<'_>) {
    let Raise { key, number, times } = raise;
    let Some(constants) = Constants::of_key(key) else {
        return;
    };
    let moduli = Moduli::<L, V, 1, D>::new(lanes, [constants]);
    let mut numbers = Workspace::<Vectors<L, V>>::zeroed(3);
    let [x, base, plain] = &mut *numbers else {
        return;
    };
    plain.put_limbs([number], 0, D);
    x.put_words([constants.entry()]);
    moduli.multiply(x, plain);
    // e is odd: e = 2h + 1. The last factor, as it came rather than in Montgomery's representation,
    // makes the product leave that representation too.
    let half = key.exponent() >> 1;
    base.clone_from(x);
    for bit in (0..half.ilog2()).rev() {
        moduli.square(x);
        if (half >> bit) & 1 == 1 {
            moduli.multiply(x, base);
        }
    }
    moduli.square(x);
    if let Some(times) = times {
        // It comes as it is, and takes that place.
        moduli.multiply(x, base);
        plain.put_limbs([times], 0, D);
    }
    moduli.multiply(x, plain);

    let above = x.write::<1>(0, number);
    limbs::subtract_twice(number, above, key.montgomery().limbs());
}
