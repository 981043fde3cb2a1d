//! The statuses: the core's codes by their numbers, and those of this library's own.

use std::ffi::{CStr, c_char};

use flowseal::ErrorCode;

pub use crate::codes::flowseal_status;

impl flowseal_status {
    /// The core's code. One that is not listed here, which the test below rules out, would be a
    /// defect.
    pub(crate) fn of(code: ErrorCode) -> Self {
        let known = Self::NAMES.iter().map(|(status, _)| *status);
        let mut known = known.filter(|status| status.number() == code.number());
        known.next().unwrap_or(Self::Panic)
    }

    /// What a caller can do about misuse; the core's codes come with sentences of their own.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::HandleNone => "the handle is zero: give one that a call has written",
            Self::HandleType => {
                "the handle is of another type: give one of the type in the prototype"
            }
            Self::HandleStale => {
                "the handle was freed, or is not of this library in this process: make a new one"
            }
            Self::Pointer => {
                "a pointer is NULL or misaligned, or a length is impossible: give what the header asks for"
            }
            Self::ShortBuffer => {
                "the buffer is too short: give as many bytes as were written to the length"
            }
            Self::NotUtf8 => "the text is not UTF-8: convert it",
            Self::Index => "the index is at or above the count: ask for the count first",
            Self::Absent => "what was asked for is not there",
            Self::HandlesExhausted => "16777216 handles are in use: free those that are done",
            Self::Panic => "a defect of this library was met: please report it",
            _ => "",
        }
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
    let mut names = flowseal_status::NAMES.iter();
    let name = names.find(|(known, _)| known.number() == status);
    name.map_or(c"unknown", |(_, name)| name).as_ptr()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_core_is_a_status_of_the_same_name_and_number() {
        for code in ErrorCode::ALL {
            let status = flowseal_status::of(*code);
            assert_eq!(status.number(), code.number());
            let name = flowseal_status::NAMES
                .iter()
                .find(|(known, _)| *known == status);
            assert_eq!(
                name.map(|(_, name)| name.to_bytes()),
                Some(code.as_str().as_bytes())
            );
        }
    }

    #[test]
    fn the_core_stays_out_of_this_librarys_range() {
        let own = |code: &&ErrorCode| (80..100).contains(&code.number());
        assert_eq!(ErrorCode::ALL.iter().find(own), None);
        let listed = flowseal_status::NAMES.len();
        assert_eq!(listed, ErrorCode::ALL.len() + 11, "a status is not named");
    }
}
