//! The one owner of secret memory.

use core::ops::{Deref, DerefMut};

use zeroize::Zeroize;

use crate::probe;

/// Secrets on the heap that are wiped when dropped, whether the operation succeeded, failed or
/// unwinds. Never resized, so that no copy is left behind, and not `Clone`.
pub(crate) struct Workspace<T: Secret = u64>(Box<[T]>);

impl<T: Secret> Workspace<T> {
    pub(crate) fn zeroed(len: usize) -> Self {
        Self(vec![T::default(); len].into_boxed_slice())
    }
}

impl<T: Secret> Deref for Workspace<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Secret> DerefMut for Workspace<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T: Secret> Drop for Workspace<T> {
    fn drop(&mut self) {
        self.0.zeroize();
        // All of it: where the first words decided, the loop would not be vectorised, and benches
        // would measure it.
        probe::wiped(|| self.0.iter().fold(true, |zero, word| zero & word.is_zero()));
    }
}

/// Wipes what functions that the caller has called have left on the stack: the compiler puts
/// numbers there that its registers have no room for.
///
/// The frame of this function lies where theirs were, and is larger than all of them together.
#[inline(never)]
pub(crate) fn wipe_stack() {
    let mut frame = [0_u64; 2048];
    frame.zeroize();
    core::hint::black_box(&mut frame);
}

/// What a workspace consists of.
pub(crate) trait Secret: Zeroize + Clone + Default {
    fn is_zero(&self) -> bool;
}

impl<T: Secret, const N: usize> Secret for [T; N]
where
    Self: Default,
{
    fn is_zero(&self) -> bool {
        self.iter().all(Secret::is_zero)
    }
}

impl Secret for u8 {
    fn is_zero(&self) -> bool {
        *self == 0
    }
}

impl Secret for u64 {
    fn is_zero(&self) -> bool {
        *self == 0
    }
}
