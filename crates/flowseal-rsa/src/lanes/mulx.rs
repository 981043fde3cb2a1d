//! The instructions that make one number at a time quicker on x86-64: BMI2's `mulx`, which leaves the
//! flags alone, so that a chain of carries may run through the products, and AVX2 for look-ups.
//!
//! Nothing here is an instruction by itself: code is compiled a second time, with them allowed.

#![allow(unsafe_code, reason = "instructions that not every processor has")]

use super::Scalar;

/// BMI2 and AVX2. A value is the proof that this processor has the instructions and that the system
/// keeps their registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mulx(());

impl Mulx {
    /// The only way to a value.
    pub(crate) fn detect() -> Option<Self> {
        (is_x86_feature_detected!("bmi2") && is_x86_feature_detected!("avx2")).then_some(Self(()))
    }

    /// Runs products where `mulx` may be used.
    pub(super) fn run<T: Scalar>(self, task: T) {
        // SAFETY: `self` is the proof of the feature.
        unsafe { with_bmi2(task) }
    }

    /// Runs a look-up where the registers of AVX2 may be used.
    pub(super) fn look_up<T: Scalar>(self, task: T) {
        // SAFETY: `self` is the proof of the feature.
        unsafe { with_avx2(task) }
    }
}

/// Compiles a task, and all that is inlined into it, with the instructions.
///
/// # Safety
///
/// The processor has BMI2.
#[inline(never)]
#[target_feature(enable = "bmi2")]
unsafe fn with_bmi2<T: Scalar>(task: T) {
    task.run();
}

/// The same with those of AVX2.
///
/// # Safety
///
/// The processor has AVX2, and the system keeps its registers.
#[inline(never)]
#[target_feature(enable = "avx2")]
unsafe fn with_avx2<T: Scalar>(task: T) {
    task.run();
}
