use super::limbs;
use crate::workspace::Workspace;
use crate::{OperationError, PublicKey};

/// RSAEP: the public exponent is public, the base is not.
pub(crate) fn public(
    key: &PublicKey,
    input: &[u8],
    output: &mut [u8],
) -> Result<(), OperationError> {
    if input.len() != key.size() || output.len() != key.size() {
        return Err(OperationError::Length);
    }
    let modulus = key.montgomery();
    let mut x = Workspace::zeroed(modulus.len());
    limbs::read(&mut x, input);
    // That the input is out of range is not secret: the caller is told.
    if !limbs::less(&x, modulus.limbs()).declassify() {
        return Err(OperationError::Range);
    }
    raise(key, &mut x);
    limbs::write(output, &x);
    Ok(())
}

/// x = x^e mod n, for a canonical x, in constant time in x.
pub(super) fn raise(key: &PublicKey, x: &mut [u64]) {
    let modulus = key.montgomery();
    let mut wide = Workspace::zeroed(2 * modulus.len());
    let plain = limbs::copied(x, x.len());
    modulus.multiply(x, modulus.r_squared(), &mut wide);
    // e is odd: e = 2h + 1. The last factor, as it came rather than in Montgomery's representation,
    // makes the product leave that representation too.
    modulus.power_public(x, key.exponent() >> 1, &mut wide);
    modulus.square(x, &mut wide);
    modulus.multiply_canonical(x, &plain, &mut wide);
}
