//! Blinding: a private operation computes with a number that no one chose. Steps 2 and 5 of
//! `private` take a pair from the key's pool; `remote` only draws here, a number for each
//! operation.

use std::sync::{Mutex, MutexGuard, TryLockError};
use std::{process, thread};

use crate::arithmetic::limbs;
use crate::ct::declassify;
use crate::error::OperationError;
use crate::key::{PrivateKey, PublicKey};
use crate::probe;
use crate::workspace::Workspace;

/// After so many operations a pair is drawn anew instead of being squared.
const USES: u32 = 32;

/// How often a draw may fail: each does with a probability of at most one half, unless the random
/// bytes are not random.
pub(super) const DRAWS: usize = 128;

/// How often the lock of a pool is tried. It is held for a push or a pop only.
const TRIES: usize = 64;

/// The blinding pairs of one key that are not in use.
pub(crate) struct Pool(Mutex<Vec<Pair>>);

/// r^e and r⁻¹ modulo n, both in Montgomery's representation and canonical.
pub(crate) struct Pair {
    factor: Workspace,
    inverse: Workspace,
    uses: u32,
    /// The process that drew it. After a fork two processes would hold the same pairs; they are
    /// told apart by their number, which a process has once in its namespace.
    process: u32,
}

impl Pool {
    /// The one that is kept with the key.
    pub(super) fn of(key: &PrivateKey) -> &Self {
        key.prepared.get(Self::new)
    }

    fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// A pair for one operation: the square of one that was used before, or a new one. The lock is
    /// not held while it is in use.
    pub(crate) fn take(&self, key: &PublicKey) -> Result<Pair, OperationError> {
        match self.idle().and_then(|mut pairs| pairs.pop()) {
            Some(mut pair) if pair.uses < USES && pair.process == process::id() => {
                pair.square(key);
                Ok(pair)
            }
            _ => Pair::draw(key),
        }
    }

    /// Returns a pair after an operation that succeeded.
    pub(crate) fn put_back(&self, mut pair: Pair) {
        pair.uses += 1;
        if let Some(mut pairs) = self.idle() {
            pairs.push(pair);
        }
    }

    /// The pairs, unless somebody keeps them.
    ///
    /// In a process that was forked while another thread held the lock, nobody will ever let go of
    /// it: there each operation draws a pair of its own.
    fn idle(&self) -> Option<MutexGuard<'_, Vec<Pair>>> {
        (0..TRIES).find_map(|_| match self.0.try_lock() {
            Ok(pairs) => Some(pairs),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => {
                thread::yield_now();
                None
            }
        })
    }
}

impl Pair {
    pub(crate) fn factor(&self) -> &[u64] {
        &self.factor
    }

    pub(crate) fn inverse(&self) -> &[u64] {
        &self.inverse
    }

    /// The pair for another operation under the same key in the meantime: that of r², for as long
    /// as pairs are used. What it was made from must not go back to the pool.
    pub(crate) fn following(&self, key: &PublicKey) -> Option<Self> {
        let copied = |x: &Workspace| limbs::copied(x, x.len());
        let mut pair = Self {
            factor: copied(&self.factor),
            inverse: copied(&self.inverse),
            uses: self.uses + 1,
            process: self.process,
        };
        (pair.uses < USES).then(|| {
            pair.square(key);
            pair
        })
    }

    fn draw(key: &PublicKey) -> Result<Self, OperationError> {
        for _ in 0..DRAWS {
            if let Some(pair) = Self::from_random(key, random(key)?, &random(key)?) {
                return Ok(pair);
            }
        }
        Err(OperationError::NoRandomness)
    }

    /// The pair of this r, by inverting r·s for another random s; nothing if r·s has no inverse.
    ///
    /// The inversion takes a time that depends on its argument. That argument, r·s, is uniformly
    /// random whatever r is, since s is: so the time says nothing about r. That r·s has an inverse
    /// says that r has one, which all but a negligible part of the numbers do.
    pub(crate) fn from_random(key: &PublicKey, r: Workspace, s: &[u64]) -> Option<Self> {
        let n = key.montgomery();
        let mut wide = Workspace::zeroed(2 * n.len());

        let mut inverse = limbs::copied(&r, n.len());
        n.multiply_canonical(&mut inverse, s, &mut wide); // r·s / R
        declassify(&mut inverse);
        n.invert_vartime(&mut inverse).then_some(())?; // R / (r·s)
        n.multiply_canonical(&mut inverse, s, &mut wide); // 1 / r
        n.multiply_canonical(&mut inverse, n.r_squared(), &mut wide);

        let mut factor = r;
        n.multiply(&mut factor, n.r_squared(), &mut wide);
        n.power_public(&mut factor, key.exponent(), &mut wide);
        n.multiply_canonical(&mut factor, n.one(), &mut wide);
        Some(Self {
            factor,
            inverse,
            uses: 0,
            process: process::id(),
        })
    }

    /// The pair of r².
    fn square(&mut self, key: &PublicKey) {
        let n = key.montgomery();
        let mut wide = Workspace::zeroed(2 * n.len());
        for x in [&mut self.factor, &mut self.inverse] {
            n.square(x, &mut wide);
            limbs::subtract_once(x, 0, n.limbs());
        }
    }
}

