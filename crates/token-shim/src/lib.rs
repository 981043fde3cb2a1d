//! A PKCS#11 module for tests: forwards to the one that `TOKEN_SHIM_MODULE` names, and spoils what
//! the file `TOKEN_SHIM_ORDERS` says, a word a line.
//!
//! | order | |
//! |---|---|
//! | `decrypt=wrong` | one bit of what `C_Decrypt` gives is flipped |
//! | `decrypt=late` | `C_Decrypt` does not return until the order is taken back |
//! | `decrypt=0x30` | `C_Decrypt` does as it should and returns this |
//! | `open=0xb1` | so does `C_OpenSession`, without opening one |
//! | `sessions=2` | no more sessions are opened than that |
//! | `login=0xa0` | `C_Login` is not made and returns this |
//! | `login=late` | `C_Login` is not made before the order is taken back |
//! | `context=0xa0` | so is a login for an operation |
//! | `copy=0x5` | so does `C_CopyObject`, which makes no copy |
//! | `raw=no` | `C_GetMechanismList` leaves `CKM_RSA_X_509` out |
//! | `gone` | every call but `C_Initialize` and `C_Finalize` says that the token was removed |
//! | `gone=4` | so it is once `C_Decrypt` was called so often |
//! | `version=2.0` | the list of functions says this version, if it is loaded with that order |
//!
//! Each `C_Login` is an `l` in the file `TOKEN_SHIM_COUNTS`, each login for an operation a `c`,
//! each session that is opened an `o`, closed an `x`, each copy of an object that is made a `y`,
//! and each `C_Decrypt` a `d`.

#![allow(unsafe_code)]
#![allow(
    clippy::missing_safety_doc,
    non_snake_case,
    reason = "the standard names them"
)]

use std::ffi::c_void;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use cryptoki_sys::{
    CK_ATTRIBUTE_PTR, CK_BBOOL, CK_BYTE_PTR, CK_FLAGS, CK_FUNCTION_LIST, CK_FUNCTION_LIST_PTR_PTR,
    CK_MECHANISM_TYPE_PTR, CK_NOTIFY, CK_OBJECT_HANDLE, CK_OBJECT_HANDLE_PTR, CK_RV,
    CK_SESSION_HANDLE, CK_SESSION_HANDLE_PTR, CK_SESSION_INFO_PTR, CK_SLOT_ID, CK_SLOT_ID_PTR,
    CK_TOKEN_INFO_PTR, CK_ULONG, CK_ULONG_PTR, CK_USER_TYPE, CK_VERSION, CKM_RSA_PKCS,
    CKM_RSA_X_509, CKR_DEVICE_REMOVED, CKR_GENERAL_ERROR, CKR_OK, CKR_SESSION_COUNT,
    CKR_TOKEN_NOT_PRESENT, CKU_CONTEXT_SPECIFIC, Pkcs11,
};

struct Behind {
    _library: Pkcs11,
    real: CK_FUNCTION_LIST,
    ours: CK_FUNCTION_LIST,
}

static BEHIND: OnceLock<Option<Behind>> = OnceLock::new();
static SESSIONS: AtomicUsize = AtomicUsize::new(0);

/// The one function that a module exports.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetFunctionList(list: CK_FUNCTION_LIST_PTR_PTR) -> CK_RV {
    match BEHIND.get_or_init(load) {
        Some(behind) if !list.is_null() => {
            // SAFETY: the caller gives a place for a pointer; it is not written through.
            unsafe { *list = (&raw const behind.ours).cast_mut() };
            CKR_OK
        }
        _ => CKR_GENERAL_ERROR,
    }
}

