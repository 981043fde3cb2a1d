//! What an error is about, as data beside its sentence: its details, and the diagnosis of a
//! signature.
//!
//! A field is a number of an enum and no function of its own: one more is a line of a table here,
//! and every program that was built before goes on as it did.

use std::ffi::c_char;

use flowseal::report::{DiagnosedKey, Finding};
use flowseal::{Error, ErrorDetails, Json};

use crate::edge::{Buffer, at, call, get, take};
use crate::error::{ABSENT, Failure, flowseal_error};
use crate::lists::flowseal_check;
use crate::report::flowseal_report;
use crate::status::flowseal_status;

/// A detail of an error. Each is absent where the error is not about such a thing.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_detail {
    /// Text: the path of the claim that shows from outside what is wrong with it.
    Claim = 0,
    /// A number: the check that failed, one of `flowseal_check`.
    Check = 1,
    /// Text: what was expected of the member that the check is about.
    Expected = 2,
    /// Text: what was found in its place. A national number is masked.
    Found = 3,
    /// Text: the fingerprint of the key that was missing.
    Key = 4,
    /// A number: by how many seconds a time lies outside of what is accepted.
    Seconds = 5,
    /// A number: the length in bytes that was found. What would have been right:
    /// flowseal_error_detail_sizes().
    Size = 6,
    /// Text: the name of the key that was missing, where it has one.
    Kid = 7,
    /// Text: which part of a proof fails, with FLOWSEAL_STATUS_DISCLOSURE_INVALID: a stable word.
    Why = 8,
}

/// How each is read.
const DETAILS: [(flowseal_detail, Read<ErrorDetails>); 9] = [
    (flowseal_detail::Claim, Read::Text(|of| owned(of.claim()))),
    (
        flowseal_detail::Check,
        Read::Number(|of| Some(flowseal_check::of(of.check()?).ok()? as u64)),
    ),
    (
        flowseal_detail::Expected,
        Read::Text(|of| owned(of.expected())),
    ),
    (flowseal_detail::Found, Read::Text(|of| owned(of.found()))),
    (flowseal_detail::Key, Read::Text(|of| owned(of.key()))),
    (
        flowseal_detail::Seconds,
        Read::Number(ErrorDetails::seconds),
    ),
    (
        flowseal_detail::Size,
        Read::Number(|of| of.size().map(|size| size as u64)),
    ),
    (flowseal_detail::Kid, Read::Text(|of| owned(of.kid()))),
    (flowseal_detail::Why, Read::Text(|of| owned(of.why()))),
];

/// What is known of a key that was tried. Each but the fingerprint may be absent.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_diagnosed {
    /// Text: SHA-256 of the key's SubjectPublicKeyInfo, in lower-case hexadecimal.
    Fingerprint = 0,
    /// Text: the key's name.
    Kid = 1,
    /// Text: `v1_5` or `pss`; absent where this key did not make the signature, like all below.
    Padding = 2,
    /// Text: the hash that was signed, such as `sha256`.
    Hash = 3,
    /// A number: the length of the salt in bytes, of PSS alone.
    SaltLength = 4,
}

/// How each is read.
const DIAGNOSED: [(flowseal_diagnosed, Read<DiagnosedKey>); 5] = [
    (
        flowseal_diagnosed::Fingerprint,
        Read::Text(|of| Some(of.fingerprint().to_string())),
    ),
    (flowseal_diagnosed::Kid, Read::Text(|of| owned(of.kid()))),
    (
        flowseal_diagnosed::Padding,
        Read::Text(|of| owned(of.padding())),
    ),
    (flowseal_diagnosed::Hash, Read::Text(|of| owned(of.hash()))),
    (
        flowseal_diagnosed::SaltLength,
        Read::Number(|of| of.salt_length().map(|length| length as u64)),
    ),
];

/// Which cause it is that a key does not verify a signature.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_finding {
    /// The signature was not made by this key, or was damaged.
    OtherKey = 0,
    /// It was made by this key, with another hash, padding or salt than the profile says.
    OtherAlgorithm = 1,
    /// It was made by this key and with this algorithm, over other bytes.
    OtherBytes = 2,
}

/// A field of a `T`, by its kind.
enum Read<T> {
    Text(fn(&T) -> Option<String>),
    Number(fn(&T) -> Option<u64>),
}