/// A number from 1 to n − 1, each with the same probability.
pub(super) fn random(key: &PublicKey) -> Result<Workspace, OperationError> {
    if !probe::has_randomness() {
        return Err(OperationError::NoRandomness);
    }
    let n = key.montgomery().limbs();
    let mut bytes = Workspace::<u8>::zeroed(key.size());
    let mut candidate = Workspace::zeroed(n.len());
    for _ in 0..DRAWS {
        getrandom::fill(&mut bytes).map_err(|_| OperationError::NoRandomness)?;
        probe::drawn(&mut bytes);
        bytes[0] &= u8::MAX >> (8 * key.size() - key.bits());
        limbs::read(&mut candidate, &bytes);
        // A number that is refused is never used, and so no secret.
        if limbs::less(&candidate, n)
            .and(limbs::equal_small(&candidate, 0).not())
            .declassify()
        {
            return Ok(candidate);
        }
    }
    Err(OperationError::NoRandomness)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> PublicKey {
        PublicKey::new(&[0xf1; 128], &[1, 0, 1]).unwrap()
    }

    /// Whether the two numbers are r^e and r⁻¹: factor · inverse^e = 1.
    fn is_sound(pair: &Pair, key: &PublicKey) -> bool {
        let n = key.montgomery();
        let mut wide = Workspace::zeroed(2 * n.len());
        let mut power = limbs::copied(&pair.inverse, n.len());
        n.power_public(&mut power, key.exponent(), &mut wide);
        n.multiply_canonical(&mut power, &pair.factor, &mut wide);
        limbs::equal(&power, n.one()).declassify()
    }

    #[test]
    fn a_pair_is_squared_for_each_use_and_renewed_after_the_last() {
        let (key, pool) = (key(), Pool::new());
        let mut seen: Vec<Vec<u64>> = Vec::new();
        for use_of_pair in 0..3 * USES {
            let pair = pool.take(&key).unwrap();
            assert_eq!(pair.uses, use_of_pair % USES);
            assert!(is_sound(&pair, &key));
            assert!(!seen.contains(&pair.factor.to_vec()));
            if let Some(before) = seen.last().filter(|_| pair.uses > 0) {
                let n = key.montgomery();
                let mut square = before.clone();
                n.square(&mut square, &mut vec![0; 2 * n.len()]);
                limbs::subtract_once(&mut square, 0, n.limbs());
                assert_eq!(square, *pair.factor);
            }
            seen.push(pair.factor.to_vec());
            pool.put_back(pair);
        }
    }

    #[test]
    fn a_pair_that_follows_another_is_its_square_until_the_last_use() {
        let (key, pool) = (key(), Pool::new());
        let mut pair = pool.take(&key).unwrap();
        for use_of_pair in 1..USES {
            let following = pair.following(&key).unwrap();
            assert_eq!(following.uses, use_of_pair);
            assert!(is_sound(&following, &key));
            pair.square(&key);
            assert_eq!(*pair.factor, *following.factor);
            pair = following;
        }
        assert!(pair.following(&key).is_none());
    }

    #[test]
    fn a_lock_that_nobody_will_release_is_gone_around() {
        let (key, pool) = (key(), Pool::new());
        let kept = pool.0.lock().unwrap();
        let pair = pool.take(&key).unwrap();
        assert!(is_sound(&pair, &key));
        pool.put_back(pair);
        assert!(kept.is_empty());
    }

    #[test]
    fn pairs_in_use_at_the_same_time_differ() {
        let (key, pool) = (key(), Pool::new());
        let (one, other) = (pool.take(&key).unwrap(), pool.take(&key).unwrap());
        assert_ne!(*one.factor, *other.factor);
        assert_ne!(*one.inverse, *other.inverse);
    }

    #[test]
    fn another_process_does_not_use_a_pair() {
        let (key, pool) = (key(), Pool::new());
        let mut pair = pool.take(&key).unwrap();
        pair.process = pair.process.wrapping_add(1);
        pool.put_back(pair);
        let pair = pool.take(&key).unwrap();
        assert_eq!((pair.uses, pair.process), (0, process::id()));
    }

    #[test]
    fn a_poisoned_pool_still_serves() {
        let (key, pool) = (key(), Pool::new());
        thread::scope(|scope| {
            let poison = || {
                let _guard = pool.0.lock();
                panic!("on purpose");
            };
            assert!(scope.spawn(poison).join().is_err());
        });
        assert!(pool.0.is_poisoned());
        pool.put_back(pool.take(&key).unwrap());
        assert_eq!(pool.take(&key).unwrap().uses, 1);
    }

    #[test]
    fn random_numbers_are_below_the_modulus_and_reach_its_top() {
        // Just above a power of two, where half of the draws are refused, and just below one.
        let mut above = [0; 129];
        above[0] = 1;
        above[128] = 1;
        for modulus in [&above[..], &[0xff; 128]] {
            let key = PublicKey::new(modulus, &[3]).unwrap();
            let n = key.montgomery().limbs();
            let mut top_bits = 0;
            for _ in 0..64 {
                let number = random(&key).unwrap();
                assert!(limbs::less(&number, n).declassify());
                top_bits |= number[15] >> 56;
            }
            assert_eq!(top_bits, 0xff);
        }
    }

    #[test]
    fn what_has_no_inverse_is_refused() {
        let key = key();
        let len = key.montgomery().len();
        // 0xf1f1… is a multiple of 0xf1.
        let (r, s) = (limbs::copied(&[0xf1], len), limbs::copied(&[5], len));
        assert!(Pair::from_random(&key, r, &s).is_none());
        let (r, s) = (limbs::copied(&[3], len), limbs::copied(&[0xf1], len));
        assert!(Pair::from_random(&key, r, &s).is_none());
        let pair = Pair::from_random(&key, limbs::copied(&[2], len), &limbs::copied(&[7], len));
        assert!(pair.is_some_and(|pair| is_sound(&pair, &key)));
    }
}