fn load() -> Option<Behind> {
    let path = std::env::var_os("TOKEN_SHIM_MODULE")?;
    let mut list = std::ptr::null_mut();
    // SAFETY: a test names a module, whose list stays for as long as it is loaded.
    let (library, real) = unsafe {
        let library = Pkcs11::new(path).ok()?;
        let function = library.C_GetFunctionList.as_ref().ok()?;
        if function(&raw mut list) != CKR_OK || list.is_null() {
            return None;
        }
        (library, list.read_unaligned())
    };
    let version = order("version").and_then(|version| {
        let (major, minor) = version.split_once('.')?;
        let (major, minor) = (major.parse().ok()?, minor.parse().ok()?);
        Some(CK_VERSION { major, minor })
    });
    let ours = CK_FUNCTION_LIST {
        version: version.unwrap_or(real.version),
        C_GetFunctionList: Some(C_GetFunctionList),
        C_GetSlotList: Some(slot_list),
        C_GetTokenInfo: Some(token_info),
        C_GetMechanismList: Some(mechanism_list),
        C_CopyObject: Some(copy_object),
        C_OpenSession: Some(open_session),
        C_CloseSession: Some(close_session),
        C_GetSessionInfo: Some(session_info),
        C_Login: Some(login),
        C_Decrypt: Some(decrypt),
        C_Finalize: Some(finalize),
        ..real
    };
    Some(Behind {
        _library: library,
        real,
        ours,
    })
}

/// The module behind. There is one wherever a function of ours is called.
fn real() -> Option<&'static CK_FUNCTION_LIST> {
    BEHIND.get()?.as_ref().map(|behind| &behind.real)
}

/// What was ordered under this name.
fn order(name: &str) -> Option<String> {
    let orders = std::fs::read_to_string(std::env::var_os("TOKEN_SHIM_ORDERS")?).ok()?;
    orders.lines().find_map(|line| {
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        (key == name).then(|| value.to_owned())
    })
}

fn code(name: &str) -> Option<CK_RV> {
    CK_RV::from_str_radix(order(name)?.strip_prefix("0x")?, 16).ok()
}

fn count(letter: &str) {
    let file: Option<File> = std::env::var_os("TOKEN_SHIM_COUNTS")
        .and_then(|path| OpenOptions::new().create(true).append(true).open(path).ok());
    if let Some(mut file) = file {
        let _ = file.write_all(letter.as_bytes());
    }
}

fn is_gone() -> bool {
    let Some(after) = order("gone") else {
        return false;
    };
    let counts = std::env::var_os("TOKEN_SHIM_COUNTS").map(std::fs::read_to_string);
    let counts = counts.and_then(Result::ok).unwrap_or_default();
    counts.matches('d').count() >= after.parse().unwrap_or_default()
}

macro_rules! forward {
    ($function:ident($($argument:expr),*)) => {
        match real().and_then(|real| real.$function) {
            // SAFETY: what the caller gave, to the function that it is for.
            Some(function) => unsafe { function($($argument),*) },
            None => CKR_GENERAL_ERROR,
        }
    };
}

unsafe extern "C" fn slot_list(
    present: CK_BBOOL,
    list: CK_SLOT_ID_PTR,
    count: CK_ULONG_PTR,
) -> CK_RV {
    if is_gone() {
        // SAFETY: the caller gives a place for a number.
        unsafe { *count = 0 };
        return CKR_OK;
    }
    forward!(C_GetSlotList(present, list, count))
}

unsafe extern "C" fn token_info(slot: CK_SLOT_ID, info: CK_TOKEN_INFO_PTR) -> CK_RV {
    if is_gone() {
        return CKR_TOKEN_NOT_PRESENT;
    }
    forward!(C_GetTokenInfo(slot, info))
}

unsafe extern "C" fn mechanism_list(
    slot: CK_SLOT_ID,
    list: CK_MECHANISM_TYPE_PTR,
    count: CK_ULONG_PTR,
) -> CK_RV {
    let returned = forward!(C_GetMechanismList(slot, list, count));
    if returned == CKR_OK && !list.is_null() && order("raw").is_some() {
        // SAFETY: the module behind has written so many there.
        let written =
            unsafe { std::slice::from_raw_parts_mut(list, usize::try_from(*count).unwrap_or(0)) };
        // Twice what is there anyway, since no place may be left empty.
        let raw = written.iter_mut().filter(|one| **one == CKM_RSA_X_509);
        raw.for_each(|one| *one = CKM_RSA_PKCS);
    }
    returned
}

