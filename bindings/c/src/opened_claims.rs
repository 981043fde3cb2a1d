//! Opened claims, and what did not open.

use std::ffi::c_char;

use flowseal::{Claim, ClaimValue, OpenedClaims};

use crate::edge::{at, call, get, take};
use crate::error::{ABSENT, Failure};
use crate::handle::{Handle, handle};
use crate::lists::flowseal_trust;
use crate::report::flowseal_report;
use crate::status::flowseal_status;

/// Opened claims. They are wiped when freed; copies that were given out are the caller's to wipe.
///
/// Thread-safe. Freed with flowseal_opened_claims_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_opened_claims {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_opened_claims, OpenedClaims, 5);

/// How many claims there are.
///
/// @param claims The claims.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opened_claims_count(
    claims: flowseal_opened_claims,
    count: *mut usize,
) -> flowseal_status {
    get!(claims to out(count): set(claims.len()))
}

/// The path of a claim, such as `naming.given`, in the flow's order.
///
/// @param claims The claims.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opened_claims_path(
    claims: flowseal_opened_claims,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(claims[index] to buffer(buffer, capacity, len):
        copy(at(claims.iter(), index)?.path().as_bytes()))
}

/// The text of a claim.
///
/// @param claims The claims.
/// @param path The claim's path.
/// @param path_len Its length in bytes.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none, FLOWSEAL_STATUS_USAGE for the path of a group, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opened_claims_text(
    claims: flowseal_opened_claims,
    path: *const c_char,
    path_len: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(claims), text(path, path_len), buffer(buffer, capacity, len)),
        |(claims, path, buffer)| buffer.copy(found(&claims, path)?.text().as_bytes()),
    )
}

/// The text of a claim, by its place.
///
/// @param claims The claims.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opened_claims_text_at(
    claims: flowseal_opened_claims,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(claims[index] to buffer(buffer, capacity, len):
        copy(at(claims.iter(), index)?.text().as_bytes()))
}

/// What a claim is: text, a boolean, a list, or none of these where the catalogue knows it as one.
///
/// @param claims The claims.
/// @param path The claim's path.
/// @param path_len Its length in bytes.
/// @param[out] kind Its type.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opened_claims_type(
    claims: flowseal_opened_claims,
    path: *const c_char,
    path_len: usize,
    kind: *mut flowseal_claim_type,
) -> flowseal_status {
    call(
        take!(; handle(claims), text(path, path_len), out(kind)),
        |(claims, path, kind)| kind.set(flowseal_claim_type::of(&found(&claims, path)?.value())),
    )
}

/// A claim that is true or false.
///
/// @param claims The claims.
/// @param path The claim's path.
/// @param path_len Its length in bytes.
/// @param[out] boolean Its value.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT, FLOWSEAL_STATUS_CLAIM_TYPE,
///     FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opened_claims_boolean(
    claims: flowseal_opened_claims,
    path: *const c_char,
    path_len: usize,
    boolean: *mut bool,
) -> flowseal_status {
    call(
        take!(; handle(claims), text(path, path_len), out(boolean)),
        |(claims, path, boolean)| boolean.set(found(&claims, path)?.boolean()?),
    )
}

/// A claim that is digits, with its leading zeros. FLOWSEAL_STATUS_CLAIM_TYPE for any other.
///
/// @param claims The claims.
/// @param path The claim's path.
/// @param path_len Its length in bytes.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opened_claims_digits(
    claims: flowseal_opened_claims,
    path: *const c_char,
    path_len: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(claims), text(path, path_len), buffer(buffer, capacity, len)),
        |(claims, path, buffer)| buffer.copy(found(&claims, path)?.digits()?.as_bytes()),
    )
}

/// A claim that is a date.
///
/// @param claims The claims.
/// @param path The claim's path.
/// @param path_len Its length in bytes.
/// @param[out] year The year.
/// @param[out] month The month, from 1.
/// @param[out] day The day, from 1.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT, FLOWSEAL_STATUS_CLAIM_TYPE,
///     FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opened_claims_date(
    claims: flowseal_opened_claims,
    path: *const c_char,
    path_len: usize,
    year: *mut u16,
    month: *mut u8,
    day: *mut u8,
) -> flowseal_status {
    call(
        take!(; handle(claims), text(path, path_len), out(year), out(month), out(day)),
        |(claims, path, year, month, day)| {
            let date = found(&claims, path)?.date()?;
            year.set(date.0)?;
            month.set(date.1)?;
            day.set(date.2)
        },
    )
}

