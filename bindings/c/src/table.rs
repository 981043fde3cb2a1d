//! The table behind all handles: objects by index, guarded by generations.
//!
//! An id is a type's tag, a slot's generation and the slot's index. A slot's generation changes
//! when its object is freed, so that an old id finds nothing: no id can reach a wrong object, and
//! none is ever followed as a pointer.

use std::any::Any;
use std::hash::{BuildHasher as _, RandomState};
#[cfg(not(all(test, flowseal_loom)))]
use std::sync::RwLock;
use std::sync::{Arc, LazyLock, PoisonError};

#[cfg(all(test, flowseal_loom))]
use loom::sync::RwLock;

use crate::error::Failure;
use crate::status::flowseal_status;

/// The one table of this process.
pub(crate) static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

/// Objects and the slots that they stand in.
pub(crate) struct Table {
    slots: RwLock<Slots>,
    /// Where a slot's generations begin. By chance, so that an id of another process, or of another
    /// copy of this library in this one, is most likely one that never was here.
    first_generation: RandomState,
}

#[derive(Default)]
struct Slots {
    slots: Vec<Slot>,
    vacant: Vec<usize>,
}

struct Slot {
    generation: u32,
    object: Option<Arc<dyn Any + Send + Sync>>,
}

/// An index has 24 bits, a generation 32, a tag 8.
const INDEX_BITS: u32 = 24;
const GENERATION_BITS: u32 = 32;

impl Table {
    pub(crate) fn new() -> Self {
        Self {
            slots: RwLock::default(),
            first_generation: RandomState::new(),
        }
    }

    /// Puts an object in, and gives the id by which it is found.
    pub(crate) fn insert<T: Any + Send + Sync>(&self, tag: u8, object: T) -> Result<u64, Failure> {
        let object: Arc<dyn Any + Send + Sync> = Arc::new(object);
        let mut guard = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let table = &mut *guard;
        let index = match table.vacant.pop() {
            Some(index) => index,
            None => {
                let index = table.slots.len();
                if index >> INDEX_BITS != 0 {
                    return Err(Failure::own(flowseal_status::HandlesExhausted));
                }
                table.slots.push(Slot {
                    generation: self.first_generation(index),
                    object: None,
                });
                index
            }
        };
        let Some(slot) = table.slots.get_mut(index) else {
            return Err(Failure::own(flowseal_status::Panic));
        };
        slot.object = Some(object);
        Ok(id(tag, slot.generation, index))
    }

    /// The object of an id, kept alive for as long as the caller holds it.
    pub(crate) fn find<T: Any + Send + Sync>(&self, tag: u8, id: u64) -> Result<Arc<T>, Failure> {
        let index = checked(tag, id)?;
        let object = {
            let table = self.slots.read().unwrap_or_else(PoisonError::into_inner);
            let slot = table.slots.get(index);
            slot.filter(|slot| slot.generation == generation(id))
                .and_then(|slot| slot.object.clone())
        };
        object
            .and_then(|object| object.downcast().ok())
            .ok_or_else(|| Failure::own(flowseal_status::HandleStale))
    }

    /// Takes an object out. It is dropped, and wiped, when the last call that uses it returns.
    pub(crate) fn remove(&self, tag: u8, id: u64) -> Result<(), Failure> {
        let index = checked(tag, id)?;
        let removed = {
            let mut guard = self.slots.write().unwrap_or_else(PoisonError::into_inner);
            let table = &mut *guard;
            let slot = table.slots.get_mut(index);
            let slot = slot.filter(|slot| slot.generation == generation(id));
            let removed = slot.and_then(|slot| {
                let object = slot.object.take()?;
                slot.generation = slot.generation.wrapping_add(1);
                // A slot that has been through all its generations is not used again.
                if slot.generation != self.first_generation(index) {
                    table.vacant.push(index);
                }
                Some(object)
            });
            // It is dropped below, without the lock: wiping takes time, and a report may be long.
            removed
        };
        match removed {
            Some(_) => Ok(()),
            None => Err(Failure::own(flowseal_status::HandleStale)),
        }
    }

    fn first_generation(&self, index: usize) -> u32 {
        let hash = self.first_generation.hash_one(index);
        (hash >> GENERATION_BITS) as u32
    }
}

/// The index of an id of this tag.
fn checked(tag: u8, id: u64) -> Result<usize, Failure> {
    if id == 0 {
        return Err(Failure::own(flowseal_status::HandleNone));
    }
    if id >> (INDEX_BITS + GENERATION_BITS) != u64::from(tag) {
        return Err(Failure::own(flowseal_status::HandleType));
    }
    let index = id & ((1 << INDEX_BITS) - 1);
    usize::try_from(index).map_err(|_| Failure::own(flowseal_status::HandleStale))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the generation is these 32 bits"
)]
fn generation(id: u64) -> u32 {
    (id >> INDEX_BITS) as u32
}

fn id(tag: u8, generation: u32, index: usize) -> u64 {
    u64::from(tag) << (INDEX_BITS + GENERATION_BITS)
        | u64::from(generation) << INDEX_BITS
        | index as u64
}

/// Every order in which threads can take the lock, by loom: `cargo xtask loom`.
#[cfg(all(test, flowseal_loom))]
mod models {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use loom::thread;

    use super::*;

