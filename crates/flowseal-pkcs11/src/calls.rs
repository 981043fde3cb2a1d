//! The calls that `cryptoki` does not let be made as they have to be; all the unsafe code there is.
//!
//! - A key that is `CKA_ALWAYS_AUTHENTICATE` takes a login between `C_DecryptInit` and `C_Decrypt`:
//!   `Session::decrypt` makes both at once, and tokens have RSA in one part alone.
//! - What comes out of `C_Decrypt` is a secret: it goes into the caller's memory, which is wiped,
//!   instead of into a new vector, and without asking for the length first, which is k.
//! - Modules such as NSS's softokn take a text with `C_Initialize`.
//!
//! Beside them stands what a thread has to say before it calls a module that writes to a socket.
//!
//! `cryptoki` does not give its list of functions away, and a module is asked for it once more.
//! Those of p11-kit make a new one each time, with an initialisation, sessions and, of its server's
//! client, a connection of its own. So whatever computes does all of it by the list that is here,
//! and where that is another one than `cryptoki`'s it is initialised, logged in to and searched as
//! well.
#![allow(unsafe_code)]

use std::ffi::{CString, c_void};
#[cfg(unix)]
use std::mem::MaybeUninit;
use std::path::Path;
use std::ptr::{self, NonNull};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Function, Pkcs11};
use cryptoki::error::{Rv, RvError};
use cryptoki::object::Attribute;
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki_sys::{
    CK_ATTRIBUTE, CK_C_INITIALIZE_ARGS, CK_FUNCTION_LIST, CK_MECHANISM, CK_OBJECT_HANDLE, CK_RV,
    CK_SESSION_HANDLE, CK_SESSION_INFO, CK_TOKEN_INFO, CK_ULONG, CK_VERSION, CKF_SERIAL_SESSION,
    CKM_RSA_X_509, CKS_RO_USER_FUNCTIONS, CKS_RW_USER_FUNCTIONS,
};
use flowseal::SecretText;

use crate::failure::{Stop, Trouble};

/// A module's functions.
pub(crate) struct Calls {
    functions: CK_FUNCTION_LIST,
    /// Where its code begins: two names that lead here are one module.
    entry: usize,
    /// `cryptoki` has another list, and what is found or logged in there is not so here.
    is_apart: bool,
    /// Keeps the code loaded that `functions` points into.
    _library: cryptoki_sys::Pkcs11,
}

/// A session that computes. It is closed by whoever opened it, and not when it is dropped: after a
/// fork nobody may.
pub(crate) struct Computing(CK_SESSION_HANDLE);

/// A private key, as a session that computes names it.
#[derive(Clone, Copy)]
pub(crate) struct KeyHandle(CK_OBJECT_HANDLE);

impl KeyHandle {
    /// The same key in a list that both have.
    pub(crate) fn of(handle: cryptoki::object::ObjectHandle) -> Self {
        Self(handle.handle())
    }
}

