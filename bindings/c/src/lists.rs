//! Lists that are closed, as enums: a number that is not of the list is a status, and a name that
//! the core has is a text of this library's.

use std::ffi::{CStr, c_char};

use flowseal::{Check, FlowState, Padding};

use crate::error::Failure;
use crate::status::flowseal_status;

/// What a verification looks at.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_check {
    /// The e-signature is valid over the statement.
    Signature = 1,
    /// The claims are under the signature.
    ClaimsSigned = 2,
    /// The reference is the expected one.
    Reference = 3,
    /// The requester is the expected one.
    Requester = 4,
    /// The requestee is the expected one.
    Requestee = 5,
    /// The mode is the expected one.
    Mode = 6,
    /// The flow is not marked as cancelled. Nobody signs this.
    NotCancelled = 7,
    /// The time of signing is possible: not before `iat`, not in the future, but for the leeway.
    SignedAt = 8,
    /// The signature is young enough.
    Age = 9,
    /// Every claim of the flow was asked for.
    ClaimsRequested = 10,
    /// The flow came by a session of the caller's own, from the API. Not asked of any other flow.
    Received = 11,
}

/// How far a flow has come, as it shows from outside.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_state {
    /// No device has picked it up yet.
    Pending = 1,
    /// A device has picked it up; the person has not responded yet.
    OnSession = 2,
    /// It has an e-signature or claims.
    Complete = 3,
    /// It was cancelled: its result is void.
    Cancelled = 4,
}

/// An RSA encryption scheme of RFC 8017, section 7.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_padding {
    /// `rsaes-pkcs1-v1_5`: what pasby documents.
    Pkcs1V15 = 1,
    /// `rsaes-oaep-sha256`: SHA-256, MGF1 with SHA-256, an empty label.
    OaepSha256 = 2,
    /// `rsaes-oaep-sha1`: SHA-1, MGF1 with SHA-1, an empty label.
    OaepSha1 = 3,
    /// `rsaes-oaep-sha256-mgf1-sha1`: SHA-256, MGF1 with SHA-1, an empty label, as Java has it
    /// unless it is told otherwise.
    OaepSha256Mgf1Sha1 = 4,
}

/// A list's rows: C's value with its number, the core's, the name.
type Rows<C, T> = &'static [(C, u32, T, &'static CStr)];

macro_rules! rows {
    ($list:ident, $core:ident: $($variant:ident $of:ident $name:literal),* $(,)?) => {
        &[$(($list::$variant, $list::$variant as u32, $core::$of, $name)),*]
    };
}

const CHECKS: Rows<flowseal_check, Check> = rows!(flowseal_check, Check:
    Signature Signature c"signature",
    ClaimsSigned ClaimsSigned c"claims_signed",
    Reference Reference c"reference",
    Requester Requester c"requester",
    Requestee Requestee c"requestee",
    Mode Mode c"mode",
    NotCancelled NotCancelled c"not_cancelled",
    SignedAt SignedAt c"signed_at",
    Age Age c"age",
    ClaimsRequested ClaimsRequested c"claims_requested",
    Received Received c"received",
);

const STATES: Rows<flowseal_state, FlowState> = rows!(flowseal_state, FlowState:
    Pending Pending c"pending",
    OnSession OnSession c"on_session",
    Complete Complete c"complete",
    Cancelled Cancelled c"cancelled",
);

const PADDINGS: Rows<flowseal_padding, Padding> = rows!(flowseal_padding, Padding:
    Pkcs1V15 Pkcs1v15 c"rsaes-pkcs1-v1_5",
    OaepSha256 OaepSha256 c"rsaes-oaep-sha256",
    OaepSha1 OaepSha1 c"rsaes-oaep-sha1",
    OaepSha256Mgf1Sha1 OaepSha256Mgf1Sha1 c"rsaes-oaep-sha256-mgf1-sha1",
);

/// C's value for the core's. One that is not listed, which a test rules out, would be a defect.
fn listed<C: Copy, T: PartialEq>(rows: Rows<C, T>, value: &T) -> Result<C, Failure> {
    let found = rows.iter().find(|(.., core, _)| core == value);
    found
        .map(|(listed, ..)| *listed)
        .ok_or(Failure::own(flowseal_status::Panic))
}

/// The core's value for a number of the caller's.
fn numbered<C, T: Copy>(rows: Rows<C, T>, number: u32) -> Result<T, Failure> {
    let found = rows.iter().find(|(_, listed, ..)| *listed == number);
    found
        .map(|(_, _, core, _)| *core)
        .ok_or(Failure::own(flowseal_status::Usage))
}

fn name<C, T>(rows: Rows<C, T>, number: u32) -> *const c_char {
    let found = rows.iter().find(|(_, listed, ..)| *listed == number);
    found.map_or(c"unknown", |(.., name)| name).as_ptr()
}

impl flowseal_check {
    pub(crate) fn of(check: Check) -> Result<Self, Failure> {
        listed(CHECKS, &check)
    }

    pub(crate) fn core(number: u32) -> Result<Check, Failure> {
        numbered(CHECKS, number)
    }
}

impl flowseal_state {
    pub(crate) fn of(state: FlowState) -> Result<Self, Failure> {
        listed(STATES, &state)
    }
}

impl flowseal_padding {
    pub(crate) fn of(padding: Padding) -> Result<Self, Failure> {
        listed(PADDINGS, &padding)
    }

    pub(crate) fn core(number: u32) -> Result<Padding, Failure> {
        numbered(PADDINGS, number)
    }
}

/// The name of a check, such as `claims_signed`: the same as in Rust, Python and the command.
///
/// @param check A number, of `flowseal_check` or not.
/// @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
///     this version does not know. Never NULL.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_check_name(check: u32) -> *const c_char {
    name(CHECKS, check)
}

/// The name of a state, such as `on_session`.
///
/// @param state A number, of `flowseal_state` or not.
/// @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
///     this version does not know. Never NULL.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_state_name(state: u32) -> *const c_char {
    name(STATES, state)
}

/// The name of a padding in a profile, such as `rsaes-oaep-sha256`.
///
/// @param padding A number, of `flowseal_padding` or not.
/// @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
///     this version does not know. Never NULL.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_padding_name(padding: u32) -> *const c_char {
    name(PADDINGS, padding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_of_the_core_is_listed_by_its_name() {
        assert_eq!(CHECKS.len(), Check::ALL.len());
        for ((_, number, core, name), check) in CHECKS.iter().zip(Check::ALL) {
            assert_eq!((core, name.to_bytes()), (check, check.as_str().as_bytes()));
            assert_eq!(flowseal_check::core(*number).ok(), Some(*check));
        }
        assert!(flowseal_check::core(0).is_err());
    }

    #[test]
    fn states_and_paddings_have_the_cores_names() {
        for (.., state, name) in STATES {
            assert_eq!(name.to_bytes(), state.as_str().as_bytes());
        }
        for (.., padding, name) in PADDINGS {
            assert_eq!(name.to_bytes(), padding.name().as_bytes());
        }
    }
}
