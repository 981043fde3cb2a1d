//! How much memory a batch takes while it is computed, however long it is. A file of its own, since
//! it counts for the whole process.

#![allow(unsafe_code, reason = "an allocator that counts")]

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use flowseal_rsa::PrivateOperation;

/// The system's allocator, and how much of it is taken: now, and at most.
struct Counting;

static TAKEN: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: It is the system's allocator; what is added counts, and neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let taken = TAKEN.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(taken, Ordering::Relaxed);
        // SAFETY: The caller's promises are handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        TAKEN.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: The caller's promises are handed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What an operation takes that is not working memory: its place in the plan of the batch.
const PLACE: usize = 256;

#[test]
fn a_thread_takes_four_mebibytes_at_most_whatever_the_batch() {
    common::print_engines();
    let key = common::key("4096");
    let loaded = key.load().unwrap();
    let sealed = key.bytes(&(&key.n >> 1));
    for engine in common::engines() {
        let counts: &[usize] = if common::is_twin(&engine) {
            &[8]
        } else {
            &[1, 8, 64, 512]
        };
        // The self-test takes some, too, once.
        common::private_by(&engine, &loaded, &sealed).unwrap();
        for &count in counts {
            let mut outputs = vec![sealed.clone(); count];
            let input = &sealed;
            let key = &loaded;
            let mut batch: Vec<_> = outputs
                .iter_mut()
                .map(|output| PrivateOperation { key, input, output })
                .collect();
            let before = TAKEN.load(Ordering::Relaxed);
            MOST.store(before, Ordering::Relaxed);
            let results = engine.private(&mut batch);
            let most = MOST.load(Ordering::Relaxed) - before;
            assert!(results.iter().all(Result::is_ok));
            println!("{}: {count} operations, {} KiB", engine.name(), most / 1024);
            assert!(most <= (4 << 20) + PLACE * count, "{most} bytes");
        }
    }
}
