//! The calls that `cryptoki` does not let be made as they have to be; all the unsafe code there is.
//!
//! - A key that is `CKA_ALWAYS_AUTHENTICATE` takes a login between `C_DecryptInit` and `C_Decrypt`:
//!   `Session::decrypt` makes both at once, and tokens have RSA in one part alone.
//! - What comes out of `C_Decrypt` is a secret: it goes into the caller's memory, which is wiped,
//!   instead of into a new vector, and without asking for the length first, which is k.
//! - Modules such as NSS's softokn take a text with `C_Initialize`.
//!
//! `cryptoki` does not give its list of functions away, and a module is asked for it once more.
//! Those of p11-kit make a new one each time, with sessions of its own: there, `Session::decrypt`
//! has to do, and what it returns is wiped.
#![allow(unsafe_code)]

use std::ffi::{CString, c_void};
use std::path::Path;
use std::ptr::{self, NonNull};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Function, Pkcs11};
use cryptoki::error::Rv;
use cryptoki::mechanism::Mechanism;
use cryptoki::object::ObjectHandle;
use cryptoki::session::Session;
use cryptoki_sys::{CK_FUNCTION_LIST, CK_MECHANISM, CK_RV, CK_ULONG, CKM_RSA_X_509};
use zeroize::Zeroize as _;

use crate::failure::{Failure, Stop, Trouble};

/// A module's functions.
pub(crate) struct Calls {
    /// `None` where every list has sessions of its own.
    functions: Option<CK_FUNCTION_LIST>,
    /// Keeps the code loaded that `functions` points into.
    _library: cryptoki_sys::Pkcs11,
}

impl Calls {
    /// The functions of a module that [`Pkcs11::new`] has loaded already: loading it again gives
    /// the same code and runs none of it.
    pub(crate) fn of(path: &Path) -> Result<Self, Trouble> {
        let lacks = || Trouble::odd("C_GetFunctionList", "the module does not have it");
        // SAFETY: the file is loaded already, so that no code of its own runs now.
        let library = unsafe { cryptoki_sys::Pkcs11::new(path) }.map_err(|_| lacks())?;
        let function = library.C_GetFunctionList.as_ref().map_err(|_| lacks())?;
        let list = || {
            let mut list: *mut CK_FUNCTION_LIST = ptr::null_mut();
            // SAFETY: the standard (PKCS#11, section 5.4) lets it be called before C_Initialize,
            // with a place for one pointer.
            let returned = unsafe { function(&raw mut list) };
            result(returned, Function::GetFunctionList)?;
            NonNull::new(list).ok_or_else(lacks)
        };
        let first = list()?;
        let is_the_one = first == list()?;
        Ok(Self {
            // SAFETY: the module says that a list stands there, for as long as it is loaded. It may
            // be packed, so it is read without a reference.
            functions: is_the_one.then(|| unsafe { first.as_ptr().read_unaligned() }),
            _library: library,
        })
    }

    /// Initialises the module for several threads, with a text where it wants one.
    pub(crate) fn initialize(pkcs11: &Pkcs11, text: Option<&CString>) -> Result<(), Trouble> {
        let flags = CInitializeFlags::OS_LOCKING_OK;
        let arguments = match text {
            None => CInitializeArgs::new(flags),
            // SAFETY: what modules read there is a text that ends in a zero. It lives until the
            // call is over, and longer: it is the module's own for the rest of the process.
            Some(text) => unsafe {
                let text = NonNull::new_unchecked(text.as_ptr().cast_mut());
                CInitializeArgs::new_with_reserved(flags, text.cast::<c_void>())
            },
        };
        pkcs11.initialize(arguments).map_err(Trouble::from)
    }

    /// RSA-X-509 of one number of k bytes, into `output` of k bytes. Where a login is asked for
    /// each operation, `login` makes it when the operation has begun.
    ///
    /// Whatever goes wrong, the session may have an operation open: it is good for nothing but to
    /// be closed.
    pub(crate) fn decrypt<F: FnOnce() -> Result<(), Stop>>(
        &self,
        session: &Session,
        key: ObjectHandle,
        input: &[u8],
        output: &mut [u8],
        login: Option<F>,
    ) -> Result<(), Stop> {
        let Some(functions) = &self.functions else {
            if login.is_some() {
                return Err(no_login_between().into());
            }
            let mut result = session.decrypt(&Mechanism::RsaX509, key, input)?;
            let fits = result.len() <= output.len();
            if fits {
                let missing = output.len() - result.len();
                output
                    .iter_mut()
                    .skip(missing)
                    .zip(&result)
                    .for_each(|(place, byte)| *place = *byte);
            }
            result.zeroize();
            return match fits {
                true => Ok(()),
                false => Err(too_long().into()),
            };
        };
        let lacks = || Trouble::odd("C_Decrypt", "the module does not have it");
        let init = functions.C_DecryptInit.ok_or_else(lacks)?;
        let decrypt = functions.C_Decrypt.ok_or_else(lacks)?;
        let mut mechanism = CK_MECHANISM {
            mechanism: CKM_RSA_X_509,
            pParameter: ptr::null_mut(),
            ulParameterLen: 0,
        };
        // SAFETY: the mechanism takes no parameter and lives as long as the call. Session as above.
        let returned = unsafe { init(session.handle(), &raw mut mechanism, key.handle()) };
        result(returned, Function::DecryptInit)?;
        if let Some(login) = login {
            login()?;
        }

        let mut written = length(output)?;
        // SAFETY: both buffers are as long as is said; the standard has the first one read and not
        // written. Session as above.
        let returned = unsafe {
            decrypt(
                session.handle(),
                input.as_ptr().cast_mut(),
                length(input)?,
                output.as_mut_ptr(),
                &raw mut written,
            )
        };
        result(returned, Function::Decrypt)?;
        // A number may come without its leading zeros. Whether it is right is the core's to judge.
        let written = usize::try_from(written).unwrap_or(usize::MAX);
        let missing = output.len().checked_sub(written).ok_or_else(too_long)?;
        output.rotate_right(missing);
        output.iter_mut().take(missing).for_each(|byte| *byte = 0);
        Ok(())
    }
}

fn too_long() -> Trouble {
    Trouble::odd("C_Decrypt", "more bytes than there is room for")
}

fn no_login_between() -> Failure {
    Failure::unavailable(
        "the key asks for a login for each operation (CKA_ALWAYS_AUTHENTICATE), which cannot be \
         made through p11-kit: name the token's own module",
    )
}

fn length(bytes: &[u8]) -> Result<CK_ULONG, Trouble> {
    CK_ULONG::try_from(bytes.len()).map_err(|_| Trouble::odd("the module", "takes less than that"))
}

fn result(returned: CK_RV, function: Function) -> Result<(), Trouble> {
    match Rv::from(returned) {
        Rv::Ok => Ok(()),
        Rv::Error(code) => Err(Trouble::of(function, code)),
    }
}
