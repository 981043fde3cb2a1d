//! Evidence as a page for people.

use std::ffi::c_char;

use crate::edge::get;
use crate::evidence::flowseal_evidence;
use crate::status::flowseal_status;

/// The evidence as one page of HTML: what was signed, by which key, every check in words, and how
/// to repeat it, with openssl too. Nothing in it runs or is fetched.
///
/// Evidence that was read from a file is shown as not checked, whatever the file says of itself.
///
/// @param evidence The evidence.
/// @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_evidence_to_html(
    evidence: flowseal_evidence,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(evidence to buffer(buffer, capacity, len): copy(evidence.to_html().as_bytes()))
}
