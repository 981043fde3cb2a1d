//! The way of a private operation, whatever computes its powers: each type is a state that only the
//! step before it can reach, and only the last can write an output.

use crate::arithmetic::limbs;
use crate::ct::Mask;
use crate::operations::blinding::Pair;
use crate::units::vector::{Half, Raise};
use crate::workspace::Workspace;
use crate::{OperationError, PrivateKey};

/// The places where a test injects a fault.
macro_rules! strike {
    ($stage:ident, $limbs:expr, $modulus:expr) => {
        #[cfg(flowseal_hooks)]
        crate::hooks::strike(crate::hooks::Stage::$stage, $limbs, $modulus.limbs());
    };
}

/// An input that may be operated on: of the right length, and neither 0, 1, n − 1 nor beyond.
pub(crate) struct Input<'a> {
    key: &'a PrivateKey,
    limbs: Workspace,
}

impl<'a> Input<'a> {
    /// Reads an input. Inputs are public, and so is what they are refused for.
    pub(crate) fn read(
        key: &'a PrivateKey,
        input: &[u8],
        output_len: usize,
    ) -> Result<Self, OperationError> {
        let size = key.public().size();
        if input.len() != size || output_len != size {
            return Err(OperationError::Length);
        }
        let n = key.public().montgomery().limbs();
        let mut c = Workspace::zeroed(n.len());
        limbs::read(&mut c, input);
        let mut last = limbs::copied(n, n.len());
        limbs::sub_assign(&mut last, &[1]);
        let trivial = limbs::equal_small(&c, 0).or(limbs::equal_small(&c, 1));
        if limbs::less(&c, &last).and(trivial.not()).declassify() {
            Ok(Self { key, limbs: c })
        } else {
            Err(OperationError::Range)
        }
    }

    /// Blinds the input: with the pair that follows the one of the last of the earlier operations under
    /// the same key, or else with a pair of the key.
    pub(crate) fn blind(self, earlier: &mut [Blinded<'a>]) -> Result<Blinded<'a>, OperationError> {
        let following = earlier
            .iter_mut()
            .rfind(|earlier| std::ptr::eq(earlier.key, self.key))
            .and_then(|earlier| {
                let following = earlier.pair.following(self.key.public())?;
                earlier.pair_goes_back = false;
                Some(following)
            });
        let pair = match following {
            Some(pair) => pair,
            None => self.key.blinding.take(self.key.public())?,
        };
        Ok(self.blind_with(pair))
    }

    /// Goes on as it is; only to be [joined](Blinded::join).
    #[cfg(flowseal_hooks)]
    pub(crate) fn leave_unblinded(self) -> Blinded<'a> {
        let Self { key, limbs } = self;
        let blinded = limbs::copied(&limbs, limbs.len());
        Blinded::new(key, Pair::of_one(key.public()), limbs, blinded)
    }

    /// Blinds the input with this pair.
    pub(crate) fn blind_with(self, pair: Pair) -> Blinded<'a> {
        let Self { key, limbs } = self;
        let n = key.public().montgomery();
        let mut wide = Workspace::zeroed(2 * n.len());
        let mut blinded = limbs::copied(&limbs, n.len());
        n.multiply_canonical(&mut blinded, pair.factor(), &mut wide);
        strike!(Blinded, &mut blinded, n);
        Blinded::new(key, pair, limbs, blinded)
    }
}

/// A blinded input c', and room for its powers modulo the primes.
pub(crate) struct Blinded<'a> {
    key: &'a PrivateKey,
    pair: Pair,
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
    fn new(key: &'a PrivateKey, pair: Pair, input: Workspace, blinded: Workspace) -> Self {
        Self {
            key,
            pair,
            pair_goes_back: true,
            input,
            blinded,
            m1: Workspace::zeroed(key.p.modulus.len()),
            m2: Workspace::zeroed(key.q.modulus.len()),
        }
    }

    /// What is to be computed before [`recombine`](Self::recombine).
    pub(crate) fn halves(&mut self) -> [Half<'_>; 2] {
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

    /// Puts the halves together and takes the blinding off: m = m' · r⁻¹ mod n.
    pub(crate) fn recombine(mut self) -> Unchecked<'a> {
        let n = self.key.public().montgomery();
        let mut result = self.join();
        strike!(Recombined, &mut result, n);
        let mut wide = Workspace::zeroed(2 * n.len());
        n.multiply_canonical(&mut result, self.pair.inverse(), &mut wide);
        strike!(Unblinded, &mut result, n);
        Unchecked {
            key: self.key,
            pair: self.pair_goes_back.then_some(self.pair),
            input: self.input,
            check: limbs::copied(&result, n.len()),
            result,
        }
    }

    /// Puts the halves together (Garner): h = (m1 − m2) · qInv mod p, m' = m2 + h · q.
    pub(crate) fn join(&mut self) -> Workspace {
        strike!(HalfP, &mut self.m1, self.key.p.modulus);
        strike!(HalfQ, &mut self.m2, self.key.q.modulus);
        let key = self.key;
        let (p, q, n) = (&key.p.modulus, &key.q.modulus, key.public().montgomery());
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
        strike!(Difference, h, p);

        let mut product = Workspace::zeroed(p.len() + q.len());
        limbs::multiply(&mut product, h, q.limbs());
        limbs::add_assign(&mut product, &self.m2);
        // m' < n: what lies above the limbs of n is zero.
        limbs::copied(&product[..n.len()], n.len())
    }
}

/// A result that may be wrong, and would then reveal the key to whoever sees it.
pub(crate) struct Unchecked<'a> {
    key: &'a PrivateKey,
    pair: Option<Pair>,
    input: Workspace,
    result: Workspace,
    check: Workspace,
}

impl Unchecked<'_> {
    /// What is to be computed before [`release`](Self::release).
    pub(crate) fn check(&mut self) -> Raise<'_> {
        Raise {
            key: self.key.public(),
            number: &mut self.check,
        }
    }

    /// Writes the result if the public exponent has led it back to the input.
    pub(crate) fn release(self, output: &mut [u8]) -> Result<(), OperationError> {
        let n = self.key.public().montgomery().limbs();
        let sound = limbs::equal(&self.check, &self.input).and(limbs::less(&self.result, n));
        // Whether the engine failed is not secret: the caller is told.
        if !sound.declassify() {
            // Nothing is known about the pair: it is dropped.
            return Err(OperationError::Fault);
        }
        if let Some(pair) = self.pair {
            self.key.blinding.put_back(pair);
        }
        limbs::write(output, &self.result);
        Ok(())
    }

    /// Writes the result, right or wrong.
    #[cfg(flowseal_hooks)]
    pub(crate) fn release_unchecked(self, output: &mut [u8]) {
        limbs::write(output, &self.result);
    }
}
