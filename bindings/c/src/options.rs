//! How to open claims.

use std::ffi::c_char;
use std::num::NonZeroUsize;

use flowseal::{Engine, OpenOptions};

use crate::edge::{at, call, flowseal_slice, get, take};
use crate::error::Failure;
use crate::handle::{Handle, handle};
use crate::profile::flowseal_profile;
use crate::setting::Setting;
use crate::status::flowseal_status;

/// What to open, and how.
///
/// Thread-safe; a call takes the options as they stand when it begins. Freed with
/// flowseal_open_options_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_open_options {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_open_options, Setting<OpenOptions>, 18);

/// Every claim, one thread.
///
/// @param[out] options The options, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_open_options_new(
    options: *mut flowseal_open_options,
) -> flowseal_status {
    call(take!(; out(options)), |(options,)| {
        options.put(Setting::new(OpenOptions::new()))
    })
}

/// Opens the leaves at or under these paths alone. A path that the flow lacks is left out.
///
/// @param options The options.
/// @param paths The paths, as UTF-8.
/// @param paths_count How many paths.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_open_options_select(
    options: flowseal_open_options,
    paths: *const flowseal_slice,
    paths_count: usize,
) -> flowseal_status {
    call(
        take!(; handle(options), texts(paths, paths_count)),
        |(options, paths)| options.change(|old| Ok(old.clone().select(paths))),
    )
}

/// The profile of the operation, where neither the flow nor the keys have brought it.
///
/// @param options The options.
/// @param profile The profile.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_open_options_set_profile(
    options: flowseal_open_options,
    profile: flowseal_profile,
) -> flowseal_status {
    call(
        take!(; handle(options), handle(profile)),
        |(options, profile)| {
            options.change(|old| {
                Ok(old.clone().with_setup(
                    &old.setup()
                        .clone()
                        .with_profile(flowseal::profile::Profile::clone(&profile)),
                ))
            })
        },
    )
}

/// How many things about the selection are unusual and may still be right: a path that the
/// catalogue does not have.
///
/// @param options The options.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_open_options_warning_count(
    options: flowseal_open_options,
    count: *mut usize,
) -> flowseal_status {
    get!(options to out(count): set(options.value().warnings().len()))
}

/// One of them, as a sentence for a log.
///
/// @param options The options.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_open_options_warning(
    options: flowseal_open_options,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(options[index] to buffer(buffer, capacity, len):
        copy(at(options.value().warnings().iter(), index)?.as_bytes()))
}

/// Computes on so many threads; 1 unless given.
///
/// @param options The options.
/// @param threads How many.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for none at all.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_open_options_set_threads(
    options: flowseal_open_options,
    threads: usize,
) -> flowseal_status {
    call(
        take!(; handle(options), value(threads)),
        |(options, threads)| options.change(|old| Ok(old.clone().with_engine(engine(threads)?))),
    )
}

/// The engine of the machine, on so many threads.
pub(crate) fn engine(threads: usize) -> Result<Engine, Failure> {
    let threads = NonZeroUsize::new(threads);
    let threads = threads.ok_or_else(|| Failure::own(flowseal_status::Usage))?;
    Ok(Engine::new().with_threads(threads))
}

/// Frees the options of opening.
///
/// @param open_options The handle, unusable from here on. A call that uses it in another thread
///     ends as if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_open_options_free(
    open_options: flowseal_open_options,
) -> flowseal_status {
    call(|| (None, Ok(())), |()| open_options.free())
}
