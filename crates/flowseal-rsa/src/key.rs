use core::fmt;
use std::sync::Arc;

use crate::arithmetic::{Modulus, limbs};
use crate::ct::{Mask, declassified};
use crate::error::KeyError;
use crate::prepared::Prepared;
use crate::workspace::Workspace;

/// The sizes of modulus that are worth computing with.
const BITS: core::ops::RangeInclusive<usize> = 1024..=8192;

/// A public key: the modulus n and the exponent e of RFC 8017, section 3.1.
///
/// A clone shares the numbers of the original.
///
/// ```
/// use flowseal_rsa::{KeyError, PublicKey};
///
/// let key = PublicKey::new(&[0xff; 256], &[1, 0, 1])?;
/// assert_eq!((key.bits(), key.size(), key.exponent()), (2048, 256, 65537));
/// assert_eq!(PublicKey::new(&[0xff; 256], &[2]), Err(KeyError::Exponent));
/// # Ok::<(), KeyError>(())
/// ```
#[derive(Clone)]
pub struct PublicKey(Arc<PublicNumbers>);

struct PublicNumbers {
    bytes: Box<[u8]>,
    bits: usize,
    exponent: u64,
    modulus: Modulus,
    prepared: Prepared,
}

impl PublicKey {
    /// The key with this modulus and exponent, both big-endian; zero bytes may stand before them.
    ///
    /// That the modulus is a product of two primes cannot be checked.
    ///
    /// # Errors
    ///
    /// [`KeyError::Size`], [`KeyError::EvenModulus`] or [`KeyError::Exponent`]. Lengths that are
    /// secure today are a stricter rule, and the caller's.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        let modulus = without_leading_zeros(modulus);
        let bits = bits(modulus);
        if !BITS.contains(&bits) {
            return Err(KeyError::Size);
        }
        if modulus.last().is_none_or(|byte| byte & 1 == 0) {
            return Err(KeyError::EvenModulus);
        }
        let exponent = match without_leading_zeros(exponent) {
            short @ [.., last] if short.len() <= 5 && last & 1 == 1 => {
                short.iter().fold(0, |e, &byte| (e << 8) | u64::from(byte))
            }
            _ => return Err(KeyError::Exponent),
        };
        if !(3..1 << 33).contains(&exponent) {
            return Err(KeyError::Exponent);
        }
        let mut limbs = Workspace::zeroed(limbs::limbs_for(bits));
        limbs::read(&mut limbs, modulus);
        Ok(Self(Arc::new(PublicNumbers {
            bytes: modulus.into(),
            bits,
            exponent,
            modulus: Modulus::new(&limbs, bits),
            prepared: Prepared::default(),
        })))
    }

    /// The modulus n, big-endian, without zero bytes before it: [`size`](Self::size) bytes.
    #[must_use]
    pub fn modulus(&self) -> &[u8] {
        &self.0.bytes
    }

    /// The public exponent e.
    #[must_use]
    pub fn exponent(&self) -> u64 {
        self.0.exponent
    }

    /// The length of the modulus in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.0.bits
    }

    /// The length of the modulus in bytes, which is that of each input and output.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.bytes.len()
    }

    /// Whether the modulus passes Fermat's test to the base 2. Every prime does, and a product of
    /// two primes that were chosen at random does not: a key that passes has no factors to keep
    /// secret.
    ///
    /// It takes a power with an exponent as long as the modulus, and time that depends on it.
    #[must_use]
    pub fn modulus_may_be_prime_vartime(&self) -> bool {
        self.montgomery().passes_fermat_vartime()
    }

    pub(crate) fn montgomery(&self) -> &Modulus {
        &self.0.modulus
    }

    /// What units keep with the key.
    pub(crate) fn prepared(&self) -> &Prepared {
        &self.0.prepared
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.modulus() == other.modulus() && self.exponent() == other.exponent()
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey")
            .field("bits", &self.bits())
            .field("exponent", &self.exponent())
            .finish_non_exhaustive()
    }
}

/// The numbers of a private key, under the names of RFC 8017, appendix A.1.2.
///
/// Each is big-endian; zero bytes may stand before it. They stay the caller's: to wipe them is,
/// too.
#[derive(Clone, Copy)]
pub struct PrivateKeyParts<'a> {
    /// n, the product of the primes.
    pub modulus: &'a [u8],
    /// e.
    pub public_exponent: &'a [u8],
    /// d, the inverse of e modulo p − 1 and modulo q − 1.
    pub private_exponent: &'a [u8],
    /// p.
    pub prime_p: &'a [u8],
    /// q.
    pub prime_q: &'a [u8],
    /// dP = d mod (p − 1).
    pub exponent_p: &'a [u8],
    /// dQ = d mod (q − 1).
    pub exponent_q: &'a [u8],
    /// qInv, the inverse of q modulo p.
    pub coefficient: &'a [u8],
}