impl<T> Read<T> {
    fn text(&self, of: &T, buffer: Buffer) -> Result<(), Failure> {
        match self {
            Self::Text(read) => buffer.copy_if_present(read(of)),
            Self::Number(_) => Err(OTHER_KIND),
        }
    }

    fn number(&self, of: &T) -> Result<u64, Failure> {
        match self {
            Self::Number(read) => read(of).ok_or(ABSENT),
            Self::Text(_) => Err(OTHER_KIND),
        }
    }
}

const OTHER_KIND: Failure = Failure::Own(flowseal_status::Usage);

/// The field of a number, which is its place in the table.
fn field<F, T>(table: &[(F, Read<T>)], number: u32) -> Result<&Read<T>, Failure> {
    let field = usize::try_from(number).ok().and_then(|at| table.get(at));
    field.map(|(_, read)| read).ok_or(OTHER_KIND)
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

/// A detail of an error that is text.
///
/// @param error The error.
/// @param detail Which, of `enum flowseal_detail`.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where the
///     error is not about such a thing, FLOWSEAL_STATUS_USAGE for one that is no text.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_detail_text(
    error: flowseal_error,
    detail: u32,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(error), value(detail), buffer(buffer, capacity, len)),
        |(error, detail, buffer)| field(&DETAILS, detail)?.text(details(&error)?, buffer),
    )
}

/// A detail of an error that is a number.
///
/// @param error The error.
/// @param detail Which, of `enum flowseal_detail`.
/// @param[out] number The number.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where the error is not about such a
///     thing, FLOWSEAL_STATUS_USAGE for one that is not such a number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_detail_number(
    error: flowseal_error,
    detail: u32,
    number: *mut u64,
) -> flowseal_status {
    get!(error[detail] to out(number): set(field(&DETAILS, detail)?.number(details(&error)?)?))
}

/// How many lengths would have been right where a claim's is not: those of the ring's moduli.
///
/// @param error The error.
/// @param[out] count Their number; 0 where the error is not about lengths.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_detail_sizes_count(
    error: flowseal_error,
    count: *mut usize,
) -> flowseal_status {
    get!(error to out(count): set(error.core().map_or(0, |error| error.details().sizes().len())))
}

/// One of these lengths.
///
/// @param error The error.
/// @param index Which, from 0.
/// @param[out] size The length in bytes.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_detail_sizes(
    error: flowseal_error,
    index: usize,
    size: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(error), value(index), out(size)),
        |(error, index, size)| {
            let sizes = error
                .core()
                .map_or(&[][..], |error| error.details().sizes());
            size.set(*at(sizes.iter(), index)?)
        },
    )
}

/// The details as JSON: `{"claim", "check", "expected", "found", "seconds", "size", "sizes", "key",
/// "kid"}`, each `null` or empty where the error is not about such a thing. It holds no secret and
/// no national number.
///
/// @param error The error.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT for an
///     error of this library's edge, such as a stale handle.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_details_to_json(
    error: flowseal_error,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(error), buffer(buffer, capacity, len)),
        |(error, buffer)| json(&error, buffer, |error| Some(error.details().to_json())),
    )
}

/// The report of the verification that refused.
///
/// @param error The error.
/// @param[out] report The report, to be freed.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where no verification was under way.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_report(
    error: flowseal_error,
    report: *mut flowseal_report,
) -> flowseal_status {
    get!(error to out(report): put(error.report().ok_or(ABSENT)?.clone()))
}

/// How many keys were tried on a signature that is not valid.
///
/// @param error The error.
/// @param[out] count Their number; 0 with any status but FLOWSEAL_STATUS_SIGNATURE_INVALID.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_diagnosis_count(
    error: flowseal_error,
    count: *mut usize,
) -> flowseal_status {
    get!(error to out(count): set(diagnosed(&error).len()))
}

/// What one of these keys shows of the signature.
///
/// @param error The error.
/// @param index Which key, from 0.
/// @param[out] finding Which cause it is.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_diagnosis_finding(
    error: flowseal_error,
    index: usize,
    finding: *mut flowseal_finding,
) -> flowseal_status {
    call(
        take!(; handle(error), value(index), out(finding)),
        |(error, index, finding)| {
            finding.set(match at(diagnosed(&error).iter(), index)?.finding() {
                Finding::OtherBytes => flowseal_finding::OtherBytes,
                Finding::OtherAlgorithm => flowseal_finding::OtherAlgorithm,
                _ => flowseal_finding::OtherKey,
            })
        },
    )
}

