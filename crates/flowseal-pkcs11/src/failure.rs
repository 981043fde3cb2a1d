//! Why a token does not do what it was asked: a code of the library's, and a sentence.

use std::fmt;

use cryptoki::context::Function;
use cryptoki::error::{Error as CryptokiError, RvError};
use flowseal::{Error, ErrorCode};

/// An error on its way to the caller, which several may be told of.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) code: ErrorCode,
    pub(crate) sentence: String,
}

impl Failure {
    pub(crate) fn new(code: ErrorCode, sentence: impl Into<String>) -> Self {
        Self {
            code,
            sentence: sentence.into(),
        }
    }

    pub(crate) fn unavailable(sentence: impl Into<String>) -> Self {
        Self::new(ErrorCode::KeyUnavailable, sentence)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::new(failure.code, failure.sentence)
    }
}

/// A call that a module refused.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    call: String,
    /// The code that was returned; `None` where none was.
    pub(crate) code: Option<RvError>,
    what: String,
}

impl Trouble {
    pub(crate) fn of(function: Function, code: RvError) -> Self {
        Self {
            call: format!("C_{function:?}"),
            code: Some(code),
            what: name(code),
        }
    }

    /// The module did what no module may, or lacks a function.
    pub(crate) fn odd(call: &str, what: &str) -> Self {
        Self {
            call: call.to_owned(),
            code: None,
            what: what.to_owned(),
        }
    }

    pub(crate) fn is(&self, code: RvError) -> bool {
        self.code == Some(code)
    }
}

impl From<CryptokiError> for Trouble {
    fn from(error: CryptokiError) -> Self {
        match error {
            CryptokiError::Pkcs11(code, function) => Self::of(function, code),
            CryptokiError::NullFunctionPointer => Self::odd("the module", "lacks a function"),
            other => Self::odd("the module", &other.to_string()),
        }
    }
}

/// Why something was not done.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Said in a sentence already.
    Failure(Failure),
    /// A call was refused.
    Trouble(Trouble),
    /// No call was made: the module was initialised anew since, or belongs to another process.
    Stale,
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<CryptokiError> for Stop {
    fn from(error: CryptokiError) -> Self {
        Self::Trouble(error.into())
    }
}

/// `C_OpenSession: CKR_DEVICE_ERROR`
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.call, self.what)
    }
}

/// The name that the standard gives a code.
fn name(code: RvError) -> String {
    match code {
        RvError::VendorDefined(number) => format!("CKR_VENDOR_DEFINED {number:#x}"),
        RvError::UnknownErrorCode(number) => {
            format!("{number:#x}, which the standard does not know")
        }
        known => {
            let mut name = "CKR".to_owned();
            for letter in format!("{known:?}").chars() {
                if letter.is_ascii_uppercase() {
                    name.push('_');
                }
                name.push(letter.to_ascii_uppercase());
            }
            name
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_names_of_the_standard() {
        for (code, expected) in [
            (RvError::DeviceError, "CKR_DEVICE_ERROR"),
            (
                RvError::CryptokiNotInitialized,
                "CKR_CRYPTOKI_NOT_INITIALIZED",
            ),
            (RvError::PinIncorrect, "CKR_PIN_INCORRECT"),
            (RvError::SlotIdInvalid, "CKR_SLOT_ID_INVALID"),
            (
                RvError::VendorDefined(0x8000_0001),
                "CKR_VENDOR_DEFINED 0x80000001",
            ),
        ] {
            assert_eq!(name(code), expected);
        }
        let trouble = Trouble::of(Function::OpenSession, RvError::SessionCount);
        assert_eq!(trouble.to_string(), "C_OpenSession: CKR_SESSION_COUNT");
    }
}
