//! The way of a private operation, whatever computes its powers: its seven steps, and below them
//! what each does. Each type is a state that only the step before it can reach, and only the last
//! can write an output.

use super::blinding::{Pair, Pool};
use super::{Entry, PrivateOperation};
use crate::arithmetic::limbs;
use crate::ct::Mask;
use crate::error::OperationError;
use crate::job::{Half, Raise};
use crate::key::{PrivateKey, PublicKey};
use crate::probe::{self, LeftOut, Stage};
use crate::units::Unit;
use crate::workspace::{Workspace, wipe_stack};

/// Applies private keys, all at once, by this unit: RSADP and RSASP1 of RFC 8017, sections 5.1.2
/// and 5.2.1, whose steps 1, 2.b.i, 2.b.iii with iv, and 3 are 1, 3, 4 and 7 here. With 2, 5 and 6
/// nobody learns from the time what a power was raised to, nor sees a result that is wrong.
pub(crate) fn private(
    unit: Unit,
    entries: Vec<Entry<'_, PrivateOperation<'_>>>,
    left_out: LeftOut,
) {
    let (mut blinded, mut places) = (Vec::new(), Vec::new());
    for Entry { operation, result } in entries {
        // 1. Range: c is a number from 2 to n − 2.
        let input = Input::read(operation.key, operation.input, operation.output.len());
        // 2. Blind: c' = c · rᵉ mod n.
        match input.and_then(|c| c.blind(&mut blinded, left_out)) {
            Ok(c) => {
                blinded.push(c);
                places.push((&mut operation.output, result));
            }
            Err(error) => *result = Err(error),
        }
    }
    // 3. Two halves: m1 = c'^dP mod p, m2 = c'^dQ mod q.
    let mut halves: Vec<_> = blinded.iter_mut().flat_map(Blinded::halves).collect();
    unit.power(&mut halves);
    // 4. Recombine: h = (m1 − m2) · qInv mod p, m' = m2 + q · h.
    let recombined = blinded.into_iter().map(Blinded::recombine);
    // 5. Unblind: m = m' · r⁻¹ mod n.
    let mut unchecked: Vec<_> = recombined.map(Recombined::unblind).collect();
    // 6. Check: m < n and mᵉ mod n = c.
    let mut checks: Vec<_> = unchecked.iter_mut().map(Unchecked::check).collect();
    if !left_out.check() {
        unit.raise(&mut checks);
    }
    wipe_stack();
    // 7. Release: output m, or nothing where the check fails.
    for (unchecked, (output, result)) in unchecked.into_iter().zip(places) {
        *result = unchecked.release(output, left_out);
    }
}

/// An input that may be operated on: of the right length, and neither 0, 1, n − 1 nor beyond.
pub(super) struct Input<'a> {
    key: &'a PrivateKey,
    limbs: Workspace,
}

impl<'a> Input<'a> {
    /// Reads an input. Inputs are public, and so is what they are refused for.
    pub(super) fn read(
        key: &'a PrivateKey,
        input: &[u8],
        output_len: usize,
    ) -> Result<Self, OperationError> {
        if output_len != key.public().size() {
            return Err(OperationError::Length);
        }
        let limbs = read_input(key.public(), input)?;
        Ok(Self { key, limbs })
    }

    /// Blinds the input: with the pair that follows the one of the last of the earlier operations
    /// under the same key, or else with a pair of the key.
    fn blind(
        self,
        earlier: &mut [Blinded<'a>],
        left_out: LeftOut,
    ) -> Result<Blinded<'a>, OperationError> {
        if left_out.blinding() {
            return Ok(self.with_pair(None));
        }
        let following = earlier
            .iter_mut()
            .rfind(|earlier| std::ptr::eq(earlier.key, self.key))
            .and_then(|earlier| {
                let following = earlier.pair.as_ref()?.following(self.key.public())?;
                earlier.pair_goes_back = false;
                Some(following)
            });
        let pair = match following {
            Some(pair) => pair,
            None => Pool::of(self.key).take(self.key.public())?,
        };
        Ok(self.blind_with(pair))
    }

    /// Blinds the input with this pair.
    pub(super) fn blind_with(self, pair: Pair) -> Blinded<'a> {
        self.with_pair(Some(pair))
    }

    fn with_pair(self, pair: Option<Pair>) -> Blinded<'a> {
        let Self { key, limbs } = self;
        let n = key.public().montgomery();
        let mut blinded = limbs::copied(&limbs, n.len());
        if let Some(pair) = &pair {
            let mut wide = Workspace::zeroed(2 * n.len());
            n.multiply_canonical(&mut blinded, pair.factor(), &mut wide);
        }
        probe::reached(Stage::Blinded, &mut blinded, n.limbs());
        Blinded {
            key,
            pair,
            pair_goes_back: true,
            input: limbs,
            blinded,
            m1: Workspace::zeroed(key.p.modulus.len()),
            m2: Workspace::zeroed(key.q.modulus.len()),
        }
    }
}