/// What is known of one of these keys, as text.
///
/// @param error The error.
/// @param index Which key, from 0.
/// @param field What, of `enum flowseal_diagnosed`.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX,
///     FLOWSEAL_STATUS_ABSENT, FLOWSEAL_STATUS_USAGE for what is no text.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_diagnosis_text(
    error: flowseal_error,
    index: usize,
    field: u32,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(error), value(index), value(field), buffer(buffer, capacity, len)),
        |(error, index, number, buffer)| {
            let key = at(diagnosed(&error).iter(), index)?;
            self::field(&DIAGNOSED, number)?.text(key, buffer)
        },
    )
}

/// What is known of one of these keys, as a number.
///
/// @param error The error.
/// @param index Which key, from 0.
/// @param field What, of `enum flowseal_diagnosed`.
/// @param[out] number The number.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX, FLOWSEAL_STATUS_ABSENT,
///     FLOWSEAL_STATUS_USAGE for anything that is not such a number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_diagnosis_number(
    error: flowseal_error,
    index: usize,
    field: u32,
    number: *mut u64,
) -> flowseal_status {
    call(
        take!(; handle(error), value(index), value(field), out(number)),
        |(error, index, which, number)| {
            let key = at(diagnosed(&error).iter(), index)?;
            number.set(self::field(&DIAGNOSED, which)?.number(key)?)
        },
    )
}

/// The digest that was signed, which a signature of RSASSA-PKCS1-v1_5 shows. It is personal data,
/// since a national number is guessed from it in minutes: keep it out of logs.
///
/// @param error The error.
/// @param index Which key, from 0.
/// @param[out] buffer The caller's memory for the bytes; NULL with a capacity of 0 asks for the
///     length.
/// @param capacity How many bytes it holds.
/// @param[out] len Their number; also where the buffer is too short for them.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX,
///     FLOWSEAL_STATUS_ABSENT where the signature shows none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_diagnosis_digest(
    error: flowseal_error,
    index: usize,
    buffer: *mut u8,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(error), value(index), buffer(buffer, capacity, len)),
        |(error, index, buffer)| {
            let key = at(diagnosed(&error).iter(), index)?;
            buffer.copy(key.digest().ok_or(ABSENT)?)
        },
    )
}

/// The diagnosis as a JSON array with an object for each key that was tried:
/// `{"fingerprint", "kid", "finding", "padding", "hash", "salt_length", "digest"}`; `finding` is
/// `other_key`, `other_algorithm` or `other_bytes`. The digest is personal data: keep it out of
/// logs.
///
/// @param error The error.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT with any
///     status but FLOWSEAL_STATUS_SIGNATURE_INVALID.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_error_diagnosis_to_json(
    error: flowseal_error,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(error), buffer(buffer, capacity, len)),
        |(error, buffer)| json(&error, buffer, |error| Some(error.diagnosis()?.to_json())),
    )
}

fn details(error: &Failure) -> Result<&ErrorDetails, Failure> {
    error.core().map(Error::details).ok_or(ABSENT)
}

fn diagnosed(error: &Failure) -> &[DiagnosedKey] {
    let diagnosis = error.core().and_then(Error::diagnosis);
    diagnosis.map_or(&[], |diagnosis| diagnosis.keys())
}

/// What the core says of an error as JSON.
fn json(
    error: &Failure,
    buffer: Buffer,
    of: impl FnOnce(&Error) -> Option<Json>,
) -> Result<(), Failure> {
    buffer.copy_if_present(error.core().and_then(of).map(|json| json.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_by_its_number() {
        let is_its_place = |(at, number): (usize, usize)| at == number;
        let details = DETAILS.iter().map(|(field, _)| *field as usize);
        assert!(details.enumerate().all(is_its_place));
        let diagnosed = DIAGNOSED.iter().map(|(field, _)| *field as usize);
        assert!(diagnosed.enumerate().all(is_its_place));
    }
}
