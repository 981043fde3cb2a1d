//! The edge between C and Rust: every pointer is turned into a value here, and every outcome into a
//! status.
//!
//! What a caller owes is said at the top of the header: a pointer that is not NULL leads to as many
//! values as its length says, for the time of the call, and what is written overlaps nothing else.
//! All that can be checked is checked: NULL, alignment, a length that no object has.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{self, NonNull};
use std::slice;
use std::sync::Arc;
use std::thread;

use crate::error::{Failure, flowseal_error};
use crate::handle::Handle;
use crate::status::flowseal_status;

/// Bytes or text that a list is made of.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_slice {
    /// The first byte; may be NULL where `len` is 0.
    pub data: *const c_void,
    /// How many bytes there are.
    pub len: usize,
}

/// Takes an entry's arguments over the edge, in order, and stops at the first that is unusable;
/// when [`call`] asks for them, so that a panic on the way stays inside, too.
/// What stands before the semicolon is where details of an error go.
macro_rules! take {
    (; $($take:ident($($argument:ident),*)),* $(,)?) => {
        || (None, $crate::edge::take!(@ $($take($($argument),*)),*))
    };
    ($error:ident; $($take:ident($($argument:ident),*)),* $(,)?) => {|| {
        // SAFETY: the caller of the entry has promised what the header demands of it.
        #[allow(unused_unsafe, reason = "some entries take no pointer but this one")]
        let error = unsafe { $crate::edge::optional($error) };
        match error {
            Ok(error) => (error, $crate::edge::take!(@ $($take($($argument),*)),*)),
            Err(failure) => (None, Err(failure)),
        }
    }};
    (@ $($take:ident($($argument:ident),*)),*) => {{
        #[allow(unused_unsafe, reason = "some entries take no pointer")]
        // SAFETY: the caller of the entry has promised what the header demands of it.
        let taken = || unsafe { Ok(($($crate::edge::$take($($argument),*)?,)*)) };
        taken()
    }};
}
pub(crate) use take;

/// The body of an entry that reads one value: of what, by which index if by any, where to, and the
/// value. `get!(flow to out(count): set(flow.leaves().len()))` is all of it.
macro_rules! get {
    ($what:ident $([$index:ident])? to $place:ident($($part:ident),*): $how:ident($value:expr)) => {
        $crate::edge::call(
            $crate::edge::take!(; handle($what), $(value($index),)? $place($($part),*)),
            |($what, $($index,)? place)| place.$how($value),
        )
    };
}
pub(crate) use get;

/// Runs an entry with its arguments: no panic leaves it, and a failure becomes a status.
pub(crate) fn call<A>(
    take: impl FnOnce() -> (Option<Out<flowseal_error>>, Result<A, Failure>),
    entry: impl FnOnce(A) -> Result<(), Failure>,
) -> flowseal_status {
    let mut place = None;
    // What was under way when it panicked is dropped; what is shared stands behind locks, and their
    // values are replaced whole.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let (error, arguments) = take();
        place = error;
        arguments.and_then(entry)
    }));
    ended(outcome, place)
}

/// The status of an entry that has ended, with its details where they are wanted. One function, and
/// not one for each entry: it is half of what an entry weighs.
#[inline(never)]
fn ended(
    outcome: thread::Result<Result<(), Failure>>,
    place: Option<Out<flowseal_error>>,
) -> flowseal_status {
    let failure = match outcome {
        Ok(Ok(())) => return flowseal_status::Ok,
        Ok(Err(failure)) => failure,
        Err(_) => Failure::own(flowseal_status::Panic),
    };
    let status = failure.status();
    if let Some(place) = place {
        // Without a place in the table the status has to do.
        let _ = place.put(failure);
    }
    status
}

/// The object behind a handle.
pub(crate) fn handle<H: Handle>(handle: H) -> Result<Arc<H::Object>, Failure> {
    handle.find()
}

/// The object behind a handle that the caller may give.
pub(crate) unsafe fn optional_handle<H: Handle>(
    handle: *const H,
) -> Result<Option<Arc<H::Object>>, Failure> {
    if handle.is_null() {
        return Ok(None);
    }
    // SAFETY: it is not NULL, and the caller promises one handle there, which is a plain number.
    let handle = unsafe { array(handle, 1) }?;
    handle.first().map(|handle| handle.find()).transpose()
}

