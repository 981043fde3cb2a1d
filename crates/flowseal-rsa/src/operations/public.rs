//! The way of a public operation, whatever computes its power.

use crate::arithmetic::limbs;
use crate::units::vector::Raise;
use crate::workspace::Workspace;
use crate::{OperationError, PublicKey};

/// A number that is less than the modulus, and then its power.
pub(crate) struct Number<'a> {
    key: &'a PublicKey,
    limbs: Workspace,
}

impl<'a> Number<'a> {
    /// Reads an input. That it is out of range is not secret: the caller is told.
    pub(crate) fn read(
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
    pub(crate) fn raise(&mut self) -> Raise<'_> {
        Raise {
            key: self.key,
            number: &mut self.limbs,
        }
    }

    /// Writes the power.
    pub(crate) fn write(&self, output: &mut [u8]) {
        limbs::write(output, &self.limbs);
    }
}
