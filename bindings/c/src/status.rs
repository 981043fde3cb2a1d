//! The statuses: the core's codes by their numbers, and those of this library's own.

use std::ffi::{CStr, c_char};

use flowseal::ErrorCode;

pub use crate::codes::flowseal_status;

impl flowseal_status {
    /// The core's code. One that is not listed here, which the test below rules out, would be a
    /// defect.
    pub(crate) fn of(code: ErrorCode) -> Self {
        Self::numbered(code.number()).map_or(Self::Panic, |(status, ..)| *status)
    }

    /// What a caller can do about misuse; errors of the core come with sentences of their own.
    pub(crate) fn sentence(self) -> &'static str {
        let found = Self::numbered(self.number());
        found.map_or("", |(.., sentence)| sentence.to_str().unwrap_or_default())
    }

    fn numbered(number: u32) -> Option<&'static (Self, &'static CStr, &'static CStr)> {
        Self::ALL
            .iter()
            .find(|(status, ..)| status.number() == number)
    }

    fn number(self) -> u32 {
        self as u32
    }
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
    let found = flowseal_status::numbered(status);
    found.map_or(c"unknown", |(_, name, _)| name).as_ptr()
}

/// What a status means and what to do, as sentences that hold for every occasion; an error's own says
/// more.
///
/// @param status A number, of this enum or not.
/// @return Text that ends with a NUL and lives as long as the library. Never NULL.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_status_message(status: u32) -> *const c_char {
    const UNKNOWN: &CStr = c"a status of a newer version of this library: see its documentation";
    let found = flowseal_status::numbered(status);
    found.map_or(UNKNOWN, |(.., sentence)| sentence).as_ptr()
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
            let name = flowseal_status::numbered(code.number()).map(|(_, name, _)| name.to_bytes());
            assert_eq!(name, Some(code.as_str().as_bytes()));
        }
    }

    #[test]
    fn the_core_stays_out_of_this_librarys_range() {
        let own = |code: &&ErrorCode| (80..100).contains(&code.number());
        assert_eq!(ErrorCode::ALL.iter().find(own), None);
        let listed = flowseal_status::ALL.len();
        assert_eq!(listed, ErrorCode::ALL.len() + 11, "a status is not named");
    }

    #[test]
    fn every_status_has_a_sentence() {
        for (status, _, sentence) in flowseal_status::ALL {
            assert!(sentence.count_bytes() > 3, "{status:?}");
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