/// A number that the caller may give.
pub(crate) unsafe fn optional_number(number: *const u64) -> Result<Option<u64>, Failure> {
    if number.is_null() {
        return Ok(None);
    }
    // SAFETY: it is not NULL, and the caller promises one number there.
    Ok(unsafe { array(number, 1) }?.first().copied())
}

/// A plain number, for which nothing can be wrong at the edge.
pub(crate) fn value<T>(value: T) -> Result<T, Failure> {
    Ok(value)
}

/// The element at an index.
pub(crate) fn at<T>(mut elements: impl Iterator<Item = T>, index: usize) -> Result<T, Failure> {
    elements
        .nth(index)
        .ok_or(Failure::own(flowseal_status::Index))
}

/// Bytes that the caller has.
pub(crate) unsafe fn bytes<'a, T>(start: *const T, len: usize) -> Result<&'a [u8], Failure> {
    if len == 0 {
        return Ok(&[]);
    }
    if start.is_null() || isize::try_from(len).is_err() {
        return Err(Failure::own(flowseal_status::Pointer));
    }
    // SAFETY: it is not NULL, the caller promises `len` bytes there, and bytes need no alignment.
    Ok(unsafe { slice::from_raw_parts(start.cast::<u8>(), len) })
}

/// Text that the caller has.
pub(crate) unsafe fn text<'a, T>(start: *const T, len: usize) -> Result<&'a str, Failure> {
    // SAFETY: the caller promises what `bytes` asks for.
    let bytes = unsafe { bytes(start, len) }?;
    str::from_utf8(bytes).map_err(|_| Failure::own(flowseal_status::NotUtf8))
}

/// Bytes several times.
pub(crate) unsafe fn byte_lists<'a>(
    list: *const flowseal_slice,
    count: usize,
) -> Result<Vec<&'a [u8]>, Failure> {
    // SAFETY: the caller promises `count` values there, and bytes behind each.
    unsafe {
        array(list, count)?
            .iter()
            .map(|slice| bytes(slice.data, slice.len))
            .collect()
    }
}

/// Texts.
pub(crate) unsafe fn texts<'a>(
    list: *const flowseal_slice,
    count: usize,
) -> Result<Vec<&'a str>, Failure> {
    // SAFETY: the caller promises `count` values there, and text behind each.
    unsafe {
        array(list, count)?
            .iter()
            .map(|slice| text(slice.data, slice.len))
            .collect()
    }
}

/// The objects behind many handles.
pub(crate) unsafe fn handles<H: Handle>(
    list: *const H,
    count: usize,
) -> Result<Vec<Arc<H::Object>>, Failure> {
    // SAFETY: the caller promises `count` handles there, which are plain numbers.
    let handles = unsafe { array(list, count) }?;
    handles.iter().map(|handle| handle.find()).collect()
}

unsafe fn array<'a, T>(start: *const T, count: usize) -> Result<&'a [T], Failure> {
    if count == 0 {
        return Ok(&[]);
    }
    let bytes = count.checked_mul(size_of::<T>());
    let fits = bytes.is_some_and(|bytes| isize::try_from(bytes).is_ok());
    if start.is_null() || !start.is_aligned() || !fits {
        return Err(Failure::own(flowseal_status::Pointer));
    }
    // SAFETY: it is neither NULL nor misaligned, no longer than an object can be, and the caller
    // promises `count` values there.
    Ok(unsafe { slice::from_raw_parts(start, count) })
}

/// A place for one result.
pub(crate) struct Out<T>(NonNull<T>);

impl<T> Out<T> {
    pub(crate) fn set(self, value: T) -> Result<(), Failure> {
        // SAFETY: only this module makes an `Out`, of a place that the caller promises to be there
        // for the call; it is neither NULL nor misaligned, and need not hold a value before.
        unsafe { self.0.write(value) };
        Ok(())
    }
}

impl<H: Handle> Out<H> {
    /// Writes the handle of nothing.
    pub(crate) fn clear(&mut self) {
        // SAFETY: as in `set`.
        unsafe { self.0.write(H::of(0)) };
    }

    /// Puts an object into the table, and its handle into the place.
    pub(crate) fn put(self, object: H::Object) -> Result<(), Failure> {
        self.set(H::insert(object)?)
    }
}

/// A place that the caller must give.
pub(crate) unsafe fn out<T>(place: *mut T) -> Result<Out<T>, Failure> {
    // SAFETY: the caller promises what `optional` asks for.
    let place = unsafe { optional(place) }?;
    place.ok_or_else(|| Failure::own(flowseal_status::Pointer))
}