/// Shows no number: most of them are secret.
impl fmt::Debug for PrivateKeyParts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKeyParts").finish_non_exhaustive()
    }
}

/// A private key, checked, ready for use, and wiped when dropped.
///
/// It can be shared between threads; operations on it do not wait for each other.
///
/// ```
/// use flowseal_rsa::{KeyError, PrivateKey, PrivateKeyParts};
///
/// let parts = PrivateKeyParts {
///     modulus: &[0xff; 128],
///     public_exponent: &[3],
///     private_exponent: &[3],
///     prime_p: &[5],
///     prime_q: &[7],
///     exponent_p: &[3],
///     exponent_q: &[3],
///     coefficient: &[3],
/// };
/// assert_eq!(PrivateKey::new(&parts).err(), Some(KeyError::Inconsistent)); // 5 · 7 is not n
/// ```
pub struct PrivateKey {
    public: PublicKey,
    pub(crate) p: Prime,
    pub(crate) q: Prime,
    /// qInv modulo p, in Montgomery's representation and canonical.
    pub(crate) coefficient: Workspace,
    /// What operations keep with the key.
    pub(crate) prepared: Prepared,
}

/// One of the primes of a private key, and what the exponentiation modulo it needs.
pub(crate) struct Prime {
    pub(crate) modulus: Modulus,
    /// The length of the prime in bits, which is public.
    pub(crate) bits: usize,
    /// dP or dQ, in as many limbs as the prime.
    pub(crate) exponent: Workspace,
    /// What brings a reduced number of the length of n into Montgomery's representation: with N
    /// limbs of n and L of the prime, 2^(64·(N + L)) modulo the prime, canonical.
    pub(crate) entry: Workspace,
    /// What units keep with the prime.
    pub(crate) prepared: Prepared,
}

impl PrivateKey {
    /// The key with these numbers, which are checked against each other in constant time:
    /// n = p·q; e·d, e·dP and e·dQ are 1 modulo p − 1 or q − 1; qInv·q is 1 modulo p; all are as
    /// small as RFC 8017, section 3.2, has them; and the primes are odd, different, and not close.
    ///
    /// Whether p and q are primes is not tested: it would take longer than some operations do. The
    /// check of each result against its input refuses what a composite makes wrong.
    ///
    /// The lengths in bits of the two primes are treated as public: they follow from the way keys
    /// are made, as a rule half those of the modulus, and the time of an operation depends on them.
    ///
    /// # Errors
    ///
    /// Those of [`PublicKey::new`], [`KeyError::Inconsistent`] or [`KeyError::ClosePrimes`]. What
    /// does not fit is not said: it would be a fact about secrets.
    pub fn new(parts: &PrivateKeyParts<'_>) -> Result<Self, KeyError> {
        let public = PublicKey::new(parts.modulus, parts.public_exponent)?;
        let p = read_prime(parts.prime_p, &public)?;
        let q = read_prime(parts.prime_q, &public)?;
        let n = public.montgomery().limbs();

        let mut product = Workspace::zeroed(p.limbs.len() + q.limbs.len());
        limbs::multiply(&mut product, &p.limbs, &q.limbs);
        let mut sound = limbs::equal(&product, n);

        let (private_exponent, fits) = read(parts.private_exponent, n.len());
        sound = sound.and(fits).and(limbs::less(&private_exponent, n));
        let exponent_p = read_exponent(parts.exponent_p, &p, &private_exponent, &public);
        let exponent_q = read_exponent(parts.exponent_q, &q, &private_exponent, &public);
        sound = sound.and(exponent_p.1).and(exponent_q.1);

        let (mut coefficient, fits) = read(parts.coefficient, p.limbs.len());
        sound = sound.and(fits).and(limbs::less(&coefficient, &p.limbs));
        // This refuses p = q, too: q would have no inverse.
        limbs::multiply(&mut product, &coefficient, &q.limbs);
        sound = sound.and(is_one_modulo(&product, &p.limbs));

        // Whether a key is one is not secret: the caller is told.
        if !sound.declassify() {
            return Err(KeyError::Inconsistent);
        }
        if are_close(&p.limbs, &q.limbs, public.bits()).declassify() {
            return Err(KeyError::ClosePrimes);
        }
        let (n_len, p_len) = (n.len(), p.limbs.len());
        let p = Prime::new(&p, exponent_p.0, n_len);
        let r_squared = p.modulus.r_squared();
        let mut wide = Workspace::zeroed(2 * p_len);
        p.modulus
            .multiply_canonical(&mut coefficient, r_squared, &mut wide);
        Ok(Self {
            p,
            q: Prime::new(&q, exponent_q.0, n_len),
            coefficient,
            prepared: Prepared::default(),
            public,
        })
    }

