//! What others prepare for a key at its first use, and keep with it.

use std::any::Any;
use std::sync::OnceLock;

/// At most one value of each type. A key has one of these and does not know what is in it: units
/// and blinding come to it, each with a type of its own.
#[derive(Default)]
pub(crate) struct Prepared(OnceLock<Box<Entry>>);

struct Entry {
    value: Box<dyn Any + Send + Sync>,
    others: Prepared,
}

impl Prepared {
    /// The value of this type, which is made if there is none yet: once, if `prepare` does not ask
    /// for it itself.
    pub(crate) fn get<T: Any + Send + Sync>(&self, prepare: impl Fn() -> T) -> &T {
        let mut place = self;
        loop {
            // Where another thread is making a value, of whatever type, it is waited for.
            let entry = place.0.get_or_init(|| {
                Box::new(Entry {
                    value: Box::new(prepare()),
                    others: Self::default(),
                })
            });
            match entry.value.downcast_ref() {
                Some(value) => return value,
                None => place = &entry.others,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn each_type_has_one_value_which_is_made_once() {
        let made = AtomicUsize::new(0);
        let make = |number| {
            made.fetch_add(1, Ordering::Relaxed);
            number
        };
        let prepared = Prepared::default();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    assert_eq!(prepared.get(|| make(1_u8)), &1);
                    assert_eq!(prepared.get(|| u16::from(make(2_u8))), &2);
                    assert_eq!(prepared.get(|| Some(make(3_u8))), &Some(3));
                });
            }
        });
        assert_eq!(prepared.get(|| 7_u8), &1);
        assert_eq!(prepared.get(|| 7_u16), &2);
        assert_eq!(prepared.get(|| Some(7_u8)), &Some(3));
        assert_eq!(made.into_inner(), 3);
    }
}
