//! Which instructions the scalar engine uses: those that any processor has, or more.

#[cfg(target_arch = "x86_64")]
use super::adx::Adx;

/// What the scalar engine's kernels run on. That there is a value shows that the machine has it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Processor {
    /// With `mulx`, `adcx`, `adox`, and AVX2.
    #[cfg(target_arch = "x86_64")]
    Adx(Adx),
    /// Any that the crate is compiled for.
    Any,
}

/// What [`Processor::look_up`] runs, or [`on_any`].
///
/// It must be marked `#[inline(always)]`, and what it calls too, so that it is compiled with the
/// instructions of the processor.
pub(crate) trait ForProcessor {
    fn run(self);
}

impl Processor {
    /// This one. The standard library asks the processor once and remembers.
    pub(crate) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(adx) = Adx::detect() {
            return Self::Adx(adx);
        }
        Self::Any
    }

    /// Runs a look-up: masks and words, no products.
    #[inline(always)]
    pub(crate) fn look_up<T: ForProcessor>(self, look_up: T) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Adx(adx) => adx.look_up(look_up),
            Self::Any => on_any(look_up),
        }
    }

    /// All that this machine can be, for tests of each.
    #[cfg(test)]
    pub(crate) fn kinds() -> Vec<Self> {
        match Self::detect() {
            Self::Any => vec![Self::Any],
            #[cfg(target_arch = "x86_64")]
            more @ Self::Adx(_) => vec![Self::Any, more],
        }
    }
}

/// Not part of its caller, so that each kernel has its registers to itself.
#[inline(never)]
pub(crate) fn on_any<T: ForProcessor>(task: T) {
    task.run();
}
