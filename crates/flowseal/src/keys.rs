//! Keys in their roles: one that verifies is not one that opens.

mod app_key;
mod container;
mod decrypting;
mod encryption;
mod halves;
mod jwk;
mod listed;
mod pem;
mod pss;
mod remote;
mod ring;
mod set;
mod signers;
mod verifying;
mod weak;

pub use app_key::{AppKey, AppKeyOptions};
pub use decrypting::{DecryptingKey, DecryptingKeyOptions};
pub(crate) use halves::Halves;
pub use listed::{KeyFileEntry, KeyFileKind};
pub use remote::{KeyHolder, RawOperation, RemoteKeyOptions};
pub use ring::KeyRing;
pub use set::VerifyingKeys;
pub(crate) use signers::Signers;
pub use verifying::{VerifyingKey, VerifyingKeyOptions};

use crate::error::{Error, ErrorCode};
use crate::shown::refusal;

/// A refusal from the engine, in the words of this library.
fn key_error(error: flowseal_rsa::KeyError) -> Error {
    use flowseal_rsa::KeyError;

    let code = match error {
        KeyError::Size | KeyError::Exponent => ErrorCode::KeySize,
        KeyError::ClosePrimes => ErrorCode::KeyWeak,
        _ => ErrorCode::KeyInvalid,
    };
    refusal(
        code,
        "{}: make a new key, or export this one again",
        [error.into()],
    )
}