/// The limbs of an input that may be operated on under this key.
pub(super) fn read_input(key: &PublicKey, input: &[u8]) -> Result<Workspace, OperationError> {
    if input.len() != key.size() {
        return Err(OperationError::Length);
    }
    let n = key.montgomery().limbs();
    let mut c = Workspace::zeroed(n.len());
    limbs::read(&mut c, input);
    let mut last = limbs::copied(n, n.len());
    limbs::sub_assign(&mut last, &[1]);
    let trivial = limbs::equal_small(&c, 0).or(limbs::equal_small(&c, 1));
    match limbs::less(&c, &last).and(trivial.not()).declassify() {
        true => Ok(c),
        false => Err(OperationError::Range),
    }
}

/// A blinded input c', and room for its powers modulo the primes.
pub(super) struct Blinded<'a> {
    key: &'a PrivateKey,
    /// None only where the probe leaves blinding out.
    pair: Option<Pair>,
    /// Pairs that others were made from do not go back to the key: they would be used twice.
    pair_goes_back: bool,
    input: Workspace,
    blinded: Workspace,
    /// c'^dP mod p.
    m1: Workspace,
    /// c'^dQ mod q.
    m2: Workspace,
}

impl<'a> Blinded<'a> {
    /// What is to be computed before [`recombine`](Self::recombine).
    pub(super) fn halves(&mut self) -> [Half<'_>; 2] {
        let input = &self.blinded;
        let half = |prime, result| Half {
            prime,
            input,
            result,
        };
        [
            half(&self.key.p, &mut self.m1),
            half(&self.key.q, &mut self.m2),
        ]
    }

    /// Puts the halves together (Garner): h = (m1 − m2) · qInv mod p, m' = m2 + h · q.
    pub(super) fn recombine(mut self) -> Recombined<'a> {
        let key = self.key;
        let (p, q, n) = (&key.p.modulus, &key.q.modulus, key.public().montgomery());
        probe::reached(Stage::HalfP, &mut self.m1, p.limbs());
        probe::reached(Stage::HalfQ, &mut self.m2, q.limbs());
        let mut wide = Workspace::zeroed(2 * n.len());

        // qInv is in Montgomery's representation, m1 and m2 are not: neither are the products.
        let h = &mut self.m1;
        p.multiply_canonical(h, &key.coefficient, &mut wide);
        // Any number that fits the limbs of p is reduced enough.
        let mut m2_modulo_p = if q.len() <= p.len() {
            limbs::copied(&self.m2, p.len())
        } else {
            let mut m2 = key.p.enter(&limbs::copied(&self.m2, n.len()), &mut wide);
            p.leave(&mut m2, &mut wide);
            m2
        };
        p.multiply_canonical(&mut m2_modulo_p, &key.coefficient, &mut wide);
        let borrow = limbs::sub_assign(h, &m2_modulo_p);
        limbs::add_masked(h, p.limbs(), Mask::from_bit(borrow));
        probe::reached(Stage::Difference, h, p.limbs());

        let mut product = Workspace::zeroed(p.len() + q.len());
        limbs::multiply(&mut product, h, q.limbs());
        limbs::add_assign(&mut product, &self.m2);
        // m' < n: what lies above the limbs of n is zero.
        let mut result = limbs::copied(&product[..n.len()], n.len());
        probe::reached(Stage::Recombined, &mut result, n.limbs());
        Recombined {
            key,
            pair: self.pair,
            pair_goes_back: self.pair_goes_back,
            input: self.input,
            result,
        }
    }
}

/// m', a result that is still blinded.
pub(super) struct Recombined<'a> {
    key: &'a PrivateKey,
    pair: Option<Pair>,
    pair_goes_back: bool,
    input: Workspace,
    result: Workspace,
}

impl<'a> Recombined<'a> {
    /// Takes the blinding off: m = m' · r⁻¹ mod n.
    pub(super) fn unblind(mut self) -> Unchecked<'a> {
        let n = self.key.public().montgomery();
        if let Some(pair) = &self.pair {
            let mut wide = Workspace::zeroed(2 * n.len());
            n.multiply_canonical(&mut self.result, pair.inverse(), &mut wide);
        }
        probe::reached(Stage::Unblinded, &mut self.result, n.limbs());
        Unchecked {
            key: self.key,
            pair: self.pair.filter(|_| self.pair_goes_back),
            input: self.input,
            check: limbs::copied(&self.result, n.len()),
            result: self.result,
        }
    }
}

/// A result that may be wrong, and would then reveal the key to whoever sees it.
pub(super) struct Unchecked<'a> {
    key: &'a PrivateKey,
    pair: Option<Pair>,
    input: Workspace,
    result: Workspace,
    check: Workspace,
}

impl Unchecked<'_> {
    /// What is to be computed before [`release`](Self::release).
    pub(super) fn check(&mut self) -> Raise<'_> {
        Raise {
            key: self.key.public(),
            number: &mut self.check,
            times: None,
        }
    }

    /// Writes the result if the public exponent has led it back to the input.
    pub(super) fn release(
        self,
        output: &mut [u8],
        left_out: LeftOut,
    ) -> Result<(), OperationError> {
        let n = self.key.public().montgomery().limbs();
        let sound = limbs::equal(&self.check, &self.input).and(limbs::less(&self.result, n));
        // Whether the engine failed is not secret: the caller is told.
        if !left_out.check() && !sound.declassify() {
            // Nothing is known about the pair: it is dropped.
            return Err(OperationError::Fault);
        }
        if let Some(pair) = self.pair {
            Pool::of(self.key).put_back(pair);
        }
        limbs::write(output, &self.result);
        Ok(())
    }
}
