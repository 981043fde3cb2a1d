//! Where tests and memcheck look into the engine, and reach into it: built under `--cfg
//! flowseal_hooks` in the place of `src/probe.rs`, whose functions do nothing.

mod leaks;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

pub use leaks::{Leak, is_planted, plant};

/// The places of a private operation where a fault can be injected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// The input, after blinding.
    Blinded,
    /// The result modulo p.
    HalfP,
    /// The result modulo q.
    HalfQ,
    /// h, by which q is multiplied to recombine the halves.
    Difference,
    /// The result modulo n, still blinded.
    Recombined,
    /// The result.
    Unblinded,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Blinded,
        Self::HalfP,
        Self::HalfQ,
        Self::Difference,
        Self::Recombined,
        Self::Unblinded,
    ];
}

/// What a private operation leaves out.
#[derive(Clone, Copy)]
pub(crate) enum LeftOut {
    Nothing,
    /// For tests of what the check is good for.
    Check,
    /// For benches, since other libraries' raw operations have neither.
    BlindingAndCheck,
}

impl LeftOut {
    pub(crate) fn blinding(self) -> bool {
        matches!(self, Self::BlindingAndCheck)
    }

    pub(crate) fn check(self) -> bool {
        matches!(self, Self::Check | Self::BlindingAndCheck)
    }
}

/// Someone who watches where secrets go, as memcheck does.
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    /// These bytes were drawn at random, and are a secret from now on.
    pub secret: fn(&mut [u8]),
    /// These words are no secret any more: the engine is about to decide by them.
    pub public: fn(&mut [u64]),
}

thread_local! {
    static FAULT: Cell<Option<(Stage, usize)>> = const { Cell::new(None) };
    static RANDOMNESS: Cell<bool> = const { Cell::new(true) };
    static WIPED: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
    static COMPUTED: RefCell<BTreeMap<&'static str, [usize; 2]>> =
        const { RefCell::new(BTreeMap::new()) };
}
static SELF_TEST_BROKEN: AtomicBool = AtomicBool::new(false);
static ADX_BELIEVED_IN: AtomicBool = AtomicBool::new(false);
static WATCH: OnceLock<Watch> = OnceLock::new();

// What hooks set and ask for.

pub(crate) fn set_fault(stage: Stage, bit: usize) {
    FAULT.set(Some((stage, bit)));
}

pub(crate) fn is_fault_pending() -> bool {
    FAULT.get().is_some()
}

pub(crate) fn set_randomness(given: bool) {
    RANDOMNESS.set(given);
}

pub(crate) fn break_self_test() {
    SELF_TEST_BROKEN.store(true, Ordering::SeqCst);
}

pub(crate) fn believe_in_adx() {
    ADX_BELIEVED_IN.store(true, Ordering::SeqCst);
}

pub(crate) fn set_watch(watch: Watch) {
    // A second one would only hear what the first hears.
    let _ = WATCH.set(watch);
}

pub(crate) fn computed(unit: &str) -> [usize; 2] {
    COMPUTED.with_borrow(|computed| computed.get(unit).copied().unwrap_or_default())
}

pub(crate) fn workspaces() -> (usize, usize) {
    WIPED.get()
}

// What the engine calls, as it does in every build.

pub(crate) fn reached(stage: Stage, number: &mut [u64], modulus: &[u64]) {
    if let Some((at, bit)) = FAULT.get()
        && stage == at
    {
        FAULT.set(None);
        let bit = bit as u64 % bit_length(modulus);
        number[(bit / 64) as usize] ^= 1 << (bit % 64);
    }
}

/// By branches: of a number that a test strikes.
fn bit_length(number: &[u64]) -> u64 {
    let highest = number.iter().rposition(|limb| *limb != 0).unwrap_or(0);
    64 * highest as u64 + u64::from(u64::BITS - number[highest].leading_zeros())
}

pub(crate) fn drawn(bytes: &mut [u8]) {
    if let Some(watch) = WATCH.get() {
        (watch.secret)(bytes);
    }
}

pub(crate) fn declassified(words: &mut [u64]) {
    if let Some(watch) = WATCH.get() {
        (watch.public)(words);
    }
}

pub(crate) fn indexed(index: u64) {
    if is_planted(Leak::Address) {
        leaks::reads_at(index);
    }
}

pub(crate) fn decided(bit: u64) {
    if is_planted(Leak::Branch) {
        leaks::branches_on(bit);
    }
}

pub(crate) fn looked_up(words: &[u64]) {
    if is_planted(Leak::Exit) {
        leaks::ends_early(words);
    }
}

pub(crate) fn computes(unit: &'static str, halves: usize, powers: usize) {
    COMPUTED.with_borrow_mut(|computed| {
        let computed = computed.entry(unit).or_default();
        computed[0] += halves;
        computed[1] += powers;
    });
}

pub(crate) fn wiped(is_zero: impl FnOnce() -> bool) {
    let (zero, other) = WIPED.get();
    WIPED.set(if is_zero() {
        (zero + 1, other)
    } else {
        (zero, other + 1)
    });
}

pub(crate) fn has_randomness() -> bool {
    RANDOMNESS.get()
}

pub(crate) fn self_test_may_pass() -> bool {
    !SELF_TEST_BROKEN.load(Ordering::SeqCst)
}

pub(crate) fn is_adx_believed_in() -> bool {
    ADX_BELIEVED_IN.load(Ordering::SeqCst)
}