/// A function of the list, or that the module lacks it.
macro_rules! function {
    ($calls:ident.$name:ident) => {
        $calls
            .functions
            .$name
            .ok_or_else(|| Trouble::odd(stringify!($name), "the module does not have it"))
    };
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
        // SAFETY: the module says that a list stands there, for as long as it is loaded, and each
        // begins with its version. It may be packed, so it is read without a reference.
        let version = unsafe { first.as_ptr().cast::<CK_VERSION>().read_unaligned() };
        if !is_whole(version) {
            let (major, minor) = (version.major, version.minor);
            let what = format!(
                "it is of version {major}.{minor:02} of the standard, and 2.01 or later is needed"
            );
            return Err(Trouble::odd("C_GetFunctionList", &what));
        }
        Ok(Self {
            entry: (*function as *const ()).addr(),
            is_apart: first != list()?,
            // SAFETY: as above, and of this version it is as long as this type.
            functions: unsafe { first.as_ptr().read_unaligned() },
            _library: library,
        })
    }

    /// Whether both are of one module, under whatever names it was loaded.
    pub(crate) fn is_of_one_module(&self, other: &Self) -> bool {
        self.entry == other.entry
    }

    /// Whether a key that `cryptoki` has found has to be found here again.
    pub(crate) fn is_apart(&self) -> bool {
        self.is_apart
    }

    /// Initialises the module for several threads, with a text where it wants one.
    pub(crate) fn initialize(
        &self,
        pkcs11: &Pkcs11,
        text: Option<&CString>,
    ) -> Result<(), Trouble> {
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
        pkcs11.initialize(arguments)?;
        if self.is_apart {
            let initialize = function!(self.C_Initialize)?;
            let mut arguments = CK_C_INITIALIZE_ARGS::from(arguments);
            // SAFETY: the arguments are those of above, and live as long as the call.
            let returned = unsafe { initialize((&raw mut arguments).cast()) };
            match result(returned, Function::Initialize) {
                Err(trouble) if !trouble.is(RvError::CryptokiAlreadyInitialized) => {
                    let _ = pkcs11.clone().finalize();
                    return Err(trouble);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Ends what [`initialize`](Self::initialize) began. What the module says to that changes
    /// nothing for anyone.
    pub(crate) fn finalize(&self, pkcs11: &Pkcs11) {
        if let (true, Some(finalize)) = (self.is_apart, self.functions.C_Finalize) {
            // SAFETY: the standard wants a null pointer here. Nobody is in a call of this list's.
            let _ = unsafe { finalize(ptr::null_mut()) };
        }
        let _ = pkcs11.clone().finalize();
    }

    /// A session that computes, for the token of this label and serial number.
    pub(crate) fn open(&self, slot: Slot, label: &str, serial: &str) -> Result<Computing, Trouble> {
        let slot = usize::try_from(slot.id()).map(CK_ULONG::try_from);
        let slot = slot
            .ok()
            .and_then(Result::ok)
            .ok_or_else(|| Trouble::odd("C_GetSlotList", "a number of a slot that is none"))?;
        if self.is_apart {
            // Slots may be counted otherwise.
            let mut info = CK_TOKEN_INFO::default();
            let token_info = function!(self.C_GetTokenInfo)?;
            // SAFETY: there is room for what it writes.
            let returned = unsafe { token_info(slot, &raw mut info) };
            result(returned, Function::GetTokenInfo)?;
            let is = |field: &[u8], name: &str| field.trim_ascii_end() == name.as_bytes();
            if !is(&info.label, label) || !is(&info.serialNumber, serial) {
                let (call, code) = (Function::GetTokenInfo, RvError::TokenNotPresent);
                return Err(Trouble::of(call, code));
            }
        }
        let open = function!(self.C_OpenSession)?;
        let mut session = 0;
        let none = ptr::null_mut();
        // SAFETY: there is room for a number. Nothing is to be notified, so nothing is passed on.
        let returned = unsafe { open(slot, CKF_SERIAL_SESSION, none, None, &raw mut session) };
        result(returned, Function::OpenSession)?;
        Ok(Computing(session))
    }

    /// Closes a session; one that is gone already is let go without a word.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "nobody computes in it afterwards"
    )]
    pub(crate) fn close(&self, session: Computing) {
        if let Some(close) = self.functions.C_CloseSession {
            // SAFETY: a number; the module says whether it is one of its sessions'.
            let _ = unsafe { close(session.0) };
        }
    }

    /// A session of `cryptoki`'s as one that computes, for as long as it lives. Nothing where it is
    /// of another list.
    pub(crate) fn shared(&self, session: &Session) -> Option<Computing> {
        (!self.is_apart).then(|| Computing(session.handle()))
    }

    /// Whether the user is logged in to the token of this session.
    pub(crate) fn is_logged_in(&self, session: &Computing) -> bool {
        let Some(session_info) = self.functions.C_GetSessionInfo else {
            return false;
        };
        let mut info = CK_SESSION_INFO::default();
        // SAFETY: there is room for what it writes.
        let returned = unsafe { session_info(session.0, &raw mut info) };
        let is_user = [CKS_RO_USER_FUNCTIONS, CKS_RW_USER_FUNCTIONS].contains(&{ info.state });
        result(returned, Function::GetSessionInfo).is_ok() && is_user
    }

    /// Logs in; without a PIN where the token has a place of its own to type it.
    pub(crate) fn log_in(
        &self,
        session: &Computing,
        user: UserType,
        pin: Option<&SecretText>,
    ) -> Result<(), Trouble> {
        let login = function!(self.C_Login)?;
        let pin = pin.map(|pin| pin.expose_secret().as_bytes());
        let length = length(pin.unwrap_or_default())?;
        let pin = pin.map_or(ptr::null_mut(), |pin| pin.as_ptr().cast_mut());
        // SAFETY: the PIN is as long as is said; the standard has it read and not written.
        let returned = unsafe { login(session.0, user.into(), pin, length) };
        result(returned, Function::Login)
    }

    /// The one object that has these attributes.
    pub(crate) fn find(
        &self,
        session: &Computing,
        likeness: &[Attribute],
    ) -> Result<KeyHandle, Trouble> {
        let begin = function!(self.C_FindObjectsInit)?;
        let find = function!(self.C_FindObjects)?;
        let end = function!(self.C_FindObjectsFinal)?;
        let mut template: Vec<_> = likeness.iter().map(CK_ATTRIBUTE::from).collect();
        let count = CK_ULONG::try_from(template.len()).unwrap_or_default();
        // SAFETY: so many attributes, each of which points into `likeness`, which is read alone.
        let returned = unsafe { begin(session.0, template.as_mut_ptr(), count) };
        result(returned, Function::FindObjectsInit)?;
        let (mut found, mut count) = ([0; 2], 0);
        // SAFETY: there is room for two handles, and for how many they are.
        let returned = unsafe { find(session.0, found.as_mut_ptr(), 2, &raw mut count) };
        // SAFETY: as above; a search that was begun is ended, whatever came of it.
        let ended = unsafe { end(session.0) };
        result(returned, Function::FindObjects)?;
        result(ended, Function::FindObjectsFinal)?;
        match (count, found) {
            (1, [key, _]) => Ok(KeyHandle(key)),
            _ => {
                let what = "another session does not find the key that one has found";
                Err(Trouble::odd("C_FindObjects", what))
            }
        }
    }

    /// A copy of a key that is this session's alone; nothing where the token makes none.
    pub(crate) fn copy(&self, session: &Computing, key: KeyHandle) -> Option<KeyHandle> {
        let copy = self.functions.C_CopyObject?;
        let in_session = Attribute::Token(false);
        let (mut template, mut copied) = (CK_ATTRIBUTE::from(&in_session), 0);
        // SAFETY: one attribute, whose value lives as long as the call, and room for a handle.
        let returned = unsafe { copy(session.0, key.0, &raw mut template, 1, &raw mut copied) };
        result(returned, Function::CopyObject)
            .is_ok()
            .then_some(KeyHandle(copied))
    }

    /// RSA-X-509 of one number of k bytes, into `output` of k bytes. Where a login is asked for
    /// each operation, `login` makes it when the operation has begun.
    ///
    /// Whatever goes wrong, the session may have an operation open: it is good for nothing but to
    /// be closed.
    pub(crate) fn decrypt<F: FnOnce() -> Result<(), Stop>>(
        &self,
        session: &Computing,
        key: KeyHandle,
        input: &[u8],
        output: &mut [u8],
        login: Option<F>,
    ) -> Result<(), Stop> {
        let init = function!(self.C_DecryptInit)?;
        let decrypt = function!(self.C_Decrypt)?;
        let mut mechanism = CK_MECHANISM {
            mechanism: CKM_RSA_X_509,
            pParameter: ptr::null_mut(),
            ulParameterLen: 0,
        };
        // SAFETY: the mechanism takes no parameter and lives as long as the call.
        let returned = unsafe { init(session.0, &raw mut mechanism, key.0) };
        result(returned, Function::DecryptInit)?;
        if let Some(login) = login {
            login()?;
        }

        let mut written = length(output)?;
        // SAFETY: both buffers are as long as is said; the standard has the first one read and not
        // written.
        let returned = unsafe {
            decrypt(
                session.0,
                input.as_ptr().cast_mut(),
                length(input)?,
                output.as_mut_ptr(),
                &raw mut written,
            )
        };
        result(returned, Function::Decrypt)?;
        // A number may come without its leading zeros. Whether it is right is the core's to judge.
        let written = usize::try_from(written).unwrap_or(usize::MAX);
        let missing = output
            .len()
            .checked_sub(written)
            .ok_or_else(|| Trouble::odd("C_Decrypt", "more bytes than there is room for"))?;
        output.rotate_right(missing);
        output.iter_mut().take(missing).for_each(|byte| *byte = 0);
        Ok(())
    }
}

/// Has this thread write to what is closed and be told, as Rust's programs do: others end by it.
/// A module writes to its server where it is called, and what calls one here is a thread of this
/// crate's own.
pub(crate) fn outlive_pipes() {
    #[cfg(unix)]
    // SAFETY: a set of signals of this function's own, which is empty before it is read, and what
    // is changed is this thread's alone.
    unsafe {
        let mut pipe = MaybeUninit::uninit();
        libc::sigemptyset(pipe.as_mut_ptr());
        libc::sigaddset(pipe.as_mut_ptr(), libc::SIGPIPE);
        libc::pthread_sigmask(libc::SIG_BLOCK, pipe.as_ptr(), ptr::null_mut());
    }
}

/// Whether a list of this version has all functions in their places: before 2.01 the last one was
/// missing, and of 1.0 the order is another one. Later ones have more behind them.
fn is_whole(version: CK_VERSION) -> bool {
    (version.major, version.minor) >= (2, 1)
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
