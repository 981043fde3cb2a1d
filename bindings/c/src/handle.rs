//! What a handle is: a type's name for an id of the table.

use std::any::Any;
use std::sync::Arc;

use crate::error::Failure;
use crate::table::TABLE;

/// A type of handles. Each is a `struct { uint64_t id; }` of its own, so that C's compiler tells
/// them apart as well.
pub(crate) trait Handle: Copy {
    /// What stands behind it.
    type Object: Any + Send + Sync;
    /// The type's part of its ids; never 0, and never given to another type.
    const TAG: u8;

    fn of(id: u64) -> Self;
    fn id(self) -> u64;

    fn insert(object: Self::Object) -> Result<Self, Failure> {
        TABLE.insert(Self::TAG, object).map(Self::of)
    }

    fn find(self) -> Result<Arc<Self::Object>, Failure> {
        TABLE.find(Self::TAG, self.id())
    }

    fn free(self) -> Result<(), Failure> {
        TABLE.remove(Self::TAG, self.id())
    }
}

/// Makes a struct of one `id` a handle of `$object`.
macro_rules! handle {
    ($name:ident, $object:ty, $tag:literal) => {
        impl $crate::handle::Handle for $name {
            type Object = $object;
            const TAG: u8 = $tag;

            fn of(id: u64) -> Self {
                Self { id }
            }

            fn id(self) -> u64 {
                self.id
            }
        }
    };
}
pub(crate) use handle;