/// How many elements a claim has that is a list.
///
/// @param claims The claims.
/// @param path The claim's path.
/// @param path_len Its length in bytes.
/// @param[out] count Their number.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT, FLOWSEAL_STATUS_CLAIM_TYPE,
///     FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opened_claims_list_count(
    claims: flowseal_opened_claims,
    path: *const c_char,
    path_len: usize,
    count: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(claims), text(path, path_len), out(count)),
        |(claims, path, count)| count.set(found(&claims, path)?.list()?.len()),
    )
}

/// An element of a claim that is a list. FLOWSEAL_STATUS_CLAIM_TYPE where it is none.
///
/// @param claims The claims.
/// @param path The claim's path.
/// @param path_len Its length in bytes.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX,
///     FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opened_claims_list_item(
    claims: flowseal_opened_claims,
    path: *const c_char,
    path_len: usize,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(claims), text(path, path_len), value(index), buffer(buffer, capacity, len)),
        |(claims, path, index, buffer)| {
            let list = found(&claims, path)?.list()?;
            buffer.copy(at(list.iter(), index)?.expose_secret().as_bytes())
        },
    )
}

/// All claims as JSON, nested as they were sent: the catalogue's booleans and lists typed, all else
/// as text.
///
/// @param claims The claims.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opened_claims_to_json(
    claims: flowseal_opened_claims,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(claims to buffer(buffer, capacity, len): copy(claims.to_json().expose_secret().as_bytes()))
}

/// What makes them ones to believe: the e-signature, or that a session received the flow.
///
/// @param claims The claims.
/// @param[out] trust The trust.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where nothing does.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opened_claims_trust(
    claims: flowseal_opened_claims,
    trust: *mut flowseal_trust,
) -> flowseal_status {
    get!(claims to out(trust): set(flowseal_trust::of(claims.trust().ok_or(ABSENT)?)?))
}

/// Whether they were opened of a verified flow.
///
/// @param claims The claims.
/// @param[out] verified False for flowseal_flow_open_unverified(), and of a received flow.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opened_claims_verified(
    claims: flowseal_opened_claims,
    verified: *mut bool,
) -> flowseal_status {
    get!(claims to out(verified): set(claims.is_verified()))
}

/// The report of the flow that they were opened of.
///
/// @param claims The claims.
/// @param[out] report The report, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_opened_claims_report(
    claims: flowseal_opened_claims,
    report: *mut flowseal_report,
) -> flowseal_status {
    get!(claims to out(report): put(claims.report().clone()))
}

/// What a claim is.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_claim_type {
    /// Text, which digits and dates are too.
    Text = 0,
    /// True or false.
    Boolean = 1,
    /// A list of texts.
    List = 2,
    /// Known to the catalogue as a boolean or a list, and its text is none: `False`, `0`. It has no
    /// value. A text in its place would count as true wherever texts do; what was sent is still
    /// flowseal_opened_claims_text().
    Mistyped = 3,
}

impl flowseal_claim_type {
    fn of(value: &ClaimValue<'_>) -> Self {
        match value {
            ClaimValue::Boolean(_) => Self::Boolean,
            ClaimValue::List(_) => Self::List,
            ClaimValue::Text(_) => Self::Text,
            // A type that this library does not know is none of these, and no text.
            _ => Self::Mistyped,
        }
    }
}

/// The claim at a path. That of a group, or none at all, is no claim, and not absent either.
fn found<'a>(claims: &'a OpenedClaims, path: &'a str) -> Result<Claim<'a>, Failure> {
    claims.text(path)?;
    claims.get(path).ok_or(ABSENT)
}

/// Frees claims.
///
/// @param claims The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_opened_claims_free(claims: flowseal_opened_claims) -> flowseal_status {
    call(|| (None, Ok(())), |()| claims.free())
}
