use crate::arithmetic::{ForProcessor, OCTET, Processor};
use crate::ct::Mask;
use crate::job::Half;
use crate::key::Prime;
use crate::probe;
use crate::workspace::Workspace;

/// How many bits of the exponent a multiplication takes in, for short primes.
const WINDOW: usize = 5;

/// The same for primes of more than [`SHORT`] bits, where the larger table is worth its while.
const WIDE_WINDOW: usize = 6;

/// The bits of a prime for which both windows take as long.
const SHORT: usize = 1280;

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

/// x = x^exponent, both sides in Montgomery's representation, with the same operations on the same
/// addresses whatever the exponent.
fn raise(prime: &Prime, x: &mut [u64], wide: &mut [u64]) {
    let modulus = &prime.modulus;
    let len = modulus.len();
    // The length of a prime is public.
    let width = if prime.bits > SHORT {
        WIDE_WINDOW
    } else {
        WINDOW
    };
    let mut table = Workspace::zeroed(len << width);
    table[..len].copy_from_slice(modulus.one());
    table[len..2 * len].copy_from_slice(x);
    for i in 2..1 << width {
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

    let processor = modulus.processor();
    let mut factor = Workspace::zeroed(len);
    let windows = prime.bits.div_ceil(width);
    look_up(
        processor,
        x,
        &table,
        bits(&prime.exponent, (windows - 1) * width, width),
    );
    for i in (0..windows - 1).rev() {
        for _ in 0..width {
            modulus.square(x, wide);
        }
        look_up(
            processor,
            &mut factor,
            &table,
            bits(&prime.exponent, i * width, width),
        );
        modulus.multiply(x, &factor, wide);
    }
}

/// So many bits of the exponent from this one on: none, above the exponent. Their position is
/// public.
fn bits(exponent: &[u64], from: usize, width: usize) -> u64 {
    let (limb, shift) = (from / 64, from % 64);
    let low = exponent.get(limb).map_or(0, |word| word >> shift);
    let high = match exponent.get(limb + 1) {
        Some(next) if shift + width > 64 => next << (64 - shift),
        _ => 0,
    };
    (low | high) & ((1 << width) - 1)
}

/// out = table[index], reading every entry.
fn look_up(processor: Processor, out: &mut [u64], table: &[u64], index: u64) {
    probe::indexed(index);
    processor.look_up(LookUp { out, table, index });
}

struct LookUp<'a> {
    out: &'a mut [u64],
    table: &'a [u64],
    index: u64,
}

/// How many limbs are looked up at once: what fits the registers.
const COLUMN: usize = 16;

impl ForProcessor for LookUp<'_> {
    #[inline(always)]
    fn run(self) {
        let len = self.out.len();
        let mut wanted = [Mask::from_bit(0); 1 << WIDE_WINDOW];
        let wanted = &mut wanted[..self.table.len() / len];
        for (i, wanted) in (0..).zip(&mut *wanted) {
            *wanted = Mask::equal(i, self.index);
        }
        let (columns, rest) = self.out.as_chunks_mut::<COLUMN>();
        for (i, out) in columns.iter_mut().enumerate() {
            column(out, &self.table[i * COLUMN..], len, wanted);
        }
        // Lengths are multiples of OCTET.
        let done = columns.len() * COLUMN;
        for (i, out) in rest.as_chunks_mut::<OCTET>().0.iter_mut().enumerate() {
            column(out, &self.table[done + i * OCTET..], len, wanted);
        }
    }
}

/// The limbs at the beginning of each entry, of which one is wanted.
#[inline(always)]
fn column<const N: usize>(out: &mut [u64; N], table: &[u64], len: usize, wanted: &[Mask]) {
    let mut limbs = [0; N];
    for (entry, wanted) in table.chunks(len).zip(wanted) {
        for (limb, entry) in limbs.iter_mut().zip(&entry[..N]) {
            *limb |= wanted.keep(*entry);
        }
    }
    *out = limbs;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Processor, WIDE_WINDOW, WINDOW, bits, look_up};
    use crate::arithmetic::testing::{length, limbs};

    proptest! {
        #[test]
        fn every_entry_is_found_by_its_index(
            table in length().prop_flat_map(limbs),
            width in prop_oneof![Just(WINDOW), Just(WIDE_WINDOW)],
            wanted in 0..1u64 << WIDE_WINDOW,
        ) {
            let len = table.len();
            let entry = |i: u64| table.iter().map(move |limb| limb.wrapping_mul(i + 1) ^ i);
            let wanted = wanted % (1 << width);
            let table: Vec<_> = (0..1 << width).flat_map(entry).collect();
            for processor in Processor::kinds() {
                let mut out = vec![7; len];
                look_up(processor, &mut out, &table, wanted);
                prop_assert_eq!(&out, &entry(wanted).collect::<Vec<_>>());
            }
        }

        #[test]
        fn windows_are_the_digits_of_the_exponent(exponent in limbs(4), from in 0..256usize) {
            for width in [WINDOW, WIDE_WINDOW] {
                let expected = (0..width).fold(0, |digit, k| {
                    let bit = exponent.get((from + k) / 64).map_or(0, |limb| limb >> ((from + k) % 64));
                    digit | ((bit & 1) << k)
                });
                prop_assert_eq!(bits(&exponent, from, width), expected);
            }
        }
    }
}
