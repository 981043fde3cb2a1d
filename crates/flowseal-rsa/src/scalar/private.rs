use crate::ct::Mask;
#[cfg(flowseal_hooks)]
use crate::hooks;
use crate::key::Prime;
use crate::vector::Half;
use crate::workspace::Workspace;

/// How many bits of the exponent a multiplication takes in.
pub(crate) const WINDOW: usize = 5;

/// Raises an input to the exponent of its prime.
pub(crate) fn power(half: &mut Half<'_>) {
    let Half {
        prime,
        input,
        result,
    } = half;
    let mut wide = Workspace::zeroed(2 * input.len());
    let mut x = prime.enter(input, &mut wide);
    raise(prime, &mut x, &mut wide);
    prime.modulus.leave(&mut x, &mut wide);
    result.copy_from_slice(&x);
}

impl Prime {
    /// The representation of x modulo the prime, almost reduced. `x` has as many limbs as n.
    pub(crate) fn enter(&self, x: &[u64], wide: &mut [u64]) -> Workspace {
        let mut reduced = Workspace::zeroed(self.modulus.len());
        let used = &mut wide[..x.len()];
        used.copy_from_slice(x);
        self.modulus.reduce(&mut reduced, used);
        self.modulus.multiply(&mut reduced, &self.entry, wide);
        reduced
    }
}

/// x = x^exponent, both sides in Montgomery's representation, with the same operations on the same
/// addresses whatever the exponent.
fn raise(prime: &Prime, x: &mut [u64], wide: &mut [u64]) {
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

/// The bits of the exponent that belong to a window: none, above the exponent. Their position is public.
pub(crate) fn window(exponent: &[u64], index: usize) -> u64 {
    let (limb, shift) = (index * WINDOW / 64, index * WINDOW % 64);
    let low = exponent.get(limb).map_or(0, |word| word >> shift);
    let high = match exponent.get(limb + 1) {
        Some(next) if shift + WINDOW > 64 => next << (64 - shift),
        _ => 0,
    };
    (low | high) & ((1 << WINDOW) - 1)
}

/// out = table[index], reading every entry.
fn look_up(out: &mut [u64], table: &[u64], index: u64) {
    #[cfg(flowseal_hooks)]
    if hooks::is_planted(hooks::Leak::Address) {
        let len = out.len();
        for (limb, out) in out.iter_mut().enumerate() {
            let limbs: [u64; 1 << WINDOW] = std::array::from_fn(|i| table[i * len + limb]);
            *out = limbs[(index % (1 << WINDOW)) as usize];
        }
        return;
    }
    out.fill(0);
    for (i, entry) in (0..).zip(table.chunks_exact(out.len())) {
        let wanted = Mask::equal(i, index);
        for (out, entry) in out.iter_mut().zip(entry) {
            *out |= wanted.keep(*entry);
        }
    }
}