unsafe extern "C" fn copy_object(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    template: CK_ATTRIBUTE_PTR,
    length: CK_ULONG,
    copied: CK_OBJECT_HANDLE_PTR,
) -> CK_RV {
    if let Some(code) = code("copy") {
        return code;
    }
    let returned = forward!(C_CopyObject(session, object, template, length, copied));
    if returned == CKR_OK {
        count("y");
    }
    returned
}

unsafe extern "C" fn session_info(session: CK_SESSION_HANDLE, info: CK_SESSION_INFO_PTR) -> CK_RV {
    if is_gone() {
        return CKR_DEVICE_REMOVED;
    }
    forward!(C_GetSessionInfo(session, info))
}

unsafe extern "C" fn open_session(
    slot: CK_SLOT_ID,
    flags: CK_FLAGS,
    application: *mut c_void,
    notify: CK_NOTIFY,
    session: CK_SESSION_HANDLE_PTR,
) -> CK_RV {
    if is_gone() {
        return CKR_TOKEN_NOT_PRESENT;
    }
    if let Some(code) = code("open") {
        return code;
    }
    let most = order("sessions").and_then(|most| most.parse().ok());
    if most.is_some_and(|most: usize| SESSIONS.load(Ordering::SeqCst) >= most) {
        return CKR_SESSION_COUNT;
    }
    let returned = forward!(C_OpenSession(slot, flags, application, notify, session));
    if returned == CKR_OK {
        SESSIONS.fetch_add(1, Ordering::SeqCst);
        count("o");
    }
    returned
}

unsafe extern "C" fn close_session(session: CK_SESSION_HANDLE) -> CK_RV {
    // Also where the token is gone: the module behind must not keep it.
    let returned = forward!(C_CloseSession(session));
    if returned == CKR_OK {
        SESSIONS.fetch_sub(1, Ordering::SeqCst);
        count("x");
    }
    returned
}

unsafe extern "C" fn finalize(reserved: *mut c_void) -> CK_RV {
    SESSIONS.store(0, Ordering::SeqCst);
    forward!(C_Finalize(reserved))
}

unsafe extern "C" fn login(
    session: CK_SESSION_HANDLE,
    user: CK_USER_TYPE,
    pin: CK_BYTE_PTR,
    length: CK_ULONG,
) -> CK_RV {
    let (letter, name) = match user {
        CKU_CONTEXT_SPECIFIC => ("c", "context"),
        _ => ("l", "login"),
    };
    count(letter);
    if is_gone() {
        return CKR_DEVICE_REMOVED;
    }
    while order(name).as_deref() == Some("late") {
        thread::sleep(Duration::from_millis(5));
    }
    if let Some(code) = code(name) {
        // Whoever does not wait for the first try to end makes the second one meanwhile.
        thread::sleep(Duration::from_millis(50));
        return code;
    }
    forward!(C_Login(session, user, pin, length))
}

unsafe extern "C" fn decrypt(
    session: CK_SESSION_HANDLE,
    input: CK_BYTE_PTR,
    input_length: CK_ULONG,
    output: CK_BYTE_PTR,
    output_length: CK_ULONG_PTR,
) -> CK_RV {
    let was_gone = is_gone();
    count("d");
    if was_gone {
        return CKR_DEVICE_REMOVED;
    }
    while order("decrypt").as_deref() == Some("late") {
        thread::sleep(Duration::from_millis(5));
    }
    let returned = forward!(C_Decrypt(
        session,
        input,
        input_length,
        output,
        output_length
    ));
    if let Some(code) = code("decrypt") {
        return code;
    }
    if order("decrypt").as_deref() == Some("wrong") && returned == CKR_OK && !output.is_null() {
        // SAFETY: the module behind has written so many bytes there.
        unsafe { *output.add(usize::try_from(*output_length).unwrap_or(1) - 1) ^= 1 };
    }
    returned
}
