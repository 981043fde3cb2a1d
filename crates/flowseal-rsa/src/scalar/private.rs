use super::{limbs, public};
use crate::blinding::Pair;
use crate::ct::Mask;
use crate::key::Prime;
use crate::workspace::Workspace;
use crate::{OperationError, PrivateKey};

/// The places where a test injects a fault.
macro_rules! strike {
    ($stage:ident, $limbs:expr) => {
        #[cfg(flowseal_hooks)]
        crate::hooks::strike(crate::hooks::Stage::$stage, $limbs);
    };
}

/// How many bits of the exponent a multiplication takes in.
const WINDOW: usize = 5;

/// RSADP, with a blinding pair from the pool of the key.
pub(crate) fn private(
    key: &PrivateKey,
    input: &[u8],
    output: &mut [u8],
) -> Result<(), OperationError> {
    let input = read_input(key, input, output.len())?;
    let pair = key.blinding.take(key.public())?;
    let result = private_with(key, &pair, &input, output);
    // After a fault nothing is known about the pair: it is dropped.
    if result.is_ok() {
        key.blinding.put_back(pair);
    }
    result
}

fn read_input(key: &PrivateKey, input: &[u8], output: usize) -> Result<Workspace, OperationError> {
    let size = key.public().size();
    if input.len() != size || output != size {
        return Err(OperationError::Length);
    }
    let n = key.public().montgomery().limbs();
    let mut c = Workspace::zeroed(n.len());
    limbs::read(&mut c, input);
    let mut last = limbs::copied(n, n.len());
    limbs::sub_assign(&mut last, &[1]);
    let trivial = limbs::equal_small(&c, 0).or(limbs::equal_small(&c, 1));
    // Inputs are public.
    if limbs::less(&c, &last).and(trivial.not()).declassify() {
        Ok(c)
    } else {
        Err(OperationError::Range)
    }
}

/// RSADP with this blinding pair.
pub(crate) fn private_with(
    key: &PrivateKey,
    pair: &Pair,
    input: &[u64],
    output: &mut [u8],
) -> Result<(), OperationError> {
    let n = key.public().montgomery();
    let mut wide = Workspace::zeroed(2 * n.len());

    let mut blinded = limbs::copied(input, n.len());
    n.multiply_canonical(&mut blinded, pair.factor(), &mut wide);
    strike!(Blinded, &mut blinded);

    let mut result = decrypt(key, &blinded, &mut wide);
    strike!(Recombined, &mut result);
    n.multiply_canonical(&mut result, pair.inverse(), &mut wide);
    strike!(Unblinded, &mut result);

    let mut check = limbs::copied(&result, n.len());
    public::raise(key.public(), &mut check);
    let sound = limbs::equal(&check, input).and(limbs::less(&result, n.limbs()));
    // Whether the engine failed is not secret: the caller is told.
    if !sound.declassify() {
        return Err(OperationError::Fault);
    }
    limbs::write(output, &result);
    Ok(())
}

/// c^d mod n by way of the primes (Garner): m2 = c^dQ mod q, h = (c^dP − m2) · qInv mod p,
/// m = m2 + h · q.
fn decrypt(key: &PrivateKey, c: &[u64], wide: &mut [u64]) -> Workspace {
    let PrivateKey {
        p, q, coefficient, ..
    } = key;

    let mut m2 = enter(q, c, wide);
    power(q, &mut m2, wide);
    q.modulus.leave(&mut m2, wide);
    strike!(HalfQ, &mut m2);

    let mut h = enter(p, c, wide);
    power(p, &mut h, wide);
    strike!(HalfP, &mut h);
    // Both m1 and m2 are in Montgomery's representation here, and qInv is not.
    p.modulus.multiply_canonical(&mut h, coefficient, wide);
    let mut m2_modulo_p = enter(p, &limbs::copied(&m2, c.len()), wide);
    p.modulus
        .multiply_canonical(&mut m2_modulo_p, coefficient, wide);
    let borrow = limbs::sub_assign(&mut h, &m2_modulo_p);
    limbs::add_masked(&mut h, p.modulus.limbs(), Mask::from_bit(borrow));
    strike!(Difference, &mut h);

    let mut product = Workspace::zeroed(p.modulus.len() + q.modulus.len());
    limbs::multiply(&mut product, &h, q.modulus.limbs());
    limbs::add_assign(&mut product, &m2);
    // m < n: what lies above the limbs of n is zero.
    limbs::copied(&product[..c.len()], c.len())
}

/// The representation of x modulo a prime, almost reduced. `x` has as many limbs as n.
fn enter(prime: &Prime, x: &[u64], wide: &mut [u64]) -> Workspace {
    let mut reduced = Workspace::zeroed(prime.modulus.len());
    let used = &mut wide[..x.len()];
    used.copy_from_slice(x);
    prime.modulus.reduce(&mut reduced, used);
    prime.modulus.multiply(&mut reduced, &prime.entry, wide);
    reduced
}

/// x = x^exponent, both sides in Montgomery's representation, with the same operations on the same
/// addresses whatever the exponent.
fn power(prime: &Prime, x: &mut [u64], wide: &mut [u64]) {
    let modulus = &prime.modulus;
    let len = modulus.len();
    let mut table = Workspace::zeroed(len << WINDOW);
    table[..len].copy_from_slice(modulus.one());
    table[len..2 * len].copy_from_slice(x);
    for i in 2..1 << WINDOW {
        let (below, entry) = table.split_at_mut(i * len);
        let entry = &mut entry[..len];
        if i % 2 == 0 {
            entry.copy_from_slice(&below[i / 2 * len..][..len]);
            modulus.square(entry, wide);
        } else {
            entry.copy_from_slice(&below[(i - 1) * len..]);
            modulus.multiply(entry, x, wide);
        }
    }

    let mut factor = Workspace::zeroed(len);
    let windows = prime.bits.div_ceil(WINDOW);
    look_up(x, &table, window(&prime.exponent, windows - 1));
    for i in (0..windows - 1).rev() {
        for _ in 0..WINDOW {
            modulus.square(x, wide);
        }
        look_up(&mut factor, &table, window(&prime.exponent, i));
        modulus.multiply(x, &factor, wide);
    }
}

/// The bits of the exponent that belong to a window. Their position is public.
fn window(exponent: &[u64], index: usize) -> u64 {
    let (limb, shift) = (index * WINDOW / 64, index * WINDOW % 64);
    let low = exponent[limb] >> shift;
    let high = match exponent.get(limb + 1) {
        Some(next) if shift + WINDOW > 64 => next << (64 - shift),
        _ => 0,
    };
    (low | high) & ((1 << WINDOW) - 1)
}

/// out = table[index], reading every entry.
fn look_up(out: &mut [u64], table: &[u64], index: u64) {
    out.fill(0);
    for (i, entry) in (0..).zip(table.chunks_exact(out.len())) {
        let wanted = Mask::equal(i, index);
        for (out, entry) in out.iter_mut().zip(entry) {
            *out |= wanted.keep(*entry);
        }
    }
}
