//! Keys that stay in their token, by their `pkcs11:` URIs. Without the feature of that name they
//! are refused.

use std::path::PathBuf;

use pyo3::prelude::*;

use crate::errors::Failure;
use crate::file_name;

pub(crate) use found::Way;

#[cfg(feature = "pkcs11")]
mod found;

/// Forgets which PINs tokens have refused, so that they are tried again: after a token was
/// unlocked, or its PIN was changed to one that had been wrong.
///
/// Until then no PIN is tried on a token again that it has refused, by no key and no thread of this
/// process: tokens count, and lock.
#[pyfunction]
pub(crate) fn forget_refused_pins() {
    #[cfg(feature = "pkcs11")]
    flowseal_pkcs11::forget_refused_pins();
}

/// The file of a module, as an argument.
pub(crate) fn module(given: Option<&Bound<'_, PyAny>>) -> Result<Option<PathBuf>, Failure> {
    let Some(given) = given else {
        return Ok(None);
    };
    match given.extract::<PathBuf>() {
        Ok(path) if !file_name::is_bytes(given) => Ok(Some(path)),
        _ => {
            let kind = given.get_type().name()?;
            Err(file_name::type_error(format!(
                "a module is the path of a library, a str or an os.PathLike, and this is {kind}"
            )))
        }
    }
}

#[cfg(not(feature = "pkcs11"))]
mod found {
    //! Without the feature: one answer.

    use std::path::PathBuf;

    use flowseal::{DecryptingKey, Error, ErrorCode, RemoteKeyOptions, VerifyingKey};
    use pyo3::prelude::*;

    use crate::errors::Failure;
    use crate::input::Text;

    pub(crate) enum Way {}

    impl Way {
        pub(crate) fn new(
            _uri: &Text,
            _pin: Option<&Bound<'_, PyAny>>,
            _module: Option<PathBuf>,
            _initialisation: Option<Text>,
            _patience: Option<&Bound<'_, PyAny>>,
        ) -> Result<Self, Failure> {
            Err(Failure::new(
                ErrorCode::Usage,
                "this is a token's key, and this flowseal was built without the feature pkcs11: \
                 give a file, or build it with that feature",
            ))
        }

        pub(crate) fn decrypting_key(
            self,
            _sessions: Option<usize>,
            _options: RemoteKeyOptions,
        ) -> Result<DecryptingKey, Error> {
            match self {}
        }

        pub(crate) fn verifying_key(&self) -> Result<VerifyingKey, Error> {
            match *self {}
        }
    }
}