    /// The public half of the key.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }
}

/// Shows the public half alone.
impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

impl Prime {
    fn new(number: &Factor, exponent: Workspace, n_len: usize) -> Self {
        let modulus = Modulus::new(&number.limbs, number.bits);
        let entry = modulus.entry(n_len);
        Self {
            modulus,
            bits: number.bits,
            exponent,
            entry,
            prepared: Prepared::default(),
        }
    }

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

/// A factor of a modulus that is being checked.
struct Factor {
    limbs: Workspace,
    bits: usize,
}

/// Reads what must be a factor of the modulus, other than 1 and n. Its length in bits becomes
/// public.
///
/// That it is odd follows from n = p·q, since n is.
fn read_prime(bytes: &[u8], public: &PublicKey) -> Result<Factor, KeyError> {
    let (limbs, fits) = read(bytes, public.montgomery().len());
    let bits = declassified(limbs::bit_length(&limbs));
    let bits = usize::try_from(bits).unwrap_or(usize::MAX);
    if !fits.declassify() || bits < 2 || bits >= public.bits() {
        return Err(KeyError::Inconsistent);
    }
    let len = limbs::limbs_for(bits);
    Ok(Factor {
        limbs: limbs::copied(&limbs[..len], len),
        bits,
    })
}

/// Reads dP (or dQ), and tells whether it and d are inverses of e modulo p − 1 (or q − 1).
fn read_exponent(
    bytes: &[u8],
    prime: &Factor,
    private_exponent: &[u64],
    public: &PublicKey,
) -> (Workspace, Mask) {
    let mut order = limbs::copied(&prime.limbs, prime.limbs.len());
    limbs::sub_assign(&mut order, &[1]);
    let (exponent, fits) = read(bytes, order.len());
    let mut sound = fits.and(limbs::less(&exponent, &order));
    for exponent in [&*exponent, private_exponent] {
        let mut product = Workspace::zeroed(exponent.len() + 1);
        limbs::multiply(&mut product, exponent, &[public.exponent()]);
        sound = sound.and(is_one_modulo(&product, &order));
    }
    (exponent, sound)
}

fn is_one_modulo(x: &[u64], modulus: &[u64]) -> Mask {
    let mut remainder = Workspace::zeroed(modulus.len());
    limbs::remainder(&mut remainder, x, modulus);
    limbs::equal_small(&remainder, 1)
}

/// Whether |p − q| < 2^(bits/2 − 100).
fn are_close(p: &[u64], q: &[u64], bits: usize) -> Mask {
    let len = p.len().max(q.len());
    let mut p_less_q = limbs::copied(p, len);
    let mut q_less_p = limbs::copied(q, len);
    let borrow = Mask::from_bit(limbs::sub_assign(&mut p_less_q, q));
    limbs::sub_assign(&mut q_less_p, p);
    for (difference, negated) in p_less_q.iter_mut().zip(&*q_less_p) {
        *difference = borrow.select(*negated, *difference);
    }
    let limit = bits / 2 - 100;
    let (low, high) = p_less_q.split_at(limit / 64);
    debug_assert!(!low.is_empty());
    let (first, rest) = high.split_first().unwrap_or((&0, &[]));
    Mask::is_zero(
        rest.iter()
            .fold(first >> (limit % 64), |bits, limb| bits | limb),
    )
}

fn read(bytes: &[u8], len: usize) -> (Workspace, Mask) {
    let mut limbs = Workspace::zeroed(len);
    let fits = limbs::read(&mut limbs, bytes);
    (limbs, fits)
}

fn without_leading_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

fn bits(minimal: &[u8]) -> usize {
    minimal.first().map_or(0, |first| {
        8 * minimal.len() - first.leading_zeros() as usize
    })
}
