//! Ways for tests to break the engine and to look inside, built under `--cfg flowseal_hooks` only.

use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use crate::arithmetic::limbs::bit_length;
use crate::operations::self_test;
use crate::units::UNITS;
use crate::units::lanes::blocks_for;
use crate::{Engine, OperationError, PrivateOperation};

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

/// Someone who watches where secrets go, as memcheck does.
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    /// These bytes were drawn at random, and are a secret from now on.
    pub secret: fn(&mut [u8]),
    /// These words are no secret any more: the engine is about to decide by them.
    pub public: fn(&mut [u64]),
}

/// A way to give a secret away, for tests of those who watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Leak {
    /// A secret index chooses an address: in the look-up of the scalar unit.
    Address = 1,
    /// A secret comparison is branched on: in the subtraction that makes a number canonical.
    Branch = 2,
    /// Work ends early where a secret allows it: in the look-ups of both kinds of lanes, and in paddings.
    Exit = 3,
}

thread_local! {
    static FAULT: Cell<Option<(Stage, usize)>> = const { Cell::new(None) };
    static RANDOMNESS: Cell<bool> = const { Cell::new(true) };
    static WORKSPACES: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
    static COMPUTED: Cell<[[usize; 2]; UNITS.len()]> = const { Cell::new([[0; 2]; UNITS.len()]) };
}
static SELF_TEST_BROKEN: AtomicBool = AtomicBool::new(false);
static ADX_BELIEVED_IN: AtomicBool = AtomicBool::new(false);
static WATCH: OnceLock<Watch> = OnceLock::new();
static LEAK: AtomicU8 = AtomicU8::new(0);

/// Flips a bit in the next private operation of this thread. The bit is counted modulo the number of
/// bits of the modulus: its limbs have more, which are zero, and which not every unit reads.
pub fn flip_bit(stage: Stage, bit: usize) {
    // Otherwise it could strike the self-test.
    for unit in UNITS.iter().filter_map(|unit| (unit.detect)()) {
        self_test::passed(unit);
    }
    FAULT.set(Some((stage, bit)));
}

/// Whether the fault asked for has not yet happened.
pub fn is_pending() -> bool {
    FAULT.get().is_some()
}

/// Whether the operating system gives random bytes to this thread from now on. A key that has
/// operated before may have a blinding pair left, and operates without.
pub fn set_randomness(given: bool) {
    RANDOMNESS.set(given);
}

/// Makes the self-test fail, if it has not run yet.
pub fn break_self_test() {
    SELF_TEST_BROKEN.store(true, Ordering::SeqCst);
}

/// Has the scalar unit use BMI2, ADX and AVX2 for keys that are loaded from now on, though the processor says that it
/// has none: as valgrind does, which executes them. Elsewhere this ends in an illegal instruction.
pub fn believe_in_adx() {
    ADX_BELIEVED_IN.store(true, Ordering::SeqCst);
}

/// Has secrets watched in this process from now on. The first to ask is the one who watches.
pub fn watch(watch: Watch) {
    // A second one would only hear what the first hears.
    let _ = WATCH.set(watch);
}

/// Plants a leak, which stays.
pub fn plant(leak: Leak) {
    LEAK.store(leak as u8, Ordering::Relaxed);
}

/// Whether this leak is planted.
#[must_use]
pub fn is_planted(leak: Leak) -> bool {
    LEAK.load(Ordering::Relaxed) == leak as u8
}

/// How many workspaces this thread has dropped that held zeros thereafter, and how many that did not.
pub fn workspaces() -> (usize, usize) {
    WORKSPACES.get()
}

/// How many halves of private operations, and how many public powers, the unit of this name has computed in this
/// thread.
pub fn computed(unit: &str) -> [usize; 2] {
    let index = UNITS.iter().position(|known| known.name == unit);
    index.map_or([0; 2], |index| COMPUTED.get()[index])
}

/// Private operations without the check, and with whatever fault was asked for: for tests of what the check
/// is good for.
pub fn private_unchecked(
    engine: &Engine,
    batch: &mut [PrivateOperation<'_>],
) -> Vec<Result<(), OperationError>> {
    engine.private_unchecked(batch)
}

/// Private operations as other libraries' raw ones are, without blinding and without the check: for
/// benches.
pub fn private_raw(
    engine: &Engine,
    batch: &mut [PrivateOperation<'_>],
) -> Vec<Result<(), OperationError>> {
    engine.private_raw(batch)
}

pub use crate::units::vector::measure::Kernel;

/// Runs a kernel of a unit so many times, on numbers of so many bits. Returns how many
/// multiply-adds each run has; nothing if this machine has no such unit, or it has no lanes.
pub fn run_kernel(unit: &str, kernel: Kernel, bits: usize, times: usize) -> Option<usize> {
    let unit = UNITS.iter().find(|known| known.name == unit)?;
    (unit.detect)()?.measure(kernel, blocks_for(bits)?, times)
}

pub(crate) fn strike(at: Stage, limbs: &mut [u64], modulus: &[u64]) {
    if let Some((stage, bit)) = FAULT.get()
        && stage == at
    {
        FAULT.set(None);
        let bit = bit as u64 % bit_length(modulus);
        limbs[(bit / 64) as usize] ^= 1 << (bit % 64);
    }
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

pub(crate) fn make_secret(bytes: &mut [u8]) {
    if let Some(watch) = WATCH.get() {
        (watch.secret)(bytes);
    }
}

pub(crate) fn make_public(words: &mut [u64]) {
    if let Some(watch) = WATCH.get() {
        (watch.public)(words);
    }
}

pub(crate) fn record_computed(unit: usize, halves: usize, powers: usize) {
    let mut computed = COMPUTED.get();
    computed[unit][0] += halves;
    computed[unit][1] += powers;
    COMPUTED.set(computed);
}

pub(crate) fn record_drop(wiped: bool) {
    let (zero, other) = WORKSPACES.get();
    WORKSPACES.set(if wiped {
        (zero + 1, other)
    } else {
        (zero, other + 1)
    });
}
