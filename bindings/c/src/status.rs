//! The statuses: the core's codes by their numbers, and those of this library's own.

use std::ffi::{CStr, c_char};

use flowseal::ErrorCode;

pub use crate::codes::flowseal_status;

/// What kind of answer a status wants, for programs that do not care for each.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_code_class {
    /// None: the call is done, or the status is one of a newer version of this library.
    None = 0,
    /// The caller's own code, configuration or keys have to be corrected: it will not pass by
    /// itself.
    Caller = 1,
    /// What was received is not what it should be: look at where it comes from.
    Response = 2,
    /// What was received is understood, and must not be accepted.
    Refused = 3,
    /// It is over, and nobody's fault: start over if the person wants to.
    Ended = 4,
    /// It may pass by itself: try again later.
    Retry = 5,
    /// The machine, a module or this library has failed: nothing was released.
    Fault = 6,
}

/// What is said of a status, on every occasion.
pub(crate) struct Said {
    pub(crate) status: flowseal_status,
    pub(crate) name: &'static CStr,
    pub(crate) class: flowseal_code_class,
    pub(crate) http_status: u16,
    pub(crate) cause: &'static CStr,
    pub(crate) mend: &'static CStr,
    pub(crate) message: &'static CStr,
}

/// What is said of a number that is of a newer version.
const UNKNOWN: Said = Said {
    status: flowseal_status::Panic,
    name: c"unknown",
    class: flowseal_code_class::None,
    http_status: 500,
    cause: c"A status of a newer version of this library.",
    mend: c"See its documentation.",
    message: c"a status of a newer version of this library: see its documentation",
};

impl flowseal_status {
    /// The core's code. One that is not listed here, which the test below rules out, would be a
    /// defect.
    pub(crate) fn of(code: ErrorCode) -> Self {
        said(code.number()).status
    }

    /// What a caller can do about misuse; errors of the core come with sentences of their own.
    pub(crate) fn sentence(self) -> &'static str {
        said(self.number()).message.to_str().unwrap_or_default()
    }

    fn number(self) -> u32 {
        self as u32
    }
}

fn said(number: u32) -> &'static Said {
    let mut all = flowseal_status::ALL.iter();
    let found = all.find(|said| said.status.number() == number);
    found.unwrap_or(&UNKNOWN)
}

/// The name of a status, such as `signature_invalid`: the same as in Rust, Python and the command.
///
/// @param status A number, of this enum or not.
/// @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
///     this version does not know. Never NULL.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_status_name(status: u32) -> *const c_char {
    said(status).name.as_ptr()
}

/// What a status means and what to do, as sentences that hold for every occasion; an error's own
/// says more.
///
/// @param status A number, of this enum or not.
/// @return Text that ends with a NUL and lives as long as the library. Never NULL.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_status_message(status: u32) -> *const c_char {
    said(status).message.as_ptr()
}

/// What is so, as a sentence: the first half of what a status means.
///
/// @param status A number, of this enum or not.
/// @return Text that ends with a NUL and lives as long as the library. Never NULL.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_status_cause(status: u32) -> *const c_char {
    said(status).cause.as_ptr()
}

/// What to do, as a sentence: the other half. The sentence of an error knows more of its case.
///
/// @param status A number, of this enum or not.
/// @return Text that ends with a NUL and lives as long as the library. Never NULL.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_status_mend(status: u32) -> *const c_char {
    said(status).mend.as_ptr()
}

/// What kind of answer a status wants.
///
/// @param status A number, of this enum or not.
/// @return The class.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_status_class(status: u32) -> flowseal_code_class {
    said(status).class
}

/// What a web service may answer its own caller with, such as 502. A suggestion: never show that
/// caller which check of a flow failed.
///
/// @param status A number, of this enum or not.
/// @return A status of HTTP.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_status_http(status: u32) -> u16 {
    said(status).http_status
}

/// The version of this library, such as `0.1.0`.
///
/// @return Text that ends with a NUL and lives as long as the library. Never NULL.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => c"",
        };
    VERSION.as_ptr()
}

/// The version of the header, for the preprocessor; that of the library is flowseal_version().
pub const FLOWSEAL_VERSION_MAJOR: u32 = 0;
/// The second number of the header's version.
pub const FLOWSEAL_VERSION_MINOR: u32 = 1;
/// The third number of the header's version.
pub const FLOWSEAL_VERSION_PATCH: u32 = 0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_core_is_a_status_of_the_same_name_and_number() {
        for code in ErrorCode::ALL {
            let status = flowseal_status::of(*code);
            assert_eq!(status.number(), code.number());
            assert_eq!(
                said(code.number()).name.to_bytes(),
                code.as_str().as_bytes()
            );
        }
    }

    #[test]
    fn a_status_says_what_the_cores_code_says() {
        for code in ErrorCode::ALL {
            let said = said(code.number());
            let class = format!("{:?}", said.class).to_lowercase();
            assert_eq!(class, code.class().as_str(), "{code}");
            assert_eq!(said.http_status, code.http_status(), "{code}");
            let plain = |text: &str| text.replace('`', "").into_bytes();
            assert_eq!(said.cause.to_bytes(), plain(code.cause()), "{code}");
            assert_eq!(said.mend.to_bytes(), plain(code.mend()), "{code}");
        }
        assert_eq!(flowseal_status_class(0), flowseal_code_class::None);
        assert_eq!(flowseal_status_class(83), flowseal_code_class::Caller);
        assert_eq!(
            (flowseal_status_http(0), flowseal_status_http(9999)),
            (200, 500)
        );
    }

    #[test]
    fn the_core_stays_out_of_this_librarys_range() {
        let own = |code: &&ErrorCode| (80..100).contains(&code.number());
        assert_eq!(ErrorCode::ALL.iter().find(own), None);
        let listed = flowseal_status::ALL.len();
        assert_eq!(listed, ErrorCode::ALL.len() + 12, "a status is not named");
    }

    #[test]
    fn every_status_has_a_sentence() {
        for said in flowseal_status::ALL {
            assert!(said.message.count_bytes() > 3, "{:?}", said.status);
        }
        let moved = flowseal_status::HandleNone.sentence();
        assert!(moved.contains("moved from"), "{moved}");
    }

    #[test]
    fn the_header_says_the_version_of_the_library() {
        let header = [
            FLOWSEAL_VERSION_MAJOR,
            FLOWSEAL_VERSION_MINOR,
            FLOWSEAL_VERSION_PATCH,
        ];
        let header = header.map(|number| number.to_string());
        assert_eq!(header.join("."), env!("CARGO_PKG_VERSION"));
    }
}
