//! How the tests call an entry and take what it gives.

use std::ffi::{CStr, c_char, c_void};
use std::ptr::null_mut;

use flowseal_ffi::error::{flowseal_error, flowseal_error_message};
use flowseal_ffi::flow::{flowseal_flow, flowseal_flow_from_json};
use flowseal_ffi::flowseal_slice;
use flowseal_ffi::status::flowseal_status;

/// Calls an entry.
macro_rules! call {
    ($entry:ident($($argument:expr),* $(,)?)) => {{
        // SAFETY: every pointer leads to a value of the caller's that lives through the call, and
        // every length is that of what it leads to.
        unsafe { $entry($($argument),*) }
    }};
}
pub(crate) use call;

/// Calls an entry whose last output is a place of this type: what was put there, or why not.
macro_rules! made {
    ($out:expr; $entry:ident($($argument:expr),* $(,)?)) => {{
        let mut place = $out;
        match $crate::call::call!($entry($($argument,)* &raw mut place)) {
            flowseal_ffi::status::flowseal_status::Ok => Ok(place),
            refused => Err(refused),
        }
    }};
}
pub(crate) use made;

/// Calls an entry whose last two outputs are a place of this type and an error.
macro_rules! tried {
    ($out:expr; $entry:ident($($argument:expr),* $(,)?)) => {{
        let mut place = $out;
        let mut error = flowseal_ffi::error::flowseal_error { id: 0 };
        match $crate::call::call!($entry($($argument,)* &raw mut place, &raw mut error)) {
            flowseal_ffi::status::flowseal_status::Ok => Ok(place),
            _ => Err(error),
        }
    }};
}
pub(crate) use tried;

/// The text or the bytes that an entry writes.
macro_rules! written {
    ($entry:ident($($argument:expr),* $(,)?)) => {
        $crate::call::filled(|buffer, capacity, len| {
            $crate::call::call!($entry($($argument,)* buffer.cast(), capacity, len))
        })
    };
}
pub(crate) use written;

/// The same as text.
macro_rules! text {
    ($($call:tt)*) => {
        $crate::call::written!($($call)*).map(|bytes| String::from_utf8(bytes).unwrap())
    };
}
pub(crate) use text;

/// Fills a buffer of the length that is asked for first.
pub(crate) fn filled(
    entry: impl Fn(*mut u8, usize, *mut usize) -> flowseal_status,
) -> Result<Vec<u8>, flowseal_status> {
    let mut len = 0;
    match entry(null_mut(), 0, &raw mut len) {
        flowseal_status::Ok | flowseal_status::ShortBuffer => {}
        refused => return Err(refused),
    }
    let mut bytes = vec![0; len];
    match entry(bytes.as_mut_ptr(), len, &raw mut len) {
        flowseal_status::Ok => Ok(bytes),
        refused => Err(refused),
    }
}

pub(crate) fn slice(text: &str) -> flowseal_slice {
    flowseal_slice {
        data: text.as_ptr().cast::<c_void>(),
        len: text.len(),
    }
}

pub(crate) fn flow(json: &str) -> flowseal_flow {
    let read =
        tried!(flowseal_flow { id: 0 }; flowseal_flow_from_json(json.as_ptr().cast(), json.len()));
    read.map_err(message).unwrap()
}

pub(crate) fn message(error: flowseal_error) -> String {
    text!(flowseal_error_message(error)).unwrap()
}

/// A name that the library has.
pub(crate) fn named(name: *const c_char) -> &'static str {
    // SAFETY: it is a text of the library's that ends with a NUL and stays.
    unsafe { CStr::from_ptr(name) }.to_str().unwrap()
}
