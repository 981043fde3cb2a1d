//! The way of a public operation, whatever computes its power.

use super::{Entry, PublicOperation};
use crate::arithmetic::limbs;
use crate::error::OperationError;
use crate::job::Raise;
use crate::key::PublicKey;
use crate::units::Unit;
use crate::workspace::Workspace;

/// Applies public keys (RSAEP and RSAVP1, RFC 8017, sections 5.1.1 and 5.2.2), all at once, by this
/// unit.
pub(crate) fn public(unit: Unit, entries: Vec<Entry<'_, PublicOperation<'_>>>) {
    let (mut numbers, mut places) = (Vec::new(), Vec::new());
    for Entry { operation, result } in entries {
        // 1. A number from 0 to n − 1.
        match Representative::read(operation.key, operation.input, operation.output.len()) {
            Ok(number) => {
                numbers.push(number);
                places.push((&mut operation.output, result));
            }
            Err(error) => *result = Err(error),
        }
    }
    // 2. c = mᵉ mod n.
    let mut raises: Vec<_> = numbers.iter_mut().map(Representative::raise).collect();
    unit.raise(&mut raises);
    // 3. Output c.
    for (number, (output, result)) in numbers.iter().zip(places) {
        number.write(output);
        *result = Ok(());
    }
}

/// What RFC 8017 calls a representative: a number that is less than the modulus. Then its power.
pub(super) struct Representative<'a> {
    key: &'a PublicKey,
    limbs: Workspace,
}

impl<'a> Representative<'a> {
    /// Reads an input. That it is out of range is not secret: the caller is told.
    pub(super) fn read(
        key: &'a PublicKey,
        input: &[u8],
        output_len: usize,
    ) -> Result<Self, OperationError> {
        if input.len() != key.size() || output_len != key.size() {
            return Err(OperationError::Length);
        }
        let modulus = key.montgomery();
        let mut x = Workspace::zeroed(modulus.len());
        limbs::read(&mut x, input);
        if limbs::less(&x, modulus.limbs()).declassify() {
            Ok(Self { key, limbs: x })
        } else {
            Err(OperationError::Range)
        }
    }

    /// What is to be computed before [`write`](Self::write).
    pub(super) fn raise(&mut self) -> Raise<'_> {
        Raise {
            key: self.key,
            number: &mut self.limbs,
            times: None,
        }
    }

    /// Writes the power.
    pub(super) fn write(&self, output: &mut [u8]) {
        limbs::write(output, &self.limbs);
    }
}
