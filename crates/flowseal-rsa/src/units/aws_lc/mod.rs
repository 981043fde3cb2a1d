//! The unit that computes powers by aws-lc's exponentiation, and uses nothing else of it: the one
//! place of the feature with `unsafe`, described in `docs/aws_lc.md`.

#![allow(
    unsafe_code,
    reason = "a C library is called; each call has its proof beside it"
)]

mod with_ifma;
mod without_ifma;

use core::ptr::{self, NonNull};

use aws_lc_sys as sys;

use super::scalar;
use super::unit::{Compute, Description, Found, boxed, every_class};
use crate::arithmetic::limbs;
use crate::job::{Half, Raise};
use crate::key::{Prime, PublicKey};
use crate::workspace::Workspace;

/// One number at a time, by the library of that name; with the feature of that name.
pub(crate) static AWS_LC: Description = Description {
    name: "aws-lc",
    halves: 1,
    powers: 1,
    computes: every_class,
    is_twin: false,
    with_ifma: Some(with_ifma::AWS_LC),
    without_ifma: Some(without_ifma::AWS_LC),
    detect: || Some(boxed(AwsLc)),
    found: Found::nothing_yet(),
};

/// The library, which is compiled in.
struct AwsLc;

impl Compute for AwsLc {
    fn power(&self, halves: &mut [Half<'_>]) {
        power(halves);
    }

    fn raise(&self, numbers: &mut [Raise<'_>]) {
        numbers.iter_mut().for_each(raise);
    }
}

/// Computes these halves: a pair at a time, as aws-lc does it. What it fails to do, for want of
/// memory, the scalar unit does.
fn power(halves: &mut [Half<'_>]) {
    let (pairs, rest) = halves.as_chunks_mut();
    for pair in pairs {
        if power_pair(pair).is_none() {
            clear_errors();
            pair.iter_mut().for_each(scalar::power);
        }
    }
    rest.iter_mut().for_each(scalar::power);
}

/// Raises a number. What aws-lc fails to do, for want of memory, the scalar unit does.
fn raise(raise: &mut Raise<'_>) {
    if raise_public(raise).is_none() {
        clear_errors();
        scalar::raise(raise);
    }
}

/// A modulus and an exponent in aws-lc's memory, which it wipes when they are dropped. Nothing
/// changes them, whatever number of threads computes with them.
struct Power {
    modulus: BigNumber,
    montgomery: Montgomery,
    exponent: BigNumber,
    /// The length of the modulus.
    bytes: usize,
}

impl Power {
    /// A prime and its exponent, unless there is no memory.
    fn of_prime(prime: &Prime) -> Option<&Self> {
        let power = || Self::new(prime.modulus.limbs(), &prime.exponent, prime.bits);
        prime.prepared.get(power).as_ref()
    }

    /// A public key, unless there is no memory.
    fn of_key(key: &PublicKey) -> Option<&Self> {
        let power = || Self::new(key.montgomery().limbs(), &[key.exponent()], key.bits());
        key.prepared().get(power).as_ref()
    }

    /// For an odd modulus of so many bits; nothing if aws-lc has no memory for it.
    ///
    /// The limbs of both are secret, their lengths are not. An exponent that is as long as the
    /// modulus keeps that length, whatever zeros it starts with.
    fn new(modulus: &[u64], exponent: &[u64], bits: usize) -> Option<Self> {
        sys::init();
        let bytes = bits.div_ceil(8);
        let power = || {
            let modulus = BigNumber::read(modulus, bytes)?;
            let exponent = BigNumber::read(exponent, bytes.min(8 * exponent.len()))?;
            let montgomery = Montgomery::new(&modulus, &Context::new()?)?;
            Some(Self {
                modulus,
                montgomery,
                exponent,
                bytes,
            })
        };
        power().or_else(|| {
            clear_errors();
            None
        })
    }
}

fn power_pair([one, other]: &mut [Half<'_>; 2]) -> Option<()> {
    let (one_by, other_by) = (Power::of_prime(one.prime)?, Power::of_prime(other.prime)?);
    let (one_base, other_base) = (reduced(one, one_by)?, reduced(other, other_by)?);
    let (one_power, other_power) = (BigNumber::zero()?, BigNumber::zero()?);
    let context = Context::new()?;
    // SAFETY: Every pointer comes from an owner in scope, which frees it later, and aws-lc keeps
    // none. The two results and the context are written to: each has an owner of its own that
    // nobody else refers to. The others are read. Beyond valid pointers the function requires
    // nothing: it refuses numbers that are too large, and grows the results.
    let done = unsafe {
        sys::BN_mod_exp_mont_consttime_x2(
            one_power.0.as_ptr(),
            one_base.0.as_ptr(),
            one_by.exponent.0.as_ptr(),
            one_by.modulus.0.as_ptr(),
            one_by.montgomery.0.as_ptr(),
            other_power.0.as_ptr(),
            other_base.0.as_ptr(),
            other_by.exponent.0.as_ptr(),
            other_by.modulus.0.as_ptr(),
            other_by.montgomery.0.as_ptr(),
            context.0.as_ptr(),
        )
    };
    (done == 1).then_some(())?;
    one_power.write(one.result, one_by.bytes)?;
    other_power.write(other.result, other_by.bytes)
}

/// The input modulo the prime.
fn reduced(half: &Half<'_>, by: &Power) -> Option<BigNumber> {
    let mut wide = Workspace::zeroed(2 * half.input.len());
    let mut base = half.prime.enter(half.input, &mut wide);
    half.prime.modulus.leave(&mut base, &mut wide);
    BigNumber::read(&base, by.bytes)
}

fn raise_public(raise: &mut Raise<'_>) -> Option<()> {
    let by = Power::of_key(raise.key)?;
    let base = BigNumber::read(raise.number, by.bytes)?;
    let power = BigNumber::zero()?;
    let context = Context::new()?;
    // SAFETY: As above: the pointers come from owners in scope, and the two that are written to,
    // the result and the context, from owners that nobody else refers to.
    let done = unsafe {
        sys::BN_mod_exp_mont(
            power.0.as_ptr(),
            base.0.as_ptr(),
            by.exponent.0.as_ptr(),
            by.modulus.0.as_ptr(),
            context.0.as_ptr(),
            by.montgomery.0.as_ptr(),
        )
    };
    (done == 1).then_some(())?;
    power.write(raise.number, by.bytes)?;
    if let Some(times) = raise.times {
        let n = raise.key.montgomery();
        let mut wide = Workspace::zeroed(2 * n.len());
        n.multiply(raise.number, n.r_squared(), &mut wide);
        n.multiply_canonical(raise.number, times, &mut wide);
    }
    Some(())
}

/// The owner of a number in aws-lc's memory.
struct BigNumber(NonNull<sys::BIGNUM>);

impl BigNumber {
    fn zero() -> Option<Self> {
        // SAFETY: Without arguments there is nothing to require. The result is null, or a number
        // that is the caller's to free, which `drop` does.
        NonNull::new(unsafe { sys::BN_new() }).map(Self)
    }

    /// The number of these limbs, in so many bytes; what lies above them is zero.
    fn read(limbs: &[u64], bytes: usize) -> Option<Self> {
        let mut big_endian = Workspace::<u8>::zeroed(bytes);
        limbs::write(&mut big_endian, limbs);
        // SAFETY: The pointer and the length are those of a slice, which is read before the call
        // ends. With null as its last argument the function makes a number, the caller's to free.
        let number =
            unsafe { sys::BN_bin2bn(big_endian.as_ptr(), big_endian.len(), ptr::null_mut()) };
        NonNull::new(number).map(Self)
    }

    /// Writes the number, which has so many bytes, into these limbs.
    fn write(&self, limbs: &mut [u64], bytes: usize) -> Option<()> {
        let mut big_endian = Workspace::<u8>::zeroed(bytes);
        // SAFETY: The number is valid for as long as its owner. The pointer and the length are
        // those of a slice that nobody else refers to; the function refuses a number that it has no
        // room for.
        let done = unsafe {
            sys::BN_bn2bin_padded(big_endian.as_mut_ptr(), big_endian.len(), self.0.as_ptr())
        };
        (done == 1).then_some(())?;
        limbs::read(limbs, &big_endian);
        Some(())
    }
}

impl Drop for BigNumber {
    fn drop(&mut self) {
        // SAFETY: The pointer came from aws-lc, this is its only owner, and it is not used again.
        unsafe { sys::BN_clear_free(self.0.as_ptr()) }
    }
}

// SAFETY: A number is memory and no more: it belongs to no thread.
unsafe impl Send for BigNumber {}
// SAFETY: Through a shared reference a number is only passed as `const BIGNUM *`, and such
// parameters aws-lc only reads; `power_pair` and `raise_public` alone write, to numbers that they
// own.
unsafe impl Sync for BigNumber {}

/// The owner of what Montgomery's multiplication needs of a modulus.
struct Montgomery(NonNull<sys::BN_MONT_CTX>);

impl Montgomery {
    fn new(modulus: &BigNumber, context: &Context) -> Option<Self> {
        // SAFETY: Both pointers are valid for as long as their owners. The modulus is read and
        // copied. The context is written to: `Context` is not `Sync`, so no other thread uses it.
        // The result is null, or the caller's to free.
        let montgomery =
            unsafe { sys::BN_MONT_CTX_new_consttime(modulus.0.as_ptr(), context.0.as_ptr()) };
        NonNull::new(montgomery).map(Self)
    }
}

impl Drop for Montgomery {
    fn drop(&mut self) {
        // SAFETY: The pointer came from aws-lc, this is its only owner, and it is not used again.
        unsafe { sys::BN_MONT_CTX_free(self.0.as_ptr()) }
    }
}

// SAFETY: It is memory and no more: it belongs to no thread.
unsafe impl Send for Montgomery {}
// SAFETY: After it is made it is only passed as `const BN_MONT_CTX *`, and such parameters aws-lc
// only reads.
unsafe impl Sync for Montgomery {}

/// The owner of aws-lc's working memory, which is wiped when it is freed. Of one thread.
struct Context(NonNull<sys::BN_CTX>);

impl Context {
    fn new() -> Option<Self> {
        // SAFETY: Without arguments there is nothing to require. The result is null, or the
        // caller's to free.
        NonNull::new(unsafe { sys::BN_CTX_new() }).map(Self)
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: The pointer came from aws-lc, this is its only owner, and it is not used again.
        unsafe { sys::BN_CTX_free(self.0.as_ptr()) }
    }
}

/// Errors wait in a queue of the thread, where another user of aws-lc in this process would find
/// them.
fn clear_errors() {
    // SAFETY: Without arguments there is nothing to require; the queue is the thread's own.
    unsafe { sys::ERR_clear_error() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "as in tests everywhere")]
mod tests {
    use super::*;
    use crate::key::PrivateKey;
    use crate::operations::self_test;

    const INPUT: [u64; 32] = [u64::MAX / 3; 32];

    /// If it did not, the scalar unit would, and every other test would compare that one with
    /// itself.
    #[test]
    fn aws_lc_itself_computes_the_halves() {
        let key = PrivateKey::new(&self_test::KEY).unwrap();
        let results = |compute: &dyn Fn(&mut [Half<'_>; 2])| {
            let mut results = [[0; 16]; 2];
            let [m1, m2] = &mut results;
            let half = |prime, result| Half {
                prime,
                input: &INPUT,
                result,
            };
            compute(&mut [half(&key.p, m1), half(&key.q, m2)]);
            results
        };
        let ours = results(&|halves| halves.iter_mut().for_each(scalar::power));
        assert_eq!(results(&|halves| power_pair(halves).unwrap()), ours);
    }

    #[test]
    fn aws_lc_itself_raises() {
        let key = PrivateKey::new(&self_test::KEY).unwrap();
        for times in [None, Some(&INPUT[..])] {
            let result = |compute: &dyn Fn(&mut Raise<'_>)| {
                let mut number = INPUT;
                compute(&mut Raise {
                    key: key.public(),
                    number: &mut number,
                    times,
                });
                number
            };
            let ours = result(&scalar::raise);
            assert_eq!(result(&|raise| raise_public(raise).unwrap()), ours);
        }
    }

    #[test]
    fn a_failure_leaves_no_error_for_others_to_find() {
        assert!(Power::new(&[6], &[1], 3).is_none());
        // SAFETY: Without arguments there is nothing to require.
        assert_eq!(unsafe { sys::ERR_peek_error() }, 0);
    }
}
