//! Which instructions the scalar engine is compiled for: those that any processor has, or more.

#[cfg(target_arch = "x86_64")]
use super::mulx::Mulx;

/// What the scalar engine's kernels run on. That there is a value shows that the machine has it.
///
/// The kernels are written once, and compiled for each.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Processor {
    /// With `mulx` and AVX2.
    #[cfg(target_arch = "x86_64")]
    Mulx(Mulx),
    /// Any that the crate is compiled for.
    Any,
}

/// What [`Processor::run`] runs.
///
/// It must be marked `#[inline(always)]`, and what it calls too, so that it is compiled with the instructions
/// of the processor.
pub(crate) trait Scalar {
    fn run(self);
}

impl Processor {
    /// This one. The standard library asks the processor once and remembers.
    pub(crate) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(mulx) = Mulx::detect() {
            return Self::Mulx(mulx);
        }
        Self::Any
    }

    /// Runs a kernel: products of limbs.
    #[inline(always)]
    pub(crate) fn run<T: Scalar>(self, kernel: T) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Mulx(mulx) => mulx.run(kernel),
            Self::Any => on_any(kernel),
        }
    }

    /// Runs a look-up: masks and words, no products.
    #[inline(always)]
    pub(crate) fn look_up<T: Scalar>(self, look_up: T) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Mulx(mulx) => mulx.look_up(look_up),
            Self::Any => on_any(look_up),
        }
    }

    /// All that this machine can be, for tests of each.
    #[cfg(test)]
    pub(crate) fn kinds() -> Vec<Self> {
        match Self::detect() {
            Self::Any => vec![Self::Any],
            #[cfg(target_arch = "x86_64")]
            more @ Self::Mulx(_) => vec![Self::Any, more],
        }
    }
}

/// Not part of its caller, so that each kernel has its registers to itself.
#[inline(never)]
fn on_any<T: Scalar>(task: T) {
    task.run();
}
