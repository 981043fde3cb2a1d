//! Lists that are closed, as enums: a number that is not of the list is a status, and a name that
//! the core has is a text of this library's.

use std::ffi::{CStr, c_char};

use flowseal::FlowState;
use flowseal::api::{NextStep, Purpose, Situation};
use flowseal::profile::{Padding, Trust};
use flowseal::report::Check;

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
    /// The flow came from the API, by the caller's own session. Not asked of any other flow.
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

/// What a person identifies themselves for: `action` on the wire.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_purpose {
    /// To tie an account that they have here to their e-ID.
    Link = 1,
    /// To log in.
    Login = 2,
    /// To get an account.
    Signup = 3,
}

/// What a flow needs to be believed.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_trust {
    /// The person's e-signature, and nothing else.
    Signed = 1,
    /// That a session of this library's has received it from the API itself may do in its place.
    /// It is no proof that could be shown to anyone.
    Received = 2,
}

/// Where a person is with their flow, as far as it is theirs to know.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_situation {
    /// The result of this flow was given before.
    AlreadyFinished = 1,
    /// They have approved it, and the result is being checked.
    Approved = 2,
    /// They are to be reminded on their other device.
    AskedElsewhere = 3,
    /// The number that they gave is not valid.
    CheckNumber = 4,
    /// They have declined, or it was cancelled.
    Declined = 5,
    /// They have taken too long.
    Expired = 6,
    /// What came back is not accepted.
    NotAccepted = 7,
    /// They are to open the link on this device.
    OpenLink = 8,
    /// A device has picked it up, and they are to go on there.
    PickedUp = 9,
    /// They are to scan the code.
    ScanCode = 10,
    /// The service or what it stands on has failed, and trying again will not help.
    ServiceFailed = 11,
    /// Too many people are doing this at the moment.
    TooBusy = 12,
    /// Something did not answer, and may soon.
    TryAgain = 13,
}

/// What to offer a person. The list is closed, so that a page that has all of them is complete.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_next_step {
    /// To ask for help: starting again would end the same way.
    Contact = 1,
    /// To start a new flow.
    Restart = 2,
    /// To try the same again.
    Retry = 3,
    /// Nothing: the flow goes on.
    Wait = 4,
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

const PURPOSES: Rows<flowseal_purpose, Purpose> = rows!(flowseal_purpose, Purpose:
    Link Link c"link",
    Login Login c"login",
    Signup Signup c"signup",
);

const TRUSTS: Rows<flowseal_trust, Trust> = rows!(flowseal_trust, Trust:
    Signed Signed c"signed",
    Received Received c"received",
);

const SITUATIONS: Rows<flowseal_situation, Situation> = rows!(flowseal_situation, Situation:
    AlreadyFinished AlreadyFinished c"already_finished",
    Approved Approved c"approved",
    AskedElsewhere AskedElsewhere c"asked_elsewhere",
    CheckNumber CheckNumber c"check_number",
    Declined Declined c"declined",
    Expired Expired c"expired",
    NotAccepted NotAccepted c"not_accepted",
    OpenLink OpenLink c"open_link",
    PickedUp PickedUp c"picked_up",
    ScanCode ScanCode c"scan_code",
    ServiceFailed ServiceFailed c"service_failed",
    TooBusy TooBusy c"too_busy",
    TryAgain TryAgain c"try_again",
);

const NEXT_STEPS: Rows<flowseal_next_step, NextStep> = rows!(flowseal_next_step, NextStep:
    Contact Contact c"contact",
    Restart Restart c"restart",
    Retry Retry c"retry",
    Wait Wait c"wait",
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

    pub(crate) fn core(number: u32) -> Result<FlowState, Failure> {
        numbered(STATES, number)
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

impl flowseal_purpose {
    pub(crate) fn core(number: u32) -> Result<Purpose, Failure> {
        numbered(PURPOSES, number)
    }
}

impl flowseal_trust {
    pub(crate) fn of(trust: Trust) -> Result<Self, Failure> {
        listed(TRUSTS, &trust)
    }

    pub(crate) fn core(number: u32) -> Result<Trust, Failure> {
        numbered(TRUSTS, number)
    }
}

impl flowseal_situation {
    pub(crate) fn of(situation: Situation) -> Result<Self, Failure> {
        listed(SITUATIONS, &situation)
    }

    pub(crate) fn core(number: u32) -> Result<Situation, Failure> {
        numbered(SITUATIONS, number)
    }
}

impl flowseal_next_step {
    pub(crate) fn of(next: NextStep) -> Result<Self, Failure> {
        listed(NEXT_STEPS, &next)
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

/// The name of a purpose, such as `login`.
///
/// @param purpose A number, of `flowseal_purpose` or not.
/// @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
///     this version does not know. Never NULL.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_purpose_name(purpose: u32) -> *const c_char {
    name(PURPOSES, purpose)
}

/// The name of a trust, such as `received`: the same as in a profile.
///
/// @param trust A number, of `flowseal_trust` or not.
/// @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
///     this version does not know. Never NULL.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_trust_name(trust: u32) -> *const c_char {
    name(TRUSTS, trust)
}

/// The name of a step, such as `restart`.
///
/// @param next A number, of `flowseal_next_step` or not.
/// @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
///     this version does not know. Never NULL.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_next_step_name(next: u32) -> *const c_char {
    name(NEXT_STEPS, next)
}

/// The name of a situation, such as `picked_up`: its key in `flowseal_words_from_json()`.
///
/// @param situation A number, of `flowseal_situation` or not.
/// @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
///     this version does not know. Never NULL.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_situation_key(situation: u32) -> *const c_char {
    name(SITUATIONS, situation)
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
    fn every_situation_of_the_core_is_listed_by_its_key() {
        assert_eq!(SITUATIONS.len(), Situation::ALL.len());
        for ((_, number, core, name), situation) in SITUATIONS.iter().zip(Situation::ALL) {
            assert_eq!(core, situation);
            assert_eq!(name.to_bytes(), situation.key().as_bytes());
            let next = flowseal_situation::core(*number).map(Situation::next).ok();
            assert_eq!(next, Some(situation.next()));
        }
        for (.., next, name) in NEXT_STEPS {
            assert_eq!(name.to_bytes(), next.as_str().as_bytes());
        }
    }

    #[test]
    fn purposes_and_trusts_have_the_cores_names() {
        for (_, number, purpose, name) in PURPOSES {
            assert_eq!(name.to_bytes(), purpose.as_str().as_bytes());
            assert_eq!(flowseal_purpose::core(*number).ok(), Some(*purpose));
        }
        for (.., trust, name) in TRUSTS {
            assert_eq!(name.to_bytes(), trust.name().as_bytes());
        }
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
