//! Ways for tests to break the engine and to look inside, built under `--cfg flowseal_hooks` only.
//!
//! This is the roof: it calls the engine. What the engine calls is the [probe](crate::probe).

mod measure;

pub use measure::{Kernel, MEASURED, run_kernel};

use crate::engine::Engine;
use crate::error::OperationError;
use crate::operations::{PrivateOperation, self_test};
use crate::probe::{self, LeftOut};
pub use crate::probe::{Leak, Stage, Watch, is_planted, plant};
use crate::units::UNITS;

/// Flips a bit in the next private operation of this thread. The bit is counted modulo the number
/// of bits of the modulus: its limbs have more, which are zero, and which not every unit reads.
pub fn flip_bit(stage: Stage, bit: usize) {
    // Otherwise it could strike the self-test.
    for unit in UNITS.iter().filter_map(|unit| unit.here()) {
        self_test::passed(unit);
    }
    probe::set_fault(stage, bit);
}

/// Whether the fault asked for has not yet happened.
pub fn is_pending() -> bool {
    probe::is_fault_pending()
}

/// Whether the operating system gives random bytes to this thread from now on. A key that has
/// operated before may have a blinding pair left, and operates without.
pub fn set_randomness(given: bool) {
    probe::set_randomness(given);
}

/// Makes the self-test fail, if it has not run yet.
pub fn break_self_test() {
    probe::break_self_test();
}

/// Has the scalar unit use BMI2, ADX and AVX2 for keys that are loaded from now on, though the
/// processor says that it has none: as valgrind does, which executes them. Elsewhere this ends in
/// an illegal instruction.
pub fn believe_in_adx() {
    probe::believe_in_adx();
}

/// Has secrets watched in this process from now on. The first to ask is the one who watches.
pub fn watch(watch: Watch) {
    probe::set_watch(watch);
}

/// How many workspaces this thread has dropped that held zeros thereafter, and how many that did
/// not.
pub fn workspaces() -> (usize, usize) {
    probe::workspaces()
}

/// How many halves of private operations, and how many public powers, the unit of this name has
/// computed in this thread.
pub fn computed(unit: &str) -> [usize; 2] {
    probe::computed(unit)
}

/// Private operations without the check, and with whatever fault was asked for: for tests of what
/// the check is good for.
pub fn private_unchecked(
    engine: &Engine,
    batch: &mut [PrivateOperation<'_>],
) -> Vec<Result<(), OperationError>> {
    engine.private_without(batch, LeftOut::Check)
}

/// Private operations as other libraries' raw ones are, without blinding and without the check: for
/// benches.
pub fn private_raw(
    engine: &Engine,
    batch: &mut [PrivateOperation<'_>],
) -> Vec<Result<(), OperationError>> {
    engine.private_without(batch, LeftOut::BlindingAndCheck)
}