    /// Counts how often it is dropped, which must be once. Loom need not know of it.
    struct Counted(Arc<AtomicUsize>, &'static str);

    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn model(run: impl Fn(&Arc<Table>, Arc<AtomicUsize>) + Sync + Send + 'static) {
        loom::model(move || run(&Arc::new(Table::new()), Arc::default()));
    }

    fn is_stale<T>(result: &Result<T, Failure>) -> bool {
        let failure = result.as_ref().err();
        failure.is_some_and(|failure| failure.status() == flowseal_status::HandleStale)
    }

    #[test]
    fn a_call_in_flight_keeps_what_is_freed_until_it_ends() {
        model(|table, drops| {
            let id = table.insert(1, Counted(drops.clone(), "one")).unwrap();
            let (freeing, counted) = (table.clone(), drops.clone());
            let freed = thread::spawn(move || freeing.remove(1, id).is_ok());
            match table.find::<Counted>(1, id) {
                Ok(found) => {
                    thread::yield_now();
                    assert_eq!((found.1, counted.load(Ordering::SeqCst)), ("one", 0));
                }
                found => assert!(is_stale(&found)),
            }
            assert!(freed.join().unwrap());
            assert_eq!(drops.load(Ordering::SeqCst), 1);
            assert!(is_stale(&table.find::<Counted>(1, id)));
        });
    }

    #[test]
    fn of_two_that_free_one_does() {
        model(|table, drops| {
            let id = table.insert(1, Counted(drops.clone(), "one")).unwrap();
            let freeing = table.clone();
            let other = thread::spawn(move || freeing.remove(1, id).is_ok());
            let freed = table.remove(1, id).is_ok();
            assert!(freed ^ other.join().unwrap());
            assert_eq!(drops.load(Ordering::SeqCst), 1);
            // Nor is the slot there twice.
            let one = table.insert(1, Counted(drops.clone(), "one")).unwrap();
            let two = table.insert(1, Counted(drops.clone(), "two")).unwrap();
            assert_eq!(table.find::<Counted>(1, one).unwrap().1, "one");
            assert_eq!(table.find::<Counted>(1, two).unwrap().1, "two");
        });
    }

    #[test]
    fn an_old_id_never_finds_what_has_come_into_its_slot() {
        model(|table, drops| {
            let old = table.insert(1, Counted(drops.clone(), "old")).unwrap();
            let (replacing, counted) = (table.clone(), drops.clone());
            let new = thread::spawn(move || {
                replacing.remove(1, old).unwrap();
                replacing.insert(1, Counted(counted, "new")).unwrap()
            });
            for _ in 0..2 {
                match table.find::<Counted>(1, old) {
                    Ok(found) => assert_eq!(found.1, "old"),
                    found => assert!(is_stale(&found)),
                }
            }
            let new = new.join().unwrap();
            assert_eq!(table.find::<Counted>(1, new).unwrap().1, "new");
            assert_eq!(drops.load(Ordering::SeqCst), 1);
        });
    }

    #[test]
    fn objects_that_come_at_once_stand_apart() {
        model(|table, drops| {
            let (inserting, counted) = (table.clone(), drops.clone());
            let one = thread::spawn(move || inserting.insert(1, Counted(counted, "one")).unwrap());
            let two = table.insert(1, Counted(drops.clone(), "two")).unwrap();
            let one = one.join().unwrap();
            assert_eq!(table.find::<Counted>(1, one).unwrap().1, "one");
            assert_eq!(table.find::<Counted>(1, two).unwrap().1, "two");
        });
    }
}

#[cfg(all(test, not(flowseal_loom)))]
mod tests {
    use super::*;

    fn status<T>(result: Result<T, Failure>) -> flowseal_status {
        result
            .err()
            .map_or(flowseal_status::Ok, |failure| failure.status())
    }

    #[test]
    fn an_id_finds_its_object_until_it_is_freed() {
        let table = Table::new();
        let id = table.insert(1, "one").unwrap();
        assert_eq!(*table.find::<&str>(1, id).unwrap(), "one");
        assert_eq!(status(table.remove(1, id)), flowseal_status::Ok);
        assert_eq!(
            status(table.find::<&str>(1, id)),
            flowseal_status::HandleStale
        );
        assert_eq!(status(table.remove(1, id)), flowseal_status::HandleStale);
    }

    #[test]
    fn an_old_id_does_not_find_the_slots_new_object() {
        let table = Table::new();
        let old = table.insert(1, "old").unwrap();
        table.remove(1, old).unwrap();
        let new = table.insert(1, "new").unwrap();
        assert_eq!(old & 0xff_ffff, new & 0xff_ffff, "the slot is used again");
        assert_eq!(
            status(table.find::<&str>(1, old)),
            flowseal_status::HandleStale
        );
        assert_eq!(*table.find::<&str>(1, new).unwrap(), "new");
    }

    #[test]
    fn an_id_of_another_type_or_table_is_refused() {
        let (table, other) = (Table::new(), Table::new());
        let id = table.insert(1, "one").unwrap();
        other.insert(1, "another").unwrap();
        assert_eq!(
            status(table.find::<&str>(2, id)),
            flowseal_status::HandleType
        );
        assert_eq!(
            status(other.find::<&str>(1, id)),
            flowseal_status::HandleStale
        );
        assert_eq!(
            status(table.find::<&str>(1, 0)),
            flowseal_status::HandleNone
        );
    }

    #[test]
    fn an_object_outlives_its_id_in_a_call_that_uses_it() {
        struct Told(Arc<RwLock<bool>>);
        impl Drop for Told {
            fn drop(&mut self) {
                *self.0.write().unwrap() = true;
            }
        }
        let dropped = Arc::new(RwLock::new(false));
        let table = Table::new();
        let id = table.insert(1, Told(dropped.clone())).unwrap();
        let in_flight = table.find::<Told>(1, id).unwrap();
        table.remove(1, id).unwrap();
        assert!(!*dropped.read().unwrap());
        drop(in_flight);
        assert!(*dropped.read().unwrap());
    }
}