/// A place that the caller may give.
pub(crate) unsafe fn optional<T>(place: *mut T) -> Result<Option<Out<T>>, Failure> {
    match NonNull::new(place) {
        Some(place) if !place.is_aligned() => Err(Failure::own(flowseal_status::Pointer)),
        place => Ok(place.map(Out)),
    }
}

/// Places for one result of each of many.
pub(crate) struct Outs<T> {
    first: NonNull<T>,
    count: usize,
}

impl<T> Outs<T> {
    /// One place for each, in order.
    pub(crate) fn each(&self) -> impl Iterator<Item = Out<T>> {
        // SAFETY: `outs` has seen to it that `count` places fit into an object, and the caller
        // promises that they are there.
        (0..self.count).map(|index| Out(unsafe { self.first.add(index) }))
    }
}

/// Places that the caller must give.
pub(crate) unsafe fn outs<T>(first: *mut T, count: usize) -> Result<Outs<T>, Failure> {
    // SAFETY: the caller promises what `optional_outs` asks for.
    let places = unsafe { optional_outs(first, count) }?;
    match places {
        None if count == 0 => Ok(Outs {
            first: NonNull::dangling(),
            count: 0,
        }),
        places => places.ok_or_else(|| Failure::own(flowseal_status::Pointer)),
    }
}

/// Places that the caller may give.
pub(crate) unsafe fn optional_outs<T>(
    first: *mut T,
    count: usize,
) -> Result<Option<Outs<T>>, Failure> {
    let bytes = count.checked_mul(size_of::<T>());
    let fits = bytes.is_some_and(|bytes| isize::try_from(bytes).is_ok());
    match NonNull::new(first) {
        Some(first) if !first.is_aligned() || !fits => Err(Failure::own(flowseal_status::Pointer)),
        first => Ok(first.map(|first| Outs { first, count })),
    }
}

/// The caller's memory for bytes or text, and the place for their length.
pub(crate) struct Buffer {
    start: *mut u8,
    capacity: usize,
    len: Out<usize>,
}

impl Buffer {
    /// Copies `bytes` to the caller. The length is told even where they do not fit.
    pub(crate) fn copy(self, bytes: &[u8]) -> Result<(), Failure> {
        self.len.set(bytes.len())?;
        if bytes.len() > self.capacity {
            return Err(Failure::own(flowseal_status::ShortBuffer));
        }
        if !bytes.is_empty() {
            // SAFETY: the caller promises `capacity` bytes of its own at `start`, which `buffer`
            // has seen not to be NULL where there are any.
            unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), self.start, bytes.len()) };
        }
        Ok(())
    }

    /// The same for what may be absent.
    pub(crate) fn copy_if_present(self, bytes: Option<impl AsRef<[u8]>>) -> Result<(), Failure> {
        match bytes {
            Some(bytes) => self.copy(bytes.as_ref()),
            None => Err(Failure::own(flowseal_status::Absent)),
        }
    }
}

/// Memory that the caller gives: NULL with a capacity of 0 asks for the length alone.
pub(crate) unsafe fn buffer<T>(
    start: *mut T,
    capacity: usize,
    len: *mut usize,
) -> Result<Buffer, Failure> {
    if start.is_null() && capacity != 0 || isize::try_from(capacity).is_err() {
        return Err(Failure::own(flowseal_status::Pointer));
    }
    Ok(Buffer {
        start: start.cast(),
        capacity,
        // SAFETY: the caller promises a place for the length.
        len: unsafe { out(len) }?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_status() {
        let status = call(
            || (None, Ok(())),
            |()| std::panic::resume_unwind(Box::new(())),
        );
        assert_eq!(status, flowseal_status::Panic);
        let taken = || -> (_, Result<(), _>) { std::panic::resume_unwind(Box::new(())) };
        assert_eq!(call(taken, |()| Ok(())), flowseal_status::Panic);
    }

    #[test]
    fn a_panic_where_arguments_are_taken_becomes_a_status() {
        fn breaks(_: u8) -> Result<u8, Failure> {
            std::panic::resume_unwind(Box::new(()))
        }
        let argument = 1_u8;
        let taken = || (None, breaks(argument).map(|value| (value,)));
        assert_eq!(call(taken, |_| Ok(())), flowseal_status::Panic);
    }
}
