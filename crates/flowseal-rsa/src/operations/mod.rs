//! What an operation goes through, from its input to its output, whatever computes its powers: the
//! engine says which unit does.
//!
//! | job | file |
//! |---|---|
//! | a private operation in seven steps | `private` |
//! | the numbers that blind it | `blinding` |
//! | a private operation that somebody else computes | `remote` |
//! | a public operation | `public` |
//! | known answers, before a unit is used for the first time | `self_test` |

mod blinding;
mod private;
mod public;
pub(crate) mod remote;
pub(crate) mod self_test;

pub(crate) use private::private;
pub(crate) use public::public;
pub use remote::{Blinding, RemoteAnswer, RemoteInput, RemoteOperation};

use core::fmt;

use crate::error::OperationError;
use crate::key::{PrivateKey, PublicKey};

/// One application of a private key: RSADP or RSASP1 of RFC 8017, sections 5.1.2 and 5.2.1.
pub struct PrivateOperation<'a> {
    /// The key to apply.
    pub key: &'a PrivateKey,
    /// A big-endian number of exactly [`PublicKey::size`] bytes: a ciphertext, or an encoded
    /// message to sign.
    pub input: &'a [u8],
    /// Where the result goes, of the same length. It is written on success only, and holds zeros
    /// after an error. It is secret where the operation decrypts: wiping it is the caller's task.
    pub output: &'a mut [u8],
}

/// One application of a public key: RSAEP or RSAVP1 of RFC 8017, sections 5.1.1 and 5.2.2.
pub struct PublicOperation<'a> {
    /// The key to apply.
    pub key: &'a PublicKey,
    /// A big-endian number of exactly [`PublicKey::size`] bytes: an encoded message to seal, or a
    /// signature.
    pub input: &'a [u8],
    /// Where the result goes, of the same length. It is written on success only, and holds zeros
    /// after an error.
    pub output: &'a mut [u8],
}

/// An operation of a batch, and its result.
pub(crate) struct Entry<'a, T> {
    pub(crate) operation: &'a mut T,
    pub(crate) result: &'a mut Result<(), OperationError>,
}

/// Shows the key alone: the input of one operation can be the secret of another.
impl fmt::Debug for PrivateOperation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateOperation")
            .field("key", self.key)
            .finish_non_exhaustive()
    }
}

/// Shows the key alone: the input may be a message that is about to be sealed.
impl fmt::Debug for PublicOperation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicOperation")
            .field("key", self.key)
            .finish_non_exhaustive()
    }
}
