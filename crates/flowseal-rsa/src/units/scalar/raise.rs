use crate::arithmetic::limbs;
use crate::job::Raise;
use crate::workspace::Workspace;

/// x = x^e mod n, for a canonical x, in constant time in x.
pub(crate) fn raise(raise: &mut Raise<'_>) {
    let Raise {
        key,
        number: x,
        times,
    } = raise;
    let modulus = key.montgomery();
    let mut wide = Workspace::zeroed(2 * modulus.len());
    let plain = limbs::copied(x, x.len());
    modulus.multiply(x, modulus.r_squared(), &mut wide);
    if let Some(times) = times {
        modulus.power_public(x, key.exponent(), &mut wide);
        // It comes as it is, and makes the product leave Montgomery's representation.
        return modulus.multiply_canonical(x, times, &mut wide);
    }
    // e is odd: e = 2h + 1. The last factor, as it came rather than in Montgomery's representation,
    // makes the product leave that representation too.
    modulus.power_public(x, key.exponent() >> 1, &mut wide);
    modulus.square(x, &mut wide);
    modulus.multiply_canonical(x, &plain, &mut wide);
}
