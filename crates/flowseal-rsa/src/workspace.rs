//! The one owner of secret memory.

use core::ops::{Deref, DerefMut};

use zeroize::Zeroize;

/// Words on the heap that are wiped when dropped, whether the operation succeeded, failed or
/// unwinds. Never resized, so that no copy is left behind, and not `Clone`.
pub(crate) struct Workspace<T: Zeroize = u64>(Box<[T]>);

impl<T: Zeroize + Clone + Default> Workspace<T> {
    pub(crate) fn zeroed(len: usize) -> Self {
        Self(vec![T::default(); len].into_boxed_slice())
    }
}

impl<T: Zeroize> Deref for Workspace<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Zeroize> DerefMut for Workspace<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T: Zeroize> Drop for Workspace<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
