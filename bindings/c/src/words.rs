//! What a page tells the person.

use std::ffi::c_char;

use flowseal::ErrorCode;
use flowseal::api::{Situation, Words};

use crate::edge::{call, get, take};
use crate::error::{Failure, flowseal_error};
use crate::handle::{Handle, handle};
use crate::lists::{flowseal_next_step, flowseal_situation};
use crate::status::{flowseal_code_class, flowseal_status, flowseal_status_class};

/// A sentence for each situation: in English, in French, or the app's own.
///
/// Thread-safe. Freed with flowseal_words_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_words {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_words, Words, 39);

/// English.
///
/// @param[out] words The words, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_words_english(words: *mut flowseal_words) -> flowseal_status {
    call(take!(; out(words)), |(words,)| words.put(Words::english()))
}

/// French.
///
/// @param[out] words The words, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_words_french(words: *mut flowseal_words) -> flowseal_status {
    call(take!(; out(words)), |(words,)| words.put(Words::french()))
}

/// The app's own: an object with a text for each key, and nothing else, so that no sentence is
/// left in another voice.
///
/// @param json The object.
/// @param json_len Its length in bytes.
/// @param[out] words The words, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a key that is missing, unknown or
///     without a text, and for anything that is not such an object.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_words_from_json(
    json: *const c_char,
    json_len: usize,
    words: *mut flowseal_words,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(json, json_len), out(words)),
        |(json, words)| words.put(Words::from_json(json)?),
    )
}

/// The sentence for a situation.
///
/// @param words The words.
/// @param situation A number of `flowseal_situation`.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_USAGE for another
///     number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_words_text(
    words: flowseal_words,
    situation: u32,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    call(
        take!(; handle(words), value(situation), buffer(buffer, capacity, len)),
        |(words, situation, buffer)| {
            buffer.copy(words.text(flowseal_situation::core(situation)?).as_bytes())
        },
    )
}

/// Frees words.
///
/// @param words The handle, unusable from here on. A call that uses it in another thread ends as
///     if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_words_free(words: flowseal_words) -> flowseal_status {
    call(|| (None, Ok(())), |()| words.free())
}

/// What an error means for the person. It says less than the error: not which check failed, and
/// nothing of the service's own mistakes.
///
/// @param error The error.
/// @param[out] situation The situation.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_situation_of_error(
    error: flowseal_error,
    situation: *mut flowseal_situation,
) -> flowseal_status {
    get!(error to out(situation): set(of_failure(&error)?))
}

/// What an error of this status means for the person, where there are no details of it.
///
/// @param status A number of `flowseal_status`.
/// @param[out] situation The situation.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for 0 and a number that is not a status.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_situation_of_status(
    status: u32,
    situation: *mut flowseal_situation,
) -> flowseal_status {
    call(
        take!(; value(status), out(situation)),
        |(status, situation)| {
            let mut codes = ErrorCode::ALL.iter();
            let code = codes.find(|code| code.number() == status);
            situation.set(match code {
                Some(code) => flowseal_situation::of(Situation::of_code(*code))?,
                None => of_own(status)?,
            })
        },
    )
}

/// What to offer the person.
///
/// @param situation A number of `flowseal_situation`.
/// @param[out] next What to offer.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_situation_next(
    situation: u32,
    next: *mut flowseal_next_step,
) -> flowseal_status {
    call(take!(; value(situation), out(next)), |(situation, next)| {
        next.set(flowseal_next_step::of(
            flowseal_situation::core(situation)?.next(),
        )?)
    })
}

fn of_failure(failure: &Failure) -> Result<flowseal_situation, Failure> {
    match failure.core() {
        Some(error) => flowseal_situation::of(Situation::of_error(error)),
        None => of_own(failure.status() as u32),
    }
}

/// What is this library's own says the service's own mistake, or that it may pass.
fn of_own(status: u32) -> Result<flowseal_situation, Failure> {
    match flowseal_status_class(status) {
        flowseal_code_class::None => Err(Failure::own(flowseal_status::Usage)),
        flowseal_code_class::Retry => Ok(flowseal_situation::TryAgain),
        _ => Ok(flowseal_situation::ServiceFailed),
    }
}
